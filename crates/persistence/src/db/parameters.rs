//! The parameters of a statement in the making.

use sea_orm::Value;

/// Parameters, in the order of their numbers.
#[derive(Debug, Default)]
pub(crate) struct Parameters(pub(crate) Vec<Value>);

impl Parameters {
    /// Binds a value; gives what stands for it in the statement.
    pub(crate) fn bind(&mut self, value: impl Into<Value>) -> String {
        self.0.push(value.into());
        format!("${}", self.0.len())
    }

    /// Binds values; gives what stands for them in the statement: `$1, $2`.
    pub(crate) fn bind_all<V: Into<Value>>(&mut self, values: impl IntoIterator<Item = V>) -> String {
        values.into_iter().map(|value| self.bind(value)).collect::<Vec<_>>().join(", ")
    }
}
