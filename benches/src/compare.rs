//! Two builds of Courant side by side, in turns: what a change costs.

use std::{fmt::Write, path::PathBuf, process::Stdio, rc::Rc};

use crate::{
    cell::Cell,
    database::{Database, Dialect, Postgres, Sqlite},
    load::{self, Load},
    process::Server,
    report::median,
    run::{self, Figures, Target},
    sample::Sample,
};
use anyhow::{Result, ensure};

/// How many answers of each request are compared before it is timed.
const COMPARED: usize = 40;

/// A build, and its own database, as builds may differ in their migrations. Both databases hold the same content.
#[derive(Debug, Clone)]
pub struct Build {
    /// The program.
    pub program: PathBuf,
    /// What it serves.
    pub target: Target,
}

/// What is compared, and how.
#[derive(Debug)]
pub struct Compare {
    /// The build before the change.
    pub before: Build,
    /// The build with it.
    pub after: Build,
    /// Which requests.
    pub cells: Vec<Cell>,
    /// The load of one measurement.
    pub load: Load,
    /// How many pairs of measurements there are of each request.
    pub pairs: usize,
    /// What the slugs and places are drawn with.
    pub seed: u64,
}

impl Compare {
    /// Runs it, and gives a table in Markdown. Which build goes first alternates from pair to pair.
    ///
    /// # Errors
    /// When a server fails.
    pub async fn run(&self) -> Result<String> {
        let url = &self.before.target.url;
        ensure!(Dialect::of(url) == Dialect::of(&self.after.target.url), "the databases are of different kinds");
        match Dialect::of(url) {
            Dialect::Sqlite => {
                self.on(Sqlite::open(url, "").await?, Sqlite::open(&self.after.target.url, "").await?).await
            }
            Dialect::Postgres => {
                self.on(Postgres::open(url, "").await?, Postgres::open(&self.after.target.url, "").await?).await
            }
        }
    }

    async fn on<D: Database>(&self, before: D, after: D) -> Result<String> {
        let sample = Sample::draw(&before, self.seed).await?;
        let start = |build: &Build| {
            run::courant(&build.program, &build.target, "error", run::Keeping::Nothing, Stdio::inherit())
        };
        let sides = [(before, start(&self.before)?), (after, start(&self.after)?)];
        let mut table = String::from(HEAD);
        for cell in self.cells.iter().copied() {
            let requests = Rc::new(cell.courant(&sample));
            let mut others = 0;
            for request in requests.iter().take(COMPARED) {
                let before = load::once(sides[0].1.address, request).await?;
                others += usize::from(before != load::once(sides[1].1.address, request).await?);
            }
            if others > 0 {
                eprintln!("{}: {others} of {COMPARED} answers are others than before", cell.name());
            }
            let mut pairs = Vec::with_capacity(self.pairs);
            for pair in 0..self.pairs {
                let mut figures = [None, None];
                for side in if pair % 2 == 0 { [0, 1] } else { [1, 0] } {
                    let (database, server): &(D, Server) = &sides[side];
                    figures[side] = Some(run::round(self.load, database, server, &requests).await?);
                }
                if let [Some(before), Some(after)] = figures {
                    pairs.push([before, after]);
                }
            }
            row(&mut table, D::DIALECT, cell, &pairs);
            eprint!("{}", table.lines().last().unwrap_or_default());
            eprintln!();
        }
        Ok(table)
    }
}

const HEAD: &str =
    "| Database | Request | Requests/s | 99 of 100 within (ms) | CPU per request (µs) |\n|---|---|---|---|---|\n";

/// Each figure after the change by that before it: the median of the pairs' ratios, and the least and greatest.
fn row(table: &mut String, dialect: Dialect, cell: Cell, pairs: &[[Figures; 2]]) {
    let column = |figure: &dyn Fn(&Figures) -> f64| {
        let mut ratios: Vec<f64> = pairs.iter().map(|[before, after]| figure(after) / figure(before)).collect();
        ratios.sort_by(f64::total_cmp);
        let middle = |side: usize| median(pairs.iter().map(|pair| figure(&pair[side])).collect());
        format!(
            "{:.0} → {:.0}: ×{:.3} ({:.2} to {:.2})",
            middle(0),
            middle(1),
            median(ratios.clone()),
            ratios.first().copied().unwrap_or_default(),
            ratios.last().copied().unwrap_or_default(),
        )
    };
    // Writing to a String cannot fail.
    let _ = writeln!(
        table,
        "| {} | {} | {} | {} | {} |",
        dialect.name(),
        cell.name(),
        column(&|figures| figures.rate),
        column(&|figures| figures.p99),
        column(&|figures| figures.server_cpu + figures.database_cpu),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_the_median_of_the_ratios_and_their_spread() {
        let figures = |rate: f64| Figures { rate, p50: 1.0, p99: 2.0, server_cpu: 30.0, database_cpu: 10.0 };
        let pairs =
            [(100.0, 90.0), (100.0, 100.0), (200.0, 220.0)].map(|(before, after)| [figures(before), figures(after)]);
        let mut table = String::new();
        row(&mut table, Dialect::Sqlite, Cell::Titles, &pairs);
        assert_eq!(
            table,
            "| SQLite | 100 titles | 100 → 100: ×1.000 (0.90 to 1.10) | 2 → 2: ×1.000 (1.00 to 1.00) | 40 → 40: ×1.000 (1.00 to 1.00) |\n"
        );
    }
}
