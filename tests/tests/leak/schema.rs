//! The schema as the server tells it.

use std::collections::{BTreeMap, VecDeque};

use serde_json::Value;

/// What every tool asks first.
pub(crate) const INTROSPECTION: &str = "{ __schema { description queryType { name } mutationType { name }
    directives { name description args { ...input } }
    types { kind name description isOneOf
      fields(includeDeprecated: true) { name description args { ...input } type { ...ref } }
      inputFields { ...input } possibleTypes { name } enumValues(includeDeprecated: true) { name description } } } }
    fragment input on __InputValue { name description defaultValue type { ...ref } }
    fragment ref on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } }";

/// What `node` gives those alone who may read it, and readers never: it is walked below `editorial`.
const OF_THE_NEWSROOM: [&str; 13] = [
    "EditorialEntry",
    "EditorialVersion",
    "Comment",
    "PreviewLink",
    "EditorialCategory",
    "EditorialFeed",
    "EditorialTag",
    "EditorialPerson",
    "AuditRecord",
    "User",
    "ApiToken",
    "Webhook",
    "WebhookDelivery",
];

pub(crate) struct Schema {
    types: BTreeMap<String, Type>,
    pub(crate) query: String,
    pub(crate) mutation: String,
}

pub(crate) struct Type {
    pub(crate) kind: String,
    pub(crate) fields: Vec<Field>,
    pub(crate) inputs: Vec<Input>,
    pub(crate) possible: Vec<String>,
    pub(crate) values: Vec<String>,
    /// Whether an input of it has exactly one field.
    pub(crate) is_one_of: bool,
}

pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) args: Vec<Input>,
    pub(crate) ty: Ref,
}

#[derive(Clone)]
pub(crate) struct Input {
    pub(crate) name: String,
    pub(crate) ty: Ref,
    default: bool,
}

/// A type with its wrappers: `[Tag!]!`.
#[derive(Clone)]
pub(crate) struct Ref {
    pub(crate) name: String,
    pub(crate) list: bool,
    required: bool,
}

impl Input {
    pub(crate) const fn is_required(&self) -> bool {
        self.ty.required && !self.default
    }
}

impl Field {
    /// Whether it can be asked for without arguments.
    pub(crate) fn is_plain(&self) -> bool {
        !self.args.iter().any(Input::is_required)
    }

    /// Whether it gives pages of a list.
    pub(crate) fn is_paged(&self) -> bool {
        ["first", "after", "last", "before"].iter().all(|name| self.args.iter().any(|arg| arg.name == *name))
    }
}

/// One step on the way to a type: into a field, or from an interface or union to one of its types.
#[derive(Clone)]
pub(crate) struct Step {
    pub(crate) on: String,
    pub(crate) field: String,
}

impl Schema {
    pub(crate) fn read(introspection: &Value) -> Self {
        let schema = &introspection["data"]["__schema"];
        let types = schema["types"].as_array().unwrap().iter();
        let types = types.filter(|ty| !name(ty).starts_with("__")).map(|ty| (name(ty), Type::read(ty))).collect();
        Self { types, query: name(&schema["queryType"]), mutation: name(&schema["mutationType"]) }
    }

    pub(crate) fn get(&self, name: &str) -> &Type {
        self.types.get(name).unwrap_or_else(|| panic!("no type {name}"))
    }

    pub(crate) fn field(&self, on: &str, name: &str) -> &Field {
        self.get(on).fields.iter().find(|field| field.name == name).unwrap_or_else(|| panic!("no {on}.{name}"))
    }

    pub(crate) fn is_leaf(&self, ty: &str) -> bool {
        matches!(self.get(ty).kind.as_str(), "SCALAR" | "ENUM")
    }

    pub(crate) fn is_abstract(&self, ty: &str) -> bool {
        matches!(self.get(ty).kind.as_str(), "INTERFACE" | "UNION")
    }

    /// The types an object of a type can have.
    pub(crate) fn objects<'a>(&'a self, ty: &'a str) -> Vec<&'a str> {
        if self.is_abstract(ty) { self.get(ty).possible.iter().map(String::as_str).collect() } else { vec![ty] }
    }

    /// Every type with fields that some field leads to, starting from these fields of the root, and the shortest way
    /// there over fields that need no arguments; none where there is no such way.
    pub(crate) fn reachable(&self, from: impl Fn(&str) -> bool) -> BTreeMap<String, Option<Vec<Step>>> {
        let mut ways: BTreeMap<String, Option<Vec<Step>>> = BTreeMap::new();
        for plain in [true, false] {
            let mut queue = VecDeque::from([(self.query.clone(), Vec::new())]);
            let mut seen = vec![self.query.clone()];
            while let Some((ty, way)) = queue.pop_front() {
                let way: Vec<Step> = way;
                ways.entry(ty.clone()).or_insert_with(|| plain.then(|| way.clone()));
                for on in self.objects(&ty).into_iter().chain([ty.as_str()]) {
                    for field in &self.get(on).fields {
                        let to = &field.ty.name;
                        let closed = ty == self.query && !from(&field.name);
                        if closed || self.is_leaf(to) || seen.contains(to) || (plain && !field.is_plain()) {
                            continue;
                        }
                        seen.push(to.clone());
                        let step = Step { on: on.to_owned(), field: field.name.clone() };
                        queue.push_back((to.clone(), way.iter().cloned().chain([step]).collect()));
                    }
                }
                // An object that only an interface leads to.
                for object in self.objects(&ty) {
                    if !seen.iter().any(|known| known == object) {
                        seen.push(object.to_owned());
                        queue.push_back((object.to_owned(), way.clone()));
                    }
                }
            }
        }
        ways
    }
}

impl Type {
    fn read(ty: &Value) -> Self {
        let list = |key: &str| ty[key].as_array().cloned().unwrap_or_default();
        Self {
            kind: ty["kind"].as_str().unwrap().to_owned(),
            fields: list("fields")
                .iter()
                .map(|field| Field {
                    name: name(field),
                    args: field["args"].as_array().unwrap().iter().map(Input::read).collect(),
                    ty: Ref::read(&field["type"]),
                })
                .collect(),
            inputs: list("inputFields").iter().map(Input::read).collect(),
            possible: list("possibleTypes")
                .iter()
                .map(name)
                .filter(|ty| !OF_THE_NEWSROOM.contains(&ty.as_str()))
                .collect(),
            values: list("enumValues").iter().map(name).collect(),
            is_one_of: ty["isOneOf"] == true,
        }
    }
}

impl Input {
    fn read(input: &Value) -> Self {
        Self { name: name(input), ty: Ref::read(&input["type"]), default: !input["defaultValue"].is_null() }
    }
}

impl Ref {
    fn read(mut ty: &Value) -> Self {
        let required = ty["kind"] == "NON_NULL";
        let mut list = false;
        while !ty["ofType"].is_null() {
            list |= ty["kind"] == "LIST";
            ty = &ty["ofType"];
        }
        Self { name: name(ty), list, required }
    }
}

fn name(of: &Value) -> String {
    of["name"].as_str().unwrap_or_default().to_owned()
}
