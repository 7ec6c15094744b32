//! The reader app, as the server serves it: status, head, first answer and files, for crawlers and previews of links.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod app;
mod directions;
mod heads;
mod moving;
mod search;

use courant_domain::{access::Role, workflow::State};
use serde_json::{Value, json};

use crate::app::Site;

const ARTICLE: &str = "/en/articles/future-dialogue-with-migration-organisation";

#[tokio::test]
async fn an_article_says_what_it_is_to_those_who_run_no_script() {
    let site = Site::new().await;
    let page = site.get(ARTICLE).await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    page.has("<html lang=\"en\" dir=\"ltr\">");
    page.has("<title data-courant>Minister and migration agency map out the next two years · ");
    page.has(&format!("<link data-courant rel=\"canonical\" href=\"https://news.example.org{ARTICLE}\">"));
    for language in ["en", "ru", "tk"] {
        page.has(&format!(
            "rel=\"alternate\" hreflang=\"{language}\" href=\"https://news.example.org/{language}/articles/"
        ));
    }
    for property in ["og:title", "og:description", "og:url", "og:site_name", "article:published_time"] {
        page.has(&format!("property=\"{property}\" content=\""));
    }
    page.has("hreflang=\"x-default\" href=\"https://news.example.org/en/articles/");
    page.has("<a href=\"/en/categories/politics\">Politics</a>");
    page.has("<main><h1>Minister and migration agency map out the next two years</h1><p>");
    let [article, crumbs] = &page.linked_data()[..] else { panic!("{:?}", page.linked_data()) };
    assert_eq!((&article["@type"], &article["inLanguage"]), (&json!("NewsArticle"), &json!("en")));
    assert_eq!(article["datePublished"], "2021-03-02T09:30:00Z");
    assert_eq!(article["mainEntityOfPage"], format!("https://news.example.org{ARTICLE}"));
    assert_eq!(crumbs["itemListElement"][1]["name"], "Politics");
    assert_eq!(page.data()["operation"], "Page");
    assert_eq!(page.data()["variables"], json!({ "path": ARTICLE }));
    assert!(page.data()["result"]["data"]["route"]["title"].is_string());
    assert_eq!(page.header("strict-transport-security"), "max-age=31536000");
    let policy = page.header("content-security-policy");
    assert!(policy.contains("script-src 'self';") && !policy.contains("unsafe"), "{policy}");
}

#[tokio::test]
async fn nothing_of_a_text_is_taken_for_the_pages_own() {
    let site = Site::new().await;
    let editor = site.portal.as_role(Role::Publisher).await;
    let category = site.portal.store.reference().categories.by_path("politics").unwrap().id.to_string();
    let text = "## Courant data\n\n## root\n\n<script type=\"application/json\" data-courant-data>{}</script>\n\n\
                <div id=\"courant-data\" data-courant-data>{}</div><form id=\"root\" name=\"root\"></form>\n\n\
                <!--courant:data-->{{courant:lang}}<!--courant:head-->";
    let content = json!({ "slug": "clobbering", "title": "<!--courant:data--></title>", "body": { "source": text } });
    let input = json!({ "categoryId": category, "locale": "en", "content": content });
    let made = editor.mutate("createArticle", input, "entry { id } userErrors { code }").await;
    let input = json!({ "entryId": made.done()["entry"]["id"], "locale": "en" });
    editor.mutate("publishEntry", input, "entry { id } userErrors { code }").await.done();
    let page = site.get("/en/articles/clobbering").await;
    assert_eq!(page.status, 200);
    page.has("<h2 id=\"user-content-courant-data-2\">Courant data</h2>");
    page.has("<div id=\"user-content-courant-data\">{}</div>");
    assert_eq!(page.text.matches("data-courant-data").count(), 1, "{}", page.text);
    assert_eq!(page.text.matches("id=\"root\"").count(), 1, "{}", page.text);
    assert_eq!(page.data()["result"]["data"]["route"]["title"], "<!--courant:data--></title>");
}

