//! What the fields of articles and decrees are answered with.

use std::{
    borrow::Cow,
    sync::{Arc, LazyLock},
};

use async_graphql::{Context, ID};
use courant_domain::{address, entry::EntryKind, id::CategoryId, publication::Details};
use courant_persistence::publication::{self, History, Parts};

use super::{ChangeNote, Publication, Withdrawal};
use crate::{
    error::Error,
    executor::{Eager, EagerList},
    loader::{EditionOf, TranslationsOf},
    schema::{
        category::{Category, Crumb},
        context::request,
        id::{NodeId, NodeKind},
        projection,
        scalar::DateTime,
        tag::Tag,
    },
};

/// An edition that has at least these parts: the one at hand, or, when the look-ahead did not foresee them,
/// loaded now.
pub(in crate::schema) async fn with(
    ctx: &Context<'_>,
    edition: &Arc<publication::Publication>,
    parts: Parts,
) -> Result<Arc<publication::Publication>, Error> {
    if edition.parts.contains(parts) {
        return Ok(edition.clone());
    }
    let key = EditionOf { entry: edition.entry, locale: edition.locale, parts };
    let found = request(ctx).live.load_one(key).await?;
    // Taken back since the page was read: the reader gets what the page already shows.
    Ok(found.unwrap_or_else(|| edition.clone()))
}

/// What a client is told of a part that cannot be had any more.
pub(in crate::schema) fn taken_back() -> Error {
    Error::missing("a part of an edition")
}

/// A text that every edition has; borrowed from the edition at hand where that has it.
async fn text<'a>(
    ctx: &Context<'_>,
    edition: &'a Arc<publication::Publication>,
    part: Parts,
    of: impl Fn(&publication::Publication) -> &Option<String>,
) -> Result<Cow<'a, str>, Error> {
    if let Some(text) = of(edition) {
        return Ok(Cow::Borrowed(text));
    }
    of(&*with(ctx, edition, part).await?).clone().map(Cow::Owned).ok_or_else(taken_back)
}

pub(in crate::schema) async fn title<'a>(
    ctx: &Context<'_>,
    edition: &'a Arc<publication::Publication>,
) -> Result<Cow<'a, str>, Error> {
    text(ctx, edition, Parts::TITLE, |edition| &edition.title).await
}

pub(in crate::schema) async fn slug<'a>(
    ctx: &Context<'_>,
    edition: &'a Arc<publication::Publication>,
) -> Result<Cow<'a, str>, Error> {
    text(ctx, edition, Parts::SLUG, |edition| &edition.slug).await
}

pub(in crate::schema) async fn path(
    ctx: &Context<'_>,
    edition: &Arc<publication::Publication>,
) -> Result<String, Error> {
    Ok(address::entry_path(edition.locale, edition.kind, &slug(ctx, edition).await?))
}

pub(in crate::schema) async fn published_at(
    ctx: &Context<'_>,
    edition: &Arc<publication::Publication>,
) -> Result<DateTime, Error> {
    with(ctx, edition, Parts::PUBLISHED_AT).await?.published_at.map(DateTime).ok_or_else(taken_back)
}

pub(in crate::schema) async fn category_id(
    ctx: &Context<'_>,
    edition: &Arc<publication::Publication>,
) -> Result<CategoryId, Error> {
    with(ctx, edition, Parts::CATEGORY).await?.category.ok_or_else(taken_back)
}

pub(in crate::schema) async fn category(
    ctx: &Context<'_>,
    edition: &Arc<publication::Publication>,
) -> Result<Eager<Category>, Error> {
    let id = category_id(ctx, edition).await?;
    request(ctx).named(request(ctx).known().categories().get(id));
    Ok(Eager(Category { id, locale: edition.locale }))
}

