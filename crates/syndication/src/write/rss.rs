//! RSS 2.0 (RSS Advisory Board, 2.0.11), with the modules that readers know.

use jiff::{Timestamp, fmt::rfc2822::DateTimePrinter};

use super::{
    model::{Departure, Feed, Item},
    tidy,
    xml::{Xml, escaped, state},
};

const NAMESPACES: [(&str, &str); 7] = [
    ("version", "2.0"),
    ("xmlns:atom", "http://www.w3.org/2005/Atom"),
    ("xmlns:content", "http://purl.org/rss/1.0/modules/content/"),
    ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
    ("xmlns:dcterms", "http://purl.org/dc/terms/"),
    ("xmlns:fh", "http://purl.org/syndication/history/1.0"),
    ("xmlns:media", "http://search.yahoo.com/mrss/"),
];

/// Writes a feed as RSS 2.0. What was taken back is an item of its own id that says so.
#[must_use]
pub fn rss(feed: &Feed) -> Vec<u8> {
    let feed = &tidy::feed(feed);
    let mut xml = Xml::new();
    xml.open("rss", &NAMESPACES);
    xml.open("channel", &[]);
    xml.plain("title", &feed.title);
    xml.text("link", feed.page.as_str());
    xml.plain("description", feed.description.as_deref().unwrap_or(&feed.title));
    xml.text("language", &feed.locale.as_str().to_ascii_lowercase());
    xml.text("generator", "Courant");
    xml.text("docs", "https://www.rssboard.org/rss-specification");
    let updated = feed.updated_at();
    if updated != Timestamp::UNIX_EPOCH {
        xml.text("lastBuildDate", &date(updated));
    }
    link(&mut xml, "self", feed.own.as_str());
    for other in &feed.links {
        link(&mut xml, other.rel.as_str(), other.url.as_str());
    }
    if feed.is_archive {
        xml.empty("fh:archive", &[]);
    }
    for one in &feed.items {
        item(&mut xml, feed, one);
    }
    for gone in &feed.departed {
        departure(&mut xml, feed, gone);
    }
    xml.end()
}

fn link(xml: &mut Xml, rel: &str, href: &str) {
    match rel {
        "self" => xml.empty("atom:link", &[("rel", rel), ("type", "application/rss+xml"), ("href", href)]),
        _ => xml.empty("atom:link", &[("rel", rel), ("href", href)]),
    }
}

fn item(xml: &mut Xml, feed: &Feed, item: &Item) {
    xml.open("item", &[]);
    xml.plain("title", &item.title);
    xml.text("link", item.url.as_str());
    xml.element("guid", &[("isPermaLink", "false")], &item.id);
    xml.text("pubDate", &date(item.published_at));
    if item.changed_at() != item.published_at {
        xml.text("dcterms:modified", &item.changed_at().to_string());
    }
    for author in &item.authors {
        xml.plain("dc:creator", &author.name);
    }
    if item.locale != feed.locale {
        xml.text("dc:language", item.locale.as_str());
    }
    for term in &item.terms {
        xml.plain("category", &term.name);
    }
    let html = item.html(&feed.words);
    // Readers show it as HTML; and those that look for it alone are to find it before the text.
    let summary = item.summary(&feed.words).map(|summary| escaped(&summary).replace('\n', "<br>"));
    if summary.is_some() || html.is_some() {
        xml.text("description", &summary.unwrap_or_default());
    }
    xml.text_if("content:encoded", html.as_deref());
    if let Some((name, Some(url))) = &item.source {
        xml.plain("dc:source", &format!("{name}, {url}"));
    }
    if let Some(rights) = &item.rights {
        xml.plain("dc:rights", rights);
    }
    if item.withdrawn.is_some() {
        state(xml, "WITHDRAWN");
    }
    if let Some(picture) = &item.picture {
        if let Some(media_type) = picture.media_type() {
            // How long it is, is not known here; zero says so.
            xml.empty("enclosure", &[("url", picture.url.as_str()), ("length", "0"), ("type", media_type)]);
        }
        let sizes = [picture.width, picture.height].map(|size| size.map(|size| size.to_string()));
        let mut attributes = vec![("url", picture.url.as_str()), ("medium", "image")];
        attributes.extend(picture.media_type().map(|media_type| ("type", media_type)));
        for (name, size) in ["width", "height"].into_iter().zip(&sizes) {
            attributes.extend(size.as_deref().map(|size| (name, size)));
        }
        xml.open("media:content", &attributes);
        if let Some(caption) = &picture.caption {
            xml.plain_element("media:title", &[("type", "plain")], caption);
        }
        if let Some(alt) = &picture.alt {
            xml.plain_element("media:description", &[("type", "plain")], alt);
        }
        xml.close();
    }
    xml.close();
}

fn departure(xml: &mut Xml, feed: &Feed, gone: &Departure) {
    xml.open("item", &[]);
    let words = gone.instead.words(&feed.words);
    xml.plain("title", words);
    xml.text_if("link", gone.instead.url().map(url::Url::as_str));
    xml.element("guid", &[("isPermaLink", "false")], &gone.id);
    xml.text("pubDate", &date(gone.at));
    xml.text("description", &escaped(words));
    state(xml, gone.instead.state());
    xml.close();
}

/// A time as RFC 822 has it, with a year of four digits and in the zone that all know.
fn date(at: Timestamp) -> String {
    DateTimePrinter::new().timestamp_to_rfc9110_string(&at).unwrap_or_default()
}
