//! From lists to the timelines that answer them.

use courant_domain::{
    id::EntryId,
    list::{List, Order, Scope},
    page::{Direction, Position},
};
use uuid::Uuid;

use super::list::ListRequest;
use crate::{
    convert::{day, micros},
    reference::Reference,
};

/// One timeline to be read for one list, between two places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stream {
    /// Which of the lists it is for.
    pub(super) list: usize,
    pub(super) timeline: i32,
    /// Entries must be in at least one timeline of each of these sets, too.
    pub(super) probes: Vec<Vec<i32>>,
    /// Only keys above this place.
    pub(super) lower: Option<Position>,
    /// Only keys below this place.
    pub(super) upper: Option<Position>,
    /// How many are needed of it.
    pub(super) limit: u64,
}

/// What all streams of one statement share.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Shape {
    /// The key that is scanned.
    pub(super) key: Key,
    /// Whether greater keys come first in the scan.
    pub(super) descending: bool,
    /// Conditions on the edition itself, as SQL without parameters, except for the number.
    pub(super) condition: String,
    pub(super) number: Option<String>,
}

/// What a list is ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// A timeline's own key.
    Timeline,
    /// View counts, among what readers of a locale get.
    Views(courant_domain::locale::Locale),
    /// The day of signing.
    SignedDay,
}

impl Key {
    const fn of(list: &List) -> Self {
        match list.order {
            Order::PublishedAtDesc | Order::PublishedAtAsc => Self::Timeline,
            Order::ViewsDesc => Self::Views(list.locale),
            Order::SignedOnDesc | Order::SignedOnAsc => Self::SignedDay,
        }
    }
}

/// The streams of one list, each with the shape of the statement it belongs to.
pub(super) fn streams(index: usize, request: &ListRequest, reference: &Reference) -> Vec<(Shape, Stream)> {
    let list = &request.list;
    let clauses = list.clauses();
    let timelines = |scopes: &[Scope]| -> Vec<i32> {
        let mut ids: Vec<i32> = scopes
            .iter()
            .flat_map(|scope| list.kinds.iter().filter_map(|kind| reference.timeline(list.locale, *kind, *scope)))
            .collect();
        ids.sort_unstable();
        ids
    };
    let mut found = Vec::new();
    let backward = request.page.direction == Direction::Backward;
    let descending = list.order.is_descending() != backward;
    let (mut lower, mut upper) = if list.order.is_descending() {
        (request.page.before, request.page.after)
    } else {
        (request.page.after, request.page.before)
    };
    if Key::of(list) == Key::Timeline {
        // No entry has the nil id, so the place before all of one instant bounds both sides.
        let start = |at| Position { key: micros(at), entry: EntryId::from(Uuid::nil()) };
        lower = lower.max(list.filter.published_from.map(start));
        upper = [upper, list.filter.published_before.map(start)].into_iter().flatten().min();
    }
    let pinned = request.pinned.and_then(|feed| reference.feed(feed)).map_or(0, |feed| feed.pinned.len());
    let limit = u64::from(request.page.size) + 1 + request.excluding.len() as u64 + pinned as u64;
    let stream = |timeline, probes| Stream { list: index, timeline, probes, lower, upper, limit };

    if let Some(feed) = request.pinned {
        let shape = Shape { key: Key::Timeline, descending, condition: String::new(), number: None };
        found.extend(
            timelines(&[Scope::Pinned(feed)]).into_iter().map(|timeline| (shape.clone(), stream(timeline, Vec::new()))),
        );
        if request.pinned_only {
            return found;
        }
    }
    let probes: Vec<Vec<i32>> = clauses[1..].iter().map(|clause| timelines(clause)).collect();
    if probes.iter().any(Vec::is_empty) {
        return found; // Nothing was ever filed under one of the conditions.
    }
    let shape =
        Shape { key: Key::of(list), descending, condition: condition(list), number: list.filter.number.clone() };
    found.extend(timelines(&clauses[0]).into_iter().map(|timeline| (shape.clone(), stream(timeline, probes.clone()))));
    found
}

/// The conditions that no timeline answers. Every value in them is a number or a locale's tag.
fn condition(list: &List) -> String {
    use courant_domain::decree::LegalStatus;
    let filter = &list.filter;
    let mut conditions = Vec::new();
    if Key::of(list) != Key::Timeline {
        conditions.extend(filter.published_from.map(|at| format!("e.published_at >= {}", micros(at))));
        conditions.extend(filter.published_before.map(|at| format!("e.published_at < {}", micros(at))));
    }
    if filter.exact_locale {
        conditions.push(format!("e.locale = '{}'", list.locale));
    }
    conditions.extend(filter.signed_from.map(|date| format!("e.signed_day >= {}", day(date))));
    conditions.extend(filter.signed_before.map(|date| format!("e.signed_day < {}", day(date))));
    if let Some((statuses, on)) = &filter.status {
        let on = day(*on);
        let reached = |column: &str| format!("coalesce(e.{column} <= {on}, FALSE)");
        let (partly_from, from) = (reached("partly_from_day"), reached("from_day"));
        let (partly_until, until) = (reached("partly_until_day"), reached("until_day"));
        // The same rule as `Force::status`; a test holds the two against each other.
        let any: Vec<String> = statuses
            .iter()
            .map(|status| match status {
                LegalStatus::Repealed => until.clone(),
                LegalStatus::InForce => format!("({from} AND NOT {partly_until} AND NOT {until})"),
                LegalStatus::PartiallyInForce => {
                    format!("(NOT {until} AND (({from} AND {partly_until}) OR (NOT {from} AND {partly_from})))")
                }
                LegalStatus::NotYetInForce => format!("(NOT {until} AND NOT {from} AND NOT {partly_from})"),
            })
            .collect();
        let any = if any.is_empty() { "FALSE".to_owned() } else { any.join(" OR ") };
        conditions.push(format!("e.kind = 'DECREE' AND ({any})"));
    }
    conditions.iter().map(|condition| format!(" AND {condition}")).collect()
}
