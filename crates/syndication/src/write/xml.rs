//! Writing XML 1.0.

use std::borrow::Cow;

use super::json_feed::ABOUT;

/// Whether a character can stand in what is written: in XML 1.0 (§2.2) and without being one that no text has, which are the
/// controls of C0 and C1 and the noncharacters of Unicode.
fn is_written(c: char) -> bool {
    let is_control = c.is_control() && !matches!(c, '\t' | '\n');
    let is_none = matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe;
    !is_control && !is_none
}

/// A text without the characters that cannot be written; ends of lines are line feeds.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_written) {
        return Cow::Borrowed(text);
    }
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    Cow::Owned(lines.chars().filter(|c| is_written(*c)).collect())
}

/// The same as content of an element or value of an attribute, of XML or HTML. `>` is escaped, too, for `]]>` to stand in no text.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_escaped(&mut out, text);
    out
}

fn push_escaped(out: &mut String, text: &str) {
    for c in clean(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
}

/// What became of an item, for programs: as in JSON Feed's `_courant.state`.
pub(super) fn state(xml: &mut Xml, state: &str) {
    xml.element("courant:state", &[("xmlns:courant", ABOUT)], state);
}

/// A document under way.
pub(super) struct Xml {
    out: String,
    open: Vec<&'static str>,
}

impl Xml {
    /// Begins one.
    pub(super) fn new() -> Self {
        Self { out: String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"), open: Vec::new() }
    }

    /// Opens an element.
    pub(super) fn open(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.start(name, attributes);
        self.out.push_str(">\n");
        self.open.push(name);
    }

    /// Closes the element that was opened last.
    pub(super) fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push_str(">\n");
        }
    }

    /// An element with a text.
    pub(super) fn text(&mut self, name: &'static str, text: &str) {
        self.element(name, &[], text);
    }

    /// An element with a text, if there is one.
    pub(super) fn text_if(&mut self, name: &'static str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    /// An element with a text that is none of HTML's, where some readers take it for that: those that read references by numbers leave it
    /// alone (RSS Advisory Board, RSS Best Practices Profile, "Character Data").
    pub(super) fn plain(&mut self, name: &'static str, text: &str) {
        self.plain_element(name, &[], text);
    }

    /// The same of one with attributes.
    pub(super) fn plain_element(&mut self, name: &'static str, attributes: &[(&str, &str)], text: &str) {
        self.start(name, attributes);
        self.out.push('>');
        for character in clean(text).chars() {
            match character {
                '&' => self.out.push_str("&#x26;"),
                '<' => self.out.push_str("&#x3C;"),
                '>' => self.out.push_str("&#x3E;"),
                character => self.out.push(character),
            }
        }
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push_str(">\n");
    }

    /// An element with attributes and a text.
    pub(super) fn element(&mut self, name: &'static str, attributes: &[(&str, &str)], text: &str) {
        self.start(name, attributes);
        self.out.push('>');
        push_escaped(&mut self.out, text);
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push_str(">\n");
    }

    /// An element with attributes alone.
    pub(super) fn empty(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.start(name, attributes);
        self.out.push_str("/>\n");
    }

    fn start(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.out.push('<');
        self.out.push_str(name);
        for (name, value) in attributes {
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            // An attribute's white space is read as single spaces otherwise (§3.3.3).
            push_escaped(&mut self.out, &value.replace(['\n', '\t', '\r'], " "));
            self.out.push('"');
        }
    }

    /// Ends the document.
    pub(super) fn end(mut self) -> Vec<u8> {
        while !self.open.is_empty() {
            self.close();
        }
        self.out.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_has_no_place_for_is_left_out() {
        assert_eq!(clean("a\u{0}b\u{1b}[1m\u{85}c\u{fffe}\u{ffff}\u{fdd0}\u{1ffff}d"), "ab[1mcd");
        assert_eq!(clean("one\r\ntwo\rthree\tfour"), "one\ntwo\nthree\tfour");
        assert!(matches!(clean("Ýagty 👩‍🚀 \u{202e}אבג"), Cow::Borrowed("Ýagty 👩‍🚀 \u{202e}אבג")));
    }

    #[test]
    fn texts_do_not_become_markup() {
        let mut xml = Xml::new();
        xml.open("a", &[("b", "\"<&>\n")]);
        xml.text("c", "]]> <d/> & \u{0}");
        xml.plain("e", "]]> <f/> & \u{0}");
        let written = String::from_utf8(xml.end()).unwrap();
        let expected = "<a b=\"&quot;&lt;&amp;&gt; \">\n<c>]]&gt; &lt;d/&gt; &amp; </c>\n<e>]]&#x3E; &#x3C;f/&#x3E; &#x26; </e>\n</a>\n";
        assert_eq!(written, format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{expected}"));
    }
}
