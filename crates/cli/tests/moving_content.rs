//! Content in and out of databases, with the program itself.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::{fs, path::Path};

use common::{courant, fails, succeeds};
use courant_tests::write_by_hand;

const FEED: &str = r#"<?xml version="1.0"?>
<rss version="2.0"><channel><title>Harbour news</title><link>https://example.org/</link><language>en-GB</language>
<item><title>Ferry back in service</title><guid>1</guid><link>https://example.org/1</link><category>Ferries</category>
<pubDate>Tue, 02 Mar 2021 09:30:00 GMT</pubDate><description>&lt;p&gt;It sails again.&lt;/p&gt;</description></item>
<item><title>Quay closed</title><guid>2</guid><pubDate>someday</pubDate><description>Until Friday.</description></item>
</channel></rss>"#;

fn export(folder: &Path, data: &str) -> String {
    succeeds(courant(folder).args(["export", "--data-dir", data]))
}

#[test]
fn a_dump_restored_elsewhere_gives_the_same_dump() {
    let folder = tempfile::tempdir().unwrap();
    succeeds(courant(folder.path()).arg("seed"));
    succeeds(courant(folder.path()).args(["seed", "--articles", "120", "--locales", "en,tk"]));
    fs::write(folder.path().join("feed.xml"), FEED).unwrap();
    succeeds(courant(folder.path()).args(["import", "feed.xml"]));
    succeeds(courant(folder.path()).args(["export", "dump.ndjson"]));
    let dump = fs::read_to_string(folder.path().join("dump.ndjson")).unwrap();
    assert_eq!(dump.lines().filter(|line| line.starts_with(r#"{"entry""#)).count(), 106 + 120 + 2);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3, "the part of the dump is still there");

    succeeds(courant(folder.path()).args(["import", "dump.ndjson", "--data-dir", "copy"]));
    assert!(export(folder.path(), "copy") == dump, "the copy's dump is another one");

    let error = fails(courant(folder.path()).args(["import", "dump.ndjson"]), 1);
    assert!(error.contains("entries already"), "{error}");
}

#[test]
#[cfg(unix)]
fn a_dump_goes_where_a_link_leads_and_keeps_the_mode_of_what_is_there() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let at = |path: &str| folder.path().join(path);
    let mode = |path: &str| fs::symlink_metadata(at(path)).unwrap().permissions().mode() & 0o777;
    let export = |options: &str| {
        let script = format!("umask 022; {} export {options}", env!("CARGO_BIN_EXE_courant"));
        succeeds(std::process::Command::new("sh").args(["-c", &script]).current_dir(folder.path()).env_clear());
    };
    succeeds(courant(folder.path()).args(["seed", "--articles", "2"]));
    export("new.ndjson");
    export("--published public.ndjson");
    assert_eq!([mode("new.ndjson"), mode("public.ndjson")], [0o600, 0o644]);
    let dump = fs::read_to_string(at("new.ndjson")).unwrap();

    fs::create_dir(at("elsewhere")).unwrap();
    for there in [true, false] {
        let file = format!("elsewhere/{there}.ndjson");
        if there {
            fs::write(at(&file), "old").unwrap();
            fs::set_permissions(at(&file), fs::Permissions::from_mode(0o640)).unwrap();
        }
        symlink(format!("{there}.ndjson"), at(&format!("elsewhere/link-{there}"))).unwrap();
        symlink(format!("elsewhere/link-{there}"), at(&format!("link-{there}"))).unwrap();
        export(&format!("link-{there}"));
        assert!(fs::symlink_metadata(at(&format!("link-{there}"))).unwrap().is_symlink(), "{there}");
        assert!(fs::read_to_string(at(&file)).unwrap() == dump, "{there}: another dump");
        assert_eq!(mode(&file), if there { 0o640 } else { 0o600 });
    }
    assert_eq!(fs::read_dir(at("elsewhere")).unwrap().count(), 4, "a part is still there");

    symlink("circle", at("circle")).unwrap();
    let error = fails(courant(folder.path()).args(["export", "circle"]), 1);
    assert!(error.contains("cannot write circle"), "{error}");
}

#[test]
#[cfg(unix)]
fn a_dump_goes_into_a_pipe_that_is_there() {
    use std::os::unix::fs::FileTypeExt;
    let folder = tempfile::tempdir().unwrap();
    succeeds(courant(folder.path()).args(["seed", "--articles", "2"]));
    let dump = export(folder.path(), "data");
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::read_to_string(pipe).unwrap()
    });
    succeeds(courant(folder.path()).args(["export", "pipe"]));
    assert!(fs::symlink_metadata(&pipe).unwrap().file_type().is_fifo());
    assert!(reader.join().unwrap() == dump, "another dump");
}

