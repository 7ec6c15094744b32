use super::*;
use crate::rich_text::{Format, RichText};

fn of(html: &str) -> String {
    shown(html, Removals::default()).html
}

#[test]
fn formatting_that_is_written_as_styles_becomes_elements() {
    for (html, stands) in [
        ("<p>a <span style='text-decoration:line-through'>b</span></p>", "<p>a <s>b</s></p>"),
        ("<a href=/a style='text-decoration-line: line-through !important'>b</a>", "<a href=\"/a\"><s>b</s></a>"),
        ("<p>m<span style='Vertical-Align:SUPER;font-size:60%'>2</span></p>", "<p>m<sup>2</sup></p>"),
        ("H<font style='vertical-align:sub'>2</font>O", "H<sub>2</sub>O"),
        ("<span style='font-weight:600' lang=tk>a</span>", "<span lang=\"tk\"><b>a</b></span>"),
        ("<span style='font:italic bold 12px/2 Georgia'>a</span>", "<b><i>a</i></b>"),
        ("<code style='text-decoration:underline line-through red'>a</code>", "<code><u><s>a</s></u></code>"),
        ("<span style='font-weight:500;font-style:normal;text-decoration:none'>a</span>", "<span>a</span>"),
        ("<span style='font-weight:bold;font-weight:normal'>a</span>", "<span>a</span>"),
        // Links are underlined, and what is bold is not made so again.
        ("<a style='text-decoration:underline'>a</a>", "<a>a</a>"),
        ("<strong><span style='font-weight:700'>a</span></strong>", "<strong>a</strong>"),
        ("<del style='text-decoration:line-through'>a</del>", "<del>a</del>"),
        // In a cell it says where the whole stands.
        ("<table><tr><td style='vertical-align:super'>a</table>", "<table><tbody><tr><td>a</td></tr></tbody></table>"),
        ("<math style='font-weight:bold'><mi>x</mi></math>", "<math><mi>x</mi></math>"),
        ("<span style='font-weight:bold'> </span><img style='font-style:italic'>", " <img>"),
    ] {
        assert_eq!(of(html), stands, "{html}");
    }
}

#[test]
fn alignment_that_editors_say_otherwise_is_kept() {
    for (html, stands) in [
        ("<p class='lead has-text-align-right'>a</p>", "<p align=\"right\">a</p>"),
        ("<h2 class=ql-align-center>a</h2>", "<h2 align=\"center\">a</h2>"),
        ("<p class=text-justify align=left>a</p>", "<p align=\"justify\">a</p>"),
        ("<p class=text-right style='text-align:center'>a</p>", "<p align=\"center\">a</p>"),
        (
            "<table><tr><td class=has-text-align-right data-align=right>1<th data-align=center>2<td data-align=left align=right>3</table>",
            "<table><tbody><tr><td align=\"right\">1</td><th align=\"center\">2</th><td align=\"right\">3</td></tr></tbody></table>",
        ),
        (
            "<blockquote class=has-text-align-right><p>a</p><p align=left>b</p><cite>c</cite></blockquote>",
            "<blockquote><p align=\"right\">a</p><p align=\"left\">b</p><cite>c</cite></blockquote>",
        ),
        ("<li style='text-align:center'><p>a</p></li>", "<li><p align=\"center\">a</p></li>"),
        ("<div dir=RTL><p style='text-align:end'>a</p></div>", "<div dir=\"RTL\"><p align=\"left\">a</p></div>"),
        ("<p dir=rtl class=text-start>a</p>", "<p dir=\"rtl\" align=\"right\">a</p>"),
        ("<p style='direction:ltr;text-align:end'>a</p>", "<p dir=\"ltr\" align=\"right\">a</p>"),
        (
            "<p style='text-align:-webkit-center'>a</p><p style='text-align:start'>b</p>",
            "<p align=\"center\">a</p><p>b</p>",
        ),
        ("<table><tr><th abbr=a>Annual</table>", "<table><tbody><tr><th abbr=\"a\">Annual</th></tr></tbody></table>"),
        // These say something else.
        ("<p class='text-large text-right-big has-text-color'>a</p>", "<p>a</p>"),
        ("<span class=text-right>a</span><p data-align=top>b</p>", "<span>a</span><p>b</p>"),
        ("<div class=text-right><p>a</p></div>", "<div align=\"right\"><p>a</p></div>"),
    ] {
        assert_eq!(of(html), stands, "{html}");
    }
}

#[test]
fn formatting_of_blocks_stands_within_them() {
    for (html, stands) in [
        ("<p style='font-weight:bold'>a <i>b</i><br>c</p>", "<p><b>a <i>b</i><br>c</b></p>"),
        (
            "<div style='font-style:italic'>a<p>b</p> <ul><li>c</ul></div>",
            "<div><i>a</i><p><i>b</i></p> <ul><li><i>c</i></li></ul></div>",
        ),
        ("<section style='text-decoration:line-through'><p>a</p></section>", "<div><p><s>a</s></p></div>"),
        (
            "<table><tr style='font-weight:bold'><td>a<td style='font-weight:normal'>b</table>",
            "<table><tbody><tr><td><b>a</b></td><td>b</td></tr></tbody></table>",
        ),
        (
            "<li style='font-weight:700'><p>a <span style='font-weight:400'>b</span> c</p></li>",
            "<li><p><b>a </b><span>b</span><b> c</b></p></li>",
        ),
        (
            "<div style='font-weight:bold'><iframe src=/f title=a></iframe>b</div>",
            "<div><figure class=\"embed\"><a href=\"/f\">a</a></figure><b>b</b></div>",
        ),
    ] {
        assert_eq!(of(html), stands, "{html}");
    }
}

