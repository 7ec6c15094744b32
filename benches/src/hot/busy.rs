//! The hot mix on a server that has other things to do: while somebody publishes, at a rate that does not wait for it, and with
//! as much kept as ten thousand answers take.

use std::{collections::BTreeSet, fmt::Write, path::Path, process::Stdio, rc::Rc, sync::Arc, time::Duration};

use anyhow::Result;
use serde_json::json;

use super::publisher::{EVERY, Publisher, Stale};
use crate::{
    cell::Cell,
    database::Database,
    load::{self, Client, Load, Measured, post},
    process::{self, Server},
    report::median,
    run::{self, Figures, Target},
    sample::Sample,
};

/// How long is measured while somebody publishes, at the least: so that there is something to see of it.
const LEAST: Duration = Duration::from_secs(10);

/// How much of the peak the load that does not wait is.
const PART_OF_PEAK: f64 = 0.7;

/// How often something is published to see what that makes stale.
const LOOKS: usize = 10;

/// How many answers are kept to see what memory they take.
const ANSWERS: usize = 10_000;

/// What was found out.
pub(super) struct Busy {
    /// Rounds without and with somebody who publishes.
    rounds: Vec<[Figures; 2]>,
    paced: Measured,
    paced_rate: f64,
    stale: Stale,
    /// Megabytes before and after so many answers were kept, and how many there were.
    memory: (f64, f64, usize),
}

impl Busy {
    /// Finds it out, with these requests.
    pub(super) async fn measure<D: Database>(
        courant: &Path,
        database: &D,
        target: &Target,
        (load, rounds): (Load, usize),
        (bodies, sample): (&[String], &Sample),
    ) -> Result<Self> {
        let requests: Rc<Vec<Arc<[u8]>>> = Rc::new(bodies.iter().map(|body| post("/graphql", body)).collect());
        let server = server(courant, target, "64M")?;
        let mut publisher = Publisher::start(courant, target, server.address).await?;
        let longer = Load { measured: load.measured.max(LEAST), ..load };
        let mut found = Vec::with_capacity(rounds);
        for _ in 0..rounds {
            let without = run::round(longer, database, &server, &requests).await?;
            let with = tokio::select! {
                with = run::round(longer, database, &server, &requests) => with?,
                failed = publisher.go_on() => { failed?; continue }
            };
            found.push([without, with]);
        }
        let peak = median(found.iter().map(|round| round[0].rate).collect());
        let paced_rate = peak * PART_OF_PEAK;
        // Enough connections for none to be waited for, as long as the server keeps up.
        let many = Load { connections: load.connections * 4, ..longer };
        let paced = load::paced(server.address, &requests, many, paced_rate).await?;
        drop(server);
        let (stale, memory) = kept(courant, target, bodies, sample).await?;
        Ok(Self { rounds: found, paced, paced_rate, stale, memory })
    }

    /// The same as a table in Markdown.
    pub(super) fn table(&self) -> String {
        let of = |at: usize, figure: fn(&Figures) -> f64| {
            median(self.rounds.iter().map(|round| figure(&round[at])).collect())
        };
        let mut table = String::from("| | req/s | p50, ms | p99, ms | µs of CPU |\n|---|---:|---:|---:|---:|\n");
        for (at, name) in ["nobody publishes", "one publish a second"].iter().enumerate() {
            // Writing to a String cannot fail.
            let _ = writeln!(
                table,
                "| {name} | {:.0} | {:.2} | {:.2} | {:.0} |",
                of(at, |figures| figures.rate),
                of(at, |figures| figures.p50),
                of(at, |figures| figures.p99),
                of(at, |figures| figures.server_cpu),
            );
        }
        let _ = writeln!(
            table,
            "| {:.0} requests a second, whatever the server does | {:.0} | {:.2} | {:.2} | |",
            self.paced_rate,
            self.paced.rate(),
            self.paced.permille(500),
            self.paced.permille(990),
        );
        let slower = median(self.rounds.iter().map(|round| round[1].p99 / round[0].p99).collect());
        let Stale { kept, stale, for_nothing } = self.stale;
        let share = 100.0 * load::precise(for_nothing) / load::precise(stale.max(1));
        let (before, after, answers) = self.memory;
        let _ = writeln!(
            table,
            "\nWhile somebody publishes every {} s, 99 of 100 answers take at most **{slower:.2}** times as long. Of {kept} answers that \
             were kept when something was published, {stale} were made anew, and {for_nothing} of these (**{share:.1} %**) \
             were the same again. {answers} kept answers take {:.0} MB: {before:.0} MB before, {after:.0} MB with them.",
            EVERY.as_secs(),
            after - before,
        );
        table
    }
}

/// Courant on a database, whose kept answers end by changes alone.
fn server(courant: &Path, target: &Target, kept: &str) -> Result<Server> {
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--database-url", &target.url, "--log", "error"];
    let settings =
        [("COURANT_ANSWER_CACHE", kept), ("COURANT_VIEWS_LAG", "86400"), ("COURANT_ACCESS_TOKEN_MINUTES", "60")];
    Server::with(courant, &arguments, &settings, Stdio::inherit())
}

/// What a publish makes stale of all sorts of answers, and what memory many take.
async fn kept(
    courant: &Path,
    target: &Target,
    bodies: &[String],
    sample: &Sample,
) -> Result<(Stale, (f64, f64, usize))> {
    let server = server(courant, target, "2G")?;
    let mut publisher = Publisher::start(courant, target, server.address).await?;
    let hot: BTreeSet<&String> = bodies.iter().collect();
    let mut all: Vec<Arc<[u8]>> = hot.into_iter().map(|body| post("/graphql", body)).collect();
    for cell in [Cell::Deep, Cell::Titles] {
        all.extend(cell.courant(sample));
    }
    all.sort_unstable();
    all.dedup();
    let before = process::resident(server.id())?;
    // Each article's page under as many documents as it takes, which differ in nothing that makes them larger.
    let pages = (0..).flat_map(|number| {
        let document = Cell::Article.document().replacen('{', &format!("{{ again{number}: __typename "), 1);
        sample.slugs.iter().map(move |slug| json!({ "query": document, "variables": { "slug": slug } }).to_string())
    });
    let mut distinct = BTreeSet::new();
    let mut client = Client::connect(server.address).await?;
    for page in pages.take(sample.slugs.len() * 16) {
        if distinct.len() == ANSWERS {
            break;
        }
        if distinct.insert(page.clone()) {
            client.send(&post("/graphql", &page)).await?;
        }
    }
    let memory = (before, process::resident(server.id())?, distinct.len());
    Ok((publisher.look(&all, LOOKS).await?, memory))
}