#[tokio::test]
async fn every_command_refuses_the_database_of_a_newer_version() {
    let folder = tempfile::tempdir().unwrap();
    succeeds(courant(folder.path()).arg("migrate"));
    let url = format!("sqlite://{}", folder.path().join("data/courant.db").display());
    let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_future', 0)";
    write_by_hand(&url, newer).await;
    for args in [
        &["serve", "--listen", "127.0.0.1:0"][..],
        &["migrate"],
        &["seed"],
        &["import", "feed.xml"],
        &["export", "dump.ndjson"],
        &["verify"],
        &["site", "show"],
        &["site", "set", "--name", "Harbour"],
        &["user", "list"],
    ] {
        let error = fails(courant(folder.path()).args(args), 1);
        let says = "by a newer version of Courant: this one does not know its step m9999_future; run that version";
        assert!(error.contains(says), "{args:?}: {error}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "something else than the data was written");
}

#[test]
fn running_a_command_again_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("feed.xml"), FEED).unwrap();
    let all: [&[&str]; 3] = [&["seed"], &["seed", "--articles", "50"], &["import", "feed.xml"]];
    for args in all {
        succeeds(courant(folder.path()).args(args));
    }
    let dump = export(folder.path(), "data");
    for args in all {
        succeeds(courant(folder.path()).args(args));
    }
    assert!(export(folder.path(), "data") == dump);
}

