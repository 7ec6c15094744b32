//! Snapshots of the search index: a server that has none starts from one that another has put into a folder or a bucket, and takes in what has
//! changed since. Whatever is wrong with one, the index is built.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use courant_domain::{access::Role, change::ChangeSeq};
use courant_outbound::Storage;
use courant_persistence::Dialect;
use courant_tests::{
    TestDatabase, apply, both_databases,
    bucket::{Bucket, Wrong},
    search::Searched,
};
use courant_workers::followers::Snapshots;
use serde_json::{Value, json};

fn snapshots_in(address: &str, settings: Vec<(String, String)>) -> Arc<Snapshots> {
    Arc::new(Snapshots::new(Storage::open(address, settings).unwrap(), Duration::from_secs(60)))
}

fn in_folder(folder: &Path) -> Arc<Snapshots> {
    snapshots_in(folder.to_str().unwrap(), Vec::new())
}

async fn publish(searched: &Searched, title: &str) -> Value {
    let admin = searched.portal.as_role(Role::Admin).await;
    let answer = admin.query("{ editorial { categories { id } } }").await;
    let category = answer.data()["editorial"]["categories"][0]["id"].clone();
    let content = json!({ "title": title, "genre": "NEWS", "body": { "source": "Some more words." } });
    let input = json!({ "categoryId": category, "locale": "en", "content": content });
    let made = admin.mutate("createArticle", input, "entry { id } userErrors { code field message }").await;
    let entry = made.done()["entry"]["id"].clone();
    let input = json!({ "entryId": entry, "locale": "en" });
    admin.mutate("publishEntry", input, "userErrors { code field message }").await.done();
    entry
}

async fn withdraw(searched: &Searched, entry: &Value) {
    let admin = searched.portal.as_role(Role::Admin).await;
    let input = json!({ "entryId": entry, "locale": "en", "ending": { "gone": true } });
    admin.mutate("unpublishEntry", input, "userErrors { code field message }").await.done();
}

async fn titles(searched: &Searched, query: &str) -> Vec<String> {
    let text = "query ($query: String!) { search(query: $query, locale: \"en\", first: 100) { nodes { title } } }";
    let answer = searched.portal.post(&json!({ "query": text, "variables": { "query": query } })).await;
    let nodes = answer.data()["search"]["nodes"].as_array().unwrap().clone();
    let mut titles: Vec<_> = nodes.iter().map(|node| node["title"].as_str().unwrap().to_owned()).collect();
    titles.sort();
    titles
}

/// Another server on the same database.
async fn another(first: &Searched, folder: Option<&Path>, snapshots: &Arc<Snapshots>) -> Searched {
    let database = TestDatabase::of_the_same(&first.portal.database);
    let store = database.open().await;
    Searched::starting_from(database, store, folder, snapshots).await
}

async fn head(searched: &Searched) -> ChangeSeq {
    searched.portal.store.log_head().await.unwrap()
}

