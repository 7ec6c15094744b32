//! Who may do what: roles, what they are limited to, and the one table of permissions.
//!
//! *Invariant*: every mutation and every editorial field asks [`Viewer::may`], and nothing else decides.

mod actor;
mod bounds;
mod planned;
mod table;

use serde::{Deserialize, Serialize};

pub use self::{
    actor::ActorId,
    bounds::bounded,
    planned::{WhilePlanned, planned_markdown, while_planned},
    table::{Permission, Reach, Role, table_markdown},
};
use crate::{category::CategoryTree, id::CategoryId, locale::Locale};

/// A role, and what it is limited to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// The categories it holds in, each with all below it; none means everywhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<CategoryId>,
    /// The languages it holds in; none means all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub locales: Vec<Locale>,
}

impl Grant {
    /// A role without limits.
    #[must_use]
    pub const fn everywhere(role: Role) -> Self {
        Self { role, categories: Vec::new(), locales: Vec::new() }
    }

    fn holds_in(&self, category: Option<CategoryId>, tree: &CategoryTree) -> bool {
        self.categories.is_empty()
            || category.is_some_and(|category| {
                self.categories.contains(&category)
                    || tree.ancestors(category).any(|above| self.categories.contains(&above.id))
            })
    }

    fn holds_for(&self, locale: Option<Locale>) -> bool {
        self.locales.is_empty() || locale.is_some_and(|locale| self.locales.contains(&locale))
    }

    /// Whether whatever `other` allows, this one allows too.
    #[must_use]
    pub fn covers(&self, other: &Self, tree: &CategoryTree) -> bool {
        let categories = !other.categories.is_empty() || self.categories.is_empty();
        let locales = !other.locales.is_empty() || self.locales.is_empty();
        self.role >= other.role
            && categories
            && locales
            && other.categories.iter().all(|category| self.holds_in(Some(*category), tree))
            && other.locales.iter().all(|locale| self.holds_for(Some(*locale)))
    }
}

/// Somebody who has shown who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// Who.
    pub actor: ActorId,
    /// What they are called.
    pub name: String,
    /// What they may do.
    pub grants: Vec<Grant>,
}

/// What something would be done to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Target<'a> {
    /// Where it is filed; none when it is filed nowhere, which only a role without that limit reaches.
    pub category: Option<CategoryId>,
    /// The languages concerned; none when it is all of them, which only a role without that limit reaches.
    pub locales: &'a [Locale],
    /// Whether the viewer made it.
    pub own: bool,
}

/// What a viewer sees of the entries in work: those that any of these lets through.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Sight {
    /// Whether only entries they made.
    pub own: bool,
    /// Only in these categories, those below them included; none means all.
    pub categories: Option<Vec<CategoryId>>,
    /// Only in these languages; none means all.
    pub locales: Option<Vec<Locale>>,
}

impl Viewer {
    /// The program itself, which may do everything.
    #[must_use]
    pub fn program() -> Self {
        Self { actor: ActorId::program(), name: "courant".to_owned(), grants: vec![Grant::everywhere(Role::Admin)] }
    }

    /// Whether the viewer may do something to a target.
    #[must_use]
    pub fn may(&self, permission: Permission, target: &Target<'_>, tree: &CategoryTree) -> bool {
        let any = |locale: Option<Locale>| {
            self.grants.iter().any(|grant| {
                let reaches = match grant.role.reach(permission) {
                    None => false,
                    Some(Reach::Own) => target.own,
                    Some(Reach::Any) => true,
                };
                reaches && grant.holds_in(target.category, tree) && grant.holds_for(locale)
            })
        };
        if target.locales.is_empty() { any(None) } else { target.locales.iter().all(|locale| any(Some(*locale))) }
    }

