//! Entries in work.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use courant_domain::{access, fingerprint::fingerprint, id::EntryId, locale::Locale as LocaleTag};
use courant_persistence::{EntryInWork, HistoryOfEntry, HistoryRequest};

use super::{
    EditorialCategory, EditorialTag,
    actor::Actor,
    audit::{self, AuditRecord},
    connection::{AuditRecordConnection, connected, page_request},
    preview::PreviewLink,
    version::EditorialVersion,
    visibility,
    words::{EntryKind, Permission},
};
use crate::{
    error::Error,
    loader::{EntryOf, HistoryOf, NumberOf, PreviewsOf},
    schema::{
        connection::Paging,
        context::request,
        scalar::{DateTime, Locale},
    },
};

/// One piece of content in all its languages, as the newsroom works on it.
#[derive(Clone)]
pub(crate) struct EditorialEntry(
    /// It was read, and seen to be the viewer's to read.
    Arc<EntryInWork>,
);

impl EditorialEntry {
    /// The entry with this id, if it is there and the viewer may read it.
    pub(crate) async fn find(ctx: &Context<'_>, id: EntryId) -> Result<Option<Self>, Error> {
        request(ctx).viewer()?;
        let Some(entry) = request(ctx).newsroom.load_one(EntryOf(id)).await? else { return Ok(None) };
        Ok(visibility::sees(ctx, &entry).await?.then_some(Self(entry)))
    }

    /// One language of it, if it is in that one and the viewer may read it.
    pub(crate) async fn in_locale(
        &self,
        ctx: &Context<'_>,
        locale: LocaleTag,
    ) -> Result<Option<EditorialVersion>, Error> {
        let standings = visibility::standings(ctx, &self.0.entry).await?;
        let standing = standings.into_iter().find(|standing| standing.locale == locale);
        Ok(standing.map(|standing| EditorialVersion::read(self.0.clone(), standing)))
    }
}

/// One piece of content in all its languages, as the newsroom works on it.
#[Object]
impl EditorialEntry {
    /// Its id, the same in all languages: `entryId` of the types readers see, and what mutations take.
    async fn id(&self) -> ID {
        ID(self.0.entry.id.to_string())
    }

    /// What it is; never changes.
    async fn kind(&self) -> EntryKind {
        self.0.entry.kind.into()
    }

    /// Where it is filed. Readers see each language where it was filed when that was last published.
    async fn category(&self, ctx: &Context<'_>) -> Result<EditorialCategory, Error> {
        let category = EditorialCategory::find(ctx, self.0.entry.category);
        request(ctx).named(category).ok_or_else(|| Error::missing("an entry's category"))
    }

    /// Its subjects, the most important first.
    async fn tags(&self, ctx: &Context<'_>) -> Vec<EditorialTag> {
        let known = |id: &_| request(ctx).named(request(ctx).reference().tag(*id)).is_some();
        self.0.entry.tags.iter().copied().filter(known).map(EditorialTag).collect()
    }

    /// When it was made here.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.entry.created_at)
    }

    /// Who made it, and whose own it is; null when nobody knows any more.
    async fn created_by(&self) -> Option<Actor> {
        self.0.entry.created_by.clone().map(Actor)
    }

    /// When somebody last did something to it; what lists are ordered by.
    async fn touched_at(&self) -> DateTime {
        DateTime(self.0.touched_at)
    }

    /// What the viewer may do to all languages of it at once; see also `EditorialVersion.permissions`.
    async fn permissions(&self, ctx: &Context<'_>) -> Result<Vec<Permission>, Error> {
        Ok(visibility::permissions(ctx, &self.0.entry, &[])?.into_iter().map(Into::into).collect())
    }

    /// The languages it is in that the viewer may read, in the order of the site's.
    async fn versions(&self, ctx: &Context<'_>) -> Result<Vec<EditorialVersion>, Error> {
        let standings = visibility::standings(ctx, &self.0.entry).await?;
        Ok(standings.into_iter().map(|standing| EditorialVersion::read(self.0.clone(), standing)).collect())
    }

    /// One language of it; null when it is not in that one, or the viewer may not read it.
    async fn version(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language.")] locale: Locale,
    ) -> Option<Result<EditorialVersion, Error>> {
        self.in_locale(ctx, locale.0).await.transpose()
    }

    /// The preview links to it that hold, the newest first: those to languages that the viewer may read. There are at most
    /// 100.
    async fn previews(&self, ctx: &Context<'_>) -> Result<Vec<PreviewLink>, Error> {
        let links = request(ctx).newsroom.load_one(PreviewsOf(self.0.entry.id)).await?.unwrap_or_default();
        let mut seen = Vec::with_capacity(links.len());
        for link in links.iter() {
            if visibility::may(ctx, access::Permission::ReadDrafts, &self.0.entry, &[link.locale])? {
                seen.push(PreviewLink(link.clone()));
            }
        }
        Ok(seen)
    }

    /// What was done to it, the newest first: what concerns the languages that the viewer may read, or none in
    /// particular.
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the beginning, up to 100; 20 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, up to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<AuditRecordConnection, Error> {
        let print = fingerprint(&("history", self.0.entry.id));
        let page = page_request(&Paging { first, after, last, before }, print)?;
        let locales = if visibility::may(ctx, access::Permission::ReadDrafts, &self.0.entry, &[])? {
            None
        } else {
            let seen = visibility::standings(ctx, &self.0.entry).await?;
            Some(seen.into_iter().map(|standing| standing.locale).collect())
        };
        let of = HistoryOfEntry { entry: self.0.entry.id, locales };
        let whole = audit::may_read(ctx)?;
        let load = request(ctx).newsroom.load_one(HistoryOf(HistoryRequest { of: of.clone(), page }));
        let node = |record| AuditRecord::of(record, whole);
        connected(ctx, print, NumberOf::History(of), load, node).await.map(AuditRecordConnection)
    }
}

impl From<Arc<EntryInWork>> for EditorialEntry {
    /// An entry that was read, and seen to be the viewer's to read.
    fn from(read: Arc<EntryInWork>) -> Self {
        Self(read)
    }
}
