//! From lists to the timelines that answer them.

use courant_domain::{
    entry::EntryKind,
    id::EntryId,
    list::{List, Order, Scope},
    locale::Locale,
    page::{Direction, Position},
    reading::ReadingWindow,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::{columns::Known, list::ListRequest};
use crate::{
    db::convert::{day, micros, timestamp},
    error::Result,
    live::{reads::ListReads, scope::TimelineKey},
    reference::Reference,
};

/// One timeline to be read for one list, between two places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stream {
    /// Which of the lists it is for.
    pub(super) list: usize,
    pub(super) timeline: i32,
    /// The kind of what is in the timeline.
    pub(super) kind: EntryKind,
    /// The locale of its readers.
    pub(super) reader: Locale,
    /// The locale of what is in it, where its readers have no fallbacks.
    pub(super) locale: Option<Locale>,
    /// Whether it is ordered by the editors, so that its keys are no times.
    pub(super) pinned: bool,
    /// Entries must be in at least one timeline of each of these sets, too.
    pub(super) probes: Vec<Vec<i32>>,
    /// Only keys above this place.
    pub(super) lower: Option<Position>,
    /// Only keys below this place.
    pub(super) upper: Option<Position>,
    /// How many are needed of it.
    pub(super) limit: u64,
    /// In another order than the timeline's own: the times of what is wanted, where few may be of them or in the timeline.
    pub(super) span: Option<Span>,
}

/// A span of time, in a timeline's keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: Option<i64>,
    pub(super) before: Option<i64>,
}

/// What all streams of one statement share.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Shape {
    /// The key that is scanned.
    pub(super) key: Key,
    /// Whether greater keys come first in the scan.
    pub(super) descending: bool,
    /// Conditions on the edition itself, as SQL without parameters, except for the number.
    pub(super) of_edition: Vec<String>,
    /// Whether it must be in the locale of the stream's readers.
    pub(super) exact_locale: bool,
    pub(super) number: Option<String>,
}

impl Shape {
    /// The conditions on the edition, in SQL; `reader` is the SQL for the locale of the stream's readers.
    pub(super) fn conditions(&self, reader: &str) -> Vec<String> {
        let locale = self.exact_locale.then(|| format!("e.locale = {reader}"));
        locale.into_iter().chain(self.of_edition.iter().cloned()).collect()
    }

    /// Whether its conditions are another one's, too.
    pub(super) fn has_conditions_of(&self, other: &Self) -> bool {
        (&self.of_edition, self.exact_locale, &self.number) == (&other.of_edition, other.exact_locale, &other.number)
    }

    /// Whether there are any, its number included.
    pub(super) fn has_conditions(&self) -> bool {
        self.exact_locale || !self.of_edition.is_empty() || self.number.is_some()
    }
}

/// What is known of every edition in these streams. Kind and date differ from one to the next: see [`known_at`].
pub(super) fn known(shapes: &[(Shape, Vec<Stream>)]) -> Known {
    let streams = || shapes.iter().flat_map(|(_, streams)| streams);
    let Some(first) = streams().next() else { return Known::default() };
    let is_time = shapes.iter().all(|(shape, _)| shape.key == Key::Timeline) && !streams().any(|stream| stream.pinned);
    Known {
        locale: first.locale.filter(|_| streams().all(|stream| stream.locale == first.locale)),
        kind: Some(first.kind),
        published_at: is_time.then_some(Timestamp::UNIX_EPOCH),
    }
}

/// What is known of the edition at a place of a stream, in a statement for which this is known.
pub(super) fn known_at(known: Known, stream: &Stream, key: i64) -> Result<Known> {
    let published_at = known.published_at.map(|_| timestamp(key)).transpose()?;
    Ok(Known { kind: Some(stream.kind), published_at, ..known })
}

/// What a list is ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// A timeline's own key.
    Timeline,
    /// View counts of all time, or the scores of a window.
    Views(Option<ReadingWindow>),
    /// The day of signing.
    SignedDay,
}

impl Key {
    /// Whether it changes as readers read.
    pub(super) const fn is_views(self) -> bool {
        matches!(self, Self::Views(_))
    }

    pub(super) const fn of(list: &List) -> Self {
        match list.order {
            Order::PublishedAtDesc | Order::PublishedAtAsc => Self::Timeline,
            Order::ViewsDesc => Self::Views(None),
            Order::MostReadDesc(window) => Self::Views(Some(window)),
            Order::SignedOnDesc | Order::SignedOnAsc => Self::SignedDay,
        }
    }
}

/// The sets of scopes that the entries of a list are in one of each of, the set to scan first.
fn clauses(list: &List) -> Vec<Vec<Scope>> {
    let mut clauses = list.clauses();
    if Key::of(list) != Key::Timeline && clauses[0].len() > 1 {
        // Each scan in another order than a timeline's own reads past what is not in the timeline: one scan, then, of all there
        // is, not one for each scope.
        clauses.insert(0, vec![Scope::All]);
    }
    clauses
}

