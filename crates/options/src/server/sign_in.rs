//! How people sign in, and whose tokens are taken, as options.

use std::{collections::HashMap, net::IpAddr, num::NonZeroU32, path::PathBuf, time::Duration};

use anyhow::{Context, Result, bail};
use clap::Args;
use courant_domain::access::Role;
use courant_gateway::IdentityConfig;
use courant_identity::{
    external::{self, Issuer},
    throttle::{Limit, Limits},
};
use ipnet::IpNet;
use jiff::SignedDuration;

use crate::values::role;

/// How people sign in.
#[derive(Debug, Args)]
#[command(next_help_heading = "Sign-in")]
pub(super) struct SignInOptions {
    /// How long an access token holds
    #[arg(long, env = "COURANT_ACCESS_TOKEN_MINUTES", value_name = "MINUTES", default_value_t = 10,
          value_parser = clap::value_parser!(i64).range(1..=60))]
    access_token_minutes: i64,

    /// How long a session lasts from the sign-in on
    #[arg(long, env = "COURANT_SESSION_DAYS", value_name = "DAYS", default_value_t = 30,
          value_parser = clap::value_parser!(i64).range(1..=365))]
    session_days: i64,

    /// Sign-ins that may be tried on one account: so many at once, then one each so many seconds
    #[arg(long, env = "COURANT_SIGN_INS_PER_ACCOUNT", value_name = "NUMBER/SECONDS", default_value = "5/30", value_parser = limit)]
    sign_ins_per_account: Limit,

    /// Sign-ins that may be tried from one network address: so many at once, then one each so many seconds
    #[arg(long, env = "COURANT_SIGN_INS_PER_ADDRESS", value_name = "NUMBER/SECONDS", default_value = "20/6", value_parser = limit)]
    sign_ins_per_address: Limit,

    /// The networks of the proxies before the server, such as 10.0.0.0/8: what they say of a client's address
    /// (X-Forwarded-For) is believed
    #[arg(long, env = "COURANT_TRUSTED_PROXIES", value_name = "NETWORK", value_delimiter = ',', value_parser = network)]
    trusted_proxies: Vec<IpNet>,

    #[command(flatten)]
    issuer: IssuerOptions,
}

/// An OpenID Connect issuer whose access tokens are taken.
#[derive(Debug, Args)]
#[command(next_help_heading = "Tokens of an OpenID Connect issuer")]
struct IssuerOptions {
    /// The issuer, as its tokens' `iss` spells it
    #[arg(long, env = "COURANT_OIDC_ISSUER", value_name = "URL", requires_all = ["oidc_audience", "oidc_key_set"])]
    oidc_issuer: Option<String>,

    /// Who its tokens may be for (`aud`)
    #[arg(
        long,
        env = "COURANT_OIDC_AUDIENCE",
        value_name = "AUDIENCE",
        value_delimiter = ',',
        requires = "oidc_issuer"
    )]
    oidc_audience: Vec<String>,

    /// A file with the issuer's public keys, as a JWK Set; it is read at start
    #[arg(long, env = "COURANT_OIDC_KEY_SET", value_name = "FILE", requires = "oidc_issuer")]
    oidc_key_set: Option<PathBuf>,

    /// The claim its roles are in; names with dots between them lead into objects
    #[arg(long, env = "COURANT_OIDC_ROLES_CLAIM", value_name = "CLAIM", default_value = external::DEFAULT_ROLES_CLAIM)]
    oidc_roles_claim: String,

    /// Which role a value of that claim stands for, such as newsroom-editors=EDITOR [default: each role's own name]
    #[arg(long, env = "COURANT_OIDC_ROLES", value_name = "VALUE=ROLE", value_delimiter = ',', value_parser = mapped)]
    oidc_roles: Vec<(String, Role)>,
}

