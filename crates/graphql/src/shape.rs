//! The schema's shape: which type has which fields, and which of these are lists. The executor keeps its own
//! to itself, so this one is read from the schema definition language once, at start.

use std::collections::{BTreeMap, HashMap};

use async_graphql::{
    Name, Positioned,
    parser::{
        Error, parse_schema,
        types::{
            BaseType, DirectiveLocation, FieldDefinition, InputValueDefinition, OperationType, Type, TypeDefinition,
            TypeKind, TypeSystemDefinition,
        },
    },
};
use async_graphql_value::Value;

use super::{cost::Prices, scalars::Scalars};

/// The introspection system (GraphQL, October 2021, §4.2), which no schema writes down for itself, and the two
/// directives that every one has.
const BUILT_IN: &str = include_str!("built_in.graphql");

/// Everything a document can be checked and priced against.
#[derive(Debug)]
pub struct Shape {
    pub(super) scalars: &'static dyn Scalars,
    pub(super) prices: &'static dyn Prices,
    types: HashMap<Name, TypeShape>,
    pub(super) directives: HashMap<Name, DirectiveShape>,
    roots: [Option<Name>; 3],
}

/// One type.
#[derive(Debug)]
pub(super) enum TypeShape {
    Scalar,
    Enum(Vec<Name>),
    /// An object, an interface or, without fields, a union.
    Composite {
        object: bool,
        fields: HashMap<Name, FieldShape>,
    },
    Input {
        one_of: bool,
        fields: BTreeMap<Name, InputShape>,
    },
}

/// One field of an object or an interface.
#[derive(Debug)]
pub(super) struct FieldShape {
    pub(super) ty: Type,
    pub(super) arguments: HashMap<Name, InputShape>,
    /// About how many bytes its value takes, if it is one.
    pub(super) bytes: u64,
}

/// One argument, or one field of an input object.
#[derive(Debug)]
pub(super) struct InputShape {
    pub(super) ty: Type,
    pub(super) default: Option<Value>,
}

/// One directive that executable documents may carry.
#[derive(Debug)]
pub(super) struct DirectiveShape {
    pub(super) on_fields: bool,
    pub(super) on_variables: bool,
    pub(super) arguments: HashMap<Name, InputShape>,
}

