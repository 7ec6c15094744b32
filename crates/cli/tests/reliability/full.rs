//! Disks that are full or broken, under the real program: what it answers, what is there afterwards, also after a crash.

use std::{collections::HashSet, process::Command, sync::Arc, time::Duration};

use courant_domain::id::EntryId;
use courant_persistence::{Dialect, Store};
use courant_tests::TestDatabase;
use reqwest::Response;
use serde_json::{Value, json};

use crate::{
    desk::{Asked, Desk, Machine},
    disk::{Disk, EIO, ENOSPC, Fault, SYNC, TRUNCATE, WRITE},
    random::Random,
    server::{Server, verified},
};

/// A newsroom whose database nobody has open but the server, so that it is recovered when the server has crashed.
async fn office() -> (Desk, Disk) {
    let desk = Desk::new(Dialect::Sqlite).await;
    desk.store.close().await.unwrap();
    let disk = Disk::of(&desk.database);
    (desk, disk)
}

/// What was answered.
#[derive(Debug)]
struct Answered {
    status: u16,
    retry_after: Option<String>,
    body: Value,
}

impl Answered {
    async fn of(response: Response) -> Option<Self> {
        let status = response.status().as_u16();
        let retry_after = response.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned());
        let text = response.text().await.ok()?;
        Some(Self { status, retry_after, body: serde_json::from_str(&text).ok()? })
    }

    fn code(&self) -> Option<&str> {
        self.body["errors"][0]["extensions"]["code"].as_str()
    }

    fn is_done(&self) -> bool {
        self.body.get("errors").is_none() && self.body["data"]["createArticle"]["userErrors"] == json!([])
    }
}

/// Asks for an article of this name.
async fn create(machine: &Machine, desk: &Desk, url: &str, name: &str, accept: &str) -> Option<Answered> {
    let asked = Asked::create(desk.category, name, name);
    let response = machine.send(url, accept, &asked.body()).await.ok()?;
    Answered::of(response).await
}

const GRAPHQL: &str = "application/graphql-response+json";

/// The slugs of all articles there are.
async fn names(database: &TestDatabase) -> HashSet<String> {
    let store: Store = database.open().await;
    let snapshot = store.admin().snapshot().await.unwrap();
    let records = snapshot.entries(None, 100_000).await.unwrap();
    drop(snapshot);
    store.close().await.unwrap();
    let slug =
        |record: &courant_persistence::dump::EntryRecord| record.revisions[0].content.slug().unwrap().to_string();
    records.iter().map(slug).collect()
}

async fn ready(url: &str, query: &str) -> (u16, String) {
    let response = reqwest::get(format!("{url}/readyz{query}")).await.unwrap();
    let status = response.status().as_u16();
    let body: serde_json::Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    (status, body["writes"].as_str().unwrap().to_owned())
}

/// Waits until the server has found out by itself that it can write again.
async fn well(url: &str) {
    while ready(url, "?for=writes").await.0 != 200 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_writes_and_nothing_else() {
    let (desk, disk) = office().await;
    let server = Server::start_with(&desk.database, |command| disk.put_under(command));
    let machine = desk.client();
    let mut kept = HashSet::new();
    assert!(create(&machine, &desk, &server.url, "before", GRAPHQL).await.unwrap().is_done());
    kept.insert("before".to_owned());
    well(&server.url).await;
    for round in 0..3 {
        disk.fail(Fault::lasting(WRITE, ENOSPC));
        for name in ["one", "two", "three"] {
            let refused = create(&machine, &desk, &server.url, &format!("{name}-{round}"), GRAPHQL).await.unwrap();
            assert_eq!((refused.status, refused.code()), (507, Some("STORAGE_FULL")), "{refused:?}");
            assert!(refused.body.get("data").is_none(), "{refused:?}");
        }
        let legacy = create(&machine, &desk, &server.url, "legacy", "application/json").await.unwrap();
        assert_eq!((legacy.status, legacy.code()), (200, Some("STORAGE_FULL")));
        assert_eq!(legacy.body["data"], json!({ "createArticle": null }));
        assert_eq!(ready(&server.url, "").await, (200, "STORAGE_FULL".to_owned()));
        assert_eq!(ready(&server.url, "?for=writes").await.0, 503);
        let read = machine
            .post(&server.url, &json!({ "query": "{ editorial { entries { totalCount } } site { name } }" }))
            .await;
        assert_eq!(read.unwrap().get("errors"), None);
        assert!(disk.mend() > 0);
        well(&server.url).await;
        let name = format!("after-{round}");
        assert!(create(&machine, &desk, &server.url, &name, GRAPHQL).await.unwrap().is_done());
        kept.insert(name);
    }
    server.kill();
    assert_eq!(names(&desk.database).await, kept);
    verified(&desk.database);
}

/// All of a transaction may be in the log when making sure of it fails; after a crash it would be found there.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_is_not_there_after_a_crash_either() {
    for (left, codes) in [(1, ["UNAVAILABLE"].as_slice()), (u32::MAX, ["OUTCOME_UNKNOWN", "UNAVAILABLE"].as_slice())] {
        let (desk, disk) = office().await;
        let server = Server::start_with(&desk.database, |command| disk.put_under(command));
        let machine = desk.client();
        assert!(create(&machine, &desk, &server.url, "before", GRAPHQL).await.unwrap().is_done());
        well(&server.url).await;
        // What the server writes by itself may be what fails in its place, once.
        let mut kept = HashSet::from(["before".to_owned()]);
        let (failed, name) = loop {
            let name = format!("try-{}", kept.len());
            disk.fail(Fault { left, ..Fault::lasting(SYNC, EIO) });
            let tried = create(&machine, &desk, &server.url, &name, GRAPHQL).await.unwrap();
            if !tried.is_done() {
                break (tried, name);
            }
            kept.insert(name);
            assert!(kept.len() < 100, "nothing fails");
        };
        let code = failed.code().unwrap();
        assert!(codes.contains(&code), "{failed:?}");
        if code == "UNAVAILABLE" {
            assert_eq!((failed.status, failed.retry_after.as_deref()), (503, Some("5")), "{failed:?}");
        } else {
            assert_eq!((failed.status, &failed.body["data"]), (200, &json!({ "createArticle": null })), "{failed:?}");
        }
        server.kill();
        let mut there = names(&desk.database).await;
        if code == "OUTCOME_UNKNOWN" {
            there.remove(&name);
        }
        assert_eq!(there, kept);
        verified(&desk.database);
    }
}

