//! The fields of articles and decrees, each declared once: its name, the parts of an edition it is made of, and, where lists show it
//! so often that its resolver would cost more than it does, how it is written when the page has brought it.
//!
//! A resolver that asks for other parts than are declared here gives the same answer with one more statement. A field that is
//! missing here fails the test below.

use std::borrow::Cow;

use async_graphql::SelectionField;
use courant_domain::address;
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
    "tags" | "changeNotes" | "withdrawal" => Parts::DETAILS;
    "jsonLd" => json_ld::PARTS;
    "body" => parts_of_body(selection);
    // What sort of text it is, and what is an article's own.
    "genre" | "documentType" | "kicker" | "dateline" | "authors" | "leadImage" | "source" => Parts::DETAILS;
    "canonicalUrl" | "rights" | "delivery" | "covers" => Parts::DETAILS;
    // A decree's own.
    "number" | "signedOn" | "status" | "inForceFrom" | "inForceUntil" => Parts::DECREE;
    "effectiveOn" | "repealedOn" | "signatory" => Parts::DETAILS;
    "relations" | "coverage" => Parts::NONE;
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

    use async_graphql::parser::{
        parse_schema,
        types::{TypeKind, TypeSystemDefinition},
    };

    use super::*;
    use crate::schema::sdl;

    /// The fields of these object types, by what the server says of its schema.
    fn fields_of(wanted: &[&str]) -> BTreeSet<String> {
        let document = parse_schema(sdl()).unwrap();
        let objects = document.definitions.into_iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(ty) if wanted.contains(&ty.node.name.node.as_str()) => match ty.node.kind {
                TypeKind::Object(object) => Some(object.fields),
                _ => None,
            },
            _ => None,
        });
        objects.flatten().map(|field| field.node.name.node.to_string()).collect()
    }

    #[test]
    fn each_field_of_a_publication_is_declared_and_no_other() {
        let declared: BTreeSet<String> = NAMES.iter().map(ToString::to_string).collect();
        assert_eq!(declared.len(), NAMES.len(), "one is declared twice");
        assert_eq!(declared, fields_of(&["Article", "Decree"]));
    }

    #[test]
    fn each_field_of_a_text_is_made_of_a_part() {
        for field in fields_of(&["RichText"]) {
            assert_ne!(parts_of_text(&field), Parts::NONE, "{field}");
        }
    }
}
