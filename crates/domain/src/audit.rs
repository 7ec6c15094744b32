//! The audit log: who did what, when and from where.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{access::ActorId, locale::Locale};

/// What was done: one for each mutation, and for what is done on the server to the database as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "each is the mutation or the command of its name")]
pub enum Act {
    SignIn,
    SignOut,
    ChangePassword,
    CreateEntry,
    SaveEntry,
    FileEntry,
    SubmitEntry,
    SendBackEntry,
    ApproveEntry,
    PublishEntry,
    ScheduleEntry,
    UnscheduleEntry,
    UnpublishEntry,
    ArchiveEntry,
    RestoreRevision,
    DuplicateEntry,
    DeleteEntry,
    KeepDraft,
    SaveDraft,
    DiscardDraft,
    AddComment,
    ResolveComment,
    ClaimEntry,
    ReleaseEntry,
    AssignEntry,
    RelateDecree,
    UnrelateDecree,
    CreatePreview,
    RevokePreview,
    CreateCategory,
    UpdateCategory,
    MoveCategory,
    MergeCategories,
    ReorderCategories,
    DeleteCategory,
    CreateFeed,
    UpdateFeed,
    DeleteFeed,
    PinEntry,
    UnpinEntry,
    ReorderPins,
    CreateTag,
    UpdateTag,
    MergeTags,
    DeleteTag,
    CreatePerson,
    UpdatePerson,
    MergePersons,
    DeletePerson,
    PutRedirect,
    RemoveRedirect,
    UpdateSite,
    CreateUser,
    UpdateUser,
    DeleteUser,
    CreateApiToken,
    RevokeApiToken,
    RotateSecret,
    RestoreBackup,
    CreateWebhook,
    UpdateWebhook,
    DeleteWebhook,
    RotateWebhookSecret,
    TestWebhook,
    ReplayWebhook,
    DisableWebhook,
}

/// What kind of thing it was done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AuditSubject {
    /// An entry.
    Entry,
    /// A category.
    Category,
    /// A feed.
    Feed,
    /// A tag.
    Tag,
    /// A person.
    Person,
    /// A user.
    User,
    /// A machine's token.
    ApiToken,
    /// A redirect, by an id that is made of its path.
    Redirect,
    /// The site.
    Site,
    /// The database as a whole.
    Database,
    /// A webhook.
    Webhook,
}

/// One row of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    /// Its place; later records have higher numbers.
    pub seq: i64,
    /// When it was done.
    pub at: Timestamp,
    /// Who did it.
    pub actor: ActorId,
    /// What they were called then.
    pub actor_name: String,
    /// What was done.
    pub act: Act,
    /// To what kind of thing.
    pub subject: AuditSubject,
    /// To which one.
    pub subject_id: Uuid,
    /// In which language, where it was one.
    pub locale: Option<Locale>,
    /// What else there is to say, as a JSON object: revision numbers, a comment, what was set.
    pub detail: serde_json::Value,
    /// From which network address, where it came over the network.
    pub address: Option<String>,
    /// The request's id, as it is in the server's log.
    pub request_id: Option<String>,
}
