//! One text on two servers, asked for in every form again and again while it changes: as soon as a server has given one new answer, all of
//! its answers are new; and a second after a change is acknowledged, nothing old is given anywhere.
//!
//! Nothing here depends on how fast the machine is. An answer is held against when it was *asked for*: what was asked for before a change
//! was acknowledged may be old, however late it comes. The second server does nothing by itself: it is as late as a server can be that
//! no hint reaches.

use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

use courant_tests::{Dialect, Portal, apply, both_databases};
use jiff::SignedDuration;
use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};

use crate::support::{Desk, beside, get, portal};

/// In which forms a text is asked for, and what is new in them shows in each.
const FORMS: [&str; 11] = [
    "/en/articles/flip",
    "graphql",
    "json-ld",
    "app",
    "/en/feed.rss",
    "/en/feeds/last-news.atom",
    "/en/categories/politics.json",
    "/en/feed.ninjs",
    "/en/articles/flip.ninjs",
    "sitemap",
    "/sitemap/en/news.xml",
];

/// After so long nothing old is given.
const CONTRACT: Duration = Duration::from_secs(1);

/// How often each form is asked for after that.
const LATE_ROUNDS: usize = 3;

/// Whether an answer in a form is new; none of a form that does not tell.
type IsNew = Arc<dyn Fn(&str, &str) -> Option<bool> + Send + Sync>;

/// An answer.
struct Seen {
    server: usize,
    form: &'static str,
    asked: Instant,
    came: Instant,
    is_new: bool,
}

/// Who asks a server.
struct Watcher {
    server: usize,
    url: String,
    month: String,
    client: reqwest::Client,
}

impl Watcher {
    async fn form(&self, form: &str) -> String {
        let path = "/en/articles/flip";
        let asked = match form {
            "graphql" => json!({ "query": format!(
                "{{ route(path: \"{path}\") {{ ... on Publication {{ title updatedAt withdrawal {{ notice }} }} }} }}"
            ) }),
            "json-ld" => json!({ "query": format!(
                "{{ route(path: \"{path}\") {{ ... on Publication {{ jsonLd withdrawal {{ notice }} }} }} }}"
            ) }),
            // What the app asks when somebody comes to the page by a link on another one.
            "app" => json!({
                "query": "query Page($path: String!) { route(path: $path) { __typename ... on Publication { title withdrawal { notice } }
                    ... on Article { body { html } } } }",
                "operationName": "Page",
                "variables": { "path": path },
            }),
            _ => Value::Null,
        };
        let request = match form {
            "sitemap" => self.client.get(format!("{}/sitemap/en/{}.xml", self.url, self.month)),
            path if path.starts_with('/') => self.client.get(format!("{}{path}", self.url)),
            _ => {
                let request = self.client.post(format!("{}/graphql", self.url));
                request.header("content-type", "application/json").body(asked.to_string())
            }
        };
        request.send().await.unwrap().text().await.unwrap()
    }

    /// Asks for all forms, one after the other, until each was asked for some times more than a second after the change was acknowledged.
    /// Says when it has asked for all of them once.
    async fn watch(
        self,
        is_new: IsNew,
        forms: Vec<&'static str>,
        begun: mpsc::Sender<()>,
        acknowledged: watch::Receiver<Option<Instant>>,
    ) -> Vec<Seen> {
        let (mut seen, mut late) = (Vec::new(), 0);
        while late < LATE_ROUNDS {
            let round = Instant::now();
            let acknowledged = *acknowledged.borrow();
            for form in &forms {
                let asked = Instant::now();
                let text = self.form(form).await;
                let came = Instant::now();
                let new = is_new(form, &text);
                seen.extend(new.map(|is_new| Seen { server: self.server, form, asked, came, is_new }));
            }
            // Whoever waits for it takes as many as come.
            _ = begun.try_send(());
            late += usize::from(acknowledged.is_some_and(|at| round > at + CONTRACT));
        }
        seen
    }
}

