//! The specification's rules, a file each, under the names that graphql-js gave them.
//!
//! Only what the executor's validation passes over is here. Rules that are not: it has them all, but for these, which are seen
//! earlier on the way: operations' and fragments' names and lone anonymous operations by the parser, cycles and fragments that
//! nothing uses by `limits`, which has to walk fragments anyway.

pub(super) mod fields_on_correct_type;
pub(super) mod known_argument_names;
pub(super) mod known_directives;
pub(super) mod known_type_names;
pub(super) mod no_undefined_variables;
pub(super) mod overlapping_fields_can_be_merged;
pub(super) mod provided_required_arguments;
pub(super) mod scalar_leafs;
pub(super) mod single_field_subscriptions;
pub(super) mod unique_argument_names;
pub(super) mod unique_input_field_names;
pub(super) mod unique_variable_names;
pub(super) mod values_of_correct_type;
pub(super) mod variables_are_input_types;
pub(super) mod variables_in_allowed_position;
