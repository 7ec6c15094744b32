//! What can be decided of the items of a source once all of them are known: which are one, what each is known by, and
//! its slug.

use std::collections::{HashMap, HashSet};

use courant_domain::{locale::Locale, slug::Slug};
use url::Url;

use crate::read::{
    detect::SourceFormat,
    import::{Import, Item, ItemStatus, Problem},
    slugs::Slugs,
};

/// An item, before it has an origin and a slug.
pub(crate) struct UnidentifiedItem {
    pub(crate) item: Item,
    /// What it is known by in its source.
    pub(crate) id: String,
    /// Whether its source says so.
    pub(crate) has_id: bool,
    /// The slug it has if that is free.
    pub(crate) slug: Slug,
    /// Whether its source says so.
    pub(crate) is_given: bool,
    /// The language its source says it is in.
    pub(crate) language: Option<Locale>,
}

/// Puts the items into the import, which goes in in the wanted language if there is one.
pub(crate) fn identify(
    mut found: Vec<UnidentifiedItem>,
    identity: Option<&str>,
    wanted: Option<Locale>,
    import: &mut Import,
) {
    if import.format == SourceFormat::Atom {
        found = newest(found, &mut import.problems);
    }
    if import.language.is_none() {
        import.language = common(&found);
    }
    let language = wanted.or(import.language);
    let origins = origins(&found, identity, import.format);
    let slugs = slugs(&found);
    for ((UnidentifiedItem { mut item, id, slug, language: own_language, .. }, (origin, is_doubled)), own) in
        found.into_iter().zip(origins).zip(slugs)
    {
        let mut problem = |message: String| import.problems.push(Problem { place: item.place.clone(), message });
        if is_doubled {
            problem(format!("another item has the same id ({id}); both are taken"));
        }
        if own != slug {
            problem(format!("another item has the slug {slug}; it gets {own}"));
        }
        match (own_language, language) {
            (Some(own), Some(all)) if base(own) != base(all) => {
                problem(format!("it is in the language {own} and goes in as {all}"));
            }
            (Some(own), None) => problem(format!("it is in the language {own}, and others are in others")),
            _ => {}
        }
        item.origin = origin;
        item.content.slug = Some(own);
        import.items.push(item);
    }
}

/// The language all items say they are in.
fn common(found: &[UnidentifiedItem]) -> Option<Locale> {
    let first = found.first()?.language?;
    found.iter().all(|item| item.language == Some(first)).then_some(first)
}

/// A language without its script and region, in which a source and an item of it may well differ.
fn base(locale: Locale) -> String {
    locale.to_string().split('-').next().unwrap_or_default().to_owned()
}

/// Of the entries with one id, the one that changed last: they are states of one entry (RFC 4287 §4.1.1).
fn newest(found: Vec<UnidentifiedItem>, problems: &mut Vec<Problem>) -> Vec<UnidentifiedItem> {
    let mut newest: HashMap<&str, usize> = HashMap::new();
    let changed = |index: usize| found[index].item.updated_at;
    for (index, entry) in found.iter().enumerate().filter(|(_, entry)| entry.has_id) {
        let taken = newest.entry(&entry.id).or_insert(index);
        if changed(index) > changed(*taken) {
            *taken = index;
        }
    }
    let taken: Vec<Option<usize>> =
        found.iter().map(|entry| newest.get(entry.id.as_str()).filter(|_| entry.has_id).copied()).collect();
    let places: Vec<String> = found.iter().map(|entry| entry.item.place.clone()).collect();
    let mut kept = Vec::with_capacity(found.len());
    for (index, entry) in found.into_iter().enumerate() {
        match taken[index].filter(|taken| *taken != index) {
            None => kept.push(entry),
            Some(taken) => {
                let message = format!(
                    "{} has the same id ({}) and changed last; only that one is taken",
                    places[taken], entry.id
                );
                problems.push(Problem { place: entry.item.place, message });
            }
        }
    }
    kept
}

/// What each item is known by everywhere, and whether its id is another's, too.
fn origins(found: &[UnidentifiedItem], identity: Option<&str>, format: SourceFormat) -> Vec<(String, bool)> {
    let mut times: HashMap<&str, u32> = HashMap::new();
    for item in found {
        *times.entry(&item.id).or_default() += 1;
    }
    let is_doubled = |id: &str| times.get(id).is_some_and(|times| *times > 1);
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let mut given: HashSet<String> = HashSet::new();
    let mut own = |item: &UnidentifiedItem| {
        if !is_doubled(&item.id) {
            return item.id.clone();
        }
        // What tells them apart wherever they stand in the source; numbers are for what nothing does.
        let content = &item.item.content;
        let by = content.canonical_url.as_ref().filter(|url| **url != item.id).or(content.title.as_ref());
        let id = match by.filter(|by| **by != item.id) {
            Some(by) => format!("{}#{by}", item.id),
            None => item.id.clone(),
        };
        let number = numbers.entry(id.clone()).or_default();
        loop {
            *number += 1;
            let numbered = if *number == 1 { id.clone() } else { format!("{id}#{number}") };
            if times.get(numbered.as_str()).is_none_or(|times| *times > 1) && given.insert(numbered.clone()) {
                return numbered;
            }
        }
    };
    let origin = |item: &UnidentifiedItem| {
        let id = own(item);
        let origin = match identity.filter(|_| !is_universal(&item.id)) {
            Some(identity) => format!("{}:{identity} {id}", format.prefix()),
            None => format!("{}:{id}", format.prefix()),
        };
        (origin, is_doubled(&item.id))
    };
    found.iter().map(origin).collect()
}

/// Whether an id is nobody else's in the world; others are their feed's.
fn is_universal(id: &str) -> bool {
    let starts = |scheme: &str| id.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    !id.contains(char::is_whitespace)
        && (starts("tag:") || starts("urn:") || (id.contains("://") && Url::parse(id).is_ok()))
}

/// A slug for each item, no two the same. Who has an address keeps it: first what is published under one, then what is
/// meant to be, then what gets one only now.
fn slugs(found: &[UnidentifiedItem]) -> Vec<Slug> {
    let rank = |item: &UnidentifiedItem| (!item.is_given, item.item.status != ItemStatus::Published);
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by_key(|index| rank(&found[*index]));
    let mut given = Slugs::default();
    // A numbered slug must not take the one that is given to another further on.
    for item in found.iter().filter(|item| item.is_given) {
        given.reserve(&item.slug);
    }
    let mut slugs: Vec<(usize, Slug)> =
        order.into_iter().map(|index| (index, given.unique(&found[index].slug))).collect();
    slugs.sort_by_key(|(index, _)| *index);
    slugs.into_iter().map(|(_, slug)| slug).collect()
}
