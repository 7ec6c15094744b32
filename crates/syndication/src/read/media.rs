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
    let caption = caption.map(|caption| format!("<figcaption>{}</figcaption>", escape(caption))).unwrap_or_default();
    format!("<figure><img src=\"{}\" alt=\"{}\">{caption}</figure>\n", escape(url), escape(alt.unwrap_or_default()))
}

/// Whether an address is a picture's, by its ending.
pub(crate) fn is_picture_address(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    [".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", ".jpe", ".jfif"]
        .iter()
        .any(|ending| path.ends_with(ending))
}
