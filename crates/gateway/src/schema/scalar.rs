//! Scalars: how they are written, and why a value is none.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use courant_domain::{change as domain, locale::Locale as LanguageTag};
use courant_graphql::Scalars;
use jiff::{Timestamp, civil};

use crate::error::{Error, ErrorCode};

macro_rules! text_scalar {
    ($(#[$doc:meta])* $name:ident($inner:ty), $url:literal, $expected:expr, $parse:expr, $write:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) struct $name(pub(crate) $inner);

        $(#[$doc])*
        #[Scalar(specified_by_url = $url)]
        impl ScalarType for $name {
            fn parse(value: Value) -> InputValueResult<Self> {
                Self::read(&value).map_err(InputValueError::custom)
            }

            fn to_value(&self) -> Value {
                let write: fn(&$inner) -> String = $write;
                Value::String(write(&self.0))
            }
        }

        impl $name {
            fn read(value: &Value) -> Result<Self, &'static str> {
                let parse: fn(&str) -> Result<$inner, &'static str> = $parse;
                match value {
                    Value::String(text) => parse(text).map(Self),
                    _ => Err($expected),
                }
            }
        }
    };
}

text_scalar!(
    /// An instant in UTC, as RFC 3339 writes it: `2021-03-02T09:30:00Z`. Kept to the microsecond; what is finer is cut off.
    /// What is later than 9999-12-30T22:00:00.999999Z is taken for that where something ends, and refused where something begins.
    DateTime(Timestamp),
    "https://scalars.graphql.org/andimarek/date-time",
    DATE_TIME,
    date_time,
    |at| Timestamp::from_microsecond(at.as_microsecond()).as_ref().unwrap_or(at).to_string()
);

text_scalar!(
    /// A calendar day, as RFC 3339 writes it: `2021-03-02`.
    Date(civil::Date),
    "https://scalars.graphql.org/andimarek/local-date",
    DATE,
    date,
    ToString::to_string
);

text_scalar!(
    /// A language, as BCP 47 tags it: `en`, `tk`, `pt-BR`.
    Locale(LanguageTag),
    "https://www.rfc-editor.org/info/bcp47",
    LOCALE,
    |text| LanguageTag::parse(text).map_err(|_| LOCALE),
    ToString::to_string
);

text_scalar!(
    /// A place in the log of changes, to give to `after`. It is kept as it is: what it holds is nothing to read.
    ChangeCursor(domain::ChangeCursor),
    "https://relay.dev/graphql/connections.htm#sec-Cursor",
    CHANGE_CURSOR,
    |text| Ok(text.parse().unwrap_or(ChangeCursor::NONE)),
    ToString::to_string
);

impl ChangeCursor {
    /// In the place of a text that is no cursor: that is a matter of the field it is given to, as with all other cursors.
    const NONE: domain::ChangeCursor = domain::ChangeCursor { seq: -1, micros: 0 };

    /// The place, where it is one.
    pub(crate) fn place(self) -> Result<domain::ChangeCursor, Error> {
        if self.0 == Self::NONE { Err(Error::new(ErrorCode::BadCursor, CHANGE_CURSOR)) } else { Ok(self.0) }
    }
}

impl DateTime {
    /// The last there is, in microseconds.
    pub(crate) const LAST: Timestamp = Timestamp::constant(253_402_207_200, 999_999_000);

    /// In the place of what is later: in microseconds it is the last one, and nothing that is written in them is the same.
    const BEYOND: Timestamp = Timestamp::MAX;

    /// As an end: what is later than can be kept, which is written to say "for ever", is the last time there is.
    pub(crate) fn as_bound(self) -> Timestamp {
        self.0.min(Self::LAST)
    }

    /// Whether it was later than can be kept.
    pub(crate) fn is_beyond(self) -> bool {
        self.0 == Self::BEYOND
    }
}

/// The scalars above, by their names.
#[derive(Debug)]
pub(crate) struct SchemaScalars;

impl Scalars for SchemaScalars {
    fn check(&self, scalar: &str, value: &Value) -> Result<(), &'static str> {
        match scalar {
            "DateTime" => DateTime::read(value).map(drop),
            "Date" => Date::read(value).map(drop),
            "Locale" => Locale::read(value).map(drop),
            "ChangeCursor" => ChangeCursor::read(value).map(drop),
            _ => Ok(()),
        }
    }
}

const DATE: &str = "expected a day of the calendar, written 2021-03-02";
const CHANGE_CURSOR: &str = "expected a cursor of `changes`, as it was given";
const LOCALE: &str = "expected a language tag of language, script and region at the most, such as en or pt-BR";
const DATE_TIME: &str = "expected a date and time with an offset as RFC 3339 writes it, such as 2021-03-02T09:30:00Z";
const LEAP_SECOND: &str = "expected a second from 00 to 59: leap seconds are not kept";

fn date(text: &str) -> Result<civil::Date, &'static str> {
    if has_form(text.as_bytes(), b"0000-00-00") { text.parse().map_err(|_| DATE) } else { Err(DATE) }
}