/// The files below a folder of snapshots.
fn files(folder: &Path, below: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        fs::read_dir(folder.join(below)).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

async fn a_server_starts_from_what_another_has_put_there(dialect: Dialect, snapshots: &Arc<Snapshots>) {
    let mut first = Searched::with_samples(dialect).await;
    let entry = publish(&first, "Xylophones on show").await;
    first.follow().await;
    let written = first.write(snapshots).await.unwrap();
    assert_eq!(written, Some(head(&first).await));
    assert_eq!(first.write(snapshots).await.unwrap(), None, "nothing has changed");
    publish(&first, "Zithers on show").await;
    withdraw(&first, &entry).await;
    let folder = tempfile::tempdir().unwrap();
    for folder in [Some(folder.path()), None] {
        let mut second = another(&first, folder, snapshots).await;
        second.build().await;
        assert_eq!(Some(second.at()), written);
        // What has been taken back is not there, whether the index knows or not.
        assert_eq!(titles(&second, "title:show").await, [""; 0]);
        assert!(titles(&second, "clinic").await.len() > 1);
        second.follow().await;
        assert_eq!(titles(&second, "title:show").await, ["Zithers on show"]);
        assert_eq!(titles(&second, "clinic").await, titles(&first, "clinic").await);
    }
    // Its folder is gone on from, without a snapshot.
    let nowhere = in_folder(&folder.path().join("nowhere"));
    let mut third = another(&first, Some(folder.path()), &nowhere).await;
    third.build().await;
    assert_eq!(third.at(), head(&first).await);
    assert_eq!(titles(&third, "title:show").await, ["Zithers on show"]);
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn a_new_server_starts_from_a_folder(dialect: Dialect) {
    let folder = tempfile::tempdir().unwrap();
    a_server_starts_from_what_another_has_put_there(dialect, &in_folder(&folder.path().join("made/as needed"))).await;
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn a_new_server_starts_from_a_bucket(dialect: Dialect) {
    let bucket = Bucket::start().await;
    a_server_starts_from_what_another_has_put_there(dialect, &snapshots_in("s3://bucket/a site", bucket.settings()))
        .await;
    let names = bucket.names();
    assert!(names.iter().all(|name| name.starts_with("a site/")), "{names:?}");
    assert!(bucket.reads() > 5);
}

/// A server that starts with these snapshots builds its index, which is right.
async fn builds(first: &Searched, snapshots: &Arc<Snapshots>, what: &str) {
    let folder = tempfile::tempdir().unwrap();
    let mut second = another(first, Some(folder.path()), snapshots).await;
    second.build().await;
    assert_eq!(second.at(), head(first).await, "{what}");
    assert_eq!(titles(&second, "title:show").await, ["Xylophones on show", "Zithers on show"], "{what}");
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 1, "{what}: {left:?}");
}

/// A server with a snapshot that is older than its database, so that who starts from it is seen to.
async fn with_an_older_snapshot(snapshots: &Snapshots) -> Searched {
    let mut first = Searched::with_samples(Dialect::Sqlite).await;
    publish(&first, "Xylophones on show").await;
    first.follow().await;
    assert!(first.write(snapshots).await.unwrap().is_some());
    publish(&first, "Zithers on show").await;
    first
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_damaged_in_a_snapshot_the_index_is_built() {
    let folder = tempfile::tempdir().unwrap();
    let snapshots = in_folder(folder.path());
    let first = with_an_older_snapshot(&snapshots).await;
    let all = [files(folder.path(), "lists"), files(folder.path(), "files")].concat();
    assert!(all.len() > 5, "{all:?}");
    for path in all {
        let whole = fs::read(&path).unwrap();
        for damage in ["cut", "overwritten", "longer", "missing"] {
            let mut bytes = whole.clone();
            match damage {
                "cut" => bytes.truncate(whole.len() / 2),
                "overwritten" => bytes.iter_mut().take(40).for_each(|byte| *byte = !*byte),
                "longer" => bytes.extend([0; 40]),
                _ => {}
            }
            fs::write(&path, bytes).unwrap();
            if damage == "missing" {
                fs::remove_file(&path).unwrap();
            }
            builds(&first, &snapshots, &format!("{} {damage}", path.display())).await;
            fs::write(&path, &whole).unwrap();
        }
    }
    let mut second = another(&first, None, &snapshots).await;
    second.build().await;
    assert!(second.at() < head(&first).await, "whole again, it is started from");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_is_not_started_from() {
    let folder = tempfile::tempdir().unwrap();
    let snapshots = in_folder(folder.path());
    let first = with_an_older_snapshot(&snapshots).await;
    let [list]: [PathBuf; 1] = files(folder.path(), "lists").try_into().unwrap();
    let name = list.file_name().unwrap().to_str().unwrap().to_owned();
    let (seq, rest) = name.split_once('-').unwrap();
    let (micros, version) = rest.split_once('-').unwrap();
    let newer = format!("{:020}", seq.parse::<u64>().unwrap() + 1_000);
    for (what, other) in [
        ("of another history", format!("{seq}-{}-{version}", micros.parse::<i64>().unwrap() + 1)),
        ("of a later state", format!("{newer}-{micros}-{version}")),
        ("of a newer format", format!("{seq}-{micros}-2.v9.9.json")),
        ("called by another change", format!("{:020}-{micros}-{version}", 1)),
        ("called by nothing that is known", "a list".to_owned()),
    ] {
        let other = list.with_file_name(other);
        fs::rename(&list, &other).unwrap();
        builds(&first, &snapshots, what).await;
        fs::rename(&other, &list).unwrap();
    }
    let text = fs::read_to_string(&list).unwrap();
    for (what, from, to) in [
        ("another format within", "\"format\":1", "\"format\":2"),
        ("another version within", "\"version\":\"v", "\"version\":\"w"),
        ("a name that leads elsewhere", "{\"name\":\"", "{\"name\":\"../"),
        ("a hidden name", "{\"name\":\"", "{\"name\":\"."),
    ] {
        assert!(text.contains(from), "{text}");
        fs::write(&list, text.replace(from, to)).unwrap();
        builds(&first, &snapshots, what).await;
    }
    // Of another database altogether, which has as many changes and more.
    let other = Searched::with_samples(Dialect::Sqlite).await;
    publish(&other, "Xylophones on show").await;
    publish(&other, "Zithers on show").await;
    fs::write(&list, text).unwrap();
    builds(&other, &snapshots, "another database's").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_cannot_be_used_keeps_nobody_from_starting() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a file");
    fs::write(&file, "in the folder's place").unwrap();
    let bucket = Bucket::start().await;
    let in_bucket = snapshots_in("s3://bucket/site", bucket.settings());
    let first = with_an_older_snapshot(&in_bucket).await;
    // No folder can be made there.
    let unusable = in_folder(&file.join("below"));
    assert!(first.write(&unusable).await.is_err());
    builds(&first, &unusable, "a file in the folder's place").await;
    builds(&first, &in_folder(&folder.path().join("nothing yet")), "nothing is there yet").await;
    for wrong in [Wrong::Forbidden, Wrong::Reads] {
        bucket.goes_wrong(wrong);
        builds(&first, &in_bucket, &format!("{wrong:?}")).await;
    }
    // Plain HTTP is spoken only where that was said.
    bucket.goes_wrong(Wrong::Nothing);
    let settings = bucket.settings().into_iter().filter(|(name, _)| name != "AWS_ALLOW_HTTP").collect();
    builds(&first, &snapshots_in("s3://bucket/site", settings), "plain HTTP").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_cut_short_while_it_is_put_there_is_no_snapshot() {
    let bucket = Bucket::start().await;
    let snapshots = snapshots_in("s3://bucket/site", bucket.settings());
    let mut first = with_an_older_snapshot(&snapshots).await;
    let before = bucket.names();
    first.follow().await;
    let is_list = |name: &&String| name.starts_with("site/lists/");
    for after in 0.. {
        bucket.goes_wrong(Wrong::Puts(after));
        match first.write(&snapshots).await {
            Err(error) => assert!(error.contains("507"), "{error}"),
            Ok(written) => {
                assert_eq!(written, Some(head(&first).await));
                assert!(after > 1, "files and the list");
                break;
            }
        }
        let names = bucket.names();
        assert!(names.iter().filter(is_list).eq(before.iter().filter(is_list)), "{names:?}");
    }
    let mut second = another(&first, None, &snapshots).await;
    second.build().await;
    assert_eq!(titles(&second, "title:show").await.len(), 2);
    // What has not changed is there once.
    let names = bucket.names();
    assert_eq!(names.iter().filter(is_list).count(), 2);
    let of = |names: &[String]| names.iter().filter(|name| name.starts_with("site/files/")).count();
    assert!(of(&names) < 2 * of(&before), "{names:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_snapshot_leaves_the_one_before() {
    let folder = tempfile::tempdir().unwrap();
    let snapshots = in_folder(folder.path());
    let mut first = with_an_older_snapshot(&snapshots).await;
    first.follow().await;
    first.write(&snapshots).await.unwrap().unwrap();
    let [older, newer]: [PathBuf; 2] = files(folder.path(), "lists").try_into().unwrap();
    fs::write(&newer, "{}").unwrap();
    let mut second = another(&first, None, &snapshots).await;
    second.build().await;
    let name = older.file_name().unwrap().to_str().unwrap().to_owned();
    assert!(name.starts_with(&format!("{:020}-", second.at())), "{name}");
    second.follow().await;
    assert_eq!(titles(&second, "title:show").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn old_snapshots_are_removed_with_what_they_alone_had() {
    let folder = tempfile::tempdir().unwrap();
    let snapshots = in_folder(folder.path());
    let mut first = Searched::with_samples(Dialect::Sqlite).await;
    assert!(first.write(&snapshots).await.unwrap().is_some());
    let old = files(folder.path(), "files");
    // As if they had been put there a while ago, and by somebody who never named the last one.
    let long_ago = std::time::SystemTime::now() - Duration::from_secs(7200);
    let unnamed = folder.path().join("files/unnamed");
    fs::write(&unnamed, "nobody names it").unwrap();
    for path in old.iter().chain([&unnamed]) {
        fs::File::options().write(true).open(path).unwrap().set_modified(long_ago).unwrap();
    }
    let named = |list: &Path, file: &Path| {
        let name = file.file_name().unwrap().to_str().unwrap();
        fs::read_to_string(list).unwrap().contains(name)
    };
    for round in 0..4 {
        publish(&first, &format!("Xylophone {round}")).await;
        first.follow().await;
        assert!(first.write(&snapshots).await.unwrap().is_some());
        let lists = files(folder.path(), "lists");
        assert_eq!(lists.len(), 2, "{lists:?}");
        assert!(!unnamed.exists());
        for file in &old {
            assert_eq!(file.exists(), lists.iter().any(|list| named(list, file)), "{}", file.display());
        }
    }
    let mut second = another(&first, None, &snapshots).await;
    second.build().await;
    assert_eq!((second.at(), titles(&second, "xylophone").await.len()), (head(&first).await, 4));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_long_is_put_there_in_parts() {
    let folder = tempfile::tempdir().unwrap();
    let bucket = Bucket::start().await;
    for (address, settings) in [(folder.path().to_str().unwrap(), Vec::new()), ("s3://bucket/long", bucket.settings())]
    {
        let storage = Storage::open(address, settings).unwrap();
        let bytes: bytes::Bytes = (0..20_000_000_u32).map(|at| at.to_le_bytes()[at as usize % 3]).collect();
        let read = |range: std::ops::Range<u64>| {
            let range = usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap();
            std::future::ready(Ok(bytes.slice(range)))
        };
        storage.put_by("things/long", bytes.len() as u64, read).await.unwrap();
        assert_eq!(storage.get("things/long", bytes.len() as u64).await.unwrap(), bytes);
        assert!(storage.get("things/long", 1000).await.is_err(), "longer than it may be");
        let broken = |range: std::ops::Range<u64>| {
            let is_first = range.start == 0;
            std::future::ready(if is_first { Ok(bytes.slice(..8)) } else { Err(std::io::Error::other("broken")) })
        };
        let put = storage.put_by("things/broken", bytes.len() as u64, broken).await;
        assert!(put.is_err_and(|error| error.to_string().contains("broken")));
        let mut names: Vec<_> = storage.list("things").await.unwrap().into_iter().map(|stored| stored.name).collect();
        names.sort();
        assert_eq!(names, ["long"]);
        storage.delete("things/long").await.unwrap();
        storage.delete("things/long").await.unwrap();
        assert!(storage.list("things").await.unwrap().is_empty());
        assert!(storage.get("things/long", 10).await.is_err(), "it is there still");
    }
}
