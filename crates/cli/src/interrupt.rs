//! Signals, for commands that have something to clear away before they end.

/// Has the system say that a file cannot become longer, as it says that a disk is full, and not end the program in the middle
/// of it: the default where `ulimit -f` sets a bound.
pub(crate) fn outlive_file_limits() {
    // The number is the same on all systems that this is built for.
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    {
        const SIGXFSZ: i32 = 25;
        // Whoever listens has the default taken away for good.
        drop(tokio::signal::unix::signal(tokio::signal::unix::SignalKind::from_raw(SIGXFSZ)));
    }
}

/// The next Ctrl-C or SIGTERM, or the end of the terminal.
#[cfg(unix)]
pub(crate) async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
    let [Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup)] = kinds.map(signal) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hangup.recv() => {}
    }
}

/// The next Ctrl-C.
#[cfg(not(unix))]
pub(crate) async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}
