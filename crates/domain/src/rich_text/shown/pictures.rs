//! Where a picture is that says so otherwise than by its own address.

use html5ever::Attribute;
use markup5ever_rcdom::Handle;

use super::dom::{is_address, is_element, parent, value, value_of};

/// The address of a picture whose `src` leads nowhere: of the pictures that it, or the `picture` it is in, offers to browsers the largest.
pub(super) fn offered(node: &Handle, attributes: &[Attribute]) -> Option<String> {
    if value(attributes, "src").is_some_and(is_address) {
        return None;
    }
    let own = value(attributes, "srcset").and_then(largest);
    own.or_else(|| {
        let picture = parent(node).filter(|outer| is_element(outer, "picture"))?;
        let sources = picture.children.borrow();
        sources.iter().filter_map(|source| value_of(source, &["source"], "srcset")).find_map(|set| largest(&set))
    })
}

/// The largest picture of a `srcset` (HTML standard, §4.8.4.2.1).
fn largest(set: &str) -> Option<String> {
    let mut rest = set;
    let mut largest: Option<(f64, &str)> = None;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            return largest.map(|(_, url)| url.to_owned());
        }
        let (url, behind) = rest.split_at(rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len()));
        let (url, size) = match url.strip_suffix(',') {
            Some(_) => {
                rest = behind;
                (url.trim_end_matches(','), 1.0)
            }
            None => {
                let (size, behind) = behind.split_once(',').unwrap_or((behind, ""));
                rest = behind;
                (url, size.trim().trim_end_matches(['w', 'x', 'h']).parse().unwrap_or(1.0))
            }
        };
        if is_address(url) && largest.is_none_or(|(known, _)| size > known) {
            largest = Some((size, url));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_pictures_that_are_offered_the_largest_is_taken() {
        for (set, found) in [
            ("a.jpg", Some("a.jpg")),
            ("a.jpg 1x, b.jpg 2x", Some("b.jpg")),
            (" a,b.jpg 800w,/c.jpg 1600w , d.jpg 320w", Some("/c.jpg")),
            ("a.jpg,, b.jpg 1.5x", Some("b.jpg")),
            ("data:image/png;base64,AAAA 2x, a.jpg", Some("a.jpg")),
            ("javascript:alert(1) 9x", None),
            (" , ", None),
            ("", None),
        ] {
            assert_eq!(largest(set).as_deref(), found, "{set}");
        }
    }
}