/// Asks two servers for all forms, each by two at once, while something changes. The first answers are old.
async fn flips(what: &str, portals: [&Portal; 2], month: &str, change: impl Future<Output = ()>, is_new: IsNew) {
    let (acknowledge, acknowledged) = watch::channel(None);
    let (mut begun, mut watching) = (Vec::new(), Vec::new());
    for (server, portal) in portals.into_iter().enumerate() {
        for is_backward in [false, true] {
            let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
            let watcher = Watcher { server, url: portal.url.clone(), month: month.to_owned(), client };
            let mut forms = FORMS.to_vec();
            if is_backward {
                forms.reverse();
            }
            let (begins, has_begun) = mpsc::channel(1);
            begun.push(has_begun);
            watching.push(tokio::spawn(watcher.watch(Arc::clone(&is_new), forms, begins, acknowledged.clone())));
        }
    }
    for begun in &mut begun {
        begun.recv().await.unwrap();
    }
    let changing = Instant::now();
    change.await;
    let at = Instant::now();
    acknowledge.send_replace(Some(at));
    let mut seen = Vec::new();
    for watcher in watching {
        seen.extend(watcher.await.unwrap());
    }

    let told: BTreeSet<(usize, &str)> = seen.iter().map(|seen| (seen.server, seen.form)).collect();
    for (server, form) in &told {
        let of_it = || seen.iter().filter(|seen| (seen.server, seen.form) == (*server, *form));
        assert!(of_it().any(|seen| !seen.is_new && seen.asked < changing), "{what}: {form} was never old");
        assert!(of_it().any(|seen| seen.is_new), "{what}: {form} is never new on server {server}");
    }
    assert!(told.len() >= 2 * (FORMS.len() - 2), "{what}: {told:?}");
    for server in 0..portals.len() {
        let of_server = || seen.iter().filter(|seen| seen.server == server);
        let first_new = of_server().filter(|seen| seen.is_new).map(|seen| seen.came).min().unwrap();
        let mixed: Vec<&str> =
            of_server().filter(|seen| !seen.is_new && seen.asked > first_new).map(|seen| seen.form).collect();
        assert!(mixed.is_empty(), "{what}: server {server} gave something old after something new: {mixed:?}");
    }
    let last_old = seen.iter().filter(|seen| !seen.is_new).max_by_key(|seen| seen.asked).unwrap();
    let after = last_old.asked.saturating_duration_since(at);
    println!(
        "{what}: the last old answer, {} of server {}, was asked for {after:?} after it was acknowledged, and came {:?} after; {} answers",
        last_old.form,
        last_old.server,
        last_old.came.saturating_duration_since(at),
        seen.len()
    );
    assert!(after <= CONTRACT, "{what}: {} of server {} is old after {after:?}", last_old.form, last_old.server);
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_is_new_everywhere_at_once(dialect: Dialect) {
    let first = portal(dialect).await;
    let second = beside(&first).await;
    let portals = [&first, &second];
    let desk = Desk::of(&first).await;
    let month = first.store.now().to_string()[..7].to_owned();
    let entry = desk.write("flip", "Before the flip", json!({})).await;

    // Scheduled, and its time has come.
    let at = first.store.now() + SignedDuration::from_mins(1);
    desk.done("scheduleEntry", &entry, json!({ "at": at.to_string() })).await;
    let come = async {
        first.store.newsroom().due_run(at).await.unwrap();
    };
    let is_new = |name: &str, text: &str| {
        Some(match name {
            // The address is all there is of it.
            "sitemap" => text.contains("/en/articles/flip</loc>"),
            _ => text.contains("Before the flip"),
        })
    };
    flips("a schedule", portals, &month, come, Arc::new(is_new)).await;

    let updated = async || -> String {
        let answer = first.query("{ article(by: { slug: \"flip\" }, locale: \"en\") { updatedAt } }").await;
        answer.data()["article"]["updatedAt"].as_str().unwrap()[..19].to_owned()
    };
    let before = updated().await;
    desk.done("saveArticle", &entry, json!({ "basedOn": 1, "content": { "title": "Corrected" } })).await;
    let correct = desk.done("publishEntry", &entry, json!({ "changeNote": "It was wrong." }));
    let is_new = move |name: &str, text: &str| match name {
        // It says when, and no more; the second may be the same.
        "sitemap" => None,
        _ => Some(text.contains("Corrected") && !text.contains("Before the flip")),
    };
    flips("a correction", portals, &month, correct, Arc::new(is_new)).await;
    let after = updated().await;
    for portal in portals {
        let given = get(portal, &format!("/sitemap/en/{month}.xml")).await;
        let (_, rest) = given.text().split_once("/en/articles/flip</loc>").unwrap();
        assert!(rest.trim_start().starts_with(&format!("<lastmod>{after}")), "{before} {after} {rest}");
    }

    let withdraw = desk.take_back(&entry, json!({ "notice": "It never happened." }));
    let is_new = |name: &str, text: &str| {
        Some(match name {
            "sitemap" => !text.contains("/en/articles/flip</loc>"),
            "/sitemap/en/news.xml" => !text.contains("Corrected"),
            "/en/articles/flip" => text.contains("\"creativeWorkStatus\":\"Withdrawn\""),
            "json-ld" => text.contains("\\\"creativeWorkStatus\\\":\\\"Withdrawn\\\""),
            _ => text.contains("It never happened."),
        })
    };
    flips("a withdrawal", portals, &month, withdraw, Arc::new(is_new)).await;

    let remove = desk.take_back(&entry, json!({ "gone": true }));
    let is_new = |name: &str, text: &str| match name {
        // It was in none of them already.
        "sitemap" | "/sitemap/en/news.xml" => None,
        "/en/articles/flip" => Some(!text.contains("Corrected")),
        "/en/feeds/last-news.atom" => Some(text.contains("<at:deleted-entry ref=") && !text.contains("never happened")),
        _ => Some(!text.contains("never happened")),
    };
    flips("an end", portals, &month, remove, Arc::new(is_new)).await;
}
