//! What somebody shall be allowed, as it is given.

use async_graphql::{ID, InputObject};
use courant_domain::access::Grant;

use super::input::Reader;
use crate::schema::{id::NodeKind, newsroom::Role, scalar::Locale};

/// A role, and what it is limited to.
#[derive(InputObject)]
pub(crate) struct GrantInput {
    /// The role.
    role: Role,
    /// The categories it holds in, each with all below it; everywhere when none are given.
    categories: Option<Vec<ID>>,
    /// The languages it holds in; all when none are given.
    locales: Option<Vec<Locale>>,
}

impl Reader {
    /// Grants; a list without an item could be meant as "none" or as "all", and is taken for neither.
    pub(super) fn grants(&mut self, field: &str, given: Vec<GrantInput>) -> Vec<Grant> {
        let mut grants = Vec::with_capacity(given.len());
        for (at, grant) in given.into_iter().enumerate() {
            let field = |name| format!("{field}.{at}.{name}");
            if grant.categories.as_ref().is_some_and(Vec::is_empty) {
                self.invalid(&field("categories"), "an empty list is no limit: leave it out for everywhere");
            }
            if grant.locales.as_ref().is_some_and(Vec::is_empty) {
                self.invalid(&field("locales"), "an empty list is no limit: leave it out for all languages");
            }
            let categories = grant.categories.unwrap_or_default();
            let categories = self.ids(&field("categories"), &categories, &[NodeKind::Category]);
            let locales = grant.locales.unwrap_or_default().into_iter().map(|locale| locale.0).collect();
            grants.push(Grant { role: grant.role.into(), categories, locales });
        }
        grants
    }
}
