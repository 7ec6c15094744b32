//! What the executor gets wrong (measured: async-graphql 8.0.0-rc.5), and what is done about it: in its copy of the document
//! before it runs, and in its answer afterwards.
//!
//! | workaround | of what the executor does |
//! |---|---|
//! | `omitted_arguments` | it takes an argument whose variable has no value for null, and not for its default |
//! | `list_variables` | it refuses a list that cannot be null where one can |
//! | `nullable_variables` | it refuses a nullable variable where a non-null type has a default |
//! | `null_variables` | it refuses the request for a null that fails one field alone |
//! | `large_ids` | it takes IDs that are numbers for no more than 64 bits |
//! | `subscription_root` | it does not find the field of a subscription in a fragment |
//! | `typename_directives` | it does not look at the directives on `__typename` |
//! | `error_paths` | it cuts paths of errors short in lists |
//! | `null_propagation` | it loses nulls of an object that is asked for twice |

mod arguments;
mod error_paths;
mod large_ids;
mod list_variables;
mod null_propagation;
mod null_variables;
mod nullable_variables;
mod omitted_arguments;
mod subscription_root;
mod typename_directives;

use std::collections::HashSet;

use async_graphql::{
    Name, Positioned, Request, Response, Value,
    parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition},
};

pub use self::{
    error_paths::{WholePaths, keep_path},
    null_propagation::propagate_nulls,
};
pub(crate) use self::{
    large_ids::write_large_ids, null_variables::without_nulls, subscription_root::unfold_subscriptions,
    typename_directives::enclose_typenames,
};
use crate::{document::Document, variable_coercion::Coerced};

/// The request with which the executor runs an operation: the one of this name, or the only one.
#[must_use]
pub fn request(document: &Document, operation: Option<&str>, coerced: &Coerced) -> Request {
    wrap(mended(document, operation, coerced), operation, coerced)
}

/// The request with which the executor validates an operation, and runs nothing of it.
#[must_use]
pub fn validation_request(document: &Document, operation: Option<&str>, coerced: &Coerced) -> Request {
    let mut parsed = mended(document, operation, coerced);
    null_variables::skip_all(&mut parsed, operation);
    wrap(parsed, operation, coerced)
}

/// Whether the executor has run the operation. When the document does not fit the schema, it has not, so no error has a path; it
/// writes `data: null` all the same, which would mean that it has.
#[must_use]
pub fn was_run(response: &Response) -> bool {
    response.data != Value::Null
        || response.errors.is_empty()
        || response.errors.iter().any(|error| !error.path.is_empty())
}

fn mended(document: &Document, operation: Option<&str>, coerced: &Coerced) -> ExecutableDocument {
    let Coerced { variables, omitted } = coerced;
    let mut parsed = document.parsed.clone();
    list_variables::write_in_place(&mut parsed, operation, variables);
    omitted_arguments::leave_out(&mut parsed, omitted);
    nullable_variables::declare_non_null(&mut parsed, operation, variables);
    parsed
}

fn wrap(parsed: ExecutableDocument, operation: Option<&str>, coerced: &Coerced) -> Request {
    let mut request = Request::new(String::new()).variables(coerced.variables.clone());
    request.operation_name = operation.map(str::to_owned);
    request.set_parsed_query(parsed);
    request
}

/// The operation of this name, or the only one.
fn chosen<'a>(
    document: &'a mut ExecutableDocument,
    operation: Option<&str>,
) -> Option<&'a mut Positioned<OperationDefinition>> {
    match &mut document.operations {
        DocumentOperations::Single(operation) => Some(operation),
        DocumentOperations::Multiple(operations) => match operation {
            Some(name) => operations.get_mut(name),
            None => operations.values_mut().next(),
        },
    }
}

fn operations_mut(operations: &mut DocumentOperations) -> Vec<&mut Positioned<OperationDefinition>> {
    match operations {
        DocumentOperations::Single(operation) => vec![operation],
        DocumentOperations::Multiple(operations) => operations.values_mut().collect::<Vec<_>>(),
    }
}

/// Takes out the definitions of those variables that nothing uses any more.
fn drop_unused(document: &mut ExecutableDocument, mut names: HashSet<Name>) {
    if names.is_empty() {
        return;
    }
    arguments::for_each_variable(document, &mut |name| {
        names.remove(name);
    });
    for operation in operations_mut(&mut document.operations) {
        operation.node.variable_definitions.retain(|definition| !names.contains(&definition.node.name.node));
    }
}

#[cfg(test)]
mod error_paths_tests;
#[cfg(test)]
mod tests;
