//! What is done to entries, one file per verb.

mod agree;
mod archive;
mod create;
mod delete;
mod desk;
mod due;
mod duplicate;
mod ending;
mod file;
mod live;
mod planner;
mod preview;
mod publish;
mod references;
mod relate;
mod review;
mod save;
mod schedule;
mod unpublish;

use courant_domain::{
    access::{Permission, Target},
    audit::Whereabouts,
    content::Content,
    decree::Signatory,
    edition::Edition,
    entry::{Entry, EntryKind},
    id::{CategoryId, EntryId},
    locale::Locale,
    problem::ProblemCode,
    publication::Details,
    revision::{Revision, RevisionNumber},
    slug::Slug,
    workflow::{LocaleStanding, NotAllowed, Standing, Step},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use self::{
    create::EntryCreate,
    desk::{CommentAdd, CommentResolve, DraftKeep, DraftSave, EntryAssign, EntryClaim, LONGEST_CLAIM},
    due::{DueDone, DueNext},
    duplicate::EntryDuplicate,
    file::EntryFile,
    preview::{PreviewCreate, PreviewMade, PreviewOf, PreviewsRevoke},
    publish::EntryPublish,
    relate::{DecreeRelate, DecreeUnrelate},
    review::{EntryApprove, EntrySendBack},
    save::{EntrySave, RevisionRestore},
    schedule::{EntrySchedule, EntryUnschedule, Scheduled},
    unpublish::EntryUnpublish,
};
use crate::{
    command::{Allowed, Work, WriteError, Written},
    db::{
        convert::{day, from_document},
        entity::{edition, entry, revision, standing},
        entries::{
            edition_rows, overwrite_standing, read_entry, read_revision, read_standing, revision_row, standing_row,
        },
        transaction::Transaction,
    },
    newsroom::slugs,
};

/// One language of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct VersionKey {
    /// The entry.
    pub entry: EntryId,
    /// The language.
    pub locale: Locale,
}

/// An entry in work, with where each of its languages stands and what is live of it.
struct InWork {
    entry: Entry,
    standings: Vec<LocaleStanding>,
    editions: Vec<Edition>,
    /// Whether the viewer made it.
    own: bool,
}

impl InWork {
    fn standing(&self, locale: Locale) -> Option<&Standing> {
        self.standings.iter().find(|it| it.locale == locale).map(|it| &it.standing)
    }

    fn live(&self, locale: Locale) -> Option<&Edition> {
        self.editions.iter().find(|live| live.locale == locale)
    }

    /// These of its languages, for permissions to be asked about.
    fn target<'a>(&self, locales: &'a [Locale]) -> Target<'a> {
        Target { category: Some(self.entry.category), locales, own: self.own }
    }

    fn locales(&self) -> Vec<Locale> {
        self.standings.iter().map(|it| it.locale).collect()
    }

    /// Who saw it until now, for those to be told of whose sight it leaves.
    fn whereabouts(&self) -> Whereabouts {
        Whereabouts {
            category: self.entry.category,
            languages: self.locales(),
            live: !self.editions.is_empty(),
            created_by: self.entry.created_by.clone(),
        }
    }

    /// The languages of which something is planned: to go live, or to end.
    fn planned(&self) -> Vec<Locale> {
        self.standings.iter().filter(|it| it.standing.is_planned()).map(|it| it.locale).collect()
    }

    /// The standing of a language that has been written in.
    fn written(&self, locale: Locale) -> Written<&Standing> {
        self.standing(locale).ok_or_else(|| WriteError::not_found("locale", "language of this entry"))
    }

    /// Where a language stands once it is no longer to go live. The end of what now never begins goes with it.
    fn unscheduled(&self, locale: Locale, before: &Standing) -> Result<Standing, NotAllowed> {
        let mut standing = before.after(Step::Unschedule)?;
        if self.live(locale).is_none() {
            standing.expiry = None;
        }
        Ok(standing)
    }
}

