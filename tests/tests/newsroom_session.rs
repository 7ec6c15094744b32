//! The session in docs/newsroom.md, as it stands there: every operation is sent, as the person who is said to run it,
//! and answered with what the page shows.
//!
//! The page's blocks are the script: `graphql` holds operations beside those of GraphiQL's examples, `json <who> runs <operation>` its variables, and
//! the next `json answer` (or `json errors`) what comes back. A text in angle brackets is whatever the server says the
//! first time, and the same ever after; `"…"` is anything, and a field of that name more fields.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::HashMap;

use courant_domain::{
    access::{Grant, Role, Viewer},
    account::Email,
};
use courant_identity::password::{Hasher, Password};
use courant_persistence::{Command, Dialect, UserCreate};
use courant_tests::{Portal, apply, both_databases};
use serde_json::{Value, json};

const PAGE: &str = include_str!("../../docs/newsroom.md");

/// GraphiQL's saved examples, which the page leads to.
const EXAMPLES: [&str; 5] = [
    include_str!("../../web/graphiql/examples/5-my-newsroom.graphql"),
    include_str!("../../web/graphiql/examples/6-write.graphql"),
    include_str!("../../web/graphiql/examples/7-review.graphql"),
    include_str!("../../web/graphiql/examples/8-publish.graphql"),
    include_str!("../../web/graphiql/examples/9-preview.graphql"),
];

/// A fenced block: what stands behind the fence, and what is in it.
struct Block<'a> {
    info: &'a str,
    text: &'a str,
}

/// The blocks of the session.
fn blocks() -> Vec<Block<'static>> {
    let (_, session) = PAGE.split_once("\n## A session\n").unwrap();
    session
        .split("\n```")
        .skip(1)
        .step_by(2)
        .map(|block| block.split_once('\n').unwrap())
        .map(|(info, text)| Block { info, text })
        .collect()
}

/// The names of a document's operations.
fn operations(document: &str) -> impl Iterator<Item = &str> {
    document.lines().filter_map(|line| {
        let rest = line.strip_prefix("query ").or_else(|| line.strip_prefix("mutation "))?;
        rest.split(|c: char| !c.is_alphanumeric()).next()
    })
}

/// What the texts in angle brackets have turned out to be.
#[derive(Default)]
struct Known(HashMap<String, Value>);

impl Known {
    fn name(text: &str) -> Option<&str> {
        text.strip_prefix('<')?.strip_suffix('>')
    }

    /// A value with what is known in its place.
    fn fill(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => match Self::name(text) {
                Some(name) => self.0.get(name).unwrap_or_else(|| panic!("nothing has said what {text} is")).clone(),
                None => value.clone(),
            },
            Value::Array(items) => items.iter().map(|item| self.fill(item)).collect(),
            Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), self.fill(value))).collect(),
            other => other.clone(),
        }
    }

    /// Whether an answer is what the page shows; takes in what it says.
    fn matches(&mut self, shown: &Value, answer: &Value) -> bool {
        match (shown, answer) {
            (Value::String(text), _) if text == "…" => true,
            (Value::String(text), _) if Self::name(text).is_some() => {
                let name = Self::name(text).unwrap().to_owned();
                !answer.is_null() && self.0.entry(name).or_insert_with(|| answer.clone()) == answer
            }
            (Value::Array(shown), Value::Array(answer)) => {
                shown.len() == answer.len()
                    && shown.iter().zip(answer).all(|(shown, answer)| self.matches(shown, answer))
            }
            (Value::Object(shown), Value::Object(answer)) => {
                let more = shown.contains_key("…");
                let shown: Vec<_> = shown.iter().filter(|(name, _)| *name != "…").collect();
                (more || shown.len() == answer.len())
                    && shown
                        .into_iter()
                        .all(|(name, shown)| answer.get(name).is_some_and(|answer| self.matches(shown, answer)))
            }
            (shown, answer) => shown == answer,
        }
    }
}

/// The first administrator, whom `courant user create` makes.
async fn make_ada(portal: &Portal) {
    let email = "ada@example.org";
    let hasher = Hasher::new(Portal::config().identity.password_cost).unwrap();
    let password = hasher.hash(&Password::parse("a bridge in the north", email).unwrap()).unwrap();
    let create = UserCreate {
        email: Email::parse(email).unwrap(),
        name: "Ada".to_owned(),
        grants: vec![Grant::everywhere(Role::Admin)],
        password: Some(password.into()),
    };
    portal.store.accounts().user_create(Command::of(&Viewer::program()), &create).await.unwrap();
}

#[apply(both_databases)]
#[tokio::test]
async fn the_session_runs_as_it_is_shown(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    make_ada(&portal).await;
    let mut documents: HashMap<_, _> =
        EXAMPLES.into_iter().flat_map(|example| operations(example).map(move |name| (name, example))).collect();
    let mut known = Known::default();
    let mut runs = 0;
    let politics = portal.store.reference().categories.by_path("politics").unwrap().id;
    let en = |t| courant_domain::locale::Locale::parse(t).unwrap();
    for (name, grant) in [
        ("Ana", Grant { role: Role::Author, categories: vec![politics], locales: vec![en("en"), en("tk")] }),
        ("Ed", Grant::everywhere(Role::Editor)),
        ("Pia", Grant::everywhere(Role::Publisher)),
        ("Ada", Grant::everywhere(Role::Admin)),
    ] {
        let person = portal.as_user(vec![grant]).await;
        let up = courant_persistence::UserUpdate {
            name: Some(name.to_owned()),
            ..courant_persistence::UserUpdate::of(person.id)
        };
        portal.store.accounts().user_update(Command::of(&Viewer::program()), &up).await.unwrap();
        known.0.insert(format!("token of {name}"), person.token.clone().into());
    }
    let blocks = blocks();
    let mut blocks = blocks.iter();
    while let Some(block) = blocks.next() {
        if block.info == "graphql" {
            documents.extend(operations(block.text).map(|name| (name, block.text)));
            continue;
        }
        let Some((who, operation)) = block.info.strip_prefix("json ").and_then(|run| run.split_once(" runs ")) else {
            assert!(["sh", "json answer"].contains(&block.info));
            continue;
        };
        if ["SignIn", "CreateUser"].contains(&operation) {
            continue;
        }
        let document = documents.get(operation).unwrap_or_else(|| panic!("{operation} is not shown before it is run"));
        let variables = known.fill(&serde_json::from_str(block.text).unwrap());
        let body = json!({ "query": document, "operationName": operation, "variables": variables });
        let answer = match known.0.get(&format!("token of {who}")) {
            Some(token) => portal.post_as(token.as_str().unwrap(), &body).await,
            None => {
                assert_eq!(who, "Somebody", "is not signed in");
                portal.post(&body).await
            }
        };
        let shown = blocks.next().unwrap();
        let expected: Value =
            serde_json::from_str(shown.text).unwrap_or_else(|error| panic!("{error}: {}", shown.text));
        let matches = match shown.info {
            "json answer" => answer.body.get("errors").is_none() && known.matches(&expected, &answer.body["data"]),
            "json errors" => known.matches(&expected, &answer.body["errors"]),
            other => panic!("{operation} is followed by {other:?}"),
        };
        assert!(matches, "{dialect:?}: {who} runs {operation}, shown {expected:#}, answered {:#}", answer.body);
        runs += 1;
    }
    assert!(runs > 20, "only {runs} runs were found");
}
