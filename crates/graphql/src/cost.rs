//! What an operation may cost: how many fields can come back at the most, what finding them takes the database, and about how
//! many bytes they are.
//!
//! A field is one; what lies below a page counts once for each item of the page (`first`, `last`, or what is
//! taken when neither is given), what lies below any other list five times. Interfaces and fragments change
//! nothing about that. Arguments count where they are large, since each field that takes one gets its own copy.
//!
//! Bytes are counted apart, by what such values take ([`Prices`]): a body costs what bodies weigh, under each of its aliases.
//!
//! The introspection is counted apart, and by the items of its lists alone: its answers are wide, not deep, and the
//! chains of `ofType` that every tool asks for would hide that.

mod given;
mod prices;

use std::collections::HashMap;

use async_graphql::{
    Name, Positioned, Variables,
    parser::types::{BaseType, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet, Type},
};
use async_graphql_value::{ConstValue, Value};

pub use self::{
    given::Given,
    prices::{FEW, List, ListPrice, Prices},
};
use super::schema_metadata::{FieldMetadata, SchemaMetadata, innermost};

/// Items taken of a connection when neither `first` nor `last` is given.
const DEFAULT_PAGE: u64 = 20;
/// Items expected of a list that has no pages.
const LIST: u64 = 5;
/// What stands around a value in JSON.
const KEY_BYTES: u64 = 4;
/// So many bytes of arguments cost as much as a field.
const ARGUMENT_BYTES: u64 = 1_024;

/// The cost of an operation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cost {
    /// Fields that can come back, and what finding them takes.
    pub content: u64,
    /// About so many bytes come back.
    pub bytes: u64,
    /// Items of the introspection that can come back.
    pub introspection: u64,
}

/// A connection whose fields these are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Page {
    items: u64,
    /// What counting the list costs.
    count: u64,
}

/// Prices an operation with the variables it is to be run with, defaults included. `largest` is the largest page.
///
/// The document has passed the limits, so its fragments spread no circle and are nested within bounds.
#[must_use]
pub fn price(
    schema: &SchemaMetadata,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
    largest: u64,
) -> Cost {
    let sizes = variables.iter().map(|(name, value)| (name.as_str(), size(value))).collect();
    let mut pricing = Pricing { schema, document, variables, largest, sizes, priced: HashMap::new() };
    pricing.set(&operation.selection_set.node, schema.root(operation.ty), None)
}

struct Pricing<'a> {
    schema: &'a SchemaMetadata,
    document: &'a ExecutableDocument,
    variables: &'a Variables,
    largest: u64,
    /// How large each variable is.
    sizes: HashMap<&'a str, u64>,
    /// The cost of each fragment, by the page of the connection it is spread in.
    priced: HashMap<(&'a str, Option<Page>), Cost>,
}

