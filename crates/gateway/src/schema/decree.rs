//! Decrees.

use async_graphql::{Context, Enum, SimpleObject};
use courant_domain::{
    decree::{self as domain, Force},
    entry::EntryKind,
    list::{Filter, List, Order, Scope},
};
use courant_persistence::{RelationRow, publication::Parts};

use super::{
    connection::{ArticleConnection, Paging, connection},
    context::{request, today},
    person::Person,
    projection,
    publication::{
        fields::{details, taken_back, with},
        publication_object,
        table::parts_of_body,
    },
    rich_text::RichText,
    scalar::Date,
};
use crate::{
    error::Error,
    executor::{Eager, EagerList, ResolveEagerly},
    loader::{ReaderEditionOf, RelationsOf},
};

publication_object! {
    /// An official legal act, in one language. Terms follow ELI and schema.org's `Legislation`.
    Decree {
        /// The number it is registered under, as printed.
        async fn number(&self, ctx: &Context<'_>) -> Result<String, Error> {
            Ok(with(ctx, &self.0, Parts::DECREE).await?.decree.as_ref().map(|facts| facts.number.clone()).unwrap_or_default())
        }

        /// What sort of act it is.
        async fn document_type(&self, ctx: &Context<'_>) -> Result<DocumentType, Error> {
            Ok(details(ctx, &self.0).await?.document_type.unwrap_or_default().into())
        }

        /// The day it was signed.
        async fn signed_on(&self, ctx: &Context<'_>) -> Result<Date, Error> {
            let edition = with(ctx, &self.0, Parts::DECREE).await?;
            edition.decree.as_ref().map(|facts| Date(facts.signed_on)).ok_or_else(taken_back)
        }

        /// The day it comes into force by its own words; null when another act commences it.
        async fn effective_on(&self, ctx: &Context<'_>) -> Option<Result<Date, Error>> {
            details(ctx, &self.0).await.map(|details| details.effective_on.map(Date)).transpose()
        }

        /// The first day it is no longer in force by its own words.
        async fn repealed_on(&self, ctx: &Context<'_>) -> Option<Result<Date, Error>> {
            details(ctx, &self.0).await.map(|details| details.repealed_on.map(Date)).transpose()
        }

        /// The first day all of it is in force, other acts considered; null when that day is not set.
        async fn in_force_from(&self, ctx: &Context<'_>) -> Option<Result<Date, Error>> {
            self.force(ctx).await.map(|force| force.from.map(Date)).transpose()
        }

        /// The first day it is no longer in force, other acts considered; null when that day is not set.
        async fn in_force_until(&self, ctx: &Context<'_>) -> Option<Result<Date, Error>> {
            self.force(ctx).await.map(|force| force.until.map(Date)).transpose()
        }

        /// Whether it is in force on a day, other acts considered.
        async fn status(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "The day; today (UTC) when none is given.")] as_of: Option<Date>,
        ) -> Result<LegalStatus, Error> {
            let on = as_of.map_or_else(|| today(ctx), |date| date.0);
            Ok(self.force(ctx).await?.status(on).into())
        }

        /// Who signed it.
        async fn signatory(&self, ctx: &Context<'_>) -> Option<Result<Eager<Signatory>, Error>> {
            let signatory = details(ctx, &self.0).await.map(|details| details.signatory.clone()).transpose()?;
            Some(signatory.map(|signatory| {
                let person = request(ctx).named(request(ctx).known().person(signatory.person));
                let person = person.map(|person| Eager(Person { id: person.id, locale: self.0.locale }));
                Eager(Signatory { person, office: signatory.office })
            }))
        }

        /// The text.
        async fn body(&self, ctx: &Context<'_>) -> Result<Eager<RichText>, Error> {
            let edition = with(ctx, &self.0, parts_of_body(ctx.field())).await?;
            Ok(Eager(RichText(edition)))
        }

        /// What it does to other acts, then what other acts do to it.
        async fn relations(&self, ctx: &Context<'_>) -> Result<EagerList<DecreeRelation>, Error> {
            let key = RelationsOf { entry: self.0.entry, locale: self.0.locale, parts: projection::of_child(ctx, "decree") };
            let rows = request(ctx).live.load_one(key).await?.unwrap_or_default();
            let mut relations = previewed_relations(ctx, &self.0).await?;
            let is_preview = self.0.preview.is_some();
            relations.extend(rows.into_iter().filter(|row| row.inverse || !is_preview).map(DecreeRelation::from));
            Ok(EagerList(relations))
        }

        /// The articles that report on it, newest first.
        async fn coverage(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "How many from the beginning, up to 100; 20 when neither first nor last is given.")] first: Option<i32>,
            #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
            #[graphql(desc = "How many from the end, up to 100.")] last: Option<i32>,
            #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        ) -> Option<Result<Eager<ArticleConnection>, Error>> {
            let list = List {
                locale: self.0.locale,
                kinds: vec![EntryKind::Article],
                filter: Filter { scopes_any: vec![Scope::Covers(self.0.entry)], ..Filter::default() },
                order: Order::PublishedAtDesc,
            };
            Some(connection(ctx, list, &Paging { first, after, last, before }).await.map(ArticleConnection).map(Eager))
        }
    }
}

