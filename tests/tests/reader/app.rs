//! A small app for the server to serve, and a browser that only reads.

use courant_persistence::Dialect;
use courant_server::Origin;
use courant_tests::Portal;
use reqwest::redirect::Policy;
use serde_json::Value;

pub(crate) struct Site {
    pub(crate) portal: Portal,
    pub(crate) client: reqwest::Client,
}

/// What a page was answered with.
pub(crate) struct Shown {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

impl Site {
    pub(crate) async fn new() -> Self {
        let reader = Some(courant_tests::site::reader());
        let samples = Portal::with_samples(Dialect::Sqlite).await;
        let config = courant_server::Config {
            reader,
            origin: Origin::parse("https://news.example.org").unwrap(),
            ..Portal::config()
        };
        let portal = Portal::configured(samples.database, samples.store, config).await;
        Self { portal, client: reqwest::Client::builder().redirect(Policy::none()).build().unwrap() }
    }

    pub(crate) async fn get(&self, path: &str) -> Shown {
        self.get_with(path, &[]).await
    }

    /// What GraphQL says that there is at a path.
    pub(crate) async fn route(&self, path: &str) -> Value {
        let query = "query($path: String!) { route(path: $path) { __typename } }";
        let body = serde_json::json!({ "query": query, "variables": { "path": path } });
        let request = self.client.post(format!("{}/graphql", self.portal.url)).body(body.to_string());
        let response = request.header("content-type", "application/json").send().await.unwrap();
        let mut answer: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        answer["data"]["route"].take()
    }

    pub(crate) async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Shown {
        let request = self.client.get(format!("{}{path}", self.portal.url)).header("accept-language", "tk, ru;q=0.5");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Shown { status, headers, text: response.text().await.unwrap() }
    }
}

impl Shown {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The answer that was sent along.
    pub(crate) fn data(&self) -> Value {
        let data = self
            .text
            .split("<script type=\"application/json\" data-courant-data>")
            .nth(1)
            .unwrap()
            .split("</script>")
            .next()
            .unwrap();
        serde_json::from_str(data).unwrap()
    }

    /// What schema.org says of it.
    pub(crate) fn linked_data(&self) -> Vec<Value> {
        let parts = self.text.split("type=\"application/ld+json\">").skip(1);
        parts.map(|part| serde_json::from_str(part.split("</script>").next().unwrap()).unwrap()).collect()
    }

    #[track_caller]
    pub(crate) fn has(&self, part: &str) {
        assert!(self.text.contains(part), "no {part} in\n{}", self.text);
    }
}
