//! What each format says.

use courant_domain::slug::Slug;
use courant_syndication::{
    ReadOptions, read,
    write::{Content, Feed, NewsPage, SitemapPage, SitemapPart, atom, json_feed, ninjs, ninjs_feed, rss, sitemap},
};
use serde_json::Value as Json;

use super::support::{at, feed, id, item, url, withdrawn};

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

fn json(bytes: &[u8]) -> Json {
    serde_json::from_slice(bytes).unwrap()
}

fn has(text: &str, pieces: &[&str]) {
    for piece in pieces {
        assert!(text.contains(piece), "{piece}\n{text}");
    }
}

fn one(text: &str) -> Feed {
    feed(text, vec![item(1, text)])
}

#[test]
fn what_was_taken_back_is_a_tombstone_in_atom() {
    let written = text(atom(&one("Rain")));
    has(
        &written,
        &[
            "<at:deleted-entry ref=\"urn:uuid:00000000-0000-5000-8000-000000007001\" when=\"2026-09-21T14:15:00Z\">\n\
             <at:comment>This text is found elsewhere now.</at:comment>\n\
             <link rel=\"related\" href=\"https://news.example/en/articles/new\"/>\n</at:deleted-entry>",
            "<at:comment>This text is no longer available.</at:comment>\n</at:deleted-entry>",
            // It is as new as the last that left it.
            "<updated>2026-09-21T14:15:00Z</updated>",
        ],
    );
}

