//! Connections to addresses that may be connected to.

use std::{
    future::Future,
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
    vec,
};

use http::Uri;
use hyper_util::{
    client::legacy::connect::{HttpConnector, dns::Name},
    rt::TokioIo,
};
use tokio::net::TcpStream;
use tower_service::Service;

use crate::Destinations;

type BoxError = Box<dyn std::error::Error + Send + Sync>;
type Pending<T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send>>;

/// Makes connections over TCP. Numbers in a URL are looked at here, as they ask no resolver; what names stand for by [`Addresses`].
#[derive(Debug, Clone)]
pub(crate) struct Connector {
    destinations: Arc<Destinations>,
    tcp: HttpConnector<Addresses>,
}

impl Connector {
    pub(crate) fn new(destinations: Destinations, within: Duration) -> Self {
        let destinations = Arc::new(destinations);
        let mut tcp = HttpConnector::new_with_resolver(Addresses { destinations: destinations.clone() });
        // TLS comes over it.
        tcp.enforce_http(false);
        tcp.set_connect_timeout(Some(within));
        tcp.set_nodelay(true);
        Self { destinations, tcp }
    }

    fn check(&self, uri: &Uri) -> Result<(), BoxError> {
        let host = uri.host().unwrap_or_default();
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        match host.parse::<IpAddr>() {
            Ok(address) => Ok(self.destinations.check(host, address)?),
            // A name, which is resolved.
            Err(_) => Ok(()),
        }
    }
}

impl Service<Uri> for Connector {
    type Response = TokioIo<TcpStream>;
    type Error = BoxError;
    type Future = Pending<Self::Response, BoxError>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.tcp.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        if let Err(error) = self.check(&uri) {
            return Box::pin(std::future::ready(Err(error)));
        }
        let connection = self.tcp.call(uri);
        Box::pin(async move { Ok(connection.await?) })
    }
}

/// Asks the system what a name stands for. One address that is forbidden forbids the name: whoever mixes them means no good.
#[derive(Debug, Clone)]
pub(crate) struct Addresses {
    destinations: Arc<Destinations>,
}

impl Service<Name> for Addresses {
    type Response = vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pending<Self::Response, io::Error>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let destinations = self.destinations.clone();
        Box::pin(async move {
            let found: Vec<_> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            for address in &found {
                destinations.check(name.as_str(), address.ip()).map_err(io::Error::other)?;
            }
            Ok(found.into_iter())
        })
    }
}