/// The timelines of these scopes that a list is read from.
fn keys<'a>(list: &'a List, scopes: &'a [Scope]) -> impl Iterator<Item = TimelineKey> + 'a {
    let withdrawn: &[bool] = if list.filter.include_withdrawn { &[false, true] } else { &[false] };
    let of = move |scope: Scope, kind: EntryKind| {
        let listed = TimelineKey::listed(list.locale, kind, scope);
        withdrawn.iter().map(move |is_withdrawn| TimelineKey { is_withdrawn: *is_withdrawn, ..listed })
    };
    scopes.iter().flat_map(move |scope| list.kinds.iter().flat_map(move |kind| of(*scope, *kind)))
}

/// What a list is read from, from end to end: the timelines of its streams, and those that were never made.
pub(super) fn reads(request: &ListRequest, streams: &[&Stream], reference: &Reference) -> ListReads {
    let mut scopes = clauses(&request.list);
    scopes.extend(request.pinned.map(|feed| vec![Scope::Pinned(feed)]));
    let keys = scopes.iter().flat_map(|scopes| keys(&request.list, scopes));
    let probes = streams.iter().find(|stream| !stream.pinned).map(|stream| stream.probes.iter().cloned());
    let key = Key::of(&request.list);
    let (from, to) = match streams.first() {
        Some(stream) if !key.is_views() => (stream.lower.map(|place| place.key), stream.upper.map(|place| place.key)),
        _ => (None, None),
    };
    ListReads {
        timelines: streams.iter().map(|stream| stream.timeline).collect(),
        // What is pinned is in the list whatever else it is in.
        probes: probes.filter(|_| request.pinned.is_none()).into_iter().flatten().map(Vec::into_boxed_slice).collect(),
        unmade: keys.filter(|key| reference.timeline(key).is_none()).collect(),
        from,
        to,
        by_day: key == Key::SignedDay,
        number: request.list.filter.number.clone(),
        counted: false,
    }
}

/// The streams of one list, each with the shape of the statement it belongs to.
pub(super) fn streams(index: usize, request: &ListRequest, reference: &Reference) -> Vec<(Shape, Stream)> {
    let list = &request.list;
    let clauses = clauses(list);
    let timelines = |scopes: &[Scope]| -> Vec<(i32, EntryKind)> {
        let known = keys(list, scopes).filter_map(|key| Some((reference.timeline(&key)?, key.kind)));
        let mut timelines: Vec<(i32, EntryKind)> = known.collect();
        timelines.sort_unstable_by_key(|(id, _)| *id);
        timelines
    };
    let locale = reference.site.chain(list.locale).nth(1).is_none().then_some(list.locale);
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
    let limit = u64::from(request.page.size) + u64::from(request.more) + request.excluding.len() as u64 + pinned as u64;
    let span = Span { from: list.filter.published_from.map(micros), before: list.filter.published_before.map(micros) };
    let may_be_few = span.from.or(span.before).is_some() || clauses[0] != [Scope::All];
    let span = Some(span).filter(|_| Key::of(list) != Key::Timeline && may_be_few && clauses.len() == 1);
    let stream = |(timeline, kind), pinned: bool, probes| Stream {
        list: index,
        timeline,
        kind,
        reader: list.locale,
        locale,
        pinned,
        probes,
        lower,
        upper,
        limit,
        // Pins are in an order of their own.
        span: span.filter(|_| !pinned),
    };

    if let Some(feed) = request.pinned {
        let shape = Shape { key: Key::Timeline, descending, of_edition: Vec::new(), exact_locale: false, number: None };
        let timelines = timelines(&[Scope::Pinned(feed)]).into_iter();
        found.extend(timelines.map(|timeline| (shape.clone(), stream(timeline, true, Vec::new()))));
        if request.pinned_only {
            return found;
        }
    }
    let ids = |clause: &Vec<Scope>| timelines(clause).into_iter().map(|(id, _)| id).collect();
    let probes: Vec<Vec<i32>> = clauses[1..].iter().map(ids).collect();
    if probes.iter().any(Vec::is_empty) {
        return found; // Nothing was ever filed under one of the conditions.
    }
    let shape = Shape {
        key: Key::of(list),
        descending,
        of_edition: of_edition(list),
        exact_locale: list.filter.exact_locale,
        number: list.filter.number.clone(),
    };
    let timelines = timelines(&clauses[0]).into_iter();
    found.extend(timelines.map(|timeline| (shape.clone(), stream(timeline, false, probes.clone()))));
    found
}

/// The conditions that no timeline answers. Every value in them is a number or a locale's tag.
fn of_edition(list: &List) -> Vec<String> {
    use courant_domain::decree::LegalStatus;
    let filter = &list.filter;
    let mut conditions = Vec::new();
    if Key::of(list) != Key::Timeline {
        conditions.extend(filter.published_from.map(|at| format!("e.published_at >= {}", micros(at))));
        conditions.extend(filter.published_before.map(|at| format!("e.published_at < {}", micros(at))));
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
    conditions
}
