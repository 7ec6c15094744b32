//! Values fit the types of their places (GraphQL, September 2025, §5.6.1 to §5.6.4), as far as a document writes them.
//!
//! The executor compares them, too, but late and not all: it does not come to what hangs on `__typename`, nor to an argument
//! that is a variable left out; it takes any number for an Int, anything for a scalar of the schema's own, a string for the
//! value of an enum, and a list for an input object (measured: async-graphql 8.0.0-rc.5). So all of it is done here.

use std::collections::BTreeMap;

use async_graphql::{
    Name, Pos,
    indexmap::IndexMap,
    parser::types::{BaseType, Type},
};
use async_graphql_value::Value;

use crate::{
    error::{RequestError, RequestErrorCode},
    schema_metadata::{InputMetadata, SchemaMetadata, TypeMetadata},
    source_normalisation::large_integer,
    suggestion::did_you_mean,
    variable_coercion::NUL,
};

/// A variable in a place of a known type.
pub(in crate::validation) struct VariableUsage<'a> {
    pub(in crate::validation) variable: &'a Name,
    /// The type of the place.
    pub(in crate::validation) ty: Type,
    pub(in crate::validation) location: Location,
}

impl VariableUsage<'_> {
    pub(in crate::validation) const fn takes_no_null(&self) -> bool {
        self.location.is_one_of || !self.ty.nullable
    }
}

/// Where a value stands.
#[derive(Clone, Copy)]
pub(in crate::validation) struct Location {
    /// Whether a value of its own is there when none is given.
    pub(in crate::validation) has_default: bool,
    /// Whether it is a field of an input object of which exactly one is given.
    pub(in crate::validation) is_one_of: bool,
    /// Whether the executor's validation does not come here at all.
    pub(in crate::validation) is_unseen: bool,
    /// Whether it is an argument, or within one, of a field that cannot be null.
    pub(in crate::validation) is_of_non_null_field: bool,
    pub(in crate::validation) pos: Pos,
}

impl Location {
    pub(in crate::validation) const fn at(pos: Pos) -> Self {
        Self { has_default: false, is_one_of: false, is_unseen: false, is_of_non_null_field: false, pos }
    }
}

/// Reads values, and gathers what is wrong with them and the variables that stand in them.
pub(in crate::validation) struct Values<'s, 'a> {
    pub(in crate::validation) schema: &'s SchemaMetadata,
    pub(in crate::validation) errors: Vec<RequestError>,
    pub(in crate::validation) usages: Vec<VariableUsage<'a>>,
}

impl<'s, 'a> Values<'s, 'a> {
    pub(in crate::validation) const fn new(schema: &'s SchemaMetadata) -> Self {
        Self { schema, errors: Vec::new(), usages: Vec::new() }
    }

    fn wrong(&mut self, message: impl Into<String>, pos: Pos) {
        self.errors.push(RequestError::validation(message, pos));
    }

    /// Reads a value of the type.
    pub(in crate::validation) fn value(&mut self, ty: &Type, value: &'a Value, location: Location) {
        let inner = Location { has_default: false, is_one_of: false, ..location };
        match (value, &ty.base) {
            (Value::Variable(variable), _) => self.usages.push(VariableUsage { variable, ty: ty.clone(), location }),
            (Value::Null, _) if ty.nullable => {}
            (Value::Null, _) => self.wrong(format!("Expected a value of type \"{ty}\", found null."), location.pos),
            (Value::List(items), BaseType::List(of)) => items.iter().for_each(|item| self.value(of, item, inner)),
            // A single value stands for a list of one.
            (value, BaseType::List(of)) => self.value(of, value, inner),
            (value, BaseType::Named(name)) => self.named(name, value, inner),
        }
    }

