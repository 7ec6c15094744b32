//! Which addresses may be connected to.

mod public;
mod special;

use std::net::IpAddr;

pub use self::public::{Allowed, AllowedError, Public, Unfit};
use crate::Forbidden;

/// Which addresses requests may go to. It is asked about every address before it is connected to, not about names: a name may stand for
/// another address a moment later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destinations {
    /// All: for addresses that whoever runs the server has set.
    All,
    /// Those of the public Internet, and what is allowed beside them: for addresses that users have set.
    Public(Public),
}

impl Destinations {
    /// Whether this host may be connected to at this address, which is what its name stands for, or the host itself.
    pub(crate) fn check(&self, host: &str, address: IpAddr) -> Result<(), Forbidden> {
        let is_allowed = match self {
            Self::All => true,
            Self::Public(public) => public.allows(host, address),
        };
        if is_allowed { Ok(()) } else { Err(Forbidden { host: host.to_owned(), address }) }
    }
}
