//! Between which times a source shows an item: `dcterms:available`, `dcterms:valid`, `prism:expirationDate`, `expires` and their kind.

use jiff::Timestamp;

use super::Entry;
use crate::read::{
    collect::Collector,
    date::{self, DayOrder},
    text::squeezed,
    xml::{Element, Namespace},
};

/// Names of fields with the time before which an item is not shown.
const FROM: [&str; 15] = [
    "available",
    "availablefrom",
    "availabledate",
    "dateavailable",
    "availabilitydate",
    "validfrom",
    "visiblefrom",
    "onlinefrom",
    "publishafter",
    "publishat",
    "publishon",
    "publishfrom",
    "golive",
    "golivedate",
    "notbefore",
];

/// Names of fields with the time after which it is not shown.
const UNTIL: [&str; 24] = [
    "expires",
    "expire",
    "expiry",
    "expiration",
    "expirationdate",
    "expirydate",
    "expireson",
    "expiresat",
    "expiredate",
    "dateexpires",
    "dateexpired",
    "expired",
    "validuntil",
    "validto",
    "validthrough",
    "availableuntil",
    "availableto",
    "visibleuntil",
    "onlineuntil",
    "unpublishat",
    "unpublishon",
    "unpublishdate",
    "killdate",
    "notafter",
];

/// What a field is to what is shown.
enum Bound {
    From,
    Until,
    /// A time of both (DCMI Period: `start=2030-01-01; end=2031-01-01`).
    Period,
}

impl Entry {
    /// Notes what the elements of an item say of when it is shown.
    pub(super) fn shown_by(&mut self, item: &Element<'_>, collector: &mut Collector) {
        for (name, value) in item.attributes() {
            self.shown_between(name, Some(value), collector);
        }
        for child in item.children.iter().filter(|child| child.children.is_empty()) {
            // The date it was issued is that of its publication where there is no other.
            if child.namespace == Namespace::DublinCore && child.name() == "issued" {
                let issued = child.value().filter(|issued| self.published.as_deref() != Some(*issued));
                if let Some(at) = issued.and_then(|issued| self.time(issued, collector)) {
                    self.shown.not_before(at);
                }
            } else {
                self.shown_between(child.label, child.value(), collector);
            }
        }
    }

    /// Notes what a field says of when it is shown. A time that cannot be read may not have come yet, or be over.
    pub(super) fn shown_between(&mut self, label: &str, value: Option<&str>, collector: &mut Collector) {
        let Some(value) = value.map(str::trim).filter(|value| !value.is_empty()) else { return };
        let name = squeezed(label.rsplit(':').next().unwrap_or_default());
        let bound = match name.as_str() {
            "valid" => Bound::Period,
            name if FROM.contains(&name) => Bound::From,
            name if UNTIL.contains(&name) => Bound::Until,
            _ => return,
        };
        // Some say yes or no where others say when, and some how many seconds a copy is good for.
        let (says_yes, says_no) = match squeezed(value).as_str() {
            "yes" | "true" | "always" | "now" | "immediately" | "1" => (true, false),
            "no" | "false" | "never" | "none" | "null" | "0" => (false, true),
            _ => (false, false),
        };
        let is_count = value.len() < 9 && value.bytes().all(|byte| byte.is_ascii_digit());
        let is_read = match bound {
            Bound::From if says_yes => true,
            Bound::Until if says_no || is_count && value.len() != 4 => true,
            Bound::From => self.time(value, collector).map(|at| self.shown.not_before(at)).is_some(),
            Bound::Until => self.time(value, collector).map(|at| self.shown.not_after(at)).is_some(),
            Bound::Period if says_yes => true,
            Bound::Period => self.period(value, collector).is_some(),
        };
        if !is_read {
            self.hide(label, Some(value), collector);
        }
    }

    /// A period with a start and an end, each of which may be open, or a time alone: before it nothing is valid.
    fn period(&mut self, value: &str, collector: &Collector) -> Option<()> {
        let parts: Vec<(&str, &str)> = value.split(';').filter_map(|part| part.split_once('=')).collect();
        let (start, end) = match (parts.is_empty(), value.split_once('/')) {
            (false, _) => {
                let part = |wanted: &str| {
                    parts
                        .iter()
                        .find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted))
                        .map(|(_, value)| value.trim())
                };
                (part("start"), part("end"))
            }
            (true, Some((start, end))) if start.len() >= 8 => (Some(start), Some(end)),
            (true, _) => (Some(value), None),
        };
        let is_open = |text: &&str| !matches!(*text, "" | ".." | "-");
        if let Some(start) = start.filter(is_open) {
            self.shown.not_before(self.time(start, collector)?);
        }
        if let Some(end) = end.filter(is_open) {
            self.shown.not_after(self.time(end, collector)?);
        }
        Some(())
    }

    fn time(&self, text: &str, collector: &Collector) -> Option<Timestamp> {
        let own = self.language.as_deref().and_then(|language| language.replace('_', "-").parse().ok());
        let reading = date::read(text, DayOrder::of(own.or(collector.locale())), collector.time_zone())?;
        reading.unknown_zone.is_none().then_some(reading.moment)
    }
}
