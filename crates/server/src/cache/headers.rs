//! What caches between the server and its readers are told (RFC 9111, RFC 5861).

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use courant_persistence::Reads;
use jiff::Timestamp;

use super::AnswerCache;

/// The names by which a cache throws away what a change has made stale: Varnish' xkey and Fastly know the one, Cloudflare the other.
const SURROGATE_KEY: HeaderName = HeaderName::from_static("surrogate-key");
const CACHE_TAG: HeaderName = HeaderName::from_static("cache-tag");

/// How an answer was come by (RFC 9211).
pub(crate) const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");

/// For how long what was made of this may be kept on the way, and under which names.
pub(super) fn tell(headers: &mut HeaderMap, settings: &AnswerCache, reads: &Reads, now: Timestamp) {
    headers.insert(header::CACHE_CONTROL, control(settings, reads.until(), now));
    let keys = reads.surrogate_keys();
    for (name, between) in [(SURROGATE_KEY, " "), (CACHE_TAG, ",")] {
        if let Ok(value) = HeaderValue::from_str(&keys.join(between)) {
            headers.insert(name, value);
        }
    }
}

fn control(settings: &AnswerCache, until: Option<Timestamp>, now: Timestamp) -> HeaderValue {
    let left = until.map(|until| Duration::try_from(until.duration_since(now)).unwrap_or(Duration::ZERO));
    let shared = left.map_or(settings.shared_max_age, |left| left.min(settings.shared_max_age)).as_secs();
    if shared == 0 {
        return HeaderValue::from_static("public, no-cache");
    }
    let after = left.map_or(Duration::MAX, |left| left.saturating_sub(Duration::from_secs(shared)));
    let stale = after.min(settings.stale_while_revalidate).as_secs();
    let stale = if stale == 0 { String::new() } else { format!(", stale-while-revalidate={stale}") };
    // Readers' own caches ask each time: nobody can tell them of a change.
    let value = format!("public, max-age=0, s-maxage={shared}{stale}");
    HeaderValue::from_str(&value).unwrap_or(HeaderValue::from_static("public, no-cache"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_soon_is_kept_no_longer() {
        let settings = AnswerCache {
            shared_max_age: Duration::from_secs(60),
            stale_while_revalidate: Duration::from_secs(30),
            ..AnswerCache::default()
        };
        let now = Timestamp::UNIX_EPOCH;
        let told = |seconds: Option<i64>| {
            let until = seconds.map(|seconds| Timestamp::from_second(seconds).unwrap());
            control(&settings, until, now).to_str().unwrap().to_owned()
        };
        assert_eq!(told(None), "public, max-age=0, s-maxage=60, stale-while-revalidate=30");
        assert_eq!(told(Some(70)), "public, max-age=0, s-maxage=60, stale-while-revalidate=10");
        assert_eq!(told(Some(5)), "public, max-age=0, s-maxage=5");
        assert_eq!(told(Some(0)), "public, no-cache");
        assert_eq!(told(Some(-5)), "public, no-cache");
    }
}
