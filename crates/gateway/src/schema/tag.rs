//! Tags.

use async_graphql::{Context, ID, Object};
use courant_domain::{
    address,
    entry::EntryKind,
    id::TagId,
    list::{Filter, List, Order},
    locale::Locale as LocaleTag,
    tag as domain,
};

use super::{
    connection::{ArticleConnection, Paging, PublicationConnection, connection},
    context::request,
    feed::ItemsFilter,
    feed_link::{FeedLink, links_of},
    filter::DateTimeRange,
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
        request(ctx).known().tag(self.id).ok_or_else(|| Error::missing("a tag"))
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

    /// Where the articles and decrees with this tag can be followed, in each format.
    async fn links(&self, ctx: &Context<'_>) -> Result<Vec<FeedLink>, Error> {
        Ok(links_of(&address::tag_path(self.locale, &self.known(ctx)?.slug)))
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
    ) -> Option<Result<Eager<ArticleConnection>, Error>> {
        let list = self.list(vec![EntryKind::Article]);
        Some(connection(ctx, list, &Paging { first, after, last, before }).await.map(ArticleConnection).map(Eager))
    }

    /// The articles and decrees with this tag, newest first.
    async fn publications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: Option<ItemsFilter>,
        #[graphql(desc = "How many from the beginning, up to 100; 20 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, up to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Option<Result<Eager<PublicationConnection>, Error>> {
        let ItemsFilter { published_at, include_withdrawn } = filter.unwrap_or_default();
        let span = published_at.map(DateTimeRange::bounds).unwrap_or_default();
        let mut list = self.list(EntryKind::ALL.to_vec());
        list.filter.include_withdrawn = include_withdrawn;
        (list.filter.published_from, list.filter.published_before) = span;
        Some(connection(ctx, list, &Paging { first, after, last, before }).await.map(PublicationConnection).map(Eager))
    }
}
