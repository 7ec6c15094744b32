//! Folding anew what a version folded for searches that did it in another way.

use courant_domain::fold::{FOLDING, fold_unmarked};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::{
    admin::Admin,
    db::{
        convert::to_document,
        entity::{edition, revision, standing},
        entries::read_revision,
        transaction::Transaction,
    },
    error::{Result, corrupt},
    live::publish::folded_title,
};

/// How many rows are folded while other writers wait.
const AT_ONCE: u64 = 100;

impl Admin {
    /// Folds anew what another version has folded. Readers see nothing of it. It can be stopped at any time, and is gone on with by
    /// whoever calls it next; several nodes may call it at once.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn refold(&self) -> Result<()> {
        while self.has_unfolded().await? {
            let mut tx = Transaction::begin(&self.store).await?;
            match portion(&mut tx).await {
                Ok(()) => tx.commit(&self.store).await?,
                Err(error) => {
                    tx.rollback().await?;
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    async fn has_unfolded(&self) -> Result<bool> {
        let db = self.store.reader();
        Ok(unfolded().limit(1).one(db).await?.is_some()
            || unfolded_live().select_only().column(edition::Column::Id).into_tuple::<i64>().one(db).await?.is_some())
    }
}

fn unfolded() -> sea_orm::Select<standing::Entity> {
    standing::Entity::find().filter(standing::Column::Folding.lt(i32::from(FOLDING)))
}

fn unfolded_live() -> sea_orm::Select<edition::Entity> {
    edition::Entity::find().filter(edition::Column::Folding.lt(i32::from(FOLDING)))
}

async fn portion(tx: &mut Transaction) -> Result<()> {
    let db = tx.connection();
    let rows: Vec<(Uuid, String, i32)> = unfolded()
        .select_only()
        .columns([standing::Column::EntryId, standing::Column::Locale, standing::Column::Newest])
        .limit(AT_ONCE)
        .into_tuple()
        .all(db)
        .await?;
    for (entry, locale, newest) in rows {
        let revision = revision::Entity::find_by_id((entry, locale.clone(), newest)).one(db).await?;
        let content =
            read_revision(revision.ok_or_else(|| corrupt("a standing without its newest revision"))?)?.content;
        let row = standing::ActiveModel {
            entry_id: Set(entry),
            locale: Set(locale),
            folded: Set(content.title().map(fold_unmarked).unwrap_or_default()),
            folding: Set(i32::from(FOLDING)),
            slug: Set(content.slug().map(ToString::to_string)),
            number: Set(content.number().map(fold_unmarked)),
            persons: Set(to_document(&content.persons())?),
            ..Default::default()
        };
        standing::Entity::update(row).exec_without_returning(db).await?;
    }
    let rows: Vec<(i64, String, Option<String>)> = unfolded_live()
        .select_only()
        .columns([edition::Column::Id, edition::Column::Title, edition::Column::Number])
        .order_by_asc(edition::Column::Id)
        .limit(AT_ONCE)
        .into_tuple()
        .all(db)
        .await?;
    for (id, title, number) in rows {
        let row = edition::ActiveModel {
            id: Set(id),
            folded: Set(folded_title(&title)),
            folded_number: Set(number.as_deref().map(fold_unmarked)),
            folding: Set(i32::from(FOLDING)),
            ..Default::default()
        };
        edition::Entity::update(row).exec_without_returning(db).await?;
    }
    Ok(())
}
