//! The root.

use async_graphql::{Context, ID, Interface, Object, OneofObject};
use courant_domain::{
    address::{Address, Place},
    entry::EntryKind,
    id::EntryId,
    list::List,
    locale::Locale as LocaleTag,
    slug::Slug,
};
use uuid::Uuid;

use super::{
    article::Article,
    category::Category,
    connection::{ArticleConnection, DecreeConnection, Paging, TagConnection, connection},
    context::request,
    decree::Decree,
    feed::Feed,
    filter::{ArticleFilter, DecreeFilter, DecreeOrder, PublicationOrder},
    id::{NodeId, NodeKind},
    parts,
    person::Person,
    publication::Publication,
    route::{Route, route},
    scalar::Locale,
    site::Site,
    tag::{Tag, tags},
};
use crate::{
    error::{Error, ErrorCode},
    loader::{EditionOf, ReaderEditionOf, SlugOf},
};

/// An object with a global id, by which it can be fetched again.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "The global id."))]
pub(crate) enum Node {
    /// An article.
    Article(Article),
    /// A decree.
    Decree(Decree),
    /// A category.
    Category(Category),
    /// A tag.
    Tag(Tag),
    /// A feed.
    Feed(Feed),
    /// A person.
    Person(Person),
}

/// Which article: exactly one of these.
#[derive(OneofObject)]
pub(crate) enum ArticleBy {
    /// The article with this global id, in the language the id names.
    Id(ID),
    /// The article at this path of the site.
    Path(String),
    /// The article with this slug, in the locale asked for; slugs are each language's own.
    Slug(String),
    /// The entry with this id, in the locale asked for or the first of its fallbacks that it is live in.
    EntryId(ID),
}

/// Which decree: exactly one of these.
#[derive(OneofObject)]
pub(crate) enum DecreeBy {
    /// The decree with this global id, in the language the id names.
    Id(ID),
    /// The decree at this path of the site.
    Path(String),
    /// The decree with this slug, in the locale asked for; slugs are each language's own.
    Slug(String),
    /// The entry with this id, in the locale asked for or the first of its fallbacks that it is live in.
    EntryId(ID),
}

/// Which category: exactly one of these.
#[derive(OneofObject)]
pub(crate) enum CategoryBy {
    /// The category with this global id, in the language the id names.
    Id(ID),
    /// The category at this path of slugs from the top, `politics/parliament`, or at this path of the site.
    Path(String),
}

/// Which tag: exactly one of these.
#[derive(OneofObject)]
pub(crate) enum TagBy {
    /// The tag with this global id, in the language the id names.
    Id(ID),
    /// The tag with this slug.
    Slug(String),
}

pub(crate) struct Query;

/// What can be read.
#[Object]
impl Query {
    /// The object with a global id; null when there is none, or no longer.
    async fn node(&self, ctx: &Context<'_>, #[graphql(desc = "The global id.")] id: ID) -> Option<Result<Node, Error>> {
        node(ctx, &id).await.transpose()
    }

