//! The five requests: as GraphQL, as a handler's URL, and what they are asked about.

use std::sync::Arc;

use clap::ValueEnum;
use serde_json::json;

use crate::{
    load::{get, post},
    sample::{Place, Sample},
};

/// One of the requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ValueEnum)]
pub enum Cell {
    /// The article page.
    Article,
    /// The front page.
    Front,
    /// A page deep in a category.
    Deep,
    /// 100 titles.
    Titles,
    /// The category tree.
    Tree,
}

impl Cell {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Article, Self::Front, Self::Deep, Self::Titles, Self::Tree];

    /// What it is called in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Article => "article page",
            Self::Front => "front page",
            Self::Deep => "deep page",
            Self::Titles => "100 titles",
            Self::Tree => "category tree",
        }
    }

    /// The document that Courant is sent.
    #[must_use]
    pub const fn document(self) -> &'static str {
        match self {
            Self::Article => {
                "query ArticlePage($slug: String!) {
  article(by: {slug: $slug}) {
    title summary publishedAt viewCount body { html } tags { name } breadcrumbs { title path }
    category { title path related(first: 5) { title path publishedAt } }
  }
  feed(slug: \"last-news\") { items(first: 10) { nodes { __typename title path publishedAt } } }
}"
            }
            Self::Front => {
                "query FrontPage {
  articles(first: 20) {
    nodes {
      title path summary publishedAt
      category { title path related(first: 5) { title path publishedAt } }
    }
  }
}"
            }
            Self::Deep => {
                "query DeepPage($category: String!, $after: String!) {
  category(by: {path: $category}) {
    articles(first: 20, after: $after) {
      edges { cursor node { title path publishedAt } }
      pageInfo { hasNextPage endCursor }
    }
  }
}"
            }
            Self::Titles => "query Titles { articles(first: 100) { nodes { title } } }",
            Self::Tree => "query Tree { categories { title path children { title path } } }",
        }
    }

    /// The requests to Courant.
    #[must_use]
    pub fn courant(self, sample: &Sample) -> Vec<Arc<[u8]>> {
        let request = |variables: serde_json::Value| {
            post("/graphql", &json!({ "query": self.document(), "variables": variables }).to_string())
        };
        match self {
            Self::Article => sample.slugs.iter().map(|slug| request(json!({ "slug": slug }))).collect(),
            Self::Deep => {
                let variables = |place: &Place| json!({ "category": place.category, "after": place.cursor });
                sample.places.iter().map(|place| request(variables(place))).collect()
            }
            Self::Front | Self::Titles | Self::Tree => vec![request(json!({}))],
        }
    }

    /// The same requests to the handlers under this prefix.
    #[must_use]
    pub fn handler(self, prefix: &str, sample: &Sample) -> Vec<Arc<[u8]>> {
        match self {
            Self::Article => sample.slugs.iter().map(|slug| get(&format!("{prefix}/article/{slug}"))).collect(),
            Self::Deep => {
                let url = |Place { category, key, entry, .. }: &Place| {
                    let category = category.replace('/', "%2F");
                    get(&format!("{prefix}/deep?category={category}&key={key}&entry={entry}"))
                };
                sample.places.iter().map(url).collect()
            }
            Self::Front => vec![get(&format!("{prefix}/front"))],
            Self::Titles => vec![get(&format!("{prefix}/titles"))],
            Self::Tree => vec![get(&format!("{prefix}/tree"))],
        }
    }
}
