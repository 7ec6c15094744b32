//! Measures Courant beside the hand-written handlers. `script/bench` calls it.

use std::{path::PathBuf, time::Duration};

use anyhow::{Context, Result};
use clap::Parser;
use courant_benches::{
    cell::Cell,
    compare::{Build, Compare},
    load::Load,
    machine, report,
    run::{Run, Target},
};

/// Measure Courant beside hand-written handlers on the same databases
#[derive(Parser)]
enum Args {
    Run(RunArgs),
    Compare(CompareArgs),
    Decrees(DecreesArgs),
}

/// Add decrees to a database of generated articles
#[derive(clap::Args)]
struct DecreesArgs {
    /// The database
    #[arg(long, value_name = "URL")]
    database_url: String,

    /// How many decrees
    #[arg(long, value_name = "NUMBER")]
    count: u32,
}

/// Measure Courant beside hand-written handlers on the same databases
#[derive(clap::Args)]
struct RunArgs {
    /// A database and how many articles it holds; can be given again
    #[arg(long = "database", value_name = "ARTICLES=URL", value_parser = target, required = true)]
    databases: Vec<Target>,

    /// Which requests
    #[arg(long, value_name = "REQUEST", value_delimiter = ',', default_values_t = Cell::ALL, value_enum)]
    cells: Vec<Cell>,

    #[command(flatten)]
    load: LoadArgs,

    /// How often the servers take turns
    #[arg(long, value_name = "NUMBER", default_value_t = 3)]
    rounds: usize,

    /// What the slugs and cursors are drawn with
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,

    /// The folder of the programs `courant` and `courant-handwritten`; this program's own when none is given
    #[arg(long, value_name = "FOLDER")]
    programs: Option<PathBuf>,

    /// Write the report into this file, too
    #[arg(long, value_name = "FILE")]
    publish: Option<PathBuf>,

    /// The command that the report names
    #[arg(long, value_name = "COMMAND", default_value = "script/bench")]
    command: String,
}

/// Measure two builds in turns and print how the second compares with the first
#[derive(clap::Args)]
struct CompareArgs {
    /// The program before the change, the number of articles and its own database
    #[arg(long, value_name = "PROGRAM=ARTICLES=URL", value_parser = build)]
    before: Build,

    /// The program with the change, and a database of its own with the same content
    #[arg(long, value_name = "PROGRAM=ARTICLES=URL", value_parser = build)]
    after: Build,

    /// Which requests
    #[arg(long, value_name = "REQUEST", value_delimiter = ',', default_values_t = Cell::ALL, value_enum)]
    cells: Vec<Cell>,

    #[command(flatten)]
    load: LoadArgs,

    /// How many pairs are measured of each request
    #[arg(long, value_name = "NUMBER", default_value_t = 10)]
    pairs: usize,

    /// What the slugs and cursors are drawn with
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
}

#[derive(clap::Args)]
struct LoadArgs {
    /// How many connections send requests
    #[arg(long, value_name = "NUMBER", default_value_t = 32)]
    connections: usize,

    /// How long each server is measured for each request and round
    #[arg(long, value_name = "SECONDS", default_value_t = 2.0)]
    seconds: f64,

    /// How long it is loaded before that
    #[arg(long, value_name = "SECONDS", default_value_t = 0.4)]
    warm_up: f64,
}

impl LoadArgs {
    fn load(&self) -> Load {
        Load {
            connections: self.connections,
            warm_up: Duration::from_secs_f64(self.warm_up),
            measured: Duration::from_secs_f64(self.seconds),
        }
    }
}

fn build(text: &str) -> Result<Build, String> {
    let (program, database) = text.split_once('=').ok_or("wanted is PROGRAM=ARTICLES=URL")?;
    Ok(Build { program: program.into(), target: target(database)? })
}

fn target(text: &str) -> Result<Target, String> {
    let (articles, url) = text.split_once('=').ok_or("wanted is ARTICLES=URL")?;
    let articles = articles.parse().map_err(|_| format!("{articles} is no number of articles"))?;
    Ok(Target { articles, url: url.to_owned() })
}

// One thread: the processors are the servers'.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    match Args::parse() {
        Args::Run(args) => run(args).await,
        Args::Compare(args) => compare(args).await,
        Args::Decrees(args) => courant_benches::decrees::add(&args.database_url, args.count).await,
    }
}

async fn compare(args: CompareArgs) -> Result<()> {
    let load = args.load.load();
    let CompareArgs { before, after, cells, pairs, seed, .. } = args;
    println!("{}", Compare { before, after, cells, load, pairs, seed }.run().await?);
    Ok(())
}

async fn run(args: RunArgs) -> Result<()> {
    let own = std::env::current_exe()?;
    let programs = match &args.programs {
        Some(folder) => folder.as_path(),
        None => own.parent().context("this program is in no folder")?,
    };
    let run = Run {
        courant: programs.join("courant"),
        handwritten: programs.join("courant-handwritten"),
        cells: args.cells,
        load: args.load.load(),
        rounds: args.rounds,
        seed: args.seed,
    };
    let mut reports = Vec::with_capacity(args.databases.len());
    for target in &args.databases {
        reports.push(run.on(target).await?);
    }
    let tables = report::markdown(&reports);
    println!("{tables}");
    if let Some(file) = &args.publish {
        let page = machine::page(&run, &args.command, &tables)?;
        std::fs::write(file, page).with_context(|| format!("cannot write {}", file.display()))?;
        eprintln!("written to {}", file.display());
    }
    Ok(())
}
