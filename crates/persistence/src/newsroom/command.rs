//! A change that somebody asks for: who, under which key, and what it comes to.

use courant_domain::{
    access::{Permission, Target, Viewer},
    audit::{Act, AuditSubject},
    category::TreeError,
    edition::PublishError,
    locale::Locale,
    problem::{Problem, ProblemCode},
    workflow::NotAllowed,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::Still;
use crate::{
    convert::{from_document, micros, to_document, to_word},
    entity::{audit_log, idempotency},
    error::StoreError,
    store::Store,
    transaction::Transaction,
};

/// Who asks for a change, and how.
#[derive(Debug, Clone, Copy)]
pub struct Command<'a> {
    /// Who. Where it is seen that they may other things by now, it is who they are by now.
    pub by: &'a Viewer,
    /// By what they have shown it, to be asked of the database again in the transaction that makes the change.
    pub still: Option<&'a Still>,
    /// The key under which the client may ask again without it being done again. Keys are each viewer's own and
    /// are remembered for a week.
    pub key: Option<&'a str>,
    /// The network address it comes from.
    pub address: Option<&'a str>,
    /// The request's id.
    pub request_id: Option<&'a str>,
}

impl<'a> Command<'a> {
    /// A change the program itself makes.
    #[must_use]
    pub const fn of(by: &'a Viewer) -> Self {
        Self { by, still: None, key: None, address: None, request_id: None }
    }
}

/// Why a change was not made. Nothing is changed then.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// For reasons that whoever asked can mend.
    #[error("{}", .0.first().map_or("refused", |problem| problem.message.as_str()))]
    Refused(Vec<Problem>),
    /// They may not.
    #[error("{} is not allowed here", .0.as_str())]
    Forbidden(Permission),
    /// They are not any more who they were when they began to ask.
    #[error("the sign-in or token that was shown has ended")]
    Unknown,
    /// The database.
    #[error(transparent)]
    Store(StoreError),
}

/// What came of a change that was asked for.
pub type Written<T> = Result<T, WriteError>;

impl WriteError {
    /// A refusal for one reason.
    pub(crate) fn refused(code: ProblemCode, field: &str, message: impl Into<String>) -> Self {
        Self::Refused(vec![Problem::new(code, field, message)])
    }

    /// Something that is named does not exist, or is not seen.
    pub(crate) fn not_found(field: &str, what: &str) -> Self {
        Self::refused(ProblemCode::NotFound, field, format!("there is no such {what}"))
    }
}

impl From<StoreError> for WriteError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::AlreadyExists(thing) => {
                let field = match thing.rsplit(' ').next() {
                    Some("slug") => "slug",
                    Some("address") => "email",
                    _ => "",
                };
                Self::refused(ProblemCode::Taken, field, format!("there is already {thing}"))
            }
            StoreError::Invalid(message) => Self::refused(ProblemCode::Invalid, "", message),
            StoreError::NotFound(thing) => Self::refused(ProblemCode::NotFound, "", format!("{thing} does not exist")),
            other => Self::Store(other),
        }
    }
}

impl From<sea_orm::DbErr> for WriteError {
    fn from(error: sea_orm::DbErr) -> Self {
        StoreError::from(error).into()
    }
}

impl From<NotAllowed> for WriteError {
    fn from(error: NotAllowed) -> Self {
        Self::refused(ProblemCode::WrongState, "", error.to_string())
    }
}

impl From<TreeError> for WriteError {
    fn from(error: TreeError) -> Self {
        let (code, field) = match error {
            TreeError::SlugTaken(_) => (ProblemCode::Taken, "slug"),
            TreeError::ParentUnknown(_) => (ProblemCode::NotFound, "parentId"),
            TreeError::Reserved(_) => (ProblemCode::Invalid, "slug"),
            TreeError::Cycle(_) | TreeError::TooDeep(_) => (ProblemCode::Invalid, "parentId"),
        };
        Self::refused(code, field, error.to_string())
    }
}

impl From<PublishError> for WriteError {
    fn from(error: PublishError) -> Self {
        match error {
            PublishError::Incomplete(missing) => Self::Refused(
                missing
                    .into_iter()
                    .map(|field| {
                        let message = format!("readers need the {field}");
                        Problem::new(ProblemCode::Required, &format!("content.{field}"), message)
                    })
                    .collect(),
            ),
            PublishError::InFuture | PublishError::TooEarly => {
                Self::refused(ProblemCode::Invalid, "publishedAt", error.to_string())
            }
            PublishError::ForeignRevision | PublishError::WrongKind => {
                Self::refused(ProblemCode::Invalid, "", error.to_string())
            }
        }
    }
}

/// A change under way.
pub(crate) struct Work<'a> {
    pub(crate) tx: Transaction,
    pub(crate) command: Command<'a>,
    store: &'a Store,
    pub(crate) act: Act,
    fingerprint: String,
}

