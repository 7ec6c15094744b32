//! What of HTML may stand on a page.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use ammonia::{Builder, Url, url::ParseError};

use super::{anchors, integers};

/// Where a link may lead. None of these runs anything in the page.
const LINKS: [&str; 10] = ["ftp", "ftps", "geo", "http", "https", "mailto", "sms", "tel", "webcal", "xmpp"];

/// Where what a page loads or quotes may be.
const WEB: [&str; 2] = ["http", "https"];

/// The elements that stand on a page.
const SHOWN: [&str; 74] = [
    "a",
    "abbr",
    "acronym",
    "article",
    "aside",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "data",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "nav",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "rtc",
    "ruby",
    "s",
    "samp",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
];

/// The elements of formulas (MathML Core, §2.1.3), which are in no others.
pub(super) const FORMULA: [&str; 27] = [
    "math",
    "merror",
    "mfrac",
    "mi",
    "mmultiscripts",
    "mn",
    "mo",
    "mover",
    "mpadded",
    "mphantom",
    "mprescripts",
    "mroot",
    "mrow",
    "ms",
    "mspace",
    "msqrt",
    "mstyle",
    "msub",
    "msubsup",
    "msup",
    "mtable",
    "mtd",
    "mtext",
    "mtr",
    "munder",
    "munderover",
    "semantics",
];

/// Elements that can be aligned.
pub(super) const ALIGNED: [&str; 17] = [
    "caption", "col", "colgroup", "div", "h1", "h2", "h3", "h4", "h5", "h6", "p", "tbody", "td", "tfoot", "th",
    "thead", "tr",
];

/// Whether an element stands on a page.
pub(super) fn is_shown(element: &str) -> bool {
    SHOWN.contains(&element)
}

/// Whether an element has no content.
pub(super) fn is_void(element: &str) -> bool {
    matches!(element, "br" | "col" | "hr" | "img" | "wbr")
}

/// HTML that holds nothing but formatting, links, images, lists, tables and formulas.
pub(super) fn sanitise(html: &str) -> String {
    SANITISER.clean(html).to_string()
}

/// Whether an attribute of an element stays, whatever may become of its value.
pub(super) fn keeps(element: &str, name: &str, value: &str) -> bool {
    static KEPT: LazyLock<Kept> =
        LazyLock::new(|| (SANITISER.clone_generic_attributes(), SANITISER.clone_tag_attributes()));
    let (all, of_tags) = &*KEPT;
    let is_known = all.contains(name) || of_tags.get(element).is_some_and(|names| names.contains(name));
    is_known && attribute(element, name, value).is_some()
}

/// The attributes that any element may have, and those of each.
type Kept = (HashSet<&'static str>, HashMap<&'static str, HashSet<&'static str>>);

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(sanitiser);

fn sanitiser() -> Builder<'static> {
    let mut builder = Builder::default();
    builder.tags(SHOWN.into_iter().chain(FORMULA).collect()).strip_comments(true);
    // Links get rel="noopener noreferrer".
    builder.url_schemes(LINKS.into()).add_generic_attributes(["dir", "id"]).add_tag_attributes("a", ["name"]);
    // In a text that speaks of its points by number or letter, these are part of what it says (HTML standard, §4.4.5).
    builder.add_tag_attributes("ol", ["reversed", "start", "type"]).add_tag_attributes("li", ["type", "value"]);
    builder.add_tag_attributes("ul", ["type"]);
    builder.add_tag_attributes("time", ["datetime"]).add_tag_attributes("data", ["value"]);
    builder.add_tag_attributes("figure", ["class"]).add_tag_attributes("details", ["open"]);
    builder.add_tag_attributes("th", ["abbr"]);
    builder.add_tag_attributes("math", ["display"]).add_tag_attributes("mi", ["mathvariant"]);
    builder.add_tag_attributes("mtd", ["columnspan", "rowspan"]).add_tag_attributes("mfrac", ["linethickness"]);
    for element in ALIGNED {
        builder.add_tag_attributes(element, ["align"]);
    }
    builder.attribute_filter(attribute);
    builder
}

