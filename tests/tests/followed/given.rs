//! How feeds are given: kept for as long as they hold, and nothing of them to those who have them.

use std::io::Read;

use courant_tests::{Dialect, apply, both_databases};
use serde_json::json;

use crate::support::{Desk, config, get, get_with, portal};

#[apply(both_databases)]
#[tokio::test]
async fn nothing_is_sent_to_those_who_have_it(dialect: Dialect) {
    let portal = portal(dialect).await;
    let path = "/en/categories/politics.rss";
    let first = get(&portal, path).await;
    let (tag, made) = (first.header("etag").to_owned(), first.header("last-modified").to_owned());
    assert!(tag.starts_with('"') && made.ends_with(" GMT"), "{tag} {made}");
    assert!(first.header("cache-control").starts_with("public, max-age=0"), "{}", first.header("cache-control"));
    assert!(!first.header("surrogate-key").is_empty());
    for known in [("if-none-match", tag.as_str()), ("if-modified-since", made.as_str())] {
        let again = get_with(&portal, path, &[known]).await;
        assert_eq!((again.status, again.bytes.len()), (304, 0), "{known:?}");
        assert_eq!((again.header("etag"), again.header("last-modified")), (tag.as_str(), made.as_str()));
        assert_eq!(again.statements, Vec::<String>::new(), "{dialect:?}");
        assert_eq!(again.header("cache-status"), "Courant; hit");
    }
    let desk = Desk::of(&portal).await;
    let quiet = get(&portal, "/en/categories/culture.rss").await;
    desk.publish("news", "News", json!({})).await;
    let again = get_with(&portal, path, &[("if-none-match", &tag), ("if-modified-since", &made)]).await;
    assert_eq!(again.status, 200);
    again.has("<title>News</title>");
    assert_ne!(again.header("etag"), tag);
    // A page of a feed is one statement.
    assert_eq!(again.statements.len(), 1, "{:#?}", again.statements);
    // Another category's holds.
    let known = get_with(&portal, "/en/categories/culture.rss", &[("if-none-match", quiet.header("etag"))]).await;
    assert_eq!((known.status, known.header("cache-status")), (304, "Courant; hit"));
    // A tag stands for what is in it, on every server.
    let other = crate::support::beside(&portal).await;
    assert_eq!(get(&other, path).await.header("etag"), again.header("etag"));
    assert_eq!(get_with(&other, path, &[("if-modified-since", "Thu, 01 Jan 2099 00:00:00 GMT")]).await.status, 200);
}

#[tokio::test]
async fn a_feed_is_packed_as_its_follower_likes() {
    let portal = portal(Dialect::Sqlite).await;
    let plain = get(&portal, "/en/feed.atom").await;
    for (coding, end) in [("gzip", "-gz\""), ("br", "-br\"")] {
        let packed = get_with(&portal, "/en/feed.atom", &[("accept-encoding", coding)]).await;
        assert_eq!(packed.header("content-encoding"), coding);
        assert!(packed.header("etag").ends_with(end) && packed.bytes.len() < plain.bytes.len() / 2);
        if coding == "gzip" {
            let mut unpacked = Vec::new();
            flate2::read::GzDecoder::new(&packed.bytes[..]).read_to_end(&mut unpacked).unwrap();
            assert_eq!(unpacked, plain.bytes);
        }
    }
}

