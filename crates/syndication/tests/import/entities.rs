//! Entities that a file declares itself.

use super::*;

fn feed(subset: &str, item: &str) -> String {
    format!(
        "<?xml version='1.0'?><!DOCTYPE rss [{subset}]><rss version='2.0'><channel><title>Quay</title>\
         <link>https://quay.example/</link><item><guid>a</guid>\
         <pubDate>Wed, 04 Mar 2026 06:00:00 GMT</pubDate>{item}</item></channel></rss>"
    )
}

#[test]
fn they_are_read_as_they_were_declared() {
    let subset = "<!ENTITY house 'The &mdash;&dash; &lt;Quay&gt;'><!ENTITY dash '&#8212;'><!ENTITY file 'x.jpg'>\
                  <!ENTITY strong '&#60;b>Gulls&#60;/b>'>";
    let import = import(&feed(
        subset,
        "<title>&house;, &nbsp;&rsquo;s</title>\
         <description><![CDATA[<p>&house;</p>]]></description>\
         <enclosure url='https://quay.example/&file;' type='image/jpeg' length='1'/>",
    ));
    let item = &import.items[0];
    assert_eq!(item.content.title.as_deref(), Some("The —— <Quay>, ’s"));
    assert_eq!(item.content.lead_image.as_ref().unwrap().url, "https://quay.example/x.jpg");
    // What is character data has none.
    assert!(item.content.body.as_ref().unwrap().source().contains("&house;"), "{item:?}");
    assert_eq!(import.problems, []);
}

#[test]
fn those_that_nobody_explains_are_named() {
    let import = import(&feed(
        "<!ENTITY secret SYSTEM 'file:///etc/hostname'>",
        "<title>Rain &secret; &nobody;</title><description>&nobody; and &eacute;</description>",
    ));
    assert_eq!(import.items[0].content.title.as_deref(), Some("Rain &secret; &nobody;"));
    let named: Vec<&str> = import.problems.iter().map(|problem| &*problem.message).collect();
    assert_eq!(named, ["nothing says what stands here for &secret; &nobody;"]);
}
