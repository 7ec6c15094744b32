//! From an imported item to what the store takes in.

use courant_domain::{
    content::{Content, RequiredField},
    entry::EntryKind,
    id::EntryId,
    locale::Locale,
    workflow::State,
};
use courant_persistence::{Incoming, IncomingVersion};
use courant_syndication::{Item, ItemStatus};

use super::{report::Report, terms::Terms};

pub(super) struct Converter<'a> {
    pub(super) terms: &'a Terms,
    pub(super) locale: Locale,
    /// Whether everything goes in as a draft.
    pub(super) drafts: bool,
}

impl Converter<'_> {
    pub(super) fn incoming(&self, item: Item, report: &mut Report) -> Incoming {
        let terms = self.terms;
        let mut categories = item.categories.iter();
        let main = categories.next();
        let category = main.and_then(|slug| terms.categories.get(slug)).copied().unwrap_or(terms.default);
        let mut tags: Vec<_> = item.tags.iter().filter_map(|slug| terms.tags.get(slug)).copied().collect();
        for further in categories.filter(|further| !main.is_some_and(|main| terms.below(main, further))) {
            report.further_category();
            if let Some(tag) = terms.further.get(further).filter(|tag| !tags.contains(tag)) {
                tags.push(*tag);
            }
        }
        let mut content = item.content;
        content.authors = item.authors.iter().filter_map(|slug| terms.persons.get(slug)).copied().collect();
        let content = Content::Article(content);
        let missing = content.missing();
        let (state, reason) = self.state(item.status, item.published_at.is_some(), &missing);
        if let Some(reason) = reason {
            report.problem(&item.place, reason);
        }
        Incoming {
            id: EntryId::generate(),
            origin: item.origin,
            kind: EntryKind::Article,
            category,
            tags,
            views: 0,
            versions: vec![IncomingVersion {
                locale: self.locale,
                content,
                state,
                published_at: item.published_at,
                updated_at: item.updated_at,
                change_notes: Vec::new(),
                withdrawal: None,
            }],
        }
    }

    /// Where the item stands here, and why, where that is not what its source says.
    fn state(&self, status: ItemStatus, dated: bool, missing: &[RequiredField]) -> (State, Option<String>) {
        if self.drafts {
            return (State::Draft, None);
        }
        let incomplete = || {
            let missing: Vec<String> = missing.iter().map(ToString::to_string).collect();
            Some(format!("it goes in as a draft, for it has no {}", missing.join(" and no ")))
        };
        match status {
            ItemStatus::Published if missing.is_empty() => (State::Published, None),
            ItemStatus::Scheduled if missing.is_empty() && dated => (State::Scheduled, None),
            ItemStatus::Scheduled if missing.is_empty() => {
                (State::Draft, Some("it goes in as a draft, for it is scheduled without a date".to_owned()))
            }
            ItemStatus::Published | ItemStatus::Scheduled => (State::Draft, incomplete()),
            ItemStatus::Draft => (State::Draft, None),
            ItemStatus::Pending => (State::InReview, None),
            ItemStatus::Private => {
                (State::Draft, Some("it goes in as a draft, for only some may read it at its source".to_owned()))
            }
            ItemStatus::Trash => (State::Archived, None),
        }
    }
}
