//! What waits for a subscriber.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use courant_domain::change::ChangeCursor;
use tokio::sync::Notify;

/// How many messages wait for a subscriber at the most, and how many bytes, which others may be waiting for, too.
const MOST_MESSAGES: usize = 1024;
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// A message to a subscriber.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    /// The response as JSON.
    pub(crate) payload: Bytes,
    /// What to go on after, once it was taken.
    pub(crate) cursor: Option<ChangeCursor>,
}

/// What is in the place of messages that were not taken in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// There were too many: everything up to this place has to be read anew.
    Missed(ChangeCursor),
    /// The subscription has ended.
    Ended(Ending),
}

/// Why a subscription ends without its client having asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Whoever subscribed is not who they were, or may not any more.
    Unauthorised,
    /// It could not be carried on.
    Failed,
}

/// Messages on their way from the one who makes them for many to one who takes them.
#[derive(Debug, Default)]
pub(super) struct Mailbox {
    state: Mutex<State>,
    news: Notify,
}

#[derive(Debug, Default)]
struct State {
    messages: VecDeque<Message>,
    bytes: usize,
    missed: Option<ChangeCursor>,
    ended: Option<Ending>,
}

impl Mailbox {
    /// Adds a message. What is too much is thrown away together, and one note takes its place: nothing is left out in silence.
    pub(super) fn put(&self, message: Message) {
        let mut state = self.lock();
        if let Some(missed) = &mut state.missed {
            *missed = message.cursor.unwrap_or(*missed).max(*missed);
        } else if state.messages.len() == MOST_MESSAGES || state.bytes + message.payload.len() > MOST_BYTES {
            // What is larger than all of the room is no reason to lose it: it waits alone.
            if state.messages.is_empty() {
                state.add(message);
            } else {
                let last = state.messages.back().and_then(|last| last.cursor);
                state.missed = message.cursor.or(last).or(Some(ChangeCursor::BEGINNING));
                state.messages = VecDeque::new();
                state.bytes = 0;
            }
        } else {
            state.add(message);
        }
        drop(state);
        self.news.notify_one();
    }

    /// Puts a message in the place of all others: it says all that they did.
    pub(super) fn replace(&self, message: Message) {
        let mut state = self.lock();
        state.messages.clear();
        state.bytes = 0;
        state.add(message);
        drop(state);
        self.news.notify_one();
    }

    /// Says that messages up to this place are missing.
    pub(super) fn miss(&self, up_to: ChangeCursor) {
        let mut state = self.lock();
        state.messages = VecDeque::new();
        state.bytes = 0;
        state.missed = Some(state.missed.map_or(up_to, |missed| missed.max(up_to)));
        drop(state);
        self.news.notify_one();
    }

    /// Ends the subscription.
    pub(super) fn end(&self, ending: Ending) {
        let mut state = self.lock();
        // Who may not see anything any more is not told what waits.
        if ending == Ending::Unauthorised {
            state.messages.clear();
            state.missed = None;
        }
        state.ended = Some(ending);
        drop(state);
        self.news.notify_one();
    }

    /// The next message, or what is in its place.
    pub(super) async fn take(&self) -> Result<Message, Found> {
        loop {
            if let Some(found) = self.lock().take() {
                return found;
            }
            self.news.notified().await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn add(&mut self, message: Message) {
        self.bytes += message.payload.len();
        self.messages.push_back(message);
    }

    fn take(&mut self) -> Option<Result<Message, Found>> {
        if let Some(message) = self.messages.pop_front() {
            self.bytes -= message.payload.len();
            if self.messages.is_empty() {
                // Ten thousand who wait for the next news do not keep the room of the last.
                self.messages = VecDeque::new();
            }
            return Some(Ok(message));
        }
        if let Some(missed) = self.missed.take() {
            return Some(Err(Found::Missed(missed)));
        }
        self.ended.map(|ending| Err(Found::Ended(ending)))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn message(cursor: i64, bytes: usize) -> Message {
        Message { payload: vec![b' '; bytes].into(), cursor: Some(ChangeCursor { seq: cursor, micros: 1 }) }
    }

    fn take(mailbox: &Mailbox) -> Option<Result<i64, Found>> {
        Some(mailbox.take().now_or_never()?.map(|message| message.cursor.unwrap().seq))
    }

    fn missed(seq: i64) -> Found {
        Found::Missed(ChangeCursor { seq, micros: 1 })
    }

    #[test]
    fn what_is_taken_in_time_comes_in_order() {
        let mailbox = Mailbox::default();
        for cursor in 1..=MOST_MESSAGES as i64 {
            mailbox.put(message(cursor, 1));
        }
        for cursor in 1..=MOST_MESSAGES as i64 {
            assert_eq!(take(&mailbox), Some(Ok(cursor)));
        }
        assert_eq!(take(&mailbox), None);
    }

    #[test]
    fn what_is_too_much_is_one_note_and_what_comes_after_it_is_whole_again() {
        let mailbox = Mailbox::default();
        for cursor in 1..=MOST_MESSAGES as i64 + 7 {
            mailbox.put(message(cursor, 1));
        }
        assert_eq!(take(&mailbox), Some(Err(missed(MOST_MESSAGES as i64 + 7))));
        mailbox.put(message(1_000, 1));
        assert_eq!(take(&mailbox), Some(Ok(1_000)));
    }

    #[test]
    fn bytes_are_bounded_and_one_message_may_be_larger() {
        let mailbox = Mailbox::default();
        mailbox.put(message(1, MOST_BYTES + 1));
        assert_eq!(take(&mailbox), Some(Ok(1)));
        mailbox.put(message(2, MOST_BYTES));
        mailbox.put(message(3, 1));
        assert_eq!(take(&mailbox), Some(Err(missed(3))));
    }

    #[test]
    fn who_may_not_see_it_any_more_is_told_nothing_that_waits() {
        let mailbox = Mailbox::default();
        mailbox.put(message(1, 1));
        mailbox.end(Ending::Failed);
        assert_eq!(take(&mailbox), Some(Ok(1)));
        assert_eq!(take(&mailbox), Some(Err(Found::Ended(Ending::Failed))));
        let mailbox = Mailbox::default();
        mailbox.put(message(1, 1));
        mailbox.end(Ending::Unauthorised);
        assert_eq!(take(&mailbox), Some(Err(Found::Ended(Ending::Unauthorised))));
    }
}
