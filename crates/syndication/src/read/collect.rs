//! What every reader gathers on its way through a source: tags, persons, items, problems, and what has no home.

mod content;
mod gone;
mod pass;
mod terms;
mod titles;
mod whole;

use std::collections::{BTreeMap, HashMap, HashSet};

use courant_domain::{
    article::ArticleContent,
    locale::Locale,
    rich_text::{Format, Removed, RichText},
    slug::Slug,
    zone::ZoneName,
};
use jiff::Timestamp;
use url::Url;

pub(crate) use self::content::{
    content_in, content_of_field, is_content, is_named_for_text, is_sentence, is_setting, is_value,
};
use self::pass::Pass;
pub(crate) use self::terms::MOST_TERMS;
use self::terms::person_key;
use self::titles::{first_words_of, title_of_picture};
use crate::read::{
    detect::SourceFormat,
    identity::UnidentifiedItem,
    import::{Import, ImportedPerson, ImportedTag, Item, ItemStatus, Problem, ReadOptions, Shown},
    language::{self, Named},
    lead::without_lead,
    moving::{MediaMove, OwnSite, moved},
    slugs::{Slugs, slug_of},
    url_resolution::resolve_urls,
};

/// So many different names of unmapped things are told apart; a source that has more means harm.
const MAX_NAMES: usize = 1_000;

/// An item as a reader finds it, before it has its slug and what it lacks.
pub(crate) struct RawItem {
    pub(crate) place: String,
    /// What it is known by in its source.
    pub(crate) id: String,
    /// Whether its source says so; else it is known by its address or its words.
    pub(crate) has_id: bool,
    /// The language its source says it is in.
    pub(crate) language: Option<String>,
    /// What its source has for a slug.
    pub(crate) slug: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) body: String,
    /// The address of the page the body stood on.
    pub(crate) base: Option<Url>,
    pub(crate) content: ArticleContent,
    pub(crate) status: ItemStatus,
    pub(crate) published_at: Option<Timestamp>,
    pub(crate) updated_at: Option<Timestamp>,
    pub(crate) shown: Shown,
    pub(crate) categories: Vec<Slug>,
    pub(crate) tags: Vec<Slug>,
    pub(crate) authors: Vec<Slug>,
    /// The addresses it has in its source.
    pub(crate) addresses: Vec<String>,
}

/// What was gathered so far.
pub(crate) struct Collector {
    import: Import,
    default_category: Slug,
    own_site: OwnSite,
    media: Vec<MediaMove>,
    /// The language of the options.
    wanted: Option<Locale>,
    time_zone: ZoneName,
    tag_slugs: Slugs,
    person_slugs: Slugs,
    tags: HashMap<String, Slug>,
    persons: HashMap<String, Slug>,
    /// Where each person is among those of the import.
    person_places: HashMap<Slug, usize>,
    /// What the source is known by among others of its format.
    identity: Option<String>,
    notes: HashSet<&'static str>,
    pass: Pass,
}

impl Collector {
    pub(crate) fn new(format: SourceFormat, options: &ReadOptions) -> Self {
        Self {
            import: Import {
                format,
                title: None,
                language: options.locale,
                base_url: None,
                items: Vec::new(),
                categories: Vec::new(),
                further: Vec::new(),
                old_terms: Vec::new(),
                tags: Vec::new(),
                persons: Vec::new(),
                problems: Vec::new(),
                lost: BTreeMap::new(),
                unmapped: BTreeMap::new(),
                post_types: BTreeMap::new(),
            },
            default_category: options.default_category.clone(),
            own_site: options.own_site.clone(),
            media: options.media.clone(),
            wanted: options.locale,
            time_zone: options.time_zone.clone(),
            tag_slugs: Slugs::default(),
            person_slugs: Slugs::default(),
            tags: HashMap::new(),
            persons: HashMap::new(),
            person_places: HashMap::new(),
            identity: None,
            notes: HashSet::new(),
            pass: Pass::Head,
        }
    }

    /// What is said of the source as a whole, without its items, and what has been reported since this was asked before.
    pub(crate) fn import(&mut self) -> &mut Import {
        &mut self.import
    }

