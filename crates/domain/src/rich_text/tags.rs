//! The tags of HTML, found as the tokenizer of the WHATWG standard (§13.2.5) finds them.

/// A tag.
pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
    pub(super) is_end: bool,
    /// Where it begins.
    pub(super) at: usize,
    /// What stands behind its name, with what ends it.
    pub(super) attributes: &'a str,
    /// How many attributes it has.
    pub(super) count: usize,
    /// Whether it ends in `/>`.
    pub(super) is_empty: bool,
    /// What follows on a start tag and is no markup: the text up to the end tag of a script, a style and their like.
    pub(super) raw: &'a str,
    /// All that follows on the tag.
    pub(super) rest: &'a str,
}

/// The name of what stands for `<![CDATA[`, which begins a text in drawings and formulas and is nothing elsewhere.
pub(super) const CDATA: &str = "![CDATA[";

/// Elements in which a text is not markup.
const RAW: [&str; 10] =
    ["iframe", "noembed", "noframes", "noscript", "plaintext", "script", "style", "textarea", "title", "xmp"];

/// The tags of a text, in their order; what is in comments is none.
pub(super) fn tags(html: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        loop {
            rest = &rest[rest.find('<')? + 1..];
            let at = html.len() - rest.len() - 1;
            if let Some(comment) = rest.strip_prefix("!--") {
                rest = behind_comment(comment);
                continue;
            }
            if let Some(text) = rest.strip_prefix(CDATA) {
                rest = text.find('>').map_or("", |end| &text[end + 1..]);
                return Some(Tag {
                    name: CDATA,
                    attributes: "",
                    count: 0,
                    is_end: false,
                    at,
                    is_empty: false,
                    raw: "",
                    rest: text,
                });
            }
            let (tag, is_end) = rest.strip_prefix('/').map_or((rest, false), |tag| (tag, true));
            if !tag.starts_with(|c: char| c.is_ascii_alphabetic()) {
                if is_end || rest.starts_with(['!', '?']) {
                    rest = rest.find('>').map_or("", |end| &rest[end + 1..]);
                }
                continue;
            }
            let length = tag.find(|c: char| is_space(c) || matches!(c, '/' | '>')).unwrap_or(tag.len());
            let (name, attributes) = tag.split_at(length);
            let (behind, is_empty, count) = behind_tag(attributes);
            rest = behind;
            let mut raw = "";
            if !is_end && RAW.iter().any(|raw| raw.eq_ignore_ascii_case(name)) {
                (raw, rest) = behind.split_at(raw_end(behind, name));
            }
            let attributes = &attributes[..attributes.len() - behind.len()];
            return Some(Tag { name, attributes, count, is_end, at, is_empty, raw, rest: behind });
        }
    })
}

const fn is_space(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\u{c}' | '\r' | ' ')
}

fn behind_comment(comment: &str) -> &str {
    if let Some(behind) = comment.strip_prefix('>').or_else(|| comment.strip_prefix("->")) {
        return behind;
    }
    let mut from = 0;
    while let Some(at) = comment[from..].find("--") {
        let behind = &comment[from + at + 2..];
        if let Some(behind) = behind.strip_prefix('>').or_else(|| behind.strip_prefix("!>")) {
            return behind;
        }
        from += at + 1;
    }
    ""
}

/// Where the end tag of an element begins whose content is no markup.
fn raw_end(text: &str, name: &str) -> usize {
    let is_end = |at: &usize| {
        let tag = &text.as_bytes()[at + 2..];
        tag.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
            && tag.get(name.len()).is_none_or(|next| is_space(char::from(*next)) || matches!(next, b'/' | b'>'))
    };
    text.match_indices("</").map(|(at, _)| at).find(is_end).unwrap_or(text.len())
}

/// What is behind the `>` that ends a tag, whether a slash is in front of it, and how many attributes there are. One in a
/// quoted value ends nothing; a quote is one only where a value begins.
fn behind_tag(attributes: &str) -> (&str, bool, usize) {
    enum At {
        Between,
        Slash,
        Name,
        /// Behind a name there may be spaces, and then what makes its value.
        Named,
        Value,
        Quoted(char),
        Unquoted,
    }
    let mut state = At::Between;
    let mut count = 0;
    for (at, c) in attributes.char_indices() {
        state = match (state, c) {
            (At::Quoted(quote), c) if c == quote => At::Between,
            (At::Quoted(quote), _) => At::Quoted(quote),
            (state, '>') => return (&attributes[at + 1..], matches!(state, At::Slash), count),
            (At::Value, '"' | '\'') => At::Quoted(c),
            (At::Value, c) if is_space(c) => At::Value,
            (At::Value, _) => At::Unquoted,
            (At::Unquoted, c) if !is_space(c) => At::Unquoted,
            (At::Unquoted, _) => At::Between,
            (At::Name | At::Named, '=') => At::Value,
            (_, '/') => At::Slash,
            (At::Name | At::Named, c) if is_space(c) => At::Named,
            (_, c) if is_space(c) => At::Between,
            (At::Name, _) => At::Name,
            _ => {
                count += 1;
                At::Name
            }
        };
    }
    ("", false, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(html: &str) -> Vec<String> {
        tags(html).map(|tag| format!("{}{}", if tag.is_end { "/" } else { "" }, tag.name)).collect()
    }

    #[test]
    fn attributes_are_counted() {
        for (html, count) in [
            ("<p>", 0),
            ("<p a b=c d = e f='g h'i=\"j\"/k/ >", 6),
            ("<p a=b/c=d e>", 2),
            ("</p a b>", 2),
            ("<p a b", 2),
        ] {
            assert_eq!(tags(html).next().unwrap().count, count, "{html}");
        }
    }

    #[test]
    fn only_tags_are_tags() {
        for (html, found) in [
            ("a < b <3 </3> <?x?> <!doctype html> <b>", vec!["b"]),
            ("<!--> <i> <!---> <b> <!-- <u> --!> <s> <!-- <a>", vec!["i", "b", "s"]),
            ("<p-x a=\"</p>\" b='>' c=d\"e ><q/>", vec!["p-x", "q"]),
            ("<p \"><i =\"><b a = '>'>", vec!["p", "i", "b"]),
            ("<script>'<b>'</scripts></SCRIPT ><i>", vec!["script", "/SCRIPT", "i"]),
            ("<textarea><p>", vec!["textarea"]),
            ("<p a  = '>' b ><i>", vec!["p", "i"]),
            ("<p a / = '><i>", vec!["p", "i"]),
        ] {
            assert_eq!(names(html), found, "{html}");
        }
    }
}
