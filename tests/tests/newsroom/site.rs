//! What the site is, and where its paths lead, as an administrator changes it.

use courant_domain::{access::Role, zone::ZoneName};
use courant_server::{Config, Origin};
use courant_tests::{Dialect, Portal, TestDatabase, apply, both_databases};
use serde_json::{Value, json};

const ERRORS: &str = "userErrors { code field message }";

#[apply(both_databases)]
#[tokio::test]
async fn redirects_leave_the_servers_own_paths_alone_and_drop_nothing(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let publisher = portal.as_role(Role::Publisher).await;
    let put = async |path: &str, target: Option<&str>| {
        let selection = "path userErrors { code field }";
        let answer = publisher.mutate("putRedirect", json!({ "path": path, "target": target }), selection).await;
        answer.data()["putRedirect"]["userErrors"].clone()
    };
    let invalid = |field: &str| json!([{ "code": "INVALID", "field": [field] }]);
    for path in [
        "/graphql",
        "/%67raphql",
        "/graphiql/assets/app.js",
        "/healthz",
        "/readyz",
        "/assets/app.css",
        "/studio",
        "/feeds/latest.rss",
        "/docs",
        "/schema.graphql",
        "/favicon.ico",
        "/en/search",
        "/tk/decrees",
        "/old?utm_source=x",
        "/old?b=2&a=1",
        "/graphql?p=1",
        "/old#top",
        "/?p=12&preview=1",
        "/e/../f",
        "/a//b",
        "//a/b",
        "/./x",
        "/x/.",
        "/%2e%2e/x",
        "/x/%2E./y",
        "/x\\y",
        "/e/../f?p=12",
        "/en/articles/../articles/old",
        "",
        " ",
        "?x",
    ] {
        assert_eq!(put(path, Some("/en")).await, invalid("path"), "{dialect:?} {path}");
    }
    for target in [
        "/en?x=1",
        "/en#top",
        "/en/feeds/last-news?x",
        "/graphql",
        "/en/../en",
        "//en",
        "/./en",
        "/%2e/en",
        "/en//feeds/last-news",
        "",
        " ",
        "\u{200b}",
        "?x",
    ] {
        assert_eq!(put("/old", Some(target)).await, invalid("target"), "{dialect:?} {target}");
    }
    for (path, target) in [
        ("/old", "/en"),
        ("/?p=12", "/en/feeds/last-news"),
        ("/old?page=2", "/en"),
        ("/archive/feeds", "https://example.org/a?b#c"),
        ("/xx/search", "/en"),
    ] {
        assert_eq!(put(path, Some(target)).await, json!([]), "{dialect:?} {path}");
    }
    assert_eq!(portal.database.broken().await, [""; 0], "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn a_categorys_own_feed_goes_with_it(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let admin = portal.as_role(Role::Admin).await;
    let text = |text: &str| json!([{ "locale": "en", "text": text }]);
    let make = async |title: &str| {
        let made =
            admin.mutate("createCategory", json!({ "title": text(title) }), "category { id } userErrors { code }");
        made.await.done()["category"]["id"].clone()
    };
    let delete =
        async |id: &Value| admin.mutate("deleteCategory", json!({ "id": id }), &format!("deletedId {ERRORS}")).await;
    let feeds = async |id: &Value| -> Vec<Value> {
        let answer = admin.query("{ editorial { feeds { id categories { id } } } }").await;
        let feeds = answer.data()["editorial"]["feeds"].as_array().unwrap().clone();
        feeds
            .into_iter()
            .filter(|feed| feed["categories"] == json!([{ "id": id }]))
            .map(|feed| feed["id"].clone())
            .collect()
    };
    let wool = make("Wool").await;
    admin
        .mutate("updateFeed", json!({ "id": feeds(&wool).await[0], "title": text("All of wool") }), ERRORS)
        .await
        .done();
    assert_eq!(delete(&wool).await.done()["deletedId"], wool, "{dialect:?}");
    let gone = portal.query("{ route(path: \"/en/feeds/wool\") { __typename } feed(slug: \"wool\") { slug } }").await;
    assert_eq!(*gone.data(), json!({ "route": { "__typename": "Gone" }, "feed": null }), "{dialect:?}");

    // One that has been made another, pins something, or draws from others, too, is somebody's.
    let silk = make("Silk").await;
    let feed = feeds(&silk).await[0].clone();
    let entry = portal.query("{ articles { nodes { entryId } } }").await;
    let entry = entry.data()["articles"]["nodes"][0]["entryId"].clone();
    let update = async |change: Value| {
        let mut input = json!({ "id": feed });
        input.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        admin.mutate("updateFeed", input, ERRORS).await.done();
    };
    for (change, back) in [
        (json!({ "kinds": ["ARTICLE"] }), json!({ "kinds": [] })),
        (json!({ "order": "MOST_READ" }), json!({ "order": "LATEST" })),
        (json!({ "includeDescendants": false }), json!({ "includeDescendants": true })),
    ] {
        update(change.clone()).await;
        assert_eq!(delete(&silk).await.user_errors(), ["IN_USE"], "{dialect:?} {change}");
        update(back).await;
    }
    admin.mutate("pinEntry", json!({ "feedId": feed, "entryId": entry }), ERRORS).await.done();
    assert_eq!(delete(&silk).await.user_errors(), ["IN_USE"], "{dialect:?}");
    admin.mutate("unpinEntry", json!({ "feedId": feed, "entryId": entry }), ERRORS).await.done();
    assert_eq!(delete(&silk).await.done()["deletedId"], silk, "{dialect:?}");
    assert_eq!(portal.database.broken().await, [""; 0], "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn a_feed_that_somebody_made_keeps_its_category(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let admin = portal.as_role(Role::Admin).await;
    let text = |text: &str| json!([{ "locale": "en", "text": text }]);
    let created = admin.mutate("createCategory", json!({ "title": text("Src") }), "category { id }").await;
    let category = created.done()["category"]["id"].clone();
    let input =
        json!({ "slug": "partners", "title": text("Partners"), "categoryIds": [category], "includeDescendants": true });
    let feed = admin.mutate("createFeed", input, "feed { id } userErrors { code }").await.done()["feed"]["id"].clone();
    let delete = async || {
        let answer = admin.mutate("deleteCategory", json!({ "id": category }), &format!("deletedId {ERRORS}")).await;
        answer.data()["deleteCategory"].clone()
    };
    let used = json!([{ "code": "IN_USE", "field": ["id"], "message": "the feed partners uses it" }]);
    assert_eq!(delete().await, json!({ "deletedId": null, "userErrors": used }), "{dialect:?}");
    let feeds = portal.query("{ one: feed(slug: \"partners\") { slug } own: feed(slug: \"src\") { slug } }").await;
    assert_eq!(*feeds.data(), json!({ "one": { "slug": "partners" }, "own": { "slug": "src" } }), "{dialect:?}");

    // How many use it is said as one says it.
    let content = json!({ "title": "One", "body": { "source": "Words." } });
    let input = json!({ "categoryId": category, "locale": "en", "content": content });
    admin.mutate("deleteFeed", json!({ "id": feed }), ERRORS).await.done();
    for message in ["1 entry uses it", "2 entries use it"] {
        admin.mutate("createArticle", input.clone(), "entry { id } userErrors { code }").await.done();
        assert_eq!(delete().await["userErrors"][0]["message"], message, "{dialect:?}");
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn the_site_is_moved_to_another_time_zone(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let (admin, publisher) = (portal.as_role(Role::Admin).await, portal.as_role(Role::Publisher).await);
    let selection = "site { name timeZone profiles } userErrors { code field }";
    let update = async |input: Value| admin.mutate("updateSite", input, selection).await;
    assert_eq!(publisher.mutate("updateSite", json!({ "timeZone": "UTC" }), selection).await.code(), "FORBIDDEN");
    let site = "{ site { name timeZone profiles } }";
    let before = portal.query(site).await.data()["site"].clone();
    let pages = ["https://social.example/@portal", "https://video.example/portal"];
    let changed = update(json!({ "timeZone": "pacific/kiritimati", "profiles": pages })).await;
    let now = json!({ "name": before["name"], "timeZone": "Pacific/Kiritimati", "profiles": pages });
    assert_eq!(changed.done()["site"], now, "{dialect:?}");
    assert_eq!(portal.query(site).await.data()["site"], now, "{dialect:?}: readers' caches hear of it");
    let head = portal.store.reference().seq;
    update(json!({ "timeZone": "Pacific/Kiritimati" })).await.done();
    assert_eq!(portal.store.reference().seq, head, "{dialect:?}: nothing is different");
    for (input, field) in [
        (json!({ "timeZone": "Asia/Atlantis" }), json!(["timeZone"])),
        (json!({ "profiles": ["https://a.example", "/en"] }), json!(["profiles", "1"])),
        (json!({ "profiles": ["https://a.example", "https://a.example"] }), json!(["profiles", "1"])),
        (json!({ "profiles": vec!["https://a.example"; 21] }), json!(["profiles"])),
    ] {
        let refused = update(input.clone()).await;
        assert_eq!(
            refused.data()["updateSite"]["userErrors"][0],
            json!({ "code": "INVALID", "field": field }),
            "{input}"
        );
    }

    // "Today" is the site's: between the two zones it is never the same day.
    let today = ZoneName::parse("Pacific/Kiritimati").unwrap().day(portal.store.now());
    let category = portal.store.reference().categories.by_path("politics").unwrap().id.to_string();
    let content = json!({ "title": "From today on", "slug": "from-today-on", "number": "today", "body": { "source": "So be it." },
        "signedOn": "2026-01-02", "effectiveOn": today.to_string() });
    let input = json!({ "categoryId": category, "locale": "en", "content": content });
    let made = admin.mutate("createDecree", input, "entry { id } userErrors { code }").await;
    let key = json!({ "entryId": made.done()["entry"]["id"], "locale": "en" });
    admin.mutate("publishEntry", key, ERRORS).await.done();
    let status = "{ decree(by: { slug: \"from-today-on\" }) { status } }";
    assert_eq!(portal.query(status).await.data()["decree"]["status"], "IN_FORCE", "{dialect:?}");
    update(json!({ "timeZone": "Pacific/Pago_Pago", "profiles": null })).await.done();
    assert_eq!(portal.query(status).await.data()["decree"]["status"], "NOT_YET_IN_FORCE", "{dialect:?}");
    update(json!({ "timeZone": null })).await.done();
    let site = portal.query(site).await.data()["site"].clone();
    assert_eq!((&site["timeZone"], &site["profiles"]), (&json!("UTC"), &json!([])), "{dialect:?}");
    let query =
        "{ editorial { auditLog(filter: { acts: [UPDATE_SITE] }) { totalCount nodes { detail { name value } } } } }";
    let log = admin.query(query).await;
    assert_eq!(log.data()["editorial"]["auditLog"]["totalCount"], 3, "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn a_preview_has_the_whole_address(dialect: Dialect) {
    for origin in [None, Some("https://news.example.org")] {
        let database = TestDatabase::migrated(dialect).await;
        let store = database.open().await;
        let mut config: Config = Portal::config();
        if let Some(origin) = origin {
            config.origin = Origin::parse(origin).unwrap();
        }
        let portal = Portal::configured(database, store, config).await;
        let admin = portal.as_role(Role::Admin).await;
        let title = json!([{ "locale": "en", "text": "Wool" }]);
        let made =
            admin.mutate("createCategory", json!({ "title": title }), "category { id } userErrors { code }").await;
        let category = made.done()["category"]["id"].clone();
        let create = async |content: Value| {
            let input = json!({ "categoryId": category, "locale": "en", "content": content });
            let made = admin.mutate("createArticle", input, "entry { id } userErrors { code }").await;
            let key = json!({ "entryId": made.done()["entry"]["id"], "locale": "en" });
            admin.mutate("createPreview", key, &format!("token url path {ERRORS}")).await.done().clone()
        };
        let made = create(json!({ "title": "Sheep", "slug": "sheep" })).await;
        let token = made["token"].as_str().unwrap();
        let expected = format!("{}/en/articles/sheep?preview={token}", origin.unwrap_or_default());
        assert_eq!(made["url"], expected, "{dialect:?}");
    }
}
