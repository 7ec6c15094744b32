//! The site's time zone.

use std::fmt;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// A time zone by its name in the IANA database, such as `Asia/Ashgabat`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ZoneName(TimeZone);

/// No time zone has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no time zone; wanted is a name of the IANA database, such as Asia/Ashgabat")]
pub struct ZoneError(String);

impl ZoneName {
    /// Reads a name, whatever the case of its letters.
    ///
    /// # Errors
    /// [`ZoneError`] when no zone is called so.
    pub fn parse(name: &str) -> Result<Self, ZoneError> {
        let zone = TimeZone::get(name).ok().filter(|zone| zone.iana_name().is_some());
        zone.map(Self).ok_or_else(|| ZoneError(name.chars().take(64).collect()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The day that it is there at an instant.
    #[must_use]
    pub fn day(&self, at: Timestamp) -> Date {
        self.0.to_datetime(at).date()
    }

    /// When a day begins there; the end of time if it never does.
    #[must_use]
    pub fn day_begins(&self, day: Date) -> Timestamp {
        self.0.to_timestamp(day.at(0, 0, 0, 0)).unwrap_or(Timestamp::MAX)
    }

    /// When the day ends there that it is at an instant; none at the end of time.
    #[must_use]
    pub fn day_ends(&self, at: Timestamp) -> Option<Timestamp> {
        let tomorrow = self.day(at).tomorrow().ok()?;
        self.0.to_timestamp(tomorrow.at(0, 0, 0, 0)).ok()
    }
}

impl Default for ZoneName {
    fn default() -> Self {
        Self(TimeZone::UTC)
    }
}

impl fmt::Display for ZoneName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for ZoneName {
    type Err = ZoneError;

    fn from_str(name: &str) -> Result<Self, ZoneError> {
        Self::parse(name)
    }
}

impl TryFrom<String> for ZoneName {
    type Error = ZoneError;

    fn try_from(name: String) -> Result<Self, ZoneError> {
        Self::parse(&name)
    }
}

impl From<ZoneName> for String {
    fn from(zone: ZoneName) -> Self {
        zone.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_evening_in_utc_is_the_next_day_further_east() {
        let at: Timestamp = "2026-11-28T23:30:00Z".parse().unwrap();
        let day = |zone: &str| ZoneName::parse(zone).unwrap().day(at).to_string();
        assert_eq!(
            (day("UTC"), day("Asia/Ashgabat"), day("America/New_York")),
            ("2026-11-28".into(), "2026-11-29".into(), "2026-11-28".into())
        );
    }

    #[test]
    fn a_day_ends_at_midnight_there_also_where_the_clock_skips_it() {
        let ends = |zone: &str, at: &str| {
            ZoneName::parse(zone).unwrap().day_ends(at.parse().unwrap()).map(|end| end.to_string())
        };
        assert_eq!(ends("Asia/Ashgabat", "2026-11-28T23:30:00Z").as_deref(), Some("2026-11-29T19:00:00Z"));
        // Santiago's clocks go from 24:00 to 1:00 on the first Sunday of September.
        assert_eq!(ends("America/Santiago", "2026-09-05T12:00:00Z").as_deref(), Some("2026-09-06T04:00:00Z"));
        assert_eq!(ends("UTC", "9999-12-30T12:00:00Z"), None);
        let begins = ZoneName::parse("Asia/Ashgabat").unwrap().day_begins(jiff::civil::date(2026, 11, 30));
        assert_eq!(begins.to_string(), "2026-11-29T19:00:00Z");
    }

    #[test]
    fn names_of_no_zone_are_refused() {
        for name in ["", "Asia/Atlantis", "+05:00", "../etc/passwd", "Etc/Unknown"] {
            assert!(ZoneName::parse(name).is_err(), "{name}");
        }
        let zone = ZoneName::parse("asia/ashgabat").unwrap();
        assert_eq!(serde_json::to_string(&zone).unwrap(), "\"Asia/Ashgabat\"");
        assert_eq!(serde_json::from_str::<ZoneName>("\"Asia/Ashgabat\"").unwrap(), zone);
        assert_eq!(ZoneName::default(), ZoneName::parse("UTC").unwrap());
    }
}
