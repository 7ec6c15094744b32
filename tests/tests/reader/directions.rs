//! Languages that are written from the right to the left, and what is shown in others beside them.

use courant_domain::locale::Locale;
use serde_json::json;

use crate::app::Site;

/// The samples, in a site that is also in Arabic and in two ways of writing Kurdish, with English for what is not there.
async fn site() -> Site {
    let site = Site::new().await;
    let newsroom = site.portal.store.newsroom();
    let mut settings = site.portal.store.reference().site.clone();
    let tags = ["en", "ru", "tk", "ar", "ku-Arab", "ku-Latn"].map(|tag| Locale::parse(tag).unwrap());
    settings.set_locales(&tags);
    for language in settings.locales.iter_mut().skip(3) {
        language.fallbacks = vec![Locale::ENGLISH];
    }
    newsroom.site_put(&settings).await.unwrap();
    site
}

#[tokio::test]
async fn a_page_has_the_direction_of_its_language() {
    let site = site().await;
    let all = [("en", "ltr"), ("ru", "ltr"), ("ar", "rtl"), ("ku-Arab", "rtl"), ("ku-Latn", "ltr")];
    for (locale, dir) in all {
        for path in [
            "",
            "/decrees",
            "/feeds",
            "/tags/water",
            "/categories/politics",
            "/feeds/last-news",
            "/search",
            "/articles/none",
        ] {
            site.get(&format!("/{locale}{path}")).await.has(&format!("<html lang=\"{locale}\" dir=\"{dir}\">"));
        }
    }
    site.get("/ar/articles/none").await.has("<h1><bdi lang=\"en\" dir=\"ltr\">Not here</bdi></h1>");
    site.get("/ku-Latn/articles/none").await.has("<h1><bdi lang=\"en\">Not here</bdi></h1>");
    let answer = site.portal.query("{ site { locales { tag direction } } }").await;
    let locales = answer.data()["site"]["locales"].as_array().unwrap().clone();
    for (locale, dir) in all {
        let known = json!({ "tag": locale, "direction": dir.to_uppercase() });
        assert!(locales.contains(&known), "{known} {locales:?}");
    }
    // The service's words for what is down are those of the language too.
    site.portal.store.close().await.unwrap();
    site.get("/ar").await.has("<html lang=\"ar\" dir=\"rtl\">");
}

#[tokio::test]
async fn what_is_in_another_language_says_so_where_it_stands() {
    let site = site().await;
    let browser = [("accept", "text/html")];
    let page = site.get_with("/ar/feed.rss", &browser).await;
    page.has("<html lang=\"ar\" dir=\"rtl\">");
    page.has("<article lang=\"en\" dir=\"ltr\">");
    let page = site.get_with("/en/feed.rss", &browser).await;
    page.has("<html lang=\"en\" dir=\"ltr\">");
    page.has("<article>\n");
}
