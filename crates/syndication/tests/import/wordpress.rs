//! What becomes of an export of WordPress.

use courant_syndication::{ItemStatus, SourceFormat};

use super::*;

/// An export with this in its channel.
pub(super) fn export(channel: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" \
         xmlns:excerpt=\"http://wordpress.org/export/1.2/excerpt/\" \
         xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel>{channel}<wp:wxr_version>1.2</wp:wxr_version></channel></rss>"
    )
}

/// An export of one published post with these fields and this text.
pub(super) fn post(fields: &str, content: &str) -> String {
    export(&format!(
        "<item><title>Ferry back in service</title><guid>https://harbour.example/?p=7</guid>\
         <link>https://harbour.example/ferry/</link><wp:post_id>7</wp:post_id>\
         <wp:post_date_gmt>2026-03-02 08:30:00</wp:post_date_gmt><wp:status>publish</wp:status>{fields}\
         <content:encoded><![CDATA[{content}]]></content:encoded></item>"
    ))
}

/// The HTML of a post with this text.
fn body(content: &str) -> String {
    html(&one(&post("", content))).to_owned()
}

#[test]
fn a_post_becomes_an_article() {
    let import = import(include_str!("../samples/harbour.wxr.xml"));
    assert_eq!(import.format, SourceFormat::Wxr);
    assert_eq!(import.title.as_deref(), Some("Harbour & Hill Courier"));
    assert_eq!(import.language.map(|locale| locale.to_string()).as_deref(), Some("en-GB"));
    assert_eq!(import.base_url.as_deref(), Some("https://harbour.example/"));
    assert_eq!(messages(&import), Vec::<String>::new());
    let item = &import.items[0];
    assert_eq!(item.origin, "wxr:https://harbour.example/?p=12");
    assert_eq!(item.place, "item 1 (post 12)");
    assert_eq!(item.status, ItemStatus::Published);
    assert_eq!(item.published_at.unwrap().to_string(), "2026-03-02T06:15:00Z");
    assert_eq!(item.updated_at.unwrap().to_string(), "2026-03-03T09:00:00Z");
    assert_eq!(item.content.slug.as_ref().unwrap().as_str(), "night-ferry");
    assert_eq!(item.content.title.as_deref(), Some("The night ferry & its crew"));
    assert_eq!(item.content.summary.as_deref(), Some("Six people, one engine, no sleep."));
    assert_eq!(item.content.canonical_url.as_deref(), Some("https://harbour.example/2026/03/night-ferry/"));
    assert_eq!(html(item), "<p>She sails at eleven.<br>\nNobody waves.</p>\n<p>The <em>engine</em> hums.</p>\n");
    assert_eq!(texts(&item.categories), ["ports", "transport"]);
    assert_eq!(texts(&item.tags), ["crew", "noch"]);
    assert_eq!(texts(&item.authors), ["mira-okafor"]);
    let image = item.content.lead_image.as_ref().unwrap();
    assert_eq!(image.url, "https://harbour.example/uploads/ferry.jpg");
    assert_eq!(image.alt.as_deref(), Some("A ferry under lamps"));
    assert_eq!(image.caption.as_deref(), Some("Leaving at last"));
}

#[test]
fn what_has_no_home_is_counted_by_name() {
    let import = import(include_str!("../samples/harbour.wxr.xml"));
    let expected = |counts: &[(&str, u64)]| {
        counts.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect::<std::collections::BTreeMap<_, _>>()
    };
    let lost = [("comments", 3), ("pages", 1), ("tag description", 1)];
    assert_eq!(import.lost, expected(&lost));
    assert_eq!(
        import.unmapped,
        expected(&[
            ("author email", 1),
            ("block latest-posts", 1),
            ("custom field _edit_last", 1),
            ("custom field _oembed_*", 2),
            ("embedded page (a link is in its place)", 1),
            ("page break", 1),
            ("post format video", 1),
            ("post type nav_menu_item", 1),
            ("site description", 1),
            ("sticky", 1),
            ("taxonomy region", 1),
        ])
    );
    assert_eq!(import.post_types, expected(&[("page", 1)]));
}

