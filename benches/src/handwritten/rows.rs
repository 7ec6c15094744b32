//! Variant B: rows, in the fewest statements, serialised in Rust.

use std::collections::HashMap;

use axum::{extract, response::Response};
use serde::{Serialize, Serializer};
use uuid::Uuid;

use super::{
    Failure, Place, Shared, answer,
    reference::{Crumb, Reference, Shelf},
};
use crate::database::{Columns, Database, Dialect, Value};

mod statements;

/// The statements.
#[derive(Debug)]
pub struct RowSql {
    /// Rows of three sorts, told apart by the first column: the article, the related ones, the news.
    article: &'static str,
    /// The page and, on PostgreSQL, what is related to each category on it.
    front: &'static str,
    /// On SQLite, what is related to so many categories: a statement for each number of them.
    related: Vec<&'static str>,
    deep: &'static str,
    titles: &'static str,
    tree: &'static str,
}

impl RowSql {
    /// Writes the statements. What never changes while they are used is literal in them.
    #[must_use]
    pub fn new(dialect: Dialect, reference: &Reference) -> Self {
        statements::of(dialect, reference)
    }
}

#[derive(Serialize)]
struct Data<T> {
    data: T,
}

fn write<T: Serialize>(data: T) -> Result<Response, Failure> {
    match serde_json::to_vec(&Data { data }) {
        Ok(json) => Ok(answer(json)),
        Err(error) => Err(Failure::Database(sqlx::Error::Encode(error.into()))),
    }
}

/// Microseconds since 1970, written as RFC 3339 has them.
struct Instant(i64);

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(at) => serializer.collect_str(&at),
            Err(error) => Err(serde::ser::Error::custom(error)),
        }
    }
}

/// A path on the site, put together while it is written.
struct Path<'a>([&'a str; 3]);

impl Serialize for Path<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let [locale, section, slug] = self.0;
        serializer.collect_str(&format_args!("/{locale}/{section}/{slug}"))
    }
}

#[derive(Serialize)]
struct Nodes<T> {
    nodes: Vec<T>,
}

#[derive(Serialize)]
struct Articles<T> {
    articles: T,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Teaser<'a> {
    #[serde(rename = "__typename", skip_serializing_if = "Option::is_none")]
    typename: Option<&'static str>,
    title: &'a str,
    path: Path<'a>,
    published_at: Instant,
}

#[derive(Serialize)]
struct Category<'a> {
    title: &'a str,
    path: &'a str,
    related: Vec<Teaser<'a>>,
}

impl<'a> Category<'a> {
    fn new(shelf: &'a Shelf, related: Vec<Teaser<'a>>) -> Self {
        Self { title: &shelf.title, path: &shelf.path, related }
    }
}

#[derive(Serialize)]
struct Portal<'a> {
    article: Article<'a>,
    feed: Feed<'a>,
}

#[derive(Serialize)]
struct Feed<'a> {
    items: Nodes<Teaser<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Article<'a> {
    title: &'a str,
    summary: Option<&'a str>,
    published_at: Instant,
    view_count: i64,
    body: Body<'a>,
    tags: Vec<Tag<'a>>,
    breadcrumbs: &'a [Crumb],
    category: Category<'a>,
}

#[derive(Serialize)]
struct Body<'a> {
    html: &'a str,
}

#[derive(Serialize)]
struct Tag<'a> {
    name: &'a str,
}

/// The part of the `details` document that is needed.
#[derive(serde::Deserialize)]
struct Details {
    #[serde(default)]
    tags: Vec<Uuid>,
}

