//! The paragraphs the classic editor leaves out: what WordPress' `wpautop` does when a page is shown.

/// So many blocks may be in one another; nobody writes more.
const MAX_OPEN: usize = 400;

/// What is in an element that is in no paragraph.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Text or further blocks: the text has paragraphs if it has blank lines.
    Flow,
    /// Other blocks, or one line.
    Bare,
    /// A paragraph, which ends at a blank line, at a block, and with what is around it.
    Paragraph,
    /// Text whose lines are its own.
    Verbatim,
    /// Nothing.
    Void,
}

/// The kind of an element that is in no paragraph.
fn kind(name: &str) -> Option<Kind> {
    Some(match name {
        "address" | "article" | "aside" | "blockquote" | "center" | "dd" | "details" | "div" | "fieldset"
        | "figure" | "footer" | "form" | "header" | "li" | "main" | "nav" | "section" | "td" | "th" => Kind::Flow,
        "caption" | "dl" | "dt" | "figcaption" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ol" | "summary"
        | "table" | "tbody" | "tfoot" | "thead" | "tr" | "ul" => Kind::Bare,
        "p" => Kind::Paragraph,
        "pre" | "script" | "style" | "textarea" | "video" => Kind::Verbatim,
        "hr" => Kind::Void,
        _ => return None,
    })
}

/// Whether an element ends where another begins.
fn ends(open: &str, next: &str) -> bool {
    match next {
        "li" => open == "li",
        "dt" | "dd" => matches!(open, "dt" | "dd"),
        "td" | "th" => matches!(open, "td" | "th"),
        "tr" => matches!(open, "td" | "th" | "tr"),
        _ => false,
    }
}

/// Puts what is outside of block elements into paragraphs, parted at blank lines; and what is inside of one that holds
/// text, where there are blank lines in it.
pub(super) fn paragraphs(text: &str) -> String {
    let mut walk = Walk { text, out: String::with_capacity(text.len() + text.len() / 8), open: Vec::new(), from: 0 };
    let mut at = 0;
    while let Some(start) = text[at..].find('<').map(|offset| at + offset) {
        let Some(tag) = Tag::read(&text[start..]) else {
            at = start + 1;
            continue;
        };
        at = start + tag.length;
        match kind(&tag.name) {
            None => {}
            Some(_) if tag.closes => walk.end(&tag.name, start, at),
            Some(_) if walk.open.len() == MAX_OPEN => {}
            Some(kind) => {
                if kind == Kind::Verbatim {
                    at = verbatim_end(text, at, &tag.name);
                }
                walk.start(tag.name, kind, start, at);
            }
        }
    }
    walk.flush(text.len());
    walk.out
}

/// Where an element of fixed lines ends, its end tag included.
fn verbatim_end(text: &str, from: usize, name: &str) -> usize {
    let is_end = |at: &usize| text.get(at + 2..at + 2 + name.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(name));
    let ends = text[from..].match_indices("</").map(|(at, _)| from + at);
    let Some(end) = ends.into_iter().find(is_end) else { return text.len() };
    text[end..].find('>').map_or(text.len(), |close| end + close + 1)
}

struct Walk<'a> {
    text: &'a str,
    out: String,
    /// The blocks that are open, the outermost first.
    open: Vec<(String, Kind)>,
    /// Where the part begins that is not written yet.
    from: usize,
}

impl Walk<'_> {
    /// Takes the start tag of a block, and all of one whose lines are its own.
    fn start(&mut self, name: String, kind: Kind, start: usize, end: usize) {
        self.flush(start);
        while self.open.last().is_some_and(|(open, _)| ends(open, &name)) {
            self.open.pop();
        }
        match kind {
            Kind::Flow | Kind::Bare => {
                self.out.push_str(&self.text[start..end]);
                self.open.push((name, kind));
                self.from = end;
            }
            // It is written when it is known where it ends.
            Kind::Paragraph => {
                self.open.push((name, kind));
                self.from = start;
            }
            Kind::Void if self.open.is_empty() => {
                self.out.push_str("<hr>\n");
                self.from = end;
            }
            Kind::Void | Kind::Verbatim => {
                self.out.push_str(&self.text[start..end]);
                if self.open.is_empty() {
                    self.out.push('\n');
                }
                self.from = end;
            }
        }
    }

    /// Takes the end tag of a block. That of one that is not open stays where it is.
    fn end(&mut self, name: &str, start: usize, end: usize) {
        let Some(index) = self.open.iter().rposition(|(open, _)| open == name) else {
            if name == "p" {
                self.flush(start);
                self.from = end;
            }
            return;
        };
        self.flush(start);
        if name != "p" {
            self.out.push_str(&self.text[start..end]);
        }
        self.open.truncate(index);
        if self.open.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
        self.from = end;
    }

    /// Writes what is not written yet, up to a place where a paragraph ends if one is open.
    fn flush(&mut self, to: usize) {
        let text = &self.text[self.from..to];
        self.from = to;
        match self.open.last().map(|(_, kind)| *kind) {
            None => self.out.push_str(&crate::read::text::paragraphs(text)),
            Some(Kind::Flow) if !text.trim().is_empty() && blank_line(text).is_some() => {
                self.out.push_str(&crate::read::text::paragraphs(text));
            }
            Some(Kind::Paragraph) => {
                self.open.pop();
                let (first, others) = blank_line(text).map_or((text, ""), |at| text.split_at(at));
                self.out.push_str(first.trim_end());
                self.out.push_str("</p>");
                if self.open.is_empty() || !others.is_empty() {
                    self.out.push('\n');
                }
                self.out.push_str(&crate::read::text::paragraphs(others));
            }
            Some(_) => self.out.push_str(text),
        }
    }
}

