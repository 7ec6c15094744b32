//! The key under which a change is made once.

/// Adds the field to an input.
macro_rules! with_idempotency_key {
    ($(#[$attribute:meta])* $visibility:vis struct $name:ident { $($fields:tt)* }) => {
        $(#[$attribute])*
        $visibility struct $name {
            $($fields)*
            /// A key of the client's own making: sent again under the same key, the request is answered again and not done
            /// again. Kept for a week.
            idempotency_key: Option<String>,
        }
    };
}
