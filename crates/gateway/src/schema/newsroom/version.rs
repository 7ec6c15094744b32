//! One language of an entry in work.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use courant_domain::{
    diff,
    fingerprint::fingerprint,
    id::EntryId,
    locale::Locale as LocaleTag,
    revision::RevisionNumber,
    workflow::{LocaleStanding, Standing},
};
use courant_persistence::{EntryInWork, RevisionParts, RevisionRow, RevisionsRequest};
use futures_util::try_join;

use super::{
    EditorialEntry,
    actor::Actor,
    connection::{RevisionConnection, connected, page_request},
    desk::{Claim, Comment, SentBack, TranslationSource, WorkingCopy, WorkingCopyNote},
    draft::MissingField,
    live::{Approval, Expiry, LiveEdition},
    reach::Reach,
    revision::{self, CONTENT, Revision, TITLE},
    visibility,
    words::{Permission, State, WaitingFor},
};
use crate::{
    error::Error,
    loader::{ChangeOf, ClaimOf, CommentsOf, CopiesOf, LiveOf, NumberOf, RevisionsOf},
    schema::{
        connection::Paging,
        context::request,
        scalar::{DateTime, Locale},
    },
};

/// One language of an entry, as the newsroom works on it.
#[derive(Clone)]
pub(crate) struct EditorialVersion {
    entry: Arc<EntryInWork>,
    locale: LocaleTag,
    standing: Arc<Standing>,
}

impl EditorialVersion {
    /// A language that was read, and seen to be the viewer's to read.
    pub(super) fn read(entry: Arc<EntryInWork>, LocaleStanding { locale, standing }: LocaleStanding) -> Self {
        Self { entry, locale, standing: Arc::new(standing) }
    }

    async fn copies(&self, ctx: &Context<'_>) -> Result<Vec<Arc<courant_domain::desk::WorkingCopy>>, Error> {
        let viewer = request(ctx).viewer()?.actor.clone();
        let key = CopiesOf { entry: self.of_entry(), locale: self.locale, viewer };
        Ok(request(ctx).newsroom.load_one(key).await?.unwrap_or_default())
    }

    fn of_entry(&self) -> EntryId {
        self.entry.entry.id
    }

    async fn row(
        &self,
        ctx: &Context<'_>,
        number: RevisionNumber,
        parts: RevisionParts,
    ) -> Result<Option<Arc<RevisionRow>>, Error> {
        revision::find(ctx, self.of_entry(), self.locale, number, parts).await
    }
}

fn is_resolved(comment: &courant_domain::desk::Comment) -> bool {
    comment.resolved.is_some()
}

/// One language of an entry, as the newsroom works on it.
#[Object]
impl EditorialVersion {
    /// Its id, which names the entry and the language: what `node` takes. Mutations take the two apart.
    pub(crate) async fn id(&self) -> ID {
        ID(format!("{}:{}", self.of_entry(), self.locale))
    }

    /// The entry it is one language of.
    async fn entry(&self) -> EditorialEntry {
        self.entry.clone().into()
    }

    /// The language.
    async fn locale(&self) -> Locale {
        Locale(self.locale)
    }

    /// Where it stands.
    async fn state(&self) -> State {
        self.standing.state.into()
    }

    /// Whom it waits for; null when nothing is in work.
    async fn waiting_for(&self) -> Option<WaitingFor> {
        self.standing.waiting_for().map(Into::into)
    }

    /// What the viewer may do to this language of the entry.
    async fn permissions(&self, ctx: &Context<'_>) -> Result<Vec<Permission>, Error> {
        Ok(visibility::permissions(ctx, &self.entry.entry, &[self.locale])?.into_iter().map(Into::into).collect())
    }

    /// The title of the newest revision; null while it has none.
    async fn newest_title(&self, ctx: &Context<'_>) -> Option<Result<String, Error>> {
        let newest = self.row(ctx, self.standing.newest, TITLE).await;
        newest.map(|row| row.and_then(|row| row.title.clone())).transpose()
    }

    /// The newest revision.
    async fn newest(&self, ctx: &Context<'_>) -> Result<Revision, Error> {
        let newest = self.standing.newest;
        let row = self.row(ctx, newest, revision::parts_of(ctx.field())).await?;
        Ok(Revision::of(row.ok_or_else(visibility::no_such_entry)?, newest))
    }

    /// One revision; null when there is none with this number.
    async fn revision_by_number(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its number.")] number: i32,
    ) -> Option<Result<Revision, Error>> {
        let number = RevisionNumber::try_from(number).ok()?;
        let row = self.row(ctx, number, revision::parts_of(ctx.field())).await;
        row.map(|row| row.map(|row| Revision::of(row, self.standing.newest))).transpose()
    }

    /// Its revisions, newest first.
    async fn revisions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the beginning, up to 100; 20 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, up to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Option<Result<RevisionConnection, Error>> {
        let page = async {
            let (entry, locale) = (self.of_entry(), self.locale);
            let print = fingerprint(&("revisions", entry, locale));
            let page = page_request(&Paging { first, after, last, before }, print)?;
            let newest = self.standing.newest;
            let key = RevisionsOf {
                request: RevisionsRequest { entry, locale, page },
                parts: revision::parts_of_connection(ctx),
            };
            let number = NumberOf::Revisions(entry, locale);
            let load = request(ctx).newsroom.load_one(key);
            connected(ctx, print, number, load, |row| Revision::of(row, newest)).await.map(RevisionConnection)
        };
        Some(page.await)
    }

