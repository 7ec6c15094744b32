//! Formatted text. The source is kept as its author wrote it; everything a reader needs of it is derived
//! once, when the text is made: sanitised HTML, plain text, word count, reading time and an outline.

mod anchors;
mod derive;
mod nesting;
mod sanitise;
mod tags;

use serde::{Deserialize, Serialize};

/// The language a source is written in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Format {
    /// CommonMark, with tables and strikethrough; raw HTML in it is sanitised like any other.
    #[default]
    Markdown,
    /// HTML (the WHATWG standard's syntax), sanitised.
    Html,
}

/// A heading of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// 1 for the highest, 6 for the lowest.
    pub level: u8,
    /// The `id` attribute of the heading in the HTML, unique in the text. It begins with `user-content-`, as all ids of
    /// texts do, so that none is one of the page's own.
    pub id: String,
    /// The heading's plain text.
    pub title: String,
}

/// A text with all that is derived from it. It cannot be made without its HTML being sanitised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Source", into = "Source")]
pub struct RichText {
    source: Source,
    html: String,
    text: String,
    word_count: u32,
    outline: Vec<Heading>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Source {
    format: Format,
    source: String,
}

impl RichText {
    /// How many words a minute a reader is taken to read.
    pub const WORDS_A_MINUTE: u32 = 220;

    /// The number of the way in which texts are derived: one more for each change of [`html`](Self::html),
    /// [`text`](Self::text), [`outline`](Self::outline) or [`word_count`](Self::word_count), so that what was derived
    /// before and is kept is derived anew.
    pub const DERIVATION: u16 = 2;

    /// Derives everything from a source. Any source will do: what HTML may not hold is left out of the HTML, and
    /// of HTML nested deeper than 256 elements the words alone are shown.
    #[must_use]
    pub fn new(format: Format, source: impl Into<String>) -> Self {
        let source = source.into();
        let derived = derive::derive(format, &source);
        Self {
            source: Source { format, source },
            html: derived.html,
            word_count: derived.word_count,
            text: derived.text,
            outline: derived.outline,
        }
    }

    /// Whether HTML has elements so deep in one another that its words alone are shown.
    #[must_use]
    pub fn is_too_deep(html: &str) -> bool {
        nesting::too_deep(html)
    }

    /// The language of the source.
    #[must_use]
    pub const fn format(&self) -> Format {
        self.source.format
    }

    /// The text as its author wrote it.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source.source
    }

    /// HTML that may be put into a page as it is: only formatting, links, images, lists and tables.
    #[must_use]
    pub fn html(&self) -> &str {
        &self.html
    }

    /// The words alone, a line a block.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many words the text has.
    #[must_use]
    pub const fn word_count(&self) -> u32 {
        self.word_count
    }

    /// Reading time of so many words in whole minutes, at least one.
    #[must_use]
    pub fn reading_minutes(word_count: u32) -> u32 {
        word_count.div_ceil(Self::WORDS_A_MINUTE).max(1)
    }

    /// The headings in their order.
    #[must_use]
    pub fn outline(&self) -> &[Heading] {
        &self.outline
    }

    /// Whether there is nothing to read.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty() && !self.html.contains("<img")
    }
}

impl From<Source> for RichText {
    fn from(source: Source) -> Self {
        Self::new(source.format, source.source)
    }
}