    /// Whether the viewer sees an entry in work at all, by its category and whose it is: all of it, or one of the
    /// languages it is in. One that is live, which they can find as readers, they see in whatever language they work
    /// in: so a translation begins.
    #[must_use]
    pub fn sees(&self, target: &Target<'_>, is_live: bool, tree: &CategoryTree) -> bool {
        let Target { category, locales, own } = *target;
        let may = |locales: &[Locale]| self.may(Permission::ReadDrafts, &Target { category, locales, own }, tree);
        let works_in = |locale: &Locale| may(std::slice::from_ref(locale));
        may(&[])
            || locales.iter().any(works_in)
            || is_live && self.grants.iter().flat_map(|grant| &grant.locales).any(works_in)
    }

    /// Whether the viewer may do something in each of these categories. No category means all of them, which only a
    /// role without that limit reaches.
    #[must_use]
    pub fn may_in_all(&self, permission: Permission, categories: &[CategoryId], tree: &CategoryTree) -> bool {
        let may = |category| self.may(permission, &Target { category, ..Target::default() }, tree);
        if categories.is_empty() { may(None) } else { categories.iter().all(|category| may(Some(*category))) }
    }

    /// Whether the viewer has a permission anywhere at all.
    #[must_use]
    pub fn may_somewhere(&self, permission: Permission) -> bool {
        self.grants.iter().any(|grant| grant.role.reach(permission).is_some())
    }

    /// Whether the viewer is told of tags and persons that nothing live names: whoever may write finds there what to file under and
    /// whom to name. All others know those alone that readers do.
    #[must_use]
    pub fn knows_all_names(&self) -> bool {
        self.may_somewhere(Permission::CreateEntry)
    }

    /// Which entries the viewer sees with [`Permission::ReadDrafts`].
    #[must_use]
    pub fn sights(&self, tree: &CategoryTree) -> Vec<Sight> {
        let mut sights: Vec<Sight> = Vec::new();
        for grant in &self.grants {
            let Some(reach) = grant.role.reach(Permission::ReadDrafts) else { continue };
            let below = |id: &CategoryId| tree.subtree(*id).map(|category| category.id).collect::<Vec<_>>();
            let categories = (!grant.categories.is_empty()).then(|| grant.categories.iter().flat_map(below).collect());
            let locales = (!grant.locales.is_empty()).then(|| grant.locales.clone());
            let sight = Sight { own: reach == Reach::Own, categories, locales };
            if !sights.contains(&sight) {
                sights.push(sight);
            }
        }
        sights
    }

