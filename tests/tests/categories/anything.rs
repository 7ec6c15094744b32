//! Anything done to the tree, in any order.

use std::collections::BTreeMap;

use courant_persistence::{
    CategoryCreate, CategoryMerge, CategoryMove, CategoryReorder, CategoryUpdate, Command, Dialect, NewParent,
    WriteError,
};
use courant_tests::{Portal, apply, both_databases};

use super::support::{Dice, LOCALES, as_if_built_so, create, one_hop, publisher, route, slug};

#[apply(both_databases)]
#[tokio::test]
async fn whatever_is_done_to_the_tree_in_whatever_order_nothing_comes_apart(dialect: Dialect) {
    const SLUGS: [&str; 5] = ["a", "b", "c", "politics", "energy"];
    let mut counts = [0; 3];
    for seed in 0..3 {
        let mut dice = Dice(seed);
        let portal = Portal::with_samples_at_any_cost(dialect).await;
        let (store, by) = (&portal.store, publisher(&[]));
        let mut history = Vec::new();
        let mut old_paths = BTreeMap::new();
        for step in 0..40 {
            let tree = store.reference().categories.clone();
            let all: Vec<_> = tree.iter().map(|category| category.id).collect();
            for id in &all {
                old_paths.insert(tree.path(*id).unwrap().to_owned(), *id);
            }
            let id = all[dice.roll(all.len())];
            let other = all[dice.roll(all.len())];
            let position = [None, Some(1), Some(2), Some(9)][dice.roll(4)];
            let name = slug(SLUGS[dice.roll(SLUGS.len())]);
            let path = |id| tree.path(id).unwrap().to_owned();
            let action = dice.roll(8);
            history.push(format!("{step}: {action} {} {} {name:?} {position:?}", path(id), path(other)));
            let command = Command::of(&by);
            let outcome = match action {
                0 => {
                    let parent = (dice.roll(4) > 0).then_some(id);
                    let input = CategoryCreate { slug: name, position, ..create(parent, "New") };
                    store.newsroom().category_create(command, &input).await.map(drop)
                }
                1 | 2 => {
                    let input = CategoryUpdate { id, slug: name, title: None, description: None };
                    store.newsroom().category_update(command, &input).await.map(drop)
                }
                3..=5 => {
                    let parent =
                        [NewParent::Under(other), NewParent::Under(other), NewParent::Top, NewParent::Unchanged];
                    let input = CategoryMove { id, parent: parent[dice.roll(4)], position };
                    store.newsroom().category_move(command, &input).await.map(drop)
                }
                6 if all.len() > 8 => {
                    let input = CategoryMerge { sources: vec![id], target: other };
                    store.newsroom().category_merge(command, &input).await.map(|_| {
                        // What was at a merged category's paths is now in the target.
                        old_paths.values_mut().filter(|known| **known == id).for_each(|known| *known = other);
                    })
                }
                _ => {
                    let parent = tree.get(id).unwrap().parent;
                    let mut order: Vec<_> = tree.children(parent).map(|child| child.id).collect();
                    let by = dice.roll(order.len());
                    order.rotate_left(by);
                    store.newsroom().category_reorder(command, &CategoryReorder { parent, order }).await.map(drop)
                }
            };
            match outcome {
                Ok(()) if action == 6 => counts[2] += 1,
                Ok(()) => counts[0] += 1,
                Err(WriteError::Refused(_)) => counts[1] += 1,
                Err(error) => panic!("{error}: {history:#?}"),
            }
            one_hop(&portal).await;
            if step % 13 == 12 {
                as_if_built_so(&portal).await;
            }
        }
        // Every path there ever was still leads, at once, to where what was there last is now.
        let tree = store.reference().categories.clone();
        for (path, id) in old_paths {
            let now = tree.by_path(&path).map_or_else(|| tree.path(id).unwrap().to_owned(), |_| path.clone());
            let locale = LOCALES[dice.roll(3)];
            let seen = route(&portal, &format!("/{locale}/categories/{path}")).await;
            let expected = format!("{} /{locale}/categories/{now}", if now == path { "at" } else { "to" });
            assert_eq!(seen, expected, "seed {seed}, {dialect:?}: {history:#?}");
        }
        as_if_built_so(&portal).await;
    }
    assert!(counts.iter().all(|count| *count >= 5), "done, refused, merged: {counts:?}");
}
