//! The states one language of an entry goes through, and which step leads from which state to which.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

use crate::{
    access::ActorId, edition::Ending, import_baseline::ImportBaseline, locale::Locale, revision::RevisionNumber,
};

/// Where one language of an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
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
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    const fn in_words(self) -> &'static str {
        match self {
            Self::Draft => "a draft",
            Self::InReview => "in review",
            Self::Scheduled => "scheduled",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
            Self::Archived => "archived",
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
    /// Agree to what was handed in.
    Approve,
    /// Make it live.
    Publish,
    /// Take back what is live.
    Unpublish,
    /// Put it away.
    Archive,
}

impl Step {
    /// All steps.
    pub const ALL: [Self; 9] = [
        Self::Save,
        Self::Submit,
        Self::SendBack,
        Self::Approve,
        Self::Schedule,
        Self::Unschedule,
        Self::Publish,
        Self::Unpublish,
        Self::Archive,
    ];

    /// In words: what it is that was done.
    const fn done(self) -> &'static str {
        match self {
            Self::Save => "saved",
            Self::Submit => "submitted",
            Self::SendBack => "sent back",
            Self::Approve => "approved",
            Self::Schedule => "scheduled",
            Self::Unschedule => "unscheduled",
            Self::Publish => "published",
            Self::Unpublish => "unpublished",
            Self::Archive => "archived",
        }
    }
}

/// A step that does not lead anywhere from where the content stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("what is {} cannot be {}{}", .state.in_words(), .step.done(), .state.way_on())]
pub struct NotAllowed {
    /// Where it stands.
    pub state: State,
    /// What was tried.
    pub step: Step,
}

impl State {
    /// What to do first, where that is one thing.
    const fn way_on(self) -> &'static str {
        match self {
            Self::Scheduled => ": unschedule it first",
            _ => "",
        }
    }

    /// The state a step leads to.
    ///
    /// Taking back what is live leaves alone what is in work behind it: a draft stays a draft.
    ///
    /// # Errors
    /// [`NotAllowed`] when the step does not start from this state.
    pub const fn after(self, step: Step) -> Result<Self, NotAllowed> {
        use State::{Archived, Draft, InReview, Published, Scheduled, Withdrawn};
        Ok(match (self, step) {
            (Draft | InReview | Published | Withdrawn | Archived, Step::Save) => Draft,
            (Draft, Step::Submit) | (InReview, Step::Approve) => InReview,
            (InReview, Step::SendBack) | (Scheduled, Step::Unschedule) => Draft,
            // From one time to another, too.
            (Draft | InReview | Scheduled, Step::Schedule) => Scheduled,
            (Draft | InReview | Scheduled | Published | Withdrawn, Step::Publish) => Published,
            (Published | Withdrawn, Step::Unpublish) => Withdrawn,
            (Draft | InReview | Scheduled, Step::Unpublish) => self,
            (Draft | InReview | Published | Withdrawn, Step::Archive) => Archived,
            (state, step) => return Err(NotAllowed { state, step }),
        })
    }
}

/// Whom one language of an entry waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WaitingFor {
    /// Its author, to hand it in.
    Author,
    /// An editor, to approve it or send it back.
    Review,
    /// A publisher, to publish or schedule what was approved.
    Publication,
    /// The time it is scheduled for.
    Time,
}

/// An editor's consent to the newest revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Who gave it.
    pub by: ActorId,
    /// When.
    pub at: Timestamp,
}

/// That what was handed in was sent back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentBack {
    /// Who sent it back.
    pub by: ActorId,
    /// When.
    pub at: Timestamp,
    /// What is to be done about it.
    pub comment: String,
}

/// What a translation was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TranslationSource {
    /// The language.
    pub locale: Locale,
    /// Its revision.
    pub revision: RevisionNumber,
}

/// The set end of what is live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expiry {
    /// When it ends.
    pub at: Timestamp,
    /// Who set it.
    pub by: ActorId,
    /// What readers get from then on.
    pub ending: Ending,
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
    /// Who scheduled it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduled_by: Option<ActorId>,
    /// The public note it will carry when it goes live.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduled_note: Option<String>,
    /// An editor's consent, while it is in review or behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Approval>,
    /// The last revision before the newest that somebody agreed to who had written nothing of what was new in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed: Option<RevisionNumber>,
    /// The set end of what is live, or of what will be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<Expiry>,
    /// That it was sent back, until it is handed in again or goes live.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_back: Option<SentBack>,
    /// What it was translated from, or last brought up to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub translated_from: Option<TranslationSource>,
    /// Whose it is to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<ActorId>,
    /// By when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// What the source of an import last brought of it.
    #[serde(rename = "delivered", default, skip_serializing_if = "Option::is_none")]
    pub import_baseline: Option<ImportBaseline>,
}

