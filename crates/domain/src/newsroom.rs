//! The newsroom's lists: entries in work, and the audit log.

use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    access::ActorId,
    audit::{Act, AuditRecord, AuditSubject},
    entry::EntryKind,
    fingerprint::fingerprint,
    id::{CategoryId, PersonId, TagId},
    locale::Locale,
    workflow::{State, WaitingFor},
};

/// Which entries in work a list holds. What is not given does not matter; what is given must all be true, and of
/// `states`, `waiting_for`, `locale`, `text`, `number`, `slug`, `person`, `scheduled`, `published`, `assignee` and `due` of one and the same language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct EntryFilter {
    /// In one of these states.
    pub states: Vec<State>,
    /// Waiting for one of these.
    pub waiting_for: Vec<WaitingFor>,
    /// Made by this actor.
    pub author: Option<ActorId>,
    /// Filed in one of these categories.
    pub categories: Vec<CategoryId>,
    /// Whether what is filed below those categories counts, too.
    pub include_descendants: bool,
    /// In this language.
    pub locale: Option<Locale>,
    /// Not in this language yet.
    pub untranslated: Option<Locale>,
    /// Of one of these kinds.
    pub kinds: Vec<EntryKind>,
    /// The newest revision's title contains this, as it is typed without marks ([`fold_unmarked`](crate::fold::fold_unmarked)).
    pub text: Option<String>,
    /// The newest revision has this number, compared in the same way.
    pub number: Option<String>,
    /// The newest revision has this name in addresses.
    pub slug: Option<String>,
    /// The newest revision is by, or signed by, this person.
    pub person: Option<PersonId>,
    /// With at least one of these tags.
    pub tags: Vec<TagId>,
    /// Last touched in this span of time.
    pub changed: Span,
    /// To go live in this span of time.
    pub scheduled: Span,
    /// Live with a date in this span of time.
    pub published: Span,
    /// This actor's to do.
    pub assignee: Option<ActorId>,
    /// To be done in this span of time.
    pub due: Span,
}

/// A span of time, open where an end is not given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// At this time or later.
    pub from: Option<Timestamp>,
    /// Before this time.
    pub before: Option<Timestamp>,
}

impl Span {
    /// Whether any time lies in it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }
}

/// In which order entries in work come. Those that have no such time come last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryOrder {
    /// Last touched first.
    #[default]
    ChangedDesc,
    /// First touched first.
    ChangedAsc,
    /// Last made first.
    CreatedDesc,
    /// First made first.
    CreatedAsc,
    /// Next to go live first.
    ScheduledAsc,
    /// Last to go live first.
    ScheduledDesc,
    /// With the latest date that readers see first.
    PublishedDesc,
    /// With the earliest such date first.
    PublishedAsc,
    /// Next to be done first.
    DueAsc,
}

impl EntryOrder {
    /// Whether greater times come first.
    #[must_use]
    pub const fn is_descending(self) -> bool {
        matches!(self, Self::ChangedDesc | Self::CreatedDesc | Self::ScheduledDesc | Self::PublishedDesc)
    }
}

impl EntryFilter {
    /// Stands for the filter and an order in cursors.
    #[must_use]
    pub fn fingerprint(&self, order: EntryOrder) -> u32 {
        fingerprint(&("entries", self, order))
    }
}

/// Which records of the audit log a list holds. What is not given does not matter; what is given must all be true.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct AuditFilter {
    /// Of what this actor did.
    pub actor: Option<ActorId>,
    /// Of one of these acts.
    pub acts: Vec<Act>,
    /// Of what was done to one of these kinds of things.
    pub subjects: Vec<AuditSubject>,
    /// Of what was done to this one thing.
    pub subject_id: Option<Uuid>,
    /// At this time or later.
    pub from: Option<Timestamp>,
    /// Before this time.
    pub before: Option<Timestamp>,
}

impl AuditFilter {
    /// Stands for the filter in cursors.
    #[must_use]
    pub fn fingerprint(&self) -> u32 {
        fingerprint(&("audit", self))
    }

    /// Whether it takes a record.
    #[must_use]
    pub fn takes(&self, record: &AuditRecord) -> bool {
        self.actor.as_ref().is_none_or(|actor| *actor == record.actor)
            && (self.acts.is_empty() || self.acts.contains(&record.act))
            && (self.subjects.is_empty() || self.subjects.contains(&record.subject))
            && self.subject_id.is_none_or(|id| id == record.subject_id)
            && self.from.is_none_or(|from| record.at >= from)
            && self.before.is_none_or(|before| record.at < before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_that_differ_have_different_fingerprints() {
        let all = EntryFilter::default();
        let drafts = EntryFilter { states: vec![State::Draft], ..all.clone() };
        let searched = EntryFilter { text: Some("water".into()), ..all.clone() };
        let by_date = EntryOrder::PublishedDesc;
        let prints = [&all, &drafts, &searched].map(|filter| filter.fingerprint(EntryOrder::default()));
        assert!(!prints.contains(&all.fingerprint(by_date)));
        assert_eq!(prints.iter().collect::<std::collections::BTreeSet<_>>().len(), 3);
        assert_eq!(all.fingerprint(by_date), EntryFilter::default().fingerprint(by_date));
        assert_ne!(all.fingerprint(by_date), AuditFilter::default().fingerprint());
    }
}
