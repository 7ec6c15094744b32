//! What a cache is told by, and what it answers.

use courant_outbound::{Answer, Endpoint, EndpointError, HeaderMap, HeaderName, HeaderValue, Method, Request, header};
use serde::Deserialize;
use serde_json::json;

/// Where names are in requests to Varnish, whose configuration (`examples/varnish`) reads them there.
const XKEY_PURGE: HeaderName = HeaderName::from_static("xkey-purge");
const BAN_KEYS: HeaderName = HeaderName::from_static("ban-keys");
const FASTLY_KEY: HeaderName = HeaderName::from_static("fastly-key");

/// How a cache is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// Varnish with its module `xkey`: `PURGE`, with names in `Xkey-Purge`, a space between them.
    VarnishXkey,
    /// Varnish without it: `BAN`, with names in `Ban-Keys`, a `|` between them.
    VarnishBan,
    /// Fastly's API, for a service.
    Fastly {
        /// The service's id.
        service: String,
    },
    /// Cloudflare's API, for a zone.
    Cloudflare {
        /// The zone's id.
        zone: String,
    },
    /// Any other: `POST` of `{"keys": ["…"]}` as JSON.
    Json,
}

/// What a cache knows Courant by. It is shown nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl std::fmt::Debug for Token {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str("Token(…)")
    }
}

/// A cache between the server and its readers.
#[derive(Debug)]
pub struct Cache {
    place: String,
    names: [&'static str; 2],
    to: Endpoint,
    headers: HeaderMap,
    form: Form,
}

/// Why a cache cannot be told like this.
#[derive(Debug, thiserror::Error)]
pub enum NotACache {
    /// Its address is none.
    #[error("{0}")]
    Endpoint(#[from] EndpointError),
    /// The id of its service or zone is none.
    #[error("the id of a service or zone is letters and digits")]
    Id,
    /// Its token cannot be sent.
    #[error("a token has visible characters alone")]
    Token,
    /// Its API asks for one.
    #[error("it takes no purge without a token")]
    NoToken,
}

/// Why a purge has failed.
#[derive(Debug, thiserror::Error)]
#[error("{cache} answered {status}: {body}")]
pub(super) struct Refused {
    cache: &'static str,
    status: u16,
    body: String,
}

impl Token {
    /// Takes a token as it is in a file or a variable.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    fn header(&self, before: &str) -> Result<HeaderValue, NotACache> {
        let mut value = HeaderValue::from_str(&format!("{before}{}", self.0)).map_err(|_| NotACache::Token)?;
        // It is left out of what is shown of a header.
        value.set_sensitive(true);
        Ok(value)
    }
}

impl Cache {
    /// A cache that is told in a form, at an address. The name of a follower is kept for as long as the process runs.
    ///
    /// # Errors
    /// See [`NotACache`].
    pub fn new(form: Form, at: &Endpoint, token: Option<&Token>) -> Result<Self, NotACache> {
        let mut headers = HeaderMap::new();
        let to = match &form {
            Form::Fastly { service } => at.at(&format!("/service/{}/purge", id(service)?))?,
            Form::Cloudflare { zone } => at.at(&format!("/client/v4/zones/{}/purge_cache", id(zone)?))?,
            Form::VarnishXkey | Form::VarnishBan | Form::Json => at.clone(),
        };
        match (&form, token) {
            (Form::Fastly { .. }, Some(token)) => headers.insert(FASTLY_KEY, token.header("")?),
            (Form::Fastly { .. } | Form::Cloudflare { .. }, None) => return Err(NotACache::NoToken),
            (_, Some(token)) => headers.insert(header::AUTHORIZATION, token.header("Bearer ")?),
            (_, None) => None,
        };
        if !matches!(form, Form::VarnishXkey | Form::VarnishBan) {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        }
        let host = at.host();
        let place = at.url().port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let names = ["purge", "purge again"].map(|name| &*format!("{name} {place}").leak());
        Ok(Self { place, names, to, headers, form })
    }

