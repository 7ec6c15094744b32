//! What came of what was asked.

use async_graphql::{Enum, SimpleObject};
use courant_domain::webhook::Webhook as DomainWebhook;
use courant_identity::Secret;

use crate::schema::{
    mutation::UserError,
    newsroom::{Webhook, WebhookDelivery},
    scalar::ChangeCursor,
};

/// What may be wrong with a webhook.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
pub(crate) enum WebhookWarningCode {
    /// Nobody knows the name of the host in its address, or not yet.
    UnknownHost,
}

/// Something that did not stand in the way of a change, and may keep messages from getting through.
#[derive(SimpleObject)]
pub(crate) struct WebhookWarning {
    /// What may be wrong.
    code: WebhookWarningCode,
    /// Where in the input, from the outside in.
    field: Vec<String>,
    /// In words, for people.
    message: String,
}

impl WebhookWarning {
    /// The host of its address cannot be found.
    pub(super) fn unknown_host(host: &str, why: &str) -> Self {
        let message = format!("{host} cannot be found now ({why}): messages wait, and are tried again, until it can");
        Self { code: WebhookWarningCode::UnknownHost, field: vec!["url".to_owned()], message }
    }
}

/// What came of making a webhook.
#[derive(SimpleObject)]
pub(crate) struct CreateWebhookPayload {
    /// The webhook; null when there is none.
    webhook: Option<Webhook>,
    /// The secret that the endpoint checks the signatures `v1` with: `whsec_` and base64. It is shown this once: null when the request
    /// came again under its idempotency key.
    secret: Option<String>,
    /// What may be wrong with it; it was made all the same.
    warnings: Vec<WebhookWarning>,
    /// Why none was made; empty when one was.
    user_errors: Vec<UserError>,
}

impl CreateWebhookPayload {
    /// With this to be warned of, if one was made.
    pub(super) fn warned(self, warning: Option<WebhookWarning>) -> Self {
        let warnings = warning.into_iter().filter(|_| self.webhook.is_some()).collect();
        Self { warnings, ..self }
    }
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
    /// If this has turned it on: the change up to which it had been told. What came after it is replayed from here (`replayWebhook`).
    told_up_to: Option<ChangeCursor>,
    /// What may be wrong with it; it was changed all the same.
    warnings: Vec<WebhookWarning>,
    /// Why nothing was changed; empty when it was.
    user_errors: Vec<UserError>,
}

impl WebhookPayload {
    /// With this to be warned of, if it was changed.
    pub(super) fn warned(self, warning: Option<WebhookWarning>) -> Self {
        let warnings = warning.into_iter().filter(|_| self.webhook.is_some()).collect();
        Self { warnings, ..self }
    }
}

/// A webhook that was changed, and up to where it had been told if that has turned it on.
pub(super) struct Updated {
    pub(super) webhook: Option<DomainWebhook>,
    pub(super) told_up_to: Option<ChangeCursor>,
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
    ($payload:ident $(, $none:ident)?) => {
        impl From<Result<Made, Vec<UserError>>> for $payload {
            fn from(outcome: Result<Made, Vec<UserError>>) -> Self {
                match outcome {
                    Ok((webhook, secret)) => Self {
                        webhook: webhook.map(Webhook),
                        secret: secret.map(|secret| secret.expose().to_owned()),
                        $($none: Vec::new(),)?
                        user_errors: Vec::new(),
                    },
                    Err(user_errors) => {
                        Self { webhook: None, secret: None, $($none: Vec::new(),)? user_errors }
                    }
                }
            }
        }
    };
}

payload_with_secret!(CreateWebhookPayload, warnings);
payload_with_secret!(RotateWebhookSecretPayload);

impl From<Result<Updated, Vec<UserError>>> for WebhookPayload {
    fn from(outcome: Result<Updated, Vec<UserError>>) -> Self {
        let (updated, user_errors) = match outcome {
            Ok(updated) => (updated, Vec::new()),
            Err(user_errors) => (Updated { webhook: None, told_up_to: None }, user_errors),
        };
        let Updated { webhook, told_up_to } = updated;
        Self { webhook: webhook.map(Webhook), told_up_to, warnings: Vec::new(), user_errors }
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