impl Shape {
    /// Reads a schema's definition language.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(sdl: &str, scalars: &'static dyn Scalars, prices: &'static dyn Prices) -> Result<Self, Error> {
        let (types, directives) = (HashMap::new(), HashMap::new());
        let mut shape = Self { scalars, prices, types, directives, roots: [None, None, None] };
        for text in [sdl, BUILT_IN] {
            for definition in parse_schema(text)?.definitions {
                match definition {
                    TypeSystemDefinition::Schema(schema) => {
                        let schema = schema.node;
                        let name = |root: Option<Positioned<Name>>| root.map(|name| name.node);
                        shape.roots = [name(schema.query), name(schema.mutation), name(schema.subscription)];
                    }
                    TypeSystemDefinition::Type(definition) => shape.add(definition.node),
                    TypeSystemDefinition::Directive(directive) => {
                        let on = |location| directive.node.locations.iter().any(|on| on.node == location);
                        let read = DirectiveShape {
                            on_fields: on(DirectiveLocation::Field),
                            on_variables: on(DirectiveLocation::VariableDefinition),
                            arguments: inputs(&directive.node.arguments),
                        };
                        shape.directives.insert(directive.node.name.node.clone(), read);
                    }
                }
            }
        }
        let query = shape.roots[0].get_or_insert_with(|| Name::new("Query")).clone();
        if let Some(TypeShape::Composite { fields, .. }) = shape.types.get_mut(&query) {
            for (name, ty, argument) in [("__schema", "__Schema!", None), ("__type", "__Type", Some("name"))] {
                let string = InputShape { ty: named("String", false), default: None };
                let field = FieldShape {
                    ty: Type::new(ty).unwrap_or_else(|| named(ty, true)),
                    arguments: argument.map(|argument| (Name::new(argument), string)).into_iter().collect(),
                    bytes: 0,
                };
                fields.insert(Name::new(name), field);
            }
        }
        Ok(shape)
    }

    fn add(&mut self, definition: TypeDefinition) {
        let one_of = definition.directives.iter().any(|directive| directive.node.name.node == "oneOf");
        let read = match definition.kind {
            TypeKind::Scalar => TypeShape::Scalar,
            TypeKind::Enum(ty) => TypeShape::Enum(ty.values.into_iter().map(|value| value.node.value.node).collect()),
            TypeKind::Object(ty) => {
                TypeShape::Composite { object: true, fields: self.fields(&definition.name.node, ty.fields) }
            }
            TypeKind::Interface(ty) => {
                TypeShape::Composite { object: false, fields: self.fields(&definition.name.node, ty.fields) }
            }
            TypeKind::Union(_) => TypeShape::Composite { object: false, fields: HashMap::new() },
            TypeKind::InputObject(ty) => TypeShape::Input { one_of, fields: inputs(&ty.fields) },
        };
        self.types.insert(definition.name.node, read);
    }

    fn fields(&self, on: &Name, fields: Vec<Positioned<FieldDefinition>>) -> HashMap<Name, FieldShape> {
        let shape = |field: FieldDefinition| {
            let (name, bytes) = (field.name.node.clone(), self.prices.bytes(on, &field.name.node));
            (name, FieldShape { ty: field.ty.node, arguments: inputs(&field.arguments), bytes })
        };
        fields.into_iter().map(|field| shape(field.node)).collect()
    }

    /// The type of this name.
    pub(super) fn ty(&self, name: &str) -> Option<&TypeShape> {
        self.types.get(name)
    }

    /// A field of an object or an interface.
    pub(super) fn field(&self, on: &str, name: &str) -> Option<&FieldShape> {
        match self.types.get(on)? {
            TypeShape::Composite { fields, .. } => fields.get(name),
            TypeShape::Scalar | TypeShape::Enum(_) | TypeShape::Input { .. } => None,
        }
    }

    /// The name of the type an operation of this kind begins at; empty when there is none.
    pub(super) fn root(&self, ty: OperationType) -> &str {
        let root = match ty {
            OperationType::Query => &self.roots[0],
            OperationType::Mutation => &self.roots[1],
            OperationType::Subscription => &self.roots[2],
        };
        root.as_deref().unwrap_or_default()
    }
}

/// The name at the heart of a type: `Article` of `[Article!]!`.
pub(super) fn innermost(ty: &Type) -> &Name {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(of) => innermost(of),
    }
}

/// A type by its name.
pub(super) fn named(name: &str, nullable: bool) -> Type {
    Type { base: BaseType::Named(Name::new(name)), nullable }
}

fn inputs<M: FromIterator<(Name, InputShape)>>(inputs: &[Positioned<InputValueDefinition>]) -> M {
    let shape = |input: &InputValueDefinition| {
        let default = input.default_value.as_ref().map(|value| value.node.clone().into_value());
        (input.name.node.clone(), InputShape { ty: input.ty.node.clone(), default })
    };
    inputs.iter().map(|input| shape(&input.node)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_lists_defaults_and_one_of_are_known() {
        let shape = Shape::read(
            "schema { query: Q } type Q { list(first: Int! = 5): [A!]! a(by: By!): A } interface A { id: ID! } union U = Q \
             input By @oneOf { id: ID slug: String } enum E { X Y }",
            &(),
            &(),
        )
        .unwrap();
        assert_eq!(shape.root(OperationType::Query), "Q");
        assert_eq!(shape.root(OperationType::Mutation), "");
        let list = shape.field("Q", "list").unwrap();
        assert_eq!(innermost(&list.ty), "A");
        assert_eq!(list.arguments["first"].default, Some(Value::Number(5.into())));
        assert!(matches!(shape.ty("By"), Some(TypeShape::Input { one_of: true, fields }) if fields.len() == 2));
        assert!(matches!(shape.ty("U"), Some(TypeShape::Composite { object: false, fields }) if fields.is_empty()));
        assert!(matches!(shape.ty("E"), Some(TypeShape::Enum(values)) if values.len() == 2));
        assert!(shape.field("Q", "__type").is_some());
        assert!(shape.field("__Type", "ofType").is_some());
        assert!(shape.directives["skip"].on_fields);
    }
}
