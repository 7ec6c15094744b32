//! Categories.

use std::borrow::Cow;

use async_graphql::{Context, ID, Object, SimpleObject};
use courant_domain::{
    address, category as domain,
    entry::EntryKind,
    id::{CategoryId, EntryId},
    list::{Filter, List, Order},
    locale::Locale as LocaleTag,
    page::PageRequest,
};
use courant_persistence::ListRequest;

use super::{
    connection::{ArticleConnection, DecreeConnection, Paging, PublicationConnection, connection},
    context::{RequestContext, request},
    feed_link::{FeedLink, links_of},
    filter::{ArticleFilter, DecreeFilter, DecreeOrder, PublicationFilter, PublicationOrder, resolved},
    id::{NodeId, NodeKind},
    publication::Publication,
    related::{list_size, top},
    scalar::Locale,
};
use crate::error::{Error, ErrorCode};
use crate::executor::{Eager, EagerList, ResolveEagerly};

/// How many ids `excluding` takes.
const MAX_EXCLUDED: usize = 100;

/// A step of the way from the front page.
#[derive(SimpleObject, Clone)]
pub(crate) struct Crumb {
    /// What to call it.
    title: String,
    /// Where it leads.
    path: String,
}

impl ResolveEagerly for Crumb {
    fn at_hand<'a>(&'a self, field: &str, _: &'a RequestContext) -> Option<Cow<'a, str>> {
        match field {
            "title" => Some(Cow::from(&self.title)),
            "path" => Some(Cow::from(&self.path)),
            _ => None,
        }
    }
}

impl Crumb {
    pub(super) fn home(ctx: &Context<'_>, locale: LocaleTag) -> Self {
        let site = request(ctx).site();
        Self { title: site.name.resolve(site, locale).unwrap_or_default().to_owned(), path: address::home_path(locale) }
    }

    /// What to call it, and where it leads.
    pub(super) fn parts(&self) -> (&str, &str) {
        (&self.title, &self.path)
    }

    pub(super) fn category(ctx: &Context<'_>, category: &domain::Category, locale: LocaleTag) -> Self {
        let request = request(ctx);
        Self { title: title(request, category, locale).to_owned(), path: path(request, category.id, locale) }
    }
}

fn title<'a>(request: &'a RequestContext, category: &'a domain::Category, locale: LocaleTag) -> &'a str {
    category.title.resolve(request.site(), locale).unwrap_or_else(|| category.slug.as_str())
}

fn path(request: &RequestContext, id: CategoryId, locale: LocaleTag) -> String {
    address::category_path(locale, request.known().categories().path(id).unwrap_or_default())
}

/// A category, in one language. Every category exists in all of the site's languages; where its title is missing in one, the
/// fallback's stands in.
#[derive(Clone)]
pub(crate) struct Category {
    pub(super) id: CategoryId,
    pub(super) locale: LocaleTag,
}

impl ResolveEagerly for Category {
    fn at_hand<'a>(&'a self, field: &str, request: &'a RequestContext) -> Option<Cow<'a, str>> {
        match field {
            "title" => Some(title(request, request.known().categories().get(self.id)?, self.locale).into()),
            "path" => Some(path(request, self.id, self.locale).into()),
            _ => None,
        }
    }
}

impl Category {
    pub(super) fn of(category: &domain::Category, locale: LocaleTag) -> Self {
        Self { id: category.id, locale }
    }

    fn list(
        &self,
        kinds: Vec<EntryKind>,
        include_descendants: bool,
        filter: Filter,
        order: Order,
    ) -> Result<List, Error> {
        if !filter.categories.is_empty() {
            return Err(Error::new(ErrorCode::BadUserInput, "categories cannot be given below a category"));
        }
        let include_descendants = include_descendants && filter.include_descendants;
        let filter = Filter { categories: vec![self.id], include_descendants, ..filter };
        Ok(List { locale: self.locale, kinds, filter, order })
    }

    fn known<'a>(&self, ctx: &Context<'a>) -> Result<&'a domain::Category, Error> {
        // Reference data never loses a category that live editions are filed in.
        request(ctx).known().categories().get(self.id).ok_or_else(|| Error::missing("a category"))
    }
}

/// A category, in one language. Every category exists in all of the site's languages; where its title is missing in one, the
/// fallback's stands in.
#[Object]
impl Category {
    /// Its global id. It names the language, too.
    pub(crate) async fn id(&self) -> ID {
        NodeId { kind: NodeKind::Category, id: self.id.uuid(), locale: self.locale }.encode()
    }

    /// The language it is read in.
    async fn locale(&self) -> Locale {
        Locale(self.locale)
    }

    /// Its part of the path, unique among its siblings.
    async fn slug(&self, ctx: &Context<'_>) -> Result<String, Error> {
        Ok(self.known(ctx)?.slug.to_string())
    }

    /// Its path on the site.
    async fn path(&self, ctx: &Context<'_>) -> String {
        path(request(ctx), self.id, self.locale)
    }

    /// Its name.
    async fn title(&self, ctx: &Context<'_>) -> Result<String, Error> {
        Ok(title(request(ctx), self.known(ctx)?, self.locale).to_owned())
    }

    /// What is filed under it.
    async fn description(&self, ctx: &Context<'_>) -> Option<Result<String, Error>> {
        let known = self.known(ctx).map(|known| known.description.resolve(request(ctx).site(), self.locale));
        known.map(|text| text.map(str::to_owned)).transpose()
    }

    /// Its place among its siblings, smallest first.
    async fn position(&self, ctx: &Context<'_>) -> Result<i32, Error> {
        Ok(self.known(ctx)?.position)
    }

