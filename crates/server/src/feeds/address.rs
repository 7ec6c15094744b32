//! Which feed is at an address.

use courant_domain::{
    address::{self, Address, Place},
    locale::Locale,
};
use jiff::civil::Date;

/// What a feed is written as. It is the end of its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Format {
    Rss,
    Atom,
    Json,
    Ninjs,
}

impl Format {
    /// All of them, the one first that most know.
    pub(crate) const ALL: [Self; 4] = [Self::Rss, Self::Atom, Self::Json, Self::Ninjs];

    /// How addresses end.
    pub(crate) const fn suffix(self) -> &'static str {
        match self {
            Self::Rss => "rss",
            Self::Atom => "atom",
            Self::Json => "json",
            Self::Ninjs => "ninjs",
        }
    }

    /// What people call it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Rss => "RSS 2.0",
            Self::Atom => "Atom 1.0",
            Self::Json => "JSON Feed 1.1",
            Self::Ninjs => "ninjs 3.1",
        }
    }

    pub(crate) const fn media_type(self) -> &'static str {
        match self {
            Self::Rss => "application/rss+xml; charset=utf-8",
            Self::Atom => "application/atom+xml; charset=utf-8",
            Self::Json => "application/feed+json; charset=utf-8",
            // It has no media type of its own.
            Self::Ninjs => "application/json",
        }
    }

    /// What clients may ask for by `Accept` and mean it, without weights.
    pub(super) const fn accepted(self) -> &'static [&'static str] {
        match self {
            Self::Rss => &["application/rss+xml", "application/xml", "text/xml"],
            Self::Atom => &["application/atom+xml", "application/xml", "text/xml"],
            Self::Json => &["application/feed+json", "application/json"],
            Self::Ninjs => &["application/json"],
        }
    }
}

/// What a feed is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Of {
    /// Everything.
    Site,
    Feed(String),
    /// A category by its path of slugs, with all below it.
    Category(String),
    Tag(String),
    /// One article or decree.
    Text,
}

/// A feed that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) locale: Locale,
    pub(crate) of: Of,
    pub(crate) format: Format,
    /// The path of the same as a page.
    pub(crate) path: String,
    /// Only what comes after this cursor.
    pub(crate) after: Option<String>,
    /// Only what was published on this day.
    pub(crate) day: Option<Date>,
    /// Whether its query asks for a page of it that cannot be: a day or a place that is none.
    pub(crate) is_nowhere: bool,
}

/// The path of the feed with everything, without its end.
pub(crate) fn of_site(locale: Locale) -> String {
    format!("/{locale}/feed")
}

