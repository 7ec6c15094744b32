//! Who did something.

use async_graphql::{Context, Enum, ID, Object};
use courant_domain::access::ActorId;

use crate::{error::Error, loader::NameOf, schema::context::request};

/// Somebody or something that did something: a user, a machine, somebody an external issuer vouches for, or the program.
#[derive(Clone)]
pub(crate) struct Actor(pub(crate) ActorId);

/// What sort of actor somebody is.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
pub(crate) enum ActorKind {
    /// Somebody who signs in with a password.
    User,
    /// A machine with a token.
    Machine,
    /// Somebody whom an external issuer vouches for.
    External,
    /// The program itself: an import, or whoever owns the machine it runs on.
    Program,
}

/// Somebody or something that did something: a user, a machine, somebody an external issuer vouches for, or the program.
#[Object]
impl Actor {
    /// Its name in logs and filters: `user:` or `token:` and an id, `oidc:` with issuer and subject, or a word.
    async fn id(&self) -> ID {
        ID(self.0.to_string())
    }

    /// What sort of actor it is.
    async fn kind(&self) -> ActorKind {
        if self.0.as_user().is_some() {
            ActorKind::User
        } else if self.0.as_token().is_some() {
            ActorKind::Machine
        } else if self.0.as_str().starts_with("oidc:") {
            ActorKind::External
        } else {
            ActorKind::Program
        }
    }

    /// What it is called now; its `id` where nothing else is known.
    async fn name(&self, ctx: &Context<'_>) -> Result<String, Error> {
        let name = request(ctx).newsroom.load_one(NameOf(self.0.clone())).await?;
        Ok(name.unwrap_or_else(|| self.0.to_string()))
    }
}
