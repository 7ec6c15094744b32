//! What is done on the desk beside saving revisions: working copies, comments, claims, assignments.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, OneofObject};
use courant_domain::{bounds::Bound, desk, id::CommentId};
use courant_persistence::{CommentAdd, CommentResolve, DraftKeep, DraftSave, EntryAssign, EntryClaim, LONGEST_CLAIM};
use macro_rules_attribute::apply;

use super::{
    change_version,
    content::{ArticleContentInput, DecreeContentInput},
    payload::VersionPayload,
    version_key,
};
use crate::{
    error::Error,
    schema::{
        context::request,
        mutation::{
            input::{Reader, patch},
            perform,
        },
        newsroom::PassageField,
        scalar::{DateTime, Locale},
    },
};

/// The content of a working copy: what is not given stays, and null empties.
#[expect(clippy::large_enum_variant, reason = "the library cannot read an input from a box, and one is read a request")]
#[derive(OneofObject)]
pub(crate) enum DraftContentInput {
    /// An article's.
    Article(ArticleContentInput),
    /// A decree's.
    Decree(DecreeContentInput),
}

/// A working copy to keep.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct KeepDraftInput {
    /// The entry.
    entry_id: ID,
    /// The language; one that the entry has not yet begins when the working copy is saved.
    locale: Locale,
    /// The newest revision, on which a working copy begins, or to which it is brought up; null for a language's first. One that is
    /// there stays based on what it is when this is not given.
    based_on: Option<i32>,
    /// What changes of it: at first about the newest revision, and then about the working copy.
    content: DraftContentInput,
}

/// A working copy to save as a revision.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct SaveDraftInput {
    /// The entry.
    entry_id: ID,
    /// The language.
    locale: Locale,
    /// Why, for those who read its history.
    comment: Option<String>,
}

/// A working copy to throw away.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct DiscardDraftInput {
    /// The entry.
    entry_id: ID,
    /// The language.
    locale: Locale,
}

/// A part of a revision, by its words.
#[derive(InputObject)]
pub(crate) struct PassageInput {
    /// Where it stands.
    field: PassageField,
    /// Its words, as they stand there; up to 2,000 characters.
    quote: String,
}

/// A comment to add.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct AddCommentInput {
    /// The entry.
    entry_id: ID,
    /// The language.
    locale: Locale,
    /// The revision; the newest when none is given.
    revision: Option<i32>,
    /// The part of it that is meant; all of it when none is given.
    passage: Option<PassageInput>,
    /// In words.
    text: String,
    /// The users who are mentioned, up to 20, all of whom may read it.
    mentions: Option<Vec<ID>>,
}

/// A comment to settle, or to open again.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct ResolveCommentInput {
    /// The comment.
    comment_id: ID,
    /// Whether it is settled; false opens it again.
    #[graphql(default = true)]
    resolved: bool,
}

/// A language of an entry that the viewer has open.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct ClaimEntryInput {
    /// The entry.
    entry_id: ID,
    /// The language.
    locale: Locale,
    /// After how many minutes it ends by itself, if it is not said again; up to 60.
    #[graphql(default = 5)]
    minutes: i32,
    /// Whether to take it from somebody else who has it open.
    #[graphql(default)]
    take_over: bool,
}

/// A language of an entry that the viewer has open no more.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct ReleaseEntryInput {
    /// The entry.
    entry_id: ID,
    /// The language.
    locale: Locale,
}

/// Whose a language of an entry is to do, and by when: what is not given stays, and null empties.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct AssignEntryInput {
    /// The entry.
    entry_id: ID,
    /// The language.
    locale: Locale,
    /// The user, who may edit it.
    assignee_id: MaybeUndefined<ID>,
    /// By when.
    due_at: MaybeUndefined<DateTime>,
}

#[derive(Default)]
pub(crate) struct DeskMutations;

#[Object]
impl DeskMutations {
    /// Keeps what the viewer is writing, over what they have kept before. It is no revision yet, and nobody else reads it.
    async fn keep_draft(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was written.")] input: KeepDraftInput,
    ) -> Option<Result<VersionPayload, Error>> {
        let mut reader = Reader::default();
        let version = version_key(&mut reader, &input.entry_id, input.locale);
        let keep = DraftKeep {
            entry: version.entry,
            locale: version.locale,
            based_on: input.based_on.map(|number| reader.revision("basedOn", number)),
            content: match input.content {
                DraftContentInput::Article(article) => article.read(&mut reader),
                DraftContentInput::Decree(decree) => decree.read(&mut reader),
            },
        };
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        change_version(ctx, version, key, reader, async |command| store.newsroom().draft_keep(command, &keep).await)
            .await
    }

