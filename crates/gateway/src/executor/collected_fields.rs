//! Which fields are asked of an object (GraphQL, September 2025, §6.3.2, `CollectFields`).

use std::{borrow::Cow, sync::Arc};

use async_graphql::{
    ContextSelectionSet, Name, Positioned,
    parser::types::{Field, Selection, SelectionSet},
};

/// The fields that are asked of an object of each type.
#[derive(Default)]
pub(crate) struct FieldPlans<'a>(Vec<(Cow<'static, str>, Fields<'a>)>);

pub(super) type Fields<'a> = Arc<[Cow<'a, Positioned<Field>>]>;

impl<'a> FieldPlans<'a> {
    pub(super) fn of(&mut self, ty: Cow<'static, str>, context: &'a ContextSelectionSet<'a>) -> Fields<'a> {
        if let Some((_, fields)) = self.0.iter().find(|(known, _)| *known == ty) {
            return Arc::clone(fields);
        }
        let mut collected = Collected { ty: &ty, context, fields: Vec::new(), spread: Vec::new() };
        collected.set(&context.item.node);
        let fields: Fields<'a> = collected.fields.into();
        self.0.push((ty, Arc::clone(&fields)));
        fields
    }
}

/// The fields of a selection set for objects of one type (GraphQL §6.3.2, `CollectFields`): in their order, with those of the
/// fragments that apply, and one for each key. An object that is asked for again is asked for all of it at once.
struct Collected<'a, 't> {
    ty: &'t str,
    context: &'a ContextSelectionSet<'a>,
    fields: Vec<Cow<'a, Positioned<Field>>>,
    /// The fragments that have been spread; again, they add nothing.
    spread: Vec<&'a Name>,
}

impl<'a> Collected<'a, '_> {
    /// Adds the fields of a selection set. What `@skip` and `@include` leave out, the executor has taken out before.
    fn set(&mut self, set: &'a SelectionSet) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => self.field(field),
                Selection::InlineFragment(inline) => {
                    if inline.node.type_condition.as_ref().is_none_or(|condition| self.applies(&condition.node.on.node))
                    {
                        self.set(&inline.node.selection_set.node);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    let Some(fragment) = self.context.query_env.fragments.get(name) else { continue };
                    if !self.spread.contains(&name) && self.applies(&fragment.node.type_condition.node.on.node) {
                        self.spread.push(name);
                        self.set(&fragment.node.selection_set.node);
                    }
                }
            }
        }
    }

    fn field(&mut self, field: &'a Positioned<Field>) {
        let key = &field.node.response_key().node;
        match self.fields.iter_mut().find(|known| known.node.response_key().node == *key) {
            None => self.fields.push(Cow::Borrowed(field)),
            Some(_) if is_leaf(field) => {}
            // Validation has seen to it that the two are the same.
            Some(known) => {
                let more = field.node.selection_set.node.items.iter().cloned();
                known.to_mut().node.selection_set.node.items.extend(more);
            }
        }
    }

    /// Whether the objects are of the type that a fragment is on (`DoesFragmentTypeApply`).
    fn applies(&self, condition: &str) -> bool {
        let types = &self.context.schema_env.registry.types;
        condition == self.ty || types.get(condition).is_some_and(|on| on.is_possible_type(self.ty))
    }
}

pub(super) fn is_leaf(field: &Positioned<Field>) -> bool {
    field.node.selection_set.node.items.is_empty()
}
