//! What is likely to be an oversight of whoever starts a service, said once in the log.

use std::net::SocketAddr;

use courant_domain::access::{Grant, Role};
use courant_persistence::{Result, Store};

use crate::{Config, Origin};

/// Looks at how a service at an address is set up, and has the log say what was overlooked, perhaps.
pub(crate) async fn warn(store: &Store, config: &Config, address: SocketAddr) -> Result<()> {
    let may_sign_in = config.identity.issuer.is_some() || has_administrator(store).await?;
    if !may_sign_in {
        tracing::warn!(
            "there is no administrator yet, so nobody can sign in who may do everything: `courant user create` makes one"
        );
    }
    if config.origin == Origin::OF_REQUEST && !address.ip().to_canonical().is_loopback() {
        tracing::warn!(
            %address,
            "others can reach this address, and --public-url does not say where the site is: addresses that others are told \
             (canonical ones, those in previews of links) are made of whatever host a request names"
        );
    }
    Ok(())
}

async fn has_administrator(store: &Store) -> Result<bool> {
    let administrator = Grant::everywhere(Role::Admin);
    let users = store.accounts().users().await?;
    Ok(users.iter().any(|user| user.disabled_at.is_none() && user.grants.contains(&administrator)))
}
