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
    /// The paths it had elsewhere, normalised, which are to lead to what is live of it.
    pub old_paths: Vec<String>,
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
    /// Whether it is a draft only because it is held back here: then what is live of it stays. A draft that is one at
    /// its source takes the place of what was live.
    pub held: bool,
}
