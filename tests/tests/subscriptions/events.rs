//! What subscribers are told.

use courant_domain::access::Role;
use courant_persistence::Dialect;
use courant_tests::{Person, both_databases};
use macro_rules_attribute::apply;
use serde_json::{Value, json};

use crate::support::{Served, Socket};

/// Which operations the next messages are of.
async fn heard(socket: &mut Socket, messages: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for _ in 0..messages {
        ids.push(socket.hear().await["id"].as_str().unwrap().to_owned());
    }
    ids.sort();
    ids
}

fn change(event: &Value) -> (&str, &str) {
    let change = &event["publicationChanged"]["change"];
    (change["action"].as_str().unwrap(), change["path"].as_str().unwrap())
}

#[apply(both_databases)]
#[tokio::test]
async fn what_is_published_changed_and_taken_back_is_told(dialect: Dialect) {
    let served = Served::start(dialect).await;
    let mut socket = served.ready().await;
    let selection =
        "mustReread change { action path } publication { title category { title } related(first: 1) { id } }";
    served.follow(&mut socket, "1", "locale: \"en\"", selection).await;
    let entry = served.publish("lantern-night", "politics").await;
    let event = socket.event("1").await;
    assert_eq!(change(&event), ("PUT", "/en/articles/lantern-night"));
    assert_eq!(event["publicationChanged"]["publication"]["title"], "About lantern-night");
    assert_eq!(event["publicationChanged"]["mustReread"], false);
    served.withdraw(&entry).await;
    let event = socket.event("1").await;
    assert_eq!(change(&event), ("REMOVED", "/en/articles/lantern-night"));
    assert_eq!(event["publicationChanged"]["publication"], Value::Null);
}

#[apply(both_databases)]
#[tokio::test]
async fn only_what_is_followed_is_told_and_what_leaves_it(dialect: Dialect) {
    let served = Served::start(dialect).await;
    let mut socket = served.ready().await;
    let followed = [
        ("category", "category: \"politics\""),
        ("feed", "feed: \"last-news\", locale: \"en\""),
        ("decrees", "kinds: [DECREE]"),
        ("russian", "locale: \"ru\", category: \"society\""),
    ];
    for (id, arguments) in followed {
        served.follow(&mut socket, id, arguments, "change { path }").await;
    }
    let entry = served.publish("market-day", "society").await;
    // Readers of Russian get it in English, if that is what they fall back to.
    assert_eq!(heard(&mut socket, 2).await, ["feed", "russian"]);
    let admin = served.portal.as_role(Role::Admin).await;
    let politics = served.portal.store.reference().categories.by_path("politics").unwrap().id.to_string();
    let society = served.portal.store.reference().categories.by_path("society").unwrap().id.to_string();
    let file = async |category: &str| {
        let input = json!({ "entryId": entry, "categoryId": category });
        admin.mutate("fileEntry", input, "userErrors { code message }").await.done();
        let input = json!({ "entryId": entry, "locale": "en" });
        admin.mutate("publishEntry", input, "userErrors { code }").await.done();
    };
    file(&politics).await;
    assert_eq!(heard(&mut socket, 3).await, ["category", "feed", "russian"]);
    file(&society).await;
    assert_eq!(
        heard(&mut socket, 3).await,
        ["category", "feed", "russian"],
        "those who follow a category are told of what leaves it"
    );
    socket.silent().await;
}

#[apply(both_databases)]
#[tokio::test]
async fn what_is_on_top_of_a_feed_is_told_at_once_and_when_it_is_something_else(dialect: Dialect) {
    let served = Served::start(dialect).await;
    let mut socket = served.ready().await;
    let query = "subscription { feedItems(slug: \"last-news\", first: 2, locale: \"en\") { nodes { title } } }";
    socket.subscribe("1", query).await;
    let titles = |event: &Value| event["feedItems"]["nodes"].clone();
    let before = titles(&socket.event("1").await);
    let entry = served.publish("harbour-bells", "society").await;
    let after = titles(&socket.event("1").await);
    assert_eq!(after[0]["title"], "About harbour-bells");
    assert_eq!(after[1], before[0]);
    // One that is not among the two changes nothing for them.
    served.withdraw(&entry).await;
    assert_eq!(titles(&socket.event("1").await), before);
    socket.silent().await;
}

