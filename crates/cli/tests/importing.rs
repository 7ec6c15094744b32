//! What `courant import` makes of files that are odd, broken or imported before.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::{fs, path::Path};

use common::{courant, fails, succeeds};

/// A WordPress export with these terms and posts.
fn wordpress(inside: &str) -> String {
    format!(
        r#"<?xml version="1.0"?><rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"
        xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Quay</title>
        <link>https://quay.example</link><language>en</language>{inside}</channel></rss>"#
    )
}

fn post(number: u32, status: &str, date: &str, terms: &str) -> String {
    format!(
        r#"<item><title>Post {number}</title><guid isPermaLink="false">https://quay.example/?p={number}</guid>
        <content:encoded>It sails.</content:encoded><wp:post_id>{number}</wp:post_id>
        <wp:post_date_gmt>{date} 10:00:00</wp:post_date_gmt><wp:post_name>post-{number}</wp:post_name>
        <wp:status>{status}</wp:status><wp:post_type>post</wp:post_type>{terms}</item>"#
    )
}

fn write(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).unwrap();
}

fn export(folder: &Path) -> String {
    succeeds(courant(folder).arg("export"))
}

fn records<'a>(dump: &'a str, kind: &str) -> Vec<&'a str> {
    let start = format!("{{\"{kind}\"");
    dump.lines().filter(|line| line.starts_with(&start)).collect()
}

#[test]
fn a_dump_that_is_cut_or_wrong_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "a.xml",
        &(wordpress(&(post(1, "publish", "2024-01-01", "") + &post(2, "draft", "2024-01-01", "")))),
    );
    succeeds(courant(folder.path()).args(["import", "a.xml"]));
    let good = export(folder.path());
    let lines: Vec<&str> = good.lines().collect();
    let entries = records(&good, "entry");
    let category = records(&good, "category")[0].split('"').nth(5).unwrap();
    let elsewhere = category.replace(&category[..4], "ffff");
    let broken = [
        ("cut short", lines[..lines.len() - 1].join("\n")),
        ("it has", good.replace(&format!("{}\n", entries[1]), "")),
        ("lines", good.replace(entries[1], entries[0])),
        ("category", good.replace(entries[1], &entries[1].replace(category, &elsewhere))),
        ("it was read -1 times", good.replace(r#""views":0"#, r#""views":-1"#)),
        ("unknown field `colour`", good.replacen(r#""views":0"#, r#""views":0,"colour":1"#, 1)),
    ];
    for (says, dump) in broken {
        assert_ne!(dump, good, "{says}");
        write(folder.path(), "broken.ndjson", &dump);
        write(folder.path(), "good.ndjson", &good);
        let error = fails(courant(folder.path()).args(["import", "--data-dir", "copy", "broken.ndjson"]), 1);
        assert!(error.contains(says), "{says}: {error}");
        let copy = succeeds(courant(folder.path()).args(["export", "--data-dir", "copy"]));
        assert!(records(&copy, "category").is_empty() && records(&copy, "entry").is_empty(), "{says}: {copy}");
    }
    succeeds(courant(folder.path()).args(["import", "--data-dir", "copy", "good.ndjson"]));
    assert!(succeeds(courant(folder.path()).args(["export", "--data-dir", "copy"])) == good);
}
