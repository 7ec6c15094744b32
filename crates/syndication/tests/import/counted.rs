//! Words that stand where nothing is made of them: each is kept, or counted as lost.

use super::{
    feeds::{json, rss},
    wordpress::post,
    *,
};

fn lost(import: &Import) -> Vec<&str> {
    import.lost.keys().map(String::as_str).collect()
}

#[test]
fn few_words_in_the_settings_of_a_block_are_counted() {
    for (block, name) in [
        ("<!-- wp:acme/card {\"title\":\"Ebb\"} /-->", "block acme/card"),
        ("<!-- wp:acme/card {\"side\":\"left\",\"any\":\"Паром\"} /-->", "block acme/card"),
        (
            "<!-- wp:acme/card {\"heading\":\"Ebb\"} --><div class=\"card\"></div><!-- /wp:acme/card -->",
            "block acme/card",
        ),
        ("<!-- wp:acme/card {\"rows\":[[\"Quay\",\"12 degrees\"]]} /-->", "block acme/card"),
        ("<!-- wp:acme/card {\"body\":[{\"cells\":[\"Quay\",\"Heavy\"]}]} /-->", "block acme/card"),
        ("<!-- wp:acme/card {\"name\":\"Lia\"} /-->", "block acme/card"),
        ("<!-- wp:acme/card {\"date\":\"5 May 2026\"} /-->", "block acme/card"),
        ("<!-- wp:acme/card {\"price\":\"12 TMT\"} /-->", "block acme/card"),
        ("<!-- wp:acme/card {\"rows\":[{\"label\":\"Low water\"}]} --><!-- /wp:acme/card -->", "block acme/card"),
        (
            "<!-- wp:acf/hero {\"name\":\"acf/hero\",\"data\":{\"place\":\"Quay\",\"_place\":\"field_1\"}} /-->",
            "block acf/hero",
        ),
        (
            "<!-- wp:acme/link {\"url\":\"https://quay.example/\",\"title\":\"Tides\",\"text\":\"At six\"} /-->",
            "block acme/link",
        ),
        (
            "<!-- wp:media-text {\"url\":\"https://quay.example/a.jpg\",\"heading\":\"Low water\"} /-->",
            "block media-text",
        ),
    ] {
        let import = import(&post("", &format!("<p>x</p>{block}")));
        assert_eq!(lost(&import), [name], "{block}");
    }
}

#[test]
fn what_a_block_also_shows_and_what_is_a_setting_is_not() {
    for block in [
        "<!-- wp:acme/card {\"title\":\"Ebb &amp; flow\"} --><h2>Ebb &amp; flow</h2><!-- /wp:acme/card -->",
        "<!-- wp:acme/faq {\"items\":[{\"question\":\"<b>When</b>?\"}]} --><p>When?</p><!-- /wp:acme/faq -->",
        "<!-- wp:group {\"metadata\":{\"name\":\"The box at the top\"},\"className\":\"is-a is-b is-c is-d\"} --><p>x</p><!-- /wp:group -->",
        "<!-- wp:paragraph {\"align\":\"center\",\"fontFamily\":\"Open Sans\",\"style\":{\"title\":\"Any words\"}} --><p>x</p><!-- /wp:paragraph -->",
        "<!-- wp:acme/card {\"theme\":\"Dark blue\",\"columns\":\"two\",\"id\":\"Ab\"} /-->",
        "<!-- wp:acme/link {\"url\":\"https://quay.example/\",\"title\":\"Tides\"} /-->",
        "<!-- wp:buttons {\"layout\":{\"type\":\"flex\",\"justifyContent\":\"center\"}} --><p>x</p><!-- /wp:buttons -->",
        "<!-- wp:paragraph {\"placeholder\":\"Type Here\"} --><p>x</p><!-- /wp:paragraph -->",
        "<!-- wp:query {\"query\":{\"order\":\"DESC\",\"orderBy\":\"date\"},\"tagName\":\"main\"} --><p>x</p><!-- /wp:query -->",
        "<!-- wp:image {\"url\":\"https://quay.example/a.jpg\",\"alt\":\"A heron\",\"caption\":\"At six\"} /-->",
        "<!-- wp:search {\"label\":\"Search\",\"buttonText\":\"Search\"} /-->",
    ] {
        let import = import(&post("", &format!("<p>x</p>{block}")));
        assert_eq!(lost(&import), [""; 0], "{block}");
    }
    let link =
        import(&post("", "<p>x</p><!-- wp:acme/link {\"url\":\"https://quay.example/\",\"title\":\"Tides\"} /-->"));
    assert!(html(&link.items[0]).contains(">Tides</a>"), "{}", html(&link.items[0]));
}

