//! What people of the newsroom leave on the desk: working copies, comments, and who has what open.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    access::ActorId,
    content::Content,
    id::{CommentId, EntryId, UserId},
    locale::Locale,
    revision::RevisionNumber,
    rich_text::RichText,
};

/// What somebody has written and not saved as a revision yet. Nobody else reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkingCopy {
    /// Of which entry.
    pub entry: EntryId,
    /// In which language.
    pub locale: Locale,
    /// Whose.
    pub owner: ActorId,
    /// The revision it was begun on, or brought up to; none for a language's first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub based_on: Option<RevisionNumber>,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it was last saved.
    pub saved_at: Timestamp,
    /// What it holds; none to all but its owner.
    pub content: Option<Content>,
}

/// A field of a content that a passage can stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PassageField {
    /// The headline or official title.
    Title,
    /// The standfirst.
    Summary,
    /// The text, as it reads without its formatting.
    Body,
}

/// A part of a revision, by its words.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Passage {
    /// Where it stands.
    pub field: PassageField,
    /// Its words, as they stand there.
    pub quote: String,
}

impl Passage {
    /// Whether a content has such a passage.
    #[must_use]
    pub fn is_in(&self, content: &Content) -> bool {
        let text = match self.field {
            PassageField::Title => content.title(),
            PassageField::Summary => content.summary(),
            PassageField::Body => content.body().map(RichText::text),
        };
        text.is_some_and(|text| !self.quote.is_empty() && text.contains(&self.quote))
    }
}

/// What somebody says of a revision, to those who work on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comment {
    /// Its id.
    pub id: CommentId,
    /// Of which entry.
    pub entry: EntryId,
    /// In which language.
    pub locale: Locale,
    /// Of which revision.
    pub revision: RevisionNumber,
    /// Of which part of it; none for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passage: Option<Passage>,
    /// In words.
    pub text: String,
    /// Who is mentioned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<UserId>,
    /// Who said it.
    pub created_by: ActorId,
    /// When.
    pub created_at: Timestamp,
    /// That somebody has settled it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved: Option<Settled>,
}

/// That a comment is settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settled {
    /// Who has settled it.
    pub by: ActorId,
    /// When.
    pub at: Timestamp,
}

/// That somebody has a language of an entry open. It binds nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Of which entry.
    pub entry: EntryId,
    /// Which language.
    pub locale: Locale,
    /// Who.
    pub owner: ActorId,
    /// Since when.
    pub since: Timestamp,
    /// Until when, if they do not say so again.
    pub until: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{article::ArticleContent, rich_text::Format};

    #[test]
    fn a_passage_is_found_by_its_words_as_they_read() {
        let content = Content::Article(ArticleContent {
            title: Some("Wool".into()),
            body: Some(RichText::new(Format::Markdown, "It is **very** white.")),
            ..Default::default()
        });
        let is_in = |field, quote: &str| Passage { field, quote: quote.into() }.is_in(&content);
        assert!(is_in(PassageField::Title, "oo") && is_in(PassageField::Body, "is very white"));
        assert!(!is_in(PassageField::Body, "**very**") && !is_in(PassageField::Summary, "Wool"));
        assert!(!is_in(PassageField::Title, ""));
    }
}
