//! A backup while editors write, and being back from it: the drill of docs/operations.md.

use std::{
    fs,
    path::Path,
    process::Stdio,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use courant_persistence::Dialect;
use serde_json::json;
use tokio::sync::watch;

use crate::{
    common::{courant, succeeds},
    desk::{Asked, Desk, done},
    kill::rounds,
    random::Random,
    server::Server,
};

const EDITORS: usize = 4;

/// What was published, and acknowledged.
#[derive(Default)]
struct Published(Mutex<Vec<String>>);

impl Published {
    fn so_far(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_has_every_write_that_was_acknowledged_before_it_began() {
    let desk = Arc::new(Desk::new(Dialect::Sqlite).await);
    let server = Server::start(&desk.database);
    let folder = tempfile::tempdir().unwrap();
    let (count, mut counted) = watch::channel(0);
    let (count, published, enough) =
        (Arc::new(count), Arc::new(Published::default()), Arc::new(AtomicBool::new(false)));
    let mut working = tokio::task::JoinSet::new();
    for editor in 0..EDITORS {
        let (desk, published, count, enough) = (desk.clone(), published.clone(), count.clone(), enough.clone());
        let url = server.url.clone();
        working.spawn(async move {
            for number in 0.. {
                if enough.load(Ordering::Relaxed) {
                    break;
                }
                let slug = format!("e{editor}-{number}");
                let entry = desk.article(&url, &slug, &slug).await;
                done(&desk.ask(&url, &Asked::step("publishEntry", entry, json!({}))).await.unwrap());
                published.0.lock().unwrap().push(slug);
                count.send_modify(|count| *count += 1);
            }
        });
    }
    let mut backups = Vec::new();
    for round in 0..3 {
        counted.wait_for(|count| *count >= 20 * (round + 1)).await.unwrap();
        let before = published.so_far();
        let file = folder.path().join(format!("backup-{round}"));
        let (data, url) = (folder.path().to_owned(), desk.database.options.url.clone());
        let to = file.clone();
        let run = move || succeeds(courant(&data).arg("backup").arg(&to).args(["--database-url", &url]));
        tokio::task::spawn_blocking(run).await.unwrap();
        backups.push((file, before));
    }
    enough.store(true, Ordering::Relaxed);
    working.join_all().await;
    drop(server);
    for (round, (file, before)) in backups.into_iter().enumerate() {
        let data = folder.path().join(format!("data-{round}"));
        let at = ["--data-dir", data.to_str().unwrap()];
        succeeds(courant(folder.path()).arg("restore").arg(&file).args(at));
        let said = succeeds(courant(folder.path()).arg("verify").args(at));
        assert!(said.trim_end().ends_with("holds together"), "{said}");
        let server = Server::on(&at);
        assert!(before.len() >= 20 * (round + 1));
        for slug in &before {
            assert_eq!(desk.title_at(&server.url, slug).await.as_ref(), Some(slug), "round {round}");
        }
        // And it goes on from there.
        let entry = desk.article(&server.url, "afterwards", "Afterwards").await;
        done(&desk.ask(&server.url, &Asked::step("publishEntry", entry, json!({}))).await.unwrap());
        assert_eq!(desk.title_at(&server.url, "afterwards").await.as_deref(), Some("Afterwards"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_of_a_served_database_soon_holds_what_was_written() {
    let desk = Desk::new(Dialect::Sqlite).await;
    let server = Server::start(&desk.database);
    let entry = desk.article(&server.url, "written", "Written").await;
    done(&desk.ask(&server.url, &Asked::step("publishEntry", entry, json!({}))).await.unwrap());
    let file = desk.database.options.file().unwrap().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let began = Instant::now();
    loop {
        let copy = folder.path().join("data/courant.db");
        drop(fs::remove_dir_all(folder.path().join("data")));
        fs::create_dir(folder.path().join("data")).unwrap();
        fs::copy(&file, &copy).unwrap();
        // Nothing is written any more, so that a copy of the file alone is whole at any moment.
        let said = succeeds(courant(folder.path()).arg("verify"));
        if said.contains(" 1 entries (0 decrees), 1 revisions, 1 live editions") {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "it is still in the log: {said}");
    }
    drop(server);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_that_is_killed_leaves_the_old_database_or_the_new_one() {
    let mut random = Random::new("a killed restore");
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let run = |args: &[&str]| succeeds(courant(folder.path()).args(args));
    run(&["seed", "--data-dir", "new"]);
    run(&["backup", "kept", "--data-dir", "new"]);
    let new = run(&["export", "--data-dir", "new"]);
    let (mut olds, mut news) = (0, 0);
    let mut longest = Duration::from_millis(50);
    for round in 0..rounds() {
        drop(fs::remove_dir_all(at("data")));
        // What a server leaves that was killed: what it did last is in the log alone.
        run(&["seed", "--articles", "3"]);
        let desk = Server::on(&["--data-dir", at("data").to_str().unwrap()]);
        run(&["site", "set", "--name", &format!("Round {round}")]);
        desk.kill();
        let old = run(&["export"]);
        let mut command = courant(folder.path());
        command.args(["restore", "kept", "--force"]).stdout(Stdio::null());
        let began = Instant::now();
        let mut child = command.spawn().unwrap();
        let moment = u64::try_from(longest.as_micros()).unwrap();
        std::thread::sleep(Duration::from_micros(random.next() % moment));
        drop(child.kill());
        if child.wait().unwrap().success() {
            longest = longest.min(began.elapsed());
        } else {
            longest = longest.max(began.elapsed() * 2);
        }
        let said = run(&["verify"]);
        assert!(said.trim_end().ends_with("holds together"), "round {round}: {said}");
        match run(&["export"]) {
            found if found == old => olds += 1,
            found if found == new => news += 1,
            other => panic!("round {round}: neither the one nor the other:\n{other}"),
        }
        // And it can be done again.
        run(&["restore", "kept", "--force"]);
        assert_eq!(run(&["export"]), new);
        assert!(!files(&at("data")).iter().any(|file| file.contains("restoring")), "{:?}", files(&at("data")));
    }
    println!("the old one {olds} times, the new one {news} times");
}

fn files(folder: &Path) -> Vec<String> {
    fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
}
