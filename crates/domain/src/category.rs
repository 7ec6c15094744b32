//! Categories: the tree a portal files its entries under.

mod edit;

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::{id::CategoryId, reserved, slug::Slug, text::Localized};

/// One node of the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Its id.
    pub id: CategoryId,
    /// The category above it; none at the top.
    pub parent: Option<CategoryId>,
    /// Its place among its siblings, smallest first; equal places are ordered by slug.
    pub position: i32,
    /// Its part of the path, unique among its siblings.
    pub slug: Slug,
    /// Its name.
    pub title: Localized,
    /// What is filed under it.
    #[serde(default)]
    pub description: Localized,
}

/// Why a tree of categories is not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// A parent that is not there.
    #[error("the parent of category {0} does not exist")]
    ParentUnknown(Slug),
    /// A category that is its own ancestor.
    #[error("category {0} would be its own ancestor")]
    Cycle(Slug),
    /// Two siblings with one slug.
    #[error("two categories beside each other have the slug {0}")]
    SlugTaken(Slug),
    /// A word of the site's own pages, at the top.
    #[error("{}", reserved::reason(.0))]
    Reserved(Slug),
    /// A tree deeper than [`CategoryTree::MAX_DEPTH`].
    #[error("category {0} is nested too deep")]
    TooDeep(Slug),
}

/// All categories, checked to be a tree, in reading order (each before its children, siblings by position).
#[derive(Debug, Clone, Default)]
pub struct CategoryTree {
    nodes: Vec<Node>,
    by_id: BTreeMap<CategoryId, usize>,
    by_path: HashMap<String, usize>,
}

#[derive(Debug, Clone)]
struct Node {
    category: Category,
    path: String,
    /// From the top down to the parent; indices into `nodes`.
    ancestors: Vec<usize>,
    /// How many nodes behind this one lie below it.
    descendants: usize,
}

impl CategoryTree {
    /// The deepest a category may lie, counted from 1 at the top.
    pub const MAX_DEPTH: usize = 12;

    /// Builds the tree.
    ///
    /// # Errors
    /// [`TreeError`] when parents are missing, circular or too deep, or siblings share a slug. A word of the site's own
    /// pages is no error here: what is there already stays.
    pub fn build(mut categories: Vec<Category>) -> Result<Self, TreeError> {
        categories.sort_by(|a, b| a.position.cmp(&b.position).then_with(|| a.slug.cmp(&b.slug)));
        let ids: HashSet<CategoryId> = categories.iter().map(|category| category.id).collect();
        let mut slugs: HashMap<(Option<CategoryId>, &Slug), CategoryId> = HashMap::new();
        let mut below: HashMap<Option<CategoryId>, Vec<&Category>> = HashMap::new();
        for category in &categories {
            if category.parent.is_some_and(|parent| !ids.contains(&parent)) {
                return Err(TreeError::ParentUnknown(category.slug.clone()));
            }
            if *slugs.entry((category.parent, &category.slug)).or_insert(category.id) != category.id {
                return Err(TreeError::SlugTaken(category.slug.clone()));
            }
            below.entry(category.parent).or_default().push(category);
        }
        let mut tree = Self::default();
        tree.push_children(&below, None, &[], "")?;
        // What no walk from the top reaches hangs on itself.
        match categories.iter().find(|category| tree.index(category.id).is_none()) {
            Some(lost) => Err(TreeError::Cycle(lost.slug.clone())),
            None => Ok(tree),
        }
    }

    fn push_children(
        &mut self,
        all: &HashMap<Option<CategoryId>, Vec<&Category>>,
        parent: Option<CategoryId>,
        ancestors: &[usize],
        path: &str,
    ) -> Result<(), TreeError> {
        for category in all.get(&parent).into_iter().flatten() {
            if ancestors.len() >= Self::MAX_DEPTH {
                return Err(TreeError::TooDeep(category.slug.clone()));
            }
            let index = self.nodes.len();
            self.by_id.insert(category.id, index);
            let path = if path.is_empty() { category.slug.to_string() } else { format!("{path}/{}", category.slug) };
            self.by_path.insert(path.clone(), index);
            self.nodes.push(Node {
                category: Category::clone(category),
                path: path.clone(),
                ancestors: ancestors.to_vec(),
                descendants: 0,
            });
            let mut below = ancestors.to_vec();
            below.push(index);
            self.push_children(all, Some(category.id), &below, &path)?;
            self.nodes[index].descendants = self.nodes.len() - index - 1;
        }
        Ok(())
    }

