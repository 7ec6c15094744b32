//! The site: its name and the languages it publishes in.

use serde::{Deserialize, Serialize};

use crate::{address, locale::Locale, text::Localized, zone::ZoneName};

/// How many profiles elsewhere a site names at the most.
pub const MAX_PROFILES: usize = 20;

/// The portal as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// The portal's name in its languages.
    pub name: Localized,
    /// What it is, in a sentence.
    #[serde(default)]
    pub description: Localized,
    /// The locale of a request that names none. One of `locales`.
    pub default_locale: Locale,
    /// The languages a reader can choose, in the order they are offered.
    pub locales: Vec<SiteLocale>,
    /// Where it is: what day it is for its readers, and what hour something was published.
    #[serde(default)]
    pub time_zone: ZoneName,
    /// Its own pages elsewhere, on social networks say: absolute `http` or `https` addresses (schema.org `sameAs`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub profiles: Vec<String>,
    /// Whether somebody else than who wrote a text has to agree before it goes live. Readers see nothing of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub four_eyes: bool,
    /// Whether feeds give the summaries of texts alone, and not the texts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub short_feeds: bool,
    /// Its address, `https://news.example.org`, once a server was told it: which canonical addresses are its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// One language of the site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteLocale {
    /// Its tag.
    pub tag: Locale,
    /// Its own name for itself ("Türkmençe").
    pub name: String,
    /// Where a reader of this locale is sent, in order, for what is not live in it.
    #[serde(default)]
    pub fallbacks: Vec<Locale>,
}

/// What is wrong with a site.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SiteError {
    /// There are none.
    #[error("a site has at least one locale")]
    NoLocale,
    /// The default is not among them.
    #[error("the default locale {0} is not one of the site's locales")]
    DefaultUnknown(Locale),
    /// One is listed twice.
    #[error("the locale {0} is listed twice")]
    Twice(Locale),
    /// There are too many pages elsewhere.
    #[error("{0} profiles; at most {MAX_PROFILES} can be named")]
    Profiles(usize),
    /// A page elsewhere has no address that browsers can open, or stands there twice.
    #[error("the profile {0:?} is no absolute http or https address, or named twice")]
    Profile(String),
    /// A fallback is the locale itself, is unknown, or stands twice in one list.
    #[error("the fallback {fallback} of {locale} is unknown, the locale itself, or listed twice")]
    Fallback {
        /// Whose list it is.
        locale: Locale,
        /// Which one of it.
        fallback: Locale,
    },
}

impl Site {
    /// A site in one language.
    #[must_use]
    pub fn new(locale: Locale, name: &str) -> Self {
        Self {
            name: Localized::single(locale, name),
            description: Localized::default(),
            default_locale: locale,
            locales: vec![SiteLocale { tag: locale, name: locale.to_string(), fallbacks: Vec::new() }],
            time_zone: ZoneName::default(),
            profiles: Vec::new(),
            four_eyes: false,
            short_feeds: false,
            address: None,
        }
    }

    /// Checks that the languages hang together, and that its pages elsewhere have addresses.
    ///
    /// # Errors
    /// [`SiteError`] names the first thing that does not.
    pub fn validate(&self) -> Result<(), SiteError> {
        if self.locales.is_empty() {
            return Err(SiteError::NoLocale);
        }
        for (index, locale) in self.locales.iter().enumerate() {
            if self.locales[..index].iter().any(|other| other.tag == locale.tag) {
                return Err(SiteError::Twice(locale.tag));
            }
            for (at, fallback) in locale.fallbacks.iter().enumerate() {
                if *fallback == locale.tag || !self.has(*fallback) || locale.fallbacks[..at].contains(fallback) {
                    return Err(SiteError::Fallback { locale: locale.tag, fallback: *fallback });
                }
            }
        }
        if self.profiles.len() > MAX_PROFILES {
            return Err(SiteError::Profiles(self.profiles.len()));
        }
        for (index, profile) in self.profiles.iter().enumerate() {
            if !is_profile(profile) || self.profiles[..index].contains(profile) {
                return Err(SiteError::Profile(profile.clone()));
            }
        }
        if self.has(self.default_locale) { Ok(()) } else { Err(SiteError::DefaultUnknown(self.default_locale)) }
    }

