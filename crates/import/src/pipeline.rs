//! One import, from bytes to a report.

mod old_paths;

use std::{collections::HashSet, sync::Arc};

use courant_domain::{address, bounds::Bound, locale::Locale, site::Site, slug::Slug, workflow::State, zone::ZoneName};
use courant_persistence::Store;
use courant_syndication::{Import, Item, ItemStatus, Library, MediaMove, OldTerm, OwnSite, ReadOptions};
use tokio_util::sync::CancellationToken;

use self::old_paths::Waiting;
use crate::{
    convert::Converter,
    error::ImportError,
    incoming::Incoming,
    merge::{Merged, Outcome, merge},
    read::{Part, read},
    report::{Note, Report},
    source::Content,
    terms::{self, Terms},
};

/// A source to be imported.
#[derive(Debug)]
pub struct ImportRequest {
    /// The source.
    pub source: Content,
    /// How it is imported.
    pub options: ImportOptions,
    /// Ends the import before the next transaction. What is in by then stays, and the report says that it was stopped.
    pub cancellation: CancellationToken,
}

/// How a source is imported.
#[derive(Debug, Clone)]
pub struct ImportOptions {
    /// The language of articles that name none of their own, which is one of the site's; else the one the source names, else the
    /// site's default.
    pub locale: Option<Locale>,
    /// Where articles go that have no category; made when it is not there.
    pub default_category: Slug,
    /// Whether everything goes in as a draft. What is live already stays live.
    pub drafts: bool,
    /// Which types of post of WordPress and Blogger are articles.
    pub post_types: Vec<String>,
    /// What other files of the same import hold, to which this one may refer.
    pub library: Arc<Library>,
    /// Whose addresses those of the source are. Those of one's own old site lead to what goes in.
    pub own_site: OwnSite,
    /// Where files are now.
    pub media: Vec<MediaMove>,
    /// Who is noted as having made what goes in.
    pub by: String,
}

impl ImportOptions {
    /// Those of a source that stands for itself, with this default category, by whoever this is.
    #[must_use]
    pub fn new(default_category: Slug, by: &str) -> Self {
        let ReadOptions { default_category, locale, post_types, library, own_site, media, .. } =
            ReadOptions::new(default_category);
        Self { locale, default_category, drafts: false, post_types, library, own_site, media, by: by.to_owned() }
    }
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// How many items are in, or were refused.
    pub done: u64,
    /// How many there are.
    pub of: u64,
}

/// Imports a source, and says what became of it. `progress` is told when the source is read, and after each
/// transaction.
///
/// # Errors
/// [`ImportError`] when the source cannot be read, the site is not in the language that was asked for, or the database
/// fails. What went in before stays; importing the source again doubles nothing.
pub async fn import(
    store: &Store,
    request: ImportRequest,
    mut progress: impl FnMut(Progress),
) -> Result<Report, ImportError> {
    let ImportRequest { source, options, cancellation } = request;
    if let Some(locale) = options.locale.filter(|locale| !store.reference().site.has(*locale)) {
        return Err(ImportError::NotInLocale(locale));
    }
    let zone = store.reference().site.time_zone.clone();
    let (mut parts, reader) = read(source, read_options(&options, zone));
    let mut filed_before = HashSet::new();
    let (mut about, of) = loop {
        match parts.recv().await {
            Some(Part::Origins(origins)) => filed_before.extend(store.newsroom().import_filed(origins).await?),
            Some(Part::About(about, of)) => break (*about, of),
            Some(Part::Batch(_)) => {}
            // It cannot be read, which is why nothing came of it.
            None => {
                let import = reader.await??;
                let mut report = Report::of(&import, 0);
                report.read(import);
                return Ok(report);
            }
        }
    };
    let mut report = Report::of(&about, of);
    shorten(&mut about, &mut report);
    let locale = locale(&store.reference().site, &about, &options, &mut report);
    let terms = terms::put(store, &about, filed_before, &options.default_category, locale, &mut report).await?;
    lead_terms(store, &about, &terms, locale, &mut report).await?;
    let offered = store.reference().site.locales.iter().map(|known| known.tag).collect();
    let converter = Converter { terms: &terms, locale, offered, drafts: options.drafts, now: store.now() };
    let (mut done, mut waiting) = (0, Waiting::default());
    progress(Progress { done, of });
    while let Some(part) = parts.recv().await {
        let Part::Batch(batch) = part else { continue };
        if cancellation.is_cancelled() {
            report.is_stopped = true;
            break;
        }
        report.problems.extend(batch.problems);
        let taken = batch.items.len() as u64;
        if taken == 0 {
            continue;
        }
        take_in(store, batch.items, &converter, &options.by, (&mut report, &mut waiting))
            .await
            .map_err(|source| ImportError::Interrupted { done, source })?;
        done += taken;
        progress(Progress { done, of });
    }
    // The reader ends when nobody listens.
    drop(parts);
    report.read(reader.await??);
    Ok(report)
}

