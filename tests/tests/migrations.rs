//! The schema's steps, up, down and up again.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use courant_migrations::Migrator;
use courant_persistence::{Store, StoreError};
use courant_tests::{BOTH, TestDatabase};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use sea_orm_migration::MigratorTrait;

/// Tables and indexes with their definitions, as the database tells them.
async fn schema(connection: &DatabaseConnection) -> Vec<String> {
    let sql = match connection.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name <> 'seaql_migrations' \
             UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'seaql_migrations' ORDER BY 1"
        }
        _ => "SELECT coalesce(sql, name) FROM sqlite_master WHERE tbl_name <> 'seaql_migrations' ORDER BY name",
    };
    let rows = connection.query_all_raw(Statement::from_string(connection.get_database_backend(), sql)).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

#[tokio::test]
async fn up_down_and_up_again_gives_the_same_schema() {
    for dialect in BOTH {
        let database = TestDatabase::migrated(dialect).await;
        let connection = Database::connect(&database.options.url).await.unwrap();
        let first = schema(&connection).await;
        assert!(first.len() > 20, "{first:?}");
        Migrator::down(&connection, None).await.unwrap();
        assert_eq!(schema(&connection).await, Vec::<String>::new(), "{dialect:?}");
        Migrator::up(&connection, None).await.unwrap();
        assert_eq!(schema(&connection).await, first, "{dialect:?}");
        // Running all of it again is no error and changes nothing.
        courant_persistence::migrate(&database.options).await.unwrap();
        courant_persistence::migrate(&database.options).await.unwrap();
        assert_eq!(schema(&connection).await, first, "{dialect:?}");
        database.open().await;
    }
}

#[tokio::test]
async fn a_newer_versions_database_is_refused_untouched() {
    for dialect in BOTH {
        let database = TestDatabase::migrated(dialect).await;
        let connection = Database::connect(&database.options.url).await.unwrap();
        let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_future', 0)";
        // Without one of ours, which must not be taken all the same.
        let older = "DELETE FROM seaql_migrations WHERE version = (SELECT max(version) FROM seaql_migrations)";
        for change in [older, newer] {
            connection.execute_unprepared(change).await.unwrap();
        }
        let refused = [
            courant_persistence::migrate(&database.options).await.unwrap_err(),
            Store::open(&database.options).await.unwrap_err(),
            courant_persistence::verify(&database.options, |_| {}).await.unwrap_err(),
        ];
        for error in refused {
            assert!(matches!(&error, StoreError::Newer(step) if step == "m9999_future"), "{dialect:?}: {error}");
        }
    }
}