#[tokio::test]
async fn what_is_not_there_is_there_once_it_is() {
    let portal = portal(Dialect::Sqlite).await;
    let desk = Desk::of(&portal).await;
    for _ in 0..2 {
        assert_eq!(get(&portal, "/en/tags/cranes.rss").await.status, 404);
        assert_eq!(get(&portal, "/en/articles/a-crane.ninjs").await.status, 404);
    }
    let input = json!({ "slug": "cranes", "name": [{ "locale": "en", "text": "Cranes" }] });
    let tag = desk.admin.mutate("createTag", input, "tag { id } userErrors { code }").await;
    let tag = tag.done()["tag"]["id"].clone();
    let entry = desk.write("a-crane", "A crane", json!({})).await;
    let category = portal.store.reference().categories.by_path("politics").unwrap().id.to_string();
    let input = json!({ "entryId": entry, "categoryId": category, "tags": [tag] });
    desk.admin.mutate("fileEntry", input, "userErrors { code }").await.done();
    desk.done("publishEntry", &entry, json!({})).await;
    get(&portal, "/en/tags/cranes.rss").await.has("<title>A crane</title>");
    assert_eq!(get(&portal, "/en/articles/a-crane.ninjs").await.status, 200);
    desk.take_back(&entry, json!({ "gone": true })).await;
    assert_eq!(get(&portal, "/en/articles/a-crane.ninjs").await.status, 410);
}

#[tokio::test]
async fn feeds_are_there_without_the_reader_app_and_without_keeping_answers() {
    let courant_tests::Portal { database, store, .. } = portal(Dialect::Sqlite).await;
    let answers = courant_server::AnswerCache { bytes: 0, ..Default::default() };
    let config = courant_server::Config { reader: None, answers, ..config() };
    let portal = courant_tests::Portal::configured(database, store, config).await;
    let given = get(&portal, "/en/feed.rss").await;
    assert_eq!((given.status, given.header("cache-control")), (200, "no-cache"));
    assert_eq!(get(&portal, "/sitemap.xml").await.status, 200);
    assert_eq!(get(&portal, "/en/feeds/last-news").await.status, 404);
}

#[tokio::test]
async fn a_feed_has_one_address_and_is_only_read() {
    let portal = portal(Dialect::Sqlite).await;
    for (written, at) in [
        ("/EN/feed.rss", "/en/feed.rss"),
        ("/en/categories/politics/.atom", "/en/categories/politics.atom"),
        ("/En/feed.json?day=2026-11-29&x=1", "/en/feed.json?day=2026-11-29"),
    ] {
        let led = get(&portal, written).await;
        assert_eq!((led.status, led.header("location")), (308, at));
    }
    let client = reqwest::Client::new();
    for method in ["POST", "PUT", "DELETE", "PATCH"] {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let refused = client.request(method.clone(), format!("{}/en/feed.rss", portal.url)).send().await.unwrap();
        assert_eq!(
            (refused.status().as_u16(), refused.headers()["allow"].to_str().unwrap()),
            (405, "GET,HEAD"),
            "{method}"
        );
    }
    assert_eq!(client.head(format!("{}/en/feed.rss", portal.url)).send().await.unwrap().status(), 200);
}

#[apply(both_databases)]
#[tokio::test]
async fn a_page_that_cannot_be_is_not_there(dialect: Dialect) {
    let portal = portal(dialect).await;
    let of_another_list = get(&portal, "/en/feeds/last-news.json").await.json();
    let (_, of_another_list) = of_another_list["next_url"].as_str().unwrap().split_once("after=").unwrap();
    let of_another_list = format!("/en/categories/politics.rss?after={of_another_list}");
    let known = get(&portal, "/en/feed.rss").await.bytes;
    for path in [
        "/en/feed.rss?day=2026-02-30",
        "/en/feed.rss?day=yesterday",
        "/en/feed.atom?day=",
        "/en/feed.json?day=2021-03-02&day=2021-03-02",
        "/en/feed.ninjs?day=1999-01-01",
        "/en/feed.rss?after=",
        "/en/feed.rss?after=none",
        "/en/feed.rss?after=none&day=2021-03-02",
        of_another_list.as_str(),
        "/en/feeds/most-read.rss?day=2021-03-02",
        "/en/feeds/editors-choice.atom?day=2021-03-02",
        "/en/feeds/nobody.rss",
        "/en/articles/future-dialogue-with-migration-organisation.ninjs?day=2021-03-02",
    ] {
        for accept in ["*/*", "text/html"] {
            let given = get_with(&portal, path, &[("accept", accept)]).await;
            assert_eq!(
                (given.status, given.header("content-type")),
                (404, "application/json; charset=utf-8"),
                "{path}"
            );
            assert_eq!(given.json()["errors"][0]["extensions"]["code"], "NOT_FOUND", "{path}");
            assert_ne!(given.bytes, known);
        }
    }
    assert_eq!(get(&portal, "/en/feed.rss?utm_source=letter").await.bytes, known, "words that others add mean nothing");
    for query in ["after=x", "after=1.1&after=1.1", "day=2026-02-30"] {
        let given = get(&portal, &format!("/changes.ndjson?{query}")).await;
        assert_eq!(given.status, 400, "{query}");
        assert!(given.json()["errors"][0]["extensions"]["code"].is_string(), "{query}");
    }
}

