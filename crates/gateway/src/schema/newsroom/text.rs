//! A text in several languages, all of them shown.

use async_graphql::SimpleObject;
use courant_domain::text::Localized;

use crate::schema::scalar::Locale;

/// A text in one language.
#[derive(SimpleObject)]
pub(crate) struct LocalizedText {
    /// The language.
    locale: Locale,
    /// The text.
    text: String,
}

pub(super) fn texts(localized: &Localized) -> Vec<LocalizedText> {
    localized.iter().map(|(locale, text)| LocalizedText { locale: Locale(locale), text: text.to_owned() }).collect()
}
