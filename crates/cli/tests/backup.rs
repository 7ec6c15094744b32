//! `courant backup` and `courant restore`.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use common::{courant, fails, succeeds};
use courant_persistence::{Dialect, Store};
use courant_tests::{TestDatabase, step_back, write_by_hand};

/// What is in a folder, by name.
fn files(folder: &Path) -> Vec<String> {
    let mut files: Vec<String> =
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    files.sort();
    files
}

fn export(folder: &Path, data: &str) -> String {
    succeeds(courant(folder).args(["export", "--data-dir", data]))
}

#[test]
fn a_backup_holds_everything_and_is_its_owners_alone() {
    let folder = tempfile::tempdir().unwrap();
    succeeds(courant(folder.path()).arg("seed"));
    let script = format!(
        "echo 'nine herons at low tide' | {} user create --email ana@example.org --name Ana --password-stdin",
        env!("CARGO_BIN_EXE_courant")
    );
    succeeds(Command::new("sh").args(["-c", &script]).current_dir(folder.path()).env_clear());
    let said = succeeds(courant(folder.path()).args(["backup", "kept"]));
    assert!(said.contains("kept: ") && said.contains(" 1 users, ") && said.contains(" and 1 audit records"), "{said}");
    assert_eq!(fs::metadata(folder.path().join("kept")).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(files(folder.path()), ["data", "kept"]);

    let said = succeeds(courant(folder.path()).args(["restore", "kept", "--data-dir", "other"]));
    assert!(said.contains("other/courant.db (SQLite) holds ") && said.contains("0 sessions are ended"), "{said}");
    assert_eq!(export(folder.path(), "other"), export(folder.path(), "data"));
    let users = succeeds(courant(folder.path()).args(["user", "list", "--data-dir", "other"]));
    assert!(users.contains("ana@example.org  Ana  ADMIN"), "{users}");
    // One more: that it was restored.
    let said = succeeds(courant(folder.path()).args(["verify", "--data-dir", "other"]));
    assert!(said.contains(" 1 users and 2 audit records") && said.trim_end().ends_with("holds together"), "{said}");
    let mode = |path: &str| fs::metadata(folder.path().join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!([mode("other"), mode("other/courant.db")], [0o700, 0o600]);
}

#[test]
fn nothing_is_overwritten_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let error = fails(courant(folder.path()).args(["backup", "kept"]), 1);
    assert!(error.contains("make one with `courant migrate`"), "{error}");
    let error = fails(courant(folder.path()).args(["backup", "kept", "--database-url", "sqlite:none.db"]), 1);
    assert!(error.contains("there is no database at none.db"), "{error}");
    assert_eq!(files(folder.path()), [""; 0]);
    succeeds(courant(folder.path()).arg("seed"));
    succeeds(courant(folder.path()).args(["backup", "kept"]));
    std::os::unix::fs::symlink("nowhere", folder.path().join("link")).unwrap();
    for there in ["kept", "data", "link"] {
        let error = fails(courant(folder.path()).args(["backup", there]), 1);
        assert!(error.contains(&format!("{there} is there already; name another file")), "{error}");
    }
    let error = fails(courant(folder.path()).args(["backup", "no/folder"]), 1);
    assert!(error.contains("cannot write no/folder."), "{error}");
    let error = fails(courant(folder.path()).args(["backup", "-"]), 1);
    assert!(error.contains("a backup is a file"), "{error}");

    succeeds(courant(folder.path()).args(["seed", "--articles", "3"]));
    let more = export(folder.path(), "data");
    let error = fails(courant(folder.path()).args(["restore", "kept"]), 1);
    assert!(error.contains("with --force the backup takes its place"), "{error}");
    assert_eq!(export(folder.path(), "data"), more);
    let said = succeeds(courant(folder.path()).args(["restore", "kept", "--force"]));
    let kept = said.split("kept as ").nth(1).unwrap().lines().next().unwrap();
    assert_ne!(export(folder.path(), "data"), more);
    fs::create_dir(folder.path().join("before")).unwrap();
    fs::rename(folder.path().join(kept), folder.path().join("before/courant.db")).unwrap();
    assert_eq!(export(folder.path(), "before"), more, "what was there is kept whole");
}

#[test]
fn a_dump_and_a_backup_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    succeeds(courant(folder.path()).arg("seed"));
    succeeds(courant(folder.path()).args(["export", "dump.ndjson"]));
    succeeds(courant(folder.path()).args(["backup", "kept"]));
    let error = fails(courant(folder.path()).args(["restore", "dump.ndjson", "--data-dir", "other"]), 1);
    assert!(error.contains("it is no SQLite file"), "{error}");
    let error = fails(courant(folder.path()).args(["import", "kept", "--data-dir", "other"]), 1);
    assert!(error.contains("`courant restore` puts a backup in its place"), "{error}");
}

