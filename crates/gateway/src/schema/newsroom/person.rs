//! Persons, as the newsroom keeps them.

use async_graphql::{Context, ID, Object};
use courant_domain::{id::PersonId, person as domain};

use super::text::{LocalizedText, texts};
use crate::{
    error::Error,
    schema::{context::request, person::Person, scalar::Locale},
};

/// A person with the name in all languages.
pub(crate) struct EditorialPerson(pub(crate) PersonId);

impl EditorialPerson {
    fn known<'a>(&self, ctx: &Context<'a>) -> Result<&'a domain::Person, Error> {
        request(ctx).reference().person(self.0).ok_or_else(|| Error::missing("a person"))
    }
}

/// A person with the name in all languages.
#[Object]
impl EditorialPerson {
    /// Its id, the same in all languages: what mutations take.
    async fn id(&self) -> ID {
        ID(self.0.to_string())
    }

    /// The name in addresses and filters, unique among persons.
    async fn slug(&self, ctx: &Context<'_>) -> Result<String, Error> {
        Ok(self.known(ctx)?.slug.to_string())
    }

    /// The name, in each language that has one.
    async fn name(&self, ctx: &Context<'_>) -> Result<Vec<LocalizedText>, Error> {
        Ok(texts(&self.known(ctx)?.name))
    }

    /// What the person is, in each language that says so.
    async fn role(&self, ctx: &Context<'_>) -> Result<Vec<LocalizedText>, Error> {
        Ok(texts(&self.known(ctx)?.role))
    }

    /// The person as readers of a locale see it.
    async fn reader(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reader's locale; the site's default when none is given.")] locale: Option<Locale>,
    ) -> Result<Person, Error> {
        let locale = request(ctx).locale(locale.map(|locale| locale.0))?;
        Ok(Person { id: self.0, locale })
    }
}
