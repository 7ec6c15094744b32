//! The last changes that this process has taken in, for whoever keeps answers: what was made before them holds if none of them
//! touches it.

use std::{
    collections::VecDeque,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use courant_domain::change::{Change, ChangeKey, ChangeSeq, Subject};

use crate::{
    live::{reads::Reads, scope::TimelineKey},
    reference::Reference,
    store::Store,
};

/// How many changes are remembered. What was made before the first of them does not hold any more.
const REMEMBERED: usize = 4096;

/// For so long what a process has taken in counts as what there is. The log is looked at twice as often.
const FRESH: Duration = Duration::from_secs(1);

/// The changes of late.
#[derive(Debug)]
pub(crate) struct Recent {
    begun: Instant,
    /// When the log was last looked at, in microseconds since `begun`.
    looked_at: AtomicU64,
    /// Which database it is of: counts how often it turned out to be another one.
    epoch: AtomicU64,
    /// As of which change this process knows the content.
    head: AtomicI64,
    log: RwLock<Log>,
}

#[derive(Debug)]
struct Log {
    /// Nothing that was made before this change holds.
    floor: ChangeSeq,
    changes: VecDeque<Taken>,
}

/// A change that was taken in.
#[derive(Debug)]
struct Taken {
    change: Change,
    /// The timelines that were made by it, or by the changes before it that were taken in with it.
    made: Vec<TimelineKey>,
    /// Whether it is of a category that was or is at the top.
    at_top: bool,
    /// Whether it is of a name that readers neither knew nor know of.
    unseen: bool,
}

impl Recent {
    pub(crate) fn new(head: ChangeSeq) -> Self {
        let log = Log { floor: head, changes: VecDeque::new() };
        Self {
            begun: Instant::now(),
            looked_at: AtomicU64::new(0),
            epoch: AtomicU64::new(0),
            head: AtomicI64::new(head),
            log: RwLock::new(log),
        }
    }

    /// Notes that at a moment there was nothing after this change.
    pub(crate) fn is_head(&self, head: ChangeSeq, at: Instant) {
        if head == self.head.load(Ordering::Acquire) {
            self.looked(at);
        }
    }

    fn looked(&self, at: Instant) {
        let micros = u64::try_from(at.saturating_duration_since(self.begun).as_micros()).unwrap_or(u64::MAX);
        self.looked_at.fetch_max(micros, Ordering::Relaxed);
    }

    fn is_fresh(&self) -> bool {
        self.begun.elapsed().saturating_sub(Duration::from_micros(self.looked_at.load(Ordering::Relaxed))) < FRESH
    }

    /// Takes changes in, which follow one another from the old reference data to the new ones. Changes that are not all there, or that
    /// say that everything may be different, end whatever was made before.
    pub(crate) fn take_in(&self, changes: Vec<Change>, [old, new]: [&Reference; 2], looked_at: Instant) {
        let (head, made) = (new.seq, new.timelines_after(old.last_timeline()));
        let mut log = self.log.write().unwrap_or_else(PoisonError::into_inner);
        let known = self.head.load(Ordering::Relaxed);
        let taken = changes.into_iter().filter(|change| change.seq > known && change.seq <= head);
        let taken: Vec<Change> = taken.collect();
        let is_whole = i64::try_from(taken.len()).is_ok_and(|taken| known + taken == head);
        if is_whole && taken.iter().all(|change| change.key.subject() != Subject::Site) {
            let last = taken.len().saturating_sub(1);
            let mut made = Some(made);
            log.changes.extend(taken.into_iter().enumerate().map(|(at, change)| Taken {
                at_top: [old, new].iter().any(|known| is_at_top(known, &change)),
                unseen: ![old, new].iter().any(|known| is_seen(known, &change)),
                change,
                made: if at == last { made.take().unwrap_or_default() } else { Vec::new() },
            }));
            while log.changes.len() > REMEMBERED {
                log.floor = log.changes.pop_front().map_or(head, |taken| taken.change.seq);
            }
        } else {
            log.changes.clear();
            log.floor = head;
        }
        self.head.store(head, Ordering::Release);
        self.looked(looked_at);
    }

    /// Which database it is of, and the changes after one up to another; none of them where they are not all remembered.
    pub(crate) fn between(&self, after: ChangeSeq, to: ChangeSeq) -> (u64, Option<Vec<Change>>) {
        let log = self.log.read().unwrap_or_else(PoisonError::into_inner);
        let newer = log.changes.iter().map(|taken| &taken.change).filter(|change| change.seq > after);
        let changes = (after >= log.floor).then(|| newer.filter(|change| change.seq <= to).cloned().collect());
        (self.epoch.load(Ordering::Acquire), changes)
    }

    /// Forgets everything: the database is another one, or an older state of it.
    pub(crate) fn start_over(&self, head: ChangeSeq) {
        let mut log = self.log.write().unwrap_or_else(PoisonError::into_inner);
        // Before the head: whoever sees the new one sees that it is another database's.
        self.epoch.fetch_add(1, Ordering::AcqRel);
        *log = Log { floor: head, changes: VecDeque::new() };
        self.head.store(head, Ordering::Release);
    }
}

fn is_seen(known: &Reference, change: &Change) -> bool {
    match change.key {
        ChangeKey::Tag(id) => known.live_tags().get(&id).is_some(),
        ChangeKey::Person(id) => known.live_persons().get(&id).is_some(),
        _ => true,
    }
}

fn is_at_top(known: &Reference, change: &Change) -> bool {
    match change.key {
        ChangeKey::Category(id) => known.categories.get(id).is_some_and(|category| category.parent.is_none()),
        _ => false,
    }
}

/// As of which change something was made, and as of which it is known to hold.
#[derive(Debug)]
pub struct Stamp {
    epoch: u64,
    /// Negative once a change has touched it.
    holds_at: AtomicI64,
    /// As of which version of lists of related entries it is known to hold.
    related_at: AtomicI64,
}

impl Clone for Stamp {
    fn clone(&self) -> Self {
        let copy = |number: &AtomicI64| AtomicI64::new(number.load(Ordering::Relaxed));
        Self { epoch: self.epoch, holds_at: copy(&self.holds_at), related_at: copy(&self.related_at) }
    }
}

impl Stamp {
    /// That of something that was made of two others; none, if these are of two databases.
    #[must_use]
    pub fn with(self, other: Self) -> Option<Self> {
        let least = |one: AtomicI64, other: AtomicI64| AtomicI64::new(one.into_inner().min(other.into_inner()));
        (self.epoch == other.epoch).then(|| Self {
            epoch: self.epoch,
            holds_at: least(self.holds_at, other.holds_at),
            related_at: least(self.related_at, other.related_at),
        })
    }
}

/// That something does not hold any more.
const OVER: ChangeSeq = -1;

impl Store {
    /// The reference data, and a stamp for what is made of it and of what is read from now on.
    #[must_use]
    pub fn view(&self) -> (Arc<Reference>, Stamp) {
        self.with_reference(|reference| {
            let epoch = self.recent().epoch.load(Ordering::Acquire);
            let (holds_at, related_at) = (reference.seq.into(), self.related_news().version().into());
            (reference.clone(), Stamp { epoch, holds_at, related_at })
        })
    }

    /// Whether what was made with a stamp of these reads still holds, as of the last change this process knows of. Asks nothing of the
    /// database; where nothing has changed, it costs nothing.
    #[must_use]
    pub fn holds(&self, stamp: &Stamp, reads: &Reads) -> bool {
        let recent = self.recent();
        let head = recent.head.load(Ordering::Acquire);
        let holds_at = stamp.holds_at.load(Ordering::Relaxed);
        // A number that was reached again is another change's.
        if recent.epoch.load(Ordering::Acquire) != stamp.epoch {
            return false;
        }
        if holds_at == OVER || reads.until().is_some_and(|until| self.now() >= until) {
            return false;
        }
        if let Some(related) = reads.related() {
            match self.related_news().hold(stamp.related_at.load(Ordering::Relaxed), related) {
                Some(version) => stamp.related_at.fetch_max(version, Ordering::Relaxed),
                None => {
                    stamp.holds_at.store(OVER, Ordering::Relaxed);
                    return false;
                }
            };
        }
        if holds_at == head {
            return true;
        }
        let log = recent.log.read().unwrap_or_else(PoisonError::into_inner);
        let head = recent.head.load(Ordering::Acquire);
        let newer = log.changes.iter().rev().take_while(|taken| taken.change.seq > holds_at);
        let holds = recent.epoch.load(Ordering::Acquire) == stamp.epoch
            && holds_at >= log.floor
            && !newer.into_iter().any(|taken| {
                (!taken.unseen && reads.is_touched_by(&taken.change))
                    || reads.lacks_any(&taken.made)
                    || (taken.at_top && reads.has_roots())
            });
        drop(log);
        if holds {
            stamp.holds_at.fetch_max(head, Ordering::Relaxed);
        } else {
            stamp.holds_at.store(OVER, Ordering::Relaxed);
        }
        holds
    }

    /// Whether this process has looked at the change log within the last second. If it has not, the database may be away, or the
    /// process was stopped: then what is kept may be older than it should.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        self.recent().is_fresh()
    }
}
