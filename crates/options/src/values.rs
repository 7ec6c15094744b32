//! Values that several options have.

use std::str::FromStr;

use courant_domain::access::Role;

/// A role, by its name in any case.
///
/// # Errors
/// What the roles are, when it is none.
pub fn role(name: &str) -> Result<Role, String> {
    let all = Role::ALL.map(Role::as_str).join(", ");
    Role::parse(&name.to_uppercase()).ok_or_else(|| format!("the roles are {all}"))
}

/// A limit of nothing would refuse every request.
pub(crate) fn at_least_one<T: FromStr + From<u8> + PartialOrd>(text: &str) -> Result<T, &'static str> {
    match text.parse() {
        Ok(number) if number >= T::from(1) => Ok(number),
        _ => Err("wanted is a whole number from 1 up"),
    }
}
