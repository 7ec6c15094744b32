//! What its source took back: as Courant's own feeds say it, and as Atom does (RFC 6721).

use super::Entry;
use crate::read::{collect::Collector, date, text::Markup, xml::Element};

/// What became of an item at its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Departed {
    /// It is gone, or leads elsewhere now.
    Gone,
    /// A notice stands in the place of its text.
    Withdrawn,
}

impl Entry {
    /// Notes the state that a feed of Courant's names for an item. What nobody knows does not make it public.
    pub(super) fn state(&mut self, label: &str, state: &str, collector: &mut Collector) {
        match state {
            "LIVE" => {}
            "GONE" | "MOVED" => self.departed = Some(Departed::Gone),
            "WITHDRAWN" => self.departed = Some(Departed::Withdrawn),
            other => self.hide(label, Some(other), collector),
        }
    }

    /// Notes the same of an element; whether it is one that says it.
    pub(super) fn has_state(&mut self, element: &Element<'_>, collector: &mut Collector) -> bool {
        let is_state = element.label == "courant:state";
        if is_state {
            self.state(element.label, element.value().unwrap_or_default(), collector);
        }
        is_state
    }
}

/// The notice in the place of a text, without the word for it that feeds put on top.
pub(super) fn notice(text: Markup) -> String {
    let html = text.into_html();
    let behind = html.strip_prefix("<p><strong>").and_then(|rest| rest.split_once("</strong></p>"));
    behind.map(|(_, notice)| notice.trim().to_owned()).unwrap_or(html)
}

/// Takes in an `at:deleted-entry`.
pub(super) fn deleted_entry(number: usize, element: &Element<'_>, collector: &mut Collector) {
    let at = element.attribute("when").and_then(|when| date::parse(when, collector.time_zone()));
    collector.gone(format!("deleted entry {number}"), element.attribute("ref").unwrap_or_default(), at);
}