    fn index(&self, id: CategoryId) -> Option<usize> {
        self.by_id.get(&id).copied()
    }

    fn node(&self, id: CategoryId) -> Option<&Node> {
        self.nodes.get(self.index(id)?)
    }

    /// The category with this id.
    #[must_use]
    pub fn get(&self, id: CategoryId) -> Option<&Category> {
        self.node(id).map(|node| &node.category)
    }

    /// The category at a path of slugs from the top, `politics/parliament`.
    #[must_use]
    pub fn by_path(&self, path: &str) -> Option<&Category> {
        self.by_path.get(path).map(|index| &self.nodes[*index].category)
    }

    /// The path of slugs from the top.
    #[must_use]
    pub fn path(&self, id: CategoryId) -> Option<&str> {
        self.node(id).map(|node| node.path.as_str())
    }

    /// The categories at the top whose slugs are words of the site's own pages, from before that was refused.
    pub fn reserved(&self) -> impl Iterator<Item = &Category> {
        self.children(None).filter(|category| reserved::is_reserved(&category.slug))
    }

    /// All categories, each before its children.
    pub fn iter(&self) -> impl Iterator<Item = &Category> {
        self.nodes.iter().map(|node| &node.category)
    }

    /// The categories above one, from the top down.
    pub fn ancestors(&self, id: CategoryId) -> impl Iterator<Item = &Category> {
        self.node(id).into_iter().flat_map(|node| node.ancestors.iter().map(|index| &self.nodes[*index].category))
    }

    /// The categories directly below one, or at the top for none.
    pub fn children(&self, parent: Option<CategoryId>) -> impl Iterator<Item = &Category> {
        self.iter().filter(move |category| category.parent == parent)
    }

    /// The category and everything below it.
    pub fn subtree(&self, id: CategoryId) -> impl Iterator<Item = &Category> {
        let range = self.index(id).map_or(0..0, |index| index..index + 1 + self.nodes[index].descendants);
        self.nodes[range].iter().map(|node| &node.category)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn category(number: u128, parent: Option<u128>, position: i32, slug: &str) -> Category {
        Category {
            id: uuid::Uuid::from_u128(number).into(),
            parent: parent.map(|number| uuid::Uuid::from_u128(number).into()),
            position,
            slug: Slug::parse(slug).unwrap(),
            title: Localized::default(),
            description: Localized::default(),
        }
    }

    #[test]
    fn the_tree_is_read_top_down_by_position() {
        let tree = CategoryTree::build(vec![
            category(4, Some(1), 2, "parliament"),
            category(2, None, 2, "economy"),
            category(1, None, 1, "politics"),
            category(3, Some(1), 1, "government"),
            category(5, Some(4), 1, "committees"),
        ])
        .unwrap();
        let slugs: Vec<_> = tree.iter().map(|category| category.slug.as_str()).collect();
        assert_eq!(slugs, ["politics", "government", "parliament", "committees", "economy"]);
        let deep = tree.by_path("politics/parliament/committees").unwrap();
        let above: Vec<_> = tree.ancestors(deep.id).map(|category| category.slug.as_str()).collect();
        assert_eq!(above, ["politics", "parliament"]);
        let politics = tree.by_path("politics").unwrap().id;
        assert_eq!(tree.subtree(politics).count(), 4);
        assert_eq!(tree.children(Some(politics)).count(), 2);
        assert_eq!(tree.children(None).count(), 2);
    }

    #[test]
    fn many_categories_are_a_tree_too() {
        // Ten thousand siblings, compared with each other, would be fifty million times.
        let many = (1..=10_000).map(|n| category(n, (n > 1).then_some(1), 1, &format!("n{n}"))).collect();
        assert_eq!(CategoryTree::build(many).unwrap().subtree(uuid::Uuid::from_u128(1).into()).count(), 10_000);
    }

    #[test]
    fn what_is_no_tree_is_refused() {
        let refused = |categories| CategoryTree::build(categories).unwrap_err();
        assert!(matches!(refused(vec![category(1, Some(9), 1, "a")]), TreeError::ParentUnknown(_)));
        assert!(matches!(
            refused(vec![category(1, Some(2), 1, "a"), category(2, Some(1), 1, "b")]),
            TreeError::Cycle(_)
        ));
        assert!(matches!(refused(vec![category(1, None, 1, "a"), category(2, None, 1, "a")]), TreeError::SlugTaken(_)));
        let chain = (1..=13).map(|n| category(n, (n > 1).then(|| n - 1), 1, "deep")).collect();
        assert!(matches!(refused(chain), TreeError::TooDeep(_)));
    }
}
