//! What the newsroom's types ask for.

use std::{collections::HashMap, hash::Hash, sync::Arc};

use courant_domain::{
    access::ActorId,
    audit::AuditRecord,
    desk::{Claim, Comment, WorkingCopy},
    id::EntryId,
    locale::Locale,
    newsroom::AuditFilter,
    page::Page,
    revision::RevisionNumber,
};
use courant_persistence::{
    AttemptsRequest, AuditRequest, ChangeMade, Confirmations, DeliveriesRequest, EntryInWork, EntryListRequest,
    HistoryOfEntry, HistoryRequest, LiveRow, Newsroom, PreviewLink, RevisionParts, RevisionRow, RevisionsRequest,
    StandingInWork,
};
use jiff::Timestamp;

use super::{COUNT_BOUND, answer, batch::Loader, distinct, page_order, sorted};
use crate::error::Error;

/// What the newsroom's fields load.
pub(crate) struct NewsroomLoader(pub(super) Newsroom);

/// An entry in work.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct EntryOf(pub(crate) EntryId);

/// Where each language of an entry stands.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct StandingsOf(pub(crate) EntryId);

/// The preview links to an entry that hold.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct PreviewsOf(pub(crate) EntryId);

/// A page of entries in work.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct EntriesOf(pub(crate) EntryListRequest);

/// A revision by its number.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct RevisionOf {
    pub(crate) entry: EntryId,
    pub(crate) locale: Locale,
    pub(crate) number: RevisionNumber,
    pub(crate) parts: RevisionParts,
}

/// A page of the revisions of one language of an entry.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct RevisionsOf {
    pub(crate) request: RevisionsRequest,
    pub(crate) parts: RevisionParts,
}

/// What is live of one language of an entry.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct LiveOf {
    pub(crate) entry: EntryId,
    pub(crate) locale: Locale,
}

/// The last change of what readers see of one language of an entry.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct ChangeOf {
    pub(crate) entry: EntryId,
    pub(crate) locale: Locale,
}

/// The change of what readers see that was made at a moment.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct ChangeAt(pub(crate) Timestamp);

/// What servers and followers have said of the change log.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct ConfirmationsOf;

/// The working copies of one language of an entry, as this viewer sees them.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct CopiesOf {
    pub(crate) entry: EntryId,
    pub(crate) locale: Locale,
    pub(crate) viewer: ActorId,
}

/// The comments on one language of an entry.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct CommentsOf {
    pub(crate) entry: EntryId,
    pub(crate) locale: Locale,
}

/// Who has one language of an entry open.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct ClaimOf {
    pub(crate) entry: EntryId,
    pub(crate) locale: Locale,
}

/// A page of what was done to an entry.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct HistoryOf(pub(crate) HistoryRequest);

/// A page of the audit log.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct AuditOf(pub(crate) AuditRequest);

/// What an actor is called.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct NameOf(pub(crate) ActorId);

/// How many items one of the newsroom's lists has.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum NumberOf {
    Entries(Box<EntryListRequest>),
    Revisions(EntryId, Locale),
    History(HistoryOfEntry),
    Audit(AuditFilter),
    Deliveries(Box<DeliveriesRequest>),
    Attempts(AttemptsRequest),
}

fn zip<K: Clone + Eq + Hash, V>(keys: Vec<&K>, values: Vec<V>) -> HashMap<K, V> {
    keys.into_iter().cloned().zip(values).collect()
}

impl Loader<EntryOf> for NewsroomLoader {
    type Value = Arc<EntryInWork>;
    type Error = Error;

    async fn load(&self, keys: &[EntryOf]) -> Result<HashMap<EntryOf, Self::Value>, Error> {
        let found =
            self.0.entries_in_work(&distinct(keys, |key| key.0)).await.map_err(|error| Error::of_store(&error))?;
        Ok(found.into_iter().map(|(id, entry)| (EntryOf(id), entry)).collect())
    }
}

impl Loader<StandingsOf> for NewsroomLoader {
    type Value = Arc<Vec<StandingInWork>>;
    type Error = Error;

    async fn load(&self, keys: &[StandingsOf]) -> Result<HashMap<StandingsOf, Self::Value>, Error> {
        let found =
            self.0.standings_of_entries(&distinct(keys, |key| key.0)).await.map_err(|error| Error::of_store(&error))?;
        Ok(found.into_iter().map(|(id, standings)| (StandingsOf(id), Arc::new(standings))).collect())
    }
}

impl Loader<PreviewsOf> for NewsroomLoader {
    type Value = Arc<Vec<Arc<PreviewLink>>>;
    type Error = Error;

