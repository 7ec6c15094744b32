//! Followers of the change log, a file each.

mod reference_data;

pub use self::reference_data::ReferenceData;
