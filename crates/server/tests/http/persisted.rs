//! Documents that are named instead of sent.

use courant_server::{Config, TrustedDocuments};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::Server;

const TYPENAME: &str = "{__typename}";
/// What `sha256sum` says of it.
const HASH: &str = "ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38";
const OTHER: &str = "query Sites { site { name } }";

fn persisted(hash: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } })
}

/// As Apollo's clients go about it: by the hash alone, with the document where that is not known, and by the hash from then on.
#[tokio::test]
async fn a_document_is_sent_once_and_named_from_then_on() {
    let server = Server::start().await;
    let by_hash = json!({ "extensions": persisted(HASH) });
    let told = server.post(by_hash.clone()).await;
    assert_eq!(told.json()["errors"][0]["message"], "PersistedQueryNotFound");
    assert_eq!(told.refused(400), "PERSISTED_QUERY_NOT_FOUND");
    let sent = server.post(json!({ "query": TYPENAME, "extensions": persisted(HASH) })).await;
    assert_eq!(sent.json()["data"]["__typename"], "Query");
    assert_eq!(server.post(by_hash).await.json()["data"]["__typename"], "Query");
    let url = format!("/graphql?extensions={{%22persistedQuery%22:{{%22version%22:1,%22sha256Hash%22:%22{HASH}%22}}}}");
    let short = format!("/graphql?documentId=sha256:{HASH}");
    for path in [url, short] {
        let answer = server.get(&path).await;
        assert_eq!(answer.json()["data"]["__typename"], "Query", "{path}");
        assert!(answer.header("etag").starts_with('"'), "{path}");
    }
}

#[tokio::test]
async fn a_document_that_was_forgotten_is_sent_once_more() {
    let server = Server::start().await;
    let brings = json!({ "query": TYPENAME, "extensions": persisted(HASH) });
    let names = json!({ "extensions": persisted(HASH) });
    server.post(brings.clone()).await.json();
    // Others take up all the room there is, twice over.
    for number in 0..150 {
        let other = format!("{{__typename}}#{number:>60000}");
        let hash: String = Sha256::digest(&other).iter().map(|byte| format!("{byte:02x}")).collect();
        for _ in 0..2 {
            let answer = server.post(json!({ "query": other, "extensions": persisted(&hash) })).await;
            assert_eq!(answer.json()["data"]["__typename"], "Query");
        }
    }
    assert_eq!(server.post(names.clone()).await.refused(400), "PERSISTED_QUERY_NOT_FOUND");
    // Its answer may be kept still.
    assert_eq!(server.post(brings).await.json()["data"]["__typename"], "Query");
    assert_eq!(server.post(names).await.json()["data"]["__typename"], "Query");
}

#[tokio::test]
async fn what_is_named_wrongly_is_refused_and_kept_for_nobody() {
    let server = Server::start().await;
    // Another document's hash would have others run what they did not name.
    let wrong = json!({ "query": OTHER, "extensions": persisted(HASH) });
    assert_eq!(server.post(wrong).await.refused(400), "BAD_REQUEST");
    assert_eq!(server.post(json!({ "extensions": persisted("ab") })).await.refused(400), "BAD_REQUEST");
    assert_eq!(server.post(json!({ "documentId": "sha256:ab" })).await.refused(400), "PERSISTED_DOCUMENT_NOT_FOUND");
    assert_eq!(server.post(json!({ "documentId": "a", "query": OTHER })).await.refused(400), "BAD_REQUEST");
    assert_eq!(server.post(json!({ "extensions": persisted(HASH) })).await.refused(400), "PERSISTED_QUERY_NOT_FOUND");
    // What is no document is not kept either.
    let hash = "021fb596db81e6d02bf3d2586ee3981fe519f275c0ac9ca76bbcf2ebb4097d96";
    assert_eq!(server.post(json!({ "query": "{", "extensions": persisted(hash) })).await.refused(400), "PARSE_FAILED");
    assert_eq!(server.post(json!({ "extensions": persisted(hash) })).await.refused(400), "PERSISTED_QUERY_NOT_FOUND");
}

#[tokio::test]
async fn trusted_documents_are_found_by_their_ids_and_may_be_the_only_ones() {
    let manifest = json!({ "sites": OTHER }).to_string();
    let trusted = TrustedDocuments::read(manifest.as_bytes()).unwrap();
    let server = Server::with(Config { trusted_documents: trusted.clone(), ..Config::default() }).await;
    assert!(server.post(json!({ "documentId": "sites" })).await.json()["data"]["site"]["name"].is_string());
    assert_eq!(server.query(TYPENAME).await.json()["data"]["__typename"], "Query");

    let server = Server::with(Config { trusted_documents: trusted.alone(true), ..Config::default() }).await;
    assert!(server.post(json!({ "documentId": "sites" })).await.json()["data"]["site"]["name"].is_string());
    assert!(server.query(OTHER).await.json()["data"]["site"]["name"].is_string());
    assert_eq!(server.query(TYPENAME).await.refused(403), "DOCUMENT_NOT_TRUSTED");
    assert_eq!(server.query(&format!("{OTHER} ")).await.refused(403), "DOCUMENT_NOT_TRUSTED");
    let named = json!({ "extensions": persisted(HASH) });
    assert_eq!(server.post(named).await.refused(400), "PERSISTED_QUERY_NOT_SUPPORTED");
}
