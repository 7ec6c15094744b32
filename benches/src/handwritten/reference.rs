//! Categories, tags and timelines, read once.

use std::{collections::HashMap, fmt::Write};

use anyhow::{Context, Result, ensure};
use courant_domain::{
    address,
    category::{Category, CategoryTree},
    feed::Feed,
    id::CategoryId,
    locale::Locale,
    site::Site,
    slug::Slug,
    text::Localized,
};
use serde::Serialize;
use uuid::Uuid;

use crate::database::{Columns, Database, Dialect};

/// The reference data of a site, in its default language.
#[derive(Debug)]
pub struct Reference {
    /// The language.
    pub locale: Locale,
    /// The timeline of all articles.
    pub articles: i32,
    /// The timelines that the feed "last news" mixes.
    pub news: Vec<i32>,
    /// The names of tags.
    pub tags: HashMap<Uuid, String>,
    shelves: Vec<Shelf>,
    by_id: HashMap<Uuid, usize>,
    by_path: HashMap<String, usize>,
}

/// A category, as readers see it.
#[derive(Debug)]
pub struct Shelf {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub title: String,
    /// Its path on the site.
    pub path: String,
    /// The way to it.
    pub breadcrumbs: Vec<Crumb>,
    /// The timeline of its articles, those below it included; none when it has none.
    pub timeline: Option<i32>,
}

/// A step of the way to a category.
#[derive(Debug, Clone, Serialize)]
pub struct Crumb {
    title: String,
    path: String,
}

impl Reference {
    /// Reads it.
    ///
    /// # Errors
    /// When it cannot be read, or the feed "last news" is not what the statements are made for.
    pub async fn load<D: Database>(database: &D) -> Result<Self> {
        let site: Site = document(database, "SELECT document FROM site").await?;
        let locale = site.default_locale;
        let feed: Feed = document(database, "SELECT document FROM feed WHERE slug = 'last-news'").await?;
        ensure!(
            feed.kinds.is_empty() && feed.categories.is_empty() && feed.tags.is_empty() && feed.pinned.is_empty(),
            "the feed \"last news\" is not the one every site has from the start"
        );
        let timelines = timelines(database, locale).await?;
        let timeline = |kind: &str, scope: String| timelines.get(&(kind.to_owned(), scope)).copied();
        let tree = tree(database).await?;
        let crumb = |category: &Category| Crumb {
            title: category.title.resolve(&site, locale).unwrap_or(category.slug.as_str()).to_owned(),
            path: address::category_path(locale, tree.path(category.id).unwrap_or_default()),
        };
        let home = Crumb {
            title: site.name.resolve(&site, locale).unwrap_or_default().to_owned(),
            path: address::home_path(locale),
        };
        let mut reference = Self {
            locale,
            articles: timeline("ARTICLE", "ALL".into()).context("there are no articles")?,
            news: ["ARTICLE", "DECREE"].into_iter().filter_map(|kind| timeline(kind, "ALL".into())).collect(),
            tags: tags(database, &site, locale).await?,
            shelves: Vec::new(),
            by_id: HashMap::new(),
            by_path: HashMap::new(),
        };
        for (at, category) in tree.iter().enumerate() {
            let Crumb { title, path } = crumb(category);
            let above = tree.ancestors(category.id).chain([category]).map(crumb);
            reference.by_id.insert(category.id.uuid(), at);
            reference.by_path.insert(tree.path(category.id).unwrap_or_default().to_owned(), at);
            reference.shelves.push(Shelf {
                id: category.id.uuid(),
                title,
                path,
                breadcrumbs: std::iter::once(home.clone()).chain(above).collect(),
                timeline: timeline("ARTICLE", format!("SUBTREE:{}", category.id)),
            });
        }
        Ok(reference)
    }

    /// The category with this id.
    #[must_use]
    pub fn shelf(&self, id: Uuid) -> Option<&Shelf> {
        self.shelves.get(*self.by_id.get(&id)?)
    }

