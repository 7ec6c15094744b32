//! Blogger, whose export is one feed of Atom: posts, pages, readers' comments, the template and the settings.

use url::Url;

use crate::read::{
    collect::Collector,
    import::{FeedForm, OldTerm},
    xml::Element,
};

/// The scheme of the categories that say what an entry is.
const KIND: &str = "schemas.google.com/g/2005#kind";

/// Whether an entry is one of the posts, or a page if pages are to be taken. What is none is counted.
pub(super) fn is_article(entry: &Element<'_>, post_types: &[String], collector: &mut Collector) -> bool {
    let by_category = entry
        .children
        .iter()
        .filter(|child| is_kind(child))
        .find_map(|child| child.attribute("term")?.rsplit_once('#').map(|(_, kind)| kind));
    let by_element =
        entry.children.iter().find(|child| child.label.eq_ignore_ascii_case("blogger:type")).and_then(Element::value);
    let Some(kind) = by_category.or(by_element).map(str::to_ascii_lowercase) else { return true };
    match kind.as_str() {
        kind @ ("post" | "page") if post_types.iter().any(|taken| taken == kind) => return true,
        kind @ ("post" | "page") => collector.post_type(kind),
        "comment" => collector.lost("comments"),
        "template" | "settings" | "setting" => collector.unmapped(&format!("blogger {kind}")),
        // Whatever else programs of this family keep in a feed is an entry to readers.
        _ => return true,
    }
    false
}

/// What an entry of Blogger's says it is, if that is neither a post nor a page: something that was never on the site, or is not now.
pub(super) fn odd_kind<'a>(entry: &'a Element<'_>) -> Option<&'a str> {
    let by_category = entry.children.iter().filter(|child| is_kind(child)).filter_map(|child| {
        let (vocabulary, kind) = child.attribute("term")?.rsplit_once('#')?;
        vocabulary.contains("/blogger/").then_some(kind)
    });
    let elements = entry.children.iter().filter(|child| child.label.eq_ignore_ascii_case("blogger:type"));
    let kinds = by_category.chain(elements.filter_map(Element::value));
    kinds.into_iter().find(|kind| !["post", "page"].iter().any(|known| kind.eq_ignore_ascii_case(known)))
}

/// Whether an entry says of itself what those of Blogger say.
pub(super) fn is_entry(entry: &Element<'_>) -> bool {
    entry.children.iter().any(|child| child.label.starts_with("blogger:") || is_kind(child))
}

/// Tells the addresses that labels and feeds had. Labels are tags here.
pub(super) fn old_terms(collector: &mut Collector) {
    let feed = |path: &str, form| (path.to_owned(), OldTerm::Feed(None, form));
    let mut addresses = vec![feed("/rss.xml", FeedForm::Rss), feed("/atom.xml", FeedForm::Atom)];
    for tag in &collector.import().tags {
        // What it is called may be written with signs that mean something in an address.
        let Ok(mut page) = Url::parse("https://host.invalid/search/label") else { continue };
        if let Ok(mut path) = page.path_segments_mut() {
            path.push(&tag.name);
        }
        addresses.push((page.path().to_owned(), OldTerm::Tag(tag.slug.clone())));
    }
    collector.old_terms(addresses.into_iter());
    let message = "the old feeds below /feeds/posts lead nowhere new: the server has something of its own below /feeds";
    collector.problem("site", message.to_owned());
}

/// Whether an element says of what kind its entry is.
pub(super) fn is_kind(element: &Element<'_>) -> bool {
    element.name() == "category"
        && element.attribute("scheme").is_some_and(|scheme| scheme.trim_end_matches('/').ends_with(KIND))
}

/// Whether an element of Blogger's is one of those that every entry has, and is left empty.
pub(super) fn is_left_empty(element: &Element<'_>) -> bool {
    let is_blank = element.value().is_none() && element.children.is_empty() && element.attributes().next().is_none();
    element.label.starts_with("blogger:") && is_blank
}

/// Whether an element says that an entry is to be published at its date.
pub(super) fn is_scheduled(element: &Element<'_>) -> bool {
    element.label == "blogger:status" && element.value().is_some_and(|status| status.eq_ignore_ascii_case("scheduled"))
}

/// The path an entry is at on its site, which is not said.
pub(super) fn path<'a>(entry: &'a Element<'_>) -> Option<&'a str> {
    let path = entry.children.iter().find(|child| child.label == "blogger:filename")?.value()?;
    Some(path).filter(|path| path.starts_with('/'))
}

/// Whether an element of Blogger's says nothing that is not said otherwise.
pub(super) fn is_known(element: &Element<'_>) -> bool {
    matches!(
        element.label,
        "blogger:type" | "blogger:status" | "blogger:filename" | "blogger:created" | "blogger:trashed" | "thr:total"
    )
}
