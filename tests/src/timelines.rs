//! What the timelines hold, to hold against each other.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, Database, Statement};
use uuid::Uuid;

use crate::TestDatabase;

/// A row of a timeline, or of the readers' editions (then without scope): locale, kind, scope, key, entry, edition.
pub type Filed = (String, String, String, i64, Uuid, i64);

/// Everything that is filed.
pub async fn timelines(database: &TestDatabase) -> BTreeSet<Filed> {
    let connection = Database::connect(&database.options.url).await.unwrap();
    let sql = "SELECT t.locale, t.kind, t.scope, e.sort_key, e.entry_id, e.edition_id \
               FROM timeline_entry e JOIN timeline t ON t.id = e.timeline_id \
               UNION ALL SELECT locale, '', '', published_at, entry_id, edition_id FROM reader_edition";
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await.unwrap();
    let filed: BTreeSet<Filed> = rows
        .iter()
        .map(|row| {
            let text = |index| row.try_get_by_index::<String>(index).unwrap();
            let number = |index| row.try_get_by_index::<i64>(index).unwrap();
            (text(0), text(1), text(2), number(3), row.try_get_by_index(4).unwrap(), number(5))
        })
        .collect();
    assert_eq!(filed.len(), rows.len());
    connection.close().await.unwrap();
    filed
}
