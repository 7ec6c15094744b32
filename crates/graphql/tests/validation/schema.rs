//! An executor over any schema in the schema definition language, which resolves nothing: what it is for is its validation.

use std::{borrow::Cow, cell::RefCell, sync::Arc};

use async_graphql::{
    ContainerType, Context, ContextSelectionSet, EmptySubscription, ObjectType, OutputType, Positioned, ServerResult,
    Value,
    indexmap::{IndexMap, IndexSet},
    parser::{
        parse_schema,
        types::{
            ConstDirective, DirectiveDefinition, DirectiveLocation, Field, FieldDefinition, InputValueDefinition,
            TypeDefinition, TypeKind, TypeSystemDefinition,
        },
    },
    registry::{
        __DirectiveLocation, EnumBuilder, InputObjectBuilder, MetaDirective, MetaEnumValue, MetaField, MetaInputValue,
        MetaType, ObjectBuilder, Registry,
    },
};

/// The executor.
pub(crate) type Executor = async_graphql::Schema<Query, Mutation, EmptySubscription>;

thread_local! {
    /// What the root types are made of: the executor asks types, not values, what they are.
    static SDL: RefCell<Arc<Definitions>> = RefCell::default();
}

#[derive(Default)]
struct Definitions {
    sdl: String,
    roots: [Option<String>; 3],
    all: Vec<TypeSystemDefinition>,
}

/// The executor over a schema. It knows subscriptions only as what documents are validated against.
pub(crate) fn executor(sdl: &str) -> Executor {
    let all = parse_schema(sdl).unwrap().definitions;
    let mut roots = None;
    let mut names = Vec::new();
    for definition in &all {
        match definition {
            TypeSystemDefinition::Schema(schema) => {
                let roots_given = [&schema.node.query, &schema.node.mutation, &schema.node.subscription];
                roots = Some(roots_given.map(|root| root.as_ref().map(|name| name.node.to_string())));
            }
            TypeSystemDefinition::Type(definition) => names.push(definition.node.name.node.to_string()),
            TypeSystemDefinition::Directive(_) => {}
        }
    }
    let usual = ["Query", "Mutation", "Subscription"].map(|name| names.iter().find(|known| *known == name).cloned());
    let roots = roots.unwrap_or(usual);
    SDL.set(Arc::new(Definitions { sdl: sdl.to_owned(), roots, all }));
    let builder = Executor::build(Query, Mutation, EmptySubscription).disable_suggestions().limit_recursive_depth(64);
    builder.finish()
}

fn root(at: usize) -> Option<String> {
    SDL.with_borrow(|definitions| definitions.roots[at].clone())
}

/// Puts all of the schema into the registry, once.
fn register(registry: &mut Registry) {
    let definitions = SDL.with_borrow(Arc::clone);
    if registry.directives.contains_key(ALL) {
        return;
    }
    // The registry drops what nothing uses; so this uses all of it.
    let mut all = MetaDirective {
        name: ALL.to_owned(),
        description: None,
        locations: Vec::new(),
        args: IndexMap::new(),
        is_repeatable: false,
        visible: None,
        composable: None,
    };
    registry.subscription_type.clone_from(&definitions.roots[2]);
    for definition in &definitions.all {
        match definition {
            TypeSystemDefinition::Schema(_) => {}
            TypeSystemDefinition::Type(definition) => {
                let definition = &definition.node;
                for interface in interfaces(definition) {
                    registry.add_implements(&definition.name.node, &interface);
                }
                let name = definition.name.node.as_str();
                all.args.insert(name.to_owned(), MetaInputValue::new(name, name));
                let ty = meta(definition, &definitions.all);
                registry.types.insert(definition.name.node.to_string(), ty);
            }
            TypeSystemDefinition::Directive(directive) => {
                registry.add_directive(meta_directive(&directive.node, &definitions.sdl));
            }
        }
    }
    registry.add_directive(all);
}

/// A directive that no document has.
const ALL: &str = "__all";

fn interfaces(definition: &TypeDefinition) -> Vec<String> {
    let implements = match &definition.kind {
        TypeKind::Object(ty) => &ty.implements,
        TypeKind::Interface(ty) => &ty.implements,
        _ => return Vec::new(),
    };
    implements.iter().map(|name| name.node.to_string()).collect()
}

