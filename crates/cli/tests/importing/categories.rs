//! Where what is imported is filed.

use crate::{
    category,
    common::{courant, succeeds},
    export, feed, post, records, wordpress, write,
};

#[test]
fn a_category_that_lies_too_deep_goes_as_deep_as_can_be() {
    let folder = tempfile::tempdir().unwrap();
    let mut inside = String::new();
    for depth in 1..=14 {
        let parent = if depth == 1 { String::new() } else { format!("c{}", depth - 1) };
        inside += &category(&format!("c{depth}"), &parent);
    }
    inside += &post(1, "publish", "2024-01-01", r#"<category domain="category" nicename="c14">c14</category>"#);
    write(folder.path(), "a.xml", &wordpress(&inside));
    write(folder.path(), "b.xml", &feed(2, &[]));
    for created in [1, 0] {
        let report = succeeds(courant(folder.path()).args(["import", "a.xml", "b.xml"]));
        assert!(report.contains(&format!("{created} created")), "{report}");
        assert_eq!(report.contains("category c14: it is nested deeper than 12"), created == 1, "{report}");
        assert_eq!(records(&export(folder.path()), "category").len(), 14 + 1);
    }
}

#[test]
fn a_category_called_like_a_page_of_the_sites_own_is_numbered_and_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let terms = [category("search", ""), category("search-2", ""), category("people", "search-2")].concat();
    let filed = r#"<category domain="category" nicename="search">search</category>"#;
    write(folder.path(), "a.xml", &wordpress(&(terms + &post(1, "publish", "2021-03-02", filed))));
    for _ in 0..2 {
        let report = succeeds(courant(folder.path()).args(["import", "a.xml"]));
        assert!(report.contains("category search: its slug is a word of the site's own pages"), "{report}");
        let dump = export(folder.path());
        let slugs: Vec<String> = records(&dump, "category")
            .iter()
            .map(|line| line.split("\"slug\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned())
            .collect();
        for (slug, count) in [("search", 0), ("search-3", 1), ("search-2", 1), ("people", 1)] {
            assert_eq!(slugs.iter().filter(|other| *other == slug).count(), count, "{slug} of {slugs:?}");
        }
    }
    let report = succeeds(courant(folder.path()).args(["import", "--category", "tags", "a.xml"]));
    assert!(report.contains("category tags: its slug is a word"), "{report}");
}

#[test]
fn a_category_moved_here_is_found_where_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let terms = category("news", "") + &category("world", "news") + &category("asia", "world");
    let filed = r#"<category domain="category" nicename="asia">asia</category>"#;
    write(folder.path(), "a.xml", &wordpress(&(terms + &post(1, "publish", "2024-01-01", filed))));
    succeeds(courant(folder.path()).args(["import", "a.xml"]));
    // As an editor would: the second lies at the top from now on, with the third below it.
    let dump = export(folder.path());
    let world = records(&dump, "category").into_iter().find(|line| line.contains(r#""slug":"world""#)).unwrap();
    let above = world.split(r#""parent":"#).nth(1).unwrap().split(',').next().unwrap();
    let moved = dump.replace(world, &world.replace(above, "null"));
    assert_ne!(moved, dump);
    write(folder.path(), "moved.ndjson", &moved);
    succeeds(courant(folder.path()).args(["import", "--data-dir", "moved", "moved.ndjson"]));
    let before = succeeds(courant(folder.path()).args(["export", "--data-dir", "moved"]));
    let report = succeeds(courant(folder.path()).args(["import", "--data-dir", "moved", "a.xml"]));
    assert!(report.contains("1 unchanged"), "{report}");
    assert!(succeeds(courant(folder.path()).args(["export", "--data-dir", "moved"])) == before);
}

#[test]
fn a_category_renamed_here_is_found_by_the_address_it_had() {
    let folder = tempfile::tempdir().unwrap();
    let terms = category("news", "") + &category("world", "news") + &category("asia", "world");
    let filed = r#"<category domain="category" nicename="asia">asia</category>"#;
    write(folder.path(), "a.xml", &wordpress(&(terms + &post(1, "publish", "2024-01-01", filed))));
    succeeds(courant(folder.path()).args(["import", "a.xml"]));
    // As an editor's new slugs are kept, the second one's first.
    let dump = export(folder.path());
    let rule = |from: &str, to: &str| {
        let path = |slugs: &str| format!("/en/categories/news/{slugs}");
        let (path, target) = (path(from), path(to));
        format!(r#"{{"redirect":{{"path":"{path}","target":"{target}","created_at":"2024-02-01T00:00:00Z"}}}}"#)
    };
    let renamed =
        dump.replace(r#""slug":"world""#, r#""slug":"globe""#).replace(r#""slug":"asia""#, r#""slug":"east""#);
    let (records, end) = renamed.trim_end().rsplit_once('\n').unwrap();
    let count: usize = end.trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap();
    let rules = format!("{}\n{}", rule("globe/asia", "globe/east"), rule("world", "globe"));
    let renamed = format!("{records}\n{rules}\n{}\n", end.replace(&count.to_string(), &(count + 2).to_string()));
    write(folder.path(), "renamed.ndjson", &renamed);
    succeeds(courant(folder.path()).args(["import", "--data-dir", "renamed", "renamed.ndjson"]));
    let report = succeeds(courant(folder.path()).args(["import", "--data-dir", "renamed", "a.xml"]));
    assert!(report.contains("1 unchanged"), "{report}");
    assert!(succeeds(courant(folder.path()).args(["export", "--data-dir", "renamed"])) == renamed);
}