    /// Says what the source is known by: the first of these that there is.
    pub(crate) fn identity<'a>(&mut self, names: impl IntoIterator<Item = Option<&'a str>>) {
        let mut names = names.into_iter().flatten().map(str::trim).filter(|name| !name.is_empty());
        self.identity = names.next().map(str::to_owned);
    }

    /// Says what the source as a whole is.
    pub(crate) fn about(&mut self, title: Option<String>, language: Option<&str>, base_url: Option<String>) {
        self.import.title = title;
        self.import.base_url = base_url;
        if let Some(locale) = language.and_then(|language| self.language("source", language)) {
            self.import.language = Some(locale);
        }
    }

    /// The language of a name. What is none says nothing.
    fn language(&mut self, place: &str, text: &str) -> Option<Locale> {
        match language::read(text) {
            Named::Language(locale) => Some(locale),
            Named::Nothing => None,
            Named::Unknown => {
                let shown: String = text.trim().chars().take(40).collect();
                self.problem(place, format!("its language {shown:?} is none that is known; that is passed over"));
                None
            }
        }
    }

    pub(crate) fn problem(&mut self, place: &str, message: impl Into<String>) {
        if self.is_outlining() {
            return;
        }
        self.import.problems.push(Problem { place: place.to_owned(), message: message.into() });
    }

    /// Says of the source as a whole what is said once, however often it is met.
    pub(crate) fn note(&mut self, message: &'static str) {
        if !self.is_outlining() && self.notes.insert(message) {
            self.problem("source", message);
        }
    }

    /// Counts something that has no home in the model and is no content.
    pub(crate) fn unmapped(&mut self, name: &str) {
        self.unmapped_times(name, 1);
    }

    pub(crate) fn unmapped_times(&mut self, name: &str, times: u64) {
        if !self.is_outlining() {
            count(&mut self.import.unmapped, name, times);
        }
    }

    /// Counts content that has no home in the model.
    pub(crate) fn lost(&mut self, name: &str) {
        self.lost_times(name, 1);
    }

    pub(crate) fn lost_times(&mut self, name: &str, times: u64) {
        if !self.is_outlining() {
            count(&mut self.import.lost, name, times);
        }
    }

    /// Counts an element nobody here knows: content where it holds words for readers, else something for programs.
    pub(crate) fn unknown(&mut self, name: &str, value: Option<&str>) {
        let own = name.rsplit([':', ' ']).next().unwrap_or_default();
        if value.is_some_and(|value| !content_of_field(own, value).is_empty()) {
            self.lost(name);
        } else {
            self.unmapped(name);
        }
    }

    /// Counts an item of a type that is not taken in.
    pub(crate) fn post_type(&mut self, post_type: &str) {
        if self.is_outlining() {
            return;
        }
        count(&mut self.import.post_types, post_type, 1);
        match post_type {
            "page" => self.lost("pages"),
            post_type => self.lost(&format!("post type {post_type}")),
        }
    }

    /// Counts what of a text readers get otherwise, or not at all.
    fn told(&mut self, text: &RichText) {
        for embed in text.embeds() {
            let kind: &str = embed.kind.into();
            self.unmapped(&format!("embedded {} (a link is in its place)", kind.to_lowercase()));
        }
        for Removed { element, url, .. } in text.removed() {
            match (element.as_str(), url) {
                // Formulas say for programs once more what they say for readers.
                ("annotation" | "annotation-xml" | "script" | "style" | "template" | "title", _) => {
                    self.unmapped(&format!("html {element}"));
                }
                // What has an address and no size counts readers.
                ("frame" | "iframe", Some(url)) if url.starts_with("http") || url.starts_with("//") => {
                    self.unmapped(&format!("html {element} without a size"));
                }
                _ => self.lost(&format!("html {element}")),
            }
        }
    }

    /// The slug of a tag, which is known by `key` and has the first of `slugs` that gives one.
    pub(crate) fn tag<'a>(
        &mut self,
        key: &str,
        slugs: impl IntoIterator<Item = &'a str>,
        name: &'a str,
    ) -> Option<Slug> {
        let key = key.trim().to_lowercase();
        if let Some(slug) = self.tags.get(&key) {
            return Some(slug.clone());
        }
        let slug = self.tag_slugs.unique(&slug_of(slugs.into_iter().chain([name, "tag"]))?);
        self.import.tags.push(ImportedTag { slug: slug.clone(), name: name.trim().to_owned() });
        self.tags.insert(key, slug.clone());
        Some(slug)
    }

    /// The slug of the tag that is known by `key` already.
    pub(crate) fn known_tag(&self, key: &str) -> Option<Slug> {
        self.tags.get(&key.trim().to_lowercase()).cloned()
    }

    /// The slug of the person who is known by `key` already.
    pub(crate) fn known_person(&self, key: &str) -> Option<Slug> {
        self.persons.get(&person_key(key)).cloned()
    }

    /// The slug of a person, who is known by `key`.
    pub(crate) fn person(&mut self, key: &str, name: &str) -> Option<Slug> {
        if let Some(slug) = self.known_person(key) {
            self.spell(&slug, name);
            return Some(slug);
        }
        let key = person_key(key);
        let slug = self.person_slugs.unique(&slug_of([name, &key, "author"])?);
        self.person_places.insert(slug.clone(), self.import.persons.len());
        self.import.persons.push(ImportedPerson { slug: slug.clone(), name: name.trim().to_owned() });
        self.persons.insert(key, slug.clone());
        Some(slug)
    }

    /// Shows a person by another spelling of the name, if that is the same without stray signs.
    pub(crate) fn spell(&mut self, slug: &Slug, name: &str) {
        let place = self.person_places.get(slug);
        let known = place.and_then(|place| self.import.persons.get_mut(*place));
        if let Some(person) = known
            && stray_signs(name) < stray_signs(&person.name)
            && person_key(name) == person_key(&person.name)
        {
            name.trim().clone_into(&mut person.name);
        }
    }

    /// Takes an item in, with a title where it has none.
    pub(crate) fn item(&mut self, mut raw: RawItem) {
        if !self.wants_text(raw.title.as_deref()) {
            raw.body.clear();
        }
        let RawItem { place, id, mut content, mut categories, status, .. } = raw;
        if RichText::is_too_deep(&raw.body) {
            self.problem(&place, "its text has elements too deep in one another; its words alone are shown");
        }
        let resolved = resolve_urls(&raw.body, raw.base.as_ref());
        self.unmapped_times("relative address", resolved.unresolved);
        self.unmapped_times("call for scripts (html noscript)", resolved.notices);
        self.lost_times("picture without an address", resolved.pictures);
        for (kind, times) in &resolved.lost {
            self.lost_times(kind, *times);
        }
        let html = self.with_what_moved(resolved.html);
        if let Some(image) = &mut content.lead_image
            && let Some(url) = moved(&image.url, &self.media)
        {
            image.url = url;
        }
        let own = content.canonical_url.as_deref();
        let bare = content.lead_image.as_mut().and_then(|lead| without_lead(&html, lead, own));
        let mut html = bare.unwrap_or(html);
        html.push_str(&whole::cut(raw.title.as_deref(), &content, &html));
        let body = RichText::new(Format::Html, html);
        self.told(&body);
        let title = raw.title.or_else(|| {
            let title = first_words_of(&body)?;
            self.problem(&place, "it has no title; the first words of its text are taken");
            Some(title)
        });
        let title = title.or_else(|| {
            let (title, made_of) = title_of_picture(&body, &content, raw.published_at, &id)?;
            self.problem(&place, format!("it has no title; {made_of} is taken"));
            Some(title)
        });
        let Some(title) = title else {
            self.problem(&place, "it has neither title nor text and is left out");
            self.lost("items left out");
            return;
        };
        let given = raw.slug.as_deref().and_then(|slug| slug_of([slug]));
        let Some(slug) = given.clone().or_else(|| slug_of([title.as_str(), &id, &place])) else {
            self.problem(&place, "no address can be made for it, so that it is left out");
            return;
        };
        if body.is_blank() {
            if status == ItemStatus::Published {
                self.problem(&place, "it is published without a text");
            }
        } else {
            // What two places say in the same words is said once.
            content.summary = content.summary.filter(|summary| !same_words(summary, body.text()));
            content.body = Some(body);
        }
        content.title = Some(title);
        if categories.is_empty() {
            categories.push(self.default_category.clone());
        }
        let item = Item {
            origin: String::new(),
            place,
            language: None,
            content,
            status,
            published_at: raw.published_at,
            updated_at: raw.updated_at,
            shown: raw.shown,
            categories,
            tags: raw.tags,
            authors: raw.authors,
            old_paths: raw.addresses,
        };
        let language = raw.language.and_then(|language| self.language(&item.place, &language));
        let item = Item { language, ..item };
        self.found(UnidentifiedItem { item, id, has_id: raw.has_id, slug, is_given: given.is_some() });
    }
}

fn count(counts: &mut BTreeMap<String, u64>, name: &str, times: u64) {
    if times == 0 {
        return;
    }
    let name: String = name.chars().take(80).collect();
    let full = counts.len() >= MAX_NAMES && !counts.contains_key(&name);
    *counts.entry(if full { "other things".to_owned() } else { name }).or_default() += times;
}

/// How many signs stand around a name that are no part of one.
fn stray_signs(name: &str) -> usize {
    let is_stray = |c: &char| !c.is_alphanumeric() && !matches!(c, '.' | ')' | '’' | '\'' | '"' | '”' | '!');
    name.trim().chars().take_while(|c| !c.is_alphanumeric()).count()
        + name.trim().chars().rev().take_while(is_stray).count()
}

fn same_words(a: &str, b: &str) -> bool {
    a.split_whitespace().eq(b.split_whitespace())
}

/// Adds a slug to a list it is not in yet.
pub(crate) fn add(slugs: &mut Vec<Slug>, slug: Option<Slug>) {
    if let Some(slug) = slug
        && !slugs.contains(&slug)
    {
        slugs.push(slug);
    }
}
