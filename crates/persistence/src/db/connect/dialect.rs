//! Which database it is, and how statements are written for it.

/// Which of the two databases it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// The embedded one.
    Sqlite,
    /// A server.
    Postgres,
}

impl Dialect {
    /// A join of what is looked up for what stands before it. SQLite's planner knows nothing of how much there is, and now and then begins
    /// with all of a table; so it is told the order.
    pub(crate) const fn join(self) -> &'static str {
        match self {
            Self::Sqlite => "CROSS JOIN",
            Self::Postgres => "JOIN",
        }
    }

    /// A column that narrows down what was looked up by another one. SQLite, which does not know which of them is rarer, is kept from
    /// looking it up by this one.
    pub(crate) fn narrowing(self, column: &str) -> String {
        match self {
            Self::Sqlite => format!("+{column}"),
            Self::Postgres => column.to_owned(),
        }
    }
}
