//! Which page is at an address: the same as `pages.ts` of the app says, so that the page finds its answer.

use std::borrow::Cow;

use courant_domain::{
    address::{names_old_page, queried},
    locale::Locale,
};
use jiff::civil::Date;
use serde_json::{Map, Value as Json};

use super::bundle::{Accept, Form, Kind, PageOperation, Reader, Source};

/// The most characters of what somebody has typed: as many as a search looks at.
const LONGEST: usize = 1000;

/// A page that was asked for.
pub(super) struct Asked<'a> {
    pub(super) operation: &'a PageOperation,
    pub(super) path: &'a str,
    /// What stands after the path.
    pub(super) query: &'a str,
    /// The language its address names, if it has the form of one.
    pub(super) locale: Option<Locale>,
    /// What its operation is asked with.
    pub(super) variables: Map<String, Json>,
}

/// What a page is to those who come past by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// A page to be found and passed on.
    Own,
    /// A further page of a list, found by way of the first.
    FurtherPage,
    /// What somebody has looked for.
    Results,
    /// What is not public.
    Preview,
}

impl Asked<'_> {
    pub(super) fn kind(&self) -> Kind {
        self.operation.kind
    }

    /// The token of a preview, if there is one.
    pub(super) fn preview(&self) -> Option<&str> {
        self.variables.get("preview").and_then(Json::as_str)
    }

    /// What is looked for, if anything is.
    pub(super) fn sought(&self) -> Option<&str> {
        self.variables.get("query").filter(|_| self.kind() == Kind::Search).and_then(Json::as_str)
    }

    pub(super) fn is_preview(&self) -> bool {
        self.preview().is_some()
    }

    /// Whether the address asks for another part of a list than all of it.
    pub(super) fn is_filtered(&self) -> bool {
        let of_query = |name: &&String| matches!(self.operation.variables.get(*name), Some(Source::Query { .. }));
        self.variables.keys().filter(of_query).any(|name| name != "after")
    }

    /// Whether it is a front page by its path, and its query may be of another page of an old site: the app has no use for it.
    pub(super) fn may_be_old(&self) -> bool {
        let is_front = (self.kind(), self.standing()) == (Kind::Front, Standing::Own) && !self.is_filtered();
        is_front && !queried(&with_query(self.path, self.query)).is_empty()
    }

    /// Whether it is for everybody to find.
    pub(super) fn standing(&self) -> Standing {
        match (self.is_preview(), self.kind(), self.variables.contains_key("after")) {
            (true, ..) => Standing::Preview,
            (_, Kind::Search, _) => Standing::Results,
            (.., true) => Standing::FurtherPage,
            _ => Standing::Own,
        }
    }
}

impl Reader {
    /// The page at a path without a slash at its end.
    pub(super) fn asked<'a>(&'a self, path: &'a str, query: &'a str) -> Asked<'a> {
        let is_front = path == "/" || language_of(path).is_some_and(|tag| tag.len() + 1 == path.len());
        self.asked_as(path, query, is_front && names_old_page(&with_query(path, query)))
    }

    /// The page at a path that is a front page's; or, if its query names a page of an old site, whatever became of that.
    pub(super) fn asked_as<'a>(&'a self, path: &'a str, query: &'a str, is_old: bool) -> Asked<'a> {
        let tag = language_of(path);
        let form = tag.map(|tag| format!("/{{locale}}{}", &path[1 + tag.len()..]));
        let operations = self.operations();
        let fixed = form.and_then(|form| operations.iter().find(|operation| operation.address == form));
        // The last one takes all that is left; that there is one was seen when the app was read.
        let rest = operations.iter().find(|operation| operation.address == "/*").unwrap_or(&operations[0]);
        let operation = fixed.filter(|_| !is_old).unwrap_or(rest);

        let parameters: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let value = |source: &Source| match source {
            Source::Locale => tag.map(Json::from),
            // At the root, too, a query may say which page of an old site it is.
            Source::Path if is_old || path == "/" => Some(Json::from(with_query(path, query))),
            Source::Path => Some(Json::from(path)),
            Source::Query { parameter, accept, list } => {
                let values = parameters.iter().filter(|(name, _)| name == parameter).map(|(_, value)| value.trim());
                let mut values = values.filter_map(|value| accept.read(value));
                if *list {
                    Some(values.collect::<Vec<_>>()).filter(|values| !values.is_empty()).map(Json::from)
                } else {
                    values.next()
                }
            }
        };
        let variables = operation.variables.iter().filter_map(|(name, source)| Some((name.clone(), value(source)?)));
        let variables = variables.collect();
        Asked { operation, path, query, locale: tag.and_then(|tag| Locale::parse(tag).ok()), variables }
    }
}

