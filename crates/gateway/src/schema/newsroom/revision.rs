//! Revisions.

use std::sync::Arc;

use async_graphql::{Context, Object, SelectionField};
use courant_domain::{id::EntryId, locale::Locale, revision::RevisionNumber};
use courant_persistence::{RevisionParts, RevisionRow};

use super::{
    actor::Actor,
    draft::{DraftContent, MissingField},
};
use crate::{
    error::{Error, ErrorCode},
    loader::{LiveOf, RevisionOf},
    schema::{context::request, scalar::DateTime},
};

/// One snapshot of one language of an entry; it never changes.
#[derive(Clone)]
pub(crate) struct Revision {
    row: Arc<RevisionRow>,
    newest: RevisionNumber,
}

impl Revision {
    /// A revision that was read, of a language whose newest one is given.
    pub(super) const fn of(row: Arc<RevisionRow>, newest: RevisionNumber) -> Self {
        Self { row, newest }
    }

    /// The revision with at least these parts: the one at hand, or, when the look-ahead did not foresee them, loaded
    /// now.
    async fn with(&self, ctx: &Context<'_>, parts: RevisionParts) -> Result<Arc<RevisionRow>, Error> {
        if self.row.parts.contains(parts) {
            return Ok(self.row.clone());
        }
        let found = find(ctx, self.row.entry, self.row.locale, self.row.number, parts).await?;
        found.ok_or_else(gone)
    }
}

fn gone() -> Error {
    Error::new(ErrorCode::NotFound, "the revision was deleted meanwhile")
}

/// A revision by its number.
pub(super) async fn find(
    ctx: &Context<'_>,
    entry: EntryId,
    locale: Locale,
    number: RevisionNumber,
    parts: RevisionParts,
) -> Result<Option<Arc<RevisionRow>>, Error> {
    request(ctx).newsroom.load_one(RevisionOf { entry, locale, number, parts }).await
}

pub(super) const TITLE: RevisionParts = RevisionParts { title: true, content: false };
pub(super) const CONTENT: RevisionParts = RevisionParts { title: false, content: true };

/// The parts that the fields below a field that gives revisions want.
pub(super) fn parts_of(field: SelectionField<'_>) -> RevisionParts {
    field.selection_set().fold(RevisionParts::default(), |parts, field| {
        parts.union(match field.name() {
            "title" => TITLE,
            "content" | "missing" => CONTENT,
            _ => RevisionParts::default(),
        })
    })
}

/// The parts that the connection that is being resolved wants of its revisions.
pub(super) fn parts_of_connection(ctx: &Context<'_>) -> RevisionParts {
    let mut parts = RevisionParts::default();
    for field in ctx.field().selection_set() {
        match field.name() {
            "nodes" => parts = parts.union(parts_of(field)),
            "edges" => {
                for edge in field.selection_set().filter(|edge| edge.name() == "node") {
                    parts = parts.union(parts_of(edge));
                }
            }
            _ => {}
        }
    }
    parts
}

/// One snapshot of one language of an entry; it never changes.
#[Object]
impl Revision {
    /// Its number: 1 for the first of its entry and language, then 2, 3, ….
    async fn number(&self) -> RevisionNumber {
        self.row.number
    }

    /// The revision its author had before them; null for the first.
    async fn based_on(&self) -> Option<RevisionNumber> {
        self.row.based_on
    }

    /// When it was saved.
    async fn created_at(&self) -> DateTime {
        DateTime(self.row.created_at)
    }

    /// Who saved it.
    async fn created_by(&self) -> Actor {
        Actor(self.row.created_by.clone())
    }

    /// Why it was saved, in the author's words.
    async fn comment(&self) -> Option<&str> {
        self.row.comment.as_deref()
    }

    /// Whether no later one was saved.
    async fn is_newest(&self) -> bool {
        self.row.number == self.newest
    }

    /// Whether it is what readers see.
    async fn is_live(&self, ctx: &Context<'_>) -> Result<bool, Error> {
        let live = LiveOf { entry: self.row.entry, locale: self.row.locale };
        let live = request(ctx).newsroom.load_one(live).await?;
        Ok(live.is_some_and(|live| live.edition.revision == self.row.number))
    }

    /// Its title, without the cost of its `content`; null while it has none.
    async fn title(&self, ctx: &Context<'_>) -> Option<Result<String, Error>> {
        self.with(ctx, TITLE).await.map(|row| row.title.clone()).transpose()
    }

    /// What was written.
    async fn content(&self, ctx: &Context<'_>) -> Result<DraftContent, Error> {
        DraftContent::of(&self.with(ctx, CONTENT).await?).ok_or_else(gone)
    }

    /// What readers would still need before this could be published; empty when nothing.
    async fn missing(&self, ctx: &Context<'_>) -> Result<Vec<MissingField>, Error> {
        let row = self.with(ctx, CONTENT).await?;
        let missing = row.content.as_ref().map(courant_domain::content::Content::missing).unwrap_or_default();
        Ok(missing.into_iter().map(Into::into).collect())
    }
}