impl SignInOptions {
    pub(super) fn identity(&self) -> Result<IdentityConfig> {
        Ok(IdentityConfig {
            access_lifetime: SignedDuration::from_mins(self.access_token_minutes),
            session_lifetime: SignedDuration::from_hours(self.session_days * 24),
            throttle: Limits { account: self.sign_ins_per_account, address: self.sign_ins_per_address },
            issuer: self.issuer.issuer()?,
            ..IdentityConfig::default()
        })
    }

    /// The proxies to believe.
    pub(super) fn trusted_proxies(&self) -> Vec<IpNet> {
        self.trusted_proxies.clone()
    }
}

impl IssuerOptions {
    fn issuer(&self) -> Result<Option<Issuer<Role>>> {
        let (Some(issuer), Some(file)) = (&self.oidc_issuer, &self.oidc_key_set) else { return Ok(None) };
        let key_set = std::fs::read_to_string(file)
            .with_context(|| format!("cannot read {}, the file of --oidc-key-set", file.display()))?;
        let mut roles: HashMap<String, Role> = HashMap::new();
        for (value, role) in &self.oidc_roles {
            if roles.insert(value.clone(), *role).is_some_and(|before| before != *role) {
                bail!("--oidc-roles gives {value} two roles; a token with both values gets both roles");
            }
        }
        if roles.is_empty() {
            roles = Role::ALL.map(|role| (role.as_str().to_owned(), role)).into();
        }
        let config = external::Config {
            issuer: issuer.clone(),
            audiences: self.oidc_audience.clone(),
            key_set,
            roles_claim: self.oidc_roles_claim.clone(),
            roles,
        };
        let issuer = Issuer::new(config).with_context(|| format!("cannot trust {issuer} with {}", file.display()))?;
        Ok(Some(issuer))
    }
}

fn limit(text: &str) -> Result<Limit, &'static str> {
    const WANTED: &str =
        "wanted are two numbers, such as 5/30: 1 to 10000 attempts at once, then one each 1 to 3600 seconds";
    let (burst, seconds) = text.split_once('/').ok_or(WANTED)?;
    let burst: NonZeroU32 = burst.trim().parse().map_err(|_| WANTED)?;
    let seconds: u64 = seconds.trim().parse().map_err(|_| WANTED)?;
    if burst.get() > 10_000 || !(1..=3600).contains(&seconds) {
        return Err(WANTED);
    }
    Ok(Limit { burst, every: Duration::from_secs(seconds) })
}

/// A network, or one address.
fn network(text: &str) -> Result<IpNet, &'static str> {
    let text = text.trim();
    text.parse()
        .or_else(|_| text.parse().map(|address: IpAddr| IpNet::from(address)))
        .map_err(|_| "wanted is a network, such as 10.0.0.0/8 or fd00::/8, or one address")
}

fn mapped(text: &str) -> Result<(String, Role), String> {
    match text.split_once('=') {
        Some((value, name)) if !value.trim().is_empty() => Ok((value.trim().to_owned(), role(name.trim())?)),
        _ => Err("wanted is a value and a role, such as newsroom-editors=EDITOR".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_in_their_bounds() {
        let read = limit("5/30").unwrap();
        assert_eq!((read.burst.get(), read.every), (5, Duration::from_secs(30)));
        for wrong in ["5", "0/30", "5/0", "10001/1", "5/3601", "-1/2", "a/b", ""] {
            assert!(limit(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn networks_and_single_addresses_are_read() {
        assert_eq!(network("10.0.0.0/8").unwrap().to_string(), "10.0.0.0/8");
        assert_eq!(network("192.0.2.7").unwrap().to_string(), "192.0.2.7/32");
        assert_eq!(network("2001:db8::1").unwrap().to_string(), "2001:db8::1/128");
        assert!(network("proxy.example").is_err());
    }

    #[test]
    fn values_of_a_claim_stand_for_roles() {
        assert_eq!(mapped("newsroom-editors=editor").unwrap(), ("newsroom-editors".to_owned(), Role::Editor));
        assert!(mapped("=EDITOR").is_err());
        assert!(mapped("x=CHIEF").unwrap_err().contains("READER, AUTHOR"));
    }
}
