//! One's own old site: which addresses of it become paths that lead on.

use courant_syndication::{ItemStatus, OldTerm, OwnSite};

use super::{wordpress::export, *};

#[test]
fn a_site_in_a_folder_keeps_what_its_queries_say() {
    let item = |number: u32, link: &str, guid: &str| {
        format!(
            "<item><title>Foam {number}</title><link>https://hill.example/{link}</link>\
             <guid isPermaLink='false'>https://hill.example/{guid}</guid><wp:post_id>{number}</wp:post_id>\
             <wp:post_date_gmt>2026-03-02 08:30:00</wp:post_date_gmt><wp:status>publish</wp:status>\
             <wp:post_type>post</wp:post_type></item>"
        )
    };
    let items = [
        item(7, "blog/?p=7", "blog/?p=7"),
        item(8, "blog/", "blog/?post_type=story&amp;p=8"),
        item(9, "blog/?story=mist&amp;utm_source=feed", "?story=9"),
    ];
    let source = export(&format!("<link>https://hill.example/blog</link>{}", items.concat()));
    let import = read(source.as_bytes(), &ReadOptions { own_site: OwnSite::Named, ..options() }).unwrap();
    let paths: Vec<Vec<&str>> =
        import.items.iter().map(|item| item.old_paths.iter().map(String::as_str).collect()).collect();
    assert_eq!(paths[0], ["/blog?p=7", "/blog/archives/7"]);
    assert_eq!(paths[1], ["/blog?p=8", "/blog/archives/8"]);
    assert_eq!(paths[2], ["/?story=9", "/blog?story=mist", "/blog?p=9", "/blog/archives/9"]);
    let named: Vec<&str> = import.problems.iter().map(|problem| &*problem.message).collect();
    let front = "its old address https://hill.example/blog/ leads nowhere new: the front page is there";
    assert!(named.contains(&front), "{named:?}");
}

#[test]
fn what_blogger_leaves_empty_hides_nothing_and_its_paths_are_old_addresses() {
    let entry = |number: u32, said: &str| {
        format!(
            "<entry><id>tag:b.example,1999:{number}</id><blogger:type>POST</blogger:type><title>Ebb {number}</title>\
             <published>2026-03-04T06:00:00Z</published><content>Words.</content>{said}</entry>"
        )
    };
    let live = "<blogger:status>LIVE</blogger:status><blogger:filename>/2026/03/ebb.html</blogger:filename>";
    let entries = [
        entry(1, &format!("{live}<blogger:trashed/>")),
        entry(2, "<blogger:filename/><blogger:trashed> </blogger:trashed>"),
        entry(3, "<blogger:trashed>2026-04-01T00:00:00Z</blogger:trashed>"),
        entry(4, "<blogger:trashed>true</blogger:trashed>"),
        entry(5, "<blogger:trashed>false</blogger:trashed><blogger:filename>//evil.example/a</blogger:filename>"),
        entry(6, "<draft/>"),
    ];
    let feed = "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:blogger='http://schemas.google.com/blogger/2018'>";
    let source = format!("{feed}{}</feed>", entries.concat());
    let statuses = import(&source).items.iter().map(|item| item.status).collect::<Vec<_>>();
    let (live, draft) = (ItemStatus::Published, ItemStatus::Draft);
    assert_eq!(statuses, [live, live, draft, draft, live, draft]);
    for (own_site, paths) in [
        (OwnSite::No, &[][..]),
        (OwnSite::Named, &["/2026/03/ebb.html"]),
        (OwnSite::Hosts(vec!["b.example".to_owned()]), &["/2026/03/ebb.html"]),
    ] {
        let import = read(source.as_bytes(), &ReadOptions { own_site, ..options() }).unwrap();
        let found: Vec<&str> = import.items.iter().flat_map(|item| &item.old_paths).map(String::as_str).collect();
        assert_eq!(found, paths);
    }
}

