//! How long the database is waited for: all limits in one place.

use std::time::Duration;

/// How long the database is waited for. What it means for those who ask is in `docs/operations.md`.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For a connection to read with.
    pub read: Duration,
    /// For a connection to write with: others may be writing.
    pub write: Duration,
    /// For a lock that somebody else holds.
    pub lock: Duration,
    /// For one writing statement; what takes longer by its nature says so.
    pub statement: Duration,
    /// How long a transaction that writes may do nothing before PostgreSQL ends it: whoever is to go on with it hangs.
    pub idle: Duration,
    /// How long PostgreSQL may be silent before it is asked whether it is there, and how long it may take to say so.
    pub silence: Duration,
}

/// How much longer than the server is told to work for a statement its answer is waited for: a server that is busy takes its time to
/// give one up, too, and one that is silent is found out before (`link/pulse.rs`).
pub(crate) const GRACE: Duration = Duration::from_secs(3);

/// How long a statement may take that touches many entries at once: a merge of categories, other languages of the site.
pub(crate) const BULKY: Duration = Duration::from_secs(60);

/// How long work may take that is long by its nature: a restored dump, the steps of the schema, a copy of everything.
pub(crate) const LONG: Duration = Duration::from_secs(3600);

impl Patience {
    /// What a service has, whose clients wait for an answer: others write again within ten seconds of a node that hangs.
    pub const SERVING: Self = Self {
        read: Duration::from_secs(3),
        write: Duration::from_secs(5),
        lock: Duration::from_secs(4),
        statement: Duration::from_secs(8),
        idle: Duration::from_secs(5),
        silence: Duration::from_millis(1500),
    };

    /// What a command has that somebody runs: it waits for its turn instead of giving up.
    pub const COMMAND: Self = Self {
        read: Duration::from_secs(30),
        write: Duration::from_secs(60),
        lock: Duration::from_secs(60),
        statement: Duration::from_secs(120),
        ..Self::SERVING
    };
}

impl Default for Patience {
    fn default() -> Self {
        Self::SERVING
    }
}

/// A time as PostgreSQL's settings take it: whole milliseconds, of which none would mean no limit.
pub(crate) fn millis(time: Duration) -> String {
    time.as_millis().max(1).to_string()
}
