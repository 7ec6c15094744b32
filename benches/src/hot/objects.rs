//! What answers are made of, kept alone: each answer is made anew, of what is in memory.

use std::{fmt::Write, path::Path, process::Stdio};

use anyhow::Result;

use crate::{
    cell::Cell,
    database::Database,
    load::{self, Load},
    process::{self, Server},
    report::median,
    run::{self, Figures, Keeping, Target, Variant},
    sample::Sample,
};

/// What was found out of each request: the rounds of Courant and of handler A.
pub(super) struct Objects {
    cells: Vec<(Cell, Vec<[Figures; 2]>)>,
    memory: f64,
}

impl Objects {
    pub(super) async fn measure<D: Database>(
        courant: &Path,
        handlers: &Server,
        database: &D,
        target: &Target,
        (load, rounds): (Load, usize),
        sample: &Sample,
    ) -> Result<Self> {
        let courant = run::courant(courant, target, "error", Keeping::Objects, Stdio::inherit())?;
        let mut cells = Vec::new();
        for cell in [Cell::Article, Cell::Front, Cell::Deep, Cell::Titles] {
            let [ours, theirs] = [Variant::Courant, Variant::Json].map(|variant| variant.requests(cell, sample));
            for request in &*ours {
                load::once(courant.address, request).await?;
            }
            let mut found = Vec::with_capacity(rounds);
            for _ in 0..rounds {
                found.push([
                    run::round(load, database, &courant, &ours).await?,
                    run::round(load, database, handlers, &theirs).await?,
                ]);
            }
            cells.push((cell, found));
        }
        Ok(Self { cells, memory: process::resident(courant.id())? })
    }

    /// The same as a table in Markdown.
    pub(super) fn table(&self) -> String {
        let mut table = format!(
            "No answer is kept, but what they are made of is ({:.0} MB in all), beside handler A, which asks the database:\n\n\
             | | Courant, req/s | A, req/s | **of A** | p99, ms | A: p99 | µs of CPU | A: µs, with the database |\n\
             |---|---:|---:|---:|---:|---:|---:|---:|\n",
            self.memory
        );
        for (cell, rounds) in &self.cells {
            let of = |at: usize, figure: fn(&Figures) -> f64| {
                median(rounds.iter().map(|round| figure(&round[at])).collect())
            };
            let ratio = median(rounds.iter().map(|round| round[0].rate / round[1].rate).collect());
            // Writing to a String cannot fail.
            let _ = writeln!(
                table,
                "| {} | {:.0} | {:.0} | **{ratio:.2}** | {:.2} | {:.2} | {:.0} | {:.0} |",
                cell.name(),
                of(0, |figures| figures.rate),
                of(1, |figures| figures.rate),
                of(0, |figures| figures.p99),
                of(1, |figures| figures.p99),
                of(0, |figures| figures.server_cpu + figures.database_cpu),
                of(1, |figures| figures.server_cpu + figures.database_cpu),
            );
        }
        table
    }
}
