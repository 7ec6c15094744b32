//! What the operations of `summary.graphql` answer.

use serde::Deserialize;

#[derive(Deserialize)]
pub(in crate::site) struct Link {
    pub(in crate::site) locale: String,
    pub(in crate::site) path: String,
}

#[derive(Deserialize)]
pub(super) struct Crumb {
    pub(super) title: String,
    pub(super) path: String,
}

#[derive(Deserialize)]
pub(super) struct Image {
    pub(super) url: String,
    pub(super) alt: Option<String>,
    pub(super) width: Option<u32>,
    pub(super) height: Option<u32>,
}

#[derive(Deserialize)]
pub(super) struct Text {
    pub(super) text: String,
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
#[serde(rename_all = "camelCase")]
pub(super) struct Site {
    pub(super) name: String,
    pub(super) default_locale: String,
    pub(super) profiles: Vec<String>,
    pub(super) description: Option<String>,
    pub(super) locales: Vec<Tag>,
}

#[derive(Deserialize)]
pub(super) struct Answer {
    pub(super) site: Site,
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
    Person(List),
    Feed(List),
    FrontPage { path: String },
    Redirect { target: String },
    Gone,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Publication {
    pub(super) json_ld: String,
    pub(super) locale: String,
    pub(super) path: String,
    pub(super) title: String,
    pub(super) summary: Option<String>,
    pub(super) published_at: String,
    pub(super) updated_at: String,
    pub(super) breadcrumbs: Vec<Crumb>,
    pub(super) translations: Vec<Link>,
    pub(super) body: Text,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Article {
    #[serde(flatten)]
    pub(super) publication: Publication,
    pub(super) genre: String,
    pub(super) lead_image: Option<Image>,
    pub(super) canonical_url: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Decree {
    #[serde(flatten)]
    pub(super) publication: Publication,
    pub(super) number: String,
    pub(super) document_type: String,
}

/// A category, tag or feed.
#[derive(Deserialize)]
pub(super) struct List {
    pub(super) path: String,
    #[serde(alias = "name")]
    pub(super) title: String,
    pub(super) description: Option<String>,
    /// What a person is.
    pub(super) role: Option<String>,
    #[serde(default)]
    pub(super) breadcrumbs: Vec<Crumb>,
    #[serde(alias = "items")]
    pub(super) publications: Lines,
}
