//! What was taken back of late, for those who follow lists: feeds tell of it.
//!
//! It is kept in memory as of a change, and brought up to a later one by the changes that this process has taken in, so that nobody
//! who asks for a feed makes the database look for it.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use courant_domain::{
    change::{Action, Change, ChangeKey, ChangeSeq, Subject},
    id::{EntryId, TagId},
    locale::Locale,
    slug::Slug,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::change::{COLUMNS, ChangeFilter, FollowedLists, read};
use crate::{
    error::Result,
    live::{Live, reads::ListReads},
    reference::Reference,
};

/// How many are remembered, of all lists together.
const REMEMBERED: usize = 1_000;

/// Of so many that have a notice and were filed elsewhere since it is looked up when they got it.
const FILED_ELSEWHERE: usize = 100;

/// Which of what was taken back is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Departed {
    /// What is live no more.
    Gone,
    /// What is there with a notice in the place of its text.
    Withdrawn,
}

/// The last editions that were taken back.
#[derive(Debug, Default)]
pub(crate) struct Departures(Mutex<Option<Known>>);

#[derive(Debug, Clone)]
struct Known {
    epoch: u64,
    as_of: ChangeSeq,
    /// Those that are live no more, the first one first.
    gone: VecDeque<Arc<Change>>,
    /// Those that have a notice, likewise.
    withdrawn: VecDeque<Arc<Change>>,
    /// The tags that nothing live has any more, by the slugs under which readers knew them: whatever they are called since, nobody outside
    /// was told.
    tags: VecDeque<(String, TagId)>,
}

impl Live {
    /// The last changes by which editions that readers saw in these lists were taken back, and are not live again, since a time, the
    /// last first, so many at the most. Those of long ago that many others followed are forgotten. And what knowing it
    /// depends on; none where it depends on everything.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn departures(
        &self,
        departed: Departed,
        filter: &ChangeFilter,
        since: Timestamp,
        most: usize,
        reference: &Reference,
    ) -> Result<(Vec<Arc<Change>>, Option<Vec<ListReads>>)> {
        let known = self.departed(reference, |known| (known.of(departed).clone(), known.tags_of(filter, reference)));
        let (gone, tags) = known.await?;
        let mut filter = filter.clone();
        filter.tags.extend(tags);
        let followed = FollowedLists::new(&filter, reference);
        let is_told = |change: &&Arc<Change>| change.seq <= reference.seq && change.at >= since && followed.has(change);
        Ok((gone.iter().rev().filter(is_told).take(most).cloned().collect(), followed.reads()))
    }

    /// The tag that readers knew by a slug, and that nothing live has any more.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn vanished_tag(&self, slug: &str) -> Result<Option<TagId>> {
        self.departed(&self.store.reference(), |known| known.tag(slug)).await
    }

    async fn departed<T>(&self, reference: &Reference, read_of: impl Fn(&Known) -> T) -> Result<T> {
        let known = self.store.known_departures();
        let (epoch, _) = self.store.recent().between(reference.seq, reference.seq);
        {
            let mut known = known.0.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(known) = known.as_mut().filter(|known| known.epoch == epoch) {
                if known.as_of >= reference.seq {
                    return Ok(read_of(known));
                }
                let (still, newer) = self.store.recent().between(known.as_of, reference.seq);
                if let Some(newer) = newer.filter(|_| still == epoch) {
                    known.take_in(newer, reference);
                    known.as_of = reference.seq;
                    return Ok(read_of(known));
                }
            }
        }
        let sql = format!(
            "SELECT {COLUMNS} FROM change_log c WHERE subject = 'EDITION' AND action = 'REMOVED' AND seq <= $1 \
             AND NOT EXISTS (SELECT 1 FROM edition e WHERE e.entry_id = c.subject_id AND e.locale = c.locale) \
             ORDER BY seq DESC LIMIT {REMEMBERED}"
        );
        let gone = self.store.rows(sql, vec![reference.seq.into()], read).await?;
        // What has a notice was last changed by getting it, or by being filed elsewhere since.
        let sql = format!(
            "SELECT {COLUMNS} FROM change_log WHERE subject = 'EDITION' AND seq <= $1 AND seq IN (SELECT e.version FROM timeline t \
             {join} timeline_entry te ON te.timeline_id = t.id {join} edition e ON e.id = te.edition_id \
             WHERE t.scope = 'WITHDRAWN:ALL') ORDER BY seq DESC LIMIT {REMEMBERED}",
            join = self.store.dialect().join(),
        );
        let mut changes = self.store.rows(sql, vec![reference.seq.into()], read).await?;
        let notices = reference.withdrawn_timelines();
        let refiled = changes.iter().filter(|change| had_notice(change, &notices));
        let refiled: Vec<EntryId> = refiled.filter_map(edition).map(|(entry, _)| entry).take(FILED_ELSEWHERE).collect();
        changes.extend(self.of_editions(&refiled, reference.seq).await?);
        changes.extend(gone);
        let sql = format!(
            "SELECT {COLUMNS} FROM change_log WHERE subject IN ('SITE', 'CATEGORY', 'FEED', 'TAG', 'PERSON') AND subject = 'TAG' \
             AND seq <= $1 ORDER BY seq DESC LIMIT {REMEMBERED}"
        );
        changes.extend(self.store.rows(sql, vec![reference.seq.into()], read).await?);
        changes.sort_by_key(|change| change.seq);
        let mut read = Known {
            epoch,
            as_of: reference.seq,
            gone: VecDeque::new(),
            withdrawn: VecDeque::new(),
            tags: VecDeque::new(),
        };
        read.take_in(changes, reference);
        let found = read_of(&read);
        *known.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(read);
        Ok(found)
    }
}

