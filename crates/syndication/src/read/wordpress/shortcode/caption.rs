//! Pictures with captions: `[caption]<img> Words.[/caption]`.

use crate::read::html::{Piece, VOID, pieces};

/// A picture with its caption, which is all that follows on the picture, with its links and formatting; older exports have it in an attribute.
pub(super) fn figure(inner: &str, caption: Option<&str>) -> String {
    let (picture, behind) = inner.split_at(end_of_picture(inner));
    let (picture, behind) = (picture.trim(), behind.trim());
    let (beside, caption) = match caption.map(str::trim).filter(|caption| !caption.is_empty()) {
        Some(caption) if caption != behind => (behind, caption),
        _ => ("", behind),
    };
    let caption = if caption.is_empty() { String::new() } else { format!("<figcaption>{caption}</figcaption>") };
    format!("<figure>{picture}{beside}{caption}</figure>")
}

/// Where the pictures that a text begins with end, with the ends of the elements that they are in; 0 where it has none.
fn end_of_picture(inner: &str) -> usize {
    // The elements that are open, those that began behind the last picture among them.
    let mut open: Vec<&str> = Vec::new();
    let (mut at, mut end, mut around) = (0, 0, 0);
    for piece in pieces(inner) {
        at += piece.source().len();
        match piece {
            Piece::Text(text) if end > 0 && !text.trim().is_empty() => break,
            Piece::Text(_) | Piece::Comment(_) => {}
            Piece::Tag(tag) if tag.is("img") => (end, around) = (at, open.len()),
            Piece::Tag(tag) if tag.is_end => {
                if let Some(index) = open.iter().rposition(|name| tag.is(name)) {
                    open.truncate(index);
                    if index < around {
                        (end, around) = (at, index);
                    }
                }
            }
            Piece::Tag(tag) if VOID.iter().any(|name| tag.is(name)) => {}
            Piece::Tag(tag) => open.push(tag.name),
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::figure;

    #[test]
    fn all_that_follows_on_a_picture_is_its_caption() {
        for (inner, html) in [
            (
                "<img src=a> Photo: <a href=/l>Lia</a>",
                "<figure><img src=a><figcaption>Photo: <a href=/l>Lia</a></figcaption></figure>",
            ),
            (
                "<a href=b><img src=a></a> By <em>Lia</em>, 2026",
                "<figure><a href=b><img src=a></a><figcaption>By <em>Lia</em>, 2026</figcaption></figure>",
            ),
            (
                "<img src=a><a href=/l>Lia</a>",
                "<figure><img src=a><figcaption><a href=/l>Lia</a></figcaption></figure>",
            ),
            (
                "<div><a href=b>\n<img src=a>\n</a>\n</div><br>Ebb <b>now</b>.",
                "<figure><div><a href=b>\n<img src=a>\n</a>\n</div><figcaption><br>Ebb <b>now</b>.</figcaption></figure>",
            ),
            (
                "<a href=b><img src=a></a> <a href=d><img src=c></a> Two",
                "<figure><a href=b><img src=a></a> <a href=d><img src=c></a><figcaption>Two</figcaption></figure>",
            ),
            (
                "<img src=a> By Lia <img src=sign>",
                "<figure><img src=a><figcaption>By Lia <img src=sign></figcaption></figure>",
            ),
            ("<img src=a>", "<figure><img src=a></figure>"),
            ("Words alone", "<figure><figcaption>Words alone</figcaption></figure>"),
        ] {
            assert_eq!(figure(inner, None), html);
        }
        assert_eq!(figure("<img src=a>", Some("Ebb")), "<figure><img src=a><figcaption>Ebb</figcaption></figure>");
        assert_eq!(
            figure("<img src=a> Flow", Some("Ebb")),
            "<figure><img src=a>Flow<figcaption>Ebb</figcaption></figure>"
        );
    }
}
