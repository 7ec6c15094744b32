//! Sessions: a sign-in and all tokens that come of it, until it is ended or its time is over.

use courant_domain::{
    access::{ActorId, Viewer},
    account::User,
    audit::{Act, AuditSubject},
    id::{SessionId, UserId},
    problem::ProblemCode,
};
use courant_identity::{opaque::TokenHash, password::PasswordHash};
use jiff::{SignedDuration, Timestamp};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryResult, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use super::{Accounts, user::read_user};
use crate::{
    command::{Allowed, Command, Done, WriteError, Written},
    db::{
        convert::{from_document, micros, timestamp},
        entity::{account, refresh_token, session},
        transaction::{Transaction, chunks},
    },
    error::{Result, corrupt},
};

/// A session that goes on.
#[derive(Debug, Clone)]
pub struct Session {
    /// The session.
    pub id: SessionId,
    /// Whose it is.
    pub user: User,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

/// A sign-in whose password has been checked.
#[derive(Debug)]
pub struct SessionStart<'a> {
    /// Who signs in.
    pub user: UserId,
    /// The hash that the password was checked with: it has to be the user's still.
    pub verified: Option<&'a PasswordHash>,
    /// The same password, hashed with another cost, to be kept from now on.
    pub rehashed: Option<&'a PasswordHash>,
    /// The session's first refresh token.
    pub refresh: TokenHash,
    /// How long the session lasts.
    pub lasts: SignedDuration,
}

/// Which session to end.
#[derive(Debug, Clone, Copy)]
pub enum SessionEnd {
    /// The one a refresh token is of, used or not.
    Of(TokenHash),
    /// This one.
    This(SessionId),
}

impl Accounts {
    /// Begins a session. The command's viewer is the user.
    ///
    /// # Errors
    /// `WRONG_CREDENTIALS` when the user was disabled or given another password meanwhile; when the database fails.
    pub async fn session_start(&self, command: Command<'_>, start: &SessionStart<'_>) -> Written<Session> {
        let command = Command { key: None, ..command };
        let mut began = None;
        self.store
            .change(command, Act::SignIn, &(), async |work| {
                let known = work.account(start.user).await?;
                let known =
                    known.filter(|known| known.user.disabled_at.is_none() && known.password.as_ref() == start.verified);
                let user = known.ok_or_else(wrong_credentials)?.user;
                if let Some(password) = start.rehashed {
                    work.set_password(user.id, password).await?;
                }
                let (id, now) = (SessionId::generate(), work.tx.now);
                let expires_at = now.checked_add(start.lasts).map_err(corrupt)?;
                let row = session::ActiveModel {
                    id: Set(id.uuid()),
                    account_id: Set(user.id.uuid()),
                    created_at: Set(micros(now)),
                    expires_at: Set(micros(expires_at)),
                    ended_at: Set(None),
                    address: Set(work.command.address.map(str::to_owned)),
                };
                session::Entity::insert(row).exec_without_returning(work.tx.connection()).await?;
                put_refresh(&work.tx, id, start.refresh).await?;
                began = Some(Session { id, user: user.clone(), expires_at });
                let subject = (AuditSubject::User, user.id.uuid());
                Ok(Done::new(&Allowed::to_anybody(()), subject, json!({ "session": id }), ()))
            })
            .await?;
        began.ok_or_else(|| corrupt("a sign-in began no session").into())
    }

