//! Preview links: one revision, shown where its page would be, to whoever has the link and to nobody else.

use courant_domain::access::Role;
use courant_tests::{BOTH, Portal};
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
    let portal = Portal::with_samples(dialect).await;
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

#[tokio::test]
async fn a_link_shows_its_revision_in_the_type_readers_see() {
    for dialect in BOTH {
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
}

#[tokio::test]
async fn without_a_link_that_holds_there_is_nothing() {
    for dialect in BOTH {
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
}

#[tokio::test]
async fn only_who_may_read_a_draft_makes_a_link_to_it() {
    for dialect in BOTH {
        let draft = draft(dialect).await;
        let input = json!({ "entryId": draft.entry, "locale": "en" });
        for (role, code) in [(Role::Reader, "NOT_FOUND"), (Role::Author, "NOT_FOUND")] {
            let person = draft.portal.as_role(role).await;
            let asked = draft
                .portal
                .mutate_as(&person.token, "createPreview", input.clone(), "token userErrors { code }")
                .await;
            assert_eq!(asked.user_errors(), [code], "{dialect:?}: {role:?}");
        }
        let long = json!({ "entryId": draft.entry, "locale": "en", "expiresInMinutes": 20_000 });
        let asked = draft.portal.mutate_as(&draft.editor, "createPreview", long, "userErrors { code }").await;
        assert_eq!(asked.user_errors(), ["INVALID"]);
        let nobody = draft.portal.mutate("createPreview", input, "token").await;
        assert_eq!(nobody.code(), "UNAUTHENTICATED");
    }
}

#[tokio::test]
async fn who_may_not_read_it_any_more_gets_no_new_link_under_an_old_key() {
    for dialect in BOTH {
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
}
