//! Entries, their revisions and where their languages stand, as rows.

use courant_domain::{
    access::ActorId,
    content::Content,
    edition::Edition,
    entry::Entry,
    fold::{FOLDING, fold_unmarked},
    id::EntryId,
    import_baseline::ImportBaseline,
    locale::Locale,
    publication::Details,
    revision::{Revision, RevisionNumber},
    workflow::{Approval, Expiry, LocaleStanding, SentBack, Standing, TranslationSource},
};
use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, OnConflict},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    db::{
        convert::{from_document, from_word, locale, micros, timestamp, to_document, to_word},
        entity::{edition, entry, revision, standing},
        transaction::Transaction,
    },
    error::{Result, corrupt, invalid},
};

pub(crate) fn entry_row(entry: &Entry, touched_at: Timestamp) -> Result<entry::ActiveModel> {
    Ok(entry::ActiveModel {
        id: Set(entry.id.uuid()),
        kind: Set(entry.kind.as_str().to_owned()),
        category_id: Set(entry.category.uuid()),
        tags: Set(to_document(&entry.tags)?),
        created_at: Set(micros(entry.created_at)),
        created_by: Set(entry.created_by.as_ref().map(ToString::to_string)),
        was_published: Set(entry.was_published),
        touched_at: Set(micros(touched_at)),
        origin: Set(entry.origin.clone()),
    })
}

pub(crate) fn revision_row(revision: &Revision) -> Result<revision::ActiveModel> {
    let number = |number: u32| i32::try_from(number).map_err(invalid);
    Ok(revision::ActiveModel {
        entry_id: Set(revision.entry.uuid()),
        locale: Set(revision.locale.to_string()),
        number: Set(number(revision.number)?),
        based_on: Set(revision.based_on.map(number).transpose()?),
        created_at: Set(micros(revision.created_at)),
        created_by: Set(revision.created_by.clone()),
        comment: Set(revision.comment.clone()),
        content: Set(to_document(&revision.content)?),
    })
}

/// What belongs to a state beyond the columns that are searched.
#[derive(Serialize, Deserialize)]
struct StandingDocument {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scheduled_by: Option<ActorId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scheduled_note: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    approval: Option<Approval>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agreed: Option<RevisionNumber>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expiry: Option<Expiry>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sent_back: Option<SentBack>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    translated_from: Option<TranslationSource>,
    #[serde(rename = "delivered", default, skip_serializing_if = "Option::is_none")]
    import_baseline: Option<ImportBaseline>,
}

/// The row of a standing, whose newest revision this is.
pub(crate) fn standing_row(standing: &Standing, newest: &Revision) -> Result<standing::ActiveModel> {
    let Standing {
        state,
        newest: number,
        scheduled_at,
        scheduled_by,
        scheduled_note,
        approval,
        agreed,
        expiry,
        sent_back,
        translated_from,
        assignee,
        due_at,
        import_baseline,
    } = standing.clone();
    let expires_at = expiry.as_ref().map(|expiry| micros(expiry.at));
    let document = StandingDocument {
        scheduled_by,
        scheduled_note,
        approval,
        agreed,
        expiry,
        sent_back,
        translated_from,
        import_baseline,
    };
    Ok(standing::ActiveModel {
        entry_id: Set(newest.entry.uuid()),
        locale: Set(newest.locale.to_string()),
        state: Set(state.as_str().to_owned()),
        newest: Set(i32::try_from(number).map_err(invalid)?),
        scheduled_at: Set(scheduled_at.map(micros)),
        expires_at: Set(expires_at),
        waiting_for: Set(standing.waiting_for().as_ref().map(to_word).transpose()?),
        folded: Set(newest.content.title().map(fold_unmarked).unwrap_or_default()),
        folding: Set(i32::from(FOLDING)),
        slug: Set(newest.content.slug().map(ToString::to_string)),
        number: Set(newest.content.number().map(fold_unmarked)),
        persons: Set(to_document(&newest.content.persons())?),
        document: Set(Some(to_document(&document)?)),
        assignee: Set(assignee.map(|actor| actor.to_string())),
        due_at: Set(due_at.map(micros)),
        touched_at: Set(micros(newest.created_at)),
    })
}

/// Notes that something was done to an entry, in one language or to all of them, and whether it went live by it.
pub(crate) async fn touch(tx: &Transaction, entry: EntryId, locale: Option<Locale>, went_live: bool) -> Result<()> {
    let mut languages = standing::Entity::update_many()
        .col_expr(standing::Column::TouchedAt, Expr::value(micros(tx.now)))
        .filter(standing::Column::EntryId.eq(entry.uuid()));
    if let Some(locale) = locale {
        languages = languages.filter(standing::Column::Locale.eq(locale.as_str()));
    }
    languages.exec(tx.connection()).await?;
    let mut row = entry::ActiveModel { id: Set(entry.uuid()), touched_at: Set(micros(tx.now)), ..Default::default() };
    if went_live {
        row.was_published = Set(true);
    }
    entry::Entity::update(row).exec(tx.connection()).await?;
    Ok(())
}

