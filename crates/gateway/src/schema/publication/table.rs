//! The fields of articles and decrees, each declared once: its name, the parts of an edition it is made of, and, where lists show it
//! so often that its resolver would cost more than it does, how it is written when the page has brought it.
//!
//! A resolver that asks for other parts than are declared here gives the same answer with one more statement. What an author writes and
//! is not declared here is a detail; any other field that is missing here fails the test below.

use std::{borrow::Cow, collections::HashSet, sync::LazyLock};

use async_graphql::SelectionField;
use courant_domain::{address, article::ArticleContent, decree::DecreeContent, diff::camel_case};
use courant_persistence::publication::{Parts, Publication};

use super::json_ld;

/// Declares fields by name: first those that are written from what is at hand, with the parts they are made of and how that is done,
/// then all others. Parts may depend on the `selection` below the field.
macro_rules! fields {
    (
        $selection:ident, $edition:ident:
        $($listed:literal => $listed_parts:expr, $at_hand:expr;)+
        others:
        $($($name:literal)|+ => $parts:expr;)+
    ) => {
        /// The parts that a field of an article or decree is made of. Those of another type's field of that name cost a column too
        /// many, never one too few.
        pub(in crate::schema) fn parts_of($selection: SelectionField<'_>) -> Parts {
            match $selection.name() {
                $($listed => $listed_parts,)+
                $($($name)|+ => $parts,)+
                written if is_written(written) => Parts::DETAILS,
                // `__typename`, which takes nothing.
                _ => Parts::NONE,
            }
        }

        /// What every list of editions shows, if the page has brought it. What it has not has its resolver.
        pub(in crate::schema) fn at_hand<'a>($edition: &'a Publication, field: &str) -> Option<Cow<'a, str>> {
            match field {
                $($listed => $at_hand,)+
                _ => None,
            }
        }

        #[cfg(test)]
        const NAMES: &[&str] = &[$($listed,)+ $($($name),+),+];
    };
}

fields! {
    selection, edition:
    "title" => Parts::TITLE, edition.title.as_deref().map(Cow::from);
    "slug" => Parts::SLUG, edition.slug.as_deref().map(Cow::from);
    "path" => Parts::SLUG, edition.slug.as_deref().map(|slug| path(edition, slug).into());
    "publishedAt" => Parts::PUBLISHED_AT, edition.published_at.map(|at| at.to_string().into());

    others:
    "id" | "entryId" | "locale" | "translations" => Parts::NONE;
    "category" | "breadcrumbs" => Parts::CATEGORY;
    "summary" => Parts::SUMMARY;
    "firstPublishedAt" | "updatedAt" => Parts::HISTORY;
    "viewCount" => Parts::VIEWS;
    "related" => Parts::CATEGORY.union(Parts::DETAILS);
    // Beside what an author writes.
    "tags" | "changeNotes" | "withdrawal" => Parts::DETAILS;
    "jsonLd" => json_ld::PARTS;
    "body" => parts_of_body(selection);
    // A decree's own.
    "number" | "signedOn" | "status" | "inForceFrom" | "inForceUntil" => Parts::DECREE;
    "relations" | "coverage" => Parts::NONE;
}

/// Whether it is a field that authors write: what has no column of its own of these is a detail.
fn is_written(field: &str) -> bool {
    static WRITTEN: LazyLock<HashSet<String>> = LazyLock::new(|| {
        [ArticleContent::FIELDS, DecreeContent::FIELDS].concat().into_iter().map(camel_case).collect()
    });
    WRITTEN.contains(field)
}

fn path(edition: &Publication, slug: &str) -> String {
    address::entry_path(edition.locale, edition.kind, slug)
}

/// The parts that the fields below one that gives a text are made of.
pub(in crate::schema) fn parts_of_body(body: SelectionField<'_>) -> Parts {
    body.selection_set().fold(Parts::NONE, |parts, field| parts.union(parts_of_text(field.name())))
}

fn parts_of_text(field: &str) -> Parts {
    match field {
        "html" => Parts::HTML,
        "text" => Parts::TEXT,
        "format" | "source" => Parts::SOURCE,
        "outline" => Parts::OUTLINE,
        "embeds" => Parts::EMBEDS,
        "wordCount" | "readingTimeMinutes" => Parts::WORD_COUNT,
        _ => Parts::NONE,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::schema::walk::fields_of;

    #[test]
    fn each_field_of_a_publication_is_declared_or_written_by_its_author() {
        let declared: BTreeSet<String> = NAMES.iter().map(ToString::to_string).collect();
        assert_eq!(declared.len(), NAMES.len(), "one is declared twice");
        let shown: BTreeSet<String> =
            ["Article", "Decree"].into_iter().flat_map(|ty| fields_of(ty).into_keys()).collect();
        assert_eq!(declared.difference(&shown).collect::<Vec<_>>(), [] as [&String; 0], "no field of this name");
        let forgotten = shown.iter().filter(|field| !declared.contains(*field) && !is_written(field));
        assert_eq!(forgotten.collect::<Vec<_>>(), [] as [&String; 0], "say in the table what they are made of");
    }

    #[test]
    fn each_field_of_a_text_is_made_of_a_part() {
        for field in fields_of("RichText").keys() {
            assert_ne!(parts_of_text(field), Parts::NONE, "{field}");
        }
    }
}
