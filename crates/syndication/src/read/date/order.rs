//! Which of a date's numbers is the month, and which month a word is.

use courant_domain::locale::Locale;

use super::names::{self, Months};

/// Whether the month or the day comes first where both are numbers, whatever stands between them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum First {
    Month,
    Day,
    /// Only a number that is no month says.
    #[default]
    Unknown,
}

/// How a language writes the days of the calendar; by default it is not known which one it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct DayOrder {
    first: First,
    months: Months,
}

/// Languages that write the year first; where it is last, that is somebody else's habit, and nobody knows whose.
const YEAR_FIRST: [&str; 9] = ["eu", "hu", "ja", "ko", "lt", "mn", "sv", "zh", "si"];

impl DayOrder {
    /// The habit of a language. English has both, and says by its country which.
    pub(crate) fn of(locale: Option<Locale>) -> Self {
        let Some(locale) = locale else { return Self::default() };
        let tag = locale.to_string();
        let language = tag.split('-').next().unwrap_or_default();
        let first = match tag.as_str() {
            "en-US" | "en-PH" | "fil-PH" | "es-US" => First::Month,
            "en" | "en-CA" | "en-ZA" | "fil" | "fr-CA" => First::Unknown,
            _ if YEAR_FIRST.contains(&language) => First::Unknown,
            _ => First::Day,
        };
        Self { first, months: Months::of(language) }
    }

    /// The month a folded word names in the language.
    pub(super) fn month(self, word: &str) -> Option<i8> {
        names::month(word, self.months)
    }

    /// Month and day, in this order, of the two that stand beside a year.
    pub(super) fn order<'a>(self, first: &'a str, second: &'a str) -> Option<(&'a str, &'a str)> {
        let is_month = |text: &str| text.parse::<u8>().map_or(true, |number| number <= 12);
        match (is_month(first), is_month(second), self.first) {
            (true, false, _) => Some((first, second)),
            (false, true, _) => Some((second, first)),
            // A month by its name is where it is.
            (true, true, _) if second.parse::<u8>().is_err() => Some((second, first)),
            (true, true, _) if first.parse::<u8>().is_err() => Some((first, second)),
            (true, true, First::Month) => Some((first, second)),
            (true, true, First::Day) => Some((second, first)),
            (true, true, First::Unknown) if first == second => Some((first, second)),
            _ => None,
        }
    }

    /// Year, month and day of three numbers of two digits. Which of them is the year, a number that is no day says; else the language
    /// does, but for dashes, between which the year may be first in any (ISO 8601 allowed `26-11-23`).
    pub(super) fn of_short_year(self, parts: [&str; 3], is_dashed: bool) -> Option<(i16, &str, &str)> {
        let [first, second, last] = parts;
        let is_year = |text: &str| text.parse::<u8>().is_ok_and(|number| number > 31 || number == 0);
        let year = |text: &str| text.parse::<i16>().ok().map(century);
        if !is_year(last) && is_year(first) {
            return Some((year(first)?, second, last));
        }
        if !is_year(last) && (is_dashed || self.first == First::Unknown) {
            return None;
        }
        let (month, day) = self.order(first, second)?;
        Some((year(last)?, month, day))
    }
}

/// A year that was written by its last two digits (RFC 2822 §4.3).
pub(super) const fn century(year: i16) -> i16 {
    if year < 50 { 2000 + year } else { 1900 + year }
}
