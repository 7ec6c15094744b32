//! What is not GraphQL: pages, the schema, the health checks, and addresses where nothing is.

use crate::{
    base::LOCALES,
    hidden::Hidden,
    pools::Pools,
    twins::Twins,
    words::{HIDDEN, PUBLIC},
};

const PAGES: [&str; 15] = [
    "/",
    "/docs",
    "/schema.graphql",
    "/healthz",
    "/readyz",
    "/graphiql",
    "/graphiql/",
    "/graphiql/licenses.md",
    "/graphiql/assets/none.js",
    "/graphql",
    "/metrics",
    "/sitemap.xml",
    "/en",
    "/en/search",
    "/en/opensearch.xml",
];

pub(crate) async fn every_page(twins: &mut Twins<'_>, hidden: &Hidden<'_>) {
    for page in PAGES {
        for accept in ["text/html", "application/json", "*/*"] {
            twins.get(page, &[("accept", accept)]).await;
        }
    }
    for (label, keys) in &hidden.places {
        for tag in LOCALES {
            twins.get(&format!("/{tag}/articles/{HIDDEN}{label}slug{tag}"), &[("accept", "*/*")]).await;
        }
        for key in keys {
            twins.get(&format!("/entries/{}", key.entry), &[("accept", "*/*")]).await;
            let query = format!("%7Broute(path:%22/en/articles/{}%22)%7B__typename%7D%7D", key.entry);
            let path = format!("/graphql?query={query}");
            twins.get(&path, &[("accept", "application/json"), ("if-none-match", "*")]).await;
        }
    }
}

/// The pages of the reader app for what somebody looks for: hits, what was meant, and how much there is of each sort.
pub(crate) async fn every_search(twins: &mut Twins<'_>, pools: &Pools) {
    let mut hits = 0;
    for (number, typed) in pools.typed().iter().enumerate() {
        let typed: String = serde_json::from_str(typed).unwrap();
        // Words stay as they are, to be known as what was asked for.
        let encoded: String = typed
            .bytes()
            .map(
                |byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") },
            )
            .collect();
        // Each word in one language: all of them in each is what the walk asks without pages.
        let is_word = typed.starts_with(PUBLIC) || typed.starts_with(HIDDEN);
        for tag in LOCALES.iter().cycle().skip(number).take(if is_word { 1 } else { LOCALES.len() }) {
            let page = twins.get(&format!("/{tag}/search?q={encoded}"), &[("accept", "text/html")]).await;
            assert!(page.contains("<main>"), "{typed}: {page}");
            hits += page.matches("<h2>").count();
        }
    }
    assert!(hits > 10, "{hits} hits");
}
