//! The words of sanitised HTML: a line a block, however its source is broken into lines, and in front of the points of a list what browsers
//! show there, if that says more than that they are counted: letters, another beginning, a number that is left out. What formatting keeps
//! apart does not become one word without it.

mod line;
mod raised;

use self::line::Line;
use super::{derive::INLINE, sanitise::FORMULA};

/// The words of a text.
pub(super) struct Plain {
    pub(super) text: String,
    /// How many of them are numbers and letters of lists and marks of notes, which nobody has written as words.
    pub(super) marks: usize,
}

/// The words of sanitised HTML: tags out, entities read, a line for each block.
pub(super) fn plain_text(html: &str) -> Plain {
    let mut lines = Lines::default();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        lines.words(&rest[..open]);
        let Some(close) = rest[open..].find('>') else { break };
        let tag = &rest[open + 1..open + close];
        rest = &rest[open + close + 1..];
        let is_end = tag.starts_with('/');
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        if FORMULA.contains(&name) {
            lines.line.push(" ");
        } else if !INLINE.contains(&name) {
            lines.line.push("\n");
        } else {
            if (name, is_end) == ("q", false) {
                lines.words(lines.line.quote(false));
            }
            lines.line.tag(name, tag, rest);
        }
        match (name, is_end) {
            ("ol", false) => lines.lists.push(Numbering::of(tag, rest)),
            ("ul", false) => lines.lists.push(None),
            ("ol" | "ul", true) => drop(lines.lists.pop()),
            ("li", false) => lines.begin_point(tag),
            ("li", true) => lines.end_point(),
            ("pre", false) => lines.preformatted += 1,
            ("pre", true) => lines.preformatted = lines.preformatted.saturating_sub(1),
            _ => {}
        }
    }
    lines.words(rest);
    let written = lines.line.end();
    let mut text = String::with_capacity(written.text.len());
    for line in written.text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        if !words.is_empty() {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&words.join(" "));
        }
    }
    // The sanitiser writes these five entities and no others; the ampersand comes last.
    for (entity, sign) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&nbsp;", "\u{a0}"), ("&amp;", "&")] {
        if text.contains(entity) {
            text = text.replace(entity, sign);
        }
    }
    Plain { text, marks: lines.marks + written.notes }
}

#[derive(Default)]
struct Lines<'a> {
    line: Line,
    /// The lists that are open; those without numbers to be shown are `None`.
    lists: Vec<Option<Numbering<'a>>>,
    /// What stands in front of the points that are open and have no words yet.
    waiting: Vec<String>,
    /// For each point that is open, how many were waiting when it began.
    points: Vec<usize>,
    /// How many elements are open in which a line break is one.
    preformatted: usize,
    marks: usize,
}

impl<'a> Lines<'a> {
    fn words(&mut self, words: &str) {
        if !words.trim().is_empty() {
            for mark in self.waiting.drain(..) {
                self.line.push_mark(&mark);
                self.marks += 1;
            }
        }
        if self.preformatted > 0 || !words.contains(['\n', '\r']) {
            self.line.push(words);
        } else {
            self.line.push(&words.replace(['\n', '\r'], " "));
        }
    }

    fn begin_point(&mut self, tag: &'a str) {
        self.points.push(self.waiting.len());
        if let Some(Some(numbering)) = self.lists.last_mut() {
            self.waiting.extend(numbering.mark(tag));
        }
    }

    /// A point without words has nothing in front of it.
    fn end_point(&mut self) {
        if let Some(waited) = self.points.pop() {
            self.waiting.truncate(waited);
        }
    }
}

/// How the points of a list are numbered (HTML standard, §4.4.5 and §4.4.8).
struct Numbering<'a> {
    next: i64,
    step: i64,
    style: &'a str,
}

impl<'a> Numbering<'a> {
    /// That of the list that a tag begins, in front of this; none where it says nothing.
    fn of(tag: &'a str, rest: &str) -> Option<Self> {
        let is_reversed = attribute(tag, "reversed").is_some();
        let start = attribute(tag, "start").and_then(|start| start.parse().ok());
        let style = attribute(tag, "type").unwrap_or("1");
        let points = Points::of(rest);
        let next = start.unwrap_or(if is_reversed { points.count } else { 1 });
        let says_more = is_reversed || next != 1 || style != "1" || points.say_more;
        says_more.then_some(Self { next, step: if is_reversed { -1 } else { 1 }, style })
    }

