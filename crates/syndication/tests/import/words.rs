//! Words and pictures that stand where readers of a format need not look.

use courant_syndication::SourceFormat;

use super::{
    feeds::{atom, rss},
    wordpress::{export, post},
    *,
};

const DATE: &str = "<pubDate>Wed, 04 Mar 2026 06:00:00 GMT</pubDate>";

fn attachment(number: u32, name: &str) -> String {
    format!(
        "<item><title>{name}</title><wp:post_id>{number}</wp:post_id><wp:post_type>attachment</wp:post_type>\
         <wp:attachment_url>https://harbour.example/{name}</wp:attachment_url></item>"
    )
}

/// The addresses of the pictures of a text.
fn pictures(html: &str) -> Vec<&str> {
    html.split("<img src=\"https://harbour.example/").skip(1).filter_map(|part| part.split('"').next()).collect()
}

#[test]
fn galleries_without_markup_show_their_pictures() {
    let files = [attachment(21, "a.jpg"), attachment(22, "b.png"), attachment(23, "c.mp3")].concat();
    let outer = "<figure class=\"wp-block-gallery has-nested-images\"><ul class=\"blocks-gallery-grid\"></ul></figure>";
    for (content, shown) in [
        ("<!-- wp:gallery {\"ids\":[22,21]} --><!-- /wp:gallery -->".to_owned(), vec!["b.png", "a.jpg"]),
        (format!("<!-- wp:gallery {{\"ids\":[\"22\"],\"linkTo\":\"none\"}} -->\n{outer}\n<!-- /wp:gallery -->"), vec!["b.png"]),
        ("<!-- wp:gallery {\"ids\":[21]} /-->".to_owned(), vec!["a.jpg"]),
        ("<!-- wp:image {\"id\":21} /--><!-- wp:paragraph --><p>x</p><!-- /wp:paragraph -->".to_owned(), vec!["a.jpg"]),
        ("<!-- wp:jetpack/tiled-gallery {\"ids\":[21,22]} --><div></div><!-- /wp:jetpack/tiled-gallery -->".to_owned(), vec!["a.jpg", "b.png"]),
        ("<!-- wp:gallery {\"images\":[{\"url\":\"https://harbour.example/z.jpg\",\"id\":99,\"alt\":\"Z\"}]} /-->".to_owned(), vec!["z.jpg"]),
        (
            "<!-- wp:gallery {\"linkTo\":\"none\"} --><figure><!-- wp:image {\"id\":21} /--><!-- wp:image {\"id\":22} -->\
             <figure><img src=\"https://harbour.example/b-300.png\"/></figure><!-- /wp:image --></figure><!-- /wp:gallery -->"
                .to_owned(),
            vec!["a.jpg", "b-300.png"],
        ),
        (
            "<!-- wp:media-text {\"mediaId\":21} --><div><!-- wp:paragraph --><p>Beside.</p><!-- /wp:paragraph --></div><!-- /wp:media-text -->".to_owned(),
            vec!["a.jpg"],
        ),
        ("<!--wp:gallery {\"images\":[{\"id\":22,\"caption\":\"Six o'clock\"}]} /-->".to_owned(), vec!["b.png"]),
        ("[gallery ids=22,21]".to_owned(), vec!["b.png", "a.jpg"]),
        ("[gallery ids=”22, 21″]".to_owned(), vec!["b.png", "a.jpg"]),
        ("[gallery size=\"full\" ids = &#8221;21&#8243; /]".to_owned(), vec!["a.jpg"]),
        ("[gallery ids=&quot;21&quot;]".to_owned(), vec!["a.jpg"]),
        ("<!-- wp:gallery {\"ids\":[]} /-->".to_owned(), vec![]),
    ] {
        let import = import(&post("", &content).replace("</channel>", &format!("{files}</channel>")));
        assert_eq!(pictures(html(&import.items[0])), shown, "{content}: {}", html(&import.items[0]));
        let lost: Vec<_> = import.lost.keys().collect();
        assert_eq!(lost.is_empty(), !shown.is_empty(), "{content}: {lost:?}");
    }
    let words = |content: &str| {
        let import = import(&post("", content).replace("</channel>", &format!("{files}</channel>")));
        import.items[0].content.body.as_ref().unwrap().text().to_owned()
    };
    assert_eq!(words("<!-- wp:gallery {\"ids\":[21]} --><p>Beside.</p><!-- /wp:gallery -->"), "Beside.");
    assert_eq!(words("<!-- wp:gallery {\"images\":[{\"id\":22,\"caption\":\"Six\"}]} /-->"), "Six");
    let import = import(
        &post("", "<!-- wp:gallery {\"ids\":[21,98,99]} --><!-- /wp:gallery -->")
            .replace("</channel>", &format!("{files}</channel>")),
    );
    assert_eq!((pictures(html(&import.items[0])), count(&import, "pictures of galleries")), (vec!["a.jpg"], 2));
    assert!(messages(&import)[0].contains("2 files of its block gallery"));
}

