//! The pages as those see them who run no script, and everybody for as long as the script is on its way: the app's own templates,
//! filled from the answer to the app's own operation.
//!
//! *Invariant*: what comes from an answer is text there. Only `html` that the service has sanitised is let through, by the
//! templates' `safe`.

mod standing_in;
mod words;

use std::collections::{BTreeMap, HashMap};

use courant_domain::locale::Locale;
use jiff::tz::TimeZone;
use minijinja::{
    AutoEscape, Environment, Error, Output, State, UndefinedBehavior,
    value::{Serde, Value},
};
use serde::Serialize;
use serde_json::{Map, Value as Json};

use self::words::Words;
use super::html::push;

/// The pages there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    Front,
    Register,
    Feeds,
    Search,
    Article,
    Decree,
    Category,
    Tag,
    Person,
    Feed,
    NotFound,
    Gone,
    Away,
    Unready,
}

impl Page {
    const ALL: [Self; 14] = [
        Self::Front,
        Self::Register,
        Self::Feeds,
        Self::Search,
        Self::Article,
        Self::Decree,
        Self::Category,
        Self::Tag,
        Self::Person,
        Self::Feed,
        Self::NotFound,
        Self::Gone,
        Self::Away,
        Self::Unready,
    ];

    const fn template(self) -> &'static str {
        match self {
            Self::Front => "front.html",
            Self::Register => "register.html",
            Self::Feeds => "feeds.html",
            Self::Search => "search.html",
            Self::Article => "article.html",
            Self::Decree => "decree.html",
            Self::Category => "category.html",
            Self::Tag => "tag.html",
            Self::Person => "person.html",
            Self::Feed => "feed.html",
            Self::NotFound => "not-found.html",
            Self::Gone => "gone.html",
            Self::Away => "away.html",
            Self::Unready => "unready.html",
        }
    }

    /// The names of the texts that are its title and description, where it has none of its own.
    const fn about(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Register => Some(("registerTitle", "registerAbout")),
            Self::Feeds => Some(("feedsTitle", "feedsAbout")),
            Self::Search => Some(("searchTitle", "searchAbout")),
            Self::NotFound => Some(("notFoundTitle", "notFoundText")),
            Self::Gone => Some(("goneTitle", "goneText")),
            Self::Away => Some(("failureTitle", "failureService")),
            Self::Unready => Some(("unreadyTitle", "unreadyText")),
            _ => None,
        }
    }
}

/// What a page is made of.
#[derive(Serialize)]
pub(super) struct Content<'a> {
    /// The answer to its operation; null without one.
    pub(super) data: &'a Json,
    /// What is known of the site without asking.
    pub(super) frame: &'a Json,
    pub(super) locale: &'a str,
    pub(super) time_zone: &'a str,
    pub(super) path: &'a str,
    /// The path, with its query.
    pub(super) address: &'a str,
    pub(super) query: &'a str,
    pub(super) variables: &'a Map<String, Json>,
    /// The same page in the languages there are.
    pub(super) alternates: BTreeMap<&'a str, &'a str>,
    /// The values that a variable of its operation can have.
    pub(super) choices: BTreeMap<&'a str, &'a [String]>,
    /// Whether the address asks for less than all.
    pub(super) filtered: bool,
}

/// The templates in each language that the app speaks.
#[derive(Debug)]
pub(super) struct Pages {
    spoken: HashMap<String, Spoken>,
    /// What stands in for a language that the app does not speak.
    isolated: Spoken,
}

#[derive(Debug)]
struct Spoken {
    words: Words,
    templates: Environment<'static>,
}

