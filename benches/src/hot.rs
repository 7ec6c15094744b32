//! The hot mix: what many readers ask for again and again, from what is kept, beside a handler that has the same bytes in a map.

mod busy;
mod objects;
mod publisher;

use std::{collections::BTreeSet, fmt::Write, path::PathBuf, process::Stdio, rc::Rc, sync::Arc};

use anyhow::Result;
use serde_json::json;

use self::{busy::Busy, objects::Objects};
use crate::{
    cell::Cell,
    database::{Database, Dialect, Postgres, Sqlite},
    load::{self, Load, post, send},
    process::{self, Server},
    report::median,
    run::{self, Figures, Keeping, Target},
    sample::{Random, Sample},
};

/// How many requests are drawn.
const DRAWN: usize = 20_000;

/// Of so many requests one is for the front page, and one for the category tree.
const FRONT_OF: u64 = 10;

/// What is run.
#[derive(Debug)]
pub struct Hot {
    /// Courant's program.
    pub courant: PathBuf,
    /// The handlers' program.
    pub handwritten: PathBuf,
    /// The load of one round.
    pub load: Load,
    /// How often the servers take turns.
    pub rounds: usize,
    /// What the requests are drawn with.
    pub seed: u64,
}

impl Hot {
    /// Runs it on one database, and gives a table in Markdown.
    ///
    /// # Errors
    /// When a server fails.
    pub async fn on(&self, target: &Target) -> Result<String> {
        match Dialect::of(&target.url) {
            Dialect::Sqlite => self.with(&Sqlite::open(&target.url, "").await?, target).await,
            Dialect::Postgres => self.with(&Postgres::open(&target.url, "").await?, target).await,
        }
    }

    async fn with<D: Database>(&self, database: &D, target: &Target) -> Result<String> {
        let sample = Sample::draw(database, self.seed).await?;
        let bodies = self.draw(&sample);
        let keeping = run::courant(&self.courant, target, "error", Keeping::Answers, Stdio::inherit())?;
        let handlers = Server::start(&self.handwritten, &["--database-url", &target.url], Stdio::inherit())?;
        let requests = |path: &str| Rc::new(bodies.iter().map(|body| post(path, body)).collect::<Vec<Arc<[u8]>>>());
        let (ours, theirs) = (requests("/graphql"), requests("/kept"));
        let distinct: BTreeSet<&String> = bodies.iter().collect();
        for body in &distinct {
            let answer = load::once(keeping.address, &post("/graphql", body)).await?;
            let pair = json!([body, String::from_utf8(answer)?]).to_string();
            load::once(handlers.address, &send("PUT", "/kept", &pair)).await?;
        }
        let memory = process::resident(keeping.id())?;
        let mut rounds: Vec<[Figures; 2]> = Vec::with_capacity(self.rounds);
        for _ in 0..self.rounds {
            rounds.push([
                run::round(self.load, database, &keeping, &ours).await?,
                run::round(self.load, database, &handlers, &theirs).await?,
            ]);
        }
        drop(keeping);
        let with_load = (self.load, self.rounds);
        let objects = Objects::measure(&self.courant, &handlers, database, target, with_load, &sample).await?;
        drop(handlers);
        let busy = Busy::measure(&self.courant, database, target, with_load, (&bodies, &sample)).await?;
        let kept = table(target, D::DIALECT, distinct.len(), memory, &rounds);
        Ok(format!("{kept}\n{}\n{}", objects.table(), busy.table()))
    }

    /// Requests by Zipf's law over the sampled slugs, with the front page and the category tree among them.
    fn draw(&self, sample: &Sample) -> Vec<String> {
        let mut random = Random::new(self.seed);
        let weights: Vec<f64> = (1..=sample.slugs.len()).map(|rank| 1.0 / load::precise(rank)).collect();
        let total: f64 = weights.iter().sum();
        let request = |cell: Cell, variables: serde_json::Value| {
            json!({ "query": cell.document(), "variables": variables }).to_string()
        };
        let slug = |random: &mut Random| {
            let mut left = random.fraction() * total;
            let at = weights.iter().position(|weight| {
                left -= weight;
                left <= 0.0
            });
            sample.slugs[at.unwrap_or(0)].clone()
        };
        let one = |_| match random.below(FRONT_OF) {
            0 => request(Cell::Front, json!({})),
            1 => request(Cell::Tree, json!({})),
            _ => request(Cell::Article, json!({ "slug": slug(&mut random) })),
        };
        (0..DRAWN).map(one).collect()
    }
}

fn table(target: &Target, dialect: Dialect, distinct: usize, memory: f64, rounds: &[[Figures; 2]]) -> String {
    let of = |at: usize, figure: fn(&Figures) -> f64| median(rounds.iter().map(|round| figure(&round[at])).collect());
    let ratio = median(rounds.iter().map(|round| round[0].rate / round[1].rate).collect());
    let mut table = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(
        table,
        "{dialect:?}, {} articles, {distinct} different requests by Zipf's law, {memory:.0} MB with all of them kept; Courant's \
         requests per second are **{ratio:.2}** of the handler's:\n\n\
         | | req/s | p50, ms | p99, ms | µs of CPU |\n|---|---:|---:|---:|---:|",
        target.articles
    );
    for (at, name) in ["Courant, from kept answers", "the same bytes from a map"].iter().enumerate() {
        let _ = writeln!(
            table,
            "| {name} | {:.0} | {:.2} | {:.2} | {:.0} |",
            of(at, |figures| figures.rate),
            of(at, |figures| figures.p50),
            of(at, |figures| figures.p99),
            of(at, |figures| figures.server_cpu),
        );
    }
    table
}
