//! `courant schema`.

use std::{
    io::{Write, stdout},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::{Context, Result};
use similar::TextDiff;

/// Print the GraphQL schema in the schema definition language
#[derive(Debug, clap::Args)]
pub(crate) struct SchemaArgs {
    /// Compare it with this file instead, or with schema.graphql when none is named; where they differ, show how, and exit
    /// with 1
    #[arg(long, env = "COURANT_SCHEMA_CHECK", value_name = "FILE", num_args = 0..=1, default_missing_value = "schema.graphql")]
    check: Option<PathBuf>,
}

pub(crate) fn run(args: &SchemaArgs) -> Result<ExitCode> {
    let schema = courant_gateway::sdl();
    let Some(file) = &args.check else {
        stdout().write_all(schema.as_bytes()).context("cannot write the schema")?;
        return Ok(ExitCode::SUCCESS);
    };
    let found = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    if found == schema {
        return Ok(ExitCode::SUCCESS);
    }
    let name = file.display().to_string();
    let diff = TextDiff::from_lines(&found, &schema);
    write!(stdout(), "{}", diff.unified_diff().header(&name, "courant schema"))?;
    eprintln!("{name} is not the schema; if the change is wanted: courant schema > {name}");
    Ok(ExitCode::FAILURE)
}
