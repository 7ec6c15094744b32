//! What the server says of its schema, for tests that see that nothing of it was forgotten.

use std::collections::BTreeMap;

use async_graphql::parser::{
    parse_schema,
    types::{BaseType, Type, TypeKind, TypeSystemDefinition},
};

use super::sdl;

/// The fields of a type, by name, each with the type of what it holds.
pub(crate) fn fields_of(wanted: &str) -> BTreeMap<String, String> {
    let definitions = parse_schema(sdl()).unwrap().definitions.into_iter();
    let kind = definitions.filter_map(|definition| match definition {
        TypeSystemDefinition::Type(ty) if ty.node.name.node == wanted => Some(ty.node.kind),
        _ => None,
    });
    let fields = kind.flat_map(|kind| match kind {
        TypeKind::Object(object) => {
            object.fields.into_iter().map(|field| (field.node.name.node, field.node.ty.node)).collect::<Vec<_>>()
        }
        TypeKind::InputObject(input) => {
            input.fields.into_iter().map(|field| (field.node.name.node, field.node.ty.node)).collect()
        }
        _ => Vec::new(),
    });
    fields.map(|(name, ty)| (name.to_string(), innermost(&ty).to_owned())).collect()
}

/// What a type is of, without its lists.
pub(crate) fn innermost(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(of) => innermost(of),
    }
}
