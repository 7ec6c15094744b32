//! Titles for items that have none.

use std::borrow::Cow;

use courant_domain::{
    article::ArticleContent,
    rich_text::{Format, RichText},
};
use jiff::Timestamp;

use crate::read::{
    html::{Piece, pieces},
    text::{first_words, one_line},
};

/// The first words of a text, in which a line that ends within a paragraph ends nothing.
pub(super) fn first_words_of(body: &RichText) -> Option<String> {
    if body.html().contains("<br>") {
        return first_words(RichText::new(Format::Html, body.html().replace("<br>", " ")).text());
    }
    first_words(body.text())
}

/// A title for an item that is a picture and nothing else, and what it is made of: the picture's words, else its date,
/// else what its source knows it by.
pub(super) fn title_of_picture(
    body: &RichText,
    content: &ArticleContent,
    published_at: Option<Timestamp>,
    id: &str,
) -> Option<(String, &'static str)> {
    if body.is_blank() && content.lead_image.is_none() {
        return None;
    }
    let images = pieces(body.html()).filter_map(|piece| match piece {
        Piece::Tag(tag) if tag.is("img") => tag.attribute("alt").or_else(|| tag.attribute("title")),
        _ => None,
    });
    let lead = content.lead_image.iter().flat_map(|image| [&image.alt, &image.caption]).flatten();
    let words = images.map(Cow::into_owned).chain(lead.cloned()).find_map(|words| first_words(&one_line(&words)?));
    let date = || Some(published_at?.strftime("%Y-%m-%d").to_string());
    let words = words.map(|words| (words, "what its picture shows"));
    words.or_else(|| Some((date()?, "its date"))).or_else(|| Some((first_words(id)?, "its id")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_ends_in_a_paragraph_ends_no_title() {
        for html in [
            "<p>On\n6 May <b>the\nharbour</b></p><p>closed</p>",
            "<p>On<br>\n6 May<br />the harbour</p>\n<p>closed</p>",
            "<br>\n<h2>On 6 May\nthe harbour</h2>closed",
        ] {
            let title = first_words_of(&RichText::new(Format::Html, html));
            assert_eq!(title.as_deref(), Some("On 6 May the harbour"), "{html}");
        }
        let picture = RichText::new(Format::Html, "<img src='/a.png' alt='On\n6 May'>");
        let title = title_of_picture(&picture, &ArticleContent::default(), None, "1").map(|(title, _)| title);
        assert_eq!(title.as_deref(), Some("On 6 May"));
    }
}
