//! What is at a path of the site, where no rule is of any use.

use std::collections::HashSet;

use courant_domain::{
    address::{self, Address, Place},
    id::EntryId,
    locale::Locale,
    reserved,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::SimpleExpr};
use uuid::Uuid;

use crate::{
    db::{
        convert::{from_word, locale},
        entity::edition,
        transaction::{Transaction, chunks},
    },
    error::Result,
};

/// Paths at which an entry is live.
#[derive(Debug, Default)]
pub(crate) struct Occupied(HashSet<String>);

impl Occupied {
    /// Those of these.
    pub(crate) async fn of(tx: &Transaction, paths: impl Iterator<Item = &String>) -> Result<Self> {
        let entries = paths.filter_map(|path| match Address::parse(path)?.place {
            Place::Entry(_, slug) => Some(slug.to_string()),
            _ => None,
        });
        let mut occupied = HashSet::new();
        for slugs in chunks(entries.collect()) {
            let live = live_where(tx, edition::Column::Slug.is_in(slugs)).await?;
            occupied.extend(live.into_iter().map(|(.., path)| path));
        }
        Ok(Self(occupied))
    }

    /// Whether something of this site's is at a path, or an entry that is live.
    pub(crate) fn is_taken(&self, tx: &Transaction, path: &str) -> bool {
        // A page is there whatever is asked of it; a front page has no query that says which text is meant.
        let page = path.split('?').next().unwrap_or_default();
        let has = |path: &str| is_there(tx, path) || self.0.contains(path);
        (Address::parse(page).is_some() && has(page)) || has(path)
    }
}

/// Whether a path is the server's own, or something is there that is not an entry. A word that is kept for pages of the site, so that no
/// category at the top has it (`/search`), is free as long as there is none.
pub(crate) fn is_there(tx: &Transaction, path: &str) -> bool {
    let reference = &tx.reference;
    let is_there = |page: &str| {
        let is_home = Locale::parse(page.trim_start_matches('/')).is_ok_and(|locale| reference.site.has(locale));
        is_home || Address::parse(page).is_some_and(|Address { locale, place }| reference.has(locale, &place))
    };
    reserved::is_served(path, &reference.site) || is_there(path) || address::followed(path).is_some_and(is_there)
}

/// What of this is live, and under which path, the older first.
pub(crate) async fn live_where(tx: &Transaction, which: SimpleExpr) -> Result<Vec<(EntryId, Locale, String)>> {
    use edition::Column::{EntryId as Entry, Id, Kind, Locale as Language, Slug};
    let rows: Vec<(Uuid, String, String, String)> = edition::Entity::find()
        .filter(which)
        .select_only()
        .columns([Entry, Language, Kind, Slug])
        .order_by_asc(Id)
        .into_tuple()
        .all(tx.connection())
        .await?;
    let read = |(entry, language, kind, slug): (Uuid, String, String, String)| {
        let language = locale(&language)?;
        Ok((entry.into(), language, address::entry_path(language, from_word(&kind)?, &slug)))
    };
    rows.into_iter().map(read).collect()
}
