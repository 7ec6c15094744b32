//! The values of an operation's variables, made to fit their definitions (GraphQL, September 2025, §6.1.2).

use async_graphql::{
    Name, Variables,
    parser::types::{BaseType, OperationDefinition, Type},
};
use async_graphql_value::ConstValue;
use serde_json::{Map, Value as Json};

use super::{
    error::{Rejection, RequestError, RequestErrorCode},
    schema_metadata::{InputMetadata, SchemaMetadata, TypeMetadata},
    suggestion::did_you_mean,
};

/// PostgreSQL's texts cannot hold it, and nobody's words have it.
pub(super) const NUL: &str = "a text cannot hold the character NUL";

/// What an operation is run with.
#[derive(Debug, Clone, Default)]
pub struct Coerced {
    /// The variables that have a value: the client's, or the one of their definition.
    pub variables: Variables,
    /// The variables that have none, and need none.
    pub omitted: Vec<Name>,
}

/// Makes the client's values fit, or says which do not. The defaults do: the document would have been refused.
///
/// # Errors
/// One error for each variable whose value does not fit.
pub fn coerce(
    schema: &SchemaMetadata,
    operation: &OperationDefinition,
    mut given: Map<String, Json>,
) -> Result<Coerced, Rejection> {
    let mut coerced = Coerced::default();
    let mut problems = Vec::new();
    for definition in &operation.variable_definitions {
        let pos = definition.pos;
        let definition = &definition.node;
        let (name, ty) = (&definition.name.node, &definition.var_type.node);
        let value = match (given.remove(name.as_str()), &definition.default_value) {
            (Some(value), _) => Coercion { schema, path: Vec::new() }.value(ty, value).map_err(|(path, message)| {
                let at = if path.is_empty() { String::new() } else { format!(" at \"{name}{path}\"") };
                let end = if message.ends_with('?') { "" } else { "." };
                format!("Variable \"${name}\" got an invalid value{at}: {message}{end}")
            }),
            (None, Some(default)) => Ok(default.node.clone()),
            (None, None) if ty.nullable => {
                coerced.omitted.push(name.clone());
                continue;
            }
            (None, None) => Err(format!("Variable \"${name}\" of required type \"{ty}\" was not provided.")),
        };
        match value {
            Ok(value) => {
                coerced.variables.insert(name.clone(), value);
            }
            Err(message) => problems.push(RequestError::new(RequestErrorCode::BadUserInput, message).at(pos)),
        }
    }
    if problems.is_empty() { Ok(coerced) } else { Err(Rejection::document(problems)) }
}

struct Coercion<'a> {
    schema: &'a SchemaMetadata,
    path: Vec<Step>,
}

enum Step {
    Field(String),
    Item(usize),
}

/// Where a value does not fit, and why.
type Misfit = (String, String);

