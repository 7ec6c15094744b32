//! Readers' comments, which some feeds have in the place of articles or among them. They are not taken in.

use super::atom;
use crate::read::xml::{Element, Namespace};

/// Whether an item is a comment: it says what it replies to (RFC 4685 §3), or leads to one on a page.
pub(super) fn is_comment(item: &Element<'_>) -> bool {
    item.children.iter().any(|child| match child.name() {
        "in-reply-to" => child.namespace == Namespace::Foreign,
        "link" if child.attribute("href").is_some() => {
            atom::relation(child) == "alternate" && child.attribute("href").is_some_and(leads_to_one)
        }
        "link" | "guid" | "id" => child.value().is_some_and(leads_to_one),
        _ => false,
    })
}

/// Whether an address is one's: WordPress and others end it in `#comment-12`.
pub(super) fn leads_to_one(address: &str) -> bool {
    let fragment = address.rsplit_once('#').map(|(_, fragment)| fragment.trim());
    let number = fragment.and_then(|fragment| fragment.strip_prefix("comment-"));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}
