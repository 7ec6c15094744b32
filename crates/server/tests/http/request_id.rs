//! Every answer has an id.

use crate::support::Server;

#[tokio::test]
async fn every_answer_has_an_id_of_its_own() {
    let server = Server::start().await;
    let mut ids = Vec::new();
    for path in ["/graphql?query={__typename}", "/graphql?query={", "/", "/nothing", "/healthz", "/graphiql"] {
        let id = server.get(path).await.header("x-request-id").to_owned();
        assert_eq!(id.len(), 36, "{path}");
        ids.push(id);
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 6);
}

#[tokio::test]
async fn a_sane_id_of_the_clients_is_kept() {
    let answer = Server::start().await.get_with("/healthz", &[("x-request-id", "proxy-7.3_a:b")]).await;
    assert_eq!(answer.header("x-request-id"), "proxy-7.3_a:b");
}

#[tokio::test]
async fn an_id_that_would_break_a_log_is_replaced() {
    let server = Server::start().await;
    for id in ["a b", "a\"b", "id=1 level=error", "\u{fc}", &"a".repeat(65)] {
        let answer = server.get_with("/healthz", &[("x-request-id", id)]).await;
        assert_eq!(answer.header("x-request-id").len(), 36, "{id}");
    }
}
