//! The server is killed while it indexes what an editor does, and started again on the same index, time after time: what is found is what is
//! live, and nothing else.

use std::{collections::BTreeSet, path::Path, time::Duration};

use courant_persistence::Dialect;
use serde_json::{Value, json};

use crate::{
    desk::{Desk, Machine},
    kill::rounds,
    mirror::Restless,
    random::Random,
    server::{Server, verified},
};

async fn what_is_found_is_what_is_live(dialect: Dialect) {
    let mut random = Random::new(&format!("searched on {dialect:?}"));
    let desk = Desk::new(dialect).await;
    courant_fixtures::samples::seed(&desk.store).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut restless = Restless::new(desk.client(), random.split());
    let mut found = 0;
    for _ in 0..rounds().min(100) {
        let server = start(&desk, folder.path());
        found += compared(&desk.client(), &server.url).await;
        let work = async {
            loop {
                restless.deed(&server.url).await.unwrap();
            }
        };
        // Somewhere within what is under way then.
        drop(tokio::time::timeout(Duration::from_millis(200 + random.next() % 900), work).await);
        server.kill();
    }
    let server = start(&desk, folder.path());
    found += compared(&desk.client(), &server.url).await;
    server.kill();
    verified(&desk.database);
    assert!(restless.made > 5 && found > restless.made, "{} entries, {found} times found", restless.made);
    println!("{dialect:?}: {} entries, {found} times found", restless.made);
}

pub(crate) fn start(desk: &Desk, folder: &Path) -> Server {
    Server::start_with(&desk.database, |command| {
        command.env("COURANT_SEARCH_DIR", folder.join("search"));
    })
}

/// How a follower fares, as the server says.
pub(crate) async fn follower(url: &str, name: &str) -> Option<Value> {
    let ready = reqwest::get(format!("{url}/readyz")).await.unwrap().text().await.unwrap();
    let ready: Value = serde_json::from_str(&ready).unwrap();
    let followers = ready["followers"].as_array().unwrap();
    followers.iter().find(|follower| follower["name"] == name).cloned()
}

/// Waits until a follower is as new as the change log.
pub(crate) async fn followed(url: &str, name: &str) {
    loop {
        let found = follower(url, name).await;
        if found.is_some_and(|found| found["lag"] == 0 && found["seq"].is_number()) {
            break;
        }
        tokio::task::yield_now().await;
    }
}

/// Waits until the index is as new as the change log, and sees that each text is found by its words, and no other by them.
pub(crate) async fn compared(machine: &Machine, url: &str) -> usize {
    followed(url, "search").await;
    let nodes = listed(machine, url).await;
    let all = search(machine, url, "kind:article").await;
    assert_eq!(all["totalCount"], nodes.len());
    let texts: BTreeSet<&str> = nodes.iter().map(|node| node["body"]["text"].as_str().unwrap()).collect();
    for text in texts.iter().filter(|text| text.starts_with("Words ")) {
        let has_it = |node: &&Value| node["body"]["text"] == **text;
        let live: BTreeSet<&str> = nodes.iter().filter(has_it).map(|node| node["id"].as_str().unwrap()).collect();
        let found = search(machine, url, &format!("kind:article \"{text}\"")).await;
        let hits = found["nodes"].as_array().unwrap();
        let hits: BTreeSet<&str> = hits.iter().map(|hit| hit["id"].as_str().unwrap()).collect();
        assert_eq!(hits, live, "{text}");
        assert_eq!(found["totalCount"], live.len(), "{text}");
    }
    nodes.len()
}

/// All articles there are for readers.
pub(crate) async fn listed(machine: &Machine, url: &str) -> Vec<Value> {
    let query = "query ($after: String) {
        articles(locale: \"en\", first: 100, after: $after, filter: { includeWithdrawn: true }) {
            nodes { id body { text } } pageInfo { hasNextPage endCursor } } }";
    let (mut nodes, mut after) = (Vec::new(), Value::Null);
    loop {
        let body = json!({ "query": query, "variables": { "after": after } });
        let page = machine.post(url, &body).await.unwrap()["data"]["articles"].clone();
        nodes.extend(page["nodes"].as_array().unwrap().iter().cloned());
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            return nodes;
        }
    }
}

pub(crate) async fn search(machine: &Machine, url: &str, typed: &str) -> Value {
    let query =
        "query ($typed: String!) { search(query: $typed, locale: \"en\", first: 100) { totalCount nodes { id } } }";
    let answer = machine.post(url, &json!({ "query": query, "variables": { "typed": typed } })).await.unwrap();
    assert!(answer["errors"].is_null(), "{answer}");
    answer["data"]["search"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_cut_short_while_it_serves_is_built_anew() {
    let desk = Desk::new(Dialect::Sqlite).await;
    courant_fixtures::samples::seed(&desk.store).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let server = start(&desk, folder.path());
    let found = compared(&desk.client(), &server.url).await;
    let mut restless = Restless::new(desk.client(), Random::new("cut short"));
    // While nothing happens, and while an editor is at work.
    for (share, is_quiet) in [(0, true), (2, true), (0, false)] {
        for file in files_below(&folder.path().join("search")) {
            let length = std::fs::metadata(&file).unwrap().len();
            let file = std::fs::OpenOptions::new().write(true).open(file).unwrap();
            file.set_len(length.checked_div(share).unwrap_or_default()).unwrap();
        }
        // The pages go on, and the search comes back by itself.
        loop {
            if is_quiet {
                assert_eq!(listed(&desk.client(), &server.url).await.len(), found);
            } else {
                restless.deed(&server.url).await.unwrap();
            }
            let query = "{ search(query: \"the\", locale: \"en\", first: 100) { totalCount nodes { title } } }";
            let answer = desk.client().post(&server.url, &json!({ "query": query })).await.unwrap();
            match answer["errors"][0]["extensions"]["code"].as_str() {
                None => break,
                Some("UNAVAILABLE" | "SEARCH_REBUILDING") => tokio::task::yield_now().await,
                Some(code) => panic!("{code}: {answer}"),
            }
        }
        compared(&desk.client(), &server.url).await;
    }
    server.kill();
}

/// All files below a folder.
pub(crate) fn files_below(folder: &Path) -> Vec<std::path::PathBuf> {
    let (below, mut files): (Vec<_>, Vec<_>) =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).partition(|path| path.is_dir());
    files.extend(below.iter().flat_map(|folder| files_below(folder)));
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_found_is_what_is_live_on_sqlite() {
    what_is_found_is_what_is_live(Dialect::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_found_is_what_is_live_on_postgres() {
    what_is_found_is_what_is_live(Dialect::Postgres).await;
}
