//! What comes of a change to an entry.

use async_graphql::{Context, Object, SimpleObject};
use courant_domain::id::EntryId;
use courant_persistence::VersionKey;

use super::warning::{Warning, warnings};
use crate::{
    error::Error,
    schema::{
        mutation::UserError,
        newsroom::{EditorialEntry, EditorialVersion},
    },
};

/// What came of a change to one language of an entry.
pub(crate) struct VersionPayload {
    key: Option<VersionKey>,
    user_errors: Vec<UserError>,
}

impl VersionPayload {
    /// The payload of a change to this language, whether it was made or not.
    pub(super) fn about(mut self, key: VersionKey) -> Self {
        self.key.get_or_insert(key);
        self
    }
}

impl From<Result<VersionKey, Vec<UserError>>> for VersionPayload {
    fn from(outcome: Result<VersionKey, Vec<UserError>>) -> Self {
        match outcome {
            Ok(key) => Self { key: Some(key), user_errors: Vec::new() },
            Err(user_errors) => Self { key: None, user_errors },
        }
    }
}

/// What came of a change to one language of an entry.
#[Object]
impl VersionPayload {
    /// The entry as it is now, whether it was changed or not; null when there is none for this viewer.
    async fn entry(&self, ctx: &Context<'_>) -> Option<Result<EditorialEntry, Error>> {
        EditorialEntry::find(ctx, self.key?.entry).await.transpose()
    }

    /// The language as it is now, with its newest revision, whether it was changed or not: after a conflict, this is
    /// what the change should have been based on.
    async fn version(&self, ctx: &Context<'_>) -> Option<Result<EditorialVersion, Error>> {
        let key = self.key?;
        match EditorialEntry::find(ctx, key.entry).await.transpose()? {
            Ok(entry) => entry.in_locale(ctx, key.locale).await.transpose(),
            Err(error) => Some(Err(error)),
        }
    }

    /// What may be wrong with its newest revision, though it did not stand in the way: links in the text to addresses of the site
    /// where nothing is. Empty when nothing was changed.
    async fn warnings(&self, ctx: &Context<'_>) -> Result<Vec<Warning>, Error> {
        match self.key {
            Some(key) if self.user_errors.is_empty() => warnings(ctx, key).await,
            _ => Ok(Vec::new()),
        }
    }

    /// Why nothing was changed; empty when it was.
    async fn user_errors(&self) -> &[UserError] {
        &self.user_errors
    }
}

/// What came of a change to an entry as a whole.
pub(crate) struct EntryPayload {
    id: Option<EntryId>,
    user_errors: Vec<UserError>,
}

impl From<Result<EntryId, Vec<UserError>>> for EntryPayload {
    fn from(outcome: Result<EntryId, Vec<UserError>>) -> Self {
        match outcome {
            Ok(id) => Self { id: Some(id), user_errors: Vec::new() },
            Err(user_errors) => Self { id: None, user_errors },
        }
    }
}

/// What came of a change to an entry as a whole.
#[Object]
impl EntryPayload {
    /// The entry as it is now; null when nothing was changed.
    async fn entry(&self, ctx: &Context<'_>) -> Option<Result<EditorialEntry, Error>> {
        EditorialEntry::find(ctx, self.id?).await.transpose()
    }

    /// Why nothing was changed; empty when it was.
    async fn user_errors(&self) -> &[UserError] {
        &self.user_errors
    }
}

/// What came of deleting an entry.
#[derive(SimpleObject)]
pub(crate) struct DeleteEntryPayload {
    /// The id of what is there no more; null when nothing was deleted.
    deleted_entry_id: Option<async_graphql::ID>,
    /// Why nothing was deleted; empty when it was.
    user_errors: Vec<UserError>,
}

impl From<Result<EntryId, Vec<UserError>>> for DeleteEntryPayload {
    fn from(outcome: Result<EntryId, Vec<UserError>>) -> Self {
        match outcome {
            Ok(id) => Self { deleted_entry_id: Some(async_graphql::ID(id.to_string())), user_errors: Vec::new() },
            Err(user_errors) => Self { deleted_entry_id: None, user_errors },
        }
    }
}
