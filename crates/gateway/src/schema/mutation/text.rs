//! A text in several languages, as it is given.

use async_graphql::{Context, InputObject};
use courant_domain::{
    bounds::Bound,
    text::{Localized, is_blank},
};

use super::input::Reader;
use crate::schema::{context::request, scalar::Locale};

/// A text in one language.
#[derive(InputObject)]
pub(crate) struct LocalizedTextInput {
    /// The language.
    locale: Locale,
    /// The text.
    text: String,
}

/// What sort of text it is, and with that how long it may be, in characters.
#[derive(Clone, Copy)]
pub(super) enum Sort {
    /// What something is called: one line of up to 200.
    Name,
    /// What is said of it: up to 5,000.
    Description,
}

impl Sort {
    const fn bound(self) -> Bound {
        match self {
            Self::Name => Bound::NAME,
            Self::Description => Bound::DESCRIPTION,
        }
    }
}

impl Reader {
    /// A text in languages of the site, each once.
    pub(super) fn localized(
        &mut self,
        ctx: &Context<'_>,
        (field, sort): (&str, Sort),
        texts: Vec<LocalizedTextInput>,
    ) -> Localized {
        let mut read = Localized::default();
        for (at, LocalizedTextInput { locale, text }) in texts.into_iter().enumerate() {
            let (locale, text) = (locale.0, text.trim());
            let field = |part: &str| format!("{field}.{at}.{part}");
            self.text(&field("text"), text.to_owned(), sort.bound());
            let mut wrong = |part: &str, message: String| self.invalid(&field(part), message);
            if !request(ctx).site().has(locale) {
                wrong("locale", format!("the site is not in {locale}"));
            }
            if read.get(locale).is_some() {
                wrong("locale", format!("{locale} is given twice"));
            }
            if matches!(sort, Sort::Name) && (is_blank(text) || text.contains(char::is_control)) {
                wrong("text", "a name is one line that says something".to_owned());
            }
            read.set(locale, text);
        }
        read
    }
}
