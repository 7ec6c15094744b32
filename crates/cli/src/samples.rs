//! The sample content: embedded files, read strictly, in the words of the domain.

mod convert;
mod file;
mod load;

pub(crate) use self::load::load;

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests;
