//! Addresses within texts, for those who read them elsewhere.

use std::borrow::Cow;

use url::Url;

use crate::read::{Piece, pieces};

/// Attributes that hold one address.
const ADDRESSES: [&str; 5] = ["href", "src", "cite", "poster", "data"];

/// A piece of HTML with every address in it made absolute, from the page that it stands on. Links to a place on that page lead to
/// the page.
#[must_use]
pub fn absolute_html(html: &str, page: &Url) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 8);
    for piece in pieces(html) {
        match &piece {
            Piece::Tag(tag) if !tag.is_end => out.push_str(&tag.with(|name, value| changed(name, value, page))),
            other => out.push_str(other.source()),
        }
    }
    out
}

fn changed(name: &str, value: &str, page: &Url) -> Option<String> {
    if ADDRESSES.into_iter().any(|known| name.eq_ignore_ascii_case(known)) {
        return Some(page.join(value.trim()).ok()?.into()).filter(|url: &String| url != value);
    }
    if name.eq_ignore_ascii_case("srcset") {
        let sources = value.split(", ").map(|source| {
            let (address, size) = source.trim().split_once(' ').unwrap_or((source.trim(), ""));
            let address = page.join(address).map_or(Cow::Borrowed(address), |url| Cow::Owned(url.into()));
            format!("{address} {size}").trim_end().to_owned()
        });
        return Some(sources.collect::<Vec<_>>().join(", "));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_is_one_from_anywhere() {
        let page = Url::parse("https://news.example/en/articles/a").unwrap();
        for (html, absolute) in [
            ("<a href=\"/en/tags/b\">b</a>", "<a href=\"https://news.example/en/tags/b\">b</a>"),
            ("<a href=\"#user-content-x\">", "<a href=\"https://news.example/en/articles/a#user-content-x\">"),
            ("<img src='//cdn.example/a.png' alt=\"/a\">", "<img src=\"https://cdn.example/a.png\" alt=\"/a\">"),
            ("<a href=\"mailto:a@b.example\">", "<a href=\"mailto:a@b.example\">"),
            (
                "<img srcset=\"/a.png 1x, b.png 2x\">",
                "<img srcset=\"https://news.example/a.png 1x, https://news.example/en/articles/b.png 2x\">",
            ),
            ("1 < 2 &amp; </a>", "1 < 2 &amp; </a>"),
        ] {
            assert_eq!(absolute_html(html, &page), absolute);
        }
    }
}
