//! Between column values and domain values.

use jiff::{Timestamp, civil::Date};
use serde::{Serialize, de::DeserializeOwned};

use courant_domain::locale::Locale;

use crate::error::{Result, StoreError, corrupt};

/// Microseconds since 1970, UTC: what every `bigint` time column holds.
pub(crate) fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

pub(crate) fn timestamp(micros: i64) -> Result<Timestamp> {
    // Up to the last there is: what reads microseconds alone ends a second before it.
    let (second, rest) = (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
    Timestamp::new(second, i32::try_from(rest * 1_000).map_err(corrupt)?).map_err(corrupt)
}

const EPOCH: Date = jiff::civil::date(1970, 1, 1);

/// Days since 1970-01-01: what every `…_day` column holds.
pub(crate) fn day(date: Date) -> i32 {
    (date - EPOCH).get_days()
}

pub(crate) fn date(day: i32) -> Result<Date> {
    EPOCH.checked_add(jiff::Span::new().try_days(day).map_err(corrupt)?).map_err(corrupt)
}

pub(crate) fn locale(text: &str) -> Result<Locale> {
    Locale::parse(text).map_err(corrupt)
}

/// A document column.
pub(crate) fn to_document<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Invalid(error.to_string()))
}

pub(crate) fn from_document<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(corrupt)
}

/// The word an enum is written as in databases, dumps and GraphQL alike: `PRESS_RELEASE`.
pub(crate) fn to_word<T: Serialize>(value: &T) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        other => Err(corrupt(format!("{other:?} is no word"))),
    }
}

pub(crate) fn from_word<T: DeserializeOwned>(word: &str) -> Result<T> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).map_err(corrupt)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_times_come_back() {
        for text in ["1991-10-27", "1970-01-01", "2027-07-01"] {
            let given: Date = text.parse().unwrap();
            assert_eq!(date(day(given)).unwrap(), given);
        }
        let given: Timestamp = "2021-03-02T09:30:00.123456Z".parse().unwrap();
        assert_eq!(timestamp(micros(given)).unwrap(), given);
    }
}
