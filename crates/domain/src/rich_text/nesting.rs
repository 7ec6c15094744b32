//! How deep HTML is nested, found without building a tree: building one takes time that grows with the square of
//! the depth, which hostile input would use.
//!
//! Two things are asked. How deep does the text *seem* to be, when end tags that were left out are put in as a browser
//! does? And how deep could it *be*, when every end tag counts only that certainly is one? The first keeps tables and
//! lists without end tags what they are, the second bounds the work whatever the source hides.

use std::collections::HashMap;

use super::tags::{CDATA, Tag, tags};

/// The deepest nesting that is still read as HTML.
pub(super) const MAX_DEPTH: usize = 256;

/// How many open elements beyond [`MAX_DEPTH`] a parser may have to pass, over all tags of a text: a fortieth of
/// what 200 kB of `<div>` would make it do, which takes seconds.
const MAX_WORK: usize = 20_000_000;

/// Formatting that is not ended is begun again in each block that follows. Of so many elements that may be…
const FREE_FORMATTING: usize = 8;

/// …and each further one is so much work in each block, for it is made and not only passed.
const WORK_OF_FORMATTING: usize = 100;

/// Of elements that format the same, only so many are begun again.
const MOST_ALIKE: usize = 3;

/// Elements that have no content.
const VOID: [&str; 14] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

/// Elements that end where the next of their kind begins.
const SAME_ENDS: [&str; 8] = ["p", "li", "dt", "dd", "tr", "td", "th", "option"];

/// Elements of formatting, which an end tag takes out from between others (WHATWG §13.2.4.3).
const FORMATTING: [&str; 14] =
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// Elements with rules of their own for what is in them.
const FOREIGN: [&str; 4] = ["math", "select", "svg", "template"];

/// So many attributes may be in a tag: a parser compares each with all before it.
const MAX_ATTRIBUTES: usize = 2_000;

/// Whether elements are nested deeper than [`MAX_DEPTH`], or so that reading them takes too long.
pub(super) fn too_deep(html: &str) -> bool {
    let (mut seeming, mut certain) = (Seeming::default(), Certain::default());
    tags(html).any(|tag| {
        if tag.count > MAX_ATTRIBUTES {
            return true;
        }
        seeming.take(&tag);
        certain.take(&tag);
        seeming.0.len() > MAX_DEPTH || certain.work > MAX_WORK
    })
}

/// The elements that are open when all is read as it was meant.
#[derive(Default)]
struct Seeming<'a>(Vec<&'a str>);

impl<'a> Seeming<'a> {
    fn take(&mut self, tag: &Tag<'a>) {
        if is_in(&VOID, tag.name) || tag.is_empty || tag.name == CDATA {
            return;
        }
        if !tag.is_end {
            let (ended, bounds) = ended_by(tag.name);
            if let Some(at) = self.find(ended, bounds) {
                self.0.truncate(at);
            }
            self.0.push(tag.name);
            return;
        }
        let bounds: &[&str] = if is_in(&["table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption"], tag.name) {
            &["table"]
        } else {
            &["td", "th", "caption", "table"]
        };
        if let Some(at) = self.find(&[tag.name], bounds) {
            if is_in(&FORMATTING, tag.name) {
                self.0.remove(at);
            } else {
                self.0.truncate(at);
            }
        }
    }

    /// The innermost open element of these names that is not outside of one of the others.
    fn find(&self, names: &[&str], bounds: &[&str]) -> Option<usize> {
        let at = self.0.iter().rposition(|open| is_in(names, open) || is_in(bounds, open))?;
        is_in(names, self.0.get(at)?).then_some(at)
    }
}

/// Which elements end where this one begins, and which they do not reach out of.
fn ended_by(name: &str) -> (&'static [&'static str], &'static [&'static str]) {
    const BLOCKS: [&str; 28] = [
        "address",
        "article",
        "aside",
        "blockquote",
        "center",
        "details",
        "dialog",
        "div",
        "dl",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "ul",
    ];
    const RULES: [(&[&str], &[&str], &[&str]); 7] = [
        (&["a"], &["a"], &["table", "td", "th"]),
        (&["li"], &["li"], &["ul", "ol", "table", "td", "th"]),
        (&["dt", "dd"], &["dt", "dd"], &["dl", "table", "td", "th"]),
        (&["td", "th"], &["td", "th"], &["table"]),
        (&["tr"], &["tr"], &["table"]),
        (&["tbody", "thead", "tfoot"], &["tbody", "thead", "tfoot", "tr"], &["table"]),
        (&["option", "optgroup"], &["option"], &["select", "datalist"]),
    ];
    if is_in(&BLOCKS, name) {
        return (&["p"], &["button", "caption", "object", "table", "td", "th"]);
    }
    match RULES.iter().find(|(names, ..)| is_in(names, name)) {
        Some((_, ended, bounds)) => (ended, bounds),
        None => (&[], &[]),
    }
}

/// The elements that may be open for all that can be said for certain: an element ends by an end tag that follows on
/// all that was opened in it, and in no other way.
#[derive(Default)]
struct Certain<'a> {
    open: Vec<Open<'a>>,
    /// How many of them are of [`FOREIGN`].
    foreign: usize,
    /// How many of them format, by their place in [`FORMATTING`] and their attributes.
    alike: HashMap<(usize, &'a str), usize>,
    /// How many of these may be begun again.
    formatting: usize,
    work: usize,
    /// Whether all that is left was taken for start tags, for nothing is certain of it.
    gave_up: bool,
}

struct Open<'a> {
    name: &'a str,
    attributes: &'a str,
}

