//! `graphql-transport-ws` to the letter.

use std::time::Duration;

use courant_persistence::Dialect;
use courant_server::{Config, Subscribing};
use courant_tests::Portal;
use serde_json::json;
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::{CloseFrame, frame::coding::CloseCode},
};

use crate::support::{Served, Socket};

/// The key of RFC 6455, §1.3.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

async fn served() -> Served {
    Served::start(Dialect::Sqlite).await
}

async fn closes(mut socket: Socket, message: Message, code: u16) {
    socket.send(message.clone()).await;
    assert_eq!(socket.closed().await.0, code, "{message:?}");
}

#[tokio::test]
async fn the_protocol_is_agreed_on() {
    let served = served().await;
    assert_eq!(served.socket().await.protocol.as_deref(), Some("graphql-transport-ws"));
    let among = served.socket_of("graphql-ws, graphql-transport-ws", &[]).await;
    assert_eq!(among.protocol.as_deref(), Some("graphql-transport-ws"));
    // The client of this test ends what a server of another protocol has begun: it is asked for by hand.
    for protocol in ["", "graphql-ws"] {
        let upgrade = reqwest::Client::new()
            .get(format!("http://{}/graphql", served.address))
            .header("connection", "upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA==");
        let upgrade = if protocol.is_empty() { upgrade } else { upgrade.header("sec-websocket-protocol", protocol) };
        let response = upgrade.send().await.unwrap();
        assert_eq!(response.status(), 101);
        assert!(response.headers().get("sec-websocket-protocol").is_none());
        let mut upgraded = response.upgrade().await.unwrap();
        let mut head = [0; 4];
        tokio::io::AsyncReadExt::read_exact(&mut upgraded, &mut head).await.unwrap();
        // A close frame, and 4406.
        assert_eq!((head[0], u16::from_be_bytes([head[2], head[3]])), (0x88, 4406));
    }
}

#[tokio::test]
async fn what_is_no_upgrade_is_refused() {
    let served = served().await;
    let client = reqwest::Client::new();
    let upgrade = || client.get(format!("http://{}/graphql", served.address)).header("upgrade", "websocket");
    assert_eq!(upgrade().send().await.unwrap().status(), 400);
    let without_connection = upgrade().header("sec-websocket-version", "13").header("sec-websocket-key", KEY);
    assert_eq!(without_connection.send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn who_speaks_another_version_is_told_which_is_spoken_here() {
    let served = served().await;
    for versions in [&["8"][..], &[], &["13", "13"], &["0"]] {
        let upgrade = [("connection", "upgrade"), ("upgrade", "websocket"), ("sec-websocket-key", KEY)];
        let request = reqwest::Client::new().get(format!("http://{}/graphql", served.address));
        let request = upgrade.into_iter().fold(request, |request, (name, value)| request.header(name, value));
        let request =
            versions.iter().fold(request, |request, version| request.header("sec-websocket-version", *version));
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 426, "{versions:?}");
        assert_eq!(response.headers()["sec-websocket-version"], "13");
    }
}

#[tokio::test]
async fn a_client_begins_in_time_and_once() {
    let served = served().await;
    assert_eq!(served.socket().await.closed().await, (4408, "Connection initialisation timeout".to_owned()));
    let mut socket = served.ready().await;
    socket.say(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.closed().await, (4429, "Too many initialisation requests".to_owned()));
    let mut socket = served.socket().await;
    socket.subscribe("1", "{ site { name } }").await;
    assert_eq!(socket.closed().await, (4401, "Unauthorized".to_owned()));
    let mut socket = served.socket().await;
    let payload = json!({ "Authorization": "Bearer nobody" });
    socket.say(json!({ "type": "connection_init", "payload": payload })).await;
    assert_eq!(socket.closed().await, (4403, "Forbidden".to_owned()));
}

#[tokio::test]
async fn what_is_no_message_ends_the_connection() {
    let served = served().await;
    for text in [
        "",
        "{",
        "[]",
        "{}",
        r#"{"type":"start","id":"1","payload":{"query":"{a}"}}"#,
        r#"{"type":"subscribe","id":"1","payload":{}}"#,
        r#"{"type":"subscribe","payload":{"query":"{a}"}}"#,
        r#"{"type":"complete"}"#,
        r#"{"type":"ping","payload":1}"#,
    ] {
        closes(served.ready().await, Message::text(text), 4400).await;
    }
    closes(served.ready().await, Message::binary(b"{\"type\":\"ping\"}".to_vec()), 4400).await;
}

#[tokio::test]
async fn pings_are_answered_at_any_time() {
    let served = served().await;
    let mut socket = served.socket().await;
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await, json!({ "type": "pong" }));
    socket.say(json!({ "type": "ping", "payload": { "at": 1 } })).await;
    assert_eq!(socket.hear().await, json!({ "type": "pong", "payload": { "at": 1 } }));
    socket.say(json!({ "type": "pong" })).await;
    socket.send(Message::Ping(vec![7].into())).await;
    assert_eq!(socket.pong().await, [7]);
    socket.say(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.hear().await, json!({ "type": "connection_ack" }));
}

