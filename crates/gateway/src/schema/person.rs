//! Persons.

use async_graphql::{Context, ID, Object};
use courant_domain::{
    address,
    entry::EntryKind,
    id::PersonId,
    list::{Filter, List, Order},
    locale::Locale as LocaleTag,
    person as domain,
};

use super::{
    connection::{Paging, PublicationConnection, connection},
    context::request,
    id::{NodeId, NodeKind},
    scalar::Locale,
};
use crate::error::Error;
use crate::executor::{Eager, ResolveEagerly};

/// Somebody whose name stands on an article or under a decree, as one language writes it.
#[derive(Clone)]
pub(crate) struct Person {
    pub(super) id: PersonId,
    pub(super) locale: LocaleTag,
}

impl ResolveEagerly for Person {}

impl Person {
    fn known<'a>(&self, ctx: &Context<'a>) -> Result<&'a domain::Person, Error> {
        request(ctx).known().person(self.id).ok_or_else(|| Error::missing("a person"))
    }

    /// The name as the language writes it.
    pub(super) fn display_name(&self, ctx: &Context<'_>) -> String {
        let person = request(ctx).known().person(self.id);
        let name = person.and_then(|person| person.name.resolve(request(ctx).site(), self.locale));
        name.or(person.map(|person| person.slug.as_str())).unwrap_or_default().to_owned()
    }
}

/// Somebody whose name stands on an article or under a decree, as one language writes it.
#[Object]
impl Person {
    /// The global id. It names the language, too.
    pub(crate) async fn id(&self) -> ID {
        NodeId { kind: NodeKind::Person, id: self.id.uuid(), locale: self.locale }.encode()
    }

    /// The language it is read in.
    async fn locale(&self) -> Locale {
        Locale(self.locale)
    }

    /// The name in addresses and filters, unique among persons.
    async fn slug(&self, ctx: &Context<'_>) -> Result<String, Error> {
        Ok(self.known(ctx)?.slug.to_string())
    }

    /// The path on the site.
    async fn path(&self, ctx: &Context<'_>) -> Result<String, Error> {
        Ok(address::person_path(self.locale, &self.known(ctx)?.slug))
    }

    /// The name.
    async fn name(&self, ctx: &Context<'_>) -> String {
        self.display_name(ctx)
    }

    /// What the person is: "Political editor", say.
    async fn role(&self, ctx: &Context<'_>) -> Option<Result<String, Error>> {
        let role = self.known(ctx).map(|person| person.role.resolve(request(ctx).site(), self.locale));
        role.map(|role| role.map(str::to_owned)).transpose()
    }

    /// What the person wrote or signed, newest first.
    async fn publications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the beginning, up to 100; 20 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, up to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Option<Result<Eager<PublicationConnection>, Error>> {
        let filter = Filter { persons: vec![self.id], ..Filter::default() };
        let list = List { locale: self.locale, kinds: EntryKind::ALL.to_vec(), filter, order: Order::PublishedAtDesc };
        Some(connection(ctx, list, &Paging { first, after, last, before }).await.map(PublicationConnection).map(Eager))
    }
}
