//! The transport before a schema that does what ours must not: fail, panic, and take arguments of every kind. What
//! holds for ours is tested through the router, in `tests/`.

mod answers;
mod errors;
mod mutations;
mod outages;
mod variables;

use std::sync::Arc;

use async_graphql::{
    Context, EmptySubscription, Enum, ID, InputObject, InputValueError, InputValueResult, Interface, Object,
    OneofObject, Request as Operation, Scalar, ScalarType, Schema, SimpleObject, ValidationMode,
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode},
    response::Response,
};
use courant_gateway::{
    Caller, Event, Executed, Identity, IdentityConfig, Opened, Run,
    error::{Error, ErrorCode},
};
use courant_graphql::{Scalars, SchemaMetadata};
use courant_persistence::{Options, Store, migrate};
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

use super::{Config, graphql::executor::Executor, router::routes, state::States};

#[derive(Enum, Clone, Copy, PartialEq, Eq)]
enum Order {
    New,
    Old,
}

#[derive(OneofObject)]
enum By {
    Id(ID),
    Slug(String),
}

#[derive(InputObject)]
struct Filter {
    by: Option<By>,
    #[graphql(default = 3)]
    min: i32,
}

#[derive(SimpleObject)]
struct Article {
    id: ID,
}

#[derive(Interface)]
#[graphql(field(name = "id", ty = "&ID"))]
enum Node {
    Article(Article),
}

struct Date(jiff::civil::Date);

#[Scalar]
impl ScalarType for Date {
    fn parse(value: async_graphql::Value) -> InputValueResult<Self> {
        match &value {
            async_graphql::Value::String(text) => Ok(Self(text.parse()?)),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> async_graphql::Value {
        self.0.to_string().into()
    }
}

/// Reads that scalar before the executor does.
#[derive(Debug)]
struct Dates;

impl Scalars for Dates {
    fn check(&self, scalar: &str, value: &async_graphql::Value) -> Result<(), &'static str> {
        match (scalar, value) {
            ("Date", async_graphql::Value::String(text)) if text.parse::<jiff::civil::Date>().is_ok() => Ok(()),
            ("Date", _) => Err("expected a day of the calendar, written 2021-03-02"),
            _ => Ok(()),
        }
    }
}

struct Query;

#[Object]
impl Query {
    async fn article(&self, by: By) -> Node {
        Node::Article(Article {
            id: match by {
                By::Id(id) => id,
                By::Slug(slug) => slug.into(),
            },
        })
    }

    /// What it was called with.
    async fn list(
        &self,
        #[graphql(default = 5)] first: i32,
        #[graphql(default_with = "Order::New")] order: Order,
        filter: Option<Filter>,
        after: Option<String>,
    ) -> String {
        let order = if order == Order::New { "NEW" } else { "OLD" };
        let by = match filter.as_ref().and_then(|filter| filter.by.as_ref()) {
            Some(By::Id(id)) => format!(" id={}", id.as_str()),
            Some(By::Slug(slug)) => format!(" slug={slug}"),
            None => String::new(),
        };
        let min = filter.map_or(0, |filter| filter.min);
        format!("first={first} order={order} min={min}{by} after={}", after.unwrap_or_default())
    }

    async fn maybe(&self, #[graphql(default = 5)] first: i32) -> Option<i32> {
        Some(first)
    }

    async fn inside_fails(&self) -> Option<Result<String, Error>> {
        Some(Err(Error::internal(&std::io::Error::other("secret table"))))
    }

    async fn foreign_failure(&self) -> Option<Result<String, async_graphql::Error>> {
        Some(Err(async_graphql::Error::new("secret table")))
    }

    async fn refuses(&self) -> Option<Result<String, Error>> {
        Some(Err(Error::new(ErrorCode::BadCursor, "that is no cursor")))
    }

    async fn outage(&self, code: String) -> Option<Result<String, Error>> {
        Some(Err(outage(&code)))
    }

    async fn certain_outage(&self, code: String) -> Result<String, Error> {
        Err(outage(&code))
    }

    async fn day(&self, on: Date) -> String {
        on.0.to_string()
    }

    /// What can be there and have fields that fail.
    async fn half(&self) -> Option<Half> {
        Some(Half)
    }

    async fn panics(&self) -> String {
        "none".parse::<u32>().expect("secret table").to_string()
    }
}

struct Half;

#[Object]
impl Half {
    async fn good(&self) -> i32 {
        1
    }

