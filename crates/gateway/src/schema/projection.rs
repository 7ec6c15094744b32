//! Which parts of editions a selection wants, so that a statement selects these and no others. What each field is made of is declared
//! in `publication::table`.

use async_graphql::{Context, SelectionField};
use courant_persistence::publication::Parts;

use super::publication::table::parts_of;

/// The parts that the fields below a field that gives publications want. Fragments are followed.
pub(super) fn of_field(field: SelectionField<'_>) -> Parts {
    field.selection_set().fold(Parts::NONE, |parts, field| parts.union(parts_of(field)))
}

/// The parts wanted below the field that is being resolved.
pub(super) fn below(ctx: &Context<'_>) -> Parts {
    of_field(ctx.field())
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
