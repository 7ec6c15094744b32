//! The command line as a whole.

use clap::{Parser, Subcommand};
use courant_options::LogOptions;

use crate::command::{
    backup::BackupArgs, export::ExportArgs, import::ImportArgs, migrate::MigrateArgs, restore::RestoreArgs,
    schema::SchemaArgs, secret::SecretArgs, seed::SeedArgs, serve::ServeArgs, site::SiteArgs, user::UserArgs,
    verify::VerifyArgs, webhook::WebhookArgs,
};

/// A GraphQL content service for newsrooms and official gazettes.
///
/// Every option can also be given as the environment variable named beside it; the command line wins.
#[derive(Debug, Parser)]
#[command(name = "courant", version, propagate_version = true, max_term_width = 100, after_help = FIRST_STEPS)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) log: LogOptions,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const FIRST_STEPS: &str = "First steps:
  courant seed     fill ./data/courant.db with sample content
  courant serve    and open http://127.0.0.1:8080/graphiql";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Serve(Box<ServeArgs>),
    Seed(SeedArgs),
    Import(ImportArgs),
    Export(ExportArgs),
    Backup(BackupArgs),
    Restore(RestoreArgs),
    Site(SiteArgs),
    Migrate(MigrateArgs),
    User(UserArgs),
    Secret(SecretArgs),
    Webhook(WebhookArgs),
    Verify(VerifyArgs),
    Schema(SchemaArgs),
}
