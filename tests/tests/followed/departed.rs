//! Feeds of what is not there any more, or leads elsewhere.

use courant_tests::{Dialect, apply, both_databases};
use serde_json::json;

use crate::support::{Desk, get, portal};

#[apply(both_databases)]
#[tokio::test]
async fn one_text_for_agencies_leads_where_its_page_leads(dialect: Dialect) {
    let portal = portal(dialect).await;
    let desk = Desk::of(&portal).await;
    let person = portal.query("{ persons(first: 1) { nodes { path } } }").await;
    let person = person.data()["persons"]["nodes"][0]["path"].as_str().unwrap().to_owned();
    desk.publish("stays", "It stays", json!({})).await;
    for (slug, ending, page, one) in [
        (
            "to-text",
            json!({ "redirect": "/en/articles/stays" }),
            (301, "/en/articles/stays"),
            (301, "/en/articles/stays.ninjs"),
        ),
        ("to-front", json!({ "redirect": "/en" }), (301, "/en"), (301, "/en/feed.ninjs")),
        ("to-other-front", json!({ "redirect": "/ru" }), (301, "/ru"), (301, "/ru/feed.ninjs")),
        (
            "to-list",
            json!({ "redirect": "/en/categories/politics" }),
            (301, "/en/categories/politics"),
            (301, "/en/categories/politics.ninjs"),
        ),
        ("to-person", json!({ "redirect": person }), (301, &*person), (301, &*person)),
        (
            "elsewhere",
            json!({ "redirect": "https://agency.example/a" }),
            (301, "https://agency.example/a"),
            (301, "https://agency.example/a"),
        ),
        ("goes", json!({ "gone": true }), (410, ""), (410, "")),
        ("vanishes", json!({ "vanish": true }), (404, ""), (404, "")),
        ("is-wrong", json!({ "notice": "It was wrong." }), (200, ""), (200, "")),
    ] {
        let entry = desk.publish(slug, slug, json!({})).await;
        desk.take_back(&entry, ending).await;
        for (end, (status, location)) in [("", page), (".ninjs", one)] {
            let path = format!("/en/articles/{slug}{end}");
            let given = get(&portal, &path).await;
            assert_eq!((given.status, given.header("location")), (status, location), "{dialect:?} {path}");
            // What a reader is led to is there.
            if location.starts_with('/') {
                assert_eq!(get(&portal, location).await.status, 200, "{location}");
            }
        }
    }
    assert_eq!(get(&portal, "/en/articles/is-wrong.ninjs").await.json()["pubStatus"], "canceled");
}
