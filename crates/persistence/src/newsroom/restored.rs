//! What a database does that was put in the place of another one.

use courant_domain::audit::{Act, AuditSubject};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use super::{Begun, Command, Work, Written};
use crate::{convert::micros, entity::session, error::corrupt, store::Store};

impl Store {
    /// Ends all sessions and preview links, and records that this is a backup that was put in the database's place; says how
    /// many sessions went on.
    ///
    /// What was ended after the backup was made would go on otherwise, and a refresh token that was used since would count
    /// again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn backup_restored(&self, command: Command<'_>, file: &str) -> Written<u64> {
        let mut command = Command { key: None, ..command };
        let Begun::Work(work) = Work::begin::<u64>(self, &mut command, Act::RestoreBackup, &()).await? else {
            return Err(corrupt("a backup that was put in place without a key was remembered").into());
        };
        let now = micros(work.tx.now);
        let ended = session::Entity::update_many()
            .set(session::ActiveModel { ended_at: Set(Some(now)), ..Default::default() })
            .filter(session::Column::EndedAt.is_null())
            .filter(session::Column::ExpiresAt.gt(now))
            .exec(work.tx.connection())
            .await?
            .rows_affected;
        work.tx.previews_end_all().await?;
        let detail = json!({ "file": file, "sessionsEnded": ended });
        work.finish((AuditSubject::Database, Uuid::nil()), None, &detail, ended).await
    }
}
