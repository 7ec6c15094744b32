//! What the operations of `feeds.graphql` answer.

use courant_domain::locale::Locale;
use jiff::{Timestamp, civil::Date};
use serde::Deserialize;
use uuid::Uuid;

#[derive(Debug, Deserialize)]
pub(super) struct Found {
    pub(super) site: Site,
    /// The list itself, where it is of the site.
    pub(super) list: Option<Page>,
    #[serde(default)]
    pub(super) earlier: Option<When>,
    pub(super) of: Option<Of>,
    #[serde(default)]
    pub(super) departures: Vec<Departed>,
    #[serde(default)]
    pub(super) withdrawn: Vec<Withdrawn>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Site {
    pub(super) name: String,
    pub(super) description: Option<String>,
}

/// What a feed is of.
#[derive(Debug, Deserialize)]
pub(super) struct Of {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) description: Option<String>,
    pub(super) order: Option<String>,
    pub(super) list: Page,
    #[serde(default)]
    pub(super) earlier: Option<When>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page {
    pub(super) nodes: Vec<Item>,
    pub(super) page_info: PageInfo,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PageInfo {
    pub(super) has_next_page: bool,
    pub(super) end_cursor: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct When {
    pub(super) nodes: Vec<Dated>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Dated {
    pub(super) published_at: Timestamp,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Departed {
    pub(super) node_id: Option<String>,
    pub(super) at: Timestamp,
    pub(super) path: Option<String>,
    pub(super) replaced_by: Option<String>,
    pub(super) is_gone: bool,
}

/// What was withdrawn with a notice, as it is now.
#[derive(Debug, Deserialize)]
pub(super) struct Withdrawn {
    pub(super) node: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "__typename")]
pub(super) enum Text {
    Article(Box<Item>),
    Decree(Box<Item>),
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Item {
    pub(super) id: String,
    pub(super) entry_id: Uuid,
    pub(super) locale: Locale,
    pub(super) path: String,
    pub(super) slug: String,
    pub(super) title: String,
    pub(super) summary: Option<String>,
    pub(super) published_at: Timestamp,
    pub(super) first_published_at: Timestamp,
    pub(super) updated_at: Timestamp,
    pub(super) category: Named,
    pub(super) tags: Vec<Named>,
    pub(super) change_notes: Vec<Note>,
    pub(super) withdrawal: Option<Withdrawal>,
    pub(super) genre: Option<String>,
    pub(super) kicker: Option<String>,
    pub(super) dateline: Option<String>,
    #[serde(default)]
    pub(super) authors: Vec<Named>,
    pub(super) lead_image: Option<Image>,
    pub(super) source: Option<Source>,
    pub(super) rights: Option<String>,
    pub(super) number: Option<String>,
    pub(super) signed_on: Option<Date>,
    pub(super) document_type: Option<String>,
    pub(super) signatory: Option<Signatory>,
    pub(super) body: Body,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Body {
    pub(super) word_count: u32,
    pub(super) html: Option<String>,
}

/// A category, a tag or a person.
#[derive(Debug, Deserialize)]
pub(super) struct Named {
    #[serde(alias = "title")]
    pub(super) name: String,
    pub(super) path: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Signatory {
    pub(super) name: Option<String>,
    pub(super) person: Option<PersonPage>,
}

#[derive(Debug, Deserialize)]
pub(super) struct PersonPage {
    pub(super) path: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Note {
    pub(super) at: Timestamp,
    pub(super) note: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Withdrawal {
    pub(super) at: Timestamp,
    pub(super) html: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Image {
    pub(super) url: String,
    pub(super) alt: Option<String>,
    pub(super) caption: Option<String>,
    pub(super) width: Option<u32>,
    pub(super) height: Option<u32>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Source {
    pub(super) name: String,
    pub(super) url: Option<String>,
}

/// What is at the address of one text.
#[derive(Debug, Deserialize)]
pub(super) struct One {
    pub(super) site: Option<Site>,
    pub(super) route: Option<Route>,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "__typename")]
pub(super) enum Route {
    Article(Box<Item>),
    Decree(Box<Item>),
    Redirect {
        target: String,
    },
    Gone,
    #[serde(other)]
    Other,
}