#[tokio::test]
async fn several_operations_go_over_one_connection() {
    let served = served().await;
    let mut socket = served.ready().await;
    socket.subscribe("a", "subscription { publicationChanged { cursor } }").await;
    socket.subscribe("b", "{ site { defaultLocale } }").await;
    let answer = json!({ "data": { "site": { "defaultLocale": "en" } } });
    assert_eq!(socket.hear().await, json!({ "id": "b", "type": "next", "payload": answer }));
    assert_eq!(socket.hear().await, json!({ "id": "b", "type": "complete" }));
    // A name is free again once its operation is over.
    socket.subscribe("b", "{ site { defaultLocale } }").await;
    assert_eq!(socket.hear().await["type"], "next");
    assert_eq!(socket.hear().await["type"], "complete");
    socket.subscribe("a", "{ site { defaultLocale } }").await;
    assert_eq!(socket.closed().await, (4409, "Subscriber for a already exists".to_owned()));
}

#[tokio::test]
async fn an_operation_that_is_not_run_ends_with_its_errors() {
    let served = served().await;
    let mut socket = served.ready().await;
    for (query, code) in [
        ("{ nothing }", "VALIDATION_FAILED"),
        ("{", "PARSE_FAILED"),
        ("subscription { publicationChanged { cursor } feedItems(slug: \"x\") { totalCount } }", "VALIDATION_FAILED"),
        ("subscription { publication(id: \"x\") { cursor } }", "BAD_USER_INPUT"),
        ("subscription { publicationChanged(after: \"x\") { cursor } }", "BAD_CURSOR"),
        ("subscription { feedItems(slug: \"nothing\") { totalCount } }", "BAD_USER_INPUT"),
        ("subscription { publicationChanged(category: \"nothing\") { cursor } }", "BAD_USER_INPUT"),
        ("subscription { publicationChanged(feed: \"nothing\") { cursor } }", "BAD_USER_INPUT"),
        ("subscription { publicationChanged(tags: [\"nothing\"]) { cursor } }", "BAD_USER_INPUT"),
        ("subscription { editorialChanged { cursor } }", "UNAUTHENTICATED"),
    ] {
        socket.subscribe("1", query).await;
        let message = socket.hear().await;
        assert_eq!((&message["type"], &message["id"]), (&json!("error"), &json!("1")), "{query} {message}");
        assert_eq!(message["payload"][0]["extensions"]["code"], code, "{query} {message}");
    }
    // Mutations and errors of fields are answers.
    socket
        .subscribe(
            "1",
            "mutation { signIn(input: { email: \"a@example.org\", password: \"x\" }) { userErrors { code } } }",
        )
        .await;
    assert_eq!(socket.hear().await["type"], "next");
    assert_eq!(socket.hear().await["type"], "complete");
}

#[tokio::test]
async fn who_has_enough_hears_no_more() {
    let served = served().await;
    let mut socket = served.ready().await;
    served.follow(&mut socket, "1", "", "change { path }").await;
    served.follow(&mut socket, "2", "", "change { path }").await;
    served.publish("first-of-two", "politics").await;
    let mut heard = [socket.hear().await["id"].clone(), socket.hear().await["id"].clone()];
    heard.sort_by_key(ToString::to_string);
    assert_eq!(heard, [json!("1"), json!("2")]);
    socket.say(json!({ "type": "complete", "id": "1" })).await;
    socket.say(json!({ "type": "complete", "id": "nothing" })).await;
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await["type"], "pong");
    served.publish("second-of-two", "politics").await;
    assert_eq!(socket.event("2").await["publicationChanged"]["change"]["path"], "/en/articles/second-of-two");
    socket.silent().await;
}

