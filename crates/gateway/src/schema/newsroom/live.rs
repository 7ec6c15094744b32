//! What is live of an entry in work, how it ends, and who agreed to what.

use std::sync::Arc;

use async_graphql::{Context, Enum, Object, SimpleObject};
use courant_domain::{address, edition, revision::RevisionNumber, workflow};
use courant_persistence::LiveRow;

use super::actor::Actor;
use crate::{
    error::Error,
    loader::EditionOf,
    schema::{
        context::request,
        projection,
        publication::{ChangeNote, Publication, Withdrawal},
        scalar::DateTime,
    },
};

/// What readers see of one language of an entry, as the newsroom keeps it.
pub(crate) struct LiveEdition(pub(super) Arc<LiveRow>);

/// What readers see of one language of an entry, as the newsroom keeps it.
#[Object]
impl LiveEdition {
    /// The number of the revision it was made from.
    async fn revision(&self) -> RevisionNumber {
        self.0.edition.revision
    }

    /// Its path on the site.
    async fn path(&self) -> String {
        address::entry_path(self.0.edition.locale, self.0.kind, &self.0.slug)
    }

    /// The date it carries, and is sorted by.
    async fn published_at(&self) -> DateTime {
        DateTime(self.0.edition.published_at)
    }

    /// When it went live for the first time.
    async fn first_published_at(&self) -> DateTime {
        DateTime(self.0.edition.first_published_at)
    }

    /// When what readers see last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.edition.updated_at)
    }

    /// The public notes of major publishes, oldest first.
    async fn change_notes(&self) -> Vec<ChangeNote> {
        self.0.edition.change_notes.iter().cloned().map(ChangeNote::from).collect()
    }

    /// Set while it is withdrawn with a notice.
    async fn withdrawal(&self) -> Option<Withdrawal> {
        self.0.edition.withdrawal.as_ref().map(Withdrawal::from)
    }

    /// The same as readers get it; null when it was taken back this instant.
    async fn publication(&self, ctx: &Context<'_>) -> Option<Result<Publication, Error>> {
        let (entry, locale) = (self.0.edition.entry, self.0.edition.locale);
        let key = EditionOf { entry, locale, parts: projection::below(ctx) };
        request(ctx).live.load_one(key).await.map(|found| found.map(Publication::of)).transpose()
    }
}

/// An editor's consent to the newest revision.
#[derive(SimpleObject)]
pub(crate) struct Approval {
    /// Who gave it.
    by: Actor,
    /// When.
    at: DateTime,
}

impl From<&workflow::Approval> for Approval {
    fn from(approval: &workflow::Approval) -> Self {
        Self { by: Actor(approval.by.clone()), at: DateTime(approval.at) }
    }
}

/// The set end of what is live, or of what will be.
#[derive(SimpleObject)]
pub(crate) struct Expiry {
    /// When it ends.
    at: DateTime,
    /// Who set it.
    by: Actor,
    /// What readers get from then on.
    ending: Ending,
}

impl From<&workflow::Expiry> for Expiry {
    fn from(expiry: &workflow::Expiry) -> Self {
        Self { at: DateTime(expiry.at), by: Actor(expiry.by.clone()), ending: Ending(expiry.ending.clone()) }
    }
}

/// What readers get where something was live, once it is taken back.
pub(crate) struct Ending(edition::Ending);

/// What readers get where something was live, once it is taken back.
#[Object]
impl Ending {
    /// What sort of ending it is.
    async fn kind(&self) -> EndingKind {
        match self.0 {
            edition::Ending::Notice(_) => EndingKind::Notice,
            edition::Ending::Redirect(_) => EndingKind::Redirect,
            edition::Ending::Gone => EndingKind::Gone,
            edition::Ending::Vanish => EndingKind::Vanish,
        }
    }

    /// What readers are told; null for all kinds but `NOTICE`.
    async fn notice(&self) -> Option<&str> {
        match &self.0 {
            edition::Ending::Notice(notice) => Some(notice),
            _ => None,
        }
    }

    /// Where readers are led; null for all kinds but `REDIRECT`.
    async fn target(&self) -> Option<&str> {
        match &self.0 {
            edition::Ending::Redirect(target) => Some(target),
            _ => None,
        }
    }
}

/// What sort of ending something live has.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
pub(crate) enum EndingKind {
    /// It can still be read, and says that it was withdrawn and why.
    Notice,
    /// It leads to another path of the site, or to another site.
    Redirect,
    /// Readers are told that it is gone for good (HTTP 410).
    Gone,
    /// Readers find nothing, as if it had never been (HTTP 404).
    Vanish,
}
