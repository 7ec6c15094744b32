//! What the app says in one language, and how dates, numbers and plural forms are written in it: the filters of its templates.

use std::{collections::BTreeMap, sync::Arc};

use courant_domain::locale::Locale;
use jiff::{
    Timestamp,
    civil::{Date, DateTime},
};
use minijinja::{Environment, State, value::Value};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::{
    super::{
        html::push,
        place::{address, from_the_beginning},
    },
    standing_in::{END, START},
    zone,
};

/// What the app's build has written down of a language (`web/reader/src/words.ts`).
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Words {
    pub(super) strings: Map<String, Json>,
    long: Written,
    short: Written,
    short_of_this_year: Written,
    group: String,
    groups_from: usize,
    plural: Vec<String>,
    /// Whether they are isolated.
    #[serde(skip)]
    is_apart: bool,
}

/// How a date is written.
#[derive(Debug, Clone, Deserialize)]
struct Written {
    months: [String; 12],
    pattern: String,
}

impl Written {
    fn write(&self, date: Date) -> String {
        let month = usize::try_from(date.month() - 1).ok().and_then(|month| self.months.get(month));
        let text = fill(&self.pattern, "day", &date.day().to_string());
        let text = fill(&text, "month", month.map_or("", String::as_str));
        fill(&text, "year", &date.year().to_string())
    }
}

/// Puts a value into a text.
pub(super) fn fill(text: &str, place: &str, value: &str) -> String {
    text.replace(&format!("{{{place}}}"), value)
}

/// A text with marks around it that it is in the language which stands in for the page's; see [`standing_in`](super::standing_in).
fn isolated(text: &str) -> String {
    format!("{START}{text}{END}")
}

fn isolate(value: &mut Json) {
    match value {
        Json::String(text) => *text = isolated(text),
        Json::Array(values) => values.iter_mut().for_each(isolate),
        Json::Object(values) => values.values_mut().for_each(isolate),
        _ => {}
    }
}

impl Words {
    /// The same to be shown on a page in a language that the app does not speak.
    pub(super) fn isolated(mut self) -> Self {
        self.is_apart = true;
        self.strings.values_mut().for_each(isolate);
        for written in [&mut self.long, &mut self.short, &mut self.short_of_this_year] {
            written.pattern = isolated(&written.pattern);
        }
        self
    }

