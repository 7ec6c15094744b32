//! The root.

use async_graphql::{Context, ID, Object};
use courant_domain::{entry::EntryKind, list::List, slug::Slug};

use super::{
    article::Article,
    by::{ArticleBy, CategoryBy, DecreeBy, PersonBy, TagBy, category, person, publication, tag},
    category::Category,
    change::{Change, ChangeConnection, ChangeFilter, changes, departures},
    connection::{ArticleConnection, DecreeConnection, Paging, PublicationConnection, connection},
    context::request,
    decree::Decree,
    feed::Feed,
    filter::{ArticleFilter, DecreeFilter, DecreeOrder, PublicationFilter, PublicationOrder, resolved},
    named::{PersonConnection, TagConnection, named_page},
    newsroom::{Editorial, editorial},
    node::{Node, node},
    person::Person,
    publication::Publication,
    route::{Route, route},
    scalar::{ChangeCursor, Locale},
    search::{Arguments, SearchConnection, SearchFilter, SearchOrder, search, suggest},
    site::Site,
    tag::Tag,
};
use crate::error::{Error, ErrorCode};
use crate::executor::{Eager, EagerList};

pub(crate) struct Query;

/// What can be read.
#[Object]
impl Query {
    /// The object with a global id; null when there is none, or no longer.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global id.")] id: ID,
    ) -> Option<Result<Eager<Node>, Error>> {
        node(ctx, &id).await.map(|found| found.map(Eager)).transpose()
    }

    /// The objects with these global ids, in their order; null where there is none, or no longer.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global ids; up to 100.")] ids: Vec<ID>,
    ) -> Option<Result<Vec<Option<Eager<Node>>>, Error>> {
        if ids.len() > 100 {
            let message = format!("{} ids; at most 100 can be had at once", ids.len());
            return Some(Err(Error::new(ErrorCode::PageTooLarge, message)));
        }
        let nodes = ids.iter().map(async |id| Ok(node(ctx, id).await?.map(Eager)));
        Some(futures_util::future::try_join_all(nodes).await)
    }

    /// What the newsroom sees; for viewers who have shown who they are.
    async fn editorial(&self, ctx: &Context<'_>) -> Option<Result<Editorial, Error>> {
        Some(editorial(ctx))
    }

    /// The portal as a whole.
    async fn site(&self) -> Site {
        Site
    }

    /// What is at a path of the site: what a single-page app asks on navigation. Null where nothing is (HTTP 404).
    async fn route(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The path, with its language: `/en/articles/…`. A query and a fragment are passed over.")]
        path: String,
        #[graphql(
            desc = "A token of `createPreview`: where it shows what is asked for, that revision is answered with."
        )]
        preview: Option<String>,
    ) -> Option<Result<Eager<Route>, Error>> {
        route(ctx, &path, preview).await.map(|found| found.map(Eager)).transpose()
    }

    /// One article.
    async fn article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] by: ArticleBy,
        #[graphql(desc = "The reader's locale, for `slug` and `entryId`; the site's default when none is given.")]
        locale: Option<Locale>,
        #[graphql(
            desc = "A token of `createPreview`: where it shows what is asked for, that revision is answered with."
        )]
        preview: Option<String>,
    ) -> Option<Result<Eager<Article>, Error>> {
        match publication(ctx, EntryKind::Article, by.into(), locale, preview).await.transpose()? {
            Ok(Publication::Article(article)) => Some(Ok(Eager(article))),
            Ok(Publication::Decree(_)) => None,
            Err(error) => Some(Err(error)),
        }
    }

    /// All articles a reader of a locale gets, each entry once, in that locale or the first of its fallbacks.
    #[expect(clippy::too_many_arguments, reason = "they are the field's arguments")]
    async fn articles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reader's locale; the site's default when none is given.")] locale: Option<Locale>,
        #[graphql(desc = "Which of them.")] filter: Option<ArticleFilter>,
        #[graphql(default_with = "PublicationOrder::default()", desc = "In which order.")] order_by: PublicationOrder,
        #[graphql(desc = "How many from the beginning, up to 100; 20 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, up to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Option<Result<Eager<ArticleConnection>, Error>> {
        let page = async {
            let list = List {
                locale: request(ctx).locale(locale.map(|locale| locale.0))?,
                kinds: vec![EntryKind::Article],
                filter: resolved(filter, ctx)?,
                order: order_by.into(),
            };
            connection(ctx, list, &Paging { first, after, last, before }).await.map(ArticleConnection).map(Eager)
        };
        Some(page.await)
    }

    /// One decree.
    async fn decree(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] by: DecreeBy,
        #[graphql(desc = "The reader's locale, for `slug` and `entryId`; the site's default when none is given.")]
        locale: Option<Locale>,
        #[graphql(
            desc = "A token of `createPreview`: where it shows what is asked for, that revision is answered with."
        )]
        preview: Option<String>,
    ) -> Option<Result<Eager<Decree>, Error>> {
        match publication(ctx, EntryKind::Decree, by.into(), locale, preview).await.transpose()? {
            Ok(Publication::Decree(decree)) => Some(Ok(Eager(decree))),
            Ok(Publication::Article(_)) => None,
            Err(error) => Some(Err(error)),
        }
    }

    /// The register: all decrees a reader of a locale gets, each entry once, in that locale or the first of its fallbacks.
    #[expect(clippy::too_many_arguments, reason = "they are the field's arguments")]
    async fn decrees(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reader's locale; the site's default when none is given.")] locale: Option<Locale>,
        #[graphql(desc = "Which of them.")] filter: Option<DecreeFilter>,
        #[graphql(default_with = "DecreeOrder::default()", desc = "In which order.")] order_by: DecreeOrder,
        #[graphql(desc = "How many from the beginning, up to 100; 20 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, up to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Option<Result<Eager<DecreeConnection>, Error>> {
        let page = async {
            let list = List {
                locale: request(ctx).locale(locale.map(|locale| locale.0))?,
                kinds: vec![EntryKind::Decree],
                filter: resolved(filter, ctx)?,
                order: order_by.into(),
            };
            connection(ctx, list, &Paging { first, after, last, before }).await.map(DecreeConnection).map(Eager)
        };
        Some(page.await)
    }

    /// All articles and decrees a reader of a locale gets, each entry once, in that locale or the first of its fallbacks.
    #[expect(clippy::too_many_arguments, reason = "they are the field's arguments")]
    async fn publications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reader's locale; the site's default when none is given.")] locale: Option<Locale>,
        #[graphql(desc = "Which of them.")] filter: Option<PublicationFilter>,
        #[graphql(default_with = "PublicationOrder::default()", desc = "In which order.")] order_by: PublicationOrder,
        #[graphql(desc = "How many from the beginning, up to 100; 20 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, up to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Option<Result<Eager<PublicationConnection>, Error>> {
        let page = async {
            let list = List {
                locale: request(ctx).locale(locale.map(|locale| locale.0))?,
                kinds: EntryKind::ALL.to_vec(),
                filter: resolved(filter, ctx)?,
                order: order_by.into(),
            };
            connection(ctx, list, &Paging { first, after, last, before }).await.map(PublicationConnection).map(Eager)
        };
        Some(page.await)
    }

    /// One category.
    async fn category(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] by: CategoryBy,
        #[graphql(desc = "The reader's locale, for a `path` without one; the site's default when none is given.")]
        locale: Option<Locale>,
    ) -> Option<Result<Eager<Category>, Error>> {
        category(ctx, by, locale).transpose().map(|found| found.map(Eager))
    }

    /// The categories at the top, or directly below one, in their order.
    async fn categories(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reader's locale; the site's default when none is given.")] locale: Option<Locale>,
        #[graphql(desc = "The path of slugs of the category whose children are wanted.")] under: Option<String>,
    ) -> Option<Result<EagerList<Category>, Error>> {
        let context = request(ctx);
        let locale = match context.locale(locale.map(|locale| locale.0)) {
            Ok(locale) => locale,
            Err(error) => return Some(Err(error)),
        };
        let tree = context.known().categories();
        let parent = match under {
            None => None,
            Some(path) => match tree.by_path(&path) {
                Some(category) => Some(category.id),
                None => return Some(Ok(EagerList(Vec::new()))),
            },
        };
        Some(Ok(tree.children(parent).map(|category| Category::of(category, locale)).collect()))
    }

    /// One feed.
    async fn feed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its slug: `last-news`, say.")] slug: String,
        #[graphql(desc = "The reader's locale; the site's default when none is given.")] locale: Option<Locale>,
    ) -> Option<Result<Eager<Feed>, Error>> {
        let context = request(ctx);
        let locale = match context.locale(locale.map(|locale| locale.0)) {
            Ok(locale) => locale,
            Err(error) => return Some(Err(error)),
        };
        let feed = Slug::parse(&slug).ok().and_then(|slug| context.known().feed_by_slug(&slug))?;
        Some(Ok(Eager(Feed { id: feed.id, locale })))
    }

    /// All feeds, by slug.
    async fn feeds(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reader's locale; the site's default when none is given.")] locale: Option<Locale>,
    ) -> Option<Result<EagerList<Feed>, Error>> {
        let context = request(ctx);
        let feeds = |locale| context.known().feeds().iter().map(|feed| Feed { id: feed.id, locale }).collect();
        Some(context.locale(locale.map(|locale| locale.0)).map(feeds))
    }

    /// The log of all that readers could ever see: every publish, correction, move, withdrawal and deletion, in order. It has no end
    /// and is kept for ever; whoever goes on from the cursor they had last misses nothing. A page comes with what was logged by now.
    ///
    /// Fails with `STALE_CURSOR` when the log has no such change as `after`, because a backup or another database has taken the
    /// place of the one it was given by: then the state has to be read anew.
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what was changed after this cursor; from the beginning of the log when none is given.")]
        after: Option<ChangeCursor>,
        #[graphql(desc = "How many at the most, up to 100; 20 when it is not given.")] first: Option<i32>,
        #[graphql(desc = "Which of them.")] filter: Option<ChangeFilter>,
    ) -> Option<Result<Eager<ChangeConnection>, Error>> {
        Some(changes(ctx, after, first, filter).await.map(Eager))
    }

    /// What is found in articles and decrees by a reader of a locale, each entry once, in that locale or the first of its fallbacks. What was
    /// taken back with a notice is found, too.
    ///
    /// Words are found in all their forms; where few texts have all of them, those that have a word less come after; `"several words"`
    /// one after the other, as they are; `-word` is not to be there;
    /// `wor*` is the beginning of a word. `title:`, `kind:`, `category:`, `tag:`, `signatory:`, `year:` and `language:` before a word say what it is
    /// about. No query is an error. Fails with `SEARCH_REBUILDING` while there is no index yet.
    #[expect(clippy::too_many_arguments, reason = "they are the field's arguments")]
    async fn search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What somebody has typed; more than 1,000 characters of it are passed over.")] query: String,
        #[graphql(desc = "The reader's locale; the site's default when none is given.")] locale: Option<Locale>,
        #[graphql(desc = "Which hits.")] filter: Option<SearchFilter>,
        #[graphql(default_with = "SearchOrder::default()", desc = "In which order.")] order_by: SearchOrder,
        #[graphql(desc = "How many from the beginning, up to 100; 20 when it is not given.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> Option<Result<Eager<SearchConnection>, Error>> {
        let order = order_by;
        Some(search(ctx, Arguments { query, locale, filter, order, first, after }).await.map(Eager))
    }

    /// How what somebody is typing may go on: the whole text with its last word completed, the most frequent first. Each finds something.
    async fn suggest(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was typed by now.")] query: String,
        #[graphql(desc = "The reader's locale; the site's default when none is given.")] locale: Option<Locale>,
        #[graphql(default = 8, desc = "How many at the most; up to 20.")] first: i32,
    ) -> Option<Result<Vec<String>, Error>> {
        Some(suggest(ctx, query, locale, first).await)
    }

    /// What was taken back in the last 30 days and is not live again, the last first: what feeds tell those who have it already. It is
    /// told of what readers of a locale could see in the lists that the filter names, which has no `subjects`. Of the thousand
    /// last, those in these lists. A tag that nothing live has any more is known here by the slug that it had.
    async fn departures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which lists; of all when none is given.")] filter: Option<ChangeFilter>,
        #[graphql(
            default = false,
            desc = "Instead what was withdrawn with a notice, whatever its age, and still is: `node` has the notice."
        )]
        with_notice: bool,
        #[graphql(desc = "How many at the most, up to 100; 20 when it is not given.")] first: Option<i32>,
    ) -> Option<Result<EagerList<Change>, Error>> {
        Some(departures(ctx, filter, with_notice, first).await)
    }

    /// One tag.
    async fn tag(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] by: TagBy,
        #[graphql(desc = "The reader's locale, for `slug`; the site's default when none is given.")] locale: Option<
            Locale,
        >,
    ) -> Option<Result<Eager<Tag>, Error>> {
        tag(ctx, by, locale).transpose().map(|found| found.map(Eager))
    }

    /// All tags that something live has, by slug.
    async fn tags(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reader's locale; the site's default when none is given.")] locale: Option<Locale>,
        #[graphql(desc = "How many from the beginning, up to 100; 20 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, up to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Option<Result<Eager<TagConnection>, Error>> {
        let page = async {
            let context = request(ctx);
            let locale = context.locale(locale.map(|locale| locale.0))?;
            let all = context.known().live_tags();
            let node = |tag: &courant_domain::tag::Tag| Tag { id: tag.id, locale };
            let paging = Paging { first, after, last, before };
            Ok(Eager(named_page(all, |tag| &tag.slug, node, ("tag", locale), &paging)?.into()))
        };
        Some(page.await)
    }

    /// One author or signatory.
    async fn person(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] by: PersonBy,
        #[graphql(desc = "The reader's locale, for `slug`; the site's default when none is given.")] locale: Option<
            Locale,
        >,
    ) -> Option<Result<Eager<Person>, Error>> {
        person(ctx, by, locale).transpose().map(|found| found.map(Eager))
    }

    /// All persons who wrote or signed something live, by slug.
    async fn persons(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reader's locale; the site's default when none is given.")] locale: Option<Locale>,
        #[graphql(desc = "How many from the beginning, up to 100; 20 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, up to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Option<Result<Eager<PersonConnection>, Error>> {
        let page = async {
            let context = request(ctx);
            let locale = context.locale(locale.map(|locale| locale.0))?;
            let all = context.known().live_persons();
            let node = |person: &courant_domain::person::Person| Person { id: person.id, locale };
            let paging = Paging { first, after, last, before };
            Ok(Eager(named_page(all, |person| &person.slug, node, ("person", locale), &paging)?.into()))
        };
        Some(page.await)
    }
}
