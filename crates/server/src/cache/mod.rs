//! Answers that are kept in memory for as long as they hold.
//!
//! An answer is a function of what is asked and of what it was made of. The first is its [`Key`]; the second its read set, which
//! [`Store::holds`] looks through for the changes since. So nothing is ever looked for that a change might have made stale: an answer is
//! looked at when it is asked for, and what no change has touched holds, on every server.
//!
//! *Invariants*: nothing is kept that was made for somebody in particular, that has errors, or that a preview is in. An answer is given
//! only while this process knows what has changed within the last second ([`Store::is_fresh`]).
//!
//! | part | does |
//! |---|---|
//! | `kept` | an answer, its tag, and its packed forms |
//! | `coding` | the coding that a client likes best |
//! | `headers` | what caches on the way are told |
//! | `flights` | has the same question at the same time be answered once |

mod coding;
mod flights;
mod headers;
mod kept;

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use axum::http::{HeaderMap, HeaderValue, header};
use courant_persistence::{Reads, Stamp, Store};
use jiff::{SignedDuration, Timestamp};
use quick_cache::{Equivalent, Weighter, sync::Cache};

use self::flights::{Entered, Flights};
pub(crate) use self::{headers::CACHE_STATUS, kept::Kept};

/// What is kept of answers, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerCache {
    /// How much memory kept answers may take, in bytes; zero keeps none. 48 MiB.
    pub bytes: u64,
    /// How much memory what is live may take that answers are made of, in bytes; zero keeps nothing. 16 MiB.
    pub object_bytes: u64,
    /// How long view counts may lag, and what is ordered by them. Five seconds.
    pub views_lag: Duration,
    /// For how long caches between the server and its readers may keep what was asked by `GET`, where nothing in it ends earlier;
    /// zero has them ask each time. Ten seconds.
    pub shared_max_age: Duration,
    /// For how much longer they may give it away while they ask for a newer one (RFC 5861). Ten seconds.
    pub stale_while_revalidate: Duration,
}

impl AnswerCache {
    /// Nothing is kept.
    #[must_use]
    pub fn off() -> Self {
        Self { bytes: 0, object_bytes: 0, ..Self::default() }
    }
}

impl Default for AnswerCache {
    fn default() -> Self {
        Self {
            bytes: 48 * 1024 * 1024,
            object_bytes: 16 * 1024 * 1024,
            views_lag: Duration::from_secs(5),
            shared_max_age: Duration::from_secs(10),
            stale_while_revalidate: Duration::from_secs(10),
        }
    }
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    /// An operation of a document, with its variables as they were made to fit.
    Operation { document: u64, name: Option<Box<str>>, variables: Box<str> },
    /// A page of the reader's site: where the site is, and the address.
    Page { origin: Box<str>, address: Box<str> },
}

impl Key {
    fn bytes(&self) -> usize {
        let texts = match self {
            Self::Operation { name, variables, .. } => name.as_deref().unwrap_or_default().len() + variables.len(),
            Self::Page { origin, address } => origin.len() + address.len(),
        };
        size_of::<Self>() + texts
    }
}

/// What was sent, byte for byte: what was sent before means what it meant before.
#[derive(PartialEq, Eq, Hash)]
struct Sent(bool, Box<[u8]>);

#[derive(PartialEq, Eq, Hash)]
struct SentRef<'a>(bool, &'a [u8]);

impl Equivalent<Sent> for SentRef<'_> {
    fn equivalent(&self, key: &Sent) -> bool {
        self.0 == key.0 && self.1 == &*key.1
    }
}

