//! Entries as imports bring them, and what they are filed in.

use courant_domain::{
    article::ArticleContent,
    category::Category,
    content::Content,
    entry::EntryKind,
    id::{CategoryId, EntryId},
    locale::Locale,
    rich_text::{Format, RichText},
    slug::Slug,
    text::Localized,
    workflow::State,
};
use courant_import::{Incoming, IncomingText, IncomingVersion};

/// A category at the top, called by its slug.
#[must_use]
pub fn category(slug: &str) -> Category {
    Category {
        id: CategoryId::generate(),
        parent: None,
        position: 1,
        slug: Slug::parse(slug).unwrap(),
        title: Localized::single(Locale::ENGLISH, slug),
        description: Localized::default(),
    }
}

/// An English article of few words, in this state since the beginning of 2026.
#[must_use]
pub fn article(origin: &str, category: CategoryId, slug: &str, state: State) -> Incoming {
    Incoming {
        id: EntryId::generate(),
        origin: origin.to_owned(),
        kind: EntryKind::Article,
        category,
        tags: Vec::new(),
        views: 0,
        old_paths: Vec::new(),
        names_language: false,
        versions: vec![IncomingVersion {
            locale: Locale::ENGLISH,
            content: Content::Article(ArticleContent {
                slug: Some(Slug::parse(slug).unwrap()),
                title: Some(format!("The title of {slug}")),
                body: Some(RichText::new(Format::Markdown, "Some *text*.")),
                ..ArticleContent::default()
            }),
            state,
            published_at: (state != State::Draft).then(|| "2026-01-01T00:00:00Z".parse().unwrap()),
            updated_at: None,
            change_notes: Vec::new(),
            withdrawal: None,
            text: IncomingText::Whole,
            held: false,
        }],
    }
}