async fn create(served: &Served, person: &Person<'_>) {
    let category = served.portal.store.reference().categories.by_path("politics").unwrap().id.to_string();
    let input = json!({ "categoryId": category, "locale": "en", "content": { "title": "Words" } });
    person.mutate("createArticle", input, "userErrors { code }").await.done();
}

/// Waits until a socket is told of what somebody does; then all that it was told of is behind it.
async fn follows(served: &Served, person: &Person<'_>, socket: &mut Socket) {
    while !socket.rest().await {
        create(served, person).await;
    }
}

/// The next act on an entry: whoever acts here has been made and has signed in before, which is told, too.
async fn act(socket: &mut Socket) -> String {
    loop {
        let record = socket.event("1").await["editorialChanged"]["record"].clone();
        if record["subject"] == "ENTRY" {
            return record["act"].as_str().unwrap().to_owned();
        }
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn the_newsroom_is_told_what_is_done_there_and_nobody_else(dialect: Dialect) {
    let served = Served::start(dialect).await;
    let admin = served.portal.as_role(Role::Admin).await;
    let author = served.portal.as_role(Role::Author).await;
    let query = "subscription { editorialChanged { record { act subject address } } }";
    let mut all = served.ready_as(&admin.token).await;
    all.subscribe("1", query).await;
    let mut own = served.ready_as(&author.token).await;
    own.subscribe("1", query).await;
    follows(&served, &author, &mut own).await;
    follows(&served, &admin, &mut all).await;
    own.rest().await;
    create(&served, &admin).await;
    create(&served, &author).await;
    served.publish("quiet-hours", "politics").await;
    create(&served, &author).await;
    for expected in ["CREATE_ENTRY", "CREATE_ENTRY", "CREATE_ENTRY", "PUBLISH_ENTRY", "CREATE_ENTRY"] {
        assert_eq!(act(&mut all).await, expected);
    }
    // Of what is not theirs, an author hears nothing, and of their own nothing of addresses.
    for _ in 0..2 {
        let record = own.event("1").await["editorialChanged"]["record"].clone();
        assert_eq!(record, json!({ "act": "CREATE_ENTRY", "subject": "ENTRY", "address": null }));
    }
    own.silent().await;
}

#[apply(both_databases)]
#[tokio::test]
async fn who_may_not_any_more_is_told_so_and_nothing_else(dialect: Dialect) {
    let served = Served::start(dialect).await;
    let author = served.portal.as_role(Role::Author).await;
    let mut socket = served.ready_as(&author.token).await;
    socket.subscribe("1", "subscription { editorialChanged { record { act } } }").await;
    follows(&served, &author, &mut socket).await;
    author.mutate("signOut", json!({}), "userErrors { code }").await;
    let message = socket.hear().await;
    assert_eq!(
        (&message["type"], &message["payload"][0]["extensions"]["code"]),
        (&json!("error"), &json!("UNAUTHENTICATED"))
    );
}

#[apply(both_databases)]
#[tokio::test]
async fn a_role_that_is_taken_ends_what_it_let_somebody_follow(dialect: Dialect) {
    let served = Served::start(dialect).await;
    let (admin, author) = (served.portal.as_role(Role::Admin).await, served.portal.as_role(Role::Author).await);
    let mut socket = served.ready_as(&author.token).await;
    socket.subscribe("1", "subscription { editorialChanged { record { act } } }").await;
    follows(&served, &author, &mut socket).await;
    let input = json!({ "id": author.id.to_string(), "grants": [] });
    admin.mutate("updateUser", input, "userErrors { code }").await.done();
    let message = socket.hear().await;
    let code = &message["payload"][0]["extensions"]["code"];
    assert_eq!((&message["type"], code), (&json!("error"), &json!("UNAUTHENTICATED")), "{message}");
}
