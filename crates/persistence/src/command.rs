//! A change that somebody asks for: who, under which key, and what it comes to.

mod error;

use std::ops::Deref;

use courant_domain::{
    access::{Permission, Target, Viewer},
    audit::{Act, AuditSubject},
    id::{CategoryId, EntryId},
    locale::Locale,
    problem::ProblemCode,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

pub use self::error::{WriteError, Written};
use crate::{
    accounts::Still,
    db::{
        convert::{from_document, micros, to_document, to_word},
        entity::{audit_log, entry, idempotency},
        transaction::Transaction,
    },
    error::StoreError,
    store::Store,
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

/// Proof that somebody may do something, with what they may do it to. It comes from asking ([`Work::require`] and what is built on
/// it), or from saying that nobody has to be asked ([`Allowed::to_anybody`]). No change is made without one ([`Done::new`]).
#[derive(Debug)]
pub(crate) struct Allowed<T = ()> {
    thing: T,
    /// What was asked; nothing where nobody has to be asked.
    asked: Vec<Asked>,
}

/// A permission, and what for: asked again when a change is replayed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Asked {
    permission: Permission,
    /// The entry, which may be filed elsewhere by then.
    entry: Option<EntryId>,
    category: Option<CategoryId>,
    locales: Vec<Locale>,
    own: bool,
}

impl<T> Allowed<T> {
    /// For what needs no permission: what the program does by itself, and what people do to their own account with their password.
    pub(crate) const fn to_anybody(thing: T) -> Self {
        Self { thing, asked: Vec::new() }
    }

    /// The same proof, with what it is about.
    pub(crate) fn of<U>(self, thing: U) -> Allowed<U> {
        Allowed { thing, asked: self.asked }
    }

    /// The same proof, about this entry, wherever it is.
    pub(crate) fn about(mut self, entry: EntryId) -> Self {
        self.asked.iter_mut().for_each(|asked| asked.entry = Some(entry));
        self
    }

    /// That, and the other.
    pub(crate) fn and<U>(mut self, other: Allowed<U>) -> Self {
        self.asked.extend(other.asked);
        self
    }
}

impl<T> Deref for Allowed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.thing
    }
}

/// What came of a change.
pub(crate) enum Done<T> {
    /// This, which is to be committed.
    Made { asked: Vec<Asked>, record: Record, outcome: T },
    /// There was nothing to do.
    Nothing(T),
}

/// What is recorded of a change.
pub(crate) enum Record {
    /// Who did what to what.
    Audit { subject: (AuditSubject, Uuid), locale: Option<Locale>, detail: serde_json::Value },
    /// Nothing: it is nobody else's concern, and happens all the time.
    Quiet,
    /// Nothing, as nothing was changed.
    Unchanged,
}

impl<T> Done<T> {
    /// Something was done to a subject by somebody who may.
    pub(crate) fn new<A>(
        allowed: &Allowed<A>,
        subject: (AuditSubject, Uuid),
        detail: serde_json::Value,
        outcome: T,
    ) -> Self {
        Self::Made { asked: allowed.asked.clone(), record: Record::Audit { subject, locale: None, detail }, outcome }
    }

    /// Everything was already as somebody who may asked for it.
    pub(crate) fn unchanged<A>(allowed: &Allowed<A>, outcome: T) -> Self {
        Self::Made { asked: allowed.asked.clone(), record: Record::Unchanged, outcome }
    }

    /// Something was done that the audit log does not tell of.
    pub(crate) fn quietly<A>(allowed: &Allowed<A>, outcome: T) -> Self {
        Self::Made { asked: allowed.asked.clone(), record: Record::Quiet, outcome }
    }

    /// It was done in one language alone, if so.
    pub(crate) fn in_locale(mut self, of: impl Into<Option<Locale>>) -> Self {
        if let Self::Made { record: Record::Audit { locale, .. }, .. } = &mut self {
            *locale = of.into();
        }
        self
    }
}

/// A change under way.
pub(crate) struct Work<'a> {
    pub(crate) tx: Transaction,
    pub(crate) command: Command<'a>,
    pub(crate) act: Act,
}

