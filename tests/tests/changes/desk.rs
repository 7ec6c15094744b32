//! Somebody who changes what readers see, and somebody who follows it.

use courant_domain::access::Role;
use courant_persistence::Dialect;
use courant_tests::{Person, Portal};
use serde_json::{Value, json};

/// What is asked of each change.
pub(crate) const CHANGE: &str =
    "subject action path previousPath replacedBy isGone day kind locale entryId nodeId nodeIds node { __typename id }";

pub(crate) struct Desk<'a> {
    pub(crate) portal: &'a Portal,
    pub(crate) admin: Person<'a>,
}

impl<'a> Desk<'a> {
    pub(crate) async fn of(portal: &'a Portal) -> Self {
        Self { portal, admin: portal.as_role(Role::Admin).await }
    }

    pub(crate) async fn portal(dialect: Dialect) -> Portal {
        Portal::with_samples(dialect).await
    }

    /// The place from which on nothing has happened yet.
    pub(crate) async fn head(&self) -> String {
        let answer = self.portal.query("{ changes(first: 0) { head } }").await;
        answer.data()["changes"]["head"].as_str().unwrap().to_owned()
    }

    /// All changes after a place that a filter lets through: `{ kinds: [ARTICLE] }`.
    pub(crate) async fn since(&self, after: &str, filter: &str) -> Vec<Value> {
        let query = format!(
            "query ($after: ChangeCursor) {{ changes(after: $after, first: 100, filter: {filter}) \
             {{ nodes {{ {CHANGE} }} pageInfo {{ hasNextPage }} }} }}"
        );
        let answer = self.portal.post(&json!({ "query": query, "variables": { "after": after } })).await;
        let page = &answer.data()["changes"];
        assert_eq!(page["pageInfo"]["hasNextPage"], false);
        page["nodes"].as_array().unwrap().clone()
    }

    /// The same as texts: `PUBLICATION PUT /en/articles/a`.
    pub(crate) async fn told(&self, after: &str, filter: &str) -> Vec<String> {
        let text = |change: &Value, field: &str| change[field].as_str().unwrap_or("-").to_owned();
        let told = |change: &Value| ["subject", "action", "path"].map(|field| text(change, field)).join(" ");
        self.since(after, filter).await.iter().map(told).collect()
    }

    pub(crate) async fn mutate(&self, mutation: &str, input: Value) -> Value {
        self.admin.mutate(mutation, input, "userErrors { code }").await.done().clone()
    }

    pub(crate) async fn category(&self, path: &str) -> String {
        self.portal.store.reference().categories.by_path(path).unwrap().id.to_string()
    }

    pub(crate) async fn tag(&self, slug: &str) -> String {
        let name = json!([{ "locale": "en", "text": slug }]);
        let input = json!({ "slug": slug, "name": name });
        let answer = self.admin.mutate("createTag", input, "tag { id } userErrors { code }").await;
        answer.done()["tag"]["id"].as_str().unwrap().to_owned()
    }

    /// Publishes an article in English, and says which entry it is.
    pub(crate) async fn publish(&self, slug: &str, category: &str, tags: &[&str]) -> String {
        let content = json!({
            "slug": slug, "title": format!("On {slug}"), "body": { "format": "MARKDOWN", "source": "Words." },
        });
        let category = self.category(category).await;
        let input = json!({ "categoryId": category, "tags": tags, "locale": "en", "content": content });
        self.create("createArticle", input).await
    }

    /// Publishes a decree in English that is in force between these days.
    pub(crate) async fn decree(&self, slug: &str, from: Option<String>, until: Option<String>) -> String {
        let content = json!({
            "slug": slug, "title": format!("On {slug}"), "number": slug, "signedOn": "2020-01-01",
            "effectiveOn": from, "repealedOn": until, "body": { "format": "MARKDOWN", "source": "Words." },
        });
        let category = self.category("politics").await;
        self.create("createDecree", json!({ "categoryId": category, "locale": "en", "content": content })).await
    }

    async fn create(&self, mutation: &str, input: Value) -> String {
        let answer = self.admin.mutate(mutation, input, "entry { id } userErrors { code }").await;
        let entry = answer.done()["entry"]["id"].as_str().unwrap().to_owned();
        self.mutate("publishEntry", json!({ "entryId": entry, "locale": "en" })).await;
        entry
    }

    /// Publishes another version of an article in English.
    pub(crate) async fn save(&self, entry: &str, based_on: u32, slug: &str) {
        let content = json!({
            "slug": slug, "title": format!("On {slug}"), "body": { "format": "MARKDOWN", "source": "Other words." },
        });
        let input = json!({ "entryId": entry, "locale": "en", "basedOn": based_on, "content": content });
        self.mutate("saveArticle", input).await;
        self.mutate("publishEntry", json!({ "entryId": entry, "locale": "en" })).await;
    }

    pub(crate) async fn end(&self, entry: &str, ending: Value) {
        self.mutate("unpublishEntry", json!({ "entryId": entry, "locale": "en", "ending": ending })).await;
    }
}
