//! How many files the process may have open, sockets among them.

/// What is left for databases, logs and the rest.
const OTHERS: u64 = 256;

/// Raises the limit as far as the process may, and says how many connections it is enough for.
#[cfg(unix)]
pub(super) fn enough_for() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, ..limit };
    // macOS has more than it gives: then it stays as it is.
    let current = if setrlimit(Resource::Nofile, raised).is_ok() { limit.maximum } else { limit.current };
    current.map_or(usize::MAX, connections)
}

#[cfg(not(unix))]
pub(super) fn enough_for() -> usize {
    usize::MAX
}

#[cfg(unix)]
fn connections(files: u64) -> usize {
    let beyond = (super::places::RESERVE + super::places::LEAVING) as u64;
    // With next to nothing, a few are still better than none.
    usize::try_from(files.saturating_sub(OTHERS + beyond).max(16)).unwrap_or(usize::MAX)
}
