//! Why a change that somebody asks for is not made.

use courant_domain::{
    access::Permission,
    category::TreeError,
    edition::PublishError,
    problem::{Problem, ProblemCode},
    workflow::NotAllowed,
};

use crate::error::StoreError;

/// Why a change was not made. Nothing is changed then.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// For reasons that whoever asked can mend.
    #[error("{}", .0.first().map_or("refused", |problem| problem.message.as_str()))]
    Refused(Vec<Problem>),
    /// They may not.
    #[error("{} is not allowed here", .0.as_str())]
    Forbidden(Permission),
    /// They are not any more who they were when they began to ask.
    #[error("the sign-in or token that was shown has ended")]
    Unknown,
    /// The database.
    #[error(transparent)]
    Store(StoreError),
}

/// What came of a change that was asked for.
pub type Written<T> = Result<T, WriteError>;

impl WriteError {
    /// A refusal for one reason.
    pub(crate) fn refused(code: ProblemCode, field: &str, message: impl Into<String>) -> Self {
        Self::Refused(vec![Problem::new(code, field, message)])
    }

    /// Something that is named does not exist, or is not seen.
    pub(crate) fn not_found(field: &str, what: &str) -> Self {
        Self::refused(ProblemCode::NotFound, field, format!("there is no such {what}"))
    }
}

impl From<StoreError> for WriteError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::AlreadyExists(thing) => {
                let field = match thing.rsplit(' ').next() {
                    Some("slug") => "slug",
                    Some("address") => "email",
                    _ => "",
                };
                Self::refused(ProblemCode::Taken, field, format!("there is already {thing}"))
            }
            StoreError::Invalid(message) => Self::refused(ProblemCode::Invalid, "", message),
            StoreError::NotFound(thing) => Self::refused(ProblemCode::NotFound, "", format!("{thing} does not exist")),
            other => Self::Store(other),
        }
    }
}

impl From<sea_orm::DbErr> for WriteError {
    fn from(error: sea_orm::DbErr) -> Self {
        StoreError::from(error).into()
    }
}

impl From<NotAllowed> for WriteError {
    fn from(error: NotAllowed) -> Self {
        Self::refused(ProblemCode::WrongState, "", error.to_string())
    }
}

impl From<TreeError> for WriteError {
    fn from(error: TreeError) -> Self {
        let (code, field) = match error {
            TreeError::SlugTaken(_) => (ProblemCode::Taken, "slug"),
            TreeError::ParentUnknown(_) => (ProblemCode::NotFound, "parentId"),
            TreeError::Reserved(_) => (ProblemCode::Invalid, "slug"),
            TreeError::Cycle(_) | TreeError::TooDeep(_) => (ProblemCode::Invalid, "parentId"),
        };
        Self::refused(code, field, error.to_string())
    }
}

impl From<PublishError> for WriteError {
    fn from(error: PublishError) -> Self {
        match error {
            PublishError::Incomplete(missing) => Self::Refused(
                missing
                    .into_iter()
                    .map(|field| {
                        let message = format!("readers need the {field}");
                        Problem::new(ProblemCode::Required, &format!("content.{field}"), message)
                    })
                    .collect(),
            ),
            PublishError::InFuture | PublishError::TooEarly => {
                Self::refused(ProblemCode::Invalid, "publishedAt", error.to_string())
            }
            PublishError::ForeignRevision | PublishError::WrongKind => {
                Self::refused(ProblemCode::Invalid, "", error.to_string())
            }
        }
    }
}
