//! Atom 1.0 (RFC 4287), and the names 0.3 had for the same.

mod construct;

use courant_domain::article::Source;
use url::Url;

use super::{
    Entry, Head, add_author, add_keywords, add_media_tags, add_tag, blogger, comments::is_comment,
    departed::deleted_entry, fallback::FallbackElements, image::Images, is_original_link, original_link,
    placed::is_standfirst, unknown::unknown,
};
use crate::read::{
    collect::{Collector, is_content},
    import::ReadOptions,
    places::with_rights,
    reading::ReadParts,
    xml::{Element, Namespace},
};

pub(super) use construct::construct;

/// A feed on its way in, or a document that is one entry.
#[derive(Default)]
pub(crate) struct Atom {
    post_types: Vec<String>,
    head: Head,
    is_blogger: bool,
}

impl Atom {
    pub(crate) fn new(options: &ReadOptions) -> Self {
        Self { post_types: options.post_types.clone(), head: Head::default(), is_blogger: false }
    }

    /// Tells the addresses that labels and feeds had on a site of Blogger.
    pub(crate) fn old_terms(&self, collector: &mut Collector) {
        if self.is_blogger && collector.is_own_site() {
            blogger::old_terms(collector);
        }
    }
}

impl ReadParts for Atom {
    type Part<'p> = Element<'p>;

