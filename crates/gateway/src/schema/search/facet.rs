//! How many hits there are of each sort.

use std::{cmp::Reverse, collections::HashMap};

use async_graphql::{Context, Object, SimpleObject};
use courant_domain::{
    id::{CategoryId, PersonId, TagId},
    locale::Locale as LocaleTag,
};
use courant_search::{Dimension, Facets};
use uuid::Uuid;

use super::filter::SearchKind;
use crate::{
    executor::{Eager, EagerList, ResolveEagerly},
    schema::{category::Category, context::request, person::Person, scalar::Locale, tag::Tag},
};

/// The most values of one sort.
const MOST: usize = 50;

/// How many hits there are of each sort. Those of a sort that the filter narrows are counted as if it did not: so each count says what
/// choosing that value in its place would find.
pub(crate) struct SearchFacets {
    facets: Facets,
    locale: LocaleTag,
}

impl SearchFacets {
    pub(super) const fn new(facets: Facets, locale: LocaleTag) -> Self {
        Self { facets, locale }
    }

    fn counts(&self, dimension: Dimension) -> Vec<(&str, u64)> {
        let counts = self.facets.get(&dimension).into_iter().flatten();
        let mut counts: Vec<(&str, u64)> = counts.map(|(value, count)| (&**value, *count)).collect();
        counts.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        counts
    }

    fn ids(&self, dimension: Dimension) -> impl Iterator<Item = (Uuid, u64)> {
        self.counts(dimension).into_iter().filter_map(|(id, count)| Some((Uuid::try_parse(id).ok()?, count)))
    }
}

impl ResolveEagerly for SearchFacets {}

/// How many hits there are of each sort. Those of a sort that the filter narrows are counted as if it did not: so each count says what
/// choosing that value in its place would find.
#[Object]
impl SearchFacets {
    /// By category, what is below one counted, too: the tree from the top, each category before those below it.
    async fn categories(&self, ctx: &Context<'_>) -> EagerList<CategoryFacet> {
        let tree = request(ctx).known().categories();
        let mut counts: HashMap<CategoryId, u64> = HashMap::new();
        for (id, count) in self.ids(Dimension::Category) {
            let category = CategoryId::from(id);
            for id in tree.ancestors(category).map(|above| above.id).chain([category]) {
                *counts.entry(id).or_default() += count;
            }
        }
        let mut found = Vec::new();
        let mut open: Vec<_> = tree.children(None).collect();
        open.reverse();
        while let Some(category) = open.pop() {
            if let Some(count) = counts.get(&category.id) {
                found.push(CategoryFacet { category: Eager(Category::of(category, self.locale)), count: *count });
            }
            let mut below: Vec<_> = tree.children(Some(category.id)).collect();
            below.reverse();
            open.extend(below);
        }
        EagerList(found)
    }

    /// By kind.
    async fn kinds(&self) -> EagerList<KindFacet> {
        let kind = |word: &str| match word {
            "ARTICLE" => Some(SearchKind::Article),
            "DECREE" => Some(SearchKind::Decree),
            _ => None,
        };
        let counts = self.counts(Dimension::Kind).into_iter();
        counts.filter_map(|(word, count)| Some(KindFacet { kind: kind(word)?, count })).collect()
    }

    /// By tag, the most frequent first; up to 50.
    async fn tags(&self, ctx: &Context<'_>) -> EagerList<TagFacet> {
        let known = request(ctx).known();
        let tags = self.ids(Dimension::Tag).filter_map(|(id, count)| {
            let tag = known.live_tag(TagId::from(id))?;
            Some(TagFacet { tag: Eager(Tag { id: tag.id, locale: self.locale }), count })
        });
        tags.take(MOST).collect()
    }

    /// By year, the latest first.
    async fn years(&self) -> EagerList<YearFacet> {
        let counts = self.counts(Dimension::Year).into_iter();
        let mut years: Vec<(i32, u64)> = counts.filter_map(|(year, count)| Some((year.parse().ok()?, count))).collect();
        years.sort_unstable_by_key(|year| Reverse(year.0));
        years.into_iter().map(|(year, count)| YearFacet { year, count }).collect()
    }

    /// By who signed, the most frequent first; up to 50.
    async fn signatories(&self, ctx: &Context<'_>) -> EagerList<SignatoryFacet> {
        let known = request(ctx).known();
        let persons = self.ids(Dimension::Signatory).filter_map(|(id, count)| {
            let person = known.live_person(PersonId::from(id))?;
            Some(SignatoryFacet { person: Eager(Person { id: person.id, locale: self.locale }), count })
        });
        persons.take(MOST).collect()
    }

    /// By the language that they are in: the reader's, or a fallback.
    async fn languages(&self) -> EagerList<LanguageFacet> {
        let counts = self.counts(Dimension::Language).into_iter();
        let languages = counts
            .filter_map(|(tag, count)| Some(LanguageFacet { language: Locale(LocaleTag::parse(tag).ok()?), count }));
        languages.collect()
    }
}

macro_rules! facet {
    ($(#[$doc:meta])* $name:ident { $(#[$field_doc:meta])* $field:ident: $ty:ty }) => {
        $(#[$doc])*
        #[derive(SimpleObject)]
        pub(crate) struct $name {
            $(#[$field_doc])*
            $field: $ty,
            /// How many hits.
            count: u64,
        }

        impl ResolveEagerly for $name {}
    };
}

facet!(
    /// Hits in a category and below it.
    CategoryFacet {
        /// The category.
        category: Eager<Category>
    }
);
facet!(
    /// Hits of a kind.
    KindFacet {
        /// The kind.
        kind: SearchKind
    }
);
facet!(
    /// Hits with a tag.
    TagFacet {
        /// The tag.
        tag: Eager<Tag>
    }
);
facet!(
    /// Hits of a year.
    YearFacet {
        /// The year.
        year: i32
    }
);
facet!(
    /// Hits that somebody signed.
    SignatoryFacet {
        /// Who signed.
        person: Eager<Person>
    }
);
facet!(
    /// Hits in a language.
    LanguageFacet {
        /// The language.
        language: Locale
    }
);
