//! What is asked of the tree that a text was read into.

use ammonia::Url;
use html5ever::{Attribute, ns};
use markup5ever_rcdom::{Handle, NodeData};

use super::{Fate, LONGEST_VALUE, fate};
use crate::rich_text::sanitise;

pub(super) fn begins_with_break(node: &Handle) -> bool {
    node.children
        .borrow()
        .first()
        .is_some_and(|first| matches!(&first.data, NodeData::Text { contents } if contents.borrow().starts_with('\n')))
}

pub(super) fn value<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a str> {
    let found = attributes.iter().find(|attribute| attribute.name.ns == ns!() && *attribute.name.local == *name)?;
    Some(&found.value)
}

/// What a node is in.
pub(super) fn parent(node: &Handle) -> Option<Handle> {
    let parent = node.parent.take();
    node.parent.set(parent.clone());
    parent.and_then(|parent| parent.upgrade())
}

/// How much of what is below an element is looked at.
const MOST_BELOW: usize = 10_000;

/// What is below a node, in its order.
pub(super) fn below(node: &Handle) -> impl Iterator<Item = Handle> {
    let mut next: Vec<Handle> = node.children.borrow().iter().rev().cloned().collect();
    let all = std::iter::from_fn(move || {
        let node = next.pop()?;
        next.extend(node.children.borrow().iter().rev().cloned());
        if let NodeData::Element { template_contents, .. } = &node.data {
            next.extend(template_contents.borrow().clone());
        }
        Some(node)
    });
    all.take(MOST_BELOW)
}

/// The words of what is below a node, but for scripts and styles.
pub(super) fn words(node: &Handle) -> String {
    let mut words = String::new();
    let template = match &node.data {
        NodeData::Element { template_contents, .. } => template_contents.borrow().clone(),
        _ => None,
    };
    for node in below(node).chain(template.iter().flat_map(below)) {
        if let NodeData::Text { contents } = &node.data {
            words.push_str(&contents.borrow());
            words.push(' ');
        }
        if words.len() > LONGEST_VALUE {
            break;
        }
    }
    words
}

/// An attribute of a node, if it is an element of one of these names.
pub(super) fn value_of(node: &Handle, elements: &[&str], attribute: &str) -> Option<String> {
    let NodeData::Element { name, attrs, .. } = &node.data else { return None };
    elements.contains(&&*name.local).then(|| value(&attrs.borrow(), attribute).map(str::to_owned))?
}

/// The addresses of the files that something embedded plays, among what is in it.
pub(super) fn addresses_of_files(node: &Handle) -> impl Iterator<Item = String> {
    below(node).filter_map(|node| {
        let name = value_of(&node, &["param"], "name").unwrap_or_default().to_ascii_lowercase();
        if matches!(name.as_str(), "movie" | "src" | "url") {
            return value_of(&node, &["param"], "value");
        }
        value_of(&node, &["source"], "src")
    })
}

/// Where what is in it leads.
pub(super) fn addresses_of_links(node: &Handle) -> impl Iterator<Item = String> {
    below(node).filter_map(|node| value_of(&node, &["a"], "href"))
}

/// Whether something else is embedded in it.
pub(super) fn holds_embeds(node: &Handle) -> bool {
    below(node).any(|node| is_embed(&node))
}

/// Where a figure leads that has been made of something embedded, what that is called, and what holds the words that stand
/// behind it.
pub(super) fn led_to(figure: &Handle, attributes: &[Attribute]) -> Option<(String, Option<String>, Option<Handle>)> {
    if value(attributes, "class") != Some("embed") {
        return None;
    }
    let children = figure.children.borrow();
    let (link, instead) = match children.as_slice() {
        [link] => (link, None),
        [link, words] if is_element(words, "figcaption") => (link, Some(words.clone())),
        _ => return None,
    };
    let url = value_of(link, &["a"], "href").filter(|url| is_address(url))?;
    let words = words(link);
    let title = words.split_whitespace().collect::<Vec<_>>().join(" ");
    // It is called by its address where it has no name.
    let is_named = !title.is_empty() && title != url;
    Some((url, is_named.then_some(title), instead))
}

/// Whether the words of a node are those of an option of the list that it is in.
pub(super) fn is_copy_of_option(node: &Handle) -> bool {
    let list = std::iter::successors(parent(node), parent).find(|node| is_element(node, "select"));
    let folded = |node: &Handle| words(node).split_whitespace().collect::<Vec<_>>().join(" ");
    let own = folded(node);
    // Of more words than are looked at, some may be none of the option's.
    let is_option = |below: Handle| is_element(&below, "option") && folded(&below) == own;
    own.is_empty() || (own.len() < LONGEST_VALUE / 2 && list.is_some_and(|list| below(&list).any(is_option)))
}

pub(super) fn is_element(node: &Handle, element: &str) -> bool {
    matches!(&node.data, NodeData::Element { name, .. } if *name.local == *element)
}

fn is_embed(node: &Handle) -> bool {
    match &node.data {
        NodeData::Element { name, .. } => name.ns == ns!(html) && matches!(fate(&name.local), Some(Fate::Embed)),
        _ => false,
    }
}

/// Whether there is nothing in an element but what is embedded.
pub(super) fn is_of_embeds(node: &Handle) -> bool {
    let children = node.children.borrow();
    let is_space = |node: &Handle| match &node.data {
        NodeData::Text { contents } => contents.borrow().trim().is_empty(),
        NodeData::Comment { .. } => true,
        _ => false,
    };
    children.iter().any(is_embed) && children.iter().all(|node| is_space(node) || is_embed(node))
}

/// Whether it is an address of something that can be led to.
pub(super) fn is_address(url: &str) -> bool {
    let url = url.trim();
    !url.is_empty() && !url.starts_with('#') && url.len() <= LONGEST_VALUE && sanitise::is_of_web(url)
}

/// The same, with all that is needed to find it from anywhere.
pub(super) fn is_whole(url: &str) -> bool {
    Url::parse(url).is_ok() && is_address(url)
}
