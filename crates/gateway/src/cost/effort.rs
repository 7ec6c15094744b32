//! What finding a list takes the database, in the same coin as fields: what takes about ten microseconds is one.
//!
//! These are estimates, not measurements. What no index answers may take far more than it says here, or far less: there
//! the time of the database is the bound ([`Limits::database`](courant_graphql::Limits)).

use courant_graphql::Given;

/// Counting a list, up to 10,000 entries.
pub(super) const COUNT: u64 = 100;

/// Counting what one entry has: its revisions, its history.
pub(super) const COUNT_OF_ONE: u64 = 5;

/// Looking through the change log for what somebody follows of it.
pub(super) const PASSED_OVER: u64 = 1_000;

/// Each condition beyond the first is looked up for every entry that is read.
const CONDITION: u64 = 50;
/// What is asked of editions themselves, and not of a timeline.
const OF_EDITIONS: u64 = 50;
/// A list in the order of views is scanned in that order, past what is not in it.
const BY_VIEWS: u64 = 50;
/// So is one by the day of signing, of which there are fewer.
const BY_DAY: u64 = 20;
/// Words within titles are looked for in every one of them.
const WITHIN_TEXTS: u64 = 500;

/// Whether a filter of changes passes over more than other subjects.
pub(super) fn follows_a_part(filter: Given<'_>) -> bool {
    ["kinds", "locale", "categories", "tags", "feed"].iter().any(|name| filter.field(name).is_some())
}

/// What a filter asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asked {
    /// For how many lists it stands: each value of its widest condition has one.
    lists: u64,
    /// What its conditions take.
    conditions: u64,
}

impl Asked {
    pub(super) const NOTHING: Self = Self { lists: 1, conditions: 0 };

    /// Reads the argument `filter` of a list.
    pub(super) fn of(filter: Given<'_>) -> Self {
        let count = |name| filter.field(name).map_or(0, Given::count);
        let some = |name| u64::from(filter.field(name).is_some());
        let any = ["categories", "tags", "authors", "signatories", "genres", "documentTypes"].map(count);
        let all = count("allTags");
        let conditions = any.iter().filter(|values| **values > 0).count() as u64 + all;
        let of_editions = ["status", "number", "signedOn", "exactLocale"].map(some).iter().sum::<u64>();
        let of_work = [
            "states",
            "waitingFor",
            "author",
            "actor",
            "acts",
            "subjects",
            "subjectId",
            "at",
            "changedAt",
            "scheduledAt",
            "slug",
            "person",
            "assignee",
            "dueAt",
        ]
        .map(some);
        let within = some("text") + some("untranslated");
        Self {
            lists: any.into_iter().max().unwrap_or(0).max(1),
            conditions: conditions.saturating_sub(1) * CONDITION
                + (of_editions + of_work.iter().sum::<u64>()) * OF_EDITIONS
                + within * WITHIN_TEXTS,
        }
    }

    /// What a page of so many items takes, in this order.
    pub(super) fn page(self, order: &str, items: u64) -> u64 {
        let order = match order {
            "VIEW_COUNT_DESC" | "MOST_READ_DAY" | "MOST_READ_WEEK" | "MOST_READ_MONTH" | "MOST_READ_EVER" => BY_VIEWS,
            "SIGNED_ON_DESC" | "SIGNED_ON_ASC" => BY_DAY,
            _ => 0,
        };
        // Each list gives a page of its own, of which one is made.
        let merged = (self.lists - 1).saturating_mul(items / 2 + 1);
        self.lists.saturating_mul(order).saturating_add(self.conditions).saturating_add(merged)
    }

    /// What counting takes.
    pub(super) const fn count(self) -> u64 {
        COUNT.saturating_add(self.conditions)
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::Variables;
    use async_graphql_value::Value;
    use serde_json::json;

    use super::*;

    fn asked(filter: &serde_json::Value) -> Asked {
        let value = Value::from(async_graphql_value::ConstValue::from_json(filter.clone()).unwrap());
        Asked::of(Given::of(&value, &Variables::default()).unwrap())
    }

    #[test]
    fn a_list_by_time_costs_what_it_brings() {
        assert_eq!(Asked::NOTHING.page("PUBLISHED_AT_DESC", 100), 0);
        assert_eq!(asked(&json!({"categories": ["politics"]})).page("PUBLISHED_AT_DESC", 100), 0);
    }

    #[test]
    fn values_conditions_orders_and_counts_cost() {
        let many = asked(&json!({"tags": vec!["a"; 50]}));
        assert_eq!(many.page("PUBLISHED_AT_DESC", 20), 49 * 11);
        for order in ["VIEW_COUNT_DESC", "MOST_READ_DAY", "MOST_READ_WEEK", "MOST_READ_MONTH", "MOST_READ_EVER"] {
            assert_eq!(many.page(order, 20), 49 * 11 + 50 * BY_VIEWS, "{order}");
        }
        let all = asked(&json!({"allTags": ["a", "b", "c"], "categories": ["d"]}));
        assert_eq!(all.page("PUBLISHED_AT_DESC", 20), 3 * CONDITION);
        assert_eq!(all.count(), COUNT + 3 * CONDITION);
        assert_eq!(asked(&json!({"text": "budget", "states": ["DRAFT"]})).count(), COUNT + WITHIN_TEXTS + OF_EDITIONS);
        assert_eq!(asked(&json!({"status": ["IN_FORCE"], "exactLocale": null})).count(), COUNT + OF_EDITIONS);
    }
}
