//! What the name in an address stands for now, for whoever sets it to be told.

use std::{net::IpAddr, time::Duration};

use crate::{Endpoint, Forbidden, Public};

/// How long a name is looked up: somebody waits.
const WITHIN: Duration = Duration::from_secs(3);

/// What came of looking up the name in an address. It may stand for something else when a request is sent, which is looked at anew then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookedUp {
    /// Requests may go there.
    Fits,
    /// Nobody knows the name, or nobody has said so in time: why, in words.
    Unknown(String),
    /// It stands for an address that nothing is sent to.
    Forbidden(Forbidden),
}

impl Public {
    /// Looks up the name in an address. What the address tells by itself is for [`Public::check`]; a number is no name.
    pub async fn look_up(&self, to: &Endpoint) -> LookedUp {
        let host = to.host();
        if host.parse::<IpAddr>().is_ok() {
            return LookedUp::Fits;
        }
        let found = match tokio::time::timeout(WITHIN, tokio::net::lookup_host((host, 0))).await {
            Ok(Ok(found)) => found.map(|found| found.ip()).collect::<Vec<_>>(),
            Ok(Err(error)) => return LookedUp::Unknown(error.to_string()),
            Err(_) => return LookedUp::Unknown(format!("no answer within {} seconds", WITHIN.as_secs())),
        };
        if found.is_empty() {
            return LookedUp::Unknown("it has no address".to_owned());
        }
        match found.into_iter().find(|address| !self.allows(host, *address)) {
            Some(address) => LookedUp::Forbidden(Forbidden { host: host.to_owned(), address }),
            None => LookedUp::Fits,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn names_are_told_apart_by_what_they_stand_for() {
        let look_up = async |public: &Public, url: &str| public.look_up(&Endpoint::parse(url).unwrap()).await;
        let public = Public::default();
        // Nobody ever has a name below this one (RFC 6761, §6.4).
        assert!(matches!(look_up(&public, "https://hooks.invalid/").await, LookedUp::Unknown(why) if !why.is_empty()));
        assert_eq!(look_up(&public, "https://8.8.8.8/").await, LookedUp::Fits);
        assert!(
            matches!(look_up(&public, "https://localhost/").await, LookedUp::Forbidden(found) if found.host == "localhost")
        );
        let allowed = Public::and(vec!["localhost".parse().unwrap()]);
        assert_eq!(look_up(&allowed, "https://localhost/").await, LookedUp::Fits);
    }
}