#[test]
fn what_was_taken_back_says_so_in_formats_without_tombstones() {
    let written = text(rss(&one("Rain")));
    has(
        &written,
        &[
            "<item>\n<title>This text is found elsewhere now.</title>\n<link>https://news.example/en/articles/new</link>\n\
             <guid isPermaLink=\"false\">urn:uuid:00000000-0000-5000-8000-000000007001</guid>\n\
             <pubDate>Mon, 21 Sep 2026 14:15:00 GMT</pubDate>",
            "<courant:state xmlns:courant=\"urn:courant:feeds\">MOVED</courant:state>\n</item>",
            "<courant:state xmlns:courant=\"urn:courant:feeds\">GONE</courant:state>\n</item>",
            "<item>\n<title>This text is no longer available.</title>\n<guid isPermaLink=\"false\">urn:uuid:00000000-0000-5000-8000-000000007003</guid>",
        ],
    );
    let written = json(&json_feed(&one("Rain")));
    let states: Vec<&str> =
        written["items"].as_array().unwrap().iter().map(|item| item["_courant"]["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["LIVE", "MOVED", "GONE", "GONE"]);
    assert_eq!(written["items"][3]["id"], id(7_003));
    assert!(written["items"][3].get("url").is_none(), "nothing is told of where nothing is");
    let written = json(&ninjs_feed(&one("Rain")));
    assert_eq!(written["associations"][2]["pubStatus"], "canceled");
}

#[test]
fn what_is_withdrawn_has_its_notice_in_the_place_of_its_text() {
    let feed = feed("Rain", vec![withdrawn(item(1, "Rain"), "It did not rain.")]);
    for written in [text(rss(&feed)), text(atom(&feed)), text(json_feed(&feed)), text(ninjs_feed(&feed))] {
        assert!(written.contains("It did not rain."), "{written}");
        assert!(!written.contains("&lt;p&gt;Rain"), "its text is not given any more");
        assert!(!written.contains("<p>Rain"));
    }
    for written in [text(rss(&feed)), text(atom(&feed))] {
        has(&written, &["<courant:state xmlns:courant=\"urn:courant:feeds\">WITHDRAWN</courant:state>"]);
    }
    let Json::Array(items) = json(&ninjs_feed(&feed))["associations"].take() else { panic!("no items") };
    assert_eq!((items[0]["pubStatus"].as_str(), items[0]["bodies"][0].get("wordCount")), (Some("canceled"), None));
}

#[test]
fn a_correction_is_an_update_that_says_what_changed() {
    let feed = one("Rain");
    has(&text(atom(&feed)), &["<published>2026-09-21T14:13:20Z</published>\n<updated>2026-09-21T14:14:20Z</updated>"]);
    has(&text(rss(&feed)), &["<dcterms:modified>2026-09-21T14:14:20Z</dcterms:modified>"]);
    assert_eq!(json(&json_feed(&feed))["items"][0]["_courant"]["changes"][0]["note"], "Rain");
    let words = "&lt;strong&gt;What changed&lt;/strong&gt;";
    has(&text(rss(&feed)), &[words]);
    // Where summaries are given, it stands in them.
    let mut short = feed;
    short.items[0].content = Content::Summary;
    has(&text(atom(&short)), &["<summary type=\"text\">Rain\n\nWhat changed: Rain</summary>"]);
    assert!(!text(atom(&short)).contains("<content"));
    assert_eq!(json(&json_feed(&short))["items"][0]["_courant"]["partial"], true);
}

#[test]
fn rss_has_html_where_readers_show_html_and_plain_texts_elsewhere() {
    let mut feed = one("Rain & <wind>");
    feed.items[0].summary = Some("1 < 2 &amp; 3\nfour".to_owned());
    let written = text(rss(&feed));
    has(
        &written,
        &[
            "<title>Rain &#x26; &#x3C;wind&#x3E;</title>",
            "<description>1 &amp;lt; 2 &amp;amp;amp; 3&lt;br&gt;four</description>\n<content:encoded>",
        ],
    );
    feed.items[0].summary = None;
    has(&text(rss(&feed)), &["<description></description>\n<content:encoded>"]);
}

#[test]
fn pages_and_archives_know_each_other() {
    let mut feed = one("Rain");
    feed.is_archive = true;
    for written in [text(rss(&feed)), text(atom(&feed))] {
        has(&written, &["<fh:archive/>", "rel=\"hub\"", "rel=\"next\"", "?after=x&amp;y=%22"]);
    }
    let written = json(&json_feed(&feed));
    assert_eq!(written["next_url"], "https://news.example/en/feeds/last-news.atom?after=x&y=%22");
    assert_eq!(written["hubs"][0]["url"], "https://hub.example/");
}

#[test]
fn one_text_in_ninjs_is_a_whole_object() {
    let feed = one("Rain");
    let written = json(&ninjs(&feed.items[0], &feed.words, "The Harbour"));
    assert_eq!(written["uri"], id(1));
    assert_eq!(written["standard"]["version"], "3.1");
    assert_eq!(written["infoSources"][0]["name"], "The Harbour");
    assert_eq!(written["associations"][0]["renditions"][0]["width"], 640);
    assert_eq!(written["people"][0]["rel"], "signatory");
    assert!(written.get("name").is_none(), "that is of associations alone");
}

#[test]
fn our_own_import_reads_what_we_write() {
    let options = ReadOptions::new(Slug::parse("town").unwrap());
    let mut feed = feed("The Harbour", (1..4).map(|number| item(number, &format!("Rain, {number}"))).collect());
    feed.departed.clear();
    for written in [rss(&feed), atom(&feed), json_feed(&feed)] {
        let import = read(&written, &options).unwrap();
        assert_eq!(import.title.as_deref(), Some("The Harbour"));
        assert_eq!(import.language, Some(feed.locale));
        assert_eq!(import.problems, [], "{}", text(written));
        for (item, given) in import.items.iter().zip(&feed.items) {
            assert!(item.origin.ends_with(&given.id), "{}", item.origin);
            assert_eq!(item.content.title.as_deref(), Some(given.title.as_str()));
            assert_eq!(item.content.summary, given.summary);
            assert_eq!(item.published_at, Some(given.published_at));
            assert_eq!(item.updated_at, Some(given.updated_at));
            assert_eq!(item.content.lead_image.as_ref().unwrap().url, "https://news.example/files/a.png");
            let body = item.content.body.as_ref().unwrap().text().to_owned();
            assert!(body.starts_with(&given.title), "{body}");
        }
        assert_eq!(import.items.len(), 3);
    }
}

#[test]
fn sitemaps_name_the_other_languages() {
    let page = SitemapPage {
        url: url("/en/articles/a"),
        modified_at: Some(at(0)),
        alternates: vec![
            ("en".parse().unwrap(), url("/en/articles/a")),
            ("tk".parse().unwrap(), url("/tk/articles/b")),
        ],
        standard: Some(url("/en/articles/a")),
    };
    has(
        &text(sitemap(&[page])),
        &[
            "<loc>https://news.example/en/articles/a</loc>\n<lastmod>2026-09-21T14:13:20Z</lastmod>",
            "<xhtml:link rel=\"alternate\" hreflang=\"tk\" href=\"https://news.example/tk/articles/b\"/>",
            "<xhtml:link rel=\"alternate\" hreflang=\"x-default\"",
        ],
    );
    let news = NewsPage {
        url: url("/pt-BR/articles/a"),
        locale: "pt-BR".parse().unwrap(),
        title: "Chuva & vento".to_owned(),
        published_at: at(0),
    };
    has(
        &text(courant_syndication::write::news_sitemap("The <Harbour>", &[news])),
        &["<news:name>The &lt;Harbour&gt;</news:name>\n<news:language>pt</news:language>", "Chuva &amp; vento"],
    );
    let parts = vec![SitemapPart { url: url("/sitemap/en/2026-09.xml"), modified_at: None }; 50_001];
    let written = text(courant_syndication::write::sitemap_index(&parts));
    assert_eq!(written.matches("<sitemap>").count(), 50_000);
}
