//! Atom 1.0 (RFC 4287), with tombstones (RFC 6721), pages and archives (RFC 5005).

use super::{
    model::{Feed, Instead, Item, Picture},
    tidy,
    xml::{Xml, state},
};

/// Writes a feed as Atom 1.0. What was taken back is a tombstone.
#[must_use]
pub fn atom(feed: &Feed) -> Vec<u8> {
    let feed = &tidy::feed(feed);
    let mut xml = Xml::new();
    let language = feed.locale.as_str();
    xml.open(
        "feed",
        &[
            ("xmlns", "http://www.w3.org/2005/Atom"),
            ("xmlns:at", "http://purl.org/atompub/tombstones/1.0"),
            ("xmlns:fh", "http://purl.org/syndication/history/1.0"),
            ("xml:lang", language),
        ],
    );
    xml.text("id", &feed.id);
    xml.text("title", &feed.title);
    xml.text_if("subtitle", feed.description.as_deref());
    xml.text("updated", &feed.updated_at().to_string());
    // Whoever wrote an entry that names nobody.
    xml.open("author", &[]);
    xml.text("name", &feed.site);
    xml.text("uri", feed.site_url.as_str());
    xml.close();
    xml.element("generator", &[("version", env!("CARGO_PKG_VERSION"))], "Courant");
    xml.text_if("icon", feed.icon.as_ref().map(url::Url::as_str));
    let own = [("rel", "self"), ("type", "application/atom+xml"), ("href", feed.own.as_str())];
    xml.empty("link", &own);
    let page = [("rel", "alternate"), ("type", "text/html"), ("hreflang", language), ("href", feed.page.as_str())];
    xml.empty("link", &page);
    for link in &feed.links {
        xml.empty("link", &[("rel", link.rel.as_str()), ("href", link.url.as_str())]);
    }
    if feed.is_archive {
        xml.empty("fh:archive", &[]);
    }
    for gone in &feed.departed {
        xml.open("at:deleted-entry", &[("ref", &gone.id), ("when", &gone.at.to_string())]);
        xml.text("at:comment", gone.instead.words(&feed.words));
        if let Instead::At(url) = &gone.instead {
            xml.empty("link", &[("rel", "related"), ("href", url.as_str())]);
        }
        xml.close();
    }
    for item in &feed.items {
        entry(&mut xml, feed, item);
    }
    xml.end()
}

fn entry(xml: &mut Xml, feed: &Feed, item: &Item) {
    let language = item.locale.as_str();
    if item.locale == feed.locale {
        xml.open("entry", &[]);
    } else {
        xml.open("entry", &[("xml:lang", language)]);
    }
    xml.text("id", &item.id);
    xml.text("title", &item.title);
    let page = [("rel", "alternate"), ("type", "text/html"), ("hreflang", language), ("href", item.url.as_str())];
    xml.empty("link", &page);
    if let Some(picture) = &item.picture {
        enclosure(xml, picture);
    }
    if let Some((name, Some(url))) = &item.source {
        xml.empty("link", &[("rel", "via"), ("title", name), ("href", url.as_str())]);
    }
    xml.text("published", &item.published_at.to_string());
    xml.text("updated", &item.changed_at().to_string());
    for author in &item.authors {
        xml.open("author", &[]);
        xml.text("name", &author.name);
        xml.text_if("uri", author.url.as_ref().map(url::Url::as_str));
        xml.close();
    }
    for term in &item.terms {
        // A term is known by its address; its name is for people.
        xml.empty("category", &[("term", term.url.as_str()), ("label", &term.name)]);
    }
    xml.text_if("rights", item.rights.as_deref());
    if item.withdrawn.is_some() {
        state(xml, "WITHDRAWN");
    }
    if let Some(summary) = item.summary(&feed.words) {
        xml.element("summary", &[("type", "text")], &summary);
    }
    if let Some(html) = item.html(&feed.words) {
        xml.element("content", &[("type", "html")], &html);
    }
    xml.close();
}

fn enclosure(xml: &mut Xml, picture: &Picture) {
    let mut attributes = vec![("rel", "enclosure")];
    attributes.extend(picture.media_type().map(|media_type| ("type", media_type)));
    attributes.extend(picture.alt.as_deref().map(|alt| ("title", alt)));
    attributes.push(("href", picture.url.as_str()));
    xml.empty("link", &attributes);
}
