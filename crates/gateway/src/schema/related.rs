//! What goes with an article or decree.

use std::sync::Arc;

use async_graphql::Context;
use courant_domain::{
    entry::EntryKind,
    id::EntryId,
    list::{Filter, List, Order, Scope},
    locale::Locale,
    page::PageRequest,
    publication::Details,
};
use courant_persistence::{
    ListRequest,
    publication::{self, Parts},
};
use futures_util::future::try_join;

use super::{
    connection::MAX_PAGE,
    context::request,
    projection,
    publication::{
        Publication,
        fields::{category_id, details},
    },
};
use crate::{
    error::{Error, ErrorCode},
    executor::EagerList,
    loader::{ListOf, ReaderEditionOf, RelatedOf},
};

/// What editors chose to go with it, then what is like it: by the list that is made of it, or, until there is one, what is filed with it or
/// shares a tag.
pub(super) async fn related(
    ctx: &Context<'_>,
    edition: &Arc<publication::Publication>,
    first: i32,
) -> Result<EagerList<Publication>, Error> {
    let size = list_size(first)?;
    let details = details(ctx, edition).await?;
    let chosen = chosen(&details, edition.entry);
    // Both in one round: which of the chosen are live is not known before. Those that are in the list, too, are left out of it below.
    let alike = RelatedOf {
        entry: edition.entry,
        reader: edition.locale,
        most: size.max(1).saturating_add(u32::try_from(chosen.len()).unwrap_or_default()),
        parts: projection::below(ctx),
    };
    let first_chosen = listed(ctx, chosen.clone(), edition.locale);
    let others = async {
        match request(ctx).live.load_one(alike).await? {
            Some(mut alike) => {
                alike.shown.retain(|other| !chosen.contains(&other.entry));
                Ok(alike.shown)
            }
            None => filed_alike(ctx, edition, &details, &chosen, size).await,
        }
    };
    let (mut related, others) = try_join(first_chosen, others).await?;
    related.extend(others);
    related.truncate(size as usize);
    Ok(related.into_iter().map(Publication::of).collect())
}

/// The newest of what is filed in the same category or shares a tag.
async fn filed_alike(
    ctx: &Context<'_>,
    edition: &Arc<publication::Publication>,
    details: &Details,
    chosen: &[EntryId],
    size: u32,
) -> Result<Vec<Arc<publication::Publication>>, Error> {
    let tags = details.tags.iter().copied().map(Scope::Tag);
    let category = category_id(ctx, edition).await?;
    let scopes_any = std::iter::once(Scope::Category(category)).chain(tags).collect();
    let list = List {
        locale: edition.locale,
        kinds: EntryKind::ALL.to_vec(),
        filter: Filter { scopes_any, ..Filter::default() },
        order: Order::PublishedAtDesc,
    };
    let mut wanted = ListRequest::new(list, PageRequest::first(size));
    wanted.excluding = std::iter::once(edition.entry).chain(chosen.iter().copied()).collect();
    top(ctx, wanted).await
}

/// What editors chose to go with an entry, each once, and never the entry itself.
fn chosen(details: &Details, own: EntryId) -> Vec<EntryId> {
    let mut chosen: Vec<EntryId> = Vec::with_capacity(details.related.len());
    for entry in &details.related {
        if *entry != own && !chosen.contains(entry) && chosen.len() < MAX_PAGE as usize {
            chosen.push(*entry);
        }
    }
    chosen
}

/// Those of these entries that lists show to readers of a locale: not what was taken back with a notice.
async fn listed(
    ctx: &Context<'_>,
    entries: Vec<EntryId>,
    reader: Locale,
) -> Result<Vec<Arc<publication::Publication>>, Error> {
    let mut found = with_parts(ctx, entries, reader, projection::below(ctx).union(Parts::DETAILS)).await?;
    found.retain(|edition| edition.details.as_ref().is_none_or(|details| details.withdrawal.is_none()));
    Ok(found)
}

/// The editions of entries that a reader of a locale gets, in the order of the entries; those not live are left out.
pub(super) async fn for_reader(
    ctx: &Context<'_>,
    entries: Vec<EntryId>,
    reader: Locale,
) -> Result<Vec<Arc<publication::Publication>>, Error> {
    with_parts(ctx, entries, reader, projection::below(ctx)).await
}

async fn with_parts(
    ctx: &Context<'_>,
    entries: Vec<EntryId>,
    reader: Locale,
    parts: Parts,
) -> Result<Vec<Arc<publication::Publication>>, Error> {
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<_> = entries.into_iter().map(|entry| ReaderEditionOf { entry, reader, parts }).collect();
    let mut found = request(ctx).live.load_many(keys.iter().cloned()).await?;
    Ok(keys.iter().filter_map(|key| found.remove(key)).collect())
}

/// The first page of a list, for fields that are plain lists.
pub(super) async fn top(ctx: &Context<'_>, wanted: ListRequest) -> Result<Vec<Arc<publication::Publication>>, Error> {
    let key = ListOf::new(Arc::new(wanted), projection::below(ctx));
    let page = request(ctx).live.load_one(key).await?.unwrap_or_default();
    Ok(page.items.iter().map(|(_, edition)| edition.clone()).collect())
}

/// The size of a list that a client asks for.
pub(super) fn list_size(first: i32) -> Result<u32, Error> {
    match u32::try_from(first) {
        Ok(size) if size <= MAX_PAGE => Ok(size),
        Ok(size) => {
            Err(Error::new(ErrorCode::PageTooLarge, format!("first is {size}; at most {MAX_PAGE} can be had at once")))
        }
        Err(_) => Err(Error::new(ErrorCode::BadUserInput, "first cannot be negative")),
    }
}
