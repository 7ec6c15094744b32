//! The schema's steps, up, down and up again.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use courant_domain::{
    access::{ActorId, Grant, Role, Viewer},
    account::Email,
    change::{Action, Change, ChangeKey},
};
use courant_identity::opaque::{self, Kind};
use courant_migrations::Migrator;
use courant_persistence::{ApiTokenCreate, Command, Dialect, Store, StoreError, UserCreate};
use courant_tests::{Portal, TestDatabase, apply, both_databases};
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

#[apply(both_databases)]
#[tokio::test]
async fn up_down_and_up_again_gives_the_same_schema(dialect: Dialect) {
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

#[apply(both_databases)]
#[tokio::test]
async fn users_answer_for_the_tokens_they_have_made_those_made_by_these_too(dialect: Dialect) {
    let database = TestDatabase::migrated(dialect).await;
    let store = database.open().await;
    let create = UserCreate {
        email: Email::parse("ada@example.org").unwrap(),
        name: "Ada".to_owned(),
        grants: vec![Grant::everywhere(Role::Admin)],
        password: None,
    };
    let ada = store.accounts().user_create(Command::of(&Viewer::program()), &create).await.unwrap();
    let mut by = store.accounts().user(ada).await.unwrap().unwrap().viewer();
    let mut tokens = Vec::new();
    for name in ["first", "second", "third"] {
        let (_, hash) = opaque::generate(Kind::Api).unwrap();
        let grants = by.grants.clone();
        let create = ApiTokenCreate { name: name.to_owned(), grants, expires_at: None, hash };
        let id = store.accounts().api_token_create(Command::of(&by), &create).await.unwrap().id;
        by.actor = ActorId::token(id);
        tokens.push(id);
    }
    let (_, hash) = opaque::generate(Kind::Api).unwrap();
    let create = ApiTokenCreate { name: "by nobody".to_owned(), grants: Vec::new(), expires_at: None, hash };
    let nobodys = store.accounts().api_token_create(Command::of(&Viewer::program()), &create).await.unwrap().id;
    store.close().await.unwrap();

    again_from(&database, "m0006_rights").await;
    let store = database.open().await;
    for id in tokens {
        assert_eq!(store.accounts().api_token(id).await.unwrap().unwrap().owner, Some(ada), "{dialect:?}");
    }
    assert_eq!(store.accounts().api_token(nobodys).await.unwrap().unwrap().owner, None);
}

/// Takes back the steps from this one on, and takes them again.
async fn again_from(database: &TestDatabase, step: &str) {
    let steps = Migrator::migrations();
    let first = steps.iter().position(|known| known.name() == step).unwrap();
    let connection = Database::connect(&database.options.url).await.unwrap();
    Migrator::down(&connection, u32::try_from(steps.len() - first).ok()).await.unwrap();
    Migrator::up(&connection, None).await.unwrap();
    connection.close().await.unwrap();
}

#[apply(both_databases)]
#[tokio::test]
async fn what_an_older_version_logged_says_what_changed_or_that_everything_did(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    portal.store.newsroom().redirect_put("/en/articles/gone", None).await.unwrap();
    let before = portal.store.changes(0, 10_000).await.unwrap();
    portal.store.close().await.unwrap();

    again_from(&portal.database, "m0008_followers").await;
    let after = portal.database.open().await.changes(0, 10_000).await.unwrap();
    assert_eq!(before.len(), after.len(), "{dialect:?}");
    let mut redirects = 0;
    for (before, after) in before.into_iter().zip(after) {
        // An older version did not say which path it was.
        let expected = match before.key {
            ChangeKey::Redirect { .. } => {
                redirects += 1;
                Change { key: ChangeKey::Site, action: Action::Put, ..before }
            }
            _ => before,
        };
        // Nor did it say where that shows, or what readers are told of it.
        let expected = Change { touched: None, told: None, ..expected };
        assert_eq!(after, expected, "{dialect:?}");
    }
    assert!(redirects > 0);
    assert_eq!(portal.database.broken().await, [""; 0], "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn a_newer_versions_database_is_refused_untouched(dialect: Dialect) {
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

#[apply(both_databases)]
#[tokio::test]
async fn what_was_live_before_is_in_the_sitemaps_index(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let months = async |store: &Store| {
        let (months, _) = store.live().sitemap_months(0).await.unwrap();
        months.into_iter().map(|month| (month.locale, month.month, month.texts, month.days.len())).collect::<Vec<_>>()
    };
    let before = months(&portal.store).await;
    assert!(before.len() > 3, "{before:?}");
    portal.store.close().await.unwrap();
    again_from(&portal.database, "m0023_sitemaps").await;
    assert_eq!(months(&portal.database.open().await).await, before, "{dialect:?}");
    assert_eq!(portal.database.broken().await, [""; 0], "{dialect:?}");
}
