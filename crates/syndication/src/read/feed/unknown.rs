//! Elements that nobody here knows.

use crate::read::{
    collect::{Collector, content_of_field, is_content, is_named_for_text, is_sentence},
    xml::Element,
};

/// Counts such an element: content where it holds words for readers, however deep or in an attribute, else something for programs.
pub(super) fn unknown(element: &Element<'_>, collector: &mut Collector) {
    if has_content(element) { collector.lost(element.label) } else { collector.unmapped(element.label) }
}

fn has_content(element: &Element<'_>) -> bool {
    let is_said = |name: &str, value: &str| {
        is_content(name, value) && (is_named_for_text(name) || matches!(name, "name" | "alt") || is_sentence(value))
    };
    element.value().is_some_and(|value| !content_of_field(element.name(), value).is_empty())
        || element.attributes().any(|(name, value)| is_said(name, value))
        || element.children.iter().any(has_content)
}