    fn named(&mut self, name: &Name, value: &'a Value, location: Location) {
        if matches!(value, Value::String(text) if text.contains('\0')) {
            self.errors.push(RequestError::new(RequestErrorCode::BadUserInput, NUL).at(location.pos));
            return;
        }
        match (self.schema.ty(name), value) {
            (Some(TypeMetadata::Input { one_of, fields }), Value::Object(values)) => {
                self.object(name, *one_of, fields, values, location);
            }
            (Some(TypeMetadata::Input { .. }), _) => {
                self.wrong(format!("Expected an object of the type \"{name}\"."), location.pos);
            }
            (Some(TypeMetadata::Enum(known)), Value::Enum(value)) if known.contains(value) => {}
            (Some(TypeMetadata::Enum(known)), Value::Enum(value)) => {
                let hint = did_you_mean(value, known.iter().map(AsRef::as_ref));
                self.wrong(format!("Value \"{value}\" does not exist in the enum \"{name}\".{hint}"), location.pos);
            }
            (Some(TypeMetadata::Enum(known)), Value::String(text)) => {
                let known = known.iter().any(|value| value == text);
                let hint = if known { format!(" Write {text} without quotes.") } else { String::new() };
                self.wrong(format!("Enum \"{name}\" cannot represent a string.{hint}"), location.pos);
            }
            (Some(TypeMetadata::Enum(_)), _) => {
                self.wrong(format!("Expected a value of the enum \"{name}\"."), location.pos);
            }
            (Some(TypeMetadata::Scalar), value) => {
                if let Some(expected) = misfit(self.schema, name, value) {
                    self.wrong(format!("{name} cannot represent this value: {expected}."), location.pos);
                }
            }
            _ => {}
        }
    }

    fn object(
        &mut self,
        name: &Name,
        one_of: bool,
        fields: &BTreeMap<Name, InputMetadata>,
        values: &'a IndexMap<Name, Value>,
        location: Location,
    ) {
        if one_of && (values.len() != 1 || values.values().any(|value| *value == Value::Null)) {
            let message = format!("Exactly one field of \"{name}\" must be given, and must not be null.");
            self.wrong(message, location.pos);
        }
        for (field, input) in fields {
            if input.is_required() && !values.contains_key(field) {
                let message = format!("Field \"{name}.{field}\" of required type \"{}\" was not provided.", input.ty);
                self.wrong(message, location.pos);
            }
        }
        for (field, value) in values {
            match fields.get(field) {
                Some(input) => {
                    self.value(
                        &input.ty,
                        value,
                        Location { has_default: input.default.is_some(), is_one_of: one_of, ..location },
                    );
                }
                None => {
                    let hint = did_you_mean(field, fields.keys().map(AsRef::as_ref));
                    self.wrong(format!("Field \"{field}\" is not defined by the type \"{name}\".{hint}"), location.pos);
                }
            }
        }
    }
}

/// What a scalar expects, when this is none of its values.
fn misfit(schema: &SchemaMetadata, scalar: &str, value: &Value) -> Option<&'static str> {
    let (fits, expected) = match scalar {
        "Int" => {
            let fits = |number: i64| i32::try_from(number).is_ok();
            let fits = matches!(value, Value::Number(number) if number.as_i64().is_some_and(fits));
            (fits, "expected a whole number of 32 bits")
        }
        "Float" => (matches!(value, Value::Number(_)), "expected a number"),
        "String" => (matches!(value, Value::String(_)), "expected a string"),
        "Boolean" => (matches!(value, Value::Boolean(_)), "expected true or false"),
        "ID" => {
            let whole = matches!(value, Value::Number(number) if !number.is_f64());
            let whole = whole || matches!(value, Value::Enum(name) if large_integer(name).is_some());
            (whole || matches!(value, Value::String(_)), "expected a string or a whole number")
        }
        _ => {
            // None of ours reads what a variable can stand in, and none reads null, which is looked at before.
            return schema.scalars.check(scalar, &value.clone().into_const().unwrap_or_default()).err();
        }
    };
    (!fits).then_some(expected)
}

#[cfg(test)]
#[path = "values_of_correct_type_tests.rs"]
mod tests;
