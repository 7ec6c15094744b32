//! Arguments as they will be given: what a document spells out, and what variables put in its place.

use async_graphql::Variables;
use async_graphql_value::{ConstValue, Value};

/// A value, wherever it stands.
#[derive(Clone, Copy)]
pub enum Given<'a> {
    /// As the document spells it out, variables within it included.
    Literal(&'a Value, &'a Variables),
    /// What a variable has.
    Known(&'a ConstValue),
}

impl<'a> Given<'a> {
    /// What stands in an argument; nothing when that is a variable that has no value.
    #[must_use]
    pub fn of(value: &'a Value, variables: &'a Variables) -> Option<Self> {
        match value {
            Value::Variable(name) => variables.get(name).map(Self::Known),
            value => Some(Self::Literal(value, variables)),
        }
    }

    /// A field of an object, if it is there and not null.
    #[must_use]
    pub fn field(self, name: &str) -> Option<Self> {
        let field = match self {
            Self::Literal(Value::Object(fields), variables) => Self::of(fields.get(name)?, variables)?,
            Self::Known(ConstValue::Object(fields)) => Self::Known(fields.get(name)?),
            _ => return None,
        };
        (!matches!(field, Self::Known(ConstValue::Null) | Self::Literal(Value::Null, _))).then_some(field)
    }

    /// How many items a list has; a single value stands for a list of one.
    #[must_use]
    pub fn count(self) -> u64 {
        match self {
            Self::Literal(Value::List(items), _) => items.len() as u64,
            Self::Known(ConstValue::List(items)) => items.len() as u64,
            Self::Literal(Value::Null, _) | Self::Known(ConstValue::Null) => 0,
            _ => 1,
        }
    }

    /// The word of an enum; empty of anything else.
    #[must_use]
    pub fn word(self) -> &'a str {
        match self {
            Self::Literal(Value::Enum(word), _) | Self::Known(ConstValue::Enum(word)) => word,
            Self::Known(ConstValue::String(word)) => word,
            _ => "",
        }
    }

    /// A whole number from zero up; of one below, zero.
    #[must_use]
    pub fn number(self) -> Option<u64> {
        match self {
            Self::Literal(Value::Number(number), _) | Self::Known(ConstValue::Number(number)) => {
                Some(number.as_u64().unwrap_or(0))
            }
            _ => None,
        }
    }
}
