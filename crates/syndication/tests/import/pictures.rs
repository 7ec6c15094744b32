//! Pictures: each comes in once, the best of them as the lead image.

use super::{
    feeds::{json, rss},
    wordpress::post,
    *,
};

/// The lead image of the only item, and the addresses of the pictures in its text.
fn pictures(source: &str) -> (Option<String>, Vec<String>) {
    let import = import(source);
    let item = &import.items[0];
    let shown = html(item).split("src=\"").skip(1).filter_map(|part| part.split('"').next()).map(str::to_owned);
    (item.content.lead_image.as_ref().map(|image| image.url.clone()), shown.collect())
}

#[test]
fn a_feeds_pictures_come_in_once() {
    let at = |name: &str| format!("https://hill.example/{name}");
    for (inner, lead, shown) in [
        ("<description>Owls.</description><enclosure url='/a.jpg' type='image/jpeg'/>", "a.jpg", vec![]),
        ("<description>Owls.</description><enclosure url='/a.jpg' type='application/octet-stream'/>", "a.jpg", vec![]),
        ("<description>Owls.</description><itunes:image href='/a.jpg'/>", "a.jpg", vec![]),
        ("<description>Owls.</description><image><url>https://hill.example/a.jpg</url></image>", "a.jpg", vec![]),
        ("<description>Owls.</description><media:thumbnail url='/a.jpg'/>", "a.jpg", vec![]),
        (
            "<description>&lt;p>&lt;img src='/a-300x200.jpg'>&lt;/p>&lt;p>Owls.&lt;/p></description><media:content url='/a.jpg' medium='image'/>",
            "a.jpg",
            vec![],
        ),
        (
            "<description>Owls &lt;img src='/a.jpg'></description><media:content url='/a.jpg' medium='image'/>",
            "a.jpg",
            vec!["a.jpg"],
        ),
        (
            "<description>Owls.</description><media:group><media:content url='/s.jpg' type='image/jpeg' width='90'/>\
             <media:content url='/l.jpg' type='image/jpeg' width='900'/></media:group>",
            "l.jpg",
            vec![],
        ),
        (
            "<description>Owls.</description><media:content url='/a-90.jpg' medium='image' width='90'/>\
             <media:content url='/a-900.jpg' medium='image' width='900'/><media:content url='/b.jpg' medium='image'/>",
            "a-900.jpg",
            vec!["b.jpg"],
        ),
        (
            "<description>Owls.</description><media:content url='https://0.gravatar.com/avatar/1' medium='image'/>\
             <media:content url='/a.jpg' medium='image'/>",
            "a.jpg",
            vec![],
        ),
    ] {
        let (found, rest) = pictures(&rss(&format!("<item><title>Owls</title>{inner}</item>")));
        assert_eq!(found, Some(at(lead)), "{inner}");
        assert_eq!(rest, shown.into_iter().map(at).collect::<Vec<_>>(), "{inner}");
    }
}

#[test]
fn a_json_feeds_pictures_come_in_once() {
    let at = |name: &str| format!("https://hill.example/{name}");
    let file = |name: &str| format!("\"attachments\": [{{\"url\": \"/{name}\", \"mime_type\": \"image/jpeg\"}}]");
    for (more, shown) in [
        ("\"image\": \"/a.jpg\"".to_owned(), vec![]),
        ("\"image\": {\"url\": \"/a.jpg\"}".to_owned(), vec![]),
        ("\"banner_image\": \"/a.jpg\"".to_owned(), vec![]),
        (format!("\"image\": \"/a.jpg\", {}", file("a.jpg")), vec![]),
        (format!("\"image\": \"/a.jpg\", {}", file("b.jpg")), vec!["b.jpg"]),
    ] {
        let source =
            json(&format!("{{\"id\": \"1\", \"title\": \"Owls\", \"content_html\": \"<p>Owls.</p>\", {more}}}"));
        assert_eq!(pictures(&source), (Some(at("a.jpg")), shown.into_iter().map(at).collect()), "{more}");
    }
}

#[test]
fn a_featured_image_from_elsewhere_is_one() {
    let field = "<wp:postmeta><wp:meta_key>fifu_image_url</wp:meta_key><wp:meta_value>https://pictures.example/a.jpg</wp:meta_value></wp:postmeta>";
    assert_eq!(pictures(&post(field, "Owls.")), (Some("https://pictures.example/a.jpg".to_owned()), Vec::new()));
}

