//! Where the database's URL comes from, and that nobody gets to see its password.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use common::{courant, fails, succeeds};

fn write(folder: &Path, name: &str, text: &str, mode: u32) {
    let file = folder.join(name);
    fs::write(&file, text).unwrap();
    fs::set_permissions(file, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn the_url_is_read_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "url", "sqlite:other.db\n", 0o600);
    let said = succeeds(courant(folder.path()).args(["migrate", "--database-url-file", "url"]));
    assert!(said.contains("sqlite:other.db is up to date") && folder.path().join("other.db").exists(), "{said}");
    let said = succeeds(courant(folder.path()).arg("verify").env("COURANT_DATABASE_URL_FILE", "url"));
    assert!(said.contains("sqlite:other.db holds together"), "{said}");
    assert!(!folder.path().join("data").exists());

    let output = courant(folder.path()).args(["verify", "--database-url-file", "url"]).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty());
    write(folder.path(), "url", "sqlite:other.db", 0o644);
    let output = courant(folder.path()).args(["verify", "--database-url-file", "url"]).output().unwrap();
    let warning = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && warning.contains("everybody on this machine can read url"), "{warning}");
}

#[test]
fn a_file_that_holds_no_url_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "url", "sqlite:other.db", 0o600);
    write(folder.path(), "empty", "\n", 0o600);
    write(folder.path(), "two", "sqlite:a.db\nsqlite:b.db\n", 0o600);
    write(folder.path(), "other", "mysql://ana:hunter2@db.example/a", 0o600);
    fs::create_dir(folder.path().join("folder")).unwrap();
    for (file, says) in [
        ("none", "none: it cannot be read: No such file"),
        ("folder", "folder: it cannot be read: Is a directory"),
        ("empty", "empty: it is empty"),
        ("two", "two: it has several lines"),
        ("other", "other: a database URL starts with postgres:// or sqlite:"),
    ] {
        let error = fails(courant(folder.path()).args(["migrate", "--database-url-file", file]), 2);
        assert!(error.contains(says) && error.contains("--database-url-file <FILE>"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
    let both = ["migrate", "--database-url", "sqlite:a.db", "--database-url-file", "url"];
    let error = fails(courant(folder.path()).args(both), 2);
    assert!(error.contains("cannot be used with"), "{error}");
    let mut command = courant(folder.path());
    command.args(["migrate", "--database-url-file", "url"]).env("COURANT_DATABASE_URL", "sqlite:a.db");
    let error = fails(&mut command, 2);
    assert!(error.contains("cannot be used with"), "{error}");
}

#[test]
fn no_error_shows_the_password() {
    let folder = tempfile::tempdir().unwrap();
    for (url, code) in [
        ("mysql://ana:hunter2@127.0.0.1:1/a", 2),
        ("postgres//ana:hunter2@127.0.0.1:1/a", 2),
        ("postgres://ana:hunter2@127.0.0.1:1/a", 1),
        ("postgres://ana:x/hunter2@127.0.0.1:1/a", 1),
        ("postgres://ana:1/hunter2@127.0.0.1:1/a", 1),
        ("postgres://ana:1#hunter2@127.0.0.1:1/a", 1),
        ("postgres://127.0.0.1:1/a?password=hunter2", 1),
    ] {
        for command in
            [&["migrate"][..], &["verify"], &["serve", "--fail-fast", "--listen", "127.0.0.1:0"], &["user", "list"]]
        {
            // What is logged is looked at, too, but for the statements of the drivers' own conversation.
            let output = courant(folder.path())
                .args(command)
                .args(["--database-url", url])
                .env("COURANT_LOG", "debug")
                .output()
                .unwrap();
            let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
            assert_eq!(output.status.code(), Some(code), "{command:?} {url}: {said}");
            assert!(!said.contains("hunter2"), "{command:?}: {said}");
        }
    }
}

#[test]
fn postgres_is_backed_up_with_its_own_tools() {
    let folder = tempfile::tempdir().unwrap();
    let url = "postgres://ana:hunter2@db.example:5433/news?sslmode=require";
    for (command, tool) in [("backup", "pg_dump --format=custom"), ("restore", "pg_restore --clean")] {
        let error = fails(courant(folder.path()).args([command, "news.backup", "--database-url", url]), 1);
        let wanted = "--dbname='postgres://ana@db.example:5433/news?sslmode=require'";
        assert!(error.contains(tool) && error.contains(wanted) && error.contains("'news.backup'"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}
