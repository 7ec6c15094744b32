//! Whatever the texts are, what is written can be read.

use courant_domain::{slug::Slug, text::is_blank};
use courant_syndication::{
    ItemStatus, ReadOptions, read,
    write::{Feed, NewsPage, atom, clean, json_feed, news_sitemap, ninjs_feed, rss},
};
use proptest::prelude::*;
use quick_xml::{Reader, events::Event};
use serde_json::Value as Json;

use super::support::{at, feed, item, url, withdrawn};

/// What breaks writers.
const BAD: [&str; 14] = [
    "]]>",
    "<![CDATA[",
    "&",
    "&#0;",
    "</title>",
    "<!--",
    "\u{0}",
    "\u{b}",
    "\u{fffe}",
    "\u{10ffff}",
    "\u{202e}אבג",
    "👩‍🚀",
    "\r\n",
    "\"'",
];

fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![prop::sample::select(&BAD[..]).prop_map(str::to_owned), ".{0,8}", "[a-z ]{1,12}"];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

/// A title as it is written: its address, where it says nothing.
fn title(text: &str, address: &str) -> String {
    if is_blank(&clean(text)) { url(address).into() } else { clean(text).into_owned() }
}

fn fuzzed(text: &str, other: &str) -> Feed {
    feed(text, vec![item(1, text), withdrawn(item(2, other), text)])
}

/// Goes through a document as a strict parser does: every element is closed, every reference known, every character one of XML.
fn texts_of(document: &[u8]) -> Vec<(String, String)> {
    let document = std::str::from_utf8(document).unwrap();
    assert!(
        document
            .chars()
            .all(|c| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..))
    );
    let mut reader = Reader::from_str(document);
    reader.config_mut().check_end_names = true;
    let (mut open, mut found): (Vec<String>, Vec<(String, String)>) = Default::default();
    let mut text = String::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) => {
                for attribute in tag.attributes() {
                    attribute.unwrap();
                }
                open.push(tag.name().as_ref().to_owned());
                text.clear();
            }
            Event::Text(piece) => text += &piece,
            Event::GeneralRef(name) => text.push(match &*name {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                "#x26" => '&',
                "#x3C" => '<',
                "#x3E" => '>',
                other => panic!("&{other}; is no entity of XML"),
            }),
            Event::End(_) => found.push((open.pop().unwrap(), std::mem::take(&mut text))),
            Event::Eof => break,
            Event::Decl(_) | Event::Empty(_) => {}
            other => panic!("{other:?} is never written"),
        }
    }
    assert!(open.is_empty());
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn xml_is_well_formed_and_says_what_was_given(text in texts(), other in texts()) {
        let feed = fuzzed(&text, &other);
        for document in [rss(&feed), atom(&feed)] {
            let found = texts_of(&document);
            let has = |title: String| found.contains(&("title".to_owned(), title));
            prop_assert!(has(title(&text, "/en/feeds/last-news")));
            prop_assert!(has(title(&text, "/en/articles/1")) && has(title(&other, "/en/articles/2")));
        }
        let page = NewsPage { url: url("/en/articles/a"), locale: feed.locale, title: text.clone(), published_at: at(0) };
        let found = texts_of(&news_sitemap(&other, &[page]));
        prop_assert!(found.contains(&("news:title".to_owned(), clean(&text).into_owned())));
    }

    #[test]
    fn json_says_what_was_given(text in texts(), other in texts()) {
        let feed = fuzzed(&text, &other);
        let written: Json = serde_json::from_slice(&json_feed(&feed)).unwrap();
        prop_assert_eq!(written["items"][0]["title"].as_str(), Some(&*title(&text, "/en/articles/1")));
        let written: Json = serde_json::from_slice(&ninjs_feed(&feed)).unwrap();
        let headline = written["associations"][1]["headlines"][0]["value"].as_str();
        prop_assert_eq!(headline, Some(&*title(&other, "/en/articles/2")));
    }

    #[test]
    fn readers_of_our_own_and_of_others_find_every_item(text in texts(), other in texts()) {
        let feed = fuzzed(&text, &other);
        let options = ReadOptions::new(Slug::parse("town").unwrap());
        for document in [rss(&feed), atom(&feed), json_feed(&feed)] {
            let of_others = feed_rs::parser::parse(&*document).unwrap();
            let ids: Vec<&str> = of_others.entries.iter().map(|entry| entry.id.as_str()).collect();
            prop_assert!(ids.starts_with(&[&feed.items[0].id, &feed.items[1].id]), "{ids:?}");
            let ours = read(&document, &options).unwrap();
            prop_assert_eq!(ours.items.len(), feed.items.len() + feed.departed.len());
            let state = |id: &str| ours.items.iter().find(|item| item.origin.ends_with(id)).map(|item| item.status);
            prop_assert!(feed.departed.iter().all(|departed| state(&departed.id) == Some(ItemStatus::Gone)));
            prop_assert_eq!(state(&feed.items[0].id), Some(ItemStatus::Published));
            // Without a word of notice it is gone.
            let withdrawn = [Some(ItemStatus::Withdrawn), Some(ItemStatus::Gone)];
            prop_assert!(withdrawn.contains(&state(&feed.items[1].id)));
        }
    }
}
