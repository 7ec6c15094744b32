//! The site.

use async_graphql::{Context, Object, SimpleObject};

use courant_domain::address;

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
    /// Which languages stand in, in order, for what is not live in it.
    fallbacks: Vec<Locale>,
}
