//! Readers: the articles that were there from the start, which nobody changes, and lists, which change all the time.

use std::{sync::Arc, time::Duration};

use anyhow::Result;
use serde_json::{Value, json};

use super::{
    Load,
    ask::{Client, Missing, once},
};

/// How long a reader looks at a page.
const PAUSE: Duration = Duration::from_millis(25);

/// An article's page as the reader app asks it.
const PAGE: &str = "query ($path: String!) {
  route(path: $path) { ... on Article { title summary publishedAt path
    body { html outline { id } readingTimeMinutes } tags { slug } authors { name } breadcrumbs { title path }
    translations { locale } } } }";

/// What stands around it, and lists of all sorts.
const LISTS: [&str; 4] = [
    "{ site { name } feed(slug: \"last-news\") { items(first: 20) { nodes { title path category { title } } } } }",
    "{ categories { title publications(first: 10) { totalCount nodes { title path } pageInfo { hasNextPage endCursor } } } }",
    "{ decrees(first: 20) { nodes { title number status } } tags(first: 20) { nodes { slug } } }",
    "{ articles(first: 50) { nodes { title summary related(first: 3) { title } category { title } } } }",
];

/// A page, and what it shows.
pub(super) struct Page {
    path: String,
    shown: Value,
}

/// Some pages, as they are at the beginning.
pub(super) async fn pages(site: &super::Site) -> Result<Vec<Page>> {
    let list = once(site, "{ articles(first: 100) { nodes { path } } }", &json!({})).await?;
    let mut pages = Vec::new();
    for path in list["articles"]["nodes"].as_array().into_iter().flatten().filter_map(|node| node["path"].as_str()) {
        let shown = once(site, PAGE, &json!({ "path": path })).await?;
        anyhow::ensure!(shown["route"]["title"].is_string(), "nothing is at {path}");
        pages.push(Page { path: path.to_owned(), shown });
    }
    anyhow::ensure!(!pages.is_empty(), "there is nothing to read");
    Ok(pages)
}

/// Reads on and on.
pub(super) async fn read(mut load: Load, pages: Arc<Vec<Page>>, number: usize) -> Result<()> {
    let client = Client::new()?;
    let mut at = number;
    while load.goes_on(PAUSE).await {
        at += 1;
        let page = &pages[at % pages.len()];
        let is_page = !at.is_multiple_of(4);
        let query = if is_page { PAGE } else { LISTS[at / 4 % LISTS.len()] };
        let variables = if is_page { json!({ "path": page.path }) } else { json!({}) };
        match client.ask(&load.site, &load.tally, query, &variables).await {
            Ok(shown) if is_page && shown != page.shown => load.tally.note(format!("{} shows {shown}", page.path)),
            Ok(_) | Err(Missing::Later) => {}
            Err(Missing::SignInAgain) => load.tally.note("a reader is asked to sign in".to_owned()),
            Err(Missing::Wrong(what)) => load.tally.note(format!("a reader was answered {what}")),
        }
    }
    Ok(())
}
