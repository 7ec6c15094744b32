//! Searching what is live, by readers: nothing else is found, whatever the index has still.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use courant_domain::access::Role;
use courant_persistence::Dialect;
use courant_tests::{Person, TestDatabase, apply, both_databases, search::Searched};
use serde_json::{Value, json};

/// Whoever publishes.
struct Desk<'a> {
    admin: Person<'a>,
    category: Value,
}

impl<'a> Desk<'a> {
    async fn of(searched: &'a Searched) -> Self {
        let admin = searched.portal.as_role(Role::Admin).await;
        let answer = admin.query("{ editorial { categories { id } } }").await;
        let category = answer.data()["editorial"]["categories"][0]["id"].clone();
        Self { admin, category }
    }

    async fn write(&self, locale: &str, title: &str) -> Value {
        let content = json!({ "title": title, "genre": "NEWS", "body": { "source": "Some more words." } });
        let input = json!({ "categoryId": self.category, "locale": locale, "content": content });
        let made = self.admin.mutate("createArticle", input, "entry { id } userErrors { code field message }").await;
        made.done()["entry"]["id"].clone()
    }

    async fn publish(&self, locale: &str, title: &str) -> Value {
        let entry = self.write(locale, title).await;
        self.step("publishEntry", &entry, locale, json!({})).await;
        entry
    }

    async fn step(&self, mutation: &str, entry: &Value, locale: &str, more: Value) {
        let mut input = json!({ "entryId": entry, "locale": locale });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.admin.mutate(mutation, input, "userErrors { code field message }").await.done();
    }
}

/// What a reader finds: the titles, how many the index says there are, and what is meant.
async fn found(searched: &Searched, locale: &str, query: &str) -> (Vec<String>, u64, Value) {
    let text = "query ($query: String!, $locale: Locale!) { search(query: $query, locale: $locale) {
        totalCount didYouMean nodes { title } facets { languages { count } years { count } tags { count } } } }";
    let body = json!({ "query": text, "variables": { "query": query, "locale": locale } });
    let answer = searched.portal.post(&body).await;
    let found = &answer.data()["search"];
    let titles = found["nodes"].as_array().unwrap().iter().map(|node| node["title"].as_str().unwrap().to_owned());
    let total = found["totalCount"].as_u64().unwrap();
    for counts in ["languages", "years"] {
        let counts = found["facets"][counts].as_array().unwrap();
        assert_eq!(counts.iter().map(|count| count["count"].as_u64().unwrap()).sum::<u64>(), total, "{query}");
    }
    (titles.collect(), total, found["didYouMean"].clone())
}