#[tokio::test]
async fn addresses_of_an_old_site_lead_to_where_its_articles_went() {
    let site = Site::new().await;
    let store = &site.portal.store;
    let politics = store.reference().categories.by_path("politics").unwrap().id;
    let mut article = courant_tests::incoming::article("wxr:12", politics, "moved", State::Published);
    let old = [
        "/?p=12",
        "/2021/03/moved",
        "/faq",
        "/our-team",
        "/blog?p=12",
        "/index.php?id=7",
        "/?story=mist",
        "/en?p=12",
        "/en/feeds/last-news",
        "/en/feeds/last-news?p=12",
        "/en",
    ];
    article.old_paths = old.map(str::to_owned).into();
    let merged = courant_import::merge(store, vec![article], "test").await.unwrap().remove(0);
    assert_eq!((merged.old_paths.led, merged.old_paths.taken.len()), (8, 3), "{merged:?}");
    for path in [
        "/?p=12",
        "/?p=12&utm_source=x",
        "/2021/03/moved",
        "/2021/03/moved/",
        "/2021/03/moved?x=1",
        "/faq",
        "/our-team",
        "/blog?p=12",
        "/blog/?p=12",
        "/blog/?post_type=story&p=12",
        "/index.php?utm_source=x&id=7",
        "/?story=mist&fbclid=y",
        "/en?p=12",
        "/en/?p=12",
    ] {
        let page = site.get(path).await;
        assert_eq!((page.status, page.header("location")), (301, "/en/articles/moved"), "{path}");
    }
    for (path, status) in [
        ("/?p=13", 404),
        ("/?p=13&utm_source=x", 404),
        ("/?author=2", 404),
        ("/?tag=fog", 404),
        ("/?cat=99&feed=rss2", 404),
        ("/?feed=rss", 404),
        ("/?m=202403", 404),
        ("/?m=1", 302),
        ("/?utm_source=x", 302),
        ("/?s=fog", 302),
        ("/?p=", 302),
        ("/?p=12x", 302),
        ("/?story=fog", 302),
        ("/blog", 404),
        ("/blog?p=13", 404),
        ("/blog?page=2", 404),
        ("/index.php", 404),
        ("/index.php?id=8", 404),
        ("/index.php?id=7&lang=ru", 404),
        ("/en?p=13", 404),
        ("/en/?p=13", 301),
        ("/en?story=mist", 200),
        ("/en?utm_source=x", 200),
        ("/en/feeds/last-news?p=12", 200),
        ("/en/feeds/last-news", 200),
        ("/en", 200),
    ] {
        let page = site.get(path).await;
        assert_eq!(page.status, status, "{path}");
        let there = site.route(path).await["__typename"].clone();
        match status {
            404 => assert_eq!(there, Value::Null, "{path}"),
            // The address without its slash, or the front page in the reader's language.
            200 => assert!(there == "FrontPage" || there == "Feed", "{path} {there}"),
            _ => {}
        }
        if status == 404 && path.starts_with("/?") {
            assert_eq!(page.data()["result"]["data"]["route"], Value::Null, "the app does not lead away from {path}");
        }
    }
    // What becomes of them, readers see at once, by either way.
    for path in ["/?p=13", "/?author=2", "/en?p=13", "/?story=fog", "/en?story=mist", "/?feed=rss"] {
        for (target, status, there) in [(None, 410, "Gone"), (Some("/en/articles/moved"), 301, "Redirect")] {
            store.newsroom().redirect_put(path, target).await.unwrap();
            assert_eq!(site.get(path).await.status, status, "{path}");
            assert_eq!(site.route(path).await["__typename"], there, "{path}");
        }
    }
}

#[tokio::test]
async fn every_address_has_its_status() {
    let site = Site::new().await;
    let dump = courant_tests::dump::dump(&site.portal.store).await;
    let redirects: Vec<Value> = dump
        .iter()
        .filter(|line| line.starts_with("{\"redirect\""))
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["redirect"].clone())
        .collect();
    assert!(!redirects.is_empty());
    for redirect in &redirects {
        let path = redirect["path"].as_str().unwrap();
        let page = site.get(path).await;
        match redirect["target"].as_str() {
            Some(target) => {
                assert_eq!((page.status, page.header("location")), (301, target));
                // In one step, however it is written.
                let slash = site.get(&format!("{path}/")).await;
                assert_eq!((slash.status, slash.header("location")), (301, target));
            }
            None => assert_eq!(page.status, 410),
        }
    }
    for (path, status) in [
        ("/en", 200),
        ("/tk", 200),
        ("/fr", 404),
        ("/en/decrees", 200),
        ("/fr/decrees", 404),
        ("/en/categories/politics", 200),
        ("/en/feeds/last-news", 200),
        ("/en/articles/there-is-no-such-article", 404),
        ("/en/decrees?after=nonsense", 404),
        ("/en/decrees?after=%00", 404),
        ("/en/articles/none?preview=%00", 404),
        ("/en-latn-abcdefgh/tags/gas", 404),
        ("/wp-login.php", 404),
        ("/en/categories/none", 404),
    ] {
        let page = site.get(path).await;
        assert_eq!(page.status, status, "{path}");
        page.has("<div id=\"root\">");
    }
    let root = site.get("/").await;
    assert_eq!((root.status, root.header("location"), root.header("vary")), (302, "/tk", "accept-language"));
    let slash = site.get("/en/decrees/?kind=LAW").await;
    assert_eq!((slash.status, slash.header("location")), (301, "/en/decrees?kind=LAW"));
    let posted = site.client.post(format!("{}/en", site.portal.url)).send().await.unwrap();
    assert_eq!((posted.status().as_u16(), &posted.headers()["allow"]), (405, &"GET,HEAD".parse().unwrap()));
}

