//! Values as a document writes them, read against the types of their places (GraphQL, September 2025, §5.6).
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

use super::{
    error::{RequestError, RequestErrorCode},
    shape::{InputShape, Shape, TypeShape},
    variables::NUL,
};

/// A variable in a place of a known type.
pub(super) struct Use<'a> {
    pub(super) variable: &'a Name,
    pub(super) ty: Type,
    pub(super) place: Place,
}

impl Use<'_> {
    pub(super) const fn takes_no_null(&self) -> bool {
        self.place.one_of || !self.ty.nullable
    }
}

/// Where a value stands.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// Whether a value of its own is there when none is given.
    pub(super) has_default: bool,
    /// Whether it is a field of an input object of which exactly one is given.
    pub(super) one_of: bool,
    /// Whether the executor's validation does not come here at all.
    pub(super) unvisited: bool,
    /// Whether it is an argument, or within one, of a field that cannot be null.
    pub(super) of_non_null: bool,
    pub(super) pos: Pos,
}

impl Place {
    pub(super) const fn at(pos: Pos) -> Self {
        Self { has_default: false, one_of: false, unvisited: false, of_non_null: false, pos }
    }
}

/// Reads values, and gathers what is wrong with them and the variables that stand in them.
pub(super) struct Literals<'s, 'a> {
    pub(super) shape: &'s Shape,
    pub(super) problems: Vec<RequestError>,
    pub(super) uses: Vec<Use<'a>>,
}

impl<'s, 'a> Literals<'s, 'a> {
    pub(super) const fn new(shape: &'s Shape) -> Self {
        Self { shape, problems: Vec::new(), uses: Vec::new() }
    }

    pub(super) fn wrong(&mut self, message: impl Into<String>, pos: Pos) {
        self.problems.push(RequestError::validation(message, pos));
    }

    /// Reads a value of the type.
    pub(super) fn value(&mut self, ty: &Type, value: &'a Value, place: Place) {
        let inner = Place { has_default: false, one_of: false, ..place };
        match (value, &ty.base) {
            (Value::Variable(variable), _) => self.uses.push(Use { variable, ty: ty.clone(), place }),
            (Value::Null, _) if ty.nullable => {}
            (Value::Null, _) => self.wrong(format!("Expected a value of type \"{ty}\", found null."), place.pos),
            (Value::List(items), BaseType::List(of)) => items.iter().for_each(|item| self.value(of, item, inner)),
            // A single value stands for a list of one.
            (value, BaseType::List(of)) => self.value(of, value, inner),
            (value, BaseType::Named(name)) => self.named(name, value, inner),
        }
    }

    fn named(&mut self, name: &Name, value: &'a Value, place: Place) {
        if matches!(value, Value::String(text) if text.contains('\0')) {
            self.problems.push(RequestError::new(RequestErrorCode::BadUserInput, NUL).at(place.pos));
            return;
        }
        match (self.shape.ty(name), value) {
            (Some(TypeShape::Input { one_of, fields }), Value::Object(values)) => {
                self.object(name, *one_of, fields, values, place);
            }
            (Some(TypeShape::Input { .. }), _) => {
                self.wrong(format!("Expected an object of the type \"{name}\"."), place.pos);
            }
            (Some(TypeShape::Enum(known)), Value::Enum(value)) if known.contains(value) => {}
            (Some(TypeShape::Enum(_)), Value::Enum(value)) => {
                self.wrong(format!("Value \"{value}\" does not exist in the enum \"{name}\"."), place.pos);
            }
            (Some(TypeShape::Enum(known)), Value::String(text)) => {
                let known = known.iter().any(|value| value == text);
                let hint = if known { format!(" Write {text} without quotes.") } else { String::new() };
                self.wrong(format!("Enum \"{name}\" cannot represent a string.{hint}"), place.pos);
            }
            (Some(TypeShape::Enum(_)), _) => {
                self.wrong(format!("Expected a value of the enum \"{name}\"."), place.pos);
            }
            (Some(TypeShape::Scalar), value) => {
                if let Some(expected) = misfit(self.shape, name, value) {
                    self.wrong(format!("{name} cannot represent this value: {expected}."), place.pos);
                }
            }
            _ => {}
        }
    }

    fn object(
        &mut self,
        name: &Name,
        one_of: bool,
        fields: &BTreeMap<Name, InputShape>,
        values: &'a IndexMap<Name, Value>,
        place: Place,
    ) {
        if one_of && (values.len() != 1 || values.values().any(|value| *value == Value::Null)) {
            let message = format!("Exactly one field of \"{name}\" must be given, and must not be null.");
            self.wrong(message, place.pos);
        }
        for (field, input) in fields {
            if !input.ty.nullable && input.default.is_none() && !values.contains_key(field) {
                let message = format!("Field \"{name}.{field}\" of required type \"{}\" was not provided.", input.ty);
                self.wrong(message, place.pos);
            }
        }
        for (field, value) in values {
            match fields.get(field) {
                Some(input) => {
                    self.value(&input.ty, value, Place { has_default: input.default.is_some(), one_of, ..place });
                }
                None => self.wrong(format!("Field \"{field}\" is not defined by the type \"{name}\"."), place.pos),
            }
        }
    }
}

/// What a scalar expects, when this is none of its values.
fn misfit(shape: &Shape, scalar: &str, value: &Value) -> Option<&'static str> {
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
            (whole || matches!(value, Value::String(_)), "expected a string or a whole number")
        }
        _ => {
            // None of ours reads what a variable can stand in, and none reads null, which is looked at before.
            return shape.scalars.check(scalar, &value.clone().into_const().unwrap_or_default()).err();
        }
    };
    (!fits).then_some(expected)
}

#[cfg(test)]
#[path = "literal_tests.rs"]
mod tests;
