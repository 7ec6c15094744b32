//! Whether somebody is still who they were when their request came.
//!
//! A request may ask for many changes, one after the other, and in between its sender may be kept out, lose roles or
//! sign out, by one of these changes, too. So each of them asks again, under the lock that all writers take.

use std::sync::OnceLock;

use courant_domain::{
    access::Viewer,
    id::{ApiTokenId, SessionId, UserId},
};
use jiff::Timestamp;

use crate::{
    command::{WriteError, Written},
    db::transaction::Transaction,
};

/// By what somebody has shown who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// A session of theirs.
    Session {
        /// The user.
        user: UserId,
        /// The session.
        session: SessionId,
    },
    /// A machine's token.
    Token(ApiTokenId),
    /// Something that holds until a time, and of which nothing else is known here.
    Until(Timestamp),
}

/// What one change asks the database of its sender, and was answered.
#[derive(Debug)]
pub struct Still {
    shown: Shown,
    now: OnceLock<Viewer>,
}

impl Still {
    /// What somebody has shown, to be asked of again.
    #[must_use]
    pub const fn new(shown: Shown) -> Self {
        Self { shown, now: OnceLock::new() }
    }

    /// Who they turned out to be, if that is another than they were.
    #[must_use]
    pub fn changed(self) -> Option<Viewer> {
        self.now.into_inner()
    }

    /// Who somebody is now that was this when they began to ask.
    pub(crate) async fn ask<'a>(&'a self, tx: &Transaction, was: &'a Viewer) -> Written<&'a Viewer> {
        let now = match self.shown {
            Shown::Session { user, session } => tx.session_viewer(user, session).await?,
            Shown::Token(id) => tx.token_viewer(id).await?,
            Shown::Until(end) if tx.now < end => return Ok(was),
            Shown::Until(_) => None,
        };
        let now = now.ok_or(WriteError::Unknown)?;
        Ok(if now == *was { was } else { self.now.get_or_init(|| now) })
    }
}
