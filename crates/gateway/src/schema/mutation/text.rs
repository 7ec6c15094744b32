//! A text in several languages, as it is given.

use async_graphql::InputObject;
use courant_domain::text::Localized;

use crate::schema::scalar::Locale;

/// A text in one language.
#[derive(InputObject)]
pub(crate) struct LocalizedTextInput {
    /// The language.
    locale: Locale,
    /// The text.
    text: String,
}

pub(super) fn localized(texts: Vec<LocalizedTextInput>) -> Localized {
    texts.into_iter().map(|text| (text.locale.0, text.text)).collect()
}
