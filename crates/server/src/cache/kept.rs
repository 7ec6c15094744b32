//! An answer that is kept.

use std::sync::OnceLock;

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use courant_persistence::{Reads, Stamp};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::{CACHE_STATUS, CacheStatus, MadeOf, coding::Coding};
use crate::middleware::{
    etag,
    flow::{Charge, hold},
};

/// An answer, and what it was made of.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(super) stamp: Stamp,
    pub(super) reads: Reads,
    status: StatusCode,
    /// Where it leads, if that is all it says.
    location: Option<HeaderValue>,
    /// What the log says of it.
    pub(crate) operation: Option<Box<str>>,
    pub(crate) cost: u64,
    /// When it was made, where that is told.
    made_at: Option<Timestamp>,
    body: Bytes,
    tag: OnceLock<Box<str>>,
    gzip: OnceLock<Option<Bytes>>,
    brotli: OnceLock<Option<Bytes>>,
}

/// What is longer is packed on its way, in portions.
const MOST_PACKED: usize = 256 * 1024;

/// What is shorter is not packed, by whatever is around this neither.
const LEAST_PACKED: usize = 32;

/// A form of an answer: as a client likes it.
struct Form {
    body: Bytes,
    coding: Option<HeaderValue>,
    /// Its tag; a weak one where what is around this may pack it.
    tag: Option<HeaderValue>,
}

impl Kept {
    pub(crate) fn new((stamp, reads): MadeOf, body: Vec<u8>) -> Self {
        let mut body = body;
        body.shrink_to_fit();
        Self {
            stamp,
            reads,
            status: StatusCode::OK,
            location: None,
            operation: None,
            cost: 0,
            made_at: None,
            body: body.into(),
            tag: OnceLock::new(),
            gzip: OnceLock::new(),
            brotli: OnceLock::new(),
        }
    }

    /// What the log says of it: of which operation it is, and what that costs.
    pub(crate) fn of(self, operation: Option<Box<str>>, cost: u64) -> Self {
        Self { operation, cost, ..self }
    }

    /// With another status than 200.
    pub(crate) fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// One that leads elsewhere.
    pub(crate) fn leading_to(self, location: Option<HeaderValue>) -> Self {
        Self { location, ..self }
    }

    /// Whether what is around this packs it for a client, if that takes it packed.
    pub(crate) fn is_packed_on_its_way(&self, client: &HeaderMap) -> bool {
        self.body.len() > MOST_PACKED && client.contains_key(header::ACCEPT_ENCODING)
    }

    /// One that says when it was made.
    pub(crate) fn made_at(self, at: Timestamp) -> Self {
        Self { made_at: Some(at), ..self }
    }

    /// When it was made, where that is told.
    pub(crate) const fn when_made(&self) -> Option<Timestamp> {
        self.made_at
    }

    /// Its status.
    pub(crate) const fn status(&self) -> StatusCode {
        self.status
    }

    /// Whether it leads elsewhere.
    pub(crate) const fn leads_elsewhere(&self) -> bool {
        self.location.is_some()
    }

    /// The answer to a client, in the form that it likes; nothing of it, where the client has it already. A tag is told to those who
    /// can use it: it takes a hash of the whole.
    pub(crate) fn respond(&self, found: CacheStatus, client: &HeaderMap, with_tag: bool, charge: Charge) -> Response {
        let form = self.form(client, with_tag);
        // Of what is not there, nobody has anything already (RFC 9110 §13.2.1).
        let is_known =
            self.status == StatusCode::OK && form.tag.as_ref().is_some_and(|tag| etag::is_known(client, tag));
        let mut response = if is_known { Response::default() } else { hold(form.body, charge) };
        *response.status_mut() = if is_known { StatusCode::NOT_MODIFIED } else { self.status };
        let headers = response.headers_mut();
        headers.insert(CACHE_STATUS, found.status());
        headers.extend(self.location.clone().map(|location| (header::LOCATION, location)));
        headers.extend(form.tag.map(|tag| (header::ETAG, tag)));
        headers.extend(form.coding.filter(|_| !is_known).map(|coding| (header::CONTENT_ENCODING, coding)));
        response
    }

    /// The form that a client likes best.
    fn form(&self, client: &HeaderMap, with_tag: bool) -> Form {
        let long = self.body.len() > MOST_PACKED;
        let short = self.body.len() < LEAST_PACKED;
        let liked = if long || short { Coding::Identity } else { Coding::liked(client) };
        let packed = match liked {
            Coding::Identity => None,
            Coding::Gzip => self.gzip.get_or_init(|| liked.pack(&self.body)).clone(),
            Coding::Brotli => self.brotli.get_or_init(|| liked.pack(&self.body)).clone(),
        };
        let coding = if packed.is_some() { liked } else { Coding::Identity };
        let weak = if long { "W/" } else { "" };
        let tag = with_tag.then(|| format!("{weak}\"{}{}\"", self.tag(), coding.suffix()));
        Form {
            body: packed.unwrap_or_else(|| self.body.clone()),
            coding: coding.name(),
            tag: tag.and_then(|tag| HeaderValue::from_str(&tag).ok()),
        }
    }

    fn tag(&self) -> &str {
        self.tag.get_or_init(|| URL_SAFE_NO_PAD.encode(&Sha256::digest(&self.body)[..12]).into())
    }

    /// About how many bytes it takes, packed forms included, which there may be.
    pub(super) fn bytes(&self) -> usize {
        let packed = if self.body.len() > MOST_PACKED { 0 } else { self.body.len() / 2 };
        size_of::<Self>() + self.body.len() + packed + self.reads.bytes()
    }

    /// Its body, as it is.
    pub(crate) fn body(&self) -> Bytes {
        self.body.clone()
    }

    /// How long its body is, as it is.
    pub(crate) fn len(&self) -> usize {
        self.body.len()
    }
}
