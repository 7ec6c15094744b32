//! The page for what is looked for.

use courant_domain::access::Role;
use serde_json::{Value, json};

use crate::app::{Shown, Site};

async fn site() -> Site {
    let site = Site::new().await;
    site.portal.index().await;
    site
}

/// How many the page says there are.
fn total(page: &Shown) -> u64 {
    assert_eq!(page.status, 200, "{}", page.text);
    page.data()["result"]["data"]["hits"]["totalCount"].as_u64().unwrap()
}

#[tokio::test]
async fn what_is_looked_for_is_on_a_page_for_nobody_else() {
    let site = site().await;
    let page = site.get("/en/search?q=clinics&utm=x").await;
    assert!(total(&page) > 0);
    assert_eq!(page.data()["variables"], json!({ "locale": "en", "query": "clinics" }));
    page.has("<title data-courant>Search: clinics · ");
    page.has("<mark>");
    page.has("name=\"robots\" content=\"noindex\"");
    assert!(!page.text.contains("rel=\"canonical\"") && !page.text.contains("hreflang"), "{}", page.text);
    assert_eq!(page.linked_data(), [Value::Null; 0]);
    assert_eq!((page.header("x-robots-tag"), page.header("cache-control")), ("noindex", "private, no-cache"));
    assert_eq!((page.header("cache-status"), page.header("etag"), page.header("surrogate-key")), ("", "", ""));
    // Nothing in it is an error, and nothing that was typed is markup.
    for (query, shown) in [
        ("", "98 of"),
        ("q=", "98 of"),
        ("q=%00", "98 of"),
        ("q=%00%01", "of \u{1}"),
        ("q=%22", "of &quot;"),
        ("q=-", "of -"),
        ("q=%3Cscript%3Ealert(1)%3C%2Fscript%3E", "of &lt;script&gt;alert(1)&lt;/script&gt;"),
        ("q=%E2%80%AE%D8%AA%D8%AC%D8%B1%D8%A8%D8%A9", "of \u{202e}تجربة"),
        (&format!("q={}", "clinic+".repeat(1500)), "of clinic clinic"),
        ("q=clinic&year=soon&year=02021&kind=%00&category=", "of clinic"),
    ] {
        let page = site.get(&format!("/en/search?{query}")).await;
        assert_eq!(page.status, 200, "{query}");
        page.has(shown);
        assert!(!page.text.contains("<script>"), "{query}");
    }
}

#[tokio::test]
async fn the_address_narrows_and_goes_on() {
    let site = site().await;
    let all = site.get("/en/search?q=law").await;
    let years = all.data()["result"]["data"]["hits"]["facets"]["years"].clone();
    let year = &years.as_array().unwrap()[0];
    let link = format!("/en/search?q=law&year={}", year["year"]);
    all.has(&format!("<a href=\"{}\">{}</a>", link.replace('&', "&amp;"), year["count"]));
    let narrowed = site.get(&link).await;
    assert_eq!(narrowed.data()["variables"]["years"], json!([year["year"]]));
    assert_eq!(total(&narrowed), year["count"].as_u64().unwrap());
    let cursor = all.data()["result"]["data"]["hits"]["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
    let further = site.get(&format!("/en/search?q=law&after={cursor}")).await;
    assert_eq!(total(&further), total(&all));
    let titles = |page: &Shown| page.data()["result"]["data"]["hits"]["edges"].clone();
    assert_ne!(titles(&further), titles(&all));
    for (path, status) in [
        ("/en/search?q=law&after=nonsense", 404),
        (&*format!("/en/search?q=other&after={cursor}"), 404),
        ("/fr/search?q=law", 404),
        ("/en/search/deeper", 404),
    ] {
        assert_eq!(site.get(path).await.status, status, "{path}");
    }
}

#[tokio::test]
async fn each_language_has_its_search_and_leads_to_the_others() {
    let site = site().await;
    for locale in ["en", "ru", "tk"] {
        let page = site.get(&format!("/{locale}/search?q=77-IV&after=")).await;
        assert!(total(&page) > 0, "{locale}");
        page.has(&format!("<html lang=\"{locale}\" dir=\"ltr\">"));
    }
}

#[tokio::test]
async fn a_page_of_hits_is_never_older_than_what_is_live() {
    let site = site().await;
    let page = site.get("/en/search?q=clinic").await;
    let before = total(&page);
    let node = site.portal.query("{ search(query: \"clinic\", locale: \"en\", first: 1) { nodes { entryId } } }").await;
    let entry = node.data()["search"]["nodes"][0]["entryId"].clone();
    let admin = site.portal.as_role(Role::Admin).await;
    let input = json!({ "entryId": entry, "locale": "en", "ending": { "gone": true } });
    admin.mutate("unpublishEntry", input, "userErrors { code }").await.done();
    assert_eq!(total(&site.get("/en/search?q=clinic").await), before - 1, "the index does not know of it yet");
}

#[tokio::test]
async fn without_an_index_the_page_says_when_to_come_back() {
    let site = Site::new().await;
    let page = site.get("/en/search?q=clinic").await;
    assert_eq!((page.status, page.header("retry-after"), page.header("cache-control")), (503, "5", "no-store"));
    page.has("<h1>Soon</h1>");
    page.has("<title data-courant>Soon · ");
    page.has("name=\"robots\" content=\"noindex\"");
    assert!(!page.text.contains("data-courant-data"), "{}", page.text);
    assert_eq!(site.get("/en").await.status, 200, "all else is there");
    site.portal.index().await;
    assert!(total(&site.get("/en/search?q=clinic").await) > 0);
}

#[tokio::test]
async fn browsers_are_told_how_to_search() {
    let site = Site::new().await;
    for locale in ["en", "ru", "tk"] {
        let link = "rel=\"search\" type=\"application/opensearchdescription+xml\" title=\"";
        let page = site.get(&format!("/{locale}")).await;
        page.has(link);
        page.has(&format!("href=\"https://news.example.org/{locale}/opensearch.xml\""));
        let data = page.linked_data();
        let action = &data.iter().find(|data| data["@type"] == "WebSite").unwrap()["potentialAction"];
        assert_eq!(action["@type"], "SearchAction");
        let template = format!("https://news.example.org/{locale}/search?q={{search_term_string}}");
        assert_eq!(action["target"]["urlTemplate"], template);
        assert_eq!(action["query-input"], "required name=search_term_string");
        let description = site.get(&format!("/{locale}/opensearch.xml")).await;
        assert_eq!(description.status, 200);
        assert_eq!(description.header("content-type"), "application/opensearchdescription+xml; charset=utf-8");
        description.has("<OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">");
        description.has(&format!("template=\"https://news.example.org/{locale}/search?q={{searchTerms}}\""));
        description.has(&format!("<Language>{locale}</Language>"));
        let tag = description.header("etag").to_owned();
        let again = site.get_with(&format!("/{locale}/opensearch.xml"), &[("if-none-match", &tag)]).await;
        assert_eq!((again.status, again.text.as_str()), (304, ""));
    }
    for path in ["/fr/opensearch.xml", "/opensearch.xml", "/en/articles/opensearch.xml"] {
        assert_eq!(site.get(path).await.status, 404, "{path}");
    }
}