#[test]
fn categories_tags_and_authors_keep_their_addresses() {
    let category = |number: u8, name: &str, parent: &str| {
        format!(
            "<wp:category><wp:term_id>{number}</wp:term_id><wp:category_nicename>{name}</wp:category_nicename>\
             <wp:category_parent>{parent}</wp:category_parent><wp:cat_name>{name}</wp:cat_name></wp:category>"
        )
    };
    let channel = format!(
        "<link>https://hill.example/blog</link>{}{}<wp:tag><wp:tag_slug>high-water</wp:tag_slug>\
         <wp:tag_name>High water</wp:tag_name></wp:tag><wp:author><wp:author_id>3</wp:author_id><wp:author_login>l.moss</wp:author_login>\
         <wp:author_display_name>Lia Moss</wp:author_display_name></wp:author>\
         <wp:term><wp:term_taxonomy>series</wp:term_taxonomy><wp:term_slug>a</wp:term_slug><wp:term_name>A</wp:term_name></wp:term>\
         <item><title>Foam</title><wp:post_id>7</wp:post_id><wp:status>publish</wp:status>\
         <category domain='post_tag' nicename='%d1%82'>т</category></item>",
        category(4, "town", ""),
        category(5, "quay", "town"),
    );
    let source = export(&channel);
    let import = read(source.as_bytes(), &ReadOptions { own_site: OwnSite::Named, ..options() }).unwrap();
    let mut found: Vec<String> = import.old_terms.iter().map(|(path, term)| format!("{path} {term}")).collect();
    found.sort();
    let (feeds, found): (Vec<String>, Vec<String>) = found.into_iter().partition(|line| line.contains(" feed."));
    for feed in [
        "/blog/feed feed.rss",
        "/blog/feed/atom feed.atom",
        "/blog?feed=rss feed.rss",
        "/blog?feed=rss2 feed.rss",
        "/blog?feed=atom feed.atom",
        "/blog/category/town/quay/feed feed.rss of category quay",
        "/blog/category/quay/feed/atom feed.atom of category quay",
        "/blog?cat=5&feed=rss2 feed.rss of category quay",
        "/blog/tag/high-water/feed feed.rss of tag high-water",
        "/blog?feed=atom&tag=high-water feed.atom of tag high-water",
    ] {
        assert!(feeds.iter().any(|line| line == feed), "{feed}: {feeds:?}");
    }
    assert_eq!(
        found,
        [
            "/blog front page",
            "/blog/author/l-moss person lia-moss",
            "/blog/category/quay category quay",
            "/blog/category/town category town",
            "/blog/category/town/quay category quay",
            "/blog/tag/high-water tag high-water",
            "/blog/tag/т tag t",
            "/blog?author=3 person lia-moss",
            "/blog?cat=4 category town",
            "/blog?cat=5 category quay",
            "/blog?tag=%D1%82 tag t",
            "/blog?tag=high-water tag high-water",
        ]
    );
    assert!(import.old_terms.iter().any(|(_, term)| matches!(term, OldTerm::Category(_))));
    let said = messages(&import);
    let series = "site: 1 old addresses of the taxonomy series lead nowhere new: it is not taken in";
    assert!(said.iter().any(|line| line == series), "{said:?}");
    for nowhere in
        ["site: 1 old feeds of authors lead to the pages", "site: the old feed of comments leads nowhere new"]
    {
        assert!(said.iter().any(|line| line.starts_with(nowhere)), "{said:?}");
    }
    let others = read(source.as_bytes(), &options()).unwrap();
    assert!(others.old_terms.is_empty() && !messages(&others).iter().any(|line| line.contains("series")));
}