    /// Saves the viewer's working copy as a revision, and ends it.
    async fn save_draft(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: SaveDraftInput,
    ) -> Option<Result<VersionPayload, Error>> {
        let mut reader = Reader::default();
        let version = version_key(&mut reader, &input.entry_id, input.locale);
        let comment = input.comment.map(|comment| reader.text("comment", comment, Bound::NOTE));
        let save = DraftSave { entry: version.entry, locale: version.locale, comment };
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        change_version(ctx, version, key, reader, async |command| store.newsroom().draft_save(command, &save).await)
            .await
    }

    /// Throws the viewer's working copy away.
    async fn discard_draft(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: DiscardDraftInput,
    ) -> Option<Result<VersionPayload, Error>> {
        let mut reader = Reader::default();
        let version = version_key(&mut reader, &input.entry_id, input.locale);
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        change_version(ctx, version, key, reader, async |command| {
            store.newsroom().draft_discard(command, version).await
        })
        .await
    }

    /// Comments on a revision, or on a passage of it.
    async fn add_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The comment.")] input: AddCommentInput,
    ) -> Option<Result<VersionPayload, Error>> {
        let mut reader = Reader::default();
        let version = version_key(&mut reader, &input.entry_id, input.locale);
        let add = CommentAdd {
            entry: version.entry,
            locale: version.locale,
            revision: input.revision.map(|number| reader.revision("revision", number)),
            passage: input.passage.map(|passage| desk::Passage {
                field: passage.field.into(),
                quote: reader.text("passage.quote", passage.quote, Bound::NOTE),
            }),
            text: reader.text("text", input.text, Bound::NOTE),
            mentions: reader.ids("mentions", &input.mentions.unwrap_or_default(), &[]),
        };
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        change_version(ctx, version, key, reader, async |command| store.newsroom().comment_add(command, &add).await)
            .await
    }

    /// Settles a comment, or opens it again.
    async fn resolve_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: ResolveCommentInput,
    ) -> Option<Result<VersionPayload, Error>> {
        let mut reader = Reader::default();
        let comment: CommentId = reader.id("commentId", &input.comment_id, &[]);
        let resolve = CommentResolve { comment, resolved: input.resolved };
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        Some(perform(ctx, key, reader, async |command| store.newsroom().comment_resolve(command, &resolve).await).await)
    }

    /// Says that the viewer has a language of an entry open, or still has, so that others see it. It binds nobody, and ends by itself.
    /// Refused with `TAKEN` while somebody else has it open, if it is not to be taken over.
    async fn claim_entry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What, and for how long.")] input: ClaimEntryInput,
    ) -> Option<Result<VersionPayload, Error>> {
        let mut reader = Reader::default();
        let version = version_key(&mut reader, &input.entry_id, input.locale);
        let minutes = u32::try_from(input.minutes).ok().filter(|minutes| (1..=LONGEST_CLAIM).contains(minutes));
        if minutes.is_none() {
            reader.invalid("minutes", format!("it holds 1 to {LONGEST_CLAIM} minutes"));
        }
        let claim = EntryClaim {
            entry: version.entry,
            locale: version.locale,
            minutes: minutes.unwrap_or(1),
            take_over: input.take_over,
        };
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        change_version(ctx, version, key, reader, async |command| store.newsroom().entry_claim(command, &claim).await)
            .await
    }

    /// Says that the viewer has a language of an entry open no more.
    async fn release_entry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What.")] input: ReleaseEntryInput,
    ) -> Option<Result<VersionPayload, Error>> {
        let mut reader = Reader::default();
        let version = version_key(&mut reader, &input.entry_id, input.locale);
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        change_version(ctx, version, key, reader, async |command| {
            store.newsroom().entry_release(command, version).await
        })
        .await
    }

    /// Says whose a language of an entry is to do, and by when. It gives nobody a right.
    async fn assign_entry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What, to whom, by when.")] input: AssignEntryInput,
    ) -> Option<Result<VersionPayload, Error>> {
        let mut reader = Reader::default();
        let version = version_key(&mut reader, &input.entry_id, input.locale);
        let assign = EntryAssign {
            entry: version.entry,
            locale: version.locale,
            assignee: patch(input.assignee_id, |id| Some(reader.id("assigneeId", &id, &[]))),
            due_at: patch(input.due_at, |at| Some(at.as_bound())),
        };
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        change_version(ctx, version, key, reader, async |command| store.newsroom().entry_assign(command, &assign).await)
            .await
    }
}
