//! What Media RSS (version 1.5.1) and podcasts have in the place of a text and an author, for items without either.

use super::{
    Entry, add_author,
    image::{self, Images},
};
use crate::read::{
    collect::Collector,
    text::Markup,
    xml::{Element, Namespace},
};

/// The elements that took the place of others.
#[derive(Default)]
pub(super) struct FallbackElements<'a>(Vec<&'a Element<'a>>);

impl<'a> FallbackElements<'a> {
    /// Gives an item what it lacks of these elements of its.
    pub(super) fn fill(
        elements: &[&'a Element<'a>],
        entry: &mut Entry,
        images: &Images,
        collector: &mut Collector,
    ) -> Self {
        let mut fallbacks = Self::default();
        let shows_pictures = images.has_pictures() || entry.shows_pictures();
        if entry.content.is_none()
            && entry.summary.is_none()
            && let Some(text) = text(elements)
        {
            entry.content = Some(markup(text));
            fallbacks.0.push(text);
        }
        if entry.authors.is_empty() {
            for person in persons(elements, shows_pictures, images.has_others()) {
                add_author(&mut entry.authors, person.value(), collector);
                fallbacks.0.push(person);
            }
        }
        fallbacks
    }

    /// Whether an element was taken.
    pub(super) fn has(&self, element: &Element<'_>) -> bool {
        self.0.iter().any(|taken| std::ptr::addr_eq(*taken, element))
    }
}

impl Entry {
    /// Whether there are pictures in its text.
    fn shows_pictures(&self) -> bool {
        let texts = [&self.content, &self.summary].into_iter().flatten();
        texts.into_iter().any(|text| matches!(text, Markup::Html(html) if html.contains("<img")))
    }
}

/// The first text: a description of the item, of its group of media or of its first medium, else a podcast's summary.
fn text<'a>(elements: &[&'a Element<'a>]) -> Option<&'a Element<'a>> {
    let media = |names: &'static [&'static str]| {
        elements.iter().find_map(|element| {
            let (first, below) = names.split_first()?;
            let mut found = Some(*element).filter(|element| is(element, Namespace::Media, first))?;
            for name in below {
                found = found.children.iter().find(|child| is(child, Namespace::Media, name))?;
            }
            found.value().map(|_| found)
        })
    };
    let podcast = |name| {
        elements.iter().copied().find(|element| is(element, Namespace::Itunes, name) && element.value().is_some())
    };
    media(&["description"])
        .or_else(|| media(&["group", "description"]))
        .or_else(|| media(&["content", "description"]))
        .or_else(|| media(&["group", "content", "description"]))
        .or_else(|| podcast("summary"))
        .or_else(|| podcast("subtitle"))
}

/// Who made it. Who made a picture of it is somebody else, and so is who is credited with another part than the words:
/// where there are pictures, wherever the item has them, and nothing but pictures, a credit without a role is theirs.
fn persons<'a>(elements: &[&'a Element<'a>], shows_pictures: bool, has_others: bool) -> Vec<&'a Element<'a>> {
    let author =
        elements.iter().copied().find(|element| is(element, Namespace::Itunes, "author") && element.value().is_some());
    if let Some(author) = author {
        return vec![author];
    }
    let groups = elements.iter().filter(|element| is(element, Namespace::Media, "group"));
    let all: Vec<&Element<'_>> = elements.iter().copied().chain(groups.flat_map(|group| &group.children)).collect();
    let is_medium = |element: &Element<'_>| {
        ["content", "player", "thumbnail"].into_iter().any(|name| is(element, Namespace::Media, name))
    };
    let mut media = all.iter().filter(|element| is_medium(element)).peekable();
    let has_pictures = shows_pictures || media.peek().is_some();
    let are_pictures = has_pictures && !has_others && media.all(|medium| image::is_picture(medium));
    all.into_iter()
        .filter(|element| is(element, Namespace::Media, "credit"))
        .filter(|credit| match credit.attribute("role") {
            None => !are_pictures,
            Some(role) => matches!(role, "author" | "journalist" | "reporter" | "writer"),
        })
        .filter(|credit| credit.value().is_some())
        .collect()
}

/// The words of an element, which Media RSS says the kind of and podcasts do not.
pub(super) fn markup(element: &Element<'_>) -> Markup {
    let text = element.markup();
    let is_html = match element.attribute("type") {
        Some(kind) => kind == "html",
        None => !element.children.is_empty() || text.contains("</") || text.contains("<br"),
    };
    if is_html { Markup::Html(text) } else { Markup::Plain(text) }
}

fn is(element: &Element<'_>, namespace: Namespace, name: &str) -> bool {
    element.namespace == namespace && element.name() == name
}
