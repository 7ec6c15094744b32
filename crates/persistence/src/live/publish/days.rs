//! Acts whose status is another one because a day has come.

use std::collections::BTreeMap;

use courant_domain::{
    change::{Action, ChangeKey, Told},
    entry::EntryKind,
    id::EntryId,
};
use jiff::civil::Date;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{force_of, live_rows, touched::Changed};
use crate::{
    db::{
        convert::{day, locale},
        entity::edition,
        transaction::Transaction,
    },
    error::Result,
};

/// Has the log tell of each live act whose status is another one on one of the days after `told`, up to `until`, day by day; says of how
/// many. Their versions stay: nothing of what they are made of has changed.
pub(crate) async fn days_pass(tx: &mut Transaction, told: Date, until: Date) -> Result<usize> {
    use edition::Column::{EntryId as Entry, FromDay, Id, Locale, PartlyFromDay, PartlyUntilDay, UntilDay};
    type Row = (i64, Uuid, String, Option<i32>, Option<i32>, Option<i32>, Option<i32>);
    let days = [PartlyFromDay, FromDay, PartlyUntilDay, UntilDay];
    let comes = days.into_iter().fold(Condition::any(), |any, column| {
        any.add(Condition::all().add(column.gt(day(told))).add(column.lte(day(until))))
    });
    let rows: Vec<Row> = edition::Entity::find()
        .filter(comes)
        .select_only()
        .columns([Id, Entry, Locale, PartlyFromDay, FromDay, PartlyUntilDay, UntilDay])
        .order_by_asc(Id)
        .into_tuple()
        .all(tx.connection())
        .await?;
    if rows.is_empty() {
        return Ok(0);
    }
    tx.is_bulky().await?;
    let mut by_day: BTreeMap<Date, Vec<(i64, EntryId, String)>> = BTreeMap::new();
    for (id, entry, language, a, b, c, d) in rows {
        let force = force_of((a, b, c, d))?;
        let days = [force.partly_from, force.from, force.partly_until, force.until];
        let mut days: Vec<Date> = days.into_iter().flatten().filter(|day| *day > told && *day <= until).collect();
        days.sort_unstable();
        days.dedup();
        // What was repealed before it began has no other status by what else would come.
        days.retain(|day| day.yesterday().is_ok_and(|before| force.status(before) != force.status(*day)));
        for day in days {
            by_day.entry(day).or_default().push((id, entry.into(), language.clone()));
        }
    }
    let mut changes = 0;
    for (day, editions) in by_day {
        let mut changed = Changed::default();
        let mut acts: Vec<EntryId> = Vec::with_capacity(editions.len());
        for (id, entry, language) in editions {
            let key = ChangeKey::Edition { entry, locale: locale(&language)?, kind: EntryKind::Decree };
            let told = Told { day: Some(day), ..Told::default() };
            changed.add(entry, id, tx.log_told(key, Action::ForceChanged, told));
            acts.push(entry);
            changes += 1;
        }
        acts.sort_unstable();
        acts.dedup();
        let live = live_rows(tx, &acts).await?;
        changed.show(tx, &live, &live).await?;
    }
    Ok(changes)
}
