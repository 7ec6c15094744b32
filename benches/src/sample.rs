//! What the requests ask for: slugs and places in lists, drawn from the database.

use std::collections::HashMap;

use anyhow::{Context, Result, ensure};
use courant_domain::{
    entry::EntryKind,
    id::{CategoryId, EntryId},
    list::{Filter, List, Order},
    locale::Locale,
    page::Position,
};
use uuid::Uuid;

use crate::database::{Columns, Database, Value};

/// How many slugs and places there are. The category tree has too few of either to matter.
pub const SIZE: usize = 4000;

/// What is asked for, the same for each server.
#[derive(Debug, Clone, Default)]
pub struct Sample {
    /// Articles' slugs.
    pub slugs: Vec<String>,
    /// Places deep in categories.
    pub places: Vec<Place>,
}

/// A place in the list of a category's articles.
#[derive(Debug, Clone)]
pub struct Place {
    /// The category's path of slugs.
    pub category: String,
    /// The key the list is ordered by.
    pub key: i64,
    /// The entry at the place.
    pub entry: Uuid,
    /// The fingerprint of the list, as Courant's cursors hold it.
    pub fingerprint: u32,
    /// The place as Courant's cursor.
    pub cursor: String,
}

impl Sample {
    /// Draws articles at random, the same ones for the same seed and database.
    ///
    /// # Errors
    /// When the database cannot be read, or has next to no articles.
    pub async fn draw<D: Database>(database: &D, seed: u64) -> Result<Self> {
        let categories = categories(database).await?;
        let locale = default_locale(database).await?;
        let last = database.rows("SELECT max(id) FROM edition", &[]).await?;
        let last = last.first().context("there is nothing in the database")?.long(0)?;
        let mut random = Random(seed);
        let mut sample = Self::default();
        for _ in 0..SIZE {
            let sql = "SELECT slug, category_id, published_at, entry_id FROM edition \
                       WHERE id >= $1 AND kind = 'ARTICLE' AND locale = $2 ORDER BY id LIMIT 1";
            let id = i64::try_from(random.below(last.unsigned_abs())).unwrap_or_default();
            let rows = database.rows(sql, &[Value::Long(id), Value::Text(locale.as_str())]).await?;
            let Some(row) = rows.first() else { continue };
            let category = row.id(1)?;
            let (key, entry) = (row.long(2)?, row.id(3)?);
            sample.slugs.push(row.text(0)?.to_owned());
            let fingerprint = articles_of(category, locale).fingerprint();
            sample.places.push(Place {
                category: categories.get(&category).context("an article without a category")?.clone(),
                key,
                entry,
                fingerprint,
                cursor: Position { key, entry: EntryId::from(entry) }.to_cursor(fingerprint),
            });
        }
        ensure!(sample.slugs.len() > SIZE / 2, "there are too few articles in the database");
        Ok(sample)
    }
}

/// The list behind `Category.articles`, as it is when only its page is given.
fn articles_of(category: Uuid, locale: Locale) -> List {
    List {
        locale,
        kinds: vec![EntryKind::Article],
        filter: Filter { categories: vec![CategoryId::from(category)], include_descendants: true, ..Filter::default() },
        order: Order::PublishedAtDesc,
    }
}

pub(crate) async fn default_locale<D: Database>(database: &D) -> Result<Locale> {
    let site = database.json("SELECT document FROM site", &[]).await?.context("there is no site")?;
    let site: courant_domain::site::Site = serde_json::from_str(&site)?;
    Ok(site.default_locale)
}

/// The path of each category.
async fn categories<D: Database>(database: &D) -> Result<HashMap<Uuid, String>> {
    let mut rows = HashMap::new();
    for row in database.rows("SELECT id, parent_id, slug FROM category", &[]).await? {
        rows.insert(row.id(0)?, (row.id_or_null(1)?, row.text(2)?.to_owned()));
    }
    let path = |id: &Uuid| {
        let mut slugs: Vec<&str> = std::iter::successors(rows.get(id), |(parent, _)| rows.get(&(*parent)?))
            .map(|(_, slug)| slug.as_str())
            .collect();
        slugs.reverse();
        slugs.join("/")
    };
    Ok(rows.keys().map(|id| (*id, path(id))).collect())
}

/// SplitMix64 (Steele, Lea and Flood, 2014): small, and the same everywhere.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`, near enough to evenly.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }

    /// A number from 0 up to 1.
    pub(crate) fn fraction(&mut self) -> f64 {
        f64::from(u32::try_from(self.next() >> 32).unwrap_or_default()) / f64::from(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same() {
        // The first number for this seed, from the reference implementation.
        assert_eq!(Random(1_234_567).next(), 6_457_827_717_110_365_317);
    }
}