#[test]
fn a_feed_that_names_wordpress_is_a_feed() {
    let feed = |more: &str| {
        format!(
            "<rss version='2.0' xmlns:wp='http://wordpress.org/export/1.2/'><channel><title>Hill</title>\
             <item><title>A</title><guid>1</guid>{DATE}<description>All of it.</description>{more}</item></channel></rss>"
        )
    };
    let import = import(&feed(""));
    assert_eq!((import.format, html(&import.items[0])), (SourceFormat::Rss, "All of it."));
    assert_eq!(import.items[0].status, courant_syndication::ItemStatus::Published);
    let import = super::import(&feed("<wp:status>draft</wp:status>"));
    assert_eq!((import.format, import.items[0].status), (SourceFormat::Wxr, courant_syndication::ItemStatus::Draft));
}

#[test]
fn what_an_export_has_as_descriptions_is_kept() {
    let item = |description: &str, content: &str, excerpt: &str| {
        import(&export(&format!(
            "<item><title>A</title><guid>1</guid><wp:post_date_gmt>2026-03-02 08:30:00</wp:post_date_gmt>\
             <wp:status>publish</wp:status><description><![CDATA[{description}]]></description>\
             <content:encoded><![CDATA[{content}]]></content:encoded><excerpt:encoded><![CDATA[{excerpt}]]></excerpt:encoded></item>"
        )))
    };
    let all = item("<p>Ebb at <b>six</b>.</p>", "", "");
    assert_eq!(html(&all.items[0]), "<p>Ebb at <b>six</b>.</p>");
    let summary = item("<p>Ebb at <b>six</b>.</p>", "Long words.", "");
    assert_eq!(summary.items[0].content.summary.as_deref(), Some("Ebb at six."));
    assert!(all.lost.is_empty() && summary.lost.is_empty());
    assert!(item("Ebb.", "Ebb. And flow.", "Tides.").lost.is_empty());
    assert_eq!(count(&item("Ebb.", "Long words.", "Tides."), "item descriptions"), 1);
    assert_eq!(count(&item("", "x", ""), "item descriptions"), 0);
}

#[test]
fn what_is_said_of_media_is_kept() {
    let item = |inner: &str| import(&rss(&format!("<item><guid>1</guid>{DATE}{inner}</item>")));
    let picture =
        |more: &str| format!("<media:content url='https://hill.example/p.jpg' medium='image'>{more}</media:content>");
    let title = "<media:title>A heron</media:title>";
    let description = "<media:description>It stands &amp;amp; waits.</media:description>";
    let text = "<title>Heron</title><description>By the quay.</description>";

    let alone = &item(&format!("{title}{}", picture(""))).items[0];
    assert_eq!(alone.content.title.as_deref(), Some("A heron"));

    let beside = &item(&format!("{text}{title}{description}{}", picture(""))).items[0];
    let image = beside.content.lead_image.as_ref().unwrap();
    assert_eq!((image.alt.as_deref(), image.caption.as_deref()), (Some("A heron"), Some("It stands & waits.")));

    let film = format!(
        "{text}<media:content url='https://hill.example/f.mp4' type='video/mp4'>{title}{description}</media:content>"
    );
    let shown = html(&item(&film).items[0]).to_owned();
    assert!(shown.contains(">A heron</a>") && shown.ends_with("<p>It stands &amp; waits.</p>\n"), "{shown}");

    let same = "<media:title>Heron</media:title><media:description>By the quay.</media:description>";
    let twice = item(&format!("{text}{same}"));
    assert_eq!(html(&twice.items[0]), "By the quay.");

    let said = item(&format!("{text}<media:text type='html'>&lt;p>And the bells.&lt;/p></media:text>"));
    assert_eq!(html(&said.items[0]), "By the quay.\n<p>And the bells.</p>\n");

    let others = ["one", "two", "one"].map(|caption| {
        format!("<media:content url='https://hill.example/{caption}.jpg' medium='image'><media:description>{caption}</media:description></media:content>")
    });
    let gallery = item(&format!("{text}{}{}", picture(""), others.concat()));
    let shown = html(&gallery.items[0]);
    assert!(
        shown.contains("<figcaption>one</figcaption>") && shown.contains("<figcaption>two</figcaption>"),
        "{shown}"
    );
    assert_eq!(shown.matches("<img").count(), 2);
}

