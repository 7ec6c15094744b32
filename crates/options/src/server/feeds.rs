//! How the site's feeds and pages are told of, as options.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result, bail};
use clap::Args;
use courant_outbound::{Bounds, Destinations, Endpoint, Outbound};
use courant_server::{Feeds, Origin};
use courant_workers::followers::{
    Pinging,
    ping::{IndexNow, Site, Told},
};

/// Feeds and sitemaps are there whatever is set here.
#[derive(Debug, Args)]
#[command(next_help_heading = "Feeds and search engines")]
pub(super) struct FeedOptions {
    /// The WebSub hub that tells the followers of feeds: feeds name it, and it is told of each change
    #[arg(long, env = "COURANT_WEBSUB_HUB", value_name = "URL")]
    websub_hub: Option<Endpoint>,

    /// Tell search engines of each page that changes, by IndexNow, with this key: 8 to 128 letters, digits and hyphens. The site
    /// has a file of that name, by which they see that it is the site's
    #[arg(long, env = "COURANT_INDEXNOW_KEY", value_name = "KEY", value_parser = IndexNow::new)]
    indexnow_key: Option<IndexNow>,

    /// Where they are told; what one is told, the others hear
    #[arg(
        long,
        env = "COURANT_INDEXNOW_URL",
        value_name = "URL",
        default_value = "https://api.indexnow.org/indexnow",
        requires = "indexnow_key"
    )]
    indexnow_url: Endpoint,
}

/// How long a hub or a search engine may take.
const BOUNDS: Bounds = Bounds { connect: Duration::from_secs(3), all: Duration::from_secs(10), body: 4 * 1024 };

impl FeedOptions {
    /// What feeds say of it.
    pub(super) fn feeds(&self) -> Feeds {
        Feeds { hub: self.websub_hub.as_ref().map(|hub| hub.url().clone()), index_now: self.indexnow_key.clone() }
    }

    /// Whom to tell, if anybody.
    pub(super) fn pinging(&self, origin: &Origin) -> Result<Option<Pinging>> {
        if self.websub_hub.is_none() && self.indexnow_key.is_none() {
            return Ok(None);
        }
        let Some(site) = origin.known().map(Site::new) else {
            bail!("--websub-hub and --indexnow-key need --public-url: others are told where the site is");
        };
        let hub = self.websub_hub.iter().map(|hub| Told::hub(hub.clone(), site.clone()));
        let engines =
            self.indexnow_key.iter().map(|key| Told::index_now(self.indexnow_url.clone(), site.clone(), key.clone()));
        let told = hub.chain(engines).map(Arc::new).collect();
        let outbound = Outbound::new(Destinations::All, BOUNDS).context("cannot set up TLS")?;
        Ok(Some(Pinging { told, outbound }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::parse;

    #[test]
    fn nobody_is_told_unless_it_is_known_where_the_site_is() {
        let origin = Origin::parse("https://news.example").unwrap();
        assert!(parse::<FeedOptions>(&[]).unwrap().pinging(&Origin::OF_REQUEST).unwrap().is_none());
        let asked: FeedOptions =
            parse(&["--websub-hub", "https://hub.example/", "--indexnow-key", "0123456789abcdef"]).unwrap();
        assert!(asked.pinging(&Origin::OF_REQUEST).is_err());
        let told = asked.pinging(&origin).unwrap().unwrap().told;
        let names: Vec<&str> = told.iter().map(|told| told.name()).collect();
        assert_eq!(names, ["hub hub.example", "indexnow api.indexnow.org"]);
        assert_eq!(asked.feeds().hub.unwrap().as_str(), "https://hub.example/");
        assert!(parse::<FeedOptions>(&["--indexnow-key", "no/file"]).is_err());
    }
}
