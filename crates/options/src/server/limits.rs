//! What one request may ask for, as options.

use std::time::Duration;

use clap::Args;
use courant_graphql::Limits;

use crate::values::at_least_one;

/// The limits a service may need to move. A request over one of them is refused before it is executed, but for its answer.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits on one request")]
pub(super) struct LimitOptions {
    /// Bytes of its body, unpacked
    #[arg(long, env = "COURANT_MAX_BODY_BYTES", value_name = "NUMBER", default_value_t = Limits::default().body_bytes,
          value_parser = at_least_one::<usize>)]
    max_body_bytes: usize,

    /// Bytes of its document's text; long texts belong in variables
    #[arg(long, env = "COURANT_MAX_DOCUMENT_BYTES", value_name = "NUMBER",
          default_value_t = Limits::default().document_bytes, value_parser = at_least_one::<usize>)]
    max_document_bytes: usize,

    /// Tokens of its document
    #[arg(long, env = "COURANT_MAX_TOKENS", value_name = "NUMBER", default_value_t = Limits::default().tokens,
          value_parser = at_least_one::<usize>)]
    max_tokens: usize,

    /// Fields within fields
    #[arg(long, env = "COURANT_MAX_DEPTH", value_name = "NUMBER", default_value_t = Limits::default().depth,
          value_parser = at_least_one::<usize>)]
    max_depth: usize,

    /// Aliases
    #[arg(long, env = "COURANT_MAX_ALIASES", value_name = "NUMBER", default_value_t = Limits::default().aliases)]
    max_aliases: usize,

    /// Directives
    #[arg(long, env = "COURANT_MAX_DIRECTIVES", value_name = "NUMBER", default_value_t = Limits::default().directives)]
    max_directives: usize,

    /// Fields at the root of its operation
    #[arg(long, env = "COURANT_MAX_ROOT_FIELDS", value_name = "NUMBER", default_value_t = Limits::default().root_fields,
          value_parser = at_least_one::<usize>)]
    max_root_fields: usize,

    /// Selections with all fragments unfolded
    #[arg(long, env = "COURANT_MAX_EXPANSION", value_name = "NUMBER", default_value_t = Limits::default().expansion,
          value_parser = at_least_one::<u64>)]
    max_expansion: u64,

    /// Its cost: each field that can come back is one, and finding lists comes on top
    #[arg(long, env = "COURANT_MAX_COST", value_name = "NUMBER", default_value_t = Limits::default().cost,
          value_parser = at_least_one::<u64>)]
    max_cost: u64,

    /// Bytes of its answer, before it is packed
    #[arg(long, env = "COURANT_MAX_ANSWER_BYTES", value_name = "NUMBER", default_value_t = Limits::default().answer_bytes,
          value_parser = at_least_one::<usize>)]
    max_answer_bytes: usize,

    /// Bytes that can be expected to come back, by what such texts take
    #[arg(long, env = "COURANT_MAX_EXPECTED_BYTES", value_name = "NUMBER",
          default_value_t = Limits::default().expected_bytes, value_parser = at_least_one::<u64>)]
    max_expected_bytes: u64,

    /// Milliseconds that the database may work for it, if nobody has signed in
    #[arg(long, env = "COURANT_MAX_DATABASE_MS", value_name = "NUMBER",
          default_value_t = milliseconds(Limits::default().database), value_parser = at_least_one::<u64>)]
    max_database_ms: u64,

    /// The same, if it has a token
    #[arg(long, env = "COURANT_MAX_DATABASE_MS_SIGNED_IN", value_name = "NUMBER",
          default_value_t = milliseconds(Limits::default().database_signed_in), value_parser = at_least_one::<u64>)]
    max_database_ms_signed_in: u64,
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

impl LimitOptions {
    pub(super) fn limits(&self) -> Limits {
        Limits {
            body_bytes: self.max_body_bytes,
            document_bytes: self.max_document_bytes,
            tokens: self.max_tokens,
            depth: self.max_depth,
            aliases: self.max_aliases,
            directives: self.max_directives,
            root_fields: self.max_root_fields,
            expansion: self.max_expansion,
            cost: self.max_cost,
            answer_bytes: self.max_answer_bytes,
            expected_bytes: self.max_expected_bytes,
            database: Duration::from_millis(self.max_database_ms),
            database_signed_in: Duration::from_millis(self.max_database_ms_signed_in),
            ..Limits::default()
        }
    }
}