    /// Carries a session on: takes a refresh token, which is used up by it, and puts a new one in its place. One that
    /// was used before was stolen from somebody, or by somebody: it ends the session.
    ///
    /// `address` and `request_id` are where the request comes from, for the audit log.
    ///
    /// # Errors
    /// `WRONG_CREDENTIALS` when there is no such token, it was used before, its session has ended, or its user is
    /// disabled; when the database fails.
    pub async fn session_refresh(
        &self,
        old: TokenHash,
        new: TokenHash,
        address: Option<&str>,
        request_id: Option<&str>,
    ) -> Written<Session> {
        // Made-up tokens do not get as far as the lock that all writers share.
        if find(self.store.reader(), old).await?.is_none() {
            return Err(ended());
        }
        let mut tx = Transaction::begin(&self.store).await?;
        let Some((token, row)) = find(tx.connection(), old).await? else { return Err(ended()) };
        let user = account::Entity::find_by_id(row.account_id).one(tx.connection()).await?;
        let user = read_user(&user.ok_or_else(|| corrupt("a session of nobody"))?)?.user;
        if row.ended_at.is_some() || row.expires_at <= micros(tx.now) || user.disabled_at.is_some() {
            return Err(ended());
        }
        if token.used_at.is_some() {
            let viewer = user.viewer();
            let command = Command { address, request_id, ..Command::of(&viewer) };
            end(&tx, row.id.into()).await?;
            let detail = json!({ "session": row.id, "reason": "a refresh token was used twice" });
            tx.audit(&command, Act::SignOut, (AuditSubject::User, row.account_id), None, &detail)?;
            tx.commit(&self.store).await?;
            tracing::warn!(session = %row.id, "a refresh token was used twice; its session is ended");
            return Err(ended());
        }
        refresh_token::Entity::update_many()
            .set(refresh_token::ActiveModel { used_at: Set(Some(micros(tx.now))), ..Default::default() })
            .filter(refresh_token::Column::Hash.eq(token.hash))
            .exec(tx.connection())
            .await?;
        put_refresh(&tx, row.id.into(), new).await?;
        tx.commit(&self.store).await?;
        Ok(Session { id: row.id.into(), user, expires_at: timestamp(row.expires_at)? })
    }

    /// Ends a session. One that has ended, or that nobody knows, is none to end: then nothing is done.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn session_end(&self, which: SessionEnd, address: Option<&str>, request_id: Option<&str>) -> Written<()> {
        let row = match which {
            SessionEnd::Of(hash) => find(self.store.reader(), hash).await?.map(|(_, row)| row),
            SessionEnd::This(id) => session::Entity::find_by_id(id.uuid()).one(self.store.reader()).await?,
        };
        let Some(row) = row.filter(|row| row.ended_at.is_none()) else { return Ok(()) };
        let mut tx = Transaction::begin(&self.store).await?;
        if !end(&tx, row.id.into()).await? {
            return Ok(tx.rollback().await?);
        }
        let user = account::Entity::find_by_id(row.account_id).one(tx.connection()).await?;
        let viewer = read_user(&user.ok_or_else(|| corrupt("a session of nobody"))?)?.user.viewer();
        let command = Command { address, request_id, ..Command::of(&viewer) };
        let detail = json!({ "session": row.id });
        tx.audit(&command, Act::SignOut, (AuditSubject::User, row.account_id), None, &detail)?;
        Ok(tx.commit(&self.store).await?)
    }

    /// Gives a user another password, and ends their sessions but this one. `verified` is the hash that the present
    /// password was checked with.
    ///
    /// # Errors
    /// `WRONG_CREDENTIALS` when the password was changed meanwhile; when the database fails.
    pub async fn password_change(
        &self,
        command: Command<'_>,
        user: UserId,
        session: Option<SessionId>,
        verified: &PasswordHash,
        password: &PasswordHash,
    ) -> Written<()> {
        let command = Command { key: None, ..command };
        self.store
            .change(command, Act::ChangePassword, &(), async |work| {
                let known = work.account(user).await?.filter(|known| known.password.as_ref() == Some(verified));
                if known.is_none() {
                    return Err(WriteError::refused(
                        ProblemCode::WrongCredentials,
                        "currentPassword",
                        "this is not the password",
                    ));
                }
                work.set_password(user, password).await?;
                let ended = end_sessions(&mut work.tx, user, session).await?;
                let subject = (AuditSubject::User, user.uuid());
                Ok(Done::new(&Allowed::to_anybody(()), subject, json!({ "sessionsEnded": ended }), ()))
            })
            .await
    }

    /// Who a user is in a session, as of now; none when the session has ended or is not theirs, or they are disabled.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn session_viewer(&self, user: UserId, session: SessionId, now: Timestamp) -> Result<Option<SignedIn>> {
        let rows = self.store.read(VIEWER, vec![session.uuid().into(), user.uuid().into(), micros(now).into()]).await?;
        rows.first().map(|row| read_viewer(user, row)).transpose()
    }

    /// The email addresses of users and the network addresses they have signed in from, the last first: of sessions
    /// that go on, or ended not long ago.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn sign_in_places(&self, most: u32) -> Result<Vec<(String, String)>> {
        let sql = format!(
            "SELECT a.email, s.address FROM session s JOIN account a ON a.id = s.account_id \
             WHERE s.address IS NOT NULL ORDER BY s.created_at DESC LIMIT {most}"
        );
        let rows = self.store.read(sql, Vec::new()).await?;
        rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
    }

    /// Forgets sessions that ended more than a week ago.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sessions_forget(&self) -> Result<()> {
        const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);
        let tx = Transaction::begin(&self.store).await?;
        let before = micros(tx.now - WEEK);
        let old = Condition::any().add(session::Column::ExpiresAt.lt(before)).add(session::Column::EndedAt.lt(before));
        let ids: Vec<Uuid> = session::Entity::find()
            .select_only()
            .column(session::Column::Id)
            .filter(old)
            .into_tuple()
            .all(tx.connection())
            .await?;
        for ids in chunks(ids) {
            let tokens = refresh_token::Column::SessionId.is_in(ids.clone());
            refresh_token::Entity::delete_many().filter(tokens).exec(tx.connection()).await?;
            session::Entity::delete_many().filter(session::Column::Id.is_in(ids)).exec(tx.connection()).await?;
        }
        tx.commit(&self.store).await
    }
}

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Who.
    pub viewer: Viewer,
    /// What they sign in with.
    pub email: String,
}