/// Where a change starts from.
pub(crate) enum Begun<'a, T> {
    /// It is to be made.
    Work(Box<Work<'a>>),
    /// It was made before under the same key: this came of it.
    Done(T),
}

impl<'a> Work<'a> {
    /// Begins the transaction of a change. `input` is what was asked for, so that a key cannot come to mean two
    /// things. From here on the command's viewer is who they are now.
    pub(crate) async fn begin<T: DeserializeOwned>(
        store: &'a Store,
        command: &mut Command<'a>,
        act: Act,
        input: &impl Serialize,
    ) -> Written<Begun<'a, T>> {
        const INPUTS: Uuid = Uuid::from_u128(0x3c1f_0a52_6b1e_4e0c_8d55_0c0a_c0de_1dea);
        if command.key.is_some_and(|key| key.is_empty() || key.len() > 255) {
            let message = "an idempotency key has 1 to 255 bytes";
            return Err(WriteError::refused(ProblemCode::Invalid, "idempotencyKey", message));
        }
        let fingerprint = Uuid::new_v5(&INPUTS, to_document(input)?.as_bytes()).to_string();
        let tx = Transaction::begin(store).await?;
        if let Some(still) = command.still {
            command.by = still.ask(&tx, command.by).await?;
        }
        if let Some(key) = command.key {
            let id = (command.by.actor.as_str().to_owned(), key.to_owned());
            if let Some(row) = idempotency::Entity::find_by_id(id).one(tx.connection()).await? {
                tx.rollback().await?;
                if row.act == to_word(&act)? && row.fingerprint == fingerprint {
                    return Ok(Begun::Done(from_document(&row.outcome)?));
                }
                let message = "this idempotency key was used for another request";
                return Err(WriteError::refused(ProblemCode::KeyReused, "idempotencyKey", message));
            }
        }
        Ok(Begun::Work(Box::new(Self { tx, command: *command, store, act, fingerprint })))
    }

    /// Sees that the viewer may do this.
    pub(crate) fn require(&self, permission: Permission, target: &Target<'_>) -> Written<()> {
        if self.command.by.may(permission, target, &self.tx.reference.categories) {
            Ok(())
        } else {
            Err(WriteError::Forbidden(permission))
        }
    }

    /// Writes what was done into the audit log, remembers the outcome under the client's key, and commits.
    pub(crate) async fn finish<T: Serialize>(
        mut self: Box<Self>,
        subject: (AuditSubject, Uuid),
        locale: Option<Locale>,
        detail: &serde_json::Value,
        outcome: T,
    ) -> Written<T> {
        self.tx.audit(&self.command, self.act, subject, locale, detail)?;
        if let Some(key) = self.command.key {
            let row = idempotency::ActiveModel {
                actor: Set(self.command.by.actor.to_string()),
                key: Set(key.to_owned()),
                act: Set(to_word(&self.act)?),
                fingerprint: Set(self.fingerprint),
                outcome: Set(to_document(&outcome)?),
                at: Set(micros(self.tx.now)),
            };
            idempotency::Entity::insert(row).exec_without_returning(self.tx.connection()).await?;
        }
        Box::pin(self.tx.commit(self.store)).await?;
        Ok(outcome)
    }
}

impl Store {
    /// Sees that whoever asks again under the same key still may: what came of it the first time is shown anew.
    pub(crate) fn still_may(&self, command: &Command<'_>, permission: Permission, target: &Target<'_>) -> Written<()> {
        if command.by.may(permission, target, &self.reference().categories) {
            Ok(())
        } else {
            Err(WriteError::Forbidden(permission))
        }
    }
}

impl Transaction {
    /// Puts a record into the audit log.
    pub(crate) fn audit(
        &mut self,
        command: &Command<'_>,
        act: Act,
        (subject, id): (AuditSubject, Uuid),
        locale: Option<Locale>,
        detail: &serde_json::Value,
    ) -> Result<(), StoreError> {
        self.audits.push(audit_log::ActiveModel {
            at: Set(micros(self.now)),
            actor: Set(command.by.actor.to_string()),
            actor_name: Set(command.by.name.clone()),
            act: Set(to_word(&act)?),
            subject: Set(to_word(&subject)?),
            subject_id: Set(id),
            locale: Set(locale.map(|locale| locale.to_string())),
            detail: Set(detail.to_string()),
            address: Set(command.address.map(str::to_owned)),
            request_id: Set(command.request_id.map(str::to_owned)),
            ..Default::default()
        });
        Ok(())
    }
}

impl Store {
    /// Forgets idempotency keys older than a week.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keys_forget(&self) -> Result<(), StoreError> {
        const WEEK: jiff::SignedDuration = jiff::SignedDuration::from_hours(7 * 24);
        let tx = Transaction::begin(self).await?;
        let before = micros(tx.now - WEEK);
        idempotency::Entity::delete_many().filter(idempotency::Column::At.lt(before)).exec(tx.connection()).await?;
        tx.commit(self).await
    }
}
