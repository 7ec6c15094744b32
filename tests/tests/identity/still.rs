//! Within one request, too: each change asks whether its sender is still who they were.

use courant_domain::access::{Grant, Role, Viewer};
use courant_persistence::{Command, Dialect, Shown, Still, TagCreate, UserUpdate, WriteError};
use courant_tests::{Person, Portal, apply, both_databases};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// A request of two changes: the first one takes something from its sender, the second one makes a tag.
fn then_a_tag(first: &str) -> Value {
    let query = format!(
        "mutation {{ first: {first} \
         then: createTag(input: {{ name: [{{ locale: \"en\", text: \"Harbours\" }}] }}) {{ tag {{ id }} \
         userErrors {{ code }} }} }}"
    );
    json!({ "query": query })
}

async fn refused(portal: &Portal, token: &str, first: &str, code: &str) {
    let before = portal.store.reference().tags().len();
    let answer = portal.post_as(token, &then_a_tag(first)).await;
    assert!(answer.body["data"]["first"].is_object(), "{first}: {}", answer.text);
    assert_eq!(answer.body["data"]["then"], Value::Null, "{first}");
    assert_eq!(answer.code(), code, "{first}: {}", answer.text);
    assert_eq!(portal.store.reference().tags().len(), before, "{first}");
}

fn update(whose: &Person<'_>, what: &str) -> String {
    format!("updateUser(input: {{ id: \"{}\", {what} }}) {{ user {{ name }} userErrors {{ code }} }}", whose.id)
}

#[apply(both_databases)]
#[tokio::test]
async fn what_an_earlier_change_of_a_request_takes_away_a_later_one_has_not(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let admin = async || portal.as_role(Role::Admin).await;
    let one = admin().await;
    refused(&portal, &one.token, &update(&one, "grants: []"), "FORBIDDEN").await;
    let one = admin().await;
    refused(&portal, &one.token, &update(&one, "disabled: true"), "UNAUTHENTICATED").await;
    let one = admin().await;
    refused(&portal, &one.token, "signOut(input: {}) { userErrors { code } }", "UNAUTHENTICATED").await;

    let maker = admin().await;
    let make = async || {
        let input = json!({ "name": "A machine", "grants": [{ "role": "ADMIN" }] });
        let made = maker.mutate("createApiToken", input, "apiToken { id } secret userErrors { code }").await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&made.done()["apiToken"]["id"]), text(&made.done()["secret"]))
    };
    let (id, secret) = make().await;
    let revoke = format!("revokeApiToken(input: {{ id: \"{id}\" }}) {{ apiToken {{ name }} userErrors {{ code }} }}");
    refused(&portal, &secret, &revoke, "UNAUTHENTICATED").await;
    let (_, secret) = make().await;
    refused(&portal, &secret, &update(&maker, "grants: [{ role: AUTHOR }]"), "FORBIDDEN").await;
    let (_, secret) = make_by(&portal).await;
    let owner = portal.store.accounts().users().await.unwrap().into_iter().find(|user| user.name == "Owner").unwrap();
    let out = format!("updateUser(input: {{ id: \"{}\", disabled: true }}) {{ user {{ name }} }}", owner.id);
    refused(&portal, &secret, &out, "UNAUTHENTICATED").await;
}

/// A machine of somebody else's.
async fn make_by(portal: &Portal) -> (String, String) {
    let owner = portal.as_role(Role::Admin).await;
    let rename = UserUpdate { name: Some("Owner".to_owned()), ..UserUpdate::of(owner.id) };
    portal.store.accounts().user_update(Command::of(&Viewer::program()), &rename).await.unwrap();
    let input = json!({ "name": "A machine", "grants": [{ "role": "ADMIN" }] });
    let made = owner.mutate("createApiToken", input, "apiToken { id } secret userErrors { code }").await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&made.done()["apiToken"]["id"]), text(&made.done()["secret"]))
}

#[apply(both_databases)]
#[tokio::test]
async fn what_is_given_within_a_request_is_had_at_once(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let one = portal.as_user(vec![Grant::everywhere(Role::Admin)]).await;
    // An administrator less, an editor still: editors keep tags.
    let answer = one.post(&then_a_tag(&update(&one, "grants: [{ role: EDITOR }]"))).await;
    assert!(answer.data()["then"]["tag"]["id"].is_string(), "{dialect:?}: {}", answer.text);
}

#[apply(both_databases)]
#[tokio::test]
async fn a_change_asks_under_the_lock_whatever_was_seen_before(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let store = &portal.store;
    let person = portal.as_role(Role::Editor).await;
    let viewer = store.accounts().user(person.id).await.unwrap().unwrap().viewer();
    let tag = |text: &str| TagCreate {
        slug: None,
        name: courant_domain::text::Localized::single("en".parse().unwrap(), text),
    };
    let attempt = async |shown, text: &str| {
        let still = Still::new(shown);
        let command = Command { still: Some(&still), ..Command::of(&viewer) };
        let done = store.newsroom().tag_create(command, &tag(text)).await;
        (done, still.changed())
    };
    let session = Shown::Session { user: person.id, session: person.session };
    let (done, changed) = attempt(session, "One").await;
    assert!(done.is_ok() && changed.is_none());
    let (done, _) = attempt(Shown::Until(Timestamp::now() + SignedDuration::from_hours(1)), "Two").await;
    done.unwrap();
    // An issuer's token whose time is over by the time it is its turn.
    let (done, _) = attempt(Shown::Until(Timestamp::now()), "Three").await;
    assert!(matches!(done, Err(WriteError::Unknown)), "{dialect:?}: {done:?}");

    let update = UserUpdate { grants: Some(vec![Grant::everywhere(Role::Author)]), ..UserUpdate::of(person.id) };
    store.accounts().user_update(Command::of(&Viewer::program()), &update).await.unwrap();
    let (done, changed) = attempt(session, "Four").await;
    assert!(matches!(done, Err(WriteError::Forbidden(_))), "{dialect:?}: {done:?}");
    assert_eq!(changed.unwrap().grants, vec![Grant::everywhere(Role::Author)]);
    let update = UserUpdate { disabled: Some(true), ..UserUpdate::of(person.id) };
    store.accounts().user_update(Command::of(&Viewer::program()), &update).await.unwrap();
    let (done, _) = attempt(session, "Five").await;
    assert!(matches!(done, Err(WriteError::Unknown)), "{dialect:?}: {done:?}");
}
