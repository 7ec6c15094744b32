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
                "1 old feeds of authors lead to the pages of their authors, who have no feeds here",
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
        ("/author/lia/feed", "/en/people/lia"),
    ] {
        let page = site.get(path).await;
        assert_eq!((page.status, page.header("location")), (301, target), "{path}");
        assert_eq!(site.get(target).await.status, 200, "{target}");
        assert_eq!(site.route(path).await["__typename"], "Redirect", "{path}");
    }
    for path in ["/comments/feed", "/?feed=comments-rss2", "/?cat=5&feed=rss2", "/tag/fog/feed", "/author/ida/feed"] {
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

#[tokio::test]
async fn forms_of_an_old_page_lead_where_its_rule_does() {
    let site = Site::new().await;
    let rules = [
        ("/2021/03/mist", Some("/en/articles/a")),
        ("/2021/03/mist/feed", Some("/en/feed.rss")),
        ("/?cat=5", Some("/en/categories/politics")),
        ("/?p=12", Some("/en/articles/a")),
        ("/tag/fog", Some("https://example.org/fog")),
        ("/%E9t%E9", Some("/en")),
        ("/gone", None),
    ];
    for (path, target) in rules {
        site.portal.store.newsroom().redirect_put(path, target).await.unwrap();
    }
    for (path, target) in [
        ("/2021/03/mist/2/", "/en/articles/a"),
        ("/2021/03/mist/amp", "/en/articles/a"),
        ("/amp/2021/03/mist/", "/en/articles/a"),
        ("/2021/03/mist/comment-page-2/?utm_source=x", "/en/articles/a"),
        ("/2021/03/mist/feed/", "/en/feed.rss"),
        ("/2021/03/mist/feed/atom", "/en/articles/a"),
        ("/2021/03/MIST", "/en/articles/a"),
        ("/2021/03/%6Dist/2", "/en/articles/a"),
        ("/index.php/2021/03/mist/", "/en/articles/a"),
        ("/index.php?p=12", "/en/articles/a"),
        ("/index.php?page=2&p=12", "/en/articles/a"),
        ("/?cat=5&paged=2", "/en/categories/politics"),
        ("/index.php?paged=3&cat=5", "/en/categories/politics"),
        ("/tag/fog/page/3/", "https://example.org/fog"),
        ("/%e9t%E9", "/en"),
        ("/page/2/", "/en"),
        ("/index.php/page/2", "/en"),
    ] {
        let page = site.get(path).await;
        assert_eq!((page.status, page.header("location")), (301, target), "{path}");
    }
    for (path, status) in [
        ("/gone/amp", 410),
        ("/2021/03", 404),
        ("/2021", 404),
        ("/?m=202103", 404),
        ("/2021/03/mist/more", 404),
        ("/2021/03/fog/amp", 404),
        ("/?cat=6&paged=2", 404),
        ("/index.php", 404),
        ("/en/page/2", 404),
    ] {
        assert_eq!(site.get(path).await.status, status, "{path}");
    }
    // What becomes of the page, its forms become at once.
    site.portal.store.newsroom().redirect_put("/2021/03/mist", None).await.unwrap();
    assert_eq!(site.get("/2021/03/mist/amp").await.status, 410);
}
