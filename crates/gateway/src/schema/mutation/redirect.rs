//! Redirects, and what the site is called.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, SimpleObject};
use courant_domain::{
    bounds::Bound,
    site::{MAX_PROFILES, is_profile},
    zone::ZoneName,
};
use courant_persistence::{RedirectPut, SiteUpdate};
use macro_rules_attribute::apply;

use super::{
    UserError,
    input::{Reader, given},
    perform,
    text::{LocalizedTextInput, Sort},
};
use crate::{
    error::Error,
    schema::{context::request, site::Site},
};

/// A redirect to make, or to lead elsewhere.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct PutRedirectInput {
    /// The path that readers ask for, where nothing is live and the server has nothing of its own; with a query only where it says which page is meant, without fragment.
    path: String,
    /// Where it is to lead: a path of the site where something is, without query and fragment, or an http or https URL. When none is given, readers are told that
    /// what was there is gone for good (HTTP 410).
    target: Option<String>,
}

/// A redirect to remove.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct RemoveRedirectInput {
    /// The path it leads from.
    path: String,
}

/// What changes of the site: what is not given stays, and null empties.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct UpdateSiteInput {
    /// Its name, in all languages; never empty.
    name: MaybeUndefined<Vec<LocalizedTextInput>>,
    /// What it is, in a sentence, in all languages.
    description: MaybeUndefined<Vec<LocalizedTextInput>>,
    /// Where it is, as a name of the IANA time zone database: `Asia/Ashgabat`. Null for UTC.
    time_zone: MaybeUndefined<String>,
    /// Its own pages elsewhere, on social networks say: up to 20 absolute http or https URLs, each once.
    profiles: MaybeUndefined<Vec<String>>,
}

/// What came of a change to a redirect.
#[derive(SimpleObject)]
pub(crate) struct RedirectPayload {
    /// The path it leads from, or led from; null when nothing was changed.
    path: Option<String>,
    /// Why nothing was changed; empty when it was.
    user_errors: Vec<UserError>,
}

impl From<Result<String, Vec<UserError>>> for RedirectPayload {
    fn from(outcome: Result<String, Vec<UserError>>) -> Self {
        match outcome {
            Ok(path) => Self { path: Some(path), user_errors: Vec::new() },
            Err(user_errors) => Self { path: None, user_errors },
        }
    }
}

/// What came of a change to the site.
#[derive(SimpleObject)]
pub(crate) struct SitePayload {
    /// The site as it is now.
    site: Site,
    /// Why nothing was changed; empty when it was.
    user_errors: Vec<UserError>,
}

impl From<Result<(), Vec<UserError>>> for SitePayload {
    fn from(outcome: Result<(), Vec<UserError>>) -> Self {
        Self { site: Site, user_errors: outcome.err().unwrap_or_default() }
    }
}

/// Pages of the site's own elsewhere.
fn profiles(reader: &mut Reader, urls: Vec<String>) -> Vec<String> {
    if urls.len() > MAX_PROFILES {
        reader.invalid("profiles", format!("at most {MAX_PROFILES} can be named"));
    }
    let mut read: Vec<String> = Vec::with_capacity(urls.len());
    for (at, url) in urls.into_iter().enumerate() {
        let field = format!("profiles.{at}");
        let url = reader.text(&field, url, Bound::URL);
        if !is_profile(&url) {
            reader.invalid(&field, "not an absolute http or https URL");
        }
        if read.contains(&url) {
            reader.invalid(&field, "this stands there twice");
        }
        read.push(url);
    }
    read
}

#[derive(Default)]
pub(crate) struct SiteMutations;

#[Object]
impl SiteMutations {
    /// Makes a path lead elsewhere, or say that it is gone. What would lead to itself, to nothing, or on to another redirect is
    /// refused, and so is a path where something is live.
    async fn put_redirect(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "From where to where.")] input: PutRedirectInput,
    ) -> Option<Result<RedirectPayload, Error>> {
        let mut reader = Reader::default();
        let put = RedirectPut {
            path: reader.text("path", input.path, Bound::URL),
            target: input.target.map(|target| reader.text("target", target, Bound::URL)),
        };
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        Some(perform(ctx, key, reader, async |command| store.newsroom().redirect_make(command, &put).await).await)
    }

    /// Removes a redirect: readers of its path find nothing.
    async fn remove_redirect(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: RemoveRedirectInput,
    ) -> Option<Result<RedirectPayload, Error>> {
        let mut reader = Reader::default();
        let path = reader.text("path", input.path, Bound::URL);
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        Some(perform(ctx, key, reader, async |command| store.newsroom().redirect_remove(command, &path).await).await)
    }

    /// Changes what the site is called, where it is, and which pages it has elsewhere.
    async fn update_site(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: UpdateSiteInput,
    ) -> Option<Result<SitePayload, Error>> {
        let mut reader = Reader::default();
        let update = SiteUpdate {
            name: given(input.name, |texts| reader.localized(ctx, ("name", Sort::Name), texts)),
            description: given(input.description, |texts| {
                reader.localized(ctx, ("description", Sort::Description), texts)
            }),
            time_zone: given(input.time_zone, |name| {
                ZoneName::parse(&name)
                    .map_err(|error| reader.invalid("timeZone", error.to_string()))
                    .unwrap_or_default()
            }),
            profiles: given(input.profiles, |urls| profiles(&mut reader, urls)),
        };
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        Some(perform(ctx, key, reader, async |command| store.newsroom().site_update(command, &update).await).await)
    }
}
