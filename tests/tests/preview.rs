//! Preview links: one revision, shown where its page would be, to whoever has the link and to nobody else.

use courant_domain::access::Role;
use courant_persistence::Dialect;
use courant_tests::{Portal, apply, both_databases};
use serde_json::{Value, json};

const PAGE: &str = "__typename ... on Article { id locale title path body { text } category { slug } related { id } }";

struct Draft {
    portal: Portal,
    /// The editor's access token.
    editor: String,
    entry: String,
    token: String,
    path: String,
}

async fn draft(dialect: courant_persistence::Dialect) -> Draft {
    let portal = Portal::with_samples_unkept(dialect).await;
    let editor = portal.as_role(Role::Editor).await.token;
    let category = portal.store.reference().categories.by_path("politics").map(|it| it.id.to_string());
    let input = json!({
        "categoryId": category,
        "locale": "en",
        "content": { "title": "Not yet told", "body": { "source": "A secret." } },
    });
    let made = portal.mutate_as(&editor, "createArticle", input, "entry { id } userErrors { code }").await;
    let entry = made.done()["entry"]["id"].as_str().unwrap_or_default().to_owned();
    let input = json!({ "entryId": entry, "locale": "en" });
    let selection = "token path expiresAt userErrors { code }";
    let preview = portal.mutate_as(&editor, "createPreview", input, selection).await;
    let text = |field: &str| preview.done()[field].as_str().unwrap_or_default().to_owned();
    Draft { token: text("token"), path: text("path"), entry, editor, portal }
}

impl Draft {
    async fn route(&self, path: &str, preview: Option<&str>) -> courant_tests::Answer {
        let query = format!(
            "query ($path: String!, $preview: String) {{ route(path: $path, preview: $preview) {{ {PAGE} }} }}"
        );
        self.portal.post(&json!({ "query": query, "variables": { "path": path, "preview": preview } })).await
    }

