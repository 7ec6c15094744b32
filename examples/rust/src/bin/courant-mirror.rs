//! Keeps a mirror of what readers can see: `courant-mirror FOLDER [URL] [EXPORT]`.
//!
//! Takes in what has changed since the last time. With the file of a `courant export --published` it also says what of that is another
//! thing in the mirror, which is nothing if nothing was changed between the two.

use std::{
    io::{Write, stdout},
    path::Path,
    process::ExitCode,
};

use anyhow::{Context, Result};
use courant_example::mirror::{Facts, Mirror, differences};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode> {
    let mut args = std::env::args().skip(1);
    let folder = args.next().context("usage: courant-mirror FOLDER [URL] [EXPORT]")?;
    let url = args.next().unwrap_or_else(|| "http://127.0.0.1:8080/graphql".to_owned());
    let mirror = Mirror::open(Path::new(&folder))?;
    let taken = mirror.follow(&reqwest::Client::new(), &url).await?;
    let mut out = stdout().lock();
    writeln!(out, "{taken} changes")?;
    let Some(export) = args.next() else { return Ok(ExitCode::SUCCESS) };
    let found = differences(&mirror.facts()?, &Facts::of_export(&std::fs::read_to_string(export)?)?);
    for difference in &found {
        writeln!(out, "{difference}")?;
    }
    writeln!(out, "{} differences", found.len())?;
    Ok(if found.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
