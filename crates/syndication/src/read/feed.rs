//! Feeds: what RSS, Atom and JSON Feed have in common once an item is read.

pub(crate) mod atom;
mod attached;
mod blogger;
mod comments;
mod departed;
mod fallback;
mod hidden;
mod image;
pub(crate) mod json;
mod mend;
mod placed;
pub(crate) mod rss;
mod said;
mod shown;
mod signs;
mod unknown;

use courant_domain::{
    article::{ArticleContent, LeadImage, Source},
    slug::Slug,
};
use jiff::Timestamp;
use url::Url;

use self::{
    attached::{Attached, attach},
    departed::Departed,
    said::{Said, What, say},
};

use crate::read::{
    collect::{Collector, RawItem, add},
    date::{self, DayOrder},
    import::{ItemStatus, Shown},
    language,
    places::with_rights,
    teaser::Beside,
    text::{Markup, first_words, name, plain, web_address},
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
}

/// An item as the three formats have it.
#[derive(Default)]
struct Entry {
    place: String,
    id: Option<String>,
    link: Option<String>,
    /// The path it is at, where that is all that is known.
    path: Option<String>,
    title: Option<String>,
    content: Option<Markup>,
    summary: Option<Markup>,
    /// What relative addresses in its text are read against, where the feed names it.
    base: Option<Url>,
    published: Option<String>,
    updated: Option<String>,
    image: Option<LeadImage>,
    /// Pictures and other files that hang on it.
    files: Vec<Attached>,
    /// What is said of these, and has no place of its own there.
    said: Vec<Said>,
    /// Who had it first, where the item names somebody.
    source: Option<Source>,
    rights: Option<String>,
    /// The line above its title, and where it was written.
    kicker: Option<String>,
    dateline: Option<String>,
    tags: Vec<Slug>,
    authors: Vec<Slug>,
    language: Option<String>,
    /// Whether it says that it is not, or not yet, for everybody.
    hidden: bool,
    /// Whether it is to be published at its date.
    scheduled: bool,
    shown: Shown,
    /// What became of it.
    departed: Option<Departed>,
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
    /// Notes what a field says of who may read the item.
    fn field(&mut self, label: &str, value: Option<&str>, collector: &mut Collector) -> bool {
        let hides = hidden::hides(label.rsplit(':').next().unwrap_or_default(), value);
        if hides {
            // What opens it is nobody's to read in a report.
            self.hide(label, value.filter(|_| !hidden::opens(label)), collector);
        }
        hides
    }

    /// Takes it as a draft for a sign that it has.
    fn hide(&mut self, label: &str, value: Option<&str>, collector: &mut Collector) {
        if !self.hidden {
            self.hidden = true;
            let value = value.map(|value| format!(" {:?}", value.chars().take(60).collect::<String>()));
            let message = format!("it has the sign {label}{}; it is taken as a draft", value.unwrap_or_default());
            collector.problem(&self.place, message);
        }
    }

