//! What articles and decrees have in common.

#![expect(clippy::duplicated_attributes, reason = "fields of an interface have types in common")]

pub(super) mod fields;
pub(super) mod json_ld;
mod object;
pub(super) mod table;

use std::sync::Arc;

use async_graphql::{ID, Interface, SimpleObject};
use courant_domain::{edition, entry::EntryKind};
use courant_persistence::publication;

pub(super) use self::object::publication_object;
use super::{
    article::Article,
    category::{Category, Crumb},
    decree::Decree,
    scalar::{DateTime, Locale},
    tag::Tag,
};
use crate::error::Error;
use crate::executor::{Eager, EagerList, eager_by_object};

/// Something a reader can open, in one language: an article or a decree. Everything below it is in its language, too.
#[derive(Interface, Clone)]
#[graphql(
    field(
        name = "id",
        ty = "ID",
        desc = "Its global id. It names the language, too: another language of the same entry is another object."
    ),
    field(name = "entry_id", ty = "ID", desc = "The entry it is one language of; the same in all languages."),
    field(
        name = "locale",
        ty = "Locale",
        desc = "The language it is in. Where that is a fallback, this is the real one."
    ),
    field(name = "slug", ty = "String", desc = "Its name in addresses, unique among those of its type and language."),
    field(name = "path", ty = "String", desc = "Its path on the site."),
    field(name = "title", ty = "String", desc = "The headline, or a decree's official title."),
    field(name = "summary", ty = "Option<Result<String, Error>>", desc = "The standfirst: one or two sentences."),
    field(name = "published_at", ty = "DateTime", desc = "The date it carries, and is sorted by."),
    field(name = "first_published_at", ty = "DateTime", desc = "When it went live for the first time."),
    field(name = "updated_at", ty = "DateTime", desc = "When what readers see last changed."),
    field(name = "category", ty = "Eager<Category>", desc = "Where it is filed."),
    field(
        name = "breadcrumbs",
        ty = "EagerList<Crumb>",
        desc = "The way to it: the front page, then the categories from the top."
    ),
    field(name = "tags", ty = "EagerList<Tag>", desc = "Its subjects, the most important first."),
    field(name = "view_count", ty = "i32", desc = "How often the entry was read, in all its languages."),
    field(
        name = "translations",
        ty = "EagerList<Publication>",
        desc = "The same entry in the other languages it is live in."
    ),
    field(
        name = "related",
        ty = "Option<Result<EagerList<Publication>, Error>>",
        arg(
            name = "first",
            ty = "i32",
            default = 5,
            desc = "How many at the most, up to 100; there are about twenty."
        ),
        desc = "What its editors chose to go with it, then what is most like it. The order may lag by some seconds."
    ),
    field(
        name = "change_notes",
        ty = "Vec<ChangeNote>",
        desc = "What was changed since it was first published, oldest first."
    ),
    field(
        name = "json_ld",
        ty = "String",
        desc = "What it is in the terms of schema.org, as JSON-LD: a list of two objects, the text and the way to it. It can be put into \
                a script element of a page as it is. Addresses in it are absolute where the server knows where the site is."
    ),
    field(
        name = "withdrawal",
        ty = "Option<Result<Withdrawal, Error>>",
        desc = "Set when it was taken back but can still be read."
    )
)]
pub(crate) enum Publication {
    /// An article.
    Article(Article),
    /// A decree.
    Decree(Decree),
}

impl Publication {
    /// The object for an edition.
    pub(super) fn of(edition: Arc<publication::Publication>) -> Self {
        match edition.kind {
            EntryKind::Article => Self::Article(Article(edition)),
            EntryKind::Decree => Self::Decree(Decree(edition)),
        }
    }
}

eager_by_object!(Publication: Article, Decree);

/// A public note on a change.
#[derive(SimpleObject)]
pub(crate) struct ChangeNote {
    /// When the change went live.
    at: DateTime,
    /// What changed.
    note: String,
}

impl From<edition::ChangeNote> for ChangeNote {
    fn from(note: edition::ChangeNote) -> Self {
        Self { at: DateTime(note.at), note: note.note }
    }
}

/// Why something was taken back.
#[derive(SimpleObject)]
pub(crate) struct Withdrawal {
    /// Since when.
    at: DateTime,
    /// What readers are told, in words alone.
    notice: String,
    /// What readers are told, as sanitised HTML, safe to put into a page.
    html: String,
}

impl From<&edition::Withdrawal> for Withdrawal {
    fn from(withdrawal: &edition::Withdrawal) -> Self {
        let text = withdrawal.text();
        Self { at: DateTime(withdrawal.at), notice: text.text().to_owned(), html: text.html().to_owned() }
    }
}