#[tokio::test]
async fn frames_and_operations_are_bounded() {
    let portal = Portal::with_samples(Dialect::Sqlite).await;
    let mut config = Portal::config();
    config.subscribing = Subscribing { per_connection: 2, ..Subscribing::default() };
    config.limits.body_bytes = 10_000;
    let served = Served::over(portal, config).await;
    let mut socket = served.ready().await;
    for id in ["1", "2", "3"] {
        socket.subscribe(id, "subscription { publicationChanged { cursor } }").await;
    }
    let message = socket.hear().await;
    assert_eq!(
        (&message["id"], &message["payload"][0]["extensions"]["code"]),
        (&json!("3"), &json!("TOO_MANY_REQUESTS"))
    );
    let mut socket = served.ready().await;
    let query = "subscription ($tags: [String!]) { publicationChanged(tags: $tags) { cursor } }";
    let payload = json!({ "query": query, "variables": { "tags": ["x".repeat(9_000)] } });
    socket.say(json!({ "id": "1", "type": "subscribe", "payload": payload })).await;
    assert_eq!(socket.hear().await["payload"][0]["extensions"]["code"], "PAYLOAD_TOO_LARGE");
    closes(served.ready().await, Message::text(format!("{{\"type\":\"ping\"}}{}", " ".repeat(10_000))), 1009).await;
    let mut socket = served.ready().await;
    for _ in 0..600 {
        socket.say(json!({ "type": "pong" })).await;
    }
    assert_eq!(socket.closed().await.0, 1008);
}

#[tokio::test]
async fn pages_of_other_origins_may_be_kept_out() {
    let portal = Portal::with_samples(Dialect::Sqlite).await;
    let origins = vec!["https://news.example.org".to_owned()];
    let config = Config { subscribing: Subscribing { origins, ..Subscribing::default() }, ..Portal::config() };
    let served = Served::over(portal, config).await;
    drop(served.socket().await);
    drop(served.socket_of("graphql-transport-ws", &[("origin", "https://news.example.org")]).await);
    let response = reqwest::Client::new()
        .get(format!("http://{}/graphql", served.address))
        .header("origin", "https://elsewhere.example.org")
        .header("connection", "upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA==")
        .header("sec-websocket-protocol", "graphql-transport-ws");
    assert_eq!(response.send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn connections_are_told_when_the_server_stops() {
    let served = served().await;
    let mut socket = served.ready().await;
    socket.subscribe("1", "subscription { publicationChanged { cursor } }").await;
    // It is under way before the signal comes.
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await["type"], "pong");
    served.stop();
    let (code, reason) = socket.closed().await;
    assert_eq!(code, 1001);
    assert!(reason.contains("come back in"), "{reason}");
    tokio::time::timeout(Duration::from_secs(5), served.stopping.begun()).await.unwrap();
}

#[tokio::test]
async fn who_says_goodbye_is_answered() {
    let served = served().await;
    let mut socket = served.ready().await;
    socket.send(Message::Close(Some(CloseFrame { code: CloseCode::Normal, reason: "enough".into() }))).await;
    assert_eq!(socket.closed().await.0, 1000);
}

#[tokio::test]
async fn different_subscriptions_of_a_client_are_bounded_and_those_of_many_are_one() {
    let portal = Portal::with_samples(Dialect::Sqlite).await;
    let subscribing = Subscribing { different_per_client: 2, ..Subscribing::default() };
    let served = Served::over(portal, Config { subscribing, ..Portal::config() }).await;
    let mut socket = served.ready().await;
    let of = |first: u8| format!("subscription {{ feedItems(slug: \"last-news\", first: {first}) {{ totalCount }} }}");
    // What there is now comes once one of them is there.
    for (id, first) in [("1", 1), ("2", 2), ("the same", 1)] {
        socket.subscribe(id, &of(first)).await;
        socket.event(id).await;
    }
    socket.subscribe("3", &of(3)).await;
    let message = socket.hear().await;
    let code = &message["payload"][0]["extensions"]["code"];
    assert_eq!((&message["id"], code), (&json!("3"), &json!("TOO_MANY_REQUESTS")), "{message}");
    // One that has ended makes room; it does so in its own time.
    socket.say(json!({ "type": "complete", "id": "2" })).await;
    loop {
        socket.subscribe("3", &of(3)).await;
        if socket.hear().await["type"] == "next" {
            break;
        }
    }
}

#[tokio::test]
async fn a_handshake_has_one_key_of_sixteen_bytes() {
    let served = served().await;
    let open = async |keys: &[&str]| {
        let request = reqwest::Client::new().get(format!("http://{}/graphql", served.address));
        let upgrade = [
            ("connection", "upgrade"),
            ("upgrade", "websocket"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-protocol", "graphql-transport-ws"),
        ];
        let request = upgrade.into_iter().fold(request, |request, (name, value)| request.header(name, value));
        let request = keys.iter().fold(request, |request, key| request.header("sec-websocket-key", *key));
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(open(&[KEY]).await, 101);
    for wrong in [&[][..], &[""], &["c2hvcnQ="], &["dGhlIHNhbXBsZSBub25jZQ"], &["!"], &[KEY, KEY]] {
        assert_eq!(open(wrong).await, 400, "{wrong:?}");
    }
}
