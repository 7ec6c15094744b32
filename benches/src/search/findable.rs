//! How long it takes until readers find what was published, on a server of its own.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tokio::{
    sync::mpsc,
    task::LocalSet,
    time::{sleep, timeout},
};

use crate::{
    editor::{self, Editor},
    load::{self, Measured, post},
    process::Server,
};

/// How often it is asked whether something is found by now.
const ASKED_EVERY: Duration = Duration::from_millis(2);

/// Publishes so many a second for so many seconds; from when each was acknowledged to when it was found.
pub(super) async fn measure(courant: &Path, folder: &Path, a_second: u32, seconds: u32) -> Result<Measured> {
    let url = editor::prepare(courant, folder)?;
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--log", "error", "--database-url", &url];
    let server = Server::start(courant, &arguments, Stdio::inherit())?;
    let address = server.address;
    timeout(Duration::from_secs(120), async {
        // It is refused for as long as there is no index.
        while count(address, "").await.is_err() {
            sleep(Duration::from_millis(50)).await;
        }
    })
    .await
    .context("the index does not get ready")?;
    let (published, mut waiting) = mpsc::unbounded_channel::<(String, Instant)>();
    let all = a_second * seconds;
    let local = LocalSet::new();
    let publishing = local.spawn_local(async move {
        let editor = Editor::sign_in(address).await?;
        let begun = Instant::now();
        // Each has a word of its own, which is in no other text.
        let run = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_millis();
        for number in 0..all {
            sleep((begun + Duration::from_secs(1) * number / a_second).saturating_duration_since(Instant::now())).await;
            let word = format!("zq{run}x{number}");
            editor.publish(&format!("News {word}")).await?;
            published.send((word, Instant::now()))?;
        }
        anyhow::Ok(begun.elapsed())
    });
    let finding = async {
        let (mut open, mut latencies) = (VecDeque::new(), Vec::new());
        loop {
            if open.is_empty() {
                let Some(next) = waiting.recv().await else { break };
                open.push_back(next);
            }
            while let Ok(next) = waiting.try_recv() {
                open.push_back(next);
            }
            let mut left = VecDeque::new();
            for (word, since) in open {
                let since: Instant = since;
                if count(address, &word).await? == 1 {
                    latencies.push(u32::try_from(since.elapsed().as_micros()).unwrap_or(u32::MAX));
                } else {
                    ensure!(since.elapsed() < Duration::from_secs(30), "{word} was not found");
                    left.push_back((word, since));
                }
            }
            open = left;
            sleep(ASKED_EVERY).await;
        }
        Ok(latencies)
    };
    let mut latencies = local.run_until(finding).await?;
    let took = local.run_until(publishing).await.context("the publishing broke off")??;
    latencies.sort_unstable();
    Ok(Measured { answers: latencies.len(), seconds: took.as_secs_f64(), latencies })
}

/// How many a reader finds.
async fn count(server: SocketAddr, word: &str) -> Result<u64> {
    let query = "query ($word: String!) { search(query: $word, locale: \"en\", first: 1) { totalCount } }";
    let body = json!({ "query": query, "variables": { "word": word } }).to_string();
    let answer: Value = serde_json::from_slice(&load::once(server, &post("/graphql", &body)).await?)?;
    answer["data"]["search"]["totalCount"].as_u64().context("no count")
}
