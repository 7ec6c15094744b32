//! Dates as sources write them: RFC 3339, RFC 2822 and the ways both are got wrong.

mod words;

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    fmt::rfc2822,
    tz::TimeZone,
};

static RFC2822: rfc2822::DateTimeParser = rfc2822::DateTimeParser::new().relaxed_weekday(true);

/// A moment as a source writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) moment: Timestamp,
    /// The name of a time zone that nobody knows, or that several have; the moment is as if it were UTC.
    pub(crate) unknown_zone: Option<String>,
}

/// A moment; one without an offset is taken to be in UTC, a day for its first second.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    read(text).map(|reading| reading.moment)
}

/// The same, with what is doubtful about it.
pub(crate) fn read(text: &str) -> Option<Reading> {
    let text = text.trim();
    // No date is this long, and what follows looks at the text more than once.
    if text.is_empty() || text.len() > 100 {
        return None;
    }
    let certain = |moment| Reading { moment, unknown_zone: None };
    // What knows RFC 2822 takes every zone it does not know for UTC, as the standard has it, and is asked last.
    let reading = text
        .parse()
        .ok()
        .or_else(|| civil(text))
        .map(certain)
        .or_else(|| words::read(text))
        .or_else(|| RFC2822.parse_timestamp(text).ok().map(certain));
    reading.filter(|reading| reading.moment >= EARLIEST)
}

/// The first second of the year 1000: what is before it is a zero that somebody wrote as a date.
const EARLIEST: Timestamp = Timestamp::constant(-30_610_224_000, 0);

/// `2026-11-23T20:00:00`, `2026-11-23 20:00:00`, `2026-11-23`, `2026-11`, `2026` (W3C's profile of ISO 8601).
fn civil(text: &str) -> Option<Timestamp> {
    let moment = match text.len() {
        4 => Date::new(text.parse().ok()?, 1, 1).ok()?.to_datetime(Time::midnight()),
        7 => {
            let (year, month) = text.split_once('-')?;
            Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()?.to_datetime(Time::midnight())
        }
        _ => text.parse::<DateTime>().ok()?,
    };
    moment.to_zoned_datetime(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spellings_of_one_moment_are_one_moment() {
        for text in [
            "2026-11-23T18:05:00Z",
            " 2026-11-23T20:05:00+02:00\n",
            "2026-11-23T20:05:00+0200",
            "2026-11-23T18:05:00",
            "2026-11-23 18:05:00",
            "2026-11-23 18:05:00 +0000",
            "2026-11-23 18:05:00 UTC",
            "Mon, 23 Nov 2026 18:05:00 +0000",
            "Mon, 23 Nov 2026 18:05:00 GMT",
            "Mon, 23 Nov 2026 13:05:00 EST",
            "Mon, 23 Nov 2026 18:05 Z",
            "Monday, 23 November 2026 18:05:00 UTC",
            "Fri, 23 Nov 2026 18:05:00 GMT",
            "Пн, 23 Nov 2026 18:05:00 +0000",
            "23 Nov 2026 18:05:00",
            "November 23, 2026 18:05:00",
            "Mon, 23 Nov 2026 19:05:00 CET",
            "Mon, 23 Nov 2026 20:05:00 EET",
            "Mon, 23 Nov 2026 21:05:00 MSK",
            "Mon, 23 Nov 2026 21:05:00 GMT+0300",
            "Mon Nov 23 2026 21:05:00 GMT+0300 (Moscow Standard Time)",
            "Mon, 23 Nov 2026 21:05:00 +03:00",
            "Mon, 23 Nov 2026 21:05:00+0300",
            "Mon, 23 Nov 2026 10:05 am PST",
            "Mon, 23 Nov 2026 06:05 PM",
            "23 ноября 2026, 18:05",
            "Пн, 23 ноя 2026 21:05:00 +0300",
            "23.11.2026 18:05",
            "23.11.2026, 18:05:00",
            "2026/11/23 18:05:00",
            "Mon, 23 Nov 26 18:05:00 GMT",
            "Mon Nov 23 18:05:00 UTC 2026",
        ] {
            assert_eq!(parse(text).map(|moment| moment.to_string()).as_deref(), Some("2026-11-23T18:05:00Z"), "{text}");
        }
    }

    #[test]
    fn a_day_begins_at_midnight() {
        for (text, moment) in [
            ("2026-11-23", "2026-11-23T00:00:00Z"),
            ("2026-11", "2026-11-01T00:00:00Z"),
            ("2026", "2026-01-01T00:00:00Z"),
            ("23 Nov 2026", "2026-11-23T00:00:00Z"),
            ("Nov 23, 2026", "2026-11-23T00:00:00Z"),
            ("5 мая 2026 г.", "2026-05-05T00:00:00Z"),
            ("Mon, 23 Nov 2026 24:00:00 GMT", "2026-11-24T00:00:00Z"),
            ("23 Nov 2026 12:30 AM", "2026-11-23T00:30:00Z"),
            ("23 Nov 2026 12:30 pm", "2026-11-23T12:30:00Z"),
            ("2026-5-1T9:05:00Z", "2026-05-01T09:05:00Z"),
        ] {
            assert_eq!(parse(text).unwrap().to_string(), moment, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_gives_none() {
        for text in [
            "",
            "soon",
            "0000-00-00 00:00:00",
            "2026-13-01",
            "31 Feb 2026 10:00:00 GMT",
            "Mon, 30 Nov -0001 00:00:00 +0000",
            "23 Nov 2026 25:00:00",
            "23 Nov 2026 13:00 pm",
            "31.02.2026",
            "05/04/2026",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn summer_has_zones_of_its_own() {
        for zone in ["CEST", "+0200", "EET", "GMT+2"] {
            let text = format!("Wed, 01 Jul 2026 12:00:00 {zone}");
            assert_eq!(parse(&text).unwrap().to_string(), "2026-07-01T10:00:00Z", "{zone}");
        }
        for zone in ["BST", "WEST", "CET"] {
            let text = format!("Wed, 01 Jul 2026 11:00:00 {zone}");
            assert_eq!(parse(&text).unwrap().to_string(), "2026-07-01T10:00:00Z", "{zone}");
        }
    }

    #[test]
    fn a_zone_nobody_knows_is_named() {
        for (text, zone) in [
            ("Wed, 01 Jul 2026 10:00:00 XYZT", Some("XYZT")),
            ("Wed, 01 Jul 2026 10:00:00 Europe/Riga", Some("Europe/Riga")),
            ("Wed, 01 Jul 2026 10:00:00 IST", Some("IST")),
            ("Wed, 01 Jul 2026 10:00:00 EST", None),
        ] {
            assert_eq!(read(text).unwrap().unknown_zone.as_deref(), zone, "{text}");
        }
    }
}
