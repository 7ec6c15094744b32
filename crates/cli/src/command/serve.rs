//! `courant serve`.

mod start;

use std::{net::SocketAddr, pin::pin};

use anyhow::{Context, Result};
use clap::builder::BoolishValueParser;
use courant_options::ServerOptions;
use courant_server::{Starting, listen::Signals};
use tokio::net::{TcpListener, lookup_host};

use self::start::Start;

/// Serve the GraphQL endpoint
///
/// With no option: on an embedded database in ./data, which is made if it is not there, at 127.0.0.1:8080.
/// PostgreSQL that is not there yet is waited for: until then /healthz answers 200 and everything else 503.
/// Ctrl-C and SIGTERM stop it: requests under way are finished first, a second signal stops it at once.
#[derive(Debug, clap::Args)]
pub(crate) struct ServeArgs {
    /// The address and port to listen on
    #[arg(long, env = "COURANT_LISTEN", value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080", value_parser = address)]
    listen: String,

    /// Fill a database that has no entries with the sample content before serving it
    #[arg(long, env = "COURANT_SEED_IF_EMPTY", value_parser = BoolishValueParser::new())]
    seed_if_empty: bool,

    /// End at once when PostgreSQL cannot be reached at the start, instead of waiting for it
    #[arg(long, env = "COURANT_FAIL_FAST", value_parser = BoolishValueParser::new())]
    fail_fast: bool,

    #[command(flatten)]
    options: ServerOptions,
}

fn address(text: &str) -> Result<String, &'static str> {
    match text.rsplit_once(':') {
        Some((host, port)) if !host.is_empty() && port.parse::<u16>().is_ok() => Ok(text.to_owned()),
        _ => Err("wanted is an address and a port, such as 127.0.0.1:8080 or [::]:80"),
    }
}

pub(crate) async fn run(args: ServeArgs) -> Result<()> {
    let mut signals = Signals::new().context("cannot listen for signals")?;
    let config = args.options.config()?;
    // The port comes first: what is wrong with it shows before anything is written.
    let listener = bind(&args.listen).await?;
    let start = Start { args: &args, config, address: listener.local_addr()? };
    let first = tokio::select! {
        first = start.once() => first,
        () = signals.next() => return Ok(()),
    };
    let (router, waiting) = match first {
        Ok(started) => {
            start.announce(&started).await;
            (started.router(), Ok(started))
        }
        Err(not_opened) if not_opened.is_away && !args.fail_fast => {
            let starting = Starting::new(start.config.reader.clone());
            (starting.router(), Err((starting, not_opened.error)))
        }
        Err(not_opened) => return Err(not_opened.error),
    };
    let server = args.options.server(&start.config, listener, router);
    let mut serving = pin!(server.run(async || signals.next().await));
    let (drained, started) = match waiting {
        Ok(started) => (serving.await, Some(started)),
        Err((starting, error)) => tokio::select! {
            drained = &mut serving => (drained, None),
            started = start.again(&starting, error) => {
                let started = started?;
                (serving.await, Some(started))
            }
        },
    };
    if let Some(started) = started {
        started.stop().await.context("cannot close the database")?;
    }
    if drained {
        tracing::info!("stopped");
    }
    Ok(())
}

async fn bind(listen: &str) -> Result<TcpListener> {
    let addresses: Vec<SocketAddr> =
        lookup_host(listen).await.with_context(|| format!("cannot find the address {listen} of --listen"))?.collect();
    TcpListener::bind(&addresses[..]).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            anyhow::anyhow!("{listen} is taken by another program; name another port with --listen")
        }
        std::io::ErrorKind::PermissionDenied => {
            anyhow::anyhow!("this user may not listen on {listen}; name a port from 1024 up with --listen")
        }
        _ => anyhow::anyhow!("cannot listen on {listen}: {error}; name another address with --listen"),
    })
}
