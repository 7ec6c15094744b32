//! Changes to the tree. Each gives the tree as it would be, or says why it would be none.

use super::{Category, CategoryTree, TreeError};
use crate::{id::CategoryId, reserved::is_reserved};

impl CategoryTree {
    /// The tree with this category in it, new or in the place of the one with its id. It stands at a place among
    /// its siblings, counted from 1 (further back than there are siblings is last), and they are numbered anew.
    /// Without a place it keeps its own where it stays under its parent, and is the last elsewhere.
    ///
    /// # Errors
    /// [`TreeError`] when the parent is missing or below the category, a sibling has its slug, it lies too deep, or its
    /// slug is new at the top and a word of the site's own pages.
    pub fn with(&self, mut category: Category, place: Option<u32>) -> Result<Self, TreeError> {
        let here = |known: &Category| (known.parent, &known.slug) == (None, &category.slug);
        if category.parent.is_none() && is_reserved(&category.slug) && !self.get(category.id).is_some_and(here) {
            return Err(TreeError::Reserved(category.slug));
        }
        let mut siblings: Vec<&Category> =
            self.children(category.parent).filter(|sibling| sibling.id != category.id).collect();
        let known = self.get(category.id);
        let next = siblings.last().map_or(Some(1), |last| last.position.checked_add(1));
        let mut all: Vec<Category> = self.iter().filter(|other| other.id != category.id).cloned().collect();
        match (place, known, next) {
            (None, Some(known), _) if known.parent == category.parent => category.position = known.position,
            (None, _, Some(next)) => category.position = next,
            (place, ..) => {
                let place = usize::try_from(place.unwrap_or(u32::MAX)).unwrap_or(usize::MAX);
                siblings.insert(place.saturating_sub(1).min(siblings.len()), &category);
                let order: Vec<CategoryId> = siblings.iter().map(|sibling| sibling.id).collect();
                number(&mut all, &order);
                number(std::slice::from_mut(&mut category), &order);
            }
        }
        all.push(category);
        Self::build(all)
    }

    /// The tree with the categories below one, or at the top, in this order; none when the order does not name each
    /// of them exactly once.
    #[must_use]
    pub fn reordered(&self, parent: Option<CategoryId>, order: &[CategoryId]) -> Option<Self> {
        let mut given = order.to_vec();
        let mut there: Vec<CategoryId> = self.children(parent).map(|child| child.id).collect();
        if given == there {
            return Some(self.clone());
        }
        given.sort_unstable();
        there.sort_unstable();
        if given != there {
            return None;
        }
        let mut all: Vec<Category> = self.iter().cloned().collect();
        number(&mut all, order);
        // Nothing but positions is different, so that it is a tree as before.
        Self::build(all).ok()
    }

    /// The tree without `source`, with what lay below it at the end of what lies below `target`.
    ///
    /// # Errors
    /// [`TreeError`] when the target is missing, is the source or lies below it, has a child with the slug of one
    /// that comes, or what comes would lie too deep.
    pub fn merged(&self, source: CategoryId, target: CategoryId) -> Result<Self, TreeError> {
        let slug = |id| self.get(id).map(|category| category.slug.clone());
        let Some(source_slug) = slug(source) else { return Ok(self.clone()) };
        if slug(target).is_none() {
            return Err(TreeError::ParentUnknown(source_slug));
        }
        if self.subtree(source).any(|below| below.id == target) {
            return Err(TreeError::Cycle(source_slug));
        }
        let order: Vec<CategoryId> = self
            .children(Some(target))
            .filter(|child| child.id != source)
            .chain(self.children(Some(source)))
            .map(|child| child.id)
            .collect();
        let moves = self.children(Some(source)).next().is_some();
        let mut all: Vec<Category> = self.iter().filter(|category| category.id != source).cloned().collect();
        for category in all.iter_mut().filter(|category| category.parent == Some(source)) {
            category.parent = Some(target);
        }
        if moves {
            number(&mut all, &order);
        }
        Self::build(all)
    }
}

