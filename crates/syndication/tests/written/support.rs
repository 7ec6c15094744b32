//! Feeds to be written.

use courant_domain::locale::Locale;
use courant_syndication::write::{
    Act, Content, Departure, Feed, Instead, Item, Link, Note, Notice, Person, Picture, Rel, Term, Words,
};
use jiff::{Timestamp, civil::date};
use url::Url;

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

pub(crate) fn url(path: &str) -> Url {
    Url::parse("https://news.example/").unwrap().join(path).unwrap()
}

pub(crate) fn id(number: usize) -> String {
    format!("urn:uuid:00000000-0000-5000-8000-{number:012}")
}

/// An item whose texts are all this one.
pub(crate) fn item(number: usize, text: &str) -> Item {
    Item {
        id: id(number),
        entry: id(number + 1_000),
        url: url(&format!("/en/articles/{number}")),
        slug: format!("text-{number}"),
        locale: Locale::ENGLISH,
        kicker: Some(text.to_owned()),
        title: text.to_owned(),
        summary: Some(text.to_owned()),
        content: Content::Full(format!("<p>{}</p>", text.replace(['<', '&'], " "))),
        word_count: Some(7),
        authors: vec![Person { name: text.to_owned(), url: Some(url("/en/people/jo")) }],
        terms: vec![Term { name: text.to_owned(), url: url("/en/categories/town"), is_category: true }],
        picture: Some(Picture {
            url: url("/files/a.png"),
            alt: Some(text.to_owned()),
            caption: Some(text.to_owned()),
            width: Some(640),
            height: Some(480),
        }),
        dateline: Some(text.to_owned()),
        genre: Some(("NEWS".to_owned(), text.to_owned())),
        source: Some((text.to_owned(), Some(url("https://wire.example/1")))),
        rights: Some(text.to_owned()),
        act: (number % 2 == 1).then(|| Act { number: text.to_owned(), signed_on: date(2026, 3, 4) }),
        published_at: at(0),
        first_published_at: at(0),
        updated_at: at(60),
        changes: vec![Note { at: at(60), note: text.to_owned() }],
        withdrawn: None,
    }
}

/// A feed of some items, whose own texts are all this one.
pub(crate) fn feed(text: &str, items: Vec<Item>) -> Feed {
    Feed {
        id: id(9_999),
        title: text.to_owned(),
        description: Some(text.to_owned()),
        locale: Locale::ENGLISH,
        site: text.to_owned(),
        site_url: url("/"),
        page: url("/en/feeds/last-news"),
        own: url("/en/feeds/last-news.atom"),
        links: vec![
            Link { rel: Rel::Hub, url: url("https://hub.example/") },
            Link { rel: Rel::Next, url: url("/en/feeds/last-news.atom?after=x&y=\"") },
        ],
        icon: Some(url("/favicon.ico")),
        is_archive: false,
        items,
        departed: vec![
            Departure { id: id(7_001), at: at(100), instead: Instead::At(url("/en/articles/new")) },
            Departure { id: id(7_002), at: at(90), instead: Instead::Gone(url("/en/articles/old")) },
            Departure { id: id(7_003), at: at(80), instead: Instead::Nothing },
        ],
        words: Words {
            changed: "What changed".to_owned(),
            withdrawn: "Withdrawn".to_owned(),
            gone: "This text is no longer available.".to_owned(),
            moved: "This text is found elsewhere now.".to_owned(),
        },
    }
}

/// The same, withdrawn with a notice.
pub(crate) fn withdrawn(item: Item, notice: &str) -> Item {
    let notice = Notice { at: at(70), html: format!("<p>{notice}</p>"), text: notice.to_owned() };
    Item { withdrawn: Some(notice), updated_at: at(70), ..item }
}
