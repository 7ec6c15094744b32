//! Variables that are used are defined (GraphQL, September 2025, §5.8.3). The executor finds this wherever it looks.

use super::values_of_correct_type::VariableUsage;
use crate::error::RequestError;

/// The error of a variable that is not defined, where the executor does not look.
pub(in crate::validation) fn check(usage: &VariableUsage<'_>) -> Option<RequestError> {
    let message = || format!("Variable \"${}\" is not defined.", usage.variable);
    usage.location.is_unseen.then(|| RequestError::validation(message(), usage.location.pos))
}
