//! Where one language of an entry stands: review, publishing, schedules, the end.

use async_graphql::{Context, Enum, ID, InputObject, MaybeUndefined, Object, OneofObject};
use courant_domain::{bounds::Bound, edition::Ending};
use courant_persistence::{
    EntryApprove, EntryPublish, EntrySchedule, EntrySendBack, EntryUnpublish, EntryUnschedule, Scheduled,
};
use macro_rules_attribute::apply;

use super::{change_version, payload::VersionPayload, version_key};
use crate::{
    error::Error,
    schema::{
        context::request,
        mutation::input::{Reader, patch},
        scalar::{DateTime, Locale},
    },
};

/// A draft to hand in.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct SubmitEntryInput {
    /// The entry.
    entry_id: ID,
    /// The language.
    locale: Locale,
}

/// What was handed in, to be approved.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct ApproveEntryInput {
    /// The entry.
    entry_id: ID,
    /// The language.
    locale: Locale,
    /// The newest revision, as the editor has read it; whatever is newest when none is given.
    revision: Option<i32>,
}

/// A language of an entry to put away.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct ArchiveEntryInput {
    /// The entry.
    entry_id: ID,
    /// The language.
    locale: Locale,
}

/// What was handed in, to be sent back.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct SendBackEntryInput {
    /// The entry.
    entry_id: ID,
    /// The language.
    locale: Locale,
    /// What is to be done about it.
    comment: String,
}

/// What is to go live.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct PublishEntryInput {
    /// The entry.
    entry_id: ID,
    /// The language.
    locale: Locale,
    /// The newest revision, as the publisher has read it; whatever is newest when none is given.
    revision: Option<i32>,
    /// A public note on what has changed, which makes this a major publish; one of spaces alone says nothing.
    change_note: Option<String>,
    /// The date it is to carry, not later than now nor before the year 1000. When none is given, what was published before keeps its date.
    published_at: Option<DateTime>,
}

/// What is to go live later.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct ScheduleEntryInput {
    /// The entry.
    entry_id: ID,
    /// The language.
    locale: Locale,
    /// When; also the date it will carry, unless it was published before. What is scheduled already moves to this time.
    at: DateTime,
    /// The newest revision, as the publisher has read it; whatever is newest when none is given.
    revision: Option<i32>,
    /// A public note on what has changed, which makes it a major publish. What moves to another time keeps its note if
    /// this is not given, and loses it with null.
    change_note: MaybeUndefined<String>,
}

/// A set time to take away.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct UnscheduleEntryInput {
    /// The entry.
    entry_id: ID,
    /// The language.
    locale: Locale,
    /// Which of its times.
    #[graphql(default_with = "ScheduledStep::Publishing")]
    scheduled: ScheduledStep,
}

/// What can have a set time.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
pub(crate) enum ScheduledStep {
    /// Going live.
    Publishing,
    /// The end of what is live.
    Expiry,
}

/// What readers get where something was live.
#[derive(OneofObject)]
pub(crate) enum EndingInput {
    /// It can still be read, marked as withdrawn, with this notice, in Markdown.
    Notice(String),
    /// Another path of the site, which leads somewhere, or an http or https URL.
    Redirect(String),
    /// That it is gone for good (HTTP 410), if true.
    Gone(bool),
    /// Nothing, as if it had never been (HTTP 404), if true.
    Vanish(bool),
}

impl EndingInput {
    fn read(self, reader: &mut Reader) -> Ending {
        match self {
            Self::Notice(notice) => Ending::Notice(reader.text("ending.notice", notice, Bound::NOTICE)),
            Self::Redirect(target) => Ending::Redirect(reader.text("ending.redirect", target, Bound::URL)),
            Self::Gone(true) => Ending::Gone,
            Self::Vanish(true) => Ending::Vanish,
            Self::Gone(false) | Self::Vanish(false) => {
                reader.invalid("ending", "say true to what readers shall get");
                Ending::Gone
            }
        }
    }
}

/// What is live, to be taken back.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct UnpublishEntryInput {
    /// The entry.
    entry_id: ID,
    /// The language.
    locale: Locale,
    /// What readers get from then on.
    ending: EndingInput,
    /// When, if later; at once when no time is given.
    at: Option<DateTime>,
}

#[derive(Default)]
pub(crate) struct WorkflowMutations;

