//! Prints three pages of a portal: `cargo run -p courant-example [http://127.0.0.1:8080/graphql]`.

use std::io::{Write, stdout};

use courant_example::{category_titles, front_page, portal_page};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let url = std::env::args().nth(1).unwrap_or_else(|| "http://127.0.0.1:8080/graphql".to_owned());
    let client = reqwest::Client::new();
    let mut out = stdout().lock();
    writeln!(out, "{}", portal_page(&client, &url).await?)?;
    writeln!(out, "\n{}", front_page(&client, &url, "ru").await?)?;
    for (page, titles) in category_titles(&client, &url, "politics", "en").await?.iter().enumerate() {
        writeln!(out, "\npolitics, page {}:\n  {}", page + 1, titles.join("\n  "))?;
    }
    Ok(())
}
