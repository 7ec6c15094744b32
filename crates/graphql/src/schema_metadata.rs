//! Schema metadata: which type has which fields, and which of these are lists. The executor keeps its own
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
const BUILT_IN: &str = include_str!("introspection.graphql");

/// Everything a document can be checked and priced against.
#[derive(Debug)]
pub struct SchemaMetadata {
    pub(super) scalars: &'static dyn Scalars,
    pub(super) prices: &'static dyn Prices,
    types: HashMap<Name, TypeMetadata>,
    pub(super) directives: HashMap<Name, DirectiveMetadata>,
    roots: [Option<Name>; 3],
}

/// One type.
#[derive(Debug)]
pub(super) enum TypeMetadata {
    Scalar,
    Enum(Vec<Name>),
    /// An object, an interface or, without fields, a union.
    Composite {
        object: bool,
        fields: HashMap<Name, FieldMetadata>,
        /// The objects that it can be, but for an object itself.
        members: Vec<Name>,
    },
    Input {
        one_of: bool,
        fields: BTreeMap<Name, InputMetadata>,
    },
}

/// One field of an object or an interface.
#[derive(Debug)]
pub(super) struct FieldMetadata {
    pub(super) ty: Type,
    pub(super) arguments: HashMap<Name, InputMetadata>,
    /// About how many bytes its value takes, if it is one.
    pub(super) bytes: u64,
}

/// One argument, or one field of an input object.
#[derive(Debug)]
pub(super) struct InputMetadata {
    pub(super) ty: Type,
    pub(super) default: Option<Value>,
}

impl InputMetadata {
    /// Whether it has to be given (GraphQL, September 2025, §5.4.3).
    pub(super) const fn is_required(&self) -> bool {
        !self.ty.nullable && self.default.is_none()
    }
}

/// One directive that executable documents may carry.
#[derive(Debug)]
pub(super) struct DirectiveMetadata {
    pub(super) on_fields: bool,
    pub(super) on_variables: bool,
    pub(super) arguments: HashMap<Name, InputMetadata>,
}

