//! Scalars.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};

macro_rules! text_scalar {
    ($(#[$doc:meta])* $name:ident($inner:ty), $url:literal, $what:literal, $parse:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) struct $name(pub(crate) $inner);

        $(#[$doc])*
        #[Scalar(specified_by_url = $url)]
        impl ScalarType for $name {
            fn parse(value: Value) -> InputValueResult<Self> {
                let parse: fn(&str) -> Option<$inner> = $parse;
                match &value {
                    Value::String(text) => {
                        parse(text).map($name).ok_or_else(|| InputValueError::custom(concat!("not ", $what)))
                    }
                    _ => Err(InputValueError::expected_type(value)),
                }
            }

            fn to_value(&self) -> Value {
                Value::String(self.0.to_string())
            }
        }
    };
}

text_scalar!(
    /// An instant in UTC, as RFC 3339 writes it: `2021-03-02T09:30:00Z`. At most microseconds.
    DateTime(jiff::Timestamp),
    "https://scalars.graphql.org/andimarek/date-time",
    "an RFC 3339 date and time with an offset",
    |text| text.parse::<jiff::Timestamp>().ok()
);

text_scalar!(
    /// A calendar day, as RFC 3339 writes it: `2021-03-02`.
    Date(jiff::civil::Date),
    "https://scalars.graphql.org/andimarek/local-date",
    "a date of the form YYYY-MM-DD",
    |text| if text.len() == 10 { text.parse::<jiff::civil::Date>().ok() } else { None }
);

text_scalar!(
    /// A language, as BCP 47 tags it: `en`, `tk`, `pt-BR`.
    Locale(courant_domain::locale::Locale),
    "https://www.rfc-editor.org/info/bcp47",
    "a language tag",
    |text| courant_domain::locale::Locale::parse(text).ok()
);