#[test]
fn labels_and_feeds_of_blogger_keep_their_addresses() {
    let entry = "<entry><id>tag:b.example,1999:1</id><blogger:type>POST</blogger:type><title>Ebb</title>\
                 <published>2026-03-04T06:00:00Z</published><content>Words.</content>\
                 <category scheme='http://www.blogger.com/atom/ns#' term='Ebb &amp; flow/50%'/></entry>";
    let feed = "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:blogger='http://schemas.google.com/blogger/2018'>";
    let own = ReadOptions { own_site: OwnSite::Named, ..options() };
    let import = read(format!("{feed}{entry}</feed>").as_bytes(), &own).unwrap();
    let found: Vec<String> = import.old_terms.iter().map(|(path, term)| format!("{path} {term}")).collect();
    let label = courant_domain::address::kept("/search/label/Ebb%20&%20flow%2F50%25").unwrap();
    assert_eq!(
        found,
        [
            "/rss.xml feed.rss".to_owned(),
            "/atom.xml feed.atom".to_owned(),
            format!("{label} tag {}", import.tags[0].slug)
        ]
    );
    let said = messages(&import);
    assert!(
        said.iter().any(|line| line.starts_with("site: the old feeds below /feeds/posts lead nowhere new")),
        "{said:?}"
    );
    // Another feed of Atom has no labels.
    let plain = entry.replace("<blogger:type>POST</blogger:type>", "");
    assert_eq!(read(format!("{feed}{plain}</feed>").as_bytes(), &own).unwrap().old_terms, []);
}

#[test]
fn a_post_without_a_day_has_no_address_by_one() {
    let item = |day: &str| {
        format!(
            "<link>https://hill.example</link><item><title>Foam</title><wp:post_id>7</wp:post_id><wp:post_name>foam</wp:post_name>\
             <wp:post_date>{day}</wp:post_date><wp:status>draft</wp:status></item>"
        )
    };
    for (day, by_day) in
        [("0000-00-00 00:00:00", 0), ("2026-13-40 00:00:00", 0), ("soon, I hope", 0), ("2026-03-02 08:30:00", 2)]
    {
        let import =
            read(export(&item(day)).as_bytes(), &ReadOptions { own_site: OwnSite::Named, ..options() }).unwrap();
        let paths = &import.items[0].old_paths;
        assert_eq!(paths.iter().filter(|path| path.ends_with("/foam") && path.len() > 5).count(), by_day, "{paths:?}");
        assert!(paths.contains(&"/?p=7".to_owned()) && paths.contains(&"/foam".to_owned()), "{paths:?}");
    }
}

#[test]
fn the_own_site_is_no_source_of_its_items_and_others_stay_it() {
    let feed = |link: &str, source: &str| {
        format!(
            "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:blogger='http://schemas.google.com/blogger/2018'>\
             <title>Hill</title>{link}<entry><id>tag:b.example,1999:1</id><blogger:type>POST</blogger:type><title>Ebb</title>\
             <published>2026-03-04T06:00:00Z</published><content>Words.</content>{source}\
             <blogger:filename>/2026/03/ebb.html</blogger:filename></entry></feed>"
        )
    };
    let link = "<link href='https://hill.example/'/>";
    let own = OwnSite::Hosts(vec!["hill.example".to_owned()]);
    let others = OwnSite::Hosts(vec!["vale.example".to_owned()]);
    let agency = "<source><title>The agency</title></source>";
    for (link, source, own_site, name) in [
        ("", "", OwnSite::No, Some("Hill")),
        ("", "", OwnSite::Named, None),
        (link, "", OwnSite::Named, None),
        (link, "", own, None),
        (link, "", others, Some("Hill")),
        (link, agency, OwnSite::Named, Some("The agency")),
    ] {
        let import = read(feed(link, source).as_bytes(), &ReadOptions { own_site, ..options() }).unwrap();
        let found = import.items[0].content.source.as_ref().map(|source| source.name.as_str());
        assert_eq!(found, name, "{link} {source}");
    }
}