#[test]
fn notes_stand_in_the_order_in_which_a_text_leads_to_them() {
    let notes = r#"[{"id":"b","content":"Second"},{"id":"c","content":"Unnamed"},{"id":"a","content":"First"}]"#;
    let field = format!(
        "<wp:postmeta><wp:meta_key>footnotes</wp:meta_key><wp:meta_value><![CDATA[{notes}]]></wp:meta_value></wp:postmeta>"
    );
    let text = "<!-- wp:paragraph --><p>Owls<sup><a href=\"#a\">1</a></sup>, jays<sup><a href=\"#b\">2</a></sup></p><!-- /wp:paragraph -->";
    let import = import(&post(&field, text));
    let shown = import.items[0].content.body.as_ref().unwrap().text();
    let at = |word: &str| shown.find(word).unwrap();
    assert!(at("First") < at("Second") && at("Second") < at("Unnamed"), "{shown}");
}

#[test]
fn what_two_elements_say_of_one_picture_is_its_words() {
    let file = "<enclosure url='https://hill.example/a.jpg' type='image/jpeg' length='1'/>";
    let words = |url: &str| {
        format!(
            "<media:content url='https://hill.example/{url}' type='image/jpeg'><media:credit>Lia Moss</media:credit>\
             <media:description>At six</media:description><media:title>A heron</media:title></media:content>"
        )
    };
    for (url, inner) in ["a.jpg", "a.jpg?w=300"].into_iter().flat_map(|url| {
        let words = words(url);
        [(url, format!("{file}{words}")), (url, format!("{words}{file}"))]
    }) {
        let source = rss(&format!("<item><title>Owls</title><description>Owls.</description>{inner}</item>"));
        let item = &import(&source).items[0];
        let lead = item.content.lead_image.as_ref().unwrap();
        assert_eq!(
            (lead.alt.as_deref(), lead.caption.as_deref()),
            (Some("A heron"), Some("At six (Lia Moss)")),
            "{url}"
        );
        assert_eq!(html(item), "Owls.", "{url}");
    }
    let link = "<link rel='enclosure' href='https://hill.example/a.jpg' type='image/jpeg' title='A heron'/>";
    let source =
        super::feeds::atom(&format!("<summary>Owls.</summary>{link}{}", words("a.jpg").replace("A heron", "Grey")));
    let lead = import(&source).items[0].content.lead_image.clone().unwrap();
    assert_eq!((lead.alt.as_deref(), lead.caption.as_deref()), (Some("A heron"), Some("Grey · At six (Lia Moss)")));
}

#[test]
fn a_film_is_called_what_any_element_calls_it() {
    let file = "<enclosure url='https://hill.example/f.mp4' type='video/mp4' length='1'/>";
    let named = |title: &str| {
        format!(
            "<media:content url='https://hill.example/f.mp4' type='video/mp4'><media:title>{title}</media:title></media:content>"
        )
    };
    let text = |inner: &str| {
        let source = rss(&format!("<item><title>Owls</title><description>Owls.</description>{inner}</item>"));
        html(&import(&source).items[0]).to_owned()
    };
    for inner in [format!("{file}{}", named("The ebb")), format!("{}{file}", named("The ebb"))] {
        assert!(text(&inner).contains(">The ebb</a>"), "{}", text(&inner));
    }
    let both = text(&format!("{}{}", named("The ebb"), named("In full")));
    assert!(both.contains(">The ebb</a>") && both.contains("<p>In full</p>"), "{both}");
}

#[test]
fn a_caption_of_a_picture_in_the_text_stands_below_it() {
    let text = "<description>&lt;p>Owls &lt;img src='https://hill.example/b.jpg' alt='Two'>.&lt;/p></description>";
    let more = "<media:content url='https://hill.example/a.jpg' medium='image'/>\
                <media:content url='https://hill.example/b.jpg' medium='image'><media:description>At six</media:description></media:content>";
    let import = import(&rss(&format!("<item><title>Owls</title>{text}{more}</item>")));
    assert!(html(&import.items[0]).ends_with("</p>\n<p>At six</p>\n"), "{}", html(&import.items[0]));
}

#[test]
fn a_banner_beside_an_image_stands_below_the_text() {
    let source = json(
        "{\"id\": \"1\", \"title\": \"Owls\", \"content_html\": \"<p>Owls.</p>\", \"image\": \"/a.jpg\", \"banner_image\": \"/b.jpg\"}",
    );
    let found = (Some("https://hill.example/a.jpg".to_owned()), vec!["https://hill.example/b.jpg".to_owned()]);
    assert_eq!(pictures(&source), found);
}