/// Why a folder's pages cannot be filled in.
#[derive(Debug, thiserror::Error)]
pub enum PlainError {
    /// The words are not what they should be.
    #[error("words.json cannot be read")]
    Words(#[from] serde_json::Error),
    /// The app speaks no English, which stands in for what it does not speak.
    #[error("words.json has no words in English")]
    NoEnglish,
    /// A template is missing, or is none.
    #[error("plain/{0} is no template that can be filled in")]
    Template(&'static str, #[source] Box<Error>),
    /// The same, of one that others include.
    #[error("the template plain/{0} cannot be read")]
    Part(String, #[source] Box<Error>),
}

/// The language that stands in for those the app does not speak.
const STANDING_IN: &str = "en";

impl Pages {
    /// Of the app's words and templates, by their names.
    pub(super) fn new(words: &[u8], templates: &BTreeMap<String, String>) -> Result<Self, PlainError> {
        let spoken: HashMap<String, Words> = serde_json::from_slice(words)?;
        let isolated = spoken.get(STANDING_IN).ok_or(PlainError::NoEnglish)?.clone().isolated();
        let isolated = Spoken::new(isolated, templates)?;
        let spoken = spoken.into_iter().map(|(tag, words)| Ok((tag, Spoken::new(words, templates)?)));
        Ok(Self { spoken: spoken.collect::<Result<_, PlainError>>()?, isolated })
    }

    /// A page in a language; nothing where the app's template fails, which the log tells.
    pub(super) fn fill(&self, page: Page, locale: Locale, content: &Content<'_>) -> String {
        let own = self.spoken.get(locale.language());
        let template = own.unwrap_or(&self.isolated).templates.get_template(page.template());
        let filled = template.and_then(|template| template.render(Value::from(Serde(content))));
        let filled = filled.unwrap_or_else(|error| {
            tracing::error!(template = page.template(), %error, "a page cannot be filled in");
            String::new()
        });
        if own.is_some() { filled } else { standing_in::marked(&filled, STANDING_IN, locale.direction()) }
    }

    /// What a page is called that has no title of its own, and what is on it.
    pub(super) fn about(&self, page: Page, locale: Locale) -> Option<(&str, &str)> {
        let words = &self.spoken(locale)?.words;
        let (title, about) = page.about()?;
        Some((words.text(title)?, words.text(about)?))
    }

    /// A text of the app's with a value in it.
    pub(super) fn text(&self, name: &str, locale: Locale, place: &str, value: &str) -> Option<String> {
        Some(words::fill(self.spoken(locale)?.words.text(name)?, place, value))
    }

    /// A word that stands for a value of an enum.
    pub(super) fn word(&self, name: &str, value: &str, locale: Locale) -> Option<&str> {
        self.spoken(locale)?.words.of(name, value)
    }

    /// The languages that the app speaks.
    pub(super) fn languages(&self) -> Vec<Locale> {
        self.spoken.keys().filter_map(|tag| Locale::parse(tag).ok()).collect()
    }

    fn spoken(&self, locale: Locale) -> Option<&Spoken> {
        self.spoken.get(locale.language()).or_else(|| self.spoken.get(STANDING_IN))
    }
}

impl Spoken {
    fn new(words: Words, texts: &BTreeMap<String, String>) -> Result<Self, PlainError> {
        let mut templates = Environment::new();
        // What is not there shows nothing, and so does what would be in it: answers have nulls.
        templates.set_undefined_behavior(UndefinedBehavior::Chainable);
        templates.set_auto_escape_callback(|_| AutoEscape::Html);
        templates.set_formatter(write_escaped);
        templates.add_global("t", Value::from(Serde(&words.strings)));
        words.clone().add_filters(&mut templates);
        for (name, text) in texts {
            let added = templates.add_template_owned(name.clone(), text.clone());
            added.map_err(|error| PlainError::Part(name.clone(), Box::new(error)))?;
        }
        for page in Page::ALL {
            let found = templates.get_template(page.template()).map(drop);
            found.map_err(|error| PlainError::Template(page.template(), Box::new(error)))?;
        }
        Ok(Self { words, templates })
    }
}

/// Writes a value as text in HTML, and nothing of one that is not there. The library's own would write slashes as entities too.
fn write_escaped(output: &mut Output, _: &mut State, value: &Value) -> Result<(), Error> {
    if value.is_undefined() || value.is_none() {
        return Ok(());
    }
    let text = value.as_str().map_or_else(|| value.to_string().into(), std::borrow::Cow::Borrowed);
    if value.is_safe() {
        output.write_str(&text)?;
    } else {
        let mut escaped = String::with_capacity(text.len() + 16);
        push(&mut escaped, "", &text, "");
        output.write_str(&escaped)?;
    }
    Ok(())
}

/// The zone of this name; UTC for one that is none.
fn zone(name: &str) -> TimeZone {
    if name == "UTC" { TimeZone::UTC } else { TimeZone::get(name).unwrap_or(TimeZone::UTC) }
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::json;

    use super::*;

    pub(in crate::site) const TEMPLATES: [&str; Page::ALL.len()] = {
        let mut names = [""; Page::ALL.len()];
        let mut at = 0;
        while at < names.len() {
            names[at] = Page::ALL[at].template();
            at += 1;
        }
        names
    };

    pub(in crate::site) const WORDS: &str = r#"{"en":{"strings":{"inLanguage":"in {language}","atLeast":"more than {n}",
        "things":{"one":"{n} thing","other":"{n} things"}},"long":{"months":["Jan","Feb","Mar","Apr","May","Jun","Jul","Aug",
        "Sep","Oct","Nov","Dec"],"pattern":"{day} {month} {year}"},"short":{"months":["1","2","3","4","5","6","7","8","9","10",
        "11","12"],"pattern":"{day}.{month}.{year}"},"shortOfThisYear":{"months":["1","2","3","4","5","6","7","8","9","10","11",
        "12"],"pattern":"{day}.{month}."},"group":",","groupsFrom":4,"plural":["other","one"]}}"#;

