//! What readers wrote below a post, of which nothing is taken in.

use crate::read::{collect::Collector, xml::Element};

/// Of what stands below a post without anybody having shown it as a comment, what it is counted as.
const NOT_SHOWN: [&str; 2] = ["comments in spam or trash", "pingbacks"];

/// What a comment is counted as by its state and its type, if readers lose nothing with it.
pub(crate) fn not_shown(state: &str, kind: &str) -> Option<&'static str> {
    match (state, kind) {
        (_, "pingback" | "trackback") => Some(NOT_SHOWN[1]),
        ("spam" | "trash" | "post-trashed", _) => Some(NOT_SHOWN[0]),
        _ => None,
    }
}

/// Counts one, whose text is what [`not_shown`] says of it.
pub(super) fn count(comment: &Element<'_>, collector: &mut Collector) {
    match NOT_SHOWN.into_iter().find(|name| comment.value() == Some(name)) {
        Some(name) => collector.unmapped(name),
        None => collector.lost("comments"),
    }
}