    async fn load(&self, keys: &[PreviewsOf]) -> Result<HashMap<PreviewsOf, Self::Value>, Error> {
        let found = self.0.previews_of_entries(&distinct(keys, |key| key.0)).await;
        let found = found.map_err(|error| Error::of_store(&error))?;
        Ok(found.into_iter().map(|(id, links)| (PreviewsOf(id), Arc::new(links))).collect())
    }
}

impl Loader<EntriesOf> for NewsroomLoader {
    type Value = Arc<Page<Arc<EntryInWork>>>;
    type Error = Error;

    async fn load(&self, keys: &[EntriesOf]) -> Result<HashMap<EntriesOf, Self::Value>, Error> {
        let mut found = HashMap::with_capacity(keys.len());
        // Only the root has these, so there are as many as the request spells out.
        for key in sorted(keys, |key| (key.0.filter.fingerprint(key.0.order), page_order(&key.0.page))) {
            found.insert(
                key.clone(),
                Arc::new(self.0.entries_list(&key.0).await.map_err(|error| Error::of_store(&error))?),
            );
        }
        Ok(found)
    }
}

impl Loader<RevisionOf> for NewsroomLoader {
    type Value = Arc<RevisionRow>;
    type Error = Error;

    async fn load(&self, keys: &[RevisionOf]) -> Result<HashMap<RevisionOf, Self::Value>, Error> {
        let store_key = |key: &RevisionOf| (key.entry, key.locale, key.number);
        let parts = keys.iter().fold(RevisionParts::default(), |parts, key| parts.union(key.parts));
        let found = self
            .0
            .revisions_by_number(&distinct(keys, store_key), parts)
            .await
            .map_err(|error| Error::of_store(&error))?;
        Ok(answer(keys, &found, store_key))
    }
}

impl Loader<RevisionsOf> for NewsroomLoader {
    type Value = Arc<Page<Arc<RevisionRow>>>;
    type Error = Error;

    async fn load(&self, keys: &[RevisionsOf]) -> Result<HashMap<RevisionsOf, Self::Value>, Error> {
        let parts = keys.iter().fold(RevisionParts::default(), |parts, key| parts.union(key.parts));
        let keys =
            sorted(keys, |RevisionsOf { request, .. }| (request.entry, request.locale, page_order(&request.page)));
        let requests: Vec<_> = keys.iter().map(|key| &key.request).collect();
        let pages = self.0.revisions_pages(&requests, parts).await.map_err(|error| Error::of_store(&error))?;
        Ok(zip(keys, pages.into_iter().map(Arc::new).collect()))
    }
}

impl Loader<LiveOf> for NewsroomLoader {
    type Value = Arc<LiveRow>;
    type Error = Error;

    async fn load(&self, keys: &[LiveOf]) -> Result<HashMap<LiveOf, Self::Value>, Error> {
        let store_key = |key: &LiveOf| (key.entry, key.locale);
        let found = self.0.live_editions(&distinct(keys, store_key)).await.map_err(|error| Error::of_store(&error))?;
        Ok(answer(keys, &found, store_key))
    }
}

impl Loader<ChangeOf> for NewsroomLoader {
    type Value = ChangeMade;
    type Error = Error;

    async fn load(&self, keys: &[ChangeOf]) -> Result<HashMap<ChangeOf, ChangeMade>, Error> {
        let store_key = |key: &ChangeOf| (key.entry, key.locale);
        let found = self.0.last_changes(&distinct(keys, store_key)).await.map_err(|error| Error::of_store(&error))?;
        Ok(answer(keys, &found, store_key))
    }
}

impl Loader<ChangeAt> for NewsroomLoader {
    type Value = ChangeMade;
    type Error = Error;

    async fn load(&self, keys: &[ChangeAt]) -> Result<HashMap<ChangeAt, ChangeMade>, Error> {
        let times = distinct(keys, |key| key.0);
        let found = self.0.changes_made_at(&times).await.map_err(|error| Error::of_store(&error))?;
        Ok(answer(keys, &found, |key| key.0))
    }
}

impl Loader<ConfirmationsOf> for NewsroomLoader {
    type Value = Arc<Confirmations>;
    type Error = Error;

    async fn load(&self, _keys: &[ConfirmationsOf]) -> Result<HashMap<ConfirmationsOf, Self::Value>, Error> {
        let said = self.0.confirmations().await.map_err(|error| Error::of_store(&error))?;
        Ok(HashMap::from([(ConfirmationsOf, Arc::new(said))]))
    }
}

impl Loader<CopiesOf> for NewsroomLoader {
    type Value = Vec<Arc<WorkingCopy>>;
    type Error = Error;

