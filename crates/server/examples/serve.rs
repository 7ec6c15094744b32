//! Serves an empty database, for tests from outside: `cargo run --example serve -- 8080`.

use std::net::{Ipv4Addr, SocketAddr};

use courant_persistence::{Options, Store, migrate};
use courant_server::{Config, router};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt().with_max_level(tracing::Level::WARN).init();
    let port = std::env::args().nth(1).unwrap_or_else(|| "8080".to_owned()).parse()?;
    let data = tempfile::tempdir()?;
    let options = Options::sqlite(&data.path().join("courant.db"));
    migrate(&options).await?;
    let store = Store::open(&options).await?;
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("http://{}", listener.local_addr()?);
    let router = router(store, Config::default()).await?;
    axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>()).await?;
    Ok(())
}
