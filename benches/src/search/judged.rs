//! How good what is found is: our search beside words as they are, trigrams and PostgreSQL's full text, by the judged sets of
//! `crates/search/tests/judged`.

#[expect(clippy::panic, reason = "the sets are files of ours, and are whole")]
#[path = "../../../crates/search/tests/judged/sets.rs"]
mod sets;

use std::{collections::HashMap, fmt::Write as _};

use anyhow::{Context, Result};
use courant_search::{Document, Indexer, Mark, SearchIndex};
use sqlx::{Row as _, postgres::PgPoolOptions};
use uuid::Uuid;

use self::sets::{Bm25, JUDGED, Judgement, LANGUAGES, Query, Text, Wanted, judge, queries, texts, tokens, trigrams};
use super::{corpus, ours::request};

/// Judges all of them, and gives a table in Markdown.
///
/// # Errors
/// When the database fails, or an index cannot be made.
pub async fn table(postgres: &str) -> Result<String> {
    let mut table = String::from(
        "| | | Courant | plain tokens | all of the tokens | trigrams | PostgreSQL |\n|---|---|---:|---:|---:|---:|---:|\n",
    );
    for language in LANGUAGES {
        let (texts, queries) = (texts(language), queries(language));
        let found = ours(language, &texts, &queries)?;
        let (words, parts) = (Bm25::new(&texts, tokens), Bm25::new(&texts, trigrams));
        let theirs = full_text(postgres, language, &texts, &queries).await?;
        let of = |all: &HashMap<&str, Vec<String>>, typed: &str| all.get(typed).cloned().unwrap_or_default();
        let judged = [
            judge(&queries, |typed| of(&found, typed)),
            judge(&queries, |typed| words.find(typed, Wanted::Any)),
            judge(&queries, |typed| words.find(typed, Wanted::All)),
            judge(&queries, |typed| parts.find(typed, Wanted::Any)),
            judge(&queries, |typed| of(&theirs, typed)),
        ];
        let row = |figure: fn(&Judgement) -> f64| {
            judged.iter().map(|one| format!("{:.3}", figure(one))).collect::<Vec<_>>().join(" | ")
        };
        // Writing to a String cannot fail.
        let _ = writeln!(
            table,
            "| {language} | nDCG@10 | {} |\n| | recall@10 | {} |",
            row(|it| it.ndcg),
            row(|it| it.recall)
        );
    }
    Ok(table)
}

type Found = HashMap<&'static str, Vec<String>>;

fn ours(language: &str, texts: &[Text], queries: &[Query]) -> Result<Found> {
    let index = SearchIndex::new(None);
    let mut indexer = Indexer::new(index.clone());
    let document = |(at, text): (usize, &Text)| Document {
        entry: Uuid::from_u128(at as u128),
        locale: language.to_owned(),
        readers: vec![language.to_owned()],
        kind: "ARTICLE".to_owned(),
        category: Uuid::nil(),
        tags: Vec::new(),
        signatory: None,
        year: 2024,
        published: 0,
        number: None,
        title: text.title.to_owned(),
        summary: None,
        text: text.body.to_owned(),
    };
    let documents: Vec<Document> = texts.iter().enumerate().map(document).collect();
    indexer.begin(documents.len() as u64)?;
    indexer.add(&documents)?;
    indexer.finish(Mark { seq: 1, micros: 1, fallbacks: 0 })?;
    let name = |entry: Uuid| {
        let at = usize::try_from(entry.as_u128()).ok()?;
        texts.get(at).map(|text| text.name.to_owned())
    };
    let mut all = Found::new();
    for query in queries {
        let mut request = request(language, query.typed);
        request.first = JUDGED;
        let hits = index.search(&request)?.hits;
        all.insert(query.typed, hits.into_iter().filter_map(|hit| name(hit.entry)).collect());
    }
    Ok(all)
}

async fn full_text(url: &str, language: &str, texts: &[Text], queries: &[Query]) -> Result<Found> {
    let config = corpus::LANGUAGES.iter().find(|known| known.tag == language).context("no such language")?.config;
    let pool = PgPoolOptions::new().max_connections(1).connect(url).await.context("cannot reach PostgreSQL")?;
    // Of this connection alone, and gone with it.
    sqlx::raw_sql("CREATE TEMPORARY TABLE judged (name text NOT NULL, words tsvector NOT NULL)").execute(&pool).await?;
    let put = "INSERT INTO judged SELECT $1, setweight(to_tsvector($2::text::regconfig, $3), 'A')
        || setweight(to_tsvector($2::text::regconfig, $4), 'D')";
    for text in texts {
        sqlx::query(put).bind(text.name).bind(config).bind(text.title).bind(text.body).execute(&pool).await?;
    }
    let find = "SELECT name FROM judged, plainto_tsquery($1::text::regconfig, $2) AS asked WHERE words @@ asked
        ORDER BY ts_rank('{0.33, 0.4, 0.6, 1}', words, asked) DESC, name LIMIT 10";
    let mut all = Found::new();
    for query in queries {
        let rows = sqlx::query(find).bind(config).bind(query.typed).fetch_all(&pool).await?;
        let names = rows.iter().map(|row| row.try_get::<String, _>(0)).collect::<Result<Vec<_>, _>>()?;
        all.insert(query.typed, names);
    }
    pool.close().await;
    Ok(all)
}
