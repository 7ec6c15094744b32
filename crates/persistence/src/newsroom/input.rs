//! What several verbs ask of what they are given.

use courant_domain::{problem::ProblemCode, site::Site, slug::Slug, text::Localized};

use crate::command::{WriteError, Written};

/// The slug that was given, or one made of a name, numbered while it is taken.
pub(crate) fn free_slug(
    given: Option<&Slug>,
    name: &Localized,
    site: &Site,
    taken: impl Fn(&Slug) -> bool,
) -> Written<Slug> {
    if let Some(slug) = given {
        return Ok(slug.clone());
    }
    let made = name.resolve(site, site.default_locale).and_then(Slug::from_title);
    let made = made.ok_or_else(|| {
        WriteError::refused(ProblemCode::Required, "slug", "no slug can be made of the name; give one")
    })?;
    Ok(made.first_free(taken))
}

/// Sees that a text says something in at least one language; `missing` is what to say when it does not.
pub(super) fn require_words(text: &Localized, field: &str, missing: &str) -> Written<()> {
    if text.is_blank() { Err(WriteError::refused(ProblemCode::Required, field, missing)) } else { Ok(()) }
}

/// Sees that a place in an order is one, if it is given.
pub(super) fn require_place(position: Option<u32>) -> Written<Option<u32>> {
    if position == Some(0) {
        return Err(WriteError::refused(ProblemCode::Invalid, "position", "places are counted from 1"));
    }
    Ok(position)
}

/// Where a value of a list stands in what was given: `sourceIds.1`.
pub(super) fn place_in<T: PartialEq>(field: &str, given: &[T], value: &T) -> String {
    let at = given.iter().position(|one| one == value);
    at.map_or_else(|| field.to_owned(), |at| format!("{field}.{at}"))
}