    /// Takes the item in. What a feed shows is published, unless it says otherwise.
    fn collect(mut self, head: &Head, collector: &mut Collector) {
        if self.departed == Some(Departed::Withdrawn) {
            let notice = self.content.take().or(self.summary.take()).map(departed::notice).unwrap_or_default();
            self.departed = plain(&notice).map_or(Some(Departed::Gone), |_| self.departed);
            self.content = Some(Markup::Html(notice));
            self.summary = None;
        }
        if self.departed == Some(Departed::Gone) {
            let at = self.moment("change", self.updated.as_deref().or(self.published.as_deref()), collector);
            return collector.gone(self.place, self.id.as_deref().unwrap_or_default(), at.ok().flatten());
        }
        let mut rights = self.rights.take().or_else(|| head.rights.clone());
        if let Some(rights) = rights.as_deref().filter(|rights| hidden::is_reserved(rights)) {
            self.hide("rights", Some(rights), collector);
        }
        let updated = self.moment("change", self.updated.as_deref(), collector).ok().flatten();
        let (published_at, published) = self.published_at(updated, collector);
        let link = self.link.as_deref().and_then(|link| web_address(link, head.base.as_ref()));
        let summary = self.content.as_ref().and(self.summary.as_ref()).and_then(Markup::plain);
        let teaser = self.content.as_ref().and(self.summary.clone()).map(Markup::into_html);
        let mut body = self.content.or(self.summary).map(Markup::into_html).unwrap_or_default();
        attach(&self.files, &mut body, collector);
        let mut title = self.title;
        let mut image = self.image;
        let base = self.base.or_else(|| Url::parse(link.as_deref()?).ok()).or_else(|| head.base.clone());
        if let Some(teaser) = teaser {
            let own: Vec<&str> = [&link, &self.link, &head.link].into_iter().flatten().map(String::as_str).collect();
            let beside = Beside { body: &body, lead: image.as_ref(), own: &own, base: base.as_ref() };
            image = beside.further(&teaser).put(image, &mut body, collector);
        }
        let is_author = |said: &Said| {
            let person = said.text.plain().and_then(|name| collector.known_person(&name));
            matches!(said.what, What::Credit | What::Rights)
                && person.is_some_and(|person| self.authors.contains(&person))
        };
        self.said.retain(|said| !is_author(said));
        let has_film = self.files.iter().any(|file| matches!(file, Attached::Other(..)));
        let unsaid = say(self.said, &mut title, &mut image, summary.as_deref(), &mut body, has_film);
        // Of what has no picture, they are the item's own.
        for words in unsaid.rights {
            rights = Some(with_rights(rights, &words));
        }
        for label in unsaid.credits {
            collector.lost(label);
        }
        // Without an id, an item is known by its address, else by its words; its place changes as the feed moves on.
        let has_id = self.id.as_deref().is_some_and(|id| !id.trim().is_empty());
        let id = [self.id, link.clone(), title.clone()].into_iter().flatten().find(|id| !id.trim().is_empty());
        let id = id.or_else(|| first_words(&plain(&body)?));
        let source = match self.source {
            Some(Source { name, url }) => Some(Source { name, url: url.or_else(|| link.clone()) }),
            None => head.title.clone().map(|name| Source { name, url: link.clone().or_else(|| head.link.clone()) }),
        };
        // An id that looks like a path is none that anything was at.
        let id_address = id.iter().filter(|id| !id.starts_with('/'));
        let addresses = link.iter().chain(&self.path).chain(id_address).cloned().collect();
        collector.item(RawItem {
            addresses,
            id: id.map_or_else(|| self.place.clone(), |id| id.trim().to_owned()),
            has_id,
            place: self.place,
            slug: None,
            language: self.language,
            title,
            body,
            base,
            content: ArticleContent {
                summary,
                canonical_url: link,
                source,
                lead_image: image,
                rights,
                kicker: self.kicker,
                dateline: self.dateline,
                ..ArticleContent::default()
            },
            // Nobody knows where in the order of the news it belongs.
            status: match self.departed {
                _ if self.hidden => ItemStatus::Draft,
                Some(_) => ItemStatus::Withdrawn,
                None if published_at.is_none() => ItemStatus::Draft,
                None if self.scheduled => ItemStatus::Scheduled,
                None => ItemStatus::Published,
            },
            published_at,
            updated_at: updated.or(published),
            shown: self.shown,
            categories: Vec::new(),
            tags: self.tags,
            authors: if self.authors.is_empty() { head.authors.clone() } else { self.authors },
        });
    }
}

impl Entry {
    /// Reads one of the item's dates: `Err` with what is said of one that is none, or of which nobody knows the hour.
    fn moment(&self, name: &str, text: Option<&str>, collector: &mut Collector) -> Result<Option<Timestamp>, String> {
        let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
        let shown: String = text.chars().take(60).collect();
        let own = self.language.as_deref().and_then(language::known);
        let reading = date::read(text, DayOrder::of(own.or(collector.locale())), collector.time_zone());
        let problem = match reading.filter(date::Reading::may_be_of_publication) {
            Some(date::Reading { moment, unknown_zone: None }) => return Ok(Some(moment)),
            Some(date::Reading { unknown_zone: Some(zone), .. }) => {
                format!("the zone {zone:?} of its {name} date is not known: {shown:?}")
            }
            None => format!("its {name} date is none: {shown:?}"),
        };
        if name == "change" {
            collector.problem(&self.place, problem.as_str());
        }
        Err(problem)
    }

