//! Roles, permissions, and the one table that says which role has which.

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

/// What somebody is in the editorial office.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// Is known by name, and sees what every reader sees.
    Reader,
    /// Writes entries of their own and hands them in.
    Author,
    /// Edits everybody's entries, reviews them, keeps tags, persons and pins.
    Editor,
    /// Decides what readers see, and where it is filed.
    Publisher,
    /// Keeps users, tokens and the audit log, and may do everything else.
    Admin,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 5] = [Self::Reader, Self::Author, Self::Editor, Self::Publisher, Self::Admin];

    /// The name used in databases, tokens and GraphQL.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The role of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// How far a permission goes in this role; none when the role does not have it.
    #[must_use]
    pub fn reach(self, permission: Permission) -> Option<Reach> {
        let (_, row) = TABLE.iter().find(|(known, _)| *known == permission)?;
        match self {
            Self::Reader => None,
            Self::Author => row[0],
            Self::Editor => row[1],
            Self::Publisher => row[2],
            Self::Admin => Some(Reach::Any),
        }
    }
}

/// On what a permission can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// Entries that the person made.
    Own,
    /// Whatever lies within the limits of the role.
    Any,
}

/// Something that not everybody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Permission {
    /// See drafts, revisions, states and history, and make and revoke preview links.
    ReadDrafts,
    /// Make an entry, or a copy of one.
    CreateEntry,
    /// Save revisions, restore old ones, file the entry under another category and other tags.
    EditEntry,
    /// Hand a draft in for review.
    SubmitEntry,
    /// Delete an entry that was never published.
    DeleteEntry,
    /// Approve what was handed in, or send it back.
    ReviewEntry,
    /// Comment on revisions, and settle comments.
    CommentEntry,
    /// Say whose an entry is to do, and by when.
    AssignEntry,
    /// Put an entry away.
    ArchiveEntry,
    /// Make a language of an entry live, now or at a set time.
    PublishEntry,
    /// Set the date an entry carries.
    Backdate,
    /// Take back what is live, now or at a set time.
    UnpublishEntry,
    /// Make, change, merge and delete tags.
    ManageTags,
    /// Make, change, merge and delete persons.
    ManagePersons,
    /// Pin entries to a feed's top, in an order.
    PinEntries,
    /// Make, change and delete feeds.
    ManageFeeds,
    /// Make, change, move, merge, order and delete categories.
    ManageCategories,
    /// Make and remove redirects.
    ManageRedirects,
    /// Change what the site is called.
    ManageSite,
    /// Make and delete users and set what they may do.
    ManageUsers,
    /// Make and revoke machines' tokens.
    ManageTokens,
    /// Read the audit log.
    ReadAuditLog,
    /// Make, change and delete webhooks, and see what became of their messages.
    ManageWebhooks,
}

const OWN: Option<Reach> = Some(Reach::Own);
const ANY: Option<Reach> = Some(Reach::Any);
const NO: Option<Reach> = None;

/// The table: what [`Role::Author`], [`Role::Editor`] and [`Role::Publisher`] may do. A [`Role::Reader`] may do
/// none of it, a [`Role::Admin`] all.
const TABLE: [(Permission, [Option<Reach>; 3]); 23] = [
    (Permission::ReadDrafts, [OWN, ANY, ANY]),
    (Permission::CreateEntry, [ANY, ANY, ANY]),
    (Permission::EditEntry, [OWN, ANY, ANY]),
    (Permission::SubmitEntry, [OWN, ANY, ANY]),
    (Permission::DeleteEntry, [OWN, ANY, ANY]),
    (Permission::ReviewEntry, [NO, ANY, ANY]),
    (Permission::CommentEntry, [OWN, ANY, ANY]),
    (Permission::AssignEntry, [NO, ANY, ANY]),
    (Permission::ArchiveEntry, [NO, ANY, ANY]),
    (Permission::PublishEntry, [NO, NO, ANY]),
    (Permission::Backdate, [NO, NO, ANY]),
    (Permission::UnpublishEntry, [NO, NO, ANY]),
    (Permission::ManageTags, [NO, ANY, ANY]),
    (Permission::ManagePersons, [NO, ANY, ANY]),
    (Permission::PinEntries, [NO, ANY, ANY]),
    (Permission::ManageFeeds, [NO, NO, ANY]),
    (Permission::ManageCategories, [NO, NO, ANY]),
    (Permission::ManageRedirects, [NO, NO, ANY]),
    (Permission::ManageSite, [NO, NO, NO]),
    (Permission::ManageUsers, [NO, NO, NO]),
    (Permission::ManageTokens, [NO, NO, NO]),
    (Permission::ReadAuditLog, [NO, NO, NO]),
    (Permission::ManageWebhooks, [NO, NO, NO]),
];

impl Permission {
    /// All permissions, in the order of the table.
    pub const ALL: [Self; TABLE.len()] = {
        let mut all = [Self::ReadDrafts; TABLE.len()];
        let mut row = 0;
        while row < TABLE.len() {
            all[row] = TABLE[row].0;
            row += 1;
        }
        all
    };

    /// The name used in GraphQL.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The table as Markdown, for the docs; a test holds the two against each other.
#[must_use]
pub fn table_markdown() -> String {
    let mut text = String::from("| permission |");
    for role in Role::ALL {
        // Writing to a String cannot fail.
        let _ = write!(text, " {} |", role.as_str());
    }
    text.push_str("\n|---|---|---|---|---|---|\n");
    for permission in Permission::ALL {
        let _ = write!(text, "| `{}` |", permission.as_str());
        for role in Role::ALL {
            text.push_str(match role.reach(permission) {
                None => " – |",
                Some(Reach::Own) => " own |",
                Some(Reach::Any) => " yes |",
            });
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_every_permission_once() {
        for permission in Permission::ALL {
            assert_eq!(TABLE.iter().filter(|(known, _)| *known == permission).count(), 1, "{permission:?}");
            assert_eq!(Role::Reader.reach(permission), None);
            assert_eq!(Role::Admin.reach(permission), Some(Reach::Any));
        }
        assert_eq!(table_markdown().lines().count(), 2 + Permission::ALL.len());
    }

    #[test]
    fn a_higher_role_may_do_all_that_a_lower_one_may() {
        for permission in Permission::ALL {
            for pair in Role::ALL.windows(2) {
                assert!(pair[0].reach(permission) <= pair[1].reach(permission), "{permission:?}: {pair:?}");
            }
        }
    }
}