#[test]
fn what_blogger_has_scheduled_is_scheduled() {
    let feed = "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:blogger='http://schemas.google.com/blogger/2018'><entry>\
                <id>tag:b.example,1999:1</id><blogger:type>POST</blogger:type><blogger:status>SCHEDULED</blogger:status>\
                <title>Ebb</title><published>2027-03-04T06:00:00Z</published><content>Words.</content></entry></feed>";
    let item = one(feed);
    assert_eq!(
        (item.status, item.published_at.unwrap().to_string()),
        (ItemStatus::Scheduled, "2027-03-04T06:00:00Z".into())
    );
    assert_eq!(one(&feed.replace("<published>2027-03-04T06:00:00Z</published>", "")).status, ItemStatus::Draft);
}

/// A post of WordPress with a text.
fn post(number: u32, slug: &str, text: &str, more: &str) -> String {
    format!(
        "<item><title>Foam {number}</title><link>https://hill.example/2026/03/02/{slug}/</link><wp:post_id>{number}</wp:post_id>\
         <wp:post_name>{slug}</wp:post_name><wp:post_date>2026-03-02 08:30:00</wp:post_date><wp:status>publish</wp:status>\
         <wp:post_type>post</wp:post_type><content:encoded><![CDATA[{text}]]></content:encoded>{more}</item>"
    )
}

#[test]
fn links_within_an_own_site_lead_to_what_is_here() {
    let links = [
        ("https://hill.example/2026/03/02/mist/#part", "/2026/03/02/mist/#part"),
        ("http://www.hill.example/2026/03/02/mist/2/?utm_source=a", "/2026/03/02/mist/2/?utm_source=a"),
        ("/?p=2", "/?p=2"),
        ("https://hill.example/tag/fog/page/2/", "/tag/fog/page/2/"),
        ("https://hill.example/#top", "/#top"),
        ("https://hill.example/page/3/", "/page/3/"),
        // What is not taken in, is another site's, or is no page.
        ("https://hill.example/2019/01/gone/", "https://hill.example/2019/01/gone/"),
        ("https://hill.example/up/a.pdf", "https://hill.example/up/a.pdf"),
        ("https://other.example/2026/03/02/mist/", "https://other.example/2026/03/02/mist/"),
        ("mailto:a@hill.example", "mailto:a@hill.example"),
    ];
    let text: String = links.iter().map(|(from, _)| format!("<p><a href='{from}'>x</a></p>")).collect();
    let tag = "<category domain='post_tag' nicename='fog'>Fog</category>";
    let source = export(&format!(
        "<link>https://hill.example</link>{}{}",
        post(1, "foam", &text, tag),
        post(2, "mist", "Words.", "")
    ));
    let led = |own_site| {
        let import = read(source.as_bytes(), &ReadOptions { own_site, ..options() }).unwrap();
        import.items[0].content.body.as_ref().unwrap().links()
    };
    assert_eq!(led(OwnSite::Named), links.map(|(_, to)| to));
    assert_eq!(led(OwnSite::No)[0], links[0].0);
}

#[test]
fn days_that_a_post_had_before_are_in_its_old_addresses() {
    let day = |day: &str| {
        format!(
            "<wp:postmeta><wp:meta_key>_wp_old_date</wp:meta_key><wp:meta_value>{day}</wp:meta_value></wp:postmeta>"
        )
    };
    let source = export(&format!(
        "<link>https://hill.example</link>{}",
        post(1, "foam", "Words.", &[day("2026-02-11"), day("never")].concat())
    ));
    let import = read(source.as_bytes(), &ReadOptions { own_site: OwnSite::Named, ..options() }).unwrap();
    for path in ["/2026/03/02/foam", "/2026/02/11/foam", "/2026/02/foam"] {
        assert!(import.items[0].old_paths.contains(&path.to_owned()), "{path}: {:?}", import.items[0].old_paths);
    }
    assert!(import.unmapped.is_empty(), "{:?}", import.unmapped);
}