/// Where the first blank line of a text begins that has text in front of it or behind it.
fn blank_line(text: &str) -> Option<usize> {
    text.match_indices('\n').map(|(at, _)| at).find(|at| {
        let behind = text[at + 1..].trim_start_matches([' ', '\t', '\r']);
        behind.starts_with('\n')
    })
}

/// A tag or a comment.
struct Tag {
    name: String,
    closes: bool,
    length: usize,
}

impl Tag {
    /// The tag or comment a text begins with.
    fn read(text: &str) -> Option<Self> {
        if text.starts_with("<!--") {
            let length = text.find("-->").map_or(text.len(), |end| end + 3);
            return Some(Self { name: String::new(), closes: false, length });
        }
        let closes = text.starts_with("</");
        let rest = &text[if closes { 2 } else { 1 }..];
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        if length == 0 || length > 20 {
            return None;
        }
        let end = text.find('>').map_or(text.len(), |end| end + 1);
        Some(Self { name: rest[..length].to_ascii_lowercase(), closes, length: end })
    }
}

#[cfg(test)]
mod tests {
    use super::paragraphs;

    #[test]
    fn text_between_blocks_gets_paragraphs_and_blocks_stay() {
        let html = paragraphs("one\n\n<ul>\n<li>a\nb</li></ul>two\n<hr />\nthree<h2>x</h2>");
        assert_eq!(html, "<p>one</p>\n<ul>\n<li>a\nb</li></ul>\n<p>two</p>\n<hr>\n<p>three</p>\n<h2>x</h2>\n");
    }

    #[test]
    fn text_in_blocks_gets_paragraphs_where_it_has_blank_lines() {
        for (text, html) in [
            ("<div><p>a</p>\n\nb</div>\nc", "<div><p>a</p><p>b</p>\n</div>\n<p>c</p>\n"),
            ("<blockquote>a\n\nb</blockquote>c", "<blockquote><p>a</p>\n<p>b</p>\n</blockquote>\n<p>c</p>\n"),
            ("<ul>\n\n<li>a\n\nb<li>c</ul>", "<ul>\n\n<li><p>a</p>\n<p>b</p>\n<li>c</ul>\n"),
            ("<pre>a\n\n<p>b</pre>", "<pre>a\n\n<p>b</pre>\n"),
            ("a\n\n<div>b\n\nc", "<p>a</p>\n<div><p>b</p>\n<p>c</p>\n"),
        ] {
            assert_eq!(paragraphs(text), html);
        }
    }

    #[test]
    fn a_paragraph_ends_where_its_author_meant_it_to() {
        for (text, html) in [
            ("<p class=x>a</p>\n\nb", "<p class=x>a</p>\n<p>b</p>\n"),
            ("a\n<p>b\n\nc\n\nd", "<p>a</p>\n<p>b</p>\n<p>c</p>\n<p>d</p>\n"),
            ("<p>a\n<ul><li>b</li></ul>\nc\n\nd", "<p>a</p>\n<ul><li>b</li></ul>\n<p>c</p>\n<p>d</p>\n"),
            ("<div><p>a</div>b", "<div><p>a</p></div>\n<p>b</p>\n"),
            ("a</p>\n\nb", "<p>a</p>\n<p>b</p>\n"),
        ] {
            assert_eq!(paragraphs(text), html);
        }
    }

    #[test]
    fn the_end_of_a_block_that_is_not_open_stays() {
        assert_eq!(paragraphs("a</div>b"), "<p>a</div>b</p>\n");
    }

    #[test]
    fn signs_that_are_no_tags_are_text() {
        assert_eq!(paragraphs("a < b\n\n<3 <!-- <div> -->"), "<p>a < b</p>\n<p><3 <!-- <div> --></p>\n");
    }
}
