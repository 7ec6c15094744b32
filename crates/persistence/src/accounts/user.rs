//! Users.

mod delete;
mod leaving;

use courant_domain::{
    access::{Grant, Permission, Role, Target},
    account::{Email, User},
    audit::{Act, AuditSubject},
    bounds::Bound,
    id::UserId,
    patch::Patch,
    problem::{Problem, ProblemCode},
    text::is_unseen,
};
use courant_identity::password::PasswordHash;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryResult};
use serde::Serialize;
use serde_json::json;

pub use self::leaving::TokensThen;
use super::{Accounts, session::end_sessions};
use crate::{
    command::{Command, Done, Work, WriteError, Written},
    db::{
        convert::{from_document, micros, timestamp, to_document},
        entity::account,
    },
    error::{Result, StoreError, corrupt},
};

/// The most grants somebody has.
const GRANTS: usize = 50;

/// A password to be a user's.
#[derive(Debug, Clone, Serialize)]
pub struct NewPassword {
    /// Its hash, which is another one each time it is made.
    #[serde(skip)]
    pub hash: PasswordHash,
    /// What an idempotency key remembers of it: a digest that says nothing without the server's secret
    /// (`Keys::digest`).
    pub digest: String,
}

impl From<PasswordHash> for NewPassword {
    /// Where no idempotency key is given.
    fn from(hash: PasswordHash) -> Self {
        Self { hash, digest: String::new() }
    }
}

/// A user to make.
#[derive(Debug, Clone, Serialize)]
pub struct UserCreate {
    /// What they sign in with.
    pub email: Email,
    /// What they are called.
    pub name: String,
    /// What they may do; the viewer can give no more than they have.
    pub grants: Vec<Grant>,
    /// Their password; they cannot sign in without one.
    pub password: Option<NewPassword>,
}

/// What shall be different about a user; what is none stays as it is.
#[derive(Debug, Clone, Serialize)]
pub struct UserUpdate {
    /// Which one.
    pub id: UserId,
    /// What they sign in with.
    pub email: Option<Email>,
    /// What they are called.
    pub name: Option<String>,
    /// What they may do; the viewer can give no more than they have.
    pub grants: Option<Vec<Grant>>,
    /// Whether they are kept out. It ends their sessions.
    pub disabled: Option<bool>,
    /// A new password, or none from now on; either ends their sessions.
    pub password: Patch<Option<NewPassword>>,
    /// What becomes of the machines' tokens they answer for when they are kept out; they end when nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_tokens: Option<TokensThen>,
}

impl UserUpdate {
    /// Nothing different about a user.
    #[must_use]
    pub const fn of(id: UserId) -> Self {
        Self { id, email: None, name: None, grants: None, disabled: None, password: Patch::Keep, api_tokens: None }
    }
}

/// A user, and what their password is checked with.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// Who.
    pub user: User,
    /// The hash of their password, if they have one.
    pub password: Option<PasswordHash>,
}

impl Accounts {
    /// Makes a user.
    ///
    /// # Errors
    /// When the email address is taken, the name is blank, the viewer may not or would give more than they have, or
    /// the database fails.
    pub async fn user_create(&self, command: Command<'_>, input: &UserCreate) -> Written<UserId> {
        self.store
            .change(command, Act::CreateUser, input, async |work| {
                let allowed = work.require(Permission::ManageUsers, &Target::default())?;
                let name = require_name(&input.name)?;
                let grants = require_grants(work, Permission::ManageUsers, &input.grants)?;
                let id = UserId::generate();
                let row = account::ActiveModel {
                    id: Set(id.uuid()),
                    email: Set(input.email.to_string()),
                    name: Set(name.clone()),
                    password: Set(input.password.as_ref().map(|password| password.hash.as_str().to_owned())),
                    grants: Set(to_document(&grants)?),
                    created_at: Set(micros(work.tx.now)),
                    disabled_at: Set(None),
                };
                account::Entity::insert(row).exec_without_returning(work.tx.connection()).await?;
                let detail = json!({ "email": input.email, "name": name, "grants": grants });
                Ok(Done::new(&allowed, (AuditSubject::User, id.uuid()), detail, id))
            })
            .await
    }

