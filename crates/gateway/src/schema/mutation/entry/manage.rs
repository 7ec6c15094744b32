//! An entry as a whole: where it is filed, copies of it, its end.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use courant_persistence::{EntryDuplicate, EntryFile};
use macro_rules_attribute::apply;

use super::{
    entry_id,
    payload::{DeleteEntryPayload, EntryPayload},
};
use crate::{
    error::Error,
    schema::{
        context::request,
        id::NodeKind,
        mutation::{
            input::{Reader, given},
            perform,
        },
        scalar::Locale,
    },
};

/// Where an entry is to be filed: what is not given stays, and null empties.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct FileEntryInput {
    /// The entry.
    entry_id: ID,
    /// Its category; never empty.
    category_id: MaybeUndefined<ID>,
    /// Its subjects, the most important first: each once, at most 50.
    tags: MaybeUndefined<Vec<ID>>,
}

/// An entry to copy.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct DuplicateEntryInput {
    /// The entry.
    entry_id: ID,
    /// Which of its languages; all that the viewer may read when none are given.
    locales: Option<Vec<Locale>>,
}

/// An entry to delete.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct DeleteEntryInput {
    /// The entry.
    entry_id: ID,
}

#[derive(Default)]
pub(crate) struct EntryMutations;

#[Object]
impl EntryMutations {
    /// Files an entry under another category or other tags. Readers see it there once each language is published
    /// again.
    async fn file_entry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which entry, and where.")] input: FileEntryInput,
    ) -> Option<Result<EntryPayload, Error>> {
        let mut reader = Reader::default();
        let file = EntryFile {
            entry: entry_id(&mut reader, &input.entry_id),
            category: reader
                .required("categoryId", input.category_id)
                .map(|id| reader.id("categoryId", &id, &[NodeKind::Category])),
            tags: given(input.tags, |tags| reader.ids("tags", &tags, &[NodeKind::Tag])),
        };
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        Some(perform(ctx, key, reader, async |command| store.newsroom().entry_file(command, &file).await).await)
    }

    /// Makes a new entry out of the newest revisions of another, as drafts without slugs and numbers of their own.
    async fn duplicate_entry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which entry.")] input: DuplicateEntryInput,
    ) -> Option<Result<EntryPayload, Error>> {
        let mut reader = Reader::default();
        let duplicate = EntryDuplicate {
            entry: entry_id(&mut reader, &input.entry_id),
            locales: input.locales.map(|locales| locales.into_iter().map(|locale| locale.0).collect()),
        };
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        Some(
            perform(ctx, key, reader, async |command| store.newsroom().entry_duplicate(command, &duplicate).await)
                .await,
        )
    }

    /// Deletes an entry that readers never saw, with all its revisions.
    async fn delete_entry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which entry.")] input: DeleteEntryInput,
    ) -> Option<Result<DeleteEntryPayload, Error>> {
        let mut reader = Reader::default();
        let entry = entry_id(&mut reader, &input.entry_id);
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        Some(perform(ctx, key, reader, async |command| store.newsroom().entry_delete(command, entry).await).await)
    }
}
