//! What one request may ask for, as options.

use std::str::FromStr;

use clap::Args;
use courant_gateway::Limits;

/// The limits a service may need to move. A request over one of them is refused before it is executed, but for its answer.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits on one request")]
pub(super) struct LimitArgs {
    /// Bytes of its body, unpacked
    #[arg(long, env = "COURANT_MAX_BODY_BYTES", value_name = "NUMBER", default_value_t = Limits::default().body_bytes,
          value_parser = at_least_one::<usize>)]
    max_body_bytes: usize,

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

    /// Its cost: each field that can come back is one
    #[arg(long, env = "COURANT_MAX_COST", value_name = "NUMBER", default_value_t = Limits::default().cost,
          value_parser = at_least_one::<u64>)]
    max_cost: u64,

    /// Bytes of its answer, before it is packed
    #[arg(long, env = "COURANT_MAX_ANSWER_BYTES", value_name = "NUMBER", default_value_t = Limits::default().answer_bytes,
          value_parser = at_least_one::<usize>)]
    max_answer_bytes: usize,
}

/// A limit of nothing would refuse every request.
pub(super) fn at_least_one<T: FromStr + From<u8> + PartialOrd>(text: &str) -> Result<T, &'static str> {
    match text.parse() {
        Ok(number) if number >= T::from(1) => Ok(number),
        _ => Err("wanted is a whole number from 1 up"),
    }
}

impl LimitArgs {
    pub(super) fn limits(&self) -> Limits {
        Limits {
            body_bytes: self.max_body_bytes,
            tokens: self.max_tokens,
            depth: self.max_depth,
            aliases: self.max_aliases,
            directives: self.max_directives,
            root_fields: self.max_root_fields,
            expansion: self.max_expansion,
            cost: self.max_cost,
            answer_bytes: self.max_answer_bytes,
            ..Limits::default()
        }
    }
}