#[test]
fn what_a_podcast_says_beside_its_text_is_kept() {
    let item = |inner: &str| {
        import(&rss(&format!(
            "<item><title>Bells</title><guid>1</guid>{DATE}<content:encoded>All the bells of the quay.</content:encoded>{inner}</item>"
        )))
    };
    let import =
        item("<itunes:subtitle>Ringing in the fog</itunes:subtitle><itunes:summary>Ringing in the…</itunes:summary>");
    assert_eq!(import.items[0].content.summary.as_deref(), Some("Ringing in the fog"));
    assert!(import.lost.is_empty(), "{:?}", import.lost);
    let import = item(
        "<itunes:summary>All the bells</itunes:summary><description>A short one.</description><itunes:subtitle>And more.</itunes:subtitle>",
    );
    assert_eq!(html(&import.items[0]), "All the bells of the quay.\n<p>And more.</p>");
    assert!(import.lost.is_empty(), "{:?}", import.lost);
    let import = one(&rss(
        "<item><title>A</title><description>One.</description><dc:description>Two.</dc:description><summary>Two.</summary></item>",
    ));
    assert_eq!((html(&import), import.content.summary.as_deref()), ("One.", Some("Two.")));
}

#[test]
fn content_that_is_elsewhere_is_led_to() {
    let picture = one(&atom("<summary>Low water.</summary><content src='/p.png' type='image/png'/>"));
    assert!(picture.content.lead_image.unwrap().url.ends_with("/p.png"));
    let import =
        import(&atom("<summary>Low water.</summary><content src='https://hill.example/f.mp3' type='audio/mpeg'/>"));
    let body = import.items[0].content.body.as_ref().unwrap();
    assert_eq!((body.text(), body.embeds()[0].url.as_str()), ("Low water.\naudio/mpeg", "https://hill.example/f.mp3"));
    assert!(import.lost.is_empty());
    assert_eq!(count(&super::import(&atom("<content src='urn:x' type='text/html'/>")), "content elsewhere"), 1);
}

#[test]
fn words_in_the_settings_of_what_encloses_words_are_read() {
    for (content, shown) in [
        (
            "[tabs][tab title=\"Ebb\"]At six.[/tab][tab title=\"Flow\"]At noon.[/tab][/tabs]",
            "<p><strong>Ebb</strong></p>\n<p>At six.</p>\n<p><strong>Flow</strong></p>\n<p>At noon.</p>\n",
        ),
        ("[box]One[/box][box]Two[/box]", "<p>One<br>\nTwo</p>\n"),
        (
            "See [button link=\"https://quay.example/b\" color=\"red\"]the table[/button].",
            "<p>See <a href=\"https://quay.example/b\" rel=\"noopener noreferrer\">the table</a>.</p>\n",
        ),
        (
            "[bigquote author=\"Lia Moss\"]Slack water.[/bigquote]",
            "<p><strong>Lia Moss</strong></p>\n<p>Slack water.</p>\n",
        ),
        ("[posts author=\"lia\" title=\"true\"]x[/posts]", "<p>x</p>\n"),
        (
            "[et_pb_image src=\"https://harbour.example/a.jpg\" alt=\"A gull\"][/et_pb_image]",
            "<figure><img src=\"https://harbour.example/a.jpg\" alt=\"A gull\"></figure>",
        ),
    ] {
        let import = import(&post("", content));
        assert_eq!(html(&import.items[0]).trim_end(), shown.trim_end(), "{content}");
        assert!(import.lost.is_empty(), "{content}: {:?}", import.lost);
    }
}

