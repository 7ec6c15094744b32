//! What Courant is compared with: axum handlers that do nothing but answer these five requests, with SQL made
//! for them. They have no schema, no limits, no loaders, no languages and no errors worth the name.
//!
//! Each request has two handlers. [`json`] has the database build the whole answer in one statement. [`rows`]
//! fetches rows in the fewest statements and serialises them in Rust. Both know the reference data by heart, as
//! Courant does: each connection has a small table of the categories' titles, paths and timelines and of the
//! tags' names in memory, so that no statement looks them up in documents.

pub mod json;
mod kept;
pub mod reference;
pub mod rows;

use std::sync::Arc;

use anyhow::Result;
use axum::{
    Router,
    body::Body,
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;
use tokio::net::TcpListener;
use uuid::Uuid;

use self::{json::JsonSql, reference::Reference, rows::RowSql};
use crate::database::{Database, Dialect, Postgres, Sqlite, Value};

/// What the handlers share.
pub struct App<D> {
    database: D,
    reference: Reference,
    json: JsonSql,
    rows: RowSql,
}

/// Serves the handlers of the database at this URL.
///
/// # Errors
/// When the database cannot be read, or the server fails.
pub async fn serve(url: &str, listener: TcpListener) -> Result<()> {
    let router = match Dialect::of(url) {
        Dialect::Sqlite => {
            let reference = Reference::load(&Sqlite::open(url, "").await?).await?;
            let database = Sqlite::open(url, reference.tables(Dialect::Sqlite)).await?;
            router(database, reference)
        }
        Dialect::Postgres => {
            let reference = Reference::load(&Postgres::open(url, "").await?).await?;
            let database = Postgres::open(url, reference.tables(Dialect::Postgres)).await?;
            router(database, reference)
        }
    };
    println!("Endpoint http://{}", listener.local_addr()?);
    Ok(axum::serve(axum::serve::ListenerExt::tap_io(listener, |stream| drop(stream.set_nodelay(true))), router).await?)
}

fn router<D: Database>(database: D, reference: Reference) -> Router {
    let (json, rows) = (JsonSql::new(D::DIALECT, &reference), RowSql::new(D::DIALECT, &reference));
    let app = Arc::new(App { database, reference, json, rows });
    let a = Router::new()
        .route("/article/{slug}", get(json::article::<D>))
        .route("/front", get(json::front::<D>))
        .route("/deep", get(json::deep::<D>))
        .route("/titles", get(json::titles::<D>))
        .route("/tree", get(json::tree::<D>));
    let b = Router::new()
        .route("/article/{slug}", get(rows::article::<D>))
        .route("/front", get(rows::front::<D>))
        .route("/deep", get(rows::deep::<D>))
        .route("/titles", get(rows::titles::<D>))
        .route("/tree", get(rows::tree::<D>));
    Router::new().nest("/a", a).nest("/b", b).with_state(app).merge(kept::router())
}

type Shared<D> = State<Arc<App<D>>>;

/// A page's place in a list: `?category=politics/parliament&key=…&entry=…`.
#[derive(Debug, Deserialize)]
pub struct Place {
    category: String,
    key: i64,
    entry: Uuid,
}

impl Place {
    /// The page's parameters: the category's timeline, and the place.
    fn values(&self, reference: &Reference) -> Result<[Value<'static>; 3], Failure> {
        let timeline = reference.timeline(&self.category).ok_or(Failure::NotFound)?;
        Ok([Value::Int(timeline), Value::Long(self.key), Value::Id(self.entry)])
    }
}

/// What goes wrong.
#[derive(Debug)]
pub enum Failure {
    /// Nothing is there.
    NotFound,
    /// The database failed.
    Database(sqlx::Error),
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND.into_response(),
            Self::Database(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
        }
    }
}

fn answer(json: impl Into<Body>) -> Response {
    ([(CONTENT_TYPE, "application/json")], json.into()).into_response()
}
