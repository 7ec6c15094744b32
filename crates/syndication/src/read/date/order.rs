//! Which of a date's numbers is the month.

use courant_domain::locale::Locale;

/// Whether the month or the day comes first where both are numbers, whatever stands between them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum DayOrder {
    MonthFirst,
    DayFirst,
    /// Only a number that is no month says.
    #[default]
    Unknown,
}

/// Languages that write the year first; where it is last, that is somebody else's habit, and nobody knows whose.
const YEAR_FIRST: [&str; 9] = ["eu", "hu", "ja", "ko", "lt", "mn", "sv", "zh", "si"];

impl DayOrder {
    /// The habit of a language. English has both, and says by its country which.
    pub(crate) fn of(locale: Option<Locale>) -> Self {
        let Some(locale) = locale else { return Self::Unknown };
        let tag = locale.to_string();
        let language = tag.split('-').next().unwrap_or_default();
        match tag.as_str() {
            "en-US" | "en-PH" | "fil-PH" | "es-US" => Self::MonthFirst,
            "en" | "en-CA" | "en-ZA" | "fil" | "fr-CA" => Self::Unknown,
            _ if YEAR_FIRST.contains(&language) => Self::Unknown,
            _ => Self::DayFirst,
        }
    }

    /// Month and day, in this order, of the two that stand beside a year.
    pub(super) fn order<'a>(self, first: &'a str, second: &'a str) -> Option<(&'a str, &'a str)> {
        let is_month = |text: &str| text.parse::<u8>().map_or(true, |number| number <= 12);
        match (is_month(first), is_month(second), self) {
            (true, false, _) => Some((first, second)),
            (false, true, _) => Some((second, first)),
            // A month by its name is where it is.
            (true, true, _) if second.parse::<u8>().is_err() => Some((second, first)),
            (true, true, _) if first.parse::<u8>().is_err() => Some((first, second)),
            (true, true, Self::MonthFirst) => Some((first, second)),
            (true, true, Self::DayFirst) => Some((second, first)),
            (true, true, Self::Unknown) if first == second => Some((first, second)),
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
        if !is_year(last) && (is_dashed || self == Self::Unknown) {
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
