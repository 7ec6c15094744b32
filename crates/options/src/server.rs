//! How Courant serves: the options of `courant serve`, a file for each heading of its help.

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
mod subscribing;
mod traffic;
mod webhooks;

use anyhow::Result;
use axum::Router;
use clap::{ArgAction, Args, builder::BoolishValueParser};
use courant_server::{Config, listen::Server};
use tokio::net::TcpListener;

use crate::database::DatabaseOptions;

/// What a server is told.
#[derive(Debug, Args)]
pub struct ServerOptions {
    /// Whether GraphiQL is served at /graphiql
    #[arg(long, env = "COURANT_GRAPHIQL", value_name = "BOOLEAN", default_value_t = true, action = ArgAction::Set,
          value_parser = BoolishValueParser::new())]
    graphiql: bool,

    /// The database it serves.
    #[command(flatten)]
    pub database: DatabaseOptions,

    #[command(flatten)]
    reader: reader::ReaderOptions,

    #[command(flatten)]
    sign_in: sign_in::SignInOptions,

    #[command(flatten)]
    limits: limits::LimitOptions,

    #[command(flatten)]
    traffic: traffic::TrafficOptions,

    #[command(flatten)]
    documents: documents::DocumentOptions,

    #[command(flatten)]
    answers: answers::AnswerOptions,

    #[command(flatten)]
    subscribing: subscribing::SubscribingOptions,

    #[command(flatten)]
    webhooks: webhooks::WebhookOptions,

    #[command(flatten)]
    search: search::SearchOptions,

    #[command(flatten)]
    purge: purge::PurgeOptions,

    #[command(flatten)]
    feeds: feeds::FeedOptions,

    #[command(flatten)]
    reads: reads::ReadOptions,

    #[command(flatten)]
    connections: connections::ConnectionOptions,
}

impl ServerOptions {
    /// The service's configuration. The files that options name are read for it.
    ///
    /// # Errors
    /// What is wrong with which option.
    pub fn config(&self) -> Result<Config> {
        let origin = self.reader.origin();
        let answers = self.answers.settings();
        Ok(Config {
            identity: self.sign_in.identity()?,
            trusted_proxies: self.sign_in.trusted_proxies(),
            reader: self.reader.load()?,
            trusted_documents: self.documents.read()?,
            purging: self.purge.purging(answers.bytes > 0)?,
            pinging: self.feeds.pinging(&origin)?,
            search: self.search.index(&self.database),
            search_snapshots: self.search.snapshots()?,
            limits: self.limits.limits(),
            graphiql: self.graphiql,
            origin,
            hsts: self.reader.hsts(),
            traffic: self.traffic.traffic(),
            answers,
            feeds: self.feeds.feeds(),
            reads: self.reads.reads(),
            subscribing: self.subscribing.settings(),
            webhooks: self.webhooks.destinations(),
            ..Config::default()
        })
    }

    /// What serves a service of this configuration at a port.
    #[must_use]
    pub fn server(&self, config: &Config, listener: TcpListener, router: Router) -> Server {
        Server {
            listener,
            router,
            connections: self.connections.max_connections as usize,
            connections_per_peer: self.connections.max_connections_per_address as usize,
            proxies: config.trusted_proxies.clone(),
            patience: self.connections.patience(),
            stopping: config.stopping.clone(),
            pressure: config.pressure.clone(),
            parting: self.connections.parting(),
            drain: self.connections.drain(),
        }
    }
}
