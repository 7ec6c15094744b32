//! Entries in work.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use courant_domain::{access, fingerprint::fingerprint, id::EntryId, locale::Locale as LocaleTag};
use courant_persistence::{EntryInWork, HistoryOfEntry, HistoryRequest, LiveRow};
use futures_util::future::try_join_all;
use jiff::Timestamp;

use super::{
    EditorialCategory, EditorialTag,
    actor::Actor,
    audit::{self, AuditRecord},
    connection::{AuditRecordConnection, connected, page_request},
    desk::WorkingCopy,
    preview::PreviewLink,
    version::EditorialVersion,
    visibility,
    words::{EntryKind, Permission},
};
use crate::{
    error::Error,
    loader::{CopiesOf, EntryOf, HistoryOf, LiveOf, NumberOf, PreviewsOf},
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

    /// Whether its history shows the viewer what was done to this language, or to none in particular.
    pub(super) async fn tells_of(&self, ctx: &Context<'_>, locale: Option<LocaleTag>) -> Result<bool, Error> {
        match locale {
            Some(locale) => visibility::may(ctx, access::Permission::ReadDrafts, &self.0.entry, &[locale]),
            None => Ok(!matches!(self.share(ctx).await?, Share::Live(_))),
        }
    }

    /// How much of it is the viewer's to see.
    async fn share(&self, ctx: &Context<'_>) -> Result<Share, Error> {
        let entry = &self.0.entry;
        if visibility::may(ctx, access::Permission::ReadDrafts, entry, &[])? {
            return Ok(Share::All);
        }
        let seen = visibility::standings(ctx, entry).await?;
        if let Some(touched_at) = seen.iter().map(|standing| standing.touched_at).max() {
            return Ok(Share::Languages { touched_at });
        }
        let live = request(ctx).site().locales.iter().map(async |locale| {
            let key = LiveOf { entry: entry.id, locale: locale.tag };
            request(ctx).newsroom.load_one(key).await
        });
        Ok(Share::Live(try_join_all(live).await?.into_iter().flatten().collect()))
    }

    /// One language of it, if it is in that one and the viewer may read it.
    pub(crate) async fn in_locale(
        &self,
        ctx: &Context<'_>,
        locale: LocaleTag,
    ) -> Result<Option<EditorialVersion>, Error> {
        let standings = visibility::standings(ctx, &self.0.entry).await?;
        let standing = standings.into_iter().find(|standing| standing.locale == locale);
        Ok(standing.map(|standing| EditorialVersion::read(self.0.clone(), standing.of)))
    }
}

/// How much of an entry a viewer sees.
enum Share {
    /// All of it.
    All,
    /// Some of its languages, which somebody last did something to then.
    Languages { touched_at: Timestamp },
    /// None of the languages it is written in, but that it is live: what its readers see, in the order of the site's languages.
    Live(Vec<Arc<LiveRow>>),
}

/// One piece of content in all its languages, as the newsroom works on it.
#[Object]
impl EditorialEntry {
    /// Its id, the same in all languages: `entryId` of the types readers see, and what mutations and `node` take.
    pub(crate) async fn id(&self) -> ID {
        ID(self.0.entry.id.to_string())
    }

    /// What it is; never changes.
    async fn kind(&self) -> EntryKind {
        self.0.entry.kind.into()
    }

    /// Where it is filed. Readers see each language where it was filed when that was last published, and so do viewers who may read
    /// none of its languages.
    async fn filed_under(&self, ctx: &Context<'_>) -> Result<EditorialCategory, Error> {
        let id = match self.share(ctx).await? {
            Share::Live(live) => live.first().map_or(self.0.entry.category, |live| live.edition.category),
            Share::All | Share::Languages { .. } => self.0.entry.category,
        };
        let category = EditorialCategory::find(ctx, id);
        request(ctx).named(category).ok_or_else(|| Error::missing("an entry's category"))
    }

    /// Its subjects, the most important first; for viewers who may read none of its languages, those that readers see.
    async fn tagged_with(&self, ctx: &Context<'_>) -> Result<Vec<EditorialTag>, Error> {
        let tags = match self.share(ctx).await? {
            Share::Live(live) => live.first().map(|live| live.edition.tags.clone()).unwrap_or_default(),
            Share::All | Share::Languages { .. } => self.0.entry.tags.clone(),
        };
        let known = |id: &_| request(ctx).named(request(ctx).reference().tag(*id)).is_some();
        Ok(tags.into_iter().filter(known).map(EditorialTag).collect())
    }

    /// When it was made here.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.entry.created_at)
    }

    /// Who made it, and whose own it is; null when nobody knows any more.
    async fn created_by(&self) -> Option<Actor> {
        self.0.entry.created_by.clone().map(Actor)
    }

    /// When somebody last did something to it, in the languages that the viewer may read; what lists are ordered by. Where they may
    /// read none of them, when what readers see last changed.
    async fn touched_at(&self, ctx: &Context<'_>) -> Result<DateTime, Error> {
        Ok(DateTime(match self.share(ctx).await? {
            Share::All => self.0.touched_at,
            Share::Languages { touched_at } => touched_at,
            Share::Live(live) => {
                live.iter().map(|live| live.edition.updated_at).max().unwrap_or(self.0.entry.created_at)
            }
        }))
    }

    /// What the viewer may do to all languages of it at once; see also `EditorialVersion.permissions`.
    async fn permissions(&self, ctx: &Context<'_>) -> Result<Vec<Permission>, Error> {
        Ok(visibility::permissions(ctx, &self.0.entry, &[])?.into_iter().map(Into::into).collect())
    }

    /// The languages it is in that the viewer may read, in the order of the site's.
    async fn versions(&self, ctx: &Context<'_>) -> Result<Vec<EditorialVersion>, Error> {
        let standings = visibility::standings(ctx, &self.0.entry).await?;
        Ok(standings.into_iter().map(|standing| EditorialVersion::read(self.0.clone(), standing.of)).collect())
    }

    /// One language of it; null when it is not in that one, or the viewer may not read it.
    async fn version(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language.")] locale: Locale,
    ) -> Option<Result<EditorialVersion, Error>> {
        self.in_locale(ctx, locale.0).await.transpose()
    }

    /// The viewer's own working copy of a language, which need not have a revision yet; null when they have none.
    async fn working_copy(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language.")] locale: Locale,
    ) -> Option<Result<WorkingCopy, Error>> {
        let own = async {
            let viewer = request(ctx).viewer()?.actor.clone();
            let key = CopiesOf { entry: self.0.entry.id, locale: locale.0, viewer: viewer.clone() };
            let copies = request(ctx).newsroom.load_one(key).await?.unwrap_or_default();
            let Some(copy) = copies.into_iter().find(|copy| copy.owner == viewer) else { return Ok(None) };
            let standings = visibility::standings(ctx, &self.0.entry).await?;
            let newest = standings.iter().find(|it| it.locale == locale.0).map(|it| it.standing.newest);
            Ok(Some(WorkingCopy { copy, newest }))
        };
        own.await.transpose()
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
    /// particular; nothing for viewers who may read none of them.
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the beginning, up to 100; 20 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, up to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Option<Result<AuditRecordConnection, Error>> {
        let page = async {
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
        };
        Some(page.await)
    }
}

impl From<Arc<EntryInWork>> for EditorialEntry {
    /// An entry that was read, and seen to be the viewer's to read.
    fn from(read: Arc<EntryInWork>) -> Self {
        Self(read)
    }
}
