//! What lies on the desk beside revisions: working copies, comments, who has what open, and what a translation was made from.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, Enum, ID, Object, SimpleObject};
use courant_domain::{access::ActorId, content::Content, desk as domain, revision::RevisionNumber, workflow};
use courant_persistence::{RevisionParts, RevisionRow};

use super::{
    EditorialEntry,
    actor::Actor,
    draft::{DraftContent, MissingField},
};
use crate::{
    error::Error,
    loader::{LiveOf, RevisionOf},
    schema::{
        context::request,
        scalar::{DateTime, Locale},
    },
};

/// What the viewer has written and not saved as a revision yet. Nobody else reads it.
pub(crate) struct WorkingCopy {
    pub(super) copy: Arc<domain::WorkingCopy>,
    pub(super) newest: Option<RevisionNumber>,
}

/// What the viewer has written and not saved as a revision yet. Nobody else reads it.
#[Object]
impl WorkingCopy {
    /// The revision it was begun on, or brought up to; null for a language's first.
    async fn based_on(&self) -> Option<RevisionNumber> {
        self.copy.based_on
    }

    /// Whether somebody has saved a newer revision since, so that it has to be brought up to that before it can be saved: by
    /// `keepDraft` with the newest as `basedOn`.
    async fn is_outdated(&self) -> bool {
        self.copy.based_on != self.newest
    }

    /// When it was begun.
    async fn created_at(&self) -> DateTime {
        DateTime(self.copy.created_at)
    }

    /// When it was last kept.
    async fn saved_at(&self) -> DateTime {
        DateTime(self.copy.saved_at)
    }

    /// What was written.
    async fn content(&self) -> Option<DraftContent> {
        DraftContent::of(&Arc::new(RevisionRow {
            parts: RevisionParts { title: true, content: true },
            entry: self.copy.entry,
            locale: self.copy.locale,
            number: self.copy.based_on.unwrap_or_default(),
            based_on: self.copy.based_on,
            created_at: self.copy.saved_at,
            created_by: self.copy.owner.clone(),
            comment: None,
            title: None,
            content: self.copy.content.clone(),
        }))
    }

    /// What readers would still need before this could be published; empty when nothing.
    async fn missing(&self) -> Vec<MissingField> {
        let missing = self.copy.content.as_ref().map(Content::missing).unwrap_or_default();
        missing.into_iter().map(Into::into).collect()
    }
}

/// That somebody has a working copy.
#[derive(SimpleObject)]
pub(crate) struct WorkingCopyNote {
    /// Who.
    owner: Actor,
    /// The revision it is based on; null for a language's first.
    based_on: Option<RevisionNumber>,
    /// When it was last kept.
    saved_at: DateTime,
}

impl From<&domain::WorkingCopy> for WorkingCopyNote {
    fn from(copy: &domain::WorkingCopy) -> Self {
        Self { owner: Actor(copy.owner.clone()), based_on: copy.based_on, saved_at: DateTime(copy.saved_at) }
    }
}

/// A field that a passage can stand in.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::PassageField")]
pub(crate) enum PassageField {
    /// The headline or official title.
    Title,
    /// The standfirst.
    Summary,
    /// The text, as it reads without its formatting.
    Body,
}

/// A part of a revision, by its words.
#[derive(SimpleObject)]
pub(crate) struct Passage {
    /// Where it stands.
    field: PassageField,
    /// Its words, as they stand there.
    quote: String,
}

/// Somebody who is mentioned.
#[derive(SimpleObject)]
pub(crate) struct Mention {
    /// Who.
    actor: Actor,
}

/// What somebody says of a revision, to those who work on it.
pub(crate) struct Comment(pub(super) Arc<domain::Comment>);

/// What somebody says of a revision, to those who work on it.
#[Object]
impl Comment {
    /// Its id: what mutations and `node` take.
    pub(crate) async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// The number of the revision.
    async fn revision(&self) -> RevisionNumber {
        self.0.revision
    }

    /// The part of the revision; null when it is about all of it.
    async fn passage(&self) -> Option<Passage> {
        let passage = self.0.passage.as_ref()?;
        Some(Passage { field: passage.field.into(), quote: passage.quote.clone() })
    }

