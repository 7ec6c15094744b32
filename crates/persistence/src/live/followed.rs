//! Which feeds show a change: for those who tell their followers.

use std::collections::BTreeSet;

use courant_domain::{
    change::{Action, Change, ChangeKey},
    id::FeedId,
    list::Scope,
    locale::Locale,
};

use super::read::{ChangeFilter, FollowedLists};
use crate::{reference::Reference, store::Store};

/// A list that is followed, as of some change, by its path below the language; the list of everything has none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FeedName {
    /// The language of its readers.
    pub locale: Locale,
    /// `feeds/last-news`, `categories/town/harbour`, `tags/rain`.
    pub path: Option<String>,
}

impl Store {
    /// The feeds in which changes show, or may: of everything, of categories, of tags, and those that editors have made, each once and
    /// in an order of its own. What this process has taken in is to be at least as new as the changes.
    #[must_use]
    pub fn feeds_touched(&self, changes: &[Change]) -> BTreeSet<FeedName> {
        let reference = self.reference();
        let mut touched = BTreeSet::new();
        for change in changes {
            names_of_lists(&reference, change, &mut touched);
        }
        let feeds: Vec<(FeedId, String)> =
            reference.feeds().iter().map(|feed| (feed.id, format!("feeds/{}", feed.slug))).collect();
        for locale in reference.site.locales.iter().map(|locale| locale.tag) {
            for (feed, path) in &feeds {
                let filter = ChangeFilter { locale: Some(locale), feed: Some(*feed), ..ChangeFilter::default() };
                let followed = FollowedLists::new(&filter, &reference);
                let is_shown = |change: &Change| match &change.key {
                    ChangeKey::Edition { .. } => followed.has(change),
                    ChangeKey::Feed(id) => id == feed,
                    _ => false,
                };
                if changes.iter().any(is_shown) {
                    touched.insert(FeedName { locale, path: Some(path.clone()) });
                }
            }
        }
        touched
    }
}

/// The lists that a change of an edition says it has touched, and those of a name that was changed.
fn names_of_lists(reference: &Reference, change: &Change, touched: &mut BTreeSet<FeedName>) {
    let path_of = |scope: &Scope| match scope {
        Scope::All => Some(None),
        Scope::Subtree(category) => Some(Some(format!("categories/{}", reference.categories.path(*category)?))),
        Scope::Tag(tag) => Some(Some(format!("tags/{}", reference.live_tags().get(tag)?.slug))),
        _ => None,
    };
    if let Some(places) = &change.touched {
        let timelines: BTreeSet<i32> =
            places.places.iter().flat_map(|places| places.timelines.iter().copied()).collect();
        for key in reference.timeline_keys(&timelines).values() {
            touched.extend(path_of(&key.scope).map(|path| FeedName { locale: key.locale, path }));
        }
    }
    let scope = match &change.key {
        ChangeKey::Category(category) => Scope::Subtree(*category),
        ChangeKey::Tag(tag) => Scope::Tag(*tag),
        _ => return,
    };
    // What has just lost its last text tells those who follow it by the name that they know it by.
    let vanished = change.name_before().filter(|_| matches!(scope, Scope::Tag(_)) && change.action == Action::Removed);
    let vanished = vanished.map(|slug| Some(format!("tags/{slug}"))).filter(|_| change.is_seen() == Some(true));
    for locale in reference.site.locales.iter().map(|locale| locale.tag) {
        let paths = path_of(&scope).into_iter().chain(vanished.clone());
        touched.extend(paths.map(|path| FeedName { locale, path }));
    }
}
