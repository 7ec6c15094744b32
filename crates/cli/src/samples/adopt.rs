//! Fitting the samples into a database that has categories, tags or persons of the same slugs already.

use std::collections::HashMap;

use courant_domain::{
    category::CategoryTree,
    content::Content,
    id::{CategoryId, PersonId, TagId},
};
use courant_persistence::Reference;

use super::load::Samples;

impl Samples {
    /// Takes what `known` has under the same slug instead of the samples' own, so that nothing stands there twice.
    pub(crate) fn adopt(&mut self, known: &Reference) {
        let categories = self.adopt_categories(known);
        let mut tags: HashMap<TagId, TagId> = HashMap::new();
        self.reference.tags.retain(|tag| match known.tag_by_slug(&tag.slug).filter(|other| other.id != tag.id) {
            Some(other) => tags.insert(tag.id, other.id).is_some(),
            None => true,
        });
        let mut persons: HashMap<PersonId, PersonId> = HashMap::new();
        self.reference.persons.retain(|person| {
            match known.person_by_slug(&person.slug).filter(|other| other.id != person.id) {
                Some(other) => persons.insert(person.id, other.id).is_some(),
                None => true,
            }
        });
        self.reference.feeds.retain(|feed| known.feed_by_slug(&feed.slug).is_none_or(|other| other.id == feed.id));

        for feed in &mut self.reference.feeds {
            feed.categories.iter_mut().for_each(|id| replace(id, &categories));
            feed.tags.iter_mut().for_each(|id| replace(id, &tags));
        }
        for entry in &mut self.entries {
            replace(&mut entry.category, &categories);
            entry.tags.iter_mut().for_each(|id| replace(id, &tags));
            for version in &mut entry.versions {
                match &mut version.content {
                    Content::Article(article) => article.authors.iter_mut().for_each(|id| replace(id, &persons)),
                    Content::Decree(decree) => {
                        decree.signatory.iter_mut().for_each(|signatory| replace(&mut signatory.person, &persons));
                    }
                }
            }
        }
    }

    fn adopt_categories(&mut self, known: &Reference) -> HashMap<CategoryId, CategoryId> {
        let mut adopted = HashMap::new();
        // The samples are checked to be a tree when they are read.
        let own = CategoryTree::build(self.reference.categories.clone()).unwrap_or_default();
        self.reference.categories.retain_mut(|category| {
            let path = own.path(category.id).unwrap_or_default();
            if let Some(other) = known.categories.by_path(path).filter(|other| other.id != category.id) {
                adopted.insert(category.id, other.id);
                return false;
            }
            // Parents come first, so that it is known what became of this one's.
            if let Some(parent) = &mut category.parent {
                replace(parent, &adopted);
            }
            true
        });
        adopted
    }
}

fn replace<T: Copy + Eq + std::hash::Hash>(id: &mut T, by: &HashMap<T, T>) {
    if let Some(other) = by.get(id) {
        *id = *other;
    }
}
