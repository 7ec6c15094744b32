//! Searching: our index beside PostgreSQL's full text (GIN, and RUM where it is installed) and SQLite's FTS5, with hand-written SQL, over the same texts in one run; and how
//! soon what is published is found.

mod corpus;
mod findable;
pub mod judged;
mod ours;
mod postgres;
mod sqlite;

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::Result;

use self::{
    corpus::{Corpus, LANGUAGES, Sort},
    ours::Ours,
    postgres::Postgres,
    sqlite::Sqlite,
};
use crate::load::{Measured, precise};

/// So many hits are on a page.
const PAGE: usize = 20;
/// So many different queries of a sort are asked in a language.
const QUERIES: usize = 50;
/// So many are asked at the least, however long they take.
const LEAST: usize = 5;

/// What is run.
#[derive(Debug)]
pub struct Search {
    /// How many texts, one table for each.
    pub documents: Vec<u32>,
    /// A database of PostgreSQL's in which a schema may be made; none leaves it out.
    pub postgres: Option<String>,
    /// An empty folder for indexes.
    pub folder: PathBuf,
    /// How long each sort of query is asked in each language, at about.
    pub measured: Duration,
    /// What texts and queries are drawn with.
    pub seed: u64,
    /// Courant's program, for how soon something is found; none leaves it out.
    pub courant: Option<PathBuf>,
}

/// What it took to put the texts in.
struct Put {
    took: Duration,
    bytes: u64,
}

/// What was asked of one of them.
struct Asked {
    measured: Measured,
    /// How many the middle query finds.
    hits: u64,
}

impl Search {
    /// Runs it, and gives tables in Markdown.
    ///
    /// # Errors
    /// When a database or the server fails, or the folder cannot be written.
    pub async fn run(&self) -> Result<String> {
        let corpus = Corpus::new(self.seed);
        let mut tables = String::new();
        for &documents in &self.documents {
            let folder = self.folder.join(documents.to_string());
            std::fs::create_dir_all(&folder)?;
            self.of(&corpus, documents, &folder, &mut tables).await?;
        }
        if let Some(courant) = &self.courant {
            let folder = self.folder.join("server");
            std::fs::create_dir_all(&folder)?;
            let found = findable::measure(courant, &folder, 10, 30).await?;
            // Writing to a String cannot fail.
            let _ = writeln!(
                tables,
                "From a publish acknowledged to it being found, {} publishes at {:.1} a second: p50 {:.0} ms, p99 {:.0} ms, the last {:.0} ms",
                found.answers,
                found.rate(),
                found.permille(500),
                found.permille(990),
                found.permille(1000),
            );
        }
        Ok(tables)
    }

