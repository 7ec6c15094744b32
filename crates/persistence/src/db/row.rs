//! Rows, whichever database they come from and whoever reads them.

use rusqlite::types::ValueRef;
use sea_orm::{QueryResult, TryGetable};
use sqlx::Row;
use tokio_postgres::types::FromSql;
use uuid::Uuid;

use crate::error::{Result, corrupt};

/// Takes the columns of a row one after the other.
pub(crate) struct Cursor<'a> {
    source: Source<'a>,
    next: usize,
}

enum Source<'a> {
    Row(&'a QueryResult),
    Pipelined(&'a tokio_postgres::Row),
    Inline(&'a rusqlite::Row<'a>),
}

impl<'a> Cursor<'a> {
    pub(crate) const fn new(row: &'a QueryResult) -> Self {
        Self { source: Source::Row(row), next: 0 }
    }

    /// A row that came through a connection of many.
    pub(super) const fn pipelined(row: &'a tokio_postgres::Row) -> Self {
        Self { source: Source::Pipelined(row), next: 0 }
    }

    /// A row that SQLite has just found.
    pub(super) const fn inline(row: &'a rusqlite::Row<'a>) -> Self {
        Self { source: Source::Inline(row), next: 0 }
    }

    pub(crate) fn take<T: Column>(&mut self) -> Result<T> {
        let at = self.next;
        self.next += 1;
        match self.source {
            Source::Row(row) => T::of_row(row, at),
            Source::Pipelined(row) => row.try_get(at).map_err(corrupt),
            Source::Inline(row) => T::of_value(row.get_ref(at).map_err(corrupt)?),
        }
    }

    /// The column of this name.
    pub(crate) fn get<T: Column>(&self, name: &str) -> Result<T> {
        match self.source {
            Source::Row(row) => T::named(row, name),
            Source::Pipelined(row) => row.try_get(name).map_err(corrupt),
            Source::Inline(row) => T::of_value(row.get_ref(name).map_err(corrupt)?),
        }
    }
}

/// What a column can hold.
pub(crate) trait Column: Sized + for<'a> FromSql<'a> {
    fn of_row(row: &QueryResult, at: usize) -> Result<Self>;
    fn named(row: &QueryResult, name: &str) -> Result<Self>;
    fn of_value(value: ValueRef<'_>) -> Result<Self>;
}

macro_rules! column {
    ($type:ty, $found:pat => $value:expr) => {
        column!(of_row $type, $found => $value);
        column!(of_row Option<$type>, $found => $value.map(Some), ValueRef::Null => Ok(None));
    };
    (of_row $type:ty, $($found:pat => $value:expr),+) => {
        impl Column for $type {
            fn of_row(row: &QueryResult, at: usize) -> Result<Self> {
                match row.try_as_pg_row() {
                    // Its columns have types, so that they need not be compared for each value.
                    Some(row) => row.try_get_unchecked(at).map_err(corrupt),
                    None => Ok(<Self as TryGetable>::try_get_by(row, at).map_err(sea_orm::DbErr::from)?),
                }
            }

            fn named(row: &QueryResult, name: &str) -> Result<Self> {
                Ok(row.try_get("", name)?)
            }

            fn of_value(value: ValueRef<'_>) -> Result<Self> {
                match value {
                    $($found => $value,)+
                    other => Err(corrupt(format!("{} is no {}", other.data_type(), stringify!($type)))),
                }
            }
        }
    };
}

column!(i32, ValueRef::Integer(number) => i32::try_from(number).map_err(corrupt));
column!(i64, ValueRef::Integer(number) => Result::Ok(number));
column!(bool, ValueRef::Integer(number) => Result::Ok(number != 0));
column!(String, ValueRef::Text(text) => std::str::from_utf8(text).map(str::to_owned).map_err(corrupt));
column!(Uuid, ValueRef::Blob(bytes) => Uuid::from_slice(bytes).map_err(corrupt));
