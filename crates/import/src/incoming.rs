//! What comes in, in the words of the domain.

use courant_domain::{
    content::Content,
    edition::{ChangeNote, Withdrawal},
    entry::EntryKind,
    id::{CategoryId, EntryId, TagId},
    locale::Locale,
    workflow::State,
};
use jiff::Timestamp;

/// An entry as its source has it.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// The id to give it if it is new.
    pub id: EntryId,
    /// What its source calls it, for good.
    pub origin: String,
    /// Article or decree.
    pub kind: EntryKind,
    /// Where it is filed.
    pub category: CategoryId,
    /// Its subjects.
    pub tags: Vec<TagId>,
    /// How often it was read there.
    pub views: i64,
    /// Its languages.
    pub versions: Vec<IncomingVersion>,
    /// Whether its source says of it by itself which language it is in: then it is no longer in another one.
    pub names_language: bool,
    /// The paths it had elsewhere, normalised, which are to lead to what is live of it.
    pub old_paths: Vec<String>,
}

impl Incoming {
    /// The languages of which it gives nothing, while it gives others.
    pub(crate) fn languages_gone(&self) -> impl Iterator<Item = Locale> {
        let is_all = self.is_gone();
        let gone = self.versions.iter().filter(move |version| !is_all && version.text == IncomingText::Gone);
        gone.map(|version| version.locale)
    }

    /// Whether its source took it back and gives nothing in its place.
    pub(crate) fn is_gone(&self) -> bool {
        self.versions.iter().all(|version| version.text == IncomingText::Gone)
    }
}

/// One language of it.
#[derive(Debug, Clone)]
pub struct IncomingVersion {
    /// The language.
    pub locale: Locale,
    /// The content.
    pub content: Content,
    /// Where it stands; only [`State::Published`] and [`State::Withdrawn`] go live.
    pub state: State,
    /// The date it carries.
    pub published_at: Option<Timestamp>,
    /// When its source last changed it.
    pub updated_at: Option<Timestamp>,
    /// Notes of its major changes.
    pub change_notes: Vec<ChangeNote>,
    /// What readers are told if it was taken back.
    pub withdrawal: Option<Withdrawal>,
    /// What its source gives for its text.
    pub text: IncomingText,
    /// Whether it is a draft only because it is held back here: then what is live of it stays. A draft that is one at
    /// its source takes the place of what was live.
    pub held: bool,
}

impl IncomingVersion {
    /// Makes a draft of a notice for which there is no text that could be withdrawn.
    pub(crate) fn without_text(&mut self) {
        if self.text == IncomingText::Notice {
            self.state = State::Draft;
            self.withdrawal = None;
        }
    }
}

/// What a source gives for a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum IncomingText {
    /// The text.
    #[default]
    Whole,
    /// The notice with which it was taken back. What is here already of the text stays, and is withdrawn with it; of what is not here, the
    /// notice goes in as a draft.
    Notice,
    /// Nothing: it was taken back. Nothing is made of what is not here.
    Gone,
}
