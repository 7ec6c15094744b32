//! What GOV.UK shows of an item, held against what a reader of the delivery schema gets.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::{self, Debug},
};

use serde_json::Value;

use crate::{
    html,
    item::{Item, text, time},
};

/// What every item has.
const ALWAYS: [&str; 15] = [
    "old address",
    "type of document",
    "title",
    "summary",
    "body: structure",
    "body: words",
    "breadcrumbs",
    "date shown",
    "first published",
    "last changed",
    "names",
    "subjects",
    "languages",
    "related",
    "change notes",
];

/// What some items have.
const SOMETIMES: [&str; 8] = [
    "body: headings",
    "body: boxes",
    "roles",
    "lead image",
    "delivered on",
    "delivered at",
    "how the text stands to the speech",
    "withdrawal",
];

/// What ids of texts begin with.
const PREFIX: &str = "user-content-";

/// What was compared, and where the two differ.
#[derive(Default)]
pub(crate) struct Comparison {
    /// By field: in how many items, how many values.
    fields: BTreeMap<&'static str, (usize, usize)>,
    differences: Vec<String>,
    /// The attributes in bodies that no reader sees, and how often they stood there.
    unseen: BTreeMap<String, usize>,
}

impl Comparison {
    /// Compares a field of an item that has so many values.
    #[expect(clippy::needless_pass_by_value, reason = "both sides are mostly made in the call")]
    fn field<T: PartialEq + Debug>(&mut self, item: &Item, field: &'static str, values: usize, theirs: T, ours: T) {
        let (items, all) = self.fields.entry(field).or_default();
        *items += 1;
        *all += values;
        if theirs != ours {
            self.differences.push(format!("{}, {field}:\n  GOV.UK: {theirs:?}\n  here:   {ours:?}", item.name));
        }
    }

    /// Panics unless everything was compared, and was the same.
    pub(crate) fn require_all(&self, items: usize) {
        assert!(self.differences.is_empty(), "{}", self.differences.join("\n"));
        for field in ALWAYS {
            assert_eq!(self.fields[field].0, items, "{field} was not compared for every item");
        }
        for field in ALWAYS.into_iter().chain(SOMETIMES) {
            assert!(self.fields.get(field).is_some_and(|(_, values)| *values > 0), "no item has any {field}");
        }
        assert_eq!(self.fields.len(), ALWAYS.len() + SOMETIMES.len(), "a field is in no list: {:?}", self.fields);
        let unseen: Vec<&str> = self.unseen.keys().map(String::as_str).collect();
        assert_eq!(
            unseen,
            ["a class", "a rel", "div class", "figure class", "p class", "span class"],
            "is something of this seen?"
        );
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<36}{:>6}{:>8}", "compared", "items", "values")?;
        for (field, (items, values)) in &self.fields {
            writeln!(f, "{field:<36}{items:>6}{values:>8}")?;
        }
        writeln!(f, "unseen in bodies, and dropped:")?;
        self.unseen.iter().try_for_each(|(attribute, times)| writeln!(f, "{attribute:<36}{times:>14}"))
    }
}

/// The values of one field of the objects in a list.
fn each<'a>(page: &'a Value, list: &str, field: &str) -> Vec<Option<&'a str>> {
    page[list].as_array().unwrap().iter().map(|it| text(it, field)).collect()
}

fn titles<'a>(links: &[&'a Value]) -> Vec<Option<&'a str>> {
    links.iter().map(|link| text(link, "title")).collect()
}

/// Compares one item with the page a front end gets for it.
pub(crate) fn item(to: &mut Comparison, item: &Item, page: &Value) {
    let slug = text(page, "slug").unwrap_or_default();
    let path = format!("/{}/articles/{slug}", item.text("/locale"));
    to.field(item, "old address", 1, Some(path.as_str()), text(page, "path"));
    assert_eq!(page["entryId"], item.json["content_id"], "{}", item.name);
    let (kicker, kind) = item.kind();
    to.field(item, "type of document", 1, (Some(kicker), Some(kind)), (text(page, "kicker"), text(page, "genre")));
    to.field(item, "title", 1, item.maybe("/title"), text(page, "title"));
    to.field(item, "summary", 1, item.maybe("/description"), text(page, "summary"));
    body(to, item, &page["body"]);
    times(to, item, page);
    let crumbs: Vec<_> = item.sections().into_iter().map(|(_, _, title)| title).collect();
    let ours: Vec<_> = each(page, "breadcrumbs", "title").into_iter().skip(1).flatten().map(str::to_owned).collect();
    to.field(item, "breadcrumbs", crumbs.len(), crumbs, ours);
    names(to, item, page);
    let subjects = titles(&item.subjects());
    to.field(item, "subjects", subjects.len(), subjects, each(page, "tags", "name"));
    let languages = |json: &Value| (json["locale"].clone(), json["title"].clone());
    let theirs: BTreeSet<_> = item.translations().map(languages).map(|it| format!("{it:?}")).collect();
    let ours: BTreeSet<_> =
        page["translations"].as_array().unwrap().iter().map(languages).map(|it| format!("{it:?}")).collect();
    to.field(item, "languages", theirs.len(), theirs, ours);
    related(to, item, page);
    image(to, item, page);
    delivery(to, item, &page["delivery"]);
    withdrawal(to, item, &page["withdrawal"]);
}