    /// The category above it; null at the top.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Self> {
        let parent = request(ctx).known().categories().get(self.id)?.parent?;
        Some(Self { id: parent, locale: self.locale })
    }

    /// The categories above it, from the top down.
    async fn ancestors(&self, ctx: &Context<'_>) -> EagerList<Self> {
        request(ctx).known().categories().ancestors(self.id).map(|above| Self::of(above, self.locale)).collect()
    }

    /// The categories directly below it, in their order.
    async fn children(&self, ctx: &Context<'_>) -> EagerList<Self> {
        request(ctx).known().categories().children(Some(self.id)).map(|below| Self::of(below, self.locale)).collect()
    }

    /// The way to it: the front page, then the categories from the top, itself last.
    async fn breadcrumbs(&self, ctx: &Context<'_>) -> Result<EagerList<Crumb>, Error> {
        let mut crumbs = vec![Crumb::home(ctx, self.locale)];
        let above = request(ctx).known().categories().ancestors(self.id);
        crumbs.extend(above.map(|above| Crumb::category(ctx, above, self.locale)));
        crumbs.push(Crumb::category(ctx, self.known(ctx)?, self.locale));
        Ok(EagerList(crumbs))
    }

    /// Where what is filed here or below can be followed, in each format.
    async fn links(&self, ctx: &Context<'_>) -> Result<Vec<FeedLink>, Error> {
        self.known(ctx)?;
        Ok(links_of(&path(request(ctx), self.id, self.locale)))
    }

    /// Its articles.
    #[expect(clippy::too_many_arguments, reason = "they are the field's arguments")]
    async fn articles(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = true, desc = "Whether what is filed below it belongs to the list, too.")]
        include_descendants: bool,
        #[graphql(desc = "Which of them.")] filter: Option<ArticleFilter>,
        #[graphql(default_with = "PublicationOrder::default()", desc = "In which order.")] order_by: PublicationOrder,
        #[graphql(desc = "How many from the beginning, up to 100; 20 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, up to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Option<Result<Eager<ArticleConnection>, Error>> {
        let page = async {
            let list =
                self.list(vec![EntryKind::Article], include_descendants, resolved(filter, ctx)?, order_by.into())?;
            connection(ctx, list, &Paging { first, after, last, before }).await.map(ArticleConnection).map(Eager)
        };
        Some(page.await)
    }

    /// Its decrees.
    #[expect(clippy::too_many_arguments, reason = "they are the field's arguments")]
    async fn decrees(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = true, desc = "Whether what is filed below it belongs to the list, too.")]
        include_descendants: bool,
        #[graphql(desc = "Which of them.")] filter: Option<DecreeFilter>,
        #[graphql(default_with = "DecreeOrder::default()", desc = "In which order.")] order_by: DecreeOrder,
        #[graphql(desc = "How many from the beginning, up to 100; 20 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, up to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Option<Result<Eager<DecreeConnection>, Error>> {
        let page = async {
            let list =
                self.list(vec![EntryKind::Decree], include_descendants, resolved(filter, ctx)?, order_by.into())?;
            connection(ctx, list, &Paging { first, after, last, before }).await.map(DecreeConnection).map(Eager)
        };
        Some(page.await)
    }

    /// Its articles and decrees in one list.
    #[expect(clippy::too_many_arguments, reason = "they are the field's arguments")]
    async fn publications(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = true, desc = "Whether what is filed below it belongs to the list, too.")]
        include_descendants: bool,
        #[graphql(desc = "Which of them.")] filter: Option<PublicationFilter>,
        #[graphql(default_with = "PublicationOrder::default()", desc = "In which order.")] order_by: PublicationOrder,
        #[graphql(desc = "How many from the beginning, up to 100; 20 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, up to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Option<Result<Eager<PublicationConnection>, Error>> {
        let page = async {
            let list =
                self.list(EntryKind::ALL.to_vec(), include_descendants, resolved(filter, ctx)?, order_by.into())?;
            connection(ctx, list, &Paging { first, after, last, before }).await.map(PublicationConnection).map(Eager)
        };
        Some(page.await)
    }

    /// Its newest articles, those filed below it included: what a page shows beside an article of the category.
    async fn related(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 5, desc = "How many at the most; up to 100.")] first: i32,
        #[graphql(desc = "Articles to leave out, by id: the one the page is about, say.")] excluding: Option<Vec<ID>>,
    ) -> Option<Result<EagerList<Publication>, Error>> {
        let newest = async {
            let all = resolved(None::<ArticleFilter>, ctx)?;
            let list = self.list(vec![EntryKind::Article], true, all, Order::PublishedAtDesc)?;
            let mut wanted = ListRequest::new(list, PageRequest::first(list_size(first)?));
            wanted.excluding = excluded(excluding.as_deref().unwrap_or_default())?;
            Ok(top(ctx, wanted).await?.into_iter().map(Publication::of).collect())
        };
        Some(newest.await)
    }
}

fn excluded(ids: &[ID]) -> Result<Vec<EntryId>, Error> {
    if ids.len() > MAX_EXCLUDED {
        return Err(Error::new(
            ErrorCode::BadUserInput,
            format!("excluding has {} ids; at most {MAX_EXCLUDED} can be given", ids.len()),
        ));
    }
    ids.iter()
        .map(|id| match NodeId::decode(id) {
            Some(NodeId { kind: NodeKind::Article | NodeKind::Decree, id, .. }) => Ok(EntryId::from(id)),
            _ => Err(Error::new(ErrorCode::BadUserInput, "excluding holds something that is no id of an article")),
        })
        .collect()
}