    fn look(&mut self, _: &Element<'_>) {}

    fn head(&mut self, root: &Element<'_>, collector: &mut Collector) -> Result<(), &'static str> {
        if root.name() == "entry" {
            collector.about(None, None, None);
            self.head.set_link(None, link_of(root, "self"));
        } else {
            self.head = head(root, collector);
        }
        Ok(())
    }

    fn item(&mut self, number: usize, element: &Element<'_>, collector: &mut Collector) {
        self.is_blogger |= blogger::is_entry(element);
        if element.name() == "deleted-entry" {
            deleted_entry(number, element, collector);
        } else if is_atom(element) && blogger::is_article(element, &self.post_types, collector) {
            if is_comment(element) {
                return collector.lost("comments");
            }
            entry(number, element, &self.head, collector).collect(&self.head, collector);
        }
    }
}

fn head(feed: &Element<'_>, collector: &mut Collector) -> Head {
    let mut head = Head { own_base: feed.base(None), ..Head::default() };
    head.set_link(
        page_of(feed, feed.attribute("xml:lang"), head.own_base.as_ref()).as_deref().or(link_of(feed, "alternate")),
        link_of(feed, "self"),
    );
    for child in feed.children.iter().filter(|child| child.name() != "entry") {
        if child.namespace == Namespace::DublinCore && child.name() == "language" {
            continue;
        }
        if !is_atom(child) {
            collector.unmapped(&format!("feed {}", child.label));
            continue;
        }
        match child.name() {
            "title" => head.title = construct(child, collector).and_then(|title| title.name()),
            "author" => add_author(&mut head.authors, name_of(child, collector), collector),
            "rights" | "copyright" => head.rights = construct(child, collector).and_then(|rights| rights.plain()),
            "updated" | "modified" => {}
            // How to fetch the feed, and by which program it was made: not content.
            "id" | "link" | "generator" => {}
            name => collector.unmapped(&format!("feed {name}")),
        }
    }
    let id = feed.children.iter().find(|child| is_atom(child) && child.name() == "id").and_then(Element::value);
    collector.identity([id, head.link.as_deref(), link_of(feed, "self"), head.title.as_deref()]);
    let language = feed.attribute("xml:lang").or_else(|| feed.child_text(Namespace::DublinCore, "language"));
    collector.about(head.title.clone(), language, head.link.clone());
    head
}

fn entry(number: usize, element: &Element<'_>, head: &Head, collector: &mut Collector) -> Entry {
    let own_base = element.base(head.own_base.as_ref());
    let base = own_base.clone().or_else(|| head.base.clone());
    let mut entry = Entry { place: format!("entry {number}"), base: own_base.clone(), ..Entry::default() };
    entry.language = language(element).map(str::to_owned);
    entry.own_signs(element, collector);
    if let Some(kind) = blogger::odd_kind(element) {
        entry.hide("kind", Some(kind), collector);
    }
    let mut images = Images::default();
    let mut others = Vec::new();
    let mut beside = Vec::new();
    for child in &element.children {
        if blogger::is_scheduled(child) {
            entry.scheduled = true;
            continue;
        }
        if blogger::is_left_empty(child) || entry.has_state(child, collector) || entry.signs(child, collector) {
            continue;
        }
        if child.name() == "keywords" && !matches!(child.namespace, Namespace::Rss | Namespace::Media) {
            add_keywords(&mut entry.tags, child.value(), collector);
            continue;
        }
        if matches!(child.namespace, Namespace::Media | Namespace::Itunes) {
            others.push(child);
            continue;
        }
        if !is_atom(child) {
            match (child.namespace, child.name()) {
                (Namespace::DublinCore, "language") => {}
                (Namespace::DublinCore, "subject") => add_tag(&mut entry.tags, child.value(), collector),
                (Namespace::DublinCore, "creator") if !has_author(element) => {
                    add_author(&mut entry.authors, child.value(), collector);
                }
                _ if is_original_link(child) || blogger::is_known(child) => {}
                _ if is_standfirst(child) => beside.push(child),
                _ if entry.place(child) => {}
                _ => unknown(child, collector),
            }
            continue;
        }
        let text = || child.value().map(str::to_owned);
        match child.name() {
            "id" => entry.id = text(),
            "title" => entry.title = construct(child, collector).and_then(|title| title.name()),
            "content" => {
                elsewhere(child, child.base(base.as_ref()).as_ref(), &mut images, collector);
                entry.content = construct(child, collector);
                entry.base = base_of(child, own_base.as_ref());
            }
            "summary" => {
                entry.summary = construct(child, collector);
                if entry.content.is_none() {
                    entry.base = base_of(child, own_base.as_ref());
                }
            }
            "published" | "issued" | "created" => entry.published = text().or(entry.published),
            "updated" | "modified" => entry.updated = text().or(entry.updated),
            "author" => add_author(&mut entry.authors, name_of(child, collector), collector),
            // They say what programs need, and were looked at already.
            "category" if blogger::is_kind(child) || entry.category_sign(child, collector) => {}
            "category" => {
                add_tag(&mut entry.tags, category(child), collector);
            }
            "rights" => {
                if let Some(rights) = construct(child, collector).and_then(|rights| rights.plain()) {
                    entry.rights = Some(with_rights(entry.rights.take(), &rights));
                }
            }
            "link" if relation(child) == "license" && entry.place(child) => {}
            "source" => {
                let title = child.children.iter().find(|part| part.name() == "title");
                let name = title.and_then(|title| construct(title, collector)).and_then(|title| title.name());
                entry.source = name.map(|name| Source { name, url: None });
            }
            "link" => link(child, base.as_ref(), &mut images, collector),
            _ if is_standfirst(child) => beside.push(child),
            _ if entry.place(child) => {}
            _ => unknown(child, collector),
        }
    }
    entry.path = blogger::path(element).map(str::to_owned);
    let of_feed = collector.locale().map(|locale| locale.to_string());
    entry.link = page_of(element, entry.language.as_deref().or(of_feed.as_deref()), base.as_ref());
    entry.link = original_link(element).map(str::to_owned).or(entry.link);
    let fallbacks = FallbackElements::fill(&others, &mut entry, &images, collector);
    for child in others {
        if child.namespace == Namespace::Itunes && child.name() == "image" && images.named(child, base.as_ref()) {
            continue;
        }
        if child.namespace == Namespace::Media {
            add_media_tags(&mut entry.tags, child, collector);
            images.media(child, base.as_ref(), &fallbacks, collector);
        } else if !fallbacks.has(child) {
            beside.push(child);
        }
    }
    entry.beside(&beside, collector);
    entry.files = images.files();
    entry.said = images.said();
    entry.image = images.lead(&mut entry.files, collector);
    entry.shown_by(element, collector);
    entry
}

/// The language that an entry says it is in, or its text does.
fn language<'a>(entry: &'a Element<'_>) -> Option<&'a str> {
    let part = |name| entry.children.iter().find(|child| is_atom(child) && child.name() == name);
    let of = |name| part(name).and_then(|part| part.attribute("xml:lang"));
    let said = || entry.attribute("xml:lang").or_else(|| entry.child_text(Namespace::DublinCore, "language"));
    of("content").or_else(said).or_else(|| of("summary")).or_else(|| of("title"))
}

/// Whether an entry says who wrote it in Atom's own way.
fn has_author(entry: &Element<'_>) -> bool {
    let is_named =
        |person: &Element<'_>| person.children.iter().any(|part| part.name() == "name" && part.value().is_some());
    entry.children.iter().any(|child| is_atom(child) && child.name() == "author" && is_named(child))
}

/// What addresses in a text are read against. The `div` around XHTML may say so, too, and does not stay.
fn base_of(text: &Element<'_>, outer: Option<&Url>) -> Option<Url> {
    let own = text.base(outer);
    match text.children.as_slice() {
        [div] if div.name() == "div" => div.base(own.as_ref()),
        _ => own,
    }
}

/// The address of the page an entry or a feed is: of the alternates, one that is a page, in the language of the text. Others
/// are it in other formats and languages (RFC 4287 §4.1.2); what is in another language is another text.
pub(super) fn page_of(element: &Element<'_>, language: Option<&str>, base: Option<&Url>) -> Option<String> {
    let links = element.children.iter().filter(|child| is_atom(child) && child.name() == "link");
    let pages = links.filter(|link| relation(link) == "alternate").filter_map(|link| {
        let address = crate::read::text::web_address(link.attribute("href")?, base)?;
        let kind = link.attribute("type").map(|kind| kind.split(';').next().unwrap_or_default().trim().to_lowercase());
        let format = match kind.as_deref() {
            Some("text/html" | "application/xhtml+xml") => 0,
            None => 1,
            // A document is what people read, data are not.
            Some("application/pdf" | "text/plain") => 2,
            Some(_) => return None,
        };
        let is_same = |a: &str, b: &str| a.replace('_', "-").eq_ignore_ascii_case(&b.replace('_', "-"));
        let language_fit = match (link.attribute("hreflang"), language) {
            (Some(of_link), Some(of_text)) if is_same(of_link, of_text) => 0,
            (Some(of_link), Some(of_text)) if is_same(main_language(of_link), main_language(of_text)) => 1,
            (Some(_), Some(_)) => return None,
            (None, _) => 2,
            (Some(_), None) => 3,
        };
        Some((language_fit, format, address))
    });
    pages
        .min_by_key(|(language_fit, format, _)| (*language_fit > 2, *format, *language_fit))
        .map(|(_, _, address)| address)
}

/// The language of a tag without its country.
fn main_language(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or_default()
}

/// Takes one of an entry's links, each by its relation (RFC 4287 §4.2.7.2).
pub(super) fn link(element: &Element<'_>, base: Option<&Url>, images: &mut Images, collector: &mut Collector) {
    let href = element.attribute("href");
    match relation(element) {
        "enclosure" => {
            if !images.file(href, element.attribute("title"), element.attribute("type"), base) {
                collector.lost("enclosure without an address");
            }
        }
        "alternate" | "self" | "edit" | "edit-media" => {}
        // What goes with it is called something.
        relation @ ("related" | "via")
            if element.attribute("title").is_some_and(|title| is_content("title", title)) =>
        {
            collector.lost(&format!("link {relation}"));
        }
        relation => collector.unmapped(&format!("link {relation}")),
    }
}

/// Leads to a content that is at another address (RFC 4287 §4.1.3.2).
pub(super) fn elsewhere(element: &Element<'_>, base: Option<&Url>, images: &mut Images, collector: &mut Collector) {
    let Some(address) = element.attribute("src") else { return };
    let media_type = element.attribute("type");
    // A page is no file: it is called by its address.
    let is_page = media_type.is_none_or(|kind| kind.starts_with("text/") || kind.contains("html"));
    if images.file(Some(address), None, media_type.filter(|_| !is_page), base) {
        collector.unmapped("content elsewhere (a link is in its place)");
    } else {
        collector.lost("content elsewhere");
    }
}

/// The name of a category; some writers put it where RSS has it.
pub(super) fn category<'a>(element: &'a Element<'_>) -> Option<&'a str> {
    element.attribute("label").or_else(|| element.attribute("term")).or_else(|| element.value())
}

fn name_of<'a>(person: &'a Element<'_>, collector: &mut Collector) -> Option<&'a str> {
    let part = |name| person.children.iter().find(|child| child.name() == name).and_then(Element::value);
    for (name, unmapped) in [("email", "author email"), ("uri", "author uri"), ("url", "author uri")] {
        if part(name).is_some() {
            collector.unmapped(unmapped);
        }
    }
    part("name")
}

/// The address of the first link of a relation.
fn link_of<'a>(element: &'a Element<'_>, rel: &str) -> Option<&'a str> {
    let mut links = element.children.iter().filter(|child| is_atom(child) && child.name() == "link");
    links.find(|link| relation(link) == rel && link.attribute("href").is_some())?.attribute("href")
}

/// What a link leads to, from where it stands (RFC 4287 §4.2.7.2).
pub(super) fn relation<'a>(link: &'a Element<'_>) -> &'a str {
    let relation = link.attribute("rel").unwrap_or("alternate");
    relation.strip_prefix("http://www.iana.org/assignments/relation/").unwrap_or(relation)
}

/// Whether an element is Atom's; a feed that declares no namespace at all is taken for one that does.
fn is_atom(element: &Element<'_>) -> bool {
    matches!(element.namespace, Namespace::Atom | Namespace::Rss)
}
