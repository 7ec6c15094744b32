//! What is logged, and how: on standard error.

use std::io::{IsTerminal, stderr};

use clap::{Args, ValueEnum};
use tracing_subscriber::{EnvFilter, fmt};

use crate::unknown::unknown_targets;

/// What is logged.
#[derive(Debug, Args)]
#[command(next_help_heading = "Log")]
pub struct LogOptions {
    /// What is logged to standard error: levels by module, such as `info` or `warn,courant_server=debug`.
    /// `courant::sql=debug` shows every statement a request runs
    #[arg(long, env = "COURANT_LOG", global = true, value_name = "FILTER", value_parser = filter,
          // What the HTML parser says of every table that is none is of no use to anybody.
          default_value = "warn,courant=info,courant_gateway=info,courant_graphql=info,courant_server=info,courant_import=info,courant_workers=info,courant_persistence=info,html5ever=error")]
    log: String,

    /// How the log is written
    #[arg(long, env = "COURANT_LOG_FORMAT", global = true, value_name = "FORMAT", default_value = "text")]
    log_format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// Lines for people
    Text,
    /// One JSON object a line
    Json,
}

fn filter(text: &str) -> Result<String, tracing_subscriber::filter::ParseError> {
    EnvFilter::try_new(text).map(|_| text.to_owned())
}

impl LogOptions {
    /// Has what this process logs written from now on.
    pub fn init(&self) {
        let log = fmt().with_env_filter(EnvFilter::new(&self.log)).with_writer(stderr);
        match self.log_format {
            Format::Text => log.with_ansi(stderr().is_terminal()).init(),
            // A request's lines lie in one span, which need not be there as the list of all spans, too.
            Format::Json => log.json().flatten_event(true).with_span_list(false).init(),
        }
    }

    /// What the filter names that there is not, for the log to say.
    #[must_use]
    pub fn unknown(&self) -> Vec<String> {
        unknown_targets(&self.log)
    }
}