    /// Changes a user.
    ///
    /// # Errors
    /// When there is no such user, the email address is taken, nobody would be left who may do everything, the viewer
    /// may not or would give more than they have, or the database fails.
    pub async fn user_update(&self, command: Command<'_>, input: &UserUpdate) -> Written<UserId> {
        self.store
            .change(command, Act::UpdateUser, input, async |work| {
                let allowed = work.require(Permission::ManageUsers, &Target::default())?;
                let row = account::Entity::find_by_id(input.id.uuid()).one(work.tx.connection()).await?;
                let old = row.ok_or_else(|| WriteError::not_found("id", "user"))?;
                let sets_password = input.password.value().is_some();
                if sets_password && work.command.by.actor.as_user() == Some(input.id) {
                    let message = "one's own password is changed with changePassword, which asks for the present one";
                    return Err(WriteError::refused(ProblemCode::Invalid, "password", message));
                }

                let (new, mut detail) = changed(work, &old, input)?;
                if new == old && input.api_tokens.is_none() {
                    return Ok(Done::unchanged(&allowed, input.id));
                }
                if keeps_the_house(&old)? && !keeps_the_house(&new)? {
                    work.require_another_keeper(input.id).await?;
                }
                if new.disabled_at.is_some() && old.disabled_at.is_none() || sets_password {
                    end_sessions(&mut work.tx, input.id, None).await?;
                }
                work.leave(input, &mut detail).await?;
                let row = account::ActiveModel {
                    id: Set(new.id),
                    email: Set(new.email),
                    name: Set(new.name),
                    password: Set(new.password),
                    grants: Set(new.grants),
                    disabled_at: Set(new.disabled_at),
                    ..Default::default()
                };
                account::Entity::update_many()
                    .set(row)
                    .filter(account::Column::Id.eq(old.id))
                    .exec(work.tx.connection())
                    .await?;
                Ok(Done::new(&allowed, (AuditSubject::User, old.id), detail, input.id))
            })
            .await
    }

    /// The user with this id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn user(&self, id: UserId) -> Result<Option<User>> {
        let rows = self.store.read(format!("{SELECT} WHERE id = $1"), vec![id.uuid().into()]).await?;
        Ok(rows.first().map(read).transpose()?.map(|found| found.user))
    }

    /// All users, by email address.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn users(&self) -> Result<Vec<User>> {
        let rows = self.store.read(SELECT, Vec::new()).await?;
        let mut users = rows.iter().map(|row| Ok(read(row)?.user)).collect::<Result<Vec<_>>>()?;
        // The databases' collations differ; bytes do not.
        users.sort_by(|a, b| a.email.cmp(&b.email));
        Ok(users)
    }

    /// The user with this email address, and the hash to check their password with.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn credentials(&self, email: &Email) -> Result<Option<Credentials>> {
        let rows = self.store.read(format!("{SELECT} WHERE email = $1"), vec![email.as_str().into()]).await?;
        rows.first().map(read).transpose()
    }

    /// The same of the user with this id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn credentials_of(&self, id: UserId) -> Result<Option<Credentials>> {
        let rows = self.store.read(format!("{SELECT} WHERE id = $1"), vec![id.uuid().into()]).await?;
        rows.first().map(read).transpose()
    }
}

const SELECT: &str = "SELECT id, email, name, grants, created_at, disabled_at, password FROM account";

fn read(row: &QueryResult) -> Result<Credentials> {
    read_user(&account::Model {
        id: row.try_get_by_index(0)?,
        email: row.try_get_by_index(1)?,
        name: row.try_get_by_index(2)?,
        grants: row.try_get_by_index(3)?,
        created_at: row.try_get_by_index(4)?,
        disabled_at: row.try_get_by_index(5)?,
        password: row.try_get_by_index(6)?,
    })
}

pub(crate) fn read_user(row: &account::Model) -> Result<Credentials> {
    let password = row.password.as_deref().map(PasswordHash::parse).transpose().map_err(corrupt)?;
    let user = User {
        id: row.id.into(),
        email: Email::parse(&row.email).map_err(corrupt)?,
        name: row.name.clone(),
        grants: from_document(&row.grants)?,
        created_at: timestamp(row.created_at)?,
        disabled_at: row.disabled_at.map(timestamp).transpose()?,
    };
    Ok(Credentials { user, password })
}

