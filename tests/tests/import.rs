//! Taking content in, again and again.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use courant_domain::{
    article::ArticleContent,
    category::Category,
    content::Content,
    entry::EntryKind,
    id::{CategoryId, EntryId},
    locale::Locale,
    rich_text::{Format, RichText},
    slug::Slug,
    text::Localized,
    workflow::State,
};
use courant_import::{Incoming, IncomingText, IncomingVersion, Merged, Outcome};
use courant_persistence::{Dialect, ReferenceData, Store};
use courant_tests::{Portal, TestDatabase, apply, both_databases};
use serde_json::json;

fn english() -> Locale {
    Locale::ENGLISH
}

async fn category(store: &Store, slug: &str) -> CategoryId {
    let id = CategoryId::generate();
    let category = Category {
        id,
        parent: None,
        position: 1,
        slug: Slug::parse(slug).unwrap(),
        title: Localized::single(english(), slug),
        description: Localized::default(),
    };
    store.newsroom().reference_put(&ReferenceData { categories: vec![category], ..Default::default() }).await.unwrap();
    id
}

fn article(origin: &str, category: CategoryId, slug: &str, title: Option<&str>) -> Incoming {
    Incoming {
        names_language: false,
        old_paths: Vec::new(),
        id: EntryId::generate(),
        origin: origin.to_owned(),
        kind: EntryKind::Article,
        category,
        tags: Vec::new(),
        views: 7,
        versions: vec![IncomingVersion {
            locale: english(),
            content: Content::Article(ArticleContent {
                slug: Some(Slug::parse(slug).unwrap()),
                title: title.map(str::to_owned),
                body: Some(RichText::new(Format::Markdown, "Some *text*.")),
                ..Default::default()
            }),
            state: State::Published,
            published_at: Some("2026-01-01T00:00:00Z".parse().unwrap()),
            updated_at: None,
            change_notes: Vec::new(),
            withdrawal: None,
            text: IncomingText::Whole,
            held: false,
        }],
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn importing_again_changes_nothing_and_a_change_is_taken_over_in_place(dialect: Dialect) {
    let database = TestDatabase::migrated(dialect).await;
    let store = database.open().await;
    let category = category(&store, "news").await;
    let portal = Portal::over(database, store.clone()).await;
    let outcome =
        courant_import::merge(&store, vec![article("a", category, "first", Some("First"))], "test").await.unwrap();
    assert!(matches!(outcome[..], [Merged { outcome: Outcome::Created { .. }, .. }]), "{outcome:?}");
    let head = store.reference().seq;
    let outcome =
        courant_import::merge(&store, vec![article("a", category, "first", Some("First"))], "test").await.unwrap();
    assert!(matches!(outcome[..], [Merged { outcome: Outcome::Unchanged, .. }]), "{outcome:?}");
    assert_eq!(store.reference().seq, head, "nothing was written to the log");
    let outcome =
        courant_import::merge(&store, vec![article("a", category, "renamed", Some("First, corrected"))], "test")
            .await
            .unwrap();
    assert!(matches!(outcome[..], [Merged { outcome: Outcome::Updated, .. }]), "{outcome:?}");
    let answer = portal
            .query("{ articles { totalCount nodes { title slug viewCount firstPublishedAt } } route(path: \"/en/articles/first\") { __typename } }")
            .await;
    assert_eq!(
        *answer.data(),
        json!({
            "articles": { "totalCount": 1, "nodes": [
                { "title": "First, corrected", "slug": "first", "viewCount": 7, "firstPublishedAt": "2026-01-01T00:00:00Z" }
            ] },
            "route": { "__typename": "Article" }
        }),
        "{dialect:?}: an import never moves an address"
    );
}

#[apply(both_databases)]
#[tokio::test]
async fn a_taken_slug_is_numbered_and_what_cannot_be_live_is_refused_alone(dialect: Dialect) {
    let database = TestDatabase::migrated(dialect).await;
    let store = database.open().await;
    let category = category(&store, "news").await;
    let incoming = vec![
        article("a", category, "same", Some("A")),
        article("b", category, "same", Some("B")),
        article("c", category, "other", None),
        article("d", CategoryId::generate(), "nowhere", Some("D")),
        article("a", category, "again", Some("A again")),
    ];
    let outcomes = courant_import::merge(&store, incoming, "test").await.unwrap();
    assert!(matches!(&outcomes[0].outcome, Outcome::Created { renamed } if renamed.is_empty()));
    assert!(matches!(&outcomes[1].outcome, Outcome::Created { renamed } if renamed[0].as_str() == "same-2"));
    let refused = |index: usize| match &outcomes[index].outcome {
        Outcome::Refused(error) => error.to_string(),
        other => panic!("{other:?}"),
    };
    assert!(refused(2).contains("title missing"), "{}", refused(2));
    assert!(refused(3).contains("category"), "{}", refused(3));
    assert!(refused(4).contains("twice"), "{}", refused(4));
    let later = courant_import::merge(&store, vec![article("e", category, "same", Some("E"))], "test").await.unwrap();
    assert!(matches!(&later[0].outcome, Outcome::Created { renamed } if renamed[0].as_str() == "same-3"), "{later:?}");
    let portal = Portal::over(database, store).await;
    let answer = portal.query("{ articles { nodes { slug } } }").await;
    assert_eq!(answer.data()["articles"]["nodes"].as_array().unwrap().len(), 3);
}

#[apply(both_databases)]
#[tokio::test]
async fn drafts_stay_out_of_everything_a_reader_asks(dialect: Dialect) {
    let database = TestDatabase::migrated(dialect).await;
    let store = database.open().await;
    let category = category(&store, "news").await;
    let mut draft = article("draft", category, "secret-draft", Some("Secret"));
    draft.versions[0].state = State::Draft;
    draft.versions[0].published_at = None;
    let id = draft.id;
    courant_import::merge(&store, vec![draft], "test").await.unwrap();
    let portal = Portal::over(database, store.clone()).await;
    let answer = portal
        .post(&json!({
            "query": "query ($entry: ID!) {
                    articles { totalCount nodes { title } }
                    article(by: { slug: \"secret-draft\" }) { title }
                    byEntry: article(by: { entryId: $entry }) { title }
                    route(path: \"/en/articles/secret-draft\") { __typename }
                    category(by: { path: \"news\" }) { related { title } publications { totalCount } }
                    feed(slug: \"last-news\") { items { totalCount nodes { title } } }
                }",
            "variables": { "entry": id.to_string() }
        }))
        .await;
    assert_eq!(
        *answer.data(),
        json!({
            "articles": { "totalCount": 0, "nodes": [] },
            "article": null,
            "byEntry": null,
            "route": null,
            "category": { "related": [], "publications": { "totalCount": 0 } },
            "feed": { "items": { "totalCount": 0, "nodes": [] } }
        })
    );
    assert_eq!(
        store.admin().snapshot().await.unwrap().entries(None, 10).await.unwrap()[0].revisions.len(),
        1,
        "the draft is there, for editors"
    );
}

#[apply(both_databases)]
#[tokio::test]
async fn what_its_source_threw_away_is_no_longer_live(dialect: Dialect) {
    let database = TestDatabase::migrated(dialect).await;
    let store = database.open().await;
    let category = category(&store, "news").await;
    courant_import::merge(&store, vec![article("a", category, "first", Some("First"))], "test").await.unwrap();
    let mut away = article("a", category, "first", Some("First, thrown away"));
    away.versions[0].state = State::Archived;
    let outcome = courant_import::merge(&store, vec![away], "test").await.unwrap();
    assert!(matches!(outcome[..], [Merged { outcome: Outcome::Updated, .. }]), "{outcome:?}");
    assert_eq!(database.broken().await, [""; 0], "{dialect:?}");
    let portal = Portal::over(database, store).await;
    let answer = portal.query("{ articles { totalCount } route(path: \"/en/articles/first\") { __typename } }").await;
    assert_eq!(*answer.data(), json!({ "articles": { "totalCount": 0 }, "route": null }), "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn old_addresses_of_what_its_source_takes_back_are_hidden_until_it_is_live_again(dialect: Dialect) {
    const OLD: [&str; 2] = ["/2019/05/first", "/?p=12"];
    let database = TestDatabase::migrated(dialect).await;
    let store = database.open().await;
    let category = category(&store, "news").await;
    let first = |state: State, text: IncomingText| {
        let mut first = article("a", category, "first", Some("First"));
        first.old_paths = OLD.map(str::to_owned).to_vec();
        first.versions[0].state = state;
        first.versions[0].text = text;
        first
    };
    let live = || first(State::Published, IncomingText::Whole);
    let portal = Portal::over(database, store.clone()).await;
    let query = "query ($a: String!, $b: String!) {
        a: route(path: $a) { __typename ... on Redirect { target } }
        b: route(path: $b) { __typename ... on Redirect { target } }
        here: route(path: \"/en/articles/first\") { __typename }
    }";
    let routes = async || {
        let answer = portal.post(&json!({ "query": query, "variables": { "a": OLD[0], "b": OLD[1] } })).await;
        answer.data().clone()
    };
    let leads = json!({ "__typename": "Redirect", "target": "/en/articles/first" });
    let found = json!({ "a": leads, "b": leads, "here": { "__typename": "Article" } });
    let nothing = json!({ "a": null, "b": null, "here": null });

    courant_import::merge(&store, vec![live()], "test").await.unwrap();
    assert_eq!(routes().await, found, "{dialect:?}");
    for (state, text) in [
        (State::Draft, IncomingText::Whole),
        (State::Archived, IncomingText::Whole),
        (State::Archived, IncomingText::Gone),
    ] {
        for taken_back in [Outcome::Updated, Outcome::Unchanged] {
            let merged = courant_import::merge(&store, vec![first(state, text)], "test").await.unwrap();
            assert_eq!(format!("{:?}", merged[0].outcome), format!("{taken_back:?}"), "{state:?} {text:?}");
            assert_eq!(routes().await, nothing, "{dialect:?} {state:?} {text:?}");
        }
        courant_import::merge(&store, vec![live()], "test").await.unwrap();
        assert_eq!(routes().await, found, "{dialect:?} {state:?} {text:?}");
    }
    assert_eq!(portal.database.broken().await, [""; 0], "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn what_is_imported_overtakes_what_led_away_from_there(dialect: Dialect) {
    let database = TestDatabase::migrated(dialect).await;
    let store = database.open().await;
    let category = category(&store, "news").await;
    for path in ["/en/articles/first", "/en/articles/other"] {
        store.newsroom().redirect_put(path, Some("/en")).await.unwrap();
    }
    let before = store.reference().seq;
    courant_import::merge(&store, vec![article("a", category, "first", Some("First"))], "test").await.unwrap();
    let changes = store.changes(before, 10).await.unwrap();
    assert_eq!(changes.len(), 2, "{dialect:?}: the edition, and the rule that is gone: {changes:?}");
    let rules = store.admin().snapshot().await.unwrap().redirects().await.unwrap();
    assert_eq!(rules.iter().map(|rule| rule.path.as_str()).collect::<Vec<_>>(), ["/en/articles/other"]);
    assert_eq!(database.broken().await, [""; 0], "{dialect:?}");
}
