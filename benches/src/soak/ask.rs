//! Requests, and what they were answered with.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::site::{EMAIL, PASSWORD, Site};

/// Codes that say that a server has much to do, or ends; whoever asked asks again.
const COME_BACK: [&str; 3] = ["BUSY", "UNAVAILABLE", "TOO_MANY_REQUESTS"];

/// How many wrong things are remembered in words.
const MOST_TOLD: usize = 50;

/// What was counted.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) answers: AtomicU64,
    /// Requests without an answer, or told to come back.
    pub(super) errors: AtomicU64,
    pub(super) writes: AtomicU64,
    pub(super) sign_ins: AtomicU64,
    pub(super) imports: AtomicU64,
    wrong: Mutex<BTreeMap<String, u64>>,
}

impl Tally {
    pub(super) fn add(count: &AtomicU64) {
        count.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn of(count: &AtomicU64) -> u64 {
        count.load(Ordering::Relaxed)
    }

    /// Remembers that something was not as it should be.
    pub(super) fn note(&self, what: String) {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        if wrong.len() < MOST_TOLD || wrong.contains_key(&what) {
            *wrong.entry(what).or_default() += 1;
        }
    }

    pub(super) fn wrong(&self) -> Vec<String> {
        let wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        wrong.iter().map(|(what, times)| format!("{what} ({times} times)")).collect()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [answers, errors, writes, sign_ins, imports] =
            [&self.answers, &self.errors, &self.writes, &self.sign_ins, &self.imports].map(Self::of);
        write!(
            f,
            "{answers} answers, {errors} requests to be sent again, {writes} writes, {sign_ins} sign-ins, \
             {imports} imports"
        )
    }
}

/// Why there is no answer.
pub(super) enum Missing {
    /// The server was not there, or had too much to do.
    Later,
    /// The token does not hold.
    SignInAgain,
    /// An answer that should not be.
    Wrong(String),
}

/// Somebody who asks.
pub(super) struct Client {
    http: reqwest::Client,
    token: Option<String>,
}

impl Client {
    pub(super) fn new() -> Result<Self> {
        Ok(Self { http: reqwest::Client::builder().timeout(Duration::from_secs(30)).build()?, token: None })
    }

    /// Asks, and gives the data of an answer without errors.
    pub(super) async fn ask(
        &self,
        site: &Site,
        tally: &Tally,
        query: &str,
        variables: &Value,
    ) -> Result<Value, Missing> {
        let address = site.address().await.map_err(|error| Missing::Wrong(format!("{error:#}")))?;
        let mut request = self
            .http
            .post(format!("http://{address}/graphql"))
            .header("accept", "application/graphql-response+json")
            .header("content-type", "application/json")
            .body(json!({ "query": query, "variables": variables }).to_string());
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let Ok(response) = request.send().await else { return Err(later(tally)) };
        let status = response.status();
        let Ok(text) = response.text().await else { return Err(later(tally)) };
        let Ok(mut answer) = serde_json::from_str::<Value>(&text) else {
            return Err(Missing::Wrong(format!("an answer {status} that is no JSON")));
        };
        let codes: Vec<&str> = answer["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|error| error["extensions"]["code"].as_str().unwrap_or("an error without a code"))
            .collect();
        match &codes[..] {
            [] => {
                Tally::add(&tally.answers);
                Ok(answer["data"].take())
            }
            codes if codes.iter().all(|code| COME_BACK.contains(code)) => Err(later(tally)),
            ["UNAUTHENTICATED"] => Err(Missing::SignInAgain),
            codes => Err(Missing::Wrong(format!("{} {}", codes.join(" "), answer["errors"][0]["message"]))),
        }
    }

    /// Signs in; says whether it did.
    pub(super) async fn sign_in(&mut self, site: &Site, tally: &Tally) -> bool {
        const SIGN_IN: &str =
            "mutation ($input: SignInInput!) { signIn(input: $input) { accessToken userErrors { code } } }";
        let input = json!({ "input": { "email": EMAIL, "password": PASSWORD } });
        self.token = None;
        match self.ask(site, tally, SIGN_IN, &input).await {
            Ok(data) => {
                self.token = data["signIn"]["accessToken"].as_str().map(str::to_owned);
                if self.token.is_none() {
                    tally.note(format!("a sign-in: {}", data["signIn"]["userErrors"]));
                    return false;
                }
                Tally::add(&tally.sign_ins);
                true
            }
            Err(Missing::Wrong(what)) => {
                tally.note(format!("a sign-in: {what}"));
                false
            }
            Err(_) => false,
        }
    }
}

fn later(tally: &Tally) -> Missing {
    Tally::add(&tally.errors);
    Missing::Later
}

/// Asks until there is an answer, as nobody.
pub(super) async fn once(site: &Site, query: &str, variables: &Value) -> Result<Value> {
    let (client, tally) = (Client::new()?, Tally::default());
    for _ in 0..100 {
        match client.ask(site, &tally, query, variables).await {
            Ok(data) => return Ok(data),
            Err(Missing::Wrong(what)) => anyhow::bail!("{query}: {what}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
    None.with_context(|| format!("no answer to {query}"))
}
