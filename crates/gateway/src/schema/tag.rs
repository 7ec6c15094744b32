//! Tags.

use async_graphql::{Context, ID, Object};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use courant_domain::{
    address,
    entry::EntryKind,
    id::TagId,
    list::{Filter, List, Order},
    locale::Locale as LocaleTag,
    page::{CursorError, Direction, PageArguments, PageError, PageRequest},
    tag as domain,
};

use super::{
    connection::{
        ArticleConnection, MAX_PAGE, PageInfo, Paging, PublicationConnection, TagConnection, TagEdge, connection,
        page_error,
    },
    context::{RequestContext, request},
    id::{NodeId, NodeKind},
    scalar::Locale,
};
use crate::error::Error;
use crate::executor::{Eager, ResolveEagerly};

/// A subject that cuts across the categories, in one language.
#[derive(Clone)]
pub(crate) struct Tag {
    pub(super) id: TagId,
    pub(super) locale: LocaleTag,
}

impl ResolveEagerly for Tag {}

impl Tag {
    fn known<'a>(&self, ctx: &Context<'a>) -> Result<&'a domain::Tag, Error> {
        request(ctx).reference().tag(self.id).ok_or_else(|| Error::missing("a tag"))
    }

    fn list(&self, kinds: Vec<EntryKind>) -> List {
        let filter = Filter { tags_all: vec![self.id], ..Filter::default() };
        List { locale: self.locale, kinds, filter, order: Order::PublishedAtDesc }
    }
}

/// A subject that cuts across the categories, in one language.
#[Object]
impl Tag {
    /// Its global id. It names the language, too.
    pub(crate) async fn id(&self) -> ID {
        NodeId { kind: NodeKind::Tag, id: self.id.uuid(), locale: self.locale }.encode()
    }

    /// The language it is read in.
    async fn locale(&self) -> Locale {
        Locale(self.locale)
    }

    /// Its name in addresses, unique among tags.
    async fn slug(&self, ctx: &Context<'_>) -> Result<String, Error> {
        Ok(self.known(ctx)?.slug.to_string())
    }

    /// Its path on the site.
    async fn path(&self, ctx: &Context<'_>) -> Result<String, Error> {
        Ok(address::tag_path(self.locale, &self.known(ctx)?.slug))
    }

    /// Its name in words.
    async fn name(&self, ctx: &Context<'_>) -> Result<String, Error> {
        let tag = self.known(ctx)?;
        Ok(tag.name.resolve(request(ctx).site(), self.locale).unwrap_or(tag.slug.as_str()).to_owned())
    }

    /// The articles with this tag, newest first.
    async fn articles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the beginning, up to 100; 20 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, up to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Eager<ArticleConnection>, Error> {
        let list = self.list(vec![EntryKind::Article]);
        connection(ctx, list, &Paging { first, after, last, before }).await.map(ArticleConnection).map(Eager)
    }

    /// The articles and decrees with this tag, newest first.
    async fn publications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the beginning, up to 100; 20 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, up to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Eager<PublicationConnection>, Error> {
        let list = self.list(EntryKind::ALL.to_vec());
        connection(ctx, list, &Paging { first, after, last, before }).await.map(PublicationConnection).map(Eager)
    }
}

/// A page of all tags, by slug. They are in memory, so the page is cut there; a cursor holds the slug.
pub(super) fn tags(
    context: &RequestContext,
    locale: LocaleTag,
    paging: &Paging,
) -> Result<Eager<TagConnection>, Error> {
    let sizes = PageArguments {
        first: paging.first.map(i64::from),
        last: paging.last.map(i64::from),
        ..PageArguments::default()
    };
    let page = PageRequest::parse(&sizes, MAX_PAGE, || 0).map_err(page_error)?;
    let all = context.reference().tags();
    let read = |cursor: &Option<String>| cursor.as_deref().map(|cursor| read_cursor(cursor, locale)).transpose();
    let (after, before) = (read(&paging.after)?, read(&paging.before)?);
    let start = after.map_or(0, |slug| all.partition_point(|tag| tag.slug.as_str() <= slug.as_str()));
    let end = before.map_or(all.len(), |slug| all.partition_point(|tag| tag.slug.as_str() < slug.as_str()));
    let between = all.get(start..end).unwrap_or_default();
    let size = (page.size as usize).min(between.len());
    let more = between.len() > size;
    let (rows, has_next_page, has_previous_page) = match page.direction {
        Direction::Forward => (&between[..size], more, start > 0),
        Direction::Backward => (&between[between.len() - size..], end < all.len(), more),
    };
    let cursor = |tag: &domain::Tag| write_cursor(tag, locale);
    let node = |tag: &domain::Tag| Tag { id: tag.id, locale };
    Ok(Eager(TagConnection {
        edges: rows.iter().map(|tag| TagEdge { cursor: cursor(tag), node: Eager(node(tag)) }).collect(),
        nodes: rows.iter().map(node).collect(),
        page_info: PageInfo {
            has_next_page,
            has_previous_page,
            start_cursor: rows.first().map(cursor),
            end_cursor: rows.last().map(cursor),
        },
        total_count: all.len(),
        total_count_is_estimate: false,
    }))
}

const CURSOR: &str = "tag:";

fn write_cursor(tag: &domain::Tag, locale: LocaleTag) -> String {
    URL_SAFE_NO_PAD.encode(format!("{CURSOR}{locale}:{}", tag.slug))
}

fn read_cursor(text: &str, locale: LocaleTag) -> Result<String, Error> {
    let error = |error| page_error(PageError::Cursor(error));
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| error(CursorError::Malformed))?;
    let text = String::from_utf8(bytes).map_err(|_| error(CursorError::Malformed))?;
    match text.strip_prefix(CURSOR).and_then(|text| text.split_once(':')) {
        Some((tag, slug)) if tag == locale.as_str() => Ok(slug.to_owned()),
        Some(_) => Err(error(CursorError::OtherList)),
        None => Err(error(CursorError::Malformed)),
    }
}
