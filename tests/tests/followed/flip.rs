//! One text on two servers, asked for in every form again and again: as soon as a server has given one new answer, all of its answers
//! are new.

use courant_tests::{Dialect, Portal, apply, both_databases};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::support::{Desk, beside, get, portal};

/// In which forms a text is asked for, and what is new in them shows in each.
const FORMS: [&str; 9] = [
    "/en/articles/flip",
    "graphql",
    "/en/feed.rss",
    "/en/feeds/last-news.atom",
    "/en/categories/politics.json",
    "/en/feed.ninjs",
    "/en/articles/flip.ninjs",
    "sitemap",
    "/sitemap/en/news.xml",
];

async fn form(portal: &Portal, form: &str, month: &str) -> String {
    match form {
        "graphql" => {
            let query = "{ route(path: \"/en/articles/flip\") { ... on Publication { title updatedAt withdrawal { notice } } } }";
            portal.query(query).await.text
        }
        "sitemap" => get(portal, &format!("/sitemap/en/{month}.xml")).await.text().to_owned(),
        path => get(portal, path).await.text().to_owned(),
    }
}

/// Asks two servers for all forms until all are new, and sees that none is old once one of the same server was new. Of a form that says
/// nothing of the change it is not known.
async fn flips(portals: [&Portal; 2], month: &str, is_new: impl Fn(&str, &str) -> Option<bool>) {
    for portal in portals {
        let mut has_begun = false;
        // The one that does not know yet looks at the log within a second.
        let deadline = Timestamp::now() + SignedDuration::from_secs(30);
        loop {
            let mut all = true;
            for name in FORMS {
                let text = form(portal, name, month).await;
                let Some(new) = is_new(name, &text) else { continue };
                assert!(new || !has_begun, "{name} is old, and another form was new already: {text}");
                has_begun |= new;
                all &= new;
            }
            if all {
                break;
            }
            assert!(Timestamp::now() < deadline, "nothing new comes");
        }
        // Whatever was kept is new, too, wherever one begins.
        for name in FORMS.into_iter().rev() {
            assert_ne!(is_new(name, &form(portal, name, month).await), Some(false), "{name}");
        }
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn a_text_is_new_everywhere_at_once(dialect: Dialect) {
    let first = portal(dialect).await;
    let second = beside(&first).await;
    let portals = [&first, &second];
    let desk = Desk::of(&first).await;
    let month = first.store.now().to_string()[..7].to_owned();
    let entry = desk.write("flip", "Before the flip", json!({})).await;
    for portal in portals {
        for name in FORMS {
            assert!(!form(portal, name, &month).await.contains("Before the flip"), "{name}");
        }
    }
    // Scheduled, and its time has come.
    let at = first.store.now() + SignedDuration::from_mins(1);
    desk.done("scheduleEntry", &entry, json!({ "at": at.to_string() })).await;
    first.store.newsroom().due_run(at).await.unwrap();
    first.store.refresh().await.unwrap();
    let shows = |name: &str, text: &str, title: &str| match name {
        // The address is all there is of it.
        "sitemap" => text.contains("/en/articles/flip</loc>"),
        _ => text.contains(title),
    };
    flips(portals, &month, |name, text| Some(shows(name, text, "Before the flip"))).await;

    let updated = async |portal: &Portal| -> Value {
        portal.query("{ article(by: { slug: \"flip\" }, locale: \"en\") { updatedAt } }").await.data()["article"]
            .clone()
    };
    let before = updated(&first).await["updatedAt"].as_str().unwrap()[..19].to_owned();
    desk.done("saveArticle", &entry, json!({ "basedOn": 1, "content": { "title": "Corrected" } })).await;
    desk.done("publishEntry", &entry, json!({ "changeNote": "It was wrong." })).await;
    let after = updated(&first).await["updatedAt"].as_str().unwrap()[..19].to_owned();
    let is_dated = before != after;
    flips(portals, &month, |name, text| match name {
        "sitemap" => is_dated.then(|| text.contains(&after)),
        _ => Some(text.contains("Corrected") && !text.contains("Before the flip")),
    })
    .await;

    desk.take_back(&entry, json!({ "notice": "It never happened." })).await;
    flips(portals, &month, |name, text| {
        Some(match name {
            "sitemap" => !text.contains("/en/articles/flip</loc>"),
            "/sitemap/en/news.xml" => !text.contains("Corrected"),
            "/en/articles/flip" => text.contains("\"creativeWorkStatus\":\"Withdrawn\""),
            _ => text.contains("It never happened."),
        })
    })
    .await;

    desk.take_back(&entry, json!({ "gone": true })).await;
    flips(portals, &month, |name, text| match name {
        // It was in none of them already.
        "sitemap" | "/sitemap/en/news.xml" => None,
        "/en/articles/flip" => Some(!text.contains("Corrected")),
        "/en/feeds/last-news.atom" => Some(text.contains("<at:deleted-entry ref=") && !text.contains("never happened")),
        _ => Some(!text.contains("never happened")),
    })
    .await;
}
