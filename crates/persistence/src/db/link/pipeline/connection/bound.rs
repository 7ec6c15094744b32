//! The values of a statement, as they are sent.

use std::error::Error;

use bytes::{BufMut, BytesMut};
use sea_orm::{Value, sea_query::ArrayType};
use tokio_postgres::types::{IsNull, ToSql, Type};
use uuid::Uuid;

use super::Unsaid;

/// The type that a statement is prepared for, where this value is bound.
pub(super) fn type_of(value: &Value) -> Result<Type, Unsaid> {
    Ok(match value {
        Value::Bool(_) => Type::BOOL,
        Value::Int(_) => Type::INT4,
        Value::BigInt(_) => Type::INT8,
        Value::String(_) => Type::TEXT,
        Value::Uuid(_) => Type::UUID,
        Value::Array(ArrayType::Bool, _) => Type::BOOL_ARRAY,
        Value::Array(ArrayType::Int, _) => Type::INT4_ARRAY,
        Value::Array(ArrayType::BigInt, _) => Type::INT8_ARRAY,
        Value::Array(ArrayType::String, _) => Type::TEXT_ARRAY,
        Value::Array(ArrayType::Uuid, _) => Type::UUID_ARRAY,
        other => return Err(Unsaid::unbound(other)),
    })
}

/// A value of one of these types.
#[derive(Debug)]
pub(super) enum Bound<'a> {
    Null,
    Bool(bool),
    Int(i32),
    BigInt(i64),
    Text(&'a str),
    Id(Uuid),
    Many(Vec<Self>),
}

impl<'a> Bound<'a> {
    pub(super) fn of(value: &'a Value) -> Result<Self, Unsaid> {
        Ok(match value {
            Value::Bool(value) => value.map_or(Self::Null, Self::Bool),
            Value::Int(value) => value.map_or(Self::Null, Self::Int),
            Value::BigInt(value) => value.map_or(Self::Null, Self::BigInt),
            Value::String(value) => value.as_deref().map_or(Self::Null, Self::Text),
            Value::Uuid(value) => value.map_or(Self::Null, Self::Id),
            Value::Array(_, Some(values)) => Self::Many(values.iter().map(Self::of).collect::<Result<_, _>>()?),
            Value::Array(_, None) => Self::Null,
            other => return Err(Unsaid::unbound(other)),
        })
    }
}

impl ToSql for Bound<'_> {
    fn to_sql(&self, r#type: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => return Ok(IsNull::Yes),
            Self::Bool(value) => out.put_u8(u8::from(*value)),
            Self::Int(value) => out.put_i32(*value),
            Self::BigInt(value) => out.put_i64(*value),
            Self::Text(text) => out.put_slice(text.as_bytes()),
            Self::Id(id) => out.put_slice(id.as_bytes()),
            Self::Many(values) => return values.to_sql(r#type, out),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        // A statement is prepared for the types of its values.
        true
    }

    fn to_sql_checked(&self, r#type: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        self.to_sql(r#type, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is sent of a value, if it is not null.
    fn sent(value: &Value) -> Option<Vec<u8>> {
        let Ok(r#type) = type_of(value) else { panic!("{value:?} has no type") };
        let Ok(bound) = Bound::of(value) else { panic!("{value:?} cannot be bound") };
        let mut out = BytesMut::new();
        match bound.to_sql_checked(&r#type, &mut out).unwrap() {
            IsNull::Yes => None,
            IsNull::No => Some(out.to_vec()),
        }
    }

    #[test]
    fn values_are_sent_as_the_server_reads_them() {
        assert_eq!(sent(&true.into()), Some(vec![1]));
        assert_eq!(sent(&(-2i32).into()), Some(vec![255, 255, 255, 254]));
        assert_eq!(sent(&258i64.into()), Some(vec![0, 0, 0, 0, 0, 0, 1, 2]));
        assert_eq!(sent(&"ä".into()), Some(vec![0xc3, 0xa4]));
        assert_eq!(sent(&Uuid::from_u128(1).into()).map(|bytes| bytes.len()), Some(16));
        assert_eq!(sent(&Value::String(None)), None);
        assert_eq!(sent(&Value::Array(ArrayType::Int, None)), None);
    }

    #[test]
    fn an_array_says_its_length_and_the_type_of_what_is_in_it() {
        let values = vec![Value::Int(Some(7)), Value::Int(None)];
        let array = Value::Array(ArrayType::Int, Some(Box::new(values)));
        let int4 = Type::INT4.oid().to_be_bytes();
        let expected = [
            // One dimension, with nulls, of this type; two of them, counted from one.
            [0, 0, 0, 1],
            [0, 0, 0, 1],
            int4,
            [0, 0, 0, 2],
            [0, 0, 0, 1],
            // Its length and itself; and none.
            [0, 0, 0, 4],
            [0, 0, 0, 7],
            [255, 255, 255, 255],
        ];
        assert_eq!(sent(&array), Some(expected.concat()));
    }

    #[test]
    fn what_no_statement_of_readers_has_is_refused() {
        assert!(matches!(type_of(&Value::Double(Some(1.0))), Err(Unsaid::Unbound(_))));
        assert!(matches!(Bound::of(&Value::Double(Some(1.0))), Err(Unsaid::Unbound(_))));
    }
}
