//! Records of what was done.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use courant_domain::{access::Permission, access::Target, audit as domain, newsroom::AuditFilter};
use uuid::Uuid;

use super::{actor::Actor, filter, reach::Reach};
use crate::{
    error::{Error, ErrorCode},
    loader::ChangeAt,
    schema::{
        context::request,
        filter::DateTimeRange,
        scalar::{DateTime, Locale},
    },
};

/// What somebody did, when, to what, and from where.
#[derive(Clone)]
pub(crate) struct AuditRecord {
    record: Arc<domain::AuditRecord>,
    whole: bool,
}

impl AuditRecord {
    /// A record: all of it for viewers who may read the audit log, and for others without where it was done from.
    pub(super) const fn of(record: Arc<domain::AuditRecord>, whole: bool) -> Self {
        Self { record, whole }
    }
}

/// Whether the viewer may read the audit log.
pub(super) fn may_read(ctx: &Context<'_>) -> Result<bool, Error> {
    let tree = &request(ctx).reference().categories;
    Ok(request(ctx).viewer()?.may(Permission::ReadAuditLog, &Target::default(), tree))
}

/// Sees that the viewer may read the audit log.
pub(super) fn require(ctx: &Context<'_>) -> Result<(), Error> {
    if may_read(ctx)? {
        return Ok(());
    }
    let permission = Permission::ReadAuditLog.as_str();
    Err(Error::new(ErrorCode::Forbidden, format!("this needs the permission {permission}")))
}

/// What somebody did, when, to what, and from where.
#[Object]
impl AuditRecord {
    /// Its number in the log; later records have higher ones.
    pub(crate) async fn id(&self) -> ID {
        ID(self.record.seq.to_string())
    }

    /// When it was done.
    async fn at(&self) -> DateTime {
        DateTime(self.record.at)
    }

    /// Who did it.
    async fn actor(&self) -> Actor {
        Actor(self.record.actor.clone())
    }

    /// What they were called then.
    async fn actor_name(&self) -> &str {
        &self.record.actor_name
    }

    /// What was done.
    async fn act(&self) -> Act {
        self.record.act.into()
    }

    /// To what kind of thing it was done.
    async fn subject(&self) -> AuditSubject {
        self.record.subject.into()
    }

    /// The id of that thing.
    async fn subject_id(&self) -> ID {
        ID(self.record.subject_id.to_string())
    }

    /// In which language, where it was one.
    async fn in_locale(&self) -> Option<Locale> {
        self.record.locale.map(Locale)
    }

    /// What else there is to say, by name: revision numbers, a comment, what was set.
    async fn detail(&self) -> Vec<AuditDetail> {
        let serde_json::Value::Object(fields) = &self.record.detail else { return Vec::new() };
        let text = |value: &serde_json::Value| match value {
            serde_json::Value::Null => None,
            serde_json::Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        };
        fields
            .iter()
            // In which languages it is, for one, not everybody knows who may read one of them.
            .filter(|(name, _)| self.whole || *name != domain::Whereabouts::KEY)
            .filter_map(|(name, value)| Some(AuditDetail { name: name.clone(), value: text(value)? }))
            .collect()
    }

    /// How far it has come, if it changed what readers see; null if it did not.
    async fn reach(&self, ctx: &Context<'_>) -> Option<Result<Reach, Error>> {
        match request(ctx).newsroom.load_one(ChangeAt(self.record.at)).await {
            Ok(made) => Some(Reach::of(ctx, made?).await),
            Err(error) => Some(Err(error)),
        }
    }

    /// The network address it came from. Null to viewers who may not read the audit log, and when it came over no network.
    async fn address(&self) -> Option<&str> {
        self.record.address.as_deref().filter(|_| self.whole)
    }

    /// The request's id in the server's log. Null to viewers who may not read the audit log.
    async fn request_id(&self) -> Option<&str> {
        self.record.request_id.as_deref().filter(|_| self.whole)
    }
}

/// Something there is to say of what was done.
#[derive(SimpleObject)]
pub(crate) struct AuditDetail {
    /// What it is.
    name: String,
    /// Its value as text; JSON where it is no text.
    value: String,
}

/// Which records of the audit log a list holds. What is not given does not matter; what is given must all be true.
#[derive(InputObject, Default)]
pub(crate) struct AuditLogFilter {
    /// Of what this actor did: `Actor.id`, or a user's id alone.
    actor: Option<ID>,
    /// Of one of these acts.
    acts: Option<Vec<Act>>,
    /// Of what was done to one of these kinds of things.
    subjects: Option<Vec<AuditSubject>>,
    /// Of what was done to the thing with this id.
    subject_id: Option<ID>,
    /// Of what was done in this span of time.
    at: Option<DateTimeRange>,
}

impl AuditLogFilter {
    /// Whether it asks for what somebody did.
    pub(in crate::schema) const fn names_actor(&self) -> bool {
        self.actor.is_some()
    }

