//! Reading the embedded files.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use courant_domain::{locale::Locale, site::Site};
use courant_persistence::{Incoming, ReferenceData};
use rust_embed::RustEmbed;
use serde::de::DeserializeOwned;

use super::{
    convert::Names,
    file::{
        Article, ArticleVersion, CategoriesFile, Decree, DecreeVersion, EntryFile, FeedsFile, Key, PersonsFile,
        RedirectsFile, SiteFile, TagsFile,
    },
};

#[derive(RustEmbed)]
#[folder = "../../samples"]
struct Embedded;

/// The sample content.
#[derive(Debug)]
pub(crate) struct Samples {
    pub(crate) site: Site,
    /// Categories, tags, persons and feeds.
    pub(crate) reference: ReferenceData,
    pub(crate) entries: Vec<Incoming>,
    /// Paths with what they lead to; none for those that are gone.
    pub(crate) redirects: Vec<(String, Option<String>)>,
}

/// All files as they are written.
pub(super) struct Files {
    pub(super) site: SiteFile,
    pub(super) categories: CategoriesFile,
    pub(super) tags: TagsFile,
    pub(super) persons: PersonsFile,
    pub(super) feeds: FeedsFile,
    pub(super) redirects: RedirectsFile,
    pub(super) articles: BTreeMap<Key, EntryFile<Article, ArticleVersion>>,
    pub(super) decrees: BTreeMap<Key, EntryFile<Decree, DecreeVersion>>,
}

/// Reads and checks the sample content.
///
/// # Errors
/// When a file breaks the rules of `samples/README.md`; it is named.
pub(crate) fn load() -> Result<Samples> {
    let files = read()?;
    let names = Names::of(&files);
    let site = super::convert::site(&files.site).context("site.toml")?;
    let reference = ReferenceData {
        categories: names.categories(&files.categories.category).context("categories.toml")?,
        tags: names.tags(&files.tags.tag).context("tags.toml")?,
        persons: names.persons(&files.persons.person).context("persons.toml")?,
        feeds: names.feeds(&files.feeds.feed).context("feeds.toml")?,
    };
    let mut entries = Vec::with_capacity(files.articles.len() + files.decrees.len());
    for (key, file) in files.decrees {
        ensure!(!files.articles.contains_key(&key), "the key {key} stands in articles/ and in decrees/");
        entries.push(names.decree(&key, file).with_context(|| format!("decrees/{key}.toml"))?);
    }
    for (key, file) in files.articles {
        entries.push(names.article(&key, file).with_context(|| format!("articles/{key}.toml"))?);
    }
    let redirects = super::convert::redirects(files.redirects).context("redirects.toml")?;
    Ok(Samples { site, reference, entries, redirects })
}

pub(super) fn read() -> Result<Files> {
    let site: SiteFile = parse("site.toml")?;
    let locales: Vec<Locale> = site.locales.iter().map(|locale| locale.tag).collect();
    Ok(Files {
        categories: parse("categories.toml")?,
        tags: parse("tags.toml")?,
        persons: parse("persons.toml")?,
        feeds: parse("feeds.toml")?,
        redirects: parse("redirects.toml")?,
        articles: entries("articles", &locales)?,
        decrees: entries("decrees", &locales)?,
        site,
    })
}

fn text(path: &str) -> Result<String> {
    let file = Embedded::get(path).with_context(|| format!("samples/{path} is not there"))?;
    String::from_utf8(file.data.into_owned()).with_context(|| format!("samples/{path} is not UTF-8"))
}

fn parse<T: DeserializeOwned>(path: &str) -> Result<T> {
    toml::from_str(&text(path)?).with_context(|| format!("samples/{path}"))
}

fn entries<E: DeserializeOwned, V: DeserializeOwned>(
    folder: &str,
    locales: &[Locale],
) -> Result<BTreeMap<Key, EntryFile<E, V>>> {
    let mut entries = BTreeMap::new();
    for path in Embedded::iter() {
        let key = path.strip_prefix(folder).and_then(|name| name.strip_prefix('/')?.strip_suffix(".toml"));
        if let Some(key) = key {
            let entry = entry(&text(&path)?, locales).with_context(|| format!("samples/{path}"))?;
            entries.insert(key.to_owned(), entry);
        }
    }
    Ok(entries)
}

/// Reads an article or a decree. The tables named like a language of the site are its languages, all else is
/// shared by them.
pub(super) fn entry<E: DeserializeOwned, V: DeserializeOwned>(
    text: &str,
    locales: &[Locale],
) -> Result<EntryFile<E, V>> {
    let mut shared: toml::Table = toml::from_str(text)?;
    let mut versions = BTreeMap::new();
    for locale in locales {
        if let Some(version) = shared.remove(locale.as_str()) {
            versions.insert(*locale, version.try_into().with_context(|| format!("[{locale}]"))?);
        }
    }
    if versions.is_empty() {
        bail!("it is in none of the site's languages");
    }
    Ok(EntryFile { shared: shared.try_into()?, versions })
}
