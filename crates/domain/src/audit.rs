//! The audit log: who did what, when and from where.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    access::{ActorId, Target, Viewer},
    category::CategoryTree,
    id::CategoryId,
    locale::Locale,
};

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

/// Where an entry was, in which languages, and whose, before something was done that may take it out of somebody's sight: what says who
/// saw it until then. It is under [`Whereabouts::KEY`] in the record's detail, and shown to those alone who may read all of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whereabouts {
    /// Where it was filed.
    pub category: CategoryId,
    /// The languages it was written in.
    pub languages: Vec<Locale>,
    /// Whether readers saw it, in any language.
    pub live: bool,
    /// Who made it, if that was known.
    #[serde(rename = "createdBy")]
    pub created_by: Option<ActorId>,
}

impl Whereabouts {
    /// Its name in a record's detail.
    pub const KEY: &'static str = "was";

    /// Whether a viewer saw the entry, by the rights they have and the categories there are.
    #[must_use]
    pub fn was_seen_by(&self, viewer: &Viewer, tree: &CategoryTree) -> bool {
        let own = self.created_by.as_ref() == Some(&viewer.actor);
        let target = Target { category: Some(self.category), locales: &self.languages, own };
        viewer.sees(&target, self.live, tree)
    }
}

impl AuditRecord {
    /// Where the entry was that something was done to, where that may have taken it out of somebody's sight. Records of versions before
    /// this was noted do not say it.
    #[must_use]
    pub fn whereabouts(&self) -> Option<Whereabouts> {
        let noted = self.detail.get(Whereabouts::KEY).filter(|_| self.subject == AuditSubject::Entry)?;
        Whereabouts::deserialize(noted).ok()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::access::{Grant, Role};

    fn record(detail: serde_json::Value) -> AuditRecord {
        AuditRecord {
            seq: 1,
            at: Timestamp::UNIX_EPOCH,
            actor: ActorId::program(),
            actor_name: String::new(),
            act: Act::DeleteEntry,
            subject: AuditSubject::Entry,
            subject_id: Uuid::nil(),
            locale: None,
            detail,
            address: None,
            request_id: None,
        }
    }

    #[test]
    fn a_record_says_who_saw_what_is_gone() {
        let was = Whereabouts {
            category: CategoryId::default(),
            languages: vec![Locale::ENGLISH],
            live: false,
            created_by: Some(ActorId::program()),
        };
        assert_eq!(record(json!({ "was": was, "languages": ["en"] })).whereabouts(), Some(was.clone()));
        for none in [json!({}), json!({ "was": 1 }), json!({ "was": { "category": "x" } }), json!([])] {
            assert_eq!(record(none.clone()).whereabouts(), None, "{none}");
        }
        let tree = CategoryTree::build(Vec::new()).unwrap();
        let viewer = |actor: ActorId, grant: Grant| Viewer { actor, name: String::new(), grants: vec![grant] };
        let other = || ActorId::from("user:somebody".to_owned());
        let of = |grant: Grant| was.was_seen_by(&viewer(other(), grant), &tree);
        assert!(of(Grant::everywhere(Role::Editor)));
        assert!(!of(Grant::everywhere(Role::Author)), "what is not their own");
        assert!(was.was_seen_by(&viewer(ActorId::program(), Grant::everywhere(Role::Author)), &tree), "what is");
        assert!(!of(Grant { locales: vec![Locale::parse("ru").unwrap()], ..Grant::everywhere(Role::Editor) }));
        let elsewhere = CategoryId::from(Uuid::from_u128(7));
        assert!(!of(Grant { categories: vec![elsewhere], ..Grant::everywhere(Role::Editor) }));
    }
}
