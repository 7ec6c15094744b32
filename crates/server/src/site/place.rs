//! Which page is at an address: the same as `pages.ts` of the app says, so that the page finds its answer.

use courant_domain::locale::Locale;
use jiff::civil::Date;
use serde_json::{Map, Value as Json};

use super::bundle::{Accept, Form, Kind, PageOperation, Reader, Source};

/// A page that was asked for.
pub(super) struct Asked<'a> {
    pub(super) operation: &'a PageOperation,
    pub(super) path: &'a str,
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

    pub(super) fn is_preview(&self) -> bool {
        self.preview().is_some()
    }

    /// Whether the address asks for another part of a list than all of it.
    pub(super) fn is_filtered(&self) -> bool {
        let of_query = |name: &&String| matches!(self.operation.variables.get(*name), Some(Source::Query { .. }));
        self.variables.keys().filter(of_query).any(|name| name != "after")
    }

    /// Whether it is for everybody to find.
    pub(super) fn standing(&self) -> Standing {
        match (self.is_preview(), self.variables.contains_key("after")) {
            (true, _) => Standing::Preview,
            (_, true) => Standing::FurtherPage,
            _ => Standing::Own,
        }
    }
}

impl Reader {
    /// The page at a path without a slash at its end.
    pub(super) fn asked<'a>(&'a self, path: &'a str, query: &str) -> Asked<'a> {
        let tag = language_of(path);
        let form = tag.map(|tag| format!("/{{locale}}{}", &path[1 + tag.len()..]));
        let operations = self.operations();
        let fixed = form.and_then(|form| operations.iter().find(|operation| operation.address == form));
        // The last one takes all that is left; that there is one was seen when the app was read.
        let rest = operations.iter().find(|operation| operation.address == "/*").unwrap_or(&operations[0]);
        let operation = fixed.unwrap_or(rest);

        let parameters: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let value = |source: &Source| match source {
            Source::Locale => tag.map(Json::from),
            Source::Path => Some(Json::from(path)),
            Source::Query { parameter, accept, list } => {
                let values = parameters.iter().filter(|(name, _)| name == parameter).map(|(_, value)| value.trim());
                let mut values = values.filter(|value| accept.takes(value)).map(Json::from);
                if *list {
                    Some(values.collect::<Vec<_>>()).filter(|values| !values.is_empty()).map(Json::from)
                } else {
                    values.next()
                }
            }
        };
        let variables = operation.variables.iter().filter_map(|(name, source)| Some((name.clone(), value(source)?)));
        let variables = variables.collect();
        Asked { operation, path, locale: tag.and_then(|tag| Locale::parse(tag).ok()), variables }
    }
}

impl Accept {
    fn takes(&self, value: &str) -> bool {
        match self {
            Self::Form(Form::Text) => (1..=500).contains(&value.encode_utf16().count()),
            Self::Form(Form::Date) => value.len() == 10 && value.parse::<Date>().is_ok(),
            Self::Values(values) => values.iter().any(|one| one == value),
        }
    }
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
        assert!(date.takes("2024-02-29"));
        for wrong in ["2023-02-29", "2024-2-29", "20240229", "2024-02-29T00:00", "today"] {
            assert!(!date.takes(wrong), "{wrong}");
        }
    }
}
