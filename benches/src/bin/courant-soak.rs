//! Mixed load on a real server for hours; `script/soak` runs it.

use anyhow::Result;
use clap::Parser;
use courant_benches::soak::{self, Soak};

#[tokio::main]
async fn main() -> Result<()> {
    soak::run(Soak::parse()).await
}
