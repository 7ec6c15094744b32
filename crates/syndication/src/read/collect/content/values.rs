//! What values say of themselves.

use crate::read::text::is_address;

/// Words that are values of settings, or that these are put together of.
const VALUES: [&str; 136] = [
    "absolute",
    "active",
    "after",
    "always",
    "and",
    "asc",
    "audio",
    "auto",
    "banner",
    "baseline",
    "before",
    "between",
    "big",
    "black",
    "block",
    "blue",
    "bold",
    "both",
    "bottom",
    "box",
    "boxed",
    "button",
    "center",
    "centre",
    "circle",
    "closed",
    "column",
    "columns",
    "contain",
    "container",
    "cover",
    "custom",
    "dark",
    "dashed",
    "date",
    "default",
    "desc",
    "desktop",
    "disabled",
    "dotted",
    "double",
    "ease",
    "em",
    "enabled",
    "end",
    "fab",
    "false",
    "far",
    "fas",
    "fixed",
    "flex",
    "fluid",
    "follow",
    "footer",
    "full",
    "gallery",
    "gray",
    "green",
    "grey",
    "grid",
    "h",
    "header",
    "hidden",
    "hide",
    "horizontal",
    "image",
    "in",
    "index",
    "inherit",
    "initial",
    "inline",
    "italic",
    "item",
    "large",
    "layout",
    "left",
    "light",
    "linear",
    "link",
    "list",
    "medium",
    "middle",
    "mobile",
    "never",
    "no",
    "nofollow",
    "noindex",
    "none",
    "noopener",
    "noreferrer",
    "normal",
    "off",
    "on",
    "open",
    "out",
    "outline",
    "page",
    "post",
    "primary",
    "public",
    "publish",
    "px",
    "quote",
    "random",
    "red",
    "regular",
    "relative",
    "repeat",
    "right",
    "round",
    "rounded",
    "row",
    "secondary",
    "show",
    "sidebar",
    "small",
    "solid",
    "square",
    "standard",
    "start",
    "sticky",
    "stretch",
    "style",
    "tablet",
    "text",
    "thumbnail",
    "title",
    "top",
    "true",
    "vertical",
    "video",
    "visible",
    "white",
    "wide",
    "width",
    "yes",
];

/// Whether a part of a value is one of settings: one of their words, or a name for programs (`is-style-wide`).
pub(super) fn is_of_settings(part: &str) -> bool {
    let part = part.trim_matches(|c: char| !c.is_alphanumeric());
    let is_slug = part.contains('-') && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    is_slug || VALUES.iter().any(|value| value.eq_ignore_ascii_case(part))
}

/// Whether a value is for programs: an address, something that is serialised, or code.
pub(super) fn is_code(value: &str) -> bool {
    let inner = value.find('{').zip(value.rfind('}')).and_then(|(start, end)| value.get(start..end));
    value.starts_with(['{', '[', '#'])
        || value.contains("\";")
        || is_address(value)
        // Advanced Custom Fields.
        || value.starts_with("field_") && !value.contains(char::is_whitespace)
        || inner.is_some_and(|inner| inner.contains([';', ':']))
}

/// Whether it is one word.
pub(super) fn is_word(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    !word.is_empty() && word.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '-'))
}

/// Whether a part of a value is a word that is none of settings.
pub(super) fn is_own_word(part: &str) -> bool {
    let letters: Vec<char> = part.chars().filter(|c| c.is_alphabetic()).collect();
    // `MMMM` is a format of dates, `%TITLE%` stands for words.
    is_word(part)
        && letters.iter().any(|letter| *letter != letters[0])
        && !part.starts_with('%')
        && !is_of_settings(part)
}