    /// The objects with these global ids, in their order; null where there is none, or no longer.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global ids; up to 100.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>, Error> {
        if ids.len() > 100 {
            return Err(Error::new(ErrorCode::PageTooLarge, format!("{} ids; at most 100 can be had at once", ids.len())));
        }
        futures_util::future::try_join_all(ids.iter().map(|id| node(ctx, id))).await
    }

    /// The portal as a whole.
    async fn site(&self) -> Site {
        Site
    }

    /// What is at a path of the site: what a single-page app asks on navigation. Null where nothing is (HTTP 404).
    async fn route(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The path, with its language: `/en/articles/…`. A query and a fragment are passed over.")] path: String,
    ) -> Option<Result<Route, Error>> {
        route(ctx, &path).await.transpose()
    }

    /// One article.
    async fn article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] by: ArticleBy,
        #[graphql(desc = "The reader's locale, for `slug` and `entryId`; the site's default when none is given.")] locale: Option<Locale>,
    ) -> Option<Result<Article, Error>> {
        let by = match by {
            ArticleBy::Id(id) => By::Id(id),
            ArticleBy::Path(path) => By::Path(path),
            ArticleBy::Slug(slug) => By::Slug(slug),
            ArticleBy::EntryId(id) => By::EntryId(id),
        };
        match publication(ctx, EntryKind::Article, by, locale).await.transpose()? {
            Ok(Publication::Article(article)) => Some(Ok(article)),
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
        #[graphql(desc = "How many from the beginning, up to 100; 20 when neither first nor last is given.")] first: Option<i32>,
        #[graphql(desc = "Only what lies behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, up to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what lies before this cursor.")] before: Option<String>,
    ) -> Result<ArticleConnection, Error> {
        let list = List {
            locale: request(ctx).locale(locale.map(|locale| locale.0))?,
            kinds: vec![EntryKind::Article],
            filter: filter.unwrap_or_default().resolve(ctx)?,
            order: order_by.into(),
        };
        connection(ctx, list, &Paging { first, after, last, before }).await.map(ArticleConnection)
    }

    /// One decree.
    async fn decree(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] by: DecreeBy,
        #[graphql(desc = "The reader's locale, for `slug` and `entryId`; the site's default when none is given.")] locale: Option<Locale>,
    ) -> Option<Result<Decree, Error>> {
        let by = match by {
            DecreeBy::Id(id) => By::Id(id),
            DecreeBy::Path(path) => By::Path(path),
            DecreeBy::Slug(slug) => By::Slug(slug),
            DecreeBy::EntryId(id) => By::EntryId(id),
        };
        match publication(ctx, EntryKind::Decree, by, locale).await.transpose()? {
            Ok(Publication::Decree(decree)) => Some(Ok(decree)),
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
        #[graphql(desc = "How many from the beginning, up to 100; 20 when neither first nor last is given.")] first: Option<i32>,
        #[graphql(desc = "Only what lies behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, up to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what lies before this cursor.")] before: Option<String>,
    ) -> Result<DecreeConnection, Error> {
        let list = List {
            locale: request(ctx).locale(locale.map(|locale| locale.0))?,
            kinds: vec![EntryKind::Decree],
            filter: filter.unwrap_or_default().resolve(ctx)?,
            order: order_by.into(),
        };
        connection(ctx, list, &Paging { first, after, last, before }).await.map(DecreeConnection)
    }

    /// One category.
    async fn category(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] by: CategoryBy,
        #[graphql(desc = "The reader's locale, for a `path` without one; the site's default when none is given.")] locale: Option<Locale>,
    ) -> Option<Result<Category, Error>> {
        category(ctx, by, locale).transpose()
    }

    /// The categories at the top, or directly below one, in their order.
    async fn categories(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reader's locale; the site's default when none is given.")] locale: Option<Locale>,
        #[graphql(desc = "The path of slugs of the category whose children are wanted.")] under: Option<String>,
    ) -> Result<Vec<Category>, Error> {
        let context = request(ctx);
        let locale = context.locale(locale.map(|locale| locale.0))?;
        let tree = &context.reference.categories;
        let parent = match under {
            None => None,
            Some(path) => match tree.by_path(&path) {
                Some(category) => Some(category.id),
                None => return Ok(Vec::new()),
            },
        };
        Ok(tree.children(parent).map(|category| Category::of(category, locale)).collect())
    }

    /// One feed.
    async fn feed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its slug: `last-news`, say.")] slug: String,
        #[graphql(desc = "The reader's locale; the site's default when none is given.")] locale: Option<Locale>,
    ) -> Option<Result<Feed, Error>> {
        let context = request(ctx);
        let locale = match context.locale(locale.map(|locale| locale.0)) {
            Ok(locale) => locale,
            Err(error) => return Some(Err(error)),
        };
        let feed = Slug::parse(&slug).ok().and_then(|slug| context.reference.feed_by_slug(&slug))?;
        Some(Ok(Feed { id: feed.id, locale }))
    }

    /// All feeds, by slug.
    async fn feeds(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reader's locale; the site's default when none is given.")] locale: Option<Locale>,
    ) -> Result<Vec<Feed>, Error> {
        let context = request(ctx);
        let locale = context.locale(locale.map(|locale| locale.0))?;
        Ok(context.reference.feeds().iter().map(|feed| Feed { id: feed.id, locale }).collect())
    }

    /// One tag.
    async fn tag(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] by: TagBy,
        #[graphql(desc = "The reader's locale, for `slug`; the site's default when none is given.")] locale: Option<Locale>,
    ) -> Option<Result<Tag, Error>> {
        let context = request(ctx);
        match by {
            TagBy::Id(id) => {
                let id = NodeId::decode(&id).filter(|id| id.kind == NodeKind::Tag)?;
                in_memory(ctx, id).and_then(|node| if let Node::Tag(tag) = node { Some(Ok(tag)) } else { None })
            }
            TagBy::Slug(slug) => {
                let locale = match context.locale(locale.map(|locale| locale.0)) {
                    Ok(locale) => locale,
                    Err(error) => return Some(Err(error)),
                };
                let tag = Slug::parse(&slug).ok().and_then(|slug| context.reference.tag_by_slug(&slug))?;
                Some(Ok(Tag { id: tag.id, locale }))
            }
        }
    }

    /// All tags, by slug.
    async fn tags(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reader's locale; the site's default when none is given.")] locale: Option<Locale>,
        #[graphql(desc = "How many from the beginning, up to 100; 20 when neither first nor last is given.")] first: Option<i32>,
        #[graphql(desc = "Only what lies behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, up to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what lies before this cursor.")] before: Option<String>,
    ) -> Result<TagConnection, Error> {
        let context = request(ctx);
        let locale = context.locale(locale.map(|locale| locale.0))?;
        tags(context, locale, &Paging { first, after, last, before })
    }
}

