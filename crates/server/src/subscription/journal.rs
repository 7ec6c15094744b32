//! The last entries of a log, for all who follow it in this process.

use std::{
    collections::VecDeque,
    sync::{Arc, PoisonError, RwLock},
};

use courant_domain::change::ChangeCursor;
use tokio::sync::watch;

/// How many entries are remembered. Who is further behind reads anew.
const REMEMBERED: usize = 4096;

/// An entry of a log, with its place.
pub(super) type Entry<T> = (ChangeCursor, Arc<T>);

/// What there was after a place in the log is not known any more, or never was: this is another log, or an older state of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gap;

/// The end of a log.
#[derive(Debug)]
pub(super) struct Journal<T> {
    log: RwLock<Log<T>>,
    head: watch::Sender<ChangeCursor>,
}

#[derive(Debug)]
struct Log<T> {
    /// All entries after this one are here.
    floor: ChangeCursor,
    entries: VecDeque<Entry<T>>,
}

impl<T> Journal<T> {
    /// That of a log whose last entry is this one.
    pub(super) fn new(head: ChangeCursor) -> Self {
        Self { log: RwLock::new(Log { floor: head, entries: VecDeque::new() }), head: watch::Sender::new(head) }
    }

    /// The place of the last entry, and of those to come.
    pub(super) fn head(&self) -> watch::Receiver<ChangeCursor> {
        self.head.subscribe()
    }

    /// The place of the last entry.
    pub(super) fn last(&self) -> ChangeCursor {
        *self.head.borrow()
    }

    /// Adds entries that follow the last one.
    pub(super) fn add(&self, entries: impl IntoIterator<Item = Entry<T>>) {
        let mut log = self.log.write().unwrap_or_else(PoisonError::into_inner);
        let last = self.last();
        log.entries.extend(entries.into_iter().filter(|(place, _)| place.seq > last.seq));
        while log.entries.len() > REMEMBERED {
            log.floor = log.entries.pop_front().map_or(log.floor, |(place, _)| place);
        }
        let head = log.entries.back().map_or(last, |(place, _)| *place);
        drop(log);
        self.head.send_if_modified(|known| std::mem::replace(known, head) != head);
    }

    /// Forgets everything: what is known ends with this entry. Whoever follows is told to look, whatever they know.
    pub(super) fn start_over(&self, head: ChangeCursor) {
        let mut log = self.log.write().unwrap_or_else(PoisonError::into_inner);
        *log = Log { floor: head, entries: VecDeque::new() };
        drop(log);
        self.head.send_replace(head);
    }

    /// What there is after a place.
    pub(super) fn after(&self, at: ChangeCursor) -> Result<Vec<Entry<T>>, Gap> {
        let log = self.log.read().unwrap_or_else(PoisonError::into_inner);
        let first = log.entries.partition_point(|(place, _)| place.seq <= at.seq);
        // The same number may be another entry's, where the log is an older state that has gone on.
        let found = if first == 0 { log.floor } else { log.entries[first - 1].0 };
        if found != at {
            return Err(Gap);
        }
        Ok(log.entries.range(first..).cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(seq: i64) -> ChangeCursor {
        ChangeCursor { seq, micros: 1 }
    }

    fn after(journal: &Journal<i64>, at: i64) -> Result<Vec<i64>, Gap> {
        Ok(journal.after(place(at))?.into_iter().map(|(place, _)| place.seq).collect())
    }

    fn add(journal: &Journal<i64>, numbers: std::ops::RangeInclusive<i64>) {
        journal.add(numbers.map(|number| (place(number), Arc::new(number))));
    }

    #[test]
    fn entries_come_once_and_in_order() {
        let journal = Journal::new(place(5));
        let mut head = journal.head();
        assert_eq!(after(&journal, 5), Ok(vec![]));
        add(&journal, 6..=8);
        add(&journal, 7..=9);
        assert_eq!(after(&journal, 5), Ok(vec![6, 7, 8, 9]));
        assert_eq!(after(&journal, 8), Ok(vec![9]));
        assert!(head.has_changed().unwrap());
        assert_eq!(head.borrow_and_update().seq, 9);
    }

    #[test]
    fn what_is_not_known_is_a_gap() {
        let journal = Journal::new(place(5));
        assert_eq!(after(&journal, 4), Err(Gap));
        assert_eq!(after(&journal, 6), Err(Gap));
        add(&journal, 6..=REMEMBERED as i64 + 10);
        assert_eq!(after(&journal, 9), Err(Gap));
        assert_eq!(after(&journal, 10).unwrap().len(), REMEMBERED);
        journal.start_over(place(20));
        assert_eq!(after(&journal, 30), Err(Gap));
        assert_eq!(after(&journal, 20), Ok(vec![]));
    }

    #[test]
    fn a_number_of_another_history_is_a_gap() {
        let journal = Journal::new(place(5));
        add(&journal, 6..=8);
        assert_eq!(journal.after(ChangeCursor { seq: 7, micros: 2 }).unwrap_err(), Gap);
        assert_eq!(journal.after(ChangeCursor { seq: 5, micros: 2 }).unwrap_err(), Gap);
    }
}
