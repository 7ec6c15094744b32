//! The categories of an import: found by their slugs, by the addresses they had before, or made.

use std::collections::{HashMap, HashSet};

use courant_domain::{
    category::{Category, CategoryTree},
    id::CategoryId,
    locale::Locale,
    reserved::is_reserved,
    slug::Slug,
    text::Localized,
};
use courant_syndication::ImportedCategory;

/// What there is, and what an import adds to it.
pub(crate) struct Categories<'a> {
    known: &'a CategoryTree,
    locale: Locale,
    /// Where each is in the tree.
    nodes: HashMap<CategoryId, Node>,
    /// By the category above and the slug.
    children: HashMap<(Option<CategoryId>, Slug), CategoryId>,
    by_slug: HashMap<Slug, Vec<CategoryId>>,
    last_positions: HashMap<Option<CategoryId>, i32>,
    /// Those in which earlier imports filed articles that are in this one, too.
    filed_before: HashSet<CategoryId>,
    /// What leads elsewhere from paths of slugs, and which category is there.
    pub(crate) moved: HashMap<String, CategoryId>,
    pub(crate) ids: HashMap<Slug, CategoryId>,
    /// The slug of the category above each.
    pub(crate) parents: HashMap<Slug, Slug>,
    pub(crate) new: Vec<Category>,
    /// Those that lay too deep.
    pub(crate) lifted: Vec<Slug>,
    /// Those whose slugs are words of the site's own pages, and what they are called here.
    pub(crate) renamed: Vec<(Slug, Slug)>,
    /// The slugs of the import, so that none of them is given to another.
    imported: HashSet<Slug>,
}

#[derive(Clone, Copy)]
struct Node {
    parent: Option<CategoryId>,
    /// Counted from 1 at the top.
    depth: usize,
}

impl<'a> Categories<'a> {
    pub(crate) fn of(
        known: &'a CategoryTree,
        imported: &[ImportedCategory],
        filed_before: HashSet<CategoryId>,
        locale: Locale,
    ) -> Self {
        let mut categories = Self {
            known,
            locale,
            nodes: HashMap::new(),
            children: HashMap::new(),
            by_slug: HashMap::new(),
            last_positions: HashMap::new(),
            filed_before,
            moved: HashMap::new(),
            ids: HashMap::new(),
            parents: HashMap::new(),
            new: Vec::new(),
            lifted: Vec::new(),
            renamed: Vec::new(),
            imported: imported.iter().map(|category| category.slug.clone()).collect(),
        };
        for category in known.iter() {
            categories.add(category);
        }
        categories
    }

    fn add(&mut self, category: &Category) {
        let depth = 1 + category.parent.and_then(|parent| self.nodes.get(&parent)).map_or(0, |above| above.depth);
        self.nodes.insert(category.id, Node { parent: category.parent, depth });
        self.children.insert((category.parent, category.slug.clone()), category.id);
        self.by_slug.entry(category.slug.clone()).or_default().push(category.id);
        let last = self.last_positions.entry(category.parent).or_default();
        *last = category.position.max(*last);
    }

    /// The paths a category may have had before the newsroom renamed, moved or merged it: below those above it in its
    /// source, and below where the one above it is now.
    pub(crate) fn paths(&self, category: &ImportedCategory) -> Vec<String> {
        let slug = &category.slug;
        let above = std::iter::successors(category.parent.as_ref(), |above| self.parents.get(*above));
        let mut path = slug.to_string();
        // What is deeper was never filed there.
        for above in above.take(CategoryTree::MAX_DEPTH) {
            path = format!("{above}/{path}");
        }
        let parent = category.parent.as_ref().and_then(|above| self.ids.get(above));
        let now = parent.and_then(|parent| self.known.path(*parent)).map(|above| format!("{above}/{slug}"));
        let now = now.filter(|now| *now != path);
        std::iter::once(path).chain(now).collect()
    }

    /// The category of this slug: below the same parent; else the one that left its path; else, for one without a
    /// parent, wherever it is, and for one the newsroom has moved, where it is now.
    pub(crate) fn file(&mut self, category: &ImportedCategory) -> CategoryId {
        let slug = &category.slug;
        if let Some(id) = self.ids.get(slug) {
            return *id;
        }
        let mut above = category.parent.clone().filter(|above| self.ids.contains_key(above));
        let mut parent = above.as_ref().and_then(|above| self.ids.get(above)).copied();
        let is_full = |node: &Node| node.depth >= CategoryTree::MAX_DEPTH;
        let moved = self.paths(category).iter().find_map(|path| self.moved.get(path)).copied();
        let known = self.here(parent, slug).or(moved).or_else(|| self.elsewhere(parent, slug));
        if let Some(node) = parent.and_then(|parent| self.nodes.get(&parent)).filter(|node| is_full(node))
            && known.is_none()
        {
            parent = node.parent;
            above = above.and_then(|above| self.parents.get(&above).cloned());
            self.lifted.push(slug.clone());
        }
        let known = known.or_else(|| self.here(parent, slug)).or_else(|| self.elsewhere(parent, slug));
        let id = known.unwrap_or_else(|| match self.other_slug(parent, slug) {
            None => self.make(category, parent, slug),
            Some(other) => {
                self.renamed.push((slug.clone(), other.clone()));
                self.here(parent, &other).unwrap_or_else(|| self.make(category, parent, &other))
            }
        });
        self.ids.insert(slug.clone(), id);
        if let Some(above) = above {
            self.parents.insert(slug.clone(), above);
        }
        id
    }

    fn here(&self, parent: Option<CategoryId>, slug: &Slug) -> Option<CategoryId> {
        self.children.get(&(parent, slug.clone())).copied()
    }

    fn elsewhere(&self, parent: Option<CategoryId>, slug: &Slug) -> Option<CategoryId> {
        let mut anywhere = self.by_slug.get(slug).into_iter().flatten().copied();
        match parent {
            None => anywhere.next(),
            Some(_) => anywhere.find(|id| self.filed_before.contains(id)),
        }
    }

    /// What a category is called whose own slug is a word of the site's own pages. The next import finds it so, too.
    fn other_slug(&self, parent: Option<CategoryId>, slug: &Slug) -> Option<Slug> {
        if parent.is_some() || !is_reserved(slug) {
            return None;
        }
        (2..).map(|number| slug.numbered(number)).find(|other| !self.imported.contains(other))
    }

    fn make(&mut self, category: &ImportedCategory, parent: Option<CategoryId>, slug: &Slug) -> CategoryId {
        let text = |text: &str| Localized::single(self.locale, text);
        let made = Category {
            id: CategoryId::generate(),
            parent,
            position: self.last_positions.get(&parent).map_or(1, |last| last.saturating_add(1)),
            slug: slug.clone(),
            title: text(&category.title),
            description: category.description.as_deref().map(text).unwrap_or_default(),
        };
        self.add(&made);
        let id = made.id;
        self.new.push(made);
        id
    }
}