    fn filled(template: &str, data: &Json, time_zone: &str) -> String {
        filled_in("en", template, data, time_zone)
    }

    fn filled_in(locale: &str, template: &str, data: &Json, time_zone: &str) -> String {
        let mut templates: BTreeMap<String, String> =
            TEMPLATES.iter().map(|name| ((*name).to_owned(), String::new())).collect();
        templates.insert("tag.html".to_owned(), template.to_owned());
        let pages = Pages::new(WORDS.as_bytes(), &templates).unwrap();
        let frame = json!({ "site": { "locales": [{ "tag": "ru", "name": "Русский" }] } });
        let content = Content {
            data,
            frame: &frame,
            locale,
            time_zone,
            path: "/en/tags/gas",
            address: "/en/tags/gas?on=2021-01-01&after=old",
            query: "on=2021-01-01&after=old",
            variables: &Map::new(),
            alternates: BTreeMap::from([("ru", "/ru/tags/gas")]),
            choices: BTreeMap::new(),
            filtered: false,
        };
        pages.fill(Page::Tag, Locale::parse(locale).unwrap(), &content)
    }

    #[test]
    fn what_comes_from_an_answer_is_text() {
        let data = json!({ "title": "</h1><script>\"'&", "html": "<b>bold</b>", "none": null });
        let page = filled(
            "<h1 title=\"{{ data.title }}\">{{ data.title }}</h1>{{ data.html | safe }}{{ data.none }}{{ data.no.thing }}",
            &data,
            "UTC",
        );
        assert_eq!(
            page,
            "<h1 title=\"&lt;/h1&gt;&lt;script&gt;&quot;'&amp;\">&lt;/h1&gt;&lt;script&gt;&quot;'&amp;</h1><b>bold</b>"
        );
    }

    #[test]
    fn days_and_hours_are_those_of_the_site() {
        let data = json!({ "at": "2021-03-02T23:30:00Z", "on": "2021-03-02" });
        let page = "{{ data.at | day }}; {{ data.at | moment }}; {{ data.at | short_day }}; {{ data.on | day }}";
        assert_eq!(filled(page, &data, "UTC"), "2 Mar 2021; 2 Mar 2021, 23:30; 2.3.2021; 2 Mar 2021");
        assert_eq!(filled(page, &data, "Asia/Ashgabat"), "3 Mar 2021; 3 Mar 2021, 04:30; 3.3.2021; 2 Mar 2021");
    }

