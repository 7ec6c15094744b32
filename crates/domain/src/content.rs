//! The content of a revision: an article's or a decree's, in one language, possibly incomplete.

pub(crate) mod fields;
mod lists;
mod patch;
mod texts;

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    article::ArticleContent,
    decree::DecreeContent,
    entry::EntryKind,
    id::{EntryId, PersonId},
    rich_text::RichText,
    slug::Slug,
    text::is_blank,
};

pub use crate::{article::ArticlePatch, decree::DecreePatch};

pub use self::{
    lists::{MOST_AUTHORS, MOST_COVERS, MOST_RELATED, MOST_RELATIONS, MOST_TAGS, Named, tag_problems},
    patch::ContentPatch,
    texts::Cut,
};

/// An article's or a decree's content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Content {
    /// An article's.
    Article(ArticleContent),
    /// A decree's.
    Decree(DecreeContent),
}

/// A field that must be there before readers may see the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RequiredField {
    /// The name in addresses.
    Slug,
    /// The headline or official title.
    Title,
    /// The text.
    Body,
    /// A decree's number.
    Number,
    /// The day a decree was signed.
    SignedOn,
}

impl fmt::Display for RequiredField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Slug => "slug",
            Self::Title => "title",
            Self::Body => "body",
            Self::Number => "number",
            Self::SignedOn => "signedOn",
        })
    }
}

impl Content {
    /// Which kind of entry it belongs to.
    #[must_use]
    pub const fn kind(&self) -> EntryKind {
        match self {
            Self::Article(_) => EntryKind::Article,
            Self::Decree(_) => EntryKind::Decree,
        }
    }

    /// Its name in addresses.
    #[must_use]
    pub const fn slug(&self) -> Option<&Slug> {
        match self {
            Self::Article(article) => article.slug.as_ref(),
            Self::Decree(decree) => decree.slug.as_ref(),
        }
    }

    /// Its headline or official title.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        match self {
            Self::Article(article) => article.title.as_deref(),
            Self::Decree(decree) => decree.title.as_deref(),
        }
    }

    /// The day a decree was signed on.
    #[must_use]
    pub const fn signed_on(&self) -> Option<Date> {
        match self {
            Self::Article(_) => None,
            Self::Decree(decree) => decree.signed_on,
        }
    }

    /// The number a decree is registered under.
    #[must_use]
    pub fn number(&self) -> Option<&str> {
        match self {
            Self::Article(_) => None,
            Self::Decree(decree) => decree.number.as_deref(),
        }
    }

    /// Who wrote it, or signed it.
    #[must_use]
    pub fn persons(&self) -> Vec<PersonId> {
        match self {
            Self::Article(article) => article.authors.clone(),
            Self::Decree(decree) => decree.signatory.iter().map(|signatory| signatory.person).collect(),
        }
    }

    /// Its standfirst, or what it does in a sentence.
    #[must_use]
    pub fn summary(&self) -> Option<&str> {
        match self {
            Self::Article(article) => article.summary.as_deref(),
            Self::Decree(decree) => decree.summary.as_deref(),
        }
    }

    /// The address it names as the original's.
    #[must_use]
    pub fn canonical_url(&self) -> Option<&str> {
        match self {
            Self::Article(article) => article.canonical_url.as_deref(),
            Self::Decree(_) => None,
        }
    }

    /// Its text.
    #[must_use]
    pub const fn body(&self) -> Option<&RichText> {
        match self {
            Self::Article(article) => article.body.as_ref(),
            Self::Decree(decree) => decree.body.as_ref(),
        }
    }

    /// What its editors chose to go with it, in their order.
    #[must_use]
    pub fn related(&self) -> &[EntryId] {
        match self {
            Self::Article(article) => &article.related,
            Self::Decree(decree) => &decree.related,
        }
    }

    /// The entries it names: the acts an article reports on or a decree does something to, and what goes with it.
    #[must_use]
    pub fn names(&self) -> Vec<EntryId> {
        self.named().into_iter().map(|named| named.entry).collect()
    }

    /// Leaves out the entries it names that `keep` does not hold for, with what it says of them.
    pub fn retain_names(&mut self, keep: impl Fn(EntryId) -> bool) {
        match self {
            Self::Article(article) => {
                article.covers.retain(|act| keep(*act));
                article.related.retain(|entry| keep(*entry));
            }
            Self::Decree(decree) => {
                decree.relations.retain(|relation| keep(relation.target));
                decree.related.retain(|entry| keep(*entry));
            }
        }
    }

    /// What must still be filled in before it can be published; empty when it can.
    #[must_use]
    pub fn missing(&self) -> Vec<RequiredField> {
        let mut missing = Vec::new();
        let mut require = |field, there: bool| {
            if !there {
                missing.push(field);
            }
        };
        require(RequiredField::Slug, self.slug().is_some());
        require(RequiredField::Title, self.title().is_some_and(|title| !is_blank(title)));
        require(RequiredField::Body, self.body().is_some_and(|body| !body.is_blank()));
        if let Self::Decree(decree) = self {
            require(RequiredField::Number, decree.number.as_deref().is_some_and(|number| !is_blank(number)));
            require(RequiredField::SignedOn, decree.signed_on.is_some());
        }
        missing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named() {
        let article = Content::Article(ArticleContent { title: Some(" ".into()), ..Default::default() });
        assert_eq!(article.missing(), [RequiredField::Slug, RequiredField::Title, RequiredField::Body]);
        let decree = Content::Decree(DecreeContent { title: Some("On water".into()), ..Default::default() });
        assert_eq!(
            decree.missing(),
            [RequiredField::Slug, RequiredField::Body, RequiredField::Number, RequiredField::SignedOn]
        );
    }
}
