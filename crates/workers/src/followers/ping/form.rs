//! What a hub and a search engine are told.

use std::collections::BTreeSet;

use bytes::Bytes;
use courant_domain::change::{Change, ChangeKey};
use courant_outbound::{Endpoint, HeaderMap, HeaderValue, Method, Request, header};
use courant_persistence::{FeedName, Store};
use serde_json::json;

/// How feeds' addresses end that hubs know of.
const FORMATS: [&str; 3] = ["rss", "atom", "json"];

/// How many addresses a hub is told of at once.
const TOPICS: usize = 100;

/// How many addresses a search engine is told of at once (IndexNow takes 10,000).
const ADDRESSES: usize = 1_000;

/// Where the site is: scheme, host and port, without a slash at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site(String);

/// What a search engine knows the site by: a file with this in it is at the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexNow(String);

/// Why somebody cannot be told like this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAPing {
    /// The key is none.
    #[error("a key of IndexNow is 8 to 128 letters, digits and hyphens")]
    Key,
}

/// Somebody who is told of changes.
#[derive(Debug)]
pub struct Told {
    name: &'static str,
    site: Site,
    to: Endpoint,
    form: Form,
}

#[derive(Debug)]
enum Form {
    /// A hub: `hub.mode=publish`, with the feeds that have changed in `hub.url`.
    Hub,
    /// Search engines: the pages that have changed, as JSON.
    IndexNow(IndexNow),
}

impl Site {
    /// Takes an origin.
    #[must_use]
    pub fn new(origin: &str) -> Self {
        Self(origin.trim_end_matches('/').to_owned())
    }

    fn host(&self) -> &str {
        self.0.split_once("://").map_or(&*self.0, |(_, host)| host)
    }
}

impl IndexNow {
    /// Reads a key.
    ///
    /// # Errors
    /// [`NotAPing::Key`] when it is none.
    pub fn new(key: &str) -> Result<Self, NotAPing> {
        let is_one =
            (8..=128).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if is_one { Ok(Self(key.to_owned())) } else { Err(NotAPing::Key) }
    }

    /// The key, which everybody may know.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Told {
    /// A hub at an address. The name of a follower is kept for as long as the process runs.
    #[must_use]
    pub fn hub(to: Endpoint, site: Site) -> Self {
        Self { name: name("hub", &to), site, to, form: Form::Hub }
    }

    /// A search engine that takes IndexNow at an address.
    #[must_use]
    pub fn index_now(to: Endpoint, site: Site, key: IndexNow) -> Self {
        Self { name: name("indexnow", &to), site, to, form: Form::IndexNow(key) }
    }

    /// What its follower is called: by where it is.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Where it is: its host, and its port if it says one.
    #[must_use]
    pub fn place(&self) -> &'static str {
        self.name.split_once(' ').map_or(self.name, |(_, place)| place)
    }

    /// Whether it is a hub, which is told of feeds; a search engine is told of pages.
    #[must_use]
    pub const fn is_hub(&self) -> bool {
        matches!(self.form, Form::Hub)
    }

    /// What is sent of these changes.
    pub(super) fn requests(&self, store: &Store, changes: &[Change]) -> Vec<Request> {
        match &self.form {
            Form::Hub => {
                let topics = topics(&self.site, &store.feeds_touched(changes));
                topics.chunks(TOPICS).map(|topics| self.hub_request(topics)).collect()
            }
            Form::IndexNow(key) => {
                let addresses: Vec<String> = addresses(&self.site, changes).into_iter().collect();
                addresses.chunks(ADDRESSES).map(|addresses| self.index_request(key, addresses)).collect()
            }
        }
    }

    fn hub_request(&self, topics: &[String]) -> Request {
        let mut body = String::from("hub.mode=publish");
        for topic in topics {
            body.push_str("&hub.url=");
            push_encoded(&mut body, topic);
        }
        self.request("application/x-www-form-urlencoded", body)
    }

    fn index_request(&self, key: &IndexNow, addresses: &[String]) -> Request {
        let body = json!({
            "host": self.site.host(),
            "key": key.0,
            "keyLocation": format!("{}/{}.txt", self.site.0, key.0),
            "urlList": addresses,
        });
        self.request("application/json; charset=utf-8", body.to_string())
    }

    fn request(&self, content_type: &'static str, body: String) -> Request {
        let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(content_type))]);
        Request { method: Method::POST, to: self.to.clone(), headers, body: Bytes::from(body) }
    }
}

