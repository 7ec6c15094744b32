//! A short text in several languages: the name of a category, a tag, a person.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{locale::Locale, site::Site};

/// One text per language, of which any may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Localized(BTreeMap<Locale, String>);

impl Localized {
    /// A text in one language.
    #[must_use]
    pub fn single(locale: Locale, text: impl Into<String>) -> Self {
        Self(BTreeMap::from([(locale, text.into())]))
    }

    /// Sets the text of one language.
    pub fn set(&mut self, locale: Locale, text: impl Into<String>) {
        self.0.insert(locale, text.into());
    }

    /// The text in exactly this language.
    #[must_use]
    pub fn get(&self, locale: Locale) -> Option<&str> {
        self.0.get(&locale).map(String::as_str)
    }

    /// The text a reader of `locale` sees: that language's, else the first there is along the site's
    /// fallbacks, else its default language's, else any.
    #[must_use]
    pub fn resolve(&self, site: &Site, locale: Locale) -> Option<&str> {
        site.chain(locale)
            .chain([site.default_locale])
            .find_map(|locale| self.get(locale))
            .or_else(|| self.0.values().next().map(String::as_str))
    }

    /// Whether there is no text in any language.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether no language's text says anything.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.0.values().all(|text| text.trim().is_empty())
    }

    /// Each language's text.
    pub fn iter(&self) -> impl Iterator<Item = (Locale, &str)> {
        self.0.iter().map(|(locale, text)| (*locale, text.as_str()))
    }
}

impl FromIterator<(Locale, String)> for Localized {
    fn from_iter<T: IntoIterator<Item = (Locale, String)>>(texts: T) -> Self {
        Self(texts.into_iter().collect())
    }
}
