//! Revisions: immutable, numbered snapshots of one language of an entry.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{content::Content, id::EntryId, locale::Locale};

/// A revision's number: 1 for the first of its entry and locale, then 2, 3, ….
pub type RevisionNumber = u32;

/// One snapshot. Revisions are only ever added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revision {
    /// Of which entry.
    pub entry: EntryId,
    /// In which language.
    pub locale: Locale,
    /// Its number.
    pub number: RevisionNumber,
    /// The revision its author had before them; none for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub based_on: Option<RevisionNumber>,
    /// When it was saved.
    pub created_at: Timestamp,
    /// Who saved it, as they are called in the audit log.
    pub created_by: String,
    /// Why, in the author's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// What was saved.
    pub content: Content,
}

/// A save that was not based on the newest revision.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("based on {}, but the newest is {}", in_words(*.based_on), in_words(*.newest))]
pub struct Conflict {
    /// What the save said it was based on.
    pub based_on: Option<RevisionNumber>,
    /// What is newest.
    pub newest: Option<RevisionNumber>,
}

fn in_words(revision: Option<RevisionNumber>) -> String {
    revision.map_or_else(|| "none".to_owned(), |number| format!("revision {number}"))
}

/// The number of the next revision.
///
/// # Errors
/// [`Conflict`] when `based_on` is not the newest one there is.
pub fn next_number(
    newest: Option<RevisionNumber>,
    based_on: Option<RevisionNumber>,
) -> Result<RevisionNumber, Conflict> {
    if newest == based_on { Ok(newest.unwrap_or(0) + 1) } else { Err(Conflict { based_on, newest }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflict_says_both_sides_in_words() {
        let said = |newest, based_on| next_number(newest, based_on).unwrap_err().to_string();
        assert_eq!(said(Some(2), Some(1)), "based on revision 1, but the newest is revision 2");
        assert_eq!(said(None, Some(1)), "based on revision 1, but the newest is none");
        assert_eq!(said(Some(1), None), "based on none, but the newest is revision 1");
    }
}