impl Live {
    /// The changes of the editions of entries, up to one: the one that gave them the notice that they have is among them.
    async fn of_editions(&self, entries: &[EntryId], to: ChangeSeq) -> Result<Vec<Change>> {
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        let numbers: Vec<String> = (2..entries.len() + 2).map(|number| format!("${number}")).collect();
        let sql = format!(
            "SELECT {COLUMNS} FROM change_log WHERE subject = 'EDITION' AND seq <= $1 AND subject_id IN ({}) ORDER BY seq",
            numbers.join(", ")
        );
        let ids = entries.iter().map(|entry| Uuid::from(*entry).into());
        self.store.rows(sql, std::iter::once(to.into()).chain(ids).collect(), read).await
    }
}

impl Known {
    const fn of(&self, departed: Departed) -> &VecDeque<Arc<Change>> {
        match departed {
            Departed::Gone => &self.gone,
            Departed::Withdrawn => &self.withdrawn,
        }
    }

    fn tag(&self, slug: &str) -> Option<TagId> {
        self.tags.iter().rev().find(|(known, _)| known == slug).map(|(_, id)| *id)
    }

    /// The tags that a filter names and that have vanished.
    fn tags_of(&self, filter: &ChangeFilter, reference: &Reference) -> Vec<TagId> {
        let named = filter.names.iter().filter(|(subject, _)| *subject == Subject::Tag);
        let is_live = |slug: &str| Slug::parse(slug).is_ok_and(|slug| reference.live_tags().by_slug(&slug).is_some());
        named.filter(|(_, slug)| !is_live(slug)).filter_map(|(_, slug)| self.tag(slug)).collect()
    }

    /// Notes that a tag has vanished, or that it has not any more.
    fn name(&mut self, id: TagId, change: &Change) {
        if change.is_seen() != Some(true) {
            return;
        }
        self.tags.retain(|(_, known)| *known != id);
        if change.action == Action::Removed {
            self.tags.extend(change.name_before().map(|slug| (slug.to_owned(), id)));
        }
        if self.tags.len() > REMEMBERED {
            self.tags.pop_front();
        }
    }

    fn take_in(&mut self, changes: Vec<Change>, reference: &Reference) {
        if changes.is_empty() {
            return;
        }
        let notices = reference.withdrawn_timelines();
        for mut change in changes {
            if let ChangeKey::Tag(id) = change.key {
                self.name(id, &change);
            }
            let Some(edition) = edition(&change) else { continue };
            // A day that comes changes what is said of a text, and neither whether it is there nor its notice.
            if change.action == Action::ForceChanged {
                continue;
            }
            // What is taken back again is told of by the last time, and what is live again not at all.
            self.gone.retain(|gone| self::edition(gone) != Some(edition));
            let before = self.withdrawn.iter().position(|told| self::edition(told) == Some(edition));
            let before = before.and_then(|at| self.withdrawn.remove(at));
            let told = if change.action == Action::Removed {
                &mut self.gone
            } else if has_notice(&change, &notices) {
                // What is filed elsewhere meanwhile has its notice since when it got it.
                change.at = before.map_or(change.at, |before| before.at);
                &mut self.withdrawn
            } else {
                continue;
            };
            told.push_back(Arc::new(change));
            if told.len() > REMEMBERED {
                told.pop_front();
            }
        }
    }
}

/// Whether an edition is in one of these timelines by a change.
fn has_notice(change: &Change, notices: &BTreeSet<i32>) -> bool {
    let places = change.touched.iter().flat_map(|touched| &touched.places);
    places.filter(|places| places.after.is_some()).any(|places| places.timelines.iter().any(|id| notices.contains(id)))
}

/// Whether it was in one before that.
fn had_notice(change: &Change, notices: &BTreeSet<i32>) -> bool {
    let places = change.touched.iter().flat_map(|touched| &touched.places);
    places.filter(|places| places.before.is_some()).any(|places| places.timelines.iter().any(|id| notices.contains(id)))
}

const fn edition(change: &Change) -> Option<(EntryId, Locale)> {
    match change.key {
        ChangeKey::Edition { entry, locale, .. } => Some((entry, locale)),
        _ => None,
    }
}
