//! Pages of the log.

use std::sync::Arc;

use async_graphql::{Context, Object};
use courant_domain::{
    change as domain,
    locale::Locale as LocaleTag,
    page::{PageArguments, PageRequest},
};
use courant_persistence::{ChangesAfter, ChangesRequest};

use super::{Change, ChangeFilter};
use crate::{
    error::{Error, ErrorCode},
    executor::{Eager, EagerList, ResolveEagerly},
    schema::{
        connection::{MAX_PAGE, PageInfo, page_error},
        context::request,
        scalar::ChangeCursor,
    },
};

/// A page of changes, in the order in which they were made.
pub(crate) struct ChangeConnection {
    items: Vec<Arc<domain::Change>>,
    locale: LocaleTag,
    after: domain::ChangeCursor,
    end: domain::ChangeCursor,
    has_next: bool,
}

impl ResolveEagerly for ChangeConnection {}

/// Reads the page of the log that the arguments ask for.
pub(in crate::schema) async fn changes(
    ctx: &Context<'_>,
    after: Option<ChangeCursor>,
    first: Option<i32>,
    filter: Option<ChangeFilter>,
) -> Result<ChangeConnection, Error> {
    let context = request(ctx);
    let sizes = PageArguments { first: first.map(i64::from), ..PageArguments::default() };
    let page = PageRequest::parse(&sizes, MAX_PAGE, || 0).map_err(page_error)?;
    let filter = filter.unwrap_or_default().resolve(ctx)?;
    let locale = filter.locale.unwrap_or(context.site().default_locale);
    let after = after.map_or(Ok(domain::ChangeCursor::BEGINNING), ChangeCursor::place)?;
    let wanted = ChangesRequest { after, size: page.size as usize, filter };
    let found = context.changes(wanted).await?;
    Ok(match &*found {
        ChangesAfter::Page(page) => {
            ChangeConnection { items: page.items.clone(), locale, after, end: page.end, has_next: page.has_next }
        }
        // Asked again once this node has taken it in; if it cannot, there is nothing after it as far as is known here.
        ChangesAfter::Behind => ChangeConnection { items: Vec::new(), locale, after, end: after, has_next: false },
        ChangesAfter::Lost => {
            return Err(Error::new(
                ErrorCode::StaleCursor,
                "what comes after this cursor is not known here: read the state anew, and go on from `head`",
            ));
        }
    })
}

impl ChangeConnection {
    fn node(&self, change: &Arc<domain::Change>) -> Change {
        Change { change: change.clone(), locale: self.locale }
    }
}

/// A page of changes, in the order in which they were made.
#[Object]
impl ChangeConnection {
    /// The page's edges: each change with its cursor.
    async fn edges(&self) -> EagerList<ChangeEdge> {
        self.items.iter().map(|change| ChangeEdge { node: change.clone(), locale: self.locale }).collect()
    }

    /// The page's changes.
    async fn nodes(&self) -> EagerList<Change> {
        self.items.iter().map(|change| self.node(change)).collect()
    }

    /// Where the page lies in the log. It has an `endCursor` even if it has no edge: from there it is to be gone on. Where a filter has
    /// much passed over, a page can have fewer edges than were asked for, or none, and `hasNextPage` all the same.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_next_page: self.has_next,
            has_previous_page: !self.after.is_beginning(),
            start_cursor: self.items.first().map(|first| domain::ChangeCursor::of(first).to_string()),
            end_cursor: Some(self.end.to_string()),
        }
    }

    /// The place of the last change there is. Who reads the state by other fields of the same or of a later request, and then goes on
    /// from here, misses nothing.
    async fn head(&self, ctx: &Context<'_>) -> Result<ChangeCursor, Error> {
        request(ctx).changes_head().await.map(ChangeCursor)
    }
}

/// A change in the log.
pub(crate) struct ChangeEdge {
    node: Arc<domain::Change>,
    locale: LocaleTag,
}

impl ResolveEagerly for ChangeEdge {}

/// A change in the log.
#[Object]
impl ChangeEdge {
    /// The change's place in the log, to give to `after`.
    async fn cursor(&self) -> ChangeCursor {
        ChangeCursor(domain::ChangeCursor::of(&self.node))
    }

    /// The change.
    async fn node(&self) -> Eager<Change> {
        Eager(Change { change: self.node.clone(), locale: self.locale })
    }
}
