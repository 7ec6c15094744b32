//! What a request's resolvers share.

use std::sync::Arc;

use async_graphql::Context;
use courant_domain::{locale::Locale, site::Site};
use courant_persistence::{Reference, Store};
use jiff::civil::Date;

use crate::{
    error::{Error, ErrorCode},
    loader::{Loaders, Round, loaders},
};

/// One request's view of the world: the reference data as it was when the request came, and its loaders.
pub(crate) struct RequestContext {
    pub(crate) reference: Arc<Reference>,
    pub(crate) loaders: Loaders,
}

impl RequestContext {
    pub(crate) fn new(store: &Store, round: Round) -> Self {
        Self { reference: store.reference(), loaders: loaders(store.clone(), round) }
    }

    pub(crate) fn site(&self) -> &Site {
        &self.reference.site
    }

    /// The locale a request means: the one it names, or the site's for another region of the same language,
    /// or the site's default when it names none.
    pub(crate) fn locale(&self, wanted: Option<Locale>) -> Result<Locale, Error> {
        let Some(wanted) = wanted else { return Ok(self.site().default_locale) };
        if self.site().has(wanted) {
            return Ok(wanted);
        }
        let offered: Vec<Locale> = self.site().locales.iter().map(|locale| locale.tag).collect();
        Locale::negotiate(wanted, &offered).ok_or_else(|| {
            let offered: Vec<&str> = offered.iter().map(Locale::as_str).collect();
            Error::new(
                ErrorCode::UnknownLocale,
                format!("this site has no locale {wanted}; it has {}", offered.join(", ")),
            )
        })
    }
}

/// Today, in UTC.
pub(crate) fn today() -> Date {
    jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date()
}

/// The request's context.
pub(crate) fn request<'a>(ctx: &Context<'a>) -> &'a RequestContext {
    ctx.data_unchecked::<RequestContext>()
}
