//! From a path to what is there.

use async_graphql::{Context, SimpleObject, Union};
use courant_domain::{
    address::{self, Address, Place},
    locale::Locale,
};

use super::{
    article::Article,
    category::Category,
    context::{RequestContext, request},
    decree::Decree,
    feed::Feed,
    person::Person,
    preview::{is_at, previewed},
    projection,
    publication::Publication,
    tag::Tag,
};
use crate::{
    error::Error,
    executor::{ResolveEagerly, eager_by_object},
    loader::{RedirectOf, SlugOf},
};

/// What is at a path of the site.
#[derive(Union)]
pub(crate) enum Route {
    /// An article.
    Article(Article),
    /// A decree.
    Decree(Decree),
    /// A category.
    Category(Category),
    /// A tag.
    Tag(Tag),
    /// An author or signatory.
    Person(Person),
    /// A feed.
    Feed(Feed),
    /// A language's front page.
    FrontPage(FrontPage),
    /// Nothing any more, but the reader is sent elsewhere.
    Redirect(Redirect),
    /// Nothing any more, and for good.
    Gone(Gone),
}

/// Nothing is here any more, but somewhere else (HTTP 301).
#[derive(SimpleObject)]
pub(crate) struct Redirect {
    /// The path that was asked for.
    path: String,
    /// Where it leads now: a path of the site, or an absolute URL.
    target: String,
}

/// What was here is gone for good (HTTP 410).
#[derive(SimpleObject)]
pub(crate) struct Gone {
    /// The path that was asked for.
    path: String,
}

/// A language's front page.
#[derive(SimpleObject)]
pub(crate) struct FrontPage {
    /// The language.
    locale: super::scalar::Locale,
    /// Its path.
    path: String,
    /// What the site is called in the language.
    title: String,
}

impl ResolveEagerly for FrontPage {}
impl ResolveEagerly for Redirect {}
impl ResolveEagerly for Gone {}

eager_by_object!(Route: Article, Decree, Category, Tag, Person, Feed, FrontPage, Redirect, Gone);

impl From<Publication> for Route {
    fn from(publication: Publication) -> Self {
        match publication {
            Publication::Article(article) => Self::Article(article),
            Publication::Decree(decree) => Self::Decree(decree),
        }
    }
}

/// What is at a path; none where nothing is and never was.
pub(super) async fn route(ctx: &Context<'_>, asked: &str, preview: Option<String>) -> Result<Option<Route>, Error> {
    let context = request(ctx);
    // An old address may say by its query what it leads to.
    let (queried, is_old) = (address::queried(asked), address::names_old_page(asked));
    let Some(path) = address::normalise(asked) else { return Ok(None) };
    if let Some(shown) = previewed(ctx, preview.as_ref(), |shown| is_at(shown, path)).await? {
        return Ok(Some(shown.into()));
    }
    if let Some(front) = front_page(context, path) {
        // A front page is there whatever is asked of it, but for a page that an old site had.
        return Ok(ruled(context, path, queried).await?.or((!is_old).then_some(front)));
    }
    if let Some(Address { locale, place }) = Address::parse(path).filter(|address| context.site().has(address.locale)) {
        let found = match place {
            Place::Entry(kind, slug) => {
                let key = SlugOf { kind, locale, slug: slug.into(), parts: projection::below(ctx) };
                context.live.load_one(key).await?.map(|edition| Publication::of(edition).into())
            }
            other => in_memory(context, locale, &other),
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    if let Some(ruled) = ruled(context, path, address::leading(asked)).await? {
        return Ok(Some(ruled));
    }
    Ok(address::is_further_front(path).then(|| {
        let target = address::home_path(context.site().default_locale);
        Route::Redirect(Redirect { path: path.to_owned(), target })
    }))
}

/// What the first rule says that there is for one of these addresses.
async fn ruled(context: &RequestContext, asked: &str, addresses: Vec<String>) -> Result<Option<Route>, Error> {
    if addresses.is_empty() {
        return Ok(None);
    }
    let mut rules = context.live.load_many(addresses.iter().cloned().map(RedirectOf)).await?;
    let rule = addresses.into_iter().find_map(|path| Some((rules.remove(&RedirectOf(path.clone()))?, path)));
    let rule = rule.filter(|(rule, _)| rule.target.as_deref().is_none_or(|target| context.known().leads_to(target)));
    Ok(rule.map(|(rule, path)| {
        let path = if path.contains('?') { path } else { asked.to_owned() };
        match rule.target {
            Some(target) => Route::Redirect(Redirect { path, target }),
            None => Route::Gone(Gone { path }),
        }
    }))
}

/// The front page that a path leads to; the root of the site leads to the one in its first language.
fn front_page(context: &RequestContext, path: &str) -> Option<Route> {
    let site = context.site();
    if path == "/" {
        let target = address::home_path(site.default_locale);
        return Some(Route::Redirect(Redirect { path: path.to_owned(), target }));
    }
    let locale = Locale::parse(path.strip_prefix('/')?).ok().filter(|locale| site.has(*locale))?;
    let title = site.name.resolve(site, locale).unwrap_or_default().to_owned();
    Some(Route::FrontPage(FrontPage { locale: super::scalar::Locale(locale), path: address::home_path(locale), title }))
}

fn in_memory(context: &RequestContext, locale: Locale, place: &Place) -> Option<Route> {
    let known = context.known();
    match place {
        Place::Entry(..) => None,
        Place::Category(path) => {
            known.categories().by_path(path).map(|category| Route::Category(Category::of(category, locale)))
        }
        Place::Tag(slug) => known.live_tag_by_slug(slug).map(|tag| Route::Tag(Tag { id: tag.id, locale })),
        Place::Person(slug) => {
            let person = known.live_person_by_slug(slug);
            person.map(|person| Route::Person(Person { id: person.id, locale }))
        }
        Place::Feed(slug) => known.feed_by_slug(slug).map(|feed| Route::Feed(Feed { id: feed.id, locale })),
    }
}
