//! The workflow's words.

use async_graphql::Enum;
use courant_domain::{access, entry, workflow};

/// What an entry is.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "entry::EntryKind")]
pub(crate) enum EntryKind {
    /// A piece of journalism or an announcement.
    Article,
    /// An official legal act.
    Decree,
}

/// Where one language of an entry stands.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "workflow::State")]
pub(crate) enum State {
    /// It is being written.
    Draft,
    /// It waits for an editor, or was approved and waits for a publisher.
    InReview,
    /// It goes live at a set time.
    Scheduled,
    /// It is live, and nothing newer is in work.
    Published,
    /// It was taken back: it is live with a notice, or no longer live.
    Withdrawn,
    /// It was put away; readers do not see it.
    Archived,
}

/// Whom one language of an entry waits for.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "workflow::WaitingFor")]
pub(crate) enum WaitingFor {
    /// Its author, to hand it in.
    Author,
    /// An editor, to approve it or send it back.
    Review,
    /// A publisher, to publish or schedule what was approved.
    Publication,
    /// The time it is scheduled for.
    Time,
}

/// What somebody is in the newsroom.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "access::Role")]
pub(crate) enum Role {
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

/// Something that not everybody may do.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "access::Permission")]
pub(crate) enum Permission {
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
