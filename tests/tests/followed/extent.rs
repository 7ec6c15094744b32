//! No feed is longer than an answer may be, whatever is in it.

use courant_graphql::Limits;
use courant_server::Config;
use courant_tests::{Dialect, Portal, apply, both_databases};
use serde_json::{Value, json};

use crate::support::{Desk, config, get, portal};

const BOUND: usize = 48 * 1024;

async fn bounded(dialect: Dialect) -> Portal {
    let Portal { database, store, .. } = portal(dialect).await;
    let config = config();
    let limits = Limits { answer_bytes: BOUND, ..config.limits.clone() };
    Portal::configured(database, store, Config { limits, ..config }).await
}

async fn in_category_of_its_own(desk: &Desk<'_>, slug: &str, body: &str) -> Value {
    let input = json!({ "slug": "harbour", "title": [{ "locale": "en", "text": "Harbour" }] });
    let made = desk.admin.mutate("createCategory", input, "category { id } userErrors { code field message }").await;
    let category = made.done()["category"]["id"].clone();
    let content = json!({
        "slug": slug, "title": "Signs", "summary": "In short.", "body": { "format": "HTML", "source": body }
    });
    let input = json!({ "categoryId": category, "locale": "en", "content": content });
    let made = desk.admin.mutate("createArticle", input, "entry { id } userErrors { code field message }").await;
    let entry = made.done()["entry"]["id"].clone();
    desk.done("publishEntry", &entry, json!({})).await;
    entry
}

#[apply(both_databases)]
#[tokio::test]
async fn one_text_that_is_too_long_by_itself_is_given_by_its_summary(dialect: Dialect) {
    let portal = bounded(dialect).await;
    let desk = Desk::of(&portal).await;
    // As an answer it has room; as XML each sign takes more than it did.
    let body = format!("<p>{}</p>", "<i>a</i> &amp; ".repeat(BOUND / 24));
    in_category_of_its_own(&desk, "signs", &body).await;
    let question = "{ article(by: { slug: \"signs\" }) { body { html } } }";
    assert!(portal.query(question).await.data()["article"]["body"]["html"].as_str().unwrap().len() > BOUND / 2);
    for format in ["rss", "atom"] {
        let given = get(&portal, &format!("/en/categories/harbour.{format}")).await;
        assert_eq!(given.status, 200, "{dialect:?} {format}");
        assert!(given.bytes.len() <= BOUND, "{format} has {} bytes", given.bytes.len());
        given.has("In short.");
        given.lacks("a&lt;/i&gt;");
    }
    // What has room is given whole.
    get(&portal, "/en/categories/harbour.json").await.has("<i>a</i>");
    get(&portal, "/en/articles/signs.ninjs").await.has("<i>a</i>");
}

#[tokio::test]
async fn a_text_that_no_answer_can_hold_is_given_by_its_summary() {
    let portal = bounded(Dialect::Sqlite).await;
    let desk = Desk::of(&portal).await;
    in_category_of_its_own(&desk, "long", &format!("<p>{}</p>", "low water ".repeat(BOUND / 8))).await;
    for path in ["categories/harbour.rss", "categories/harbour.ninjs", "articles/long.ninjs"] {
        let given = get(&portal, &format!("/en/{path}")).await;
        assert_eq!(given.status, 200, "{path}");
        assert!(given.bytes.len() <= BOUND, "{path} has {} bytes", given.bytes.len());
        given.has("In short.");
        given.lacks("low water low water");
    }
}

#[tokio::test]
async fn where_not_even_the_summaries_have_room_there_are_fewer_and_a_way_on() {
    let portal = bounded(Dialect::Sqlite).await;
    let desk = Desk::of(&portal).await;
    let summary = "Fog. ".repeat(360);
    for number in 0..30 {
        desk.publish(&format!("fog-{number}"), "Fog", json!({ "summary": summary })).await;
    }
    for format in ["rss", "atom", "json", "ninjs"] {
        let (mut path, mut seen) = (format!("/en/feed.{format}"), 0);
        for _ in 0..3 {
            let given = get(&portal, &path).await;
            assert_eq!(given.status, 200, "{path}");
            assert!(given.bytes.len() <= BOUND, "{path} has {} bytes", given.bytes.len());
            seen += given.text().matches("Fog. Fog.").count().min(1);
            let next = given.text().split("after=").nth(1).unwrap_or_else(|| panic!("{path} leads no further"));
            path = format!("/en/feed.{format}?after={}", next.split(['"', '&', '\\']).next().unwrap());
        }
        assert_eq!(seen, 3, "{format}");
    }
}
