//! Somebody who publishes on a server that was made for it.

use std::{
    io::Write as _,
    net::SocketAddr,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::load;

/// An embedded database in a folder, with articles and somebody who publishes; made where it is not there yet. Its address.
pub(crate) fn prepare(courant: &Path, folder: &Path) -> Result<String> {
    let url = format!("sqlite:{}", folder.join("courant.db").display());
    let courant = |arguments: &[&str]| {
        let mut command = Command::new(courant);
        command.args(arguments).args(["--database-url", &url]).stdin(Stdio::piped()).stdout(Stdio::null());
        command
    };
    if !folder.join("courant.db").exists() {
        let seeded = courant(&["seed", "--articles", "1000", "--log", "off"]).status()?;
        ensure!(seeded.success(), "the database cannot be filled");
        let create = ["user", "create", "--email", EMAIL, "--name", "Bench", "--role", "admin", "--password-stdin"];
        let mut made = courant(&create).spawn()?;
        writeln!(made.stdin.take().context("no input")?, "{PASSWORD}")?;
        ensure!(made.wait()?.success(), "nobody can be made who publishes");
    }
    Ok(url)
}

const EMAIL: &str = "bench@example.org";
const PASSWORD: &str = "lanterns over the harbour";

/// Whoever publishes.
pub(crate) struct Editor {
    server: SocketAddr,
    token: String,
    category: String,
}

impl Editor {
    pub(crate) async fn sign_in(server: SocketAddr) -> Result<Self> {
        let mut editor = Self { server, token: String::new(), category: String::new() };
        let input = json!({ "email": EMAIL, "password": PASSWORD });
        let query = "mutation ($input: SignInInput!) { signIn(input: $input) { accessToken } }";
        let answer = editor.ask(query, &json!({ "input": input })).await?;
        editor.token = answer["data"]["signIn"]["accessToken"].as_str().context("no token")?.to_owned();
        let answer = editor.ask("{ editorial { categories { id } } }", &json!({})).await?;
        editor.category =
            answer["data"]["editorial"]["categories"][0]["id"].as_str().context("no category")?.to_owned();
        Ok(editor)
    }

    /// Makes an article of this title, and publishes it.
    pub(crate) async fn publish(&self, title: &str) -> Result<()> {
        let content = json!({ "title": title, "body": { "source": "Words of news." } });
        let input = json!({ "categoryId": self.category, "locale": "en", "content": content });
        let query = "mutation ($input: CreateArticleInput!) { createArticle(input: $input) { entry { id } userErrors { message } } }";
        let answer = self.ask(query, &json!({ "input": input })).await?;
        let entry = answer["data"]["createArticle"]["entry"]["id"].as_str();
        let entry = entry.with_context(|| format!("not made: {answer}"))?;
        let query = "mutation ($input: PublishEntryInput!) { publishEntry(input: $input) { userErrors { message } } }";
        let answer = self.ask(query, &json!({ "input": { "entryId": entry, "locale": "en" } })).await?;
        ensure!(answer["data"]["publishEntry"]["userErrors"] == json!([]), "not published: {answer}");
        Ok(())
    }

    /// Asks something, by their right.
    pub(crate) async fn ask(&self, query: &str, variables: &Value) -> Result<Value> {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let token = match self.token.as_str() {
            "" => String::new(),
            token => format!("Authorization: Bearer {token}\r\n"),
        };
        let request = format!(
            "POST /graphql HTTP/1.1\r\nHost: bench\r\n{token}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        Ok(serde_json::from_slice(&load::once(self.server, request.as_bytes()).await?)?)
    }
}