/// The `date-time` of RFC 3339, §5.6: what is before the fraction, the fraction if there is one, and the offset.
fn date_time(text: &str) -> Result<Timestamp, &'static str> {
    let (time, rest) = text.split_at_checked(19).ok_or(DATE_TIME)?;
    let offset_at = rest.find(|letter: char| letter != '.' && !letter.is_ascii_digit()).ok_or(DATE_TIME)?;
    let (fraction, offset) = rest.split_at(offset_at);
    let digits = if fraction.is_empty() { "0" } else { fraction.strip_prefix('.').ok_or(DATE_TIME)? };
    let is_utc = offset.eq_ignore_ascii_case("Z");
    let is_offset = has_form(offset.as_bytes(), b"+00:00") && &offset[1..3] < "24" && &offset[4..6] < "60";
    if !has_form(time.as_bytes(), b"0000-00-00T00:00:00")
        || digits.is_empty()
        || digits.contains('.')
        || !(is_utc || is_offset)
    {
        return Err(DATE_TIME);
    }
    if time.ends_with(":60") {
        return Err(LEAP_SECOND);
    }
    // Programs write nanoseconds as a matter of course; databases keep microseconds.
    let kept = &digits[..digits.len().min(6)];
    let civil: civil::DateTime = time.parse().map_err(|_| DATE_TIME)?;
    let (date, clock) = (civil.date(), civil.time());
    // What is left of the last year, which is written to say "for ever", is behind the last time there is.
    match format!("{date}T{clock}.{kept}{offset}").parse::<Timestamp>() {
        Ok(time) if time <= DateTime::LAST => Ok(time),
        Ok(_) => Ok(DateTime::BEYOND),
        Err(_) if date.year() == 9999 => Ok(DateTime::BEYOND),
        Err(_) => Err(DATE_TIME),
    }
}

/// Whether a text has digits where the form has `0`, a sign where it has `+`, and for the rest the same letters in any case.
fn has_form(text: &[u8], form: &[u8]) -> bool {
    text.len() == form.len()
        && text.iter().zip(form).all(|(byte, form)| match form {
            b'0' => byte.is_ascii_digit(),
            b'+' => matches!(byte, b'+' | b'-'),
            form => byte.eq_ignore_ascii_case(form),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date_time(text: &str) -> Result<String, &'static str> {
        DateTime::read(&text.into()).map(|time| time.0.to_string())
    }

    #[test]
    fn a_time_is_what_rfc_3339_writes() {
        for (text, time) in [
            ("2021-03-02T09:30:00Z", "2021-03-02T09:30:00Z"),
            ("2021-03-02t09:30:00z", "2021-03-02T09:30:00Z"),
            ("2021-03-02T09:30:00+05:00", "2021-03-02T04:30:00Z"),
            ("2021-03-02T09:30:00-00:00", "2021-03-02T09:30:00Z"),
            ("2021-03-02T09:30:00-23:59", "2021-03-03T09:29:00Z"),
            ("2021-03-02T09:30:00.5Z", "2021-03-02T09:30:00.5Z"),
            ("2021-03-02T09:30:00.123456Z", "2021-03-02T09:30:00.123456Z"),
            ("2021-03-02T09:30:00.123456789Z", "2021-03-02T09:30:00.123456Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
            ("9999-12-30T22:00:00Z", "9999-12-30T22:00:00Z"),
            ("9999-12-31T20:00:00+23:00", "9999-12-30T21:00:00Z"),
            ("9999-12-30T22:00:00.999999999Z", "9999-12-30T22:00:00.999999Z"),
            ("9999-12-31T23:59:59Z", "9999-12-30T22:00:00.999999999Z"),
            ("9999-12-31T23:59:59.999999999-12:00", "9999-12-30T22:00:00.999999999Z"),
        ] {
            assert_eq!(date_time(text).as_deref(), Ok(time), "{text}");
        }
    }

    #[test]
    fn nothing_else_is_a_time() {
        for text in [
            "",
            "2021-03-02",
            "2021-03-02T09:30:00",
            "2021-03-02T09:30Z",
            "2021-03-02 09:30:00Z",
            "2021-03-02T09:30:00Z[UTC]",
            "2021-03-02T09:30:00+05:00[Asia/Ashgabat]",
            "20210302T093000Z",
            "2021-03-02T09:30:00,5Z",
            "2021-03-02T09:30:00.Z",
            "2021-03-02T09:30:00.5.5Z",
            "2021-03-02T09:30:00+05",
            "2021-03-02T09:30:00+0500",
            "2021-03-02T09:30:00+24:00",
            "2021-03-02T09:30:00+05:60",
            "2021-02-30T09:30:00Z",
            "2021-03-02T24:00:00Z",
            "2021-03-02T09:60:00Z",
            "+002021-03-02T09:30:00Z",
            "2021-03-02T09:30:0éZ",
        ] {
            assert_eq!(date_time(text), Err(DATE_TIME), "{text}");
        }
        assert_eq!(DateTime::read(&Value::from(1)), Err(DATE_TIME));
    }

    #[test]
    fn a_time_that_cannot_be_kept_is_refused_for_what_it_is() {
        assert_eq!(date_time("2016-12-31T23:59:60Z"), Err(LEAP_SECOND));
    }

    #[test]
    fn a_day_is_ten_letters() {
        assert!(Date::read(&"2024-02-29".into()).is_ok());
        for text in ["2021-02-29", "2021-02-30", "20210302", "2021-3-2", "2021-03-02T", "2021-W09-2", "-021-03-02"] {
            assert_eq!(Date::read(&text.into()), Err(DATE), "{text}");
        }
    }

    #[test]
    fn scalars_are_checked_by_their_names() {
        for (name, good, wrong) in
            [("Locale", "tk", "x"), ("Date", "2021-03-02", "soon"), ("DateTime", "2021-03-02T09:30:00Z", "2021-03-02")]
        {
            assert_eq!(SchemaScalars.check(name, &good.into()), Ok(()));
            assert!(SchemaScalars.check(name, &wrong.into()).is_err());
            assert!(SchemaScalars.check(name, &Value::from(5)).is_err());
        }
        assert_eq!(SchemaScalars.check("Any", &Value::from(5)), Ok(()));
    }
}