/// How many faults are tried: `COURANT_TEST_FAULT_ROUNDS`, or 12.
#[expect(clippy::disallowed_methods, reason = "a setting of this test's own")]
fn rounds() -> usize {
    std::env::var("COURANT_TEST_FAULT_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(12)
}

#[derive(Default)]
struct Told {
    done: HashSet<String>,
    maybe: HashSet<String>,
    refused: usize,
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_missing_and_nothing_refused_is_there_whatever_fails() {
    const WRITERS: usize = 4;
    let mut random = Random::new("faults of a disk");
    let (desk, disk) = office().await;
    let desk = Arc::new(desk);
    let mut told = Told::default();
    let mut faults = 0;
    for round in 0..rounds() {
        let server = Server::start_with(&desk.database, |command| disk.put_under(command));
        let fault = Fault {
            operations: [WRITE, SYNC, TRUNCATE, WRITE | SYNC, WRITE | SYNC | TRUNCATE][random.below(5)],
            error: [ENOSPC, EIO][random.below(2)],
            skip: u32::try_from(random.below(60)).unwrap(),
            left: [1, 2, 5, u32::MAX][random.below(4)],
        };
        disk.fail(fault);
        let each = 4 + random.below(12);
        let mut working = tokio::task::JoinSet::new();
        for writer in 0..WRITERS {
            let (desk, url) = (desk.clone(), server.url.clone());
            working.spawn(async move {
                let (machine, mut told) = (desk.client(), Told::default());
                for number in 0..each {
                    let name = format!("r{round}-w{writer}-{number}");
                    match create(&machine, &desk, &url, &name, GRAPHQL).await {
                        Some(answered) if answered.is_done() => drop(told.done.insert(name)),
                        Some(answered) if matches!(answered.code(), Some("STORAGE_FULL" | "UNAVAILABLE" | "BUSY")) => {
                            told.refused += 1;
                        }
                        Some(answered) if answered.code() == Some("OUTCOME_UNKNOWN") => drop(told.maybe.insert(name)),
                        None => drop(told.maybe.insert(name)),
                        Some(other) => panic!("{other:?}"),
                    }
                }
                told
            });
        }
        for of_one in working.join_all().await {
            told.done.extend(of_one.done);
            told.maybe.extend(of_one.maybe);
            told.refused += of_one.refused;
        }
        if random.below(2) == 0 {
            // It goes on, and is found to be well again.
            faults += disk.mend();
            well(&server.url).await;
            let name = format!("r{round}-after");
            let after = create(&desk.client(), &desk, &server.url, &name, GRAPHQL).await.unwrap();
            assert!(after.is_done(), "{fault:?}: {after:?}");
            told.done.insert(name);
            server.kill();
        } else {
            server.kill();
            faults += disk.mend();
        }
        let there = names(&desk.database).await;
        let missing: Vec<_> = told.done.difference(&there).collect();
        assert!(missing.is_empty(), "round {round}, {fault:?}: acknowledged and missing: {missing:?}");
        let more: Vec<_> =
            there.iter().filter(|name| !told.done.contains(*name) && !told.maybe.contains(*name)).collect();
        assert!(more.is_empty(), "round {round}, {fault:?}: refused and there: {more:?}");
    }
    verified(&desk.database);
    let Told { done, maybe, refused } = &told;
    println!("{faults} faults; {} made, {refused} refused, {} not known", done.len(), maybe.len());
    assert!(faults > 0 && !done.is_empty());
}

/// Where a file may not be longer than so much, a write that would make one longer ends a program that does not see to it.
#[tokio::test(flavor = "multi_thread")]
async fn a_bound_on_the_size_of_files_is_a_full_disk() {
    let (desk, _) = office().await;
    // In blocks of 512 bytes for some shells and of 1024 for others.
    let server = Server::start_by(&desk.database, |program| {
        let mut command = Command::new("sh");
        command.args(["-c", "ulimit -f 2048; exec \"$0\" \"$@\""]).arg(program);
        command
    });
    let machine = desk.client();
    let mut kept = HashSet::new();
    let refused = loop {
        let name = EntryId::generate().to_string();
        let asked = Asked::create(desk.category, &name, &"long ".repeat(50)).with_body(&"word ".repeat(20_000));
        let answered = Answered::of(machine.send(&server.url, GRAPHQL, &asked.body()).await.unwrap()).await.unwrap();
        if !answered.is_done() {
            break answered;
        }
        kept.insert(name);
        assert!(kept.len() < 200, "there is no bound");
    };
    assert_eq!((refused.status, refused.code()), (507, Some("STORAGE_FULL")), "{refused:?}");
    assert_eq!(ready(&server.url, "").await, (200, "STORAGE_FULL".to_owned()));
    server.kill();
    assert_eq!(names(&desk.database).await, kept);
    verified(&desk.database);
}
