//! PostgreSQL's full text by hand: a column of words with the weights of title and text, an index of the kind GIN or RUM, and one statement
//! for hits, count and facets.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::Value;
use sqlx::postgres::{PgPool, PgPoolOptions};

use super::{
    Put,
    corpus::{Corpus, LANGUAGES, Sort, Text},
};

const BATCH: u32 = 1_000;

const MAKE: &str = "DROP SCHEMA IF EXISTS search_bench CASCADE; CREATE SCHEMA search_bench;
    CREATE TABLE search_bench.gin (id integer PRIMARY KEY, locale text NOT NULL, kind text NOT NULL, category integer NOT NULL,
        tags integer[] NOT NULL, signatory integer, year smallint NOT NULL, published bigint NOT NULL, words tsvector NOT NULL)";

const PUT: &str = "INSERT INTO search_bench.gin
    SELECT id, locale, kind, category, tags::integer[], signatory, year, published,
        setweight(to_tsvector(config::regconfig, title), 'A') || setweight(to_tsvector(config::regconfig, body), 'D')
    FROM unnest($1::integer[], $2::text[], $3::text[], $4::integer[], $5::text[], $6::integer[], $7::smallint[], $8::bigint[],
        $9::text[], $10::text[], $11::text[])
        AS given(id, locale, kind, category, tags, signatory, year, published, config, title, body)";

