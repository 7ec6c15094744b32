//! Files and pages of elsewhere in a text.

use crate::read::text::escape;

/// A link to an address, called by these words.
pub(crate) fn link(address: &str, words: Option<&str>) -> String {
    let address = address.trim();
    format!("<a href=\"{}\">{}</a>", escape(address), escape(words.unwrap_or(address)))
}

/// Something embedded, called by these words. What is left of it in a text, the domain says: a link, and what it leads to.
pub(crate) fn embedded(address: &str, words: Option<&str>) -> String {
    // Feeds have nothing but the media type to call it by.
    let element = ["audio", "video"]
        .into_iter()
        .find(|element| words.and_then(|words| words.strip_prefix(element)).is_some_and(|rest| rest.starts_with('/')));
    let element = element.unwrap_or("iframe");
    let title = words.map(|words| format!(" title=\"{}\"", escape(words))).unwrap_or_default();
    format!("<{element} src=\"{}\"{title}></{element}>", escape(address.trim()))
}

/// A figure of a picture.
pub(crate) fn figure(url: &str, alt: Option<&str>, caption: Option<&str>) -> String {
    linked_figure(url, alt, caption, None)
}

/// A figure of a picture that may lead somewhere.
pub(crate) fn linked_figure(url: &str, alt: Option<&str>, caption: Option<&str>, link: Option<&str>) -> String {
    let caption = caption.map(|caption| format!("<figcaption>{}</figcaption>", escape(caption))).unwrap_or_default();
    let picture = format!("<img src=\"{}\" alt=\"{}\">", escape(url), escape(alt.unwrap_or_default()));
    let picture = link.map(|link| format!("<a href=\"{}\">{picture}</a>", escape(link))).unwrap_or(picture);
    format!("<figure>{picture}{caption}</figure>\n")
}

/// Whether an address is a picture's, by its ending.
pub(crate) fn is_picture_address(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    [".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", ".jpe", ".jfif"]
        .iter()
        .any(|ending| path.ends_with(ending))
}

/// What the addresses of one picture in several sizes have in common: no protocol, no query, and no size in the name of the file
/// (`a-300x200.jpg`, `a-scaled.jpg`).
pub(crate) fn address_of_picture(url: &str) -> String {
    let rest = url.split_once("//").map_or(url, |(_, rest)| rest).split(['?', '#']).next().unwrap_or_default();
    let (folder, name) = rest.rsplit_once('/').unwrap_or(("", rest));
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let is_size = |part: &str| {
        part.split_once('x').is_some_and(|(width, height)| {
            [width, height].iter().all(|side| !side.is_empty() && side.bytes().all(|byte| byte.is_ascii_digit()))
        })
    };
    let bare =
        stem.rsplit_once('-').filter(|(_, part)| is_size(part) || *part == "scaled").map_or(stem, |(bare, _)| bare);
    format!("{folder}/{bare}.{ending}")
}

#[cfg(test)]
mod tests {
    use super::address_of_picture;

    #[test]
    fn a_picture_is_the_same_in_every_size() {
        for url in [
            "https://hill.example/up/pier.jpg",
            "http://hill.example/up/pier-300x200.jpg?w=640#a",
            "//hill.example/up/pier-scaled.jpg",
        ] {
            assert_eq!(address_of_picture(url), "hill.example/up/pier.jpg", "{url}");
        }
        for url in
            ["https://hill.example/up/pier-2.jpg", "https://hill.example/pier.jpg", "https://hill.example/up/pier.png"]
        {
            assert_ne!(address_of_picture(url), "hill.example/up/pier.jpg", "{url}");
        }
    }
}