    /// In words.
    async fn text(&self) -> &str {
        &self.0.text
    }

    /// Who is mentioned.
    async fn mentions(&self) -> Vec<Mention> {
        self.0.mentions.iter().map(|user| Mention { actor: Actor(ActorId::user(*user)) }).collect()
    }

    /// Who said it.
    async fn created_by(&self) -> Option<Actor> {
        Some(Actor(self.0.created_by.clone()))
    }

    /// When.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Who has settled it; null while nobody has.
    async fn resolved_by(&self) -> Option<Actor> {
        self.0.resolved.as_ref().map(|settled| Actor(settled.by.clone()))
    }

    /// When it was settled; null while it is not.
    async fn resolved_at(&self) -> Option<DateTime> {
        self.0.resolved.as_ref().map(|settled| DateTime(settled.at))
    }
}

/// That somebody has a language of an entry open. It binds nobody.
#[derive(SimpleObject)]
pub(crate) struct Claim {
    /// Who.
    by: Actor,
    /// Since when.
    since: DateTime,
    /// Until when, if they do not say so again.
    until: DateTime,
}

impl From<&domain::Claim> for Claim {
    fn from(claim: &domain::Claim) -> Self {
        Self { by: Actor(claim.owner.clone()), since: DateTime(claim.since), until: DateTime(claim.until) }
    }
}

/// That what was handed in was sent back.
#[derive(SimpleObject)]
pub(crate) struct SentBack {
    /// Who sent it back.
    by: Actor,
    /// When.
    at: DateTime,
    /// What is to be done about it.
    comment: String,
}

impl From<&workflow::SentBack> for SentBack {
    fn from(back: &workflow::SentBack) -> Self {
        Self { by: Actor(back.by.clone()), at: DateTime(back.at), comment: back.comment.clone() }
    }
}

/// What a translation was made from, or last brought up to.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct TranslationSource {
    /// The language.
    locale: Locale,
    /// The number of its revision.
    revision: RevisionNumber,
    #[graphql(skip)]
    entry: courant_domain::id::EntryId,
}

impl TranslationSource {
    pub(super) const fn of(entry: courant_domain::id::EntryId, source: workflow::TranslationSource) -> Self {
        Self { locale: Locale(source.locale), revision: source.revision, entry }
    }
}

#[ComplexObject]
impl TranslationSource {
    /// Whether a newer revision of it has been published since.
    async fn is_outdated(&self, ctx: &Context<'_>) -> Result<bool, Error> {
        Ok(self.live(ctx).await?.is_some_and(|live| live > self.revision))
    }

    /// The number of the revision that is live in that language; null when nothing is.
    async fn live_revision(&self, ctx: &Context<'_>) -> Option<Result<RevisionNumber, Error>> {
        self.live(ctx).await.transpose()
    }

    /// When the revision that it was made from was saved; null when it is not there any more, or the viewer may not read that language.
    async fn saved_at(&self, ctx: &Context<'_>) -> Option<Result<DateTime, Error>> {
        match self.is_readable(ctx).await {
            Ok(true) => {}
            Ok(false) => return None,
            Err(error) => return Some(Err(error)),
        }
        let (entry, locale, number) = (self.entry, self.locale.0, self.revision);
        let key = RevisionOf { entry, locale, number, parts: RevisionParts::default() };
        let row = request(ctx).newsroom.load_one(key).await;
        row.map(|row| row.map(|row| DateTime(row.created_at))).transpose()
    }
}

impl TranslationSource {
    async fn is_readable(&self, ctx: &Context<'_>) -> Result<bool, Error> {
        let Some(entry) = EditorialEntry::find(ctx, self.entry).await? else { return Ok(false) };
        Ok(entry.in_locale(ctx, self.locale.0).await?.is_some())
    }

    async fn live(&self, ctx: &Context<'_>) -> Result<Option<RevisionNumber>, Error> {
        let live = request(ctx).newsroom.load_one(LiveOf { entry: self.entry, locale: self.locale.0 }).await?;
        Ok(live.map(|live| live.edition.revision))
    }
}
