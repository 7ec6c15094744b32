//! Links that show what is not live.

use std::sync::Arc;

use async_graphql::{ID, Object};
use courant_domain::revision::RevisionNumber;
use courant_persistence as store;

use super::actor::Actor;
use crate::schema::scalar::{DateTime, Locale};

/// A link that shows one revision to whoever has it, while it holds.
pub(crate) struct PreviewLink(pub(super) Arc<store::PreviewLink>);

/// A link that shows one revision to whoever has it, while it holds.
#[Object]
impl PreviewLink {
    /// Its id: what `revokePreviews` and `node` take; not the token.
    pub(crate) async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// The language it shows.
    async fn locale(&self) -> Locale {
        Locale(self.0.locale)
    }

    /// The number of the revision it shows.
    async fn revision(&self) -> RevisionNumber {
        self.0.revision
    }

    /// Who made it.
    async fn created_by(&self) -> Option<Actor> {
        Some(Actor(self.0.created_by.clone()))
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it ends by itself.
    async fn expires_at(&self) -> Option<DateTime> {
        Some(DateTime(self.0.expires_at))
    }
}