#[test]
fn words_set_for_one_place_of_a_reusable_block_are_counted() {
    let block = "<item><title>Box</title><wp:post_id>9</wp:post_id><wp:post_type>wp_block</wp:post_type><wp:status>publish</wp:status>\
                 <content:encoded><![CDATA[<p>Ring.</p>]]></content:encoded></item>";
    let with = |settings: &str| {
        let source = post("", &format!("<p>x</p><!-- wp:block {settings} /-->"));
        import(&source.replace("</channel>", &format!("{block}</channel>")))
    };
    let plain = with("{\"ref\":9}");
    assert_eq!((html(&plain.items[0]), plain.lost.len()), ("<p>x</p><p>Ring.</p>", 0));
    let other = with("{\"ref\":9,\"content\":{\"Name\":{\"content\":\"Call.\"}}}");
    assert_eq!((html(&other.items[0]), lost(&other)), ("<p>x</p><p>Ring.</p>", vec!["block overrides"]));
}

fn field(key: &str, value: &str) -> String {
    format!(
        "<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"
    )
}

#[test]
fn a_page_of_elementor_is_the_text_where_there_is_no_other() {
    let page = r#"[{"id":"a1","elType":"section","settings":[],"elements":[{"elType":"column","settings":{"_column_size":100},"elements":[
        {"elType":"widget","widgetType":"heading","settings":{"title":"Low water","header_size":"h3","typography_font_family":"Open Sans"}},
        {"elType":"widget","widgetType":"text-editor","settings":{"editor":"<p>The <b>quay<\/b> is dry.<\/p>"}},
        {"elType":"widget","widgetType":"image","settings":{"image":{"url":"https:\/\/quay.example\/a.jpg","alt":"A heron"},"caption":"At six"}},
        {"elType":"widget","widgetType":"video","settings":{"youtube_url":"https:\/\/www.youtube.com\/watch?v=ab_C"}},
        {"elType":"widget","widgetType":"button","settings":{"text":"Tides","link":{"url":"https:\/\/quay.example\/t"}}},
        {"elType":"widget","widgetType":"acme-quote","settings":{"quote_text":"It ebbs.","side":"left"}}]}]}]"#;
    let built = import(&post(&field("_elementor_data", page), ""));
    let text = html(&built.items[0]);
    for part in [
        ">Low water</h3>",
        "<p>The <b>quay</b> is dry.</p>",
        "<img src=\"https://quay.example/a.jpg\" alt=\"A heron\"><figcaption>At six</figcaption>",
        "https://www.youtube.com/watch?v=ab_C",
        ">Tides</a>",
        "<p>It ebbs.</p>",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(lost(&built), [""; 0]);
    assert!(built.problems.is_empty(), "{:?}", built.problems);
    // Beside a text that says less, what is not in it is counted.
    let whole = "<h3>Low water</h3><p>The quay is dry.</p><p>At six Tides A heron It ebbs.</p>\
                 <img src=\"https://quay.example/a-300x200.jpg\">";
    assert_eq!(lost(&import(&post(&field("_elementor_data", page), whole))), [""; 0]);
    let less = import(&post(&field("_elementor_data", page), "<p>The quay is dry.</p>"));
    assert_eq!(html(&less.items[0]), "<p>The quay is dry.</p>\n");
    assert_eq!(less.lost["texts in the field _elementor_data"], 5);
    assert_eq!(less.lost["pictures in the field _elementor_data"], 1);
}

#[test]
fn no_picture_of_elementor_goes_in_silence() {
    let page = r#"[{"elType":"section","settings":{"background_image":{"url":"https://quay.example/bg.jpg","id":2}},"elements":[
        {"elType":"widget","widgetType":"image-box","settings":{"image":{"url":"https://quay.example/a.jpg","id":1},"title_text":"Box"}},
        {"elType":"widget","widgetType":"share-buttons","settings":{"share_buttons":[{"button":"x","text":"Tell Everybody"}]}},
        {"elType":"widget","widgetType":"nested-tabs","settings":{"tabs":[{"tab_title":"Ebb"},{"tab_title":"Flow"}]},"elements":[
            {"elType":"container","elements":[{"elType":"widget","widgetType":"text-editor","settings":{"editor":"<p>At six.</p>"}}]},
            {"elType":"container","elements":[{"elType":"widget","widgetType":"text-editor","settings":{"editor":"<p>At noon.</p>"}}]}]},
        {"elType":"widget","widgetType":"global","templateID":7}]}]"#;
    let built = import(&post(&field("_elementor_data", page), ""));
    let body = built.items[0].content.body.as_ref().unwrap();
    assert_eq!(body.text().split_whitespace().collect::<Vec<_>>().join(" "), "Box Ebb At six. Flow At noon.");
    assert!(body.html().contains("bg.jpg") && body.html().contains("a.jpg"), "{}", body.html());
    assert_eq!(lost(&built), ["Elementor widget global"]);
    assert_eq!(built.unmapped["Elementor widget share-buttons"], 1);

    let small = "<img src=\"https://quay.example/a-300x200.jpg\"><p>Box Ebb At six. Flow At noon.</p>";
    let beside = import(&post(&field("_elementor_data", page), small));
    assert_eq!(lost(&beside), ["Elementor widget global"]);
    assert_eq!(beside.unmapped["picture behind a part of the page in the field _elementor_data"], 1);
    let without = import(&post(&field("_elementor_data", page), "<p>Box Ebb At six. Flow At noon.</p>"));
    assert_eq!(lost(&without), ["Elementor widget global", "pictures in the field _elementor_data"]);
}

