//! One language of an entry in work.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use courant_domain::{
    diff, dump::LocaleStanding, editorial::fingerprint, id::EntryId, locale::Locale as LocaleTag,
    revision::RevisionNumber, workflow::Standing,
};
use courant_persistence::{EntryInWork, RevisionRow, RevisionsRequest};
use futures_util::try_join;

use super::{
    EditorialEntry,
    actor::Actor,
    connection::{RevisionConnection, connected, page_request},
    draft::MissingField,
    live::{Approval, Expiry, LiveEdition},
    revision::{self, CONTENT, Revision, TITLE},
    sight,
    words::{Permission, State, WaitingFor},
};
use crate::{
    error::Error,
    loader::{EntryOf, LiveOf, NumberOf, RevisionsOf},
    schema::{
        connection::Paging,
        context::request,
        scalar::{DateTime, Locale},
    },
};

/// One language of an entry, as the newsroom works on it.
#[derive(Clone)]
pub(crate) struct EditorialVersion {
    entry: EntryId,
    locale: LocaleTag,
    /// Set when it was read, and seen to be the viewer's to read.
    read: Option<Read>,
}

#[derive(Clone)]
struct Read {
    entry: Arc<EntryInWork>,
    standing: Arc<Standing>,
}

impl EditorialVersion {
    /// This language of an entry, to be read when a field asks for more. The fields of one that is not there, or
    /// not for the viewer, fail with `NOT_FOUND`.
    #[expect(dead_code, reason = "entry mutations answer with it")]
    pub(crate) const fn of(entry: EntryId, locale: LocaleTag) -> Self {
        Self { entry, locale, read: None }
    }

    /// A language that was read, and seen to be the viewer's to read.
    pub(super) fn read(entry: Arc<EntryInWork>, LocaleStanding { locale, standing }: LocaleStanding) -> Self {
        Self { entry: entry.entry.id, locale, read: Some(Read { entry, standing: Arc::new(standing) }) }
    }

    async fn get(&self, ctx: &Context<'_>) -> Result<Read, Error> {
        if let Some(read) = &self.read {
            return Ok(read.clone());
        }
        let entry = request(ctx).loaders.load_one(EntryOf(self.entry)).await?.ok_or_else(sight::no_such_entry)?;
        let standings = sight::standings(ctx, &entry.entry).await?;
        let standing = standings.into_iter().find(|standing| standing.locale == self.locale);
        let standing = Arc::new(standing.ok_or_else(sight::no_such_entry)?.standing);
        Ok(Read { entry, standing })
    }

    async fn standing(&self, ctx: &Context<'_>) -> Result<Arc<Standing>, Error> {
        Ok(self.get(ctx).await?.standing)
    }

    /// A revision with its content, once it is clear that the viewer may read it.
    async fn content(&self, ctx: &Context<'_>, number: RevisionNumber) -> Result<Option<Arc<RevisionRow>>, Error> {
        revision::find(ctx, self.entry, self.locale, number, CONTENT).await
    }
}

/// One language of an entry, as the newsroom works on it.
#[Object]
impl EditorialVersion {
    /// Its id: the entry's and the language.
    async fn id(&self) -> ID {
        ID(format!("{}:{}", self.entry, self.locale))
    }

    /// The entry it is one language of.
    async fn entry(&self) -> EditorialEntry {
        self.read.as_ref().map_or_else(|| EditorialEntry::of(self.entry), |read| read.entry.clone().into())
    }

    /// The language.
    async fn locale(&self) -> Locale {
        Locale(self.locale)
    }

    /// Where it stands.
    async fn state(&self, ctx: &Context<'_>) -> Result<State, Error> {
        Ok(self.standing(ctx).await?.state.into())
    }

    /// Whom it waits for; null when nothing is in work.
    async fn waiting_for(&self, ctx: &Context<'_>) -> Option<Result<WaitingFor, Error>> {
        self.standing(ctx).await.map(|standing| standing.waiting_for().map(Into::into)).transpose()
    }

    /// What the viewer may do to this language of the entry.
    async fn permissions(&self, ctx: &Context<'_>) -> Result<Vec<Permission>, Error> {
        let read = self.get(ctx).await?;
        Ok(sight::permissions(ctx, &read.entry.entry, &[self.locale])?.into_iter().map(Into::into).collect())
    }

    /// The title of the newest revision; null while it has none.
    async fn title(&self, ctx: &Context<'_>) -> Option<Result<String, Error>> {
        let found = async {
            let newest = self.standing(ctx).await?.newest;
            let row = revision::find(ctx, self.entry, self.locale, newest, TITLE).await?;
            Ok(row.and_then(|row| row.title.clone()))
        };
        found.await.transpose()
    }

    /// The newest revision.
    async fn newest(&self, ctx: &Context<'_>) -> Result<Revision, Error> {
        let newest = self.standing(ctx).await?.newest;
        let parts = revision::parts_of(ctx.field());
        let row = revision::find(ctx, self.entry, self.locale, newest, parts).await?;
        Ok(Revision::of(row.ok_or_else(sight::no_such_entry)?, newest))
    }

