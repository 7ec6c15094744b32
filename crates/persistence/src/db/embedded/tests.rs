//! Backups and their way back, beside whoever else has a file open.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use rusqlite::Connection;

use super::*;
use crate::{db::connect::Options, store::Store};

/// A database whose site is called this, which nobody has open.
async fn database(folder: &Path, name: &str) -> PathBuf {
    let file = folder.join(format!("{name}.db"));
    crate::migrate(&Options::sqlite(&file)).await.unwrap();
    rename(&open(&file).unwrap(), name);
    file
}

/// Writes something that tells one database from another.
fn rename(connection: &Connection, name: &str) {
    connection.execute("INSERT INTO redirect (path, target, created_at) VALUES (?, '/en', 0)", [name]).unwrap();
}

/// What tells it from another; the last one written.
fn name(file: &Path) -> String {
    let sql = "SELECT path FROM redirect ORDER BY path DESC LIMIT 1";
    open(file).unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
}

fn go_on() -> Arc<AtomicBool> {
    Arc::new(AtomicBool::new(false))
}

fn files(folder: &Path) -> Vec<String> {
    let mut files: Vec<String> =
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    files.sort();
    files
}

/// The files of a database as a process leaves them that is killed: with what was written last in the log alone.
async fn killed(folder: &Path, name: &str, last: &str) -> PathBuf {
    let file = database(folder, name).await;
    let writer = open(&file).unwrap();
    writer.execute_batch("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0").unwrap();
    rename(&writer, last);
    let left = folder.join(format!("{name}-left"));
    fs::create_dir(&left).unwrap();
    for suffix in ["", "-wal", "-shm"] {
        fs::copy(beside(&file, suffix), left.join(format!("{name}.db{suffix}"))).unwrap();
    }
    left.join(format!("{name}.db"))
}

#[tokio::test]
async fn a_backup_that_is_stopped_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = database(folder.path(), "a").await;
    let before = files(folder.path());
    let (to, stop) = (folder.path().join("backup"), go_on());
    let stopping = Arc::clone(&stop);
    // The first portion is copied then.
    open(&file).unwrap().execute_batch("CREATE TABLE filler AS SELECT zeroblob(20000000)").unwrap();
    let stopped = backup(&file, &to, &stop, move |_, _| stopping.store(true, Ordering::Relaxed));
    assert!(matches!(stopped, Err(FileError::Stopped)), "{stopped:?}");
    // Nor when it is stopped as it looks whether it is whole.
    let (stop, all) = (go_on(), AtomicBool::new(false));
    let stopping = Arc::clone(&stop);
    let stopped = backup(&file, &to, &stop, |done, of| {
        all.store(done == of, Ordering::Relaxed);
        if done + 512 >= of {
            stopping.store(true, Ordering::Relaxed);
        }
    });
    assert!(matches!(stopped, Err(FileError::Stopped)), "{stopped:?}");
    assert_eq!(files(folder.path()), before);
    backup(&file, &to, &go_on(), |_, _| {}).unwrap();
    assert_eq!(name(&to), "a");
}

#[tokio::test]
async fn a_backup_is_of_the_moment_it_began_whatever_is_written_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let file = database(folder.path(), "a").await;
    let writer = open(&file).unwrap();
    writer.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE filler AS SELECT zeroblob(30000000)").unwrap();
    let mut seen = Vec::new();
    let to = folder.path().join("backup");
    backup(&file, &to, &go_on(), |done, of| {
        // A commit between any two portions: a copy that began anew with each of them would never end.
        rename(&writer, &format!("b{}", seen.len()));
        seen.push((done, of));
    })
    .unwrap();
    assert!(seen.len() > 3 && seen.is_sorted(), "{seen:?}: it never began anew");
    assert_eq!((name(&to).as_str(), name(&file).starts_with('b')), ("a", true));
    assert_eq!(files(folder.path()), ["a.db", "a.db-shm", "a.db-wal", "a.db.lock", "backup"]);
}

#[tokio::test]
async fn what_the_old_log_holds_gets_into_the_old_database_and_never_into_the_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let old = killed(folder.path(), "old", "written last").await;
    let new = database(folder.path(), "new").await;
    restore(&new_backup(&new, folder.path()), &old).await;
    assert_eq!(name(&old), "new");
    let kept = kept(&old);
    assert_eq!(name(&kept), "written last");

    async fn restore(backup: &Path, database: &Path) {
        let refused = super::restore(database, backup, false).await;
        assert!(matches!(refused, Err(FileError::Exists(_))), "{refused:?}");
        let restored = super::restore(database, backup, true).await.unwrap();
        assert_eq!(restored.kept.as_deref(), Some(&*self::kept(database)));
    }
}

fn new_backup(file: &Path, folder: &Path) -> PathBuf {
    let to = folder.join("backup");
    backup(file, &to, &go_on(), |_, _| {}).unwrap();
    to
}