#[Object]
impl WorkflowMutations {
    /// Hands a draft in for review.
    async fn submit_entry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which language of which entry.")] input: SubmitEntryInput,
    ) -> Option<Result<VersionPayload, Error>> {
        let mut reader = Reader::default();
        let version = version_key(&mut reader, &input.entry_id, input.locale);
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        change_version(ctx, version, key, reader, async |command| store.newsroom().entry_submit(command, version).await)
            .await
    }

    /// Sends what was handed in back to its author, with a comment.
    async fn send_back_entry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What, and what is to be done about it.")] input: SendBackEntryInput,
    ) -> Option<Result<VersionPayload, Error>> {
        let mut reader = Reader::default();
        let version = version_key(&mut reader, &input.entry_id, input.locale);
        let back = EntrySendBack {
            entry: version.entry,
            locale: version.locale,
            comment: reader.text("comment", input.comment, Bound::NOTE),
        };
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        change_version(ctx, version, key, reader, async |command| {
            store.newsroom().entry_send_back(command, &back).await
        })
        .await
    }

    /// Approves what was handed in; it then waits for a publisher.
    async fn approve_entry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which language of which entry.")] input: ApproveEntryInput,
    ) -> Option<Result<VersionPayload, Error>> {
        let mut reader = Reader::default();
        let version = version_key(&mut reader, &input.entry_id, input.locale);
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        let revision = input.revision.map(|number| reader.revision("revision", number));
        let approve = EntryApprove { entry: version.entry, locale: version.locale, revision };
        change_version(ctx, version, key, reader, async |command| {
            store.newsroom().entry_approve(command, &approve).await
        })
        .await
    }

    /// Makes the newest revision of one language live. Other languages stay as they are.
    async fn publish_entry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What, and with which note.")] input: PublishEntryInput,
    ) -> Option<Result<VersionPayload, Error>> {
        let mut reader = Reader::default();
        let version = version_key(&mut reader, &input.entry_id, input.locale);
        let publish = EntryPublish {
            entry: version.entry,
            locale: version.locale,
            revision: input.revision.map(|number| reader.revision("revision", number)),
            change_note: input.change_note.map(|note| reader.text("changeNote", note, Bound::NOTE)),
            published_at: input.published_at.map(|at| reader.time("publishedAt", at)),
        };
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        change_version(ctx, version, key, reader, async |command| {
            store.newsroom().entry_publish(command, &publish).await
        })
        .await
    }

    /// Sets the time at which the newest revision of one language goes live, or moves it to another time.
    async fn schedule_entry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What, and when.")] input: ScheduleEntryInput,
    ) -> Option<Result<VersionPayload, Error>> {
        let mut reader = Reader::default();
        let version = version_key(&mut reader, &input.entry_id, input.locale);
        let schedule = EntrySchedule {
            entry: version.entry,
            locale: version.locale,
            at: reader.time("at", input.at),
            revision: input.revision.map(|number| reader.revision("revision", number)),
            change_note: patch(input.change_note, |note| Some(reader.text("changeNote", note, Bound::NOTE))),
        };
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        change_version(ctx, version, key, reader, async |command| {
            store.newsroom().entry_schedule(command, &schedule).await
        })
        .await
    }

    /// Takes a set time away: what was to go live is a draft again, what was to end stays.
    async fn unschedule_entry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which time of which entry.")] input: UnscheduleEntryInput,
    ) -> Option<Result<VersionPayload, Error>> {
        let mut reader = Reader::default();
        let version = version_key(&mut reader, &input.entry_id, input.locale);
        let scheduled = match input.scheduled {
            ScheduledStep::Publishing => Scheduled::Publishing,
            ScheduledStep::Expiry => Scheduled::Expiry,
        };
        let unschedule = EntryUnschedule { entry: version.entry, locale: version.locale, scheduled };
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        change_version(ctx, version, key, reader, async |command| {
            store.newsroom().entry_unschedule(command, &unschedule).await
        })
        .await
    }

    /// Takes back what is live of one language, now or at a set time, and says what readers get instead.
    async fn unpublish_entry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What, and what comes in its place.")] input: UnpublishEntryInput,
    ) -> Option<Result<VersionPayload, Error>> {
        let mut reader = Reader::default();
        let version = version_key(&mut reader, &input.entry_id, input.locale);
        let unpublish = EntryUnpublish {
            entry: version.entry,
            locale: version.locale,
            ending: input.ending.read(&mut reader),
            at: input.at.map(DateTime::as_bound),
        };
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        change_version(ctx, version, key, reader, async |command| {
            store.newsroom().entry_unpublish(command, &unpublish).await
        })
        .await
    }

    /// Puts a language of an entry away. Saving a revision takes it out again.
    async fn archive_entry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which language of which entry.")] input: ArchiveEntryInput,
    ) -> Option<Result<VersionPayload, Error>> {
        let mut reader = Reader::default();
        let version = version_key(&mut reader, &input.entry_id, input.locale);
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        change_version(ctx, version, key, reader, async |command| {
            store.newsroom().entry_archive(command, version).await
        })
        .await
    }
}