/// What GIN finds is ranked one by one. RUM knows where words are, and gives the best ones first.
macro_rules! statement {
    (GIN, $asked:literal) => {
        statement!(
            "gin, ",
            $asked,
            ", ts_rank('{0.33, 0.4, 0.6, 1}', words, asked) AS rank",
            "SELECT id FROM hits ORDER BY rank DESC, published DESC, id DESC LIMIT 20"
        )
    };
    (RUM, $asked:literal) => {
        statement!(
            "rum, ",
            $asked,
            "",
            concat!(
                "SELECT id FROM search_bench.rum WHERE words @@ ",
                $asked,
                " AND locale = $2 ORDER BY words <=> ",
                $asked,
                " LIMIT 20"
            )
        )
    };
    ($table:literal, $asked:literal, $rank:literal, $best:expr) => {
        concat!(
            "WITH hits AS MATERIALIZED (
                SELECT id, kind, category, tags, signatory, year, locale, published",
            $rank,
            " FROM search_bench.",
            $table,
            $asked,
            " AS asked WHERE words @@ asked AND locale = $2)
            SELECT json_build_object(
                'hits', (SELECT json_agg(id) FROM (",
            $best,
            ") AS best),
                'total', (SELECT count(*) FROM hits),
                'kinds', (SELECT json_object_agg(kind, n) FROM (SELECT kind, count(*) AS n FROM hits GROUP BY kind) AS f),
                'categories', (SELECT json_object_agg(category, n) FROM (SELECT category, count(*) AS n FROM hits GROUP BY category) AS f),
                'tags', (SELECT json_object_agg(tag, n) FROM (SELECT tag, count(*) AS n FROM hits, unnest(tags) AS tag GROUP BY tag) AS f),
                'years', (SELECT json_object_agg(year, n) FROM (SELECT year, count(*) AS n FROM hits GROUP BY year) AS f),
                'signatories', (SELECT json_object_agg(signatory, n) FROM
                    (SELECT signatory, count(*) AS n FROM hits WHERE signatory IS NOT NULL GROUP BY signatory) AS f),
                'languages', (SELECT json_object_agg(locale, n) FROM (SELECT locale, count(*) AS n FROM hits GROUP BY locale) AS f)
            )::text"
        )
    };
}

macro_rules! statements {
    ($kind:ident) => {
        Statements {
            words: statement!($kind, "plainto_tsquery($3::text::regconfig, $1)"),
            phrase: statement!($kind, "phraseto_tsquery($3::text::regconfig, $1)"),
            prefix: statement!($kind, "to_tsquery('simple'::regconfig, $1 || ':*' || left($3::text, 0))"),
        }
    };
}

struct Statements {
    words: &'static str,
    phrase: &'static str,
    prefix: &'static str,
}

const GIN: Statements = statements!(GIN);
const RUM: Statements = statements!(RUM);

pub(super) struct Postgres {
    pool: PgPool,
    statements: Statements,
    /// What it took to put the texts in before there was an index.
    filled: Duration,
}

impl Postgres {
    /// Puts the texts into a schema of its own.
    pub(super) async fn build(url: &str, corpus: &Corpus, documents: u32) -> Result<(Self, Put)> {
        let pool = PgPoolOptions::new().max_connections(1).connect(url).await.context("cannot reach PostgreSQL")?;
        sqlx::raw_sql(MAKE).execute(&pool).await?;
        let mut filled = Duration::ZERO;
        for from in (0..documents).step_by(BATCH as usize) {
            let texts: Vec<Text> = (from..documents.min(from + BATCH)).map(|number| corpus.text(number)).collect();
            let all = |of: fn(&Text) -> String| texts.iter().map(of).collect::<Vec<String>>();
            let numbers = |of: fn(&Text) -> i32| texts.iter().map(of).collect::<Vec<i32>>();
            let query = sqlx::query(PUT)
                .bind(numbers(|text| text.number))
                .bind(all(|text| text.language.tag.to_owned()))
                .bind(all(|text| text.kind.to_owned()))
                .bind(numbers(|text| text.category))
                .bind(all(|text| format!("{:?}", text.tags).replace('[', "{").replace(']', "}")))
                .bind(texts.iter().map(|text| text.signatory).collect::<Vec<Option<i32>>>())
                .bind(texts.iter().map(|text| text.year).collect::<Vec<i16>>())
                .bind(texts.iter().map(|text| text.published).collect::<Vec<i64>>())
                .bind(all(|text| text.language.config.to_owned()))
                .bind(all(|text| text.title.clone()))
                .bind(all(|text| text.body.clone()));
            let begun = Instant::now();
            query.execute(&pool).await?;
            filled += begun.elapsed();
        }
        let index = "SET maintenance_work_mem = '512MB'; CREATE INDEX gin_words ON search_bench.gin USING gin (words)";
        let begun = Instant::now();
        sqlx::raw_sql(index).execute(&pool).await?;
        let took = filled + begun.elapsed();
        sqlx::raw_sql("VACUUM ANALYZE search_bench.gin").execute(&pool).await?;
        let size: i64 =
            sqlx::query_scalar("SELECT pg_total_relation_size('search_bench.gin')").fetch_one(&pool).await?;
        Ok((Self { pool, statements: GIN, filled }, Put { took, bytes: size.unsigned_abs() }))
    }

    /// The same texts in a table with an index of the kind RUM, if the server has that (Debian's `postgresql-15-rum`).
    pub(super) async fn with_rum(&self) -> Result<Option<(Self, Put)>> {
        let pool = &self.pool;
        let is_there = "SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'rum')";
        if !sqlx::query_scalar(is_there).fetch_one(pool).await? {
            return Ok(None);
        }
        let copy =
            "CREATE EXTENSION IF NOT EXISTS rum; CREATE TABLE search_bench.rum AS SELECT * FROM search_bench.gin;
            ALTER TABLE search_bench.rum ADD PRIMARY KEY (id)";
        sqlx::raw_sql(copy).execute(pool).await?;
        let begun = Instant::now();
        sqlx::raw_sql("CREATE INDEX rum_words ON search_bench.rum USING rum (words rum_tsvector_ops)")
            .execute(pool)
            .await?;
        let took = self.filled + begun.elapsed();
        sqlx::raw_sql("VACUUM ANALYZE search_bench.rum").execute(pool).await?;
        let size: i64 = sqlx::query_scalar("SELECT pg_total_relation_size('search_bench.rum')").fetch_one(pool).await?;
        let put = Put { took, bytes: size.unsigned_abs() };
        Ok(Some((Self { pool: pool.clone(), statements: RUM, filled: self.filled }, put)))
    }

    /// Searches with all facets; how many were found.
    pub(super) async fn search(&self, sort: Sort, language: usize, typed: &str) -> Result<u64> {
        let sql = match sort {
            Sort::Phrase => self.statements.phrase,
            Sort::Prefix => self.statements.prefix,
            _ => self.statements.words,
        };
        let query = sqlx::query_scalar(sql).bind(typed).bind(LANGUAGES[language].tag).bind(LANGUAGES[language].config);
        let answer: String = query.fetch_one(&self.pool).await?;
        let answer: Value = serde_json::from_str(&answer)?;
        answer["total"].as_u64().context("no count")
    }

    /// Takes all of it away.
    pub(super) async fn drop(self) -> Result<()> {
        sqlx::raw_sql("DROP SCHEMA search_bench CASCADE").execute(&self.pool).await?;
        Ok(())
    }
}
