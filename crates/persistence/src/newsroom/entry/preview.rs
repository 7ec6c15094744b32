//! Showing a revision before it is live, to whoever has a link.
//!
//! A link shows one revision, and ends with it: when its time is over, when it is revoked, when whoever made it is kept
//! out, when its revision or a newer one goes live, is taken back or put away, and when the entry is deleted.

use courant_domain::{
    access::{ActorId, Permission},
    audit::{Act, AuditSubject},
    id::{EntryId, PreviewId},
    locale::Locale,
    problem::ProblemCode,
    revision::RevisionNumber,
};
use jiff::{SignedDuration, Timestamp};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::VersionKey;
use crate::{
    command::{Command, Done, WriteError, Written},
    db::{
        convert::{locale, micros},
        entity::{entry, preview_link, revision, view_count},
        entries::{edition_rows, read_entry, read_revision},
        transaction::{Transaction, chunks},
    },
    error::Result,
    live::publication::Publication,
    newsroom::Newsroom,
};

/// How many links to one entry can hold at once.
const MOST: u64 = 100;

/// A revision to make a preview link for.
#[derive(Debug, Clone, Serialize)]
pub struct PreviewCreate {
    /// Of which entry.
    pub entry: EntryId,
    /// In which language.
    pub locale: Locale,
    /// Which revision; the newest when none is given.
    pub revision: Option<RevisionNumber>,
    /// For how many minutes.
    pub minutes: u32,
}

/// What a preview link shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewOf {
    /// Which language of which entry.
    #[serde(flatten)]
    pub key: VersionKey,
    /// Which revision.
    pub revision: RevisionNumber,
}

/// A preview link that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewMade {
    /// Its id.
    #[serde(default)]
    pub id: PreviewId,
    /// What it shows.
    #[serde(flatten)]
    pub of: PreviewOf,
    /// When it was made, and when it ends by itself: whole seconds.
    #[serde(default)]
    pub issued_at: Timestamp,
    /// When it ends by itself: a whole second.
    #[serde(default)]
    pub expires_at: Timestamp,
}

/// Which preview links to an entry to revoke.
#[derive(Debug, Clone, Serialize)]
pub struct PreviewsRevoke {
    /// The entry.
    pub entry: EntryId,
    /// This link; all that the viewer sees when none is given.
    pub link: Option<PreviewId>,
    /// Only those to this language.
    pub locale: Option<Locale>,
}

impl Newsroom {
    /// Makes a link to a revision.
    ///
    /// # Errors
    /// When there is no such revision, the viewer may not read it, as many links hold as can, or the database fails.
    pub async fn preview_create(&self, command: Command<'_>, input: &PreviewCreate) -> Written<PreviewMade> {
        self.store
            .change(command, Act::CreatePreview, input, async |work| {
                let found = work.entry(input.entry).await?;
                let found = work.require_for(Permission::ReadDrafts, found, input.locale)?;
                let key = VersionKey { entry: input.entry, locale: input.locale };
                let revision = input.revision.unwrap_or(found.written(input.locale)?.newest);
                if work.tx.revision(key, revision).await?.is_none() {
                    return Err(WriteError::not_found("revision", "revision"));
                }
                let holds = preview_link::Entity::find().filter(holding(input.entry, work.tx.now));
                if holds.count(work.tx.connection()).await? >= MOST {
                    let message = format!("{MOST} links to this entry hold; revoke some first");
                    return Err(WriteError::refused(ProblemCode::Invalid, "entryId", message));
                }
                let whole = |at: Timestamp| Timestamp::from_second(at.as_second()).unwrap_or(at);
                let expires_at = work.tx.now.checked_add(SignedDuration::from_mins(input.minutes.into()));
                let made = PreviewMade {
                    id: PreviewId::generate(),
                    of: PreviewOf { key, revision },
                    issued_at: whole(work.tx.now),
                    expires_at: whole(expires_at.map_err(crate::error::invalid)?),
                };
                let row = preview_link::ActiveModel {
                    id: Set(made.id.uuid()),
                    entry_id: Set(key.entry.uuid()),
                    locale: Set(key.locale.to_string()),
                    revision: Set(i32::try_from(revision).map_err(crate::error::invalid)?),
                    created_by: Set(work.command.by.actor.to_string()),
                    created_at: Set(micros(work.tx.now)),
                    expires_at: Set(micros(made.expires_at)),
                    ended_at: Set(None),
                };
                preview_link::Entity::insert(row).exec_without_returning(work.tx.connection()).await?;
                let detail = json!({ "revision": revision, "link": made.id, "expiresAt": made.expires_at });
                Ok(Done::new(&found, (AuditSubject::Entry, input.entry.uuid()), detail, made).in_locale(input.locale))
            })
            .await
    }

