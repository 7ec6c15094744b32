//! Documents by their names, so that a request need not bring them along: those that the site trusts, from a manifest, and those that
//! clients have sent before (automatic persisted queries).
//!
//! A name is the hash of the document, as Apollo's clients send it in `extensions.persistedQuery` and the appendix on persisted documents of
//! GraphQL over HTTP spells it in `documentId` (`sha256:…`), or what the manifest calls it.

use std::{collections::HashMap, sync::Arc};

use axum::http::StatusCode;
use courant_gateway::error::ErrorCode;
use quick_cache::{Weighter, sync::Cache};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::middleware::refusal::{Problem, Refusal};

/// How much memory documents may take that clients have sent, in bytes.
const AUTOMATIC_BYTES: u64 = 4 * 1024 * 1024;

/// What the name in `documentId` begins with that is a hash.
const SHA_256: &str = "sha256:";

/// The documents that a site trusts: those of its own front ends, as their tools have written them down.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedDocuments {
    documents: Vec<(String, String)>,
    only: bool,
}

/// Why a manifest is none.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// It is no JSON, or of another form.
    #[error("wanted is a JSON object of documents by their ids, or a manifest of Apollo's: {0}")]
    Form(#[from] serde_json::Error),
    /// There is nothing in it.
    #[error("there is no document in it")]
    Empty,
}

impl TrustedDocuments {
    /// Reads a manifest: an object of documents by their ids, as GraphQL Code Generator and Relay write it, or Apollo's with `operations`.
    ///
    /// # Errors
    /// [`ManifestError`] when it is neither.
    pub fn read(manifest: &[u8]) -> Result<Self, ManifestError> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Manifest {
            Apollo { operations: Vec<Operation> },
            Plain(HashMap<String, String>),
        }
        #[derive(Deserialize)]
        struct Operation {
            id: String,
            body: String,
        }
        let mut documents: Vec<(String, String)> = match serde_json::from_slice(manifest)? {
            Manifest::Apollo { operations } => operations.into_iter().map(|one| (one.id, one.body)).collect(),
            Manifest::Plain(documents) => documents.into_iter().collect(),
        };
        if documents.is_empty() {
            return Err(ManifestError::Empty);
        }
        documents.sort_unstable();
        Ok(Self { documents, only: false })
    }

    /// The same, and whether nothing else is run.
    #[must_use]
    pub fn alone(self, only: bool) -> Self {
        Self { only, ..self }
    }

    /// All of them, by id.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.documents.iter().map(|(id, document)| (id.as_str(), document.as_str()))
    }
}

type Hash = [u8; 32];

/// What a request names its document by.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    /// `documentId`.
    pub(crate) id: Option<String>,
    /// `extensions.persistedQuery.sha256Hash`.
    pub(crate) hash: Option<String>,
}

/// A document that was asked for.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) text: Arc<str>,
    /// By which it is to be found from now on, once it has turned out to be one.
    new: Option<Hash>,
}

/// Documents by their names.
pub(crate) struct Persisted {
    trusted: HashMap<Box<str>, Arc<str>>,
    by_hash: HashMap<Hash, Arc<str>>,
    automatic: Cache<Hash, Arc<str>, ByLength>,
    only: bool,
}

#[derive(Clone)]
struct ByLength;

impl Weighter<Hash, Arc<str>> for ByLength {
    fn weight(&self, _: &Hash, document: &Arc<str>) -> u64 {
        (document.len() + 128) as u64
    }
}

impl Persisted {
    /// Of what the site trusts, and of what its reader app asks.
    pub(crate) fn new<'a>(trusted: &TrustedDocuments, own: impl Iterator<Item = &'a str>) -> Self {
        let mut by_id = HashMap::new();
        let mut by_hash = HashMap::new();
        for (id, document) in trusted.iter() {
            let document: Arc<str> = document.into();
            by_hash.insert(hash(&document), Arc::clone(&document));
            by_id.insert(id.into(), document);
        }
        by_hash.extend(own.map(|document| (hash(document), document.into())));
        let entries = usize::try_from(AUTOMATIC_BYTES / 1024).unwrap_or(usize::MAX);
        let automatic = Cache::with_weighter(entries, AUTOMATIC_BYTES, ByLength);
        Self { trusted: by_id, by_hash, automatic, only: trusted.only }
    }

    /// The document that a request sends or names.
    pub(crate) fn find(&self, query: Option<String>, named: &Named) -> Result<Found, Refusal> {
        if named.id.is_some() && (query.is_some() || named.hash.is_some()) {
            return Err(Refusal::bad_request("give documentId, or the document, not both"));
        }
        if let Some(id) = &named.id {
            let found = match id.strip_prefix(SHA_256) {
                Some(hex) => read_hash(hex).and_then(|hash| self.by_hash(&hash)),
                None => self.trusted.get(id.as_str()).cloned(),
            };
            let message = "no document has this id; documentId is sha256: and a hash, or an id of the site's manifest";
            return found
                .map(|text| Found { text, new: None })
                .ok_or_else(|| Problem::new(ErrorCode::PersistedDocumentNotFound, message).into());
        }
        let wanted = match &named.hash {
            None => None,
            Some(hex) => match read_hash(hex) {
                Some(hash) => Some(hash),
                None => return Err(Refusal::bad_request("persistedQuery.sha256Hash must be 64 hexadecimal digits")),
            },
        };
        match (query, wanted) {
            (None, None) => Err(Refusal::bad_request("the parameter query is missing")),
            (None, Some(hash)) => match self.by_hash(&hash) {
                Some(text) => Ok(Found { text, new: None }),
                // By these messages Apollo's clients know what to do.
                None if self.only => {
                    Err(Problem::new(ErrorCode::PersistedQueryNotSupported, "PersistedQueryNotSupported").into())
                }
                None => Err(Problem::new(ErrorCode::PersistedQueryNotFound, "PersistedQueryNotFound").into()),
            },
            (Some(text), wanted) => {
                // Most send none, and need no hash.
                let own = (wanted.is_some() || self.only).then(|| hash(&text));
                if wanted.is_some() && wanted != own {
                    return Err(Refusal::bad_request("persistedQuery.sha256Hash is not the hash of the document"));
                }
                if self.only && !own.is_some_and(|own| self.by_hash.contains_key(&own)) {
                    let message = "this site runs the documents of its own front ends alone";
                    return Err(Refusal::http(StatusCode::FORBIDDEN, ErrorCode::DocumentNotTrusted, message));
                }
                Ok(Found { text: text.into(), new: wanted.filter(|_| !self.only) })
            }
        }
    }

    /// Keeps a document that turned out to be one, if its sender wants to name it from now on.
    pub(crate) fn keep(&self, found: &Found) {
        if let Some(hash) = found.new.filter(|hash| self.by_hash(hash).is_none()) {
            self.automatic.insert(hash, Arc::clone(&found.text));
        }
    }

    fn by_hash(&self, hash: &Hash) -> Option<Arc<str>> {
        self.by_hash.get(hash).cloned().or_else(|| self.automatic.get(hash))
    }
}