/// Numbers those that are in the order by their places in it, from 1.
fn number(categories: &mut [Category], order: &[CategoryId]) {
    for category in categories {
        if let Some(place) = order.iter().position(|id| *id == category.id) {
            category.position = i32::try_from(place + 1).unwrap_or(i32::MAX);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{slug::Slug, text::Localized};

    fn id(number: u128) -> CategoryId {
        uuid::Uuid::from_u128(number).into()
    }

    fn category(number: u128, parent: Option<u128>, position: i32, slug: &str) -> Category {
        Category {
            id: id(number),
            parent: parent.map(id),
            position,
            slug: Slug::parse(slug).unwrap(),
            title: Localized::default(),
            description: Localized::default(),
        }
    }

    /// news(1) { world(2) { asia(3) europe(4) } home(5) } sport(6) { world(7) }
    fn tree() -> CategoryTree {
        CategoryTree::build(vec![
            category(1, None, 1, "news"),
            category(2, Some(1), 1, "world"),
            category(3, Some(2), 1, "asia"),
            category(4, Some(2), 7, "europe"),
            category(5, Some(1), 2, "home"),
            category(6, None, 2, "sport"),
            category(7, Some(6), 1, "world"),
        ])
        .unwrap()
    }

    fn paths(tree: &CategoryTree) -> Vec<String> {
        tree.iter().map(|category| format!("{}:{}", tree.path(category.id).unwrap(), category.position)).collect()
    }

    #[test]
    fn a_category_goes_where_it_is_put_and_its_siblings_make_room() {
        let last = tree().with(category(8, Some(2), 0, "africa"), None).unwrap();
        assert_eq!(last.get(id(8)).unwrap().position, 8);
        let first = tree().with(category(8, Some(2), 0, "africa"), Some(1)).unwrap();
        let below: Vec<_> = first.children(Some(id(2))).map(|c| format!("{}:{}", c.slug, c.position)).collect();
        assert_eq!(below, ["africa:1", "asia:2", "europe:3"]);
        let behind = tree().with(category(3, Some(2), 0, "asia"), Some(99)).unwrap();
        assert_eq!(behind.children(Some(id(2))).map(|c| c.slug.as_str()).collect::<Vec<_>>(), ["europe", "asia"]);
        let renamed = tree().with(category(4, Some(2), 0, "the-west"), None).unwrap();
        assert_eq!(renamed.get(id(4)).unwrap().position, 7, "who stays keeps its place");
        let moved = tree().with(category(2, None, 0, "world"), None).unwrap();
        assert_eq!(
            paths(&moved),
            ["news:1", "news/home:2", "sport:2", "sport/world:1", "world:3", "world/asia:1", "world/europe:7"]
        );
        let full = tree().with(category(9, None, 0, "end"), None).unwrap();
        assert_eq!(full.get(id(9)).unwrap().position, 3);
    }

    #[test]
    fn what_would_be_no_tree_is_refused() {
        let below_itself = tree().with(category(1, Some(3), 0, "news"), None);
        assert!(matches!(below_itself, Err(TreeError::Cycle(_))), "{below_itself:?}");
        let twice = tree().with(category(2, Some(6), 0, "world"), None);
        assert!(matches!(twice, Err(TreeError::SlugTaken(_))));
        let nowhere = tree().with(category(2, Some(42), 0, "world"), None);
        assert!(matches!(nowhere, Err(TreeError::ParentUnknown(_))));
        assert!(matches!(tree().merged(id(1), id(3)), Err(TreeError::Cycle(_))));
        assert!(matches!(tree().merged(id(1), id(1)), Err(TreeError::Cycle(_))));
        assert!(matches!(tree().merged(id(6), id(1)), Err(TreeError::SlugTaken(_))));
        assert!(matches!(tree().merged(id(6), id(42)), Err(TreeError::ParentUnknown(_))));
    }

    #[test]
    fn what_lay_below_a_merged_category_comes_behind_the_others() {
        let merged = tree().merged(id(2), id(1)).unwrap();
        assert_eq!(
            paths(&merged),
            ["news:1", "news/home:1", "news/asia:2", "news/europe:3", "sport:2", "sport/world:1"]
        );
        let leaf = tree().merged(id(3), id(4)).unwrap();
        assert_eq!(leaf.get(id(4)).unwrap().position, 7, "nothing came, so nothing is numbered");
    }

    #[test]
    fn an_order_names_each_exactly_once() {
        let other = tree().reordered(Some(id(2)), &[id(4), id(3)]).unwrap();
        assert_eq!(other.children(Some(id(2))).map(|c| c.position).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(other.children(Some(id(2))).map(|c| c.id).collect::<Vec<_>>(), [id(4), id(3)]);
        for wrong in [&[id(4)][..], &[id(4), id(3), id(5)], &[id(4), id(4)], &[]] {
            assert!(tree().reordered(Some(id(2)), wrong).is_none(), "{wrong:?}");
        }
        assert!(tree().reordered(None, &[id(6), id(1)]).is_some());
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_what_is_given_is_read(at in 1u32..9, which in 1u128..8, parent in prop::option::of(1u128..8)) {
            let before = tree();
            let moved = Category { parent: parent.map(id), ..before.get(id(which)).unwrap().clone() };
            if let Ok(after) = before.with(moved, Some(at)) {
                prop_assert_eq!(after.iter().count(), before.iter().count());
                let among: Vec<_> = after.children(parent.map(id)).map(|c| c.id).collect();
                let place = among.iter().position(|other| *other == id(which)).unwrap() + 1;
                prop_assert_eq!(place, usize::try_from(at).unwrap().min(among.len()));
                prop_assert_eq!(after.get(id(which)).unwrap().position, i32::try_from(place).unwrap());
                for category in before.iter().filter(|category| category.id != id(which)) {
                    prop_assert_eq!(after.get(category.id).unwrap().parent, category.parent);
                }
            }
        }
    }
}
