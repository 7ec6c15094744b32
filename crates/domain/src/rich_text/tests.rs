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
fn what_browsers_show_in_the_place_of_a_film_is_read() {
    for name in ["iframe", "noembed", "noframes", "audio", "video", "object", "applet", "canvas", "datalist"] {
        let text = RichText::new(Format::Html, format!("<p>a</p><{name}>No <b>such</b> thing</{name}><p>b</p>"));
        assert_eq!(text.text().split_whitespace().collect::<Vec<_>>().join(" "), "a No such thing b", "{name}");
        assert!(text.html().contains("<b>such</b>"), "{name}: {}", text.html());
    }
    let text = RichText::new(Format::Html, "<video src='/quay.mp4'><p>The quay at <b>noon</b>.</p></video><p>b</p>");
    assert_eq!(
        text.html(),
        "<figure class=\"embed\"><a href=\"/quay.mp4\" rel=\"noopener noreferrer\">/quay.mp4</a>\
         <figcaption><p>The quay at <b>noon</b>.</p></figcaption></figure><p>b</p>"
    );
    assert!(text.removed().is_empty());
}

#[test]
fn of_deeply_nested_html_no_word_is_lost_in_what_is_no_markup() {
    let deep = "<div>".repeat(400);
    let source = format!(
        "{deep}a<iframe src=x><p>b <i>c</i><script>no</script></p></iframe><textarea>d <e></textarea><noframes>f</noframes>\
         <script>no</script>g"
    );
    let text = RichText::new(Format::Html, source);
    assert_eq!(words(text.text()), ["a", "b", "c", "d", "e", "f", "g"], "{}", text.html());
    // What is no markup may have been written as deep.
    let frame = format!("<iframe>{deep}h</iframe>i");
    assert_eq!(words(RichText::new(Format::Html, frame).text()), ["h", "i"]);
    let nested = "<iframe><noembed><noframes>".repeat(5_000) + "j";
    assert!(RichText::new(Format::Html, nested).text().contains('j'));
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
fn notes_and_struck_words_join_nothing_in_titles_and_texts() {
    let text = RichText::new(
        Format::Markdown,
        "# Budget 2025[^1]\n\n## Article 15<sup>1</sup>\n\nPaid 100[^1], ~~10~~12.\n\n[^1]: Gross.",
    );
    let titles: Vec<&str> = text.outline().iter().map(|heading| heading.title.as_str()).collect();
    assert_eq!(titles, ["Budget 2025 [1]", "Article 15¹"]);
    assert_eq!(text.text(), "Budget 2025 [1]\nArticle 15¹\nPaid 100 [1], 10 12.\nGross. ↩ ↩");
    assert_eq!(text.word_count(), 9);
}

#[test]
fn words_are_counted_in_every_script() {
    assert_eq!(RichText::new(Format::Markdown, "Диалог о будущем — продолжается").word_count(), 4);
    assert_eq!(RichText::new(Format::Markdown, "").word_count(), 0);
    assert!(RichText::new(Format::Html, "<p> </p>").is_blank());
}

#[test]
fn what_markdown_passes_over_and_means_something_is_read() {
    for (source, text) in [
        ("Article 4.\n\n[5]: Repealed.\n\nArticle 6.", "Article 4.\n[5]: Repealed.\nArticle 6."),
        // Of several of one name, and of several in a row.
        ("[Q]: Why?\n[A]: Because.\n\n[Q]: When?\n[A]: Now.", "[Q]: Why?\n[A]: Because.\n[Q]: When?\n[A]: Now."),
        ("[Speaker]: <Yes>", "[Speaker]: <Yes>"),
        ("[Minister]: **No.**\nHe left.", "[Minister]: No.\nHe left."),
        ("> said\n>\n> [Judge]: Overruled\n\nend", "said\n[Judge]: Overruled\nend"),
        ("- one\n- [b]: two\n- three", "one\n[b]: two\nthree"),
        ("1. [b]: two\n   'and three'", "[b]: two 'and three'"),
        ("a[^n]\n\n[^n]: [Note]: words", "a [1]\n[Note]: words\n↩"),
        // What is led to is no text, and what stands among it still leads.
        ("see [law]\n\n[Q]: Why?\n[law]: /en/law 'The law'\n[A]: So", "see law\n[Q]: Why?\n[A]: So"),
        ("[a][A  b]\n\n[a B]: /x\n[a b]: words", "a\n[a b]: words"),
        ("| a | b |\n|---|---|\n| 1 | 2 | **lost** words | x \\| y |\n| 3 |", "a\tb\n1\t2\tlost words\tx | y\n3"),
    ] {
        let found = RichText::new(Format::Markdown, source);
        let lines = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(lines(found.text()), lines(text), "{source:?}: {}", found.html());
        assert!(found.removed().is_empty(), "{source:?}");
    }
    let row = RichText::new(Format::Markdown, "| a |\n|---|\n| 1 | 1. two |\n");
    assert!(row.html().contains("<tr><td>1</td><td>1. two</td></tr>"), "{}", row.html());
}

#[test]
fn an_address_that_nothing_leads_to_is_told_as_removed() {
    let text = RichText::new(Format::Markdown, "a\n\n[law]: https://example.org/law \"The law\"\n[//]: # (a remark)");
    assert_eq!(text.text(), "a");
    let removed: Vec<_> = text.removed().iter().map(|one| (one.text.as_deref(), one.url.as_deref())).collect();
    let law = (Some("law \"The law\""), Some("https://example.org/law"));
    assert_eq!(removed, [law, (Some("// (a remark)"), Some("#"))]);
}

/// The words of a text, one by one.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A text of HTML, and its words in the order in which they stand.
fn written() -> impl Strategy<Value = (String, Vec<String>)> {
    const BLOCKS: [&str; 27] = [
        "iframe",
        "noembed",
        "noframes",
        "object",
        "applet",
        "video",
        "datalist",
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
    const LINES: [&str; 30] = [
        "video", "audio", "object", "applet", "canvas", "picture", "iframe", "noembed", "noframes", "datalist", "b",
        "i", "span", "font", "time", "var", "button", "label", "tt", "big", "ruby", "math", "mi", "svg", "text",
        "select", "textarea", "u", "output", "x-z",
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
                html.push_str(&if block == "xmp" { format!("{text} ") } else { format!(" <{line}>{text}</{line}> ") });
                words.extend(of_line);
            }
            html.push_str(&format!("</{block}>"));
        }
        (html, words)
    })
}

