//! Slugs that no live edition has: a statement or two, however many entries have the same title.

use std::collections::HashSet;

use courant_domain::{entry::EntryKind, id::EntryId, locale::Locale, slug::Slug};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::{
    db::{entity::edition, transaction::Transaction},
    error::Result,
};

/// So many are looked for at first: as a rule, the slug itself is free.
const FIRST: u32 = 8;
/// So many at once when these are all taken. They are looked up in the index one by one: the order of slugs is another one in each
/// database's language.
const MORE: u32 = 1_000;

/// The first that is free of this slug and those that are numbered after it. What `except` has is free for it; what `is_taken` says
/// is not.
pub(crate) async fn first_free(
    tx: &Transaction,
    (kind, locale, slug): (EntryKind, Locale, &Slug),
    except: Option<EntryId>,
    is_taken: impl Fn(&Slug) -> bool,
) -> Result<Slug> {
    let candidate = |number| if number == 1 { slug.clone() } else { slug.numbered(number) };
    let (mut from, mut portion) = (1, FIRST);
    loop {
        let candidates: Vec<Slug> = (from..from + portion).map(candidate).collect();
        let mut live = edition::Entity::find()
            .filter(edition::Column::Slug.is_in(candidates.iter().map(Slug::as_str)))
            .filter(edition::Column::Locale.eq(locale.as_str()))
            .filter(edition::Column::Kind.eq(kind.as_str()));
        if let Some(entry) = except {
            live = live.filter(edition::Column::EntryId.ne(Uuid::from(entry)));
        }
        let live: Vec<String> =
            live.select_only().column(edition::Column::Slug).into_tuple().all(tx.connection()).await?;
        let live: HashSet<String> = live.into_iter().collect();
        let free = |slug: &Slug| !live.contains(slug.as_str()) && !is_taken(slug);
        if let Some(slug) = candidates.into_iter().find(free) {
            return Ok(slug);
        }
        (from, portion) = (from + portion, MORE);
    }
}