impl SchemaMetadata {
    /// Reads a schema's definition language.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(sdl: &str, scalars: &'static dyn Scalars, prices: &'static dyn Prices) -> Result<Self, Error> {
        let (types, directives) = (HashMap::new(), HashMap::new());
        let mut schema = Self { scalars, prices, types, directives, roots: [None, None, None] };
        let mut implementations: Vec<(Name, Name)> = Vec::new();
        for text in [sdl, BUILT_IN] {
            for definition in parse_schema(text)?.definitions {
                match definition {
                    TypeSystemDefinition::Schema(definition) => {
                        let definition = definition.node;
                        let name = |root: Option<Positioned<Name>>| root.map(|name| name.node);
                        schema.roots =
                            [name(definition.query), name(definition.mutation), name(definition.subscription)];
                    }
                    TypeSystemDefinition::Type(definition) => {
                        if let TypeKind::Object(ty) = &definition.node.kind {
                            let object = &definition.node.name.node;
                            implementations.extend(ty.implements.iter().map(|of| (of.node.clone(), object.clone())));
                        }
                        schema.add(definition.node);
                    }
                    TypeSystemDefinition::Directive(directive) => {
                        let on = |location| directive.node.locations.iter().any(|on| on.node == location);
                        let read = DirectiveMetadata {
                            on_fields: on(DirectiveLocation::Field),
                            on_variables: on(DirectiveLocation::VariableDefinition),
                            arguments: inputs(&directive.node.arguments),
                        };
                        schema.directives.insert(directive.node.name.node.clone(), read);
                    }
                }
            }
        }
        for (interface, object) in implementations {
            if let Some(TypeMetadata::Composite { members, .. }) = schema.types.get_mut(&interface) {
                members.push(object);
            }
        }
        let query = schema.roots[0].get_or_insert_with(|| Name::new("Query")).clone();
        if let Some(TypeMetadata::Composite { fields, .. }) = schema.types.get_mut(&query) {
            for (name, ty, argument) in [("__schema", "__Schema!", None), ("__type", "__Type", Some("name"))] {
                let string = InputMetadata { ty: named("String", false), default: None };
                let field = FieldMetadata {
                    ty: Type::new(ty).unwrap_or_else(|| named(ty, true)),
                    arguments: argument.map(|argument| (Name::new(argument), string)).into_iter().collect(),
                    bytes: 0,
                };
                fields.insert(Name::new(name), field);
            }
        }
        Ok(schema)
    }

    fn add(&mut self, definition: TypeDefinition) {
        let one_of = definition.directives.iter().any(|directive| directive.node.name.node == "oneOf");
        let read = match definition.kind {
            TypeKind::Scalar => TypeMetadata::Scalar,
            TypeKind::Enum(ty) => {
                TypeMetadata::Enum(ty.values.into_iter().map(|value| value.node.value.node).collect())
            }
            TypeKind::Object(ty) => self.composite(&definition.name.node, true, ty.fields, Vec::new()),
            TypeKind::Interface(ty) => self.composite(&definition.name.node, false, ty.fields, Vec::new()),
            TypeKind::Union(ty) => {
                let members = ty.members.into_iter().map(|member| member.node).collect();
                self.composite(&definition.name.node, false, Vec::new(), members)
            }
            TypeKind::InputObject(ty) => TypeMetadata::Input { one_of, fields: inputs(&ty.fields) },
        };
        self.types.insert(definition.name.node, read);
    }

    fn composite(
        &self,
        name: &Name,
        object: bool,
        fields: Vec<Positioned<FieldDefinition>>,
        members: Vec<Name>,
    ) -> TypeMetadata {
        TypeMetadata::Composite { object, fields: self.fields(name, fields), members }
    }

    fn fields(&self, on: &Name, fields: Vec<Positioned<FieldDefinition>>) -> HashMap<Name, FieldMetadata> {
        let metadata = |field: FieldDefinition| {
            let (name, bytes) = (field.name.node.clone(), self.prices.bytes(on, &field.name.node));
            (name, FieldMetadata { ty: field.ty.node, arguments: inputs(&field.arguments), bytes })
        };
        fields.into_iter().map(|field| metadata(field.node)).collect()
    }

    /// The type of this name.
    pub(super) fn ty(&self, name: &str) -> Option<&TypeMetadata> {
        self.types.get(name)
    }

    /// The names of all types.
    pub(super) fn type_names(&self) -> impl Iterator<Item = &str> {
        self.types.keys().map(AsRef::as_ref)
    }

    /// A field of an object or an interface.
    pub(super) fn field(&self, on: &str, name: &str) -> Option<&FieldMetadata> {
        match self.types.get(on)? {
            TypeMetadata::Composite { fields, .. } => fields.get(name),
            TypeMetadata::Scalar | TypeMetadata::Enum(_) | TypeMetadata::Input { .. } => None,
        }
    }

    /// The name of the type an operation of this kind begins at; empty when there is none.
    pub(crate) fn root(&self, ty: OperationType) -> &str {
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

fn inputs<M: FromIterator<(Name, InputMetadata)>>(inputs: &[Positioned<InputValueDefinition>]) -> M {
    let metadata = |input: &InputValueDefinition| {
        let default = input.default_value.as_ref().map(|value| value.node.clone().into_value());
        (input.name.node.clone(), InputMetadata { ty: input.ty.node.clone(), default })
    };
    inputs.iter().map(|input| metadata(&input.node)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_lists_defaults_and_one_of_are_known() {
        let schema = SchemaMetadata::read(
            "schema { query: Q } type Q { list(first: Int! = 5): [A!]! a(by: By!): A } interface A { id: ID! } union U = Q \
             input By @oneOf { id: ID slug: String } enum E { X Y }",
            &(),
            &(),
        )
        .unwrap();
        assert_eq!(schema.root(OperationType::Query), "Q");
        assert_eq!(schema.root(OperationType::Mutation), "");
        let list = schema.field("Q", "list").unwrap();
        assert_eq!(innermost(&list.ty), "A");
        assert_eq!(list.arguments["first"].default, Some(Value::Number(5.into())));
        assert!(matches!(schema.ty("By"), Some(TypeMetadata::Input { one_of: true, fields }) if fields.len() == 2));
        assert!(
            matches!(schema.ty("U"), Some(TypeMetadata::Composite { object: false, fields, .. }) if fields.is_empty())
        );
        assert!(matches!(schema.ty("E"), Some(TypeMetadata::Enum(values)) if values.len() == 2));
        assert!(schema.field("Q", "__type").is_some());
        assert!(schema.field("__Type", "ofType").is_some());
        assert!(schema.directives["skip"].on_fields);
    }
}
