//! `courant verify`.

use std::{
    io::{BufWriter, Write, stdout},
    process::ExitCode,
};

use anyhow::{Context, Result};
use courant_options::DatabaseOptions;

/// Check that the database holds together
///
/// Each place where a rule is broken is printed on a line: the rule's name, what breaks it, what should be there and
/// what is. Nothing is changed, and it may run while the service does: what it says is true of the moment it began.
/// Lines that begin with `note:` are of what an older version left, and break nothing.
///
/// The exit code is 0 when all rules hold, and 1 when one does not.
#[derive(Debug, clap::Args)]
#[command(after_help = "docs/operations.md lists the rules, and what to do when one is broken.")]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    database: DatabaseOptions,
}

pub(crate) async fn run(args: VerifyArgs) -> Result<ExitCode> {
    let options = args.database.existing()?;
    let mut out = BufWriter::new(stdout());
    let mut written = Ok(());
    let checked = courant_persistence::verify(&options, |finding| {
        if written.is_ok() {
            written = writeln!(out, "{finding}");
        }
    })
    .await;
    written?;
    let checked = checked.map_err(|error| args.database.explain(error));
    let checked = checked.with_context(|| format!("cannot check {}", args.database))?;
    writeln!(out, "{checked}")?;
    if checked.behind > 0 {
        writeln!(
            out,
            "{} pages of it are in the write-ahead log beside the file and not in the file yet: a copy of the file alone \
             lacks them; make backups with `courant backup`",
            checked.behind
        )?;
    }
    if checked.notes > 0 {
        writeln!(out, "{} notes, which break nothing", checked.notes)?;
    }
    if checked.entries == 0 {
        writeln!(out, "it is empty: there is not one entry in it")?;
    }
    let holds = checked.broken == 0;
    match checked.broken {
        0 => writeln!(out, "{} holds together", args.database)?,
        1 => writeln!(out, "{} is broken in 1 place", args.database)?,
        broken => writeln!(out, "{} is broken in {broken} places", args.database)?,
    }
    out.flush()?;
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
