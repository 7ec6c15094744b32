//! Dates as sources write them: RFC 3339, RFC 2822 and the ways both are got wrong.

mod names;
mod order;
mod words;
mod zones;

use courant_domain::zone::ZoneName;
use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};

pub(crate) use self::order::DayOrder;

/// A moment as a source writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) moment: Timestamp,
    /// The name of a time zone that nobody knows, or that several have; the moment is as if it were UTC.
    pub(crate) unknown_zone: Option<String>,
}

/// A moment that is certain; one without an offset is taken to be in UTC, a day for its first moment in this zone.
pub(crate) fn parse(text: &str, zone: &ZoneName) -> Option<Timestamp> {
    read(text, DayOrder::default(), zone).filter(|reading| reading.unknown_zone.is_none()).map(|reading| reading.moment)
}

/// The same, with what is doubtful about it.
pub(crate) fn read(text: &str, order: DayOrder, zone: &ZoneName) -> Option<Reading> {
    let text = text.trim();
    // No date is this long, and what follows looks at the text more than once.
    if text.is_empty() || text.len() > 100 || has_impossible_offset(text) {
        return None;
    }
    let certain = |moment| Reading { moment, unknown_zone: None };
    let reading = epoch(text)
        .or_else(|| text.parse().ok())
        .or_else(|| civil(text, zone))
        .map(certain)
        .or_else(|| words::read(text, order, zone));
    reading.filter(|reading| reading.moment >= EARLIEST)
}

impl Reading {
    /// Whether anything may have been published then. What is later is a slip, or of another calendar, as the Buddhist.
    pub(crate) fn may_be_of_publication(&self) -> bool {
        self.moment < LATEST
    }
}

/// The first second of 1600, before the first newspaper: what is before it is a zero that somebody wrote as a date, or of another
/// calendar, as the Persian.
const EARLIEST: Timestamp = Timestamp::constant(-11_676_096_000, 0);

/// The first second of 2201.
const LATEST: Timestamp = Timestamp::constant(7_289_654_400, 0);

/// Seconds since 1970, or their thousandths: no other date is a number of nine digits or more, but for fourteen, which
/// are a date without signs.
fn epoch(text: &str) -> Option<Timestamp> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(part) {
        return None;
    }
    match whole.len() {
        9 | 10 => Timestamp::from_second(whole.parse().ok()?).ok(),
        12 | 13 => Timestamp::from_millisecond(whole.parse().ok()?).ok(),
        15 | 16 => Timestamp::from_microsecond(whole.parse().ok()?).ok(),
        14 => {
            let part = |from: usize, to: usize| whole.get(from..to)?.parse::<i8>().ok();
            let date = Date::new(whole.get(..4)?.parse().ok()?, part(4, 6)?, part(6, 8)?).ok()?;
            let time = Time::new(part(8, 10)?, part(10, 12)?, part(12, 14)?, 0).ok()?;
            in_utc(date.to_datetime(time))
        }
        _ => None,
    }
}

/// `2026-11-23T20:00:00`, `2026-11-23 20:00:00`, `2026-11-23`. A year, or a year and a month, is no day.
fn civil(text: &str, zone: &ZoneName) -> Option<Timestamp> {
    // With an offset it is none of a civil date, which would pass over it.
    let is_shifted = text.get(10..).is_some_and(|time| time.contains(['+', '-']));
    if is_shifted {
        return None;
    }
    // The name of a zone in brackets (RFC 9557).
    if let Some((local, name)) = text.split_once('[') {
        let (name, _) = name.split_once(']')?;
        let named = TimeZone::get(name.trim_start_matches('!')).ok()?;
        return named.to_timestamp(local.parse::<DateTime>().ok()?).ok();
    }
    let is_day = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    if is_day { Some(zone.day_begins(text.parse().ok()?)) } else { in_utc(text.parse::<DateTime>().ok()?) }
}

fn in_utc(moment: DateTime) -> Option<Timestamp> {
    moment.to_zoned_datetime(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// Whether a time is followed by an offset that no place has, in its own word or in the next.
fn has_impossible_offset(text: &str) -> bool {
    let is_digit = |c: char| c.is_ascii_digit();
    text.split_whitespace().any(|word| {
        let is_start = |(at, c): &(usize, char)| *c == ':' || matches!(c, 'T' | 't') && word[..*at].ends_with(is_digit);
        let time = word.char_indices().find(is_start).map_or(word, |(at, _)| &word[at..]);
        // Without a time in front of it in its word, an offset is the whole of one.
        let is_whole = time.len() == word.len();
        let at = time.find(['+', '-']).filter(|at| (!is_whole || *at == 0) && time[at + 1..].starts_with(is_digit));
        at.is_some_and(|at| {
            let offset = &time[at..];
            let length = offset[1..].find(|c: char| !(is_digit(c) || c == ':')).map_or(offset.len(), |end| end + 1);
            zones::offset(&offset[..length]).is_none()
        })
    })
}

#[cfg(test)]
mod tests;
