//! What search engines find.

use std::collections::BTreeSet;

use courant_domain::locale::Locale;
use courant_tests::{Dialect, Portal, apply, both_databases, write_by_hand};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::support::{Desk, ORIGIN, beside, get, portal};

pub(crate) fn locations(text: &str) -> Vec<String> {
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
    // However many texts there are: the months, the names, each language's news, and when those of one language changed.
    assert_eq!(index.statements.len(), 7, "{:#?}", index.statements);
    get(&portal, &of_now).await.has("/en/articles/now</loc>");
    get(&portal, "/sitemap/en/news.xml").await.has("<news:title>Now &amp; then</news:title>");
    let old = get(&portal, "/sitemap/en/2021-03.xml").await;
    assert_eq!(old.header("cache-status"), "Courant; hit");
    desk.take_back(&entry, json!({ "gone": true })).await;
    get(&portal, "/sitemap.xml").await.lacks(&of_now);
    assert_eq!(get(&portal, &of_now).await.status, 404);
    assert_eq!(get(&portal, "/sitemap/en/news.xml").await.status, 404);
}

/// The sitemaps of texts and news that have changed since it was written down that none has for long.
pub(crate) async fn changed(portal: &Portal) -> BTreeSet<String> {
    let month = portal.store.now().to_string()[..7].to_owned();
    let index = get(portal, "/sitemap.xml").await;
    let parts = index.text().split("<sitemap>").skip(1).map(|part| {
        let of = |name: &str| part.split_once(&format!("<{name}>")).unwrap().1.split_once('<').unwrap().0.to_owned();
        (of("loc").replace(ORIGIN, ""), of("lastmod"))
    });
    // News of the samples grew too old long ago.
    let parts = parts.filter(|(path, at)| !path.contains("pages") && *at >= month);
    parts.map(|(path, _)| path).collect()
}

