//! The sample content: embedded files, read strictly, in the words of the domain.

mod adopt;
mod convert;
mod file;
mod load;

pub(crate) use self::load::load;

#[cfg(test)]
mod tests;
