//! Redirects, as the newsroom keeps them.

use async_graphql::{Context, ID, Object};
use courant_domain::{access::Permission, redirect::Redirect as Rule};
use courant_persistence::RedirectsRequest;

use super::user;
use crate::{
    error::{Error, ErrorCode},
    schema::{context::request, scalar::DateTime},
};

/// The most that are listed at once.
const MOST: u32 = 100;

/// What readers get at a path where nothing is any more.
pub(crate) struct RedirectRule(Rule);

/// What readers get at a path where nothing is any more.
#[Object]
impl RedirectRule {
    /// The path.
    async fn path(&self) -> &str {
        &self.0.path
    }

    /// Where it leads now: a path of the site or a URL; null when readers are told that it is gone (HTTP 410), or find nothing.
    async fn target(&self) -> Option<&str> {
        self.0.target.as_deref()
    }

    /// Where it was meant to lead, where that is elsewhere: what is there led on, or is gone.
    async fn meant(&self) -> Option<&str> {
        self.0.meant.as_deref()
    }

    /// Whether readers get nothing at all (HTTP 404), not even that it is gone.
    async fn hidden(&self) -> bool {
        self.0.hidden
    }

    /// The entry whose path it was; null when it was made by hand, or for something else.
    async fn entry_id(&self) -> Option<ID> {
        self.0.entry.map(|entry| ID(entry.to_string()))
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}

/// A page of the redirects, for those who may change them.
pub(super) async fn redirects(
    ctx: &Context<'_>,
    text: Option<String>,
    first: i32,
    after: Option<String>,
) -> Result<Vec<RedirectRule>, Error> {
    user::require(ctx, Permission::ManageRedirects)?;
    let size = u32::try_from(first).map_err(|_| Error::new(ErrorCode::BadUserInput, "first is not negative"))?;
    if size > MOST {
        return Err(Error::new(ErrorCode::PageTooLarge, format!("at most {MOST} can be had at once")));
    }
    let wanted = RedirectsRequest { text, after, size };
    let found = request(ctx).store.newsroom().redirects_list(&wanted).await;
    Ok(found.map_err(|error| Error::of_store(&error))?.into_iter().map(RedirectRule).collect())
}