#[test]
fn categories_are_a_tree_with_parents_first() {
    let import = import(include_str!("../samples/harbour.wxr.xml"));
    let categories: Vec<_> = import
        .categories
        .iter()
        .map(|category| (category.slug.as_str(), category.parent.as_ref().map(Slug::as_str), category.title.as_str()))
        .collect();
    assert_eq!(
        categories,
        [("transport", None, "Transport"), ("ports", Some("transport"), "Ports & piers"), ("gorod", None, "Город")]
    );
    assert_eq!(import.categories[1].description.as_deref(), Some("All that floats"));
}

#[test]
fn a_parent_may_be_named_by_nicename_name_or_number() {
    let category = |id: u8, nicename: &str, parent: &str, name: &str| {
        format!(
            "<wp:category><wp:term_id>{id}</wp:term_id><wp:category_nicename>{nicename}</wp:category_nicename>\
             <wp:category_parent>{parent}</wp:category_parent><wp:cat_name>{name}</wp:cat_name></wp:category>"
        )
    };
    let import = import(&export(&format!(
        "{}{}{}{}{}",
        category(1, "%d0%bf%d0%be%d1%80%d1%82", "", "Big Port"),
        category(2, "a", "%D0%BF%D0%BE%D1%80%D1%82", "A"),
        category(3, "b", "Big Port", "B"),
        category(4, "c", "1", "C"),
        "<wp:term><wp:term_taxonomy>category</wp:term_taxonomy><wp:term_slug>d</wp:term_slug>\
         <wp:term_parent>порт</wp:term_parent><wp:term_name>D</wp:term_name></wp:term>"
    )));
    let parents: Vec<_> = import.categories.iter().map(|category| category.parent.as_ref().map(Slug::as_str)).collect();
    assert_eq!(parents, [None, Some("port"), Some("port"), Some("port"), Some("port")]);
}

#[test]
fn a_category_without_its_parent_goes_to_the_top() {
    let import = import(&export(
        "<wp:category><wp:category_nicename>tides</wp:category_nicename><wp:category_parent>sea</wp:category_parent>\
         <wp:cat_name>Tides</wp:cat_name></wp:category>",
    ));
    assert_eq!(import.categories[0].parent, None);
    assert_eq!(messages(&import), ["category tides: its parent \"sea\" is not in the export; it goes to the top"]);
}

#[test]
fn a_circle_of_categories_is_cut() {
    let category = |nicename: &str, parent: &str| {
        format!(
            "<wp:category><wp:category_nicename>{nicename}</wp:category_nicename>\
             <wp:category_parent>{parent}</wp:category_parent><wp:cat_name>{nicename}</wp:cat_name></wp:category>"
        )
    };
    let import =
        import(&export(&[category("a", "c"), category("b", "a"), category("c", "b"), category("d", "d")].concat()));
    let categories: Vec<_> = import
        .categories
        .iter()
        .map(|category| (category.slug.as_str(), category.parent.as_ref().map(Slug::as_str)))
        .collect();
    assert_eq!(categories, [("b", None), ("c", Some("b")), ("a", Some("c")), ("d", None)]);
    assert_eq!(import.problems.len(), 2);
}

#[test]
fn a_category_only_a_post_names_is_there_too() {
    let import = import(&post("<category domain=\"category\" nicename=\"sea-life\">Sea life</category>", "x"));
    assert_eq!(import.categories[0].title, "Sea life");
    assert_eq!(texts(&import.items[0].categories), ["sea-life"]);
}

#[test]
fn terms_of_version_1_0_are_read() {
    let item = one(&post(
        "<category>Boats</category><category domain=\"category\" nicename=\"boats\">Boats</category>\
         <category domain=\"tag\">Rope</category><category domain=\"tag\" nicename=\"rope\">Rope</category>",
        "x",
    ));
    assert_eq!(texts(&item.categories), ["boats"]);
    assert_eq!(texts(&item.tags), ["rope"]);
}

