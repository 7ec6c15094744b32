//! What sources hold elsewhere than one looks first, and what is not for everybody.

use courant_syndication::{ItemStatus, Library, gather_files, look_through};

use super::{
    feeds::{json, rss},
    wordpress::{export, post},
    *,
};

const DATE: &str = "<pubDate>Wed, 04 Mar 2026 06:00:00 GMT</pubDate>";

fn link(address: &str, words: &str) -> String {
    format!("<a href=\"{address}\" rel=\"noopener noreferrer\">{words}</a>")
}

/// A file of a media library.
fn attachment(number: u32, name: &str, fields: &str) -> String {
    format!(
        "<item><title>{name}</title><wp:post_id>{number}</wp:post_id><wp:post_type>attachment</wp:post_type>\
         <wp:attachment_url>https://harbour.example/{name}</wp:attachment_url>{fields}</item>"
    )
}

/// An export of a post with this text, and of these items beside it.
fn with(content: &str, items: &str) -> String {
    post("", content).replace("</channel>", &format!("{items}</channel>"))
}

#[test]
fn an_entry_that_is_marked_as_a_draft_is_one() {
    let entry = |number: u8, more: &str| {
        format!(
            "<entry><id>urn:x:{number}</id><title>T{number}</title><published>2026-03-04T06:00:00Z</published>{more}</entry>"
        )
    };
    let control = |value: &str| format!("<app:control xmlns:app='http://www.w3.org/2007/app'>{value}</app:control>");
    let entries = [
        entry(1, &control("<app:draft>yes</app:draft>")),
        entry(2, &control("<app:draft>no</app:draft>")),
        entry(3, &control("<app:draft> YES </app:draft>").replace("2007/app", "2007/app/").replace("app:", "p:")),
        entry(4, "<x:visibility xmlns:x='urn:x'>members</x:visibility>"),
        entry(5, ""),
    ];
    let import = import(&format!("<feed xmlns='http://www.w3.org/2005/Atom'>{}</feed>", entries.concat()));
    let drafts: Vec<_> = import.items.iter().map(|item| item.status == ItemStatus::Draft).collect();
    assert_eq!(drafts, [true, false, true, true, false]);
}