    /// Where it is: its host, and its port if that is not the usual one.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// What its follower is called: by where it is.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.names[0]
    }

    /// What the follower is called that tells it a second time.
    #[must_use]
    pub const fn name_again(&self) -> &'static str {
        self.names[1]
    }

    /// How many names go into a request: as many as its API takes, or as a header has room for.
    const fn most(&self) -> usize {
        match self.form {
            Form::VarnishXkey => 400,
            // A regular expression that is held against all that is kept.
            Form::VarnishBan => 100,
            Form::Fastly { .. } => 256,
            Form::Cloudflare { .. } => 30,
            Form::Json => 1_000,
        }
    }

    /// The requests that have it throw away what it keeps under these names.
    pub(super) fn requests(&self, keys: &[String]) -> impl Iterator<Item = Request> {
        keys.chunks(self.most()).filter_map(|keys| self.request(keys))
    }

    fn request(&self, keys: &[String]) -> Option<Request> {
        let mut headers = self.headers.clone();
        let (method, body) = match self.form {
            Form::VarnishXkey => {
                headers.insert(XKEY_PURGE, HeaderValue::from_str(&keys.join(" ")).ok()?);
                (Method::from_bytes(b"PURGE").ok()?, String::new())
            }
            Form::VarnishBan => {
                headers.insert(BAN_KEYS, HeaderValue::from_str(&keys.join("|")).ok()?);
                (Method::from_bytes(b"BAN").ok()?, String::new())
            }
            Form::Fastly { .. } => (Method::POST, json!({ "surrogate_keys": keys }).to_string()),
            Form::Cloudflare { .. } => (Method::POST, json!({ "tags": keys }).to_string()),
            Form::Json => (Method::POST, json!({ "keys": keys }).to_string()),
        };
        Some(Request { method, to: self.to.clone(), headers, body: body.into() })
    }

    /// Whether it has done so.
    pub(super) fn check(&self, answer: &Answer) -> Result<(), Refused> {
        /// What Cloudflare says beside its status.
        #[derive(Deserialize)]
        struct Said {
            success: bool,
        }
        let is_done = answer.status.is_success()
            && match self.form {
                Form::Cloudflare { .. } => {
                    serde_json::from_slice(&answer.body).is_ok_and(|Said { success }: Said| success)
                }
                _ => true,
            };
        if is_done {
            return Ok(());
        }
        let body = String::from_utf8_lossy(&answer.body);
        let words: String = body.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect();
        Err(Refused { cache: self.name(), status: answer.status.as_u16(), body: words })
    }
}

/// An id that leads nowhere else.
fn id(text: &str) -> Result<&str, NotACache> {
    let is_one = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if is_one { Ok(text) } else { Err(NotACache::Id) }
}

#[cfg(test)]
mod tests {
    use courant_outbound::StatusCode;

    use super::*;

    fn cache(form: Form, at: &str) -> Cache {
        Cache::new(form, &Endpoint::parse(at).unwrap(), Some(&Token::new("s3cret\n"))).unwrap()
    }

    fn keys(number: usize) -> Vec<String> {
        (0..number).map(|number| format!("key{number:05}")).collect()
    }

    fn sent(request: &Request) -> (String, String, String) {
        let body = String::from_utf8(request.body.to_vec()).unwrap();
        (request.method.to_string(), request.to.to_string(), body)
    }

