//! Fields are those of the type they are asked of (GraphQL, September 2025, §5.3.1). The executor finds the others, too, but
//! not what may have been meant.

use async_graphql::{Positioned, parser::types::Field};

use crate::{
    error::RequestError,
    schema_metadata::{SchemaMetadata, TypeMetadata},
    suggestion::did_you_mean,
};

/// Looks at a field that was not found on a type. None when the type is not there itself, which is an error elsewhere.
pub(in crate::validation) fn check(
    schema: &SchemaMetadata,
    field: &Positioned<Field>,
    on: &str,
) -> Option<RequestError> {
    let TypeMetadata::Composite { fields, members, .. } = schema.ty(on)? else { return None };
    let name = field.node.name.node.as_str();
    let of_members: Vec<String> = members
        .iter()
        .filter(|member| schema.field(member, name).is_some())
        .take(3)
        .map(|member| format!("\"{member}\""))
        .collect();
    let hint = if of_members.is_empty() {
        did_you_mean(name, fields.keys().map(AsRef::as_ref))
    } else {
        format!(" Ask for it in an inline fragment on {}.", of_members.join(" or "))
    };
    Some(RequestError::validation(format!("Unknown field \"{name}\" on type \"{on}\".{hint}"), field.pos))
}
