//! `courant secret rotate`.

use std::io::{Write, stdout};

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use courant_domain::access::Viewer;
use courant_options::DatabaseOptions;
use courant_persistence::Command;

/// Change what signs tokens
#[derive(Debug, Args)]
pub(crate) struct SecretArgs {
    #[command(subcommand)]
    command: SecretCommand,
}

#[derive(Debug, Subcommand)]
enum SecretCommand {
    Rotate(RotateArgs),
}

/// Sign access and preview tokens with a new secret from now on
///
/// Tokens that are signed with the present one hold until they end: nobody notices. Those of the one before the present one
/// hold no longer, so a second rotation ends what the first one left. Nodes that run notice by themselves within a second.
///
/// Sessions and API tokens are not signed: they go on.
#[derive(Debug, Args)]
struct RotateArgs {
    /// End all access tokens and preview links that are out at once, as when the secret is known to somebody; those who are
    /// signed in get new access tokens for their refresh tokens
    #[arg(long)]
    now: bool,

    #[command(flatten)]
    database: DatabaseOptions,
}

pub(crate) async fn run(args: SecretArgs) -> Result<()> {
    let SecretCommand::Rotate(args) = args.command;
    let store = args.database.open_existing().await?;
    let program = Viewer::program();
    let old = store
        .accounts()
        .server_secret_rotate(Command::of(&program), args.now)
        .await
        .context("the secret was not changed")?;
    store.close().await?;
    let mut out = stdout().lock();
    match (old, args.now) {
        (None, _) => writeln!(out, "tokens are signed with a new secret; there was none")?,
        (Some(old), false) => writeln!(
            out,
            "tokens are signed with a new secret; those that the one of {old} signed hold until they end, or until the next \
             rotation"
        )?,
        (Some(old), true) => {
            writeln!(out, "tokens are signed with a new secret; those that the one of {old} signed hold no longer")?;
        }
    }
    Ok(())
}
