//! What the readers make of sources, through the crate's one door.

mod broken;
mod comments;
mod contents;
mod counted;
mod days;
mod encoded;
mod entities;
mod feed_quirks;
mod feeds;
mod kinds;
mod languages;
mod losses;
mod much;
mod odd;
mod own_site;
mod pictures;
mod placed;
mod properties;
mod settings;
mod shared;
mod signs;
mod teasers;
mod withheld;
mod wordpress;
mod wordpress_quirks;
mod words;

use courant_domain::slug::Slug;
use courant_syndication::{Import, Item, ReadOptions, read};

/// Options with a default category of `imported`.
fn options() -> ReadOptions {
    let default_category = Slug::from_title("imported").into_iter().next();
    ReadOptions::new(default_category.unwrap_or_else(|| unreachable!()))
}

/// Reads a source that is whole.
#[track_caller]
fn import(source: &str) -> Import {
    match read(source.as_bytes(), &options()) {
        Ok(import) => import,
        Err(error) => unreachable!("{error}\n{source}"),
    }
}

/// Reads a source with one item.
#[track_caller]
fn one(source: &str) -> Item {
    let mut items = import(source).items;
    assert_eq!(items.len(), 1, "{source}");
    items.remove(0)
}

fn texts(slugs: &[Slug]) -> Vec<&str> {
    slugs.iter().map(Slug::as_str).collect()
}

fn html(item: &Item) -> &str {
    item.content.body.as_ref().map_or("", |body| body.html())
}

fn messages(import: &Import) -> Vec<String> {
    import.problems.iter().map(|problem| format!("{}: {}", problem.place, problem.message)).collect()
}

fn count(import: &Import, name: &str) -> u64 {
    [&import.lost, &import.unmapped].into_iter().filter_map(|counts| counts.get(name)).sum()
}