impl Store {
    /// Makes a change: all that the verb does is one transaction, which also records who did what, and what came of it under the
    /// client's key. A key that was used before gives the remembered outcome, after its permissions were asked for again. `input` is
    /// what was asked for: the same key with another input is refused. The verb finds in its command the viewer as of this
    /// transaction.
    pub(crate) async fn change<T: Serialize + DeserializeOwned>(
        &self,
        mut command: Command<'_>,
        act: Act,
        input: &impl Serialize,
        verb: impl AsyncFnOnce(&mut Work<'_>) -> Written<Done<T>>,
    ) -> Written<T> {
        const INPUTS: Uuid = Uuid::from_u128(0x3c1f_0a52_6b1e_4e0c_8d55_0c0a_c0de_1dea);
        if command.key.is_some_and(|key| key.is_empty() || key.len() > 255) {
            let message = "an idempotency key has 1 to 255 bytes";
            return Err(WriteError::refused(ProblemCode::Invalid, "idempotencyKey", message));
        }
        let fingerprint = Uuid::new_v5(&INPUTS, to_document(input)?.as_bytes()).to_string();
        let tx = Transaction::begin(self).await?;
        if let Some(still) = command.still {
            command.by = still.ask(&tx, command.by).await?;
        }
        if let Some(key) = command.key {
            let id = (command.by.actor.as_str().to_owned(), key.to_owned());
            if let Some(row) = idempotency::Entity::find_by_id(id).one(tx.connection()).await? {
                if row.act != to_word(&act)? || row.fingerprint != fingerprint {
                    let message = "this idempotency key was used for another request";
                    return Err(WriteError::refused(ProblemCode::KeyReused, "idempotencyKey", message));
                }
                for asked in from_document::<Vec<Asked>>(&row.asked)? {
                    asked.again(&tx, command.by).await?;
                }
                tx.rollback().await?;
                return Ok(from_document(&row.outcome)?);
            }
        }
        let mut work = Work { tx, command, act };
        // In a box: the states of all verbs would add up in whoever calls them.
        let done = Box::pin(verb(&mut work)).await?;
        let Work { mut tx, command, .. } = work;
        let (asked, record, outcome) = match done {
            // What nothing was changed by is remembered under its key all the same.
            Done::Made { asked, record, outcome } if command.key.is_some() || !matches!(record, Record::Unchanged) => {
                (asked, record, outcome)
            }
            Done::Made { outcome, .. } | Done::Nothing(outcome) => {
                tx.rollback().await?;
                return Ok(outcome);
            }
        };
        if let Record::Audit { subject, locale, detail } = record {
            tx.audit(&command, act, subject, locale, &detail)?;
        }
        if let Some(key) = command.key {
            let row = idempotency::ActiveModel {
                actor: Set(command.by.actor.to_string()),
                key: Set(key.to_owned()),
                act: Set(to_word(&act)?),
                fingerprint: Set(fingerprint),
                outcome: Set(to_document(&outcome)?),
                asked: Set(to_document(&asked)?),
                at: Set(micros(tx.now)),
            };
            idempotency::Entity::insert(row).exec_without_returning(tx.connection()).await?;
        }
        Box::pin(tx.commit(self)).await?;
        Ok(outcome)
    }
}

impl Work<'_> {
    /// Sees that the viewer may do this.
    pub(crate) fn require(&self, permission: Permission, target: &Target<'_>) -> Written<Allowed> {
        require(self.command.by, permission, target, &self.tx)?;
        let Target { category, locales, own } = *target;
        let asked = Asked { permission, entry: None, category, locales: locales.to_vec(), own };
        Ok(Allowed { thing: (), asked: vec![asked] })
    }
}

impl Asked {
    /// Sees that whoever asks again under the same key still may: what came of it the first time is shown anew.
    async fn again(&self, tx: &Transaction, by: &Viewer) -> Written<()> {
        let mut category = self.category;
        if let Some(id) = self.entry {
            let filed: Option<Uuid> = entry::Entity::find_by_id(id.uuid())
                .select_only()
                .column(entry::Column::CategoryId)
                .into_tuple()
                .one(tx.connection())
                .await?;
            category = filed.map(Into::into).or(category);
        }
        // A category that was merged away has left its limits to another one, which nothing here leads to.
        if category.is_some_and(|category| tx.reference.categories.get(category).is_none()) {
            let may = by.may_somewhere(self.permission);
            return if may { Ok(()) } else { Err(WriteError::Forbidden(self.permission)) };
        }
        require(by, self.permission, &Target { category, locales: &self.locales, own: self.own }, tx)
    }
}

fn require(by: &Viewer, permission: Permission, target: &Target<'_>, tx: &Transaction) -> Written<()> {
    if by.may(permission, target, &tx.reference.categories) { Ok(()) } else { Err(WriteError::Forbidden(permission)) }
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
