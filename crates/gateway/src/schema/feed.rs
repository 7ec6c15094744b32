//! Feeds.

use async_graphql::{Context, Enum, ID, InputObject, Object};
use courant_domain::{
    address,
    entry::EntryKind,
    feed as domain,
    id::FeedId,
    list::{Filter, List, Order},
    locale::Locale as LocaleTag,
    reading::ReadingWindow,
};
use courant_persistence::ListRequest;

use super::{
    connection::{Connected, Paging, PublicationConnection, connected},
    context::request,
    feed_link::{FeedLink, links_of},
    filter::DateTimeRange,
    id::{NodeId, NodeKind},
    scalar::Locale,
};
use crate::error::Error;
use crate::executor::{Eager, ResolveEagerly};

/// A named stream of articles and decrees, in one language.
#[derive(Clone)]
pub(crate) struct Feed {
    pub(super) id: FeedId,
    pub(super) locale: LocaleTag,
}

impl ResolveEagerly for Feed {}

impl Feed {
    fn known<'a>(&self, ctx: &Context<'a>) -> Result<&'a domain::Feed, Error> {
        request(ctx).known().feed(self.id).ok_or_else(|| Error::missing("a feed"))
    }

    /// A page of what is in it.
    pub(super) async fn page(
        &self,
        ctx: &Context<'_>,
        narrowed: ItemsFilter,
        paging: &Paging,
    ) -> Result<Connected, Error> {
        let feed = self.known(ctx)?;
        let mut list = Self::list(feed, self.locale);
        list.filter.include_withdrawn = narrowed.include_withdrawn;
        let of_a_time = narrowed.published_at.is_some();
        let (from, before) = narrowed.published_at.map(DateTimeRange::bounds).unwrap_or_default();
        (list.filter.published_from, list.filter.published_before) = (from, before);
        let has_pins = !feed.pinned.is_empty() || feed.order == domain::FeedOrder::Editorial;
        let connection = connected(ctx, paging, |page| ListRequest {
            feed: Some(feed.id),
            // What is pinned is in no order of time.
            pinned: (has_pins && (!of_a_time || feed.order == domain::FeedOrder::Editorial)).then_some(feed.id),
            pinned_only: feed.order == domain::FeedOrder::Editorial,
            ..ListRequest::new(list, page)
        });
        connection.await
    }

    /// The list behind the feed's definition.
    fn list(feed: &domain::Feed, locale: LocaleTag) -> List {
        List {
            locale,
            kinds: if feed.kinds.is_empty() { EntryKind::ALL.to_vec() } else { feed.kinds.clone() },
            filter: Filter {
                categories: feed.categories.clone(),
                include_descendants: feed.include_descendants,
                tags_any: feed.tags.clone(),
                ..Filter::default()
            },
            order: match feed.order {
                domain::FeedOrder::MostRead => Order::ViewsDesc,
                domain::FeedOrder::MostReadDay => Order::MostReadDesc(ReadingWindow::Day),
                domain::FeedOrder::MostReadWeek => Order::MostReadDesc(ReadingWindow::Week),
                domain::FeedOrder::MostReadMonth => Order::MostReadDesc(ReadingWindow::Month),
                domain::FeedOrder::Latest | domain::FeedOrder::Editorial => Order::PublishedAtDesc,
            },
        }
    }
}

/// A named stream of articles and decrees, in one language.
#[Object]
impl Feed {
    /// Its global id. It names the language, too.
    pub(crate) async fn id(&self) -> ID {
        NodeId { kind: NodeKind::Feed, id: self.id.uuid(), locale: self.locale }.encode()
    }

    /// The language it is read in.
    async fn locale(&self) -> Locale {
        Locale(self.locale)
    }

    /// Its name in addresses, unique among feeds.
    async fn slug(&self, ctx: &Context<'_>) -> Result<String, Error> {
        Ok(self.known(ctx)?.slug.to_string())
    }

    /// Its path on the site.
    async fn path(&self, ctx: &Context<'_>) -> Result<String, Error> {
        Ok(address::feed_path(self.locale, &self.known(ctx)?.slug))
    }

    /// Its name in words.
    async fn title(&self, ctx: &Context<'_>) -> Result<String, Error> {
        let feed = self.known(ctx)?;
        Ok(feed.title.resolve(request(ctx).site(), self.locale).unwrap_or(feed.slug.as_str()).to_owned())
    }

    /// What it carries.
    async fn description(&self, ctx: &Context<'_>) -> Option<Result<String, Error>> {
        let text = self.known(ctx).map(|feed| feed.description.resolve(request(ctx).site(), self.locale));
        text.map(|text| text.map(str::to_owned)).transpose()
    }

    /// Where it can be followed, in each format.
    async fn links(&self, ctx: &Context<'_>) -> Result<Vec<FeedLink>, Error> {
        Ok(links_of(&address::feed_path(self.locale, &self.known(ctx)?.slug)))
    }

    /// The order of its items, after the pinned ones.
    async fn order(&self, ctx: &Context<'_>) -> Result<FeedOrder, Error> {
        Ok(self.known(ctx)?.order.into())
    }

    /// What is in it: first what its editors pinned, then the rest in the feed's order.
    async fn items(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: Option<ItemsFilter>,
        #[graphql(desc = "How many from the beginning, up to 100; 20 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, up to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Option<Result<Eager<PublicationConnection>, Error>> {
        Some(
            self.page(ctx, filter.unwrap_or_default(), &Paging { first, after, last, before })
                .await
                .map(PublicationConnection)
                .map(Eager),
        )
    }
}

/// Which items of a feed or a tag a list holds. What is not given does not matter; what is given must all be true.
#[derive(InputObject, Default)]
pub(crate) struct ItemsFilter {
    /// Published in this span of time. What a feed has pinned does not stand on top then.
    pub(super) published_at: Option<DateTimeRange>,
    /// What was taken back, and can still be read with a notice, too.
    #[graphql(default)]
    pub(super) include_withdrawn: bool,
}

/// In which order a feed gives its items.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::FeedOrder")]
pub(crate) enum FeedOrder {
    /// The newest first.
    Latest,
    /// The most viewed first.
    MostRead,
    /// Only what the editors pinned, in their order.
    Editorial,
    /// The most read of the last 24 hours first; what was read longer ago weighs less.
    MostReadDay,
    /// The most read of the last 7 days first; what was read longer ago weighs less.
    MostReadWeek,
    /// The most read of the last 30 days first; what was read longer ago weighs less.
    MostReadMonth,
}
