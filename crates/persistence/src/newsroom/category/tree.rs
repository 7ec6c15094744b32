//! Putting a tree of categories in the place of the one that was there, with all that follows from it.

use std::collections::BTreeSet;

use super::merge;
use crate::{
    db::transaction::Transaction,
    error::Result,
    live::{
        publish,
        redirect::{Moves, put_moves},
    },
    newsroom::reference_put::category_write,
};
use courant_domain::{
    address,
    category::{Category, CategoryTree},
    change::{Action, ChangeKey, Told},
    id::CategoryId,
};

/// Makes `after` the tree: writes the categories that differ, files what lies below those that moved, leads their old
/// paths to the new ones, and logs whose path, children or lists are others now. A category that is no longer there
/// was `merged` into another one.
pub(super) async fn tree_put(
    tx: &mut Transaction,
    after: CategoryTree,
    merged: Option<(CategoryId, CategoryId)>,
) -> Result<()> {
    tx.is_bulky().await?;
    let before = std::mem::replace(&mut tx.reference.categories, after.clone());
    if let Some((source, _)) = merged {
        merge::free_slug(tx, source).await?;
    }
    for changed in after.iter().filter(|category| before.get(category.id) != Some(*category)) {
        category_write(tx, changed).await?;
    }
    match merged {
        None => moved_refile(tx, &before, &after).await?,
        Some((source, target)) => {
            publish::subtree_refile(tx, source, (&above(&before, source), &with_above(&after, target))).await?;
            publish::category_refile(tx, source, target, &before).await?;
            merge::end(tx, source, target).await?;
        }
    }
    put_moves(tx, &moves(tx, &before, &after, merged)).await?;
    for id in touched(&before, &after) {
        let action = if after.get(id).is_some() { Action::Put } else { Action::Removed };
        tx.log_told(ChangeKey::Category(id), action, told(&before, &after, id));
    }
    Ok(())
}

/// What readers are told of a category that was one of one tree and is one of another.
pub(in crate::newsroom) fn told(before: &CategoryTree, after: &CategoryTree, id: CategoryId) -> Told {
    let mut all = [above(before, id), above(after, id)].concat();
    all.sort_unstable();
    all.dedup();
    Told { above: all, ..Told::named(before.path(id), after.path(id)) }
}

fn above(tree: &CategoryTree, id: CategoryId) -> Vec<CategoryId> {
    tree.ancestors(id).map(|above| above.id).collect()
}

fn with_above(tree: &CategoryTree, id: CategoryId) -> Vec<CategoryId> {
    tree.ancestors(id).map(|above| above.id).chain([id]).collect()
}

async fn moved_refile(tx: &mut Transaction, before: &CategoryTree, after: &CategoryTree) -> Result<()> {
    for old in before.iter() {
        if after.get(old.id).is_some_and(|new| new.parent != old.parent) {
            publish::subtree_refile(tx, old.id, (&above(before, old.id), &above(after, old.id))).await?;
        }
    }
    Ok(())
}

fn moves(
    tx: &Transaction,
    before: &CategoryTree,
    after: &CategoryTree,
    merged: Option<(CategoryId, CategoryId)>,
) -> Moves {
    let mut moves = Moves::default();
    let locales = tx.locales();
    for old in before.iter() {
        let now = merged.filter(|(source, _)| *source == old.id).map_or(old.id, |(_, target)| target);
        let (Some(from), Some(to)) = (before.path(old.id), after.path(now)) else { continue };
        if from != to {
            let path = |slugs| locales.iter().map(move |locale| address::category_path(*locale, slugs));
            moves.moved.extend(path(from).zip(path(to)));
        }
    }
    for new in after.iter() {
        let Some(path) = after.path(new.id).filter(|path| before.path(new.id) != Some(*path)) else { continue };
        moves.taken.extend(locales.iter().map(|locale| address::category_path(*locale, path)));
    }
    moves
}

/// The categories that readers see something else of: their own fields, path or breadcrumbs, what is below them, or
/// their lists.
pub(in crate::newsroom) fn touched(before: &CategoryTree, after: &CategoryTree) -> BTreeSet<CategoryId> {
    let mut touched = BTreeSet::new();
    let mut look = |one: &CategoryTree, other: &CategoryTree| {
        for category in one.iter() {
            let there = other.get(category.id);
            let same_path = one.path(category.id) == other.path(category.id);
            if there != Some(category) || !same_path || above(one, category.id) != above(other, category.id) {
                touched.insert(category.id);
            }
            let place = |category: &Category| (category.parent, category.position, category.slug.clone());
            if there.map(place) != Some(place(category)) {
                touched.extend(above(one, category.id));
            }
        }
    };
    look(before, after);
    look(after, before);
    touched
}
