//! Persons.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use courant_domain::id::PersonId;
use courant_persistence::{PersonCreate, PersonUpdate};
use macro_rules_attribute::apply;

use super::{
    UserError,
    input::{Reader, given},
    perform,
    text::{LocalizedTextInput, Sort},
};
use crate::{
    error::Error,
    schema::{context::request, id::NodeKind, newsroom::EditorialPerson},
};

/// A person to make.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct CreatePersonInput {
    /// The name in addresses and filters, unique among persons; made of the name when none is given.
    slug: Option<String>,
    /// The name, as each language writes it.
    name: Vec<LocalizedTextInput>,
    /// What the person is: "Political editor", say.
    #[graphql(default)]
    role: Vec<LocalizedTextInput>,
}

/// What changes of a person: what is not given stays, and null empties.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct UpdatePersonInput {
    /// Which one.
    id: ID,
    /// The name in addresses and filters; never empty.
    slug: MaybeUndefined<String>,
    /// The name, in all languages; never empty.
    name: MaybeUndefined<Vec<LocalizedTextInput>>,
    /// What the person is, in all languages.
    role: MaybeUndefined<Vec<LocalizedTextInput>>,
}

/// What came of a change to a person.
#[derive(SimpleObject)]
pub(crate) struct PersonPayload {
    /// The person as it is now; null when there is none.
    person: Option<EditorialPerson>,
    /// Why nothing was changed; empty when it was.
    user_errors: Vec<UserError>,
}

impl From<Result<PersonId, Vec<UserError>>> for PersonPayload {
    fn from(outcome: Result<PersonId, Vec<UserError>>) -> Self {
        match outcome {
            Ok(id) => Self { person: Some(EditorialPerson(id)), user_errors: Vec::new() },
            Err(user_errors) => Self { person: None, user_errors },
        }
    }
}

#[derive(Default)]
pub(crate) struct PersonMutations;

#[Object]
impl PersonMutations {
    /// Makes a person: an author or a signatory, who need not be a user.
    async fn create_person(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person.")] input: CreatePersonInput,
    ) -> Option<Result<PersonPayload, Error>> {
        let mut reader = Reader::default();
        let create = PersonCreate {
            slug: reader.slug("slug", input.slug.as_ref()),
            name: reader.localized(ctx, ("name", Sort::Name), input.name),
            role: reader.localized(ctx, ("role", Sort::Description), input.role),
        };
        let store = &request(ctx).store;
        let key = input.idempotency_key.as_deref();
        Some(perform(ctx, key, reader, async |command| store.newsroom().person_create(command, &create).await).await)
    }

    /// Changes a person.
    async fn update_person(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: UpdatePersonInput,
    ) -> Option<Result<PersonPayload, Error>> {
        let mut reader = Reader::default();
        let update = PersonUpdate {
            id: reader.id("id", &input.id, &[NodeKind::Person]),
            slug: reader.new_slug("slug", input.slug),
            name: given(input.name, |texts| reader.localized(ctx, ("name", Sort::Name), texts)),
            role: given(input.role, |texts| reader.localized(ctx, ("role", Sort::Description), texts)),
        };
        let store = &request(ctx).store;
        let key = input.idempotency_key.as_deref();
        Some(perform(ctx, key, reader, async |command| store.newsroom().person_update(command, &update).await).await)
    }
}
