//! The tokens of a session.

use courant_domain::account::User;
use courant_identity::{
    NoRandomness, Secret,
    opaque::{self, Kind, TokenHash},
    signed::Access,
};
use courant_persistence::{Session, Store};
use jiff::{SignedDuration, Timestamp};

use super::Identity;

/// What somebody who signs in is given.
pub(crate) struct Tokens {
    pub(crate) access: Secret,
    pub(crate) access_expires_at: Timestamp,
    pub(crate) refresh: Secret,
    pub(crate) refresh_expires_at: Timestamp,
    pub(crate) user: User,
}

impl Identity {
    /// How long a session lasts that begins now.
    pub(crate) fn session_lifetime(&self) -> SignedDuration {
        self.session_lifetime
    }

    /// A new refresh token, and the hash to keep of it.
    pub(crate) fn refresh_token() -> Result<(Secret, TokenHash), NoRandomness> {
        opaque::generate(Kind::Refresh)
    }

    /// The tokens of a session that goes on with this refresh token.
    pub(crate) async fn tokens(&self, store: &Store, session: Session, refresh: Secret) -> Tokens {
        let now = store.now();
        // No access token outlives its session; tokens are exact to the second.
        let end = now.checked_add(self.access_lifetime).unwrap_or(session.expires_at).min(session.expires_at);
        let end = Timestamp::from_second(end.as_second()).unwrap_or(end);
        let access = Access { user: session.user.id, session: session.id, issued_at: now, expires_at: end };
        Tokens {
            access: self.keyring.keys(store).await.access_issue(&access),
            access_expires_at: end,
            refresh,
            refresh_expires_at: session.expires_at,
            user: session.user,
        }
    }
}
