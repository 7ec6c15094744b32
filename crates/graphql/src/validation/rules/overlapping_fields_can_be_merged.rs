//! Fields that share a key of the answer can share it (GraphQL, September 2025, §5.3.2).
//!
//! The executor compares the fields of one selection set alone, so that `{a{x:name} a{x:kind}}` passes, and one of
//! the two is lost (measured: async-graphql 8.0.0-rc.5).

use std::collections::{BTreeMap, HashMap, HashSet};

use async_graphql::{
    Positioned,
    parser::types::{BaseType, ExecutableDocument, Field, Selection, SelectionSet, Type},
};

use crate::{
    error::{Rejection, RequestError, RequestErrorCode},
    limits::operations,
    roots::Roots,
    schema_metadata::{FieldMetadata, SchemaMetadata, TypeMetadata, innermost},
};

/// How many fields are looked at before it is given up. Fields of interfaces are looked at again beside those of
/// each object that could be meant, at each level, which multiplies; honest documents stay far below.
const MOST_LOOKS: usize = 100_000;

/// Refuses a document that has passed the limits and has two different fields under one key; what it asks for at its roots.
pub(crate) fn check_merging(schema: &SchemaMetadata, document: &ExecutableDocument) -> Result<Roots, Rejection> {
    let mut roots = Roots::default();
    let mut merge = Merge { schema, document, looks: 0 };
    for operation in operations(document) {
        let root = schema.root(operation.node.ty);
        let fields = merge.collect([(root, &operation.node.selection_set.node)])?;
        merge.same_fields(&fields)?;
        merge.same_shapes(&fields)?;
        roots.add(operation.node.ty, fields.iter().map(|(_, field)| &field.node));
    }
    Ok(roots)
}

/// A field, and the type it is selected on.
type Found<'a> = (&'a str, &'a Positioned<Field>);

struct Merge<'a> {
    schema: &'a SchemaMetadata,
    document: &'a ExecutableDocument,
    looks: usize,
}