    #[test]
    fn numbers_are_written_as_the_language_writes_them() {
        let data = json!({ "one": 1, "many": 12345, "list": { "totalCount": 1000, "totalCountIsEstimate": true } });
        let page =
            "{{ data.one | count(t.things) }}, {{ data.many | count(t.things) }}, {{ data.list | total(t.things) }}";
        assert_eq!(filled(page, &data, "UTC"), "1 thing, 12,345 things, more than 1,000 things");
    }

    #[test]
    fn languages_and_lists_are_led_to() {
        let data = json!({ "c": { "path": "/en/categories/a", "title": "A", "children": [{ "path": "/en/categories/a/b", "title": "B" }] } });
        let page = "{{ 'ru' | path_in }} {{ 'tk' | path_in }} {{ 'ru' | foreign }}{{ 'en' | foreign }}{{ 'ru' | lang }}{{ 'en' | lang }}\
                    {% for one in data.c | with_children %} {{ one.slugs }}={{ one.title }}{% endfor %}";
        let expected = "/ru/tags/gas /tk <span class=\"foreign\">in Русский</span> lang=\"ru\" dir=\"ltr\" a=A a/b=B";
        assert_eq!(filled(page, &data, "UTC"), expected);
        let next = filled("{{ 'x\"y' | from_there }}", &data, "UTC");
        assert_eq!(next, "/en/tags/gas?on=2021-01-01&amp;after=x%22y");
    }

    #[test]
    fn what_stands_in_is_apart_where_it_is_written_the_other_way() {
        let data = json!({ "on": "2021-03-02" });
        let page = "{{ 'en' | lang }}{{ 'ar' | lang }} {{ 'he' | dir }} {{ t.inLanguage | fill('language', 'X') }} {{ data.on | day }}";
        let other = " lang=\"en\" dir=\"ltr\" lang=\"ar\" dir=\"rtl\" rtl";
        let apart = "<bdi lang=\"en\" dir=\"ltr\">in X 2 Mar 2021</bdi>";
        let beside = "<bdi lang=\"en\">in X 2 Mar 2021</bdi>";
        for (locale, expected) in [
            ("ar", format!(" lang=\"en\" dir=\"ltr\" rtl {apart}")),
            ("ku-Arab", format!("{other} {apart}")),
            ("ku-Latn", format!("{other} {beside}")),
            ("en-GB", format!("{other} in X 2 Mar 2021")),
        ] {
            assert_eq!(filled_in(locale, page, &data, "UTC"), expected, "{locale}");
        }
    }

    #[test]
    fn a_list_is_narrowed_and_widened_by_links() {
        let data = json!({ "f": [{ "category": { "path": "/en/categories/a/b", "title": "A & B" }, "count": 1 },
            { "tag": { "path": "/en/tags/gas", "name": "Gas" }, "count": 1 }] });
        for (page, expected) in [
            ("{{ 'year' | with_value(2024) }}", "/en/tags/gas?on=2021-01-01&amp;year=2024"),
            ("{{ 'on' | with_value('x y') }}", "/en/tags/gas?on=x+y"),
            ("{{ 'on' | with_value('') }}", "/en/tags/gas"),
            ("{{ 'on' | without_value('2021-01-01') }}", "/en/tags/gas"),
            ("{{ 'on' | without_value('2021-01-02') }}", "/en/tags/gas?on=2021-01-01"),
            ("{{ '/en/categories/a/b' | slugs }} {{ '/en/categories/a/b' | depth }}", "a/b 1"),
            ("{{ 'a/b' | title_in(data.f) }}, {{ 'gas' | title_in(data.f) }}", "A &amp; B, Gas"),
            ("{{ 'oil' | title_in(data.f) }}{{ 'oil' | title_in(data.none) }}", "oiloil"),
            ("{{ 12345 | number }}", "12,345"),
        ] {
            assert_eq!(filled(page, &data, "UTC"), expected, "{page}");
        }
    }

    #[test]
    fn a_template_that_fails_leaves_no_half_page() {
        assert_eq!(filled("begun {{ data.x | nothing_of_the_kind }}", &Json::Null, "UTC"), "");
    }
}
