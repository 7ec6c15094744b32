//! The folder of the search index cannot be used, or its disk is full: pages go on, the search says so, and comes back by itself.

use std::{fs, path::Path};

use courant_persistence::Dialect;
use serde_json::{Value, json};

use crate::{
    desk::{Asked, Desk, Machine, done},
    disk::{Disk, ENOSPC, Fault, WRITE},
    searching::{compared, files_below, follower, search, start},
    server::Server,
};

async fn seeded() -> Desk {
    let desk = Desk::new(Dialect::Sqlite).await;
    courant_fixtures::samples::seed(&desk.store).await.unwrap();
    desk
}

/// Waits until the follower that keeps the index says that it cannot.
async fn fails(url: &str) {
    while follower(url, "search").await.is_none_or(|search| search["failing"] != true) {
        tokio::task::yield_now().await;
    }
}

/// Waits until it can.
async fn is_well(url: &str) {
    while follower(url, "search").await.is_none_or(|search| search["failing"] != false) {
        tokio::task::yield_now().await;
    }
}

/// What a page needs, and what an editor does, whatever becomes of the index.
async fn pages_go_on(desk: &Desk, machine: &Machine, url: &str, slug: &str) {
    let entry = desk.article(url, slug, &format!("Untroubled {slug}")).await;
    done(&desk.ask(url, &Asked::step("publishEntry", entry, json!({}))).await.unwrap());
    assert_eq!(desk.title_at(url, slug).await.unwrap(), format!("Untroubled {slug}"));
    let body =
        json!({ "query": "{ articles(locale: \"en\", first: 3) { nodes { title related(first: 2) { title } } } }" });
    let answer = machine.post(url, &body).await.unwrap();
    assert!(answer["errors"].is_null(), "{answer}");
}

async fn asked(machine: &Machine, url: &str) -> Value {
    let query = "{ search(query: \"untroubled\", locale: \"en\") { totalCount } }";
    machine.post(url, &json!({ "query": query })).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_cannot_be_used_is_waited_for() {
    let desk = seeded().await;
    let machine = desk.client();
    let folder = tempfile::tempdir().unwrap();
    // A file is in its place, which nobody may write to as a folder, whoever they are.
    let place = folder.path().join("search");
    fs::write(&place, "no folder").unwrap();
    let server = start(&desk, folder.path());
    fails(&server.url).await;
    pages_go_on(&desk, &machine, &server.url, "first").await;
    let answer = asked(&machine, &server.url).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "SEARCH_REBUILDING", "{answer}");
    assert!(!answer["errors"][0]["message"].as_str().unwrap().contains("0 of 0"), "{answer}");
    assert_eq!(fs::read_to_string(&place).unwrap(), "no folder");
    fs::remove_file(&place).unwrap();
    compared(&machine, &server.url).await;
    assert_eq!(search(&machine, &server.url, "untroubled").await["totalCount"], 1);
    server.terminate();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_not_set_aside() {
    let desk = seeded().await;
    let machine = desk.client();
    let folder = tempfile::tempdir().unwrap();
    let server = start(&desk, folder.path());
    compared(&machine, &server.url).await;
    server.terminate();
    let place = folder.path().join("search");
    let is_words = |path: &Path| path.extension().is_some_and(|is| is == "term");
    let words = files_below(&place).into_iter().find(|path| is_words(path)).unwrap();
    let before = files_below(&place);
    let aside = folder.path().join("aside");
    fs::rename(&words, &aside).unwrap();
    // What is there cannot be read, by whomever: it is a folder.
    fs::create_dir(&words).unwrap();
    let server = start(&desk, folder.path());
    fails(&server.url).await;
    pages_go_on(&desk, &machine, &server.url, "second").await;
    assert!(!place.join("damaged").exists());
    fs::remove_dir(&words).unwrap();
    fs::rename(&aside, &words).unwrap();
    compared(&machine, &server.url).await;
    assert_eq!(search(&machine, &server.url, "untroubled").await["totalCount"], 1);
    assert!(!place.join("damaged").exists());
    // It has gone on with what was there, and not built all of it.
    let after = files_below(&place);
    assert!(before.iter().filter(|path| is_words(path)).all(|path| after.contains(path)), "{before:?} {after:?}");
    server.terminate();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_makes_the_index_late_and_nothing_else() {
    let desk = seeded().await;
    let machine = desk.client();
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("search");
    let disk = Disk::under(&place);
    let start = || {
        Server::start_with(&desk.database, |command| {
            command.env("COURANT_SEARCH_DIR", &place);
            disk.put_under(command);
        })
    };
    // While it is built.
    disk.fail(Fault::lasting(WRITE, ENOSPC));
    let server = start();
    fails(&server.url).await;
    pages_go_on(&desk, &machine, &server.url, "built").await;
    assert_eq!(asked(&machine, &server.url).await["errors"][0]["extensions"]["code"], "SEARCH_REBUILDING");
    assert!(disk.mend() > 0);
    compared(&machine, &server.url).await;
    // While it takes changes in: what it has is searched on.
    for round in 0..3 {
        disk.fail(Fault { skip: round * 3, ..Fault::lasting(WRITE, ENOSPC) });
        let before = asked(&machine, &server.url).await["data"]["search"]["totalCount"].clone();
        pages_go_on(&desk, &machine, &server.url, &format!("full-{round}")).await;
        fails(&server.url).await;
        assert_eq!(asked(&machine, &server.url).await["data"]["search"]["totalCount"], before);
        assert!(disk.mend() > 0);
        is_well(&server.url).await;
        compared(&machine, &server.url).await;
        assert_eq!(search(&machine, &server.url, "untroubled").await["totalCount"], 2 + round);
        assert!(!place.join("damaged").exists());
    }
    disk.fail(Fault::lasting(WRITE, ENOSPC));
    pages_go_on(&desk, &machine, &server.url, "killed").await;
    fails(&server.url).await;
    server.kill();
    disk.mend();
    let server = start();
    compared(&machine, &server.url).await;
    assert_eq!(search(&machine, &server.url, "untroubled").await["totalCount"], 5);
    server.terminate();
}