/// Answers by what is asked, and by what was sent.
#[derive(Debug)]
pub(crate) struct Answers {
    settings: AnswerCache,
    store: Store,
    kept: Cache<Key, Arc<Kept>, ByBytes>,
    sent: Cache<Sent, Weak<Kept>, ByBytes>,
    flights: Flights<Key, Arc<Kept>>,
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<Key, Arc<Kept>> for ByBytes {
    fn weight(&self, key: &Key, kept: &Arc<Kept>) -> u64 {
        (key.bytes() * 2 + kept.bytes()) as u64
    }
}

impl Weighter<Sent, Weak<Kept>> for ByBytes {
    fn weight(&self, key: &Sent, _: &Weak<Kept>) -> u64 {
        // What is kept no more leaves its own room behind, for as long as this leads there.
        (key.1.len() + 96 + size_of::<Kept>()) as u64
    }
}

/// About what the smallest of what is kept takes.
const LEAST_BYTES: u64 = 2_048;

/// What part of the memory may be taken by what was sent.
const SENT_PART: u64 = 8;

/// What was made for a question.
pub(crate) struct Made<T> {
    /// What is given to whoever asked.
    pub(crate) answer: T,
    /// The same to be kept, if it may be.
    pub(crate) kept: Option<Kept>,
}

/// The answer to a question.
pub(crate) enum Answer<T> {
    /// One that holds, and how it was come by.
    Kept(Arc<Kept>, CacheStatus),
    /// One that was made now, and is not kept.
    Made(T),
}

/// How a kept answer was come by (RFC 9211).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CacheStatus {
    /// It was there.
    Hit,
    /// It was made now, as there was none.
    Miss,
    /// It was made now, as the one that was there holds no more.
    Stale,
    /// Somebody else was having it made.
    Collapsed,
}

impl CacheStatus {
    /// The same as the header `Cache-Status` says it.
    pub(crate) const fn status(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Hit => "Courant; hit",
            Self::Miss => "Courant; fwd=miss; stored",
            Self::Stale => "Courant; fwd=stale; stored",
            Self::Collapsed => "Courant; fwd=miss; collapsed",
        })
    }
}

impl Answers {
    pub(crate) fn new(store: Store, settings: AnswerCache) -> Self {
        let entries = |bytes: u64| usize::try_from(bytes / LEAST_BYTES / 4).unwrap_or(usize::MAX).max(1);
        let of_sent = settings.bytes / SENT_PART;
        let of_kept = settings.bytes - of_sent;
        Self {
            kept: Cache::with_weighter(entries(of_kept), of_kept, ByBytes),
            sent: Cache::with_weighter(entries(of_sent), of_sent, ByBytes),
            settings,
            store,
            flights: Flights::default(),
        }
    }

    pub(crate) const fn is_on(&self) -> bool {
        self.settings.bytes > 0
    }

    /// The answer to what was sent, if the same was sent before and the answer holds. `is_get` tells apart what is read in different
    /// ways.
    pub(crate) async fn to_sent(&self, is_get: bool, sent: &[u8]) -> Option<Arc<Kept>> {
        let kept = self.sent.get(&SentRef(is_get, sent))?.upgrade()?;
        (self.is_sure().await && self.store.holds(&kept.stamp, &kept.reads)).then_some(kept)
    }

    /// The same, if it can be said without waiting for anything.
    pub(crate) fn at_once(&self, is_get: bool, sent: &[u8]) -> Option<Arc<Kept>> {
        let kept = self.sent.get(&SentRef(is_get, sent))?.upgrade()?;
        (self.store.is_fresh() && self.store.holds(&kept.stamp, &kept.reads)).then_some(kept)
    }

    /// Remembers that this was sent for an answer.
    pub(crate) fn was_sent(&self, is_get: bool, sent: &[u8], kept: &Arc<Kept>) {
        self.sent.insert(Sent(is_get, sent.into()), Arc::downgrade(kept));
    }