#[test]
fn samples_fit_into_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    for args in [&["seed", "--articles", "30"][..], &["seed"], &["seed"]] {
        succeeds(courant(folder.path()).args(args));
    }
    let dump = export(folder.path(), "data");
    assert_eq!(dump.lines().filter(|line| line.starts_with(r#"{"entry""#)).count(), 106 + 30);
    for kind in ["category", "feed"] {
        let is_politics =
            |line: &&str| line.starts_with(&format!("{{\"{kind}\"")) && line.contains(r#""slug":"politics""#);
        assert_eq!(dump.lines().filter(is_politics).count(), 1, "{kind}");
    }
}

#[test]
fn an_import_says_what_became_of_everything() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("feed.xml"), FEED).unwrap();
    fs::write(folder.path().join("broken.xml"), &FEED[..500]).unwrap();
    let output = courant(folder.path()).args(["import", "broken.xml", "feed.xml", "none.xml"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let report = String::from_utf8(output.stdout).unwrap();
    assert!(report.contains("2 created, 0 updated, 0 unchanged, 0 refused"), "{report}");
    assert!(report.contains("item 2") && report.contains("someday"), "{report}");
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.contains("broken.xml cannot be read: malformed rss"), "{errors}");
    assert!(errors.contains("not everything went in of broken.xml, none.xml"), "{errors}");
    assert!(errors.contains("none.xml cannot be read: No such file"), "{errors}");

    let dump = export(folder.path(), "data");
    for (what, record) in [
        ("the category", r#""slug":"news","title":{"en":"News"}"#),
        ("the tag", r#"{"tag":{"#),
        ("the date", r#""published_at":"2021-03-02T09:30:00Z""#),
    ] {
        assert!(dump.contains(record), "{what}: {dump}");
    }
    let changed = FEED.replace("It sails again.", "It sails twice a day.");
    fs::write(folder.path().join("feed.xml"), changed).unwrap();
    let report = succeeds(courant(folder.path()).args(["import", "feed.xml"]));
    assert!(report.contains("0 created, 1 updated, 1 unchanged"), "{report}");
}

#[test]
fn an_import_goes_into_the_language_that_suits() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("feed.xml"), FEED.replace("en-GB", "fr")).unwrap();
    let report = succeeds(courant(folder.path()).args(["import", "feed.xml"]));
    assert!(report.contains("it is in fr"), "{report}");
    let error = fails(courant(folder.path()).args(["import", "feed.xml", "--locale", "fr"]), 1);
    assert!(error.contains("courant site set --locales en,fr"), "{error}");
    succeeds(courant(folder.path()).args(["site", "set", "--locales", "en,fr", "--fallback", "fr=en"]));
    let report = succeeds(courant(folder.path()).args(["import", "feed.xml"]));
    assert!(!report.contains("it is in fr") && report.contains("2 updated"), "{report}");
}

#[test]
fn drafts_stay_out_of_sight() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("feed.xml"), FEED).unwrap();
    let report = succeeds(courant(folder.path()).args(["import", "feed.xml", "--status-of-imported", "draft"]));
    assert!(report.contains("2 drafts"), "{report}");
    assert!(export(folder.path(), "data").contains(r#""editions":[]"#));
}

#[test]
fn the_export_for_readers_holds_what_is_published_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    succeeds(courant(folder.path()).arg("seed"));
    fs::write(folder.path().join("feed.xml"), FEED).unwrap();
    succeeds(courant(folder.path()).args(["import", "feed.xml", "--status-of-imported", "draft"]));
    succeeds(courant(folder.path()).args(["export", "--published", "readers.ndjson"]));
    let published = fs::read_to_string(folder.path().join("readers.ndjson")).unwrap();
    assert_eq!(published.lines().filter(|line| line.starts_with(r#"{"entry""#)).count(), 106);
    assert!(export(folder.path(), "data").contains("It sails again.") && !published.contains("It sails again."));

    succeeds(courant(folder.path()).args(["import", "readers.ndjson", "--data-dir", "copy"]));
    let again = succeeds(courant(folder.path()).args(["export", "--published", "--data-dir", "copy"]));
    assert!(again == published, "what readers see of the copy is something else");
}

#[test]
#[cfg(unix)]
fn a_dump_that_does_not_fit_is_refused_for_want_of_space() {
    let folder = tempfile::tempdir().unwrap();
    succeeds(courant(folder.path()).args(["seed", "--articles", "1500"]));
    succeeds(courant(folder.path()).args(["export", "dump.ndjson"]));
    succeeds(courant(folder.path()).args(["migrate", "--data-dir", "copy"]));
    // In blocks of 512 bytes for some shells and of 1024 for others.
    let script = format!("ulimit -f 3000; exec {} import --data-dir copy dump.ndjson", env!("CARGO_BIN_EXE_courant"));
    let error = fails(std::process::Command::new("sh").args(["-c", &script]).current_dir(folder.path()).env_clear(), 1);
    assert!(error.contains("storage of the database is full"), "{error}");
    let left = fs::read_dir(folder.path().join("copy")).unwrap().map(|file| file.unwrap().file_name());
    assert!(left.into_iter().all(|name| !name.to_string_lossy().contains("refilling")));
    succeeds(courant(folder.path()).args(["import", "--data-dir", "copy", "dump.ndjson"]));
}

#[test]
fn a_broken_dump_is_told_by_its_line() {
    let folder = tempfile::tempdir().unwrap();
    succeeds(courant(folder.path()).args(["seed", "--articles", "3"]));
    let dump = export(folder.path(), "data");
    let lines: Vec<&str> = dump.lines().collect();
    let first = lines.iter().position(|line| line.starts_with(r#"{"entry""#)).unwrap();
    let broken = dump.replace(lines[first + 1], &lines[first + 1].replace(r#""newest":1"#, r#""newest":2"#));
    assert_ne!(broken, dump);
    fs::write(folder.path().join("dump.ndjson"), broken).unwrap();
    let error = fails(courant(folder.path()).args(["import", "dump.ndjson", "--data-dir", "copy"]), 1);
    assert!(error.contains(&format!("line {}: entry", first + 2)), "{error}");
}