    /// Has it in these languages, in this order. Those it was in stay as they are, but one that is taken away is no fallback any more.
    pub fn set_locales(&mut self, tags: &[Locale]) {
        let known = std::mem::take(&mut self.locales);
        let locale = |tag: &Locale| match known.iter().find(|locale| locale.tag == *tag) {
            Some(locale) => locale.clone(),
            None => SiteLocale { tag: *tag, name: tag.to_string(), fallbacks: Vec::new() },
        };
        self.locales = tags.iter().map(locale).collect();
        for locale in &mut self.locales {
            locale.fallbacks.retain(|fallback| tags.contains(fallback));
        }
    }

    /// Whether a reader can choose this locale.
    #[must_use]
    pub fn has(&self, locale: Locale) -> bool {
        self.locales.iter().any(|known| known.tag == locale)
    }

    /// The locale and then its fallbacks: where a reader's text is looked for, in order.
    pub fn chain(&self, locale: Locale) -> impl Iterator<Item = Locale> + '_ {
        let fallbacks = self.locales.iter().find(|known| known.tag == locale).map_or(&[][..], |known| &known.fallbacks);
        std::iter::once(locale).chain(fallbacks.iter().copied())
    }

    /// Which of the `live` editions each reader's locale gets: the first of its chain that is live.
    /// A locale whose chain has none is left out.
    pub fn resolve<'a>(&'a self, live: &'a [Locale]) -> impl Iterator<Item = (Locale, Locale)> + 'a {
        self.locales.iter().filter_map(move |reader| {
            let edition = self.chain(reader.tag).find(|locale| live.contains(locale))?;
            Some((reader.tag, edition))
        })
    }
}

/// Whether a page elsewhere has an address that browsers can open.
#[must_use]
pub fn is_profile(url: &str) -> bool {
    !url.starts_with('/') && address::is_target(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locale(tag: &str) -> Locale {
        Locale::parse(tag).unwrap()
    }

    fn site(languages: &[(&str, &[&str])]) -> Site {
        let mut site = Site::new(locale(languages[0].0), "Portal");
        site.locales = languages
            .iter()
            .map(|(tag, fallbacks)| SiteLocale {
                tag: locale(tag),
                name: (*tag).to_owned(),
                fallbacks: fallbacks.iter().map(|tag| locale(tag)).collect(),
            })
            .collect();
        site
    }

    #[test]
    fn a_reader_gets_the_first_live_edition_of_the_chain() {
        let site = site(&[("en", &[]), ("ru", &["en"]), ("tk", &["ru", "en"])]);
        let resolve = |live: &[&str]| {
            let live: Vec<_> = live.iter().map(|tag| locale(tag)).collect();
            site.resolve(&live).map(|(reader, edition)| format!("{reader}:{edition}")).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(resolve(&["en", "ru", "tk"]), "en:en ru:ru tk:tk");
        assert_eq!(resolve(&["ru"]), "ru:ru tk:ru");
        assert_eq!(resolve(&["en"]), "en:en ru:en tk:en");
        assert_eq!(resolve(&["tk"]), "tk:tk");
        assert_eq!(resolve(&[]), "");
    }

    #[test]
    fn languages_that_do_not_hang_together_are_refused() {
        assert!(site(&[("en", &["ru"]), ("ru", &[])]).validate().is_ok());
        assert_eq!(
            site(&[("en", &["en"])]).validate(),
            Err(SiteError::Fallback { locale: locale("en"), fallback: locale("en") })
        );
        assert_eq!(
            site(&[("en", &["fr"])]).validate(),
            Err(SiteError::Fallback { locale: locale("en"), fallback: locale("fr") })
        );
        assert_eq!(site(&[("en", &[]), ("en", &[])]).validate(), Err(SiteError::Twice(locale("en"))));
        let mut site = site(&[("en", &[])]);
        site.default_locale = locale("ru");
        assert_eq!(site.validate(), Err(SiteError::DefaultUnknown(locale("ru"))));
    }
}