    /// The date the item goes in with, and the one it says it was published at. What is taken in the place of a date
    /// that is not there is said, unless it is that of a change, which is all that many feeds of Atom have.
    fn published_at(
        &self,
        updated: Option<Timestamp>,
        collector: &mut Collector,
    ) -> (Option<Timestamp>, Option<Timestamp>) {
        let published = self.moment("publication", self.published.as_deref(), collector);
        if let Ok(Some(published)) = published {
            return (Some(published), Some(published));
        }
        let taken = match updated {
            Some(updated) => format!("that of its change, {updated}, is taken"),
            None => "it is taken as a draft".to_owned(),
        };
        match published {
            Err(problem) => collector.problem(&self.place, format!("{problem}; {taken}")),
            Ok(_) if updated.is_none() => collector.problem(&self.place, format!("it has no date; {taken}")),
            Ok(_) => {}
        }
        (updated, None)
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

/// Adds the tag of a name. An address is a term of a vocabulary for programs, and no name.
fn add_tag(tags: &mut Vec<Slug>, tag: Option<&str>, collector: &mut Collector) {
    if !collector.has_room(tags, "tags") {
        return;
    }
    let Some(tag) = tag.and_then(name) else { return };
    if crate::read::text::is_address(&tag) {
        collector.unmapped("category for programs");
    } else {
        add(tags, collector.tag(&tag, [], &tag));
    }
}

/// Adds the tags of an element of Media RSS, and of what is in it.
fn add_media_tags(tags: &mut Vec<Slug>, element: &Element<'_>, collector: &mut Collector) {
    match element.name() {
        "keywords" => add_keywords(tags, element.value(), collector),
        // Those of a vocabulary are paths in it.
        "category" => match element.attribute("label").or_else(|| element.value()) {
            Some(path) if path.contains('/') => collector.unmapped("category for programs"),
            name => add_tag(tags, name, collector),
        },
        _ => {}
    }
    for child in element.children.iter().filter(|child| child.namespace == Namespace::Media) {
        add_media_tags(tags, child, collector);
    }
}

/// Adds the tags of a list of keywords.
fn add_keywords(tags: &mut Vec<Slug>, list: Option<&str>, collector: &mut Collector) {
    /// Nobody has more to say of one text.
    const MOST: usize = 100;
    let keywords = list.unwrap_or_default().split([',', ';', '\n']);
    for keyword in keywords.map(str::trim).filter(|keyword| !keyword.is_empty()).take(MOST) {
        add_tag(tags, Some(keyword), collector);
    }
}

/// Adds the persons of a byline, which RSS writes `mail (name)` and mail programs `name <mail>`. A bare address of mail
/// is no name, and nobody's to publish.
fn add_author(authors: &mut Vec<Slug>, byline: Option<&str>, collector: &mut Collector) {
    let Some(byline) = byline.map(str::trim).filter(|byline| !byline.is_empty()) else { return };
    if !collector.has_room(authors, "authors") {
        return;
    }
    if crate::read::text::is_address(byline) {
        return collector.unmapped("author uri");
    }
    // A name on a social network, with the network or without.
    let handle = byline.strip_prefix('@').and_then(|handle| handle.split('@').next());
    if let Some(handle) = handle.filter(|handle| !handle.is_empty() && !byline.contains(char::is_whitespace)) {
        return add(authors, collector.person(handle, handle));
    }
    let addresses = byline.split_whitespace().filter(|word| word.contains('@')).count();
    if addresses > 1 {
        // Several persons, each with an address; what cannot be parted is nobody's name.
        let whole = byline.len();
        for byline in byline.split([',', ';']) {
            if byline.len() < whole {
                add_author(authors, Some(byline), collector);
            }
        }
        return;
    }
    let mut words = String::new();
    for word in byline.split_whitespace() {
        // What is around the address may be around the name, too: `mail(name)`.
        let parts: Vec<&str> =
            if word.contains('@') { word.split(['(', ')', '<', '>', '"']).collect() } else { vec![word] };
        for part in parts.into_iter().filter(|part| !part.contains('@') && *part != "mailto:") {
            words.push(' ');
            words.push_str(part);
        }
    }
    if addresses > 0 {
        collector.unmapped("author email");
    }
    let around = |c: char| c.is_whitespace() || matches!(c, '"' | '“' | '”' | '<' | '>' | ',' | ';' | '[' | ']');
    let person = if addresses > 0 { words.trim_matches(|c| around(c) || matches!(c, '(' | ')')) } else { byline };
    if let Some(person) = name(person.trim().trim_matches('"')).filter(|person| !person.contains('@')) {
        add(authors, collector.person(&person, &person));
    }
}
