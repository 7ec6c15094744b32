//! Links that show a revision before it is live.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use courant_domain::address;
use courant_identity::signed::Preview;
use courant_persistence::{PreviewCreate, PreviewOf};
use jiff::{SignedDuration, Timestamp};

use super::version_key;
use crate::{
    error::Error,
    schema::{
        context::request,
        mutation::{UserError, input::Reader, perform},
        scalar::{DateTime, Locale},
    },
};

/// The longest a link may hold: a week.
const LONGEST_MINUTES: i32 = 7 * 24 * 60;

/// A revision to make a preview link for.
#[derive(InputObject)]
pub(crate) struct CreatePreviewInput {
    /// The entry.
    entry_id: ID,
    /// The language.
    locale: Locale,
    /// Which revision; the newest when none is given. The link goes on showing this one when newer ones are saved.
    revision: Option<i32>,
    /// How long the link holds, in minutes; up to a week.
    #[graphql(default = 1440)]
    expires_in_minutes: i32,
    /// A key of the client's own making: sent again under the same key, the request is recorded once. Kept for a week.
    idempotency_key: Option<String>,
}

/// What came of making a preview link.
#[derive(SimpleObject)]
pub(crate) struct CreatePreviewPayload {
    /// What to give to the argument `preview` of `article`, `decree` and `route`; null when there is none. Whoever has
    /// it sees the revision until it expires.
    token: Option<String>,
    /// The path the revision would have, at which the token shows it.
    path: Option<String>,
    /// When the token ends.
    expires_at: Option<DateTime>,
    /// Why there is none; empty when there is.
    user_errors: Vec<UserError>,
}

/// A link to be, or why there is none.
struct Outcome(Result<PreviewOf, Vec<UserError>>);

impl From<Result<PreviewOf, Vec<UserError>>> for Outcome {
    fn from(outcome: Result<PreviewOf, Vec<UserError>>) -> Self {
        Self(outcome)
    }
}

#[derive(Default)]
pub(crate) struct PreviewMutations;

#[Object]
impl PreviewMutations {
    /// Makes a token that shows one revision, where its page would be, to whoever has it. Nothing is published by it.
    async fn create_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which revision, and for how long.")] input: CreatePreviewInput,
    ) -> Option<Result<CreatePreviewPayload, Error>> {
        Some(create(ctx, input).await)
    }
}

async fn create(ctx: &Context<'_>, input: CreatePreviewInput) -> Result<CreatePreviewPayload, Error> {
    let context = request(ctx);
    let mut reader = Reader::default();
    let version = version_key(&mut reader, &input.entry_id, input.locale);
    let minutes = input.expires_in_minutes;
    if !(1..=LONGEST_MINUTES).contains(&minutes) {
        reader.invalid("expiresInMinutes", format!("a link holds 1 to {LONGEST_MINUTES} minutes"));
    }
    let wanted = PreviewCreate {
        entry: version.entry,
        locale: version.locale,
        revision: input.revision.map(|number| reader.revision("revision", number)),
        minutes: minutes.unsigned_abs(),
    };
    let (store, key) = (&context.store, input.idempotency_key.as_deref());
    let Outcome(done) = perform(ctx, key, reader, async |command| store.preview_create(command, &wanted).await).await?;
    let preview = match done {
        Ok(preview) => preview,
        Err(user_errors) => {
            return Ok(CreatePreviewPayload { token: None, path: None, expires_at: None, user_errors });
        }
    };
    let issued_at = store.now();
    let expires_at = issued_at + SignedDuration::from_mins(minutes.into());
    let token = context.identity.keyring.keys(store).await.preview_issue(&Preview {
        entry: preview.key.entry,
        locale: preview.key.locale,
        revision: preview.revision,
        by: context.viewer()?.actor.clone(),
        issued_at,
        expires_at,
    });
    let shown = store.preview(preview).await.map_err(|error| Error::of_store(&error))?;
    let path = shown.and_then(|shown| Some(address::entry_path(shown.locale, shown.kind, shown.slug.as_deref()?)));
    // The token counts whole seconds.
    let expires_at = Timestamp::from_second(expires_at.as_second()).unwrap_or(expires_at);
    Ok(CreatePreviewPayload {
        token: Some(token.expose().to_owned()),
        path,
        expires_at: Some(DateTime(expires_at)),
        user_errors: Vec::new(),
    })
}
