//! One test, two databases.

/// Makes two tests of one that takes a [`Dialect`](courant_persistence::Dialect): `its_name::sqlite` and
/// `its_name::postgres`. It goes above all other attributes, which both get, as `#[apply(both_databases)]`.
#[macro_export]
macro_rules! both_databases {
    ($(#[$attribute:meta])* async fn $name:ident($dialect:ident: $ty:ty) $body:block) => {
        #[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "it is the body of tests")]
        async fn $name($dialect: $ty) $body

        mod $name {
            $(#[$attribute])*
            async fn sqlite() {
                super::$name($crate::Dialect::Sqlite).await;
            }

            $(#[$attribute])*
            async fn postgres() {
                super::$name($crate::Dialect::Postgres).await;
            }
        }
    };
    ($(#[$attribute:meta])* fn $name:ident($dialect:ident: $ty:ty) $body:block) => {
        #[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "it is the body of tests")]
        fn $name($dialect: $ty) $body

        mod $name {
            $(#[$attribute])*
            fn sqlite() {
                super::$name($crate::Dialect::Sqlite);
            }

            $(#[$attribute])*
            fn postgres() {
                super::$name($crate::Dialect::Postgres);
            }
        }
    };
}