impl Transaction {
    async fn entry_in_work(&self, id: EntryId) -> Result<Option<InWork>, crate::StoreError> {
        let Some(row) = entry::Entity::find_by_id(id.uuid()).one(self.connection()).await? else { return Ok(None) };
        let standings = standing::Entity::find()
            .filter(standing::Column::EntryId.eq(id.uuid()))
            .order_by_asc(standing::Column::Locale)
            .all(self.connection())
            .await?;
        let standings = standings.iter().map(read_standing).collect::<Result<_, _>>()?;
        let editions = edition_rows(self.connection(), &[id.uuid()]).await?;
        Ok(Some(InWork { entry: read_entry(row)?, standings, editions, own: false }))
    }

    async fn revision(&self, key: VersionKey, number: RevisionNumber) -> Result<Option<Revision>, crate::StoreError> {
        let Ok(number) = i32::try_from(number) else { return Ok(None) };
        let id = (key.entry.uuid(), key.locale.to_string(), number);
        revision::Entity::find_by_id(id).one(self.connection()).await?.map(read_revision).transpose()
    }

    /// The newest revision of a standing.
    async fn newest(&self, key: VersionKey, standing: &Standing) -> Result<Revision, crate::StoreError> {
        self.revision(key, standing.newest)
            .await?
            .ok_or_else(|| crate::error::corrupt(format!("{} has no revision {}", key.entry, standing.newest)))
    }

    /// Writes where a language stands, whose newest revision this is.
    async fn standing_put<T>(
        &self,
        _: &Allowed<T>,
        standing: &Standing,
        newest: &Revision,
    ) -> Result<(), crate::StoreError> {
        standing::Entity::insert(standing_row(standing, newest)?)
            .on_conflict(overwrite_standing())
            .exec_without_returning(self.connection())
            .await?;
        Ok(())
    }

    async fn revision_add(&self, revision: &Revision) -> Result<(), crate::StoreError> {
        revision::Entity::insert(revision_row(revision)?).exec_without_returning(self.connection()).await?;
        Ok(())
    }
}

