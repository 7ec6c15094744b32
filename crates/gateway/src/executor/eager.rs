//! Objects that are resolved eagerly: where they stand, into the JSON of the answer.
//!
//! The executor makes a future on the heap for each field of each object, joins them, and joins the objects of a list again:
//! for a hundred titles it spends four times as long on that as on the titles. Most fields of a page are leaves that are at
//! hand, because the page's statement has brought them. [`Eager`] and [`EagerList`] ask each leaf once, where it stands, and write it
//! down; objects below are futures, and what of these has to wait for a load is pending.
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
    ContainerType, ContextSelectionSet, OutputType, Positioned, ServerResult, Value, parser::types::Field,
    registry::Registry,
};
use courant_graphql::{executor::keep_path, json};
use futures_util::future::BoxFuture;

use super::{
    collected_fields::{FieldPlans, Fields, is_leaf},
    response_writer::ResponseWriter,
};
use crate::schema::RequestContext;

/// An object that is resolved eagerly.
pub(crate) struct Eager<T>(pub(crate) T);

/// A list of objects that are resolved eagerly.
pub(crate) struct EagerList<T>(pub(crate) Vec<T>);

impl<T> FromIterator<T> for EagerList<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(items.into_iter().collect())
    }
}

/// What can be resolved eagerly: any object; and what says which object it is, see [`eager_by_object`].
pub(crate) trait ResolveEagerly: ContainerType + Sized {
    /// A leaf without arguments that is at hand, where it can be had without its resolver: a list asks for the same few of them a
    /// hundred times. Only of texts.
    fn at_hand<'a>(&'a self, _field: &str, _request: &'a RequestContext) -> Option<Cow<'a, str>> {
        None
    }

    /// Writes what is ready, and notes what else there is to do.
    fn begin<'a>(
        &'a self,
        object: ObjectContext<'a>,
        plans: &mut FieldPlans<'a>,
        writer: &mut ResponseWriter<'a>,
        task: &mut task::Context<'_>,
    ) -> ServerResult<()> {
        begin(self, object, plans, writer, task)
    }
}

/// Resolves an interface or a union eagerly, as the object that it is.
macro_rules! eager_by_object {
    ($abstract:ident: $($object:ident),+) => {
        impl $crate::executor::ResolveEagerly for $abstract {
            fn begin<'a>(
                &'a self,
                at: $crate::executor::ObjectContext<'a>,
                plans: &mut $crate::executor::FieldPlans<'a>,
                writer: &mut $crate::executor::ResponseWriter<'a>,
                task: &mut std::task::Context<'_>,
            ) -> async_graphql::ServerResult<()> {
                match self {
                    $(Self::$object(object) => object.begin(at, plans, writer, task),)+
                }
            }
        }
    };
}
pub(crate) use eager_by_object;

/// Where an object is in the answer.
#[derive(Clone, Copy)]
pub(crate) struct ObjectContext<'a> {
    context: &'a ContextSelectionSet<'a>,
    /// Its place in the list, if it is in one.
    index: Option<usize>,
}

impl<'a> ObjectContext<'a> {
    fn context(self) -> ContextSelectionSet<'a> {
        match self.index {
            Some(index) => self.context.with_index(index),
            None => self.context.clone(),
        }
    }
}

/// Writes the fields of an object that are ready.
fn begin<'a, T: ResolveEagerly>(
    root: &'a T,
    object: ObjectContext<'a>,
    plans: &mut FieldPlans<'a>,
    writer: &mut ResponseWriter<'a>,
    task: &mut task::Context<'_>,
) -> ServerResult<()> {
    let fields = plans.of(root.introspection_type_name(), object.context);
    writer.json.push(b'{');
    for (at, field) in fields.iter().enumerate() {
        json::write_key(&mut writer.json, at == 0, &field.node.response_key().node);
        let name = field.node.name.node.as_str();
        if name == "__typename" {
            json::write_text(&mut writer.json, &root.introspection_type_name());
        } else if let Some(text) = root.at_hand(name, writer.request) {
            json::write_text(&mut writer.json, &text);
        } else {
            let mut value = None;
            let polled = if is_leaf(field) {
                ask(root, object, field, task)
            } else {
                value.insert(resolve(root, object, Arc::clone(&fields), at)).as_mut().poll(task)
            };
            match polled {
                Poll::Ready(value) => writer.write(&value?),
                Poll::Pending => {
                    let value = value.unwrap_or_else(|| resolve(root, object, Arc::clone(&fields), at));
                    writer.wait_for(value);
                }
            }
        }
        writer.check()?;
    }
    writer.json.push(b'}');
    Ok(())
}

/// Asks a leaf where it stands. What that takes on the stack is given back before an object below is resolved.
#[inline(never)]
fn ask<T: ContainerType>(
    root: &T,
    object: ObjectContext<'_>,
    field: &Positioned<Field>,
    task: &mut task::Context<'_>,
) -> Poll<ServerResult<Value>> {
    let context = object.context();
    let context = context.with_field(field);
    pin!(root.resolve_field(&context)).poll(task).map(value)
}

/// Resolves a field that may have to wait.
fn resolve<'a, T: ContainerType>(
    root: &'a T,
    object: ObjectContext<'a>,
    fields: Fields<'a>,
    at: usize,
) -> BoxFuture<'a, ServerResult<Value>> {
    Box::pin(async move { value(root.resolve_field(&object.context().with_field(&fields[at])).await) })
}

fn value(resolved: ServerResult<Option<Value>>) -> ServerResult<Value> {
    resolved.map(Option::unwrap_or_default).map_err(keep_path)
}

impl<T: ResolveEagerly> OutputType for Eager<T> {
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
        let object = ObjectContext { context, index: None };
        let mut writer = ResponseWriter::new(context);
        poll_fn(|task| Poll::Ready(self.0.begin(object, &mut FieldPlans::default(), &mut writer, task))).await?;
        writer.finish().await
    }
}

impl<T: ResolveEagerly> OutputType for EagerList<T> {
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
        let mut writer = ResponseWriter::new(context);
        poll_fn(|task| {
            let mut plans = FieldPlans::default();
            writer.json.push(b'[');
            for (index, item) in self.0.iter().enumerate() {
                if index > 0 {
                    writer.json.push(b',');
                }
                item.begin(ObjectContext { context, index: Some(index) }, &mut plans, &mut writer, task)?;
            }
            writer.json.push(b']');
            Poll::Ready(ServerResult::Ok(()))
        })
        .await?;
        writer.finish().await
    }
}