#[test]
fn formatting_that_its_style_takes_away_is_none() {
    for (html, stands) in [
        (
            "<b style='font-weight:normal' id=docs-internal-guid-1><p><span style='font-weight:700'>a</span>b</p></b>",
            "<span id=\"docs-internal-guid-1\"><p><b>a</b>b</p></span>",
        ),
        ("<b style='font-weight:normal;'><p>a</p></b>", "<p>a</p>"),
        ("<strong style='font-weight:400'>a</strong>", "a"),
        ("<em style='font-style:normal;font-weight:bold'>a</em>", "<b>a</b>"),
        ("<u style='text-decoration:none'>a</u><i style='font-weight:normal'>b</i>", "a<i>b</i>"),
        ("<b style='font-weight:normal;direction:rtl'>a</b>", "<span dir=\"rtl\">a</span>"),
    ] {
        assert_eq!(of(html), stands, "{html}");
    }
}

#[test]
fn lists_have_the_marks_that_their_styles_say() {
    for (html, stands, text) in [
        (
            "<ol style='list-style-type:none'><li>(b) x<li>(c) y</ol>",
            "<ol type=\"none\"><li type=\"none\">(b) x</li><li type=\"none\">(c) y</li></ol>",
            "(b) x\n(c) y",
        ),
        ("<ol><li style='list-style:none'>x<li>y</ol>", "<ol><li type=\"none\">x</li><li>y</li></ol>", "x\n2. y"),
        (
            "<ol type=none><li value=4>x<li type=a>y</ol>",
            "<ol type=\"none\"><li value=\"4\" type=\"none\">x</li><li type=\"a\">y</li></ol>",
            "x\ne. y",
        ),
        ("<ul style='list-style:none outside'><li>x</ul>", "<ul type=\"none\"><li type=\"none\">x</li></ul>", "x"),
        ("<ol style='list-style-type:lower-greek'><li>x</ol>", "<ol type=\"lower-greek\"><li>x</li></ol>", "α. x"),
        (
            "<ol style='list-style:decimal-leading-zero'><li>x</ol>",
            "<ol type=\"decimal-leading-zero\"><li>x</li></ol>",
            "01. x",
        ),
        ("<ol style='list-style:none upper-roman'><li>x</ol>", "<ol type=\"I\"><li>x</li></ol>", "I. x"),
        // What has numbers is a list with numbers, and what has bullets one without.
        ("<ul style='list-style-type:lower-alpha'><li>x</ul>", "<ol type=\"a\"><li>x</li></ol>", "a. x"),
        ("<ol style='list-style-type:disc' start=4><li>x</ol>", "<ul><li>x</li></ul>", "x"),
    ] {
        let first = RichText::new(Format::Html, html);
        assert_eq!((first.html(), first.text()), (stands, text), "{html}");
        assert!(first.removed().is_empty());
        assert_eq!(RichText::new(Format::Html, stands).html(), stands);
    }
}

#[test]
fn marks_that_no_attribute_says_are_told() {
    let text = RichText::new(Format::Html, "<ol style='list-style-type: hebrew'><li>x</ol>");
    assert_eq!(text.html(), "<ol><li>x</li></ol>");
    let removed: Vec<_> = text.removed().iter().map(|removed| (&*removed.element, removed.text.as_deref())).collect();
    assert_eq!(removed, [("ol", Some("list-style-type: hebrew"))]);
    assert!(RichText::new(Format::Html, "<ol style='list-style-type:inherit'><li>x</ol>").removed().is_empty());
}

#[test]
fn fences_of_formulas_become_signs() {
    let row = |inner: &str| format!("<math><mrow>{inner}</mrow></math>");
    for (html, stands) in [
        ("<mfenced><mi>x</mi><mi>y</mi></mfenced>", "<mo>(</mo><mi>x</mi><mo>,</mo><mi>y</mi><mo>)</mo>"),
        (
            "<mfenced open='[' close='&lt;' separators=' ; | '> <mi>a</mi> <mi>b</mi> <mi>c</mi> <mi>d</mi></mfenced>",
            "<mo>[</mo> <mi>a</mi> <mo>;</mo><mi>b</mi> <mo>|</mo><mi>c</mi> <mo>|</mo><mi>d</mi><mo>&lt;</mo>",
        ),
        ("<mfenced open='{' close='' separators=''><mi>a</mi><mi>b</mi></mfenced>", "<mo>{</mo><mi>a</mi><mi>b</mi>"),
        ("<mfenced></mfenced>", "<mo>(</mo><mo>)</mo>"),
        (
            "<mfenced><mfenced><mi>a</mi></mfenced></mfenced>",
            "<mo>(</mo><mrow><mo>(</mo><mi>a</mi><mo>)</mo></mrow><mo>)</mo>",
        ),
    ] {
        assert_eq!(of(&format!("<math>{html}</math>")), row(stands), "{html}");
    }
    let text = RichText::new(Format::Html, "<p>f<math><mfenced><mi>x</mi><mi>y</mi></mfenced></math></p>");
    assert_eq!(text.text(), "f ( x , y )");
    assert!(text.html().contains("<mo>(</mo>"), "{}", text.html());
}
