//! Somebody who publishes while others read.

use std::{
    collections::HashMap,
    io::Write,
    net::SocketAddr,
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
    time::{Duration, SystemTime},
};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::{
    load::{self, Client, post_as},
    run::Target,
};

/// How often something is published.
pub(super) const EVERY: Duration = Duration::from_secs(1);

/// An editor with an article, who publishes it again and again; each time it is the newest of all lists.
pub(super) struct Publisher {
    server: SocketAddr,
    token: String,
    entry: String,
    revision: u64,
}

/// What became of answers that were kept when something was published.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Stale {
    /// How many were looked at.
    pub(super) kept: usize,
    /// How many were made anew.
    pub(super) stale: usize,
    /// How many of these were the same again.
    pub(super) for_nothing: usize,
}

impl Publisher {
    /// Makes a user and an article, and publishes it.
    pub(super) async fn start(courant: &Path, target: &Target, server: SocketAddr) -> Result<Self> {
        let number = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_micros();
        let (email, password) = (format!("bench-{number}@example.org"), "thirty-two readers and a writer");
        let arguments = ["user", "create", "--name", "Bench", "--password-stdin", "--email", &email];
        let mut command = Command::new(courant);
        command.args(arguments).args(["--database-url", &target.url]).stdin(Stdio::piped()).stdout(Stdio::null());
        let mut child = command.spawn().context("cannot make a user")?;
        writeln!(child.stdin.take().context("no input")?, "{password}")?;
        ensure!(child.wait()?.success(), "no user was made");
        let mut publisher = Self { server, token: String::new(), entry: String::new(), revision: 1 };
        let sign_in = "mutation ($input: SignInInput!) { signIn(input: $input) { accessToken } }";
        let variables = json!({ "input": { "email": email, "password": password } });
        let body = json!({ "query": sign_in, "variables": variables }).to_string();
        let session: Value = serde_json::from_slice(&load::once(server, &load::post("/graphql", &body)).await?)?;
        publisher.token = text(&session["data"]["signIn"]["accessToken"])?;
        let known = publisher.ask("{ editorial { categories { id } } }", &json!({})).await?;
        let category = text(&known["editorial"]["categories"][0]["id"])?;
        let content = json!({ "title": "Published every second", "genre": "NEWS", "slug": format!("bench-{number}"),
                              "body": { "format": "MARKDOWN", "source": "Words." } });
        let input = json!({ "categoryId": category, "locale": "en", "content": content });
        let made = publisher.change("createArticle", input).await?;
        publisher.entry = text(&made["entry"]["id"])?;
        publisher.put_live().await?;
        Ok(publisher)
    }

    /// Publishes it with another title.
    pub(super) async fn publish(&mut self) -> Result<()> {
        let content = json!({ "title": format!("Published {} times", self.revision + 1) });
        let input = json!({ "entryId": self.entry, "locale": "en", "basedOn": self.revision, "content": content });
        self.change("saveArticle", input).await?;
        self.revision += 1;
        self.put_live().await
    }

    /// Publishes again and again, until this is dropped.
    pub(super) async fn go_on(&mut self) -> Result<()> {
        let mut next = tokio::time::interval(EVERY);
        loop {
            next.tick().await;
            self.publish().await?;
        }
    }

    /// Publishes so often, and looks each time what that has made stale of what is kept of these requests, and whether it was another
    /// one then.
    pub(super) async fn look(&mut self, requests: &[Arc<[u8]>], times: usize) -> Result<Stale> {
        let mut client = Client::connect(self.server).await?;
        let mut before: HashMap<usize, Vec<u8>> = HashMap::new();
        let mut found = Stale::default();
        for round in 0..=times {
            if round > 0 {
                self.publish().await?;
            }
            for (at, request) in requests.iter().enumerate() {
                client.send(request).await?;
                let answer = client.answer();
                let known = before.get(&at);
                if round > 0 {
                    found.kept += 1;
                    if is_stale(client.head()) {
                        found.stale += 1;
                        found.for_nothing += usize::from(known.is_some_and(|known| known == answer));
                    }
                }
                if known.is_none_or(|known| known != answer) {
                    before.insert(at, answer.to_vec());
                }
            }
        }
        Ok(found)
    }

    async fn put_live(&self) -> Result<()> {
        self.change("publishEntry", json!({ "entryId": self.entry, "locale": "en" })).await.map(drop)
    }

    async fn change(&self, mutation: &str, input: Value) -> Result<Value> {
        let (first, rest) = mutation.split_at(1);
        let query = format!(
            "mutation ($input: {}{rest}Input!) {{ {mutation}(input: $input) {{ entry {{ id }} userErrors {{ message }} }} }}",
            first.to_uppercase()
        );
        let mut data = self.ask(&query, &json!({ "input": input })).await?;
        let payload = data[mutation].take();
        ensure!(payload["userErrors"] == json!([]), "{mutation}: {payload}");
        Ok(payload)
    }

    async fn ask(&self, query: &str, variables: &Value) -> Result<Value> {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let answer = load::once(self.server, &post_as(&self.token, "/graphql", &body)).await?;
        let mut answer: Value = serde_json::from_slice(&answer)?;
        Ok(answer["data"].take())
    }
}

fn text(value: &Value) -> Result<String> {
    value.as_str().map(str::to_owned).with_context(|| format!("{value} is no text"))
}

/// Whether an answer was made anew, because the one that was there holds no more.
fn is_stale(head: &[u8]) -> bool {
    let head = String::from_utf8_lossy(head).to_lowercase();
    head.lines().any(|line| line.starts_with("cache-status:") && line.contains("; fwd=stale"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_says_why_it_was_made() {
        assert!(is_stale(b"HTTP/1.1 200 OK\r\nCache-Status: Courant; fwd=stale; stored\r\n\r\n"));
        assert!(!is_stale(b"HTTP/1.1 200 OK\r\ncache-status: Courant; fwd=miss; stored\r\n\r\n"));
        assert!(!is_stale(b"HTTP/1.1 200 OK\r\ncache-status: Courant; hit\r\n\r\n"));
        assert!(!is_stale(b"HTTP/1.1 200 OK\r\n\r\n"));
    }
}