async fn titles(searched: &Searched, locale: &str, query: &str) -> Vec<String> {
    let (titles, total, _) = found(searched, locale, query).await;
    assert_eq!(titles.len() as u64, total, "{query}");
    titles
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_published_is_found_and_what_is_in_work_is_not(dialect: Dialect) {
    let mut searched = Searched::with_samples(dialect).await;
    {
        let desk = Desk::of(&searched).await;
        desk.write("en", "Hyperboloid in work").await;
        let entry = desk.publish("en", "Hyperboloids on show").await;
        let content = json!({ "title": "Hyperboloid changed and not published" });
        desk.step("saveArticle", &entry, "en", json!({ "basedOn": 1, "content": content })).await;
    }
    assert_eq!(titles(&searched, "en", "hyperboloid").await, [""; 0]);
    searched.follow().await;
    assert_eq!(titles(&searched, "en", "hyperboloid").await, ["Hyperboloids on show"]);
    assert_eq!(titles(&searched, "en", "\"hyperboloid changed\"").await, [""; 0]);
    assert_eq!(found(&searched, "en", "hyperbolodi").await.2, "hyperboloids");
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_back_is_gone_before_the_index_knows(dialect: Dialect) {
    let mut searched = Searched::with_samples(dialect).await;
    let mut entries = Vec::new();
    {
        let desk = Desk::of(&searched).await;
        for word in ["Zuqari", "Zuqaro", "Zuqara", "Zuqare"] {
            entries.push(desk.publish("en", &format!("{word} xylograph")).await);
        }
    }
    searched.follow().await;
    assert_eq!(titles(&searched, "en", "xylograph").await.len(), 4);
    {
        let desk = Desk::of(&searched).await;
        let endings = [
            json!({ "notice": "In error." }),
            json!({ "redirect": "/en" }),
            json!({ "gone": true }),
            json!({ "vanish": true }),
        ];
        for (entry, ending) in entries.iter().zip(endings) {
            desk.step("unpublishEntry", entry, "en", json!({ "ending": ending })).await;
        }
    }
    for is_followed in [false, true] {
        assert_eq!(titles(&searched, "en", "xylograph").await, ["Zuqari xylograph"], "{is_followed}");
        assert_eq!(titles(&searched, "en", "zuqara").await, [""; 0]);
        assert_eq!(found(&searched, "en", "zuqarx").await.2, "zuqari");
        let answer = searched.portal.query("{ suggest(query: \"zuq\", locale: \"en\") }").await;
        assert_eq!(answer.data()["suggest"], json!(["zuqari"]));
        let query = "{ search(query: \"xylograph\", locale: \"en\") { nodes { withdrawal { notice } } } }";
        let answer = searched.portal.query(query).await;
        assert_eq!(answer.data()["search"]["nodes"], json!([{ "withdrawal": { "notice": "In error." } }]));
        searched.follow().await;
    }
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn readers_find_what_their_lists_show_them_once(dialect: Dialect) {
    let mut searched = Searched::with_samples(dialect).await;
    let entry = Desk::of(&searched).await.publish("ru", "Ксилофоны в музее").await;
    searched.follow().await;
    for locale in ["ru", "tk", "en"] {
        assert_eq!(titles(&searched, locale, "ксилофон").await, ["Ксилофоны в музее"], "{locale}");
    }
    {
        let desk = Desk::of(&searched).await;
        let content = json!({ "title": "Muzeýde ksilofonlar", "body": { "source": "Täze." } });
        desk.step("saveArticle", &entry, "tk", json!({ "content": content })).await;
        desk.step("publishEntry", &entry, "tk", json!({})).await;
    }
    searched.follow().await;
    assert_eq!(titles(&searched, "tk", "ksilofonlarymyz").await, ["Muzeýde ksilofonlar"]);
    // What has both words is first, and what has one of them comes after.
    let both = titles(&searched, "tk", "ksilofon muzeyde").await;
    assert_eq!(both[0], "Muzeýde ksilofonlar");
    assert!(both.len() > 1, "{both:?}");
    assert_eq!(titles(&searched, "tk", "ксилофон").await, [""; 0]);
    assert_eq!(titles(&searched, "ru", "ксилофон").await, ["Ксилофоны в музее"]);
    assert_eq!(titles(&searched, "ru", "ksilofon").await, [""; 0]);
    Desk::of(&searched).await.step("unpublishEntry", &entry, "tk", json!({ "ending": { "gone": true } })).await;
    searched.follow().await;
    assert_eq!(titles(&searched, "tk", "ксилофоном").await, ["Ксилофоны в музее"]);
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn without_an_index_nothing_is_found_and_readers_are_told_so(dialect: Dialect) {
    let database = TestDatabase::migrated(dialect).await;
    let store = database.open().await;
    let mut searched = Searched::unbuilt(database, store).await;
    for query in ["{ search(query: \"a\") { totalCount } }", "{ suggest(query: \"a\") }"] {
        assert_eq!(searched.portal.query(query).await.code(), "SEARCH_REBUILDING", "{query}");
    }
    courant_fixtures::samples::seed(&searched.portal.store).await.unwrap();
    searched.follow().await;
    assert!(found(&searched, "en", "clinic").await.1 > 0);
    assert!(searched.portal.search.progress().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_of_a_search_are_not_kept() {
    let mut searched = Searched::with_samples(Dialect::Sqlite).await;
    let query =
        "{ search(query: \"xenolith\", locale: \"en\") { totalCount } suggest(query: \"xenol\", locale: \"en\") }";
    assert_eq!(searched.portal.query(query).await.data()["search"]["totalCount"], 0);
    Desk::of(&searched).await.publish("en", "Xenolith").await;
    searched.follow().await;
    let answer = searched.portal.query(query).await;
    assert_eq!(*answer.data(), json!({ "search": { "totalCount": 1 }, "suggest": ["xenolith"] }));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_follow_one_another_and_cursors_are_of_one_search() {
    let searched = Searched::with_samples(Dialect::Sqlite).await;
    let ask = async |query: &str, after: Option<&str>| {
        let text =
            "query ($query: String!, $after: String) { search(query: $query, locale: \"en\", first: 3, after: $after) {
            totalCount nodes { id } pageInfo { hasNextPage endCursor } } }";
        let variables = json!({ "query": query, "after": after });
        searched.portal.post(&json!({ "query": text, "variables": variables })).await
    };
    let (mut ids, mut after): (Vec<Value>, Option<String>) = (Vec::new(), None);
    let total = loop {
        let answer = ask("water", after.as_deref()).await;
        let page = answer.data()["search"].clone();
        ids.extend(page["nodes"].as_array().unwrap().iter().map(|node| node["id"].clone()));
        after = page["pageInfo"]["endCursor"].as_str().map(str::to_owned);
        if page["pageInfo"]["hasNextPage"] == false {
            break page["totalCount"].as_u64().unwrap();
        }
    };
    assert!(total > 3 && ids.len() as u64 == total, "{} of {total}", ids.len());
    let mut distinct: Vec<String> = ids.iter().map(Value::to_string).collect();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), ids.len());
    assert_eq!(ask("school", after.as_deref()).await.code(), "BAD_CURSOR");
    assert_eq!(ask("water", Some("nothing")).await.code(), "BAD_CURSOR");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_is_never_an_error() {
    let searched = Searched::with_samples(Dialect::Sqlite).await;
    let long = "слово ".repeat(1700);
    for typed in ["", "\"", "a:b:c", "-", "* OR (", "\u{1}\u{7f}\u{202e}", "tag:\"", "kind:", "year:99999", "👩‍👩‍👧", &long]
    {
        found(&searched, "en", typed).await;
        let body = json!({ "query": "query ($q: String!) { suggest(query: $q) }", "variables": { "q": typed } });
        searched.portal.post(&body).await.data();
    }
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn each_server_has_an_index_of_its_own(dialect: Dialect) {
    let first = Searched::with_samples(dialect).await;
    let other = TestDatabase::of_the_same(&first.portal.database);
    let store = other.open().await;
    let mut second = Searched::unbuilt(other, store).await;
    second.build().await;
    let desk = Desk::of(&first).await;
    let entry = desk.publish("en", "Zygotes on show").await;
    assert_eq!(titles(&second, "en", "zygote").await, [""; 0]);
    second.follow().await;
    assert_eq!(titles(&second, "en", "zygote").await, ["Zygotes on show"]);
    assert_eq!(titles(&first, "en", "zygote").await, [""; 0]);
    desk.step("unpublishEntry", &entry, "en", json!({ "ending": { "gone": true } })).await;
    // As soon as the other server has heard of it, whether its index has taken it in or not.
    second.portal.store.refresh().await.unwrap();
    assert_eq!(titles(&second, "en", "zygote").await, [""; 0]);
    assert_eq!(found(&second, "en", "zygotse").await.2, Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_of_one_state_without_what_was_taken_back_since() {
    let mut searched = Searched::with_samples(Dialect::Sqlite).await;
    let mut entries = Vec::new();
    for number in 1..=5 {
        let desk = Desk::of(&searched).await;
        entries.push(desk.publish("en", &format!("Quoin {number}")).await);
    }
    searched.follow().await;
    let page = async |searched: &Searched, after: &Value| {
        let text = "query ($after: String) { search(query: \"quoin\", locale: \"en\", orderBy: PUBLISHED_AT_ASC, first: 2, after: $after) {
            totalCount nodes { title } pageInfo { hasNextPage endCursor } } }";
        let answer = searched.portal.post(&json!({ "query": text, "variables": { "after": after } })).await;
        answer.data()["search"].clone()
    };
    let first = page(&searched, &Value::Null).await;
    assert_eq!((&first["totalCount"], &first["nodes"][1]["title"]), (&json!(5), &json!("Quoin 2")));
    {
        let desk = Desk::of(&searched).await;
        desk.step("unpublishEntry", &entries[2], "en", json!({ "ending": { "gone": true } })).await;
        desk.publish("en", "Quoin 6").await;
    }
    searched.follow().await;
    let second = page(&searched, &first["pageInfo"]["endCursor"]).await;
    assert_eq!(second["totalCount"], 4);
    assert_eq!(second["nodes"], json!([{ "title": "Quoin 4" }, { "title": "Quoin 5" }]));
    assert_eq!(second["pageInfo"]["hasNextPage"], false);
    assert_eq!(page(&searched, &Value::Null).await["totalCount"], 5);
}
