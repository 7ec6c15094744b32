//! The site.

use async_graphql::{Context, Enum, Object, SimpleObject};

use courant_domain::{address, locale::Direction};

use super::{
    context::request,
    feed_link::{FeedLink, links_of},
    scalar::Locale,
};
use crate::error::Error;

/// The portal as a whole.
pub(crate) struct Site;

/// The portal as a whole.
#[Object]
impl Site {
    /// Its name; null only with an error, in a language that the site has not.
    async fn name(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In which language; the site's default when none is given.")] locale: Option<Locale>,
    ) -> Option<Result<String, Error>> {
        let site = request(ctx).site();
        let locale = request(ctx).locale(locale.map(|locale| locale.0));
        Some(locale.map(|locale| site.name.resolve(site, locale).unwrap_or_default().to_owned()))
    }

    /// What it is, in a sentence.
    async fn description(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In which language; the site's default when none is given.")] locale: Option<Locale>,
    ) -> Option<Result<String, Error>> {
        let site = request(ctx).site();
        let locale = request(ctx).locale(locale.map(|locale| locale.0));
        locale.map(|locale| site.description.resolve(site, locale).map(str::to_owned)).transpose()
    }

    /// The language of a request that names none.
    async fn default_locale(&self, ctx: &Context<'_>) -> Locale {
        Locale(request(ctx).site().default_locale)
    }

    /// Where it is, as a name of the IANA time zone database: `Asia/Ashgabat`. "Today" is the day there.
    async fn time_zone(&self, ctx: &Context<'_>) -> String {
        request(ctx).site().time_zone.to_string()
    }

    /// Its own pages elsewhere, on social networks say: absolute addresses (schema.org `sameAs`).
    async fn profiles(&self, ctx: &Context<'_>) -> Vec<String> {
        request(ctx).site().profiles.clone()
    }

    /// Where everything that is published can be followed, in each format.
    async fn links(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In which language; the site's default when none is given.")] locale: Option<Locale>,
    ) -> Option<Result<Vec<FeedLink>, Error>> {
        let locale = request(ctx).locale(locale.map(|locale| locale.0));
        Some(locale.map(|locale| links_of(&format!("{}/feed", address::home_path(locale)))))
    }

    /// The languages a reader can choose, in the order they are offered.
    async fn locales(&self, ctx: &Context<'_>) -> Vec<SiteLocale> {
        let locales = request(ctx).site().locales.iter();
        locales
            .map(|locale| SiteLocale {
                tag: Locale(locale.tag),
                name: locale.name.clone(),
                direction: locale.tag.direction().into(),
                fallbacks: locale.fallbacks.iter().copied().map(Locale).collect(),
            })
            .collect()
    }
}

/// One language of the site.
#[derive(SimpleObject)]
pub(crate) struct SiteLocale {
    /// Its tag.
    tag: Locale,
    /// Its own name for itself.
    name: String,
    /// In which direction it is written: `dir` of what is in it.
    direction: TextDirection,
    /// Which languages stand in, in order, for what is not live in it.
    fallbacks: Vec<Locale>,
}

/// In which direction a language is written, by the script of its tag, or the one it is likely written in (CLDR).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum TextDirection {
    /// From the left to the right.
    Ltr,
    /// From the right to the left, as Arabic, Hebrew, Persian and Urdu are.
    Rtl,
}

impl From<Direction> for TextDirection {
    fn from(direction: Direction) -> Self {
        match direction {
            Direction::LeftToRight => Self::Ltr,
            Direction::RightToLeft => Self::Rtl,
        }
    }
}
