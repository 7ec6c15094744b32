//! Filing what lies below a category anew, after it moved or was merged into another: set by set, so that it costs
//! what lies below it and nothing else.

use std::collections::BTreeSet;

use courant_domain::{
    category::CategoryTree,
    change::{Action, ChangeKey},
    entry::EntryKind,
    id::CategoryId,
    list::Scope,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Statement, Value};
use uuid::Uuid;

use super::{filing::make_timelines, select_live, touched::Changed};
use crate::{
    db::{
        convert::{from_word, locale},
        entity::{edition, timeline_entry},
        transaction::Transaction,
    },
    error::Result,
    live::scope::TimelineKey,
    reference::Reference,
};

/// Files what lies in a category or below it under the categories above it: `above` are those that were above it
/// and those that are.
pub(crate) async fn subtree_refile(
    tx: &mut Transaction,
    category: CategoryId,
    above: (&[CategoryId], &[CategoryId]),
) -> Result<()> {
    let (old, new) = above;
    for (key, own) in filled(tx, Scope::Subtree(category)).await? {
        for gone in old.iter().filter(|id| !new.contains(id)) {
            let gone = TimelineKey { scope: Scope::Subtree(*gone), ..key };
            let Some(timeline) = tx.reference.timeline(&gone) else { continue };
            let sql = "DELETE FROM timeline_entry WHERE timeline_id = $1 AND (sort_key, entry_id) IN \
                       (SELECT sort_key, entry_id FROM timeline_entry WHERE timeline_id = $2)";
            execute(tx, sql, [timeline.into(), own.into()]).await?;
        }
        for added in new.iter().filter(|id| !old.contains(id)) {
            let timeline = timeline(tx, TimelineKey { scope: Scope::Subtree(*added), ..key }).await?;
            let sql = "INSERT INTO timeline_entry (timeline_id, sort_key, entry_id, edition_id) \
                       SELECT $1, sort_key, entry_id, edition_id FROM timeline_entry WHERE timeline_id = $2";
            execute(tx, sql, [timeline.into(), own.into()]).await?;
        }
    }
    Ok(())
}

/// Files what lies directly in `source` under `target`, after [`subtree_refile`] did so with the categories above
/// both. Every live edition that moves changes for its readers: the log says so, and where it was in the tree of `before`.
pub(crate) async fn category_refile(
    tx: &mut Transaction,
    source: CategoryId,
    target: CategoryId,
    before: &CategoryTree,
) -> Result<()> {
    for (key, own) in filled(tx, Scope::Category(source)).await? {
        let timeline = timeline(tx, TimelineKey { scope: Scope::Category(target), ..key }).await?;
        let sql = "UPDATE timeline_entry SET timeline_id = $1 WHERE timeline_id = $2";
        execute(tx, sql, [timeline.into(), own.into()]).await?;
    }
    for (_, own) in filled(tx, Scope::Subtree(source)).await? {
        timeline_entry::Entity::delete_many()
            .filter(timeline_entry::Column::TimelineId.eq(own))
            .exec(tx.connection())
            .await?;
    }
    let mut was = tx.reference.clone();
    was.categories.clone_from(before);
    editions_refile(tx, source, target, &was).await
}

async fn editions_refile(
    tx: &mut Transaction,
    source: CategoryId,
    target: CategoryId,
    before: &Reference,
) -> Result<()> {
    const ROWS: usize = 250;
    use edition::Column::{CategoryId as Category, EntryId, Id, Kind, Locale as Language};
    let rows: Vec<(i64, Uuid, String, String)> = edition::Entity::find()
        .filter(Category.eq(source.uuid()))
        .select_only()
        .columns([Id, EntryId, Language, Kind])
        .order_by_asc(Id)
        .into_tuple()
        .all(tx.connection())
        .await?;
    for rows in rows.chunks(ROWS) {
        let live = |entries: &[(i64, Uuid, String, String)]| {
            let entries: BTreeSet<Uuid> = entries.iter().map(|row| row.1).collect();
            edition::Entity::find().filter(EntryId.is_in(entries))
        };
        let was = select_live(tx.connection(), live(rows), before).await?;
        let mut changed = Changed::default();
        let mut versions = String::new();
        let mut ids = Vec::with_capacity(rows.len());
        for (id, entry, language, kind) in rows {
            let key = ChangeKey::Edition { entry: (*entry).into(), locale: locale(language)?, kind: from_word(kind)? };
            let version = tx.log(key, Action::Put);
            changed.add((*entry).into(), *id, version);
            versions.push_str(&format!(" WHEN {id} THEN {version}"));
            ids.push(id.to_string());
        }
        // Numbers of our own making: nothing of a client's is in this text.
        let sql = format!(
            "UPDATE edition SET category_id = $1, version = CASE id{versions} ELSE version END WHERE id IN ({})",
            ids.join(", ")
        );
        execute(tx, &sql, [target.uuid().into()]).await?;
        let is = select_live(tx.connection(), live(rows), &tx.reference).await?;
        changed.show(tx, &was, &is).await?;
    }
    Ok(())
}

/// The timelines of a scope that hold anything.
async fn filled(tx: &Transaction, scope: Scope) -> Result<Vec<(TimelineKey, i32)>> {
    let mut filled = Vec::new();
    let listed = tx.locales().into_iter().flat_map(|locale| EntryKind::ALL.map(|kind| (locale, kind)));
    let keys = listed.flat_map(|(locale, kind)| {
        [false, true].map(|is_withdrawn| TimelineKey { is_withdrawn, ..TimelineKey::listed(locale, kind, scope) })
    });
    for key in keys {
        let Some(id) = tx.reference.timeline(&key) else { continue };
        let any: Option<Uuid> = timeline_entry::Entity::find()
            .filter(timeline_entry::Column::TimelineId.eq(id))
            .select_only()
            .column(timeline_entry::Column::EntryId)
            .into_tuple()
            .one(tx.connection())
            .await?;
        if any.is_some() {
            filled.push((key, id));
        }
    }
    Ok(filled)
}

/// The timeline with a key, made when there is none.
async fn timeline(tx: &mut Transaction, key: TimelineKey) -> Result<i32> {
    make_timelines(tx, BTreeSet::from([key])).await?;
    let made = tx.reference.timeline(&key);
    made.ok_or_else(|| crate::error::corrupt("a timeline that was just made is not there"))
}

async fn execute(tx: &Transaction, sql: &str, values: impl IntoIterator<Item = Value>) -> Result<()> {
    let statement = Statement::from_sql_and_values(tx.connection().get_database_backend(), sql, values);
    tx.connection().execute_raw(statement).await?;
    Ok(())
}
