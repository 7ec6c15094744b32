//! What is not GraphQL.

use crate::support::{Answer, Server};
use courant_server::Config;

/// The addresses a page loads or links to.
fn references(html: &str) -> Vec<&str> {
    let starts = html.match_indices(" href=\"").chain(html.match_indices(" src=\""));
    starts.map(|(at, start)| html[at + start.len()..].split('"').next().unwrap()).collect()
}

fn compressed(answer: &Answer) -> &str {
    answer.header("content-encoding")
}

#[tokio::test]
async fn the_landing_page_leads_to_everything_and_every_link_leads_somewhere() {
    let server = Server::start().await;
    let page = server.get("/").await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let html = page.text();
    let links = references(&html);
    for link in ["/graphiql", "/schema.graphql", "/docs", "/readyz"] {
        assert!(links.contains(&link), "{links:?}");
    }
    for link in links {
        assert_eq!(server.get(link).await.status, 200, "{link}");
    }
    assert!(!html.contains("{{"), "a place was not filled");
    assert!(page.header("content-security-policy").contains("default-src 'none'"));
}

#[tokio::test]
async fn the_docs_list_the_limits_and_the_codes() {
    let html = Server::start().await.get("/docs").await.text();
    assert!(html.contains("<td>4000</td><td><code>TOO_MANY_TOKENS</code></td>"));
    assert!(html.contains("<li><code>VALIDATION_FAILED</code></li>"));
    assert!(!html.contains("{{"), "a place was not filled");
}

#[tokio::test]
async fn the_schema_is_shown_as_text_and_sent_once() {
    let server = Server::start().await;
    let schema = server.get("/schema.graphql").await;
    assert_eq!(schema.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(schema.text(), courant_gateway::sdl());
    let again = server.get_with("/schema.graphql", &[("if-none-match", schema.header("etag"))]).await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
}

#[tokio::test]
async fn graphiql_is_whole_and_asks_no_other_host() {
    let server = Server::start().await;
    let page = server.get("/graphiql").await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(page.header("cache-control"), "no-cache");
    let policy = page.header("content-security-policy");
    let asked = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; \
                 worker-src 'self' blob:; connect-src 'self'; object-src 'none';";
    assert!(policy.starts_with(asked), "{policy}");
    let html = page.text();
    let assets = references(&html);
    assert!(assets.len() >= 3, "{assets:?}");
    for path in assets {
        assert!(path.starts_with("/graphiql/assets/"), "{path}");
        let asset = server.get(path).await;
        assert_eq!(asset.status, 200, "{path}");
        assert_eq!(asset.header("cache-control"), "public, max-age=31536000, immutable");
        let kind = asset.header("content-type");
        assert!(
            ["text/javascript", "text/css", "image/svg+xml"].iter().any(|known| kind.starts_with(known)),
            "{path}: {kind}"
        );
    }
    assert_eq!(server.get("/graphiql/assets/nothing.js").await.refused(404), "NOT_FOUND");
    assert_eq!(server.get("/graphiql/assets/../index.html").await.refused(404), "NOT_FOUND");
    assert_eq!(server.get("/graphiql/").await.header("location"), "/graphiql");
    assert_eq!(server.get("/graphiql/licenses.md").await.status, 200);
}

#[tokio::test]
async fn assets_are_packed_for_those_who_take_it() {
    let server = Server::start().await;
    let html = server.get("/graphiql").await.text();
    let script = references(&html).into_iter().find(|path| path.contains("/index-") && path.ends_with(".js")).unwrap();
    let plain = server.get(script).await;
    let packed = server.get_with(script, &[("accept-encoding", "br, gzip")]).await;
    assert_eq!((compressed(&plain), compressed(&packed)), ("", "gzip"));
    assert!(packed.body.len() * 2 < plain.body.len());
    let refused = server.get_with(script, &[("accept-encoding", "gzip;q=0")]).await;
    assert_eq!(compressed(&refused), "");
    let again = server.get_with(script, &[("if-none-match", plain.header("etag"))]).await;
    assert_eq!(again.status, 304);
}

#[tokio::test]
async fn answers_are_packed_for_those_who_take_it() {
    let server = Server::start().await;
    let path = "/graphql?query={__schema{types{name%20description}}}";
    for (accept, expected) in [("br", "br"), ("gzip", "gzip"), ("identity", "")] {
        let answer = server.get_with(path, &[("accept-encoding", accept)]).await;
        assert_eq!((answer.status.as_u16(), compressed(&answer)), (200, expected));
    }
}

#[tokio::test]
async fn graphiql_can_be_left_out() {
    let server = Server::with(Config { graphiql: false, ..Config::default() }).await;
    assert_eq!(server.get("/graphiql").await.refused(404), "NOT_FOUND");
    assert!(!server.get("/").await.text().contains("/graphiql"));
}

#[tokio::test]
async fn health_and_readiness_are_told_apart() {
    let server = Server::start().await;
    assert_eq!(server.get("/healthz").await.status, 200);
    assert_eq!(server.get("/readyz").await.status, 200);
    server.store.close().await.unwrap();
    assert_eq!(server.get("/healthz").await.status, 200);
    let answer = server.get("/readyz").await;
    assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (503, "no-store"));
}
