//! How long others ask to be left alone.

use std::time::SystemTime;

use courant_outbound::{HeaderMap, header};
use jiff::{SignedDuration, Timestamp};

/// Reads `Retry-After` (RFC 9110 §10.2.3): seconds, or a date. What is over is negative.
pub(crate) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<SignedDuration> {
    wait(headers.get(header::RETRY_AFTER)?.to_str().ok()?, now)
}

fn wait(text: &str, now: Timestamp) -> Option<SignedDuration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More than fits is for ever.
        return Some(SignedDuration::from_secs(text.parse().unwrap_or(i64::MAX)));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    let date = date.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    let date = Timestamp::from_second(i64::try_from(date.as_secs()).ok()?).ok()?;
    Some(date.duration_since(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_endpoint_asks_for_is_read_as_seconds_or_as_a_date() {
        let now: Timestamp = "2026-11-29T12:00:00Z".parse().unwrap();
        let wait = |text| wait(text, now).map(|wait| wait.as_secs());
        assert_eq!(wait("120"), Some(120));
        assert_eq!(wait(" 0 "), Some(0));
        assert_eq!(wait("99999999999999999999999"), Some(i64::MAX));
        assert_eq!(wait("Sun, 29 Nov 2026 12:05:00 GMT"), Some(300));
        assert_eq!(wait("Sunday, 29-Nov-26 12:05:00 GMT"), Some(300));
        assert_eq!(wait("Sun, 29 Nov 2026 11:59:00 GMT"), Some(-60));
        for none in ["", "-1", "1.5", "soon", "Sun, 99 Nov 2026 12:05:00 GMT"] {
            assert_eq!(wait(none), None, "{none}");
        }
    }
}
