//! RSS 0.90 to 0.94, 1.0 and 2.0, with the modules newsrooms use: Dublin Core, Content, Media RSS, Atom's links.

use courant_domain::article::Source;
use url::Url;

use super::{
    Entry, Head, add_author, add_keywords, add_media_tags, add_tag, atom, comments::is_comment,
    fallback::FallbackElements, image::Images, is_original_link, original_link, placed::is_standfirst,
    unknown::unknown,
};
use crate::read::{
    collect::Collector,
    reading::ReadParts,
    text::{self, Markup, plain, web_address},
    xml::{Element, Namespace},
};

/// A feed on its way in.
#[derive(Default)]
pub(crate) struct Rss {
    head: Head,
}

impl ReadParts for Rss {
    type Part<'p> = Element<'p>;

    fn look(&mut self, _: &Element<'_>) {}

    fn head(&mut self, root: &Element<'_>, collector: &mut Collector) -> Result<(), &'static str> {
        let channel = root.child(Namespace::Rss, "channel").ok_or("it has no channel")?;
        self.head = head(channel, channel.base(root.base(None).as_ref()), root.attribute("xml:lang"), collector);
        Ok(())
    }

    /// Version 2.0 has its items in the channel, 1.0 beside it.
    fn item(&mut self, number: usize, item: &Element<'_>, collector: &mut Collector) {
        if is_comment(item) {
            return collector.lost("comments");
        }
        entry(number, item, &self.head, collector).collect(&self.head, collector);
    }
}

fn head(channel: &Element<'_>, own_base: Option<Url>, around: Option<&str>, collector: &mut Collector) -> Head {
    use Namespace::{DublinCore, Rss};
    let text = |name| channel.child_text(Rss, name);
    let mut head = Head {
        title: channel.child(Rss, "title").and_then(|title| text::name(&title.markup())),
        rights: text("copyright").or_else(|| channel.child_text(DublinCore, "rights")).and_then(plain),
        own_base,
        ..Head::default()
    };
    head.set_link(text("link").or_else(|| atom_link(channel, "alternate")), atom_link(channel, "self"));
    collector.identity([head.link.as_deref(), atom_link(channel, "self"), head.title.as_deref()]);
    let language = text("language").or_else(|| channel.child_text(DublinCore, "language"));
    let language = language.or_else(|| channel.attribute("xml:lang")).or(around);
    collector.about(head.title.clone(), language, head.link.clone());
    for child in &channel.children {
        match (child.namespace, child.name()) {
            (Rss, "title" | "link" | "copyright" | "language" | "lastBuildDate" | "pubDate" | "item" | "items")
            | (DublinCore, "rights" | "date" | "language") => {}
            // How to fetch the feed, and by which program it was made: not content.
            (Rss, "generator" | "docs" | "ttl" | "cloud" | "skipHours" | "skipDays")
            | (Namespace::Atom, "link" | "id") => {}
            (DublinCore, "creator") => add_author(&mut head.authors, child.value(), collector),
            (Namespace::Itunes, "author") if channel.child(DublinCore, "creator").is_none() => {}
            _ => collector.unmapped(&format!("feed {}", child.label)),
        }
    }
    if head.authors.is_empty() {
        add_author(&mut head.authors, channel.child_text(Namespace::Itunes, "author"), collector);
    }
    head
}

/// The address of the first of Atom's links with a relation, which many feeds of RSS have, too.
fn atom_link<'a>(element: &'a Element<'_>, relation: &str) -> Option<&'a str> {
    let mut links =
        element.children.iter().filter(|child| child.namespace == Namespace::Atom && child.name() == "link");
    links.find(|link| atom::relation(link) == relation)?.attribute("href")
}

/// The element that has an item's whole text: that of the Content module, else what news services ask for beside a
/// description (of Yandex and Rambler, the latter in two spellings; Turbo pages; XHTML).
fn full_text<'a>(item: &'a Element<'_>) -> Option<&'a Element<'a>> {
    const ELSEWHERE: [&str; 6] =
        ["yandex:full-text", "rambler:fulltext", "rambler:full-text", "turbo:content", "xhtml:body", "body"];
    let is_filled = |element: &&Element<'_>| !element.children.is_empty() || element.value().is_some();
    let elsewhere =
        |label| item.children.iter().find(|child| child.namespace == Namespace::Foreign && child.label == label);
    let encoded = item.child(Namespace::Content, "encoded").filter(is_filled);
    encoded.or_else(|| ELSEWHERE.into_iter().filter_map(elsewhere).find(is_filled))
}

/// The language that an item says it is in, or its text does.
fn language<'a>(item: &'a Element<'_>, text: Option<&'a Element<'_>>) -> Option<&'a str> {
    let said =
        || item.child_text(Namespace::DublinCore, "language").or_else(|| item.child_text(Namespace::Rss, "language"));
    text.and_then(|text| text.attribute("xml:lang")).or_else(|| item.attribute("xml:lang")).or_else(said)
}

fn is_keywords(element: &Element<'_>) -> bool {
    ["keyword", "keywords"].into_iter().any(|name| element.name().eq_ignore_ascii_case(name))
}

fn entry(number: usize, item: &Element<'_>, head: &Head, collector: &mut Collector) -> Entry {
    use Namespace::{Atom, Content, DublinCore, Itunes, Media, Rss, Wordpress};
    let text = |namespace, name| item.child_text(namespace, name);
    let html = |namespace, name| {
        item.child(namespace, name).map(Element::markup).filter(|html| !html.trim().is_empty()).map(Markup::Html)
    };
    let guid = item.child(Rss, "guid");
    let permalink = guid.filter(|guid| guid.attribute("isPermaLink") != Some("false")).and_then(Element::value);
    // A guid is an address unless it says otherwise; what many say so of is a number.
    let permalink = permalink.filter(|guid| web_address(guid, None).is_some());
    let mut images = Images::default();
    let own_base = item.base(head.own_base.as_ref());
    let full = full_text(item);
    // Some programs write Atom's elements into RSS without its namespace.
    let texts = [(Rss, "description"), (DublinCore, "description"), (Rss, "summary")];
    let text_element = full.or_else(|| texts.into_iter().find_map(|(namespace, name)| item.child(namespace, name)));
    let language = language(item, text_element).map(str::to_owned);
    let of_feed = collector.locale().map(|locale| locale.to_string());
    // Some programs write a link as Atom's are, with its namespace or without.
    let page = atom::page_of(item, language.as_deref().or(of_feed.as_deref()), head.base.as_ref());
    let mut entry = Entry {
        base: text_element.map_or_else(|| own_base.clone(), |text| text.base(own_base.as_ref())),
        place: format!("item {number}"),
        id: guid.and_then(Element::value).or_else(|| item.attribute("rdf:about")).map(str::to_owned),
        link: original_link(item)
            .or_else(|| text(Rss, "link"))
            .or(page.as_deref())
            .or(permalink)
            .or_else(|| item.attribute("rdf:about"))
            .map(str::to_owned),
        title: item
            .child(Rss, "title")
            .or_else(|| item.child(DublinCore, "title"))
            .and_then(|title| text::name(&title.markup())),
        content: full.map(|text| Markup::Html(text.markup())),
        summary: html(Rss, "description").or_else(|| html(DublinCore, "description")).or_else(|| html(Rss, "summary")),
        published: text(Rss, "pubDate")
            .or_else(|| text(DublinCore, "date"))
            .or_else(|| text(DublinCore, "issued"))
            .or_else(|| text(DublinCore, "created"))
            .or_else(|| text(Atom, "published"))
            .map(str::to_owned),
        updated: text(Atom, "updated")
            .or_else(|| text(Rss, "updated"))
            .or_else(|| text(DublinCore, "modified"))
            .map(str::to_owned),
        language,
        ..Entry::default()
    };
    entry.own_signs(item, collector);
    entry.shown_by(item, collector);
    let mut others = Vec::new();
    // What may say more than the text does.
    let mut beside = Vec::new();
    let has_description = item.child(Rss, "description").is_some();
    for child in &item.children {
        match (child.namespace, child.name()) {
            (DublinCore, "description") | (Rss, "summary")
                if has_description
                    || item
                        .child(child.namespace, child.name())
                        .is_some_and(|first| !std::ptr::addr_eq(first, child)) =>
            {
                beside.push(child);
            }
            (Rss, "title" | "link" | "guid" | "description" | "pubDate" | "updated" | "language")
            | (Content, "encoded")
            | (Atom, "updated" | "published")
            | (DublinCore, "title" | "description" | "date" | "issued" | "created" | "modified" | "language") => {}
            _ if full.is_some_and(|text| std::ptr::addr_eq(text, child)) => {}
            (Rss, "summary") if text_element.is_some_and(|text| std::ptr::addr_eq(text, child)) => {}
            (Rss, "category") if entry.category_sign(child, collector) => {}
            (Rss, "category") | (DublinCore, "subject") => add_tag(&mut entry.tags, child.value(), collector),
            (Rss, "author") | (DublinCore, "creator" | "author") => {
                add_author(&mut entry.authors, child.value(), collector);
            }
            (Atom, "link") if matches!(atom::relation(child), "alternate" | "self") => {}
            (Atom, "link") => atom::link(child, head.base.as_ref(), &mut images, collector),
            (Atom, "content") if entry.content.is_none() => {
                atom::elsewhere(child, head.base.as_ref(), &mut images, collector);
                entry.content = atom::construct(child, collector);
            }
            (Atom, "summary") if entry.summary.is_none() => entry.summary = atom::construct(child, collector),
            (Atom, "category") => add_tag(&mut entry.tags, atom::category(child), collector),
            (Atom, "author") => add_author(&mut entry.authors, child.child_text(Atom, "name"), collector),
            (Rss, "source") => entry.source = child.value().and_then(text::name).map(|name| Source { name, url: None }),
            (Rss, "enclosure") => {
                if !images.file(child.attribute("url"), None, child.attribute("type"), head.base.as_ref()) {
                    collector.lost("enclosure without an address");
                }
            }
            (Wordpress, "status") if child.value().is_none() => {
                entry.field(child.label, Some("none"), collector);
            }
            _ if entry.has_state(child, collector) || entry.signs(child, collector) => {}
            (Wordpress, "status") => {}
            (Rss, "categories" | "tags") if !child.children.is_empty() => {
                for tag in &child.children {
                    add_tag(&mut entry.tags, tag.value(), collector);
                }
            }
            (Rss, "categories" | "keywords" | "tags") | (Media | Itunes, "keywords") => {
                add_keywords(&mut entry.tags, child.value(), collector);
            }
            (Namespace::Foreign, _) if is_keywords(child) => {
                add_keywords(&mut entry.tags, child.value(), collector);
            }
            _ if is_original_link(child) => {}
            (Media | Itunes, _) => others.push(child),
            _ if is_standfirst(child) => beside.push(child),
            _ if entry.place(child) => {}
            (Rss | Namespace::Foreign, "image" | "thumbnail" | "featuredImage" | "featured_image")
                if images.named(child, head.base.as_ref()) => {}
            (Rss, "comments") => collector.unmapped("comments page"),
            _ => unknown(child, collector),
        }
    }
    let fallbacks = FallbackElements::fill(&others, &mut entry, &images, collector);
    for child in others {
        if child.namespace == Itunes && child.name() == "image" && images.named(child, head.base.as_ref()) {
            continue;
        }
        if child.namespace == Media {
            add_media_tags(&mut entry.tags, child, collector);
            images.media(child, head.base.as_ref(), &fallbacks, collector);
        } else if !fallbacks.has(child) {
            beside.push(child);
        }
    }
    entry.beside(&beside, collector);
    entry.files = images.files();
    entry.said = images.said();
    entry.image = images.lead(&mut entry.files, collector);
    entry
}
