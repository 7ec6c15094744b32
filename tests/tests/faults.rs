//! A statement that fails, of every kind and at every table, and a `COMMIT` that does: what was answered as done is there,
//! what was refused is not, and what comes later is written.
//!
//! On SQLite half of the faults roll the transaction back, as a full disk and an I/O error do.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use courant_domain::{
    access::{Grant, Role, Viewer},
    article::ArticleContent,
    content::Content,
    edition::Ending,
    id::{EntryId, TagId},
    locale::Locale,
    rich_text::{Format, RichText},
    text::Localized,
};
use courant_identity::opaque::{self, Kind};
use courant_persistence::{
    ApiTokenCreate, Command, Dialect, EntryCreate, EntryPublish, EntryUnpublish, Store, TagCreate, VersionKey,
    WriteError, Written,
};
use courant_tests::{TestDatabase, apply, both_databases, write_by_hand};
use sea_orm::{ConnectionTrait, Database, Statement};

struct Office {
    database: TestDatabase,
    store: Store,
    admin: Viewer,
}

impl Office {
    async fn open(dialect: Dialect) -> Self {
        let database = TestDatabase::migrated(dialect).await;
        let store = database.open().await;
        courant_fixtures::samples::seed(&store).await.unwrap();
        Self { database, store, admin: Viewer::program() }
    }

    fn by(&self) -> Command<'_> {
        Command::of(&self.admin)
    }

    async fn create(&self) -> Written<VersionKey> {
        let category = self.store.reference().categories.by_path("politics").unwrap().id;
        let content = Content::Article(ArticleContent {
            title: Some(format!("A new bridge {}", EntryId::generate())),
            body: Some(RichText::new(Format::Markdown, "It **opens** in May.")),
            ..Default::default()
        });
        let input = EntryCreate { category, tags: Vec::new(), locale: Locale::ENGLISH, content, comment: None };
        self.store.newsroom().entry_create(self.by(), &input).await
    }

    async fn publish(&self, key: VersionKey) -> Written<VersionKey> {
        let VersionKey { entry, locale } = key;
        let input = EntryPublish { entry, locale, revision: None, change_note: None, published_at: None };
        self.store.newsroom().entry_publish(self.by(), &input).await
    }

    async fn unpublish(&self, key: VersionKey) -> Written<VersionKey> {
        let VersionKey { entry, locale } = key;
        let input = EntryUnpublish { entry, locale, ending: Ending::Gone, at: None };
        self.store.newsroom().entry_unpublish(self.by(), &input).await
    }

    async fn tag(&self) -> Written<TagId> {
        let name = Localized::single(Locale::ENGLISH, format!("Tag {}", EntryId::generate()));
        self.store.newsroom().tag_create(self.by(), &TagCreate { slug: None, name }).await
    }

    async fn token(&self) -> Written<()> {
        let (_, hash) = opaque::generate(Kind::Api).unwrap();
        let grants = vec![Grant::everywhere(Role::Reader)];
        let create = ApiTokenCreate { name: "A machine".to_owned(), grants, expires_at: None, hash };
        self.store.accounts().api_token_create(self.by(), &create).await.map(drop)
    }

    /// Changes of every sort; says how many were answered as done.
    async fn work(&self, draft: VersionKey, live: VersionKey, old: VersionKey) -> usize {
        let done = [
            self.create().await.map(drop),
            self.publish(draft).await.map(drop),
            self.unpublish(live).await.map(drop),
            self.store.newsroom().entry_delete(self.by(), old.entry).await.map(drop),
            self.tag().await.map(drop),
            self.token().await,
        ];
        let failed = |outcome: &Written<()>| match outcome {
            Ok(()) => false,
            Err(WriteError::Store(_)) => true,
            Err(other) => panic!("refused for another reason: {other}"),
        };
        done.iter().filter(|outcome| !failed(outcome)).count()
    }

    /// How many changes there are, as another program sees it.
    async fn recorded(&self) -> usize {
        let connection = Database::connect(&self.database.options.url).await.unwrap();
        let count = Statement::from_string(connection.get_database_backend(), "SELECT count(*) FROM audit_log");
        let count: i64 = connection.query_one_raw(count).await.unwrap().unwrap().try_get_by_index(0).unwrap();
        connection.close().await.unwrap();
        usize::try_from(count).unwrap()
    }

    async fn by_hand(&self, sql: &str) {
        write_by_hand(&self.database.options.url, sql).await;
    }

    /// Works with a fault, takes it away, and sees what is there; says how many changes the fault has stopped.
    async fn round(&self, what: &str, fault: &str, mend: &str) -> usize {
        let (draft, live, old) =
            (self.create().await.unwrap(), self.create().await.unwrap(), self.create().await.unwrap());
        self.publish(live).await.unwrap();
        let before = self.recorded().await;
        self.by_hand(fault).await;
        let done = self.work(draft, live, old).await;
        self.by_hand(mend).await;
        assert_eq!(self.recorded().await, before + done, "{what}: what was answered as done, and nothing else");
        self.tag().await.unwrap();
        assert_eq!(self.recorded().await, before + done + 1, "{what}: what came later");
        6 - done
    }
}

