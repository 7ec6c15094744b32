//! Hours of what a newsroom and its readers do, and worse, to one server: does its memory stay flat, is every answer
//! right, and is what was acknowledged there in the end?
//!
//! | part | does |
//! |---|---|
//! | `site` | the server as a process, its database and its commands |
//! | `ask` | requests, and what they were answered with |
//! | `readers` | pages, which must be the same as at the beginning |
//! | `writers` | articles made, changed, published and taken back, each known by its editor |
//! | `others` | sign-ins, imports, sockets that do nothing or read slowly |
//! | `gauge` | memory and open files, line by line |

mod ask;
mod gauge;
mod others;
mod readers;
mod site;
mod writers;

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use clap::Parser;
use tokio::{sync::watch, task::JoinSet};

use self::{ask::Tally, gauge::Gauge, site::Site, writers::Writer};

/// Mixed load on one database, which is to be new
#[derive(Debug, Clone, Parser)]
pub struct Soak {
    /// The program
    #[arg(long, value_name = "FILE")]
    program: PathBuf,

    /// The database
    #[arg(long, value_name = "URL")]
    database_url: String,

    /// For how long
    #[arg(long, value_name = "HOURS", default_value_t = 2.0)]
    hours: f64,

    /// How many articles are there from the start
    #[arg(long, value_name = "NUMBER", default_value_t = 2000)]
    articles: u32,

    /// Where what was measured goes, a line every 30 seconds
    #[arg(long, value_name = "FILE")]
    csv: PathBuf,

    /// Where the server's log goes
    #[arg(long, value_name = "FILE")]
    log: PathBuf,

    /// A folder for what is imported
    #[arg(long, value_name = "FOLDER")]
    folder: PathBuf,
}

const READERS: usize = 4;
const WRITERS: usize = 2;
const SLOW: usize = 8;
const IDLE: usize = 64;

/// What all parts know.
struct Load {
    site: Arc<Site>,
    tally: Arc<Tally>,
    stop: watch::Receiver<bool>,
}

impl Load {
    /// Waits, and says whether there is more to do.
    async fn goes_on(&mut self, pause: Duration) -> bool {
        if *self.stop.borrow() {
            return false;
        }
        let mut stop = self.stop.clone();
        // Whoever could say so is gone: then it is over, too.
        tokio::time::timeout(pause, stop.wait_for(|stop| *stop)).await.is_err()
    }
}

/// Runs the load, and says in the end whether all was well.
///
/// # Errors
/// When something was not, or could not be found out.
pub async fn run(soak: Soak) -> Result<()> {
    let lasts = Duration::try_from_secs_f64(soak.hours * 3600.0).context("no length of time")?;
    let site = Arc::new(Site::make(&soak).await?);
    let tally = Arc::new(Tally::default());
    let (stopper, stop) = watch::channel(false);
    let load = || Load { site: Arc::clone(&site), tally: Arc::clone(&tally), stop: stop.clone() };

    let mut working = JoinSet::new();
    let pages = Arc::new(readers::pages(&site).await?);
    for number in 0..READERS {
        working.spawn(readers::read(load(), Arc::clone(&pages), number));
    }
    working.spawn(others::sign_in(load()));
    working.spawn(others::import(load(), soak.folder.clone()));
    for _ in 0..SLOW {
        working.spawn(others::read_slowly(load()));
    }
    working.spawn(others::do_nothing(load(), IDLE));
    let mut writing = JoinSet::new();
    for number in 0..WRITERS {
        writing.spawn(Writer::new(number).work(load()));
    }

    let mut gauge = Gauge::begin(&soak.csv, lasts)?;
    let begun = Instant::now();
    // It is killed and stopped in the first quarter; what is judged is one process from then on.
    let mut ends = vec![(lasts / 6, site::End::Term), (lasts / 12, site::End::Kill)];
    while begun.elapsed() < lasts {
        tokio::time::sleep(gauge.pause()).await;
        if let Some((_, end)) = ends.pop_if(|(at, _)| begun.elapsed() >= *at) {
            site.restart(end).await?;
        }
        gauge.measure(&site, &tally)?;
    }
    stopper.send(true).context("nobody is left to stop")?;
    while let Some(ended) = working.join_next().await {
        ended.context("a part of the load broke")??;
    }
    let mut writers = Vec::new();
    while let Some(ended) = writing.join_next().await {
        writers.push(ended.context("a writer broke")??);
    }

    site.restart(site::End::Term).await?;
    let mut wrong = tally.wrong();
    let mut known = 0;
    for writer in writers {
        let (pieces, lost) = writer.check(&site).await?;
        known += pieces;
        wrong.extend(lost);
    }
    site.stop().await?;
    wrong.extend(site.verify().await?);
    wrong.extend(gauge.judge()?);
    println!("{tally}; {known} articles of the writers were looked up in the end");
    if wrong.is_empty() {
        println!("all is well: {}", gauge.said()?);
        return Ok(());
    }
    for what in &wrong {
        println!("WRONG: {what}");
    }
    bail!("{} things were wrong", wrong.len())
}
