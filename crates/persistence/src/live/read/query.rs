//! A SELECT as a value: put together piece by piece, and rendered once.

use std::fmt;

/// A SELECT. What is empty is left out.
#[derive(Debug, Clone, Default)]
pub(super) struct Query {
    pub(super) columns: String,
    pub(super) from: String,
    /// Each with its `JOIN` and what it is on.
    pub(super) joins: Vec<String>,
    /// All of which hold.
    pub(super) conditions: Vec<String>,
    /// With its `ORDER BY`.
    pub(super) order: String,
    pub(super) limit: String,
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { columns, from, joins, conditions, order, limit } = self;
        write!(f, "SELECT {columns} FROM {from}")?;
        joins.iter().try_for_each(|join| write!(f, " {join}"))?;
        for (at, condition) in conditions.iter().enumerate() {
            write!(f, " {} {condition}", if at == 0 { "WHERE" } else { "AND" })?;
        }
        if !order.is_empty() {
            write!(f, " {order}")?;
        }
        if !limit.is_empty() {
            write!(f, " LIMIT {limit}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_empty_is_left_out() {
        let bare = Query { columns: "a".to_owned(), from: "b".to_owned(), ..Query::default() };
        assert_eq!(bare.to_string(), "SELECT a FROM b");
        let full = Query {
            joins: vec!["JOIN c ON c.b = b.id".to_owned()],
            conditions: vec!["a > $1".to_owned(), "TRUE".to_owned()],
            order: "ORDER BY a".to_owned(),
            limit: "3".to_owned(),
            ..bare
        };
        let text = "SELECT a FROM b JOIN c ON c.b = b.id WHERE a > $1 AND TRUE ORDER BY a LIMIT 3";
        assert_eq!(full.to_string(), text);
    }
}