#[tokio::test]
async fn an_older_versions_backup_is_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    succeeds(courant(folder.path()).arg("seed"));
    let content = export(folder.path(), "data");
    step_back(&format!("sqlite:{}", folder.path().join("data/courant.db").display())).await;
    succeeds(courant(folder.path()).args(["backup", "kept"]));
    let backup = fs::read(folder.path().join("kept")).unwrap();
    succeeds(courant(folder.path()).args(["restore", "kept", "--data-dir", "other"]));
    assert_eq!(export(folder.path(), "other"), content);
    assert_eq!(fs::read(folder.path().join("kept")).unwrap(), backup, "the backup is as it was");
}

#[tokio::test]
async fn whoever_was_signed_in_signs_in_again() {
    let folder = tempfile::tempdir().unwrap();
    succeeds(courant(folder.path()).arg("seed"));
    let script = format!(
        "echo 'nine herons at low tide' | {} user create --email ana@example.org --name Ana --password-stdin",
        env!("CARGO_BIN_EXE_courant")
    );
    succeeds(Command::new("sh").args(["-c", &script]).current_dir(folder.path()).env_clear());
    let url = format!("sqlite:{}", folder.path().join("data/courant.db").display());
    let session =
        "INSERT INTO session (id, account_id, created_at, expires_at) SELECT id, id, 0, 9000000000000000 FROM account";
    write_by_hand(&url, session).await;
    succeeds(courant(folder.path()).args(["backup", "kept"]));
    let said = succeeds(courant(folder.path()).args(["restore", "kept", "--data-dir", "other"]));
    assert!(said.contains("1 sessions are ended"), "{said}");
}

/// A process that may not write files longer than so many blocks of 512 bytes.
fn limited(folder: &Path, blocks: u64, args: &str) -> Command {
    let mut command = Command::new("sh");
    let script = format!("ulimit -f {blocks}; exec {} {args}", env!("CARGO_BIN_EXE_courant"));
    command.args(["-c", &script]).current_dir(folder).env_clear();
    command
}

#[test]
fn what_does_not_fit_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    succeeds(courant(folder.path()).arg("seed"));
    let size = fs::metadata(folder.path().join("data/courant.db")).unwrap().len();
    succeeds(courant(folder.path()).args(["backup", "kept"]));
    let before = export(folder.path(), "data");
    let inside = files(&folder.path().join("data"));
    // Little fits; half of it does; all but the last page does.
    for blocks in [128, size / 1024, size / 512 - 8] {
        let error = fails(&mut limited(folder.path(), blocks, "backup full"), 1);
        assert!(error.contains("there is no backup of ./data/courant.db (SQLite): "), "{blocks}: {error}");
        assert_eq!(files(folder.path()), ["data", "kept"], "{blocks}");
        let error = fails(&mut limited(folder.path(), blocks, "restore kept --force"), 1);
        assert!(error.contains("kept is not restored: there is no space left to write"), "{blocks}: {error}");
        assert_eq!(files(&folder.path().join("data")), inside, "{blocks}");
    }
    assert_eq!(export(folder.path(), "data"), before);
}

#[test]
fn a_signal_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    succeeds(courant(folder.path()).args(["seed", "--articles", "400"]));
    // One that was ready before the signal came is not what this is about.
    let stopped = (0..100).any(|attempt| {
        let name = format!("backup-{attempt}");
        let mut command = courant(folder.path());
        let mut child = command.args(["backup", &name]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let began = Instant::now();
        while !files(folder.path()).iter().any(|file| file.starts_with(&name)) {
            assert!(began.elapsed() < Duration::from_secs(60), "it never began");
            std::thread::yield_now();
        }
        Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        let ready = child.wait().unwrap().success();
        let left = files(folder.path()).into_iter().filter(|file| file.starts_with(&name)).collect::<Vec<_>>();
        assert_eq!(left, if ready { vec![name] } else { vec![] });
        !ready
    });
    assert!(stopped, "no backup was stopped before it was ready");
}

#[tokio::test]
async fn a_log_that_the_file_lacks_is_told_of() {
    let database = TestDatabase::migrated(Dialect::Sqlite).await;
    let folder = tempfile::tempdir().unwrap();
    let verify = || succeeds(courant(folder.path()).args(["verify", "--database-url", &database.options.url]));
    let said = verify();
    assert!(said.contains("it is empty: there is not one entry in it") && !said.contains("write-ahead log"), "{said}");
    let store: Store = database.open().await;
    courant_fixtures::samples::seed(&store).await.unwrap();
    let said = verify();
    assert!(said.contains("pages of it are in the write-ahead log beside the file"), "{said}");
    assert!(!said.contains("it is empty"), "{said}");
    store.close().await.unwrap();
    assert!(!verify().contains("write-ahead log"));
}
