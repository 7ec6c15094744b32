//! What browsers are told not to do with an answer.

use std::{net::SocketAddr, time::Duration};

use axum::{body::Body, extract::ConnectInfo, http::Request};
use courant_server::{Config, Origin};
use serde_json::json;

use crate::support::{Answer, Server};

/// What holds of every answer there is.
#[track_caller]
fn is_hardened(answer: &Answer) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(name), value);
    }
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("frame-ancestors 'none'") && policy.contains("base-uri 'none'"), "{policy}");
    for word in ["ws:", "wss:", "http:", "*", "unsafe-eval"] {
        assert!(!policy.contains(word), "{policy}");
    }
}

#[tokio::test]
async fn every_answer_says_what_it_must_not_be_used_for() {
    let server = Server::start().await;
    for path in ["/", "/docs", "/schema.graphql", "/healthz", "/readyz", "/graphiql", "/graphiql/licenses.md", "/none"]
    {
        is_hardened(&server.get(path).await);
    }
    is_hardened(&server.get_with("/docs", &[("if-none-match", server.get("/docs").await.header("etag"))]).await);
    for query in ["{__typename}", "{", "{none}"] {
        let answer = server.post(json!({ "query": query })).await;
        is_hardened(&answer);
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; ") && policy.ends_with("sandbox"), "{policy}");
    }
    let preflight = Request::options("/graphql").header("origin", "https://front.example");
    let preflight = preflight.header("access-control-request-method", "POST").body(Body::empty()).unwrap();
    let answer = server.send(preflight).await;
    is_hardened(&answer);
    assert_eq!(answer.header("access-control-allow-origin"), "*");
}

#[tokio::test]
async fn who_came_by_https_is_told_to_come_by_nothing_else() {
    let told = async |config: Config, proto: &str, peer: &str| {
        let mut request = Request::get("/healthz").header("x-forwarded-proto", proto).body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 1)));
        let answer = Server::with(config).await.send(request).await;
        answer.header("strict-transport-security").to_owned()
    };
    let of = |origin: &str| Config {
        origin: Origin::parse(origin).unwrap(),
        trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
        ..Config::default()
    };
    let year = "max-age=31536000";
    assert_eq!(told(of("https://news.example.org"), "", "192.0.2.1").await, year);
    assert_eq!(told(of("http://news.example.org"), "https", "10.0.0.1").await, year);
    assert_eq!(
        told(of("http://news.example.org"), "https", "192.0.2.1").await,
        "",
        "who is not trusted is not believed"
    );
    assert_eq!(told(of("https://news.example.org"), "http", "10.0.0.1").await, "", "it did not come by HTTPS");
    assert_eq!(told(Config::default(), "https", "10.0.0.1").await, "");
    let off = Config { hsts: Duration::ZERO, ..of("https://news.example.org") };
    assert_eq!(told(off, "https", "10.0.0.1").await, "");
    let short = Config { hsts: Duration::from_secs(60), ..of("https://news.example.org") };
    assert_eq!(told(short, "https", "10.0.0.1").await, "max-age=60");
}