impl Accept {
    /// The variable's value that a parameter stands for; none where it is not acceptable.
    fn read(&self, value: &str) -> Option<Json> {
        let is_taken = match self {
            Self::Form(Form::Text) => (1..=500).contains(&value.encode_utf16().count()),
            Self::Form(Form::Date) => value.len() == 10 && value.parse::<Date>().is_ok(),
            Self::Form(Form::Words) => {
                // The service takes no text with U+0000 in it.
                let words = value.replace('\0', "");
                let kept: String = words.trim().chars().take(LONGEST).collect();
                return Some(kept).filter(|kept| !kept.is_empty()).map(Json::from);
            }
            Self::Form(Form::Year) => {
                let is_year = value.len() == 4 && value.bytes().all(|b| b.is_ascii_digit()) && !value.starts_with('0');
                return value.parse::<u16>().ok().filter(|_| is_year).map(Json::from);
            }
            Self::Values(values) => values.iter().any(|one| one == value),
        };
        is_taken.then(|| value.into())
    }
}

/// A query without the place where its list goes on.
pub(super) fn from_the_beginning(query: &str) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
    form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "after").collect()
}

/// An address of a path and the parameters of its query.
pub(super) fn address<'q>(path: &str, query: impl IntoIterator<Item = (Cow<'q, str>, Cow<'q, str>)>) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// An address of a path and a query as it was sent.
pub(super) fn with_query(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// The first part of a path, if it has the form of a language's tag.
pub(super) fn language_of(path: &str) -> Option<&str> {
    let tag = path.strip_prefix('/')?.split('/').next()?;
    let mut parts = tag.split('-');
    let language = parts.next()?;
    let is_language = (2..=3).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_alphabetic());
    let is_part = |part: &str| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    (is_language && parts.all(is_part)).then_some(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_its_language() {
        assert_eq!(language_of("/en"), Some("en"));
        assert_eq!(language_of("/pt-BR/articles/x"), Some("pt-BR"));
        for path in ["/", "", "/articles/x", "/e", "/en_GB", "/en-", "/1a"] {
            assert_eq!(language_of(path), None, "{path}");
        }
    }

    #[test]
    fn a_day_is_one_of_the_calendar() {
        let date = Accept::Form(Form::Date);
        assert!(date.read("2024-02-29").is_some());
        for wrong in ["2023-02-29", "2024-2-29", "20240229", "2024-02-29T00:00", "today"] {
            assert!(date.read(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn what_was_typed_is_cut_and_a_year_is_a_number() {
        let (words, year) = (Accept::Form(Form::Words), Accept::Form(Form::Year));
        assert_eq!(words.read(""), None);
        assert_eq!(words.read("вода \0\u{1}\0 \0"), Some("вода \u{1}".into()));
        assert_eq!(words.read("\0 \0"), None);
        let cut = words.read(&"ы".repeat(5000)).unwrap();
        assert_eq!(cut.as_str().unwrap().chars().count(), LONGEST);
        assert_eq!(year.read("2024"), Some(2024.into()));
        for wrong in ["24", "0024", "+204", "20245", "MMXX", "２０２４", ""] {
            assert_eq!(year.read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_address_is_made_of_its_parameters() {
        let query = from_the_beginning("q=%D0%B0+b&after=x&kind=ARTICLE&kind=");
        assert_eq!(address("/en/search", query), "/en/search?q=%D0%B0+b&kind=ARTICLE&kind=");
        assert_eq!(address("/en/search", from_the_beginning("after=x")), "/en/search");
    }
}