/// Where the old database was kept.
fn kept(database: &Path) -> PathBuf {
    let folder = database.parent().unwrap();
    let kept = files(folder).into_iter().find(|file| file.contains(".before-") && file.ends_with('Z'));
    folder.join(kept.unwrap())
}

#[tokio::test]
async fn a_log_without_its_database_and_a_database_nobody_can_read_go_aside() {
    for broken in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let old = killed(folder.path(), "old", "written last").await;
        if broken {
            fs::write(&old, "no database at all").unwrap();
        } else {
            fs::remove_file(&old).unwrap();
        }
        let new = database(folder.path(), "new").await;
        let restored = restore(&old, &new_backup(&new, folder.path()), true).await.unwrap();
        assert_eq!((name(&old).as_str(), restored.kept.is_some()), ("new", broken));
        let aside = files(old.parent().unwrap());
        assert!(aside.iter().any(|file| file.contains(".before-") && file.ends_with("-wal")), "{aside:?}");
        assert!(!beside(&old, "-wal").exists() || fs::metadata(beside(&old, "-wal")).unwrap().len() == 0);
    }
}

#[tokio::test]
async fn nothing_is_replaced_under_somebody_who_has_it_open() {
    let folder = tempfile::tempdir().unwrap();
    let old = database(folder.path(), "old").await;
    let new = database(folder.path(), "new").await;
    let to = new_backup(&new, folder.path());
    // Another program, which knows nothing of our lock.
    for mode in ["WAL", "DELETE"] {
        let other = open(&old).unwrap();
        other.query_row(&format!("PRAGMA journal_mode = {mode}"), [], |_| Ok(())).unwrap();
        other.execute_batch("BEGIN; SELECT count(*) FROM redirect").unwrap();
        let refused = restore(&old, &to, true).await;
        assert!(matches!(refused, Err(FileError::InUse(_))), "{mode}: {refused:?}");
        drop(other);
        assert_eq!(name(&old), "old");
    }
    // And one of ours.
    let store = crate::Store::open(&Options::sqlite(&old)).await.unwrap();
    assert!(matches!(restore(&old, &to, true).await, Err(FileError::InUse(_))));
    assert!(matches!(restore(&new, &old, true).await, Err(FileError::InUse(file)) if file == old));
    store.close().await.unwrap();
    restore(&old, &to, true).await.unwrap();
    assert_eq!(name(&old), "new");
    assert!(!files(folder.path()).iter().any(|file| file.contains("restoring")), "{:?}", files(folder.path()));
}

#[tokio::test]
async fn what_is_no_whole_database_of_ours_is_not_restored() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let new = database(folder.path(), "new").await;
    let to = new_backup(&new, folder.path());
    let whole = fs::read(&to).unwrap();
    fs::write(at("text"), "no database").unwrap();
    fs::write(at("nothing"), "").unwrap();
    fs::write(at("short"), &whole[..whole.len() - 8192]).unwrap();
    let mut broken = whole.clone();
    broken[8192 * 3..8192 * 4].fill(0xff);
    fs::write(at("broken"), broken).unwrap();
    Connection::open(at("foreign")).unwrap().execute_batch("CREATE TABLE a (b)").unwrap();
    fs::write(at("newer"), &whole).unwrap();
    let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_future', 0)";
    Connection::open(at("newer")).unwrap().execute_batch(newer).unwrap();
    let target = at("target.db");
    for (file, says) in [
        ("text", "it is no SQLite file"),
        ("nothing", "it is empty. A copy of a database that was in use lacks"),
        ("short", "is broken: "),
        ("broken", "is broken: "),
        ("foreign", "it is another program's"),
        ("newer", "does not know its step m9999_future"),
        ("none", "cannot read"),
        (".", "cannot read"),
    ] {
        let error = restore(&target, &at(file), false).await.unwrap_err().to_string();
        assert!(error.contains(says), "{file}: {error}");
        assert!(!target.exists() && !at("target.db.restoring").exists(), "{file}");
    }
    restore(&target, &to, false).await.unwrap();
    assert_eq!(name(&target), "new");
}

#[tokio::test]
async fn a_copy_with_its_log_is_restored_whole() {
    let folder = tempfile::tempdir().unwrap();
    let copy = killed(folder.path(), "a", "written last").await;
    let target = folder.path().join("target.db");
    let before = files(copy.parent().unwrap());
    restore(&target, &copy, false).await.unwrap();
    assert_eq!(name(&target), "written last");
    assert_eq!(files(copy.parent().unwrap()), before, "the copy is only read");
}

