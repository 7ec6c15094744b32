//! Serves the hand-written handlers. Prints where, and ends when it is killed.

use clap::Parser;
use tokio::net::TcpListener;

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Serve the hand-written handlers that Courant is compared with
#[derive(Parser)]
struct Args {
    /// The database, filled by `courant seed`
    #[arg(long, value_name = "URL")]
    database_url: String,

    /// Where to listen
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    listen: String,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    courant_benches::handwritten::serve(&args.database_url, TcpListener::bind(&args.listen).await?).await
}
