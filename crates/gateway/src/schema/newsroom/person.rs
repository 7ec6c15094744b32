//! Persons, as the newsroom keeps them.

use async_graphql::{Context, ID, Object};
use courant_domain::{id::PersonId, person as domain};

use super::{
    text::{LocalizedText, texts},
    visibility,
};
use crate::{
    error::Error,
    schema::{context::request, person::Person, scalar::Locale},
};

/// A person with the name in all languages.
pub(crate) struct EditorialPerson(pub(crate) PersonId);

impl EditorialPerson {
    /// The person with this id, if there is one and the viewer is told of them.
    pub(crate) fn find(ctx: &Context<'_>, id: PersonId) -> Option<Self> {
        let known = request(ctx).reference().person(id)?;
        visibility::knows_person(ctx, known.id).then_some(Self(known.id))
    }

    fn known<'a>(&self, ctx: &Context<'a>) -> Result<&'a domain::Person, Error> {
        request(ctx).reference().person(self.0).ok_or_else(|| Error::missing("a person"))
    }
}

/// A person with the name in all languages.
#[Object]
impl EditorialPerson {
    /// Its id, the same in all languages: what mutations and `node` take.
    pub(crate) async fn id(&self) -> ID {
        ID(self.0.to_string())
    }

    /// The name in addresses and filters, unique among persons.
    async fn slug(&self, ctx: &Context<'_>) -> Result<String, Error> {
        Ok(self.known(ctx)?.slug.to_string())
    }

    /// The name, in each language that has one.
    async fn names(&self, ctx: &Context<'_>) -> Result<Vec<LocalizedText>, Error> {
        Ok(texts(&self.known(ctx)?.name))
    }

    /// What the person is, in each language that says so.
    async fn roles(&self, ctx: &Context<'_>) -> Result<Vec<LocalizedText>, Error> {
        Ok(texts(&self.known(ctx)?.role))
    }

    /// The person as readers of a locale see it; null while nothing live names them.
    async fn reader_person(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reader's locale; the site's default when none is given.")] locale: Option<Locale>,
    ) -> Option<Result<Person, Error>> {
        match request(ctx).locale(locale.map(|locale| locale.0)) {
            Ok(locale) => request(ctx).known().live_person(self.0).map(|found| Ok(Person { id: found.id, locale })),
            Err(error) => Some(Err(error)),
        }
    }
}
