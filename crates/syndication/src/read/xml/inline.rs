//! XML in the place of a text, as HTML.

use crate::read::html::VOID;

/// Inline XML as HTML: sections of character data escaped, processing instructions and prefixes of elements gone. XML
/// may write any empty element in one tag; to HTML that is a start tag, with all that follows inside of it.
pub(super) fn html(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(data) = rest.strip_prefix("<![CDATA[") {
            let (data, after) = data.split_once("]]>").unwrap_or((data, ""));
            out.push_str(&crate::read::text::escape(data));
            rest = after;
        } else if rest.starts_with("<!--") {
            let end = rest.find("-->").map_or(rest.len(), |end| end + 3);
            out.push_str(&rest[..end]);
            rest = &rest[end..];
        } else if let Some(instruction) = rest.strip_prefix("<?") {
            rest = instruction.split_once("?>").map_or("", |(_, after)| after);
        } else {
            let end = end_of_tag(rest);
            tag(&rest[1..end], &mut out);
            rest = rest.get(end + 1..).unwrap_or_default();
        }
    }
    out.push_str(rest);
    out
}

/// Writes a tag, of which the angle brackets are not given.
fn tag(tag: &str, out: &mut String) {
    let (is_end, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
    let (is_empty, tag) = tag.strip_suffix('/').map_or((false, tag), |tag| (true, tag));
    let length = tag.find(|c: char| c.is_whitespace()).unwrap_or(tag.len());
    let (name, attributes) = tag.split_at(length);
    let name = name.rsplit(':').next().unwrap_or_default();
    let is_void = VOID.contains(&name);
    match (is_end, is_void) {
        // HTML reads `</br>` as one more `<br>`.
        (true, true) => {}
        (true, false) => out.push_str(&format!("</{name}>")),
        (false, _) => out.push_str(&format!("<{name}{attributes}>")),
    }
    if is_empty && !is_void {
        out.push_str(&format!("</{name}>"));
    }
}

/// Where the tag ends that a text begins with; values may hold the sign that ends it.
fn end_of_tag(text: &str) -> usize {
    let mut quote = None;
    let end = text.bytes().position(|byte| match (quote, byte) {
        (None, b'>') => true,
        (None, b'"' | b'\'') => {
            quote = Some(byte);
            false
        }
        (Some(open), byte) => {
            if open == byte {
                quote = None;
            }
            false
        }
        _ => false,
    });
    end.unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::html;

    #[test]
    fn an_empty_element_is_closed_where_html_would_not() {
        for (xml, written) in [
            ("<p>a</p><script src=\"x\"/><p>b</p>", "<p>a</p><script src=\"x\"></script><p>b</p>"),
            ("<h2><a id='one'/>One</h2>", "<h2><a id='one'></a>One</h2>"),
            ("<x:b/>a<x:br/>b<br></br>c", "<b></b>a<br>b<br>c"),
            ("<img alt='a>b/' src=\"p.png\" />", "<img alt='a>b/' src=\"p.png\" >"),
        ] {
            assert_eq!(html(xml), written);
        }
    }

    #[test]
    fn what_is_not_an_element_is_not_taken_for_one() {
        assert_eq!(html("a<![CDATA[<b/>]]>c<!-- <b/> --><?x <b/>?>d"), "a&lt;b/&gt;c<!-- <b/> -->d");
        assert_eq!(html("a<b"), "a<b>");
    }
}
