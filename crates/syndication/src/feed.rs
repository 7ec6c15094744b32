//! Feeds: what RSS, Atom and JSON Feed have in common once an item is read.

pub(crate) mod atom;
mod image;
pub(crate) mod json;
pub(crate) mod rss;
mod spare;

use courant_domain::{
    article::{ArticleContent, LeadImage, Source},
    slug::Slug,
};
use jiff::Timestamp;
use url::Url;

use crate::{
    collect::{Collector, Draft, add},
    date,
    import::ItemStatus,
    text::{Markup, first_words, lost_elements, name, plain, web_address},
    xml::{Element, Namespace},
};

/// What a feed says of itself, for each of its items.
#[derive(Default)]
struct Head {
    title: Option<String>,
    link: Option<String>,
    /// What relative addresses are read against: the base the feed names, else its address, else where it is fetched.
    base: Option<Url>,
    /// The base the feed names.
    own_base: Option<Url>,
    authors: Vec<Slug>,
    rights: Option<String>,
    /// When the feed changed: the date of items that have none.
    updated: Option<Timestamp>,
}

/// An item as the three formats have it.
#[derive(Default)]
struct Entry {
    place: String,
    id: Option<String>,
    link: Option<String>,
    title: Option<String>,
    content: Option<Markup>,
    summary: Option<Markup>,
    /// What relative addresses in its text are read against, where the feed names it.
    base: Option<Url>,
    published: Option<String>,
    updated: Option<String>,
    image: Option<LeadImage>,
    /// Who had it first, where the item names somebody.
    source: Option<Source>,
    rights: Option<String>,
    tags: Vec<Slug>,
    authors: Vec<Slug>,
    language: Option<String>,
    /// Whether it says that it is not, or not yet, for everybody.
    hidden: bool,
}

impl Head {
    /// Sets the feed's address, and what relative ones are read against.
    fn set_link(&mut self, link: Option<&str>, fetched: Option<&str>) {
        let fetched = fetched.and_then(|link| web_address(link, self.own_base.as_ref()));
        let fetched = fetched.and_then(|link| Url::parse(&link).ok());
        self.link = link.and_then(|link| web_address(link, self.own_base.as_ref().or(fetched.as_ref())));
        let link = self.link.as_deref().and_then(|link| Url::parse(link).ok());
        self.base = self.own_base.clone().or(link).or(fetched);
    }
}

impl Entry {
    /// Takes the item in. What a feed shows is published, unless it says otherwise.
    fn collect(self, head: &Head, collector: &mut Collector) {
        let updated = self.moment("change", self.updated.as_deref(), collector).ok().flatten();
        let (published_at, published) = self.published_at(updated, head, collector);
        let link = self.link.as_deref().and_then(|link| web_address(link, head.base.as_ref()));
        let summary = self.content.as_ref().and(self.summary.as_ref()).and_then(Markup::plain);
        let body = self.content.or(self.summary).map(Markup::into_html).unwrap_or_default();
        for name in lost_elements(&body) {
            collector.unmapped(&format!("html {name}"));
        }
        // Without an id, an item is known by its address, else by its words; its place changes as the feed moves on.
        let has_id = self.id.as_deref().is_some_and(|id| !id.trim().is_empty());
        let id = [self.id, link.clone(), self.title.clone()].into_iter().flatten().find(|id| !id.trim().is_empty());
        let id = id.or_else(|| first_words(&plain(&body)?));
        let source = match self.source {
            Some(Source { name, url }) => Some(Source { name, url: url.or_else(|| link.clone()) }),
            None => head.title.clone().map(|name| Source { name, url: link.clone().or_else(|| head.link.clone()) }),
        };
        collector.item(Draft {
            id: id.map_or_else(|| self.place.clone(), |id| id.trim().to_owned()),
            has_id,
            place: self.place,
            slug: None,
            language: self.language,
            title: self.title,
            body,
            base: self.base.or_else(|| Url::parse(link.as_deref()?).ok()).or_else(|| head.base.clone()),
            content: ArticleContent {
                summary,
                canonical_url: link,
                source,
                lead_image: self.image,
                rights: self.rights.or_else(|| head.rights.clone()),
                ..ArticleContent::default()
            },
            status: if self.hidden { ItemStatus::Draft } else { ItemStatus::Published },
            published_at,
            updated_at: updated.or(published),
            categories: Vec::new(),
            tags: self.tags,
            authors: if self.authors.is_empty() { head.authors.clone() } else { self.authors },
        });
    }
}

