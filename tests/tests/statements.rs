//! How many statements a request runs: one a level, however many parents the level has.

use courant_persistence::Dialect;
use courant_tests::{Portal, apply, both_databases, plan};
use serde_json::json;

async fn count(portal: &Portal, query: &str) -> usize {
    let answer = portal.query(query).await;
    answer.data();
    plan::assert_narrow(portal, &answer.statements).await;
    answer.statements.len()
}

#[apply(both_databases)]
#[tokio::test]
async fn the_portal_page_takes_one_statement_a_level(dialect: Dialect) {
    let portal = Portal::with_samples_unkept(dialect).await;
    let query = "query ($slug: String!) {
            article(by: { slug: $slug }, locale: \"en\") {
                title publishedAt viewCount body { html } breadcrumbs { title path }
                category { title related(first: 5) { title path publishedAt } }
            }
            feed(slug: \"last-news\", locale: \"en\") { items(first: 10) { nodes { __typename title publishedAt } } }
        }";
    let body = json!({ "query": query, "variables": { "slug": "future-dialogue-with-migration-organisation" } });
    let answer = portal.post(&body).await;
    assert_eq!(answer.data()["article"]["viewCount"], 3739);
    assert_eq!(answer.statements.len(), 3, "{dialect:?}: {:#?}", answer.statements);
}

#[apply(both_databases)]
#[tokio::test]
async fn a_level_is_one_statement_for_1_parent_and_for_100(dialect: Dialect) {
    let portal = Portal::with_samples_unkept(dialect).await;
    for below in [
        "category { related(first: 3) { title } }",
        "related(first: 3) { title }",
        "related(first: 2) { related(first: 2) { related(first: 2) { title } } }",
        "category { articles(first: 2) { nodes { title } } }",
        "category { articles(first: 2, includeDescendants: false, filter: { tags: [\"budget\", \"gas\"] }) { totalCount nodes { title } } }",
        "category { articles(last: 2) { nodes { title } totalCount } }",
        "category { publications(first: 1) { nodes { title viewCount ... on Article { body { html } } } } }",
        "translations { title }",
        "covers { number relations { kind decree { number } } coverage(first: 1) { nodes { title } } }",
        "tags { articles(first: 1) { nodes { title } } }",
        "authors { publications(first: 1) { nodes { title } } }",
        "body { html } summary viewCount kicker updatedAt tags { name } authors { name }",
    ] {
        let query = |first| format!("{{ articles(locale: \"en\", first: {first}) {{ nodes {{ {below} }} }} }}");
        let one = count(&portal, &query(1)).await;
        let hundred = count(&portal, &query(100)).await;
        // One parent may have no children to ask for (no decrees, no authors), never more statements.
        assert!(one <= hundred, "{dialect:?}, {below}: {one} for one, {hundred} for a hundred");
        let levels = 1
            + below.matches(['(']).count()
            + below.matches("translations").count()
            + below.matches("covers {").count()
            + below.matches("relations {").count()
            + below.matches("totalCount").count();
        assert!(hundred <= levels, "{dialect:?}, {below}: {hundred} statements for {levels} levels");
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn aliases_with_different_arguments_share_a_statement(dialect: Dialect) {
    let portal = Portal::with_samples_unkept(dialect).await;
    let query = "{ categories(locale: \"en\") {
            a: related(first: 1) { title } b: related(first: 7) { title } c: related(first: 3, excluding: []) { title }
            d: articles(first: 2) { nodes { title } }
        } }";
    assert_eq!(count(&portal, query).await, 1, "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn reference_data_takes_no_statement(dialect: Dialect) {
    let portal = Portal::with_samples_unkept(dialect).await;
    let query = "{ site { name } categories { title children { title parent { title } } } feeds { title } tags { nodes { name } } }";
    assert_eq!(count(&portal, query).await, 0, "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn lists_of_any_sort_are_one_statement_for_a_level(dialect: Dialect) {
    let portal = Portal::with_samples_unkept(dialect).await;
    // Parents of three languages, by fallback; feeds of two orders, one with pins.
    for (parents, below) in [
        (
            "articles(locale: \"tk\", first: $n)",
            "category { articles(first: 2, orderBy: VIEW_COUNT_DESC) { nodes { title } } }",
        ),
        (
            "articles(locale: \"tk\", first: $n)",
            "category { publications(first: 2, filter: { exactLocale: true }) { nodes { title } } }",
        ),
        (
            "articles(locale: \"tk\", first: $n)",
            "category { a: articles(first: 1, orderBy: VIEW_COUNT_DESC) { nodes { title } } b: decrees(first: 2, orderBy: SIGNED_ON_DESC) { nodes { number } } c: related(first: 3) { title } }",
        ),
    ] {
        for parents_read in [1, 100] {
            let query = format!("query ($n: Int!) {{ {parents} {{ nodes {{ {below} }} }} }}");
            let answer = portal.post(&json!({ "query": query, "variables": { "n": parents_read } })).await;
            answer.data();
            plan::assert_narrow(&portal, &answer.statements).await;
            assert_eq!(answer.statements.len(), 2, "{dialect:?} {below} {parents_read}: {:#?}", answer.statements);
        }
    }
    let feeds = "{ feeds { slug order items(first: 3) { nodes { title publishedAt } pageInfo { endCursor } } } }";
    assert_eq!(count(&portal, feeds).await, 1, "{dialect:?}");
    // Together they are what each is alone.
    let together = portal.query(feeds).await;
    for feed in together.data()["feeds"].as_array().unwrap_or(&Vec::new()) {
        let alone = feeds.replace("feeds {", &format!("feed(slug: {}) {{", feed["slug"]));
        assert_eq!(portal.query(&alone).await.data()["feed"], *feed, "{dialect:?}");
    }
}
