//! What readers see of an edition beyond what identifies it and its text.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    article::{ArticleContent, Delivery, Genre, LeadImage, Source},
    content::Content,
    decree::{DecreeContent, DocumentType, Relation, Signatory},
    edition::{ChangeNote, Edition, Withdrawal},
    id::{EntryId, PersonId, TagId},
};

/// What a full page shows beyond title and text. Kept as one document with the edition, because it is only
/// ever shown with it; what lists filter by is in the timelines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Details {
    /// An article's sort.
    #[serde(alias = "article_kind", skip_serializing_if = "Option::is_none")]
    pub genre: Option<Genre>,
    /// An act's sort.
    #[serde(alias = "decree_kind", skip_serializing_if = "Option::is_none")]
    pub document_type: Option<DocumentType>,
    /// The line above the title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kicker: Option<String>,
    /// Where it was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dateline: Option<String>,
    /// Its subjects.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<TagId>,
    /// Who wrote it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<PersonId>,
    /// The picture on top.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead_image: Option<LeadImage>,
    /// Who published it first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// The address of the original, where that is another page than its own: of another site, or of this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canonical_url: Option<String>,
    /// The terms of use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rights: Option<String>,
    /// The decrees it reports on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub covers: Vec<EntryId>,
    /// When and where its words were said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Box<Delivery>>,
    /// What its editors chose to go with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<EntryId>,
    /// The day an act comes into force by its own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effective_on: Option<Date>,
    /// The day it ends by its own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repealed_on: Option<Date>,
    /// Who signed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signatory: Option<Signatory>,
    /// What it does to other acts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<Relation>,
    /// When it really went live for the first time, where the date it carries says earlier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub went_live_at: Option<Timestamp>,
    /// Notes of major publishes, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub change_notes: Vec<ChangeNote>,
    /// Set while it is withdrawn with a notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawal: Option<Withdrawal>,
}

impl Details {
    /// Whether it is to be found at its own address: nobody has taken it back, and it names no other page as the original.
    #[must_use]
    pub const fn is_at_home(&self) -> bool {
        self.withdrawal.is_none() && self.canonical_url.is_none()
    }

    /// The entries it names: the acts an article reports on or a decree does something to, and what goes with it.
    #[must_use]
    pub fn names(&self) -> Vec<EntryId> {
        let relations = self.relations.iter().map(|relation| relation.target);
        relations.chain(self.covers.iter().copied()).chain(self.related.iter().copied()).collect()
    }

    /// The details of an edition made from this content.
    #[must_use]
    pub fn of(edition: &Edition, content: &Content) -> Self {
        let common = Self {
            tags: edition.tags.clone(),
            related: content.related().to_vec(),
            went_live_at: edition.went_live_at,
            change_notes: edition.change_notes.clone(),
            withdrawal: edition.withdrawal.clone(),
            ..Self::default()
        };
        match content {
            // Every field is named, for a new one to be asked whether it is a detail.
            Content::Article(ArticleContent {
                slug: _,
                genre,
                kicker,
                title: _,
                summary: _,
                dateline,
                body: _,
                authors,
                lead_image,
                source,
                canonical_url,
                rights,
                covers,
                delivery,
                related: _,
            }) => Self {
                genre: Some(*genre),
                kicker: kicker.clone(),
                dateline: dateline.clone(),
                authors: authors.clone(),
                lead_image: lead_image.clone(),
                source: source.clone(),
                canonical_url: canonical_url.clone(),
                rights: rights.clone(),
                covers: covers.clone(),
                delivery: delivery.clone(),
                ..common
            },
            Content::Decree(DecreeContent {
                slug: _,
                number: _,
                document_type,
                title: _,
                summary: _,
                signed_on: _,
                effective_on,
                repealed_on,
                signatory,
                body: _,
                relations,
                related: _,
            }) => Self {
                document_type: Some(*document_type),
                effective_on: *effective_on,
                repealed_on: *repealed_on,
                signatory: signatory.clone(),
                relations: relations.clone(),
                ..common
            },
        }
    }
}
