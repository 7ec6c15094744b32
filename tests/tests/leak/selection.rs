//! Selections: written as GraphQL, and recognised in answers.

use std::{collections::BTreeMap, fmt::Write};

use serde_json::Value;

use crate::schema::{Schema, Step};

/// One field that is asked for.
#[derive(Clone)]
pub(crate) struct Selection {
    /// The type it is asked of: the one it stands in, or one of those that one can be.
    on: String,
    field: String,
    alias: Option<String>,
    /// `(first: 3)`, or nothing.
    arguments: String,
    below: Vec<Selection>,
}

/// How much of what lies below a field is asked for.
#[derive(Clone, Copy)]
pub(crate) struct Below {
    /// How many fields deep; connections do not count.
    pub(crate) depth: usize,
    /// How many items of lists that have pages.
    pub(crate) items: usize,
}

/// Nothing but what has nothing below it.
pub(crate) const LEAVES: Below = Below { depth: 0, items: 3 };

/// How often each field of each type was answered, and how often with more than null.
#[derive(Default)]
pub(crate) struct Coverage(pub(crate) BTreeMap<(String, String), (usize, usize)>);

impl Selection {
    pub(crate) fn new(on: &str, field: &str, arguments: &str, below: Vec<Self>) -> Self {
        Self { on: on.to_owned(), field: field.to_owned(), alias: None, arguments: arguments.to_owned(), below }
    }

    pub(crate) fn aliased(self, alias: String) -> Self {
        Self { alias: Some(alias), ..self }
    }

    fn key(&self, container: &str) -> String {
        match &self.alias {
            Some(alias) => alias.clone(),
            // Fields of one name are not of one type everywhere.
            None if self.on != container => format!("{}_{}", self.on, self.field),
            None => self.field.clone(),
        }
    }

    fn write(&self, schema: &Schema, container: &str, out: &mut String) {
        let inline = self.on != container;
        if inline {
            let _ = write!(out, "... on {} {{ ", self.on);
        }
        let key = self.key(container);
        if key != self.field {
            let _ = write!(out, "{key}: ");
        }
        let _ = write!(out, "{}{} ", self.field, self.arguments);
        if !self.below.is_empty() {
            out.push_str("{ ");
            let ty = &schema.field(&self.on, &self.field).ty.name;
            if schema.is_abstract(ty) {
                out.push_str("__typename ");
            }
            self.below.iter().for_each(|selection| selection.write(schema, ty, out));
            out.push_str("} ");
        }
        if inline {
            out.push_str("} ");
        }
    }
}

/// The text of an operation.
pub(crate) fn text(schema: &Schema, selections: &[Selection]) -> String {
    let mut text = String::from("{ ");
    selections.iter().for_each(|selection| selection.write(schema, &schema.query, &mut text));
    text + "}"
}

/// The fields of a type that need no arguments, with so much below them; of an interface or union those of all the
/// types it can be.
pub(crate) fn fields(schema: &Schema, ty: &str, below: Below) -> Vec<Selection> {
    let mut found = Vec::new();
    for on in schema.objects(ty) {
        for field in &schema.get(on).fields {
            if let Some(selection) = one_field(schema, on, &field.name, below) {
                found.push(selection);
            }
        }
    }
    found
}

/// One field that needs no arguments, and so much below it.
pub(crate) fn one_field(schema: &Schema, on: &str, name: &str, below: Below) -> Option<Selection> {
    let Below { depth, items } = below;
    let field = schema.field(on, name);
    if !field.is_plain() {
        return None;
    }
    if schema.is_leaf(&field.ty.name) {
        return Some(Selection::new(on, name, "", Vec::new()));
    }
    // Through a connection, what matters is what it connects with.
    let cost = usize::from(!field.is_paged());
    let below = if depth < cost.max(1) {
        Vec::new()
    } else {
        fields(schema, &field.ty.name, Below { depth: depth - cost, items })
    };
    let arguments = if field.is_paged() { format!("(first: {items})") } else { String::new() };
    (!below.is_empty()).then(|| Selection::new(on, name, &arguments, below))
}

/// What tells one object from another: for lists that are compared, not read.
pub(crate) fn identity(schema: &Schema, ty: &str) -> Vec<Selection> {
    if schema.get(ty).fields.iter().any(|field| field.name == "pageInfo") {
        let mut found = fields(schema, ty, LEAVES);
        for name in ["pageInfo", "edges"] {
            found.extend(one_field(schema, ty, name, Below { depth: 1, ..LEAVES }));
        }
        let node = &schema.field(ty, "nodes").ty.name;
        let id = schema.get(node).fields.iter().find(|field| field.name == "id");
        let id =
            id.map_or_else(|| fields(schema, node, LEAVES), |id| vec![Selection::new(node, &id.name, "", Vec::new())]);
        found.push(Selection::new(ty, "nodes", "", id));
        return found;
    }
    let mut found = fields(schema, ty, LEAVES);
    if schema.is_abstract(ty) {
        found.extend(own_leaves(schema, ty));
    }
    found
}

/// The fields of a type, as such, that have nothing below them.
pub(crate) fn own_leaves(schema: &Schema, ty: &str) -> Vec<Selection> {
    schema.get(ty).fields.iter().filter_map(|field| one_field(schema, ty, &field.name, LEAVES)).collect()
}

/// A way from the root with something at its end. `arguments` are those of the first step, other lists are whole.
pub(crate) fn along(schema: &Schema, way: &[Step], arguments: &str, end: Vec<Selection>) -> Vec<Selection> {
    way.iter().enumerate().rev().fold(end, |below, (place, step)| {
        let paged = schema.field(&step.on, &step.field).is_paged();
        let arguments = match (place, paged) {
            (0, _) => arguments,
            (_, true) => "(first: 50)",
            (_, false) => "",
        };
        vec![Selection::new(&step.on, &step.field, arguments, below)]
    })
}

impl Coverage {
    /// Takes down what an answer holds of what was asked.
    pub(crate) fn see(&mut self, schema: &Schema, container: &str, selections: &[Selection], value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.see(schema, container, selections, item)),
            Value::Object(object) => {
                for selection in selections {
                    let Some(value) = object.get(&selection.key(container)) else { continue };
                    let seen = self.0.entry((selection.on.clone(), selection.field.clone())).or_default();
                    seen.0 += 1;
                    seen.1 += usize::from(!value.is_null());
                    let ty = &schema.field(&selection.on, &selection.field).ty.name;
                    self.see(schema, ty, &selection.below, value);
                }
            }
            _ => {}
        }
    }
}
