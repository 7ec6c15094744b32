//! `courant verify`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::path::Path;

use common::{courant, fails, succeeds};
use courant_tests::write_by_hand;

#[test]
fn a_database_that_holds_together_says_what_was_checked() {
    let folder = tempfile::tempdir().unwrap();
    let error = fails(courant(folder.path()).arg("verify"), 1);
    assert!(error.contains("make one with `courant migrate`"), "{error}");
    succeeds(courant(folder.path()).arg("seed"));
    succeeds(courant(folder.path()).args(["seed", "--articles", "150", "--locales", "en,tk"]));
    let report = succeeds(courant(folder.path()).arg("verify"));
    assert!(
        report.contains(" 256 entries (") && report.contains(" redirects, 0 users and 0 audit records"),
        "{report}"
    );
    assert!(report.trim_end().ends_with("holds together"), "{report}");
    succeeds(courant(folder.path()).args(["export", "dump.ndjson"]));
    succeeds(courant(folder.path()).args(["import", "dump.ndjson", "--data-dir", "copy"]));
    succeeds(courant(folder.path()).args(["verify", "--data-dir", "copy"]));
}

#[tokio::test]
async fn a_broken_rule_is_named_and_fails() {
    let folder = tempfile::tempdir().unwrap();
    succeeds(courant(folder.path()).args(["seed", "--articles", "3"]));
    let file = folder.path().join("data/courant.db");
    let first = "(SELECT min(id) FROM edition)";
    let url = format!("sqlite://{}", file.display());
    write_by_hand(&url, &format!("UPDATE edition SET title = 'By hand' WHERE id = {first}")).await;
    let output = courant(folder.path()).arg("verify").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let report = String::from_utf8(output.stdout).unwrap();
    assert!(report.starts_with("live-content: title of the live edition of entry "), "{report}");
    assert!(report.contains(", found \"By hand\"\n") && report.contains("is broken in 1 place\n"), "{report}");
}

#[test]
fn a_broken_page_is_found() {
    let folder = tempfile::tempdir().unwrap();
    succeeds(courant(folder.path()).arg("seed"));
    let file = folder.path().join("data/courant.db");
    let mut pages = std::fs::read(&file).unwrap();
    // The last page of all that has a table's or an index's rows in it, by its first byte.
    let rows = |page: &[u8]| matches!(page.first(), Some(0x0a | 0x0d));
    let last = pages.chunks(8192).rposition(rows).unwrap();
    // Where its rows are is nonsense from here on.
    pages[last * 8192 + 8..last * 8192 + 64].fill(0xff);
    std::fs::write(&file, pages).unwrap();
    let output = courant(folder.path()).arg("verify").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let report = String::from_utf8(output.stdout).unwrap();
    assert!(report.starts_with("storage: the file: expected what was written, found "), "{report}");
    let error = fails(courant(folder.path()).args(["backup", "kept"]), 1);
    assert!(error.contains(" is broken: ") && !folder.path().join("kept").exists(), "{error}");
}

#[test]
fn what_is_imported_from_elsewhere_holds_together() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = tempfile::tempdir().unwrap();
    let mut imported = 0;
    for part in ["wxr", "feeds"] {
        let Ok(files) = std::fs::read_dir(shared.join(part)) else {
            println!("left out: there is no folder {part} of shared data");
            continue;
        };
        let mut files: Vec<_> = files.flatten().map(|file| file.path()).collect();
        files.sort();
        // Twice: an import over what is there already is one of its own. Some files are broken on purpose.
        for file in files.iter().chain(&files) {
            imported += i32::from(courant(folder.path()).arg("import").arg(file).output().unwrap().status.success());
        }
    }
    if imported > 0 {
        let report = succeeds(courant(folder.path()).arg("verify"));
        assert!(report.trim_end().ends_with("holds together"), "{report}");
    }
}
