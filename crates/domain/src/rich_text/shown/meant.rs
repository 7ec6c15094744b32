//! What styles, and other attributes, say that an attribute can say.

use std::borrow::Cow;

use html5ever::{Attribute, LocalName, local_name, ns};
use markup5ever_rcdom::{Handle, NodeData};

use super::{
    dom::{parent, value},
    pictures,
};
use crate::rich_text::sanitise;

/// What attributes say in the words of styles, which do not stand, and of which there is an attribute that does.
#[derive(Default)]
pub(super) struct Meant {
    pub(super) attributes: Vec<(&'static str, Cow<'static, str>)>,
    /// What no attribute says: how a list has its points numbered, or an alignment by a direction that is not known.
    pub(super) unsaid: Option<String>,
}

impl Meant {
    pub(super) fn of(element: &str, node: &Handle, attributes: &[Attribute]) -> Self {
        let mut meant = Self::of_style(element, value(attributes, "style").unwrap_or_default());
        if !meant.says("align")
            && let Some(align) = alignment(element, node, attributes)
        {
            meant.attributes.push(("align", align.into()));
        }
        meant.align(node, attributes);
        if element == "img"
            && let Some(url) = pictures::offered(node, attributes)
        {
            meant.attributes.push(("src", url.into()));
        }
        let says = |name: &str| value(attributes, name).is_some() || meant.says(name);
        // Browsers show numbers in a list that has none, unless its points say so themselves.
        if element == "li" && !says("type") && parent(node).is_some_and(|list| is_without_marks(&list)) {
            meant.attributes.push(("type", "none".into()));
        }
        meant
    }

    pub(super) fn of_style(element: &str, style: &str) -> Self {
        let mut meant = Self::default();
        for (property, text) in declarations(&style.to_ascii_lowercase()) {
            let mut words = text.split_ascii_whitespace();
            let found = match property {
                "text-align" => words
                    .find_map(alignment_of)
                    .filter(|_| sanitise::ALIGNED.contains(&element))
                    .map(|align| ("align", align)),
                "list-style" | "list-style-type" if matches!(element, "li" | "ol" | "ul") => {
                    match marks(property, text) {
                        Some(Marks::Type(ty)) if element != "ul" || ty == "none" => Some(("type", ty)),
                        Some(Marks::Other(words)) => {
                            meant.unsaid = Some(format!("{property}: {words}"));
                            None
                        }
                        _ => None,
                    }
                }
                "direction" => {
                    words.find_map(|word| ["ltr", "rtl"].into_iter().find(|dir| *dir == word)).map(|dir| ("dir", dir))
                }
                _ => None,
            };
            if let Some(found) = found {
                // The last one counts.
                meant.attributes.retain(|(name, _)| *name != found.0);
                meant.attributes.push((found.0, found.1.into()));
            }
        }
        meant
    }

    /// Puts the side in the place of the start and the end of lines, which only styles know.
    fn align(&mut self, node: &Handle, attributes: &[Attribute]) {
        let Some(at) = self.attributes.iter().position(|(name, _)| *name == "align") else { return };
        let is_end = match &*self.attributes[at].1 {
            "end" => true,
            "start" => false,
            _ => return,
        };
        let own = self.attributes.iter().find(|(name, _)| *name == "dir").map(|(_, dir)| dir.to_string());
        let dir = own.or_else(|| value(attributes, "dir").map(str::to_owned)).or_else(|| direction_around(node));
        match dir.as_deref().map(str::trim) {
            Some(dir) if dir.eq_ignore_ascii_case("ltr") => {
                self.attributes[at].1 = if is_end { "right" } else { "left" }.into();
            }
            Some(dir) if dir.eq_ignore_ascii_case("rtl") => {
                self.attributes[at].1 = if is_end { "left" } else { "right" }.into();
            }
            _ => {
                self.attributes.remove(at);
                if is_end && self.unsaid.is_none() {
                    self.unsaid = Some("text-align: end".to_owned());
                }
            }
        }
    }

    pub(super) fn holds(&self, name: &str) -> bool {
        matches!(name, "style" | "class") || self.says(name)
    }

    fn says(&self, name: &str) -> bool {
        self.attributes.iter().any(|(meant, _)| *meant == name)
    }
}

/// The first four as attributes say them; the others are by the direction of the text.
const ALIGNMENTS: [&str; 6] = ["left", "right", "center", "justify", "start", "end"];

fn alignment_of(word: &str) -> Option<&'static str> {
    let word = ["-webkit-", "-moz-", "-khtml-"].into_iter().find_map(|maker| word.strip_prefix(maker)).unwrap_or(word);
    ALIGNMENTS.into_iter().find(|align| *align == word)
}

/// The direction that what a node is in is written in, if it says so.
fn direction_around(node: &Handle) -> Option<String> {
    std::iter::successors(parent(node), parent).find_map(|outer| {
        let NodeData::Element { attrs, .. } = &outer.data else { return None };
        value(&attrs.borrow(), "dir").map(str::to_owned)
    })
}

