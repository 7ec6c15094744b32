//! What an import says of itself: its report, its exit code, and nothing else.

use std::{fs, io::Read, process::Stdio};

use crate::{
    common::{courant, fails, succeeds},
    export, feed, post, records, wordpress, write,
};

#[test]
fn the_exit_code_says_that_something_did_not_go_in() {
    let folder = tempfile::tempdir().unwrap();
    let empty = "<item><guid>https://3.example/b</guid></item></channel>";
    write(folder.path(), "a.xml", &feed(3, &[]).replace("</channel>", empty));
    let output = courant(folder.path()).args(["import", "a.xml"]).output().unwrap();
    let report = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{report}");
    assert!(report.contains("1 created") && report.contains("it has neither title nor text"), "{report}");
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_goes_in() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "full.ndjson", "\n{\"courant\":{\"dump\":1}}\n");
    write(folder.path(), "b.xml", &feed(2, &[]));
    let mut command = courant(folder.path());
    let output = command.args(["import", "b.xml", ".", "full.ndjson", "b.xml"]).output().unwrap();
    let (report, errors) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(report.contains("1 created") && report.contains("1 unchanged"), "{report}");
    assert!(errors.contains(". cannot be read: it is a folder"), "{errors}");
    assert!(errors.contains("full.ndjson is not restored: the database has entries already"), "{errors}");
    assert!(errors.contains("not everything went in of ., full.ndjson"), "{errors}");
}

#[test]
fn nobody_has_to_listen_to_the_report() {
    let folder = tempfile::tempdir().unwrap();
    for number in 1..=3 {
        write(folder.path(), &format!("{number}.xml"), &feed(number, &[]));
    }
    let mut command = courant(folder.path());
    let mut running = command.args(["import", "1.xml", "2.xml", "3.xml"]).stdout(Stdio::piped()).spawn().unwrap();
    drop(running.stdout.take());
    assert!(running.wait().unwrap().success());
    assert_eq!(records(&export(folder.path()), "entry").len(), 3);
}

#[test]
fn tables_that_are_none_leave_nothing_in_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let table = "&lt;table&gt;loose&lt;tr&gt;&lt;td&gt;cell&lt;/td&gt;&lt;/tr&gt;&lt;/table&gt;";
    write(folder.path(), "a.xml", &feed(1, &[]).replace("Text.", table));
    let mut command = courant(folder.path());
    let mut running = command.args(["import", "a.xml"]).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let mut errors = String::new();
    running.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    assert!(running.wait().unwrap().success());
    assert_eq!(errors, "");
}

#[test]
fn what_was_lost_of_the_content_is_the_first_line() {
    let folder = tempfile::tempdir().unwrap();
    let comment = "<wp:comment><wp:comment_content>Well said.</wp:comment_content></wp:comment>";
    let setting = "<wp:postmeta><wp:meta_key>_edit_last</wp:meta_key><wp:meta_value>1</wp:meta_value></wp:postmeta>";
    write(folder.path(), "a.xml", &wordpress(&post(1, "publish", "2024-01-01", &format!("{comment}{setting}"))));
    let report = succeeds(courant(folder.path()).args(["import", "a.xml"]));
    assert_eq!(report.lines().next(), Some("a.xml: content was lost: 1 comments"), "{report}");
    assert!(report.contains("     1  custom field _edit_last"), "{report}");
    fails(courant(folder.path()).args(["import", "--strict", "a.xml"]), 1);
    write(folder.path(), "b.xml", &wordpress(&post(2, "publish", "2024-01-01", setting)));
    let report = succeeds(courant(folder.path()).args(["import", "--strict", "b.xml"]));
    assert!(report.starts_with("b.xml: wordpress export"), "{report}");
}

#[test]
fn an_export_of_which_nothing_goes_in_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let story = post(1, "publish", "2024-01-01", "").replace(">post<", ">story<");
    write(folder.path(), "a.xml", &wordpress(&story));
    let output = courant(folder.path()).args(["import", "a.xml"]).output().unwrap();
    let report = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{report}");
    assert!(report.contains("not taken in: 1 story; with --post-types post,story they are"), "{report}");
    let report = succeeds(courant(folder.path()).args(["import", "--post-types", "post,story", "a.xml"]));
    assert!(report.contains("1 created"), "{report}");
}

#[test]
fn a_long_report_has_kinds_and_counts() {
    let folder = tempfile::tempdir().unwrap();
    let posts: String = (1..=30).map(|number| post(number, "publish", "some day", "")).collect();
    write(folder.path(), "a.xml", &wordpress(&posts));
    let report = succeeds(courant(folder.path()).args(["import", "--report", "whole.txt", "a.xml"]));
    assert!(report.contains("        30  none of its dates is one; it is taken as a draft (first: item 1"), "{report}");
    assert!(!report.contains("item 30 (post 30)") && report.lines().count() < 20, "{report}");
    let whole = fs::read_to_string(folder.path().join("whole.txt")).unwrap();
    assert!(whole.contains("    item 30 (post 30): none of its dates is one"), "{whole}");
    let report = succeeds(courant(folder.path()).args(["import", "--verbose", "a.xml"]));
    assert!(report.contains("item 30 (post 30)"), "{report}");
}
