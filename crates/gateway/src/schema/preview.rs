//! Revisions that are not live, shown to whoever has a link: in the types that readers see, where their page would be.
//!
//! *Invariant*: without a link that holds, or where it shows something else, a field answers from the live tables as
//! if the argument were not there.

use std::sync::Arc;

use async_graphql::Context;
use courant_domain::{
    address::{Address, Place},
    entry::EntryKind,
    locale::Locale,
};
use courant_persistence::{PreviewOf, VersionKey, publication};

use super::{
    by::By,
    context::request,
    id::{NodeId, NodeKind},
    publication::{Publication, fields::id},
};
use crate::error::Error;

/// What an answer that shows a preview says to caches.
const PRIVATE: (&str, &str) = ("cache-control", "private, no-store");

/// The revision that a link shows, if that is what is asked for.
pub(super) async fn previewed(
    ctx: &Context<'_>,
    link: Option<&String>,
    is_asked_for: impl FnOnce(&publication::Publication) -> bool,
) -> Result<Option<Publication>, Error> {
    let context = request(ctx);
    let Some(link) = link else { return Ok(None) };
    ctx.insert_http_header(PRIVATE.0, PRIVATE.1);
    let now = context.store.now();
    // In boxes: few requests have a link, and all of them would carry the 9 KB of state about.
    let preview = Box::pin(context.identity.keyring.check(&context.store, |keys| keys.preview_read(link, now))).await;
    let Ok(preview) = preview else { return Ok(None) };
    let key = VersionKey { entry: preview.entry, locale: preview.locale };
    let of = PreviewOf { key, revision: preview.revision };
    let shown = Box::pin(context.store.newsroom().preview(preview.link, of, now)).await;
    let shown = shown.map_err(|error| Error::of_store(&error))?;
    Ok(shown.filter(|shown| is_asked_for(shown)).map(|shown| Publication::of(Arc::new(shown))))
}

/// Whether a revision is the article or decree that is asked for.
pub(super) fn is_by(shown: &publication::Publication, kind: EntryKind, by: &By, locale: Option<Locale>) -> bool {
    let in_locale = locale.is_none_or(|locale| locale == shown.locale);
    shown.kind == kind
        && match by {
            By::Id(wanted) => {
                let live = NodeId::decode(wanted).is_some_and(|wanted| {
                    let same_kind = match kind {
                        EntryKind::Article => wanted.kind == NodeKind::Article,
                        EntryKind::Decree => wanted.kind == NodeKind::Decree,
                    };
                    same_kind && wanted.id == shown.entry.uuid() && wanted.locale == shown.locale
                });
                live || *wanted == id(shown)
            }
            By::Path(path) => is_at(shown, path),
            By::Slug(slug) => in_locale && shown.slug.as_deref() == Some(slug),
            By::EntryId(entry) => in_locale && entry.as_str() == shown.entry.to_string(),
        }
}

/// Whether a path is the one that a revision would have.
pub(super) fn is_at(shown: &publication::Publication, path: &str) -> bool {
    match Address::parse(path) {
        Some(Address { locale, place: Place::Entry(kind, slug) }) => {
            locale == shown.locale && kind == shown.kind && shown.slug.as_deref() == Some(slug.as_str())
        }
        _ => false,
    }
}