const TABLES: [&str; 14] = [
    "entry",
    "standing",
    "revision",
    "edition",
    "reader_edition",
    "timeline",
    "timeline_entry",
    "redirect",
    "tag",
    "api_token",
    "change_log",
    "change_head",
    "audit_log",
    "idempotency",
];

#[tokio::test]
async fn nothing_is_lost_by_a_statement_that_fails_on_sqlite() {
    let office = Office::open(Dialect::Sqlite).await;
    let mut stopped = 0;
    for table in TABLES {
        for operation in ["INSERT", "UPDATE", "DELETE"] {
            for rolls_back in ["ROLLBACK", "ABORT"] {
                let fault = format!(
                    "CREATE TRIGGER fault BEFORE {operation} ON {table} BEGIN SELECT RAISE({rolls_back}, 'a fault'); END"
                );
                let what = format!("{rolls_back} at {operation} of {table}");
                stopped += office.round(&what, &fault, "DROP TRIGGER fault").await;
            }
        }
    }
    assert!(stopped > 60, "{stopped} changes met a fault");
    assert_eq!(office.database.broken().await, Vec::<String>::new());
}

#[tokio::test]
async fn nothing_is_lost_by_a_statement_that_fails_on_postgres() {
    let office = Office::open(Dialect::Postgres).await;
    office
        .by_hand("CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'a fault'; END $$")
        .await;
    let mut stopped = 0;
    for table in TABLES {
        for operation in ["INSERT", "UPDATE", "DELETE"] {
            let fault =
                format!("CREATE TRIGGER fault BEFORE {operation} ON {table} FOR EACH ROW EXECUTE FUNCTION fault()");
            let mend = format!("DROP TRIGGER fault ON {table}");
            stopped += office.round(&format!("{operation} of {table}"), &fault, &mend).await;
        }
    }
    assert!(stopped > 30, "{stopped} changes met a fault");
    assert_eq!(office.database.broken().await, Vec::<String>::new());
}

/// The child is an orphan, which is seen when the transaction is committed.
const ORPHANS: &str = "CREATE TABLE fault_parent (id bigint PRIMARY KEY); \
     CREATE TABLE fault_child (parent bigint REFERENCES fault_parent (id) DEFERRABLE INITIALLY DEFERRED);";

#[apply(both_databases)]
#[tokio::test]
async fn nothing_is_lost_by_a_commit_that_fails(dialect: Dialect) {
    let office = Office::open(dialect).await;
    office.by_hand(ORPHANS).await;
    let (fault, mend) = match dialect {
        Dialect::Sqlite => (
            "CREATE TRIGGER fault AFTER INSERT ON audit_log BEGIN INSERT INTO fault_child VALUES (1); END",
            "DROP TRIGGER fault",
        ),
        Dialect::Postgres => {
            office
                .by_hand(
                    "CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS \
                         $$ BEGIN INSERT INTO fault_child VALUES (1); RETURN NEW; END $$",
                )
                .await;
            (
                "CREATE TRIGGER fault AFTER INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION fault()",
                "DROP TRIGGER fault ON audit_log",
            )
        }
    };
    for round in 0..3 {
        assert_eq!(office.round(&format!("{dialect:?}, round {round}"), fault, mend).await, 6);
    }
    office.by_hand("DROP TABLE fault_child; DROP TABLE fault_parent").await;
    assert_eq!(office.database.broken().await, Vec::<String>::new(), "{dialect:?}");
}

/// The server says `ROLLBACK` to the `COMMIT` of a transaction in which something failed, and the driver takes that for an answer
/// like any other; so it must not come to that. And whoever is cut off while they write has written nothing.
#[apply(both_databases)]
#[tokio::test]
async fn what_is_given_up_in_the_middle_leaves_nothing_behind(dialect: Dialect) {
    let office = Office::open(dialect).await;
    for steps in 0..40 {
        let before = office.recorded().await;
        let mut creating = Box::pin(office.create());
        let mut answered = false;
        for _ in 0..steps {
            answered = futures_util::poll!(&mut creating).is_ready();
            if answered {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(creating);
        office.tag().await.unwrap();
        let after = office.recorded().await - before;
        // Given up between COMMIT and its answer, it may be there.
        assert!(after == 2 || (after == 1 && !answered), "{dialect:?}, {steps} steps: {after}");
    }
    assert_eq!(office.database.broken().await, Vec::<String>::new(), "{dialect:?}");
}
