//! `courant user`, on a database that is served.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use common::{courant, fails, succeeds};
use courant_domain::access::Role;
use courant_persistence::Dialect;
use courant_tests::{Portal, apply, both_databases};
use serde_json::json;

const FIRST: &str = "nine herons at low tide";
const SECOND: &str = "ten cranes over the harbour";

/// A command about users on this database.
fn user(folder: &Path, url: &str, args: &[&str]) -> Command {
    let mut command = courant(folder);
    command.arg("user").args(args).args(["--database-url", url]);
    command
}

/// Runs it with a password on standard input.
fn with_password(command: &mut Command, password: &str) -> Output {
    let command = command.arg("--password-stdin").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "{password}").unwrap();
    child.wait_with_output().unwrap()
}

/// The access token somebody gets for a password, or the code of why not.
async fn sign_in(portal: &Portal, password: &str) -> Result<String, String> {
    let input = json!({ "email": "ana@example.org", "password": password });
    let answer = portal.mutate("signIn", input, "accessToken userErrors { code }").await;
    let payload = &answer.data()["signIn"];
    match payload["accessToken"].as_str() {
        Some(token) => Ok(token.to_owned()),
        None => Err(payload["userErrors"][0]["code"].as_str().unwrap().to_owned()),
    }
}

async fn status(portal: &Portal, token: &str) -> u16 {
    portal.post_as(token, &json!({ "query": "{ editorial { viewer { name } } }" })).await.status
}

#[apply(both_databases)]
#[tokio::test]
async fn users_are_kept_from_the_command_line(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let url = portal.database.options.url.clone();
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| user(folder.path(), &url, args);
    let create = ["create", "--email", "ana@example.org", "--name", "Ana", "--role", "EDITOR"];
    assert!(with_password(&mut run(&create), FIRST).status.success());
    let token = sign_in(&portal, FIRST).await.unwrap();
    assert_eq!(status(&portal, &token).await, 200);

    let set = ["set-password", "--email", "Ana@Example.org"];
    let output = with_password(&mut run(&set), SECOND);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && said.contains("ana@example.org signs in with the new password"), "{said}");
    assert_eq!(status(&portal, &token).await, 401, "{dialect:?}: the session is ended");
    assert_eq!(sign_in(&portal, FIRST).await, Err("WRONG_CREDENTIALS".to_owned()));
    let token = sign_in(&portal, SECOND).await.unwrap();
    let output = with_password(&mut run(&set), "short");
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && error.contains("12 characters"), "{error}");

    let said = succeeds(&mut run(&["disable", "--email", "ana@example.org"]));
    assert!(said.contains("is kept out from now on"), "{said}");
    assert_eq!(status(&portal, &token).await, 401, "{dialect:?}: the session is ended");
    assert_eq!(sign_in(&portal, SECOND).await, Err("WRONG_CREDENTIALS".to_owned()));
    assert!(succeeds(&mut run(&["list"])).contains("ana@example.org  Ana  EDITOR (disabled)"));
    let said = succeeds(&mut run(&["disable", "--email", "ana@example.org"]));
    assert!(said.contains("is kept out already"), "{said}");
    let said = succeeds(&mut run(&["enable", "--email", "ana@example.org"]));
    assert!(said.contains("can sign in again"), "{said}");
    sign_in(&portal, SECOND).await.unwrap();

    let admin = portal.as_role(Role::Admin).await;
    let query = "{ editorial { auditLog(first: 10, filter: { acts: [UPDATE_USER] }) {
            nodes { actor { id } detail { name value } } } } }";
    let log = admin.query(query).await;
    let records = log.data()["editorial"]["auditLog"]["nodes"].as_array().unwrap();
    assert_eq!(records.len(), 3, "{dialect:?}: {}", log.text);
    assert!(records.iter().all(|record| record["actor"]["id"] == "courant"), "{}", log.text);
    assert!(!log.text.contains(SECOND) && log.text.contains("passwordSet"), "{}", log.text);
}

#[apply(both_databases)]
#[tokio::test]
async fn what_cannot_be_done_is_said(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let url = portal.database.options.url.clone();
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| user(folder.path(), &url, args);
    for command in ["disable", "enable", "set-password"] {
        let error = fails(&mut run(&[command, "--email", "nobody@example.org"]), 1);
        assert!(error.contains("there is no user nobody@example.org"), "{command}: {error}");
        let error = fails(&mut run(&[command, "--email", "nobody"]), 1);
        assert!(error.contains("--email: not an email address"), "{command}: {error}");
    }
    let create = ["create", "--email", "ana@example.org", "--name", "Ana"];
    assert!(with_password(&mut run(&create), FIRST).status.success());
    let error = fails(&mut run(&["disable", "--email", "ana@example.org"]), 1);
    assert!(error.contains("this is the last administrator who can sign in"), "{dialect:?}: {error}");
    sign_in(&portal, FIRST).await.unwrap();
}