    /// A text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.strings.get(name)?.as_str()
    }

    /// The text for a value of an enum.
    pub(super) fn of(&self, name: &str, value: &str) -> Option<&str> {
        self.strings.get(name)?.get(value)?.as_str()
    }

    /// Makes it known to templates how the language is written.
    pub(super) fn add_filters(self, templates: &mut Environment<'static>) {
        let words = Arc::new(self);
        let of = |words: &Arc<Self>| Arc::clone(words);
        let it = of(&words);
        templates.add_filter("day", move |state: &State, when: &str| it.long.write(date(state, when)));
        let it = of(&words);
        templates
            .add_filter("short_day", move |state: &State, when: &str| it.short_day(date(state, when), today(state)));
        let it = of(&words);
        templates.add_filter("moment", move |state: &State, when: &str| it.moment(state, when));
        let it = of(&words);
        templates.add_filter("number", {
            let it = of(&words);
            move |number: i64| it.number(number)
        });
        templates.add_filter("count", move |number: i64, forms: &Value| it.count(number, forms));
        templates.add_filter("total", move |list: &Value, forms: &Value| words.total(list, forms));
        templates.add_filter("fill", |text: &str, place: &str, value: &Value| fill(text, place, &shown(value)));
        templates.add_filter("lang", lang);
        templates.add_filter("dir", dir);
        templates.add_filter("foreign", foreign);
        templates.add_filter("language_name", |state: &State, locale: &str| language_name(state, locale));
        templates.add_filter("path_in", path_in);
        templates.add_filter("from_there", from_there);
        templates.add_filter("with_value", with_value);
        templates.add_filter("without_value", without_value);
        templates.add_filter("only_value", only_value);
        templates.add_filter("slugs", |path: &str| slugs(path).to_owned());
        templates.add_filter("depth", |path: &str| slugs(path).matches('/').count());
        templates.add_filter("title_in", title_in);
        templates.add_filter("some", |list: &Value| list.len().is_some_and(|len| len > 0));
        templates.add_filter("host", host);
        templates.add_filter("articles", articles);
        templates.add_filter("with_children", with_children);
    }

    fn short_day(&self, date: Date, today: Date) -> String {
        let written = if date.year() == today.year() { &self.short_of_this_year } else { &self.short };
        written.write(date)
    }

    /// The day and the hour.
    fn moment(&self, state: &State, when: &str) -> String {
        match local(state, when) {
            Some(local) => {
                let text = format!("{}, {:02}:{:02}", self.long.write(local.date()), local.hour(), local.minute());
                if self.is_apart { isolated(&text) } else { text }
            }
            None => self.long.write(date(state, when)),
        }
    }

    fn number(&self, number: i64) -> String {
        let digits = number.unsigned_abs().to_string();
        let mut text = if number < 0 { "-".to_owned() } else { String::new() };
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && digits.len() >= self.groups_from && (digits.len() - at).is_multiple_of(3) {
                text.push_str(&self.group);
            }
            text.push(digit);
        }
        text
    }

    /// A text in the plural form that a number asks for.
    fn count(&self, number: i64, forms: &Value) -> String {
        let number_of = number.unsigned_abs();
        let row = if number_of < 200 { number_of } else { 100 + number_of % 100 };
        let rule = usize::try_from(row).ok().and_then(|row| self.plural.get(row)).map_or("other", String::as_str);
        let form = |rule: &str| forms.get_attr(rule).ok().filter(|form| !form.is_undefined());
        let form = form(rule).or_else(|| form("other")).map(|form| form.to_string()).unwrap_or_default();
        fill(&form, "n", &self.number(number))
    }

    /// How many a list has, or more than how many.
    fn total(&self, list: &Value, forms: &Value) -> String {
        let total = list.get_attr("totalCount").ok().and_then(|count| i64::try_from(count).ok()).unwrap_or_default();
        let said = self.count(total, forms);
        if !list.get_attr("totalCountIsEstimate").is_ok_and(|estimate| estimate.is_true()) {
            return said;
        }
        let number = self.number(total);
        said.replace(&number, &fill(self.text("atLeast").unwrap_or("{n}"), "n", &number))
    }
}

fn shown(value: &Value) -> String {
    if value.is_undefined() || value.is_none() { String::new() } else { value.to_string() }
}

fn lookup(state: &State, name: &str) -> String {
    state.lookup(name).map(|value| shown(&value)).unwrap_or_default()
}

/// An instant where the site is; none of a day alone.
fn local(state: &State, when: &str) -> Option<DateTime> {
    Some(zone(&lookup(state, "time_zone")).to_datetime(when.parse::<Timestamp>().ok()?))
}

/// A day, or that of an instant where the site is.
fn date(state: &State, when: &str) -> Date {
    local(state, when).map(DateTime::date).or_else(|| when.parse().ok()).unwrap_or_default()
}

fn today(state: &State) -> Date {
    zone(&lookup(state, "time_zone")).to_datetime(Timestamp::now()).date()
}

/// In which direction a language is written, as HTML has it.
fn dir(locale: &str) -> &'static str {
    Locale::parse(locale).map_or("auto", |locale| locale.direction().as_str())
}

/// The `lang` and `dir` of a text in another language than the page.
fn lang(state: &State, locale: &str) -> Value {
    if locale == lookup(state, "locale") {
        return Value::from("");
    }
    let mut html = String::new();
    push(&mut html, " lang=\"", locale, "\"");
    push(&mut html, " dir=\"", dir(locale), "\"");
    Value::from_safe_string(html)
}

/// Says which language something is in, where that is not the page's.
fn foreign(state: &State, locale: &str) -> Value {
    if locale == lookup(state, "locale") {
        return Value::from("");
    }
    let text =
        state.lookup("t").and_then(|t| t.get_attr("inLanguage").ok()).map(|text| shown(&text)).unwrap_or_default();
    let mut html = String::new();
    push(&mut html, "<span class=\"foreign\">", &fill(&text, "language", &language_name(state, locale)), "</span>");
    Value::from_safe_string(html)
}

