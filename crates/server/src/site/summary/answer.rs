//! What the operations of `summary.graphql` answer.

use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Link {
    pub(super) locale: String,
    pub(super) path: String,
}

#[derive(Deserialize)]
pub(super) struct Crumb {
    pub(super) title: String,
    pub(super) path: String,
}

#[derive(Deserialize)]
pub(super) struct Named {
    pub(super) name: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Image {
    pub(super) url: String,
    pub(super) alt: Option<String>,
    pub(super) width: Option<u32>,
    pub(super) height: Option<u32>,
}

#[derive(Deserialize)]
pub(super) struct Html {
    pub(super) html: String,
}

#[derive(Deserialize)]
pub(super) struct Lines {
    pub(super) nodes: Vec<Crumb>,
}

#[derive(Deserialize)]
pub(super) struct Tag {
    pub(super) tag: String,
}

#[derive(Deserialize)]
pub(super) struct Site {
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) locales: Vec<Tag>,
}

#[derive(Deserialize)]
pub(super) struct Answer {
    pub(super) site: Site,
    pub(super) categories: Vec<Crumb>,
    pub(super) route: Option<Route>,
    pub(super) feed: Option<Items>,
    pub(super) decrees: Option<Lines>,
    pub(super) feeds: Option<Vec<Crumb>>,
}

#[derive(Deserialize)]
pub(super) struct Items {
    pub(super) items: Lines,
}

#[derive(Deserialize)]
#[serde(tag = "__typename")]
pub(super) enum Route {
    Article(Box<Article>),
    Decree(Box<Decree>),
    Category(List),
    Tag(List),
    Feed(List),
    FrontPage { path: String },
    Redirect { target: String },
    Gone,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Publication {
    pub(super) locale: String,
    pub(super) path: String,
    pub(super) title: String,
    pub(super) summary: Option<String>,
    pub(super) published_at: String,
    pub(super) updated_at: String,
    pub(super) breadcrumbs: Vec<Crumb>,
    pub(super) tags: Vec<Named>,
    pub(super) category: Section,
    pub(super) translations: Vec<Link>,
    pub(super) withdrawal: Option<Html>,
    pub(super) body: Html,
}

#[derive(Deserialize)]
pub(super) struct Section {
    pub(super) title: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Article {
    #[serde(flatten)]
    pub(super) publication: Publication,
    pub(super) authors: Vec<Named>,
    pub(super) lead_image: Option<Image>,
    pub(super) canonical_url: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Decree {
    #[serde(flatten)]
    pub(super) publication: Publication,
    pub(super) number: String,
    pub(super) decree_kind: String,
    pub(super) signed_on: String,
    pub(super) status: String,
    pub(super) signatory: Option<Named>,
}

/// A category, tag or feed.
#[derive(Deserialize)]
pub(super) struct List {
    pub(super) path: String,
    #[serde(alias = "name")]
    pub(super) title: String,
    pub(super) description: Option<String>,
    #[serde(default)]
    pub(super) breadcrumbs: Vec<Crumb>,
    #[serde(alias = "items")]
    pub(super) publications: Lines,
}
