//! What an import remembers, so that it takes over what its source has changed and nothing that was changed here.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    edition::Edition,
    id::{CategoryId, TagId},
    revision::RevisionNumber,
    workflow::{Standing, State},
};

/// What the source of one language of an entry last brought, and what became of it here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportBaseline {
    /// The revision its text became.
    pub revision: RevisionNumber,
    /// The state it came in.
    pub state: State,
    /// The date it carried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<Timestamp>,
    /// When its source had last changed the text, as it said itself. What comes with an earlier time is older than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_updated_at: Option<Timestamp>,
    /// Where it was filed.
    pub category: CategoryId,
    /// Its subjects.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<TagId>,
    /// Whether readers saw it, or what came before it, when the import was done.
    pub live: bool,
}

impl ImportBaseline {
    /// What is taken for the baseline where none was noted: the text that the first to write the entry saved
    /// last, in a state an import could have left.
    #[must_use]
    pub fn assumed(revision: RevisionNumber, standing: &Standing, live: Option<&Edition>, now: Self) -> Self {
        let state = match standing.state {
            State::Withdrawn | State::Archived => State::Published,
            state => state,
        };
        Self { revision, state, live: live.is_some(), ..now }
    }

    /// Whether what comes in is older than this: its source had changed it earlier.
    #[must_use]
    pub fn is_newer_than(&self, updated_at: Option<Timestamp>) -> bool {
        let micros = |at: Timestamp| at.as_microsecond();
        self.source_updated_at.map(micros).zip(updated_at.map(micros)).is_some_and(|(known, given)| given < known)
    }

    /// Whether nobody but the import has written, published, planned, agreed to, withdrawn or put away anything since.
    #[must_use]
    pub fn is_untouched(&self, standing: &Standing, live: Option<&Edition>) -> bool {
        let went_live = self.state == State::Scheduled && standing.state == State::Published;
        let as_planned = standing.state != State::Scheduled
            || standing.scheduled_by.is_none() && same_instant(standing.scheduled_at, self.published_at);
        standing.newest == self.revision
            && (standing.state == self.state || went_live)
            && as_planned
            && standing.approval.is_none()
            && live.is_some() == (self.live || went_live)
            && live.is_none_or(|live| live.withdrawal.is_some() == (self.state == State::Withdrawn))
    }
}

/// Whether two times are the same to the database, which keeps microseconds.
#[must_use]
pub fn same_instant(a: Option<Timestamp>, b: Option<Timestamp>) -> bool {
    a.map(Timestamp::as_microsecond) == b.map(Timestamp::as_microsecond)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::ActorId;

    fn baseline(state: State) -> ImportBaseline {
        let category = uuid::Uuid::from_u128(1).into();
        let (published_at, source_updated_at) = (None, None);
        ImportBaseline { revision: 1, state, published_at, source_updated_at, category, tags: Vec::new(), live: false }
    }

    #[test]
    fn whatever_the_newsroom_does_is_noticed() {
        let draft = baseline(State::Draft);
        assert!(draft.is_untouched(&Standing::new(State::Draft, 1), None));
        assert!(!draft.is_untouched(&Standing::new(State::Draft, 2), None), "somebody wrote");
        assert!(!draft.is_untouched(&Standing::new(State::Archived, 1), None), "somebody put it away");
        let planned = Standing {
            scheduled_at: Some(Timestamp::UNIX_EPOCH),
            scheduled_by: Some(ActorId::program()),
            ..Standing::new(State::Scheduled, 1)
        };
        assert!(!baseline(State::Scheduled).is_untouched(&planned, None), "somebody set another time");
        assert!(
            !ImportBaseline { live: true, ..baseline(State::Published) }
                .is_untouched(&Standing::new(State::Published, 1), None)
        );
    }

    #[test]
    fn what_came_in_and_was_put_away_later_is_not_taken_for_the_sources_doing() {
        let put_away = Standing::new(State::Archived, 1);
        let assumed = ImportBaseline::assumed(1, &put_away, None, baseline(State::Published));
        assert!(!assumed.is_untouched(&put_away, None));
        let live = Standing::new(State::Draft, 1);
        assert!(ImportBaseline::assumed(1, &live, None, baseline(State::Published)).is_untouched(&live, None));
    }
}