/// What may stand in front of a word of Markdown, and behind it. Two in a row make definitions, tables and notes.
const MARKS: [&str; 27] = [
    "",
    "[",
    "[",
    "[^1]: ",
    "[^1]",
    "![",
    "> ",
    "> [",
    "- ",
    "- [",
    "1. ",
    "1. [",
    "| ",
    "| a | b |\n|---|---|\n| 1 | 2 | ",
    "# ",
    "    ",
    "*",
    "**",
    "`",
    "~~",
    "\\",
    "<b>",
    "[a]: ",
    "[a][",
    "(",
    "'",
    "\t",
];
const ENDS: [&str; 20] = [
    " ",
    " ",
    "\n",
    "\n\n",
    "]: ",
    "]: ",
    "]:\n",
    "]: <https://e.example/",
    "> ",
    "]",
    "](",
    ") ",
    " | ",
    " |\n",
    "*",
    "**",
    "`",
    "~~",
    "'\n",
    "\n===\n",
];

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
    fn each_word_of_markdown_is_read_or_told_as_removed(
        parts in prop::collection::vec((prop::sample::select(&MARKS[..]), "[a-z]{3,6}", prop::sample::select(&ENDS[..])), 0..14)
    ) {
        let source: String = parts.iter().map(|(mark, word, end)| format!("{mark}{word}{end}")).collect();
        let text = RichText::new(Format::Markdown, source.as_str());
        let told = text.removed().iter().flat_map(|one| [one.text.as_deref(), one.url.as_deref()]).flatten();
        let told: Vec<String> = told.chain([text.html(), text.text()]).flat_map(words).collect();
        for (_, word, _) in &parts {
            let is_told = told.iter().any(|told| told.contains(word.as_str()));
            prop_assert!(is_told, "{word} of {source:?}: {}", text.html());
        }
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

#[test]
fn a_picture_without_an_address_shows_nothing() {
    use Format::{Html, Markdown};
    for (format, source, is_blank) in [
        (Markdown, "![]()", true),
        (Html, "<img alt=\"\">", true),
        (Html, "<img src=\"javascript:1\">", true),
        (Html, "<p><img src=\"\"><img src=\" \"></p>", true),
        (Html, "<p>&nbsp;</p>", true),
        (Html, "<img><img src=\"/a.jpg\">", false),
        (Markdown, "![](https://a.example/a.jpg)", false),
        (Markdown, "A word.\n\n![]()", false),
    ] {
        assert_eq!(RichText::new(format, source).is_blank(), is_blank, "{source}");
    }
}

#[test]
fn lines_of_a_source_are_no_lines_of_the_text() {
    for (format, source) in
        [(Format::Html, "<p>a line\na block</p>\n<p>b</p>"), (Format::Markdown, "a line\na block\n\nb")]
    {
        assert_eq!(RichText::new(format, source).text(), "a line a block\nb");
    }
    assert_eq!(RichText::new(Format::Markdown, "```\na\nb\n```\n\nc  \nd").text(), "a\nb\nc\nd");
}
