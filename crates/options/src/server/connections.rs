//! Connections, and how long clients are waited for, as options.

use std::time::Duration;

use clap::Args;
use courant_server::listen::Patience;

/// What clients may take up, and for how long.
#[derive(Debug, Args)]
#[command(next_help_heading = "Connections")]
pub(super) struct ConnectionOptions {
    /// How many connections are served at once; the one that has been idle for longest makes place for a new one
    #[arg(long, env = "COURANT_MAX_CONNECTIONS", value_name = "NUMBER", default_value_t = 4096,
          value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) max_connections: u32,

    /// How many of them may come from one address, or one /64 network of IPv6; those of --trusted-proxies are not counted
    #[arg(long, env = "COURANT_MAX_CONNECTIONS_PER_ADDRESS", value_name = "NUMBER", default_value_t = 256,
          value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) max_connections_per_address: u32,

    /// How long a client may take over the headers of a request
    #[arg(long, env = "COURANT_HEADER_SECONDS", value_name = "SECONDS", default_value_t = 15,
          value_parser = clap::value_parser!(u64).range(1..))]
    header_seconds: u64,

    /// How long a connection may be idle. Longer than proxies keep theirs open (a minute is usual), so that it is they who
    /// close them
    #[arg(long, env = "COURANT_IDLE_SECONDS", value_name = "SECONDS", default_value_t = 75,
          value_parser = clap::value_parser!(u64).range(1..))]
    idle_seconds: u64,

    /// How long a client may take nothing of an answer that waits for it; two seconds at most while others find no room for theirs
    #[arg(long, env = "COURANT_STALL_SECONDS", value_name = "SECONDS", default_value_t = 30,
          value_parser = clap::value_parser!(u64).range(1..))]
    stall_seconds: u64,

    /// How long the service may take to stop: requests under way are finished as long
    #[arg(long, env = "COURANT_DRAIN_SECONDS", value_name = "SECONDS", default_value_t = 10)]
    drain_seconds: u64,

    /// How long of that connections are still taken, while /readyz says that the service is stopping
    #[arg(long, env = "COURANT_PARTING_SECONDS", value_name = "SECONDS", default_value_t = 1)]
    parting_seconds: u64,
}

impl ConnectionOptions {
    pub(super) const fn patience(&self) -> Patience {
        Patience {
            head: Duration::from_secs(self.header_seconds),
            idle: Duration::from_secs(self.idle_seconds),
            taking: Duration::from_secs(self.stall_seconds),
            pressed: Duration::from_secs(2),
            fresh: Duration::from_secs(1),
        }
    }

    pub(super) const fn drain(&self) -> Duration {
        Duration::from_secs(self.drain_seconds)
    }

    pub(super) fn parting(&self) -> Duration {
        Duration::from_secs(self.parting_seconds.min(self.drain_seconds))
    }
}
