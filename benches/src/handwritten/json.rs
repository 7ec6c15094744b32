//! Variant A: one statement, which builds the answer as JSON in the database.

use axum::{extract, response::Response};

use super::{Failure, Place, Shared, answer, reference::Reference};
use crate::database::{Database, Dialect, Value};

mod postgres;
mod sqlite;

/// The statements. Each gives one row with the whole answer.
#[derive(Debug)]
pub struct JsonSql {
    article: &'static str,
    front: &'static str,
    deep: &'static str,
    titles: &'static str,
    tree: &'static str,
}

impl JsonSql {
    /// Writes the statements. What never changes while they are used is literal in them.
    #[must_use]
    pub fn new(dialect: Dialect, reference: &Reference) -> Self {
        match dialect {
            Dialect::Sqlite => sqlite::statements(reference),
            Dialect::Postgres => postgres::statements(reference),
        }
    }
}

async fn run<D: Database>(database: &D, sql: &'static str, values: &[Value<'_>]) -> Result<Response, Failure> {
    let json = database.json(sql, values).await?.ok_or(Failure::NotFound)?;
    Ok(answer(json))
}

pub(super) async fn article<D: Database>(
    app: Shared<D>,
    extract::Path(slug): extract::Path<String>,
) -> Result<Response, Failure> {
    run(&app.database, app.json.article, &[Value::Text(&slug)]).await
}

pub(super) async fn front<D: Database>(app: Shared<D>) -> Result<Response, Failure> {
    run(&app.database, app.json.front, &[]).await
}

pub(super) async fn deep<D: Database>(
    app: Shared<D>,
    extract::Query(place): extract::Query<Place>,
) -> Result<Response, Failure> {
    run(&app.database, app.json.deep, &place.values(&app.reference)?).await
}

pub(super) async fn titles<D: Database>(app: Shared<D>) -> Result<Response, Failure> {
    run(&app.database, app.json.titles, &[]).await
}

pub(super) async fn tree<D: Database>(app: Shared<D>) -> Result<Response, Failure> {
    run(&app.database, app.json.tree, &[]).await
}