/// The alignment of an element whose own style says none: that of its class or, of a paragraph or a heading, of what it is in and that has
/// no attribute for it, as a quotation has none.
fn alignment(element: &str, node: &Handle, attributes: &[Attribute]) -> Option<&'static str> {
    /// Editors put no more around a paragraph of theirs.
    const AROUND: usize = 4;
    if !sanitise::ALIGNED.contains(&element) {
        return None;
    }
    let own = of_class(attributes).or_else(|| {
        // The block editor's, of a cell.
        let align = value(attributes, "data-align").filter(|_| value(attributes, "align").is_none())?.trim();
        ALIGNMENTS.into_iter().find(|known| known.eq_ignore_ascii_case(align))
    });
    let is_of_words = matches!(element, "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "p");
    if own.is_some() || !is_of_words || value(attributes, "align").is_some() {
        return own;
    }
    let around = std::iter::successors(parent(node), parent).take(AROUND);
    around.map_while(|outer| outer_alignment(&outer)).find_map(|align| align)
}

/// What an element says of the alignment of what is in it; `None` where it says that itself or is the end of what is looked at.
fn outer_alignment(outer: &Handle) -> Option<Option<&'static str>> {
    let NodeData::Element { name, attrs, .. } = &outer.data else { return None };
    let attributes = &*attrs.borrow();
    if sanitise::ALIGNED.contains(&&*name.local) || name.ns != ns!(html) {
        return None;
    }
    let style = value(attributes, "style").unwrap_or_default();
    // As a paragraph would read it.
    let meant = Meant::of_style("p", style);
    let own = meant.attributes.iter().find(|(name, _)| *name == "align").and_then(|(_, align)| alignment_of(align));
    Some(own.or_else(|| of_class(attributes)))
}

/// The alignment that a class says in the words of an editor: WordPress' `has-text-align-right`, Quill's `ql-align-right`, and `text-right`
/// or `text-align-right` of others.
fn of_class(attributes: &[Attribute]) -> Option<&'static str> {
    let classes = value(attributes, "class")?.split_ascii_whitespace();
    classes.into_iter().find_map(|class| {
        let said = ["has-text-align-", "ql-align-", "text-align-", "text-"]
            .into_iter()
            .find_map(|it| class.strip_prefix(it))?;
        ALIGNMENTS.into_iter().find(|known| *known == said)
    })
}

/// The declarations of a style: their properties and what they say.
pub(super) fn declarations(style: &str) -> impl Iterator<Item = (&str, &str)> {
    style.split(';').filter_map(|declaration| {
        let (property, text) = declaration.split_once(':')?;
        let text = text.split_once('!').map_or(text, |(text, _)| text);
        Some((property.trim(), text.trim()))
    })
}

/// What stands in front of the points of a list.
enum Marks {
    Type(&'static str),
    Bullets,
    /// What no attribute says.
    Other(String),
}

fn marks(property: &str, text: &str) -> Option<Marks> {
    let known = text.split_ascii_whitespace().find_map(|word| {
        Some(match word {
            "decimal" => Marks::Type("1"),
            "lower-alpha" | "lower-latin" => Marks::Type("a"),
            "upper-alpha" | "upper-latin" => Marks::Type("A"),
            "lower-roman" => Marks::Type("i"),
            "upper-roman" => Marks::Type("I"),
            "lower-greek" => Marks::Type("lower-greek"),
            "decimal-leading-zero" => Marks::Type("decimal-leading-zero"),
            "circle" | "disc" | "square" => Marks::Bullets,
            _ => return None,
        })
    });
    if known.is_some() {
        return known;
    }
    // In front of another word it is for the picture.
    if text.split_ascii_whitespace().any(|word| word == "none") {
        return Some(Marks::Type("none"));
    }
    let is_usual = matches!(text, "" | "inherit" | "initial" | "revert" | "revert-layer" | "unset");
    (property == "list-style-type" && !is_usual).then(|| Marks::Other(text.to_owned()))
}

/// The list that an element is to readers: numbers make one that has an order of another, and bullets the other way round.
pub(super) fn list(name: LocalName, attributes: &[Attribute]) -> LocalName {
    if !matches!(&*name, "ol" | "ul") {
        return name;
    }
    let style = value(attributes, "style").unwrap_or_default().to_ascii_lowercase();
    let said = declarations(&style).filter(|(property, _)| matches!(*property, "list-style" | "list-style-type"));
    match said.filter_map(|(property, text)| marks(property, text)).last() {
        Some(Marks::Bullets) => local_name!("ul"),
        Some(Marks::Type(ty)) if ty != "none" => local_name!("ol"),
        _ => name,
    }
}

fn is_without_marks(list: &Handle) -> bool {
    let NodeData::Element { name, attrs, .. } = &list.data else { return false };
    let attributes = &*attrs.borrow();
    if name.ns != ns!(html) || !matches!(&*name.local, "ol" | "ul") {
        return false;
    }
    let meant = Meant::of_style(&name.local, value(attributes, "style").unwrap_or_default());
    let ty = meant.attributes.iter().find(|(name, _)| *name == "type").map(|(_, ty)| &**ty);
    ty.or_else(|| value(attributes, "type")) == Some("none")
}
