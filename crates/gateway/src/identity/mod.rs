//! Who is asking: from a bearer token to a viewer, from a password to the tokens of a session.
//!
//! *Invariants*: a token that does not hold is refused and never passed over; whether it holds is asked of the
//! database for every request, so that what was ended, revoked or taken away is gone at once. No password or token
//! gets into the log.

mod bearer;
mod keyring;
mod lanes;
mod password;
mod tokens;

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex},
};

use courant_domain::{
    access::Role,
    id::{ApiTokenId, SessionId},
};
use courant_identity::{
    external::Issuer,
    password::{Cost, HashError},
    throttle::{Limits, PLACES, Place, RetryAfter, Throttle},
};
use courant_persistence::{Store, StoreError};
use jiff::{SignedDuration, Timestamp};

pub use self::bearer::{Bearer, Denied};
use self::{keyring::Keyring, password::Passwords};
pub(crate) use self::{lanes::Lane, password::Unhashed, tokens::Tokens};

/// How people sign in, and whose tokens are taken.
#[derive(Debug, Clone)]
pub struct IdentityConfig {
    /// How long an access token holds. 10 minutes.
    pub access_lifetime: SignedDuration,
    /// How long a session lasts from the sign-in on. 30 days.
    pub session_lifetime: SignedDuration,
    /// How often a sign-in may be tried.
    pub throttle: Limits,
    /// What a new password's hash costs.
    pub password_cost: Cost,
    /// An OpenID Connect issuer whose tokens are taken, too, and which roles they give.
    pub issuer: Option<Issuer<Role>>,
}

impl Default for IdentityConfig {
    fn default() -> Self {
        Self {
            access_lifetime: SignedDuration::from_mins(10),
            session_lifetime: SignedDuration::from_hours(30 * 24),
            throttle: Limits::default(),
            password_cost: Cost::OWASP,
            issuer: None,
        }
    }
}

/// Why a service cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The secret that signs tokens cannot be had from the database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Passwords cannot be hashed as configured.
    #[error(transparent)]
    Hash(#[from] HashError),
}

/// What tells who is asking.
pub struct Identity {
    /// What signs and checks access and preview tokens.
    pub(crate) keyring: Keyring,
    passwords: Passwords,
    throttle: Throttle,
    issuer: Option<Issuer<Role>>,
    access_lifetime: SignedDuration,
    session_lifetime: SignedDuration,
    /// When this process last noted that a machine's token is used.
    noted: Mutex<HashMap<ApiTokenId, Timestamp>>,
}

impl Identity {
    /// With the secret of this database, and the places that people have signed in from. Makes one hash, which takes tens
    /// of milliseconds.
    ///
    /// # Errors
    /// [`StartError`] when the database fails, or passwords cannot be hashed.
    pub async fn open(store: &Store, config: IdentityConfig) -> Result<Arc<Self>, StartError> {
        let throttle = Throttle::new(config.throttle);
        let places = store.accounts().sign_in_places(u32::try_from(PLACES).unwrap_or(u32::MAX)).await?;
        // The last are the last to be forgotten.
        for (email, address) in places.into_iter().rev() {
            if let Ok(address) = address.parse() {
                throttle.remember(&email, address);
            }
        }
        Ok(Arc::new(Self {
            keyring: Keyring::open(store).await?,
            passwords: Passwords::new(config.password_cost)?,
            throttle,
            issuer: config.issuer,
            access_lifetime: config.access_lifetime,
            session_lifetime: config.session_lifetime,
            noted: Mutex::default(),
        }))
    }

    /// Counts one attempt to sign in, and says in which lane it waits: those who come from where they have signed in
    /// before go first.
    pub(crate) fn attempt(&self, account: &str, address: Option<IpAddr>) -> Result<Lane, RetryAfter> {
        Ok(match self.throttle.check(account, or_none(address))? {
            Place::Known => Lane::First,
            Place::Unknown => Lane::Then,
        })
    }

    /// Counts one attempt to show a password by somebody who is signed in.
    pub(crate) fn attempt_within(&self, session: SessionId) -> Result<Lane, RetryAfter> {
        self.throttle.check_session(session).map(|()| Lane::First)
    }

    /// Remembers that somebody is signed in from an address.
    pub(crate) fn remember(&self, account: &str, address: Option<IpAddr>) {
        self.throttle.remember(account, or_none(address));
    }
}

/// Without an address (a socket in the file system, say) all are one.
fn or_none(address: Option<IpAddr>) -> IpAddr {
    address.unwrap_or(IpAddr::from([0, 0, 0, 0]))
}
