//! What somebody may do through somebody else: a machine no more than the user who answers for it.

use super::Grant;
use crate::{category::CategoryTree, id::CategoryId, locale::Locale};

/// Grants that allow what both of these lists allow, and nothing else.
#[must_use]
pub fn bounded(grants: &[Grant], by: &[Grant], tree: &CategoryTree) -> Vec<Grant> {
    let mut bounded: Vec<Grant> = Vec::new();
    for grant in grants {
        for bound in by {
            let Some(both) = both(grant, bound, tree) else { continue };
            if !bounded.contains(&both) {
                bounded.push(both);
            }
        }
    }
    bounded
}

/// The lesser of two roles, where both hold.
fn both(one: &Grant, other: &Grant, tree: &CategoryTree) -> Option<Grant> {
    let role = one.role.min(other.role);
    let categories = categories(&one.categories, &other.categories, tree)?;
    let locales = locales(&one.locales, &other.locales)?;
    Some(Grant { role, categories, locales })
}

/// The categories below both; none when there is none, and an empty list for everywhere.
fn categories(one: &[CategoryId], other: &[CategoryId], tree: &CategoryTree) -> Option<Vec<CategoryId>> {
    let (one, other) = match (one, other) {
        ([], all) | (all, []) => return Some(all.to_vec()),
        both => both,
    };
    let below = |id: CategoryId, above: &[CategoryId]| {
        above.contains(&id) || tree.ancestors(id).any(|ancestor| above.contains(&ancestor.id))
    };
    let mut both: Vec<CategoryId> = one.iter().copied().filter(|id| below(*id, other)).collect();
    both.extend(other.iter().copied().filter(|id| !one.contains(id) && below(*id, one)));
    (!both.is_empty()).then_some(both)
}

/// The languages of both; none when there is none, and an empty list for all.
fn locales(one: &[Locale], other: &[Locale]) -> Option<Vec<Locale>> {
    let (one, other) = match (one, other) {
        ([], all) | (all, []) => return Some(all.to_vec()),
        both => both,
    };
    let both: Vec<Locale> = one.iter().copied().filter(|locale| other.contains(locale)).collect();
    (!both.is_empty()).then_some(both)
}
