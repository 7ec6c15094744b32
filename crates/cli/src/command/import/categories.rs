//! The categories of an import: found by their slugs, or made.

use std::collections::{HashMap, HashSet};

use courant_domain::{
    category::{Category, CategoryTree},
    id::CategoryId,
    locale::Locale,
    slug::Slug,
    text::Localized,
};
use courant_syndication::ImportedCategory;

/// What there is, and what an import adds to it.
pub(super) struct Categories {
    locale: Locale,
    /// Where each lies.
    places: HashMap<CategoryId, Place>,
    /// By the category above and the slug.
    children: HashMap<(Option<CategoryId>, Slug), CategoryId>,
    by_slug: HashMap<Slug, Vec<CategoryId>>,
    last_positions: HashMap<Option<CategoryId>, i32>,
    /// Those in which earlier imports filed articles that are in this one, too.
    filed_before: HashSet<CategoryId>,
    pub(super) ids: HashMap<Slug, CategoryId>,
    /// The slug of the category above each.
    pub(super) parents: HashMap<Slug, Slug>,
    pub(super) new: Vec<Category>,
    /// Those that lay too deep.
    pub(super) lifted: Vec<Slug>,
}

#[derive(Clone, Copy)]
struct Place {
    parent: Option<CategoryId>,
    /// Counted from 1 at the top.
    depth: usize,
}

impl Categories {
    pub(super) fn of(known: &CategoryTree, filed_before: HashSet<CategoryId>, locale: Locale) -> Self {
        let mut categories = Self {
            locale,
            places: HashMap::new(),
            children: HashMap::new(),
            by_slug: HashMap::new(),
            last_positions: HashMap::new(),
            filed_before,
            ids: HashMap::new(),
            parents: HashMap::new(),
            new: Vec::new(),
            lifted: Vec::new(),
        };
        for category in known.iter() {
            categories.add(category);
        }
        categories
    }

    fn add(&mut self, category: &Category) {
        let depth = 1 + category.parent.and_then(|parent| self.places.get(&parent)).map_or(0, |above| above.depth);
        self.places.insert(category.id, Place { parent: category.parent, depth });
        self.children.insert((category.parent, category.slug.clone()), category.id);
        self.by_slug.entry(category.slug.clone()).or_default().push(category.id);
        let last = self.last_positions.entry(category.parent).or_default();
        *last = category.position.max(*last);
    }

    /// The category of this slug: below the same parent; else, for one without a parent, wherever it is, and for one
    /// the newsroom has moved, where it is now.
    pub(super) fn file(&mut self, category: &ImportedCategory) -> CategoryId {
        let slug = &category.slug;
        if let Some(id) = self.ids.get(slug) {
            return *id;
        }
        let mut above = category.parent.clone().filter(|above| self.ids.contains_key(above));
        let mut parent = above.as_ref().and_then(|above| self.ids.get(above)).copied();
        let is_full = |place: &Place| place.depth >= CategoryTree::MAX_DEPTH;
        let known = self.known(parent, slug);
        if let Some(place) = parent.and_then(|parent| self.places.get(&parent)).filter(|place| is_full(place))
            && known.is_none()
        {
            parent = place.parent;
            above = above.and_then(|above| self.parents.get(&above).cloned());
            self.lifted.push(slug.clone());
        }
        let id = known.or_else(|| self.known(parent, slug)).unwrap_or_else(|| self.make(category, parent));
        self.ids.insert(slug.clone(), id);
        if let Some(above) = above {
            self.parents.insert(slug.clone(), above);
        }
        id
    }

    fn known(&self, parent: Option<CategoryId>, slug: &Slug) -> Option<CategoryId> {
        let here = self.children.get(&(parent, slug.clone()));
        let anywhere = self.by_slug.get(slug).map(Vec::as_slice).unwrap_or_default();
        here.or_else(|| match parent {
            None => anywhere.first(),
            Some(_) => anywhere.iter().find(|id| self.filed_before.contains(id)),
        })
        .copied()
    }

    fn make(&mut self, category: &ImportedCategory, parent: Option<CategoryId>) -> CategoryId {
        let text = |text: &str| Localized::single(self.locale, text);
        let made = Category {
            id: CategoryId::generate(),
            parent,
            position: self.last_positions.get(&parent).map_or(1, |last| last.saturating_add(1)),
            slug: category.slug.clone(),
            title: text(&category.title),
            description: category.description.as_deref().map(text).unwrap_or_default(),
        };
        self.add(&made);
        let id = made.id;
        self.new.push(made);
        id
    }
}