fn body(to: &mut Comparison, item: &Item, page: &Value) {
    let theirs = item.text("/details/body");
    // What a text names is named so here, and what leads there follows.
    let ours = &text(page, "html").unwrap_or_default().replace(PREFIX, "");
    let (seen, given) = (html::seen(&html::with_asides(theirs)), html::seen(ours));
    let count = seen.len();
    // The first difference says enough.
    let place = seen.iter().zip(&given).position(|(a, b)| a != b).unwrap_or(seen.len().min(given.len()));
    to.field(item, "body: structure", count, (count, seen.get(place)), (given.len(), given.get(place)));
    let words = html::words(theirs);
    let given: Vec<&str> = text(page, "text").unwrap_or_default().split_whitespace().collect();
    to.field(item, "body: words", words.len(), words.iter().map(String::as_str).collect(), given);
    let headings = html::headings(theirs);
    let given: Vec<_> = page["outline"].as_array().unwrap().iter().map(heading).collect();
    to.field(item, "body: headings", headings.len(), headings, given);
    let boxes = theirs.matches("class=\"call-to-action\"").count() + theirs.matches("class=\"contact ").count();
    to.field(item, "body: boxes", boxes, boxes, ours.matches("<aside").count());
    for attribute in html::unseen(theirs) {
        *to.unseen.entry(attribute).or_default() += 1;
    }
}

fn heading(json: &Value) -> (u64, String, String) {
    let own = |name| text(json, name).unwrap().to_owned();
    (json["level"].as_u64().unwrap(), own("id").replacen(PREFIX, "", 1), own("title"))
}

fn times(to: &mut Comparison, item: &Item, page: &Value) {
    let ours = |name| time(text(page, name).unwrap());
    to.field(item, "date shown", 1, item.time("/details/first_public_at"), ours("publishedAt"));
    to.field(item, "first published", 1, item.time("/first_published_at"), ours("firstPublishedAt"));
    to.field(item, "last changed", 1, item.time("/public_updated_at"), ours("updatedAt"));
    let note = |json: &Value, at: &str| (time(text(json, at).unwrap()), text(json, "note").unwrap().to_owned());
    // Newest first there, oldest first here.
    let theirs: Vec<_> = item.details("change_history").iter().rev().map(|it| note(it, "public_timestamp")).collect();
    let ours: Vec<_> = page["changeNotes"].as_array().unwrap().iter().map(|it| note(it, "at")).collect();
    to.field(item, "change notes", theirs.len(), theirs, ours);
}

fn names(to: &mut Comparison, item: &Item, page: &Value) {
    let mut theirs = titles(&item.organisations());
    theirs.extend(titles(&item.people()));
    theirs.extend(item.maybe("/details/speaker_without_profile").map(Some));
    to.field(item, "names", theirs.len(), theirs, each(page, "authors", "name"));
    if let ([role], Some(_)) = (item.links("roles"), item.people().first()) {
        to.field(item, "roles", 1, Some(&text(role, "title")), each(page, "authors", "role").last());
    }
}

/// What was chosen comes first, in its order; nothing comes twice, and not the item itself.
fn related(to: &mut Comparison, item: &Item, page: &Value) {
    let chosen = item.related();
    let theirs: Vec<_> =
        chosen.iter().map(|it| (text(it, "content_id"), text(it, "title"), text(it, "description"))).collect();
    let all = page["related"].as_array().unwrap();
    let ours = all.iter().take(chosen.len());
    let ours: Vec<_> = ours.map(|it| (text(it, "entryId"), text(it, "title"), text(it, "summary"))).collect();
    to.field(item, "related", theirs.len(), theirs, ours);
    let distinct: BTreeSet<_> = all.iter().map(|it| text(it, "entryId")).collect();
    assert_eq!(distinct.len(), all.len(), "{}: something is related twice", item.name);
    assert!(!distinct.contains(&item.maybe("/content_id")), "{} is related to itself", item.name);
}

fn image(to: &mut Comparison, item: &Item, page: &Value) {
    let image = &page["leadImage"];
    let ours = text(image, "url").map(|url| (url, text(image, "alt"), text(image, "caption")));
    let theirs = item.lead_image();
    to.field(item, "lead image", usize::from(theirs.is_some()), theirs, ours);
}

fn delivery(to: &mut Comparison, item: &Item, page: &Value) {
    let mut field = |field, theirs: Option<&str>, ours| {
        to.field(item, field, usize::from(theirs.is_some()), theirs, text(page, ours));
    };
    // The page shows the day of the place the speech was given in.
    field("delivered on", item.maybe("/details/delivered_on").map(|time| &time[..10]), "on");
    field("delivered at", item.maybe("/details/location"), "place");
    field("how the text stands to the speech", item.maybe("/details/speech_type_explanation"), "note");
}

fn withdrawal(to: &mut Comparison, item: &Item, page: &Value) {
    let theirs = item.withdrawal().map(|(at, html)| (at, html::seen(html), html::words(html)));
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
    let ours = text(page, "at").map(|at| {
        let own = |name| text(page, name).unwrap();
        (time(at), html::seen(own("html")), words(own("notice")))
    });
    to.field(item, "withdrawal", usize::from(theirs.is_some()), theirs, ours);
}
