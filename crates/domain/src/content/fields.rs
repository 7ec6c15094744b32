//! What the revisions of an entry hold, each field declared once.

/// Declares the content of one kind of entry, and the patch that changes it: of each field what it is and, if it is a text, which
/// [`Bound`](crate::bounds::Bound) it has. Who makes something else of all fields of a content takes it apart field by field, so that one
/// that is forgotten there does not compile.
macro_rules! content {
    ($(#[$doc:meta])* $content:ident, changed by $patch:ident {
        $($(#[$about:meta])* $field:ident: $type:ty $(=> $bound:ident)?,)+
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $content {
            $($(#[$about])* pub $field: $type,)+
        }

        impl $content {
            /// The names of its fields.
            pub const FIELDS: &[&str] = &[$(stringify!($field)),+];

            /// Which of them are texts, and how long they may be.
            pub const TEXTS: &[(&str, $crate::bounds::Bound)] =
                &[$($((stringify!($field), $crate::bounds::Bound::$bound),)?)+];

            pub(crate) fn texts(&self) -> Vec<(&'static str, Option<&str>, $crate::bounds::Bound)> {
                vec![$($((stringify!($field), self.$field.as_deref(), $crate::bounds::Bound::$bound),)?)+]
            }

            pub(crate) fn texts_mut(&mut self) -> Vec<(&'static str, &mut Option<String>, $crate::bounds::Bound)> {
                vec![$($((stringify!($field), &mut self.$field, $crate::bounds::Bound::$bound),)?)+]
            }
        }

        #[doc = concat!("What shall be different about a [`", stringify!($content), "`].")]
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
        pub struct $patch {
            $(#[doc = concat!("What is said of [`", stringify!($content), "::", stringify!($field), "`].")]
            pub $field: $crate::patch::Patch<$type>,)+
            /// Whether the source of the text that is given is in the language of the one that is there, if one is.
            pub keeps_format: bool,
        }

        impl $patch {
            pub(crate) fn apply(self, to: &mut $content) {
                let format = to.body.as_ref().map(RichText::format);
                $(self.$field.apply(&mut to.$field);)+
                if let (true, Some(format), Some(body)) = (self.keeps_format, format, &to.body)
                    && body.format() != format
                {
                    to.body = Some(RichText::new(format, body.source()));
                }
            }

            /// What is different about a content.
            pub(crate) fn between(before: $content, after: $content) -> Self {
                let mut patch = Self::from(after);
                $(if patch.$field == $crate::patch::Patch::Set(before.$field) {
                    patch.$field = $crate::patch::Patch::Keep;
                })+
                patch
            }
        }

        impl From<$content> for $patch {
            fn from(content: $content) -> Self {
                Self { $($field: $crate::patch::Patch::Set(content.$field),)+ keeps_format: false }
            }
        }
    };
}

pub(crate) use content;
