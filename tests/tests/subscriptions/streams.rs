//! Server-Sent Events, in both modes, and multipart answers.

use courant_persistence::Dialect;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::support::{SOON, Served};

/// Before the first change.
const BEGINNING: &str = "AQAAAAAAAAAAAAAAAAAAAAA";
const QUERY: &str = "subscription { publicationChanged { cursor change { path } } }";

/// A response that is read as it comes.
struct Reading {
    response: Response,
    read: String,
}

impl Reading {
    fn new(response: Response) -> Self {
        Self { response, read: String::new() }
    }

    /// What comes up to this end.
    async fn until(&mut self, end: &str) -> String {
        loop {
            if let Some(at) = self.read.find(end) {
                let rest = self.read.split_off(at + end.len());
                let found = std::mem::replace(&mut self.read, rest);
                return found.strip_suffix(end).unwrap().to_owned();
            }
            let chunk = timeout(SOON, self.response.chunk()).await.unwrap().unwrap();
            self.read.push_str(std::str::from_utf8(&chunk.unwrap_or_else(|| panic!("ended: {}", self.read))).unwrap());
        }
    }

    /// The next event: its type, its id and its data. Comments are passed over.
    async fn event(&mut self) -> (String, Option<String>, Value) {
        loop {
            let text = self.until("\n\n").await;
            let field = |name: &str| {
                text.lines().find_map(|line| line.strip_prefix(name)).map(|value| value.trim_start().to_owned())
            };
            if let Some(event) = field("event:") {
                let data = field("data:").unwrap_or_default();
                return (event, field("id:"), serde_json::from_str(&data).unwrap_or(Value::Null));
            }
        }
    }

    async fn ends(&mut self) {
        assert!(timeout(SOON, self.response.chunk()).await.unwrap().unwrap().is_none());
    }
}

async fn ask(served: &Served, method: Method, headers: &[(&str, &str)], body: Option<Value>) -> Response {
    ask_at(served, "/graphql", method, headers, body).await
}

async fn ask_at(
    served: &Served,
    path: &str,
    method: Method,
    headers: &[(&str, &str)],
    body: Option<Value>,
) -> Response {
    let request = reqwest::Client::new().request(method, format!("http://{}{path}", served.address));
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let request = match body {
        Some(body) => request.header("content-type", "application/json").body(body.to_string()),
        None => request,
    };
    request.send().await.unwrap()
}

const EVENTS: (&str, &str) = ("accept", "text/event-stream");

#[tokio::test]
async fn a_stream_of_its_own_resumes_by_the_last_event() {
    let served = Served::start(Dialect::Sqlite).await;
    let response = ask(&served, Method::POST, &[EVENTS], Some(json!({ "query": QUERY }))).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
    let mut reading = Reading::new(response);
    served.publish("one-of-three", "politics").await;
    let (event, id, data) = reading.event().await;
    let told = &data["data"]["publicationChanged"];
    assert_eq!((event.as_str(), &told["change"]["path"]), ("next", &json!("/en/articles/one-of-three")));
    assert_eq!(id.as_deref(), told["cursor"].as_str());
    drop(reading);
    served.publish("two-of-three", "politics").await;
    // Where it began, as an address says that is asked again and again, counts no more then.
    let began = format!("subscription {{ publicationChanged(after: \"{BEGINNING}\") {{ cursor change {{ path }} }} }}");
    let resumed =
        ask(&served, Method::POST, &[EVENTS, ("last-event-id", &id.unwrap())], Some(json!({ "query": began }))).await;
    let mut reading = Reading::new(resumed);
    let path = |data: &Value| data["data"]["publicationChanged"]["change"]["path"].clone();
    assert_eq!(path(&reading.event().await.2), "/en/articles/two-of-three");
    served.publish("three-of-three", "politics").await;
    assert_eq!(path(&reading.event().await.2), "/en/articles/three-of-three");
}

#[tokio::test]
async fn an_answer_and_what_is_wrong_are_events_too() {
    let served = Served::start(Dialect::Sqlite).await;
    // What our own rules refuse, and what the executor's do.
    for (query, code) in [
        ("{ site { defaultLocale } }", Value::Null),
        ("{ nothing }", json!("VALIDATION_FAILED")),
        ("query ($a: Int) { site { defaultLocale } }", json!("VALIDATION_FAILED")),
    ] {
        let response = ask(&served, Method::POST, &[EVENTS], Some(json!({ "query": query }))).await;
        assert_eq!(response.status(), 200, "{query}");
        let mut reading = Reading::new(response);
        let (event, _, data) = reading.event().await;
        assert_eq!(event, "next");
        assert_eq!(data["errors"][0]["extensions"]["code"], code, "{data}");
        assert_eq!(data.get("data").is_some(), code.is_null(), "{data}");
        assert_eq!(reading.event().await.0, "complete");
        reading.ends().await;
    }
    let get = "/graphql?query=%7Bsite%7BdefaultLocale%7D%7D";
    let mut reading = Reading::new(ask_at(&served, get, Method::GET, &[EVENTS], None).await);
    assert_eq!(reading.event().await.0, "next");
}

