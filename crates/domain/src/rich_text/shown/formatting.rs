//! Formatting that is written as styles, which do not stand: it becomes the elements that say the same.

use html5ever::{Attribute, LocalName, local_name, ns};
use markup5ever_rcdom::{Handle, NodeData};

use super::{
    Fate, Step, Walk,
    dom::{below, value},
    enter_all, fate,
    meant::{Meant, declarations},
};
use crate::rich_text::{derive::INLINE, sanitise};

/// Formatting that a text can have, as a set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Formatting(u8);

const BOLD: Formatting = Formatting(1);
const ITALIC: Formatting = Formatting(1 << 1);
const UNDERLINED: Formatting = Formatting(1 << 2);
const STRUCK: Formatting = Formatting(1 << 3);
const RAISED: Formatting = Formatting(1 << 4);
const LOWERED: Formatting = Formatting(1 << 5);

/// The element that each becomes, and those that have it by themselves.
const ELEMENTS: [(Formatting, &str, &[&str]); 6] = [
    (BOLD, "b", &["b", "strong"]),
    (ITALIC, "i", &["em", "i"]),
    (UNDERLINED, "u", &["ins", "u"]),
    (STRUCK, "s", &["del", "s", "strike"]),
    (RAISED, "sup", &["sup"]),
    (LOWERED, "sub", &["sub"]),
];

impl Formatting {
    const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    fn set(&mut self, one: Self, is_on: bool) {
        *self = if is_on { self.with(one) } else { self.without(one) };
    }
}

/// What the styles of an element say of formatting.
#[derive(Default)]
struct Said {
    on: Formatting,
    off: Formatting,
}

impl Said {
    fn of(element: &str, attributes: &[Attribute]) -> Self {
        let mut said = Self::default();
        let Some(style) = value(attributes, "style") else { return said };
        for (property, text) in declarations(&style.to_ascii_lowercase()) {
            let words = || text.split_ascii_whitespace();
            match property {
                "font-weight" => said.say(BOLD, words().find_map(is_bold)),
                "font-style" => said.say(ITALIC, words().find_map(is_italic)),
                // What it does not name it resets, but nobody means that.
                "font" => {
                    said.say(BOLD, words().find_map(is_bold).filter(|is_bold| *is_bold));
                    said.say(ITALIC, words().find_map(is_italic).filter(|is_italic| *is_italic));
                }
                "text-decoration" | "text-decoration-line" | "-webkit-text-decoration" => {
                    let is_none = words().any(|word| matches!(word, "none" | "initial"));
                    for (line, name, own) in
                        [(UNDERLINED, "underline", &["u"][..]), (STRUCK, "line-through", &["s", "strike"])]
                    {
                        let is_on = words().any(|word| word == name);
                        said.on.set(line, is_on);
                        // It takes away the element's own line, and none of those it is in.
                        said.off.set(line, !is_on && is_none && own.contains(&element));
                    }
                }
                "vertical-align" if is_inline_name(element) => {
                    said.on.set(RAISED, words().any(|word| word == "super"));
                    said.on.set(LOWERED, words().any(|word| word == "sub"));
                }
                _ => {}
            }
        }
        // Links are underlined anyway.
        if element == "a" {
            said.on.set(UNDERLINED, false);
        }
        said
    }

    fn say(&mut self, one: Formatting, is_on: Option<bool>) {
        if let Some(is_on) = is_on {
            self.on.set(one, is_on);
            self.off.set(one, !is_on);
        }
    }
}

fn is_bold(word: &str) -> Option<bool> {
    match word {
        "bold" | "bolder" => Some(true),
        "initial" | "lighter" | "normal" => Some(false),
        word => word.parse().ok().map(|weight: f32| weight >= 600.0),
    }
}

fn is_italic(word: &str) -> Option<bool> {
    match word {
        "italic" | "oblique" => Some(true),
        "initial" | "normal" => Some(false),
        _ => None,
    }
}

/// Whether an element of formatting has styles that take from it what it is for, or one in a line is there for its styles.
pub(super) fn is_undone(element: &str, attributes: &[Attribute]) -> bool {
    let said = Said::of(element, attributes);
    let is_format = ELEMENTS.iter().any(|(one, _, same)| said.off.meets(*one) && same.contains(&element));
    is_format || (element == "span" && said.on != Formatting::default())
}

