//! Acts' dates of force, kept up to date as other acts commence and repeal them.

use std::collections::{BTreeMap, VecDeque};

use courant_domain::{
    change::{Action, Subject},
    decree::{Effect, Force},
    id::EntryId,
    publication::Details,
};
use jiff::civil::Date;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::{
    convert::{date, day, from_document, from_word, locale},
    entity::{decree_relation, edition},
    error::Result,
    transaction::Transaction,
};

/// How often one act is looked at again because another one's dates moved; ends circles of commencements.
const ROUNDS: u32 = 8;

/// Derives the dates of these acts anew, and of those that theirs decide in turn. An act that was not itself
/// `published` just now, and whose dates move, changes for its readers: the log says so.
pub(super) async fn update(tx: &mut Transaction, affected: Vec<EntryId>, published: &[EntryId]) -> Result<()> {
    let mut seen: BTreeMap<EntryId, u32> = BTreeMap::new();
    let mut queue: VecDeque<EntryId> = affected.into();
    while let Some(act) = queue.pop_front() {
        let rounds = seen.entry(act).or_default();
        *rounds += 1;
        if *rounds > ROUNDS || (*rounds > 1 && queue.contains(&act)) {
            continue;
        }
        let effects = effects_on(tx, act).await?;
        let mut moved = false;
        for row in editions_of(tx, act).await? {
            let force = Force::derive(row.details.effective_on, row.details.repealed_on, &effects);
            if force == row.force {
                continue;
            }
            moved |= force.from != row.force.from;
            let mut model = edition::ActiveModel {
                id: Set(row.id),
                partly_from_day: Set(force.partly_from.map(day)),
                from_day: Set(force.from.map(day)),
                partly_until_day: Set(force.partly_until.map(day)),
                until_day: Set(force.until.map(day)),
                ..Default::default()
            };
            if !published.contains(&act) {
                let version = tx.log(Subject::Edition, act.uuid(), Some(locale(&row.locale)?), Action::Put);
                model.version = Set(version);
            }
            edition::Entity::update(model).exec(tx.connection()).await?;
        }
        if moved {
            queue.extend(targets_of(tx, act).await?);
        }
    }
    Ok(())
}

struct ActRow {
    id: i64,
    locale: String,
    details: Details,
    force: Force,
}

type Days = (Option<i32>, Option<i32>, Option<i32>, Option<i32>);

async fn editions_of(tx: &Transaction, act: EntryId) -> Result<Vec<ActRow>> {
    use edition::Column::{Details as Document, EntryId, FromDay, Id, Locale, PartlyFromDay, PartlyUntilDay, UntilDay};
    type Row = (i64, String, String, Option<i32>, Option<i32>, Option<i32>, Option<i32>);
    let rows: Vec<Row> = edition::Entity::find()
        .filter(EntryId.eq(act.uuid()))
        .select_only()
        .columns([Id, Locale, Document, PartlyFromDay, FromDay, PartlyUntilDay, UntilDay])
        .into_tuple()
        .all(tx.connection())
        .await?;
    rows.into_iter()
        .map(|(id, locale, document, a, b, c, d)| {
            Ok(ActRow { id, locale, details: from_document(&document)?, force: force((a, b, c, d))? })
        })
        .collect()
}

/// The dates in the four columns of an edition.
pub(crate) fn force((partly_from, from, partly_until, until): Days) -> Result<Force> {
    let read = |day: Option<i32>| day.map(date).transpose();
    Ok(Force {
        partly_from: read(partly_from)?,
        from: read(from)?,
        partly_until: read(partly_until)?,
        until: read(until)?,
    })
}

/// What live acts do to this one, in whichever language they say so.
async fn effects_on(tx: &Transaction, act: EntryId) -> Result<Vec<Effect>> {
    let relations = decree_relation::Entity::find()
        .filter(decree_relation::Column::TargetId.eq(act.uuid()))
        .all(tx.connection())
        .await?;
    let mut effects = Vec::with_capacity(relations.len());
    for relation in relations {
        let on = match relation.on_day {
            Some(day) => Some(date(day)?),
            None => in_force_from(tx, relation.source_id).await?,
        };
        effects.push(Effect { kind: from_word(&relation.kind)?, on, partial: relation.partial });
    }
    Ok(effects)
}

async fn in_force_from(tx: &Transaction, act: Uuid) -> Result<Option<Date>> {
    let days: Vec<Option<i32>> = edition::Entity::find()
        .filter(edition::Column::EntryId.eq(act))
        .select_only()
        .column(edition::Column::FromDay)
        .into_tuple()
        .all(tx.connection())
        .await?;
    days.into_iter().flatten().min().map(date).transpose()
}

async fn targets_of(tx: &Transaction, act: EntryId) -> Result<Vec<EntryId>> {
    let targets: Vec<Uuid> = decree_relation::Entity::find()
        .filter(decree_relation::Column::SourceId.eq(act.uuid()))
        .filter(decree_relation::Column::OnDay.is_null())
        .select_only()
        .column(decree_relation::Column::TargetId)
        .distinct()
        .into_tuple()
        .all(tx.connection())
        .await?;
    Ok(targets.into_iter().map(Into::into).collect())
}
