//! Which parts of editions a selection wants, so that a statement selects these and no others.

use async_graphql::{Context, SelectionField};
use courant_persistence::publication::Parts;

/// The parts that the fields below a field that gives publications want. Fragments are followed; those on
/// another type cost a column too many, never one too few.
pub(super) fn of_field(field: SelectionField<'_>) -> Parts {
    let mut parts = Parts::NONE;
    for field in field.selection_set() {
        parts = parts.union(match field.name() {
            "title" => Parts::TITLE,
            "slug" | "path" => Parts::SLUG,
            "publishedAt" => Parts::PUBLISHED_AT,
            "category" | "breadcrumbs" => Parts::CATEGORY,
            "summary" => Parts::SUMMARY,
            "firstPublishedAt" | "updatedAt" => Parts::HISTORY,
            "number" | "signedOn" | "status" | "inForceFrom" | "inForceUntil" => Parts::DECREE,
            "viewCount" => Parts::VIEWS,
            "body" => of_body(field),
            "tags" | "kicker" | "kind" | "authors" | "dateline" | "leadImage" | "source" | "canonicalUrl"
            | "rights" | "effectiveOn" | "repealedOn" | "signatory" | "changeNotes" | "withdrawal" | "decrees"
            | "delivery" => Parts::DETAILS,
            "related" => Parts::CATEGORY.union(Parts::DETAILS),
            _ => Parts::NONE,
        });
    }
    parts
}

/// The parts wanted below the field that is being resolved.
pub(super) fn below(ctx: &Context<'_>) -> Parts {
    of_field(ctx.field())
}

/// The parts of the text wanted by the `body` field that is being resolved.
pub(super) fn of_child_body(ctx: &Context<'_>) -> Parts {
    of_body(ctx.field())
}

fn of_body(field: SelectionField<'_>) -> Parts {
    field.selection_set().fold(Parts::NONE, |parts, field| {
        parts.union(match field.name() {
            "html" => Parts::HTML,
            "text" => Parts::TEXT,
            "format" | "source" => Parts::SOURCE,
            "outline" => Parts::OUTLINE,
            "wordCount" | "readingTimeMinutes" => Parts::WORD_COUNT,
            _ => Parts::NONE,
        })
    })
}

/// What is wanted of a connection.
pub(super) struct OfConnection {
    /// The parts of its nodes.
    pub(super) parts: Parts,
    /// Whether its page is wanted at all, and not only its count.
    pub(super) page: bool,
    /// Whether it shall say if there is more.
    pub(super) more: bool,
}

/// What is wanted of the connection that is being resolved.
pub(super) fn of_connection(ctx: &Context<'_>) -> OfConnection {
    let mut wanted = OfConnection { parts: Parts::NONE, page: false, more: false };
    for field in ctx.field().selection_set() {
        match field.name() {
            "nodes" => {
                wanted.page = true;
                wanted.parts = wanted.parts.union(of_field(field));
            }
            "edges" => {
                wanted.page = true;
                for edge in field.selection_set().filter(|edge| edge.name() == "node") {
                    wanted.parts = wanted.parts.union(of_field(edge));
                }
            }
            "pageInfo" => {
                wanted.page = true;
                wanted.more |=
                    field.selection_set().any(|field| matches!(field.name(), "hasNextPage" | "hasPreviousPage"));
            }
            _ => {}
        }
    }
    wanted
}

/// The parts of the publication in a field named `name` below the one that is being resolved.
pub(super) fn of_child(ctx: &Context<'_>, name: &str) -> Parts {
    ctx.field()
        .selection_set()
        .filter(|field| field.name() == name)
        .fold(Parts::NONE, |parts, field| parts.union(of_field(field)))
}
