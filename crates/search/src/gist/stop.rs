//! Words that every text has, whatever it is about: of English, Russian and Turkmen, as they are spelled. Words of other languages weigh
//! little because many texts have them.

use std::{collections::HashSet, sync::LazyLock};

/// In small letters, ё as it is after folding. A line that begins with `#` says of which language the next are.
pub(super) static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let lines = include_str!("stop.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).collect()
});