    /// The answer to a question: the one that is kept, if it holds, and otherwise one that is made now. Of many who ask the same at
    /// once, one has it made.
    pub(crate) async fn answer<T, E>(
        &self,
        key: Key,
        make: impl Future<Output = Result<Made<T>, E>> + Send,
    ) -> Result<Answer<T>, E> {
        if !self.is_sure().await {
            return Ok(Answer::Made(make.await?.answer));
        }
        let mut found = CacheStatus::Miss;
        if let Some(kept) = self.kept.get(&key) {
            if self.store.holds(&kept.stamp, &kept.reads) {
                return Ok(Answer::Kept(kept, CacheStatus::Hit));
            }
            found = CacheStatus::Stale;
        }
        let flight = loop {
            match self.flights.enter(&key) {
                Entered::First(flight) => break Some(flight),
                Entered::Behind(landing) => match landing.wait().await {
                    // It was begun before this was asked: something may have changed since.
                    Some(Some(kept)) if self.store.holds(&kept.stamp, &kept.reads) => {
                        return Ok(Answer::Kept(kept, CacheStatus::Collapsed));
                    }
                    Some(_) => break None,
                    // Whoever had it made has gone away.
                    None => {}
                },
            }
        };
        let Made { answer, kept } = make.await?;
        let kept = kept.map(Arc::new);
        if let Some(kept) = &kept {
            self.kept.insert(key, Arc::clone(kept));
        }
        if let Some(flight) = flight {
            flight.land(kept.clone());
        }
        Ok(kept.map_or(Answer::Made(answer), |kept| Answer::Kept(kept, found)))
    }

    /// What something was made of, so that it can be kept; its end by the clock of view counts is counted from when it was begun.
    pub(crate) fn reads(&self, begun: Timestamp, mut reads: Reads) -> Reads {
        if reads.has_views() {
            let lag = SignedDuration::try_from(self.settings.views_lag).unwrap_or(SignedDuration::ZERO);
            reads.ends(begun.checked_add(lag).unwrap_or(begun));
        }
        reads
    }

    /// Whether it is known what has changed within the last second; if not, the log is looked at now.
    async fn is_sure(&self) -> bool {
        self.store.is_fresh() || self.store.refresh().await.is_ok()
    }

    /// Tells the caches on the way of an answer that was asked by `GET`. One that took long to make may hold no more when it is given:
    /// then nobody on the way keeps it, as a purge may have come and gone.
    pub(crate) fn tell(&self, headers: &mut HeaderMap, kept: &Kept) {
        if self.store.is_fresh() && self.store.holds(&kept.stamp, &kept.reads) {
            headers::tell(headers, &self.settings, &kept.reads, self.store.now());
        } else {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
        }
    }
}

/// As of when something was made, and of what.
pub(crate) type MadeOf = (Stamp, Reads);

#[cfg(test)]
mod tests {
    use courant_persistence::{Options, migrate};

    use super::*;

    #[tokio::test]
    async fn what_a_change_has_touched_on_its_way_is_kept_by_nobody_on_the_way() {
        let folder = tempfile::tempdir().unwrap();
        let options = Options::sqlite(&folder.path().join("courant.db"));
        migrate(&options).await.unwrap();
        let store = Store::open(&options).await.unwrap();
        let answers = Answers::new(store.clone(), AnswerCache::default());
        let (_, stamp) = store.view();
        let mut reads = Reads::default();
        reads.path("/en/articles/old".to_owned());
        let kept = Kept::new((stamp, reads), Vec::new());
        let told = |name: &str| {
            let mut headers = HeaderMap::new();
            answers.tell(&mut headers, &kept);
            headers.get(name).map(|value| value.to_str().unwrap().to_owned())
        };
        store.refresh().await.unwrap();
        assert_eq!(told("cache-control").unwrap(), "public, max-age=0, s-maxage=10, stale-while-revalidate=10");
        assert!(told("surrogate-key").is_some());
        store.newsroom().redirect_put("/en/articles/old", None).await.unwrap();
        assert_eq!((told("cache-control").as_deref(), told("surrogate-key")), (Some("public, no-cache"), None));
    }
}
