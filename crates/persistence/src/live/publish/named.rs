//! Which tags and persons readers know of.
//!
//! *Invariant*: those that something live names, and no others: a name that only drafts have says what is to come. Whoever
//! makes something live, or takes it back, lets the names follow in the same transaction, and the change log says so.

use std::collections::BTreeSet;

use courant_domain::{
    address,
    change::{Action, ChangeKey, Told},
    id::{PersonId, TagId},
    slug::Slug,
};
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use uuid::Uuid;

use super::filing::LiveRow;
use crate::{
    db::transaction::{Transaction, chunks},
    error::{Result, corrupt},
    live::redirect,
};

/// What has names that readers see.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Tag,
    Person,
}

impl Kind {
    const ALL: [Self; 2] = [Self::Tag, Self::Person];

    const fn table(self) -> &'static str {
        match self {
            Self::Tag => "tag",
            Self::Person => "person",
        }
    }

    const fn scope(self) -> &'static str {
        match self {
            Self::Tag => "TAG",
            Self::Person => "PERSON",
        }
    }

    fn key(self, id: Uuid) -> ChangeKey {
        match self {
            Self::Tag => ChangeKey::Tag(TagId::from(id)),
            Self::Person => ChangeKey::Person(PersonId::from(id)),
        }
    }

    /// Where readers find the one that is called so, in each language.
    fn paths(self, tx: &Transaction, slug: &Slug) -> Vec<String> {
        let path = match self {
            Self::Tag => address::tag_path,
            Self::Person => address::person_path,
        };
        tx.locales().into_iter().map(|locale| path(locale, slug)).collect()
    }

    /// Which of them an edition names.
    fn of(self, row: &LiveRow) -> impl Iterator<Item = Uuid> + '_ {
        let details = &row.details;
        let tags = matches!(self, Self::Tag).then(|| details.tags.iter().map(|id| id.uuid()));
        let persons = matches!(self, Self::Person).then(|| {
            let signed = details.signatory.iter().map(|signatory| signatory.person.uuid());
            details.authors.iter().map(|id| id.uuid()).chain(signed)
        });
        tags.into_iter().flatten().chain(persons.into_iter().flatten())
    }
}

/// Lets the names follow that these editions have and had: those that only one of the two sides names may have appeared, or
/// vanished.
pub(super) async fn follow(tx: &mut Transaction, before: &[LiveRow], after: &[LiveRow]) -> Result<()> {
    for kind in Kind::ALL {
        let named = |rows: &[LiveRow]| rows.iter().flat_map(|row| kind.of(row)).collect::<BTreeSet<Uuid>>();
        let (had, have) = (named(before), named(after));
        for ids in chunks(had.symmetric_difference(&have).copied().collect()) {
            let places: Vec<String> = (1..=ids.len()).map(|at| format!("${at}")).collect();
            let only = format!(" AND x.id IN ({})", places.join(", "));
            correct(tx, kind, &only, ids.into_iter().map(Value::from).collect()).await?;
        }
    }
    Ok(())
}

/// Lets all names follow, after everything was filed anew.
pub(super) async fn all_follow(tx: &mut Transaction) -> Result<()> {
    for kind in Kind::ALL {
        correct(tx, kind, "", Vec::new()).await?;
    }
    Ok(())
}

/// Whether readers have ever known of a name. One that they have not leaves nothing behind at its path.
pub(crate) async fn was_live(tx: &Transaction, kind: Kind, id: Uuid) -> Result<bool> {
    let sql = format!("SELECT was_live FROM {} WHERE id = $1", kind.table());
    let row = tx.row(&sql, [id.into()]).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(false))
}

/// The tags and persons that do not count as they should: what each is, its id, and whether it counts as live.
pub(crate) async fn miscounted<C: ConnectionTrait>(connection: &C) -> Result<Vec<(&'static str, Uuid, bool)>> {
    let mut found = Vec::new();
    for kind in Kind::ALL {
        let wrong = wrong(connection, kind, "", Vec::new()).await?;
        found.extend(wrong.into_iter().map(|(id, is_live, _)| (kind.table(), id, is_live)));
    }
    Ok(found)
}

/// Those of one kind, and of them `only` some: a condition on the row `x`.
async fn wrong<C: ConnectionTrait>(
    connection: &C,
    kind: Kind,
    only: &str,
    values: Vec<Value>,
) -> Result<Vec<(Uuid, bool, String)>> {
    let backend = connection.get_database_backend();
    let id = match backend {
        DbBackend::Sqlite => {
            "lower(substr(hex(x.id), 1, 8) || '-' || substr(hex(x.id), 9, 4) || '-' || substr(hex(x.id), 13, 4) || '-' \
             || substr(hex(x.id), 17, 4) || '-' || substr(hex(x.id), 21))"
        }
        _ => "x.id::text",
    };
    let (table, scope) = (kind.table(), kind.scope());
    let sql = format!(
        "SELECT x.id, x.live, x.slug FROM {table} x WHERE x.live <> EXISTS (SELECT 1 FROM timeline t \
         WHERE t.scope IN ('{scope}:' || {id}, 'WITHDRAWN:{scope}:' || {id}) \
         AND EXISTS (SELECT 1 FROM timeline_entry e WHERE e.timeline_id = t.id)){only} ORDER BY x.id"
    );
    let rows = connection.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?))).collect()
}

async fn correct(tx: &mut Transaction, kind: Kind, only: &str, values: Vec<Value>) -> Result<()> {
    let mut moved: [Vec<String>; 2] = Default::default();
    for (id, was_live, slug) in wrong(tx.connection(), kind, only, values).await? {
        let sql = format!("UPDATE {} SET live = $1, was_live = was_live OR $1 WHERE id = $2", kind.table());
        let values = [Value::from(!was_live), Value::from(id)];
        let statement = Statement::from_sql_and_values(tx.connection().get_database_backend(), sql, values);
        tx.connection().execute_raw(statement).await?;
        let (action, told) = match was_live {
            true => (Action::Removed, Told::named(Some(&slug), None)),
            false => (Action::Put, Told::named(None, Some(&slug))),
        };
        tx.log_told(kind.key(id), action, told);
        moved[usize::from(was_live)].extend(kind.paths(tx, &Slug::parse(&slug).map_err(corrupt)?));
    }
    let [appeared, vanished] = moved;
    redirect::targets_shown(tx, appeared, Action::Put).await?;
    redirect::targets_shown(tx, vanished, Action::Removed).await
}