pub(super) async fn article<D: Database>(
    app: Shared<D>,
    extract::Path(slug): extract::Path<String>,
) -> Result<Response, Failure> {
    let locale = app.reference.locale.as_str();
    let rows = app.database.rows(app.rows.article, &[Value::Text(&slug)]).await?;
    let (mut article, mut related, mut nodes) = (None, Vec::with_capacity(5), Vec::with_capacity(10));
    for row in &rows {
        let decree = row.text(1)? == "DECREE";
        let section = if decree { "decrees" } else { "articles" };
        let teaser = Teaser {
            typename: None,
            title: row.text(2)?,
            path: Path([locale, section, row.text(3)?]),
            published_at: Instant(row.long(4)?),
        };
        match row.int(0)? {
            0 => article = Some(row),
            1 => related.push(teaser),
            _ => nodes.push(Teaser { typename: Some(if decree { "Decree" } else { "Article" }), ..teaser }),
        }
    }
    let row = article.ok_or(Failure::NotFound)?;
    let details: Details =
        serde_json::from_str(row.text(7)?).map_err(|error| Failure::Database(sqlx::Error::Decode(error.into())))?;
    let shelf = app.reference.shelf(row.id(8)?).ok_or(Failure::NotFound)?;
    write(Portal {
        article: Article {
            title: row.text(2)?,
            summary: row.text_or_null(5)?,
            published_at: Instant(row.long(4)?),
            view_count: row.long(9)?,
            body: Body { html: row.text(6)? },
            tags: details.tags.iter().filter_map(|tag| Some(Tag { name: app.reference.tags.get(tag)? })).collect(),
            breadcrumbs: &shelf.breadcrumbs,
            category: Category::new(shelf, related),
        },
        feed: Feed { items: Nodes { nodes } },
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Lead<'a, 'b> {
    title: &'a str,
    path: Path<'a>,
    summary: Option<&'a str>,
    published_at: Instant,
    category: &'b Category<'a>,
}

pub(super) async fn front<D: Database>(app: Shared<D>) -> Result<Response, Failure> {
    let locale = app.reference.locale.as_str();
    let rows = app.database.rows(app.rows.front, &[]).await?;
    // The page's rows have 0 in the first column.
    let mut page = 0;
    let mut categories: Vec<Uuid> = Vec::new();
    for row in &rows {
        if row.int(0)? == 0 {
            page += 1;
            let category = row.id(1)?;
            if !categories.contains(&category) {
                categories.push(category);
            }
        }
    }
    let mut related_rows = Vec::new();
    if D::DIALECT == Dialect::Sqlite
        && let Some(sql) = app.rows.related.get(categories.len())
    {
        let timeline = |id: &Uuid| Value::Int(app.reference.shelf(*id).and_then(|shelf| shelf.timeline).unwrap_or(0));
        let timelines: Vec<Value<'_>> = categories.iter().map(timeline).collect();
        related_rows = app.database.rows(sql, &timelines).await?;
    }
    let (page, rest) = rows.split_at(page);
    let mut related: HashMap<Uuid, Vec<Teaser<'_>>> = HashMap::new();
    for row in rest.iter().chain(&related_rows) {
        let category = if rest.is_empty() { categories[usize::try_from(row.int(0)?).unwrap_or(0)] } else { row.id(1)? };
        related.entry(category).or_default().push(Teaser {
            typename: None,
            title: row.text(2)?,
            path: Path([locale, "articles", row.text(3)?]),
            published_at: Instant(row.long(4)?),
        });
    }
    let mut shelves: HashMap<Uuid, Category<'_>> = HashMap::new();
    for id in categories {
        let shelf = app.reference.shelf(id).ok_or(Failure::NotFound)?;
        shelves.insert(id, Category::new(shelf, related.remove(&id).unwrap_or_default()));
    }
    let mut nodes = Vec::with_capacity(page.len());
    for row in page {
        nodes.push(Lead {
            title: row.text(2)?,
            path: Path([locale, "articles", row.text(3)?]),
            summary: row.text_or_null(5)?,
            published_at: Instant(row.long(4)?),
            category: &shelves[&row.id(1)?],
        });
    }
    write(Articles { articles: Nodes { nodes } })
}

#[derive(Serialize)]
struct Shelved<T> {
    category: Articles<T>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Connection<'a> {
    edges: Vec<Edge<'a>>,
    page_info: PageInfo,
}

#[derive(Serialize)]
struct Edge<'a> {
    cursor: Cursor,
    node: Teaser<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<Cursor>,
}

/// A place in the list.
#[derive(Clone, Copy)]
struct Cursor(i64, Uuid);

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}.{}", self.0, self.1))
    }
}

pub(super) async fn deep<D: Database>(
    app: Shared<D>,
    extract::Query(place): extract::Query<Place>,
) -> Result<Response, Failure> {
    const SIZE: usize = 20;
    let locale = app.reference.locale.as_str();
    let rows = app.database.rows(app.rows.deep, &place.values(&app.reference)?).await?;
    let mut edges = Vec::with_capacity(SIZE);
    for row in rows.iter().take(SIZE) {
        edges.push(Edge {
            cursor: Cursor(row.long(0)?, row.id(1)?),
            node: Teaser {
                typename: None,
                title: row.text(2)?,
                path: Path([locale, "articles", row.text(3)?]),
                published_at: Instant(row.long(4)?),
            },
        });
    }
    let page_info = PageInfo { has_next_page: rows.len() > SIZE, end_cursor: edges.last().map(|edge| edge.cursor) };
    write(Shelved { category: Articles { articles: Connection { edges, page_info } } })
}

#[derive(Serialize)]
struct Title<'a> {
    title: &'a str,
}

pub(super) async fn titles<D: Database>(app: Shared<D>) -> Result<Response, Failure> {
    let rows = app.database.rows(app.rows.titles, &[]).await?;
    let mut nodes = Vec::with_capacity(rows.len());
    for row in &rows {
        nodes.push(Title { title: row.text(0)? });
    }
    write(Articles { articles: Nodes { nodes } })
}

#[derive(Serialize)]
struct Tree<'a> {
    categories: Vec<Branch<'a>>,
}

#[derive(Serialize)]
struct Branch<'a> {
    title: &'a str,
    path: &'a str,
    children: Vec<Leaf<'a>>,
}

#[derive(Serialize)]
struct Leaf<'a> {
    title: &'a str,
    path: &'a str,
}

pub(super) async fn tree<D: Database>(app: Shared<D>) -> Result<Response, Failure> {
    // The database says which categories there are and in which order; their names and paths are at hand.
    let rows = app.database.rows(app.rows.tree, &[]).await?;
    let mut places: HashMap<Uuid, usize> = HashMap::new();
    let mut categories: Vec<Branch<'_>> = Vec::new();
    for row in &rows {
        let id = row.id(0)?;
        let Some(Shelf { title, path, .. }) = app.reference.shelf(id) else { continue };
        match row.id_or_null(1)? {
            None => {
                places.insert(id, categories.len());
                categories.push(Branch { title, path, children: Vec::new() });
            }
            Some(parent) => {
                if let Some(place) = places.get(&parent) {
                    categories[*place].children.push(Leaf { title, path });
                }
            }
        }
    }
    write(Tree { categories })
}
