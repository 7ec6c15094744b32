//! What came of what was asked.

use async_graphql::SimpleObject;
use courant_domain::webhook::Webhook as DomainWebhook;
use courant_identity::Secret;

use crate::schema::{
    mutation::UserError,
    newsroom::{Webhook, WebhookDelivery},
};

/// What came of making a webhook.
#[derive(SimpleObject)]
pub(crate) struct CreateWebhookPayload {
    /// The webhook; null when there is none.
    webhook: Option<Webhook>,
    /// The secret that the endpoint checks the signatures `v1` with: `whsec_` and base64. It is shown this once: null when the request
    /// came again under its idempotency key.
    secret: Option<String>,
    /// Why none was made; empty when one was.
    user_errors: Vec<UserError>,
}

/// What came of giving a webhook new keys.
#[derive(SimpleObject)]
pub(crate) struct RotateWebhookSecretPayload {
    /// The webhook as it is now; null when there is none.
    webhook: Option<Webhook>,
    /// The new secret: `whsec_` and base64. It is shown this once: null when the request came again under its idempotency key.
    secret: Option<String>,
    /// Why nothing was changed; empty when it was.
    user_errors: Vec<UserError>,
}

/// What came of a change to a webhook.
#[derive(SimpleObject)]
pub(crate) struct WebhookPayload {
    /// The webhook as it is now; null when there is none.
    webhook: Option<Webhook>,
    /// Why nothing was changed; empty when it was.
    user_errors: Vec<UserError>,
}

/// What came of testing a webhook.
#[derive(SimpleObject)]
pub(crate) struct TestWebhookPayload {
    /// The ping; what becomes of it is told by `node` a moment later. Null when none is sent.
    delivery: Option<WebhookDelivery>,
    /// Why none is sent; empty when one is.
    user_errors: Vec<UserError>,
}

/// What came of sending a webhook messages again.
#[derive(SimpleObject)]
pub(crate) struct ReplayWebhookPayload {
    /// The webhook as it is now; null when there is none.
    webhook: Option<Webhook>,
    /// How many messages are sent again; those that waited already are not counted. Null when nothing was done.
    count: Option<u64>,
    /// Why nothing is sent again; empty when it is.
    user_errors: Vec<UserError>,
}

/// A webhook, and the secret that is shown once.
pub(super) type Made = (Option<DomainWebhook>, Option<Secret>);

macro_rules! payload_with_secret {
    ($payload:ident) => {
        impl From<Result<Made, Vec<UserError>>> for $payload {
            fn from(outcome: Result<Made, Vec<UserError>>) -> Self {
                match outcome {
                    Ok((webhook, secret)) => Self {
                        webhook: webhook.map(Webhook),
                        secret: secret.map(|secret| secret.expose().to_owned()),
                        user_errors: Vec::new(),
                    },
                    Err(user_errors) => Self { webhook: None, secret: None, user_errors },
                }
            }
        }
    };
}

payload_with_secret!(CreateWebhookPayload);
payload_with_secret!(RotateWebhookSecretPayload);

impl From<Result<Option<DomainWebhook>, Vec<UserError>>> for WebhookPayload {
    fn from(outcome: Result<Option<DomainWebhook>, Vec<UserError>>) -> Self {
        match outcome {
            Ok(webhook) => Self { webhook: webhook.map(Webhook), user_errors: Vec::new() },
            Err(user_errors) => Self { webhook: None, user_errors },
        }
    }
}

impl From<Result<Option<WebhookDelivery>, Vec<UserError>>> for TestWebhookPayload {
    fn from(outcome: Result<Option<WebhookDelivery>, Vec<UserError>>) -> Self {
        match outcome {
            Ok(delivery) => Self { delivery, user_errors: Vec::new() },
            Err(user_errors) => Self { delivery: None, user_errors },
        }
    }
}

impl From<Result<(Option<DomainWebhook>, u64), Vec<UserError>>> for ReplayWebhookPayload {
    fn from(outcome: Result<(Option<DomainWebhook>, u64), Vec<UserError>>) -> Self {
        match outcome {
            Ok((webhook, count)) => Self { webhook: webhook.map(Webhook), count: Some(count), user_errors: Vec::new() },
            Err(user_errors) => Self { webhook: None, count: None, user_errors },
        }
    }
}