impl<'a> Certain<'a> {
    fn take(&mut self, tag: &Tag<'a>) {
        if self.gave_up {
            return;
        }
        let is_last = self.open.last().is_some_and(|open| open.name.eq_ignore_ascii_case(tag.name));
        if tag.is_end {
            if is_last {
                self.pop();
            }
            self.format();
            return;
        }
        // In drawings and formulas there is neither an element without an end tag nor one that ends by itself.
        if self.foreign == 0 {
            if is_in(&VOID, tag.name) || tag.name == CDATA {
                return;
            }
            if is_last && is_in(&SAME_ENDS, tag.name) {
                self.pop();
            }
        }
        self.push(tag.name, tag.attributes);
        // Elsewhere a script or a style is no markup; here it may be, and a script that writes one may end later.
        let may_be_markup = self.foreign > 0 && (tag.raw.contains('<') || tag.name == CDATA);
        let may_go_on = tag.raw.contains("<!--") && tag.raw.to_ascii_lowercase().contains("<script");
        if may_be_markup || may_go_on {
            self.gave_up = true;
            for (at, _) in tag.rest.match_indices('<') {
                let name = &tag.rest[at + 1..];
                let length = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
                if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
                    let name = &name[..length];
                    self.open.push(Open { name, attributes: "" });
                    self.formatting += usize::from(is_in(&FORMATTING, name));
                    self.step();
                }
            }
        }
    }

    fn push(&mut self, name: &'a str, attributes: &'a str) {
        // A link ends the one before it, whichever attributes they have.
        let attributes = if name.eq_ignore_ascii_case("a") { "" } else { attributes };
        self.open.push(Open { name, attributes });
        self.foreign += usize::from(is_in(&FOREIGN, name));
        if let Some(count) = self.alike(name, attributes) {
            *count += 1;
            let is_begun = *count <= MOST_ALIKE;
            self.formatting += usize::from(is_begun);
        }
        self.step();
    }

    fn pop(&mut self) {
        let Some(Open { name, attributes }) = self.open.pop() else { return };
        self.foreign -= usize::from(is_in(&FOREIGN, name));
        if let Some(count) = self.alike(name, attributes) {
            let was_begun = *count <= MOST_ALIKE;
            *count -= 1;
            self.formatting -= usize::from(was_begun);
        }
    }

    fn alike(&mut self, name: &str, attributes: &'a str) -> Option<&mut usize> {
        let index = FORMATTING.iter().position(|known| known.eq_ignore_ascii_case(name))?;
        Some(self.alike.entry((index, attributes)).or_default())
    }

    /// Counts what a start tag costs.
    fn step(&mut self) {
        self.work = self.work.saturating_add(self.open.len().saturating_sub(MAX_DEPTH));
        self.format();
    }

    /// Counts what formatting costs that is begun again.
    fn format(&mut self) {
        let further = self.formatting.saturating_sub(FREE_FORMATTING);
        self.work = self.work.saturating_add(further.saturating_mul(WORK_OF_FORMATTING));
    }
}

fn is_in(names: &[&str], name: &str) -> bool {
    names.iter().any(|other| other.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_found_whatever_hides_it() {
        let deep = MAX_DEPTH + 1;
        for unit in ["<div>", "<DIV class='</div>'>", "<div></b>", "<div><!--</div>-->", "<blockquote>", "<b><i></b>"] {
            assert!(too_deep(&unit.repeat(deep)), "{unit}");
        }
    }

    #[test]
    fn what_only_seems_to_end_bounds_the_work() {
        let colours: String = (0..60).map(|colour| format!("<p><font color={colour}></p>")).collect();
        for (start, unit) in [
            ("", "<table><tr><td><div><b x='1'></table><table></div>"),
            ("", "<div><textarea></div></textarea>"),
            ("", "<div><script><!--<script></script></div></script>"),
            ("<svg>", "<td>"),
            ("<svg>", "<col>"),
            ("<svg>", "<g><![CDATA[></g>]]>"),
            ("<svg><![CDATA[><!-- ]]>", "<g>"),
            ("<select><iframe></select>", "<div>"),
            ("<!-->", "<p-x>"),
            ("<p \">", "<br-x>"),
            ("<div><p>", "<div></p><p>"),
            ("", "<rp>"),
            (&colours, "<p>x</p>"),
            (&"<p><b><i><u><s><tt></p>".repeat(3), "<p>x</p>"),
            ("<select><iframe><b x=1></select>", "<b x=1></b>"),
        ] {
            assert!(too_deep(&format!("{start}{}", unit.repeat(40_000))), "{start}{unit}");
        }
    }

    #[test]
    fn usual_html_is_not_deep_however_long() {
        for unit in [
            "<p>text",
            "<p>a <b>b</b><br></p>",
            "<li>x",
            "<img src=a>",
            "a < b ",
            "<div><p>x</p></div>",
            "<!-- <div> -->",
        ] {
            assert!(!too_deep(&unit.repeat(5000)), "{unit}");
        }
    }

    #[test]
    fn end_tags_may_be_left_out() {
        for (start, unit) in [
            ("<table>", "<tr><td>a<td>b"),
            ("<table>", "<tr><th>a<td><table><tr><td>b</table>"),
            ("<dl>", "<dt>a<dd><p>b"),
            ("<ul>", "<li>a<ul><li>b<li>c</ul>"),
            ("", "<p>a<div>b</div>"),
            ("", "<div><p>a<ul><li>b</ul></div>"),
            ("", "<a name=x>b"),
            ("", "<p><b>a</p>"),
            ("<p>", "<font color=a>b</p><p></font>"),
            ("<script><!-- a() //--></script><svg><title>b</title></svg>", "<p><a href=b>c</a></p>"),
            ("<font face=a><b>", "<p><i>b</i></p>"),
        ] {
            assert!(!too_deep(&format!("{start}{}", unit.repeat(1000))), "{start}{unit}");
        }
    }
}
