//! What a change says of one field.

use serde::Serialize;

/// What a change says of one field: nothing, so that it stays, or what it shall be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub enum Patch<T> {
    /// It stays.
    #[default]
    Keep,
    /// It shall be this.
    Set(T),
}

impl<T> Patch<T> {
    /// Makes the change.
    pub fn apply(self, to: &mut T) {
        if let Self::Set(value) = self {
            *to = value;
        }
    }

    /// What it shall be, if anything is said of it.
    #[must_use]
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Keep => None,
            Self::Set(value) => Some(value),
        }
    }
}
