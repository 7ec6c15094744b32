//! Dates as sources write them: RFC 3339, RFC 2822 and the ways both are got wrong.

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    fmt::{rfc2822, strtime},
    tz::TimeZone,
};

static RFC2822: rfc2822::DateTimeParser = rfc2822::DateTimeParser::new().relaxed_weekday(true);

/// A moment; one without an offset is taken to be in UTC, a day for its first second.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    // No date is this long, and what follows looks at the text more than once.
    if text.is_empty() || text.len() > 60 {
        return None;
    }
    text.parse()
        .ok()
        .or_else(|| RFC2822.parse_timestamp(text).ok())
        .or_else(|| civil(text))
        .or_else(|| mended(text))
        .filter(|moment| *moment >= EARLIEST)
}

/// The first second of the year 1000: what is before it is a zero that somebody wrote as a date.
const EARLIEST: Timestamp = Timestamp::constant(-30_610_224_000, 0);

/// `2026-11-23T20:00:00`, `2026-11-23 20:00:00`, `2026-11-23`, `2026-11`, `2026` (W3C's profile of ISO 8601).
fn civil(text: &str) -> Option<Timestamp> {
    let moment = match text.len() {
        4 => Date::new(text.parse().ok()?, 1, 1).ok()?.to_datetime(jiff::civil::Time::midnight()),
        7 => {
            let (year, month) = text.split_once('-')?;
            Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()?.to_datetime(jiff::civil::Time::midnight())
        }
        _ => text.parse::<DateTime>().ok()?,
    };
    moment.to_zoned_datetime(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// RFC 2822 without its weekday, with months and zones in the long spelling or in another order.
fn mended(text: &str) -> Option<Timestamp> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let words = text.split([' ', ',', '\t']).filter(|word| !word.is_empty()).enumerate();
    let words: Vec<&str> = words
        .filter_map(|(index, word)| {
            let start = word.get(..3).unwrap_or_default().to_ascii_lowercase();
            let month = MONTHS.into_iter().find(|month| *month == start);
            let is_name = word.chars().all(|c| c.is_alphabetic() || c == '.');
            match (month, is_name, word) {
                (Some(month), true, _) => Some(month),
                (None, true, _) if index == 0 => None,
                (_, _, "Z" | "UTC" | "UT" | "GMT" | "-0000") => Some("+0000"),
                _ => Some(word),
            }
        })
        .collect();
    let text = words.join(" ");
    let zoned = ["%d %b %Y %H:%M:%S %z", "%d %b %Y %H:%M %z", "%b %d %Y %H:%M:%S %z", "%Y-%m-%d %H:%M:%S %z"];
    let local = ["%d %b %Y %H:%M:%S", "%b %d %Y %H:%M:%S", "%d %b %Y %H:%M"];
    let days = ["%d %b %Y", "%b %d %Y"];
    zoned
        .iter()
        .find_map(|format| strtime::parse(format, &text).ok()?.to_timestamp().ok())
        .or_else(|| RFC2822.parse_timestamp(&text).ok())
        .or_else(|| {
            let moment = local.iter().find_map(|format| DateTime::strptime(format, &text).ok()).or_else(|| {
                let day = days.iter().find_map(|format| Date::strptime(format, &text).ok())?;
                Some(day.to_datetime(jiff::civil::Time::midnight()))
            })?;
            moment.to_zoned_datetime(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
        })
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
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
