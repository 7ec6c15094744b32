//! Machines' tokens.

use courant_domain::{
    access::{ActorId, Grant, Permission, Target, Viewer, bounded},
    account::ApiToken,
    audit::{Act, AuditSubject},
    category::CategoryTree,
    id::{ApiTokenId, UserId},
    problem::ProblemCode,
};
use courant_identity::opaque::TokenHash;
use jiff::{SignedDuration, Timestamp};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryResult};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{
    Accounts,
    user::{require_grants, require_name},
};
use crate::{
    command::{Command, Done, Work, WriteError, Written},
    db::{
        convert::{from_document, micros, timestamp, to_document},
        entity::api_token,
        transaction::Transaction,
    },
    error::Result,
};

/// How exactly it is known when a token was last used.
const USED: SignedDuration = SignedDuration::from_mins(1);

/// A token to make.
#[derive(Debug, Clone, Serialize)]
pub struct ApiTokenCreate {
    /// What it is for, in words.
    pub name: String,
    /// What it may do; the viewer can give no more than they have.
    pub grants: Vec<Grant>,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// The hash of the token. It is no part of what an idempotency key remembers.
    #[serde(skip)]
    pub hash: TokenHash,
}

/// A token that was made.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct ApiTokenMade {
    /// Its id.
    pub id: ApiTokenId,
    /// Whether it was made by this request: the hash it has is the one that was given. Otherwise the request came
    /// again under its idempotency key, and what was shown then is not to be shown again.
    #[serde(skip)]
    pub now: bool,
}

/// Who a token makes of its holder.
#[derive(Debug, Clone)]
pub struct TokenViewer {
    /// The token's id.
    pub id: ApiTokenId,
    /// The viewer.
    pub viewer: Viewer,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}

impl TokenViewer {
    /// Whether it is time to note that the token is used.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.last_used_at.is_none_or(|at| now.duration_since(at) >= USED)
    }
}

impl Accounts {
    /// Makes a token.
    ///
    /// # Errors
    /// When the name is blank, it would have expired, the viewer may not or would give more than they have, or the
    /// database fails.
    pub async fn api_token_create(&self, command: Command<'_>, input: &ApiTokenCreate) -> Written<ApiTokenMade> {
        self.store
            .change(command, Act::CreateApiToken, input, async |work| {
                let allowed = work.require(Permission::ManageTokens, &Target::default())?;
                let name = require_name(&input.name)?;
                let grants = require_grants(work, Permission::ManageTokens, &input.grants)?;
                if input.expires_at.is_some_and(|at| at <= work.tx.now) {
                    return Err(WriteError::refused(ProblemCode::Invalid, "expiresAt", "this is in the past"));
                }
                let id = ApiTokenId::generate();
                let row = api_token::ActiveModel {
                    id: Set(id.uuid()),
                    name: Set(name.clone()),
                    hash: Set(input.hash.to_string()),
                    grants: Set(to_document(&grants)?),
                    created_by: Set(work.command.by.actor.to_string()),
                    created_at: Set(micros(work.tx.now)),
                    expires_at: Set(input.expires_at.map(micros)),
                    revoked_at: Set(None),
                    last_used_at: Set(None),
                    owner_id: Set(work.owner().await?.map(Into::into)),
                };
                api_token::Entity::insert(row).exec_without_returning(work.tx.connection()).await?;
                let detail = json!({ "name": name, "grants": grants, "expiresAt": input.expires_at });
                Ok(Done::new(&allowed, (AuditSubject::ApiToken, id.uuid()), detail, ApiTokenMade { id, now: true }))
            })
            .await
    }

    /// Revokes a token. One that is revoked stays as it is.
    ///
    /// # Errors
    /// When there is no such token, the viewer may not, or the database fails.
    pub async fn api_token_revoke(&self, command: Command<'_>, id: ApiTokenId) -> Written<ApiTokenId> {
        self.store
            .change(command, Act::RevokeApiToken, &id, async |work| {
                let allowed = work.require(Permission::ManageTokens, &Target::default())?;
                let row = api_token::Entity::find_by_id(id.uuid()).one(work.tx.connection()).await?;
                let row = row.ok_or_else(|| WriteError::not_found("id", "token"))?;
                if row.revoked_at.is_some() {
                    return Ok(Done::Nothing(id));
                }
                let revoked =
                    api_token::ActiveModel { revoked_at: Set(Some(micros(work.tx.now))), ..Default::default() };
                api_token::Entity::update_many()
                    .set(revoked)
                    .filter(api_token::Column::Id.eq(id.uuid()))
                    .exec(work.tx.connection())
                    .await?;
                work.tx.previews_end_by(&[ActorId::token(id)]).await?;
                Ok(Done::new(&allowed, (AuditSubject::ApiToken, id.uuid()), json!({ "name": row.name }), id))
            })
            .await
    }

