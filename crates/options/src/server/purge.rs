//! Which caches between the server and its readers are told of changes, as options.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use courant_outbound::{Bounds, Destinations, Endpoint, Outbound};
use courant_workers::followers::{
    Purging,
    purge::{Cache, Form, Token},
};

/// A cache that is told throws away what a change has touched, and nothing else, as soon as all servers know of it.
#[derive(Debug, Args)]
#[command(next_help_heading = "Purging caches")]
pub(super) struct PurgeOptions {
    /// Have a CDN, or a cache in front of the server, throw away what a change touches
    #[arg(long, env = "COURANT_PURGE", value_name = "FORM")]
    purge: Option<PurgeForm>,

    /// Where it takes purges; several caches of one form are told each [default: the API of Fastly or Cloudflare]
    #[arg(long, env = "COURANT_PURGE_URL", value_name = "URL", value_delimiter = ',', requires = "purge")]
    purge_url: Vec<Endpoint>,

    /// The id of the service (Fastly) or the zone (Cloudflare)
    #[arg(long, env = "COURANT_PURGE_ID", value_name = "ID", requires = "purge")]
    purge_id: Option<String>,

    /// What it knows Courant by, which others on this machine can read here: better in the variable, or in a file
    #[arg(
        long,
        env = "COURANT_PURGE_TOKEN",
        value_name = "TOKEN",
        hide_env_values = true,
        requires = "purge",
        conflicts_with = "purge_token_file"
    )]
    purge_token: Option<String>,

    /// A file with that
    #[arg(long, env = "COURANT_PURGE_TOKEN_FILE", value_name = "FILE", requires = "purge")]
    purge_token_file: Option<PathBuf>,

    /// How many seconds later it is told once more, for answers that were on their way to it; 0 for never
    #[arg(long, env = "COURANT_PURGE_AGAIN", value_name = "SECONDS", default_value_t = 3,
          value_parser = clap::value_parser!(u64).range(0..=60))]
    purge_again: u64,
}

/// How it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PurgeForm {
    /// Varnish with its module xkey, configured as examples/varnish/xkey.vcl is
    VarnishXkey,
    /// Varnish without it, configured as examples/varnish/courant.vcl is
    VarnishBan,
    /// Fastly
    Fastly,
    /// Cloudflare
    Cloudflare,
    /// Any other that takes {"keys": ["…"]} by POST
    Json,
}

/// How long a cache may take.
const BOUNDS: Bounds = Bounds { connect: Duration::from_secs(2), all: Duration::from_secs(10), body: 16 * 1024 };

impl PurgeOptions {
    /// Whom to tell, if anybody.
    pub(super) fn purging(&self, keeps_answers: bool) -> Result<Option<Purging>> {
        let Some(purge) = self.purge else { return Ok(None) };
        if !keeps_answers {
            bail!(
                "--purge has nothing to throw away where --answer-cache is off: then nothing on the way keeps answers"
            );
        }
        let form = self.form(purge)?;
        let default = match &form {
            Form::Fastly { .. } => Some("https://api.fastly.com"),
            Form::Cloudflare { .. } => Some("https://api.cloudflare.com"),
            _ => None,
        };
        let urls = match (default, self.purge_url.is_empty()) {
            (Some(default), true) => vec![Endpoint::parse(default)?],
            (None, true) => bail!("--purge needs --purge-url: where the cache takes purges"),
            (_, false) => self.purge_url.clone(),
        };
        let token = self.token()?;
        let caches = urls.iter().map(|url| {
            let cache = Cache::new(form.clone(), url, token.as_ref());
            cache.map(Arc::new).with_context(|| format!("the cache at {url} cannot be told of changes"))
        });
        let caches = caches.collect::<Result<Vec<_>>>()?;
        let mut names: Vec<&str> = caches.iter().map(|cache| cache.name()).collect();
        names.sort_unstable();
        names.dedup();
        if names.len() != caches.len() {
            bail!("--purge-url names one cache twice");
        }
        let outbound = Outbound::new(Destinations::All, BOUNDS).context("cannot send requests")?;
        Ok(Some(Purging { caches, again: Duration::from_secs(self.purge_again), outbound }))
    }

    fn form(&self, purge: PurgeForm) -> Result<Form> {
        let id = || self.purge_id.clone().context("--purge needs --purge-id: the id of the service or zone");
        Ok(match purge {
            PurgeForm::VarnishXkey => Form::VarnishXkey,
            PurgeForm::VarnishBan => Form::VarnishBan,
            PurgeForm::Fastly => Form::Fastly { service: id()? },
            PurgeForm::Cloudflare => Form::Cloudflare { zone: id()? },
            PurgeForm::Json => Form::Json,
        })
    }

    fn token(&self) -> Result<Option<Token>> {
        if let Some(token) = &self.purge_token {
            return Ok(Some(Token::new(token)));
        }
        let Some(file) = &self.purge_token_file else { return Ok(None) };
        let shown = file.display();
        let text = std::fs::read_to_string(file).with_context(|| format!("cannot read the token in {shown}"))?;
        if text.trim().is_empty() {
            bail!("there is no token in {shown}");
        }
        Ok(Some(Token::new(&text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::parse;

    fn told(args: &[&str]) -> Result<Option<Purging>, String> {
        let options: PurgeOptions = parse(args).map_err(|error| error.to_string())?;
        options.purging(true).map_err(|error| format!("{error:#}"))
    }

    fn names(args: &[&str]) -> Vec<&'static str> {
        told(args).unwrap().unwrap().caches.iter().map(|cache| cache.name()).collect()
    }

    #[test]
    fn whom_to_tell_is_read() {
        assert!(told(&[]).unwrap().is_none());
        let urls = "http://a.internal:6081,http://b.internal:6081/";
        assert_eq!(
            names(&["--purge", "varnish-xkey", "--purge-url", urls]),
            ["purge a.internal:6081", "purge b.internal:6081"]
        );
        let fastly = ["--purge", "fastly", "--purge-id", "SU1Z0isxPaozGVKXdv0eY", "--purge-token", "x"];
        assert_eq!(names(&fastly), ["purge api.fastly.com"]);
    }

    #[test]
    fn what_is_missing_is_named() {
        for (args, missing) in [
            (&["--purge", "varnish-ban"][..], "--purge-url"),
            (&["--purge", "cloudflare", "--purge-token", "x"], "--purge-id"),
            (&["--purge", "cloudflare", "--purge-id", "0a"], "without a token"),
            (&["--purge-url", "http://a/"], "--purge <FORM>"),
            (&["--purge", "json", "--purge-url", "ftp://a/"], "https:// or http://"),
            (&["--purge", "json", "--purge-url", "http://a/,http://a/x"], "twice"),
            (&["--purge", "json", "--purge-url", "http://a/", "--purge-token-file", "/nowhere"], "/nowhere"),
        ] {
            let error = told(args).unwrap_err();
            assert!(error.contains(missing), "{error}");
        }
        let options: PurgeOptions = parse(&["--purge", "json", "--purge-url", "http://a/"]).unwrap();
        assert!(options.purging(false).is_err());
    }
}