pub(in crate::schema) async fn breadcrumbs(
    ctx: &Context<'_>,
    edition: &Arc<publication::Publication>,
) -> Result<EagerList<Crumb>, Error> {
    let category = category_id(ctx, edition).await?;
    let mut crumbs = vec![Crumb::home(ctx, edition.locale)];
    let tree = request(ctx).known().categories();
    crumbs.extend(tree.ancestors(category).map(|above| Crumb::category(ctx, above, edition.locale)));
    crumbs.extend(request(ctx).named(tree.get(category)).map(|own| Crumb::category(ctx, own, edition.locale)));
    Ok(EagerList(crumbs))
}

/// An edition whose details are at hand.
pub(in crate::schema) struct WithDetails(Arc<publication::Publication>);

impl std::ops::Deref for WithDetails {
    type Target = Details;

    fn deref(&self) -> &Details {
        static NONE: LazyLock<Details> = LazyLock::new(Details::default);
        self.0.details.as_deref().unwrap_or(&NONE)
    }
}

pub(in crate::schema) async fn details(
    ctx: &Context<'_>,
    edition: &Arc<publication::Publication>,
) -> Result<WithDetails, Error> {
    with(ctx, edition, Parts::DETAILS).await.map(WithDetails)
}

pub(in crate::schema) fn id(edition: &publication::Publication) -> ID {
    let kind = match edition.kind {
        EntryKind::Article => NodeKind::Article,
        EntryKind::Decree => NodeKind::Decree,
    };
    let id = NodeId { kind, id: edition.entry.uuid(), locale: edition.locale }.encode();
    match edition.preview {
        // Another object than the live one, for a client that keeps objects by their ids; no field finds it.
        Some(revision) => ID(format!("{}.{revision}", id.as_str())),
        None => id,
    }
}

pub(in crate::schema) async fn summary(
    ctx: &Context<'_>,
    edition: &Arc<publication::Publication>,
) -> Result<Option<String>, Error> {
    Ok(with(ctx, edition, Parts::SUMMARY).await?.summary.clone())
}

pub(in crate::schema) async fn history(
    ctx: &Context<'_>,
    edition: &Arc<publication::Publication>,
) -> Result<History, Error> {
    with(ctx, edition, Parts::HISTORY).await?.history.ok_or_else(taken_back)
}

pub(in crate::schema) async fn view_count(
    ctx: &Context<'_>,
    edition: &Arc<publication::Publication>,
) -> Result<i32, Error> {
    // GraphQL's Int has 32 bits.
    Ok(i32::try_from(with(ctx, edition, Parts::VIEWS).await?.views.unwrap_or(0)).unwrap_or(i32::MAX))
}

pub(in crate::schema) async fn tags(
    ctx: &Context<'_>,
    edition: &Arc<publication::Publication>,
) -> Result<EagerList<Tag>, Error> {
    let details = details(ctx, edition).await?;
    let known = |id: &_| request(ctx).named(request(ctx).known().tag(*id)).is_some();
    Ok(details.tags.iter().copied().filter(known).map(|id| Tag { id, locale: edition.locale }).collect())
}

pub(in crate::schema) async fn translations(
    ctx: &Context<'_>,
    edition: &publication::Publication,
) -> Result<EagerList<Publication>, Error> {
    let key = TranslationsOf { entry: edition.entry, parts: projection::below(ctx) };
    let context = request(ctx);
    let editions = context.live.load_one(key).await?.unwrap_or_default().into_iter();
    let others = editions.filter(|other| other.locale != edition.locale && context.site().has(other.locale));
    Ok(others.map(Publication::of).collect())
}

pub(in crate::schema) async fn change_notes(
    ctx: &Context<'_>,
    edition: &Arc<publication::Publication>,
) -> Result<Vec<ChangeNote>, Error> {
    let details = details(ctx, edition).await?;
    let notes = details.change_notes.iter();
    Ok(notes.cloned().map(ChangeNote::from).collect())
}

pub(in crate::schema) async fn withdrawal(
    ctx: &Context<'_>,
    edition: &Arc<publication::Publication>,
) -> Result<Option<Withdrawal>, Error> {
    Ok(details(ctx, edition).await?.withdrawal.as_ref().map(Withdrawal::from))
}
