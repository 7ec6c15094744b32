//! Formatted text. The source is kept as its author wrote it; everything a reader needs of it is derived
//! once, when the text is made: sanitised HTML, plain text, word count, reading time and an outline.

mod anchors;
mod derive;
mod embed;
mod markdown;
mod nesting;
mod removed;
mod sanitise;
mod shown;
mod tags;

pub use embed::{Embed, EmbedKind};
pub use removed::Removed;
use serde::{Deserialize, Serialize};

use crate::text::is_blank;

/// The language a source is written in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Format {
    /// CommonMark, with tables, strikethrough and footnotes; raw HTML in it is sanitised like any other.
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
    embeds: Vec<Embed>,
    removed: Vec<Removed>,
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
    /// [`text`](Self::text), [`outline`](Self::outline), [`embeds`](Self::embeds) or [`word_count`](Self::word_count), so that
    /// what was derived before and is kept is derived anew.
    pub const DERIVATION: u16 = 3;

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
            embeds: derived.embeds,
            removed: derived.removed,
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

    /// HTML that may be put into a page as it is: only formatting, links, images, lists, tables and formulas.
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

    /// The films, sound, maps and posts that its author embeds, in their order. In the HTML there is a link in the place of each.
    #[must_use]
    pub fn embeds(&self) -> &[Embed] {
        &self.embeds
    }

    /// What of the source the HTML does not hold, each once, up to a hundred.
    #[must_use]
    pub fn removed(&self) -> &[Removed] {
        &self.removed
    }

    /// Whether there is nothing to read.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        is_blank(&self.text) && !self.html.contains("<img")
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
        assert_eq!(
            text.html(),
            "<p>a<a href=\"https://evil\" rel=\"noopener noreferrer\">https://evil</a>\
             <a rel=\"noopener noreferrer\">b</a><img src=\"x\"></p>"
        );
        let removed: Vec<&str> = text.removed().iter().map(|removed| removed.element.as_str()).collect();
        assert_eq!(removed, ["script", "a", "style"]);
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
    fn long_texts_of_signs_to_escape_are_text() {
        for (sign, shown) in [("&", "&"), ("&amp;", "&"), ("\u{a0}", "\u{a0}"), ("«", "«")] {
            let text = RichText::new(Format::Html, format!("<p>a {}b</p>", sign.repeat(400_000)));
            assert!(text.html().starts_with("<p>a "), "{sign}");
            assert!(text.text() == format!("a {}b", shown.repeat(400_000)), "{sign}");
        }
    }

    #[test]
    fn a_long_table_without_end_tags_is_a_table() {
        let text = RichText::new(Format::Html, format!("<table>{}</table>", "<tr><td>a<td>b".repeat(400)));
        assert!(text.html().starts_with("<table><tbody><tr><td>a</td><td>b</td></tr>"));
        assert_eq!(text.word_count(), 800);
    }

    #[test]
    fn what_browsers_show_in_the_place_of_a_film_is_told_and_not_shown() {
        for name in ["iframe", "noembed", "noframes", "audio", "video", "object"] {
            let text = RichText::new(Format::Html, format!("<p>a</p><{name}>No such thing</{name}><p>b</p>"));
            assert_eq!(text.html(), "<p>a</p><p>b</p>", "{name}");
            assert_eq!(text.removed()[0].text.as_deref(), Some("No such thing"), "{name}");
        }
    }

    #[test]
    fn what_numbers_and_directions_say_stays() {
        for html in [
            "<ol type=\"a\" start=\"3\"><li value=\"5\">e</li></ol>",
            "<ol reversed=\"\"><li>a</li></ol>",
            "<p dir=\"rtl\">a (1)</p>",
            "<table><tfoot><tr><td align=\"right\">a</td></tr></tfoot><tbody><tr><td>b</td></tr></tbody></table>",
            "<p>On <time datetime=\"2024-05-06\">6 May</time></p>",
            "<p><math display=\"block\"><mi>E</mi></math></p>",
        ] {
            assert_eq!(RichText::new(Format::Html, html).html(), html);
        }
        let table = RichText::new(Format::Markdown, "| n | sum |\n|:--|--:|\n| a | 10 |");
        assert!(table.html().contains("<td align=\"left\">a</td><td align=\"right\">10</td>"), "{}", table.html());
        for wrong in
            ["<p dir=\"up\">a</p>", "<ol type=\"x\"></ol>", "<p class=\"a\">a</p>", "<figure class=\"b\"></figure>"]
        {
            assert!(!RichText::new(Format::Html, wrong).html().contains('='), "{wrong}");
        }
    }

    #[test]
    fn what_is_in_a_line_stays_in_it() {
        let text = RichText::new(
            Format::Html,
            "<p>On <time>6 May</time>; Rind<wbr>fleisch; let <var>x</var> be <dfn>so</dfn>; <ruby>漢<rt>kan</rt></ruby>; \
             <math><mi>E</mi><mo>=</mo><mi>m</mi></math>.</p>",
        );
        assert_eq!(text.text(), "On 6 May; Rindfleisch; let x be so; 漢kan; E = m .");
    }

    #[test]
    fn words_are_counted_in_every_script() {
        assert_eq!(RichText::new(Format::Markdown, "Диалог о будущем — продолжается").word_count(), 4);
        assert_eq!(RichText::new(Format::Markdown, "").word_count(), 0);
        assert!(RichText::new(Format::Html, "<p> </p>").is_blank());
    }

    /// The words of a text, one by one.
    fn words(text: &str) -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
    }

    /// A text of HTML, and its words in the order in which they stand.
    fn written() -> impl Strategy<Value = (String, Vec<String>)> {
        const BLOCKS: [&str; 20] = [
            "p",
            "div",
            "section",
            "main",
            "form",
            "fieldset",
            "address",
            "blockquote",
            "article",
            "center",
            "h2",
            "pre",
            "menu",
            "dialog",
            "details",
            "figure",
            "xmp",
            "noscript",
            "x-y",
            "ul",
        ];
        const LINES: [&str; 20] = [
            "b", "i", "span", "font", "time", "var", "button", "label", "tt", "big", "ruby", "math", "mi", "svg",
            "text", "select", "textarea", "u", "output", "x-z",
        ];
        let word = "[a-z]{1,6}|[а-я]{1,4}";
        let line = (prop::sample::select(&LINES[..]), prop::collection::vec(word, 1..4));
        let block = (prop::sample::select(&BLOCKS[..]), prop::collection::vec(line, 1..4));
        prop::collection::vec(block, 0..5).prop_map(|blocks| {
            let (mut html, mut words) = (String::new(), Vec::new());
            for (block, lines) in blocks {
                html.push_str(&format!("<{block}>"));
                for (line, of_line) in lines {
                    // What is no markup in these has none here.
                    let text = of_line.join(" ");
                    html.push_str(&if block == "xmp" {
                        format!("{text} ")
                    } else {
                        format!(" <{line}>{text}</{line}> ")
                    });
                    words.extend(of_line);
                }
                html.push_str(&format!("</{block}>"));
            }
            (html, words)
        })
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

        #[test]
        fn the_words_of_any_html_come_out_in_their_order((html, expected) in written()) {
            let text = RichText::new(Format::Html, html.as_str());
            prop_assert_eq!(words(text.text()), expected, "{}", text.html());
        }

        #[test]
        fn whatever_is_written_no_word_of_it_is_lost(
            parts in prop::collection::vec(("(<(/?(p|b|table|tr|td|svg|math|mi|select|a|ul|li|h2|form|noscript))>)?", "[a-z]{2,5}"), 0..12)
        ) {
            let source: String = parts.iter().map(|(tag, word)| format!("{tag} {word} ")).collect();
            let mut expected: Vec<String> = parts.into_iter().map(|(_, word)| word).collect();
            let mut shown = words(RichText::new(Format::Html, source.as_str()).text());
            // What is in a table and not in its cells, browsers put in front of it.
            expected.sort();
            shown.sort();
            prop_assert_eq!(shown, expected, "{}", source);
        }
    }
}