#[test]
fn words_of_fields_are_counted_however_they_are_written() {
    for (key, value) in [
        ("rows", r#"[{"text":"It ebbs at six"}]"#),
        ("rows", "a:1:{i:0;a:1:{s:4:\"text\";s:14:\"It ebbs at six\";}}"),
        ("name", "Lia"),
        ("source", "Reuters"),
        ("price", "12 TMT"),
        ("event_date", "5 May 2026"),
        ("event_city", "oslo"),
    ] {
        let name = format!("custom field {key}");
        assert_eq!(lost(&import(&post(&field(key, value), "x"))), [&*name], "{value}");
    }
    for (key, value) in [
        ("layout", "full width"),
        ("color", "red"),
        ("views", "123"),
        ("site-sidebar-layout", "default"),
        ("sbg_selected_sidebar_replacement", "a:1:{i:0;s:12:\"Blog Sidebar\";}"),
        ("rows", "a:2:{i:0;s:4:\"text\";i:1;s:5:\"image\";}"),
        ("video_url", "https://quay.example/v"),
        ("menu_location", "primary"),
        ("kind", "oslo"),
        ("picture", "field_5f3a"),
        ("rank_math_description", "All about the ebb"),
    ] {
        assert_eq!(lost(&import(&post(&field(key, value), "x"))), [""; 0], "{key} {value}");
    }
}

#[test]
fn texts_of_other_builders_are_counted() {
    let php = "a:1:{i:0;a:2:{s:5:\"style\";s:4:\"wide\";s:4:\"text\";s:19:\"<p>Ebb at six.</p>\n\";}}";
    for key in ["panels_data", "_fl_builder_data"] {
        let name = format!("texts in the field {key}");
        assert_eq!(lost(&import(&post(&field(key, php), "x"))), [&*name]);
        assert_eq!(lost(&import(&post(&field(key, php), "Ebb at six. And flow."))), [""; 0]);
    }
    assert_eq!(lost(&import(&post(&field("label", "Low water"), "x"))), ["custom field label"]);
    assert_eq!(lost(&import(&post(&field("subtitle_color", "Dark blue"), "x"))), [""; 0]);
}

#[test]
fn who_is_credited_stands_below_the_picture() {
    let item = |media: &str| {
        import(&rss(&format!(
            "<item><title>A</title><guid>1</guid><author>Jo Ferreira</author><description>Words.</description>{media}</item>"
        )))
    };
    let picture =
        |inner: &str| format!("<media:content url='https://hill.example/p.jpg' medium='image'>{inner}</media:content>");
    let credit = "<media:credit role='photographer'>Lia Moss</media:credit>";
    let rights = "<media:copyright>2026 Hill Radio</media:copyright>";
    let words = "<media:description>A heron.</media:description>";
    for (media, caption) in [
        (picture(&format!("{words}{credit}")), Some("A heron. (Lia Moss)")),
        (picture(&format!("{words}{credit}{rights}")), Some("A heron. (Lia Moss; © 2026 Hill Radio)")),
        (picture(credit), Some("Lia Moss")),
        (
            picture(
                "<media:description>A heron, by Lia Moss.</media:description><media:credit>Lia Moss</media:credit>",
            ),
            Some("A heron, by Lia Moss."),
        ),
        (picture("<media:copyright>(c) Hill Radio</media:copyright>"), Some("(c) Hill Radio")),
        (format!("<media:group>{}{credit}</media:group>", picture(words)), Some("A heron. (Lia Moss)")),
        (format!("{}{credit}", picture(words)), Some("A heron. (Lia Moss)")),
        (format!("{}{credit}{words}", picture("")), Some("A heron. (Lia Moss)")),
        (format!("{}<media:credit>Jo Ferreira</media:credit>", picture("")), None),
        (format!("<media:thumbnail url='https://hill.example/p.jpg'/>{rights}"), Some("© 2026 Hill Radio")),
    ] {
        let import = item(&media);
        let image = import.items[0].content.lead_image.as_ref().unwrap();
        assert_eq!(image.caption.as_deref(), caption, "{media}");
        assert_eq!((html(&import.items[0]), lost(&import)), ("Words.", vec![]), "{media}");
    }
    // Of a film, who made it stands below the link to it, and its terms of use are those of the item.
    let film = "<media:content url='https://hill.example/f.mp4' medium='video'><media:credit>Lia Moss</media:credit></media:content>";
    let shown = item(film);
    assert!(html(&shown.items[0]).ends_with("<p>Lia Moss</p>\n") && shown.lost.is_empty(), "{}", html(&shown.items[0]));
    let film = film.replace("</media:credit>", "</media:credit><media:copyright>Hill Radio</media:copyright>");
    let shown = item(&film);
    assert_eq!((shown.items[0].content.rights.as_deref(), lost(&shown)), (Some("© Hill Radio"), vec![]));
    // Of nothing, it is lost.
    assert_eq!(lost(&item(credit)), ["media:credit"]);
    let small = format!(
        "{}<media:thumbnail url='/s.jpg'><media:description>A gull</media:description></media:thumbnail>",
        picture(words)
    );
    assert_eq!(lost(&item(&small)), ["words of thumbnails"]);
}

#[test]
fn words_of_extensions_are_counted_in_whatever_they_stand() {
    for (more, name) in [
        (r#""_ours": {"label": "Tides"}"#, Some("_ours")),
        (r#""_ours": [{"any": "Read at noon"}]"#, Some("_ours")),
        (r#""label": "Tides""#, Some("label")),
        (r#""_ours": {"place": {"city": "oslo"}}"#, Some("_ours")),
        (r#""_ours": {"_note": "Ring twice", "theme": {"name": "Ebb"}}"#, Some("_ours")),
        (r#""_ours": {"id": "Ab", "count": 3, "kind": "oslo"}"#, None),
    ] {
        let import = import(&json(&format!(r#"{{"id": "1", "title": "A", "content_text": "t", {more}}}"#)));
        assert_eq!(lost(&import), name.into_iter().collect::<Vec<_>>(), "{more}");
    }
    let import = import(&rss(
        "<item><title>A</title><guid>1</guid><label>Low water</label><rank>High</rank><city>oslo</city><kind>oslo</kind></item>",
    ));
    assert_eq!(lost(&import), ["city", "label"]);
}

#[test]
fn who_is_credited_on_an_item_without_an_author_made_its_picture() {
    let credit = "<media:credit>Lia Moss</media:credit>";
    let item = |inner: &str| import(&rss(&format!("<item><title>A</title><guid>1</guid>{inner}{credit}</item>")));
    for picture in [
        "<media:thumbnail url='/p.jpg'/>",
        "<enclosure url='/p.jpg' type='image/jpeg' length='1'/>",
        "<image><url>/p.jpg</url></image>",
        "<media:group><media:thumbnail url='/p.jpg'/></media:group>",
    ] {
        let import = item(&format!("<description>Words.</description>{picture}"));
        let image = import.items[0].content.lead_image.as_ref().unwrap();
        assert_eq!(image.caption.as_deref(), Some("Lia Moss"), "{picture}");
        assert!(import.items[0].authors.is_empty() && import.lost.is_empty(), "{picture}: {:?}", import.lost);
    }
    for (text, shown) in [
        (
            "<figure><img src='https://hill.example/p.jpg'></figure><p>Words.</p>",
            "<figcaption>Lia Moss</figcaption></figure><p>Words.</p>",
        ),
        (
            "<figure><img src='https://hill.example/p.jpg'><figcaption>A heron.</figcaption></figure>",
            "<figcaption>A heron. (Lia Moss)</figcaption></figure>",
        ),
        ("<p><img src='https://hill.example/p.jpg'> Words.</p>", " Words.</p>\n<p>Lia Moss</p>\n"),
    ] {
        let import = item(&format!("<description><![CDATA[{text}]]></description>"));
        assert!(html(&import.items[0]).ends_with(shown), "{}", html(&import.items[0]));
        assert!(import.items[0].authors.is_empty() && import.lost.is_empty(), "{text}: {:?}", import.lost);
    }
    // Of a film, it is who made the item.
    let film = item(
        "<description>Words.</description><media:content url='/f.mp4' type='video/mp4'/><media:thumbnail url='/p.jpg'/>",
    );
    assert_eq!(texts(&film.items[0].authors), ["lia-moss"]);
    assert_eq!(texts(&item("<description>Words.</description>").items[0].authors), ["lia-moss"]);
}
