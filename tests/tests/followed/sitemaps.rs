//! What search engines find.

use courant_tests::{Dialect, Portal, apply, both_databases};
use serde_json::json;

use crate::support::{Desk, ORIGIN, get, portal};

fn locations(text: &str) -> Vec<String> {
    let found = text.split("<loc>").skip(1);
    found.map(|rest| rest.split_once("</loc>").unwrap().0.replace(ORIGIN, "").replace("&amp;", "&")).collect()
}

async fn every_text(portal: &Portal, locale: &str) -> Vec<String> {
    let (mut paths, mut after) = (Vec::new(), json!(null));
    loop {
        let query = "query ($locale: Locale, $after: String) { publications(locale: $locale, first: 100, after: $after,
            filter: { exactLocale: true }) { nodes { path } pageInfo { hasNextPage endCursor } } }";
        let answer = portal.post(&json!({ "query": query, "variables": { "locale": locale, "after": after } })).await;
        let page = &answer.data()["publications"];
        paths.extend(page["nodes"].as_array().unwrap().iter().map(|node| node["path"].as_str().unwrap().to_owned()));
        if page["pageInfo"]["hasNextPage"] != true {
            paths.sort();
            return paths;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn every_text_is_in_one_sitemap_with_its_other_languages(dialect: Dialect) {
    let portal = portal(dialect).await;
    let robots = get(&portal, "/robots.txt").await;
    robots.has(&format!("Sitemap: {ORIGIN}/sitemap.xml"));
    let index = get(&portal, "/sitemap.xml").await;
    assert_eq!((index.status, index.header("content-type")), (200, "application/xml; charset=utf-8"));
    let parts = locations(index.text());
    for locale in ["en", "ru", "tk"] {
        let mut found = Vec::new();
        let of_texts = |path: &&String| path.starts_with(&format!("/sitemap/{locale}/")) && !path.contains("pages");
        for part in parts.iter().filter(of_texts).filter(|path| !path.contains("news")) {
            let given = get(&portal, part).await;
            assert_eq!(given.status, 200, "{part}");
            given.has("<lastmod>");
            found.extend(locations(given.text()));
        }
        found.sort();
        assert_eq!(found, every_text(&portal, locale).await, "{dialect:?} {locale}");
        let pages = get(&portal, &format!("/sitemap/{locale}/pages.xml")).await;
        let pages = locations(pages.text());
        for page in ["", "/decrees", "/feeds/last-news", "/categories/politics", "/tags/treaties"] {
            assert!(pages.contains(&format!("/{locale}{page}")), "{page} {pages:?}");
        }
    }
    let article = "/en/articles/future-dialogue-with-migration-organisation";
    let given = get(&portal, "/sitemap/en/2021-03.xml").await;
    let (_, rest) = given.text().split_once(&format!("<loc>{ORIGIN}{article}</loc>")).unwrap();
    let (of_it, _) = rest.split_once("</url>").unwrap();
    for language in ["en", "ru", "tk", "x-default"] {
        assert!(
            of_it.contains(&format!("<xhtml:link rel=\"alternate\" hreflang=\"{language}\" href=\"{ORIGIN}/")),
            "{of_it}"
        );
    }
    for path in ["/sitemap/en/1999-01.xml", "/sitemap/en/2021-03-2.xml", "/sitemap/fr/2021-03.xml", "/sitemap/en/x.xml"]
    {
        assert_eq!(get(&portal, path).await.status, 404, "{path}");
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn what_changes_changes_the_sitemaps_that_show_it_and_no_others(dialect: Dialect) {
    let portal = portal(dialect).await;
    let desk = Desk::of(&portal).await;
    let month = portal.store.now().to_string()[..7].to_owned();
    let of_now = format!("/sitemap/en/{month}.xml");
    get(&portal, "/sitemap.xml").await.lacks(&of_now);
    assert_eq!(get(&portal, &of_now).await.status, 404);
    assert_eq!(get(&portal, "/sitemap/en/news.xml").await.status, 404, "the samples are no news");
    get(&portal, "/sitemap/en/2021-03.xml").await;
    let entry = desk.publish("now", "Now & then", json!({})).await;
    let index = get(&portal, "/sitemap.xml").await;
    index.has(&of_now);
    index.has("/sitemap/en/news.xml");
    // Only what has changed is counted anew: where each language begins, the month, and each language's news.
    assert!(index.statements.len() <= 12, "{:#?}", index.statements);
    get(&portal, &of_now).await.has("/en/articles/now</loc>");
    get(&portal, "/sitemap/en/news.xml").await.has("<news:title>Now &amp; then</news:title>");
    let old = get(&portal, "/sitemap/en/2021-03.xml").await;
    assert_eq!(old.header("cache-status"), "Courant; hit");
    desk.take_back(&entry, json!({ "gone": true })).await;
    get(&portal, "/sitemap.xml").await.lacks(&of_now);
    assert_eq!(get(&portal, &of_now).await.status, 404);
    assert_eq!(get(&portal, "/sitemap/en/news.xml").await.status, 404);
}
