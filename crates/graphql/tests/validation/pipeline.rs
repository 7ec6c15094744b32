//! All that a client's document meets on its way to being run: our stages, and the validation of the executor behind them.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{
    Name,
    parser::{
        parse_schema,
        types::{BaseType, InputObjectType, OperationDefinition, Type, TypeKind, TypeSystemDefinition},
    },
};
use courant_graphql::{
    Documents, Limits, SchemaMetadata, coerce,
    executor::{validation_request, was_run},
};
use futures_util::FutureExt;
use serde_json::{Map, Value, json};

use crate::schema::{Executor, executor};

/// A service over a schema, up to where an operation would be run.
pub(crate) struct Pipeline {
    documents: Documents,
    metadata: Arc<SchemaMetadata>,
    executor: Executor,
    types: HashMap<Name, TypeKind>,
}

/// What refuses a document, and why.
pub(crate) type Refused = (&'static str, Vec<String>);

impl Pipeline {
    pub(crate) fn new(sdl: &str) -> Self {
        let metadata = Arc::new(SchemaMetadata::read(sdl, &(), &()).unwrap());
        let types = parse_schema(sdl).unwrap().definitions.into_iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => Some((definition.node.name.node, definition.node.kind)),
            _ => None,
        });
        Self {
            documents: Documents::new(Arc::clone(&metadata), Limits::default(), 1 << 20),
            metadata,
            executor: executor(sdl),
            types: types.collect(),
        }
    }

    /// Whether every operation of a document can be run: with all of its variables given, and with those that need not be
    /// given left out.
    pub(crate) fn check(&self, document: &str) -> Result<(), Refused> {
        let document = self.documents.read(document).map_err(|rejection| {
            ("document", rejection.errors.into_iter().map(|error| error.message).collect::<Vec<_>>())
        })?;
        for (name, operation) in document.parsed.operations.iter() {
            let name = name.map(Name::as_str);
            for gives_all in [true, false] {
                let variables = self.variables(&operation.node, gives_all);
                let coerced = coerce(&self.metadata, &operation.node, variables).map_err(|rejection| {
                    ("variables", rejection.errors.into_iter().map(|error| error.message).collect::<Vec<_>>())
                })?;
                let request = validation_request(&document, name, &coerced);
                // Nothing in it waits.
                let response = self.executor.execute(request).now_or_never().unwrap();
                let messages = || response.errors.iter().map(|error| error.message.clone()).collect::<Vec<_>>();
                // Subscriptions are refused after they have been validated.
                if !was_run(&response) && messages() != ["Subscriptions are not supported on this transport."] {
                    return Err(("executor", messages()));
                }
            }
        }
        Ok(())
    }

    fn variables(&self, operation: &OperationDefinition, gives_all: bool) -> Map<String, Value> {
        let definitions = operation.variable_definitions.iter().map(|definition| &definition.node);
        definitions
            .filter(|definition| {
                let is_required = !definition.var_type.node.nullable && definition.default_value.is_none();
                gives_all || is_required
            })
            .map(|definition| (definition.name.node.to_string(), self.value(&definition.var_type.node)))
            .collect()
    }

    /// Any value of a type.
    fn value(&self, ty: &Type) -> Value {
        let name = match &ty.base {
            BaseType::List(of) => return json!([self.value(of)]),
            BaseType::Named(name) => name,
        };
        match (name.as_str(), self.types.get(name)) {
            ("Int", _) => json!(1),
            ("Float", _) => json!(1.5),
            ("Boolean", _) => json!(true),
            (_, Some(TypeKind::Enum(ty))) => json!(ty.values[0].node.value.node),
            (_, Some(TypeKind::InputObject(ty))) => self.object(ty),
            _ => json!("x"),
        }
    }

    /// The fields that have to be given; of those of which one is, the first.
    fn object(&self, ty: &InputObjectType) -> Value {
        let is_required =
            |at: usize| !ty.fields[at].node.ty.node.nullable && ty.fields[at].node.default_value.is_none();
        let mut given: Vec<usize> = (0..ty.fields.len()).filter(|at| is_required(*at)).collect();
        if given.is_empty() {
            given.push(0);
        }
        let field = |at: usize| {
            let field = &ty.fields[at].node;
            (field.name.node.to_string(), self.value(&field.ty.node))
        };
        Value::Object(given.into_iter().map(field).collect())
    }
}
