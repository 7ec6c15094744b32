//! Where in an article what newsrooms have names for stands: the line above the title, the standfirst, the place it is written at, and
//! under which terms it may be used.

use crate::read::{
    collect::{is_content, is_value},
    text::{plain, squeezed},
};

/// A place in an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Kicker,
    Summary,
    Dateline,
    Rights,
}

const KICKERS: [&str; 6] = ["kicker", "overline", "eyebrow", "surtitle", "supertitle", "pretitle"];
const SUMMARIES: [&str; 17] = [
    "abstract",
    "deck",
    "dek",
    "excerpt",
    "intro",
    "introduction",
    "lead",
    "lede",
    "secondarytitle",
    "standfirst",
    "subhead",
    "subheading",
    "subheadline",
    "subtitle",
    "summary",
    "teaser",
    "teasertext",
];
const RIGHTS: [&str; 6] = ["copyright", "copyrightnotice", "license", "licence", "rights", "usageterms"];

/// What names have in front of such a name that says no more.
const PREFIXES: [&str; 7] = ["article", "custom", "news", "post", "story", "the", "wps"];

/// The place that has this name.
pub(crate) fn place_of(name: &str) -> Option<Place> {
    let name = squeezed(name.rsplit(':').next().unwrap_or_default());
    let name = PREFIXES.into_iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(&name);
    match name {
        "dateline" => Some(Place::Dateline),
        name if KICKERS.contains(&name) => Some(Place::Kicker),
        name if SUMMARIES.contains(&name) => Some(Place::Summary),
        name if RIGHTS.contains(&name) => Some(Place::Rights),
        _ => None,
    }
}

/// The words of a value and the place that they have by its name, if they are no setting (`lead: large`).
pub(crate) fn placed(name: &str, value: &str) -> Option<(Place, String)> {
    let place = place_of(name)?;
    let words = plain(value)?;
    (is_content(name, value) && !is_value(&words)).then_some((place, words))
}

/// Several terms as one line, in which each stands once.
pub(crate) fn with_rights(rights: Option<String>, words: &str) -> String {
    match rights {
        Some(rights) if rights.contains(words) => rights,
        Some(rights) if !words.contains(&rights) => format!("{rights}; {words}"),
        _ => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_where_their_name_says() {
        for (name, value, place) in [
            ("kicker", "Tides", Some(Place::Kicker)),
            ("_article_kicker", "Tides", Some(Place::Kicker)),
            ("news:standfirst", "<p>Low water</p>", Some(Place::Summary)),
            ("subTitle", "ebb", Some(Place::Summary)),
            ("dateline", "Oslo", Some(Place::Dateline)),
            ("usageTerms", "Ask first", Some(Place::Rights)),
            ("lead", "large", None),
            ("_subtitle", "field_5f3a", None),
            ("teaser", "https://quay.example/", None),
            ("note", "Ring twice", None),
        ] {
            assert_eq!(placed(name, value).map(|(place, _)| place), place, "{name} {value}");
        }
    }

    #[test]
    fn terms_of_use_are_said_once() {
        assert_eq!(with_rights(None, "© Hill"), "© Hill");
        assert_eq!(with_rights(Some("© Hill Radio".to_owned()), "© Hill"), "© Hill Radio");
        assert_eq!(with_rights(Some("© Hill".to_owned()), "© Hill Radio"), "© Hill Radio");
        assert_eq!(with_rights(Some("© Hill".to_owned()), "CC BY 4.0"), "© Hill; CC BY 4.0");
    }
}
