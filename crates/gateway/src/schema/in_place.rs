//! Objects that are resolved in place.
//!
//! The executor makes a future on the heap for each field of each object, joins them, and joins the objects of a list again:
//! for a hundred titles it spends four times as long on that as on the titles. Most fields of a page are leaves that are at
//! hand, because the page's statement has brought them. [`One`] and [`Many`] ask each leaf once, where it stands; what is
//! ready is done, and only what has to wait for a load becomes a future, one for each object.
//!
//! What comes out is what the executor gives: the same keys in the same order, the same nulls, and errors with the path of the
//! field that failed. A selection that asks twice for the same object, which takes merging, is left to the executor.
//!
//! A leaf that is not ready is asked again later, from its beginning: so this is for what is read, never for a mutation.

use std::{
    borrow::Cow,
    future::{Future, poll_fn},
    pin::pin,
    sync::Arc,
    task::{self, Poll},
};

use async_graphql::{
    ContainerType, ContextSelectionSet, Name, OutputType, Positioned, ServerResult, Value,
    indexmap::IndexMap,
    parser::types::{Field, Selection, SelectionSet},
    registry::Registry,
};
use futures_util::future::{BoxFuture, try_join_all};

use crate::error::keep_path;

/// An object that is resolved in place.
pub(crate) struct One<T>(pub(crate) T);

/// A list of objects that are resolved in place.
pub(crate) struct Many<T>(pub(crate) Vec<T>);

impl<T> FromIterator<T> for Many<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(items.into_iter().collect())
    }
}

/// What can be resolved in place: any object; and what says which object it is, see [`by_object`].
pub(crate) trait InPlace: ContainerType + Sized {
    /// The value of a leaf without arguments that is at hand, where it can be had without its resolver: a list asks for the same
    /// few of them a hundred times.
    fn at_hand(&self, _field: &str) -> Option<Value> {
        None
    }

    /// Resolves what is ready, and tells what else there is to do.
    fn begin<'a>(&'a self, place: Place<'a>, plans: &mut Plans<'a>, task: &mut task::Context<'_>) -> Step<'a> {
        begin(self, place, plans, task)
    }
}

/// Resolves an interface or a union in place, as the object that it is.
macro_rules! by_object {
    ($abstract:ident: $($object:ident),+) => {
        impl $crate::schema::in_place::InPlace for $abstract {
            fn begin<'a>(
                &'a self,
                place: $crate::schema::in_place::Place<'a>,
                plans: &mut $crate::schema::in_place::Plans<'a>,
                task: &mut std::task::Context<'_>,
            ) -> $crate::schema::in_place::Step<'a> {
                match self {
                    $(Self::$object(object) => object.begin(place, plans, task),)+
                }
            }
        }
    };
}
pub(super) use by_object;

/// Where an object is in the answer.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    context: &'a ContextSelectionSet<'a>,
    /// Its place in the list, if it is in one.
    index: Option<usize>,
}

impl<'a> Place<'a> {
    fn context(self) -> ContextSelectionSet<'a> {
        match self.index {
            Some(index) => self.context.with_index(index),
            None => self.context.clone(),
        }
    }
}

/// How far an object has come.
pub(crate) enum Step<'a> {
    Done(ServerResult<Value>),
    Waiting(BoxFuture<'a, ServerResult<Value>>),
}

/// The fields that are asked of an object of each type.
#[derive(Default)]
pub(crate) struct Plans<'a>(Vec<(Cow<'static, str>, Fields<'a>)>);

type Fields<'a> = Arc<[Cow<'a, Positioned<Field>>]>;

impl<'a> Plans<'a> {
    fn of(&mut self, ty: Cow<'static, str>, context: &'a ContextSelectionSet<'a>) -> Fields<'a> {
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

fn is_leaf(field: &Positioned<Field>) -> bool {
    field.node.selection_set.node.items.is_empty()
}

/// Resolves the leaves of an object that are ready.
fn begin<'a, T: InPlace>(
    root: &'a T,
    place: Place<'a>,
    plans: &mut Plans<'a>,
    task: &mut task::Context<'_>,
) -> Step<'a> {
    let fields = plans.of(root.introspection_type_name(), place.context);
    let context = place.context();
    let mut object = IndexMap::with_capacity(fields.len());
    let mut rest = Vec::new();
    for (at, field) in fields.iter().enumerate() {
        let value = if field.node.name.node == "__typename" {
            Value::String(root.introspection_type_name().into_owned())
        } else if let Some(value) = root.at_hand(&field.node.name.node) {
            value
        } else if is_leaf(field) {
            let context = context.with_field(field);
            match pin!(root.resolve_field(&context)).poll(task) {
                Poll::Ready(Ok(value)) => value.unwrap_or_default(),
                Poll::Ready(Err(error)) => return Step::Done(Err(keep_path(error))),
                Poll::Pending => {
                    rest.push(at);
                    Value::Null
                }
            }
        } else {
            rest.push(at);
            Value::Null
        };
        object.insert(field.node.response_key().node.clone(), value);
    }
    if rest.is_empty() {
        Step::Done(Ok(Value::Object(object)))
    } else {
        Step::Waiting(Box::pin(finish(root, place, fields, object, rest)))
    }
}

/// Resolves the fields of an object that are left, all at once.
async fn finish<'a, T: ContainerType>(
    root: &'a T,
    place: Place<'a>,
    fields: Fields<'a>,
    mut object: IndexMap<Name, Value>,
    rest: Vec<usize>,
) -> ServerResult<Value> {
    let context = place.context();
    let context = &context;
    let values = try_join_all(rest.iter().map(|at| {
        let field = &fields[*at];
        async move { root.resolve_field(&context.with_field(field)).await.map_err(keep_path) }
    }))
    .await?;
    for (at, value) in rest.into_iter().zip(values) {
        if let Some((_, slot)) = object.get_index_mut(at) {
            *slot = value.unwrap_or_default();
        }
    }
    Ok(Value::Object(object))
}

impl<T: InPlace> OutputType for One<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn introspection_type_name(&self) -> Cow<'static, str> {
        self.0.introspection_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(&self, context: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        let place = Place { context, index: None };
        match poll_fn(|task| Poll::Ready(self.0.begin(place, &mut Plans::default(), task))).await {
            Step::Done(value) => value,
            Step::Waiting(object) => object.await,
        }
    }
}

impl<T: InPlace> OutputType for Many<T> {
    fn type_name() -> Cow<'static, str> {
        Vec::<T>::type_name()
    }

    fn qualified_type_name() -> String {
        <Vec<T> as OutputType>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <Vec<T> as OutputType>::create_type_info(registry)
    }

    async fn resolve(&self, context: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        let mut values = Vec::with_capacity(self.0.len());
        let (mut places, mut waiting) = (Vec::new(), Vec::new());
        poll_fn(|task| {
            let mut plans = Plans::default();
            for (index, item) in self.0.iter().enumerate() {
                match item.begin(Place { context, index: Some(index) }, &mut plans, task) {
                    Step::Done(value) => values.push(value?),
                    Step::Waiting(object) => {
                        places.push(index);
                        waiting.push(object);
                        values.push(Value::Null);
                    }
                }
            }
            Poll::Ready(ServerResult::Ok(()))
        })
        .await?;
        for (index, value) in places.into_iter().zip(try_join_all(waiting).await?) {
            values[index] = value;
        }
        Ok(Value::List(values))
    }
}