/// What becomes of an attribute that the sanitiser has let through.
fn attribute<'a>(element: &str, name: &str, value: &'a str) -> Option<Cow<'a, str>> {
    let one_of = |words: &[&str]| {
        let word = value.trim();
        words.iter().any(|known| known.eq_ignore_ascii_case(word)).then_some(Cow::Borrowed(word))
    };
    match name {
        "id" | "name" => anchors::name(value),
        "headers" => anchors::names(value),
        // Its scheme is one of `LINKS`, or it has none.
        "href" => Some(anchors::link(value)),
        "src" => is_of_web(value).then_some(Cow::Borrowed(value)),
        "dir" => one_of(&["ltr", "rtl", "auto"]),
        "align" => one_of(&["left", "right", "center", "justify", "char"]),
        // `a` and `A` are not the same.
        "type" if element == "ul" => (value == "none").then_some(Cow::Borrowed(value)),
        // Of the last three browsers know `none` alone, of a point; front ends style the others.
        "type" => matches!(value, "1" | "a" | "A" | "i" | "I" | "decimal-leading-zero" | "lower-greek" | "none")
            .then_some(Cow::Borrowed(value)),
        "class" => (element == "figure" && value == "embed").then_some(Cow::Borrowed(value)),
        "start" | "value" if matches!(element, "li" | "ol") => {
            integers::signed(value).map(|number| Cow::Owned(number.to_string()))
        }
        // What a cell reaches over (HTML standard, §4.9.11; MathML Core, §3.5.3): others say nothing to browsers.
        "colspan" | "columnspan" | "span" => {
            integers::within(value, 1, 1_000).map(|number| Cow::Owned(number.to_string()))
        }
        "rowspan" => integers::within(value, 0, 65_534).map(|number| Cow::Owned(number.to_string())),
        // It names a source, which has an address of its own wherever the text is read.
        "cite" => is_whole(value).then_some(Cow::Borrowed(value)),
        _ => Some(Cow::Borrowed(value)),
    }
}

/// Whether a URL leads to the web, or within the site. It is read as browsers read it: control characters and spaces
/// in front of it and line breaks in it count for nothing.
pub(super) fn is_of_web(url: &str) -> bool {
    match Url::parse(url) {
        Ok(url) => WEB.contains(&url.scheme()),
        Err(error) => error == ParseError::RelativeUrlWithoutBase,
    }
}

/// Whether a link may lead there.
pub(super) fn may_be_led_to(url: &str) -> bool {
    match Url::parse(url) {
        Ok(url) => LINKS.contains(&url.scheme()),
        Err(error) => error == ParseError::RelativeUrlWithoutBase,
    }
}