#[test]
fn what_is_not_certainly_public_is_a_draft_in_every_format() {
    let item = |more: &str| rss(&format!("<item><title>A</title>{DATE}{more}</item>"));
    let object =
        |more: &str| json(&format!(r#"{{"id": "1", "title": "A", "date_published": "2026-03-04T06:00:00Z"{more}}}"#));
    for (source, status) in [
        (item(""), ItemStatus::Published),
        (item("<wp:post_password>sesame</wp:post_password>"), ItemStatus::Draft),
        (item("<itunes:block>Yes</itunes:block>"), ItemStatus::Draft),
        (item("<media:status state='blocked'/>"), ItemStatus::Draft),
        (item("<published>false</published>"), ItemStatus::Draft),
        (item("<media:status state='active'/>"), ItemStatus::Published),
        (object(""), ItemStatus::Published),
        (object(r#", "_ours": {"draft": true}"#), ItemStatus::Draft),
        (object(r#", "status": "unlisted""#), ItemStatus::Draft),
        (object(r#", "published": true"#), ItemStatus::Published),
    ] {
        assert_eq!(one(&source).status, status, "{source}");
    }
    assert_eq!(one(&post("", "x").replace("<wp:status>publish</wp:status>", "")).status, ItemStatus::Draft);
}

#[test]
fn of_an_export_of_blogger_the_posts_are_articles() {
    let entry = |kind: &str| {
        format!(
            "<entry><id>tag:b.example,1999:{kind}</id><published>2026-03-04T06:00:00Z</published><title>A {kind}</title>\
             <category scheme='http://schemas.google.com/g/2005#kind' term='http://schemas.google.com/blogger/2008/kind#{kind}'/>\
             <category scheme='http://www.blogger.com/atom/ns#' term='Tides'/><content>Words.</content></entry>"
        )
    };
    let newer = "<entry xmlns:blogger='http://schemas.google.com/blogger/2018'><id>n</id><title>A remark</title>\
                 <blogger:type>COMMENT</blogger:type><blogger:status>LIVE</blogger:status></entry>\
                 <entry xmlns:blogger='http://schemas.google.com/blogger/2018'><id>m</id><title>Ebb</title>\
                 <published>2026-03-04T06:00:00Z</published>\
                 <blogger:type>POST</blogger:type><blogger:status>DRAFT</blogger:status></entry>";
    let entries = ["post", "comment", "template", "settings", "page"].map(entry).concat();
    let source = format!("<feed xmlns='http://www.w3.org/2005/Atom'>{entries}{newer}</feed>");
    let import = import(&source);
    let items: Vec<_> = import.items.iter().map(|item| (item.content.title.as_deref().unwrap(), item.status)).collect();
    assert_eq!(items, [("A post", ItemStatus::Published), ("Ebb", ItemStatus::Draft)]);
    assert_eq!(texts(&import.items[0].tags), ["tides"]);
    assert_eq!((count(&import, "comments"), count(&import, "pages")), (2, 1));
    assert_eq!((count(&import, "blogger template"), import.lost.len()), (1, 2));
    let all = ReadOptions { post_types: ["post", "page"].map(str::to_owned).to_vec(), ..options() };
    assert_eq!(read(source.as_bytes(), &all).unwrap().items.len(), 3);
}

#[test]
fn types_of_post_are_taken_in_by_name() {
    let item = |kind: &str| {
        format!(
            "<item><title>A {kind}</title><guid>https://hill.example/{kind}</guid><wp:status>publish</wp:status>\
             <wp:post_date_gmt>2026-03-02 08:30:00</wp:post_date_gmt><wp:post_type>{kind}</wp:post_type></item>"
        )
    };
    let source = export(&["story", "page", "nav_menu_item", "post"].map(item).concat());
    let import = import(&source);
    assert_eq!(import.items.len(), 1);
    assert_eq!(import.post_types.keys().collect::<Vec<_>>(), ["page", "story"]);
    let all = ReadOptions { post_types: ["story", "page"].map(str::to_owned).to_vec(), ..options() };
    let import = read(source.as_bytes(), &all).unwrap();
    let filed: Vec<_> = import.items.iter().map(|item| texts(&item.categories)).collect();
    assert_eq!(filed, [["imported"], ["pages"]]);
    assert_eq!(import.categories.last().unwrap().title, "Pages");
}

#[test]
fn pictures_of_galleries_stand_in_the_text() {
    let files = [
        attachment(
            21,
            "a.jpg",
            "<excerpt:encoded>At &amp; noon</excerpt:encoded><wp:postmeta><wp:meta_key>_wp_attachment_image_alt</wp:meta_key><wp:meta_value>A gull</wp:meta_value></wp:postmeta>",
        ),
        attachment(22, "b.png", "<wp:post_parent>7</wp:post_parent><wp:menu_order>2</wp:menu_order>"),
        attachment(23, "c.png", "<wp:post_parent>7</wp:post_parent><wp:menu_order>1</wp:menu_order>"),
        attachment(24, "d.mp3", "<wp:post_parent>7</wp:post_parent>"),
    ];
    let files = files.concat();
    let [a, b, c] =
        [("a.jpg", "A gull", "<figcaption>At &amp; noon</figcaption>"), ("b.png", "", ""), ("c.png", "", "")].map(
            |(name, alt, caption)| {
                format!("<figure><img src=\"https://harbour.example/{name}\" alt=\"{alt}\">{caption}</figure>")
            },
        );
    for (content, figures) in [
        ("[gallery ids=\"22,21\" columns='2']\n\nWords.", vec![&b, &a]),
        ("[gallery]", vec![&c, &b]),
        ("[gallery exclude='22']", vec![&c]),
        ("<!-- wp:shortcode -->\n[gallery include=\"21\"]\n<!-- /wp:shortcode -->", vec![&a]),
    ] {
        let import = import(&with(content, &files));
        let text = html(&import.items[0]);
        let shown: Vec<_> = text.split_inclusive("</figure>").filter(|part| part.contains("<figure>")).collect();
        assert!(shown.iter().zip(&figures).all(|(shown, figure)| shown.trim() == figure.as_str()), "{content}: {text}");
        assert_eq!((shown.len(), import.lost.len()), (figures.len(), 0), "{content}: {:?}", import.lost);
    }
    let import = import(&with("[gallery ids='21,99'][playlist ids=\"24\"]", &files));
    assert!(html(&import.items[0]).contains(&link("https://harbour.example/d.mp3", "d.mp3")));
    assert_eq!(count(&import, "pictures of galleries"), 1);
    assert_eq!(count(&import, "attachments"), 2);
}

#[test]
fn what_is_in_another_part_of_the_export_is_found() {
    let site = |source: String| source.replace("<channel>", "<channel><link>https://harbour.example</link>");
    let thumbnail =
        "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>31</wp:meta_value></wp:postmeta>";
    let posts = site(post(thumbnail, "[gallery ids=\"32\"]"));
    let files = site(export(&(attachment(31, "lead.jpg", "") + &attachment(32, "more.jpg", ""))));
    let mut library = Library::default();
    for part in [&posts, &files] {
        look_through(&part.as_bytes().to_vec(), &mut library).unwrap();
    }
    for part in [&posts, &files] {
        gather_files(&part.as_bytes().to_vec(), &mut library).unwrap();
    }
    let options = ReadOptions { library: library.into(), ..options() };
    let import = read(posts.as_bytes(), &options).unwrap();
    let item = &import.items[0];
    assert_eq!(item.content.lead_image.as_ref().unwrap().url, "https://harbour.example/lead.jpg");
    assert!(html(item).contains("more.jpg"));
    assert_eq!(count(&read(files.as_bytes(), &options).unwrap(), "attachments"), 0);
    let other = posts.replace("https://harbour.example</link><item>", "https://vale.example</link><item>");
    assert_eq!(
        read(other.as_bytes(), &options).unwrap().items[0].content.lead_image,
        None,
        "numbers are each site's own"
    );
    assert!(look_through(&b"<rss><channel>".to_vec(), &mut Library::default()).is_err());
}

#[test]
fn films_and_sound_leave_a_link() {
    let film = link("https://film.example/9", "https://film.example/9");
    let sound = link("https://harbour.example/s.mp3", "https://harbour.example/s.mp3");
    for (content, shown) in [
        (
            "<!-- wp:embed {\"url\":\"https://film.example/9\"} -->\n<figure class=\"wp-block-embed\"><div class=\"wp-block-embed__wrapper\">\nhttps://film.example/9\n</div></figure>\n<!-- /wp:embed -->",
            &film,
        ),
        ("<!-- wp:embed {\"url\":\"https://film.example/9\"} /-->", &film),
        (
            "<!-- wp:audio {\"id\":5} --><figure><audio controls src=\"/s.mp3\"></audio></figure><!-- /wp:audio -->",
            &sound,
        ),
        ("[audio mp3=\"https://harbour.example/s.mp3\"][/audio]", &sound),
        ("[audio https://harbour.example/s.mp3]", &sound),
        ("[video width=\"9\" src='https://film.example/9']", &film),
        ("[soundcloud url=\"https://film.example/9\" /]", &film),
        ("[vimeo 77]", &link("https://vimeo.com/77", "https://vimeo.com/77")),
        (
            "[youtube id=\"ab_C\"]",
            &link("https://www.youtube.com/watch?v=ab_C", "https://www.youtube.com/watch?v=ab_C"),
        ),
    ] {
        let import = import(&post("", content));
        let text = html(&import.items[0]);
        assert!(text.contains(shown.as_str()), "{content}: {text}");
        assert!(import.lost.is_empty(), "{content}: {:?}", import.lost);
    }
    let lost = import(&post("", "[poll id=\"3\"] and <video></video>"));
    assert_eq!(lost.lost.keys().collect::<Vec<_>>(), ["html video", "shortcode poll"]);
}

#[test]
fn files_that_hang_on_an_item_are_linked_below_its_text() {
    let files = "<enclosure url='/one.mp3' type='audio/mpeg'/><enclosure url='/p.jpg' type='image/jpeg'/>\
                 <enclosure url='/q.jpg' type='image/jpeg'/><media:group><media:content url='/big.mp4' type='video/mp4'/>\
                 <media:content url='/small.mp4' type='video/mp4'/></media:group>";
    let import = import(&rss(&format!("<item><title>A</title>{DATE}<description>Talk.</description>{files}</item>")));
    let text = html(&import.items[0]);
    assert!(text.contains(&link("https://hill.example/one.mp3", "audio/mpeg")), "{text}");
    assert!(text.contains("<img src=\"https://hill.example/q.jpg\"") && !text.contains("p.jpg"), "{text}");
    assert!(text.contains("big.mp4") && !text.contains("small.mp4"), "{text}");
    assert!(import.lost.is_empty(), "{:?}", import.lost);
    let only = one(&rss(
        "<item><title>A</title><description>&lt;iframe src='https://film.example/7'>&lt;/iframe></description></item>",
    ));
    let film = link("https://film.example/7", "https://film.example/7");
    assert_eq!(html(&only), format!("<figure class=\"embed\">{film}</figure>"));
    assert_eq!(only.content.body.unwrap().embeds()[0].url, "https://film.example/7");
}

#[test]
fn a_picture_without_a_title_goes_in() {
    let item = |inner: &str| rss(&format!("<item><guid isPermaLink='false'>p-9</guid>{inner}</item>"));
    let picture = |alt: &str| format!("<description>&lt;img src='/p.jpg' {alt}></description>");
    for (source, title) in [
        (item(&format!("{DATE}{}", picture("alt='A heron, still'"))), "A heron, still"),
        (item(&format!("{DATE}{}", picture(""))), "2026-03-04"),
        (item(&picture("alt=''")), "p-9"),
        (item("<media:content url='/p.jpg' medium='image'><media:title>Heron</media:title></media:content>"), "Heron"),
    ] {
        assert_eq!(one(&source).content.title.as_deref(), Some(title), "{source}");
    }
}

#[test]
fn footnotes_stand_behind_the_text() {
    let kept = "<wp:postmeta><wp:meta_key>footnotes</wp:meta_key><wp:meta_value><![CDATA[\
                [{\"content\":\"By the <em>gauge</em>.\",\"id\":\"n-1\"},{\"content\":\"In May.\",\"id\":\"n-2\"}]]]></wp:meta_value></wp:postmeta>";
    let number = |n: u8| format!("<sup data-fn=\"n-{n}\"><a href=\"#n-{n}\" id=\"n-{n}-link\">{n}</a></sup>");
    let text = format!("<!-- wp:paragraph --><p>Early{} and late{}.</p><!-- /wp:paragraph -->", number(1), number(2));
    for end in ["\n<!-- wp:footnotes /-->", ""] {
        let import = import(&post(kept, &format!("{text}{end}")));
        let body = import.items[0].content.body.as_ref().unwrap();
        assert!(body.text().contains("Early [1] and late [2].\nBy the gauge. ↩\nIn May. ↩"), "{}", body.text());
        assert!(body.source().contains("<li id=\"n-2\">") && body.source().contains("href=\"#n-2-link\""));
        assert!(import.lost.is_empty(), "{:?}", import.lost);
    }
    let import = import(&post("", "High[efn_note]At noon.[/efn_note] and low[ref]At six.[/ref] water."));
    let body = import.items[0].content.body.as_ref().unwrap();
    assert_eq!(body.text(), "High [1] and low [2] water.\nAt noon. ↩\nAt six. ↩");
}

#[test]
fn a_word_in_brackets_alone_in_its_line_is_a_shortcode() {
    for (content, shown) in [
        ("Write to us:\n\n[contact_form]\n\n[toc]", "<p>Write to us:</p>\n"),
        ("<p>[newsletter]</p>\n<p>Out [sic] again.</p>", "<p></p>\n<p>Out [sic] again.</p>\n"),
        ("[Correction]\n\n[see below]", "<p>[Correction]</p>\n<p>[see below]</p>\n"),
        ("[contact-form-7 404 \"Desk\"]\n\na", "<p>a</p>\n"),
        ("<!-- wp:shortcode -->\n[mailing]\n<!-- /wp:shortcode --><p>b</p>", "<p>b</p>"),
    ] {
        let import = import(&post("", content));
        assert_eq!(html(&import.items[0]).trim_start(), shown, "{content}");
    }
    assert_eq!(count(&import(&post("", "a\n\n[contact_form]")), "shortcode contact_form"), 1);
}

#[test]
fn texts_of_reusable_blocks_stand_where_they_are_named() {
    let block = "<item><title>Note</title><wp:post_id>40</wp:post_id><wp:post_type>wp_block</wp:post_type><wp:status>publish</wp:status>\
                 <content:encoded><![CDATA[<!-- wp:paragraph --><p>Ring the desk.</p><!-- /wp:paragraph -->]]></content:encoded></item>";
    let import =
        import(&with("<!-- wp:paragraph --><p>a</p><!-- /wp:paragraph --><!-- wp:block {\"ref\":40} /-->", block));
    assert_eq!(html(&import.items[0]), "<p>a</p><p>Ring the desk.</p>");
    assert!(import.lost.is_empty());
}

#[test]
fn html_without_a_type_is_html() {
    let entry = |content: &str| {
        one(&format!(
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id><title>A</title><content>{content}</content></entry></feed>"
        ))
    };
    for (content, shown) in [
        ("<![CDATA[<div><p>We <b>open</b>.</p></div>]]>", "<div><p>We <b>open</b>.</p></div>"),
        ("&lt;p&gt;One.&lt;/p&gt;\n&lt;p&gt;Two.&lt;/p&gt;", "<p>One.</p>\n<p>Two.</p>"),
        ("&lt;p&gt; is a tag", "<p>&lt;p&gt; is a tag</p>\n"),
        ("1 &lt; 2 and &lt;/p&gt;", "<p>1 &lt; 2 and &lt;/p&gt;</p>\n"),
    ] {
        assert_eq!(html(&entry(content)), shown, "{content}");
    }
}

#[test]
fn namespaces_are_known_by_what_is_near_to_them() {
    let item = "<item><guid>1</guid><title>A</title><description>Short.</description>\
                <content:encoded>All of it.</content:encoded><dc:creator>Lia Moss</dc:creator></item>";
    for (content, dc) in [
        ("http://purl.org/rss/1.0/modules/content", "http://purl.org/dc/elements/1.1"),
        ("HTTPS://PURL.ORG/RSS/1.0/MODULES/CONTENT/", "https://www.purl.org/dc/elements/1.1/"),
        ("http://purl.org/rss/1.0/modules/content/1.0/", "http://dublincore.org/documents/dces/"),
    ] {
        let source = format!(
            "<rss version='2.0' xmlns:content='{content}' xmlns:dc='{dc}'><channel><title>Hill</title>{item}</channel></rss>"
        );
        let item = one(&source);
        assert_eq!((html(&item), texts(&item.authors)), ("All of it.", vec!["lia-moss"]), "{source}");
    }
    for house in ["http://channel.netscape.com/rdf/simple/0.9/", "http://my.netscape.com/rdf/simple/0.9", "urn:old"] {
        let source = format!(
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='{house}'><channel><title>Hill</title>\
             </channel><item><title>One</title><link>http://hill.example/1</link></item></rdf:RDF>"
        );
        assert_eq!(one(&source).content.title.as_deref(), Some("One"), "{house}");
    }
}

#[test]
fn json_feeds_are_read_as_their_writers_meant_them() {
    let import = import(&json(
        r#"{"id": "1", "title": "Ebb &amp; &#8216;flow&#8217;", "summary": "Salt &amp; sand", "content_text": "t",
            "tags": "tides, quays", "date_published": 1772604000}, {"id": "2", "title": "R&D &amp; more", "tags": [{"name": "x"}]}"#,
    ));
    let [first, second] = &import.items[..] else { unreachable!() };
    assert_eq!(
        (first.content.title.as_deref(), first.content.summary.as_deref()),
        (Some("Ebb & ‘flow’"), Some("Salt & sand"))
    );
    assert_eq!((texts(&first.tags), texts(&second.tags)), (vec!["tides", "quays"], vec!["x"]));
    assert_eq!(first.published_at.unwrap().as_second(), 1_772_604_000);
    assert_eq!(second.content.title.as_deref(), Some("R&D &amp; more"));
}

#[test]
fn a_cut_emoji_costs_itself() {
    let date = r#""date_published": "2026-03-04T06:00:00Z""#;
    let import = import(&json(&format!(
        r#"{{"id": "1", "title": "Whole", {date}}}, {{"id": "2", "title": "Cut \ud83d…", {date}}}"#
    )));
    assert_eq!(import.items.len(), 2);
    assert_eq!(import.items[1].content.title.as_deref(), Some("Cut \u{fffd}…"));
    assert!(messages(&import)[0].contains("half of a character"));
}

#[test]
fn keywords_are_tags() {
    let item = one(&rss(
        "<item><title>A</title><media:keywords>Bears, Lakes</media:keywords><itunes:keywords>lakes,fog</itunes:keywords>\
         <categories><category>Nature</category></categories><media:group><media:keywords>night</media:keywords></media:group>\
         <category>https://schema.example/kind#1</category></item>",
    ));
    assert_eq!(texts(&item.tags), ["bears", "lakes", "fog", "nature", "night"]);
}

#[test]
fn an_author_is_shown_without_stray_signs() {
    let item = |by: &str| format!("<item><title>By {by}</title><dc:creator><![CDATA[{by}]]></dc:creator></item>");
    let import = import(&export(&[item(">lia"), item("lia"), item("Jo F."), item("- Jo F.")].concat()));
    let names: Vec<_> = import.persons.iter().map(|person| person.name.as_str()).collect();
    assert_eq!(names, ["lia", "Jo F."]);
}

#[test]
fn the_address_of_an_entry_is_its_page_in_its_language() {
    let address = |links: &str| {
        one(&format!(
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry xml:lang='en'><id>1</id><title>A</title>{links}</entry></feed>"
        ))
        .content
        .canonical_url
    };
    let other = |kind: &str| format!("<link rel='alternate' type='{kind}' href='https://h.example/other'/>");
    let page = "<link type='text/html' href='https://h.example/page'/>";
    for (links, found) in [
        (other("application/json") + page, Some("page")),
        (other("application/pdf") + "<link href='https://h.example/page'/>", Some("page")),
        (format!("<link hreflang='de' type='text/html' href='https://h.example/de'/>{page}"), Some("page")),
        (other("application/pdf"), Some("other")),
        (other("application/atom+xml"), None),
    ] {
        let found = found.map(|name| format!("https://h.example/{name}"));
        assert_eq!(address(&links), found, "{links}");
    }
}
