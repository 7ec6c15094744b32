//! Which media type to answer with (RFC 9110 §12.5.1; GraphQL over HTTP, "Accept").

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use courant_gateway::error::ErrorCode;

use super::stream::Stream;
use crate::middleware::refusal::Refusal;

/// What a GraphQL answer is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Media {
    graphql: bool,
    /// Whether the client asked for `application/json` by name: then it goes by the body alone, and is told of
    /// wrong documents with status 200. Whoever takes anything gets JSON with the proper status.
    pub(crate) legacy: bool,
}

impl Media {
    /// `application/json` with the proper status codes, for clients that name no type.
    pub(crate) const JSON: Self = Self { graphql: false, legacy: false };
    const LEGACY: Self = Self { graphql: false, legacy: true };
    const GRAPHQL: Self = Self { graphql: true, legacy: false };

    pub(crate) const fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(if self.graphql {
            "application/graphql-response+json; charset=utf-8"
        } else {
            "application/json; charset=utf-8"
        })
    }
}

/// What a client takes answers as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Accepted {
    /// One answer; none when the client takes streams alone.
    pub(crate) media: Option<Media>,
    /// Several answers, one after the other; none when the client names no way to take them.
    pub(crate) stream: Option<Stream>,
}

/// The media type the client likes best of those we write, `application/json` when it has no preference; and the one by which it takes
/// several answers.
pub(crate) fn negotiate(headers: &HeaderMap) -> Result<Accepted, Refusal> {
    let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let ranges: Vec<Range<'_>> = values.flat_map(|value| value.split(',')).filter_map(Range::parse).collect();
    if ranges.is_empty() {
        return Ok(Accepted { media: Some(Media::JSON), stream: None });
    }
    // Nobody gets a stream who has not named it.
    let streams =
        ranges.iter().filter(|range| range.quality > 0).filter_map(|range| Some((range.stream()?, range.quality)));
    // Of two that are liked alike, the one that is named first.
    let stream = streams.reduce(|best, other| if other.1 > best.1 { other } else { best }).map(|(stream, _)| stream);
    let graphql = Preference::of("graphql-response+json", &ranges);
    let json = Preference::of("json", &ranges);
    if graphql.quality == 0 && json.quality == 0 {
        if stream.is_some() {
            return Ok(Accepted { media: None, stream });
        }
        let message = "the client accepts neither application/graphql-response+json nor application/json";
        return Err(Refusal::http(StatusCode::NOT_ACCEPTABLE, ErrorCode::NotAcceptable, message));
    }
    // Of two that are liked alike, the one that was named; of two that were, the one made for this.
    let media = if (graphql.quality, graphql.named) >= (json.quality, json.named) && graphql.named {
        Media::GRAPHQL
    } else if json.quality >= graphql.quality {
        if json.named { Media::LEGACY } else { Media::JSON }
    } else {
        Media::GRAPHQL
    };
    Ok(Accepted { media: Some(media), stream })
}

/// A media range of an `Accept` header.
struct Range<'a> {
    kind: &'a str,
    subkind: &'a str,
    /// In thousandths.
    quality: u16,
    /// Whether it says that it is Apollo's protocol for subscriptions.
    is_of_subscriptions: bool,
}

impl<'a> Range<'a> {
    /// None for what is no media range, and for one of another encoding than UTF-8.
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let (kind, subkind) = parts.next()?.split_once('/')?;
        let (mut quality, mut is_of_subscriptions) = (1_000, false);
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            if name.eq_ignore_ascii_case("q") {
                quality = thousandths(value.trim())?;
            } else if name.eq_ignore_ascii_case("charset") && !is_utf8(value) {
                return None;
            } else if name.eq_ignore_ascii_case("subscriptionSpec") {
                is_of_subscriptions = value.trim().trim_matches('"') == "1.0";
            }
        }
        Some(Self { kind, subkind, quality, is_of_subscriptions })
    }

    /// The way of taking several answers that it names, if it does.
    fn stream(&self) -> Option<Stream> {
        let is = |kind: &str, subkind: &str| {
            self.kind.eq_ignore_ascii_case(kind) && self.subkind.eq_ignore_ascii_case(subkind)
        };
        if is("text", "event-stream") {
            Some(Stream::Events)
        } else {
            (is("multipart", "mixed") && self.is_of_subscriptions).then_some(Stream::Multipart)
        }
    }

    /// How exactly this range means `application/<subkind>`, if it does.
    fn precision(&self, subkind: &str) -> Option<u8> {
        match (self.kind, self.subkind) {
            ("*", "*") => Some(0),
            (kind, "*") if kind.eq_ignore_ascii_case("application") => Some(1),
            (kind, found) if kind.eq_ignore_ascii_case("application") && found.eq_ignore_ascii_case(subkind) => Some(2),
            _ => None,
        }
    }
}