/// A standing takes the place of the one that was there; when it was touched is for [`touch`] to say.
pub(crate) fn overwrite_standing() -> OnConflict {
    use standing::Column::{
        Assignee, Document, DueAt, EntryId, ExpiresAt, Folded, Folding, Locale, Newest, Number, Persons, ScheduledAt,
        Slug, State, WaitingFor,
    };
    OnConflict::columns([EntryId, Locale])
        .update_columns([
            State,
            Newest,
            ScheduledAt,
            ExpiresAt,
            WaitingFor,
            Folded,
            Folding,
            Slug,
            Number,
            Persons,
            Document,
            Assignee,
            DueAt,
        ])
        .to_owned()
}

pub(crate) fn read_entry(row: entry::Model) -> Result<Entry> {
    Ok(Entry {
        id: row.id.into(),
        kind: from_word(&row.kind)?,
        category: row.category_id.into(),
        tags: from_document(&row.tags)?,
        created_at: timestamp(row.created_at)?,
        created_by: row.created_by.map(Into::into),
        was_published: row.was_published,
        origin: row.origin,
    })
}

pub(crate) fn read_revision(row: revision::Model) -> Result<Revision> {
    let number = |number: i32| u32::try_from(number).map_err(corrupt);
    let content: Content = from_document(&row.content)?;
    Ok(Revision {
        entry: row.entry_id.into(),
        locale: locale(&row.locale)?,
        number: number(row.number)?,
        based_on: row.based_on.map(number).transpose()?,
        created_at: timestamp(row.created_at)?,
        created_by: row.created_by,
        comment: row.comment,
        content,
    })
}

pub(crate) fn read_standing(row: &standing::Model) -> Result<LocaleStanding> {
    let document: Option<StandingDocument> = row.document.as_deref().map(from_document).transpose()?;
    let mut standing = Standing::new(from_word(&row.state)?, u32::try_from(row.newest).map_err(corrupt)?);
    standing.scheduled_at = row.scheduled_at.map(timestamp).transpose()?;
    standing.assignee = row.assignee.clone().map(Into::into);
    standing.due_at = row.due_at.map(timestamp).transpose()?;
    if let Some(document) = document {
        standing.scheduled_by = document.scheduled_by;
        standing.scheduled_note = document.scheduled_note;
        standing.approval = document.approval;
        standing.agreed = document.agreed;
        standing.expiry = document.expiry;
        standing.sent_back = document.sent_back;
        standing.translated_from = document.translated_from;
        standing.import_baseline = document.import_baseline;
    }
    Ok(LocaleStanding { locale: locale(&row.locale)?, standing })
}

/// The columns of a live edition without the text.
pub(crate) type EditionColumns = (Uuid, String, i32, Uuid, i64, i64, i64, String);

/// What is live of these entries, without the text.
pub(crate) async fn edition_rows<C: sea_orm::ConnectionTrait>(db: &C, entries: &[Uuid]) -> Result<Vec<Edition>> {
    use edition::Column::{
        CategoryId, Details as Document, EntryId, FirstPublishedAt, Locale, PublishedAt, Revision, UpdatedAt,
    };
    let rows: Vec<EditionColumns> = edition::Entity::find()
        .filter(EntryId.is_in(entries.iter().copied()))
        .select_only()
        .columns([EntryId, Locale, Revision, CategoryId, PublishedAt, FirstPublishedAt, UpdatedAt, Document])
        .into_tuple()
        .all(db)
        .await?;
    rows.into_iter().map(|row| read_edition(row).map(|(edition, _)| edition)).collect()
}

pub(crate) fn read_edition(row: EditionColumns) -> Result<(Edition, Details)> {
    let (entry, language, revision, category, published, first, updated, document) = row;
    let details: Details = from_document(&document)?;
    let edition = Edition {
        entry: entry.into(),
        locale: locale(&language)?,
        revision: u32::try_from(revision).map_err(corrupt)?,
        category: category.into(),
        tags: details.tags.clone(),
        published_at: timestamp(published)?,
        first_published_at: timestamp(first)?,
        went_live_at: details.went_live_at,
        updated_at: timestamp(updated)?,
        change_notes: details.change_notes.clone(),
        withdrawal: details.withdrawal.clone(),
    };
    Ok((edition, details))
}