    /// One revision; null when there is none with this number.
    async fn revision(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its number.")] number: RevisionNumber,
    ) -> Option<Result<Revision, Error>> {
        let found = async {
            let newest = self.standing(ctx).await?.newest;
            let row = revision::find(ctx, self.entry, self.locale, number, revision::parts_of(ctx.field())).await?;
            Ok(row.map(|row| Revision::of(row, newest)))
        };
        found.await.transpose()
    }

    /// Its revisions, newest first.
    async fn revisions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the beginning, up to 100; 20 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what lies behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, up to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what lies before this cursor.")] before: Option<String>,
    ) -> Result<RevisionConnection, Error> {
        let (entry, locale) = (self.entry, self.locale);
        let print = fingerprint(&("revisions", entry, locale));
        let page = page_request(&Paging { first, after, last, before }, print)?;
        let newest = self.standing(ctx).await?.newest;
        let key = RevisionsOf {
            request: RevisionsRequest { entry, locale, page },
            parts: revision::parts_of_connection(ctx),
        };
        let number = NumberOf::Revisions(entry, locale);
        let load = request(ctx).loaders.load_one(key);
        connected(ctx, print, number, load, |row| Revision::of(row, newest)).await.map(RevisionConnection)
    }

    /// An editor's consent to the newest revision, while it holds.
    async fn approval(&self, ctx: &Context<'_>) -> Option<Result<Approval, Error>> {
        self.standing(ctx).await.map(|standing| standing.approval.as_ref().map(Approval::from)).transpose()
    }

    /// When the newest revision goes live, if it is scheduled.
    async fn scheduled_at(&self, ctx: &Context<'_>) -> Option<Result<DateTime, Error>> {
        self.standing(ctx).await.map(|standing| standing.scheduled_at.map(DateTime)).transpose()
    }

    /// Who scheduled it.
    async fn scheduled_by(&self, ctx: &Context<'_>) -> Option<Result<Actor, Error>> {
        self.standing(ctx).await.map(|standing| standing.scheduled_by.clone().map(Actor)).transpose()
    }

    /// The public note it will carry when it goes live.
    async fn scheduled_note(&self, ctx: &Context<'_>) -> Option<Result<String, Error>> {
        self.standing(ctx).await.map(|standing| standing.scheduled_note.clone()).transpose()
    }

    /// The set end of what is live, or of what will be.
    async fn expiry(&self, ctx: &Context<'_>) -> Option<Result<Expiry, Error>> {
        self.standing(ctx).await.map(|standing| standing.expiry.as_ref().map(Expiry::from)).transpose()
    }

    /// What readers see of it; null when nothing is live.
    async fn live(&self, ctx: &Context<'_>) -> Option<Result<LiveEdition, Error>> {
        let found = async {
            self.get(ctx).await?;
            request(ctx).loaders.load_one(LiveOf { entry: self.entry, locale: self.locale }).await
        };
        found.await.map(|live| live.map(LiveEdition)).transpose()
    }

    /// What readers would still need before the newest revision could be published; empty when nothing.
    async fn missing(&self, ctx: &Context<'_>) -> Result<Vec<MissingField>, Error> {
        let newest = self.standing(ctx).await?.newest;
        let row = self.content(ctx, newest).await?.ok_or_else(sight::no_such_entry)?;
        let missing = row.content.as_ref().map(courant_domain::content::Content::missing).unwrap_or_default();
        Ok(missing.into_iter().map(Into::into).collect())
    }

    /// The fields in which two revisions differ, by name; null when one of them does not exist.
    async fn diff(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The number of the older revision.")] from: RevisionNumber,
        #[graphql(desc = "The number of the newer revision; the newest when none is given.")] to: Option<
            RevisionNumber,
        >,
    ) -> Option<Result<Vec<FieldChange>, Error>> {
        let found = async {
            let to = to.unwrap_or(self.standing(ctx).await?.newest);
            let (before, after) = try_join!(self.content(ctx, from), self.content(ctx, to))?;
            let (Some(before), Some(after)) = (before, after) else { return Ok(None) };
            let (Some(before), Some(after)) = (&before.content, &after.content) else { return Ok(None) };
            Ok(Some(diff::diff(before, after).into_iter().map(FieldChange::from).collect()))
        };
        found.await.transpose()
    }
}

/// One field that two revisions differ in.
#[derive(SimpleObject)]
pub(crate) struct FieldChange {
    /// The field's name in `ArticleDraft` or `DecreeDraft`: `leadImage`.
    field: String,
    /// What the older revision has, as text; JSON where it is no text, null where there is nothing.
    before: Option<String>,
    /// What the newer revision has, in the same way.
    after: Option<String>,
    /// The lines that differ, as a unified diff with three lines around them, where both have a text of fewer than some
    /// thousands of lines.
    unified: Option<String>,
}

impl From<diff::FieldChange> for FieldChange {
    fn from(change: diff::FieldChange) -> Self {
        let diff::FieldChange { field, before, after, unified } = change;
        Self { field, before, after, unified }
    }
}
