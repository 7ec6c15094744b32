//! Users, machines' tokens, and who is asking.

use async_graphql::{Context, ID, Object};
use courant_domain::{
    access::{self, Target},
    account as domain,
};

use super::{
    EditorialCategory,
    actor::Actor,
    words::{Permission, Role},
};
use crate::{
    error::{Error, ErrorCode},
    schema::{
        context::request,
        scalar::{DateTime, Locale},
    },
};

/// Sees that the viewer may do something that is about no entry.
pub(super) fn require(ctx: &Context<'_>, permission: access::Permission) -> Result<(), Error> {
    let context = request(ctx);
    if context.viewer()?.may(permission, &Target::default(), &context.reference().categories) {
        return Ok(());
    }
    Err(Error::new(ErrorCode::Forbidden, format!("this needs the permission {}", permission.as_str())))
}

/// Somebody who signs in with a password.
pub(crate) struct User(pub(crate) domain::User);

/// Somebody who signs in with a password.
#[Object]
impl User {
    /// Its id: what mutations take.
    pub(crate) async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// The user as revisions and the audit log name them.
    async fn actor(&self) -> Actor {
        Actor(access::ActorId::user(self.0.id))
    }

    /// What they sign in with.
    async fn email(&self) -> &str {
        self.0.email.as_str()
    }

    /// What they are called.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What they may do.
    async fn grants(&self) -> Vec<Grant> {
        self.0.grants.iter().cloned().map(Grant).collect()
    }

    /// When they were made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Since when they are kept out; null when they are not.
    async fn disabled_at(&self) -> Option<DateTime> {
        self.0.disabled_at.map(DateTime)
    }
}

/// A machine's token; the secret itself is not kept.
pub(crate) struct ApiToken(pub(crate) domain::ApiToken);

/// A machine's token; the secret itself is not kept.
#[Object]
impl ApiToken {
    /// Its id: what mutations take.
    pub(crate) async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// The machine as revisions and the audit log name it.
    async fn actor(&self) -> Actor {
        Actor(access::ActorId::token(self.0.id))
    }

    /// What it is for, in words.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What it was given to do; it may do no more than its owner may, too.
    async fn grants(&self) -> Vec<Grant> {
        self.0.grants.iter().cloned().map(Grant).collect()
    }

    /// Who made it.
    async fn created_by(&self) -> Option<Actor> {
        Some(Actor(self.0.created_by.clone()))
    }

    /// The user who answers for it: who made it, or to whom it was passed when they were kept out. It holds while they are
    /// not kept out, and may do what they may now. Null where no user does: it was made on the server, or by somebody whom an
    /// external issuer vouches for.
    async fn owner(&self) -> Option<Actor> {
        self.0.owner.map(|owner| Actor(access::ActorId::user(owner)))
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it ends by itself; null when it does not.
    async fn expires_at(&self) -> Option<DateTime> {
        self.0.expires_at.map(DateTime)
    }

    /// When it was revoked; null when it was not.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.0.revoked_at.map(DateTime)
    }

    /// When it was last used, to the minute; null when it never was.
    async fn last_used_at(&self) -> Option<DateTime> {
        self.0.last_used_at.map(DateTime)
    }
}

/// A role, and what it is limited to.
pub(crate) struct Grant(access::Grant);

/// A role, and what it is limited to.
#[Object]
impl Grant {
    /// The role.
    async fn role(&self) -> Role {
        self.0.role.into()
    }

    /// The categories it holds in, each with all below it; null when it holds everywhere.
    async fn categories(&self, ctx: &Context<'_>) -> Option<Vec<EditorialCategory>> {
        let known = |id: &_| request(ctx).named(EditorialCategory::find(ctx, *id));
        (!self.0.categories.is_empty()).then(|| self.0.categories.iter().filter_map(known).collect())
    }

    /// The languages it holds in; null when it holds in all.
    async fn locales(&self) -> Option<Vec<Locale>> {
        (!self.0.locales.is_empty()).then(|| self.0.locales.iter().copied().map(Locale).collect())
    }
}

/// Who is asking.
pub(crate) struct Viewer;

/// Who is asking.
#[Object]
impl Viewer {
    /// The viewer as revisions and the audit log name them.
    async fn actor(&self, ctx: &Context<'_>) -> Result<Actor, Error> {
        Ok(Actor(request(ctx).viewer()?.actor.clone()))
    }

    /// What the viewer is called.
    async fn name<'a>(&self, ctx: &Context<'a>) -> Result<&'a str, Error> {
        Ok(&request(ctx).viewer()?.name)
    }

    /// What the viewer may do, as roles and what they are limited to.
    async fn grants(&self, ctx: &Context<'_>) -> Result<Vec<Grant>, Error> {
        Ok(request(ctx).viewer()?.grants.iter().cloned().map(Grant).collect())
    }

    /// What the viewer may do somewhere; an entry and its languages say what of it they may do there.
    async fn permissions(&self, ctx: &Context<'_>) -> Result<Vec<Permission>, Error> {
        let viewer = request(ctx).viewer()?;
        let all = access::Permission::ALL.into_iter();
        Ok(all.filter(|permission| viewer.may_somewhere(*permission)).map(Permission::from).collect())
    }

    /// The viewer as a user; null for machines, and for those whom an external issuer vouches for.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<User, Error>> {
        let context = request(ctx);
        let id = context.viewer().ok()?.actor.as_user()?;
        let user = context.store.accounts().user(id).await.map_err(|error| Error::of_store(&error));
        user.transpose().map(|user| user.map(User))
    }
}
