//! The anchors of a text: what in it can be led to, and what leads there.
//!
//! *Invariant*: whatever a text names begins with [`PREFIX`], and nothing of a page's own does. Scripts find elements
//! by their ids, and a heading "Root" would be found in the place of the page's own element of that id ("DOM
//! clobbering"). A link within the text leads to what it named all the same, since both are prefixed alike.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

use percent_encoding::percent_decode_str;

use super::{Heading, plain::plain_text};
use crate::slug::Slug;

/// What ids of a text begin with, as they do elsewhere on the web.
pub(super) const PREFIX: &str = "user-content-";

/// The longest name that is kept.
const LONGEST: usize = 200;

/// The name of a place as it stands in HTML; none when it is left out.
pub(super) fn name(value: &str) -> Option<Cow<'_, str>> {
    let value = value.trim();
    (!value.is_empty() && value.len() <= LONGEST).then(|| prefixed(spelled(value)))
}

/// A name in letters, digits and what else needs no escaping anywhere; another sign is written as its number. Names have
/// spaces and brackets in them where programs make them of titles.
fn spelled(name: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
    if name.chars().all(is_plain) {
        return name.into();
    }
    let sign = |c: char| if is_plain(c) { c.to_string() } else { format!("_{:x}", u32::from(c)) };
    name.chars().map(sign).collect::<String>().into()
}

/// Names with spaces between them.
pub(super) fn names(value: &str) -> Option<Cow<'_, str>> {
    let names: Vec<Cow<'_, str>> = value.split_ascii_whitespace().filter_map(name).collect();
    (!names.is_empty()).then(|| names.join(" ").into())
}

/// Where a link leads: within the text to what it names there. To the top of the page, to words on it (`#:~:text=`)
/// and elsewhere it leads as it did.
pub(super) fn link(value: &str) -> Cow<'_, str> {
    let is_passed_over = |c: char| c.is_ascii_control() || c == ' ';
    match value.trim_start_matches(is_passed_over).strip_prefix('#') {
        None | Some("" | "top") => value.into(),
        Some(words) if words.starts_with(":~:") => value.into(),
        Some(name) => format!("#{}", prefixed(spelled(&target(name)))).into(),
    }
}

/// What a fragment names, as browsers read it: as it is, or percent-encoded (HTML standard, §7.4.6.4).
pub(super) fn target(fragment: &str) -> Cow<'_, str> {
    let fragment = fragment.trim();
    percent_decode_str(fragment).decode_utf8().unwrap_or(fragment.into())
}

/// A text that was derived once, and is a source again, is not prefixed twice.
fn prefixed(name: Cow<'_, str>) -> Cow<'_, str> {
    if name.starts_with(PREFIX) { name } else { format!("{PREFIX}{name}").into() }
}

/// Gives each heading of sanitised HTML an `id`, lists the headings, and sees that no two elements have the same. What
/// `<a name>` named before HTML 5 is an `id`, too.
///
/// The sanitiser writes tags in one way only (lower case, no stray `<`, `>` or quote in text or attributes), which is
/// what makes reading them by hand safe.
pub(super) fn anchored(html: &str) -> (String, Vec<Heading>) {
    let mut out = String::with_capacity(html.len());
    let mut outline = Vec::new();
    let mut ids = Ids { given: tags(html).filter_map(|(tag, _)| given(tag)).collect(), ..Ids::default() };
    let mut rest = html;
    for (tag, behind) in tags(html) {
        let level = level(tag);
        if level.is_none() && given(tag).is_none() {
            continue;
        }
        let own = given(tag).filter(|id| ids.used.insert(id));
        let id = match (level, own) {
            (Some(level), own) => {
                let end = behind.find(&format!("</h{level}>")).unwrap_or(behind.len());
                let title = plain_text(&behind[..end]).text.replace('\n', " ");
                let id = own.map_or_else(|| ids.make(&title), str::to_owned);
                outline.push(Heading { level, id: id.clone(), title });
                Some(id)
            }
            (None, own) => own.map(str::to_owned),
        };
        let at = rest.len() - behind.len() - tag.len();
        out.push_str(&rest[..at]);
        out.push_str(without(&without(tag, ID), NAME).trim_end_matches('>'));
        if let Some(id) = id {
            for part in [ID, &id, "\""] {
                out.push_str(part);
            }
        }
        out.push('>');
        rest = behind;
    }
    out.push_str(rest);
    (out, outline)
}

const ID: &str = " id=\"";
const NAME: &str = " name=\"";

/// The ids of a text.
#[derive(Default)]
struct Ids<'a> {
    /// Those its author gave.
    given: HashSet<&'a str>,
    /// Those of them that stand already.
    used: HashSet<&'a str>,
    /// How often each was made.
    made: HashMap<String, u32>,
}