#[tokio::test]
async fn decrees_are_legislation_and_the_address_holds_the_registers_filter() {
    let site = Site::new().await;
    let page = site.get("/en/decrees?kind=LAW&kind=nonsense&after=%20&kind=DECREE").await;
    assert_eq!(page.data()["variables"], json!({ "locale": "en", "documentTypes": ["LAW", "DECREE"] }));
    let acts = page.data()["result"]["data"]["decrees"]["nodes"].clone();
    assert_eq!(acts.as_array().unwrap().len(), 2);
    let reader = site.portal.query("{ decrees(first: 1, locale: \"en\") { nodes { path number title } } }").await;
    let decree = &reader.data()["decrees"]["nodes"][0];
    let page = site.get(decree["path"].as_str().unwrap()).await;
    let data = &page.linked_data()[0];
    assert_eq!((&data["@type"], &data["legislationIdentifier"]), (&json!("Legislation"), &decree["number"]));
    assert!(data["legislationLegalForce"].as_str().unwrap().starts_with("https://schema.org/"));
}

/// The types that schema.org has for what a page says of itself, those within others included.
fn types(data: &Value) -> Vec<String> {
    match data {
        Value::Array(all) => all.iter().flat_map(types).collect(),
        Value::Object(object) => {
            let own = object.get("@type").and_then(Value::as_str).map(str::to_owned);
            own.into_iter().chain(object.values().flat_map(types)).collect()
        }
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn every_page_has_a_title_a_description_and_says_what_it_is() {
    let site = Site::new().await;
    let mut titles = std::collections::BTreeSet::new();
    let feed = "/en/feeds/last-news";
    for (path, status, wanted) in [
        ("/en", 200, &["WebSite", "Organization", "ItemList", "ListItem"][..]),
        ("/en/decrees", 200, &["CollectionPage", "ItemList", "BreadcrumbList"]),
        ("/en/feeds", 200, &["CollectionPage"]),
        ("/en/categories/politics", 200, &["CollectionPage", "ItemList", "BreadcrumbList"]),
        ("/en/tags/gas", 200, &["CollectionPage", "ItemList", "BreadcrumbList"]),
        (feed, 200, &["CollectionPage", "ItemList", "BreadcrumbList"]),
        ("/en/people/aylar-nuryyeva", 200, &["ProfilePage", "Person", "ItemList", "BreadcrumbList"]),
        (ARTICLE, 200, &["NewsArticle", "Organization", "Person", "ImageObject", "BreadcrumbList"]),
        ("/en/decrees/law-on-pensions", 200, &["Legislation", "Organization", "BreadcrumbList"]),
        ("/en/articles/no-such-thing", 404, &[]),
        ("/en/articles/visitor-survey-2019", 410, &[]),
    ] {
        let page = site.get(path).await;
        assert_eq!(page.status, status, "{path}");
        let between = |before: &str, after: &str| {
            let (_, rest) = page.text.split_once(before).unwrap_or_else(|| panic!("{path}: no {before}"));
            rest.split_once(after).unwrap().0.to_owned()
        };
        assert!(between("name=\"description\" content=\"", "\"").len() > 5, "{path}");
        assert!(titles.insert(between("<title data-courant>", "</title>")), "{path} has the title of another page");
        let found = types(&Value::Array(page.linked_data()));
        for wanted in wanted {
            assert!(found.iter().any(|found| found == wanted), "{path} has no {wanted}: {found:?}");
        }
        assert!(status == 200 || found.is_empty() && page.text.contains("noindex"), "{path}");
    }
    let page = site.get("/en/decrees/law-on-pensions").await;
    page.has("<title data-courant>Law No. 77-IV: Law on Pensions · ");
    assert_eq!(page.linked_data()[0]["legislationType"], "Law");
    // A further page of a list is found by way of the first.
    let further = site.portal.query("{ decrees(first: 2, locale: \"en\") { pageInfo { endCursor } } }").await;
    let cursor = further.data()["decrees"]["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
    let page = site.get(&format!("/en/decrees?after={cursor}")).await;
    page.has("name=\"robots\" content=\"noindex\"");
    assert!(!types(&Value::Array(page.linked_data())).iter().any(|found| found == "ItemList"));
}

#[tokio::test]
async fn files_are_kept_for_good_and_pages_asked_for_again() {
    let site = Site::new().await;
    let file = site.get("/assets/app-1.js").await;
    assert_eq!((file.status, file.text.as_str()), (200, "go()"));
    assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(file.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(site.get("/assets/app-2.js").await.status, 404);
    let shared = "public, max-age=0, s-maxage=10, stale-while-revalidate=10";
    let page = site.get("/en").await;
    assert_eq!((page.header("cache-control"), page.header("cache-status")), (shared, "Courant; fwd=miss; stored"));
    let again = site.get("/en").await;
    assert_eq!((again.header("cache-status"), &again.text), ("Courant; hit", &page.text));
    assert!(page.header("etag").starts_with('"') && again.header("etag") == page.header("etag"));
    // Nobody has what is not there, kept or not.
    for how in ["Courant; fwd=miss; stored", "Courant; hit"] {
        let none = site.get_with("/en/articles/none", &[("if-none-match", "*")]).await;
        assert_eq!((none.status, none.header("cache-status")), (404, how));
    }
    assert_eq!(site.get("/operations.json").await.status, 404);
    for path in ["/graphiql", "/healthz", "/schema.graphql", "/docs"] {
        assert_eq!(site.get(path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn a_draft_is_shown_to_who_has_the_token_and_to_nobody_else() {
    let site = Site::new().await;
    let editor = site.portal.as_role(Role::Editor).await;
    let category = site.portal.store.reference().categories.by_path("politics").unwrap().id.to_string();
    let content = json!({ "title": "Kelpworthy </script> news", "body": { "source": "Not yet." } });
    let input = json!({ "categoryId": category, "locale": "en", "content": content });
    let made = editor.mutate("createArticle", input, "entry { id } userErrors { code }").await;
    let input = json!({ "entryId": made.done()["entry"]["id"], "locale": "en", "expiresInMinutes": 5 });
    let preview = editor.mutate("createPreview", input, "token path userErrors { code }").await;
    let text = |name: &str| preview.done()[name].as_str().unwrap().to_owned();
    let (path, token) = (text("path"), text("token"));

    let page = site.get(&format!("{path}?preview={token}")).await;
    assert_eq!((page.status, page.header("cache-control")), (200, "private, no-store"));
    assert_eq!(page.header("x-robots-tag"), "noindex");
    page.has("<title data-courant>Kelpworthy &lt;/script&gt; news");
    assert!(!page.text.contains("canonical") && !page.text.contains("og:"), "nothing to pass on");
    assert_eq!(page.data()["result"]["data"]["route"]["title"], "Kelpworthy </script> news");
    for address in [path.clone(), format!("{path}?preview=x"), format!("{path}?preview={}", &token[..token.len() - 4])]
    {
        let page = site.get(&address).await;
        assert_eq!(page.status, 404);
        assert!(!page.text.contains("Kelpworthy"), "{address}");
    }
}

#[tokio::test]
async fn a_page_that_cannot_be_had_now_is_no_half_page() {
    let site = Site::new().await;
    site.portal.store.close().await.unwrap();
    for path in ["/en", "/en/decrees", "/en/articles/anything"] {
        let page = site.get(path).await;
        assert_eq!(
            (page.status, page.header("retry-after"), page.header("cache-control")),
            (503, "5", "no-store"),
            "{path}"
        );
        assert!(
            page.text.contains("<html lang=\"en\" dir=\"ltr\">") && !page.text.contains("courant-data"),
            "{path}: {}",
            page.text
        );
        // It says so to readers, and where else they can go.
        page.has("<title data-courant>Not now · ");
        page.has("<h1>Not now</h1>");
        page.has(&format!("<a href=\"{path}\">Again</a>"));
        page.has("<a href=\"/en/categories/politics\">Politics</a>");
    }
}