/// A language's own name for itself.
fn language_name(state: &State, locale: &str) -> String {
    let named = || {
        let locales = state.lookup("frame")?.get_attr("site").ok()?.get_attr("locales").ok()?;
        let is_meant = |known: &Value| known.get_attr("tag").is_ok_and(|tag| tag.as_str() == Some(locale));
        let known = locales.try_iter().ok()?.find(is_meant)?;
        known.get_attr("name").ok().map(|name| shown(&name))
    };
    named().unwrap_or_else(|| locale.to_owned())
}

/// The address of the page in another language, or of that language's front page.
fn path_in(state: &State, locale: &str) -> String {
    let same = state.lookup("alternates").and_then(|all| all.get_attr(locale).ok()).filter(|path| !path.is_undefined());
    same.map_or_else(|| format!("/{locale}"), |path| shown(&path))
}

/// The address of the same list after a cursor.
fn from_there(state: &State, cursor: &str) -> String {
    let query = lookup(state, "query");
    let mut kept = from_the_beginning(&query);
    kept.push(("after".into(), cursor.into()));
    address(&lookup(state, "path"), kept)
}

/// The address of the same from its beginning with this as the one value of a parameter, or without the parameter where that is empty.
fn with_value(state: &State, name: &str, value: &Value) -> String {
    let query = lookup(state, "query");
    let mut kept = from_the_beginning(&query);
    kept.retain(|(parameter, _)| parameter != name);
    let value = shown(value);
    if !value.is_empty() {
        kept.push((name.into(), value.into()));
    }
    address(&lookup(state, "path"), kept)
}

/// The address of the same from its beginning without one value of a parameter.
fn without_value(state: &State, name: &str, value: &Value) -> String {
    let (query, value) = (lookup(state, "query"), shown(value));
    let mut kept = from_the_beginning(&query);
    kept.retain(|(parameter, given)| parameter != name || given.trim() != value);
    address(&lookup(state, "path"), kept)
}

/// The address of the same with nothing but this value of a parameter.
fn only_value(state: &State, name: &str, value: &Value) -> String {
    let value = shown(value);
    let only = (!value.is_empty()).then(|| (name.into(), value.into()));
    address(&lookup(state, "path"), only)
}

/// What names something in a filter: the end of its path.
fn slugs(path: &str) -> &str {
    path.splitn(4, '/').nth(3).unwrap_or_default()
}

/// What something is called that a filter names: its title among the things that hits are counted by; its name in the filter where it is none
/// of them.
fn title_in(slugs_of: &str, counts: &Value) -> String {
    let text = |one: &Value, name: &str| one.get_attr(name).ok().and_then(|text| text.as_str().map(str::to_owned));
    let titled = |count: Value| {
        let one = ["category", "tag", "person"]
            .iter()
            .find_map(|sort| count.get_attr(sort).ok().filter(|one| !one.is_undefined()))?;
        let is_meant = text(&one, "path").is_some_and(|path| slugs(&path) == slugs_of);
        is_meant.then(|| text(&one, "title").or_else(|| text(&one, "name"))).flatten()
    };
    let found = counts.try_iter().ok().and_then(|mut counts| counts.find_map(titled));
    found.unwrap_or_else(|| slugs_of.to_owned())
}

/// The host of an address elsewhere.
fn host(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest).to_owned()
}

/// The articles of a list.
fn articles(list: &Value) -> Value {
    let is_article = |item: &Value| item.get_attr("__typename").is_ok_and(|name| name.as_str() == Some("Article"));
    let items = list.try_iter().map(|items| items.filter(is_article).collect::<Vec<_>>());
    items.unwrap_or_default().into()
}

/// A category and those right below it, with what names them in a filter.
fn with_children(category: &Value) -> Value {
    let named = |one: &Value| {
        let path = one.get_attr("path").map(|path| shown(&path)).unwrap_or_default();
        let slugs = slugs(&path).to_owned();
        let title = one.get_attr("title").unwrap_or_default();
        Value::from(BTreeMap::from([("slugs", Value::from(slugs)), ("title", title)]))
    };
    let children = category.get_attr("children").ok();
    let below = children.as_ref().and_then(|children| children.try_iter().ok()).into_iter().flatten();
    std::iter::once(category.clone()).chain(below).map(|one| named(&one)).collect::<Vec<_>>().into()
}