#[test]
fn a_post_without_a_category_is_in_the_default_one() {
    assert_eq!(texts(&one(&post("", "x")).categories), ["imported"]);
}

#[test]
fn the_main_category_of_an_seo_plugin_comes_first() {
    let channel = post(
        "<category domain=\"category\" nicename=\"a\">A</category>\
         <category domain=\"category\" nicename=\"b\">B</category><category domain=\"category\" nicename=\"c\">C</category>\
         <wp:postmeta><wp:meta_key>_yoast_wpseo_primary_category</wp:meta_key><wp:meta_value>9</wp:meta_value></wp:postmeta>",
        "x",
    )
    .replace(
        "<channel>",
        "<channel><wp:category><wp:term_id>9</wp:term_id><wp:category_nicename>b</wp:category_nicename>\
         <wp:cat_name>B</wp:cat_name></wp:category>",
    );
    assert_eq!(texts(&one(&channel).categories), ["b", "a", "c"]);
}

#[test]
fn each_status_has_its_counterpart() {
    for (text, status) in [
        ("publish", ItemStatus::Published),
        ("draft", ItemStatus::Draft),
        ("auto-draft", ItemStatus::Draft),
        ("pending", ItemStatus::Pending),
        ("future", ItemStatus::Scheduled),
        ("private", ItemStatus::Private),
        ("trash", ItemStatus::Trash),
        ("in-legal-review", ItemStatus::Draft),
    ] {
        let source = post("", "x").replace("<wp:status>publish", &format!("<wp:status>{text}"));
        assert_eq!(one(&source).status, status, "{text}");
    }
}

#[test]
fn a_post_behind_a_password_is_never_public() {
    let import = import(&post("<wp:post_password>anchor</wp:post_password>", "x"));
    assert_eq!(import.items[0].status, ItemStatus::Private);
    assert_eq!(count(&import, "password-protected post"), 1);
    assert_eq!(import.problems.len(), 1);
}

#[test]
fn a_draft_has_no_public_address() {
    let source = post("", "x").replace("publish</wp:status>", "draft</wp:status>");
    assert_eq!(one(&source).content.canonical_url, None);
}

#[test]
fn a_zero_date_falls_back_to_the_feeds_and_then_to_the_local_one() {
    let zero = "<wp:post_date_gmt>0000-00-00 00:00:00</wp:post_date_gmt>";
    let with = |dates: &str| post("", "x").replace("<wp:post_date_gmt>2026-03-02 08:30:00</wp:post_date_gmt>", dates);
    for (dates, moment) in [
        (format!("{zero}<wp:post_date>2026-03-02 10:30:00</wp:post_date>"), "2026-03-02T10:30:00Z"),
        (
            format!(
                "{zero}<wp:post_date>2026-03-02 10:30:00</wp:post_date><pubDate>Mon, 02 Mar 2026 10:30:00 +0200</pubDate>"
            ),
            "2026-03-02T08:30:00Z",
        ),
        (
            format!(
                "{zero}<wp:post_date>2026-03-02 10:30:00</wp:post_date><pubDate>Mon, 30 Nov -0001 00:00:00 +0000</pubDate>"
            ),
            "2026-03-02T10:30:00Z",
        ),
    ] {
        assert_eq!(one(&with(&dates)).published_at.unwrap().to_string(), moment);
    }
}

#[test]
fn a_public_post_whose_dates_are_all_bad_becomes_a_draft() {
    let import = import(&post("", "x").replace("2026-03-02 08:30:00", "some day"));
    assert_eq!(import.items[0].status, ItemStatus::Draft);
    assert_eq!(import.items[0].published_at, None);
    assert_eq!(messages(&import), ["item 1 (post 7): none of its dates is one; it is taken as a draft"]);
}

