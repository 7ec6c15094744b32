//! What the fields of the schema cost: how large their values are, and what finding lists takes the database.

mod effort;
mod weights;

use courant_graphql::{Given, List, ListPrice, Prices};

use self::effort::Asked;

/// The prices of the schema.
#[derive(Debug)]
pub(crate) struct SchemaPrices;

impl Prices for SchemaPrices {
    fn bytes(&self, ty: &str, field: &str) -> u64 {
        weights::bytes(ty, field)
    }

    fn list(&self, list: List<'_>) -> ListPrice {
        let asked = list.argument("filter").map_or(Asked::NOTHING, Asked::of);
        let order = list.argument("orderBy").map_or("", Given::word);
        let count = match (list.on, list.connection) {
            // Tags are in memory, and counted there.
            (_, "TagConnection") => 0,
            // Lists of the log are not counted; what is not on a page may have to be read for it.
            (_, "ChangeConnection") => {
                let is_part = list.argument("filter").is_some_and(effort::follows_a_part);
                return ListPrice { page: if is_part { effort::PASSED_OVER } else { 0 }, count: 0 };
            }
            ("EditorialEntry" | "EditorialVersion", _) => effort::COUNT_OF_ONE,
            _ => asked.count(),
        };
        ListPrice { page: asked.page(order, list.items), count }
    }
}

#[cfg(test)]
mod tests;
