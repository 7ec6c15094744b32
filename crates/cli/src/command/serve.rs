//! `courant serve`.

mod checkpoint;
mod connections;
mod due;
mod follow;
mod limits;
mod listen;
mod reader;
mod sign_in;
mod stop;
mod traffic;

use std::{
    io::{Write, stdout},
    net::SocketAddr,
    process::ExitCode,
};

use anyhow::{Context, Result};
use clap::{ArgAction, builder::BoolishValueParser};
use courant_gateway::Stopping;
use courant_persistence::Store;
use tokio::net::{TcpListener, lookup_host};

use crate::database::DatabaseArgs;

/// Serve the GraphQL endpoint
///
/// With no option: on an embedded database in ./data, which is made if it is not there, at 127.0.0.1:8080.
/// Ctrl-C and SIGTERM stop it: requests under way are finished first, a second signal stops it at once.
#[derive(Debug, clap::Args)]
pub(crate) struct ServeArgs {
    /// The address and port to listen on
    #[arg(long, env = "COURANT_LISTEN", value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080", value_parser = address)]
    listen: String,

    /// Fill a database that has no entries with the sample content before serving it
    #[arg(long, env = "COURANT_SEED_IF_EMPTY", value_parser = BoolishValueParser::new())]
    seed_if_empty: bool,

    /// Whether GraphiQL is served at /graphiql
    #[arg(long, env = "COURANT_GRAPHIQL", value_name = "BOOLEAN", default_value_t = true, action = ArgAction::Set,
          value_parser = BoolishValueParser::new())]
    graphiql: bool,

    #[command(flatten)]
    database: DatabaseArgs,

    #[command(flatten)]
    reader: reader::ReaderArgs,

    #[command(flatten)]
    sign_in: sign_in::SignInArgs,

    #[command(flatten)]
    limits: limits::LimitArgs,

    #[command(flatten)]
    traffic: traffic::TrafficArgs,

    #[command(flatten)]
    connections: connections::ConnectionArgs,
}

fn address(text: &str) -> Result<String, &'static str> {
    match text.rsplit_once(':') {
        Some((host, port)) if !host.is_empty() && port.parse::<u16>().is_ok() => Ok(text.to_owned()),
        _ => Err("wanted is an address and a port, such as 127.0.0.1:8080 or [::]:80"),
    }
}

pub(crate) async fn run(args: ServeArgs) -> Result<ExitCode> {
    let mut signals = stop::Signals::new().context("cannot listen for signals")?;
    let (identity, trusted_proxies) = args.sign_in.config()?;
    let reader = args.reader.load()?;
    let has_reader = reader.is_some();
    // The port comes first: what is wrong with it shows before anything is written.
    let listener = bind(&args.listen).await?;
    let store = args.database.open_migrated().await?;
    if args.seed_if_empty && store.is_empty().await? {
        super::seed::samples(&store).await?;
    }
    let stopping = Stopping::default();
    let proxies = trusted_proxies.clone();
    let config = courant_gateway::Config {
        limits: args.limits.limits(),
        graphiql: args.graphiql,
        identity,
        trusted_proxies,
        reader,
        origin: args.reader.origin(),
        hsts: args.reader.hsts(),
        traffic: args.traffic.traffic(),
        stopping: stopping.clone(),
        ..Default::default()
    };
    let router = courant_gateway::router(store.clone(), config).await.context("cannot start the service")?;
    // What came due while nothing was running is there before anybody asks.
    let mut due = due::Schedule::new();
    due.look(&store).await.context("cannot do what is due")?;
    announce(&args, has_reader, listener.local_addr()?, &store).await?;

    let follower = tokio::spawn(follow::follow(store.clone()));
    let scheduler = tokio::spawn(due.run(store.clone()));
    let checkpoints = tokio::spawn(checkpoint::run(store.clone()));
    let server = listen::Server {
        listener,
        router,
        connections: args.connections.max_connections as usize,
        connections_per_peer: args.connections.max_connections_per_address as usize,
        proxies,
        patience: args.connections.patience(),
        stopping,
        parting: args.connections.parting(),
        drain: args.connections.drain(),
    };
    let drained = server.run(&mut signals).await;
    follower.abort();
    scheduler.abort();
    checkpoints.abort();
    store.close().await.context("cannot close the database")?;
    if drained {
        tracing::info!("stopped");
    }
    Ok(ExitCode::SUCCESS)
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

/// Says where everything is; to standard output, for people.
async fn announce(args: &ServeArgs, has_reader: bool, address: SocketAddr, store: &Store) -> Result<()> {
    // A browser cannot open "any address".
    let shown = match address {
        SocketAddr::V4(any) if any.ip().is_unspecified() => SocketAddr::from(([127, 0, 0, 1], any.port())),
        SocketAddr::V6(any) if any.ip().is_unspecified() => SocketAddr::from(([0, 0, 0, 0, 0, 0, 0, 1], any.port())),
        address => address,
    };
    let mut text = format!("Courant {} is ready\n", env!("CARGO_PKG_VERSION"));
    if has_reader {
        text.push_str(&format!("  Reader    http://{shown}/\n"));
    }
    if args.graphiql {
        text.push_str(&format!("  GraphiQL  http://{shown}/graphiql\n"));
    }
    text.push_str(&format!("  Endpoint  http://{shown}/graphql\n  Data      {}\n", args.database));
    if store.is_empty().await? {
        text.push_str("There is no content yet: `courant seed` makes some, `courant import FILE` brings yours.\n");
    }
    // A service runs on when nobody reads what it says.
    drop(stdout().write_all(text.as_bytes()));
    Ok(())
}
