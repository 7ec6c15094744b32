//! SQLite's FTS5 by hand: an index of words for each language that keeps no text, a table of what is counted by, and one statement for
//! hits, count and facets.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use serde_json::Value;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};

use super::{
    Put,
    corpus::{Corpus, LANGUAGES, Sort},
};

const BATCH: u32 = 5_000;

const MAKE: &str = "
    CREATE TABLE document (id INTEGER PRIMARY KEY, locale TEXT NOT NULL, kind TEXT NOT NULL, category INTEGER NOT NULL,
        signatory INTEGER, year INTEGER NOT NULL, published INTEGER NOT NULL);
    CREATE TABLE document_tag (document INTEGER NOT NULL, tag INTEGER NOT NULL, PRIMARY KEY (document, tag)) WITHOUT ROWID;
    CREATE VIRTUAL TABLE words_en USING fts5(title, body, content='', tokenize='porter unicode61');
    CREATE VIRTUAL TABLE words_ru USING fts5(title, body, content='', tokenize='unicode61');
    CREATE VIRTUAL TABLE words_tk USING fts5(title, body, content='', tokenize='unicode61')";

const PUT: [&str; 3] = [
    "INSERT INTO words_en (rowid, title, body) VALUES ($1, $2, $3)",
    "INSERT INTO words_ru (rowid, title, body) VALUES ($1, $2, $3)",
    "INSERT INTO words_tk (rowid, title, body) VALUES ($1, $2, $3)",
];

macro_rules! statement {
    ($words:literal) => {
        concat!(
            "WITH hits AS MATERIALIZED (
                SELECT document.*, score FROM
                    (SELECT rowid AS found, bm25(",
            $words,
            ", 3.0, 1.0) AS score FROM ",
            $words,
            " WHERE ",
            $words,
            " MATCH $1) JOIN document ON id = found)
            SELECT json_object(
                'hits', (SELECT json_group_array(id) FROM (SELECT id FROM hits ORDER BY score, published DESC, id DESC LIMIT 20)),
                'total', (SELECT count(*) FROM hits),
                'kinds', (SELECT json_group_object(kind, n) FROM (SELECT kind, count(*) AS n FROM hits GROUP BY kind)),
                'categories', (SELECT json_group_object(category, n) FROM (SELECT category, count(*) AS n FROM hits GROUP BY category)),
                'tags', (SELECT json_group_object(tag, n) FROM
                    (SELECT tag, count(*) AS n FROM hits JOIN document_tag ON document = id GROUP BY tag)),
                'years', (SELECT json_group_object(year, n) FROM (SELECT year, count(*) AS n FROM hits GROUP BY year)),
                'signatories', (SELECT json_group_object(signatory, n) FROM
                    (SELECT signatory, count(*) AS n FROM hits WHERE signatory IS NOT NULL GROUP BY signatory)),
                'languages', (SELECT json_group_object(locale, n) FROM (SELECT locale, count(*) AS n FROM hits GROUP BY locale)))"
        )
    };
}

const SEARCH: [&str; 3] = [statement!("words_en"), statement!("words_ru"), statement!("words_tk")];

pub(super) struct Sqlite {
    pool: SqlitePool,
}

impl Sqlite {
    /// Puts the texts into a file of its own.
    pub(super) async fn build(folder: &Path, corpus: &Corpus, documents: u32) -> Result<(Self, Put)> {
        let file = folder.join("fts5.db");
        let options = SqliteConnectOptions::new().filename(&file).create_if_missing(true);
        let options =
            options.pragma("journal_mode", "wal").pragma("synchronous", "normal").pragma("cache_size", "-65536");
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
        sqlx::raw_sql(MAKE).execute(&pool).await?;
        let mut took = Duration::ZERO;
        for from in (0..documents).step_by(BATCH as usize) {
            let texts: Vec<_> =
                (from..documents.min(from + BATCH)).map(|number| (number, corpus.text(number))).collect();
            let begun = Instant::now();
            let mut transaction = pool.begin().await?;
            for (number, text) in &texts {
                let document = "INSERT INTO document VALUES ($1, $2, $3, $4, $5, $6, $7)";
                let document = sqlx::query(document).bind(text.number).bind(text.language.tag).bind(text.kind);
                let document = document.bind(text.category).bind(text.signatory).bind(text.year).bind(text.published);
                document.execute(&mut *transaction).await?;
                for tag in &text.tags {
                    let tagged = sqlx::query("INSERT INTO document_tag VALUES ($1, $2)").bind(text.number).bind(tag);
                    tagged.execute(&mut *transaction).await?;
                }
                let put = sqlx::query(PUT[*number as usize % LANGUAGES.len()]);
                put.bind(text.number).bind(&text.title).bind(&text.body).execute(&mut *transaction).await?;
            }
            transaction.commit().await?;
            took += begun.elapsed();
        }
        let begun = Instant::now();
        // As one piece, which is how it is quickest to read.
        let merge =
            "INSERT INTO words_en (words_en) VALUES ('optimize'); INSERT INTO words_ru (words_ru) VALUES ('optimize');
            INSERT INTO words_tk (words_tk) VALUES ('optimize'); PRAGMA wal_checkpoint(TRUNCATE); ANALYZE";
        sqlx::raw_sql(merge).execute(&pool).await?;
        took += begun.elapsed();
        let bytes = std::fs::metadata(&file)?.len();
        Ok((Self { pool }, Put { took, bytes }))
    }

    /// Searches with all facets; how many were found.
    pub(super) async fn search(&self, sort: Sort, language: usize, typed: &str) -> Result<u64> {
        let matched = if sort == Sort::Prefix { format!("\"{typed}\"*") } else { format!("\"{typed}\"") };
        let answer: String = sqlx::query_scalar(SEARCH[language]).bind(matched).fetch_one(&self.pool).await?;
        let answer: Value = serde_json::from_str(&answer)?;
        answer["total"].as_u64().context("no count")
    }
}
