//! Reference data through the executor, as a viewer: what the store's tests cannot see. The store's own rules are
//! tested on both databases in `tests/`.

use std::time::Duration;

use async_graphql::{Request, ValidationMode};
use courant_domain::{
    access::{ActorId, Grant, Role, Viewer},
    article::ArticleContent,
    content::Content,
    entry::EntryKind,
    id::{CategoryId, EntryId, UserId},
    locale::Locale,
    rich_text::{Format, RichText},
    site::{Site, SiteLocale},
    slug::Slug,
    workflow::State,
};
use courant_import::{Incoming, IncomingText, IncomingVersion};
use courant_outbound::Public;
use courant_persistence::{Options, Store, migrate};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    caller::Caller,
    identity::{Identity, IdentityConfig},
    schema::{
        DatabaseTime, ObjectCache, ObjectFormat, Run, Schema, build, execute,
        id::{NodeId, NodeKind},
    },
};

const STRICT: Run =
    Run { mode: ValidationMode::Strict, object_format: ObjectFormat::Values, is_query: false, is_kept: false };

struct Office {
    schema: Schema,
    store: Store,
    viewer: Viewer,
    _data: TempDir,
}

impl Office {
    async fn open(role: Role) -> Self {
        let data = TempDir::new().unwrap();
        let options = Options::sqlite(&data.path().join("courant.db"));
        migrate(&options).await.unwrap();
        let store = Store::open(&options).await.unwrap();
        let mut site = Site::new(Locale::ENGLISH, "The office");
        let russian = Locale::parse("ru").unwrap();
        site.locales.push(SiteLocale { tag: russian, name: "Русский".to_owned(), fallbacks: Vec::new() });
        store.newsroom().site_put(&site).await.unwrap();
        let viewer = Viewer {
            actor: ActorId::user(UserId::generate()),
            name: "V".to_owned(),
            grants: vec![Grant::everywhere(role)],
        };
        let identity = Identity::open(&store, IdentityConfig::default()).await.unwrap();
        let time = DatabaseTime { anonymous: Duration::from_secs(60), signed_in: Duration::from_secs(60) };
        Self {
            schema: build(store.clone(), identity, time, usize::MAX, Public::default(), ObjectCache::default()),
            store,
            viewer,
            _data: data,
        }
    }

    async fn run(&self, document: &str, variables: Value) -> Value {
        let caller = Caller { viewer: Some(self.viewer.clone()), ..Caller::default() };
        let request = Request::new(document).variables(async_graphql::Variables::from_json(variables));
        serde_json::to_value(execute(&self.schema, request, caller, STRICT).await.response).unwrap()
    }

    /// The payload of one mutation, whose input type is called after it.
    async fn change(&self, mutation: &str, input: Value, selection: &str) -> Value {
        let type_name = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
        let document = format!(
            "mutation ($input: {type_name}!) {{ {mutation}(input: $input) {{ {selection} userErrors {{ code field }} }} }}"
        );
        let answer = self.run(&document, json!({ "input": input })).await;
        assert!(answer.get("errors").is_none(), "{answer}");
        answer["data"][mutation].clone()
    }

    /// The id of what a mutation made, which must have gone well.
    async fn made(&self, mutation: &str, input: Value, thing: &str) -> String {
        let payload = self.change(mutation, input, &format!("{thing} {{ id }}")).await;
        assert_eq!(payload["userErrors"], json!([]), "{mutation}");
        payload[thing]["id"].as_str().unwrap().to_owned()
    }

    async fn article(&self, category: &str) -> EntryId {
        let id = EntryId::generate();
        let content = Content::Article(ArticleContent {
            slug: Some(Slug::literal("one")),
            title: Some("One".to_owned()),
            body: Some(RichText::new(Format::Markdown, "Text.")),
            ..ArticleContent::default()
        });
        let version = IncomingVersion {
            locale: Locale::ENGLISH,
            content,
            state: State::Published,
            published_at: Some("2026-01-01T00:00:00Z".parse().unwrap()),
            updated_at: None,
            change_notes: Vec::new(),
            withdrawal: None,
            text: IncomingText::Whole,
            held: false,
        };
        let incoming = Incoming {
            old_paths: Vec::new(),
            names_language: false,
            id,
            origin: "one".to_owned(),
            kind: EntryKind::Article,
            category: CategoryId::from(uuid::Uuid::parse_str(category).unwrap()),
            tags: Vec::new(),
            views: 0,
            versions: vec![version],
        };
        courant_import::merge(&self.store, vec![incoming], "test").await.unwrap();
        id
    }
}

fn english(text: &str) -> Value {
    json!([{ "locale": "en", "text": text }])
}

