//! Pages of what is in memory, by slug: tags and persons.

use async_graphql::SimpleObject;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use courant_domain::{
    locale::Locale,
    page::{CursorError, Direction, PageArguments, PageError, PageRequest},
    slug::Slug,
};

use super::{
    connection::{MAX_PAGE, PageInfo, Paging, page_error},
    person::Person,
    tag::Tag,
};
use crate::{
    error::Error,
    executor::{Eager, EagerList, ResolveEagerly},
};

macro_rules! named_connection {
    ($(#[$doc:meta])* $name:ident, $(#[$edge_doc:meta])* $edge:ident, $node:ty) => {
        $(#[$doc])*
        #[derive(SimpleObject)]
        pub(crate) struct $name {
            /// The page's edges: each node with its cursor.
            edges: EagerList<$edge>,
            /// The page's nodes, for clients that need no cursor for each of them.
            nodes: EagerList<$node>,
            /// Where the page lies in the list.
            page_info: PageInfo,
            /// How many there are on all pages; always exact.
            total_count: usize,
            /// Whether there are more than `totalCount` says; never.
            total_count_is_estimate: bool,
        }

        impl ResolveEagerly for $name {}

        $(#[$edge_doc])*
        #[derive(SimpleObject)]
        pub(crate) struct $edge {
            /// The node's place in the list, to give to `after` or `before`.
            cursor: String,
            /// The node.
            node: Eager<$node>,
        }

        impl ResolveEagerly for $edge {}

        impl From<NamedPage<$node>> for $name {
            fn from(page: NamedPage<$node>) -> Self {
                let NamedPage { rows, page_info, total_count } = page;
                Self {
                    nodes: rows.iter().map(|(_, node)| node.clone()).collect(),
                    edges: rows.into_iter().map(|(cursor, node)| $edge { cursor, node: Eager(node) }).collect(),
                    page_info,
                    total_count,
                    total_count_is_estimate: false,
                }
            }
        }
    };
}

named_connection!(
    /// A page of tags, by slug.
    TagConnection,
    /// A tag in a list.
    TagEdge,
    Tag
);
named_connection!(
    /// A page of persons, by slug.
    PersonConnection,
    /// A person in a list.
    PersonEdge,
    Person
);

/// A page of things by their slugs, each with its cursor.
pub(super) struct NamedPage<N> {
    rows: Vec<(String, N)>,
    page_info: PageInfo,
    total_count: usize,
}

/// The page that is asked for, of things in the order of their slugs. A cursor holds the slug, and what list it is of.
pub(super) fn named_page<T, N>(
    all: &[T],
    slug: impl Fn(&T) -> &Slug,
    node: impl Fn(&T) -> N,
    list: (&str, Locale),
    paging: &Paging,
) -> Result<NamedPage<N>, Error> {
    let sizes = PageArguments {
        first: paging.first.map(i64::from),
        last: paging.last.map(i64::from),
        ..PageArguments::default()
    };
    let page = PageRequest::parse(&sizes, MAX_PAGE, || 0).map_err(page_error)?;
    let read = |cursor: &Option<String>| cursor.as_deref().map(|cursor| read_cursor(cursor, list)).transpose();
    let (after, before) = (read(&paging.after)?, read(&paging.before)?);
    let start = after.map_or(0, |after| all.partition_point(|one| slug(one).as_str() <= after.as_str()));
    let end = before.map_or(all.len(), |before| all.partition_point(|one| slug(one).as_str() < before.as_str()));
    let between = all.get(start..end).unwrap_or_default();
    let size = (page.size as usize).min(between.len());
    let more = between.len() > size;
    let (rows, has_next_page, has_previous_page) = match page.direction {
        Direction::Forward => (&between[..size], more, start > 0),
        Direction::Backward => (&between[between.len() - size..], end < all.len(), more),
    };
    let rows: Vec<(String, N)> = rows.iter().map(|one| (write_cursor(slug(one), list), node(one))).collect();
    let cursor = |row: Option<&(String, N)>| row.map(|(cursor, _)| cursor.clone());
    let page_info = PageInfo {
        has_next_page,
        has_previous_page,
        start_cursor: cursor(rows.first()),
        end_cursor: cursor(rows.last()),
    };
    Ok(NamedPage { rows, page_info, total_count: all.len() })
}

fn write_cursor(slug: &Slug, (name, locale): (&str, Locale)) -> String {
    URL_SAFE_NO_PAD.encode(format!("{name}:{locale}:{slug}"))
}

fn read_cursor(text: &str, (name, locale): (&str, Locale)) -> Result<String, Error> {
    let error = |error| page_error(PageError::Cursor(error));
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| error(CursorError::Malformed))?;
    let text = String::from_utf8(bytes).map_err(|_| error(CursorError::Malformed))?;
    let mut parts = text.splitn(3, ':');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(list), Some(tag), Some(slug)) if (list, tag) == (name, locale.as_str()) => Ok(slug.to_owned()),
        (Some("tag" | "person"), Some(_), Some(_)) => Err(error(CursorError::OtherList)),
        _ => Err(error(CursorError::Malformed)),
    }
}
