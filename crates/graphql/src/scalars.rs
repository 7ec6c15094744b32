//! The scalars of a schema's own, which the schema definition language names and does not explain.

use std::fmt::Debug;

use async_graphql::Value;

/// Reads the values of a schema's own scalars.
pub trait Scalars: Debug + Send + Sync {
    /// Whether the scalar of this name reads the value.
    ///
    /// # Errors
    /// What the scalar expects, if it does not: "expected …", for the client to read. A scalar that is not known takes any value.
    fn check(&self, scalar: &str, value: &Value) -> Result<(), &'static str>;
}

/// No scalar is known.
impl Scalars for () {
    fn check(&self, _: &str, _: &Value) -> Result<(), &'static str> {
        Ok(())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Knows the scalar `Date`, and two days.
    #[derive(Debug)]
    pub(crate) struct Days;

    impl Scalars for Days {
        fn check(&self, scalar: &str, value: &Value) -> Result<(), &'static str> {
            match (scalar, value) {
                ("Date", Value::String(day)) if ["2021-03-02", "2024-02-29"].contains(&day.as_str()) => Ok(()),
                ("Date", _) => Err("expected a day of the calendar"),
                _ => Ok(()),
            }
        }
    }
}
