//! From a bearer token to a viewer: without the database where the token says all, else with one statement.

use std::{collections::HashMap, net::IpAddr, sync::PoisonError};

use courant_domain::{
    access::{ActorId, Grant, Role, Viewer},
    account::MAX_NAME,
    id::{ApiTokenId, SessionId},
    text::clean_name,
};
use courant_identity::{
    bearer::Credential,
    external::{External, LEEWAY},
};
use courant_persistence::{Shown, SignedIn, Store, StoreError};
use jiff::{SignedDuration, Timestamp};

use super::Identity;

/// Somebody whose bearer token holds.
pub struct Bearer {
    /// Who it is.
    pub viewer: Viewer,
    /// The session behind it, if it is an access token of ours.
    pub session: Option<SessionId>,
    /// What each change asks of it again.
    pub shown: Shown,
}

/// Why nobody can be told from a bearer token.
pub enum Denied {
    /// It does not hold. Why, is for the log.
    Token(String),
    /// The database could not be asked.
    Store(StoreError),
}

impl From<StoreError> for Denied {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Denied {
    fn because(reason: impl std::fmt::Display) -> Self {
        Self::Token(reason.to_string())
    }
}

impl Identity {
    /// Who a bearer token, the text behind `Bearer `, makes of whoever sends it.
    ///
    /// # Errors
    /// [`Denied`] when it does not hold, or the database cannot be asked.
    pub async fn bearer(&self, store: &Store, token: &str, address: Option<IpAddr>) -> Result<Bearer, Denied> {
        let now = store.now();
        match Credential::parse(token).map_err(Denied::because)? {
            Credential::AccessToken(token) => {
                let access = self.keyring.check(store, |keys| keys.access_read(token, now)).await;
                let access = access.map_err(Denied::because)?;
                let found = store.accounts().session_viewer(access.user, access.session, now).await?;
                let SignedIn { viewer, email } = found.ok_or_else(|| Denied::because("the session has ended"))?;
                // Any node may be the one at which they sign in next.
                self.remember(&email, address);
                let shown = Shown::Session { user: access.user, session: access.session };
                Ok(Bearer { viewer, session: Some(access.session), shown })
            }
            Credential::ApiToken(hash) => {
                let found = store.accounts().api_token_viewer(hash, now).await?;
                let found = found.ok_or_else(|| Denied::because("the API token is unknown, revoked or expired"))?;
                if found.is_due(now) {
                    self.note_use(store, found.id, now);
                }
                Ok(Bearer { viewer: found.viewer, session: None, shown: Shown::Token(found.id) })
            }
            Credential::External(token) => {
                let issuer = self.issuer.as_ref().ok_or_else(|| Denied::because("no external issuer is trusted"))?;
                let external = issuer.read(token, now).map_err(Denied::because)?;
                let shown = Shown::Until(external.expires_at.checked_add(LEEWAY).unwrap_or(Timestamp::MAX));
                Ok(Bearer { viewer: viewer_of(external), session: None, shown })
            }
            Credential::PreviewToken(_) => Err(Denied::because("a preview token is not a bearer token")),
        }
    }

    /// Has it written down that a token is used; nobody waits for it.
    fn note_use(&self, store: &Store, id: ApiTokenId, now: Timestamp) {
        const MINUTE: SignedDuration = SignedDuration::from_mins(1);
        let is_recent = |at: &Timestamp| now.duration_since(*at) < MINUTE;
        // What comes while it is being written, and what fails to be, waits for the next minute.
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.get(&id).is_some_and(is_recent) {
            return;
        }
        HashMap::retain(&mut noted, |_, at| is_recent(at));
        noted.insert(id, now);
        drop(noted);
        let store = store.clone();
        tokio::spawn(async move {
            match store.accounts().api_token_used(id).await {
                // The store says so once.
                Ok(()) | Err(StoreError::StorageFull) => {}
                Err(error) => tracing::warn!(%error, token = %id, "cannot note that an API token is used"),
            }
        });
    }
}

/// Somebody whom the issuer vouches for. They have the roles it gives them, without limits.
fn viewer_of(external: External<Role>) -> Viewer {
    let name = external.name.or(external.email).or_else(|| clean_name(&external.subject, MAX_NAME));
    Viewer {
        actor: ActorId::external(&external.issuer, &external.subject),
        name: name.unwrap_or(external.subject),
        grants: external.roles.into_iter().map(Grant::everywhere).collect(),
    }
}
