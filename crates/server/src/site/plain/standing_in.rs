//! What the app says on pages in a language that it does not speak: in English, which each text of it says of itself, for screen readers and
//! hyphenation, and as English is written from the left to the right (Unicode's isolates, UAX #9; else the full stop of a sentence stands
//! before it on an Arabic page).

use courant_domain::locale::Direction;

use super::super::html::push;

/// Where such a text starts and ends in a page that is being filled in: signs that no text has (noncharacters of Unicode).
pub(super) const START: char = '\u{FDD0}';
pub(super) const END: char = '\u{FDD1}';

/// The page with such texts in elements that say their language. In attributes, which have no language of their own, they are set apart in
/// what is written the other way.
pub(super) fn marked(page: &str, language: &str, direction: Direction) -> String {
    let is_apart = direction == Direction::RightToLeft;
    let mut attributes = String::new();
    push(&mut attributes, " lang=\"", language, if is_apart { "\" dir=\"ltr\"" } else { "\"" });
    let mut out = String::with_capacity(page.len() + page.len() / 4);
    let mut rest = page;
    while !rest.is_empty() {
        let (text, behind) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
        text_of(text, &attributes, &mut out);
        let (tag, behind) = behind.split_at(end_of_tag(behind));
        // An option has no elements in it.
        let option = tag.strip_suffix('>').filter(|tag| tag.starts_with("<option") && behind.starts_with(START));
        tag_of(option.unwrap_or(tag), is_apart, &mut out);
        rest = behind;
        if option.is_some() {
            out.push_str(&attributes);
            out.push('>');
            let (text, behind) = behind.split_at(behind.find('<').unwrap_or(behind.len()));
            out.extend(text.chars().filter(|c| !matches!(*c, START | END)));
            rest = behind;
        }
    }
    out
}

/// Writes what stands between two tags. Two such texts with a space between them are one: apart they would stand in the order of the page
/// and not in their own.
fn text_of(text: &str, attributes: &str, out: &mut String) {
    const ENDS: &str = "</bdi>";
    let mut depth = 0_usize;
    let mut ended = None;
    for c in text.chars() {
        match c {
            START => {
                match ended.take() {
                    Some(at) if depth == 0 && out[at..].trim_start_matches(ENDS).trim().is_empty() => {
                        out.replace_range(at..at + ENDS.len(), "");
                    }
                    _ if depth == 0 => {
                        out.push_str("<bdi");
                        out.push_str(attributes);
                        out.push('>');
                    }
                    _ => {}
                }
                depth += 1;
            }
            END if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    ended = Some(out.len());
                    out.push_str(ENDS);
                }
            }
            END => {}
            c => out.push(c),
        }
    }
    if depth > 0 {
        out.push_str(ENDS);
    }
}

fn tag_of(tag: &str, is_apart: bool, out: &mut String) {
    out.extend(tag.chars().filter_map(|c| match c {
        START => is_apart.then_some('\u{2066}'),
        END => is_apart.then_some('\u{2069}'),
        c => Some(c),
    }));
}

/// Where a tag ends that a text begins with; in the values of its attributes may stand what ends others.
fn end_of_tag(text: &str) -> usize {
    let mut is_quoted = false;
    let end = text.bytes().position(|byte| {
        is_quoted ^= byte == b'"';
        byte == b'>' && !is_quoted
    });
    end.map_or(text.len(), |end| end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_stand_in_say_their_language() {
        let page = "<nav aria-label=\"\u{FDD0}a > b\u{FDD1}\">\u{FDD0}c \u{FDD0}d\u{FDD1}\u{FDD1}<option value=\"x\">\u{FDD0}e\u{FDD1}</option><i>f</i></nav>";
        assert_eq!(
            marked(page, "en", Direction::RightToLeft),
            "<nav aria-label=\"\u{2066}a > b\u{2069}\"><bdi lang=\"en\" dir=\"ltr\">c d</bdi><option value=\"x\" lang=\"en\" dir=\"ltr\">e</option><i>f</i></nav>"
        );
        assert_eq!(
            marked(page, "en", Direction::LeftToRight),
            "<nav aria-label=\"a > b\"><bdi lang=\"en\">c d</bdi><option value=\"x\" lang=\"en\">e</option><i>f</i></nav>"
        );
        // What reads on is one text.
        assert_eq!(
            marked("<p>\u{FDD0}a\u{FDD1} \u{FDD0}b 5\u{FDD1}, c \u{FDD0}d\u{FDD1}</p>", "en", Direction::LeftToRight),
            "<p><bdi lang=\"en\">a b 5</bdi>, c <bdi lang=\"en\">d</bdi></p>"
        );
        // What has no end ends with its text.
        assert_eq!(marked("\u{FDD0}a<b>\u{FDD1}", "en", Direction::LeftToRight), "<bdi lang=\"en\">a</bdi><b>");
    }
}
