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

fn category(slug: &str, parent: &str) -> String {
    format!(
        "<wp:category><wp:category_nicename>{slug}</wp:category_nicename>\
         <wp:category_parent>{parent}</wp:category_parent><wp:cat_name>{slug}</wp:cat_name></wp:category>"
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
fn what_is_dated_ahead_is_scheduled() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.xml", &wordpress(&post(1, "publish", "2190-03-01", "")));
    let report = succeeds(courant(folder.path()).args(["import", "a.xml"]));
    assert!(report.contains("1 created") && report.contains("1 scheduled"), "{report}");
    assert!(report.contains("its date is still to come; it is scheduled for 2190-03-01T10:00:00Z"), "{report}");
    let dump = export(folder.path());
    assert!(dump.contains(r#""scheduled_at":"2190-03-01T10:00:00Z""#) && dump.contains(r#""editions":[]"#), "{dump}");
}

#[test]
fn what_was_put_away_here_is_kept_and_named() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.xml", &wordpress(&post(1, "draft", "2024-01-01", "")));
    succeeds(courant(folder.path()).args(["import", "a.xml"]));
    let dump = export(folder.path());
    let put_away = dump.replace(r#""state":"DRAFT","newest""#, r#""state":"ARCHIVED","newest""#);
    assert_ne!(put_away, dump);
    write(folder.path(), "dump.ndjson", &put_away);
    succeeds(courant(folder.path()).args(["import", "--data-dir", "copy", "dump.ndjson"]));
    write(folder.path(), "a.xml", &wordpress(&post(1, "publish", "2024-01-01", "")));
    let report = succeeds(courant(folder.path()).args(["import", "--data-dir", "copy", "a.xml"]));
    assert!(report.contains("0 unchanged, 0 refused, 1 kept as changed here"), "{report}");
    assert!(report.contains("    item 1 (post 1): Post 1\n"), "{report}");
    assert!(succeeds(courant(folder.path()).args(["export", "--data-dir", "copy"])) == put_away);
}

#[test]
fn where_a_post_stands_at_its_source_is_taken_over() {
    let folder = tempfile::tempdir().unwrap();
    let terms = category("world", "") + &category("sport", "");
    let filed = |slug: &str| format!(r#"<category domain="category" nicename="{slug}">{slug}</category>"#);
    let import = |status: &str, date: &str, slug: &str, args: &[&str]| {
        write(folder.path(), "a.xml", &wordpress(&(terms.clone() + &post(1, status, date, &filed(slug)))));
        let report = succeeds(courant(folder.path()).args(["import", "a.xml"]).args(args));
        (report, records(&export(folder.path()), "entry")[0].to_owned())
    };
    import("private", "2024-01-01", "world", &[]);
    let (report, entry) = import("publish", "2024-02-01", "sport", &[]);
    assert!(report.contains("1 updated"), "{report}");
    assert!(
        entry.contains(r#""published_at":"2024-02-01T10:00:00Z""#) && !entry.contains(r#""editions":[]"#),
        "{entry}"
    );
    let (report, _) = import("publish", "2024-02-01", "sport", &["--status-of-imported", "draft"]);
    assert!(report.contains("1 unchanged"), "what is live stays: {report}");
    let (_, entry) = import("draft", "2024-02-01", "sport", &[]);
    assert!(entry.contains(r#""editions":[]"#), "what its source took back is taken back: {entry}");
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
