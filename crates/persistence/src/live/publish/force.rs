//! Acts' dates of force, kept up to date as other acts commence and repeal them.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use courant_domain::{
    change::{Action, ChangeKey},
    decree::{Effect, Force},
    entry::EntryKind,
    id::EntryId,
    publication::Details,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::{
    db::{
        convert::{date, day, from_document, from_word, locale},
        entity::{decree_relation, edition},
        transaction::{Transaction, chunks},
    },
    error::Result,
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
        let effects = effects_on(tx.connection(), &[act.uuid()]).await?.remove(&act).unwrap_or_default();
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
                let version = tx.log(
                    ChangeKey::Edition { entry: act, locale: locale(&row.locale)?, kind: EntryKind::Decree },
                    Action::Put,
                );
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
            Ok(ActRow { id, locale, details: from_document(&document)?, force: force_of((a, b, c, d))? })
        })
        .collect()
}

/// The dates in the four columns of an edition.
pub(crate) fn force_of((partly_from, from, partly_until, until): Days) -> Result<Force> {
    let read = |day: Option<i32>| day.map(date).transpose();
    Ok(Force {
        partly_from: read(partly_from)?,
        from: read(from)?,
        partly_until: read(partly_until)?,
        until: read(until)?,
    })
}

/// What live acts do to each of these, in whichever language they say so.
pub(crate) async fn effects_on<C: ConnectionTrait>(
    connection: &C,
    acts: &[Uuid],
) -> Result<HashMap<EntryId, Vec<Effect>>> {
    let relations = decree_relation::Entity::find()
        .filter(decree_relation::Column::TargetId.is_in(acts.iter().copied()))
        .all(connection)
        .await?;
    let sources = relations.iter().filter(|relation| relation.on_day.is_none()).map(|relation| relation.source_id);
    let from = in_force_from(connection, sources.collect()).await?;
    let mut effects: HashMap<EntryId, Vec<Effect>> = HashMap::new();
    for relation in relations {
        let day = relation.on_day.or_else(|| from.get(&relation.source_id).copied());
        let effect =
            Effect { kind: from_word(&relation.kind)?, on: day.map(date).transpose()?, partial: relation.partial };
        effects.entry(relation.target_id.into()).or_default().push(effect);
    }
    Ok(effects)
}

/// The first day on which each of these acts is in force, for those that have one, in whichever language says so.
async fn in_force_from<C: ConnectionTrait>(connection: &C, acts: BTreeSet<Uuid>) -> Result<HashMap<Uuid, i32>> {
    let mut from: HashMap<Uuid, i32> = HashMap::new();
    for acts in chunks(acts.into_iter().collect()) {
        let days: Vec<(Uuid, Option<i32>)> = edition::Entity::find()
            .filter(edition::Column::EntryId.is_in(acts))
            .select_only()
            .columns([edition::Column::EntryId, edition::Column::FromDay])
            .into_tuple()
            .all(connection)
            .await?;
        for (act, day) in days {
            let Some(day) = day else { continue };
            from.entry(act).and_modify(|first| *first = day.min(*first)).or_insert(day);
        }
    }
    Ok(from)
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
