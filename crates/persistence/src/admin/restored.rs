//! What a database does that was put in the place of another one.

use courant_domain::audit::{Act, AuditSubject};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use super::Admin;
use crate::{
    command::{Allowed, Command, Done, Written},
    db::{convert::micros, entity::session},
};

impl Admin {
    /// Ends all sessions and preview links, and records that this is a backup that was put in the database's place; says how
    /// many sessions went on.
    ///
    /// What was ended after the backup was made would go on otherwise, and a refresh token that was used since would count
    /// again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn backup_restored(&self, command: Command<'_>, file: &str) -> Written<u64> {
        let command = Command { key: None, ..command };
        self.store
            .change(command, Act::RestoreBackup, &(), async |work| {
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
                Ok(Done::new(&Allowed::to_anybody(()), (AuditSubject::Database, Uuid::nil()), detail, ended))
            })
            .await
    }
}