#[tokio::test]
async fn categories_are_kept_by_either_sort_of_id() {
    let office = Office::open(Role::Publisher).await;
    let make = async |title: &str, parent: Value| {
        office.made("createCategory", json!({ "title": english(title), "parentId": parent }), "category").await
    };
    let news = make("News", Value::Null).await;
    let sport = make("Sport", Value::Null).await;
    let chess = make("Chess", json!(news)).await;
    // The id that readers see names the same.
    let query = "query ($id: ID!) { editorial { category(id: $id) { path parent: above { slug } below { id } reader: readerCategory { id path } } } }";
    let seen = office.run(query, json!({ "id": chess })).await["data"]["editorial"]["category"].clone();
    assert_eq!((&seen["path"], &seen["parent"]["slug"]), (&json!("news/chess"), &json!("news")));
    let global = seen["reader"]["id"].clone();
    assert_ne!(global, json!(chess));
    assert_eq!(office.run(query, json!({ "id": global })).await["data"]["editorial"]["category"], seen);

    let path = "category { path position title: titles { locale text } }";
    let renamed = json!({ "id": global, "slug": "board-games", "title": english("Board games") });
    let payload = office.change("updateCategory", renamed, path).await;
    let expected = json!({ "path": "news/board-games", "position": 1, "title": english("Board games") });
    assert_eq!(payload["category"], expected);
    // A parent that is not given stays, one that is null is the top.
    let stays = office.change("moveCategory", json!({ "id": chess, "position": 1 }), path).await;
    assert_eq!(stays["category"]["path"], "news/board-games");
    let top = office.change("moveCategory", json!({ "id": chess, "parentId": null, "position": 1 }), path).await;
    assert_eq!((&top["category"]["path"], &top["category"]["position"]), (&json!("board-games"), &json!(1)));
    let under = office.change("moveCategory", json!({ "id": global, "parentId": sport }), path).await;
    assert_eq!(under["category"]["path"], "sport/board-games");

    let order = json!({ "categoryIds": [sport, news] });
    let payload = office.change("reorderCategories", order, "categories { slug }").await;
    assert_eq!(payload["categories"], json!([{ "slug": "sport" }, { "slug": "news" }]));
    let merge = json!({ "sourceIds": [sport], "targetId": news, "idempotencyKey": "k" });
    let payload = office.change("mergeCategories", merge, "category { path below { path } }").await;
    assert_eq!(payload["category"], json!({ "path": "news", "below": [{ "path": "news/board-games" }] }));
    let all = office.run("{ editorial { categories { path } } route(path: \"/en/categories/sport/board-games\") { ... on Redirect { target } } }", Value::Null).await;
    assert_eq!(all["data"]["editorial"]["categories"], json!([{ "path": "news" }, { "path": "news/board-games" }]));
    assert_eq!(all["data"]["route"]["target"], "/en/categories/news/board-games");

    // What was made under a key and has been merged away since is answered, and not invented.
    let keyed = json!({ "title": english("Short"), "idempotencyKey": "short" });
    let short = office.made("createCategory", keyed.clone(), "category").await;
    office.made("mergeCategories", json!({ "sourceIds": [short], "targetId": news }), "category").await;
    let again = office.change("createCategory", keyed, "category { id }").await;
    assert_eq!(again, json!({ "category": null, "userErrors": [] }));
}

#[tokio::test]
async fn what_cannot_be_read_is_a_problem_of_its_field() {
    let office = Office::open(Role::Publisher).await;
    let problems = async |mutation: &str, input: Value| office.change(mutation, input, "").await["userErrors"].clone();
    let seen = problems(
        "createCategory",
        json!({ "title": english("A"), "slug": "Not a slug", "position": 0, "parentId": "x" }),
    );
    let expected = json!([
        { "code": "NOT_FOUND", "field": ["parentId"] },
        { "code": "INVALID", "field": ["slug"] },
        { "code": "INVALID", "field": ["position"] }
    ]);
    assert_eq!(seen.await, expected);
    let feeds = office.run("{ feeds { id } }", Value::Null).await["data"]["feeds"].clone();
    let of_another_kind = problems("updateCategory", json!({ "id": feeds[0]["id"] })).await;
    assert_eq!(of_another_kind, json!([{ "code": "NOT_FOUND", "field": ["id"] }]), "a feed's id is no category's");
    let negative = json!({ "feedId": feeds[0]["id"], "entryId": feeds[0]["id"], "position": -1 });
    let expected = json!([{ "code": "NOT_FOUND", "field": ["entryId"] }, { "code": "INVALID", "field": ["position"] }]);
    assert_eq!(problems("pinEntry", negative).await, expected);
}

