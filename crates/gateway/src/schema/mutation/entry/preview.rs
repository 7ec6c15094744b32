//! Links that show a revision before it is live.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use courant_domain::{
    address,
    problem::{Problem, ProblemCode},
};
use courant_identity::signed::Preview;
use courant_persistence::{PreviewCreate, PreviewMade, PreviewsRevoke};
use macro_rules_attribute::apply;

use super::{entry_id, payload::EntryPayload, version_key};
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
    /// Which revision; the newest when none is given. The link goes on showing this one when newer ones are saved, until it
    /// or a newer one is published, taken back or put away.
    revision: Option<i32>,
    /// How long the link holds, in minutes; up to a week.
    #[graphql(default = 1440)]
    expires_in_minutes: i32,
    /// A key of the client's own making: sent again under the same key, the request is recorded once. Kept for a week.
    idempotency_key: Option<String>,
}

/// Which preview links to revoke.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct RevokePreviewsInput {
    /// The entry they show.
    entry_id: ID,
    /// One link, by its id; all that the viewer sees when it is not given.
    preview_id: Option<ID>,
    /// Only those to this language.
    locale: Option<Locale>,
}

/// What came of making a preview link.
#[derive(SimpleObject)]
pub(crate) struct CreatePreviewPayload {
    /// What to give to the argument `preview` of `article`, `decree` and `route`; null when there is none. Whoever has
    /// it sees the revision until it expires.
    token: Option<String>,
    /// The path the revision would have, at which the token shows it.
    path: Option<String>,
    /// The address at which its page shows the revision to whoever has it: absolute where the server knows its public address
    /// (`--public-url`), otherwise from the path on. Null when there is none.
    url: Option<String>,
    /// The link's id: what `revokePreviews` takes.
    preview_id: Option<ID>,
    /// When the token ends by itself.
    expires_at: Option<DateTime>,
    /// Why there is none; empty when there is.
    user_errors: Vec<UserError>,
}

/// A link to be, or why there is none.
struct Outcome(Result<PreviewMade, Vec<UserError>>);

impl From<Result<PreviewMade, Vec<UserError>>> for Outcome {
    fn from(outcome: Result<PreviewMade, Vec<UserError>>) -> Self {
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

    /// Revokes preview links to an entry: what they showed is not shown any more. Revoking one that has ended does nothing.
    async fn revoke_previews(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which links.")] input: RevokePreviewsInput,
    ) -> Option<Result<EntryPayload, Error>> {
        let mut reader = Reader::default();
        let revoke = PreviewsRevoke {
            entry: entry_id(&mut reader, &input.entry_id),
            link: input.preview_id.map(|id| reader.id("previewId", &id, &[])),
            locale: input.locale.map(|locale| locale.0),
        };
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        Some(perform(ctx, key, reader, async |command| store.newsroom().previews_revoke(command, &revoke).await).await)
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
    let Outcome(done) =
        perform(ctx, key, reader, async |command| store.newsroom().preview_create(command, &wanted).await).await?;
    let made = match done {
        Ok(made) => made,
        Err(user_errors) => return Ok(CreatePreviewPayload::refused(user_errors)),
    };
    let token = context.identity.keyring.keys(store).await.preview_issue(&Preview {
        link: made.id,
        entry: made.of.key.entry,
        locale: made.of.key.locale,
        revision: made.of.revision,
        by: context.viewer()?.actor.clone(),
        issued_at: made.issued_at,
        expires_at: made.expires_at,
    });
    let shown = context.store.newsroom().preview(made.id, made.of, context.store.now()).await;
    let Some(shown) = shown.map_err(|error| Error::of_store(&error))? else {
        let message = "the link that was made under this idempotency key has ended";
        return Ok(CreatePreviewPayload::refused(vec![Problem::new(ProblemCode::NotFound, "", message).into()]));
    };
    let path = shown.slug.as_deref().map(|slug| address::entry_path(shown.locale, shown.kind, slug));
    let origin = context.caller.public_url.as_deref().unwrap_or_default();
    // A token is of characters that stand for themselves in a query.
    let url = path.as_deref().map(|path| format!("{origin}{path}?preview={}", token.expose()));
    Ok(CreatePreviewPayload {
        token: Some(token.expose().to_owned()),
        path,
        url,
        preview_id: Some(ID(made.id.to_string())),
        expires_at: Some(DateTime(made.expires_at)),
        user_errors: Vec::new(),
    })
}

impl CreatePreviewPayload {
    const fn refused(user_errors: Vec<UserError>) -> Self {
        Self { token: None, path: None, url: None, preview_id: None, expires_at: None, user_errors }
    }
}
