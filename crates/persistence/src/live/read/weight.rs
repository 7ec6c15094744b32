//! What is known of readers' statements before they are run.

use super::stream::{Key, Shape, Stream};
use crate::db::weight::Weight;

/// More lists than this are not counted among the quick ones.
const COUNTED: usize = 4;

/// That of a statement for the rows of these streams. `apart` is up to how many of them are scanned each in its own way.
pub(super) fn of_lists(shapes: &[(Shape, Vec<Stream>)], apart: usize) -> Weight {
    let of = |(shape, streams): &(Shape, Vec<Stream>)| {
        let most = streams.iter().map(|stream| stream.probes.len()).max().unwrap_or(0);
        if shape.key == Key::Timeline {
            // Of most entries the edition is in their readers' language, so that it leaves few out.
            let of_editions = !shape.of_edition.is_empty() || shape.number.is_some();
            return if most > 1 || of_editions { Weight::Heavy } else { Weight::Light };
        }
        let all_that_are = streams.iter().all(|stream| stream.span.is_none());
        if most > 0 || (streams.len() > apart && !all_that_are) {
            Weight::Unindexed
        } else if shape.has_conditions() {
            Weight::Heavy
        } else {
            Weight::Light
        }
    };
    shapes.iter().map(of).max().unwrap_or(Weight::Light)
}

/// That of a statement that counts lists of this shape.
pub(super) fn of_counts(shape: &Shape, groups: &[Vec<Stream>]) -> Weight {
    let with_probes = groups.iter().flatten().any(|stream| !stream.probes.is_empty());
    if with_probes || shape.has_conditions() || groups.len() > COUNTED { Weight::Heavy } else { Weight::Light }
}