enum By {
    Id(ID),
    Path(String),
    Slug(String),
    EntryId(ID),
}

async fn publication(
    ctx: &Context<'_>,
    kind: EntryKind,
    by: By,
    locale: Option<Locale>,
) -> Result<Option<Publication>, Error> {
    let context = request(ctx);
    let parts = parts::below(ctx);
    let wanted = match kind {
        EntryKind::Article => NodeKind::Article,
        EntryKind::Decree => NodeKind::Decree,
    };
    let edition = match by {
        By::Id(id) => {
            let Some(id) = NodeId::decode(&id).filter(|id| id.kind == wanted) else { return Ok(None) };
            let key = EditionOf { entry: EntryId::from(id.id), locale: id.locale, parts };
            context.loaders.load_one(key).await?
        }
        By::Path(path) => {
            let Some(Address { locale, place: Place::Entry(found, slug) }) = Address::parse(&path) else { return Ok(None) };
            if found != kind {
                return Ok(None);
            }
            context.loaders.load_one(SlugOf { kind, locale, slug: slug.into(), parts }).await?
        }
        By::Slug(slug) => {
            let locale = context.locale(locale.map(|locale| locale.0))?;
            context.loaders.load_one(SlugOf { kind, locale, slug, parts }).await?
        }
        By::EntryId(id) => {
            let reader = context.locale(locale.map(|locale| locale.0))?;
            let Ok(entry) = Uuid::parse_str(&id) else { return Ok(None) };
            context.loaders.load_one(ReaderEditionOf { entry: entry.into(), reader, parts }).await?
        }
    };
    Ok(edition.filter(|edition| edition.kind == kind).map(Publication::of))
}

fn category(ctx: &Context<'_>, by: CategoryBy, locale: Option<Locale>) -> Result<Option<Category>, Error> {
    let context = request(ctx);
    let tree = &context.reference.categories;
    let in_locale = |path: &str, locale: LocaleTag| tree.by_path(path).map(|found| Category::of(found, locale));
    match by {
        CategoryBy::Id(id) => {
            let id = NodeId::decode(&id).filter(|id| id.kind == NodeKind::Category);
            Ok(id.and_then(|id| in_memory(ctx, id)).and_then(|node| match node {
                Node::Category(category) => Some(category),
                _ => None,
            }))
        }
        CategoryBy::Path(path) => match Address::parse(&path) {
            Some(Address { locale, place: Place::Category(path) }) if context.site().has(locale) => {
                Ok(in_locale(&path, locale))
            }
            _ => Ok(in_locale(&path, context.locale(locale.map(|locale| locale.0))?)),
        },
    }
}

async fn node(ctx: &Context<'_>, id: &ID) -> Result<Option<Node>, Error> {
    let context = request(ctx);
    let Some(id) = NodeId::decode(id).filter(|id| context.site().has(id.locale)) else { return Ok(None) };
    if !matches!(id.kind, NodeKind::Article | NodeKind::Decree) {
        return Ok(in_memory(ctx, id));
    }
    let key = EditionOf { entry: EntryId::from(id.id), locale: id.locale, parts: parts::below(ctx) };
    let edition = context.loaders.load_one(key).await?.map(Publication::of);
    Ok(match (id.kind, edition) {
        (NodeKind::Article, Some(Publication::Article(article))) => Some(Node::Article(article)),
        (NodeKind::Decree, Some(Publication::Decree(decree))) => Some(Node::Decree(decree)),
        _ => None,
    })
}

/// The object with an id of reference data, in one of the site's locales.
fn in_memory(ctx: &Context<'_>, id: NodeId) -> Option<Node> {
    let context = request(ctx);
    let NodeId { kind, id, locale } = id;
    if !context.site().has(locale) {
        return None;
    }
    let reference = &context.reference;
    match kind {
        NodeKind::Article | NodeKind::Decree => None,
        NodeKind::Category => reference.categories.get(id.into()).map(|found| Node::Category(Category::of(found, locale))),
        NodeKind::Tag => reference.tag(id.into()).map(|found| Node::Tag(Tag { id: found.id, locale })),
        NodeKind::Feed => reference.feed(id.into()).map(|found| Node::Feed(Feed { id: found.id, locale })),
        NodeKind::Person => reference.person(id.into()).map(|found| Node::Person(Person { id: found.id, locale })),
    }
}
