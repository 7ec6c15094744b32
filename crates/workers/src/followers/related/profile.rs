//! What is compared of entries, made of what is live of them.

use std::{collections::HashMap, sync::Arc};

use courant_domain::{id::EntryId, related::Profile};
use courant_persistence::{
    Live,
    publication::{Parts, Publication},
};
use courant_search::gist;

use crate::{Result, WorkError};

const PARTS: Parts = Parts::TITLE
    .union(Parts::SUMMARY)
    .union(Parts::TEXT)
    .union(Parts::DETAILS)
    .union(Parts::CATEGORY)
    .union(Parts::PUBLISHED_AT);

/// What is compared of those of these entries of which something is live.
pub(super) async fn profiles(live: &Live, entries: &[EntryId]) -> Result<HashMap<EntryId, Profile>> {
    let found = live.publications_of_entries(entries, PARTS).await?;
    // Stems of a hundred texts take their time.
    let made = tokio::task::spawn_blocking(move || {
        found.into_iter().filter_map(|(entry, editions)| Some((entry, profile(&editions)?))).collect()
    });
    made.await.map_err(|error| WorkError::Other(format!("related: {error}")))
}

fn profile(editions: &[Arc<Publication>]) -> Option<Profile> {
    let first = editions.first()?;
    let details = || editions.iter().filter_map(|edition| edition.details.as_deref());
    let listed = editions.iter().filter(|edition| edition.details.as_deref().is_none_or(|it| it.withdrawal.is_none()));
    let mut texts: Vec<_> = listed
        .map(|edition| {
            let text = edition.body.as_ref().and_then(|body| body.text.as_deref()).unwrap_or_default();
            let title = edition.title.as_deref().unwrap_or_default();
            (edition.locale, gist(edition.locale, title, edition.summary.as_deref(), text))
        })
        .collect();
    texts.sort_by_key(|(locale, _)| *locale);
    let mut tags: Vec<_> = details().flat_map(|details| details.tags.iter().copied()).collect();
    tags.sort_unstable();
    tags.dedup();
    let mut chosen: Vec<EntryId> = Vec::new();
    for entry in details().flat_map(|details| details.related.iter().copied()) {
        if entry != first.entry && !chosen.contains(&entry) {
            chosen.push(entry);
        }
    }
    Some(Profile {
        category: first.category?,
        tags,
        published_at: editions.iter().filter_map(|edition| edition.published_at).min()?.as_microsecond(),
        texts,
        chosen,
    })
}
