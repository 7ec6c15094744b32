//! What is kept of answers, as options.

use std::time::Duration;

use clap::Args;
use courant_server::AnswerCache;

/// What is kept for nobody in particular, here and on the way to readers. What a change touches is never given again.
#[derive(Debug, Args)]
#[command(next_help_heading = "Keeping answers")]
pub(super) struct AnswerOptions {
    /// How much memory kept answers may take, in bytes (64M, 1G), or "off"
    #[arg(long, env = "COURANT_ANSWER_CACHE", value_name = "BYTES|off", default_value = "48M", value_parser = bytes)]
    answer_cache: u64,

    /// How much memory live articles, acts and lists may take that new answers are made of, in bytes, or "off"
    #[arg(long, env = "COURANT_OBJECT_CACHE", value_name = "BYTES|off", default_value = "16M", value_parser = bytes)]
    object_cache: u64,

    /// How long view counts may lag in kept answers, and lists ordered by them, in seconds
    #[arg(long, env = "COURANT_VIEWS_LAG", value_name = "SECONDS", default_value_t = AnswerCache::default().views_lag.as_secs())]
    views_lag: u64,

    /// For how many seconds caches on the way may keep what was asked by GET (s-maxage); 0 has them ask each time
    #[arg(long, env = "COURANT_SHARED_MAX_AGE", value_name = "SECONDS",
          default_value_t = AnswerCache::default().shared_max_age.as_secs())]
    shared_max_age: u64,

    /// For how many more they may give it away while they ask for a newer one (stale-while-revalidate)
    #[arg(long, env = "COURANT_STALE_WHILE_REVALIDATE", value_name = "SECONDS",
          default_value_t = AnswerCache::default().stale_while_revalidate.as_secs())]
    stale_while_revalidate: u64,
}

impl AnswerOptions {
    pub(super) const fn settings(&self) -> AnswerCache {
        AnswerCache {
            bytes: self.answer_cache,
            object_bytes: self.object_cache,
            views_lag: Duration::from_secs(self.views_lag),
            shared_max_age: Duration::from_secs(self.shared_max_age),
            stale_while_revalidate: Duration::from_secs(self.stale_while_revalidate),
        }
    }
}

/// Less than this holds no page.
const LEAST: u64 = 1024 * 1024;

fn bytes(text: &str) -> Result<u64, String> {
    if text.eq_ignore_ascii_case("off") {
        return Ok(0);
    }
    let wanted = || format!("wanted is a number of bytes from {LEAST} up, which K, M or G may follow, or off");
    let (number, unit) = match text.char_indices().last() {
        Some((at, 'K' | 'k')) => (&text[..at], 1024),
        Some((at, 'M' | 'm')) => (&text[..at], 1024 * 1024),
        Some((at, 'G' | 'g')) => (&text[..at], 1024 * 1024 * 1024),
        _ => (text, 1),
    };
    let bytes = number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit));
    bytes.filter(|bytes| *bytes >= LEAST).ok_or_else(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_numbers_with_a_unit_or_off() {
        for (text, is) in [("off", 0), ("OFF", 0), ("64M", 67_108_864), ("2g", 2_147_483_648), ("1048576", 1_048_576)] {
            assert_eq!(bytes(text), Ok(is), "{text}");
        }
        for text in ["", "0", "1K", "-1", "M", "64MB", "99999999999999999999", "9999999999999G", "é"] {
            assert!(bytes(text).is_err(), "{text}");
        }
    }
}