    pub(in crate::schema) fn resolve(self) -> Result<AuditFilter, Error> {
        let (from, before) = self.at.map(DateTimeRange::bounds).unwrap_or_default();
        Ok(AuditFilter {
            actor: self.actor.map(|actor| filter::actor(&actor)),
            acts: filter::values("acts", self.acts)?,
            subjects: filter::values("subjects", self.subjects)?,
            // What is no id is nothing's.
            subject_id: self.subject_id.map(|id| Uuid::parse_str(&id).unwrap_or_default()),
            from,
            before,
        })
    }
}

/// What was done: one for each mutation.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::Act")]
pub(crate) enum Act {
    /// Somebody signed in.
    SignIn,
    /// Somebody signed out.
    SignOut,
    /// Somebody changed their password.
    ChangePassword,
    /// An entry was made.
    CreateEntry,
    /// A revision was saved.
    SaveEntry,
    /// An entry was filed under another category or other tags.
    FileEntry,
    /// A draft was handed in for review.
    SubmitEntry,
    /// What was handed in was sent back.
    SendBackEntry,
    /// What was handed in was approved.
    ApproveEntry,
    /// A language of an entry was published.
    PublishEntry,
    /// A time was set for publishing.
    ScheduleEntry,
    /// The time set for publishing was taken away.
    UnscheduleEntry,
    /// What was live was taken back, or a time was set for it.
    UnpublishEntry,
    /// A language of an entry was put away.
    ArchiveEntry,
    /// An old revision was saved again.
    RestoreRevision,
    /// A copy of an entry was made.
    DuplicateEntry,
    /// An entry that was never published was deleted.
    DeleteEntry,
    /// A working copy was begun; that it is kept again is not recorded.
    KeepDraft,
    /// A working copy was saved as a revision.
    SaveDraft,
    /// A working copy was thrown away.
    DiscardDraft,
    /// A revision was commented on.
    AddComment,
    /// A comment was settled, or opened again.
    ResolveComment,
    /// Somebody opened a language of an entry; that they still have it open is not recorded.
    ClaimEntry,
    /// Somebody has a language of an entry open no more.
    ReleaseEntry,
    /// It was said whose a language of an entry is to do, or by when.
    AssignEntry,
    /// A decree was related to another.
    RelateDecree,
    /// A decree's relation to another was taken away.
    UnrelateDecree,
    /// A preview link was made.
    CreatePreview,
    /// Preview links were revoked.
    RevokePreview,
    /// A category was made.
    CreateCategory,
    /// A category was changed.
    UpdateCategory,
    /// A category was moved.
    MoveCategory,
    /// A category was merged into another.
    MergeCategories,
    /// Categories were put into another order.
    ReorderCategories,
    /// A category was deleted.
    DeleteCategory,
    /// A feed was made.
    CreateFeed,
    /// A feed was changed.
    UpdateFeed,
    /// A feed was deleted.
    DeleteFeed,
    /// An entry was pinned to a feed's top.
    PinEntry,
    /// An entry was unpinned.
    UnpinEntry,
    /// A feed's pins were put into another order.
    ReorderPins,
    /// A tag was made.
    CreateTag,
    /// A tag was changed.
    UpdateTag,
    /// Tags were merged into another.
    MergeTags,
    /// A tag was deleted.
    DeleteTag,
    /// A person was made.
    CreatePerson,
    /// A person was changed.
    UpdatePerson,
    /// Persons were merged into another.
    MergePersons,
    /// A person was deleted.
    DeletePerson,
    /// A redirect was made or changed.
    PutRedirect,
    /// A redirect was removed.
    RemoveRedirect,
    /// What the site is called was changed.
    UpdateSite,
    /// A user was made.
    CreateUser,
    /// A user was changed.
    UpdateUser,
    /// A user was deleted.
    DeleteUser,
    /// A machine's token was made.
    CreateApiToken,
    /// A machine's token was revoked.
    RevokeApiToken,
    /// The secret that signs tokens was changed.
    RotateSecret,
    /// A backup was put in the database's place.
    RestoreBackup,
    /// A webhook was made.
    CreateWebhook,
    /// A webhook was changed, or turned on or off.
    UpdateWebhook,
    /// A webhook was deleted.
    DeleteWebhook,
    /// A webhook was given new keys.
    RotateWebhookSecret,
    /// A webhook was sent a ping.
    TestWebhook,
    /// A webhook was sent messages again.
    ReplayWebhook,
    /// A webhook is told of nothing any more: it has answered that it is gone, or nothing got through to it for three days.
    DisableWebhook,
}

/// What kind of thing something was done to.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::AuditSubject")]
pub(crate) enum AuditSubject {
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
    /// A redirect; its id is made of its path.
    Redirect,
    /// The site.
    Site,
    /// The database as a whole.
    Database,
    /// A webhook.
    Webhook,
}
