//! What editors chose to go with something comes before what is found by itself.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use courant_domain::{
    article::{ArticleContent, Delivery},
    content::Content,
    edition::Withdrawal,
    id::{CategoryId, EntryId},
    locale::Locale,
    rich_text::Format,
    site::{Site, SiteLocale},
    workflow::State,
};
use courant_import::Incoming;
use courant_persistence::{Dialect, ReferenceData, Store};
use courant_tests::{Portal, TestDatabase, apply, both_databases, incoming};
use serde_json::{Value, json};

fn locale(tag: &str) -> Locale {
    Locale::parse(tag).unwrap()
}

fn article(name: &str, day: u32, category: CategoryId, related: &[EntryId]) -> Incoming {
    let mut article = incoming::article(name, category, name, State::Published);
    article.versions[0].published_at = Some(format!("2026-01-{day:02}T00:00:00Z").parse().unwrap());
    let content = content(&mut article);
    content.title = Some(name.to_owned());
    content.related = related.to_vec();
    article
}

fn content(incoming: &mut Incoming) -> &mut ArticleContent {
    match &mut incoming.versions[0].content {
        Content::Article(article) => article,
        Content::Decree(_) => panic!("no article"),
    }
}

/// Two categories, in a site whose Russian readers get English where there is no Russian.
async fn store(dialect: Dialect) -> (TestDatabase, Store, [CategoryId; 2]) {
    let database = TestDatabase::migrated(dialect).await;
    let store = database.open().await;
    let mut site = Site::new(Locale::ENGLISH, "Portal");
    site.locales.push(SiteLocale { tag: locale("ru"), name: "ru".to_owned(), fallbacks: vec![Locale::ENGLISH] });
    store.newsroom().site_put(&site).await.unwrap();
    let categories = vec![incoming::category("news"), incoming::category("far")];
    let ids = [categories[0].id, categories[1].id];
    store.newsroom().reference_put(&ReferenceData { categories, ..Default::default() }).await.unwrap();
    (database, store, ids)
}

async fn related(portal: &Portal, of: &str, first: u32) -> Vec<Value> {
    let query = format!("{{ article(by: {{ slug: \"{of}\" }}) {{ related(first: {first}) {{ title }} }} }}");
    let answer = portal.query(&query).await;
    answer.data()["article"]["related"].as_array().unwrap().iter().map(|it| it["title"].clone()).collect()
}

#[apply(both_databases)]
#[tokio::test]
async fn what_editors_chose_comes_first_in_their_order_and_once(dialect: Dialect) {
    let (database, store, [news, far]) = store(dialect).await;
    let old = article("old", 1, news, &[]);
    let mut elsewhere = article("elsewhere", 2, far, &[]);
    // Nobody reads it in English, but a reader of Russian gets it.
    elsewhere.versions[0].locale = locale("ru");
    let far_away = article("far-away", 3, far, &[]);
    let mut draft = article("draft", 4, news, &[]);
    draft.versions[0].state = State::Draft;
    let newest = article("newest", 9, news, &[]);
    let mut own = article("own", 5, news, &[]);
    content(&mut own).related = vec![far_away.id, draft.id, own.id, elsewhere.id, old.id, far_away.id];
    let others = [article("newer", 8, news, &[]), newest, old, elsewhere, far_away, draft, own];
    courant_import::merge(&store, Vec::from(others), "test").await.unwrap();
    let portal = Portal::over(database, store).await;
    assert_eq!(related(&portal, "own", 5).await, ["far-away", "old", "newest", "newer"], "{dialect:?}");
    assert_eq!(related(&portal, "own", 3).await, ["far-away", "old", "newest"]);
    assert_eq!(related(&portal, "own", 1).await, ["far-away"]);
    assert!(related(&portal, "own", 0).await.is_empty());
    assert_eq!(related(&portal, "newest", 2).await, ["newer", "own"], "nothing was chosen for it");
}

#[apply(both_databases)]
#[tokio::test]
async fn what_was_chosen_is_two_statements_a_level_for_1_parent_and_for_100(dialect: Dialect) {
    let (database, store, [news, far]) = store(dialect).await;
    let chosen: Vec<Incoming> = (1..=3).map(|number| article(&format!("chosen-{number}"), number, far, &[])).collect();
    let ids: Vec<EntryId> = chosen.iter().map(|it| it.id).collect();
    let all = (0..100)
        .map(|number: usize| article(&format!("article-{number}"), 5, news, &[ids[number % 3], ids[(number + 1) % 3]]));
    courant_import::merge(&store, chosen.iter().cloned().chain(all).collect(), "test").await.unwrap();
    let portal = Portal::over(database, store).await;
    for (first, parents) in [(1, 1), (100, 100)] {
        let filter = "filter: { categories: [\"news\"] }";
        let query = format!("{{ articles(first: {first}, {filter}) {{ nodes {{ related(first: 4) {{ title }} }} }} }}");
        let answer = portal.query(&query).await;
        let nodes = answer.data()["articles"]["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), parents);
        for node in nodes {
            let titles: Vec<&str> =
                node["related"].as_array().unwrap().iter().map(|it| it["title"].as_str().unwrap()).collect();
            assert!(titles.len() == 4 && titles[1].starts_with("chosen") && titles[2].starts_with("art"), "{titles:?}");
        }
        assert_eq!(answer.statements.len(), 3, "{dialect:?}: {:#?}", answer.statements);
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn delivery_and_a_formatted_notice_reach_readers(dialect: Dialect) {
    let (database, store, [news, _]) = store(dialect).await;
    let mut speech = article("speech", 1, news, &[]);
    let on = Some("2025-12-31".parse().unwrap());
    content(&mut speech).delivery = Some(Box::new(Delivery { on, place: Some("Town hall".into()), note: None }));
    let notice = "Read the [new one](https://example.org/new).<script>x()</script>";
    for (name, format) in [("markdown", Format::Markdown), ("html", Format::Html)] {
        let mut withdrawn = article(name, 2, news, &[]);
        let at = "2026-02-01T00:00:00Z".parse().unwrap();
        withdrawn.versions[0].state = State::Withdrawn;
        withdrawn.versions[0].withdrawal = Some(Withdrawal { at, notice: notice.to_owned(), format });
        courant_import::merge(&store, vec![withdrawn], "test").await.unwrap();
    }
    courant_import::merge(&store, vec![speech], "test").await.unwrap();
    let portal = Portal::over(database, store).await;
    let query = "{
            speech: article(by: { slug: \"speech\" }) { delivery { on place note } withdrawal { html } }
            markdown: article(by: { slug: \"markdown\" }) { delivery { on } withdrawal { notice html } }
            html: article(by: { slug: \"html\" }) { withdrawal { notice html } }
        }";
    let link = "<a href=\"https://example.org/new\" rel=\"noopener noreferrer\">new one</a>";
    assert_eq!(
        *portal.query(query).await.data(),
        json!({
            "speech": { "delivery": { "on": "2025-12-31", "place": "Town hall", "note": null }, "withdrawal": null },
            "markdown": { "delivery": null, "withdrawal": {
                "notice": "Read the new one.", "html": format!("<p>Read the {link}.</p>\n") } },
            "html": { "withdrawal": {
                "notice": "Read the [new one](https://example.org/new).",
                "html": "Read the [new one](https://example.org/new).",
            } }
        }),
        "{dialect:?}"
    );
}