impl Entry {
    /// Reads one of the item's dates: `Err` with what is said of one that is none.
    fn moment(&self, name: &str, text: Option<&str>, collector: &mut Collector) -> Result<Option<Timestamp>, String> {
        let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
        let shown: String = text.chars().take(60).collect();
        let Some(reading) = date::read(text) else {
            let problem = format!("its {name} date is none: {shown:?}");
            if name == "change" {
                collector.problem(&self.place, problem.as_str());
            }
            return Err(problem);
        };
        if let Some(zone) = reading.unknown_zone {
            let message = format!("the zone {zone:?} of its {name} date is not known; {} is taken", reading.moment);
            collector.problem(&self.place, message);
        }
        Ok(Some(reading.moment))
    }

    /// The date the item goes in with, and the one it says it was published at. What is taken in the place of a date
    /// that is not there is said, unless it is that of a change, which is all that many feeds of Atom have.
    fn published_at(
        &self,
        updated: Option<Timestamp>,
        head: &Head,
        collector: &mut Collector,
    ) -> (Option<Timestamp>, Option<Timestamp>) {
        let published = self.moment("publication", self.published.as_deref(), collector);
        if let Ok(Some(published)) = published {
            return (Some(published), Some(published));
        }
        let taken = match (updated, head.updated) {
            (Some(updated), _) => format!("that of its change, {updated}, is taken"),
            (None, Some(feed)) => format!("the feed's, {feed}, is taken"),
            (None, None) if self.hidden => "it has none".to_owned(),
            (None, None) => "it is published as of now".to_owned(),
        };
        match published {
            Err(problem) => collector.problem(&self.place, format!("{problem}; {taken}")),
            Ok(_) if updated.is_none() => collector.problem(&self.place, format!("it has no date; {taken}")),
            Ok(_) => {}
        }
        (updated.or(head.updated), None)
    }
}

/// Whether an element is the address an item had before a service counted who followed it (FeedBurner's).
fn is_original_link(element: &Element<'_>) -> bool {
    element.namespace == Namespace::Foreign && element.name() == "origLink"
}

fn original_link<'a>(item: &'a Element<'_>) -> Option<&'a str> {
    let address = item.children.iter().find(|child| is_original_link(child))?.value();
    address.filter(|address| web_address(address, None).is_some())
}

/// Adds the tag of a name.
fn add_tag(tags: &mut Vec<Slug>, tag: Option<&str>, collector: &mut Collector) {
    if let Some(tag) = tag.and_then(name) {
        add(tags, collector.tag(&tag, [], &tag));
    }
}

/// Adds the person of a byline, which RSS writes `mail (name)` and mail programs `name <mail>`. A bare address of mail
/// is no name, and nobody's to publish.
fn add_author(authors: &mut Vec<Slug>, byline: Option<&str>, collector: &mut Collector) {
    let Some(byline) = byline.map(str::trim).filter(|byline| !byline.is_empty()) else { return };
    let person = if byline.contains('@') {
        collector.unmapped("author email");
        match (byline.split_once('('), byline.split_once('<')) {
            (Some((_, person)), _) => person.trim_end_matches(')'),
            (None, Some((person, _))) => person,
            (None, None) => "",
        }
    } else {
        byline
    };
    if let Some(person) = name(person.trim().trim_matches('"')).filter(|person| !person.contains('@')) {
        add(authors, collector.person(&person, &person));
    }
}