/// A user as they shall be, and what is different about them, for the audit log.
fn changed(work: &Work<'_>, old: &account::Model, input: &UserUpdate) -> Written<(account::Model, serde_json::Value)> {
    let mut new = old.clone();
    let mut detail = json!({});
    if let Some(email) = input.email.as_ref().filter(|email| email.as_str() != old.email) {
        new.email = email.to_string();
        detail["email"] = json!({ "from": old.email, "to": new.email });
    }
    if let Some(name) = &input.name {
        new.name = require_name(name)?;
    }
    if new.name != old.name {
        detail["name"] = json!({ "from": old.name, "to": new.name });
    }
    if let Some(grants) = &input.grants {
        let grants = require_grants(work, Permission::ManageUsers, grants)?;
        new.grants = to_document(&grants)?;
        let before: Vec<Grant> = from_document(&old.grants)?;
        if before == grants {
            new.grants.clone_from(&old.grants);
        } else {
            detail["grants"] = json!({ "from": before, "to": grants });
        }
    }
    if let Some(disabled) = input.disabled {
        new.disabled_at = disabled.then(|| old.disabled_at.unwrap_or(micros(work.tx.now)));
        if new.disabled_at != old.disabled_at {
            detail["disabled"] = json!(disabled);
        }
    }
    if let Some(password) = input.password.value() {
        new.password = password.as_ref().map(|password| password.hash.as_str().to_owned());
        if new.password != old.password {
            detail["passwordSet"] = json!(new.password.is_some());
        }
    }
    Ok((new, detail))
}

/// Whether this is somebody who can sign in and may do everything, users and tokens included.
fn keeps_the_house(row: &account::Model) -> Result<bool> {
    let grants: Vec<Grant> = from_document(&row.grants)?;
    let may = grants.contains(&Grant::everywhere(Role::Admin));
    Ok(may && row.disabled_at.is_none() && row.password.is_some())
}

/// A name without the spaces around it.
pub(super) fn require_name(name: &str) -> Written<String> {
    let name = name.trim();
    if name.is_empty() {
        return Err(WriteError::refused(ProblemCode::Required, "name", "there has to be a name"));
    }
    if let Err(error) = Bound::NAME.check(name) {
        let message = error.to_string();
        return Err(WriteError::refused(error.into(), "name", message));
    }
    if name.contains(is_unseen) {
        return Err(WriteError::refused(ProblemCode::Invalid, "name", "a name is one line, all of which can be seen"));
    }
    Ok(name.to_owned())
}

/// Sees that grants name what there is, and that the viewer has what they give; they come back as they are kept, each limit once and
/// in order.
pub(super) fn require_grants(work: &Work<'_>, permission: Permission, given: &[Grant]) -> Written<Vec<Grant>> {
    let reference = &work.tx.reference;
    if given.len() > GRANTS {
        let message = format!("there can be at most {GRANTS} grants");
        return Err(WriteError::refused(ProblemCode::Invalid, "grants", message));
    }
    let mut problems = Vec::new();
    for (at, grant) in given.iter().enumerate() {
        for (place, id) in grant.categories.iter().enumerate() {
            if reference.categories.get(*id).is_none() {
                let field = format!("grants.{at}.categories.{place}");
                problems.push(Problem::new(ProblemCode::NotFound, &field, "there is no such category"));
            }
        }
        for (place, locale) in grant.locales.iter().enumerate() {
            if !reference.site.has(*locale) {
                let field = format!("grants.{at}.locales.{place}");
                problems.push(Problem::new(ProblemCode::NotFound, &field, format!("the site has no locale {locale}")));
            }
        }
    }
    if !problems.is_empty() {
        return Err(WriteError::Refused(problems));
    }
    let mut grants = given.to_vec();
    for grant in &mut grants {
        grant.categories.sort_unstable();
        grant.categories.dedup();
        grant.locales.sort_unstable();
        grant.locales.dedup();
    }
    if work.command.by.may_grant(&grants, &reference.categories) {
        Ok(grants)
    } else {
        Err(WriteError::Forbidden(permission))
    }
}

impl Work<'_> {
    /// Reads an account again within the transaction.
    pub(crate) async fn account(&self, id: UserId) -> Result<Option<Credentials>, StoreError> {
        let row = account::Entity::find_by_id(id.uuid()).one(self.tx.connection()).await?;
        row.as_ref().map(read_user).transpose()
    }

    /// Sees that somebody else can sign in and may do everything.
    async fn require_another_keeper(&self, id: UserId) -> Written<()> {
        let others = account::Entity::find().filter(account::Column::Id.ne(id.uuid()));
        let others = others.all(self.tx.connection()).await?;
        if others.iter().map(keeps_the_house).collect::<Result<Vec<_>>>()?.contains(&true) {
            return Ok(());
        }
        let message = "this is the last administrator who can sign in and may do everything: make another first";
        Err(WriteError::refused(ProblemCode::WrongState, "", message))
    }

    /// Sets a user's password.
    pub(super) async fn set_password(&self, id: UserId, password: &PasswordHash) -> Result<(), StoreError> {
        account::Entity::update_many()
            .set(account::ActiveModel { password: Set(Some(password.as_str().to_owned())), ..Default::default() })
            .filter(account::Column::Id.eq(id.uuid()))
            .exec(self.tx.connection())
            .await?;
        Ok(())
    }
}
