//! Where webhooks may be, as options.

use clap::Args;
use courant_outbound::{Allowed, Public};

/// Where messages to webhooks may be sent.
#[derive(Debug, Args)]
#[command(next_help_heading = "Webhooks")]
pub(super) struct WebhookOptions {
    /// Hosts and networks to which messages may be sent beside the public Internet, by plain http and on any port, too:
    /// hooks.example.org, 10.1.0.0/16, 127.0.0.1
    #[arg(long, env = "COURANT_WEBHOOK_ALLOW", value_name = "HOST|NETWORK", value_delimiter = ',')]
    webhook_allow: Vec<Allowed>,
}

impl WebhookOptions {
    pub(super) fn destinations(&self) -> Public {
        Public::and(self.webhook_allow.clone())
    }
}
