//! What `courant import` makes of files that are odd, broken or imported before.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod categories;
#[path = "../common/mod.rs"]
mod common;
mod report;

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

fn feed(number: u32, categories: &[&str]) -> String {
    let categories: String = categories.iter().map(|name| format!("<category>{name}</category>")).collect();
    format!(
        r#"<rss version="2.0"><channel><title>Harbour</title><link>https://{number}.example/</link><language>en</language>
        <item><title>Item {number}</title><guid>https://{number}.example/a</guid><description>Text.</description>
        <author>a@b.example (Ann Lee)</author>
        <pubDate>Tue, 02 Mar 2021 09:30:00 GMT</pubDate>{categories}</item></channel></rss>"#
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
fn tags_whose_addresses_look_alike_stay_apart() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.xml", &feed(1, &["C#", "Угол"]));
    write(folder.path(), "b.xml", &feed(2, &["C++", "Уголь", "угол"]));
    for _ in 0..2 {
        succeeds(courant(folder.path()).args(["import", "a.xml", "b.xml"]));
        let dump = export(folder.path());
        assert_eq!(records(&dump, "tag").len(), 4, "{dump}");
        assert_eq!(records(&dump, "person").len(), 1, "{dump}");
        let entries = records(&dump, "entry");
        let tags = |name: &str| {
            let tag = records(&dump, "tag").into_iter().find(|line| line.contains(&format!("\"{name}\""))).unwrap();
            let id = tag.split('"').nth(5).unwrap().to_owned();
            entries.iter().map(|entry| entry.contains(&id)).collect::<Vec<_>>()
        };
        assert_eq!(tags("C#"), [true, false]);
        assert_eq!(tags("C++"), [false, true]);
        assert_eq!(tags("Угол"), [true, true]);
    }
}

#[test]
fn what_its_source_was_to_publish_and_did_not_is_a_draft() {
    let folder = tempfile::tempdir().unwrap();
    let export = |status: &str| {
        format!(
            "<rss xmlns:wp='http://wordpress.org/export/1.2/'><channel><title>Quay</title><wp:wxr_version>1.2</wp:wxr_version><item>\
             <title>Ebb</title><guid>https://quay.example/?p=4</guid><wp:post_id>4</wp:post_id>\
             <content:encoded>Low water.</content:encoded>\
             <wp:post_date_gmt>2021-03-01 10:00:00</wp:post_date_gmt><wp:status>{status}</wp:status></item></channel></rss>"
        )
    };
    std::fs::write(folder.path().join("quay.xml"), export("future")).unwrap();
    let report = succeeds(courant(folder.path()).args(["import", "quay.xml"]));
    assert!(report.contains("1 drafts") && report.contains("was to be published at 2021-03-01T10:00:00Z"), "{report}");
    let dump = succeeds(courant(folder.path()).arg("export"));
    assert!(dump.contains(r#""editions":[]"#) && dump.contains("2021-03-01T10:00:00Z"), "{dump}");
    let report = succeeds(courant(folder.path()).args(["import", "quay.xml"]));
    assert!(report.contains("1 unchanged"), "{report}");
    // As soon as its source has published it, it is.
    std::fs::write(folder.path().join("quay.xml"), export("publish")).unwrap();
    let report = succeeds(courant(folder.path()).args(["import", "quay.xml"]));
    assert!(report.contains("1 updated") && !report.contains("drafts"), "{report}");
    assert!(!succeeds(courant(folder.path()).arg("export")).contains(r#""editions":[]"#));
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

#[test]
fn the_pictures_of_one_part_are_found_for_the_posts_of_another() {
    let folder = tempfile::tempdir().unwrap();
    let thumbnail =
        "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>9</wp:meta_value></wp:postmeta>";
    write(folder.path(), "1.xml", &wordpress(&post(1, "publish", "2024-01-01", thumbnail)));
    let file = "<item><title>p</title><wp:post_id>9</wp:post_id><wp:post_type>attachment</wp:post_type>\
                <wp:attachment_url>https://quay.example/p.jpg</wp:attachment_url></item>";
    write(folder.path(), "2.xml", &wordpress(file));
    succeeds(courant(folder.path()).args(["import", "--strict", "1.xml", "2.xml"]));
    assert!(export(folder.path()).contains("https://quay.example/p.jpg"));
}

/// A post of an own site, with its old address and what else is said of it.
fn moving(number: u32, slug: &str, more: &str) -> String {
    let link = format!("<link>https://www.quay.example/2021/03/{slug}/</link>{more}");
    let slugs = format!("<wp:post_date>2021-03-02 12:00:00</wp:post_date><wp:post_name>{slug}</wp:post_name>");
    let post = post(number, "publish", "2021-03-02", &link);
    post.replace(&format!("<wp:post_name>post-{number}</wp:post_name>"), &slugs)
        .replace("It sails.", "<![CDATA[<img src=\"http://quay.example/up/a.jpg\" alt=\"a\">It sails.]]>")
}

/// A post of an own site at some address.
fn at(number: u32, path: &str) -> String {
    moving(number, &format!("foam-{number}"), "")
        .replace(&format!("2021/03/foam-{number}/</link>"), &format!("{path}</link>"))
}

#[test]
fn an_own_site_keeps_its_addresses() {
    let folder = tempfile::tempdir().unwrap();
    let old = "<wp:postmeta><wp:meta_key>_wp_old_slug</wp:meta_key><wp:meta_value>tide</wp:meta_value></wp:postmeta>";
    let posts = [moving(1, "high-tide", old), moving(2, "search", ""), moving(3, "tide", "")].concat();
    write(folder.path(), "a.xml", &wordpress(&posts));
    let others = succeeds(courant(folder.path()).args(["import", "a.xml"]));
    assert!(!others.contains("old addresses"), "{others}");
    let dump = export(folder.path());
    assert_eq!(records(&dump, "redirect").len(), 0, "{dump}");
    assert_eq!(dump.matches("\"canonical_url\":\"https://www.quay.example/2021/03/high-tide/\"").count(), 1, "{dump}");

    let media = "https://quay.example/up/=https://media.example/";
    for updated in [3, 0] {
        let own = ["import", "--own-site", "--media", media, "a.xml"];
        let report = succeeds(courant(folder.path()).args(own));
        assert!(report.contains(&format!("{updated} updated")), "{report}");
        assert!(report.contains("old addresses lead to them"), "{report}");
        // A word that is kept for pages of the site leads on where there is none; what another post has had, stays.
        assert!(!report.contains("its old address /search"), "{report}");
        assert!(
            report.contains("its old address /tide leads nowhere new: it leads to /en/articles/high-tide already"),
            "{report}"
        );
        let dump = export(folder.path());
        let rules = records(&dump, "redirect");
        for (path, target) in [
            ("/?p=1", "high-tide"),
            ("/2021/03/high-tide", "high-tide"),
            ("/2021/03/02/high-tide", "high-tide"),
            ("/high-tide", "high-tide"),
            ("/archives/1", "high-tide"),
            ("/tide", "high-tide"),
            ("/2021/03/search", "search"),
            ("/search", "search"),
            ("/?p=3", "tide"),
        ] {
            let leads = |line: &&&str| {
                line.contains(&format!("\"path\":\"{path}\"")) && line.contains(&format!("\"/en/articles/{target}\""))
            };
            assert_eq!(rules.iter().filter(leads).count(), 1, "{path}: {rules:#?}");
        }
        let readers = succeeds(courant(folder.path()).args(["export", "--published"]));
        assert!(!readers.contains("canonical_url") && !readers.contains("quay.example/up"), "{readers}");
        assert!(readers.contains("https://media.example/a.jpg"), "{readers}");
        succeeds(courant(folder.path()).arg("verify"));
    }
    // What the server answers itself, and what is a page or a feed here, stays what it is.
    let own = ["graphql", "reads", "sitemap/2021.xml", "en/search", "en/decrees", "en/feed.rss", "en"];
    let posts: Vec<String> = own.iter().zip(11..).map(|(path, number)| at(number, path)).collect();
    write(folder.path(), "c.xml", &wordpress(&[posts.concat(), at(21, "articles/foam"), at(22, "feed/foam")].concat()));
    let report = succeeds(courant(folder.path()).args(["import", "--own-site", "c.xml"]));
    let dump = export(folder.path());
    for path in own {
        let named = format!("its old address /{path} leads nowhere new: there is a page of this site");
        assert!(report.contains(&named), "{path}: {report}");
        assert!(!dump.contains(&format!("\"path\":\"/{path}\"")), "{path}: {dump}");
    }
    for path in ["articles/foam", "feed/foam"] {
        assert!(dump.contains(&format!("\"path\":\"/{path}\"")), "{path}: {dump}");
    }
    succeeds(courant(folder.path()).arg("verify"));
    // By another name than the files have for it.
    write(folder.path(), "b.xml", &wordpress(&moving(4, "ebb", "").replace("www.quay", "old.quay")));
    let report = succeeds(courant(folder.path()).args(["import", "--own-site=old.quay.example,quay.example", "b.xml"]));
    assert!(report.contains("old addresses lead to them"), "{report}");
    assert!(export(folder.path()).contains("\"path\":\"/2021/03/ebb\""));
    let unread = fails(courant(folder.path()).args(["import", "--media", "uploads=x", "b.xml"]), 2);
    assert!(unread.contains("two addresses with = between them"), "{unread}");
}
