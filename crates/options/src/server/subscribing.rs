//! Who may subscribe, and to how much, as options.

use clap::Args;
use courant_server::Subscribing;

/// How much may be subscribed to at once, and from where.
#[derive(Debug, Args)]
#[command(next_help_heading = "Subscriptions")]
pub(super) struct SubscribingOptions {
    /// How many subscriptions there may be
    #[arg(long, env = "COURANT_SUBSCRIPTIONS", value_name = "NUMBER", default_value_t = Subscribing::default().all)]
    subscriptions: usize,

    /// How many operations one connection may have under way
    #[arg(long, env = "COURANT_OPERATIONS_PER_CONNECTION", value_name = "NUMBER",
          default_value_t = Subscribing::default().per_connection)]
    operations_per_connection: usize,

    /// How many different subscriptions one address may have: each is executed by itself
    #[arg(long, env = "COURANT_SUBSCRIPTIONS_PER_CLIENT", value_name = "NUMBER",
          default_value_t = Subscribing::default().different_per_client)]
    subscriptions_per_client: usize,

    /// A web origin whose pages may open a WebSocket (https://news.example.org); can be given again. Without, any may
    #[arg(long, env = "COURANT_SOCKET_ORIGIN", value_name = "ORIGIN", value_delimiter = ',')]
    socket_origin: Vec<String>,
}

impl SubscribingOptions {
    pub(super) fn settings(&self) -> Subscribing {
        Subscribing {
            all: self.subscriptions,
            per_connection: self.operations_per_connection,
            different_per_client: self.subscriptions_per_client,
            origins: self.socket_origin.clone(),
        }
    }
}
