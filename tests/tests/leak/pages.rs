//! What is not GraphQL: pages, the schema, the health checks, and addresses where nothing is.

use crate::{base::LOCALES, hidden::Hidden, twins::Twins, words::HIDDEN};

const PAGES: [&str; 12] = [
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
