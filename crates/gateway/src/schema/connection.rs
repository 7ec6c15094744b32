//! Connections, as the Relay Cursor Connections specification has them.

use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};
use courant_domain::{
    list::List,
    page::{CursorError, Page, PageArguments, PageError, PageRequest, Position},
};
use courant_persistence::{ListRequest, publication::Publication as Edition};

use super::{article::Article, context::request, decree::Decree, projection, publication::Publication};
use crate::{
    error::{Error, ErrorCode},
    executor::{Eager, EagerList, ResolveEagerly},
    loader::{COUNT_BOUND, CountOf, ListOf},
};

/// The most items one page has.
pub(super) const MAX_PAGE: u32 = 100;

/// Where a page lies in its list.
#[derive(SimpleObject, Clone, Default)]
pub(crate) struct PageInfo {
    /// Whether there are more items after the page.
    pub(super) has_next_page: bool,
    /// Whether there are more items before the page.
    pub(super) has_previous_page: bool,
    /// The cursor of the page's first edge; null when it has none.
    pub(super) start_cursor: Option<String>,
    /// The cursor of the page's last edge; null when it has none. Pages of `changes` always have one, to go on from.
    pub(super) end_cursor: Option<String>,
}

/// A connection's four arguments.
#[derive(Default)]
pub(crate) struct Paging {
    pub(super) first: Option<i32>,
    pub(super) after: Option<String>,
    pub(super) last: Option<i32>,
    pub(super) before: Option<String>,
}

impl Paging {
    /// Sees that a page of a list can be asked for by these numbers.
    pub(super) fn check(&self) -> Result<(), Error> {
        PageRequest::parse(&self.arguments(), MAX_PAGE, || 0).map(drop).map_err(page_error)
    }

    pub(super) fn arguments(&self) -> PageArguments<'_> {
        PageArguments {
            first: self.first.map(i64::from),
            after: self.after.as_deref(),
            last: self.last.map(i64::from),
            before: self.before.as_deref(),
        }
    }
}

/// A page that has been read, or only its count asked for.
pub(crate) struct Connected {
    page: Arc<Page<Arc<Edition>>>,
    request: Arc<ListRequest>,
    fingerprint: u32,
}

/// Reads the page of a list that the arguments ask for.
pub(super) async fn connection(ctx: &Context<'_>, list: List, paging: &Paging) -> Result<Connected, Error> {
    connected(ctx, paging, |page| ListRequest::new(list, page)).await
}

/// Reads the page of a list, where there is more to the request than list and page.
pub(super) async fn connected(
    ctx: &Context<'_>,
    paging: &Paging,
    wanted: impl FnOnce(PageRequest) -> ListRequest,
) -> Result<Connected, Error> {
    let mut wanted = wanted(PageRequest::first(0));
    let fingerprint = wanted.fingerprint();
    wanted.page = PageRequest::parse(&paging.arguments(), MAX_PAGE, || fingerprint).map_err(page_error)?;
    let selected = projection::of_connection(ctx);
    wanted.more = selected.more;
    let wanted = Arc::new(wanted);
    let page = if selected.page {
        let key = ListOf::new(wanted.clone(), selected.parts);
        request(ctx).live.load_one(key).await?.unwrap_or_default()
    } else {
        Arc::default()
    };
    Ok(Connected { page, request: wanted, fingerprint })
}

/// What a client is told of paging arguments that ask for no page.
pub(super) fn page_error(error: PageError) -> Error {
    let code = match error {
        PageError::BothEnds | PageError::Negative => ErrorCode::BadUserInput,
        PageError::TooLarge { .. } => ErrorCode::PageTooLarge,
        PageError::Cursor(CursorError::Malformed | CursorError::OtherList) => ErrorCode::BadCursor,
    };
    Error::new(code, error.to_string())
}

impl Connected {
    fn page_info(&self) -> PageInfo {
        let cursor = |item: Option<&(Position, Arc<Edition>)>| item.map(|(place, _)| place.to_cursor(self.fingerprint));
        PageInfo {
            has_next_page: self.page.has_next,
            has_previous_page: self.page.has_previous,
            start_cursor: cursor(self.page.items.first()),
            end_cursor: cursor(self.page.items.last()),
        }
    }

    async fn count(&self, ctx: &Context<'_>) -> Result<u64, Error> {
        // The count is the same for every page, so all pages of a list share one.
        let key = ListRequest { page: PageRequest::first(0), more: false, ..ListRequest::clone(&self.request) };
        Ok(request(ctx).live.load_one(CountOf(Arc::new(key))).await?.unwrap_or(0))
    }
}

macro_rules! connection_object {
    ($(#[$doc:meta])* $name:ident, $(#[$edge_doc:meta])* $edge:ident, $node:ty, $wrap:expr) => {
        $(#[$doc])*
        pub(crate) struct $name(pub(crate) Connected);

        impl ResolveEagerly for $name {}

        $(#[$doc])*
        #[Object]
        impl $name {
            /// The page's edges: each node with its cursor.
            async fn edges(&self) -> EagerList<$edge> {
                let fingerprint = self.0.fingerprint;
                self.0
                    .page
                    .items
                    .iter()
                    .map(|(place, edition)| $edge { place: *place, fingerprint, edition: edition.clone() })
                    .collect()
            }

            /// The page's nodes, for clients that need no cursor for each of them.
            async fn nodes(&self) -> EagerList<$node> {
                self.0.page.items.iter().map(|(_, edition)| $wrap(edition.clone())).collect()
            }

            /// Where the page lies in the list.
            async fn page_info(&self) -> PageInfo {
                self.0.page_info()
            }

            /// How many the list has on all pages: exact up to 10,000, which stands for any number above it, too.
            async fn total_count(&self, ctx: &Context<'_>) -> Result<u64, Error> {
                Ok(self.0.count(ctx).await?.min(COUNT_BOUND))
            }

            /// Whether there are more than `totalCount` says.
            async fn total_count_is_estimate(&self, ctx: &Context<'_>) -> Result<bool, Error> {
                Ok(self.0.count(ctx).await? > COUNT_BOUND)
            }
        }

        $(#[$edge_doc])*
        pub(crate) struct $edge {
            place: Position,
            fingerprint: u32,
            edition: Arc<Edition>,
        }

        impl ResolveEagerly for $edge {}

        $(#[$edge_doc])*
        #[Object]
        impl $edge {
            /// The node's place in the list, to give to `after` or `before`.
            async fn cursor(&self) -> String {
                self.place.to_cursor(self.fingerprint)
            }

            /// The node.
            async fn node(&self) -> Eager<$node> {
                Eager($wrap(self.edition.clone()))
            }
        }
    };
}

connection_object!(
    /// A page of articles.
    ArticleConnection,
    /// An article in a list.
    ArticleEdge,
    Article,
    Article
);
connection_object!(
    /// A page of decrees.
    DecreeConnection,
    /// A decree in a list.
    DecreeEdge,
    Decree,
    Decree
);
connection_object!(
    /// A page of articles and decrees.
    PublicationConnection,
    /// An article or a decree in a list.
    PublicationEdge,
    Publication,
    Publication::of
);