    /// The timeline of the category at this path of slugs.
    #[must_use]
    pub fn timeline(&self, path: &str) -> Option<i32> {
        self.shelves.get(*self.by_path.get(path)?)?.timeline
    }

    /// The statements that give a connection its tables of categories and tags.
    #[must_use]
    pub fn tables(&self, dialect: Dialect) -> &'static str {
        let (uuid, json) = match dialect {
            Dialect::Sqlite => ("blob", "text"),
            Dialect::Postgres => ("uuid", "json"),
        };
        let mut sql = format!(
            "CREATE TEMP TABLE shelf (id {uuid} NOT NULL PRIMARY KEY, title text NOT NULL, path text NOT NULL, \
             breadcrumbs {json} NOT NULL, timeline_id integer); \
             CREATE TEMP TABLE label (id {uuid} NOT NULL PRIMARY KEY, name text NOT NULL);"
        );
        let id = |id: Uuid| match dialect {
            Dialect::Sqlite => format!("x'{}'", id.simple()),
            Dialect::Postgres => format!("'{id}'"),
        };
        let text = |text: &str| format!("'{}'", text.replace('\'', "''"));
        // Writing to a String cannot fail.
        for Shelf { id: key, title, path, breadcrumbs, timeline } in &self.shelves {
            let breadcrumbs = serde_json::to_string(breadcrumbs).unwrap_or_default();
            let timeline = timeline.map_or_else(|| "NULL".to_owned(), |number| number.to_string());
            let values = [id(*key), text(title), text(path), text(&breadcrumbs), timeline].join(", ");
            let _ = write!(sql, " INSERT INTO shelf VALUES ({values});");
        }
        for (key, name) in &self.tags {
            let _ = write!(sql, " INSERT INTO label VALUES ({}, {});", id(*key), text(name));
        }
        if dialect == Dialect::Postgres {
            sql.push_str(" ANALYZE shelf; ANALYZE label;");
        }
        sql.leak()
    }
}

async fn document<D: Database, T: serde::de::DeserializeOwned>(database: &D, sql: &'static str) -> Result<T> {
    let text = database.json(sql, &[]).await?.with_context(|| format!("nothing in answer to: {sql}"))?;
    Ok(serde_json::from_str(&text)?)
}

/// The timelines of one language's readers, by kind and scope.
async fn timelines<D: Database>(database: &D, locale: Locale) -> Result<HashMap<(String, String), i32>> {
    let rows = database.rows("SELECT id, locale, kind, scope FROM timeline", &[]).await?;
    let mut timelines = HashMap::new();
    for row in &rows {
        if row.text(1)? == locale.as_str() {
            timelines.insert((row.text(2)?.to_owned(), row.text(3)?.to_owned()), row.int(0)?);
        }
    }
    Ok(timelines)
}

async fn tree<D: Database>(database: &D) -> Result<CategoryTree> {
    let rows = database.rows("SELECT id, parent_id, position, slug, title FROM category", &[]).await?;
    let categories = rows.iter().map(|row| {
        Ok(Category {
            id: CategoryId::from(row.id(0)?),
            parent: row.id_or_null(1)?.map(CategoryId::from),
            position: row.int(2)?,
            slug: Slug::parse(row.text(3)?)?,
            title: serde_json::from_str(row.text(4)?)?,
            description: Localized::default(),
        })
    });
    Ok(CategoryTree::build(categories.collect::<Result<_>>()?)?)
}

async fn tags<D: Database>(database: &D, site: &Site, locale: Locale) -> Result<HashMap<Uuid, String>> {
    let rows = database.rows("SELECT id, slug, name FROM tag", &[]).await?;
    rows.iter()
        .map(|row| {
            let name: Localized = serde_json::from_str(row.text(2)?)?;
            Ok((row.id(0)?, name.resolve(site, locale).unwrap_or(row.text(1)?).to_owned()))
        })
        .collect()
}