    /// Revokes links to an entry. One that has ended stays as it is.
    ///
    /// # Errors
    /// When there is no such entry or link that the viewer sees, or the database fails.
    pub async fn previews_revoke(&self, command: Command<'_>, input: &PreviewsRevoke) -> Written<EntryId> {
        self.store
            .change(command, Act::RevokePreview, input, async |work| {
                let found = work.entry(input.entry).await?;
                let mut query = preview_link::Entity::find()
                    .filter(preview_link::Column::EntryId.eq(input.entry.uuid()))
                    .order_by_asc(preview_link::Column::Id);
                query = match input.link {
                    Some(link) => query.filter(preview_link::Column::Id.eq(link.uuid())),
                    None => query.filter(holding(input.entry, work.tx.now)),
                };
                let mut links = Vec::new();
                let mut allowed = None;
                for row in query.all(work.tx.connection()).await? {
                    let of = locale(&row.locale)?;
                    let wanted = input.locale.is_none_or(|locale| locale == of);
                    if wanted && let Ok(may) = work.require(Permission::ReadDrafts, &found.target(&[of])) {
                        allowed = Some(may.about(input.entry));
                        links.push((row, of));
                    }
                }
                if input.link.is_some() && links.is_empty() {
                    return Err(WriteError::not_found("previewId", "preview link"));
                }
                links.retain(|(row, _)| row.ended_at.is_none() && row.expires_at > micros(work.tx.now));
                let Some(allowed) = allowed.filter(|_| !links.is_empty()) else {
                    return Ok(Done::Nothing(input.entry));
                };
                let ids = links.iter().map(|(row, _)| row.id);
                work.tx.previews_end_where(Condition::all().add(preview_link::Column::Id.is_in(ids))).await?;
                let ended: Vec<_> = links
            .iter()
            .map(
                |(row, of)| json!({ "link": row.id, "locale": of, "revision": row.revision, "madeBy": row.created_by }),
            )
            .collect();
                let in_one = links.iter().all(|(_, of)| *of == links[0].1).then_some(links[0].1);
                Ok(Done::new(
                    &allowed,
                    (AuditSubject::Entry, input.entry.uuid()),
                    json!({ "ended": ended }),
                    input.entry,
                )
                .in_locale(in_one))
            })
            .await
    }

    /// What readers would see of a revision; none when it is there no more, or the link to it has ended. Whoever asks
    /// must have shown the link.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn preview(&self, link: PreviewId, of: PreviewOf, now: Timestamp) -> Result<Option<Publication>> {
        let PreviewOf { key, revision: number } = of;
        let db = self.store.reader();
        let Ok(number) = i32::try_from(number) else { return Ok(None) };
        let holds = preview_link::Entity::find_by_id(link.uuid())
            .filter(holding(key.entry, now))
            .filter(preview_link::Column::Locale.eq(key.locale.as_str()))
            .filter(preview_link::Column::Revision.eq(number));
        if holds.one(db).await?.is_none() {
            return Ok(None);
        }
        let id = (key.entry.uuid(), key.locale.to_string(), number);
        let Some(row) = revision::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
        let revision = read_revision(row)?;
        let Some(row) = entry::Entity::find_by_id(key.entry.uuid()).one(db).await? else { return Ok(None) };
        let entry = read_entry(row)?;
        let live = edition_rows(db, &[key.entry.uuid()]).await?;
        let live = live.iter().find(|live| live.locale == key.locale);
        let views = view_count::Entity::find_by_id(key.entry.uuid()).one(db).await?.map_or(0, |count| count.views);
        Ok(Some(Publication::preview(
            &entry,
            &revision,
            live,
            views,
            (now, self.store.reference().site.time_zone.day(now)),
        )))
    }

    /// Forgets preview links that ended more than a week ago.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn previews_forget(&self) -> Result<()> {
        const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);
        let tx = Transaction::begin(&self.store).await?;
        let old = preview_link::Column::ExpiresAt.lt(micros(tx.now - WEEK));
        preview_link::Entity::delete_many().filter(old).exec(tx.connection()).await?;
        tx.commit(&self.store).await
    }
}

impl Transaction {
    /// Ends links to one language of an entry, up to a revision.
    pub(crate) async fn previews_end(&self, key: VersionKey, revision: RevisionNumber) -> Result<()> {
        let of = Condition::all()
            .add(preview_link::Column::EntryId.eq(key.entry.uuid()))
            .add(preview_link::Column::Locale.eq(key.locale.as_str()))
            .add(preview_link::Column::Revision.lte(i32::try_from(revision).unwrap_or(i32::MAX)));
        self.previews_end_where(of).await
    }

    /// Ends the links that these have made.
    pub(crate) async fn previews_end_by(&self, actors: &[ActorId]) -> Result<()> {
        for actors in chunks(actors.to_vec()) {
            let names = actors.iter().map(ActorId::as_str);
            let of = Condition::all().add(preview_link::Column::CreatedBy.is_in(names));
            self.previews_end_where(of).await?;
        }
        Ok(())
    }

    /// Ends all links.
    pub(crate) async fn previews_end_all(&self) -> Result<()> {
        self.previews_end_where(Condition::all()).await
    }

    async fn previews_end_where(&self, which: Condition) -> Result<()> {
        let ended = preview_link::ActiveModel { ended_at: Set(Some(micros(self.now))), ..Default::default() };
        preview_link::Entity::update_many()
            .set(ended)
            .filter(which)
            .filter(preview_link::Column::EndedAt.is_null())
            .exec(self.connection())
            .await?;
        Ok(())
    }
}

/// The links to an entry that hold.
fn holding(entry: EntryId, now: Timestamp) -> Condition {
    Condition::all()
        .add(preview_link::Column::EntryId.eq(entry.uuid()))
        .add(preview_link::Column::EndedAt.is_null())
        .add(preview_link::Column::ExpiresAt.gt(micros(now)))
}
