//! The change log as readers see it.
//!
//! *Invariant*: what is told of is what readers could see before a change or can see after it. Changes say so themselves
//! ([`Change::is_seen`]); those from before they did are told of if readers see what they are of now.

mod filter;

use std::{collections::HashSet, sync::Arc};

use courant_domain::change::{Change, ChangeCursor, ChangeKey, ChangeSeq, Subject};

pub use self::filter::{ChangeFilter, FollowedLists};
use crate::{
    change_log,
    db::{entity::change_log::Model, parameters::Parameters, row::Cursor},
    error::Result,
    live::Live,
    reference::Reference,
};

/// How many rows of the log one page may pass over that are not on it.
const PASSED_OVER: usize = 5_000;
/// How many rows are read at once where most are wanted, beyond those that are.
pub(super) const SPARE: usize = 16;
/// How many rows are read at once where few may be wanted.
const PORTION: usize = 1_000;

/// A page of the log that is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ChangesRequest {
    /// After which change.
    pub after: ChangeCursor,
    /// How many changes at the most.
    pub size: usize,
    /// Which of them.
    pub filter: ChangeFilter,
}

/// A page of the log.
#[derive(Debug, Clone)]
pub struct Changes {
    /// The changes, in order.
    pub items: Vec<Arc<Change>>,
    /// Whether there are more, or may be: when as many were passed over as one page may.
    pub has_next: bool,
    /// From where to go on: after the last change of the page, or after the last one that was looked at when it has none.
    pub end: ChangeCursor,
}

/// What comes of asking for a page of the log.
#[derive(Debug)]
pub enum ChangesAfter {
    /// The page.
    Page(Changes),
    /// The cursor is of a change that this process has not taken in yet: ask again once it has.
    Behind,
    /// The log has no such change: it is another database's, or that of a state which was put in its place.
    Lost,
}

/// The columns of a change.
pub(super) const COLUMNS: &str = "seq, at, subject, subject_id, locale, kind, path, action, touched, told";

impl Live {
    /// The changes that readers see after one, up to the one that these reference data are as of: what is read of things then is as of
    /// that change, or later.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn changes(&self, request: &ChangesRequest, reference: &Reference) -> Result<ChangesAfter> {
        let ChangesRequest { after, size, filter } = request;
        if after.seq > reference.seq {
            let known = self.rows_from(*after, after.seq, &[], 1).await?;
            let is_known = known.first().is_some_and(|change| ChangeCursor::of(change) == *after);
            return Ok(if is_known { ChangesAfter::Behind } else { ChangesAfter::Lost });
        }
        let followed = FollowedLists::new(filter, reference);
        let portion = if filter.is_of_subjects_alone() { size + SPARE } else { PORTION };
        let mut page = Changes { items: Vec::new(), has_next: false, end: *after };
        let (mut from, mut looked_at) = (*after, 0);
        loop {
            // The change that was read last comes along, which shows that it is still the one it was.
            let mut rows = self.rows_from(from, reference.seq, &filter.subjects, portion + 1).await?;
            if !from.is_beginning() {
                if rows.first().is_none_or(|first| ChangeCursor::of(first) != from) {
                    return Ok(ChangesAfter::Lost);
                }
                rows.remove(0);
            }
            let is_last = rows.len() < portion;
            looked_at += rows.len();
            let shown = self.shown(&rows, reference).await?;
            for change in rows {
                from = ChangeCursor::of(&change);
                if !shown.contains(&change.seq) {
                    continue;
                }
                let is_wanted = followed.has(&change);
                if is_wanted && page.items.len() == *size {
                    page.has_next = true;
                    return Ok(ChangesAfter::Page(page));
                }
                if is_wanted {
                    page.items.push(Arc::new(change));
                }
                if is_wanted || page.items.is_empty() && *size > 0 {
                    page.end = from;
                }
            }
            if is_last || looked_at > PASSED_OVER {
                page.has_next = !is_last;
                return Ok(ChangesAfter::Page(page));
            }
        }
    }

    /// The last change that readers see, as of these reference data: whoever goes on from there is told of all that comes.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn changes_head(&self, reference: &Reference) -> Result<ChangeCursor> {
        let mut before = reference.seq;
        while before > 0 {
            let sql = format!("SELECT {COLUMNS} FROM change_log WHERE seq <= $1 ORDER BY seq DESC LIMIT {SPARE}");
            let rows = self.store.rows(sql, vec![before.into()], read).await?;
            let shown = self.shown(&rows, reference).await?;
            if let Some(last) = rows.iter().find(|change| shown.contains(&change.seq)) {
                return Ok(ChangeCursor::of(last));
            }
            let Some(first) = rows.last() else { break };
            before = first.seq - 1;
        }
        Ok(ChangeCursor::BEGINNING)
    }

    /// Up to so many rows of these subjects, or of all when none is given, from one on, which comes with them whatever it is of.
    async fn rows_from(
        &self,
        from: ChangeCursor,
        to: ChangeSeq,
        subjects: &[Subject],
        limit: usize,
    ) -> Result<Vec<Change>> {
        let mut values = Parameters::default();
        let (from, to) = (values.bind(from.seq), values.bind(to));
        let of = if subjects.is_empty() {
            String::new()
        } else {
            let subjects = values.bind_all(subjects.iter().map(|subject| subject.as_str()));
            format!(" AND (seq = {from} OR subject IN ({subjects}))")
        };
        let sql = format!(
            "SELECT {COLUMNS} FROM change_log WHERE seq >= {from} AND seq <= {to}{of} ORDER BY seq LIMIT {limit}"
        );
        self.store.rows(sql, values.0, read).await
    }

    /// The numbers of those changes that readers see.
    pub(crate) async fn shown(&self, changes: &[Change], reference: &Reference) -> Result<HashSet<ChangeSeq>> {
        let old = changes.iter().filter(|change| change.is_seen().is_none());
        let paths = old.filter_map(|change| match &change.key {
            ChangeKey::Redirect { path } => Some(path.clone()),
            _ => None,
        });
        let paths: Vec<String> = paths.collect::<HashSet<_>>().into_iter().collect();
        let rules = if paths.is_empty() { Default::default() } else { self.redirects_of(&paths).await? };
        let is_shown_now = |change: &Change| match &change.key {
            ChangeKey::Site | ChangeKey::Edition { .. } | ChangeKey::Category(_) => true,
            ChangeKey::Feed(feed) => reference.feed(*feed).is_some(),
            ChangeKey::Tag(tag) => reference.live_tags().get(tag).is_some(),
            ChangeKey::Person(person) => reference.live_persons().get(person).is_some(),
            ChangeKey::Redirect { path } => rules
                .get(path)
                .is_some_and(|rule| rule.target.as_deref().is_none_or(|target| reference.leads_to(target))),
        };
        let shown = changes.iter().filter(|change| change.is_seen().unwrap_or_else(|| is_shown_now(change)));
        Ok(shown.map(|change| change.seq).collect())
    }
}

pub(super) fn read(mut row: Cursor<'_>) -> Result<Change> {
    change_log::change(Model {
        seq: row.take()?,
        at: row.take()?,
        subject: row.take()?,
        subject_id: row.take()?,
        locale: row.take()?,
        kind: row.take()?,
        path: row.take()?,
        action: row.take()?,
        touched: row.take()?,
        told: row.take()?,
    })
}