    /// An editor's consent to the newest revision, while it holds.
    async fn approval(&self) -> Option<Approval> {
        self.standing.approval.as_ref().map(Approval::from)
    }

    /// That it was sent back, until it is handed in again or goes live.
    async fn sent_back(&self) -> Option<SentBack> {
        self.standing.sent_back.as_ref().map(SentBack::from)
    }

    /// The viewer's own working copy; null when they have none.
    async fn working_copy(&self, ctx: &Context<'_>) -> Option<Result<WorkingCopy, Error>> {
        let own = async {
            let viewer = &request(ctx).viewer()?.actor;
            let copies = self.copies(ctx).await?;
            let newest = Some(self.standing.newest);
            Ok(copies.into_iter().find(|copy| copy.owner == *viewer).map(|copy| WorkingCopy { copy, newest }))
        };
        own.await.transpose()
    }

    /// Who has a working copy, the last kept first; what it holds is its owner's alone to read.
    async fn working_copies(&self, ctx: &Context<'_>) -> Result<Vec<WorkingCopyNote>, Error> {
        Ok(self.copies(ctx).await?.iter().map(|copy| WorkingCopyNote::from(&**copy)).collect())
    }

    /// What was said of its revisions, the first first; there are at most 200.
    async fn comments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that are settled, or that are not.")] resolved: Option<bool>,
    ) -> Result<Vec<Comment>, Error> {
        let key = CommentsOf { entry: self.of_entry(), locale: self.locale };
        let comments = request(ctx).newsroom.load_one(key).await?.unwrap_or_default();
        let wanted = |comment: &Arc<_>| resolved.is_none_or(|resolved| is_resolved(comment) == resolved);
        Ok(comments.into_iter().filter(wanted).map(Comment).collect())
    }

    /// Who has it open; null when nobody says so.
    async fn claim(&self, ctx: &Context<'_>) -> Option<Result<Claim, Error>> {
        let claim = request(ctx).newsroom.load_one(ClaimOf { entry: self.of_entry(), locale: self.locale }).await;
        claim.map(|claim| claim.map(|claim| Claim::from(&*claim))).transpose()
    }

    /// Whose it is to do; null when it is nobody's in particular.
    async fn assignee(&self) -> Option<Actor> {
        self.standing.assignee.clone().map(Actor)
    }

    /// By when it is to be done.
    async fn due_at(&self) -> Option<DateTime> {
        self.standing.due_at.map(DateTime)
    }

    /// What it was translated from, or last brought up to; null when nothing is known of that.
    async fn translated_from(&self) -> Option<TranslationSource> {
        self.standing.translated_from.map(|source| TranslationSource::of(self.of_entry(), source))
    }

    /// When the newest revision goes live, if it is scheduled.
    async fn scheduled_at(&self) -> Option<DateTime> {
        self.standing.scheduled_at.map(DateTime)
    }

    /// Who scheduled it.
    async fn scheduled_by(&self) -> Option<Actor> {
        self.standing.scheduled_by.clone().map(Actor)
    }

    /// The public note it will carry when it goes live.
    async fn scheduled_note(&self) -> Option<&str> {
        self.standing.scheduled_note.as_deref()
    }

    /// The set end of what is live, or of what will be.
    async fn expiry(&self) -> Option<Expiry> {
        self.standing.expiry.as_ref().map(Expiry::from)
    }

    /// What readers see of it; null when nothing is live.
    async fn live(&self, ctx: &Context<'_>) -> Option<Result<LiveEdition, Error>> {
        let live = request(ctx).newsroom.load_one(LiveOf { entry: self.of_entry(), locale: self.locale }).await;
        live.map(|live| live.map(LiveEdition)).transpose()
    }

    /// How far the last change of what readers see of it has come: a publish, a correction, a withdrawal, or what took it back; null when
    /// it was never live.
    async fn reach(&self, ctx: &Context<'_>) -> Option<Result<Reach, Error>> {
        let made = request(ctx).newsroom.load_one(ChangeOf { entry: self.of_entry(), locale: self.locale }).await;
        match made {
            Ok(made) => Some(Reach::of(ctx, made?).await),
            Err(error) => Some(Err(error)),
        }
    }

    /// What readers would still need before the newest revision could be published; empty when nothing.
    async fn missing(&self, ctx: &Context<'_>) -> Result<Vec<MissingField>, Error> {
        let row = self.row(ctx, self.standing.newest, CONTENT).await?.ok_or_else(visibility::no_such_entry)?;
        let missing = row.content.as_ref().map(courant_domain::content::Content::missing).unwrap_or_default();
        Ok(missing.into_iter().map(Into::into).collect())
    }

    /// The fields in which two revisions differ, by name; null when one of them does not exist.
    async fn diff(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The number of the older revision.")] from: i32,
        #[graphql(desc = "The number of the newer revision; the newest when none is given.")] to: Option<i32>,
    ) -> Option<Result<Vec<FieldChange>, Error>> {
        let found = async {
            let (Ok(from), Ok(to)) =
                (RevisionNumber::try_from(from), to.map_or(Ok(self.standing.newest), RevisionNumber::try_from))
            else {
                return Ok(None);
            };
            let (before, after) = try_join!(self.row(ctx, from, CONTENT), self.row(ctx, to, CONTENT))?;
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
