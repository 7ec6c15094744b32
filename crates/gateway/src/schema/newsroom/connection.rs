//! The newsroom's connections.

use std::sync::Arc;

use async_graphql::{Context, Object};
use courant_domain::page::{Page, PageRequest, Position};

use super::{
    EditorialEntry,
    audit::AuditRecord,
    revision::Revision,
    webhook::{WebhookAttempt, WebhookDelivery},
};
use crate::{
    error::Error,
    loader::{COUNT_BOUND, NumberOf},
    schema::{
        connection::{MAX_PAGE, PageInfo, Paging, page_error},
        context::request,
        projection,
    },
};

/// A page that has been read, or only its count asked for.
pub(super) struct Connected<T> {
    items: Vec<(Position, T)>,
    has_next: bool,
    has_previous: bool,
    fingerprint: u32,
    number: NumberOf,
}

/// The page that a connection's arguments ask for.
pub(super) fn page_request(paging: &Paging, fingerprint: u32) -> Result<PageRequest, Error> {
    PageRequest::parse(&paging.arguments(), MAX_PAGE, || fingerprint).map_err(page_error)
}

/// Reads the page, if more is wanted of the connection that is being resolved than its count.
pub(super) async fn connected<T: Clone, N>(
    ctx: &Context<'_>,
    fingerprint: u32,
    number: NumberOf,
    page: impl Future<Output = Result<Option<Arc<Page<T>>>, Error>>,
    node: impl Fn(T) -> N,
) -> Result<Connected<N>, Error> {
    let page = if projection::of_connection(ctx).page { page.await?.unwrap_or_default() } else { Arc::default() };
    Ok(Connected {
        items: page.items.iter().map(|(place, item)| (*place, node(item.clone()))).collect(),
        has_next: page.has_next,
        has_previous: page.has_previous,
        fingerprint,
        number,
    })
}

impl<T> Connected<T> {
    fn page_info(&self) -> PageInfo {
        let cursor = |item: Option<&(Position, T)>| item.map(|(place, _)| place.to_cursor(self.fingerprint));
        PageInfo {
            has_next_page: self.has_next,
            has_previous_page: self.has_previous,
            start_cursor: cursor(self.items.first()),
            end_cursor: cursor(self.items.last()),
        }
    }

    async fn count(&self, ctx: &Context<'_>) -> Result<u64, Error> {
        Ok(request(ctx).newsroom.load_one(self.number.clone()).await?.unwrap_or(0))
    }
}

macro_rules! connection_object {
    ($(#[$doc:meta])* $name:ident, $(#[$edge_doc:meta])* $edge:ident, $node:ty) => {
        $(#[$doc])*
        pub(crate) struct $name(pub(super) Connected<$node>);

        $(#[$doc])*
        #[Object]
        impl $name {
            /// The page's edges: each node with its cursor.
            async fn edges(&self) -> Vec<$edge> {
                let cursor = |place: &Position| place.to_cursor(self.0.fingerprint);
                self.0.items.iter().map(|(place, node)| $edge { cursor: cursor(place), node: node.clone() }).collect()
            }

            /// The page's nodes, for clients that need no cursor for each of them.
            async fn nodes(&self) -> Vec<$node> {
                self.0.items.iter().map(|(_, node)| node.clone()).collect()
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
            cursor: String,
            node: $node,
        }

        $(#[$edge_doc])*
        #[Object]
        impl $edge {
            /// The node's place in the list, to give to `after` or `before`.
            async fn cursor(&self) -> &str {
                &self.cursor
            }

            /// The node.
            async fn node(&self) -> $node {
                self.node.clone()
            }
        }
    };
}

connection_object!(
    /// A page of entries in work.
    EditorialEntryConnection,
    /// An entry in work in a list.
    EditorialEntryEdge,
    EditorialEntry
);
connection_object!(
    /// A page of revisions.
    RevisionConnection,
    /// A revision in a list.
    RevisionEdge,
    Revision
);
connection_object!(
    /// A page of records of what was done.
    AuditRecordConnection,
    /// A record of what was done in a list.
    AuditRecordEdge,
    AuditRecord
);
connection_object!(
    /// A page of messages to a webhook.
    WebhookDeliveryConnection,
    /// A message to a webhook in a list.
    WebhookDeliveryEdge,
    WebhookDelivery
);
connection_object!(
    /// A page of tries to deliver messages to a webhook.
    WebhookAttemptConnection,
    /// A try to deliver a message to a webhook in a list.
    WebhookAttemptEdge,
    WebhookAttempt
);