impl<'a> Merge<'a> {
    /// The fields of these sets, each fragment unfolded once.
    fn collect(
        &mut self,
        sets: impl IntoIterator<Item = (&'a str, &'a SelectionSet)>,
    ) -> Result<Vec<Found<'a>>, Rejection> {
        let mut fields = Vec::new();
        let mut seen = HashSet::new();
        for (on, set) in sets {
            self.unfold(on, set, &mut seen, &mut fields);
        }
        if self.looks > MOST_LOOKS {
            let message =
                format!("the document's fields can be merged in too many ways; the limit is {MOST_LOOKS} comparisons");
            return Err(Rejection::limit(RequestErrorCode::ExpansionTooLarge, message));
        }
        Ok(fields)
    }

    fn unfold(&mut self, on: &'a str, set: &'a SelectionSet, seen: &mut HashSet<&'a str>, fields: &mut Vec<Found<'a>>) {
        for selection in &set.items {
            self.looks += 1;
            match &selection.node {
                Selection::Field(field) => fields.push((on, field)),
                Selection::InlineFragment(inline) => {
                    let on =
                        inline.node.type_condition.as_ref().map_or(on, |condition| condition.node.on.node.as_str());
                    self.unfold(on, &inline.node.selection_set.node, seen, fields);
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    if let Some(fragment) = self.document.fragments.get(name).filter(|_| seen.insert(name)) {
                        let on = fragment.node.type_condition.node.on.node.as_str();
                        self.unfold(on, &fragment.node.selection_set.node, seen, fields);
                    }
                }
            }
        }
    }

    fn below(&mut self, fields: &[Found<'a>]) -> Result<Vec<Found<'a>>, Rejection> {
        let sets: Vec<_> = fields
            .iter()
            .filter(|(_, field)| !field.node.selection_set.node.items.is_empty())
            .map(|&(on, field)| {
                let ty = self.field(on, field).map_or("", |field| innermost(&field.ty));
                (ty, &field.node.selection_set.node)
            })
            .collect();
        self.collect(sets)
    }

    /// Fields of one key on one object are the same field with the same arguments.
    fn same_fields(&mut self, fields: &[Found<'a>]) -> Result<(), Rejection> {
        for (key, group) in by_key(fields) {
            for same_object in self.by_object(group) {
                let Some((&(_, first), others)) = same_object.split_first() else { continue };
                for &(_, other) in others {
                    let (name, other_name) = (&first.node.name.node, &other.node.name.node);
                    if name != other_name {
                        let reason = format!("\"{name}\" and \"{other_name}\" are different fields");
                        return Err(conflict(key, &reason, first, other));
                    }
                    if !same_arguments(&first.node, &other.node) {
                        return Err(conflict(key, "they have differing arguments", first, other));
                    }
                }
                let below = self.below(&same_object)?;
                self.same_fields(&below)?;
            }
        }
        Ok(())
    }

    /// Fields of one key are of one shape, even on objects that exclude one another: clients read both alike.
    fn same_shapes(&mut self, fields: &[Found<'a>]) -> Result<(), Rejection> {
        for (key, group) in by_key(fields) {
            let typed: Vec<_> =
                group.iter().filter_map(|&(on, field)| Some((field, &self.field(on, field)?.ty))).collect();
            if let Some((&(first, ty), others)) = typed.split_first() {
                for &(other, other_ty) in others {
                    if !self.same_shape(ty, other_ty) {
                        let reason = format!("they return conflicting types \"{ty}\" and \"{other_ty}\"");
                        return Err(conflict(key, &reason, first, other));
                    }
                }
            }
            let below = self.below(&group)?;
            self.same_shapes(&below)?;
        }
        Ok(())
    }

    /// The fields that can be meant together: those of each object with those of the interfaces.
    fn by_object(&self, group: Vec<Found<'a>>) -> Vec<Vec<Found<'a>>> {
        let (concrete, general): (Vec<_>, Vec<_>) = group
            .into_iter()
            .partition(|(on, _)| matches!(self.schema.ty(on), Some(TypeMetadata::Composite { object: true, .. })));
        if concrete.is_empty() {
            return vec![general];
        }
        let mut objects: BTreeMap<&str, Vec<Found<'a>>> = BTreeMap::new();
        for (on, field) in concrete {
            objects.entry(on).or_insert_with(|| general.clone()).push((on, field));
        }
        objects.into_values().collect()
    }

    fn same_shape(&self, one: &Type, other: &Type) -> bool {
        one.nullable == other.nullable
            && match (&one.base, &other.base) {
                (BaseType::List(one), BaseType::List(other)) => self.same_shape(one, other),
                (BaseType::Named(one), BaseType::Named(other)) => {
                    let composite = |name| matches!(self.schema.ty(name), Some(TypeMetadata::Composite { .. }));
                    one == other || (composite(one) && composite(other))
                }
                _ => false,
            }
    }

    fn field(&self, on: &str, field: &Positioned<Field>) -> Option<&'a FieldMetadata> {
        self.schema.field(on, &field.node.name.node)
    }
}

fn by_key<'a>(fields: &[Found<'a>]) -> Vec<(&'a str, Vec<Found<'a>>)> {
    let mut places = HashMap::new();
    let mut groups: Vec<(&str, Vec<Found<'_>>)> = Vec::new();
    for &(on, field) in fields {
        let key = field.node.response_key().node.as_str();
        let place = *places.entry(key).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, group)) => group.push((on, field)),
            None => groups.push((key, vec![(on, field)])),
        }
    }
    groups
}

fn same_arguments(one: &Field, other: &Field) -> bool {
    one.arguments.len() == other.arguments.len()
        && one
            .arguments
            .iter()
            .all(|(name, value)| other.get_argument(&name.node).is_some_and(|other| other.node == value.node))
}

fn conflict(key: &str, reason: &str, one: &Positioned<Field>, other: &Positioned<Field>) -> Rejection {
    let message = format!(
        "Fields \"{key}\" conflict because {reason}. Use different aliases on the fields to fetch both if this was intentional."
    );
    let error = RequestError {
        positions: vec![one.pos, other.pos],
        ..RequestError::new(RequestErrorCode::ValidationFailed, message)
    };
    error.into()
}

#[cfg(test)]
#[path = "overlapping_fields_can_be_merged_tests.rs"]
mod tests;
