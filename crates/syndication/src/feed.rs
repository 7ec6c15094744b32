//! Feeds: what RSS, Atom and JSON Feed have in common once an item is read.

pub(crate) mod atom;
mod image;
pub(crate) mod json;
pub(crate) mod rss;

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
        let mut moment = |name: &str, text: Option<&str>| {
            let text = text.filter(|text| !text.trim().is_empty())?;
            let moment = date::parse(text);
            if moment.is_none() {
                let text: String = text.trim().chars().take(60).collect();
                collector.problem(&self.place, format!("its {name} date is none: {text:?}"));
            }
            moment
        };
        let published = moment("publication", self.published.as_deref());
        let updated = moment("change", self.updated.as_deref());
        let link = self.link.as_deref().and_then(|link| web_address(link, head.base.as_ref()));
        let summary = self.content.as_ref().and(self.summary.as_ref()).and_then(Markup::plain);
        let body = self.content.or(self.summary).map(Markup::into_html).unwrap_or_default();
        for name in lost_elements(&body) {
            collector.unmapped(&format!("html {name}"));
        }
        // Without an id, an item is known by its address, else by its words; its place changes as the feed moves on.
        let id = [self.id, link.clone(), self.title.clone()].into_iter().flatten().find(|id| !id.trim().is_empty());
        let id = id.or_else(|| first_words(&plain(&body)?));
        let source = match self.source {
            Some(Source { name, url }) => Some(Source { name, url: url.or_else(|| link.clone()) }),
            None => head.title.clone().map(|name| Source { name, url: link.clone().or_else(|| head.link.clone()) }),
        };
        collector.item(Draft {
            id: id.map_or_else(|| self.place.clone(), |id| id.trim().to_owned()),
            place: self.place,
            slug: None,
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
            published_at: published.or(updated).or(head.updated),
            updated_at: updated.or(published),
            categories: Vec::new(),
            tags: self.tags,
            authors: if self.authors.is_empty() { head.authors.clone() } else { self.authors },
        });
    }
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