    /// Whether the viewer may give somebody these grants: nobody gives away more than they have.
    #[must_use]
    pub fn may_grant(&self, grants: &[Grant], tree: &CategoryTree) -> bool {
        grants.iter().all(|wanted| self.grants.iter().any(|own| own.covers(wanted, tree)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{category::Category, slug::Slug, text::Localized};

    fn id(number: u8) -> CategoryId {
        uuid::Uuid::from_u128(u128::from(number) + 1).into()
    }

    /// 0 with 1 and 2 below it, 3 below 2; 4 beside 0.
    fn tree() -> CategoryTree {
        let category = |number: u8, parent: Option<u8>| Category {
            id: id(number),
            parent: parent.map(id),
            position: i32::from(number),
            slug: Slug::parse(&format!("c{number}")).unwrap(),
            title: Localized::default(),
            description: Localized::default(),
        };
        let categories =
            [(0, None), (1, Some(0)), (2, Some(0)), (3, Some(2)), (4, None)].map(|(n, above)| category(n, above));
        CategoryTree::build(categories.to_vec()).unwrap()
    }

    fn locale(number: u8) -> Locale {
        Locale::parse(["en", "ru", "tk"][usize::from(number % 3)]).unwrap()
    }

    fn grants() -> impl Strategy<Value = Vec<Grant>> {
        let grant = (
            prop::sample::select(Role::ALL.to_vec()),
            prop::collection::vec(0u8..5, 0..3),
            prop::collection::vec(0u8..3, 0..3),
        )
            .prop_map(|(role, categories, locales)| Grant {
                role,
                categories: categories.into_iter().map(id).collect(),
                locales: locales.into_iter().map(locale).collect(),
            });
        prop::collection::vec(grant, 0..3)
    }

    fn viewer(grants: Vec<Grant>) -> Viewer {
        Viewer { actor: ActorId::program(), name: String::new(), grants }
    }

    #[test]
    fn a_limit_on_a_category_holds_for_all_below_it() {
        let editor = viewer(vec![Grant { categories: vec![id(2)], ..Grant::everywhere(Role::Editor) }]);
        let may = |category: Option<u8>| {
            let target = Target { category: category.map(id), ..Target::default() };
            editor.may(Permission::EditEntry, &target, &tree())
        };
        assert!(may(Some(2)) && may(Some(3)));
        assert!(!may(Some(0)) && !may(Some(1)) && !may(Some(4)) && !may(None));
    }

    #[test]
    fn several_languages_may_be_allowed_by_several_grants() {
        let in_one = |number| Grant { locales: vec![locale(number)], ..Grant::everywhere(Role::Publisher) };
        let publisher = viewer(vec![in_one(0), in_one(1)]);
        let may = |locales: &[u8]| {
            let locales: Vec<_> = locales.iter().map(|number| locale(*number)).collect();
            publisher.may(Permission::PublishEntry, &Target { locales: &locales, ..Target::default() }, &tree())
        };
        assert!(may(&[0]) && may(&[0, 1]));
        assert!(!may(&[2]) && !may(&[0, 2]) && !may(&[]));
    }

    proptest! {
        #[test]
        fn a_limit_never_allows_more(
            grants in grants(), permission in prop::sample::select(Permission::ALL.to_vec()),
            category in prop::option::of(0u8..5), locales in prop::collection::vec(0u8..3, 0..3), own: bool,
        ) {
            let locales: Vec<_> = locales.into_iter().map(locale).collect();
            let target = Target { category: category.map(id), locales: &locales, own };
            let limited = viewer(grants.clone());
            let free = viewer(grants.iter().map(|grant| Grant::everywhere(grant.role)).collect());
            if limited.may(permission, &target, &tree()) {
                prop_assert!(free.may(permission, &target, &tree()));
                prop_assert!(limited.may_somewhere(permission));
                let own = Target { own: true, ..target };
                prop_assert!(limited.may(permission, &own, &tree()));
            }
        }

        #[test]
        fn who_is_bounded_may_what_both_may(
            own in grants(), owner in grants(), permission in prop::sample::select(Permission::ALL.to_vec()),
            category in prop::option::of(0u8..5), locales in prop::collection::vec(0u8..3, 0..3), mine: bool,
        ) {
            let tree = tree();
            let locales: Vec<_> = locales.into_iter().map(locale).collect();
            let target = Target { category: category.map(id), locales: &locales, own: mine };
            let may = |grants: &[Grant]| viewer(grants.to_vec()).may(permission, &target, &tree);
            prop_assert_eq!(may(&bounded(&own, &owner, &tree)), may(&own) && may(&owner));
        }

        #[test]
        fn what_is_seen_is_what_may_be_read(grants in grants(), category in 0u8..5, number in 0u8..3, own: bool) {
            let viewer = viewer(grants);
            let (tree, locales) = (tree(), [locale(number)]);
            let target = Target { category: Some(id(category)), locales: &locales, own };
            let seen = viewer.sights(&tree).iter().any(|sight| {
                (own || !sight.own)
                    && sight.categories.as_ref().is_none_or(|categories| categories.contains(&id(category)))
                    && sight.locales.as_ref().is_none_or(|seen| seen.contains(&locales[0]))
            });
            prop_assert_eq!(seen, viewer.may(Permission::ReadDrafts, &target, &tree));
        }

        #[test]
        fn what_is_given_away_allows_nothing_more(
            own in grants(), given in grants(), permission in prop::sample::select(Permission::ALL.to_vec()),
            category in prop::option::of(0u8..5), number in prop::option::of(0u8..3),
        ) {
            let (tree, giver) = (tree(), viewer(own));
            if giver.may_grant(&given, &tree) {
                let locales: Vec<_> = number.into_iter().map(locale).collect();
                let target = Target { category: category.map(id), locales: &locales, own: true };
                if viewer(given).may(permission, &target, &tree) {
                    prop_assert!(giver.may(permission, &target, &tree));
                }
            }
        }
    }
}
