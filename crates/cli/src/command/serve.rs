//! `courant serve`.

mod answers;
mod connections;
mod documents;
mod feeds;
mod limits;
mod purge;
mod reader;
mod reads;
mod search;
mod sign_in;
mod start;
mod subscribing;
mod traffic;
mod webhooks;

use std::{net::SocketAddr, pin::pin, process::ExitCode};

use anyhow::{Context, Result};
use clap::{ArgAction, builder::BoolishValueParser};
use courant_server::{Pressure, Stopping, listen};
use tokio::net::{TcpListener, lookup_host};

use crate::database::DatabaseArgs;

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
    documents: documents::DocumentArgs,

    #[command(flatten)]
    answers: answers::AnswerArgs,

    #[command(flatten)]
    subscribing: subscribing::SubscribingArgs,

    #[command(flatten)]
    webhooks: webhooks::WebhookArgs,

    #[command(flatten)]
    search: search::SearchArgs,

    #[command(flatten)]
    purge: purge::PurgeArgs,

    #[command(flatten)]
    feeds: feeds::FeedArgs,

    #[command(flatten)]
    reads: reads::ReadArgs,

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
    let mut signals = listen::Signals::new().context("cannot listen for signals")?;
    let (identity, trusted_proxies) = args.sign_in.config()?;
    let reader = args.reader.load()?;
    let trusted_documents = args.documents.read()?;
    let answers = args.answers.settings();
    let purging = args.purge.purging(answers.bytes > 0)?;
    let pinging = args.feeds.pinging(&args.reader.origin())?;
    let search_snapshots = args.search.snapshots()?;
    // The port comes first: what is wrong with it shows before anything is written.
    let listener = bind(&args.listen).await?;
    let stopping = Stopping::default();
    let pressure = Pressure::default();
    let proxies = trusted_proxies.clone();
    let address = listener.local_addr()?;
    let config = courant_server::Config {
        limits: args.limits.limits(),
        graphiql: args.graphiql,
        identity,
        trusted_proxies,
        reader,
        origin: args.reader.origin(),
        hsts: args.reader.hsts(),
        traffic: args.traffic.traffic(),
        stopping: stopping.clone(),
        pressure: pressure.clone(),
        answers,
        purging,
        pinging,
        feeds: args.feeds.feeds(),
        reads: args.reads.reads(),
        subscribing: args.subscribing.settings(),
        trusted_documents,
        webhooks: args.webhooks.destinations(),
        search: args.search.index(&args.database),
        search_snapshots,
        ..Default::default()
    };
    let start = start::Start { args: &args, config, address };
    let first = tokio::select! {
        first = start.once() => first,
        () = signals.next() => return Ok(ExitCode::SUCCESS),
    };
    let (router, waiting) = match first {
        Ok(started) => {
            start.announce(&started).await;
            (started.router(), Ok(started))
        }
        Err(not_opened) if not_opened.is_away && !args.fail_fast => {
            let starting = courant_server::Starting::new(start.config.reader.clone());
            (starting.router(), Err((starting, not_opened.error)))
        }
        Err(not_opened) => return Err(not_opened.error),
    };
    let server = listen::Server {
        listener,
        router,
        connections: args.connections.max_connections as usize,
        connections_per_peer: args.connections.max_connections_per_address as usize,
        proxies,
        patience: args.connections.patience(),
        stopping,
        pressure,
        parting: args.connections.parting(),
        drain: args.connections.drain(),
    };
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