#[tokio::test]
async fn what_has_not_changed_has_no_length_of_its_own() {
    let portal = portal(Dialect::Sqlite).await;
    let client = reqwest::Client::new();
    for path in ["/en/feed.rss", "/sitemap.xml", "/changes.ndjson", "/docs"] {
        let url = format!("{}{path}", portal.url);
        let whole = client.head(&url).send().await.unwrap();
        let Some(tag) = whole.headers().get("etag").cloned() else { panic!("{path} has no tag") };
        for method in [reqwest::Method::GET, reqwest::Method::HEAD] {
            let asked = client.request(method.clone(), &url).header("if-none-match", &tag);
            let known = asked.send().await.unwrap();
            assert_eq!((known.status().as_u16(), known.headers().get("etag")), (304, Some(&tag)), "{method} {path}");
            assert_eq!(known.headers().get("content-length"), None, "{method} {path}");
            assert_eq!(known.headers().get("transfer-encoding"), None, "{method} {path}");
            assert_eq!(known.bytes().await.unwrap().len(), 0);
        }
    }
}

#[tokio::test]
async fn who_takes_an_answer_in_no_coding_is_told_so_in_short() {
    let portal = portal(Dialect::Sqlite).await;
    for path in ["/en/feed.rss", "/en/feed.ninjs", "/sitemap.xml", "/en"] {
        for refused in ["identity;q=0", "*;q=0", "identity;q=0, zstd;q=0, *;q=0"] {
            let given = get_with(&portal, path, &[("accept-encoding", refused)]).await;
            assert_eq!(given.status, 406, "{path} {refused}");
            assert_eq!(given.json()["errors"][0]["extensions"]["code"], "NOT_ACCEPTABLE");
            assert!(given.bytes.len() < 400 && given.header("etag").is_empty(), "{}", given.text());
        }
        let packed = get_with(&portal, path, &[("accept-encoding", "identity;q=0, gzip")]).await;
        assert_eq!((packed.status, packed.header("content-encoding")), (200, "gzip"), "{path}");
    }
}

#[tokio::test]
async fn a_page_has_one_address_however_its_language_is_written() {
    let portal = portal(Dialect::Sqlite).await;
    for (asked, own) in [
        ("/EN", "/en"),
        ("/Ru/articles/none?utm_source=x", "/ru/articles/none?utm_source=x"),
        ("/tK?a=/EN", "/tk?a=/EN"),
        ("/EN/feeds/last-news", "/en/feeds/last-news"),
    ] {
        let given = get(&portal, asked).await;
        assert_eq!((given.status, given.header("location")), (308, own), "{asked}");
    }
    assert_eq!(get(&portal, "/en").await.status, 200);
    assert_eq!(get(&portal, "/FR").await.status, 404);
    // What was written so on an old site leads where it led.
    let desk = Desk::of(&portal).await;
    let input = json!({ "path": "/EN/Old.html", "target": "/en/feed.rss" });
    desk.admin.mutate("putRedirect", input, "userErrors { code message }").await.done();
    let given = get(&portal, "/EN/Old.html").await;
    assert_eq!((given.status, given.header("location")), (301, "/en/feed.rss"));
}
