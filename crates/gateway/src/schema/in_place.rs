//! Objects that are resolved in place, into the JSON of the answer.
//!
//! The executor makes a future on the heap for each field of each object, joins them, and joins the objects of a list again:
//! for a hundred titles it spends four times as long on that as on the titles. Most fields of a page are leaves that are at
//! hand, because the page's statement has brought them. [`One`] and [`Many`] ask each leaf once, where it stands, and write it
//! down; objects below are futures, and what of these has to wait for a load leaves a gap.
//!
//! What comes out is what the executor gives: the same keys in the same order, the same nulls, and errors with the path of the
//! field that failed. Objects that are asked for twice are one, with all that is asked of them.
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
    ContainerType, ContextSelectionSet, Name, OutputType, Positioned, ServerError, ServerResult, Value,
    parser::types::{Field, Selection, SelectionSet},
    registry::Registry,
};
use courant_graphql::{executor::keep_path, json};
use futures_util::future::{BoxFuture, try_join_all};

use super::{
    context::{Form, RequestContext},
    room::Room,
};

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
    /// Writes a leaf without arguments that is at hand, where it can be had without its resolver: a list asks for the same few of
    /// them a hundred times. Whether it has.
    fn write_at_hand(&self, _field: &str, _json: &mut Vec<u8>) -> bool {
        false
    }

    /// Writes what is ready, and notes what else there is to do.
    fn begin<'a>(
        &'a self,
        place: Place<'a>,
        plans: &mut Plans<'a>,
        draft: &mut Draft<'a>,
        task: &mut task::Context<'_>,
    ) -> ServerResult<()> {
        begin(self, place, plans, draft, task)
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
                draft: &mut $crate::schema::in_place::Draft<'a>,
                task: &mut std::task::Context<'_>,
            ) -> async_graphql::ServerResult<()> {
                match self {
                    $(Self::$object(object) => object.begin(place, plans, draft, task),)+
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

/// JSON with gaps, for what has to wait.
pub(crate) struct Draft<'a> {
    json: Vec<u8>,
    gaps: Vec<Gap<'a>>,
    room: &'a Room,
    /// Of the bytes in it, those that have taken their room already.
    taken: usize,
}

/// A value that is still to come, and where it goes.
struct Gap<'a> {
    at: usize,
    value: BoxFuture<'a, ServerResult<Value>>,
}

impl<'a> Draft<'a> {
    fn new(context: &'a ContextSelectionSet<'a>) -> Self {
        let room = &*context.data_unchecked::<RequestContext>().room;
        Self { json: Vec::new(), gaps: Vec::new(), room, taken: 0 }
    }

    /// Fails once it is too long.
    fn check(&self) -> ServerResult<()> {
        if self.json.len() - self.taken > self.room.left() { Err(self.room.overrun()) } else { Ok(()) }
    }

    /// Waits for what is missing, all of it at once.
    async fn finish(self, context: &ContextSelectionSet<'_>) -> ServerResult<Value> {
        let Self { mut json, gaps, room, taken } = self;
        room.take(json.len() - taken)?;
        if !gaps.is_empty() {
            let (places, values): (Vec<usize>, Vec<_>) = gaps.into_iter().map(|gap| (gap.at, gap.value)).unzip();
            let values = try_join_all(values).await?;
            for value in &values {
                // Objects have taken theirs.
                if !matches!(value, Value::Binary(_)) {
                    room.take(json::size(value))?;
                }
            }
            let begun = std::mem::take(&mut json);
            json.reserve_exact(begun.len() + values.iter().map(json::size).sum::<usize>());
            let mut from = 0;
            for (to, value) in places.into_iter().zip(values) {
                json.extend_from_slice(&begun[from..to]);
                json::write(&mut json, &value);
                from = to;
            }
            json.extend_from_slice(&begun[from..]);
        }
        match context.data_unchecked::<RequestContext>().form {
            Form::Written => Ok(json::written(json)),
            Form::Values => serde_json::from_slice(&json).map_err(|error| ServerError::new(error.to_string(), None)),
        }
    }
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

/// Writes the fields of an object that are ready.
fn begin<'a, T: InPlace>(
    root: &'a T,
    place: Place<'a>,
    plans: &mut Plans<'a>,
    draft: &mut Draft<'a>,
    task: &mut task::Context<'_>,
) -> ServerResult<()> {
    let fields = plans.of(root.introspection_type_name(), place.context);
    draft.json.push(b'{');
    for (at, field) in fields.iter().enumerate() {
        json::write_key(&mut draft.json, at == 0, &field.node.response_key().node);
        let name = field.node.name.node.as_str();
        if name == "__typename" {
            json::write_text(&mut draft.json, &root.introspection_type_name());
        } else if !root.write_at_hand(name, &mut draft.json) {
            let mut value = None;
            let polled = if is_leaf(field) {
                ask(root, place, field, task)
            } else {
                value.insert(resolve(root, place, Arc::clone(&fields), at)).as_mut().poll(task)
            };
            match polled {
                Poll::Ready(value) => {
                    let value = value?;
                    if let Value::Binary(written) = &value {
                        draft.taken += written.len();
                    }
                    json::write(&mut draft.json, &value);
                }
                Poll::Pending => {
                    let value = value.unwrap_or_else(|| resolve(root, place, Arc::clone(&fields), at));
                    draft.gaps.push(Gap { at: draft.json.len(), value });
                }
            }
        }
        draft.check()?;
    }
    draft.json.push(b'}');
    Ok(())
}

/// Asks a leaf where it stands. What that takes on the stack is given back before an object below is resolved.
#[inline(never)]
fn ask<T: ContainerType>(
    root: &T,
    place: Place<'_>,
    field: &Positioned<Field>,
    task: &mut task::Context<'_>,
) -> Poll<ServerResult<Value>> {
    let context = place.context();
    let context = context.with_field(field);
    pin!(root.resolve_field(&context)).poll(task).map(value)
}

/// Resolves a field that may have to wait.
fn resolve<'a, T: ContainerType>(
    root: &'a T,
    place: Place<'a>,
    fields: Fields<'a>,
    at: usize,
) -> BoxFuture<'a, ServerResult<Value>> {
    Box::pin(async move { value(root.resolve_field(&place.context().with_field(&fields[at])).await) })
}

fn value(resolved: ServerResult<Option<Value>>) -> ServerResult<Value> {
    resolved.map(Option::unwrap_or_default).map_err(keep_path)
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
        let mut draft = Draft::new(context);
        poll_fn(|task| Poll::Ready(self.0.begin(place, &mut Plans::default(), &mut draft, task))).await?;
        draft.finish(context).await
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
        let mut draft = Draft::new(context);
        poll_fn(|task| {
            let mut plans = Plans::default();
            draft.json.push(b'[');
            for (index, item) in self.0.iter().enumerate() {
                if index > 0 {
                    draft.json.push(b',');
                }
                item.begin(Place { context, index: Some(index) }, &mut plans, &mut draft, task)?;
            }
            draft.json.push(b']');
            Poll::Ready(ServerResult::Ok(()))
        })
        .await?;
        draft.finish(context).await
    }
}