impl Standing {
    /// A state and its newest revision, and nothing else.
    #[must_use]
    pub const fn new(state: State, newest: RevisionNumber) -> Self {
        Self {
            state,
            newest,
            scheduled_at: None,
            scheduled_by: None,
            scheduled_note: None,
            approval: None,
            agreed: None,
            expiry: None,
            sent_back: None,
            translated_from: None,
            assignee: None,
            due_at: None,
            import_baseline: None,
        }
    }

    /// Whom it waits for; nobody when nothing is in work.
    #[must_use]
    pub const fn waiting_for(&self) -> Option<WaitingFor> {
        match self.state {
            // What was approved and then unscheduled still is.
            State::Draft | State::InReview if self.approval.is_some() => Some(WaitingFor::Publication),
            State::Draft => Some(WaitingFor::Author),
            State::InReview => Some(WaitingFor::Review),
            State::Scheduled => Some(WaitingFor::Time),
            State::Published | State::Withdrawn | State::Archived => None,
        }
    }

    /// Whether a time is set: for it to go live, or for what is live to end.
    #[must_use]
    pub const fn is_planned(&self) -> bool {
        self.scheduled_at.is_some() || self.expiry.is_some()
    }

    /// The standing once it is filed elsewhere: an editor agreed to it where it was.
    #[must_use]
    pub fn filed_elsewhere(&self) -> Self {
        Self { approval: None, ..self.clone() }
    }

    /// The standing a step leads to. What belonged to the old state alone is dropped; what belongs to the new one
    /// is for the caller to fill in.
    ///
    /// # Errors
    /// [`NotAllowed`] when the step does not start from this state.
    pub fn after(&self, step: Step) -> Result<Self, NotAllowed> {
        let mut next = self.clone();
        next.state = self.state.after(step)?;
        if next.state != State::Scheduled {
            (next.scheduled_at, next.scheduled_by, next.scheduled_note) = (None, None, None);
        }
        if matches!(step, Step::Save | Step::Submit | Step::SendBack) {
            next.approval = None;
        }
        if matches!(step, Step::Submit | Step::Schedule | Step::Publish | Step::Archive) {
            next.sent_back = None;
        }
        // Without a live edition, and none to come, there is nothing to end.
        if matches!(step, Step::Unpublish | Step::Archive) {
            next.expiry = None;
        }
        Ok(next)
    }
}

/// Where one language of an entry stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocaleStanding {
    /// The language.
    pub locale: Locale,
    /// Where it stands.
    #[serde(flatten)]
    pub standing: Standing,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_way_from_draft_to_withdrawn() {
        let steps =
            [Step::Save, Step::Submit, Step::Schedule, Step::Publish, Step::Save, Step::Publish, Step::Unpublish];
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
    fn what_cannot_be_done_is_said_in_words() {
        assert_eq!(
            State::Scheduled.after(Step::Save).unwrap_err().to_string(),
            "what is scheduled cannot be saved: unschedule it first"
        );
        assert_eq!(State::Draft.after(Step::SendBack).unwrap_err().to_string(), "what is a draft cannot be sent back");
    }

    #[test]
    fn what_is_in_work_outlives_what_was_live() {
        for state in [State::Draft, State::InReview, State::Scheduled] {
            assert_eq!(state.after(Step::Unpublish), Ok(state));
        }
    }

    #[test]
    fn a_consent_ends_with_the_revision_it_was_given_to() {
        let approval = Approval { by: ActorId::program(), at: Timestamp::UNIX_EPOCH };
        let approved = Standing { approval: Some(approval), ..Standing::new(State::InReview, 1) };
        assert_eq!(approved.waiting_for(), Some(WaitingFor::Publication));
        assert!(approved.after(Step::Schedule).unwrap().approval.is_some());
        for step in [Step::Save, Step::SendBack] {
            assert_eq!(approved.after(step).unwrap().approval, None);
        }
        assert_eq!(Standing::new(State::InReview, 1).waiting_for(), Some(WaitingFor::Review));
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