    /// All tokens, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn api_tokens(&self) -> Result<Vec<ApiToken>> {
        let rows = self.store.read(select(""), Vec::new()).await?;
        let mut tokens = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
        tokens.sort_by_key(|token| std::cmp::Reverse((token.created_at, token.id)));
        Ok(tokens)
    }

    /// The token with this id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn api_token(&self, id: ApiTokenId) -> Result<Option<ApiToken>> {
        let rows = self.store.read(select("WHERE t.id = $1"), vec![id.uuid().into()]).await?;
        rows.first().map(read).transpose()
    }

    /// Who the token with this hash makes of its holder; none when there is none, it was revoked, its time is over, or
    /// the user who answers for it is kept out. What it may do is what it was given and that user may do now.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn api_token_viewer(&self, hash: TokenHash, now: Timestamp) -> Result<Option<TokenViewer>> {
        let sql = select(&format!("WHERE t.hash = $1 AND {HOLDS}"));
        let rows = self.store.read(sql, vec![hash.to_string().into(), micros(now).into()]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let (id, last_used_at) = (row.try_get_by_index::<Uuid>(0)?, row.try_get_by_index::<Option<i64>>(7)?);
        let viewer = viewer(row, &self.store.reference().categories)?;
        Ok(Some(TokenViewer { id: id.into(), viewer, last_used_at: last_used_at.map(timestamp).transpose()? }))
    }

    /// Notes that a token is used, unless that was noted less than a minute ago.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn api_token_used(&self, id: ApiTokenId) -> Result<()> {
        let tx = Transaction::begin(&self.store).await?;
        let used = api_token::Column::LastUsedAt;
        api_token::Entity::update_many()
            .set(api_token::ActiveModel { last_used_at: Set(Some(micros(tx.now))), ..Default::default() })
            .filter(api_token::Column::Id.eq(id.uuid()))
            .filter(Condition::any().add(used.is_null()).add(used.lte(micros(tx.now - USED))))
            .exec(tx.connection())
            .await?;
        tx.commit(&self.store).await
    }
}

impl Transaction {
    /// Who a token makes of its holder now, if it still holds.
    pub(crate) async fn token_viewer(&self, id: ApiTokenId) -> Result<Option<Viewer>> {
        let sql = select(&format!("WHERE t.id = $1 AND {HOLDS}"));
        let row = self.row(&sql, [id.uuid().into(), micros(self.now).into()]).await?;
        row.map(|row| viewer(&row, &self.reference.categories)).transpose()
    }
}

impl Work<'_> {
    /// The user who answers for what the viewer makes.
    async fn owner(&self) -> Result<Option<UserId>> {
        let actor = &self.command.by.actor;
        let Some(token) = actor.as_token() else { return Ok(actor.as_user()) };
        let maker = api_token::Entity::find_by_id(token.uuid()).one(self.tx.connection()).await?;
        Ok(maker.and_then(|maker| maker.owner_id).map(Into::into))
    }
}

/// Tokens that hold at the time that is the second parameter.
const HOLDS: &str = "t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $2) AND a.disabled_at IS NULL \
                     AND (t.owner_id IS NULL OR a.id IS NOT NULL)";

/// Tokens, each with what the user may do who answers for it.
fn select(which: &str) -> String {
    format!(
        "SELECT t.id, t.name, t.grants, t.created_by, t.created_at, t.expires_at, t.revoked_at, t.last_used_at, \
         t.owner_id, a.grants FROM api_token t LEFT JOIN account a ON a.id = t.owner_id {which}"
    )
}

fn read(row: &QueryResult) -> Result<ApiToken> {
    let time = |index| row.try_get_by_index::<Option<i64>>(index);
    let grants: String = row.try_get_by_index(2)?;
    Ok(ApiToken {
        id: row.try_get_by_index::<Uuid>(0)?.into(),
        name: row.try_get_by_index(1)?,
        grants: from_document(&grants)?,
        created_by: row.try_get_by_index::<String>(3)?.into(),
        created_at: timestamp(row.try_get_by_index(4)?)?,
        expires_at: time(5)?.map(timestamp).transpose()?,
        revoked_at: time(6)?.map(timestamp).transpose()?,
        last_used_at: time(7)?.map(timestamp).transpose()?,
        owner: row.try_get_by_index::<Option<Uuid>>(8)?.map(Into::into),
    })
}

/// Who a token makes of its holder: nobody with more than the user has who answers for it.
fn viewer(row: &QueryResult, tree: &CategoryTree) -> Result<Viewer> {
    let token = read(row)?;
    let grants = match row.try_get_by_index::<Option<String>>(9)? {
        Some(owners) => bounded(&token.grants, &from_document::<Vec<Grant>>(&owners)?, tree),
        None => token.grants,
    };
    Ok(Viewer { actor: ActorId::token(token.id), name: token.name, grants })
}
