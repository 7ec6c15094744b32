//! What feeds say.

use courant_domain::{locale::Locale, site::SiteLocale, zone::ZoneName};
use courant_tests::{Dialect, Portal, apply, both_databases};
use serde_json::{Value, json};

use crate::support::{Desk, Given, ORIGIN, get, get_with, portal};

/// The value between two pieces of a text, after a third.
fn after<'a>(text: &'a str, start: &str, before: &str, end: &str) -> &'a str {
    let (_, text) = text.split_once(start).unwrap_or_else(|| panic!("{start} is not in {text}"));
    let (_, text) = text.split_once(before).unwrap_or_else(|| panic!("{before} is not in {text}"));
    text.split_once(end).unwrap().0
}

/// What is said of the item of a title in JSON.
fn item(given: &Given, title: &str) -> Option<Value> {
    given.json()["items"].as_array().unwrap().iter().find(|item| item["title"] == title).cloned()
}

#[apply(both_databases)]
#[tokio::test]
async fn every_list_has_a_feed_in_every_language_and_format(dialect: Dialect) {
    let portal = portal(dialect).await;
    for (end, media_type, own) in [
        (
            "rss",
            "application/rss+xml; charset=utf-8",
            "<atom:link rel=\"self\" type=\"application/rss+xml\" href=\"ADDRESS\"/>",
        ),
        (
            "atom",
            "application/atom+xml; charset=utf-8",
            "<link rel=\"self\" type=\"application/atom+xml\" href=\"ADDRESS\"/>",
        ),
        ("json", "application/feed+json; charset=utf-8", "\"feed_url\":\"ADDRESS\""),
        ("ninjs", "application/json", "{\"role\":\"self\",\"value\":\"ADDRESS\"}"),
    ] {
        for locale in ["en", "ru", "tk"] {
            for stem in [
                "feed",
                "feeds/last-news",
                "feeds/most-read",
                "feeds/editors-choice",
                "categories/politics",
                "tags/treaties",
            ] {
                let path = format!("/{locale}/{stem}.{end}");
                let given = get(&portal, &path).await;
                assert_eq!((given.status, given.header("content-type")), (200, media_type), "{path} {}", given.text());
                given.has(&own.replace("ADDRESS", &format!("{ORIGIN}{path}")));
                assert!(given.header("link").contains(&format!("<{ORIGIN}{path}>; rel=\"self\"")));
            }
        }
    }
    for path in ["/en/feeds/none.rss", "/en/tags/none.atom", "/en/categories/none/none.json", "/en/articles/none.ninjs"]
    {
        assert_eq!(get(&portal, path).await.status, 404, "{path}");
    }
    assert_eq!(get(&portal, "/en/feed.rss?after=nonsense").await.status, 404);
    // What has no end of a feed's is a page, and what is of no language of the site is none.
    assert_eq!(get(&portal, "/en/feeds/last-news").await.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(get(&portal, "/fr/feed.rss").await.status, 404);
}

#[apply(both_databases)]
#[tokio::test]
async fn a_text_is_known_by_one_id_whatever_it_is_called(dialect: Dialect) {
    let portal = portal(dialect).await;
    let desk = Desk::of(&portal).await;
    let entry = desk.publish("a-crane", "A crane", json!({ "summary": "It lifts." })).await;
    let found = item(&get(&portal, "/en/categories/politics.json").await, "A crane").unwrap();
    assert_eq!(found["url"], format!("{ORIGIN}/en/articles/a-crane"));
    assert_eq!(found["summary"], "It lifts.");
    assert!(found["content_html"].as_str().unwrap().contains(&format!("<a href=\"{ORIGIN}/en/decrees\"")), "{found}");
    desk.done(
        "saveArticle",
        &entry,
        json!({ "basedOn": 1, "content": { "slug": "two-cranes", "title": "Two cranes" } }),
    )
    .await;
    desk.done("publishEntry", &entry, json!({ "changeNote": "There are two." })).await;
    let given = get(&portal, "/en/categories/politics.json").await;
    assert!(item(&given, "A crane").is_none());
    let now = item(&given, "Two cranes").unwrap();
    assert_eq!((&now["id"], &now["url"]), (&found["id"], &json!(format!("{ORIGIN}/en/articles/two-cranes"))));
    assert!(now["date_modified"].as_str().unwrap() > found["date_modified"].as_str().unwrap());
    assert_eq!(now["date_published"], found["date_published"]);
    assert_eq!(now["_courant"]["changes"][0]["note"], "There are two.");
    assert!(now["content_html"].as_str().unwrap().contains("There are two."));
    let atom = get(&portal, "/en/feed.atom").await;
    assert_eq!(after(atom.text(), "<entry>", "<id>", "</id>"), now["id"].as_str().unwrap());
    // The text by itself, at its old address, too.
    let one = get(&portal, "/en/articles/a-crane.ninjs").await;
    assert_eq!((one.status, one.header("location")), (301, "/en/articles/two-cranes.ninjs"));
    let one = get(&portal, "/en/articles/two-cranes.ninjs").await;
    assert_eq!((one.json()["uri"].as_str(), one.json()["pubStatus"].as_str()), (found["id"].as_str(), Some("usable")));
}

#[apply(both_databases)]
#[tokio::test]
async fn what_is_taken_back_is_told_to_those_who_have_it(dialect: Dialect) {
    let portal = portal(dialect).await;
    let desk = Desk::of(&portal).await;
    let mut ids = Vec::new();
    for (slug, ending) in [
        ("goes", json!({ "gone": true })),
        ("moves", json!({ "redirect": "/en/articles/stays" })),
        ("vanishes", json!({ "vanish": true })),
        ("is-wrong", json!({ "notice": "It **was** wrong." })),
    ] {
        if ids.is_empty() {
            desk.publish("stays", "It stays", json!({})).await;
        }
        let entry = desk.publish(slug, slug, json!({})).await;
        let given = get(&portal, "/en/feeds/last-news.json").await;
        ids.push((item(&given, slug).unwrap()["id"].as_str().unwrap().to_owned(), entry.clone()));
        desk.take_back(&entry, ending).await;
    }
    for feed in ["/en/feeds/last-news", "/en/feed", "/en/categories/politics"] {
        let atom = get(&portal, &format!("{feed}.atom")).await;
        for (id, _) in &ids[..3] {
            atom.has(&format!("<at:deleted-entry ref=\"{id}\" when=\""));
        }
        atom.has(&format!("<link rel=\"related\" href=\"{ORIGIN}/en/articles/stays\"/>\n</at:deleted-entry>"));
        atom.lacks(&format!("<at:deleted-entry ref=\"{}\"", ids[3].0));
        atom.has(
            "&lt;strong&gt;Withdrawn&lt;/strong&gt;&lt;/p&gt;\n&lt;p&gt;It &lt;strong&gt;was&lt;/strong&gt; wrong.",
        );
        let json = get(&portal, &format!("{feed}.json")).await.json();
        let state = |id: &str| {
            let item = json["items"].as_array().unwrap().iter().find(|item| item["id"] == id).unwrap();
            (item["_courant"]["state"].as_str().unwrap().to_owned(), item["url"].as_str().map(str::to_owned))
        };
        assert_eq!(state(&ids[0].0), ("GONE".to_owned(), Some(format!("{ORIGIN}/en/articles/goes"))));
        assert_eq!(state(&ids[1].0), ("MOVED".to_owned(), Some(format!("{ORIGIN}/en/articles/stays"))));
        assert_eq!(state(&ids[2].0), ("GONE".to_owned(), None));
        assert_eq!(state(&ids[3].0).0, "WITHDRAWN");
    }
    // Where they never were, nothing is told of them; nor of what is there again.
    get(&portal, "/en/categories/culture.atom").await.lacks("<at:deleted-entry ref");
    desk.done("publishEntry", &ids[0].1, json!({})).await;
    let atom = get(&portal, "/en/feed.atom").await;
    atom.lacks(&format!("ref=\"{}\"", ids[0].0));
    atom.has(&format!("<id>{}</id>", ids[0].0));
    // A server that has just begun says the same.
    let other = crate::support::beside(&portal).await;
    assert_eq!(get(&other, "/en/feed.atom").await.text(), atom.text(), "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn a_notice_is_told_of_in_every_feed_that_had_the_text(dialect: Dialect) {
    let portal = portal(dialect).await;
    let desk = Desk::of(&portal).await;
    let node = "nodes { id entryId locale path }";
    let oldest = portal.query(&format!("{{ list: articles(locale: \"en\", last: 1) {{ {node} }} }}")).await;
    let oldest = oldest.data()["list"]["nodes"][0].clone();
    let chosen = format!("{{ feed(slug: \"editors-choice\", locale: \"en\") {{ items(first: 1) {{ {node} }} }} }}");
    let chosen = portal.query(&chosen).await.data()["feed"]["items"]["nodes"][0].clone();
    let told = async |server: &Portal, feed: &str, path: &Value| {
        let url = format!("{ORIGIN}{}", path.as_str().unwrap());
        let items = get(server, &format!("/en/{feed}.json")).await.json()["items"].as_array().unwrap().clone();
        let found: Vec<Value> = items.into_iter().filter(|item| item["url"] == url.as_str()).collect();
        assert!(found.len() < 2, "{feed} tells of {url} twice");
        found.first().map(|item| item["_courant"]["state"].as_str().unwrap_or("LIVE").to_owned())
    };
    assert_eq!(told(&portal, "feed", &oldest["path"]).await, None, "it is among the first 30");
    assert_eq!(told(&portal, "feeds/editors-choice", &chosen["path"]).await.as_deref(), Some("LIVE"));
    for text in [&oldest, &chosen] {
        let ending = json!({ "locale": text["locale"], "ending": { "notice": "It was **made up**." } });
        desk.done("unpublishEntry", &text["entryId"], ending).await;
    }
    // A server that has just begun says the same.
    for server in [&portal, &crate::support::beside(&portal).await] {
        for (feed, text) in [("feed", &oldest), ("feed", &chosen), ("feeds/editors-choice", &chosen)] {
            assert_eq!(told(server, feed, &text["path"]).await.as_deref(), Some("WITHDRAWN"), "{dialect:?} {feed}");
        }
        assert_eq!(told(server, "feeds/editors-choice", &oldest["path"]).await, None);
    }
    let atom = get(&portal, "/en/feeds/editors-choice.atom").await;
    atom.has("It was &lt;strong&gt;made up&lt;/strong&gt;");
    let ninjs = get(&portal, "/en/feeds/editors-choice.ninjs").await.text().matches("\"canceled\"").count();
    assert_eq!(ninjs, 1);
    get(&portal, "/en/feeds/editors-choice.rss").await.has("It was made up.");
    // What is there again has none.
    desk.done("publishEntry", &oldest["entryId"], json!({ "locale": oldest["locale"] })).await;
    assert_eq!(told(&portal, "feed", &oldest["path"]).await, None);
    // What goes for good is told of as gone.
    let ending = json!({ "locale": chosen["locale"], "ending": { "gone": true } });
    desk.done("unpublishEntry", &chosen["entryId"], ending).await;
    assert_eq!(told(&portal, "feeds/editors-choice", &chosen["path"]).await.as_deref(), Some("GONE"));
}

#[tokio::test]
async fn a_feed_that_is_called_otherwise_is_found_by_its_old_address() {
    let portal = portal(Dialect::Sqlite).await;
    let desk = Desk::of(&portal).await;
    let feeds = desk.admin.query("{ editorial { feeds { id slug } } }").await;
    let feeds = feeds.data()["editorial"]["feeds"].as_array().unwrap().clone();
    let feed = feeds.iter().find(|feed| feed["slug"] == "last-news").unwrap();
    let id = get(&portal, "/en/feeds/last-news.atom").await;
    let id = after(id.text(), "<feed", "<id>", "</id>").to_owned();
    let input = json!({ "id": feed["id"], "slug": "newest" });
    desk.admin.mutate("updateFeed", input, "userErrors { code message }").await.done();
    let given = get(&portal, "/en/feeds/last-news.atom").await;
    assert_eq!((given.status, given.header("location")), (301, "/en/feeds/newest.atom"));
    let given = get(&portal, "/en/feeds/newest.atom").await;
    assert_eq!(after(given.text(), "<feed", "<id>", "</id>"), id);
    // An old site's feed is moved by a redirect.
    let input = json!({ "path": "/rss.xml", "target": "/en/feed.rss" });
    desk.admin.mutate("putRedirect", input, "userErrors { code message }").await.done();
    let given = get(&portal, "/rss.xml").await;
    assert_eq!((given.status, given.header("location")), (301, "/en/feed.rss"));
}

#[apply(both_databases)]
#[tokio::test]
async fn archives_lead_to_everything_that_was_ever_published(dialect: Dialect) {
    let portal = portal(dialect).await;
    let answer = portal
        .query("{ publications(locale: \"en\", first: 100, filter: { includeWithdrawn: true }) { totalCount } }")
        .await;
    let all = answer.data()["publications"]["totalCount"].as_u64().unwrap() as usize;
    let mut path = "/en/feed.atom".to_owned();
    let (mut seen, mut documents) = (std::collections::BTreeSet::new(), 0);
    loop {
        let given = get(&portal, &path).await;
        assert_eq!(given.status, 200, "{path}");
        documents += 1;
        let entries = given.text().split("<entry").skip(1);
        seen.extend(entries.map(|entry| entry.split_once("<id>").unwrap().1.split_once("</id>").unwrap().0.to_owned()));
        if documents > 1 {
            given.has("<fh:archive/>");
            given.has(&format!("<link rel=\"current\" href=\"{ORIGIN}/en/feed.atom\"/>"));
            given.lacks("at:deleted-entry ref");
        }
        let Some((_, rest)) = given.text().split_once("<link rel=\"prev-archive\" href=\"") else { break };
        path = rest.split_once('"').unwrap().0.replace("&amp;", "&").replace(ORIGIN, "");
    }
    assert_eq!(seen.len(), all, "{dialect:?}");
    assert!(documents > 2 && all > 30);
    // Pages lead there as well.
    let (mut path, mut count) = ("/en/feed.json".to_owned(), 0);
    loop {
        let given = get(&portal, &path).await.json();
        count += given["items"].as_array().unwrap().len();
        let Some(next) = given["next_url"].as_str() else { break };
        path = next.replace(ORIGIN, "");
    }
    assert_eq!(count, all);
    assert_eq!(get(&portal, "/en/feed.atom?day=1999-01-01").await.status, 404);
    get(&portal, "/en/feeds/most-read.atom").await.lacks("prev-archive");
}

#[tokio::test]
async fn a_site_may_give_summaries_alone() {
    let portal = portal(Dialect::Sqlite).await;
    let whole = |text: &str| text.matches("<content:encoded>").count();
    assert_eq!(whole(get(&portal, "/en/feed.rss").await.text()), 30);
    let mut site = portal.store.reference().site.clone();
    site.short_feeds = true;
    portal.store.newsroom().site_put(&site).await.unwrap();
    let given = get(&portal, "/en/feed.rss").await;
    // Notices of what was withdrawn are given all the same.
    assert_eq!(whole(given.text()), given.text().matches("&lt;strong&gt;Withdrawn&lt;/strong&gt;").count());
    given.has("<description>");
}

#[tokio::test]
async fn whoever_opens_a_feed_in_a_browser_reads_a_page() {
    let portal = portal(Dialect::Sqlite).await;
    let desk = Desk::of(&portal).await;
    desk.publish("odd", "</title><script>x()</script>", json!({ "summary": "\"&<b>" })).await;
    let browser = [("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")];
    let page = get_with(&portal, "/ru/categories/politics.atom", &browser).await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert_eq!(page.header("vary"), "accept, accept-encoding");
    page.has("<html lang=\"ru\" dir=\"ltr\">");
    page.has("href=\"/ru/categories/politics.rss\"");
    page.has(&format!("<code dir=\"ltr\">{ORIGIN}/ru/categories/politics.atom</code>"));
    page.lacks("<script>");
    let policy = page.header("content-security-policy");
    assert!(policy.contains("style-src 'sha256-") && !policy.contains("unsafe"), "{policy}");
    let page = get_with(&portal, "/en/feed.rss", &browser).await;
    page.has("&lt;/title&gt;&lt;script&gt;x()&lt;/script&gt;");
    page.lacks("<script>");
    let feed = get_with(&portal, "/en/feed.rss", &[("accept", "application/rss+xml, text/html;q=0.5")]).await;
    assert_eq!(feed.header("content-type"), "application/rss+xml; charset=utf-8");
}

#[tokio::test]
async fn the_page_of_a_feed_has_the_days_of_the_site_and_the_directions_of_its_languages() {
    let portal = portal(Dialect::Sqlite).await;
    let mut site = portal.store.reference().site.clone();
    site.time_zone = ZoneName::parse("Asia/Ashgabat").unwrap();
    let tag = Locale::parse("ar").unwrap();
    let fallbacks = vec![site.default_locale];
    site.locales.push(SiteLocale { tag, name: "العربية".to_owned(), fallbacks });
    portal.store.newsroom().site_put(&site).await.unwrap();
    let desk = Desk::of(&portal).await;
    let entry = desk.write("late", "Late train", json!({ "summary": "It came." })).await;
    desk.done("publishEntry", &entry, json!({ "publishedAt": "2026-03-04T20:30:00Z" })).await;
    let content = json!({ "slug": "bbc", "title": "BBC تعود", "summary": "BBC.", "body": { "source": "كلمة." } });
    let input = json!({ "categoryId": desk.category, "locale": "ar", "content": content });
    let made = desk.admin.mutate("createArticle", input, "entry { id } userErrors { code field message }").await;
    let input = json!({ "entryId": made.done()["entry"]["id"], "locale": "ar" });
    desk.admin.mutate("publishEntry", input, "userErrors { code field message }").await.done();

    let browser = [("accept", "text/html")];
    let mut page = get_with(&portal, "/ar/categories/politics.rss", &browser).await;
    page.has("<html lang=\"ar\" dir=\"rtl\">");
    // What begins with a foreign letter is written in the direction of its language all the same.
    page.has(&format!("<article>\n<h2><a href=\"{ORIGIN}/ar/articles/bbc\">BBC تعود</a></h2>"));
    page.has("<p>BBC.</p>");
    // The words of feeds are not there in Arabic.
    page.has("<p lang=\"en\" dir=\"ltr\">This is a feed.");
    page.has("<article lang=\"en\" dir=\"ltr\">\n<h2>");
    page.lacks("dir=\"auto\"");
    while !page.text().contains("Late train") {
        let next = after(page.text(), "class=\"more\"", "href=\"", "\"").replace("&amp;", "&");
        page = get_with(&portal, next.strip_prefix(ORIGIN).unwrap(), &browser).await;
    }
    page.has("<time datetime=\"2026-03-04T20:30:00Z\">2026-03-05</time>");
}
