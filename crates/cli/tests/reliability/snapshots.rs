//! Servers that have a folder for snapshots of the search index: one writes them, and one with an empty folder starts from the last one.

use std::{collections::BTreeSet, path::Path};

use courant_persistence::Dialect;
use courant_tests::{apply, both_databases};
use serde_json::Value;

use crate::{
    desk::{Asked, Desk, done},
    searching::{compared, files_below, search},
    server::Server,
};

fn start(desk: &Desk, own: &Path, snapshots: &Path) -> Server {
    Server::start_with(&desk.database, |command| {
        command.env("COURANT_SEARCH_DIR", own).env("COURANT_SEARCH_SNAPSHOTS", snapshots);
        command.env("COURANT_SEARCH_SNAPSHOTS_EVERY", "1");
    })
}

/// The newest list there, which is as of this change or later. Waits for it.
async fn list(snapshots: &Path, seq: i64) -> Value {
    let lists = snapshots.join("lists");
    loop {
        let names = std::fs::read_dir(&lists).into_iter().flatten().map(|entry| entry.unwrap().path());
        let is_whole = |path: &std::path::PathBuf| path.extension().is_some_and(|is| is == "json");
        let newest = names.filter(is_whole).max();
        // Its second line is the checksum of the first.
        let list: Option<Value> = newest
            .and_then(|path| std::fs::read_to_string(path).ok())
            .and_then(|text| serde_json::from_str(text.lines().next()?).ok());
        match list {
            Some(list) if Value::as_i64(&list["mark"]["seq"]).unwrap() >= seq => return list,
            _ => tokio::task::yield_now().await,
        }
    }
}

/// The parts that an index is made of, by the names of their files.
fn parts<'a>(names: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    names.filter_map(|name| name.strip_suffix(".term")).map(str::to_owned).collect()
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_an_empty_folder_starts_from_the_last_snapshot(dialect: Dialect) {
    let desk = Desk::new(dialect).await;
    courant_fixtures::samples::seed(&desk.store).await.unwrap();
    let machine = desk.client();
    let folder = tempfile::tempdir().unwrap();
    let (own, snapshots) = (folder.path().join("first"), folder.path().join("snapshots"));
    let server = start(&desk, &own, &snapshots);
    compared(&machine, &server.url).await;
    let entry = desk.article(&server.url, "kept", "Quetzal kept").await;
    done(&desk.ask(&server.url, &Asked::step("publishEntry", entry, serde_json::json!({}))).await.unwrap());
    let seq = desk.store.log_head().await.unwrap();
    let list = list(&snapshots, seq).await;
    // Killed, whatever it is doing, so that nothing more is written.
    server.kill();
    let files = list["files"].as_array().unwrap().iter().map(|file| file["name"].as_str().unwrap());
    let carried = parts(files);
    assert!(!carried.is_empty());
    let second = folder.path().join("second");
    let server = start(&desk, &second, &snapshots);
    let found = compared(&machine, &server.url).await;
    assert!(found > 5);
    assert_eq!(search(&machine, &server.url, "quetzal").await["totalCount"], 1);
    let names: Vec<String> =
        files_below(&second).iter().map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    // The same parts, which have ids that nobody would make again.
    assert_eq!(parts(names.iter().map(String::as_str)), carried);
    server.terminate();
}
