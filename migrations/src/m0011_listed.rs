//! What was taken back with a notice is in timelines of its own; tags and persons say whether something live
//! names them, or ever did.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// Editions that were taken back with a notice. In a document of JSON no text can hold this.
const WITHDRAWN: &str = r#"SELECT id FROM edition WHERE details LIKE '%"withdrawal":{%'"#;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let unpinned = format!(
            "DELETE FROM timeline_entry WHERE edition_id IN ({WITHDRAWN}) \
             AND timeline_id IN (SELECT id FROM timeline WHERE scope LIKE 'PINNED:%')"
        );
        let timelines = format!(
            "INSERT INTO timeline (id, locale, kind, scope) \
             SELECT (SELECT max(id) FROM timeline) + row_number() OVER (ORDER BY t.id), t.locale, t.kind, \
             'WITHDRAWN:' || t.scope FROM timeline t \
             WHERE t.id IN (SELECT timeline_id FROM timeline_entry WHERE edition_id IN ({WITHDRAWN}))"
        );
        let moved = format!(
            "UPDATE timeline_entry SET timeline_id = (SELECT w.id FROM timeline w JOIN timeline t \
             ON w.scope = 'WITHDRAWN:' || t.scope AND w.locale = t.locale AND w.kind = t.kind \
             WHERE t.id = timeline_entry.timeline_id) WHERE edition_id IN ({WITHDRAWN})"
        );
        let named = |table: &str, scope: &str| {
            format!(
                "UPDATE {table} SET live = TRUE, was_live = TRUE WHERE id IN (SELECT x.id FROM {table} x WHERE EXISTS (SELECT 1 FROM timeline t \
                 WHERE t.scope IN ('{scope}:' || {{id of x in words}}, 'WITHDRAWN:{scope}:' || {{id of x in words}}) \
                 AND EXISTS (SELECT 1 FROM timeline_entry e WHERE e.timeline_id = t.id)))"
            )
        };
        let (tags, persons) = (named("tag", "TAG"), named("person", "PERSON"));
        let statements = [
            &unpinned,
            &timelines,
            &moved,
            "ALTER TABLE tag ADD COLUMN live boolean NOT NULL DEFAULT FALSE",
            "ALTER TABLE person ADD COLUMN live boolean NOT NULL DEFAULT FALSE",
            "ALTER TABLE tag ADD COLUMN was_live boolean NOT NULL DEFAULT FALSE",
            "ALTER TABLE person ADD COLUMN was_live boolean NOT NULL DEFAULT FALSE",
            &tags,
            &persons,
        ];
        super::run(manager, &statements).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let statements = [
            "ALTER TABLE tag DROP COLUMN live",
            "ALTER TABLE person DROP COLUMN live",
            "ALTER TABLE tag DROP COLUMN was_live",
            "ALTER TABLE person DROP COLUMN was_live",
            "UPDATE timeline_entry SET timeline_id = (SELECT t.id FROM timeline w JOIN timeline t \
             ON w.scope = 'WITHDRAWN:' || t.scope AND w.locale = t.locale AND w.kind = t.kind \
             WHERE w.id = timeline_entry.timeline_id) \
             WHERE timeline_id IN (SELECT id FROM timeline WHERE scope LIKE 'WITHDRAWN:%')",
            "DELETE FROM timeline WHERE scope LIKE 'WITHDRAWN:%'",
        ];
        super::run(manager, &statements).await
    }
}