impl Work<'_> {
    /// An entry the viewer sees; to one they do not see it is as if it were not there.
    async fn entry(&self, id: EntryId) -> Written<InWork> {
        let hidden = || WriteError::not_found("entryId", "entry");
        let mut found = self.tx.entry_in_work(id).await?.ok_or_else(hidden)?;
        found.own = found.entry.created_by.as_ref() == Some(&self.command.by.actor);
        let locales = found.locales();
        let target = found.target(&locales);
        let is_live = !found.editions.is_empty();
        let seen = self.command.by.sees(&target, is_live, &self.tx.reference.categories);
        if seen { Ok(found) } else { Err(hidden()) }
    }

    /// Sees that the viewer may do this to one language of an entry.
    fn require_for(&self, permission: Permission, found: InWork, locale: Locale) -> Written<Allowed<InWork>> {
        self.require_in(permission, found, &[locale])
    }

    /// Sees that the viewer may do this to all languages of an entry.
    fn require_for_all(&self, permission: Permission, found: InWork) -> Written<Allowed<InWork>> {
        let locales = found.locales();
        self.require_in(permission, found, &locales)
    }

    fn require_in(&self, permission: Permission, found: InWork, locales: &[Locale]) -> Written<Allowed<InWork>> {
        Ok(self.require(permission, &found.target(locales))?.about(found.entry.id).of(found))
    }

    /// Sees that a category is there.
    fn require_category(&self, id: CategoryId) -> Written<()> {
        let known = self.tx.reference.categories.get(id).is_some();
        if known { Ok(()) } else { Err(WriteError::not_found("categoryId", "category")) }
    }

    fn require_locale(&self, locale: Locale) -> Written<()> {
        if self.tx.reference.site.has(locale) {
            return Ok(());
        }
        let message = format!("the site has no locale {locale}");
        Err(WriteError::refused(ProblemCode::Invalid, "locale", message))
    }

    /// Gives content that has a title and no slug one made of the title, numbered while another entry has it.
    async fn fill_slug(&self, entry: EntryId, locale: Locale, content: &mut Content) -> Written<()> {
        if content.slug().is_some() {
            return Ok(());
        }
        let Some(made) = content.title().and_then(Slug::from_title) else { return Ok(()) };
        let slug = slugs::first_free(&self.tx, (content.kind(), locale, &made), Some(entry), |_| false).await?;
        match content {
            Content::Article(article) => article.slug = Some(slug),
            Content::Decree(decree) => decree.slug = Some(slug),
        }
        Ok(())
    }

    /// The entry that is live under a slug.
    async fn slug_holder(&self, kind: EntryKind, locale: Locale, slug: &Slug) -> Written<Option<EntryId>> {
        let holder: Option<Uuid> = edition::Entity::find()
            .filter(edition::Column::Slug.eq(slug.as_str()))
            .filter(edition::Column::Locale.eq(locale.as_str()))
            .filter(edition::Column::Kind.eq(kind.as_str()))
            .select_only()
            .column(edition::Column::EntryId)
            .into_tuple()
            .one(self.tx.connection())
            .await?;
        Ok(holder.map(Into::into))
    }

    /// Sees that a slug is not another live entry's.
    async fn require_free_slug(&self, revision: &Revision) -> Written<()> {
        let Some(slug) = revision.content.slug() else { return Ok(()) };
        match self.slug_holder(revision.content.kind(), revision.locale, slug).await? {
            Some(holder) if holder != revision.entry => {
                let message = format!("another entry is published under {slug} in {}", revision.locale);
                Err(WriteError::refused(ProblemCode::Taken, "content.slug", message))
            }
            _ => Ok(()),
        }
    }

    /// Sees that a decree is not live as another entry: two acts of one kind, number, day and signatory are one.
    async fn require_free_number(&self, revision: &Revision) -> Written<()> {
        let Content::Decree(decree) = &revision.content else { return Ok(()) };
        let others: Vec<String> = edition::Entity::find()
            .filter(edition::Column::Number.eq(decree.number.as_deref()))
            .filter(edition::Column::SignedDay.eq(decree.signed_on.map(day)))
            .filter(edition::Column::Locale.eq(revision.locale.as_str()))
            .filter(edition::Column::EntryId.ne(revision.entry.uuid()))
            .select_only()
            .column(edition::Column::Details)
            .into_tuple()
            .all(self.tx.connection())
            .await?;
        for other in others {
            let other: Details = from_document(&other)?;
            let by = |signatory: &Option<Signatory>| signatory.as_ref().map(|signatory| signatory.person);
            if other.document_type == Some(decree.document_type) && by(&other.signatory) == by(&decree.signatory) {
                let message = "another entry of this kind, number, day and signatory is published";
                return Err(WriteError::refused(ProblemCode::Taken, "content.number", message));
            }
        }
        Ok(())
    }

    /// Sees that a revision can be what readers see of its entry: complete, of what is there, where nothing else is.
    async fn require_publishable(&self, found: &InWork, revision: &Revision) -> Written<()> {
        Edition::check(&found.entry, revision)?;
        self.require_content(Some(found.entry.id), &revision.content, &revision.content.names()).await?;
        self.require_free_slug(revision).await?;
        self.require_free_number(revision).await
    }

    /// Sees that the revision that was meant is the newest one.
    fn require_newest(field: &str, meant: Option<RevisionNumber>, newest: RevisionNumber) -> Written<()> {
        match meant {
            Some(meant) if meant != newest => Err(WriteError::refused(
                ProblemCode::Conflict,
                field,
                format!("revision {meant} was meant, but the newest is {newest}"),
            )),
            _ => Ok(()),
        }
    }
}