    async fn of(&self, corpus: &Corpus, documents: u32, folder: &Path, tables: &mut String) -> Result<()> {
        let index = folder.join("index");
        std::fs::create_dir_all(&index)?;
        let (ours, our_put) = Ours::build(corpus, documents, &index)?;
        eprintln!("{documents} texts are in our index");
        // Before SQLite has anything in this process's memory.
        for sort in Sort::ALL {
            for (language, of) in LANGUAGES.iter().enumerate() {
                for query in corpus.queries(sort, language, QUERIES, documents) {
                    ours.search(sort, of.tag, &query)?;
                }
            }
        }
        let memory = ours.memory()?;
        let (sqlite, sqlite_put) = Sqlite::build(folder, corpus, documents).await?;
        eprintln!("{documents} texts are in SQLite");
        let (postgres, postgres_put) = match &self.postgres {
            Some(url) => Some(Postgres::build(url, corpus, documents).await?),
            None => None,
        }
        .unzip();
        let (rum, rum_put) = match &postgres {
            Some(postgres) => postgres.with_rum().await?,
            None => None,
        }
        .unzip();
        let mut rows = String::new();
        for sort in Sort::ALL {
            for (language, of) in LANGUAGES.iter().enumerate() {
                let queries = corpus.queries(sort, language, QUERIES, documents);
                let mine = self.ask(&queries, async |typed| ours.search(sort, of.tag, typed)).await?;
                let mut others = [None, None, None];
                for (asked, postgres) in others.iter_mut().zip([&postgres, &rum]) {
                    if let Some(postgres) = postgres {
                        *asked =
                            Some(self.ask(&queries, async |typed| postgres.search(sort, language, typed).await).await?);
                    }
                }
                others[2] = Some(self.ask(&queries, async |typed| sqlite.search(sort, language, typed).await).await?);
                row(&mut rows, (of.tag, sort.name()), &mine, &others);
                eprintln!("{} in {}: {:.2} ms", sort.name(), of.tag, mine.measured.permille(500));
            }
        }
        for (language, of) in LANGUAGES.iter().enumerate() {
            let queries = corpus.queries(Sort::Prefix, language, QUERIES, documents);
            let mine = self.ask(&queries, async |typed| ours.suggest(of.tag, typed)).await?;
            row(&mut rows, (of.tag, "suggestions for three letters"), &mine, &[None, None, None]);
        }
        let ours = ours.keeping(&index)?;
        for (language, of) in LANGUAGES.iter().enumerate() {
            let queries = corpus.queries(Sort::Frequent, language, QUERIES, documents);
            for query in &queries {
                ours.search(Sort::Frequent, of.tag, query)?;
            }
            let mine = self.ask(&queries, async |typed| ours.search(Sort::Frequent, of.tag, typed)).await?;
            row(&mut rows, (of.tag, "a very frequent word, asked again"), &mine, &[None, None, None]);
        }
        let puts = [Some(&our_put), postgres_put.as_ref(), rum_put.as_ref(), Some(&sqlite_put)];
        let cells = |cell: fn(u32, &Put) -> String| {
            puts.map(|put| put.map_or("–".to_owned(), |put| cell(documents, put))).join(" | ")
        };
        let rates = cells(|documents, put| format!("{:.0}", f64::from(documents) / put.took.as_secs_f64()));
        let sizes = cells(|_, put| (put.bytes / 1_000_000).to_string());
        // Writing to a String cannot fail.
        let _ = write!(
            tables,
            "### {documents} texts\n\n| | Courant | PostgreSQL, GIN | PostgreSQL, RUM | SQLite |\n|---|---:|---:|---:|---:|\n\
             | texts a second put in | {rates} |\n| on disk, MB | {sizes} |\n\
             | in memory, without pages of files, MB | {memory:.0} | – | – | – |\n\n\
             | | language | hits | Courant p50, p99, ms | GIN: hits; p50, p99 | RUM: hits; p50, p99 | SQLite: hits; p50, p99 \
             | GIN / Courant | RUM / Courant | SQLite / Courant |\n|---|---|---:|---:|---:|---:|---:|---:|---:|---:|\n{rows}\n",
        );
        if let Some(postgres) = postgres {
            postgres.drop().await?;
        }
        Ok(())
    }

    /// Asks one after the other, for about as long as is wanted. The first of each is asked twice, and counts the second time.
    async fn ask(&self, queries: &[String], ask: impl AsyncFn(&str) -> Result<u64>) -> Result<Asked> {
        let begun = Instant::now();
        for query in queries.iter().take(LEAST) {
            ask(query).await?;
        }
        let (mut latencies, mut hits) = (Vec::new(), Vec::new());
        let begun = begun + begun.elapsed();
        while latencies.len() < LEAST || begun.elapsed() < self.measured {
            let query = &queries[latencies.len() % queries.len()];
            let sent = Instant::now();
            hits.push(ask(query).await?);
            latencies.push(u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX));
        }
        latencies.sort_unstable();
        hits.sort_unstable();
        let measured = Measured { answers: latencies.len(), seconds: begun.elapsed().as_secs_f64(), latencies };
        Ok(Asked { measured, hits: hits[hits.len() / 2] })
    }
}

fn row(rows: &mut String, (language, name): (&str, &str), ours: &Asked, others: &[Option<Asked>; 3]) {
    let times = |asked: &Asked| format!("{:.2}, {:.2}", asked.measured.permille(500), asked.measured.permille(990));
    let rate = |asked: &Asked| precise(asked.measured.latencies.len()) / asked.measured.seconds;
    let cells = |cell: &dyn Fn(&Asked) -> String| {
        let cells = others.each_ref().map(|asked| asked.as_ref().map_or("–".to_owned(), cell));
        cells.join(" | ")
    };
    let answers = cells(&|asked| format!("{}; {}", asked.hits, times(asked)));
    let ratios = cells(&|asked| format!("{:.1}", rate(ours) / rate(asked)));
    // Writing to a String cannot fail.
    let _ = writeln!(rows, "| {name} | {language} | {} | {} | {answers} | {ratios} |", ours.hits, times(ours));
}
