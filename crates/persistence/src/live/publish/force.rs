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

use super::{live_rows, touched::Changed};
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
pub(crate) async fn update(tx: &mut Transaction, affected: Vec<EntryId>, published: &[EntryId]) -> Result<()> {
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
        let mut changed = Changed::default();
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
                changed.add(act, row.id, version);
            }
            edition::Entity::update(model).exec(tx.connection()).await?;
        }
        if !changed.is_empty() {
            let live = live_rows(tx, &[act]).await?;
            changed.show(tx, &live, &live).await?;
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

/// What live acts do to each of these, in whichever language they say so. What was taken back does nothing any more, though it can
/// still be read with its notice.
pub(crate) async fn effects_on<C: ConnectionTrait>(
    connection: &C,
    acts: &[Uuid],
) -> Result<HashMap<EntryId, Vec<Effect>>> {
    let relations = decree_relation::Entity::find()
        .filter(decree_relation::Column::TargetId.is_in(acts.iter().copied()))
        .all(connection)
        .await?;
    let acting = acting(connection, relations.iter().map(|relation| relation.source_id).collect()).await?;
    let from = acting.iter().filter_map(|((act, _), day)| Some((*act, (*day)?)));
    let from = from.fold(HashMap::<Uuid, i32>::new(), |mut first, (act, day)| {
        first.entry(act).and_modify(|first| *first = day.min(*first)).or_insert(day);
        first
    });
    let mut effects: HashMap<EntryId, Vec<Effect>> = HashMap::new();
    for relation in relations {
        if !acting.contains_key(&(relation.source_id, relation.locale)) {
            continue;
        }
        let day = relation.on_day.or_else(|| from.get(&relation.source_id).copied());
        let effect =
            Effect { kind: from_word(&relation.kind)?, on: day.map(date).transpose()?, partial: relation.partial };
        effects.entry(relation.target_id.into()).or_default().push(effect);
    }
    Ok(effects)
}

/// The languages in which these acts have not been taken back, each with the first day on which it says that the act is in force.
async fn acting<C: ConnectionTrait>(
    connection: &C,
    acts: BTreeSet<Uuid>,
) -> Result<HashMap<(Uuid, String), Option<i32>>> {
    use edition::Column::{Details as Document, EntryId, FromDay, Locale};
    let mut acting = HashMap::new();
    for acts in chunks(acts.into_iter().collect()) {
        let rows: Vec<(Uuid, String, Option<i32>, String)> = edition::Entity::find()
            .filter(EntryId.is_in(acts))
            .select_only()
            .columns([EntryId, Locale, FromDay, Document])
            .into_tuple()
            .all(connection)
            .await?;
        for (act, language, day, document) in rows {
            if from_document::<Details>(&document)?.withdrawal.is_none() {
                acting.insert((act, language), day);
            }
        }
    }
    Ok(acting)
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
