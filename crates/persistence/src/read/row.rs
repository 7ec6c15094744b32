//! Rows, whichever database they come from and however they come.
//!
//! SQLite's driver runs statements on a thread of its own and hands over each column of each row as a copy on the heap:
//! for a page of titles that takes longer than finding them. So the rows of a list come *packed* from there: in one row,
//! which has a JSON array for each column, with ids in hexadecimal. PostgreSQL's rows come as they are.

use std::{borrow::Cow, fmt};

use sea_orm::{QueryResult, TryGetable};
use serde::{Deserialize, Deserializer, de};
use sqlx::Row;
use uuid::Uuid;

use crate::error::{Result, corrupt};

/// Takes the columns of a row one after the other.
pub(crate) struct Cursor<'a> {
    source: Source<'a>,
    next: usize,
}

enum Source<'a> {
    Row(&'a QueryResult),
    Packed(&'a [Vec<Cell<'a>>], usize),
}

impl<'a> Cursor<'a> {
    pub(crate) const fn new(row: &'a QueryResult) -> Self {
        Self { source: Source::Row(row), next: 0 }
    }

    /// A row of packed columns.
    pub(super) const fn packed(columns: &'a [Vec<Cell<'a>>], row: usize) -> Self {
        Self { source: Source::Packed(columns, row), next: 0 }
    }

    pub(crate) fn take<T: Column>(&mut self) -> Result<T> {
        let at = self.next;
        self.next += 1;
        match self.source {
            Source::Row(row) => T::of_row(row, at),
            Source::Packed(columns, row) => {
                let cell = columns.get(at).and_then(|column| column.get(row));
                T::of_cell(cell.ok_or_else(|| corrupt("a row is too short"))?)
            }
        }
    }
}

/// What a column can hold.
pub(crate) trait Column: Sized {
    fn of_row(row: &QueryResult, at: usize) -> Result<Self>;
    fn of_cell(cell: &Cell<'_>) -> Result<Self>;
}

macro_rules! column {
    ($type:ty, $cell:pat => $value:expr) => {
        column!(of_row $type, $cell => $value);
        column!(of_row Option<$type>, $cell => $value.map(Some), Cell::Null => Ok(None));
    };
    (of_row $type:ty, $($cell:pat => $value:expr),+) => {
        impl Column for $type {
            fn of_row(row: &QueryResult, at: usize) -> Result<Self> {
                match row.try_as_pg_row() {
                    // Its columns have types, so that they need not be compared for each value.
                    Some(row) => row.try_get_unchecked(at).map_err(corrupt),
                    None => Ok(<Self as TryGetable>::try_get_by(row, at).map_err(sea_orm::DbErr::from)?),
                }
            }

            fn of_cell(cell: &Cell<'_>) -> Result<Self> {
                match cell {
                    $($cell => $value,)+
                    other => Err(corrupt(format!("{other:?} is no {}", stringify!($type)))),
                }
            }
        }
    };
}

column!(i32, Cell::Number(number) => i32::try_from(*number).map_err(corrupt));
column!(i64, Cell::Number(number) => Result::Ok(*number));
column!(bool, Cell::Number(number) => Result::Ok(*number != 0));
column!(String, Cell::Text(text) => Result::Ok(text.to_string()));
column!(Uuid, Cell::Text(hex) => uuid(hex).ok_or_else(|| corrupt(format!("{hex:?} is no id"))));

/// The id that SQLite's `hex` writes like this: a third of the work of reading all forms that ids can have.
fn uuid(hex: &str) -> Option<Uuid> {
    let half = |digits| u64::from_str_radix(digits, 16).ok();
    let (high, low) = hex.split_at_checked(16).filter(|(_, low)| low.len() == 16)?;
    Some(Uuid::from_u64_pair(half(high)?, half(low)?))
}

/// The columns of a packed row.
pub(super) fn unpack(row: &QueryResult) -> Result<Vec<Vec<Cell<'_>>>> {
    let row = row.try_as_sqlite_row().ok_or_else(|| corrupt("only SQLite packs rows"))?;
    (0..row.len()).map(|column| cells(row.try_get(column).map_err(corrupt)?)).collect()
}

fn cells(text: &str) -> Result<Vec<Cell<'_>>> {
    serde_json::from_str(text).map_err(corrupt)
}

/// What one row has in a packed column.
#[derive(Debug)]
pub(crate) enum Cell<'a> {
    Null,
    Number(i64),
    Text(Cow<'a, str>),
}

impl<'de: 'a, 'a> Deserialize<'de> for Cell<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Cell<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("null, a whole number or a text")
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Cell::Null)
            }

            fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
                Ok(Cell::Number(number))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
                i64::try_from(number).map(Cell::Number).map_err(E::custom)
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Cell::Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Cell::Text(Cow::Owned(text.to_owned())))
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_rows_are_read_column_by_column() {
        let id = Uuid::from_u128(0x0190_a000_0000_7000_8000_0000_0000_00ff);
        let ids = format!("[\"{}\", \"\"]", id.simple().to_string().to_uppercase());
        let texts = ["[7,-9007199254740993]", &ids, r#"["a \"word\"",null]"#];
        let columns: Vec<_> = texts.iter().map(|text| cells(text).unwrap()).collect();
        let mut row = Cursor::packed(&columns, 0);
        assert_eq!(row.take::<i32>().unwrap(), 7);
        assert_eq!(row.take::<Uuid>().unwrap(), id);
        assert_eq!(row.take::<String>().unwrap(), "a \"word\"");
        assert!(row.take::<i32>().is_err(), "there is no fourth column");
        let mut row = Cursor::packed(&columns, 1);
        assert!(row.take::<i32>().is_err(), "it is too large");
        assert!(row.take::<Uuid>().is_err(), "it is no id");
        assert_eq!(row.take::<Option<String>>().unwrap(), None);
        assert_eq!(Cursor::packed(&columns, 1).take::<i64>().unwrap(), -9_007_199_254_740_993);
        assert!(Cursor::packed(&columns, 1).take::<String>().is_err(), "it is no text");
        assert!(Cursor::packed(&columns, 2).take::<i64>().is_err(), "there is no third row");
        assert!(cells("[1.5]").is_err() && cells("[{}]").is_err() && cells("").is_err());
    }
}