impl<'a> Pricing<'a> {
    /// `page` is the connection whose fields these are.
    fn set(&mut self, set: &'a SelectionSet, on: &str, page: Option<Page>) -> Cost {
        set.items.iter().fold(Cost::default(), |cost, selection| {
            cost.plus(match &selection.node {
                Selection::Field(field) => self.field(&field.node, on, page),
                Selection::InlineFragment(inline) => {
                    let on = inline.node.type_condition.as_ref().map_or(on, |condition| &condition.node.on.node);
                    self.set(&inline.node.selection_set.node, on, page)
                }
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node, page),
            })
        })
    }

    fn fragment(&mut self, name: &'a str, page: Option<Page>) -> Cost {
        if let Some(cost) = self.priced.get(&(name, page)) {
            return *cost;
        }
        let Some(fragment) = self.document.fragments.get(name) else { return Cost::default() };
        let on = &fragment.node.type_condition.node.on.node;
        let cost = self.set(&fragment.node.selection_set.node, on, page);
        self.priced.insert((name, page), cost);
        cost
    }

    fn field(&mut self, field: &'a Field, on: &str, of: Option<Page>) -> Cost {
        let name = field.name.node.as_str();
        let mut own = 1 + self.arguments(&field.arguments) / ARGUMENT_BYTES;
        let key = field.response_key().node.len() as u64 + KEY_BYTES;
        // Validation refuses a field that does not exist; `__typename` does, everywhere.
        let Some(schema) = self.schema.field(on, name) else {
            let bytes = key + FEW;
            return if on.starts_with("__") { Cost::default() } else { Cost { content: own, bytes, introspection: 0 } };
        };
        let ty = innermost(&schema.ty);
        let (items, page) = if is_list(&schema.ty) {
            let items = match of.filter(|_| matches!(name, "edges" | "nodes")) {
                Some(page) => page.items,
                None => self.asked_for(field, schema).or_else(|| self.named(field)).unwrap_or(LIST),
            };
            (items, None)
        } else if ["edges", "nodes"]
            .iter()
            .any(|name| self.schema.field(ty, name).is_some_and(|field| is_list(&field.ty)))
        {
            let items = self.asked_for(field, schema).unwrap_or(DEFAULT_PAGE);
            let list = List { on, connection: ty, items, field, variables: self.variables };
            let ListPrice { page, count } = self.schema.prices.list(list);
            own = own.saturating_add(page);
            (1, Some(Page { items, count }))
        } else {
            (1, None)
        };
        if name == "totalCount" {
            own = own.saturating_add(of.map_or(0, |page| page.count));
        }
        let below = self.set(&field.selection_set.node, ty, page);
        if on.starts_with("__") {
            return if is_list(&schema.ty) {
                below.plus(Cost { content: 1, ..Cost::default() }).times(items)
            } else {
                below
            };
        }
        let below = below.times(items);
        if matches!(name, "__schema" | "__type") {
            return Cost { content: own, introspection: below.content, bytes: 0 };
        }
        // The values of a list have the size of one each.
        let value =
            if field.selection_set.node.items.is_empty() { schema.bytes.saturating_mul(items) } else { items * 2 };
        below.plus(Cost { content: own, bytes: key.saturating_add(value), introspection: 0 })
    }

    /// How many items `first` or `last` ask for.
    fn asked_for(&self, field: &Field, schema: &FieldMetadata) -> Option<u64> {
        let number = |name: &str| {
            let default = || match &schema.arguments.get(name)?.default {
                Some(Value::Number(number)) => Some(number.as_u64().unwrap_or(0)),
                _ => None,
            };
            // A negative page is refused by its resolver.
            let number = self.given(field, name).and_then(Given::number).or_else(default)?;
            Some(number.clamp(1, self.largest))
        };
        number("first").max(number("last"))
    }

    /// How many items are asked for by their ids.
    fn named(&self, field: &Field) -> Option<u64> {
        Some(self.given(field, "ids")?.count().clamp(1, self.largest))
    }

    /// What is given as an argument.
    fn given<'f>(&'f self, field: &'f Field, name: &str) -> Option<Given<'f>> {
        Given::of(&field.get_argument(name)?.node, self.variables)
    }

    fn arguments(&self, arguments: &[(Positioned<Name>, Positioned<Value>)]) -> u64 {
        arguments.iter().fold(0, |sum, (_, value)| sum.saturating_add(self.argument(&value.node)))
    }

    fn argument(&self, value: &Value) -> u64 {
        match value {
            Value::Variable(name) => self.sizes.get(name.as_str()).copied().unwrap_or(0),
            Value::List(items) => items.iter().fold(32, |sum, item| sum.saturating_add(self.argument(item))),
            Value::Object(fields) => {
                fields.iter().fold(32, |sum, (name, item)| sum.saturating_add(name.len() as u64 + self.argument(item)))
            }
            Value::String(text) => 32 + text.len() as u64,
            _ => 32,
        }
    }
}

impl Cost {
    const fn plus(self, other: Self) -> Self {
        Self {
            content: self.content.saturating_add(other.content),
            bytes: self.bytes.saturating_add(other.bytes),
            introspection: self.introspection.saturating_add(other.introspection),
        }
    }

    const fn times(self, items: u64) -> Self {
        Self {
            content: self.content.saturating_mul(items),
            bytes: self.bytes.saturating_mul(items),
            introspection: self.introspection.saturating_mul(items),
        }
    }
}

/// About how many bytes of memory a value takes.
fn size(value: &ConstValue) -> u64 {
    match value {
        ConstValue::String(text) => 32 + text.len() as u64,
        ConstValue::List(items) => items.iter().fold(32, |sum, item| sum + size(item)),
        ConstValue::Object(fields) => fields.iter().fold(32, |sum, (name, item)| sum + name.len() as u64 + size(item)),
        _ => 32,
    }
}

const fn is_list(ty: &Type) -> bool {
    matches!(ty.base, BaseType::List(_))
}

#[cfg(test)]
#[path = "cost_tests.rs"]
mod tests;
