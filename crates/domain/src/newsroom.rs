//! The newsroom's lists: entries in work, and the audit log.

use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    access::ActorId,
    audit::{Act, AuditSubject},
    entry::EntryKind,
    fingerprint::fingerprint,
    id::{CategoryId, TagId},
    locale::Locale,
    workflow::{State, WaitingFor},
};

/// Which entries in work a list holds. What is not given does not matter; what is given must all be true, and of
/// `states`, `waiting_for`, `locale` and `text` of one and the same language.
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
    /// The newest revision's title contains this, in upper or lower case.
    pub text: Option<String>,
    /// With at least one of these tags.
    pub tags: Vec<TagId>,
}

impl EntryFilter {
    /// Stands for the filter in cursors.
    #[must_use]
    pub fn fingerprint(&self) -> u32 {
        fingerprint(&("entries", self))
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_that_differ_have_different_fingerprints() {
        let all = EntryFilter::default();
        let drafts = EntryFilter { states: vec![State::Draft], ..all.clone() };
        let searched = EntryFilter { text: Some("water".into()), ..all.clone() };
        let prints = [&all, &drafts, &searched].map(EntryFilter::fingerprint);
        assert_eq!(prints.iter().collect::<std::collections::BTreeSet<_>>().len(), 3);
        assert_eq!(all.fingerprint(), EntryFilter::default().fingerprint());
        assert_ne!(all.fingerprint(), AuditFilter::default().fingerprint());
    }
}
