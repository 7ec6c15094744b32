//! Feeds of what is not there any more, or leads elsewhere.

use courant_outbound::Endpoint;
use courant_tests::{Dialect, Portal, apply, both_databases, receiver::Receiver};
use courant_workers::followers::ping::{Site, Told};
use serde_json::{Value, json};

use crate::{
    pings::service,
    support::{Desk, ORIGIN, beside, get, portal},
};

const FORMATS: [&str; 4] = ["rss", "atom", "json", "ninjs"];

async fn tag(desk: &Desk<'_>, slug: &str, name: &str) -> Value {
    let input = json!({ "slug": slug, "name": [{ "locale": "en", "text": name }] });
    let made = desk.admin.mutate("createTag", input, "tag { id } userErrors { code field message }").await;
    made.done()["tag"]["id"].clone()
}

async fn file(portal: &Portal, desk: &Desk<'_>, entry: &Value, tags: &[&Value]) {
    let category = portal.store.reference().categories.by_path("politics").unwrap().id.to_string();
    let input = json!({ "entryId": entry, "categoryId": category, "tags": tags });
    desk.admin.mutate("fileEntry", input, "userErrors { code field message }").await.done();
}

#[apply(both_databases)]
#[tokio::test]
async fn who_follows_a_tag_is_told_when_the_last_text_of_it_goes(dialect: Dialect) {
    let portal = portal(dialect).await;
    let desk = Desk::of(&portal).await;
    let cranes = tag(&desk, "cranes", "All about cranes").await;
    let secret = tag(&desk, "merger", "The merger").await;
    let entry = desk.write("a-crane", "A crane", json!({})).await;
    file(&portal, &desk, &entry, &[&cranes]).await;
    desk.done("publishEntry", &entry, json!({})).await;
    let before = get(&portal, "/en/tags/cranes.json").await.json();
    let id = before["items"][0]["id"].as_str().unwrap().to_owned();
    let feed_id = |atom: &str| atom.split_once("<id>").unwrap().1.split_once("</id>").unwrap().0.to_owned();
    let known_by = feed_id(get(&portal, "/en/tags/cranes.atom").await.text());
    desk.take_back(&entry, json!({ "gone": true })).await;

    for server in [&portal, &beside(&portal).await] {
        for format in FORMATS {
            let given = get(server, &format!("/en/tags/cranes.{format}")).await;
            assert_eq!(given.status, 200, "{dialect:?} {format}");
            given.has(&id);
            given.lacks("All about cranes");
            // Readers of the other languages had it, too.
            get(server, &format!("/ru/tags/cranes.{format}")).await.has("urn:uuid:");
        }
        let atom = get(server, "/en/tags/cranes.atom").await;
        atom.has(&format!("<at:deleted-entry ref=\"{id}\" when=\""));
        atom.has("<title>cranes · ");
        assert_eq!(feed_id(atom.text()), known_by, "followers know it by its id");
        for nowhere in
            ["/en/tags/cranes", "/en/tags/cranes.rss?day=2026-11-29", "/en/tags/merger.rss", "/en/tags/none.rss"]
        {
            assert_eq!(get(server, nowhere).await.status, 404, "{nowhere}");
        }
    }
    // What it is called since is nobody's business, and what only drafts have is as what never was.
    let other = desk.write("another", "Another", json!({})).await;
    file(&portal, &desk, &other, &[&cranes, &secret]).await;
    let input = json!({ "id": cranes, "slug": "cranes-and-derricks" });
    desk.admin.mutate("updateTag", input, "userErrors { code field message }").await.done();
    let draft = get(&portal, "/en/tags/merger.rss").await;
    let none = get(&portal, "/en/tags/nobody.rss").await;
    let said = |text: &str| serde_json::from_str::<Value>(text).unwrap()["errors"][0]["message"].clone();
    assert_eq!((draft.status, said(draft.text())), (none.status, said(none.text())));
    assert_eq!(get(&portal, "/en/tags/cranes-and-derricks.rss").await.status, 404, "{dialect:?}");
    get(&portal, "/en/tags/cranes.atom").await.has(&format!("<at:deleted-entry ref=\"{id}\""));
    // Once something live has it again, it is called what it is called.
    desk.done("publishEntry", &other, json!({})).await;
    get(&portal, "/en/tags/cranes-and-derricks.atom").await.has("<title>All about cranes");
}

#[apply(both_databases)]
#[tokio::test]
async fn what_is_live_again_elsewhere_is_told_of_no_more_by_a_feed_that_is_kept(dialect: Dialect) {
    let portal = portal(dialect).await;
    let desk = Desk::of(&portal).await;
    let cranes = tag(&desk, "cranes", "Cranes").await;
    let bridges = tag(&desk, "bridges", "Bridges").await;
    let stays = desk.write("stays", "It stays", json!({})).await;
    let moves = desk.write("moves", "It moves", json!({})).await;
    for entry in [&stays, &moves] {
        file(&portal, &desk, entry, &[&cranes]).await;
        desk.done("publishEntry", entry, json!({})).await;
    }
    desk.take_back(&moves, json!({ "gone": true })).await;
    // Its address is another's now: what becomes of that says nothing of it any more.
    desk.publish("moves", "Another", json!({})).await;
    let items = get(&portal, "/en/tags/cranes.json").await.json()["items"].clone();
    let gone = items.as_array().unwrap().iter().find(|item| item["_courant"]["state"] == "GONE").unwrap();
    let told = |format: &str| if format == "ninjs" { "canceled" } else { gone["id"].as_str().unwrap() };
    let path = |format: &str| format!("/en/tags/cranes.{format}");
    for format in FORMATS {
        get(&portal, &path(format)).await.has(told(format));
        let again = get(&portal, &path(format)).await;
        assert!(again.header("cache-status").contains("hit"), "{format}: {}", again.header("cache-status"));
    }
    desk.done("saveArticle", &moves, json!({ "basedOn": 1, "content": { "slug": "moved" } })).await;
    file(&portal, &desk, &moves, &[&bridges]).await;
    desk.done("publishEntry", &moves, json!({})).await;
    for format in FORMATS {
        get(&portal, &path(format)).await.lacks(told(format));
    }
}

#[tokio::test]
async fn a_hub_is_told_of_a_tag_that_its_last_text_leaves() {
    let portal = portal(Dialect::Sqlite).await;
    let hub = Receiver::good().await;
    let at = Endpoint::parse(&hub.url()).unwrap();
    let service = service(&portal, Told::hub(at, Site::new(ORIGIN))).await;
    let desk = Desk::of(&portal).await;
    let cranes = tag(&desk, "cranes", "Cranes").await;
    let entry = desk.write("a-crane", "A crane", json!({})).await;
    file(&portal, &desk, &entry, &[&cranes]).await;
    desk.done("publishEntry", &entry, json!({})).await;
    let of_tag = |bodies: &[Vec<u8>]| {
        let of = |body: &&Vec<u8>| String::from_utf8_lossy(body).contains("%2Fen%2Ftags%2Fcranes.rss");
        bodies.iter().filter(of).count()
    };
    let bodies = |got: &[courant_tests::receiver::Got]| got.iter().map(|got| got.body.clone()).collect::<Vec<_>>();
    let first = hub.until(|got| of_tag(&bodies(got)) > 0).await;
    let told = of_tag(&bodies(&first));
    desk.take_back(&entry, json!({ "vanish": true })).await;
    hub.until(|got| of_tag(&bodies(got)) > told).await;
    service.stop().await.unwrap();
}

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
