//! Changes say what readers are told of them, and the log says up to which day acts' days were told. The dates of force are indexed, so
//! that a midnight does not read all acts.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

const DAYS: [&str; 4] = ["partly_from_day", "from_day", "partly_until_day", "until_day"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut statements = vec![
            "ALTER TABLE change_log ADD COLUMN told text".to_owned(),
            "ALTER TABLE change_head ADD COLUMN told_day integer".to_owned(),
            // Names that appear or vanish take the redirects that lead to them along.
            "CREATE INDEX redirect_target ON redirect (target)".to_owned(),
        ];
        statements
            .extend(DAYS.map(|day| format!("CREATE INDEX edition_{day} ON edition ({day}) WHERE {day} IS NOT NULL")));
        super::run(manager, &statements.iter().map(String::as_str).collect::<Vec<_>>()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut statements: Vec<String> = DAYS.map(|day| format!("DROP INDEX edition_{day}")).to_vec();
        statements.extend([
            "DROP INDEX redirect_target".to_owned(),
            "ALTER TABLE change_head DROP COLUMN told_day".to_owned(),
            "ALTER TABLE change_log DROP COLUMN told".to_owned(),
        ]);
        super::run(manager, &statements.iter().map(String::as_str).collect::<Vec<_>>()).await
    }
}
