//! Contents of Atom by their types (RFC 4287 §4.1.3), and items that say they are not for everybody.

use courant_syndication::ItemStatus;

use super::{
    feeds::{atom, rss},
    *,
};

#[test]
fn a_content_is_read_by_its_type_however_that_is_written() {
    for (content, shown) in [
        (
            "<content type='application/xml'><p xmlns='http://www.w3.org/1999/xhtml'>An <b>owl</b></p></content>",
            "<p>An <b>owl</b></p>",
        ),
        ("<content type='application/xml'>&lt;p>An owl&lt;/p></content>", "<p>An owl</p>"),
        (
            "<content type='text/xml'><act xmlns='urn:act'><num>1</num><title>On <i>owls</i></title></act></content>",
            "<div><div>1</div><div>On <i>owls</i></div></div>",
        ),
        (
            "<content type='application/mathml+xml'><math xmlns='http://www.w3.org/1998/Math/MathML'><mi>x</mi></math></content>",
            "<math><mi>x</mi></math>",
        ),
        (
            "<content type='application/xhtml+xml'><html xmlns='http://www.w3.org/1999/xhtml'><head><title>No</title></head><body><p>Owl</p></body></html></content>",
            "<p>Owl</p>",
        ),
        ("<content type='Text/HTML; charset=utf-8'>&lt;p>An owl&lt;/p></content>", "<p>An owl</p>"),
        ("<content type='text/markdown'>An *owl*</content>", "<p>An <em>owl</em></p>"),
        (
            "<content type='xhtml'>Before <div xmlns='http://www.w3.org/1999/xhtml'><p>owl</p></div> after</content>",
            "Before <div><p>owl</p></div> after",
        ),
        ("<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>owl</p></div></content>", "<p>owl</p>"),
    ] {
        let import = import(&atom(content));
        assert_eq!(html(&import.items[0]).trim(), shown, "{content}");
        assert!(import.lost.is_empty(), "{content}: {:?}", import.lost);
    }
    let import = import(&atom("<content type='application/json'>{}</content>"));
    assert_eq!(count(&import, "content of type application/json"), 1);
}

#[test]
fn a_drawing_in_the_place_of_a_text_is_its_words() {
    let svg = "<content type='image/svg+xml'><svg xmlns='http://www.w3.org/2000/svg'><title>Owls</title><text>Seven</text></svg></content>";
    let import = import(&atom(svg));
    let text = import.items[0].content.body.as_ref().unwrap().text();
    assert_eq!(text.split_whitespace().collect::<Vec<_>>(), ["Owls", "Seven"]);
    assert_eq!(count(&import, "html svg"), 1);
}

#[test]
fn what_stands_in_a_tag_says_who_may_read_it_too() {
    let date = "<pubDate>Wed, 04 Mar 2026 06:00:00 GMT</pubDate>";
    for (item, status) in [
        ("<item status='draft'>", ItemStatus::Draft),
        ("<item published='false'>", ItemStatus::Draft),
        ("<item><status value='in review'/>", ItemStatus::Draft),
        ("<item><pubStatus>stat:withheld</pubStatus>", ItemStatus::Draft),
        ("<item><pubStatus>stat:usable</pubStatus>", ItemStatus::Published),
        ("<item status='published'>", ItemStatus::Published),
        ("<item>", ItemStatus::Published),
    ] {
        let import = import(&rss(&format!("{item}<title>Owls</title><description>Seven.</description>{date}</item>")));
        assert_eq!(import.items[0].status, status, "{item}");
    }
}
