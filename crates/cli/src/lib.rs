//! The composition root: reads the command line and the environment, and wires the other crates together.
//!
//! *Invariants*: this crate and the options it takes (`courant_options`) alone read the environment, and it holds no rule of the
//! content model: what a command does to content, it asks the store to do.

mod args;
mod command;
mod interrupt;
mod progress;

use std::{collections::BTreeSet, process::ExitCode};

use clap::{CommandFactory, Parser};

use crate::args::{Cli, Command};

/// Runs the command line of this process.
///
/// The exit code is 0 when all went well, 1 when something did not, and 2 when the command line or the
/// configuration cannot be understood.
#[must_use]
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    cli.log.init();
    for warning in unknown_variables().into_iter().chain(cli.log.unknown()) {
        tracing::warn!("{warning}");
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.into()),
    };
    let result = runtime.block_on(async {
        interrupt::outlive_file_limits();
        dispatch(cli.command).await
    });
    // What still runs on another thread (a file being parsed) is not waited for.
    runtime.shutdown_background();
    result.unwrap_or_else(|error| fail(&error))
}

/// What is to be said of variables that look like ours and that no command reads.
fn unknown_variables() -> Vec<String> {
    fn collect(command: &clap::Command, known: &mut BTreeSet<String>) {
        known.extend(command.get_arguments().filter_map(|argument| argument.get_env()?.to_str().map(str::to_owned)));
        command.get_subcommands().for_each(|below| collect(below, known));
    }
    let mut known = BTreeSet::new();
    collect(&Cli::command(), &mut known);
    courant_options::unknown_variables(&known, std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()))
}

async fn dispatch(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(args) => command::serve::run(*args).await?,
        Command::Seed(args) => command::seed::run(args).await?,
        Command::Import(args) => return command::import::run(args).await,
        Command::Export(args) => command::export::run(args).await?,
        Command::Backup(args) => command::backup::run(args).await?,
        Command::Restore(args) => command::restore::run(args).await?,
        Command::Site(args) => command::site::run(args).await?,
        Command::User(args) => command::user::run(args).await?,
        Command::Secret(args) => command::secret::run(args).await?,
        Command::Webhook(args) => command::webhook::run(args).await?,
        Command::Migrate(args) => command::migrate::run(args).await?,
        Command::Verify(args) => return command::verify::run(args).await,
        Command::Schema(args) => return command::schema::run(&args),
    }
    Ok(ExitCode::SUCCESS)
}

fn fail(error: &anyhow::Error) -> ExitCode {
    // Who closes the pipe (`courant export | head`) has seen enough.
    let closed = error.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>());
    if !closed.map(std::io::Error::kind).any(|kind| kind == std::io::ErrorKind::BrokenPipe) {
        eprintln!("error: {error:#}");
    }
    ExitCode::FAILURE
}