#[tokio::test]
async fn a_subscription_needs_a_stream() {
    let served = Served::start(Dialect::Sqlite).await;
    let response = ask(&served, Method::POST, &[("accept", "application/json")], Some(json!({ "query": QUERY }))).await;
    assert_eq!(response.status(), 406);
    let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    assert_eq!(body["errors"][0]["extensions"]["code"], "NOT_ACCEPTABLE");
}

#[tokio::test]
async fn parts_of_one_message_come_whole() {
    let served = Served::start(Dialect::Sqlite).await;
    let accept = ("accept", "multipart/mixed;boundary=\"graphql\";subscriptionSpec=1.0,application/json");
    // Browsers take everything packed, which would hold an event back until there are more.
    let packed = ("accept-encoding", "gzip, br");
    let response = ask(&served, Method::POST, &[accept, packed], Some(json!({ "query": QUERY }))).await;
    assert!(!response.headers().contains_key("content-encoding"));
    assert_eq!(response.headers()["content-type"], "multipart/mixed; boundary=\"graphql\"; subscriptionSpec=\"1.0\"");
    let mut reading = Reading::new(response);
    assert_eq!(reading.until("\r\n--graphql").await, "");
    served.publish("in-parts", "politics").await;
    let part = reading.until("\r\n--graphql").await;
    let (head, body) = part.split_once("\r\n\r\n").unwrap();
    assert_eq!(head, "\r\ncontent-type: application/json");
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["payload"]["data"]["publicationChanged"]["change"]["path"], "/en/articles/in-parts");
    // A query is answered as it always was.
    let response = ask(&served, Method::POST, &[accept], Some(json!({ "query": "{ site { defaultLocale } }" }))).await;
    assert_eq!(response.headers()["content-type"], "application/json; charset=utf-8");
}

#[tokio::test]
async fn several_operations_go_over_one_stream() {
    let served = Served::start(Dialect::Sqlite).await;
    let reserved = ask(&served, Method::PUT, &[], None).await;
    assert_eq!(reserved.status(), 201);
    let token = reserved.text().await.unwrap();
    let of = ("x-graphql-event-stream-token", token.as_str());
    let begin = async |id: &str, query: &str| {
        let body = json!({ "query": query, "extensions": { "operationId": id } });
        ask(&served, Method::POST, &[of], Some(body)).await.status().as_u16()
    };
    // What comes before the stream is opened waits for it.
    assert_eq!(begin("1", "{ site { defaultLocale } }").await, 202);
    let opened = ask(&served, Method::GET, &[EVENTS, of], None).await;
    assert_eq!(opened.status(), 200);
    let mut reading = Reading::new(opened);
    let (event, _, data) = reading.event().await;
    assert_eq!((event.as_str(), &data["id"]), ("next", &json!("1")));
    assert_eq!(data["payload"]["data"]["site"]["defaultLocale"], "en");
    assert_eq!(reading.event().await.2, json!({ "id": "1" }));
    assert_eq!(ask(&served, Method::GET, &[EVENTS, of], None).await.status(), 409);
    assert_eq!(begin("2", QUERY).await, 202);
    assert_eq!(begin("2", QUERY).await, 409);
    assert_eq!(begin("3", "{ nothing }").await, 400);
    // What an argument is refused for is an answer.
    assert_eq!(begin("4", "subscription { publication(id: \"x\") { cursor } }").await, 202);
    let (event, _, data) = reading.event().await;
    assert_eq!((event.as_str(), &data["id"]), ("next", &json!("4")));
    assert_eq!(data["payload"]["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
    assert_eq!(reading.event().await.2, json!({ "id": "4" }));
    served.publish("over-one", "politics").await;
    let (event, _, data) = reading.event().await;
    assert_eq!((event.as_str(), &data["id"]), ("next", &json!("2")));
    let ended = ask_at(&served, "/graphql?operationId=2", Method::DELETE, &[of], None).await;
    assert_eq!(ended.status(), 200);
    let (event, _, data) = reading.event().await;
    assert_eq!((event.as_str(), &data["id"]), ("complete", &json!("2")));
    drop(reading);
    let unknown = ("x-graphql-event-stream-token", "nothing");
    assert_eq!(ask(&served, Method::GET, &[EVENTS, unknown], None).await.status(), 404);
}