/// Whether a URL is one of the web, and whole.
fn is_whole(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| WEB.contains(&url.scheme()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_attribute_leads_to_what_runs_or_is_no_page() {
        let schemes = [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "&#9;java&#10;script:alert(1)",
            "\u{1}javascript:alert(1)",
            " javascript&colon;alert(1)",
            "data:text/html,<script>1</script>",
            "data:image/svg+xml,x",
            "vbscript:x",
            "blob:https://a/b",
            "file:///etc/passwd",
            "filesystem:x",
            "view-source:x",
            "about:blank",
            "ws://a",
            "intent://a",
        ];
        let elements = [
            "<a href=\"{}\">x</a>",
            "<a xlink:href=\"{}\">x</a>",
            "<a ping=\"{}\">x</a>",
            "<img src=\"{}\">",
            "<img srcset=\"{} 2x\">",
            "<img longdesc=\"{}\">",
            "<img dynsrc=\"{}\">",
            "<blockquote cite=\"{}\">x</blockquote>",
            "<q cite=\"{}\">x</q>",
            "<del cite=\"{}\">x</del>",
            "<ins cite=\"{}\">x</ins>",
            "<table background=\"{}\"><tr><td background=\"{}\">x</table>",
            "<form action=\"{}\"><button formaction=\"{}\">x</button></form>",
            "<video poster=\"{}\" src=\"{}\"><source src=\"{}\"></video>",
            "<object data=\"{}\"></object><embed src=\"{}\"><iframe src=\"{}\" srcdoc=\"{}\"></iframe>",
            "<svg><a xlink:href=\"{}\"><image href=\"{}\"/><use href=\"{}\"/><animate values=\"{}\"/></a></svg>",
            "<math href=\"{}\"><mi xlink:href=\"{}\">x</mi></math>",
            "<p style=\"background:url({})\">x</p><link href=\"{}\"><base href=\"{}\"><meta content=\"0;url={}\">",
        ];
        for scheme in schemes {
            for element in elements {
                let clean = sanitise(&element.replace("{}", scheme));
                for held in ["href=", "src=", "cite=", "alert", "script", "data:", "passwd", "blob:", "ws:", "about:"] {
                    assert!(!clean.contains(held), "{scheme:?} in {element}: {clean}");
                }
            }
        }
    }

    #[test]
    fn what_leads_to_the_web_or_within_the_site_stays() {
        for url in ["https://example.org/a?b#c", "http://example.org", "/en/articles/a", "a.png", "//example.org/a"] {
            let html = format!("<img src=\"{url}\">");
            assert_eq!(sanitise(&html), html);
            let cited = format!("<q cite=\"{url}\">x</q>");
            assert_eq!(sanitise(&cited), if url.starts_with("http") { cited.as_str() } else { "<q>x</q>" });
            assert!(sanitise(&format!("<a href=\"{url}\">x</a>")).contains(url));
        }
        for url in ["mailto:a@example.org", "tel:+99312", "geo:1,2", "xmpp:a@b"] {
            assert!(sanitise(&format!("<a href=\"{url}\">x</a>")).contains(url));
            assert_eq!(sanitise(&format!("<q cite=\"{url}\">x</q>")), "<q>x</q>");
            assert_eq!(sanitise(&format!("<img src=\"{url}\">")), "<img>");
        }
    }

    #[test]
    fn numbers_in_attributes_are_those_of_browsers() {
        for (html, stands) in [
            ("<ol start=\"5.\"><li value=\"2a\">x</li></ol>", "<ol start=\"5\"><li value=\"2\">x</li></ol>"),
            ("<ol start=\" +7\"><li value=\"-3.1\">x</li></ol>", "<ol start=\"7\"><li value=\"-3\">x</li></ol>"),
            ("<ol start=\"a\"><li value=\"\">x</li></ol>", "<ol><li>x</li></ol>"),
            (
                "<math><mtable><mtr><mtd columnspan=\"2;\" rowspan=\"x\"></mtd></mtr></mtable></math>",
                "<math><mtable><mtr><mtd columnspan=\"2\"></mtd></mtr></mtable></math>",
            ),
        ] {
            assert_eq!(sanitise(html), stands);
        }
        let table = "<table><colgroup span=\"2x\"></colgroup><tbody><tr><td colspan=\"2 columns\" rowspan=\"0\">a</td><td colspan=\"0\" rowspan=\"70000\">b</td></tr></tbody></table>";
        let clean = sanitise(table);
        for kept in ["<colgroup span=\"2\">", "colspan=\"2\"", "rowspan=\"0\"", "<td rowspan=\"65534\">b"] {
            assert!(clean.contains(kept), "{clean}");
        }
    }

    #[test]
    fn what_stands_in_attributes_is_escaped() {
        let clean = sanitise("<p title='a>b<c\"d id=\"x\"'>x</p>");
        assert_eq!(clean, "<p title=\"a&gt;b&lt;c&quot;d id=&quot;x&quot;\">x</p>");
    }
}