impl Decree {
    async fn force(&self, ctx: &Context<'_>) -> Result<Force, Error> {
        let edition = with(ctx, &self.0, Parts::DECREE).await?;
        Ok(edition.decree.as_ref().map(|facts| facts.force).unwrap_or_default())
    }
}

/// What a decree that is not live would do to others, of which none is in the live tables yet.
async fn previewed_relations(
    ctx: &Context<'_>,
    edition: &courant_persistence::publication::Publication,
) -> Result<Vec<DecreeRelation>, Error> {
    let (Some(_), Some(details)) = (edition.preview, &edition.details) else { return Ok(Vec::new()) };
    let parts = projection::of_child(ctx, "decree");
    let key = |target| ReaderEditionOf { entry: target, reader: edition.locale, parts };
    let keys = details.relations.iter().map(|relation| key(relation.target));
    let found = request(ctx).live.load_many(keys).await?;
    let known = |relation: &domain::Relation| {
        let decree = Eager(Decree(found.get(&key(relation.target))?.clone()));
        let kind = DecreeRelationKind::of(relation.kind, false);
        Some(DecreeRelation {
            kind,
            decree,
            on: relation.on.map(Date),
            partial: relation.partial,
            note: relation.note.clone(),
        })
    };
    Ok(details.relations.iter().filter_map(known).collect())
}

/// What sort of act it is.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::DocumentType")]
pub(crate) enum DocumentType {
    /// An act of the head of state or government.
    Decree,
    /// A decision of a body.
    Resolution,
    /// An instruction of a minister or an office.
    Order,
    /// An act of parliament.
    Law,
    /// Rules made under a law.
    Regulation,
}

/// Whether an act is in force on a day.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::LegalStatus")]
pub(crate) enum LegalStatus {
    /// No part of it is in force yet.
    NotYetInForce,
    /// All of it is in force.
    InForce,
    /// A part of it is not in force yet, or no longer.
    PartiallyInForce,
    /// It is no longer in force.
    Repealed,
}

/// Who signed an act, and as what.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct Signatory {
    /// The person.
    person: Option<Eager<Person>>,
    /// The office held when signing.
    office: Option<String>,
}

impl ResolveEagerly for Signatory {}

#[async_graphql::ComplexObject]
impl Signatory {
    /// The person's name.
    async fn name(&self, ctx: &Context<'_>) -> Option<String> {
        self.person.as_ref().map(|person| person.0.display_name(ctx))
    }
}

/// What one act does to another.
#[derive(SimpleObject)]
pub(crate) struct DecreeRelation {
    /// What this act does to the other, or the other to this one.
    kind: DecreeRelationKind,
    /// The act on the other side.
    decree: Eager<Decree>,
    /// From which day, where the acting one says so; otherwise from the day that one is in force.
    on: Option<Date>,
    /// Whether only a part is affected.
    partial: bool,
    /// Which part, in words.
    note: Option<String>,
}

impl ResolveEagerly for DecreeRelation {}

impl From<RelationRow> for DecreeRelation {
    fn from(row: RelationRow) -> Self {
        Self {
            kind: DecreeRelationKind::of(row.kind, row.inverse),
            decree: Eager(Decree(row.other)),
            on: row.on.map(Date),
            partial: row.partial,
            note: row.note,
        }
    }
}

/// What one act does to another (ELI), from either side.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
pub(crate) enum DecreeRelationKind {
    /// It changes the other's text.
    Amends,
    /// The other changes its text.
    AmendedBy,
    /// It ends the other.
    Repeals,
    /// The other ends it.
    RepealedBy,
    /// It mends an error of the other.
    Corrects,
    /// The other mends an error of it.
    CorrectedBy,
    /// It brings the other into force.
    Commences,
    /// The other brings it into force.
    CommencedBy,
    /// It mentions the other.
    Cites,
    /// The other mentions it.
    CitedBy,
    /// It has its authority from the other.
    BasedOn,
    /// The other has its authority from it.
    BasisFor,
}

impl DecreeRelationKind {
    const fn of(kind: domain::RelationKind, inverse: bool) -> Self {
        use domain::RelationKind as Kind;
        match (kind, inverse) {
            (Kind::Amends, false) => Self::Amends,
            (Kind::Amends, true) => Self::AmendedBy,
            (Kind::Repeals, false) => Self::Repeals,
            (Kind::Repeals, true) => Self::RepealedBy,
            (Kind::Corrects, false) => Self::Corrects,
            (Kind::Corrects, true) => Self::CorrectedBy,
            (Kind::Commences, false) => Self::Commences,
            (Kind::Commences, true) => Self::CommencedBy,
            (Kind::Cites, false) => Self::Cites,
            (Kind::Cites, true) => Self::CitedBy,
            (Kind::BasedOn, false) => Self::BasedOn,
            (Kind::BasedOn, true) => Self::BasisFor,
        }
    }
}