#[test]
fn slugs_are_decoded_transliterated_and_numbered() {
    let item =
        |name: &str| format!("<item><title>T</title><guid>{name}</guid><wp:post_name>{name}</wp:post_name></item>");
    let import = import(&export(&[item("%d0%bf%d0%be%d1%80%d1%82"), item("port"), item("Порт!")].concat()));
    let slugs: Vec<_> = import.items.iter().map(|item| item.content.slug.as_ref().unwrap().as_str()).collect();
    assert_eq!(slugs, ["port", "port-2", "port-3"]);
    assert!(messages(&import).contains(&"item 2: another item has the slug port; it gets port-2".to_owned()));
}

#[test]
fn two_posts_with_one_id_are_both_taken() {
    let item = "<item><title>Twice</title><guid>g</guid></item>";
    let import = import(&export(&item.repeat(2)));
    let origins: Vec<_> = import.items.iter().map(|item| item.origin.as_str()).collect();
    assert_eq!(origins, ["wxr:g#Twice", "wxr:g#Twice#2"]);
}

#[test]
fn an_empty_title_is_made_of_the_first_words_and_said() {
    let import = import(&post("", "<p>Fog &amp; rain</p>").replace("Ferry back in service", ""));
    assert_eq!(import.items[0].content.title.as_deref(), Some("Fog & rain"));
    assert_eq!(messages(&import), ["item 1 (post 7): it has no title; the first words of its text are taken"]);
}

#[test]
fn a_post_with_nothing_in_it_is_a_problem_and_the_others_go_in() {
    let import =
        import(&export("<item><guid>g</guid><wp:status>draft</wp:status></item><item><title>Whole</title></item>"));
    assert_eq!(import.items.len(), 1);
    assert_eq!(messages(&import)[0], "item 1: it has neither title nor text and is left out");
}

#[test]
fn the_block_editors_comments_go_and_its_html_stays() {
    assert_eq!(
        body(
            "<!-- wp:paragraph {\"align\":\"left\"} -->\n<p>One.</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:separator -->\n<hr/>\n<!-- /wp:separator -->"
        ),
        "<p align=\"left\">One.</p>\n\n\n\n<hr>"
    );
}

#[test]
fn a_caption_becomes_a_figure() {
    for content in [
        "[caption id=\"a1\" width=\"300\"]<a href=\"/x\"><img src=\"/q.png\" alt=\"quay\" /></a> The quay[/caption]",
        "[caption width=\"300\" caption=\"The quay\"]<a href=\"/x\"><img src=\"/q.png\" alt=\"quay\" /></a>[/caption]",
    ] {
        assert_eq!(
            body(content).trim(),
            "<figure><a href=\"https://harbour.example/x\" rel=\"noopener noreferrer\"><img src=\"https://harbour.example/q.png\" alt=\"quay\"></a><figcaption>The quay</figcaption></figure>"
        );
    }
}

#[test]
fn shortcodes_go_and_what_they_enclose_stays() {
    let import =
        import(&post("", "[notice level=\"2\"]Mind the [b]gap[/notice] [gallery ids='1,2'] [sic] [1] [[gallery]]"));
    assert_eq!(html(&import.items[0]), "<p>Mind the [b]gap  [sic] [1] [gallery]</p>\n");
    assert_eq!(count(&import, "shortcode notice"), 1);
    assert_eq!(count(&import, "shortcode gallery"), 1);
}

#[test]
fn an_embedded_address_becomes_a_link() {
    let link = "<p><a href=\"https://video.example/9\" rel=\"noopener noreferrer\">https://video.example/9</a></p>\n";
    assert_eq!(body("https://video.example/9"), link);
    // What somebody embeds on purpose is told as such, too.
    let embed = link.replace("<p>", "<figure class=\"embed\">").replace("</p>", "</figure>");
    assert_eq!(body("[embed width=\"9\"]https://video.example/9[/embed]"), embed);
}

#[test]
fn titles_with_markup_and_named_characters_are_plain() {
    let source = post("", "x").replace("Ferry back in service", "<![CDATA[Fish &amp; <em>chips</em>]]> &nbsp;daily");
    assert_eq!(one(&source).content.title.as_deref(), Some("Fish & chips daily"));
}

