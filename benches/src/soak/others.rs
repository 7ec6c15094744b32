//! Who comes beside readers and writers.

use std::{io::ErrorKind::WouldBlock, path::PathBuf, time::Duration};

use anyhow::{Context, Result};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{
    Load,
    ask::{Client, Tally},
};

/// Signs in again and again.
pub(super) async fn sign_in(mut load: Load) -> Result<()> {
    let mut client = Client::new()?;
    while load.goes_on(Duration::from_secs(2)).await {
        client.sign_in(&load.site, &load.tally).await;
    }
    Ok(())
}

/// Imports a feed every half minute, of which half has changed.
pub(super) async fn import(mut load: Load, folder: PathBuf) -> Result<()> {
    const ITEMS: u32 = 40;
    let file = folder.join("feed.xml");
    let mut round = 0;
    while load.goes_on(Duration::from_secs(30)).await {
        round += 1;
        let items: String = (0..ITEMS)
            .map(|item| {
                let changed = if item % 2 == 0 { round } else { 0 };
                format!(
                    "<item><title>Import {item}</title><guid>soak-{item}</guid><link>https://example.org/{item}</link>\
                     <category>Imported</category><pubDate>Mon, 02 Nov 2026 09:{:02}:00 GMT</pubDate>\
                     <description>&lt;p&gt;Version {changed} of {item}.&lt;/p&gt;</description></item>",
                    item % 60
                )
            })
            .collect();
        let feed = format!(
            "<rss version=\"2.0\"><channel><title>Soak</title><link>https://example.org</link>{items}</channel></rss>"
        );
        std::fs::write(&file, feed).context("cannot write what is to be imported")?;
        let path = file.to_str().context("the folder's name is no text")?;
        match load.site.command(&["import", "--locale", "en", path], "").await {
            Ok(_) => Tally::add(&load.tally.imports),
            Err(error) => load.tally.note(format!("an import: {error:#}")),
        }
    }
    Ok(())
}

/// Asks for much, and takes it in small bites.
pub(super) async fn read_slowly(mut load: Load) -> Result<()> {
    const ASKED: &str = "{\"query\":\"{ articles(first: 100) { nodes { title summary body { html } } } }\"}";
    let request = format!(
        "POST /graphql HTTP/1.1\r\nHost: soak\r\nAccept: application/json\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{ASKED}",
        ASKED.len()
    );
    let mut bite = [0; 2048];
    while load.goes_on(Duration::from_secs(1)).await {
        let Ok(mut socket) = TcpStream::connect(load.site.address().await?).await else { continue };
        if socket.write_all(request.as_bytes()).await.is_err() {
            continue;
        }
        // It may be cut off: that is the server's right.
        for _ in 0..100 {
            if !load.goes_on(Duration::from_millis(200)).await || !matches!(socket.read(&mut bite).await, Ok(1..)) {
                break;
            }
        }
    }
    Ok(())
}

/// Keeps sockets open that ask for nothing, and opens others when they are closed.
pub(super) async fn do_nothing(mut load: Load, count: usize) -> Result<()> {
    let mut sockets: Vec<TcpStream> = Vec::new();
    while load.goes_on(Duration::from_secs(1)).await {
        let mut byte = [0];
        let is_open = |socket: &TcpStream| socket.try_read(&mut byte).is_err_and(|error| error.kind() == WouldBlock);
        sockets.retain(is_open);
        if sockets.len() < count
            && load.site.is_up()
            && let Ok(socket) = TcpStream::connect(load.site.address().await?).await
        {
            sockets.push(socket);
        }
    }
    Ok(())
}