    async fn article(&self, by: Value, preview: Option<&str>) -> Value {
        let query =
            format!("query ($by: ArticleBy!, $preview: String) {{ article(by: $by, preview: $preview) {{ {PAGE} }} }}");
        let answer = self.portal.post(&json!({ "query": query, "variables": { "by": by, "preview": preview } })).await;
        answer.data()["article"].clone()
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn a_link_shows_its_revision_in_the_type_readers_see(dialect: Dialect) {
    let draft = draft(dialect).await;
    assert_eq!(draft.path, "/en/articles/not-yet-told", "{dialect:?}");
    let shown = draft.route(&draft.path, Some(&draft.token)).await;
    assert_eq!(shown.header("cache-control"), "private, no-store");
    let page = &shown.data()["route"];
    assert_eq!((&page["title"], &page["body"]["text"]), (&json!("Not yet told"), &json!("A secret.")));
    assert_eq!(page["category"]["slug"], "politics");
    for by in [
        json!({ "entryId": draft.entry }),
        json!({ "slug": "not-yet-told" }),
        json!({ "path": draft.path }),
        json!({ "id": page["id"] }),
    ] {
        assert_eq!(&draft.article(by.clone(), Some(&draft.token)).await, page, "{dialect:?}: {by}");
        assert!(draft.article(by, None).await.is_null());
    }
    // A newer revision is not what the link is for.
    let input = json!({ "entryId": draft.entry, "locale": "en", "basedOn": 1, "content": { "title": "Newer" } });
    draft.portal.mutate_as(&draft.editor, "saveArticle", input, "userErrors { code }").await.done();
    assert_eq!(&draft.route(&draft.path, Some(&draft.token)).await.data()["route"], page);
    // No other field finds it, not even by its id.
    let node = json!({ "query": "query ($id: ID!) { node(id: $id) { id } }", "variables": { "id": page["id"] } });
    assert!(draft.portal.post(&node).await.data()["node"].is_null());
}

#[apply(both_databases)]
#[tokio::test]
async fn without_a_link_that_holds_there_is_nothing(dialect: Dialect) {
    let draft = draft(dialect).await;
    let never = draft.route("/en/articles/never-was", None).await;
    let mut flipped = draft.token.clone();
    let last = flipped.pop();
    flipped.push(if last == Some('A') { 'B' } else { 'A' });
    let mut wrong: Vec<String> = ["", "x", "a.b.c", &flipped, &draft.editor].map(str::to_owned).to_vec();
    wrong.push(draft.token[..draft.token.len() - 1].to_owned());
    for token in wrong {
        let answer = draft.route(&draft.path, Some(&token)).await;
        assert_eq!(answer.text, never.text, "{dialect:?}: {token:?}");
        assert_eq!(answer.statements.len(), never.statements.len(), "{dialect:?}: {token:?}");
    }
    // One that holds shows nothing but what it is for.
    let other = draft.route("/en/articles/never-was", Some(&draft.token)).await;
    assert_eq!(other.text, never.text);
    let russian = draft.route("/ru/articles/not-yet-told", Some(&draft.token)).await;
    assert_eq!(russian.text, never.text);
}

#[apply(both_databases)]
#[tokio::test]
async fn only_who_may_read_a_draft_makes_a_link_to_it(dialect: Dialect) {
    let draft = draft(dialect).await;
    let input = json!({ "entryId": draft.entry, "locale": "en" });
    for (role, code) in [(Role::Reader, "NOT_FOUND"), (Role::Author, "NOT_FOUND")] {
        let person = draft.portal.as_role(role).await;
        let asked =
            draft.portal.mutate_as(&person.token, "createPreview", input.clone(), "token userErrors { code }").await;
        assert_eq!(asked.user_errors(), [code], "{dialect:?}: {role:?}");
    }
    let long = json!({ "entryId": draft.entry, "locale": "en", "expiresInMinutes": 20_000 });
    let asked = draft.portal.mutate_as(&draft.editor, "createPreview", long, "userErrors { code }").await;
    assert_eq!(asked.user_errors(), ["INVALID"]);
    let nobody = draft.portal.mutate("createPreview", input, "token").await;
    assert_eq!(nobody.code(), "UNAUTHENTICATED");
}

#[apply(both_databases)]
#[tokio::test]
async fn who_may_not_read_it_any_more_gets_no_new_link_under_an_old_key(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let author = portal.as_role(Role::Author).await;
    let category = portal.store.reference().categories.by_path("politics").unwrap().id.to_string();
    let input = json!({ "categoryId": category, "locale": "en", "content": { "title": "Kelp" } });
    let made = author.mutate("createArticle", input, "entry { id } userErrors { code }").await;
    let input = json!({ "entryId": made.done()["entry"]["id"], "locale": "en", "idempotencyKey": "k" });
    let selection = "token userErrors { code }";
    assert!(author.mutate("createPreview", input.clone(), selection).await.done()["token"].is_string());
    let mut longer = input.clone();
    longer["expiresInMinutes"] = json!(10_000);
    assert_eq!(author.mutate("createPreview", longer, selection).await.user_errors(), ["KEY_REUSED"]);

    let admin = portal.as_role(Role::Admin).await;
    let demote = json!({ "id": author.id.to_string(), "grants": [] });
    admin.mutate("updateUser", demote, "userErrors { code }").await.done();
    assert_eq!(author.mutate("createPreview", input, selection).await.code(), "FORBIDDEN");
}

impl Draft {
    async fn shows(&self, token: &str) -> bool {
        !self.route(&self.path, Some(token)).await.data()["route"].is_null()
    }

    /// Another link to the draft, and its id.
    async fn link(&self, by: &str) -> (String, String) {
        let input = json!({ "entryId": self.entry, "locale": "en" });
        let made = self.portal.mutate_as(by, "createPreview", input, "token previewId userErrors { code }").await;
        let text = |field: &str| made.done()[field].as_str().unwrap_or_default().to_owned();
        (text("token"), text("previewId"))
    }

    async fn change(&self, by: &str, mutation: &str, input: Value) {
        let mut with = json!({ "entryId": self.entry, "locale": "en" });
        for (name, value) in input.as_object().into_iter().flatten() {
            with[name] = value.clone();
        }
        self.portal.mutate_as(by, mutation, with, "userErrors { code message }").await.done();
    }

    async fn links(&self, by: &str) -> Value {
        let query = format!(
            "{{ editorial {{ entry(id: {:?}) {{ previews {{ id locale revision createdBy {{ kind }} createdAt \
             expiresAt }} }} }} }}",
            self.entry
        );
        self.portal.post_as(by, &json!({ "query": query })).await.data()["editorial"]["entry"]["previews"].clone()
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn links_are_listed_and_revoked(dialect: Dialect) {
    let draft = draft(dialect).await;
    let (second, id) = draft.link(&draft.editor).await;
    let (third, _) = draft.link(&draft.editor).await;
    let links = draft.links(&draft.editor).await;
    assert_eq!(links.as_array().map(Vec::len), Some(3), "{dialect:?}: {links}");
    assert_eq!((&links[0]["revision"], &links[0]["createdBy"]["kind"]), (&json!(1), &json!("USER")));
    let stranger = draft.portal.as_role(Role::Author).await;
    let revoke = async |by: &str, input: Value| {
        draft.portal.mutate_as(by, "revokePreviews", input, "entry { id } userErrors { code field }").await
    };
    let one = json!({ "entryId": draft.entry, "previewId": id });
    assert_eq!(revoke(&stranger.token, one.clone()).await.user_errors(), ["NOT_FOUND"], "{dialect:?}");
    let unknown = json!({ "entryId": draft.entry, "previewId": draft.entry });
    assert_eq!(revoke(&draft.editor, unknown).await.user_errors(), ["NOT_FOUND"]);
    for _ in 0..2 {
        revoke(&draft.editor, one.clone()).await.done();
        assert!(!draft.shows(&second).await && draft.shows(&third).await && draft.shows(&draft.token).await);
    }
    revoke(&draft.editor, json!({ "entryId": draft.entry, "locale": "ru" })).await.done();
    assert!(draft.shows(&third).await, "they are to the English text");
    revoke(&draft.editor, json!({ "entryId": draft.entry })).await.done();
    assert!(!draft.shows(&third).await && !draft.shows(&draft.token).await, "{dialect:?}");
    assert_eq!(draft.links(&draft.editor).await, json!([]));
    let history = format!("{{ editorial {{ entry(id: {:?}) {{ history {{ nodes {{ act }} }} }} }} }}", draft.entry);
    let history = draft.portal.post_as(&draft.editor, &json!({ "query": history })).await;
    assert_eq!(history.text.matches("REVOKE_PREVIEW").count(), 2, "{dialect:?}: {}", history.text);
}

#[apply(both_databases)]
#[tokio::test]
async fn a_link_ends_with_its_text(dialect: Dialect) {
    // Its own revision or a newer one goes live.
    let one = draft(dialect).await;
    let publisher = one.portal.as_role(Role::Publisher).await;
    one.change(
        &one.editor,
        "saveArticle",
        json!({ "basedOn": 1, "content": { "title": "Not yet told", "body": { "source": "More." } } }),
    )
    .await;
    assert!(one.shows(&one.token).await, "{dialect:?}: a newer draft ends nothing");
    one.change(&publisher.token, "publishEntry", json!({})).await;
    one.change(&publisher.token, "unpublishEntry", json!({ "ending": { "vanish": true } })).await;
    assert!(!one.shows(&one.token).await, "{dialect:?}: what was overtaken is shown to nobody");
    // A link to what was taken back holds until it is put away.
    let (again, _) = one.link(&one.editor).await;
    assert!(one.shows(&again).await);
    one.change(&one.editor, "archiveEntry", json!({})).await;
    assert!(!one.shows(&again).await, "{dialect:?}: put away");

    // What is taken back.
    let two = draft(dialect).await;
    let publisher = two.portal.as_role(Role::Publisher).await;
    two.change(&publisher.token, "publishEntry", json!({})).await;
    let (of_live, _) = two.link(&two.editor).await;
    two.change(&publisher.token, "unpublishEntry", json!({ "ending": { "vanish": true } })).await;
    assert!(!two.shows(&of_live).await, "{dialect:?}: taken back");

    let three = draft(dialect).await;
    let input = json!({ "entryId": three.entry });
    three.portal.mutate_as(&three.editor, "deleteEntry", input, "userErrors { code }").await.done();
    assert!(!three.shows(&three.token).await, "{dialect:?}: deleted");
    assert_eq!(three.portal.database.broken().await, Vec::<String>::new());
}

#[apply(both_databases)]
#[tokio::test]
async fn a_link_ends_with_who_made_it(dialect: Dialect) {
    let draft = draft(dialect).await;
    let admin = draft.portal.as_role(Role::Admin).await;
    let maker = draft.portal.as_role(Role::Admin).await;
    let input = json!({ "name": "A machine", "grants": [{ "role": "EDITOR" }] });
    let made = maker.mutate("createApiToken", input, "apiToken { id } secret userErrors { code }").await;
    let (by_maker, _) = draft.link(&maker.token).await;
    let (by_machine, _) = draft.link(made.done()["secret"].as_str().unwrap_or_default()).await;
    assert!(draft.shows(&by_maker).await && draft.shows(&by_machine).await);
    let out = json!({ "id": maker.id.to_string(), "disabled": true });
    admin.mutate("updateUser", out, "userErrors { code }").await.done();
    assert!(!draft.shows(&by_maker).await && !draft.shows(&by_machine).await, "{dialect:?}");
    assert!(draft.shows(&draft.token).await, "another's holds");
}

#[apply(both_databases)]
#[tokio::test]
async fn a_key_gives_the_same_link_again_until_it_ends(dialect: Dialect) {
    let draft = draft(dialect).await;
    let input = json!({ "entryId": draft.entry, "locale": "en", "idempotencyKey": "k" });
    let selection = "token previewId userErrors { code }";
    let make = async || draft.portal.mutate_as(&draft.editor, "createPreview", input.clone(), selection).await;
    let (first, second) = (make().await, make().await);
    assert_eq!(first.done(), second.done(), "{dialect:?}");
    let revoke = json!({ "entryId": draft.entry });
    draft.portal.mutate_as(&draft.editor, "revokePreviews", revoke, "userErrors { code }").await.done();
    assert_eq!(make().await.user_errors(), ["NOT_FOUND"]);
}

#[tokio::test]
async fn only_so_many_links_to_one_entry_hold() {
    let draft = draft(courant_persistence::Dialect::Sqlite).await;
    for _ in 0..99 {
        draft.link(&draft.editor).await;
    }
    let input = json!({ "entryId": draft.entry, "locale": "en" });
    let asked = draft.portal.mutate_as(&draft.editor, "createPreview", input, "userErrors { code }").await;
    assert_eq!(asked.user_errors(), ["INVALID"]);
}