impl Ids<'_> {
    /// An id in the words of a title, which no other element has.
    fn make(&mut self, title: &str) -> String {
        let words = Slug::from_title(title).map_or_else(|| "section".to_owned(), String::from);
        let base = format!("{PREFIX}{words}");
        let mut number = self.made.get(&base).copied().unwrap_or_default();
        loop {
            number += 1;
            let id = if number == 1 { base.clone() } else { format!("{base}-{number}") };
            if !self.given.contains(id.as_str()) && !self.made.contains_key(&id) {
                self.made.insert(id.clone(), 1);
                self.made.insert(base, number);
                return id;
            }
        }
    }
}

/// The tags of sanitised HTML, each with all that is behind it.
fn tags(html: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = html;
    std::iter::from_fn(move || {
        let from = &rest[rest.find('<')?..];
        let (tag, behind) = from.split_at(from.find('>')? + 1);
        rest = behind;
        Some((tag, behind))
    })
}

/// The level of a heading's start tag.
fn level(tag: &str) -> Option<u8> {
    let (level, rest) = tag.strip_prefix("<h")?.split_at_checked(1)?;
    let level = level.parse().ok().filter(|level| (1..=6).contains(level))?;
    rest.starts_with([' ', '>']).then_some(level)
}

/// The name that the author gave to what begins here.
fn given(tag: &str) -> Option<&str> {
    value(tag, ID).or_else(|| value(tag, NAME))
}

/// What is behind ` key="`, outside of other values. Quotes within values are escaped, so that they stand around values alone.
fn value<'a>(tag: &'a str, key: &str) -> Option<&'a str> {
    let mut rest = tag;
    loop {
        let (before, from) = rest.split_once('"')?;
        let (value, behind) = from.split_once('"')?;
        if before.ends_with(key.trim_end_matches('"')) {
            return Some(value);
        }
        rest = behind;
    }
}