impl Coercion<'_> {
    fn value(&mut self, ty: &Type, value: Json) -> Result<ConstValue, Misfit> {
        if value.is_null() {
            return if ty.nullable { Ok(ConstValue::Null) } else { self.misfit(format!("\"{ty}\" must not be null")) };
        }
        match (&ty.base, value) {
            (BaseType::List(of), Json::Array(items)) => {
                let items = items.into_iter().enumerate().map(|(index, item)| self.below(Step::Item(index), of, item));
                Ok(ConstValue::List(items.collect::<Result<_, _>>()?))
            }
            // A single value stands for a list of one; the executor makes the list.
            (BaseType::List(of), value) => self.value(of, value),
            (BaseType::Named(name), value) => self.named(name, value),
        }
    }

    fn named(&mut self, name: &str, value: Json) -> Result<ConstValue, Misfit> {
        if value.as_str().is_some_and(|text| text.contains('\0')) {
            return self.misfit(NUL.to_owned());
        }
        match (name, self.schema.ty(name)) {
            ("Int", _) => match int(&value) {
                Some(number) => Ok(number.into()),
                None => self.unexpected("a whole number of 32 bits", &value),
            },
            ("Float", _) if !value.is_number() => self.unexpected("a number", &value),
            ("String", _) if !value.is_string() => self.unexpected("a string", &value),
            ("Boolean", _) if !value.is_boolean() => self.unexpected("true or false", &value),
            ("ID", _) => match id(&value) {
                Some(id) => Ok(ConstValue::String(id)),
                None => self.unexpected("a string or a whole number", &value),
            },
            (_, Some(TypeMetadata::Enum(values))) => match value {
                Json::String(text) if values.iter().any(|value| *value == text) => {
                    Ok(ConstValue::Enum(Name::new(text)))
                }
                Json::String(text) => {
                    let hint = did_you_mean(&text, values.iter().map(AsRef::as_ref));
                    self.misfit(with_hint(format!("no such value in the enum \"{name}\""), &hint))
                }
                value => self.unexpected(&format!("a value of the enum \"{name}\""), &value),
            },
            (_, Some(TypeMetadata::Input { one_of, fields })) => match value {
                Json::Object(values) => self.object(name, *one_of, fields, values),
                value => self.unexpected(&format!("an object of the type \"{name}\""), &value),
            },
            (_, _) => match ConstValue::from_json(value) {
                Ok(value) => match self.schema.scalars.check(name, &value) {
                    Ok(()) => Ok(value),
                    Err(expected) => self.misfit(expected.to_owned()),
                },
                Err(_) => self.misfit("no value of GraphQL".to_owned()),
            },
        }
    }

    fn object(
        &mut self,
        name: &str,
        one_of: bool,
        fields: &std::collections::BTreeMap<Name, InputMetadata>,
        values: Map<String, Json>,
    ) -> Result<ConstValue, Misfit> {
        if one_of && (values.len() != 1 || values.values().any(Json::is_null)) {
            return self.misfit(format!("exactly one field of \"{name}\" must be given, and must not be null"));
        }
        for (field, input) in fields {
            if input.is_required() && !values.contains_key(field.as_str()) {
                return self.misfit(format!("field \"{field}\" of required type \"{}\" was not provided", input.ty));
            }
        }
        let values = values.into_iter().map(|(field, value)| match fields.get(field.as_str()) {
            Some(input) => Ok((Name::new(&field), self.below(Step::Field(field), &input.ty, value)?)),
            None => {
                let hint = did_you_mean(&field, fields.keys().map(AsRef::as_ref));
                self.misfit(with_hint(format!("the type \"{name}\" has no field {}", quoted(&field)), &hint))
            }
        });
        Ok(ConstValue::Object(values.collect::<Result<_, _>>()?))
    }

    fn below(&mut self, step: Step, ty: &Type, value: Json) -> Result<ConstValue, Misfit> {
        self.path.push(step);
        let value = self.value(ty, value)?;
        self.path.pop();
        Ok(value)
    }

    fn unexpected(&self, expected: &str, found: &Json) -> Result<ConstValue, Misfit> {
        let found = match found {
            Json::Null => "null",
            Json::Bool(_) => "a boolean",
            Json::Number(number) if number.is_f64() => {
                "a number with a fraction or an exponent, or one too large to be read exactly"
            }
            Json::Number(_) => "a whole number",
            Json::String(_) => "a string",
            Json::Array(_) => "a list",
            Json::Object(_) => "an object",
        };
        self.misfit(format!("expected {expected}, found {found}"))
    }

    fn misfit<T>(&self, message: String) -> Result<T, Misfit> {
        let path = self.path.iter().map(|step| match step {
            Step::Field(name) => format!(".{name}"),
            Step::Item(index) => format!("[{index}]"),
        });
        Err((path.collect(), message))
    }
}

fn with_hint(message: String, hint: &str) -> String {
    if hint.is_empty() { message } else { format!("{message}.{hint}") }
}

/// A client's own word, short enough to be quoted to it.
fn quoted(text: &str) -> String {
    let short: String = text.chars().take(40).collect();
    if short.len() < text.len() { format!("\"{short}…\"") } else { format!("\"{short}\"") }
}

/// The ID that a value stands for: a string, or a whole number, of which JSON keeps more than 64 bits as they are near enough.
fn id(value: &Json) -> Option<String> {
    let whole = |number: &f64| number.fract() == 0.0;
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string()),
        Json::Number(number) => number.as_f64().filter(whole).map(|number| format!("{number:.0}")),
        _ => None,
    }
}

/// A whole number of 32 bits, `1.0` included (§3.5.1).
fn int(value: &Json) -> Option<i32> {
    let number = value.as_number()?;
    if let Some(number) = number.as_i64() {
        return i32::try_from(number).ok();
    }
    let number = number.as_f64().filter(|number| number.fract() == 0.0)?;
    let whole = f64::from(i32::MIN)..=f64::from(i32::MAX);
    #[expect(clippy::cast_possible_truncation, reason = "it is whole, and in the range")]
    whole.contains(&number).then_some(number as i32)
}

#[cfg(test)]
#[path = "variable_coercion_tests.rs"]
mod tests;
