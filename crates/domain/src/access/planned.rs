//! What is planned binds: who may change where an entry is, or whether it is there, while a language of it is to go
//! live or to end at a set time.
//!
//! *Invariant*: every act is in this table (the match is exhaustive), and [`while_planned`] is what the verbs ask.

use std::fmt::Write;

use crate::audit::Act;

/// What an act asks for while something of the entry is planned, beside its own permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WhilePlanned {
    /// It would change where the entry goes, or whether it is there: it asks for
    /// [`Permission::PublishEntry`](super::Permission::PublishEntry) for every planned language, where the entry is and
    /// where it shall be.
    Publishers,
    /// It asks for that by itself: its own permission is a publisher's, here and there.
    AsEver,
    /// The language that is to go live refuses it until it is unscheduled; the others are not concerned.
    NotYet,
    /// It changes nothing of what is planned.
    Free,
}

/// What an act asks for while something of the entry is planned.
#[must_use]
pub const fn while_planned(act: Act) -> WhilePlanned {
    match act {
        Act::FileEntry | Act::DeleteEntry => WhilePlanned::Publishers,
        Act::PublishEntry
        | Act::ScheduleEntry
        | Act::UnscheduleEntry
        | Act::UnpublishEntry
        | Act::MoveCategory
        | Act::MergeCategories => WhilePlanned::AsEver,
        Act::SaveEntry
        | Act::SaveDraft
        | Act::RestoreRevision
        | Act::RelateDecree
        | Act::UnrelateDecree
        | Act::SubmitEntry
        | Act::SendBackEntry
        | Act::ApproveEntry
        | Act::ArchiveEntry => WhilePlanned::NotYet,
        // Copies and links are things of their own; what a feed pins, draws from and is called is the feed's; names
        // and slugs of categories and tags lead to the same place; and people are asked again when the time comes.
        Act::SignIn
        | Act::SignOut
        | Act::ChangePassword
        | Act::CreateEntry
        | Act::DuplicateEntry
        | Act::KeepDraft
        | Act::DiscardDraft
        | Act::AddComment
        | Act::ResolveComment
        | Act::ClaimEntry
        | Act::ReleaseEntry
        | Act::AssignEntry
        | Act::CreatePreview
        | Act::RevokePreview
        | Act::CreateCategory
        | Act::UpdateCategory
        | Act::ReorderCategories
        | Act::DeleteCategory
        | Act::CreateFeed
        | Act::UpdateFeed
        | Act::DeleteFeed
        | Act::PinEntry
        | Act::UnpinEntry
        | Act::ReorderPins
        | Act::CreateTag
        | Act::UpdateTag
        | Act::MergeTags
        | Act::DeleteTag
        | Act::CreatePerson
        | Act::UpdatePerson
        | Act::MergePersons
        | Act::DeletePerson
        | Act::PutRedirect
        | Act::RemoveRedirect
        | Act::UpdateSite
        | Act::CreateUser
        | Act::UpdateUser
        | Act::DeleteUser
        | Act::CreateApiToken
        | Act::RevokeApiToken
        | Act::RotateSecret
        | Act::RestoreBackup
        | Act::CreateWebhook
        | Act::UpdateWebhook
        | Act::DeleteWebhook
        | Act::RotateWebhookSecret
        | Act::TestWebhook
        | Act::ReplayWebhook
        | Act::DisableWebhook => WhilePlanned::Free,
    }
}

/// The table as Markdown, for the docs; a test holds the two against each other. Acts that concern no entry are left
/// out.
#[must_use]
pub fn planned_markdown() -> String {
    const ROWS: [(WhilePlanned, &str, &[Act]); 4] = [
        (
            WhilePlanned::Publishers,
            "asks for `PUBLISH_ENTRY`, too: for each planned language, where the entry is and where it shall be",
            &[Act::FileEntry, Act::DeleteEntry],
        ),
        (
            WhilePlanned::AsEver,
            "is a publisher's as ever, at both ends",
            &[
                Act::PublishEntry,
                Act::ScheduleEntry,
                Act::UnscheduleEntry,
                Act::UnpublishEntry,
                Act::MoveCategory,
                Act::MergeCategories,
            ],
        ),
        (
            WhilePlanned::NotYet,
            "is refused in the language that is to go live, until it is unscheduled; as ever in others",
            &[
                Act::SaveEntry,
                Act::SaveDraft,
                Act::RestoreRevision,
                Act::RelateDecree,
                Act::UnrelateDecree,
                Act::SubmitEntry,
                Act::SendBackEntry,
                Act::ApproveEntry,
                Act::ArchiveEntry,
            ],
        ),
        (
            WhilePlanned::Free,
            "changes nothing of what is planned",
            &[
                Act::DuplicateEntry,
                Act::KeepDraft,
                Act::DiscardDraft,
                Act::AddComment,
                Act::ResolveComment,
                Act::ClaimEntry,
                Act::ReleaseEntry,
                Act::AssignEntry,
                Act::CreatePreview,
                Act::RevokePreview,
                Act::PinEntry,
                Act::UnpinEntry,
                Act::ReorderPins,
                Act::UpdateFeed,
                Act::UpdateCategory,
                Act::ReorderCategories,
                Act::UpdateTag,
                Act::MergeTags,
                Act::MergePersons,
            ],
        ),
    ];
    let mut text = String::from("| while something is planned | |\n|---|---|\n");
    for (_, words, acts) in ROWS {
        let names: Vec<String> = acts.iter().map(|act| format!("`{}`", name(*act))).collect();
        // Writing to a String cannot fail.
        let _ = writeln!(text, "| {} | {words} |", names.join(", "));
    }
    text
}

/// An act's name in the audit log.
fn name(act: Act) -> String {
    serde_json::to_value(act).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Permission, Role};

    #[test]
    fn the_docs_table_says_what_is_asked() {
        let text = planned_markdown();
        for (act, words) in [
            (Act::FileEntry, "asks for `PUBLISH_ENTRY`, too"),
            (Act::MergeCategories, "publisher's as ever"),
            (Act::SaveEntry, "until it is unscheduled"),
            (Act::PinEntry, "changes nothing"),
        ] {
            let row = text.lines().find(|line| line.contains(&format!("`{}`", name(act))));
            assert!(row.is_some_and(|row| row.contains(words)), "{act:?}: {text}");
        }
    }

    /// Whoever moves and merges categories may publish what is in them: so no one moves what is planned out of, or into,
    /// the reach of those who may publish it without being one of them.
    #[test]
    fn categories_are_moved_by_those_who_may_publish_in_them() {
        for role in Role::ALL {
            let manages = role.reach(Permission::ManageCategories);
            assert!(manages <= role.reach(Permission::PublishEntry), "{role:?}");
            assert!(manages <= role.reach(Permission::UnpublishEntry), "{role:?}");
        }
    }
}