/// The tag without an attribute.
fn without<'a>(tag: &'a str, key: &str) -> Cow<'a, str> {
    match value(tag, key) {
        Some(value) => tag.replacen(&format!("{key}{value}\""), "", 1).into(),
        None => tag.into(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Format, RichText};
    use super::*;

    fn html(source: &str) -> String {
        RichText::new(Format::Html, source).html().to_owned()
    }

    fn values(html: &str, key: &str) -> Vec<String> {
        tags(html).filter_map(|(tag, _)| value(tag, key)).map(str::to_owned).collect()
    }

    #[test]
    fn no_heading_takes_the_place_of_a_pages_own_element() {
        for title in ["Courant data", "root", "Content", "user content", "Section", "!", "__proto__", "body"] {
            let text = RichText::new(Format::Markdown, format!("## {title}\n\ntext\n\n## {title}"));
            let ids = values(text.html(), ID);
            assert_eq!(ids.len(), 2, "{title}");
            assert!(ids.iter().all(|id| id.starts_with(PREFIX)) && ids[0] != ids[1], "{ids:?}");
            let outline: Vec<&str> = text.outline().iter().map(|heading| heading.id.as_str()).collect();
            assert_eq!(outline, ids);
        }
    }

    #[test]
    fn links_within_a_text_lead_where_they_did() {
        let text = RichText::new(Format::Markdown, "[down](#water-land) [up](#top) [home](/en#a)\n\n## Water & land");
        assert_eq!(values(text.html(), " href=\""), ["#user-content-water-land", "#top", "/en#a"]);
        assert_eq!(values(text.html(), ID), ["user-content-water-land"]);
        let notes = html(
            "<p>a<sup id=r1><a href=' #n1'>1</a></sup> <a href=%23n1>x</a></p>\
             <ol><li id=n1>b <a href=#r1>up</a></li></ol><a name=old>c</a><a href=#old>d</a><a href='#:~:text=b'>e</a>",
        );
        assert_eq!(values(&notes, ID), ["user-content-r1", "user-content-n1", "user-content-old"]);
        let leads = values(&notes, " href=\"");
        let expected =
            ["#user-content-n1", "%23n1", "#user-content-r1", "#user-content-old", "#:~:text=b"].map(str::to_owned);
        assert_eq!(leads, expected);
        let table = html("<table><tr><th id=a>a</th><td headers='a b'>c</td></tr></table>");
        assert!(table.contains("<th id=\"user-content-a\">a</th><td headers=\"user-content-a user-content-b\">"));
    }

    #[test]
    fn a_heading_keeps_the_name_its_author_gave_it() {
        let text = RichText::new(Format::Html, "<h2 id=art-5 lang=tk>Madda 5</h2><h2>Art 5</h2><h3 id='a b'>c</h3>");
        assert_eq!(
            text.html(),
            "<h2 lang=\"tk\" id=\"user-content-art-5\">Madda 5</h2><h2 id=\"user-content-art-5-2\">Art 5</h2>\
             <h3 id=\"user-content-a_20b\">c</h3>"
        );
        assert_eq!(text.outline()[0].id, "user-content-art-5");
    }

    #[test]
    fn every_name_is_given_once() {
        let text = html("<h2>A</h2><h2>A</h2><h2>A 2</h2><p id=a>b</p><p id=a>c</p><a id=x name=y>d</a>");
        let ids = values(&text, ID);
        let once: HashSet<&String> = ids.iter().collect();
        assert_eq!(ids.len(), once.len(), "{text}");
        assert!(text.contains("<p id=\"user-content-a\">b</p><p>c</p>") && !text.contains("name="), "{text}");
    }

    #[test]
    fn what_looks_like_a_name_within_a_link_is_none() {
        let all = html("<p><a href='<p id='>a</a> <a href='x id=' id=y>b</a></p>");
        assert_eq!(values(&all, ID), ["user-content-y"], "{all}");
    }

    #[test]
    fn nothing_else_names_anything() {
        let all = html(
            "<form id=f name=location><input name=x></form><img name=cookie id=y src=a><label for=root>b</label>\
             <p aria-labelledby=root aria-controls=root contextmenu=m itemref=root data-courant>c</p>\
             <output for=root>d</output><a usemap=#m ping=/x target=root download=root>e</a>",
        );
        for attribute in ["name", "for", "aria-", "context", "itemref", "data-", "usemap", "ping", "target", "download"]
        {
            assert!(!all.contains(&format!(" {attribute}")), "{attribute}: {all}");
        }
        assert_eq!(values(&all, ID), ["user-content-f", "user-content-y"]);
    }

    proptest! {
        #[test]
        fn whatever_is_written_every_id_is_prefixed_and_written_once(
            parts in prop::collection::vec(
                ("(<(p|h2|a|td|svg|form|img) (id|name|ID|href)=['\"]?|</p>|</h2>|)", "[#a-c &\"'<>/-]{0,6}['\"]?>?"), 0..12)
        ) {
            let source: String = parts.into_iter().map(|(tag, text)| tag + &text).collect();
            let text = RichText::new(Format::Html, source.as_str());
            let ids = values(text.html(), ID);
            let once: HashSet<&String> = ids.iter().collect();
            prop_assert_eq!(ids.len(), once.len());
            prop_assert!(ids.iter().all(|id| id.starts_with(PREFIX)));
            prop_assert!(values(text.html(), NAME).is_empty());
            for lead in values(text.html(), " href=\"").iter().filter(|lead| lead.starts_with('#')) {
                prop_assert!(lead == "#" || lead.starts_with("#user-content-"), "{}", lead);
            }
            let again = RichText::new(Format::Html, text.html());
            prop_assert!(!again.html().contains("user-content-user-content-"));
        }
    }
}
