//! Reading inputs: what cannot be read is a problem of its field.

use async_graphql::{ID, MaybeUndefined};
use courant_domain::{
    account::Email,
    address,
    bounds::Bound,
    patch::Patch,
    problem::{Problem, ProblemCode},
    revision::RevisionNumber,
    slug::Slug,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::UserError;
use crate::schema::{
    id::{NodeId, NodeKind},
    scalar::DateTime,
};

/// Reads the fields of an input, and keeps what is wrong with them.
#[derive(Default)]
pub(super) struct Reader {
    problems: Vec<Problem>,
}

/// What is said of a field: nothing, so that it stays; null, which empties it; or what it shall be.
pub(super) fn patch<T, U: Default>(given: MaybeUndefined<T>, read: impl FnOnce(T) -> U) -> Patch<U> {
    match given {
        MaybeUndefined::Undefined => Patch::Keep,
        MaybeUndefined::Null => Patch::Set(U::default()),
        MaybeUndefined::Value(value) => Patch::Set(read(value)),
    }
}

/// The same, where what stays is none.
pub(super) fn given<T, U: Default>(given: MaybeUndefined<T>, read: impl FnOnce(T) -> U) -> Option<U> {
    match patch(given, read) {
        Patch::Keep => None,
        Patch::Set(value) => Some(value),
    }
}

impl Reader {
    /// What is said of a field that is never empty; none when it stays.
    pub(super) fn required<T>(&mut self, field: &str, given: MaybeUndefined<T>) -> Option<T> {
        if given.is_null() {
            self.problem(ProblemCode::Required, field, "this is never empty; leave it out for it to stay");
        }
        given.take()
    }

    /// Something is wrong with a field, given as a path with dots.
    pub(super) fn invalid(&mut self, field: &str, message: impl Into<String>) {
        self.problem(ProblemCode::Invalid, field, message);
    }

    /// The same of another kind.
    pub(super) fn problem(&mut self, code: ProblemCode, field: &str, message: impl Into<String>) {
        self.problems.push(Problem::new(code, field, message));
    }

    /// A text within its bound.
    pub(super) fn text(&mut self, field: &str, text: String, bound: Bound) -> String {
        if let Err(error) = bound.check(&text) {
            let message = error.to_string();
            self.problem(error.into(), field, message);
            return String::new();
        }
        text
    }

    pub(super) fn email(&mut self, field: &str, text: &str) -> Option<Email> {
        Email::parse(text).map_err(|error| self.invalid(field, error.to_string())).ok()
    }

    pub(super) fn slug(&mut self, field: &str, text: Option<&String>) -> Option<Slug> {
        let text = text?;
        Slug::parse(text).map_err(|error| self.invalid(field, error.to_string())).ok()
    }

    /// The slug that something which has one shall have; none when it stays.
    pub(super) fn new_slug(&mut self, field: &str, given: MaybeUndefined<String>) -> Option<Slug> {
        let given = self.required(field, given);
        self.slug(field, given.as_ref())
    }

    /// The thing an id names: the id that editorial types show, or a global id of these kinds that readers' types
    /// show. An id that names nothing is read as the nil id, which nothing has.
    pub(super) fn id<T: From<Uuid>>(&mut self, field: &str, id: &ID, kinds: &[NodeKind]) -> T {
        let uuid = Uuid::parse_str(id)
            .ok()
            .or_else(|| NodeId::decode(id).filter(|node| kinds.contains(&node.kind)).map(|node| node.id));
        if uuid.is_none() {
            self.problems.push(Problem::new(ProblemCode::NotFound, field, "this is no id of such a thing"));
        }
        uuid.unwrap_or_default().into()
    }

    /// The things that ids name. What is wrong with one is said of its place in the list.
    pub(super) fn ids<T: From<Uuid>>(&mut self, field: &str, ids: &[ID], kinds: &[NodeKind]) -> Vec<T> {
        ids.iter().enumerate().map(|(at, id)| self.id(&format!("{field}.{at}"), id, kinds)).collect()
    }

    /// A time that is kept as it was given.
    pub(super) fn time(&mut self, field: &str, given: DateTime) -> Timestamp {
        if given.is_beyond() {
            self.invalid(field, format!("no time after {} can be kept", DateTime::LAST));
        }
        given.0
    }

    /// The number of a revision. They are counted from 1; 0 is taken, and names none.
    pub(super) fn revision(&mut self, field: &str, number: i32) -> RevisionNumber {
        self.unsigned(field, number, "revisions are counted from 1")
    }

    /// A length in pixels.
    pub(super) fn pixels(&mut self, field: &str, length: i32) -> u32 {
        self.unsigned(field, length, "a length in pixels is not negative")
    }

    fn unsigned(&mut self, field: &str, number: i32, otherwise: &str) -> u32 {
        let read = u32::try_from(number);
        if read.is_err() {
            self.invalid(field, otherwise);
        }
        read.unwrap_or_default()
    }

    /// A place in an order, counted from 1.
    pub(super) fn place(&mut self, field: &str, place: Option<i32>) -> Option<u32> {
        let place = place?;
        let read = u32::try_from(place).ok().filter(|place| *place > 0);
        if read.is_none() {
            self.invalid(field, "places are counted from 1");
        }
        read
    }

    /// An http or https URL.
    pub(super) fn url(&mut self, field: &str, text: String) -> String {
        if !text.starts_with("http") || !address::is_target(&text) {
            self.invalid(field, "not an http or https URL");
        }
        text
    }

    /// What was wrong, if anything was.
    pub(super) fn finish(self) -> Result<(), Vec<UserError>> {
        if self.problems.is_empty() { Ok(()) } else { Err(self.problems.into_iter().map(UserError::from).collect()) }
    }
}
