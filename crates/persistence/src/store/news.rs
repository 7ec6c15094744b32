//! Taking in what has changed: reference data, and the changes that led there.

use std::{
    sync::{Arc, PoisonError},
    time::Instant,
};

use courant_domain::change::{Change, Subject};

use super::{Store, head_and_time};
use crate::{
    change_log,
    error::Result,
    reference::{self, Reference},
};

/// What there is to take in, and what it was found to be newer than.
pub(super) struct News {
    known: Arc<Reference>,
    pub(super) next: Reference,
    /// What led there, as far as it was read.
    changes: Vec<Change>,
    pub(super) went_back: bool,
    looked_at: Instant,
}

impl Store {
    /// Takes in what has changed since, by this process or another. Costs one small statement when nothing has. However many
    /// do so at once, what is known only moves forward.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn refresh(&self) -> Result<()> {
        while let Some(news) = self.look().await? {
            if self.take_in(news) {
                break;
            }
        }
        Ok(())
    }

    /// What there is to take in.
    pub(super) async fn look(&self) -> Result<Option<News>> {
        let (known, looked_at) = (self.reference(), Instant::now());
        let head = head_and_time(self.reader(), &self.inner.clock).await?;
        if head == known.seq {
            self.recent().is_head(head, looked_at);
            return Ok(None);
        }
        if head < known.seq {
            // Whoever asks twice is not told of a moment that is over.
            if change_log::head(self.reader()).await?.0 >= known.seq {
                return Ok(None);
            }
            tracing::warn!(
                head,
                known = known.seq,
                "the change log went back: this is another database, or an older state of it"
            );
            let next = reference::load(self.reader(), None).await?;
            return Ok(Some(News { known, next, changes: Vec::new(), went_back: true, looked_at }));
        }
        let changes = change_log::changes(self.reader(), known.seq, 1000).await?;
        let only_editions = changes.last().is_some_and(|change| change.seq >= head)
            && changes.iter().all(|change| change.key.subject() == Subject::Edition);
        let next = if only_editions {
            let mut next = Reference::clone(&known);
            next.timelines_add(reference::new_timelines(self.reader(), known.last_timeline()).await?);
            next.seq = head;
            next
        } else {
            reference::load(self.reader(), Some(&known)).await?
        };
        Ok(Some(News { known, next, changes, went_back: false, looked_at }))
    }

    /// Puts news in the place of what is known, unless something newer is there; says whether that is all. A log that went back
    /// is another database's, of which nothing known holds; but only if it is behind what is known now: otherwise it has to be
    /// looked at again.
    pub(super) fn take_in(&self, news: News) -> bool {
        let News { known, next, changes, went_back, looked_at } = news;
        let mut reference = self.inner.reference.write().unwrap_or_else(PoisonError::into_inner);
        if went_back && !Arc::ptr_eq(&reference, &known) {
            return false;
        }
        if went_back || next.seq > reference.seq {
            let seq = next.seq;
            // Before anybody can make something of what is new: so that what is kept of the old is known to be old.
            if went_back {
                self.recent().start_over(seq);
            } else {
                self.recent().take_in(changes, [&reference, &next], looked_at);
            }
            *reference = Arc::new(next);
            // Before the next one can be taken in, so that this follows in the same order.
            self.inner.head.send_replace(seq);
        }
        true
    }
}