    #[test]
    fn each_api_is_asked_as_it_wants_to_be() {
        let fastly = cache(Form::Fastly { service: "SU1Z0isxPaozGVKXdv0eY".to_owned() }, "https://api.fastly.com");
        let [request] = &fastly.requests(&keys(2)).collect::<Vec<_>>()[..] else { panic!("one request") };
        let url = "https://api.fastly.com/service/SU1Z0isxPaozGVKXdv0eY/purge".to_owned();
        assert_eq!(sent(request), ("POST".to_owned(), url, r#"{"surrogate_keys":["key00000","key00001"]}"#.to_owned()));
        assert_eq!(request.headers["fastly-key"], "s3cret");
        assert_eq!(fastly.requests(&keys(257)).count(), 2);

        let cloudflare = cache(Form::Cloudflare { zone: "0a1b2c".to_owned() }, "https://api.cloudflare.com");
        let requests: Vec<Request> = cloudflare.requests(&keys(31)).collect();
        assert_eq!(requests.len(), 2);
        let url = "https://api.cloudflare.com/client/v4/zones/0a1b2c/purge_cache".to_owned();
        assert_eq!(sent(&requests[1]), ("POST".to_owned(), url, r#"{"tags":["key00030"]}"#.to_owned()));
        assert_eq!(requests[0].headers["authorization"], "Bearer s3cret");

        let json = cache(Form::Json, "http://cdn.internal/forget?a=b");
        let request = json.requests(&keys(1)).next().unwrap();
        let url = "http://cdn.internal/forget?a=b".to_owned();
        assert_eq!(sent(&request), ("POST".to_owned(), url, r#"{"keys":["key00000"]}"#.to_owned()));
    }

    #[test]
    fn varnish_is_told_by_headers() {
        let xkey = cache(Form::VarnishXkey, "http://127.0.0.1:6081/");
        assert_eq!((xkey.name(), xkey.name_again()), ("purge 127.0.0.1:6081", "purge again 127.0.0.1:6081"));
        let request = xkey.requests(&keys(2)).next().unwrap();
        assert_eq!(
            (request.method.as_str(), request.headers["xkey-purge"].to_str().unwrap()),
            ("PURGE", "key00000 key00001")
        );
        // What Varnish takes of a header by itself is 8 KB.
        assert!(xkey.requests(&keys(1_000)).all(|request| request.headers["xkey-purge"].len() < 4_000));
        let ban = cache(Form::VarnishBan, "http://127.0.0.1:6081/");
        let request = ban.requests(&keys(2)).next().unwrap();
        assert_eq!(
            (request.method.as_str(), request.headers["ban-keys"].to_str().unwrap()),
            ("BAN", "key00000|key00001")
        );
    }

    #[test]
    fn what_is_not_done_is_said_and_no_secret_with_it() {
        let answer = |status: u16, body: &'static str| Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: HeaderMap::new(),
            body: body.as_bytes().into(),
            is_whole: true,
        };
        let cloudflare = cache(Form::Cloudflare { zone: "0a".to_owned() }, "https://api.cloudflare.com");
        assert!(cloudflare.check(&answer(200, r#"{"success":true}"#)).is_ok());
        let refused = cloudflare.check(&answer(200, "{\"success\":false,\n \"errors\":[]}")).unwrap_err();
        let said = r#"purge api.cloudflare.com answered 200: {"success":false, "errors":[]}"#;
        assert_eq!(refused.to_string(), said);
        let xkey = cache(Form::VarnishXkey, "http://127.0.0.1:6081/");
        assert!(xkey.check(&answer(200, "")).is_ok());
        assert!(xkey.check(&answer(403, "Forbidden")).is_err());
        assert!(xkey.check(&answer(302, "")).is_err());
        assert!(!format!("{xkey:?}").contains("s3cret"));
    }

    #[test]
    fn what_would_lead_elsewhere_is_no_id() {
        let at = Endpoint::parse("https://api.fastly.com").unwrap();
        for service in ["", "../x", "a/b", "a?b"] {
            let form = Form::Fastly { service: service.to_owned() };
            assert!(matches!(Cache::new(form, &at, Some(&Token::new("x"))), Err(NotACache::Id)), "{service}");
        }
        let form = Form::Cloudflare { zone: "a".to_owned() };
        assert!(matches!(Cache::new(form, &at, None), Err(NotACache::NoToken)));
        assert!(matches!(Cache::new(Form::Json, &at, Some(&Token::new("a\nb"))), Err(NotACache::Token)));
    }
}
