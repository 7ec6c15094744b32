//! `courant webhook listen` and `courant webhook verify`.

use std::io::{Read, Write, stdin, stdout};

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use courant_identity::webhook::VerifyingKey;
use courant_server::{Received, receive_webhooks};
use tokio::net::TcpListener;

/// Receive webhooks, or check what was received, while you develop
#[derive(Debug, Args)]
pub(crate) struct WebhookArgs {
    #[command(subcommand)]
    command: WebhookCommand,
}

#[derive(Debug, Subcommand)]
enum WebhookCommand {
    Listen(ListenArgs),
    Verify(VerifyArgs),
}

/// Print and check the messages that a webhook is sent
///
/// Make a webhook whose URL leads here; a server sends to this machine only if it is told to:
/// courant serve --webhook-allow 127.0.0.1. Ctrl-C ends it.
#[derive(Debug, Args)]
struct ListenArgs {
    /// The address and port to listen on
    #[arg(long, env = "COURANT_WEBHOOK_LISTEN", value_name = "ADDRESS:PORT", default_value = "127.0.0.1:9000")]
    listen: String,

    /// What to check signatures with: the webhook's secret (whsec_…) or public key (whpk_…); without, nothing is checked
    #[arg(long, env = "COURANT_WEBHOOK_KEY", value_name = "KEY", hide_env_values = true)]
    key: Option<String>,

    /// The status to answer with, to see what is done about others
    #[arg(long, value_name = "STATUS", default_value_t = 204, value_parser = clap::value_parser!(u16).range(200..=599))]
    status: u16,
}

/// Check one message, whose body comes on standard input byte for byte
///
/// The exit code is 0 when it was signed by whoever has the other half of the key, and 1 when it was not.
#[derive(Debug, Args)]
struct VerifyArgs {
    /// The webhook's secret (whsec_…) or public key (whpk_…)
    #[arg(long, env = "COURANT_WEBHOOK_KEY", value_name = "KEY", hide_env_values = true)]
    key: String,

    /// The header webhook-id
    #[arg(long, value_name = "ID")]
    id: String,

    /// The header webhook-timestamp
    #[arg(long, value_name = "SECONDS")]
    timestamp: String,

    /// The header webhook-signature
    #[arg(long, value_name = "SIGNATURES")]
    signature: String,

    /// Take messages of any age
    #[arg(long)]
    any_age: bool,
}

pub(crate) async fn run(args: WebhookArgs) -> Result<()> {
    match args.command {
        WebhookCommand::Listen(args) => listen(args).await,
        WebhookCommand::Verify(args) => verify(&args),
    }
}

async fn listen(args: ListenArgs) -> Result<()> {
    let key = args.key.as_deref().map(VerifyingKey::parse).transpose().context("this is no key of a webhook")?;
    let listener =
        TcpListener::bind(&args.listen).await.with_context(|| format!("cannot listen on {}", args.listen))?;
    writeln!(stdout(), "Listening at http://{}/", listener.local_addr()?)?;
    tokio::select! {
        received = receive_webhooks(listener, key, args.status, |received| print(&received)) => received?,
        interrupted = tokio::signal::ctrl_c() => interrupted?,
    }
    Ok(())
}

fn print(received: &Received) {
    let checked = match &received.checked {
        None => "not checked: give --key".to_owned(),
        Some(Ok(())) => "signature ok".to_owned(),
        Some(Err(refused)) => format!("REFUSED: {refused}"),
    };
    let Received { id, timestamp, body, .. } = received;
    let [id, timestamp, body] = [id, timestamp, &*String::from_utf8_lossy(body)].map(shown);
    // Who closes the pipe has seen enough.
    drop(writeln!(stdout(), "\n{id} at {timestamp}: {checked}\n{body}"));
}

/// A text of which nothing is the terminal's to obey, whoever sent it.
fn shown(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect()
}

fn verify(args: &VerifyArgs) -> Result<()> {
    let key = VerifyingKey::parse(&args.key).context("this is no key of a webhook")?;
    let mut body = Vec::new();
    stdin().read_to_end(&mut body).context("cannot read the body from standard input")?;
    let now = jiff::Timestamp::now().as_second();
    let now = if args.any_age { args.timestamp.trim().parse().unwrap_or(now) } else { now };
    key.verify(&args.id, &args.timestamp, &args.signature, &body, now)?;
    writeln!(stdout(), "signature ok")?;
    Ok(())
}