/// Has the addresses that categories, tags, authors and feeds had on an old site lead to theirs here.
async fn lead_terms(
    store: &Store,
    about: &Import,
    terms: &Terms,
    locale: Locale,
    report: &mut Report,
) -> Result<(), ImportError> {
    if about.old_terms.is_empty() {
        return Ok(());
    }
    let reference = store.reference();
    let page = |term: &OldTerm| match term {
        OldTerm::Category(slug) => {
            Some(address::category_path(locale, reference.categories.path(*terms.categories.get(slug)?)?))
        }
        OldTerm::Tag(slug) => Some(address::tag_path(locale, &reference.tag(*terms.tags.get(slug)?)?.slug)),
        OldTerm::Person(slug) => Some(address::person_path(locale, &reference.person(*terms.persons.get(slug)?)?.slug)),
        OldTerm::Front | OldTerm::Feed(..) => None,
    };
    let here = |term: &OldTerm| match term {
        OldTerm::Front => Some(address::home_path(locale)),
        OldTerm::Feed(None, form) => Some(format!("{}/feed{}", address::home_path(locale), form.end())),
        OldTerm::Feed(Some(of), form) => Some(format!("{}{}", page(of)?, form.end())),
        term => page(term),
    };
    let old: Vec<(String, String)> =
        about.old_terms.iter().filter_map(|(path, term)| Some((path.clone(), here(term)?))).collect();
    let mut tx = store.newsroom().import_begin().await.map_err(ImportError::Terms)?;
    let led = tx.lead_old_terms(&old).await.map_err(ImportError::Terms)?;
    tx.finish().await.map_err(ImportError::Terms)?;
    report.term_paths += led.led;
    for (path, why) in led.taken {
        report.problem("site", format!("its old address {path} leads nowhere new: {why}"));
    }
    Ok(())
}

fn read_options(options: &ImportOptions, time_zone: ZoneName) -> ReadOptions {
    ReadOptions {
        locale: options.locale,
        time_zone,
        post_types: options.post_types.clone(),
        library: Arc::clone(&options.library),
        own_site: options.own_site.clone(),
        media: options.media.clone(),
        ..ReadOptions::new(options.default_category.clone())
    }
}

/// Takes some items in, all of them or none.
async fn take_in(
    store: &Store,
    items: Vec<Item>,
    converter: &Converter<'_>,
    by: &str,
    (report, waiting): (&mut Report, &mut Waiting),
) -> Result<(), courant_persistence::StoreError> {
    let named = |item: &Item| (item.place.clone(), item.content.title.clone().unwrap_or_default());
    let names: Vec<(String, String)> = items.iter().map(named).collect();
    let statuses: Vec<ItemStatus> = items.iter().map(|item| item.status).collect();
    let incoming: Vec<Incoming> = items.into_iter().map(|item| converter.incoming(item, report)).collect();
    let states: Vec<_> = incoming.iter().flat_map(|item| item.versions.first().map(|version| version.state)).collect();
    let outcomes = merge(store, incoming, by).await?;
    let known = names.into_iter().zip(states).zip(statuses);
    for ((((place, title), mut state), status), Merged { entry, outcome, left, old_paths }) in known.zip(outcomes) {
        match (status, &outcome) {
            (ItemStatus::Gone, Outcome::Updated) => {
                report.problem(&place, "its source has taken it back; readers no longer get it".to_owned());
            }
            (ItemStatus::Withdrawn, Outcome::Created { .. }) => {
                state = State::Draft;
                let message =
                    "its source has withdrawn it, and its text is not known here; the notice goes in as a draft";
                report.problem(&place, message.to_owned());
            }
            _ => {}
        }
        for locale in left {
            report.problem(&place, format!("its source has it no longer in {locale}; readers no longer get that"));
        }
        waiting.note(report, &place, entry, old_paths);
        report.outcome(place, &title, state, outcome);
    }
    Ok(())
}

/// Cuts the names of categories, tags and persons that are too long.
fn shorten(import: &mut Import, report: &mut Report) {
    let categories = import.categories.iter_mut().map(|it| ("category", &it.slug, &mut it.title));
    let tags = import.tags.iter_mut().map(|it| ("tag", &it.slug, &mut it.name));
    let persons = import.persons.iter_mut().map(|it| ("person", &it.slug, &mut it.name));
    for (what, slug, name) in categories.chain(tags).chain(persons) {
        name.retain(|character| character != '\0');
        if let Some(short) = Bound::NAME.cut(name) {
            report.problem(&format!("{what} {slug}"), format!("its name is longer than {} and was cut", Bound::NAME));
            *name = short;
            *report.lost.entry("ends of long names".to_owned()).or_default() += 1;
        }
    }
    for category in &mut import.categories {
        if let Some(short) = category.description.as_deref().and_then(|text| Bound::DESCRIPTION.cut(text)) {
            category.description = Some(short);
            *report.lost.entry("ends of long descriptions".to_owned()).or_default() += 1;
        }
    }
}

/// The language the articles go in in.
fn locale(site: &Site, import: &Import, options: &ImportOptions, report: &mut Report) -> Locale {
    if let Some(locale) = options.locale {
        return locale;
    }
    let offered: Vec<Locale> = site.locales.iter().map(|known| known.tag).collect();
    let default = site.default_locale;
    match import.language {
        Some(language) => Locale::negotiate(language, &offered).unwrap_or_else(|| {
            report.notes.push(Note::OtherLanguage { language, default });
            default
        }),
        None => {
            report.notes.push(Note::NoLanguage { default });
            default
        }
    }
}

#[cfg(test)]
mod tests;
