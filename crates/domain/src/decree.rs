//! Decrees and other official legal acts. Terms follow ELI (the European Legislation Identifier) and
//! schema.org's `Legislation`.

mod force;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use self::force::{Effect, Force, LegalStatus};
use crate::{
    content::fields::content,
    id::{EntryId, PersonId},
    rich_text::RichText,
    slug::Slug,
};

/// What sort of act it is: ELI's *type of document*.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DocumentType {
    /// An act of the head of state or government.
    #[default]
    Decree,
    /// A decision of a body.
    Resolution,
    /// An instruction of a minister or an office.
    Order,
    /// An act of parliament.
    Law,
    /// Rules made under a law.
    Regulation,
}

impl DocumentType {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Decree, Self::Resolution, Self::Order, Self::Law, Self::Regulation];
}

/// What one act does to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RelationKind {
    /// Changes its text (ELI `amends`).
    Amends,
    /// Ends it (ELI `repeals`).
    Repeals,
    /// Mends an error of it (ELI `corrects`).
    Corrects,
    /// Brings it into force (ELI `commences`).
    Commences,
    /// Mentions it (ELI `cites`).
    Cites,
    /// Has its authority from it (ELI `based_on`).
    BasedOn,
}

/// One act's effect on another, as the acting one states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// What it does.
    pub kind: RelationKind,
    /// To which act.
    pub target: EntryId,
    /// From which day; when none is given, the day the acting one comes into force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
    /// Whether only to a part of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partial: bool,
    /// Which part, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Who signed an act, and as what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signatory {
    /// The person.
    pub person: PersonId,
    /// The office held when signing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<String>,
}

content! {
    /// A decree in one language as its drafter left it. Anything may still be missing; see
    /// [`Content::missing`](crate::content::Content::missing).
    DecreeContent, changed by DecreePatch {
        /// Its name in addresses, unique among the decrees of its language.
        #[serde(skip_serializing_if = "Option::is_none")]
        slug: Option<Slug>,
        /// The number it is registered under, as printed.
        #[serde(skip_serializing_if = "Option::is_none")]
        number: Option<String> => NUMBER,
        /// What sort of act it is.
        #[serde(alias = "kind")]
        document_type: DocumentType,
        /// Its official title.
        #[serde(skip_serializing_if = "Option::is_none")]
        title: Option<String> => TITLE_OF_ACT,
        /// What it does, in a sentence.
        #[serde(skip_serializing_if = "Option::is_none")]
        summary: Option<String> => SUMMARY,
        /// The day it was signed.
        #[serde(skip_serializing_if = "Option::is_none")]
        signed_on: Option<Date>,
        /// The day it comes into force by its own words; none when another act shall commence it.
        #[serde(skip_serializing_if = "Option::is_none")]
        effective_on: Option<Date>,
        /// The first day it is no longer in force by its own words.
        #[serde(skip_serializing_if = "Option::is_none")]
        repealed_on: Option<Date>,
        /// Who signed it.
        #[serde(skip_serializing_if = "Option::is_none")]
        signatory: Option<Signatory>,
        /// Its text.
        #[serde(skip_serializing_if = "Option::is_none")]
        body: Option<RichText>,
        /// What it does to other acts.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        relations: Vec<Relation>,
        /// What its editors chose to go with it, in their order.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        related: Vec<EntryId>,
    }
}
