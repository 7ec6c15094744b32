//! Who may come in, and by what they show it: users, sessions, API tokens, the secret that signs.

mod api_token;
mod secret;
mod session;
mod still;
mod user;

pub(crate) use self::user::read_user;
pub use self::{
    api_token::{ApiTokenCreate, ApiTokenMade, TokenViewer},
    secret::ServerSecrets,
    session::{Session, SessionEnd, SessionStart, SignedIn},
    still::{Shown, Still},
    user::{Credentials, NewPassword, TokensThen, UserCreate, UserUpdate},
};
use crate::store::Store;

/// Users, sessions, API tokens and the secret that signs.
#[derive(Debug, Clone)]
pub struct Accounts {
    store: Store,
}

impl Store {
    /// Users, sessions, API tokens and the secret that signs.
    #[must_use]
    pub fn accounts(&self) -> Accounts {
        Accounts { store: self.clone() }
    }
}
