//! Texts as they can be written: without what no format has a place for, and without those that say nothing.

use courant_domain::text::is_blank;

use super::{
    model::{Content, Feed, Item, Note, Notice, Person, Picture, Term},
    xml::clean,
};

fn some(text: Option<String>) -> Option<String> {
    text.map(|text| clean(&text).into_owned()).filter(|text| !is_blank(text))
}

/// A text that has to say something.
fn one(text: &str, otherwise: &str) -> String {
    some(Some(text.to_owned())).unwrap_or_else(|| otherwise.to_owned())
}

/// The feed as it can be written: a title that says nothing is its address.
pub(super) fn feed(feed: &Feed) -> Feed {
    Feed {
        title: one(&feed.title, feed.page.as_str()),
        description: some(feed.description.clone()),
        site: one(&feed.site, feed.site_url.as_str()),
        items: feed.items.iter().map(item).collect(),
        ..feed.clone()
    }
}

/// The same of an item.
pub(super) fn item(of: &Item) -> Item {
    let of = of.clone();
    let person = |person: Person| Some(Person { name: some(Some(person.name))?, ..person });
    let term = |term: Term| Some(Term { name: some(Some(term.name))?, ..term });
    let note = |note: Note| Some(Note { note: some(Some(note.note))?, ..note });
    Item {
        title: one(&of.title, of.url.as_str()),
        kicker: some(of.kicker),
        summary: some(of.summary),
        content: match of.content {
            Content::Full(html) => some(Some(html)).map_or(Content::Summary, Content::Full),
            Content::Summary => Content::Summary,
        },
        authors: of.authors.into_iter().filter_map(person).collect(),
        terms: of.terms.into_iter().filter_map(term).collect(),
        picture: of.picture.map(|picture| Picture {
            alt: some(picture.alt),
            caption: some(picture.caption),
            ..picture
        }),
        dateline: some(of.dateline),
        genre: of.genre.and_then(|(code, words)| Some((code, some(Some(words))?))),
        source: of.source.and_then(|(name, url)| Some((some(Some(name))?, url))),
        rights: some(of.rights),
        changes: of.changes.into_iter().filter_map(note).collect(),
        withdrawn: of.withdrawn.map(|notice| {
            let Notice { at, html, text } = notice;
            Notice { at, html: clean(&html).into_owned(), text: clean(&text).into_owned() }
        }),
        ..of
    }
}
