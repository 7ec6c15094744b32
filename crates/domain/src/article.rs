//! Articles: news, analyses, interviews, speeches, statements.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    content::fields::content,
    id::{EntryId, PersonId},
    rich_text::RichText,
    slug::Slug,
};

/// What sort of article it is, IPTC's *genre*; the terms follow schema.org's subtypes of `Article` where it has one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Genre {
    /// What happened.
    #[default]
    News,
    /// What it means.
    Analysis,
    /// A conversation.
    Interview,
    /// Words as spoken.
    Speech,
    /// A position, in writing.
    Statement,
    /// What an institution sends to the press.
    PressRelease,
    /// An author's view.
    Opinion,
    /// An account in depth, or of a body's work.
    Report,
}

impl Genre {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::News,
        Self::Analysis,
        Self::Interview,
        Self::Speech,
        Self::Statement,
        Self::PressRelease,
        Self::Opinion,
        Self::Report,
    ];
}

/// A picture on top of an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadImage {
    /// Where it is.
    pub url: String,
    /// What it shows, for people who cannot see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alt: Option<String>,
    /// The line under it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// Its width in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Its height in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
}

/// When and where the words of an article were said, if they were: of a speech, a statement, an interview.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Delivery {
    /// The day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
    /// The place: a hall, a parliament, a town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// How the text stands to what was said: "Transcript, exactly as it was delivered".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Who published an article first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The publisher's name.
    pub name: String,
    /// The article there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

content! {
    /// An article in one language as its author left it. Anything may still be missing; see
    /// [`Content::missing`](crate::content::Content::missing).
    ArticleContent, changed by ArticlePatch {
        /// Its name in addresses, unique among the articles of its language.
        #[serde(skip_serializing_if = "Option::is_none")]
        slug: Option<Slug>,
        /// What sort of article it is.
        #[serde(alias = "kind")]
        genre: Genre,
        /// The line above the title.
        #[serde(skip_serializing_if = "Option::is_none")]
        kicker: Option<String> => LINE,
        /// The headline.
        #[serde(skip_serializing_if = "Option::is_none")]
        title: Option<String> => TITLE,
        /// The standfirst.
        #[serde(skip_serializing_if = "Option::is_none")]
        summary: Option<String> => SUMMARY,
        /// Where it was written.
        #[serde(skip_serializing_if = "Option::is_none")]
        dateline: Option<String> => LINE,
        /// The text.
        #[serde(skip_serializing_if = "Option::is_none")]
        body: Option<RichText>,
        /// Who wrote it, in the order of the byline.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        authors: Vec<PersonId>,
        /// The picture on top.
        #[serde(skip_serializing_if = "Option::is_none")]
        lead_image: Option<LeadImage>,
        /// Who published it first, if not we.
        #[serde(skip_serializing_if = "Option::is_none")]
        source: Option<Source>,
        /// The address search engines shall take for the original.
        #[serde(skip_serializing_if = "Option::is_none")]
        canonical_url: Option<String> => URL,
        /// Under which terms it may be used again.
        #[serde(skip_serializing_if = "Option::is_none")]
        rights: Option<String> => RIGHTS,
        /// The decrees it reports on.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        covers: Vec<EntryId>,
        /// When and where its words were said.
        #[serde(skip_serializing_if = "Option::is_none")]
        delivery: Option<Box<Delivery>>,
        /// What its editors chose to go with it, in their order.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        related: Vec<EntryId>,
    }
}