/// A dump of this many entries, with all that they hang on.
async fn dump(entries: usize) -> Vec<u8> {
    use courant_domain::{
        article::ArticleContent,
        category::Category,
        content::Content,
        entry::{Entry, EntryKind},
        id::{CategoryId, EntryId},
        locale::Locale,
        revision::Revision,
        slug::Slug,
        text::Localized,
        workflow::{LocaleStanding, Standing, State},
    };
    use jiff::Timestamp;

    use crate::admin::dump::{DeskRecord, EntryRecord, Extent};

    let folder = tempfile::tempdir().unwrap();
    let options = Options::sqlite(&folder.path().join("source.db"));
    crate::migrate(&options).await.unwrap();
    let store = Store::open(&options).await.unwrap();
    let category = Category {
        id: CategoryId::generate(),
        parent: None,
        position: 1,
        slug: Slug::parse("news").unwrap(),
        title: Localized::single(Locale::ENGLISH, "News"),
        description: Localized::default(),
    };
    let reference = crate::ReferenceData { categories: vec![category.clone()], ..crate::ReferenceData::default() };
    store.newsroom().reference_put(&reference).await.unwrap();
    let record = |number: usize| {
        let id = EntryId::generate();
        let title = Some(format!("Tide {number}"));
        EntryRecord {
            entry: Entry {
                id,
                kind: EntryKind::Article,
                category: category.id,
                tags: Vec::new(),
                created_at: Timestamp::UNIX_EPOCH,
                created_by: None,
                was_published: false,
                origin: None,
            },
            views: 0,
            standings: vec![LocaleStanding { locale: Locale::ENGLISH, standing: Standing::new(State::Draft, 1) }],
            revisions: vec![Revision {
                entry: id,
                locale: Locale::ENGLISH,
                number: 1,
                based_on: None,
                created_at: Timestamp::UNIX_EPOCH,
                created_by: "a test".to_owned(),
                comment: None,
                content: Content::Article(ArticleContent { title, ..ArticleContent::default() }),
            }],
            editions: Vec::new(),
            desk: DeskRecord::default(),
            waiting_paths: Vec::new(),
        }
    };
    let records: Vec<EntryRecord> = (0..entries).map(record).collect();
    store.admin().entries_create(&records).await.unwrap();
    let mut dump = Vec::new();
    store.admin().write_dump(Extent::All, &mut dump, |_, _| ()).await.unwrap();
    store.close().await.unwrap();
    dump
}

#[tokio::test]
async fn what_a_killed_restoration_left_is_gone_when_the_database_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let file = database(folder.path(), "a").await;
    for suffix in [".refilling", ".refilling-wal", ".refilling.lock", ".restoring-journal", ".restoring"] {
        fs::write(beside(&file, suffix), "half of a database").unwrap();
    }
    // It may be somebody's who is at work.
    let alone = super::lock::Alone::take(&file).unwrap();
    assert!(Embedded::share(&file).is_err());
    assert_eq!(files(folder.path()).len(), 7);
    drop(alone);
    let shared = Embedded::share(&file).unwrap();
    assert_eq!(files(folder.path()), ["a.db", "a.db.lock"]);
    drop(shared);
    assert_eq!(name(&file), "a");
}

#[tokio::test]
async fn a_dump_takes_the_databases_place_when_all_of_it_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let file = database(folder.path(), "a").await;
    // What somebody left behind who was killed.
    fs::write(beside(&file, ".refilling"), "half of a database").unwrap();
    let dump = dump(3).await;
    let before = Connection::open(&file).unwrap();
    before.execute_batch("CREATE TABLE users_and_all_else AS SELECT 7 AS seven").unwrap();
    drop(before);

    let shared = InUse::share(&file).unwrap();
    assert!(matches!(Refill::begin(&file), Err(FileError::InUse(_))));
    drop(shared);

    let cut = dump[..dump.len() - 20].to_vec();
    let refill = Refill::begin(&file).unwrap();
    assert!(InUse::share(&file).is_err(), "nobody opens it meanwhile");
    let failed = refill.restore(Box::new(std::io::Cursor::new(cut)), |_| std::ops::ControlFlow::Continue(())).await;
    assert!(failed.is_err());
    drop(refill);
    assert_eq!(name(&file), "a", "it is the database of before");
    assert_eq!(files(folder.path()), ["a.db", "a.db.lock"], "nothing is left of the part");

    let refill = Refill::begin(&file).unwrap();
    let restored = refill.restore(Box::new(std::io::Cursor::new(dump)), |_| std::ops::ControlFlow::Continue(())).await;
    assert_eq!(restored.unwrap(), 3);
    drop(refill);
    assert_eq!(files(folder.path()), ["a.db", "a.db.lock"]);
    let after = open(&file).unwrap();
    let count = |sql: &str| after.query_row::<i64, _, _>(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM entry"), 3);
    assert_eq!(count("SELECT seven FROM users_and_all_else"), 7, "what is in no dump stays");
}
