//! Links of a text that lead to addresses of the site where nothing is.

use courant_domain::access::Role;
use courant_server::{Config, Origin};
use courant_tests::{Dialect, Portal, apply, both_databases};
use serde_json::{Value, json};

#[apply(both_databases)]
#[tokio::test]
async fn dead_links_are_named_and_stand_in_nobodys_way(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let admin = portal.as_role(Role::Admin).await;
    let category = portal.store.reference().categories.by_path("politics").unwrap().id.to_string();
    let live = portal.query("{ articles { nodes { path } } }").await;
    let live = live.data()["articles"]["nodes"][0]["path"].as_str().unwrap().to_owned();
    let redirect = json!({ "path": "/en/articles/old-wool", "target": live });
    admin.mutate("putRedirect", redirect, "userErrors { code }").await.done();
    let source = format!(
        "[live]({live}#top) [led](/en/articles/old-wool) [dead](/en/articles/no-wool?x=1) [tag](/en/tags/no-tag) \
         [home](/en) [file](/files/a.pdf) [out](https://example.org/en/articles/no-wool) [category](/en/categories/politics)"
    );
    let content = json!({ "title": "Links", "body": { "source": source } });
    let input = json!({ "categoryId": category, "locale": "en", "content": content });
    let made = admin.mutate("createArticle", input, "entry { id } userErrors { code }").await;
    let key = json!({ "entryId": made.done()["entry"]["id"], "locale": "en" });
    let selection = "version { state } warnings { code field target } userErrors { code }";
    let published = admin.mutate("publishEntry", key, selection).await;
    let warning = |target: &str| json!({ "code": "DEAD_LINK", "field": ["content", "body"], "target": target });
    let expected = [warning("/en/articles/no-wool?x=1"), warning("/en/tags/no-tag")];
    assert_eq!(published.done()["warnings"], json!(expected), "{dialect:?}");
    assert_eq!(published.done()["version"]["state"], "PUBLISHED");
}

#[apply(both_databases)]
#[tokio::test]
async fn a_dead_link_is_named_however_it_is_written(dialect: Dialect) {
    let Portal { database, store, .. } = Portal::with_samples(dialect).await;
    let origin = Origin::parse("https://news.example.org").unwrap();
    let portal = Portal::configured(database, store, Config { origin, ..Portal::config() }).await;
    let admin = portal.as_role(Role::Admin).await;
    let category = portal.store.reference().categories.by_path("politics").unwrap().id.to_string();
    let live = portal.query("{ articles { nodes { path slug } } }").await;
    let live = live.data()["articles"]["nodes"][0].clone();
    let (path, slug) = (live["path"].as_str().unwrap(), live["slug"].as_str().unwrap());
    for (path, target) in
        [("/en/articles/went", None), ("/old/went", None), ("/old/wool", Some(path)), ("/?p=7", Some(path))]
    {
        let input = json!({ "path": path, "target": target });
        admin.mutate("putRedirect", input, "userErrors { code }").await.done();
    }
    let dead = [
        "https://news.example.org/en/articles/no-wool",
        "http://NEWS.example.org:80/en/articles/no-wool",
        "https://news.example.org.:443/en/articles/no%2Dwool/#top",
        "//news.example.org/en/articles/no-wool?x=1",
        "no-wool",
        "./no-wool",
        "../articles/no-wool",
        "../tags/no-tag",
        "../x",
        "../../en/categories/politics/no-such",
        "/?p=8",
        "../../?p=8",
        "/en/tags/no-tag.rss",
        "/en/articles/no-wool.ninjs",
        "/en/articles/../decrees/no-decree",
        "went",
        "/old/went",
        "https://news.example.org/old/went",
    ];
    let well = [
        format!("https://news.example.org{path}"),
        format!("//news.example.org{path}?x=1#top"),
        slug.to_owned(),
        format!("../articles/{slug}"),
        format!("{path}.ninjs"),
        format!("/en/articles/../articles/{slug}"),
    ];
    let also_well = [
        "#top",
        "?p=1",
        "linking",
        "..",
        "../",
        "../../",
        "/?p=7",
        "/old/wool",
        "../categories/politics",
        "../politics",
        "../search?q=a",
        "/en/categories/politics.rss",
        "/en/feed.atom",
        "/sitemap.xml",
        "/files/a.pdf",
        "../files/a.pdf",
        "/about-us",
        "https://agency.example/en/articles/no-wool",
        "//agency.example/en/articles/no-wool",
        "https://news.example.org:8443/en/articles/no-wool",
        "mailto:desk@news.example.org",
    ];
    let links = dead.iter().copied().chain(well.iter().map(String::as_str)).chain(also_well);
    let source: String = links.map(|link| format!("<p><a href=\"{link}\">link</a></p>")).collect();
    let content = json!({ "title": "Links", "slug": "linking", "body": { "format": "HTML", "source": source } });
    let input = json!({ "categoryId": category, "locale": "en", "content": content });
    let made = admin.mutate("createArticle", input, "entry { id } userErrors { code field message }").await;
    let key = json!({ "entryId": made.done()["entry"]["id"], "locale": "en" });
    let published = admin.mutate("publishEntry", key, "warnings { target } userErrors { code }").await;
    let named: Vec<&Value> =
        published.done()["warnings"].as_array().unwrap().iter().map(|warning| &warning["target"]).collect();
    assert_eq!(json!(named), json!(dead), "{dialect:?}");
}