    async fn times(&self, #[graphql(default = 1)] n: i32, filter: Option<Filter>) -> i32 {
        n * filter.map_or(1, |filter| filter.min)
    }

    async fn fails(&self) -> Result<Half, Error> {
        Err(Error::new(ErrorCode::BadCursor, "that is no cursor"))
    }

    async fn list(&self) -> Vec<Half> {
        vec![Half]
    }
}

struct Mutation;

#[Object]
impl Mutation {
    async fn publish(&self, #[graphql(default = 1)] times: i32) -> String {
        format!("published {times}")
    }

    async fn outage(&self, code: String) -> Option<Result<String, Error>> {
        Some(Err(outage(&code)))
    }

    /// It writes something, and then cannot show it.
    async fn done(&self, ctx: &Context<'_>, code: String) -> Option<Result<String, Error>> {
        ctx.insert_http_header(MADE, "1");
        Some(Err(outage(&code)))
    }
}

/// By which a mutation says here that it has written something.
const MADE: &str = "x-made";

fn outage(code: &str) -> Error {
    Error::new(ErrorCode::of_name(code).unwrap(), "not now")
}

/// The schema of these tests, validating what it runs and trusting it.
struct Schemas {
    strict: Schema<Query, Mutation, EmptySubscription>,
    trusting: Schema<Query, Mutation, EmptySubscription>,
}

impl Executor for Schemas {
    fn execute(&self, request: Operation, _: Caller, run: Run) -> BoxFuture<'static, Executed> {
        let schema = match run.mode {
            ValidationMode::Fast => self.trusting.clone(),
            ValidationMode::Strict => self.strict.clone(),
        };
        Box::pin(async move {
            let response = schema.execute(request).await;
            let made = response.http_headers.contains_key(MADE);
            Executed { response, is_behind: false, is_over: false, made, kept: None }
        })
    }

    fn open(
        &self,
        _: Operation,
        _: Caller,
        _: Run,
        _: Option<Box<str>>,
    ) -> BoxFuture<'static, Result<Option<Opened>, async_graphql::Response>> {
        Box::pin(async { Ok(None) })
    }

    fn tell(&self, operation: Operation, caller: Caller, run: Run, _: Event) -> BoxFuture<'static, Executed> {
        self.execute(operation, caller, run)
    }
}

struct Server {
    router: Router,
    _data: TempDir,
}

impl Server {
    async fn start() -> Self {
        Self::configured(Config::default()).await
    }

    async fn configured(config: Config) -> Self {
        let data = TempDir::new().unwrap();
        let options = Options::sqlite(&data.path().join("courant.db"));
        migrate(&options).await.unwrap();
        let store = Store::open(&options).await.unwrap();
        let schema = |mode| Schema::build(Query, Mutation, EmptySubscription).validation_mode(mode).finish();
        let (strict, trusting) = (schema(ValidationMode::Strict), schema(ValidationMode::Fast));
        let sdl = strict.sdl();
        let metadata = SchemaMetadata::read(&sdl, &Dates, &()).unwrap();
        let identity = Identity::open(&store, IdentityConfig::default()).await.unwrap();
        let counter = Arc::new(courant_reads::Counter::new(config.reads.settings.clone()));
        let states =
            States::over(Arc::new(Schemas { strict, trusting }), sdl, metadata, (store, counter), identity, config)
                .await
                .unwrap();
        Self { router: routes(states), _data: data }
    }

    async fn send(&self, request: Request<Body>) -> Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    async fn post(&self, body: Value) -> (StatusCode, Value) {
        let request = Request::post("/graphql")
            .header("content-type", "application/json")
            .header("accept", "application/graphql-response+json")
            .header("x-request-id", "the-request")
            .body(Body::from(body.to_string()));
        read(self.send(request.unwrap()).await).await
    }

    /// The code and the message of the one error a request is refused with.
    async fn refusal(&self, query: &str, variables: Value) -> (String, String) {
        let (status, body) = self.post(json!({"query": query, "variables": variables})).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
        assert!(body.get("data").is_none(), "{body}");
        let error = &body["errors"][0];
        (error["extensions"]["code"].as_str().unwrap().into(), error["message"].as_str().unwrap().into())
    }

    /// What a request is answered with.
    async fn data(&self, query: &str, variables: Value) -> Value {
        let (status, body) = self.post(json!({"query": query, "variables": variables})).await;
        assert_eq!((status, body.get("errors")), (StatusCode::OK, None), "{body}");
        body["data"].clone()
    }
}

async fn read(response: Response) -> (StatusCode, Value) {
    let status = response.status();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&body))))
}