#[tokio::test]
async fn feeds_are_defined_and_pinned_to() {
    let office = Office::open(Role::Publisher).await;
    let news = office.made("createCategory", json!({ "title": english("News") }), "category").await;
    let tag = office.made("createTag", json!({ "name": english("Water") }), "tag").await;
    let entry = office.article(&news).await.to_string();
    let definition = "feed { slug title: titles { text } kinds categories { path } includeDescendants tags: fromTags { slug } order pins { entryId entry { kind } } reader: readerFeed { slug items { totalCount } } }";
    let input = json!({ "title": english("All of it"), "categoryIds": [news], "tagIds": [tag], "kinds": ["ARTICLE"] });
    let payload = office.change("createFeed", input, &format!("{definition} ")).await;
    assert_eq!(
        payload["feed"],
        json!({
            "slug": "all-of-it", "title": [{ "text": "All of it" }], "kinds": ["ARTICLE"],
            "categories": [{ "path": "news" }], "includeDescendants": true, "tags": [{ "slug": "water" }],
            "order": "LATEST", "pins": [], "reader": { "slug": "all-of-it", "items": { "totalCount": 0 } }
        })
    );
    let feeds = office.run("{ editorial { feeds { id slug } } feed(slug: \"all-of-it\") { id } }", Value::Null).await;
    let (id, global) = (feeds["data"]["editorial"]["feeds"][0]["id"].clone(), feeds["data"]["feed"]["id"].clone());
    let pinned = office.change("pinEntry", json!({ "feedId": id, "entryId": entry }), definition).await;
    assert_eq!(pinned["feed"]["pins"], json!([{ "entryId": entry, "entry": { "kind": "ARTICLE" } }]));
    assert_eq!(pinned["feed"]["reader"]["items"]["totalCount"], 1);
    let ordered = office.change("reorderPins", json!({ "feedId": global, "entryIds": [entry] }), definition).await;
    assert_eq!(ordered["feed"]["pins"][0]["entryId"], json!(entry));
    let unpinned = office.change("unpinEntry", json!({ "feedId": global, "entryId": entry }), definition).await;
    assert_eq!(unpinned["feed"]["pins"], json!([]));
    let update = json!({ "id": global, "tagIds": [], "order": "MOST_READ", "includeDescendants": false });
    let updated = office.change("updateFeed", update, definition).await;
    assert_eq!(updated["feed"]["reader"]["items"]["totalCount"], 1, "no tags are all tags");
    assert_eq!(
        (&updated["feed"]["order"], &updated["feed"]["categories"]),
        (&json!("MOST_READ"), &json!([{ "path": "news" }]))
    );
    let one =
        office.run("query ($id: ID!) { editorial { feed(id: $id) { slug order } } }", json!({ "id": global })).await;
    assert_eq!(one["data"]["editorial"]["feed"], json!({ "slug": "all-of-it", "order": "MOST_READ" }));
}

#[tokio::test]
async fn persons_and_tags_are_shown_with_all_their_names() {
    let office = Office::open(Role::Editor).await;
    let names = json!([{ "locale": "en", "text": "Ana" }, { "locale": "ru", "text": "Ана" }]);
    let id = office.made("createPerson", json!({ "name": names, "role": english("Reporter") }), "person").await;
    let payload = office
        .change(
            "updatePerson",
            json!({ "id": id, "slug": "ana-r" }),
            "person { slug name: names { locale text } role: roles { text } reader: readerPerson { id } }",
        )
        .await;
    assert_eq!((&payload["person"]["slug"], &payload["person"]["name"]), (&json!("ana-r"), &names));
    assert_eq!(payload["person"]["reader"], Value::Null, "nothing live names her");
    let tag = office.made("createTag", json!({ "name": english("Water") }), "tag").await;
    let query = "query ($person: ID!, $tag: ID!) { editorial { persons { id } person(id: $person) { slug role: roles { text } } tag(id: $tag) { slug reader: readerTag { id } } none: tag(id: $person) { slug } } }";
    let person = NodeId { kind: NodeKind::Person, id: id.parse().unwrap(), locale: Locale::ENGLISH }.encode();
    let seen = office.run(query, json!({ "person": person, "tag": tag })).await;
    let expected = json!({
        "persons": [{ "id": id }], "person": { "slug": "ana-r", "role": [{ "text": "Reporter" }] },
        "tag": { "slug": "water", "reader": null }, "none": null
    });
    assert_eq!(seen["data"]["editorial"], expected);
}

#[tokio::test]
async fn who_may_not_is_told_so_and_nothing_more() {
    let office = Office::open(Role::Author).await;
    let head = office.store.reference().seq;
    let title = "[{ locale: \"en\", text: \"A\" }]";
    for mutation in [
        format!("createCategory(input: {{ title: {title} }}) {{ category {{ id }} }}"),
        format!("createFeed(input: {{ title: {title} }}) {{ feed {{ id }} }}"),
        format!("createPerson(input: {{ name: {title} }}) {{ person {{ id }} }}"),
        format!(
            "mergeCategories(input: {{ sourceIds: [\"{0}\"], targetId: \"{0}\" }}) {{ category {{ id }} }}",
            EntryId::generate()
        ),
    ] {
        let answer = office.run(&format!("mutation {{ {mutation} }}"), Value::Null).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{mutation}: {answer}");
        let request = Request::new(format!("mutation {{ {mutation} }}"));
        let nobody = execute(&office.schema, request, Caller::default(), STRICT).await;
        let answer = serde_json::to_value(nobody.response).unwrap();
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{mutation}: {answer}");
    }
    assert_eq!(office.store.reference().seq, head);
}