/// A user in a session that goes on.
const VIEWER: &str = "SELECT a.name, a.grants, a.email FROM session s JOIN account a ON a.id = s.account_id \
                      WHERE s.id = $1 AND s.account_id = $2 AND s.expires_at > $3 AND s.ended_at IS NULL \
                      AND a.disabled_at IS NULL";

fn read_viewer(user: UserId, row: &QueryResult) -> Result<SignedIn> {
    let grants: String = row.try_get_by_index(1)?;
    let viewer = Viewer { actor: ActorId::user(user), name: row.try_get_by_index(0)?, grants: from_document(&grants)? };
    Ok(SignedIn { viewer, email: row.try_get_by_index(2)? })
}

impl Transaction {
    /// Who a user is in a session now, if it goes on.
    pub(super) async fn session_viewer(&self, user: UserId, session: SessionId) -> Result<Option<Viewer>> {
        let values = [session.uuid().into(), user.uuid().into(), micros(self.now).into()];
        let row = self.row(VIEWER, values).await?;
        row.map(|row| Ok(read_viewer(user, &row)?.viewer)).transpose()
    }
}

fn wrong_credentials() -> WriteError {
    WriteError::refused(ProblemCode::WrongCredentials, "", "email address and password do not belong together")
}

fn ended() -> WriteError {
    let message = "this refresh token does not carry a session on any more: sign in again";
    WriteError::refused(ProblemCode::WrongCredentials, "refreshToken", message)
}

/// A refresh token and its session.
async fn find(
    connection: &impl ConnectionTrait,
    hash: TokenHash,
) -> Result<Option<(refresh_token::Model, session::Model)>> {
    let Some(token) = refresh_token::Entity::find_by_id(hash.to_string()).one(connection).await? else {
        return Ok(None);
    };
    let session = session::Entity::find_by_id(token.session_id).one(connection).await?;
    Ok(session.map(|session| (token, session)))
}

async fn put_refresh(tx: &Transaction, session: SessionId, hash: TokenHash) -> Result<()> {
    let row = refresh_token::ActiveModel {
        hash: Set(hash.to_string()),
        session_id: Set(session.uuid()),
        created_at: Set(micros(tx.now)),
        used_at: Set(None),
    };
    refresh_token::Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Ends one session; says whether it was one to end.
async fn end(tx: &Transaction, session: SessionId) -> Result<bool> {
    let ended = session::ActiveModel { ended_at: Set(Some(micros(tx.now))), ..Default::default() };
    let done = session::Entity::update_many()
        .set(ended)
        .filter(session::Column::Id.eq(session.uuid()))
        .filter(session::Column::EndedAt.is_null())
        .exec(tx.connection())
        .await?;
    Ok(done.rows_affected > 0)
}

/// Ends a user's sessions, but for one that may be spared; says how many they were.
pub(super) async fn end_sessions(tx: &mut Transaction, user: UserId, but: Option<SessionId>) -> Result<u64> {
    let ended = session::ActiveModel { ended_at: Set(Some(micros(tx.now))), ..Default::default() };
    let mut update = session::Entity::update_many()
        .set(ended)
        .filter(session::Column::AccountId.eq(user.uuid()))
        .filter(session::Column::EndedAt.is_null());
    if let Some(session) = but {
        update = update.filter(session::Column::Id.ne(session.uuid()));
    }
    Ok(update.exec(tx.connection()).await?.rows_affected)
}