    /// What stands in front of the point that a tag begins, if anything does.
    fn mark(&mut self, tag: &str) -> Option<String> {
        let number = attribute(tag, "value").and_then(|value| value.parse().ok()).unwrap_or(self.next);
        self.next = number + self.step;
        let mark = match attribute(tag, "type").unwrap_or(self.style) {
            "none" => return None,
            "a" => letters(number, LATIN),
            "A" => letters(number, LATIN).map(|mark| mark.to_uppercase()),
            "i" => roman(number),
            "I" => roman(number).map(|mark| mark.to_uppercase()),
            "lower-greek" => letters(number, GREEK),
            "decimal-leading-zero" if number < 0 => Some(format!("-{:02}", number.unsigned_abs())),
            "decimal-leading-zero" => Some(format!("{number:02}")),
            _ => None,
        };
        Some(format!("{}.", mark.unwrap_or_else(|| number.to_string())))
    }
}

/// The points of a list.
struct Points {
    count: i64,
    /// Whether one of them is not numbered by its place.
    say_more: bool,
}

impl Points {
    /// Those of the list of which this is what follows on its tag.
    fn of(rest: &str) -> Self {
        let mut points = Self { count: 0, say_more: false };
        let mut depth = 1_usize;
        for tag in rest.split('<').skip(1) {
            match tag.split([' ', '>']).next().unwrap_or_default() {
                "ol" | "ul" => depth += 1,
                "/ol" | "/ul" => depth -= 1,
                "li" if depth == 1 => {
                    let tag = tag.split('>').next().unwrap_or_default();
                    points.count += 1;
                    let value = attribute(tag, "value").and_then(|value| value.parse().ok());
                    points.say_more |= value.is_some_and(|value: i64| value != points.count);
                    points.say_more |= attribute(tag, "type").is_some_and(|style| style != "1");
                }
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        points
    }
}

const LATIN: &str = "abcdefghijklmnopqrstuvwxyz";

/// Without the sigma that ends words.
const GREEK: &str = "αβγδεζηθικλμνξοπρστυφχψω";

/// 1 as `a`, 27 as `aa`.
fn letters(number: i64, alphabet: &str) -> Option<String> {
    let alphabet: Vec<char> = alphabet.chars().collect();
    let mut left = usize::try_from(number).ok().filter(|number| *number > 0)?;
    let mut letters = Vec::new();
    while left > 0 {
        left -= 1;
        letters.push(*alphabet.get(left % alphabet.len())?);
        left /= alphabet.len();
    }
    Some(letters.into_iter().rev().collect())
}

fn roman(number: i64) -> Option<String> {
    const SIGNS: [(i64, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    let mut left = Some(number).filter(|number| (1..4000).contains(number))?;
    let mut roman = String::new();
    for (worth, sign) in SIGNS {
        while left >= worth {
            roman.push_str(sign);
            left -= worth;
        }
    }
    Some(roman)
}

/// The value of an attribute of a tag that the sanitiser wrote.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let start = format!(" {name}=\"");
    let (_, value) = tag.split_once(&start)?;
    value.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::{LATIN, letters, plain_text, roman};

    #[test]
    fn points_of_lists_carry_their_numbers() {
        for (html, text) in [
            ("<ol><li>a</li><li value=\"7\">b</li><li>c</li></ol>", "1. a\n7. b\n8. c"),
            ("<ol type=\"a\" start=\"3\"><li><p>x</p><p>y</p></li><li>z</li></ol>", "c. x\ny\nd. z"),
            ("<ol reversed=\"\"><li>x<ul><li>y</li></ul></li><li>z</li></ol>", "2. x\ny\n1. z"),
            ("<ol start=\"2\"><li><ol type=\"I\"><li>x</li></ol></li><li> </li><li>z</li></ol>", "2. I. x\n4. z"),
            ("<ul><li>x</li></ul><li>y</li><ol start=\"2\"><li></li></ol>", "x\ny"),
            // That they are counted from 1 is what everybody takes them for.
            ("<ol><li>x</li><li value=\"2\">y</li></ol>", "x\ny"),
            ("<ol start=\"-1\" type=\"a\"><li>x</li><li>y</li><li>z</li></ol>", "-1. x\n0. y\na. z"),
            ("<ol><li type=\"i\" value=\"4\">x</li></ol>", "iv. x"),
            ("<ol type=\"none\"><li value=\"4\">(b) x</li><li>(c) y</li></ol>", "(b) x\n(c) y"),
            ("<ol><li>x</li><li type=\"none\">y</li><li>z</li></ol>", "1. x\ny\n3. z"),
            ("<ol type=\"lower-greek\" start=\"18\"><li>x</li><li>y</li></ol>", "σ. x\nτ. y"),
            ("<ol type=\"decimal-leading-zero\" start=\"9\"><li>x</li><li>y</li></ol>", "09. x\n10. y"),
        ] {
            assert_eq!(plain_text(html).text, text, "{html}");
        }
        assert_eq!(plain_text("<ol type=\"a\"><li>a b</li><li></li><li>c</li></ol>").marks, 2);
    }

    #[test]
    fn a_block_is_one_line_however_its_source_is_broken() {
        for (html, text) in [
            ("<p>On\n6 May\r\nthe <b>har\nbour</b></p>\n<p>b</p>", "On 6 May the har bour\nb"),
            ("<p>a<br>\nb</p>", "a\nb"),
            ("<pre>\na\n<b>b\nc</b></pre><p>d\ne</p>", "a\nb\nc\nd e"),
            ("a\nb<ol start=\"2\">\n<li>\nc\nd</li></ol>", "a b\n2. c d"),
        ] {
            assert_eq!(plain_text(html).text, text, "{html}");
        }
    }

    #[test]
    fn what_formatting_keeps_apart_stays_apart() {
        for (html, text) in [
            (
                "<p>Article 15<sup>1</sup>, 10<sup>5</sup> m<sup>2</sup> of H<sub>2</sub>O</p>",
                "Article 15¹, 10⁵ m² of H₂O",
            ),
            ("<p>27<sup>1.2</sup>3 and 10<sup>2<sup>3</sup></sup></p>", "27^1.2 3 and 10^2³"),
            ("<p>1<sup>st</sup>2, M<sup>me</sup> X, <sup>1</sup>/<sub>2</sub></p>", "1st2, Mme X, ¹/₂"),
            ("<p>100<sup><a href=\"#n\">1</a></sup>, a<sup><a href=\"#n\">2</a></sup>b</p>", "100 [1], a [2] b"),
            ("<p>a<a href=\"https://example.org/#n\"><sup>3</sup></a><sup>[4]</sup>.</p>", "a [3] [4]."),
            // A link to an article that has been put in between is none to a note.
            ("<p><a href=\"#a\">Article 15<sup>1</sup></a></p>", "Article 15¹"),
            ("<ol start=\"2\"><li><sup><a href=\"#a\">1</a></sup> x</li><li><sup>2</sup></li></ol>", "2. [1] x\n3. ²"),
            ("<p><del>10</del><ins>12</ins> <s>cat</s><u>dog</u> <ins>a</ins><del>b</del></p>", "10 12 cat dog a b"),
            ("<p><del>10</del>12, 3<s>4</s>, colo<del>u</del>r, 1<ins>2</ins></p>", "10 12, 3 4, colour, 12"),
            ("<p><del>a</del></p><p><ins>b</ins></p>", "a\nb"),
            ("<p>He said <q>no <q>more</q></q><q></q>.</p><q></q>", "He said “no ‘more’”."),
            ("<ol start=\"2\"><li><q>a</q></li></ol>", "2. “a”"),
            ("<p>1<sup>&lt;2</sup>&amp;</p>", "1<2&"),
        ] {
            assert_eq!(plain_text(html).text, text, "{html}");
        }
        assert_eq!(plain_text("<p>a<sup><a href=\"#n\">1</a></sup>2<sup>3</sup></p>").marks, 1);
    }

    #[test]
    fn numbers_are_written_as_lists_have_them() {
        for (number, letter, sign) in [(1, "a", "i"), (26, "z", "xxvi"), (27, "aa", "xxvii"), (703, "aaa", "dcciii")] {
            assert_eq!((letters(number, LATIN).as_deref(), roman(number).as_deref()), (Some(letter), Some(sign)));
        }
        assert_eq!((letters(0, LATIN), roman(0), roman(4000)), (None, None, None));
    }
}
