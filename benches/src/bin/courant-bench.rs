//! Measures Courant beside the hand-written handlers. `script/bench` calls it.

use std::{path::PathBuf, time::Duration};

use anyhow::{Context, Result};
use clap::Parser;
use courant_benches::{
    cell::Cell,
    compare::{Build, Compare},
    hot::Hot,
    load::Load,
    machine, report,
    run::{Run, Target},
    search::Search,
    subscribers::{Subscribers, Way},
    views::Views,
};

/// Measure Courant beside hand-written handlers on the same databases
#[derive(Parser)]
enum Args {
    Run(RunArgs),
    Compare(CompareArgs),
    Hot(HotArgs),
    Subscribers(SubscribersArgs),
    Views(ViewsArgs),
    Search(SearchArgs),
    Judged(JudgedArgs),
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

/// Measure what is asked for again and again, from kept answers, beside the same bytes from a map
#[derive(clap::Args)]
struct HotArgs {
    /// A database and how many articles it holds; can be given again
    #[arg(long = "database", value_name = "ARTICLES=URL", value_parser = target, required = true)]
    databases: Vec<Target>,

    #[command(flatten)]
    load: LoadArgs,

    /// How often the servers take turns
    #[arg(long, value_name = "NUMBER", default_value_t = 3)]
    rounds: usize,

    /// What the requests are drawn with
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,

    /// The folder of the programs `courant` and `courant-handwritten`; this program's own when none is given
    #[arg(long, value_name = "FOLDER")]
    programs: Option<PathBuf>,
}

/// Measure how soon many subscribers hear of what is published, and what they take
#[derive(clap::Args)]
struct SubscribersArgs {
    /// How many subscribe, by WebSockets and then by Server-Sent Events
    #[arg(long, value_name = "NUMBER", default_value_t = 10_000)]
    subscribers: usize,

    /// How many changes are published one by one
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    publishes: usize,

    /// How many a second are published in the storm
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    storm: u32,

    /// How many seconds the storm lasts
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    storm_seconds: u32,

    /// An empty folder for the database
    #[arg(long, value_name = "FOLDER")]
    folder: PathBuf,

    /// The folder of the program `courant`; this program's own when none is given
    #[arg(long, value_name = "FOLDER")]
    programs: Option<PathBuf>,
}

/// Measure how many reads are counted a second, and what readers lose while they come
#[derive(clap::Args)]
struct ViewsArgs {
    /// A database and how many articles it holds; can be given again
    #[arg(long = "database", value_name = "ARTICLES=URL", value_parser = target, required = true)]
    databases: Vec<Target>,

    #[command(flatten)]
    load: LoadArgs,

    /// How often each is measured
    #[arg(long, value_name = "NUMBER", default_value_t = 3)]
    rounds: usize,

    /// How many requests a connection sends before it reads their answers
    #[arg(long, value_name = "NUMBER", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..))]
    pipelined: u16,

    /// How many reads a second come while readers are measured
    #[arg(long, value_name = "NUMBER", default_value_t = 2_000)]
    beside: u32,

    /// What the requests are drawn with
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,

    /// The folder of the program `courant`; this program's own when none is given
    #[arg(long, value_name = "FOLDER")]
    programs: Option<PathBuf>,
}

/// Measure searching beside PostgreSQL's full text and SQLite's FTS5 over the same texts, and how soon what is published is found
#[derive(clap::Args)]
struct SearchArgs {
    /// How many texts; several make several tables
    #[arg(long, value_name = "NUMBER", value_delimiter = ',', default_value = "100000")]
    documents: Vec<u32>,

    /// A database of PostgreSQL's, in which a schema is made and taken away again; left out when none is given
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,

    /// An empty folder for indexes and databases
    #[arg(long, value_name = "FOLDER")]
    folder: PathBuf,

    /// How long each sort of query is asked in each language
    #[arg(long, value_name = "SECONDS", default_value_t = 2.0)]
    seconds: f64,

    /// What texts and queries are drawn with
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,

    /// Leave out how soon something is found
    #[arg(long)]
    index_only: bool,

    /// The folder of the program `courant`; this program's own when none is given
    #[arg(long, value_name = "FOLDER")]
    programs: Option<PathBuf>,
}

/// Judge what is found beside plain tokens, trigrams and PostgreSQL's full text
#[derive(clap::Args)]
struct JudgedArgs {
    /// A database of PostgreSQL's; nothing stays in it
    #[arg(long, value_name = "URL")]
    postgres: String,
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
        Args::Hot(args) => hot(args).await,
        Args::Subscribers(args) => subscribers(args).await,
        Args::Views(args) => views(args).await,
        Args::Search(args) => search(args).await,
        Args::Judged(args) => {
            println!("{}", courant_benches::search::judged::table(&args.postgres).await?);
            Ok(())
        }
        Args::Decrees(args) => courant_benches::decrees::add(&args.database_url, args.count).await,
    }
}

async fn compare(args: CompareArgs) -> Result<()> {
    let load = args.load.load();
    let CompareArgs { before, after, cells, pairs, seed, .. } = args;
    println!("{}", Compare { before, after, cells, load, pairs, seed }.run().await?);
    Ok(())
}

/// What is asked for again and again, beside the same bytes from a map.
async fn hot(args: HotArgs) -> Result<()> {
    let programs = programs(args.programs.as_ref())?;
    let hot = Hot {
        courant: programs.join("courant"),
        handwritten: programs.join("courant-handwritten"),
        load: args.load.load(),
        rounds: args.rounds,
        seed: args.seed,
    };
    for target in &args.databases {
        println!("{}", hot.on(target).await?);
    }
    Ok(())
}

/// Many subscribers, and what is published to them.
async fn subscribers(args: SubscribersArgs) -> Result<()> {
    let subscribers = Subscribers {
        courant: programs(args.programs.as_ref())?.join("courant"),
        subscribers: args.subscribers,
        publishes: args.publishes,
        storm: (args.storm, args.storm_seconds),
    };
    for way in [Way::WebSocket, Way::Events] {
        println!("{}", subscribers.run(&args.folder, way).await?);
    }
    Ok(())
}

/// Reads that are told of, alone and beside readers.
async fn views(args: ViewsArgs) -> Result<()> {
    let views = Views {
        courant: programs(args.programs.as_ref())?.join("courant"),
        load: args.load.load(),
        rounds: args.rounds,
        pipelined: args.pipelined.into(),
        beside: args.beside,
        seed: args.seed,
    };
    for target in &args.databases {
        println!("{}", views.on(target).await?);
    }
    Ok(())
}

/// Searching, beside databases.
async fn search(args: SearchArgs) -> Result<()> {
    let programs = programs(args.programs.as_ref())?;
    let search = Search {
        documents: args.documents,
        postgres: args.postgres,
        folder: args.folder,
        measured: Duration::from_secs_f64(args.seconds),
        seed: args.seed,
        courant: (!args.index_only).then(|| programs.join("courant")),
    };
    println!("{}", search.run().await?);
    Ok(())
}

/// The folder of the programs: this program's own when none is given.
fn programs(folder: Option<&PathBuf>) -> Result<PathBuf> {
    match folder {
        Some(folder) => Ok(folder.clone()),
        None => Ok(std::env::current_exe()?.parent().context("this program is in no folder")?.to_owned()),
    }
}

async fn run(args: RunArgs) -> Result<()> {
    let programs = programs(args.programs.as_ref())?;
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
