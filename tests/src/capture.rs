//! The statements a request runs, from the log that operators can read, too.

use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{Layer, layer::Context, prelude::*};

static LOG: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn log() -> MutexGuard<'static, Vec<String>> {
    LOG.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A span of time in which statements are taken down. Tests of one process share the log, so a process runs
/// one portal's requests at a time.
pub struct Statements(#[expect(dead_code, reason = "held, so that others wait")] tokio::sync::MutexGuard<'static, ()>);

static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

impl Statements {
    /// Begins.
    pub async fn begin() -> Self {
        let guard = ONE_AT_A_TIME.lock().await;
        log().clear();
        Self(guard)
    }

    /// Ends, and gives what was run since the beginning.
    #[must_use]
    pub fn end(self) -> Vec<String> {
        std::mem::take(&mut *log())
    }
}

struct Capture;

impl<S: Subscriber> Layer<S> for Capture {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "courant::sql" {
            event.record(&mut Statement);
        }
    }
}

struct Statement;

impl Visit for Statement {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "statement" => log().push(value.to_owned()),
            // It was not run where it was asked, which no test expects.
            "left_to_driver" => log().push(format!("-- left to the driver: {value}")),
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

pub(crate) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let filter = tracing_subscriber::filter::Targets::new().with_target("courant::sql", tracing::Level::DEBUG);
        tracing_subscriber::registry().with(Capture.with_filter(filter)).init();
    });
}