impl Asked {
    /// Reads an address. None where it is no feed's by its form.
    pub(crate) fn parse(path: &str, query: &str) -> Option<Self> {
        let (rest, end) = path.rsplit_once('.')?;
        let format = Format::ALL.into_iter().find(|format| format.suffix() == end)?;
        let of_site = rest.strip_prefix('/').and_then(|rest| rest.strip_suffix("/feed"));
        let (locale, of, page) = if let Some(locale) = of_site.and_then(|locale| Locale::parse(locale).ok()) {
            (locale, Of::Site, address::home_path(locale))
        } else {
            let Address { locale, place } = Address::parse(rest)?;
            let (of, page) = match place {
                Place::Feed(slug) => (Of::Feed(slug.to_string()), address::feed_path(locale, &slug)),
                Place::Category(slugs) => {
                    let page = address::category_path(locale, &slugs);
                    (Of::Category(slugs), page)
                }
                Place::Tag(slug) => (Of::Tag(slug.to_string()), address::tag_path(locale, &slug)),
                Place::Entry(kind, slug) if format == Format::Ninjs => {
                    (Of::Text, address::entry_path(locale, kind, slug.as_str()))
                }
                Place::Entry(..) | Place::Person(_) => return None,
            };
            (locale, of, page)
        };
        let mut asked = Self { locale, of, format, path: page, after: None, day: None, is_nowhere: false };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let is_one = match &*name {
                "after" => asked.take_after(&value),
                "day" => asked.take_day(&value),
                // Others add words of their own to addresses.
                _ => continue,
            };
            // Whoever asks for one page is not given another one.
            asked.is_nowhere |= !is_one || asked.of == Of::Text;
        }
        Some(asked)
    }

    /// Takes a cursor; says whether it may be one, and is the only one.
    fn take_after(&mut self, after: &str) -> bool {
        (1..=500).contains(&after.len()) && self.after.replace(after.to_owned()).is_none()
    }

    /// Takes a day as addresses of ours have it; says whether it is one, and the only one.
    fn take_day(&mut self, text: &str) -> bool {
        let day = text.parse::<Date>().ok().filter(|day| day.to_string() == text);
        day.is_some_and(|day| self.day.replace(day).is_none())
    }

    /// Its path, without its end.
    fn stem(&self) -> String {
        if self.of == Of::Site { of_site(self.locale) } else { self.path.clone() }
    }

    /// Whether its path is written so, and in no other way.
    pub(crate) fn is_at(&self, path: &str) -> bool {
        path.strip_suffix(self.format.suffix()).and_then(|rest| rest.strip_suffix('.')) == Some(self.stem().as_str())
    }

    /// The path and query of this page of it.
    pub(crate) fn own(&self) -> String {
        self.at(self.format, self.day, self.after.as_deref())
    }

    /// Where readers of it are led when those of its page are led to a path of the site or elsewhere: to the same of that, where there is
    /// one; from a front page to the feed of everything; else to the page itself.
    pub(crate) fn instead(&self, target: &str) -> String {
        let end = self.format.suffix();
        let own = format!("{target}.{end}");
        let home = target.strip_prefix('/').and_then(|locale| Locale::parse(locale).ok());
        match home {
            Some(locale) => format!("{}.{end}", of_site(locale)),
            None if target.starts_with('/') && Self::parse(&own, "").is_some() => own,
            None => target.to_owned(),
        }
    }

    /// The path and query of another page of it.
    pub(crate) fn at(&self, format: Format, day: Option<Date>, after: Option<&str>) -> String {
        let mut address = format!("{}.{}", self.stem(), format.suffix());
        let mut query = form_urlencoded::Serializer::new(String::new());
        if let Some(day) = day {
            query.append_pair("day", &day.to_string());
        }
        if let Some(after) = after {
            query.append_pair("after", after);
        }
        let query = query.finish();
        if !query.is_empty() {
            address.push('?');
            address.push_str(&query);
        }
        address
    }

    /// Whether it is the page that is followed: the others are found from there.
    pub(crate) const fn is_first(&self) -> bool {
        self.after.is_none() && self.day.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(path: &str) -> Option<Of> {
        Asked::parse(path, "").map(|asked| asked.of)
    }

    #[test]
    fn an_address_says_what_it_is_of_and_what_it_is_written_as() {
        assert_eq!(of("/en/feed.rss"), Some(Of::Site));
        assert_eq!(of("/en/feeds/last-news.atom"), Some(Of::Feed("last-news".to_owned())));
        assert_eq!(of("/en/categories/town/harbour.json"), Some(Of::Category("town/harbour".to_owned())));
        assert_eq!(of("/en/tags/rain.ninjs"), Some(Of::Tag("rain".to_owned())));
        assert_eq!(of("/en/articles/rain.ninjs"), Some(Of::Text));
        for path in ["/en/feeds/last-news", "/en/articles/rain.rss", "/feed.rss", "/en/feed.xml", "/x.atom", "/en.atom"]
        {
            assert_eq!(of(path), None, "{path}");
        }
    }

    #[test]
    fn whoever_follows_what_leads_elsewhere_is_led_to_what_is_there() {
        let instead = |path: &str, target: &str| Asked::parse(path, "").unwrap().instead(target);
        for (path, target, to) in [
            ("/en/articles/rain.ninjs", "/en/articles/snow", "/en/articles/snow.ninjs"),
            ("/en/articles/rain.ninjs", "/ru/decrees/snow", "/ru/decrees/snow.ninjs"),
            ("/en/articles/rain.ninjs", "/en/categories/town", "/en/categories/town.ninjs"),
            ("/en/articles/rain.ninjs", "/en", "/en/feed.ninjs"),
            ("/en/articles/rain.ninjs", "/pt-BR", "/pt-BR/feed.ninjs"),
            ("/en/articles/rain.ninjs", "/en/people/ann", "/en/people/ann"),
            ("/en/articles/rain.ninjs", "https://other.example/x", "https://other.example/x"),
            ("/en/tags/rain.atom", "/en/feeds/last-news", "/en/feeds/last-news.atom"),
            ("/en/tags/rain.rss", "/en", "/en/feed.rss"),
            ("/en/tags/rain.rss", "/en/articles/rain", "/en/articles/rain"),
            ("/en/feeds/rain.json", "/en/people/ann", "/en/people/ann"),
        ] {
            assert_eq!(instead(path, target), to, "{path} {target}");
        }
    }

    #[test]
    fn what_means_nothing_is_no_part_of_its_own_address() {
        let asked = Asked::parse("/pt-BR/tags/rain.atom", "utm_source=x&after=a%26b").unwrap();
        assert_eq!((asked.own().as_str(), asked.is_nowhere), ("/pt-BR/tags/rain.atom?after=a%26b", false));
        let asked = Asked::parse("/en/feed.rss", "day=2026-11-29").unwrap();
        assert_eq!((asked.own().as_str(), asked.is_first()), ("/en/feed.rss?day=2026-11-29", false));
    }

    #[test]
    fn a_page_that_cannot_be_is_nowhere() {
        let is_nowhere = |path: &str, query: &str| Asked::parse(path, query).unwrap().is_nowhere;
        let long = format!("after={}", "a".repeat(501));
        for query in [
            "day=2026-02-30",
            "day=2026-2-3",
            "day=20260203",
            "day=",
            "day=yesterday",
            "day=2026-11-29T00:00",
            "day=2026-11-29&day=2026-11-30",
            "day=2026-11-29&day=2026-11-29",
            "day=%002026-11-29",
            "after=",
            "after=a&after=b",
            long.as_str(),
        ] {
            assert!(is_nowhere("/en/feed.rss", query), "{query}");
        }
        for query in ["", "page=2", "utm_source=x", "day=2026-11-29", "after=a&day=2026-11-29", "Day=x"] {
            assert!(!is_nowhere("/en/feed.rss", query), "{query}");
        }
        // One text has no pages.
        assert!(is_nowhere("/en/articles/rain.ninjs", "day=2026-11-29"));
        assert!(!is_nowhere("/en/articles/rain.ninjs", "utm_source=x"));
    }
}