fn meta(definition: &TypeDefinition, all: &[TypeSystemDefinition]) -> MetaType {
    let name = definition.name.node.to_string();
    match &definition.kind {
        TypeKind::Scalar => MetaType::Scalar {
            name,
            description: None,
            is_valid: None,
            visible: None,
            inaccessible: false,
            tags: Vec::new(),
            specified_by_url: None,
            directive_invocations: Vec::new(),
            requires_scopes: Vec::new(),
        },
        TypeKind::Object(ty) => ObjectBuilder::new(name, fields(&ty.fields)).build(),
        TypeKind::Interface(ty) => MetaType::Interface {
            description: None,
            fields: fields(&ty.fields),
            possible_types: implementations(&name, all),
            name,
            extends: false,
            keys: None,
            visible: None,
            inaccessible: false,
            tags: Vec::new(),
            rust_typename: None,
            directive_invocations: Vec::new(),
            requires_scopes: Vec::new(),
        },
        TypeKind::Union(ty) => MetaType::Union {
            name,
            description: None,
            possible_types: ty.members.iter().map(|member| member.node.to_string()).collect(),
            visible: None,
            inaccessible: false,
            tags: Vec::new(),
            rust_typename: None,
            directive_invocations: Vec::new(),
        },
        TypeKind::Enum(ty) => {
            let value = |name: &str| (name.to_owned(), MetaEnumValue::new(name));
            EnumBuilder::new(name, ty.values.iter().map(|it| value(&it.node.value.node)).collect()).build()
        }
        TypeKind::InputObject(ty) => {
            let one_of = |directive: &Positioned<ConstDirective>| directive.node.name.node == "oneOf";
            let is_one_of = definition.directives.iter().any(one_of);
            InputObjectBuilder::new(name, inputs(&ty.fields)).oneof(is_one_of).build()
        }
    }
}

/// The objects that implement an interface.
fn implementations(interface: &str, all: &[TypeSystemDefinition]) -> IndexSet<String> {
    let implements = |definition: &TypeSystemDefinition| match definition {
        TypeSystemDefinition::Type(definition) => match &definition.node.kind {
            TypeKind::Object(ty) if ty.implements.iter().any(|name| name.node == interface) => {
                Some(definition.node.name.node.to_string())
            }
            _ => None,
        },
        _ => None,
    };
    all.iter().filter_map(implements).collect()
}

fn fields(fields: &[Positioned<FieldDefinition>]) -> IndexMap<String, MetaField> {
    let meta = |field: &FieldDefinition| {
        let mut meta = MetaField::new(field.name.node.as_str(), field.ty.node.to_string());
        meta.args = inputs(&field.arguments);
        (field.name.node.to_string(), meta)
    };
    fields.iter().map(|field| meta(&field.node)).collect()
}

fn inputs(inputs: &[Positioned<InputValueDefinition>]) -> IndexMap<String, MetaInputValue> {
    let meta = |input: &InputValueDefinition| {
        let mut meta = MetaInputValue::new(input.name.node.as_str(), input.ty.node.to_string());
        meta.default_value = input.default_value.as_ref().map(|value| value.node.to_string());
        (input.name.node.to_string(), meta)
    };
    inputs.iter().map(|input| meta(&input.node)).collect()
}

fn meta_directive(directive: &DirectiveDefinition, sdl: &str) -> MetaDirective {
    // The parser takes every directive for a repeatable one.
    let definition = sdl.split(&format!("directive @{}", directive.name.node)).nth(1).unwrap_or_default();
    let is_repeatable = definition.split(" on ").next().is_some_and(|head| head.contains("repeatable"));
    let location = |location: &Positioned<DirectiveLocation>| match location.node {
        DirectiveLocation::Query => Some(__DirectiveLocation::QUERY),
        DirectiveLocation::Mutation => Some(__DirectiveLocation::MUTATION),
        DirectiveLocation::Subscription => Some(__DirectiveLocation::SUBSCRIPTION),
        DirectiveLocation::Field => Some(__DirectiveLocation::FIELD),
        DirectiveLocation::FragmentDefinition => Some(__DirectiveLocation::FRAGMENT_DEFINITION),
        DirectiveLocation::FragmentSpread => Some(__DirectiveLocation::FRAGMENT_SPREAD),
        DirectiveLocation::InlineFragment => Some(__DirectiveLocation::INLINE_FRAGMENT),
        DirectiveLocation::VariableDefinition => Some(__DirectiveLocation::VARIABLE_DEFINITION),
        _ => None,
    };
    MetaDirective {
        name: directive.name.node.to_string(),
        description: None,
        locations: directive.locations.iter().filter_map(location).collect(),
        args: inputs(&directive.arguments),
        is_repeatable,
        visible: None,
        composable: None,
    }
}

/// A root type of which nothing is resolved.
macro_rules! root {
    ($name:ident, $at:literal) => {
        pub(crate) struct $name;

        impl OutputType for $name {
            fn type_name() -> Cow<'static, str> {
                root($at).unwrap_or_else(|| stringify!($name).to_owned()).into()
            }

            fn create_type_info(registry: &mut Registry) -> String {
                register(registry);
                Self::qualified_type_name()
            }

            async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
                Ok(Value::Null)
            }
        }

        impl ContainerType for $name {
            fn is_empty() -> bool {
                root($at).is_none()
            }

            async fn resolve_field(&self, _: &Context<'_>) -> ServerResult<Option<Value>> {
                Ok(None)
            }
        }

        impl ObjectType for $name {}
    };
}

root!(Query, 0);
root!(Mutation, 1);