impl From<RichText> for Source {
    fn from(text: RichText) -> Self {
        text.source
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn markdown_becomes_html_text_and_outline() {
        let text = RichText::new(
            Format::Markdown,
            "# Water & land\n\nThe *law* on [water](https://example.org/w).\n\n## Water & land\n\n- one\n- two",
        );
        assert_eq!(
            text.html(),
            "<h1 id=\"user-content-water-land\">Water &amp; land</h1>\n<p>The <em>law</em> on <a href=\"https://example.org/w\" rel=\"noopener noreferrer\">water</a>.</p>\n<h2 id=\"user-content-water-land-2\">Water &amp; land</h2>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"
        );
        assert_eq!(text.text(), "Water & land\nThe law on water.\nWater & land\none\ntwo");
        assert_eq!(text.word_count(), 10);
        assert_eq!(RichText::reading_minutes(text.word_count()), 1);
        assert_eq!(RichText::reading_minutes(221), 2);
        let outline: Vec<_> = text.outline().iter().map(|h| (h.level, h.id.as_str(), h.title.as_str())).collect();
        assert_eq!(
            outline,
            [(1, "user-content-water-land", "Water & land"), (2, "user-content-water-land-2", "Water & land")]
        );
    }

    #[test]
    fn scripts_handlers_and_foreign_frames_do_not_survive() {
        let text = RichText::new(
            Format::Html,
            "<p onclick=steal()>a<script>steal()</script><iframe src=//evil></iframe><a href=\"javascript:x()\">b</a><img src=x onerror=y></p><style>p{}</style>",
        );
        assert_eq!(text.html(), "<p>a<a rel=\"noopener noreferrer\">b</a><img src=\"x\"></p>");
        assert_eq!(text.text(), "ab");
    }

    #[test]
    fn of_deeply_nested_html_the_words_are_shown() {
        let deep = "<div class=\"x\">".repeat(40_000);
        assert!(RichText::new(Format::Html, deep.as_str()).is_blank());
        let source = format!("{deep}a <b>b</b>c<!-- d --> &amp; e<script>f</script></div>g < h<p>\n</p>i <img src=j");
        assert_eq!(RichText::new(Format::Html, source).html(), "<p>a bc &amp; e</p><p>g &lt; h\n</p><p>i </p>");
        // Of what would make tags without its tags, the source is shown.
        let tricky = RichText::new(Format::Html, "<<b>div>".repeat(40_000));
        assert!(tricky.html().starts_with("&lt;&lt;b&gt;div"));
        let text = RichText::new(Format::Markdown, format!("{}x", ">".repeat(20_000)));
        assert!(text.text().contains('x'));
    }

    #[test]
    fn of_what_would_take_for_ever_to_write_the_source_is_shown() {
        for sign in ["&", "&amp;", "\u{a0}", "«"] {
            let text = RichText::new(Format::Html, sign.repeat(400_000));
            assert_eq!(text.html(), ammonia::clean_text(text.source()), "{sign}");
        }
        for usual in ["&lt;b&gt; ", "<p>a &amp; b", "&amp;<"] {
            let text = RichText::new(Format::Html, usual.repeat(40_000));
            assert_ne!(text.html(), ammonia::clean_text(text.source()), "{usual}");
        }
    }

    #[test]
    fn a_long_table_without_end_tags_is_a_table() {
        let text = RichText::new(Format::Html, format!("<table>{}</table>", "<tr><td>a<td>b".repeat(400)));
        assert!(text.html().starts_with("<table><tbody><tr><td>a</td><td>b</td></tr>"));
        assert_eq!(text.word_count(), 800);
    }

    #[test]
    fn what_browsers_show_in_the_place_of_an_element_is_no_text() {
        for name in
            ["noscript", "iframe", "noembed", "noframes", "textarea", "select", "button", "audio", "video", "object"]
        {
            let text =
                RichText::new(Format::Html, format!("<p>a</p><{name}><p>No <b>such</b> thing</p></{name}><p>b</p>"));
            assert_eq!(text.html(), "<p>a</p><p>b</p>", "{name}");
        }
    }

    #[test]
    fn words_are_counted_in_every_script() {
        assert_eq!(RichText::new(Format::Markdown, "Диалог о будущем — продолжается").word_count(), 4);
        assert_eq!(RichText::new(Format::Markdown, "").word_count(), 0);
        assert!(RichText::new(Format::Html, "<p> </p>").is_blank());
    }

    proptest! {
        #[test]
        fn any_source_gives_html_that_sanitising_leaves_alone(source in "\\PC{0,300}") {
            for format in [Format::Markdown, Format::Html] {
                let once = RichText::new(format, source.as_str());
                let twice = RichText::new(Format::Html, once.html());
                prop_assert!(!twice.html().contains("<script"));
                prop_assert_eq!(once.text(), twice.text());
            }
        }
    }
}