#[test]
fn what_blocks_have_in_their_settings_is_shown_or_told() {
    let cover = "<!-- wp:cover {\"url\":\"https://harbour.example/c.jpg\"} --><div style=\"background-image:url(https://harbour.example/c.jpg)\">{}<p>Low.</p></div><!-- /wp:cover -->";
    let shown = "<img src=\"https://harbour.example/c.jpg\" alt=\"\">";
    for inner in ["", "<img src='https://harbour.example/c.jpg' alt=''/>"] {
        let text = html(&one(&post("", &cover.replace("{}", inner)))).to_owned();
        assert_eq!(text.matches(shown).count(), 1, "{text}");
    }
    let block =
        |data: &str| import(&post("", &format!("<!-- wp:acf/note {{\"data\":{{\"text\":\"{data}\"}}}} /--><p>x</p>")));
    assert_eq!(block("The quay is closed until noon.").lost.keys().collect::<Vec<_>>(), ["block acf/note"]);
    assert!(block("12").lost.is_empty());
    let formula =
        "<math><semantics><mi>a</mi><annotation encoding='application/x-tex'>a</annotation></semantics></math>";
    assert!(import(&post("", formula)).lost.is_empty());
    assert_eq!(
        count(&import(&super::feeds::json("\"words\", {\"id\": \"1\", \"title\": \"A\"}")), "items left out"),
        1
    );
}

#[test]
fn words_are_counted_however_deep_they_are_in_what_nobody_knows() {
    let feed = |inner: &str| {
        import(&rss(&format!("<item><title>A</title><guid>1</guid>{DATE}<description>x</description>{inner}</item>")))
    };
    for (inner, lost) in [
        ("<box><head>Ebb</head></box>", Some("box")),
        ("<box><body><p>It ebbs at six</p></body></box>", Some("box")),
        ("<poll question='When does it ebb?'/>", Some("poll")),
        ("<gallery><photo url='https://hill.example/a.jpg' caption='Heron'/></gallery>", Some("gallery")),
        ("<where><Point srsName='urn:x'><pos>1 2</pos></Point></where>", None),
        ("<episode type='Full Length'>3</episode>", None),
    ] {
        assert_eq!(feed(inner).lost.keys().collect::<Vec<_>>(), lost.into_iter().collect::<Vec<_>>(), "{inner}");
    }
    for (inner, lost) in [
        ("<contributor><name>Lia Moss</name></contributor>", Some("contributor")),
        ("<link rel='related' href='https://hill.example/b' title='Ebb'/>", Some("link related")),
        ("<link rel='related' href='https://hill.example/b'/>", None),
    ] {
        let import = import(&atom(&format!("<summary>x</summary>{inner}")));
        assert_eq!(import.lost.keys().collect::<Vec<_>>(), lost.into_iter().collect::<Vec<_>>(), "{inner}");
    }
}

#[test]
fn what_objects_of_json_feed_say_of_themselves_is_kept_or_counted() {
    let import = import(&super::feeds::json(
        r#"{"id": "1", "title": "A", "content_text": "x", "authors": [{"name": "Lia", "_bio": "She steers"}],
            "attachments": [{"url": "https://hill.example/a.mp3", "mime_type": "audio/mpeg", "_caption": "Bells"}],
            "image": {"url": "https://hill.example/p.jpg", "alt": "A heron", "caption": "At six", "credit": "Jo"}}"#,
    ));
    let image = import.items[0].content.lead_image.as_ref().unwrap();
    assert_eq!((image.alt.as_deref(), image.caption.as_deref()), (Some("A heron"), Some("At six (Jo)")));
    assert_eq!(import.lost.keys().collect::<Vec<_>>(), ["words of the attachment", "words of the author"]);
}
