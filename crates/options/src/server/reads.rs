//! How reads are counted, as options.

use std::time::Duration;

use clap::{ArgAction, Args, builder::BoolishValueParser};
use courant_server::{Origin, ReadSettings, Reads};

/// Reads are counted once for each reader, edition and day, without keeping who the reader is (docs/reads.md).
#[derive(Debug, Args)]
#[command(next_help_heading = "Counting reads")]
pub(super) struct ReadOptions {
    /// Whether reads are counted
    #[arg(long, env = "COURANT_READS", value_name = "BOOLEAN", default_value_t = true, action = ArgAction::Set,
          value_parser = BoolishValueParser::new())]
    reads: bool,

    /// How often what was counted is written, in seconds: so much is lost at the most when the machine fails
    #[arg(long, env = "COURANT_READS_FLUSH", value_name = "SECONDS", default_value_t = Reads::default().flush.as_secs(),
          value_parser = clap::value_parser!(u64).range(1..=300))]
    reads_flush: u64,

    /// How much memory it may take to know who has read what today, in MiB; what is beyond it may count twice
    #[arg(long, env = "COURANT_READS_MEMORY", value_name = "MIB", default_value_t = 64,
          value_parser = clap::value_parser!(u64).range(1..=65_536))]
    reads_memory: u64,

    /// How many reads are counted of one address within a minute
    #[arg(long, env = "COURANT_READS_PER_ADDRESS", value_name = "NUMBER",
          default_value_t = ReadSettings::default().per_address, value_parser = clap::value_parser!(u32).range(1..))]
    reads_per_address: u32,

    /// How many readers at one address are counted of the same article within an hour
    #[arg(long, env = "COURANT_READERS_PER_ADDRESS", value_name = "NUMBER",
          default_value_t = ReadSettings::default().readers_per_address, value_parser = clap::value_parser!(u32).range(1..))]
    readers_per_address: u32,

    /// Where else pages of the site are, whose reads count: https://app.example.org; may be given several times, or with commas
    #[arg(long, env = "COURANT_READS_FROM", value_name = "ORIGIN", value_delimiter = ',', value_parser = Origin::parse)]
    reads_from: Vec<Origin>,
}

impl ReadOptions {
    pub(super) fn reads(&self) -> Reads {
        let mebibytes = usize::try_from(self.reads_memory).unwrap_or(usize::MAX);
        let settings = ReadSettings {
            is_on: self.reads,
            seen_bytes: mebibytes.saturating_mul(1024 * 1024),
            per_address: self.reads_per_address,
            readers_per_address: self.readers_per_address,
            ..ReadSettings::default()
        };
        Reads { settings, flush: Duration::from_secs(self.reads_flush), from: self.reads_from.clone() }
    }
}