impl Walk {
    /// Such an element is a span, for its other attributes, or does not stand.
    pub(super) fn undone(&mut self, node: &Handle, element: &str, attributes: &[Attribute], steps: &mut Vec<Step>) {
        let says_more =
            attributes.iter().any(|attribute| sanitise::keeps("span", &attribute.name.local, &attribute.value))
                || !Meant::of_style("span", value(attributes, "style").unwrap_or_default()).attributes.is_empty();
        if says_more {
            self.begin(local_name!("span"), node, attributes, steps);
        } else {
            self.enter_nameless(node, element, attributes, steps);
        }
    }

    /// The formatting of all that is in an element, as far as it is not written yet.
    pub(super) fn formatting(&mut self, element: &str, attributes: &[Attribute]) -> Formatting {
        let inherited = std::mem::take(&mut self.inherited);
        if sanitise::FORMULA.contains(&element) || sanitise::is_void(element) {
            return Formatting::default();
        }
        let said = Said::of(element, attributes);
        let mut formatting = inherited.without(said.off).with(said.on);
        for (one, _, same) in ELEMENTS {
            if formatting.meets(one) && self.open.iter().map(|open| &**open).chain([element]).any(|e| same.contains(&e))
            {
                formatting.set(one, false);
            }
        }
        formatting
    }

    /// Enters what is in an element that does not stand itself.
    pub(super) fn enter_nameless(
        &mut self,
        node: &Handle,
        element: &str,
        attributes: &[Attribute],
        steps: &mut Vec<Step>,
    ) {
        // It has nothing by itself.
        let is_format = ELEMENTS.iter().any(|(.., same)| same.contains(&element));
        let formatting = self.formatting(if is_format { "span" } else { element }, attributes);
        enter_formatted(node, formatting, steps);
    }

    /// Enters what has formatting from what it is in.
    pub(super) fn enter_inheriting(&mut self, node: &Handle, formatting: Formatting, steps: &mut Vec<Step>) {
        if let NodeData::Element { name, attrs, .. } = &node.data {
            self.inherited = formatting;
            self.element(node, name, &attrs.borrow(), steps);
            self.inherited = Formatting::default();
        }
    }
}

/// Enters what is in an element. What is in a line gets the elements of its formatting around it; blocks have it within.
pub(super) fn enter_formatted(node: &Handle, formatting: Formatting, steps: &mut Vec<Step>) {
    if formatting == Formatting::default() {
        return enter_all(node, steps);
    }
    let mut inner = Vec::new();
    let mut line = Vec::new();
    for child in node.children.borrow().iter() {
        if is_in_line(child, formatting) {
            line.push(child.clone());
        } else {
            end_line(&mut line, formatting, &mut inner);
            inner.push(Step::Formatted(child.clone(), formatting));
        }
    }
    end_line(&mut line, formatting, &mut inner);
    steps.extend(inner.into_iter().rev());
}

fn end_line(line: &mut Vec<Handle>, formatting: Formatting, steps: &mut Vec<Step>) {
    let is_word = |node: &Handle| match &node.data {
        NodeData::Text { contents } => !contents.borrow().trim().is_empty(),
        _ => false,
    };
    let has_words = line.iter().any(|node| is_word(node) || below(node).any(|node| is_word(&node)));
    let around = || ELEMENTS.iter().filter(|(one, ..)| has_words && formatting.meets(*one)).map(|(_, name, _)| *name);
    steps.extend(around().map(|name| Step::Begin(LocalName::from(name))));
    steps.extend(line.drain(..).map(Step::Enter));
    steps.extend(around().collect::<Vec<_>>().into_iter().rev().map(|name| Step::End(LocalName::from(name))));
}

/// Whether there are no blocks in it, and nothing that is without some of the formatting.
fn is_in_line(node: &Handle, formatting: Formatting) -> bool {
    std::iter::once(node.clone()).chain(below(node)).all(|node| match &node.data {
        NodeData::Element { name, attrs, .. } if name.ns == ns!(html) => {
            is_inline_name(&name.local) && !Said::of(&name.local, &attrs.borrow()).off.meets(formatting)
        }
        _ => true,
    })
}

fn is_inline_name(name: &str) -> bool {
    name == "br"
        || INLINE.contains(&name)
        || match fate(name) {
            Some(Fate::Apart | Fate::Gone) => true,
            Some(_) => false,
            None => !sanitise::is_shown(name),
        }
}