fn name(what: &str, to: &Endpoint) -> &'static str {
    let host = to.host();
    let place = to.url().port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    format!("{what} {place}").leak()
}

/// The addresses of feeds, in each format.
fn topics(site: &Site, feeds: &BTreeSet<FeedName>) -> Vec<String> {
    let stem =
        |FeedName { locale, path }: &FeedName| format!("{}/{locale}/{}", site.0, path.as_deref().unwrap_or("feed"));
    feeds.iter().map(stem).flat_map(|stem| FORMATS.map(|format| format!("{stem}.{format}"))).collect()
}

/// The addresses of texts that have changed, are there, or are no longer.
fn addresses(site: &Site, changes: &[Change]) -> BTreeSet<String> {
    let texts = changes.iter().filter_map(|change| match change.key {
        ChangeKey::Edition { locale, .. } => Some([change.path(locale), change.path_before(locale)]),
        _ => None,
    });
    texts.flatten().flatten().map(|path| format!("{}{path}", site.0)).collect()
}

/// Adds a value of a form (URL Standard, "application/x-www-form-urlencoded").
fn push_encoded(body: &mut String, value: &str) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'*') {
            body.push(char::from(byte));
        } else {
            body.push_str(&format!("%{byte:02X}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use courant_domain::{
        change::{Action, Told as ToldOf, Touched},
        entry::EntryKind,
        id::EntryId,
        locale::Locale,
    };
    use jiff::Timestamp;

    use super::*;

    fn change(now: Option<&str>, before: Option<&str>) -> Change {
        Change {
            seq: 1,
            at: Timestamp::UNIX_EPOCH,
            key: ChangeKey::Edition { entry: EntryId::generate(), locale: Locale::ENGLISH, kind: EntryKind::Article },
            action: if now.is_some() { Action::Put } else { Action::Removed },
            touched: Some(Arc::new(Touched { slug: now.map(str::to_owned), ..Touched::default() })),
            told: Some(Arc::new(ToldOf { before: before.map(str::to_owned), ..ToldOf::default() })),
        }
    }

    #[test]
    fn a_search_engine_is_told_of_pages_that_have_come_and_gone() {
        let site = Site::new("https://news.example/");
        let told = Told::index_now(
            Endpoint::parse("https://api.indexnow.org/indexnow").unwrap(),
            site.clone(),
            IndexNow::new("0123456789abcdef").unwrap(),
        );
        let changes = [change(Some("rain"), Some("old-rain")), change(Some("rain"), None), change(None, Some("wind"))];
        let addresses: Vec<String> = addresses(&site, &changes).into_iter().collect();
        let request = told.index_request(&IndexNow::new("0123456789abcdef").unwrap(), &addresses);
        let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        assert_eq!(
            body,
            json!({
                "host": "news.example",
                "key": "0123456789abcdef",
                "keyLocation": "https://news.example/0123456789abcdef.txt",
                "urlList": [
                    "https://news.example/en/articles/old-rain",
                    "https://news.example/en/articles/rain",
                    "https://news.example/en/articles/wind",
                ],
            })
        );
        assert_eq!(told.name(), "indexnow api.indexnow.org");
    }

    #[test]
    fn a_hub_is_told_of_the_feeds_in_each_format() {
        let site = Site::new("https://news.example");
        let feeds = BTreeSet::from([
            FeedName { locale: Locale::ENGLISH, path: None },
            FeedName { locale: Locale::ENGLISH, path: Some("tags/rain".to_owned()) },
        ]);
        let topics = topics(&site, &feeds);
        let told = Told::hub(Endpoint::parse("http://127.0.0.1:9/hub").unwrap(), site);
        let body = String::from_utf8(told.hub_request(&topics[2..4]).body.to_vec()).unwrap();
        assert_eq!(
            body,
            "hub.mode=publish&hub.url=https%3A%2F%2Fnews.example%2Fen%2Ffeed.json\
             &hub.url=https%3A%2F%2Fnews.example%2Fen%2Ftags%2Frain.rss"
        );
        assert_eq!(told.name(), "hub 127.0.0.1:9");
    }

    #[test]
    fn a_key_is_a_name_of_a_file() {
        for key in ["short", "with/slash-in-it", "", &"a".repeat(129)] {
            assert_eq!(IndexNow::new(key), Err(NotAPing::Key), "{key}");
        }
    }
}
