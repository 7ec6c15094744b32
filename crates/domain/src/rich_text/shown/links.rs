//! Where the links of a text lead within it.

use std::collections::HashSet;

use markup5ever_rcdom::{Handle, NodeData};

use super::dom::value;
use crate::rich_text::anchors;

/// The names that links lead to within their text.
pub(super) fn named(root: &Handle) -> HashSet<String> {
    let mut named = HashSet::new();
    let mut next = vec![root.clone()];
    while let Some(node) = next.pop() {
        if let NodeData::Element { attrs, .. } = &node.data
            && let Some(name) = value(&attrs.borrow(), "href").and_then(|link| link.trim().strip_prefix('#'))
            && !name.is_empty()
        {
            named.insert(anchors::target(name).into_owned());
        }
        next.extend(node.children.borrow().iter().cloned());
    }
    named
}
