//! How much may be under way at once, as options.

use clap::Args;
use courant_server::Traffic;

use crate::values::at_least_one;

/// What all requests and answers may take up together. A request that finds no place within a second is refused.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits on all requests together")]
pub(super) struct TrafficOptions {
    /// Operations that are run at once
    #[arg(long, env = "COURANT_MAX_OPERATIONS", value_name = "NUMBER", default_value_t = Traffic::default().operations,
          value_parser = at_least_one::<usize>)]
    max_operations: usize,

    /// Those of one address, or one /64 network of IPv6
    #[arg(long, env = "COURANT_MAX_OPERATIONS_PER_ADDRESS", value_name = "NUMBER",
          default_value_t = Traffic::default().operations_per_client, value_parser = at_least_one::<usize>)]
    max_operations_per_address: usize,

    /// Those that cost more than a fifth of --max-cost, of which an address has all but one [default: the number of
    /// processors, and two at the least]
    #[arg(long, env = "COURANT_MAX_HEAVY_OPERATIONS", value_name = "NUMBER", value_parser = at_least_one::<usize>)]
    max_heavy_operations: Option<usize>,

    /// Bytes of requests that are read, and of answers that nobody has taken yet
    #[arg(long, env = "COURANT_MAX_UNSENT_BYTES", value_name = "NUMBER", default_value_t = Traffic::default().unsent_bytes,
          value_parser = at_least_one::<usize>)]
    max_unsent_bytes: usize,

    /// Those of one address, or one /64 network of IPv6
    #[arg(long, env = "COURANT_MAX_UNSENT_BYTES_PER_ADDRESS", value_name = "NUMBER",
          default_value_t = Traffic::default().unsent_bytes_per_client, value_parser = at_least_one::<usize>)]
    max_unsent_bytes_per_address: usize,
}

impl TrafficOptions {
    pub(super) fn traffic(&self) -> Traffic {
        let usual = Traffic::default();
        Traffic {
            operations: self.max_operations,
            operations_per_client: self.max_operations_per_address,
            heavy_operations: self.max_heavy_operations.unwrap_or(usual.heavy_operations),
            unsent_bytes: self.max_unsent_bytes,
            unsent_bytes_per_client: self.max_unsent_bytes_per_address,
            ..usual
        }
    }
}