fn hash(document: &str) -> Hash {
    Sha256::digest(document).into()
}

fn read_hash(hex: &str) -> Option<Hash> {
    let mut hash = Hash::default();
    if hex.len() != hash.len() * 2 || !hex.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    for (at, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).ok()?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(document: &str) -> String {
        hash(document).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn code(found: Result<Found, Refusal>) -> ErrorCode {
        found.unwrap_err().problems[0].code
    }

    fn by_hash(document: &str) -> Named {
        Named { hash: Some(hex(document)), ..Named::default() }
    }

    #[test]
    fn a_document_is_found_by_its_hash_once_it_was_sent() {
        let persisted = Persisted::new(&TrustedDocuments::default(), std::iter::empty());
        assert_eq!(code(persisted.find(None, &by_hash("{a}"))), ErrorCode::PersistedQueryNotFound);
        let sent = persisted.find(Some("{a}".into()), &by_hash("{a}")).unwrap();
        // It may yet turn out to be none.
        assert_eq!(code(persisted.find(None, &by_hash("{a}"))), ErrorCode::PersistedQueryNotFound);
        persisted.keep(&sent);
        assert_eq!(&*persisted.find(None, &by_hash("{a}")).unwrap().text, "{a}");
        let id = Named { id: Some(format!("sha256:{}", hex("{a}"))), ..Named::default() };
        assert_eq!(&*persisted.find(None, &id).unwrap().text, "{a}");
        assert_eq!(code(persisted.find(Some("{b}".into()), &by_hash("{a}"))), ErrorCode::BadRequest);
        assert_eq!(code(persisted.find(Some("{a}".into()), &id)), ErrorCode::BadRequest);
        // What is sent without a hash is kept for nobody.
        persisted.keep(&persisted.find(Some("{c}".into()), &Named::default()).unwrap());
        assert_eq!(code(persisted.find(None, &by_hash("{c}"))), ErrorCode::PersistedQueryNotFound);
    }

    #[test]
    fn manifests_of_three_tools_are_read() {
        let plain = TrustedDocuments::read(br#"{"b":"{b}","a":"{a}"}"#).unwrap();
        assert_eq!(plain.iter().collect::<Vec<_>>(), [("a", "{a}"), ("b", "{b}")]);
        let apollo = br#"{"format":"apollo-persisted-query-manifest","version":1,
            "operations":[{"id":"a","name":"A","type":"query","body":"{a}"}]}"#;
        assert_eq!(TrustedDocuments::read(apollo).unwrap().iter().collect::<Vec<_>>(), [("a", "{a}")]);
        for wrong in ["", "[]", "{}", "{\"a\":1}", "{\"operations\":[]}", "null"] {
            assert!(TrustedDocuments::read(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn nothing_but_what_is_trusted_is_run_where_that_is_wanted() {
        let trusted = TrustedDocuments::read(br#"{"a1":"{a}"}"#).unwrap().alone(true);
        let persisted = Persisted::new(&trusted, ["{own}"].into_iter());
        let id = |id: &str| Named { id: Some(id.into()), ..Named::default() };
        assert_eq!(&*persisted.find(None, &id("a1")).unwrap().text, "{a}");
        for document in ["{a}", "{own}"] {
            assert_eq!(&*persisted.find(Some(document.into()), &Named::default()).unwrap().text, document);
            assert_eq!(&*persisted.find(None, &by_hash(document)).unwrap().text, document);
        }
        assert_eq!(code(persisted.find(None, &id("a2"))), ErrorCode::PersistedDocumentNotFound);
        assert_eq!(code(persisted.find(Some("{b}".into()), &Named::default())), ErrorCode::DocumentNotTrusted);
        assert_eq!(code(persisted.find(Some("{b}".into()), &by_hash("{b}"))), ErrorCode::DocumentNotTrusted);
        assert_eq!(code(persisted.find(None, &by_hash("{b}"))), ErrorCode::PersistedQueryNotSupported);
    }
}
