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
