//! What identifies one thing in the arguments of the root.

use async_graphql::{Context, ID, OneofObject};
use courant_domain::{
    address::{Address, Place},
    entry::EntryKind,
    id::EntryId,
    locale::Locale as LocaleTag,
    slug::Slug,
};
use uuid::Uuid;

use super::{
    category::Category,
    context::request,
    id::{NodeId, NodeKind},
    node::{Node, in_memory},
    person::Person,
    preview::{is_by, previewed},
    projection,
    publication::Publication,
    scalar::Locale,
    tag::Tag,
};
use crate::{
    error::Error,
    loader::{EditionOf, ReaderEditionOf, SlugOf},
};

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

/// Which person: exactly one of these.
#[derive(OneofObject)]
pub(crate) enum PersonBy {
    /// The person with this global id, in the language the id names.
    Id(ID),
    /// The person with this slug.
    Slug(String),
}

/// Which article or decree.
pub(super) enum By {
    Id(ID),
    Path(String),
    Slug(String),
    EntryId(ID),
}

impl From<ArticleBy> for By {
    fn from(by: ArticleBy) -> Self {
        match by {
            ArticleBy::Id(id) => Self::Id(id),
            ArticleBy::Path(path) => Self::Path(path),
            ArticleBy::Slug(slug) => Self::Slug(slug),
            ArticleBy::EntryId(id) => Self::EntryId(id),
        }
    }
}

impl From<DecreeBy> for By {
    fn from(by: DecreeBy) -> Self {
        match by {
            DecreeBy::Id(id) => Self::Id(id),
            DecreeBy::Path(path) => Self::Path(path),
            DecreeBy::Slug(slug) => Self::Slug(slug),
            DecreeBy::EntryId(id) => Self::EntryId(id),
        }
    }
}

/// The publication of a kind that is asked for.
pub(super) async fn publication(
    ctx: &Context<'_>,
    kind: EntryKind,
    by: By,
    locale: Option<Locale>,
    preview: Option<String>,
) -> Result<Option<Publication>, Error> {
    let context = request(ctx);
    let in_locale = locale.as_ref().map(|locale| locale.0);
    if let Some(shown) = previewed(ctx, preview.as_ref(), |shown| is_by(shown, kind, &by, in_locale)).await? {
        return Ok(Some(shown));
    }
    let parts = projection::below(ctx);
    let wanted = NodeKind::of(kind);
    let edition = match by {
        By::Id(id) => {
            let Some(id) = NodeId::decode(&id).filter(|id| id.kind == wanted) else { return Ok(None) };
            let key = EditionOf { entry: EntryId::from(id.id), locale: id.locale, parts };
            context.live.load_one(key).await?
        }
        By::Path(path) => {
            let Some(Address { locale, place: Place::Entry(found, slug) }) = Address::parse(&path) else {
                return Ok(None);
            };
            if found != kind {
                return Ok(None);
            }
            context.live.load_one(SlugOf { kind, locale, slug: slug.into(), parts }).await?
        }
        By::Slug(slug) => {
            let locale = context.locale(locale.map(|locale| locale.0))?;
            context.live.load_one(SlugOf { kind, locale, slug, parts }).await?
        }
        By::EntryId(id) => {
            let reader = context.locale(locale.map(|locale| locale.0))?;
            let Ok(entry) = Uuid::parse_str(&id) else { return Ok(None) };
            context.live.load_one(ReaderEditionOf { entry: entry.into(), reader, parts }).await?
        }
    };
    // What is live in a language that the site no longer has is there for nobody.
    let found = edition.filter(|edition| edition.kind == kind && context.site().has(edition.locale));
    Ok(found.map(Publication::of))
}

/// The category that is asked for.
pub(super) fn category(ctx: &Context<'_>, by: CategoryBy, locale: Option<Locale>) -> Result<Option<Category>, Error> {
    let context = request(ctx);
    let tree = context.known().categories();
    let in_locale = |path: &str, locale: LocaleTag| tree.by_path(path).map(|found| Category::of(found, locale));
    match by {
        CategoryBy::Id(id) => {
            let id = NodeId::decode(&id).filter(|id| id.kind == NodeKind::Category);
            match id.and_then(|id| in_memory(ctx, id)) {
                Some(Node::Category(category)) => Ok(Some(category)),
                _ => Ok(None),
            }
        }
        CategoryBy::Path(path) => match Address::parse(&path) {
            Some(Address { locale, place: Place::Category(path) }) if context.site().has(locale) => {
                Ok(in_locale(&path, locale))
            }
            _ => Ok(in_locale(&path, context.locale(locale.map(|locale| locale.0))?)),
        },
    }
}

/// The tag that is asked for.
pub(super) fn tag(ctx: &Context<'_>, by: TagBy, locale: Option<Locale>) -> Result<Option<Tag>, Error> {
    let context = request(ctx);
    match by {
        TagBy::Id(id) => {
            let id = NodeId::decode(&id).filter(|id| id.kind == NodeKind::Tag);
            match id.and_then(|id| in_memory(ctx, id)) {
                Some(Node::Tag(tag)) => Ok(Some(tag)),
                _ => Ok(None),
            }
        }
        TagBy::Slug(slug) => {
            let locale = context.locale(locale.map(|locale| locale.0))?;
            let tag = Slug::parse(&slug).ok().and_then(|slug| context.known().live_tag_by_slug(&slug));
            Ok(tag.map(|tag| Tag { id: tag.id, locale }))
        }
    }
}

/// The person that is asked for.
pub(super) fn person(ctx: &Context<'_>, by: PersonBy, locale: Option<Locale>) -> Result<Option<Person>, Error> {
    let context = request(ctx);
    match by {
        PersonBy::Id(id) => {
            let id = NodeId::decode(&id).filter(|id| id.kind == NodeKind::Person);
            match id.and_then(|id| in_memory(ctx, id)) {
                Some(Node::Person(person)) => Ok(Some(person)),
                _ => Ok(None),
            }
        }
        PersonBy::Slug(slug) => {
            let locale = context.locale(locale.map(|locale| locale.0))?;
            let person = Slug::parse(&slug).ok().and_then(|slug| context.known().live_person_by_slug(&slug));
            Ok(person.map(|person| Person { id: person.id, locale }))
        }
    }
}
