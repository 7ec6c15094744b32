//! Progress bars on standard error; none where that is no terminal.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar up to `length`, counting what is named.
pub(crate) fn bar(length: u64, what: &'static str) -> ProgressBar {
    let template = format!("{{bar:30}} {{human_pos}} of {{human_len}} {what}, {{per_sec}}, {{eta}} left");
    let style = ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length).with_style(style)
}

/// A bar for bytes of a source of this length.
pub(crate) fn bytes(length: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {binary_bytes} of {binary_total_bytes}, {eta} left");
    ProgressBar::new(length).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
