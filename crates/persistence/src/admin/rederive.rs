//! Deriving anew what live texts were derived to by a version that did it in another way, and acts' dates of force with them.

use courant_domain::{
    change::{Action, ChangeKey},
    entry::EntryKind,
    id::EntryId,
    rich_text::RichText,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use uuid::Uuid;

use crate::{
    admin::Admin,
    db::{
        convert::{from_word, locale, to_document},
        entity::edition::{self, Column},
        transaction::Transaction,
    },
    error::Result,
    live::publish,
};

/// How many texts are derived while other writers wait.
const AT_ONCE: u64 = 100;

/// What is derived of a text, as it is kept.
#[derive(PartialEq, Eq)]
struct Derived {
    word_count: i32,
    outline: String,
    embeds: String,
    html: String,
    plain: String,
}

/// A live edition's language and kind, its text, and what was derived of it.
type Row = (i64, Uuid, String, String, String, String, i32, String, String, String, String);

impl Admin {
    /// Derives the texts of live editions anew that another version has derived, and says how many there were; what searches compare
    /// is brought up to date, too. Those
    /// that readers see something else of are in the change log. It can be stopped at any time, and is gone on with by
    /// whoever calls it next; several nodes may call it at once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rederive(&self) -> Result<u64> {
        self.refold().await?;
        let mut done = 0;
        while self.has_underived().await? {
            let mut tx = Transaction::begin(&self.store).await?;
            match portion(&mut tx).await {
                Ok(rows) => {
                    tx.commit(&self.store).await?;
                    done += rows;
                }
                Err(error) => {
                    tx.rollback().await?;
                    return Err(error);
                }
            }
        }
        Ok(done)
    }

    async fn has_underived(&self) -> Result<bool> {
        let id: Option<i64> =
            underived().select_only().column(Column::Id).into_tuple().one(self.store.reader()).await?;
        Ok(id.is_some())
    }
}

fn underived() -> sea_orm::Select<edition::Entity> {
    edition::Entity::find().filter(Column::Derivation.lt(i32::from(RichText::DERIVATION)))
}

async fn portion(tx: &mut Transaction) -> Result<u64> {
    let rows: Vec<Row> = underived()
        .select_only()
        .columns([
            Column::Id,
            Column::EntryId,
            Column::Locale,
            Column::Kind,
            Column::Format,
            Column::Source,
            Column::WordCount,
            Column::Outline,
            Column::Embeds,
            Column::Html,
            Column::Plain,
        ])
        .order_by_asc(Column::Id)
        .limit(AT_ONCE)
        .into_tuple()
        .all(tx.connection())
        .await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.0).collect();
    // Versions before had no place for pins that were taken back with a notice.
    let entries: Vec<EntryId> = rows.iter().map(|row| row.1.into()).collect();
    publish::pins_follow(tx, &entries).await?;
    let acts = rows.iter().filter(|row| row.3 == EntryKind::Decree.as_str()).map(|row| row.1.into()).collect();
    for (id, entry, language, kind, format, source, word_count, outline, embeds, html, plain) in rows {
        let before = Derived { word_count, outline, embeds, html, plain };
        let text = RichText::new(from_word(&format)?, source);
        let now = Derived {
            word_count: i32::try_from(text.word_count()).unwrap_or(i32::MAX),
            outline: to_document(&text.outline())?,
            embeds: to_document(&text.embeds())?,
            html: text.html().to_owned(),
            plain: text.text().to_owned(),
        };
        if now == before {
            continue;
        }
        let key = ChangeKey::Edition { entry: entry.into(), locale: locale(&language)?, kind: from_word(&kind)? };
        let version = tx.log(key, Action::Put);
        let row = edition::ActiveModel {
            id: Set(id),
            version: Set(version),
            word_count: Set(now.word_count),
            outline: Set(now.outline),
            embeds: Set(now.embeds),
            html: Set(now.html),
            plain: Set(now.plain),
            ..Default::default()
        };
        edition::Entity::update(row).exec_without_returning(tx.connection()).await?;
    }
    publish::force_update(tx, acts, &[]).await?;
    let count = ids.len() as u64;
    edition::Entity::update_many()
        .col_expr(Column::Derivation, Expr::value(i32::from(RichText::DERIVATION)))
        .filter(Column::Id.is_in(ids))
        .exec(tx.connection())
        .await?;
    Ok(count)
}
