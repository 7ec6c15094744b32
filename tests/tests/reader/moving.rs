//! An old site that has moved here: where the addresses of its feeds lead.

use courant_domain::{slug::Slug, workflow::State};
use courant_import::{ImportOptions, ImportRequest, Incoming, OwnSite, import};
use serde_json::Value;

use crate::app::Site;

const EXPORT: &str = "<rss version='2.0' xmlns:wp='http://wordpress.org/export/1.2/' xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:content='http://purl.org/rss/1.0/modules/content/'>\
    <channel><title>Hill</title><link>https://hill.example</link><language>en</language><wp:wxr_version>1.2</wp:wxr_version>\
    <wp:author><wp:author_id>3</wp:author_id><wp:author_login>lia</wp:author_login></wp:author>\
    <wp:category><wp:term_id>4</wp:term_id><wp:category_nicename>quay</wp:category_nicename><wp:cat_name>Quay</wp:cat_name></wp:category>\
    <item><title>Foam</title><link>https://hill.example/foam/</link><dc:creator>lia</dc:creator><content:encoded>Words.</content:encoded><wp:post_id>7</wp:post_id>\
    <wp:post_date_gmt>2026-03-02 08:30:00</wp:post_date_gmt><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>\
    <category domain='category' nicename='quay'>Quay</category><category domain='post_tag' nicename='mist'>Mist</category></item>\
    </channel></rss>";

#[tokio::test]
async fn feeds_of_an_old_site_lead_to_those_here() {
    let site = Site::new().await;
    for again in [false, true] {
        let options =
            ImportOptions { own_site: OwnSite::Named, ..ImportOptions::new(Slug::parse("news").unwrap(), "test") };
        let source = EXPORT.as_bytes().to_vec().into();
        let request = ImportRequest { source, options, cancellation: Default::default() };
        let report = import(&site.portal.store, request, |_| {}).await.unwrap();
        assert_eq!(report.created, u64::from(!again));
        let said: Vec<&str> = report.problems.iter().map(|problem| &*problem.message).collect();
        assert_eq!(
            said,
            [
                "1 old feeds of authors lead nowhere new: authors have none here",
                "the old feed of comments leads nowhere new: comments are not taken in"
            ]
        );
    }
    for (path, target) in [
        ("/feed", "/en/feed.rss"),
        ("/feed/", "/en/feed.rss"),
        ("/feed/atom/", "/en/feed.atom"),
        ("/?feed=rss2", "/en/feed.rss"),
        ("/?feed=rss", "/en/feed.rss"),
        ("/category/quay/feed/", "/en/categories/quay.rss"),
        ("/?cat=4&feed=rss2", "/en/categories/quay.rss"),
        ("/?feed=atom&cat=4", "/en/categories/quay.atom"),
        ("/tag/mist/feed/", "/en/tags/mist.rss"),
        ("/?feed=rss2&tag=mist", "/en/tags/mist.rss"),
        ("/category/quay", "/en/categories/quay"),
        ("/?author=3", "/en/people/lia"),
    ] {
        let page = site.get(path).await;
        assert_eq!((page.status, page.header("location")), (301, target), "{path}");
        assert_eq!(site.get(target).await.status, 200, "{target}");
        assert_eq!(site.route(path).await["__typename"], "Redirect", "{path}");
    }
    for path in ["/author/lia/feed", "/comments/feed", "/?feed=comments-rss2", "/?cat=5&feed=rss2", "/tag/fog/feed"] {
        assert_eq!(site.get(path).await.status, 404, "{path}");
        assert_eq!(site.route(path).await, Value::Null, "{path}");
    }
}

#[tokio::test]
async fn whichever_of_two_comes_first_what_is_live_has_the_old_address_both_times() {
    let site = Site::new().await;
    let store = &site.portal.store;
    let politics = store.reference().categories.by_path("politics").unwrap().id;
    for again in [false, true] {
        let article = |origin, slug, state| Incoming {
            old_paths: vec!["/twin".to_owned()],
            ..courant_tests::incoming::article(origin, politics, slug, state)
        };
        let items = vec![article("wxr:1", "one", State::Draft), article("wxr:2", "two", State::Published)];
        let merged = courant_import::merge(store, items, "test").await.unwrap();
        let taken = [("/twin".to_owned(), "it leads to /en/articles/two already".to_owned())];
        assert_eq!((merged[0].old_paths.waiting, &merged[0].old_paths.taken[..]), (0, &taken[..]), "{again}");
        assert_eq!((merged[1].old_paths.led, merged[1].old_paths.taken.len()), (1, 0), "{again}");
    }
}