#[test]
fn comments_with_nothing_in_them_are_left_out() {
    assert_eq!(body("one<!-->two<!--->three<!---->four"), "<p>onetwothreefour</p>\n");
}

#[test]
fn an_export_is_known_wherever_it_declares_its_namespace() {
    let channel = "<title>Harbour</title><wp:wxr_version>1.2</wp:wxr_version>\
                   <item><title>Not yet</title><wp:post_id>1</wp:post_id><wp:status>draft</wp:status><wp:post_type>post</wp:post_type></item>\
                   <item><title>For the desk</title><wp:post_id>2</wp:post_id><wp:post_date_gmt>2026-03-02 08:30:00</wp:post_date_gmt><wp:status>private</wp:status><wp:post_type>post</wp:post_type></item>\
                   <item><title>About us</title><wp:post_id>3</wp:post_id><wp:status>publish</wp:status><wp:post_type>page</wp:post_type></item>";
    for declaration in
        ["", " xmlns:wp=\"http://wordpress.org/export/1.2/\"", " xmlns:wp=\"http://harbour.example/our-own/\""]
    {
        let import = import(&format!("<rss version=\"2.0\"><channel{declaration}>{channel}</channel></rss>"));
        assert_eq!(import.format, SourceFormat::Wxr, "{declaration}");
        let statuses: Vec<_> = import.items.iter().map(|item| item.status).collect();
        assert_eq!(statuses, [ItemStatus::Draft, ItemStatus::Private], "{declaration}");
        assert_eq!(count(&import, "pages"), 1);
    }
}

#[test]
fn a_picture_for_those_without_scripts_takes_the_place_of_the_late_one() {
    for content in [
        "<p>Text.</p><img src=\"data:image/gif;base64,R0\"><noscript><img src=\"/a.jpg\" alt=\"A\"></noscript>",
        "<p>Text.</p><img src=\"data:image/gif;base64,R0\" data-src=\"/a.jpg\"><noscript><img src=\"/a.jpg\" alt=\"A\"></noscript>",
    ] {
        let html = body(&format!("<!-- wp:html -->{content}<!-- /wp:html -->"));
        assert_eq!(html, "<p>Text.</p><img src=\"https://harbour.example/a.jpg\" alt=\"A\">");
    }
}

#[test]
fn a_draft_does_not_take_the_address_of_what_is_published() {
    let item = |id: u8, status: &str, slug: &str| {
        format!(
            "<item><title>Ferry</title><guid>https://harbour.example/?p={id}</guid><wp:post_name>{slug}</wp:post_name>\
             <wp:post_date_gmt>2026-03-02 08:30:00</wp:post_date_gmt><wp:status>{status}</wp:status></item>"
        )
    };
    let items =
        [item(1, "draft", ""), item(2, "draft", "ferry"), item(3, "publish", "ferry"), item(4, "publish", "ferry-2")];
    let import = import(&export(&items.concat()));
    let slugs: Vec<_> = import.items.iter().map(|item| item.content.slug.as_ref().unwrap().as_str()).collect();
    assert_eq!(slugs, ["ferry-4", "ferry-3", "ferry", "ferry-2"]);
}

#[test]
fn code_is_shown_as_it_was_written() {
    let code = "Run:\n\n[code lang=\"php\"]\nif ($a[0] < 1) {\n\n  <!-- no --> [gallery ids=\"1\"]\n}\n[/code]\n\nor [code]ls -l[/code].";
    assert_eq!(
        body(code),
        "<p>Run:</p>\n<pre><code>if ($a[0] &lt; 1) {\n\n  &lt;!-- no --&gt; [gallery ids=\"1\"]\n}</code></pre>\n\
         <p>or <code>ls -l</code>.</p>\n"
    );
    assert_eq!(body("[sourcecode]\na &lt; b\n[/sourcecode]"), "<pre><code>a &lt; b</code></pre>\n");
    assert_eq!(body("[[code]]x[[/code]]"), "<p>[code]x[[/code]]</p>\n");
}