    async fn load(&self, keys: &[CopiesOf]) -> Result<HashMap<CopiesOf, Self::Value>, Error> {
        let mut found = HashMap::with_capacity(keys.len());
        // Who asks is one within a request, but for what a change has made of them.
        for viewer in distinct(keys, |key| key.viewer.to_string()) {
            let keys: Vec<CopiesOf> = keys.iter().filter(|key| key.viewer.as_str() == viewer).cloned().collect();
            let store_key = |key: &CopiesOf| (key.entry, key.locale);
            let copies = self.0.working_copies(&distinct(&keys, store_key), &ActorId::from(viewer)).await;
            found.extend(answer(&keys, &copies.map_err(|error| Error::of_store(&error))?, store_key));
        }
        Ok(found)
    }
}

impl Loader<CommentsOf> for NewsroomLoader {
    type Value = Vec<Arc<Comment>>;
    type Error = Error;

    async fn load(&self, keys: &[CommentsOf]) -> Result<HashMap<CommentsOf, Self::Value>, Error> {
        let store_key = |key: &CommentsOf| (key.entry, key.locale);
        let found = self.0.comments(&distinct(keys, store_key)).await.map_err(|error| Error::of_store(&error))?;
        Ok(answer(keys, &found, store_key))
    }
}

impl Loader<ClaimOf> for NewsroomLoader {
    type Value = Arc<Claim>;
    type Error = Error;

    async fn load(&self, keys: &[ClaimOf]) -> Result<HashMap<ClaimOf, Self::Value>, Error> {
        let store_key = |key: &ClaimOf| (key.entry, key.locale);
        let found = self.0.claims(&distinct(keys, store_key)).await.map_err(|error| Error::of_store(&error))?;
        Ok(answer(keys, &found, store_key))
    }
}

impl Loader<HistoryOf> for NewsroomLoader {
    type Value = Arc<Page<Arc<AuditRecord>>>;
    type Error = Error;

    async fn load(&self, keys: &[HistoryOf]) -> Result<HashMap<HistoryOf, Self::Value>, Error> {
        let keys = sorted(keys, |key| (key.0.of.clone(), page_order(&key.0.page)));
        let requests: Vec<_> = keys.iter().map(|key| &key.0).collect();
        let pages = self.0.histories(&requests).await.map_err(|error| Error::of_store(&error))?;
        Ok(zip(keys, pages.into_iter().map(Arc::new).collect()))
    }
}

impl Loader<AuditOf> for NewsroomLoader {
    type Value = Arc<Page<Arc<AuditRecord>>>;
    type Error = Error;

    async fn load(&self, keys: &[AuditOf]) -> Result<HashMap<AuditOf, Self::Value>, Error> {
        let mut found = HashMap::with_capacity(keys.len());
        for key in sorted(keys, |key| (key.0.filter.fingerprint(), page_order(&key.0.page))) {
            found.insert(
                key.clone(),
                Arc::new(self.0.audit_list(&key.0).await.map_err(|error| Error::of_store(&error))?),
            );
        }
        Ok(found)
    }
}

impl Loader<NameOf> for NewsroomLoader {
    type Value = String;
    type Error = Error;

    async fn load(&self, keys: &[NameOf]) -> Result<HashMap<NameOf, String>, Error> {
        let found =
            self.0.actor_names(&distinct(keys, |key| key.0.clone())).await.map_err(|error| Error::of_store(&error))?;
        Ok(found.into_iter().map(|(actor, name)| (NameOf(actor), name)).collect())
    }
}

impl Loader<NumberOf> for NewsroomLoader {
    type Value = u64;
    type Error = Error;

    async fn load(&self, keys: &[NumberOf]) -> Result<HashMap<NumberOf, u64>, Error> {
        const BOUND: u64 = COUNT_BOUND + 1;
        let mut found = HashMap::with_capacity(keys.len());
        let (mut revisions, mut histories) = (Vec::new(), Vec::new());
        for key in keys {
            let count = match key {
                NumberOf::Entries(request) => self.0.entries_count(request, BOUND).await,
                NumberOf::Audit(filter) => self.0.audit_count(filter, BOUND).await,
                NumberOf::Deliveries(request) => self.0.webhooks().deliveries_count(request, BOUND).await,
                NumberOf::Attempts(request) => self.0.webhooks().attempts_count(request, BOUND).await,
                NumberOf::Revisions(entry, locale) => {
                    revisions.push((*entry, *locale));
                    continue;
                }
                NumberOf::History(of) => {
                    histories.push(of);
                    continue;
                }
            };
            found.insert(key.clone(), count.map_err(|error| Error::of_store(&error))?);
        }
        revisions.sort_unstable();
        histories.sort_unstable();
        let counts = self.0.revisions_counts(&revisions, BOUND).await.map_err(|error| Error::of_store(&error))?;
        found.extend(revisions.into_iter().map(|(entry, locale)| NumberOf::Revisions(entry, locale)).zip(counts));
        let counts = self.0.histories_counts(&histories, BOUND).await.map_err(|error| Error::of_store(&error))?;
        found.extend(histories.into_iter().map(|of| NumberOf::History(of.clone())).zip(counts));
        Ok(found)
    }
}
