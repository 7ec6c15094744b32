//! The states one language of an entry goes through, and which step leads from which state to which.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::revision::RevisionNumber;

/// Where one language of an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// Being written.
    Draft,
    /// Waiting for an editor.
    InReview,
    /// Goes live at a set time.
    Scheduled,
    /// Live, and nothing newer is in work.
    Published,
    /// Taken back: live with a notice, or gone from the live tables.
    Withdrawn,
    /// Put away; readers do not see it.
    Archived,
}

impl State {
    /// All states.
    pub const ALL: [Self; 6] =
        [Self::Draft, Self::InReview, Self::Scheduled, Self::Published, Self::Withdrawn, Self::Archived];

    /// The name used in databases and dumps.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "DRAFT",
            Self::InReview => "IN_REVIEW",
            Self::Scheduled => "SCHEDULED",
            Self::Published => "PUBLISHED",
            Self::Withdrawn => "WITHDRAWN",
            Self::Archived => "ARCHIVED",
        }
    }
}

/// What can be done to one language of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Save a revision.
    Save,
    /// Hand it to an editor.
    Submit,
    /// Give it back to its author.
    SendBack,
    /// Set the time it goes live.
    Schedule,
    /// Take that time away.
    Unschedule,
    /// Make it live.
    Publish,
    /// Take it back.
    Withdraw,
    /// Put it away.
    Archive,
}

impl Step {
    /// All steps.
    pub const ALL: [Self; 8] = [
        Self::Save,
        Self::Submit,
        Self::SendBack,
        Self::Schedule,
        Self::Unschedule,
        Self::Publish,
        Self::Withdraw,
        Self::Archive,
    ];
}

/// A step that does not lead anywhere from where the content stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cannot {step:?} what is {state:?}")]
pub struct NotAllowed {
    /// Where it stands.
    pub state: State,
    /// What was tried.
    pub step: Step,
}

impl State {
    /// The state a step leads to.
    ///
    /// # Errors
    /// [`NotAllowed`] when the step does not start from this state.
    pub const fn after(self, step: Step) -> Result<Self, NotAllowed> {
        use State::{Archived, Draft, InReview, Published, Scheduled, Withdrawn};
        Ok(match (self, step) {
            (Draft | InReview | Published | Withdrawn | Archived, Step::Save) => Draft,
            (Draft, Step::Submit) => InReview,
            (InReview, Step::SendBack) | (Scheduled, Step::Unschedule) => Draft,
            (Draft | InReview, Step::Schedule) => Scheduled,
            (Draft | InReview | Scheduled | Published | Withdrawn, Step::Publish) => Published,
            (Draft | InReview | Published, Step::Withdraw) => Withdrawn,
            (Draft | InReview | Published | Withdrawn, Step::Archive) => Archived,
            (state, step) => return Err(NotAllowed { state, step }),
        })
    }
}

/// Where one language of an entry stands, with what belongs to the state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The state.
    pub state: State,
    /// The newest revision.
    pub newest: RevisionNumber,
    /// When it goes live, if it is scheduled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduled_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_way_from_draft_to_withdrawn() {
        let steps =
            [Step::Save, Step::Submit, Step::Schedule, Step::Publish, Step::Save, Step::Publish, Step::Withdraw];
        let mut state = State::Draft;
        let mut seen = Vec::new();
        for step in steps {
            state = state.after(step).unwrap_or(state);
            seen.push(state);
        }
        use State::{Draft, InReview, Published, Scheduled, Withdrawn};
        assert_eq!(seen, [Draft, InReview, Scheduled, Published, Draft, Published, Withdrawn]);
    }

    #[test]
    fn what_is_scheduled_is_not_changed_under_the_schedule() {
        assert!(State::Scheduled.after(Step::Save).is_err());
        assert!(State::Scheduled.after(Step::Archive).is_err());
        assert!(State::Archived.after(Step::Publish).is_err());
    }

    #[test]
    fn every_state_can_be_left_and_reached() {
        for state in State::ALL {
            assert!(Step::ALL.iter().any(|step| state.after(*step).is_ok()), "{state:?} is a dead end");
            assert!(
                State::ALL.iter().any(|from| Step::ALL.iter().any(|step| from.after(*step) == Ok(state))),
                "{state:?} is never reached"
            );
        }
    }
}
