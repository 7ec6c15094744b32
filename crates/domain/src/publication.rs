//! What readers see of an edition beyond what identifies it and its text.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    article::{Delivery, Genre, LeadImage, Source},
    content::Content,
    decree::{DocumentType, Relation, Signatory},
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
    /// The address of the original.
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
            Content::Article(article) => Self {
                genre: Some(article.genre),
                kicker: article.kicker.clone(),
                dateline: article.dateline.clone(),
                authors: article.authors.clone(),
                lead_image: article.lead_image.clone(),
                source: article.source.clone(),
                canonical_url: article.canonical_url.clone(),
                rights: article.rights.clone(),
                covers: article.covers.clone(),
                delivery: article.delivery.clone(),
                ..common
            },
            Content::Decree(decree) => Self {
                document_type: Some(decree.document_type),
                effective_on: decree.effective_on,
                repealed_on: decree.repealed_on,
                signatory: decree.signatory.clone(),
                relations: decree.relations.clone(),
                ..common
            },
        }
    }
}