#[apply(both_databases)]
#[tokio::test]
async fn the_index_says_when_each_sitemap_last_changed(dialect: Dialect) {
    let portal = portal(dialect).await;
    let desk = Desk::of(&portal).await;
    let month = portal.store.now().to_string()[..7].to_owned();
    let path = |locale: &str, name: &str| format!("/sitemap/{locale}/{name}.xml");
    let both = |locale: &str| BTreeSet::from([path(locale, &month), path(locale, "news")]);
    let url = portal.database.options.url.clone();
    let long_ago = async || write_by_hand(&url, "UPDATE sitemap_day SET moved_at = 0, changed_at = 0").await;
    let index = get(&portal, "/sitemap.xml").await;
    assert_eq!(index.text().matches("<lastmod>").count(), index.text().matches("<sitemap>").count());

    long_ago().await;
    let entry = desk.publish("one", "One", json!({})).await;
    assert_eq!(changed(&portal).await, both("en"), "{dialect:?}: a text comes");
    long_ago().await;
    let content = json!({ "slug": "odin", "title": "Odin", "body": { "source": "Text." } });
    desk.done("saveArticle", &entry, json!({ "locale": "ru", "content": content })).await;
    desk.done("publishEntry", &entry, json!({ "locale": "ru" })).await;
    let all: BTreeSet<String> = both("en").into_iter().chain(both("ru")).collect();
    assert_eq!(changed(&portal).await, all, "a translation comes, which the other language's sitemap names");
    long_ago().await;
    desk.done("saveArticle", &entry, json!({ "basedOn": 1, "content": { "title": "One, more or less" } })).await;
    desk.done("saveArticle", &entry, json!({ "locale": "ru", "basedOn": 1, "content": { "title": "Odin!" } })).await;
    desk.done("publishEntry", &entry, json!({ "locale": "ru", "changeNote": "It was quieter." })).await;
    assert_eq!(changed(&portal).await, both("ru"), "a correction shows in its own language alone, a draft nowhere");
    long_ago().await;
    desk.done("saveArticle", &entry, json!({ "locale": "ru", "basedOn": 2, "content": { "slug": "pervy" } })).await;
    desk.done("publishEntry", &entry, json!({ "locale": "ru" })).await;
    assert_eq!(changed(&portal).await, all, "another address shows in both");
    let of_en = get(&portal, &path("en", &month)).await;
    of_en.has("hreflang=\"ru\" href=\"https://news.example.org/ru/articles/pervy\"");

    // What is another site's is listed no more, and is no translation of what is.
    long_ago().await;
    let content = json!({ "canonicalUrl": "https://agency.example/first" });
    desk.done("saveArticle", &entry, json!({ "locale": "ru", "basedOn": 3, "content": content })).await;
    desk.done("publishEntry", &entry, json!({ "locale": "ru" })).await;
    assert_eq!(changed(&portal).await, both("en"));
    get(&portal, &path("en", &month)).await.lacks("hreflang");
    get(&portal, "/sitemap.xml").await.lacks(&path("ru", &month));

    desk.publish("two", "Two", json!({})).await;
    long_ago().await;
    desk.take_back(&entry, json!({ "notice": "It never was." })).await;
    assert_eq!(changed(&portal).await, both("en"), "a text goes");
    long_ago().await;
    desk.take_back(&entry, json!({ "gone": true })).await;
    assert_eq!(changed(&portal).await, BTreeSet::new(), "it was in none any more");
    assert_eq!(portal.database.broken().await, [""; 0], "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn a_name_that_nothing_live_has_changes_no_sitemap(dialect: Dialect) {
    let portal = portal(dialect).await;
    let desk = Desk::of(&portal).await;
    let of_pages = |index: &str| {
        let part = index.split("<sitemap>").find(|part| part.contains("/sitemap/en/pages.xml")).unwrap();
        part.split_once("<lastmod>").unwrap().1.split_once("</lastmod>").unwrap().0.parse::<Timestamp>().unwrap()
    };
    let last = of_pages(get(&portal, "/sitemap.xml").await.text());
    let changed_at = async || portal.store.live().names_changed_at().await.unwrap();
    let before = changed_at().await;
    for number in 0..20 {
        let input = json!({ "slug": format!("of-drafts-{number}"), "name": [{ "locale": "en", "text": "Of drafts" }] });
        desk.admin.mutate("createTag", input, "userErrors { code field message }").await.done();
    }
    // One that has kept nothing says the same.
    for server in [&portal, &beside(&portal).await] {
        assert_eq!(of_pages(get(server, "/sitemap.xml").await.text()), last, "{dialect:?}");
    }
    assert_eq!(changed_at().await, before, "{dialect:?}");
    let input = json!({ "slug": "things", "title": [{ "locale": "en", "text": "Things" }] });
    desk.admin.mutate("createCategory", input, "userErrors { code field message }").await.done();
    assert!(changed_at().await > before, "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn what_is_to_be_found_elsewhere_is_in_no_sitemap(dialect: Dialect) {
    let portal = portal(dialect).await;
    let desk = Desk::of(&portal).await;
    let month = portal.store.now().to_string()[..7].to_owned();
    let of_now = format!("/sitemap/en/{month}.xml");
    let agency = json!({ "canonicalUrl": "https://agency.example/story" });
    desk.publish("theirs", "Theirs", agency.clone()).await;
    assert_eq!(get(&portal, "/en/articles/theirs").await.status, 200);
    for _ in 0..2 {
        let index = get(&portal, "/sitemap.xml").await;
        index.lacks(&of_now);
        index.lacks("/sitemap/en/news.xml");
        assert_eq!(get(&portal, &of_now).await.status, 404, "{dialect:?}");
        assert_eq!(get(&portal, "/sitemap/en/news.xml").await.status, 404);
    }
    let ours = desk.publish("ours", "Ours", json!({})).await;
    for path in [of_now.as_str(), "/sitemap/en/news.xml"] {
        let given = get(&portal, path).await;
        given.has("/en/articles/ours</loc>");
        given.lacks("/en/articles/theirs");
    }
    // It turns out to have been theirs, and that to have been ours.
    desk.done("saveArticle", &ours, json!({ "basedOn": 1, "content": agency })).await;
    desk.done("publishEntry", &ours, json!({})).await;
    get(&portal, "/sitemap.xml").await.lacks(&of_now);
    desk.done("saveArticle", &ours, json!({ "basedOn": 2, "content": { "canonicalUrl": null } })).await;
    desk.done("publishEntry", &ours, json!({})).await;
    get(&portal, "/sitemap.xml").await.has(&of_now);
    assert_eq!(locations(get(&portal, &of_now).await.text()), ["/en/articles/ours"]);
    assert_eq!(portal.database.broken().await, [""; 0], "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn a_text_is_found_by_its_number_among_those_that_are_listed(dialect: Dialect) {
    let portal = portal(dialect).await;
    let desk = Desk::of(&portal).await;
    for (slug, canonical) in [("one", None), ("theirs", Some("https://agency.example/1")), ("three", None)] {
        desk.publish(slug, "The \\\"canonical_url\\\": of a text", json!({ "canonicalUrl": canonical })).await;
    }
    let live = portal.store.live();
    for locale in ["en", "ru"] {
        let query = "query ($locale: Locale, $after: String) { publications(locale: $locale, first: 100, after: $after,
            orderBy: PUBLISHED_AT_ASC, filter: { exactLocale: true }) {
            nodes { entryId ... on Article { canonicalUrl } } pageInfo { hasNextPage endCursor } } }";
        let (mut nodes, mut after) = (Vec::new(), json!(null));
        loop {
            let variables = json!({ "locale": locale, "after": after });
            let answer = portal.post(&json!({ "query": query, "variables": variables })).await;
            let page = &answer.data()["publications"];
            nodes.extend(page["nodes"].as_array().unwrap().clone());
            if page["pageInfo"]["hasNextPage"] != true {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
        let listed: Vec<&str> = nodes
            .iter()
            .filter(|node| node.get("canonicalUrl").is_none_or(Value::is_null))
            .map(|node| node["entryId"].as_str().unwrap())
            .collect();
        assert!(listed.len() > 20, "{} texts", listed.len());
        let locale = Locale::parse(locale).unwrap();
        let place = async |number| {
            let all = (Timestamp::UNIX_EPOCH, Timestamp::MAX);
            live.sitemap_place(locale, all, number).await.unwrap().map(|place| place.entry.to_string())
        };
        assert_eq!((place(0).await, place(listed.len() + 1).await), (None, None));
        for number in [1, 2, listed.len() / 2, listed.len() - 1, listed.len()] {
            assert_eq!(place(number).await.as_deref(), Some(listed[number - 1]), "{dialect:?} {locale} {number}");
        }
    }
}
