//! Texts that are longer than their place has room for.

use courant_domain::{article::ArticleContent, bounds::Bound};

use crate::read::text::{escape, plain};

/// The HTML of what will be cut of an item (see [`courant_domain::content::Content::shorten`]), whole, unless its text says it.
pub(super) fn cut(title: Option<&str>, content: &ArticleContent, body: &str) -> String {
    // Without a summary, a title is whole there.
    let title = title.filter(|title| content.summary.is_some() || Bound::SUMMARY.cut(title).is_some());
    let image = content.lead_image.as_ref();
    let texts = [
        (title, Bound::TITLE),
        (content.kicker.as_deref(), Bound::LINE),
        (content.dateline.as_deref(), Bound::LINE),
        (content.summary.as_deref(), Bound::SUMMARY),
        (content.rights.as_deref(), Bound::RIGHTS),
        (content.source.as_ref().map(|source| source.name.as_str()), Bound::LINE),
        (image.and_then(|image| image.caption.as_deref()), Bound::CAPTION),
        (image.and_then(|image| image.alt.as_deref()), Bound::CAPTION),
    ];
    let mut long =
        texts.into_iter().filter_map(|(text, bound)| text.filter(|text| bound.cut(text).is_some())).peekable();
    if long.peek().is_none() {
        return String::new();
    }
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown = flat(&plain(body).unwrap_or_default());
    long.filter(|text| !shown.contains(&flat(text))).map(|text| format!("\n<p>{}</p>", escape(text))).collect()
}
