//! What Varnish keeps, and what it is told to throw away.

use std::time::Duration;

use courant_tests::{Dialect, Portal, apply, both_databases};
use courant_workers::followers::purge::Form;
use serde_json::json;

use crate::{
    node::{Desk, Node, port, purging},
    varnish::Varnish,
};

const OTHER: &str = "/en/articles/future-dialogue-with-migration-organisation";
const ACTS: &str = "/en/decrees";

/// Where a query is asked by `GET`.
fn query(text: &str) -> String {
    format!("/graphql?query={}", text.replace(' ', "%20").replace('{', "%7B").replace('}', "%7D").replace('"', "%22"))
}

/// Everything that is kept of an article, from before it is there until it is gone.
async fn an_articles_life(dialect: Dialect, form: Form, configuration: &str) {
    let portal = Portal::with_samples(dialect).await;
    let desk = Desk::of(&portal).await;
    let server = port();
    let varnish = Varnish::start(configuration, server).await;
    let told = purging(form, &varnish.url, Duration::from_secs(1));
    let [first, again] = [told.caches[0].name(), told.caches[0].name_again()];
    let ports = desk.category("Ports").await;
    desk.category("Quays").await;
    let node = Node::start(&portal.database, server, Some(told)).await;
    // Everything is thrown away once, as nothing is known of what was there.
    node.has_followed(first).await;
    node.has_followed(again).await;

    let page = "/en/articles/new-at-once";
    let titles = query("{ articles(locale: \"en\", first: 3) { nodes { title } } }");
    let missing = query("{ article(by: { slug: \"new-at-once\" }, locale: \"en\") { title } }");
    let acts = query("{ decrees(locale: \"en\", first: 3) { nodes { title } } }");
    assert_eq!(varnish.keep(page).await.status, 404);
    assert_eq!(varnish.keep(&missing).await.text, r#"{"data":{"article":null}}"#);
    varnish.keep(&titles).await;
    // Lists under something that nothing was ever filed under, in the first of which something will be.
    let [filed, empty] = ["ports", "quays"].map(|category| {
        query(&format!(
            "{{ articles(locale: \"en\", filter: {{ categories: [\"{category}\"] }}) {{ nodes {{ title }} }} }}"
        ))
    });
    assert_eq!(varnish.keep(&filed).await.text, r#"{"data":{"articles":{"nodes":[]}}}"#);
    let untouched = [OTHER, ACTS, &acts, &empty, "/en/categories/nowhere"];
    let mut kept = Vec::new();
    for path in untouched {
        kept.push(varnish.keep(path).await.fetched);
    }

    // A page that was not there, a null, and a list that it is on now.
    let entry = desk.publish("New at once").await;
    varnish.gives(page, |given| given.status == 200 && given.text.contains("<h1>New at once</h1>")).await;
    varnish.gives(&missing, |given| given.text == r#"{"data":{"article":{"title":"New at once"}}}"#).await;
    varnish.gives(&titles, |given| given.text.contains("New at once")).await;
    varnish.keep(page).await;
    let input = json!({ "entryId": entry, "categoryId": ports, "tags": [] });
    desk.admin.mutate("fileEntry", input, "userErrors { code field message }").await.done();

    // A correction, and another address, and what it is filed under now.
    desk.correct(&entry, 1, json!({ "title": "Newer", "slug": "newer" })).await;
    let moved = varnish.gives(page, |given| given.status == 301).await;
    assert_eq!(moved.location, "/en/articles/newer");
    varnish.gives("/en/articles/newer", |given| given.text.contains("<h1>Newer</h1>")).await;
    varnish.gives(&titles, |given| given.text.contains("Newer") && !given.text.contains("New at once")).await;
    varnish.gives(&missing, |given| given.text == r#"{"data":{"article":null}}"#).await;
    varnish.gives(&filed, |given| given.text.contains("Newer")).await;
    node.has_followed(again).await;
    assert_eq!(varnish.keep(page).await.status, 301);
    varnish.keep("/en/articles/newer").await;
    // What leads there is kept, and leads on once it moves again.
    desk.correct(&entry, 2, json!({ "slug": "newest" })).await;
    varnish.gives(page, |given| given.location == "/en/articles/newest").await;
    varnish.gives("/en/articles/newer", |given| given.location == "/en/articles/newest").await;

    // Gone for good, at each of its addresses.
    varnish.keep("/en/articles/newest").await;
    desk.done("unpublishEntry", &entry, json!({ "ending": { "gone": true } })).await;
    for path in [page, "/en/articles/newer", "/en/articles/newest"] {
        varnish.gives(path, |given| given.status == 410).await;
    }
    varnish.gives(&titles, |given| !given.text.contains("Newer")).await;

    // Of all that, nothing has touched the rest, the second time neither.
    node.has_followed(again).await;
    for (path, fetched) in untouched.into_iter().zip(kept) {
        let given = varnish.get(path).await;
        assert!(given.is_hit && given.fetched == fetched, "{dialect:?}: {path} was thrown away");
    }
    node.stop().await;
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn what_a_change_touches_is_new_behind_varnish_with_xkey(dialect: Dialect) {
    an_articles_life(dialect, Form::VarnishXkey, "xkey.vcl").await;
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn what_a_change_touches_is_new_behind_varnish_with_bans(dialect: Dialect) {
    an_articles_life(dialect, Form::VarnishBan, "courant.vcl").await;
}

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn it_keeps_nothing_old_of_a_server_that_learns_of_changes_by_itself(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let desk = Desk::of(&portal).await;
    let server = port();
    let varnish = Varnish::start("xkey.vcl", server).await;
    let told = || Some(purging(Form::VarnishXkey, &varnish.url, Duration::from_secs(1)));
    let again = told().unwrap().caches[0].name_again();
    // It asks the one; the other may be the one that tells it. The portal, where is published, tells nobody.
    let asked = Node::start(&portal.database, server, told()).await;
    let other = Node::start(&portal.database, 0, told()).await;
    asked.has_followed(again).await;
    let titles = query("{ articles(locale: \"en\", first: 1) { nodes { title } } }");
    for round in 0..10 {
        varnish.keep(&titles).await;
        let title = format!("Story of round {round}");
        desk.publish(&title).await;
        // Asked all the time: it must not keep what a server says that does not know yet.
        varnish.gives(&titles, |given| given.text.contains(&title)).await;
    }
    asked.has_followed(again).await;
    assert!(varnish.keep(&titles).await.text.contains("round 9"));
    other.stop().await;
    asked.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_has_things_thrown_away_and_names_are_no_patterns() {
    let varnish = Varnish::start("xkey.vcl", port()).await;
    for (method, header, status) in [
        ("BAN", ("ban-keys", "abcdefgh|a-c_efgh"), 200),
        ("BAN", ("ban-keys", "abc.*"), 400),
        ("BAN", ("ban-keys", "a) || obj.status ~ (2"), 400),
        ("BAN", ("x", "y"), 400),
        ("PURGE", ("xkey-purge", "abcdefgh"), 200),
        ("PURGE", ("x", "y"), 400),
    ] {
        assert_eq!(varnish.tell(method, header).await, status, "{method} {header:?}");
    }
}