struct Preference {
    quality: u16,
    named: bool,
}

impl Preference {
    /// The most precise range decides.
    fn of(subkind: &str, ranges: &[Range<'_>]) -> Self {
        let best = ranges.iter().filter_map(|range| Some((range.precision(subkind)?, range.quality))).max();
        best.map_or(Self { quality: 0, named: false }, |(precision, quality)| Self { quality, named: precision == 2 })
    }
}

/// A quality value (RFC 9110 §12.4.2): `0`, `0.5`, `1.000`.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let fraction: u16 = format!("{fraction:0<3}").parse().ok()?;
    match whole {
        "0" => Some(fraction),
        "1" if fraction == 0 => Some(1_000),
        _ => None,
    }
}

/// Whether a `charset` parameter, quoted or not, means UTF-8.
pub(crate) fn is_utf8(charset: &str) -> bool {
    let charset = charset.trim().trim_matches('"');
    charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(accept: &str, expected: Option<Media>) {
        let headers = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_str(accept).unwrap())]);
        assert_eq!(negotiate(&headers).ok().and_then(|accepted| accepted.media), expected, "{accept}");
    }

    #[test]
    fn without_a_preference_it_is_json() {
        assert_eq!(negotiate(&HeaderMap::new()).unwrap(), Accepted { media: Some(Media::JSON), stream: None });
        for accept in ["*/*", "application/*", "", "text/html, */*;q=0.8", "text/*, application/*"] {
            check(accept, Some(Media::JSON));
        }
    }

    #[test]
    fn what_is_named_is_written() {
        for accept in [
            "application/graphql-response+json",
            "Application/GraphQL-Response+JSON; charset=UTF-8",
            "application/graphql-response+json, application/json;q=0.9",
            "application/json, application/graphql-response+json",
            "application/graphql-response+json, */*",
            "application/json;q=0.8, application/graphql-response+json;q=0.9, */*;q=0.1",
            "*/*, application/json;q=0",
        ] {
            check(accept, Some(Media::GRAPHQL));
        }
        for accept in [
            "application/json",
            "application/json, text/plain, */*",
            "application/json, application/graphql-response+json;q=0.5",
            "application/json;q=0.5, application/graphql-response+json;q=0",
            "application/json; charset=\"utf-8\"",
            "text/html;q=2, application/json",
        ] {
            check(accept, Some(Media::LEGACY));
        }
        check("*/*;q=0.5, application/graphql-response+json;q=0.1", Some(Media::JSON));
    }

    #[test]
    fn what_we_do_not_write_is_not_acceptable() {
        for accept in [
            "text/html",
            "application/xml, image/*",
            "application/json;q=0",
            "*/*;q=0",
            "application/json;charset=utf-16, text/html",
        ] {
            check(accept, None);
        }
    }

    #[test]
    fn streams_are_taken_by_those_who_name_them() {
        let stream = |accept: &str| {
            let headers = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_str(accept).unwrap())]);
            negotiate(&headers).ok().and_then(|accepted| accepted.stream)
        };
        assert_eq!(stream("text/event-stream"), Some(Stream::Events));
        assert_eq!(stream("application/json, Text/Event-Stream;q=0.1"), Some(Stream::Events));
        let apollo = "multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json";
        assert_eq!(stream(apollo), Some(Stream::Multipart));
        assert_eq!(stream("multipart/mixed;boundary=\"graphql\";subscriptionSpec=\"1.0\""), Some(Stream::Multipart));
        assert_eq!(stream("text/event-stream;q=0.5, multipart/mixed;subscriptionSpec=1.0"), Some(Stream::Multipart));
        for accept in
            ["*/*", "text/*", "multipart/mixed", "multipart/mixed;deferSpec=20220824", "text/event-stream;q=0"]
        {
            assert_eq!(stream(accept), None, "{accept}");
        }
    }

    #[test]
    fn several_headers_are_one_list() {
        let mut headers = HeaderMap::new();
        headers.append(header::ACCEPT, HeaderValue::from_static("text/html"));
        headers.append(header::ACCEPT, HeaderValue::from_static("application/graphql-response+json"));
        assert_eq!(negotiate(&headers).unwrap().media, Some(Media::GRAPHQL));
    }
}
