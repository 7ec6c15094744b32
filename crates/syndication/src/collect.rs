//! What every reader gathers on its way through a source: tags, persons, items, problems, and what has no home.

use std::collections::{BTreeMap, HashMap};

use courant_domain::{
    article::ArticleContent,
    locale::Locale,
    rich_text::{Format, RichText},
    slug::Slug,
};
use jiff::Timestamp;
use url::Url;

use crate::{
    detect::SourceFormat,
    import::{Import, ImportedCategory, ImportedPerson, ImportedTag, Item, ItemStatus, Problem, ReadOptions},
    place::placed,
    settle::{Found, settle},
    slugs::{Slugs, slug_of},
    text::first_words,
};

/// So many different names of unmapped things are told apart; a source that has more means harm.
const MAX_NAMES: usize = 1_000;

/// An item as a reader finds it, before it has its slug and what it lacks.
pub(crate) struct Draft {
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
    pub(crate) categories: Vec<Slug>,
    pub(crate) tags: Vec<Slug>,
    pub(crate) authors: Vec<Slug>,
}

/// What was gathered so far.
pub(crate) struct Collector {
    import: Import,
    default_category: Slug,
    /// The language of the options.
    wanted: Option<Locale>,
    tag_slugs: Slugs,
    person_slugs: Slugs,
    tags: HashMap<String, Slug>,
    persons: HashMap<String, Slug>,
    /// What the source is known by among others of its format.
    identity: Option<String>,
    found: Vec<Found>,
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
                tags: Vec::new(),
                persons: Vec::new(),
                problems: Vec::new(),
                unmapped: BTreeMap::new(),
            },
            default_category: options.default_category.clone(),
            wanted: options.locale,
            tag_slugs: Slugs::default(),
            person_slugs: Slugs::default(),
            tags: HashMap::new(),
            persons: HashMap::new(),
            identity: None,
            found: Vec::new(),
        }
    }

    /// The import, with the categories there are in it.
    pub(crate) fn finish(mut self, categories: Vec<ImportedCategory>) -> Import {
        settle(self.found, self.identity.as_deref(), self.wanted, &mut self.import);
        Import { categories, ..self.import }
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

    /// The language everything goes in in, as far as the options or the source say.
    pub(crate) fn locale(&self) -> Option<Locale> {
        self.wanted.or(self.import.language)
    }

    fn language(&mut self, place: &str, text: &str) -> Option<Locale> {
        let locale = Locale::parse(&text.trim().replace('_', "-"));
        locale.map_err(|error| self.problem(place, format!("its language is {error}"))).ok()
    }

    pub(crate) fn problem(&mut self, place: &str, message: impl Into<String>) {
        self.import.problems.push(Problem { place: place.to_owned(), message: message.into() });
    }

    /// Counts something that has no home in the model.
    pub(crate) fn unmapped(&mut self, name: &str) {
        self.count(name, 1);
    }

    fn count(&mut self, name: &str, times: u64) {
        if times == 0 {
            return;
        }
        let counts = &mut self.import.unmapped;
        let name: String = name.chars().take(80).collect();
        let full = counts.len() >= MAX_NAMES && !counts.contains_key(&name);
        *counts.entry(if full { "other things".to_owned() } else { name }).or_default() += times;
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

    /// The slug of the person who is known by `key` already.
    pub(crate) fn known_person(&self, key: &str) -> Option<Slug> {
        self.persons.get(&person_key(key)).cloned()
    }

    /// The slug of a person, who is known by `key`.
    pub(crate) fn person(&mut self, key: &str, name: &str) -> Option<Slug> {
        if let Some(slug) = self.known_person(key) {
            return Some(slug);
        }
        let key = person_key(key);
        let slug = self.person_slugs.unique(&slug_of([name, &key, "author"])?);
        self.import.persons.push(ImportedPerson { slug: slug.clone(), name: name.trim().to_owned() });
        self.persons.insert(key, slug.clone());
        Some(slug)
    }

    /// Takes an item in, with a title where it has none.
    pub(crate) fn item(&mut self, draft: Draft) {
        let Draft { place, id, mut content, mut categories, status, .. } = draft;
        if RichText::is_too_deep(&draft.body) {
            self.problem(&place, "its text has elements too deep in one another; its words alone are shown");
        }
        let placed = placed(&draft.body, draft.base.as_ref());
        self.count("relative address", placed.unresolved);
        self.count("picture without an address", placed.pictures);
        let body = RichText::new(Format::Html, placed.html);
        let title = draft.title.or_else(|| {
            let title = first_words(body.text())?;
            self.problem(&place, "it has no title; the first words of its text are taken");
            Some(title)
        });
        let Some(title) = title else {
            self.problem(&place, "it has neither title nor text and is left out");
            return;
        };
        let given = draft.slug.as_deref().and_then(|slug| slug_of([slug]));
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
            content,
            status,
            published_at: draft.published_at,
            updated_at: draft.updated_at,
            categories,
            tags: draft.tags,
            authors: draft.authors,
        };
        let language = draft.language.and_then(|language| self.language(&item.place, &language));
        self.found.push(Found { item, id, has_id: draft.has_id, slug, is_given: given.is_some(), language });
    }
}

/// Exports hold bylines with a stray sign in front that are somebody's otherwise.
fn person_key(key: &str) -> String {
    key.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
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
