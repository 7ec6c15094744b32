//! Which hits are wanted, by arguments and by field words of the query.

use async_graphql::{Context, Enum, InputObject};
use courant_domain::{
    entry::EntryKind,
    id::{CategoryId, PersonId, TagId},
    locale::Locale as LocaleTag,
    slug::Slug,
};
use courant_search::{FieldWord, Filter, Narrowed, Order};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    error::Error,
    schema::{
        context::request,
        filter::{DateTimeRange, Names, values},
        scalar::Locale,
    },
};

/// What can be found.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
pub(crate) enum SearchKind {
    /// Articles.
    Article,
    /// Decrees.
    Decree,
}

impl From<SearchKind> for EntryKind {
    fn from(kind: SearchKind) -> Self {
        match kind {
            SearchKind::Article => Self::Article,
            SearchKind::Decree => Self::Decree,
        }
    }
}

/// In which order hits come.
#[derive(Enum, Copy, Clone, Default, PartialEq, Eq)]
pub(crate) enum SearchOrder {
    /// What fits best first.
    #[default]
    Relevance,
    /// Newest first.
    PublishedAtDesc,
    /// Oldest first.
    PublishedAtAsc,
}

impl From<SearchOrder> for Order {
    fn from(order: SearchOrder) -> Self {
        match order {
            SearchOrder::Relevance => Self::Relevance,
            SearchOrder::PublishedAtDesc => Self::Newest,
            SearchOrder::PublishedAtAsc => Self::Oldest,
        }
    }
}

/// Which hits are wanted. What is not given does not matter; what is given must all be true.
#[derive(InputObject)]
pub(crate) struct SearchFilter {
    /// Of one of these kinds.
    kinds: Option<Vec<SearchKind>>,
    /// Filed in one of these categories, given by path: `politics/parliament`.
    categories: Option<Vec<String>>,
    /// Whether what is filed below those categories counts, too.
    #[graphql(default = true)]
    include_descendants: bool,
    /// With at least one of these tags, given by slug.
    tags: Option<Vec<String>>,
    /// Signed by at least one of these persons, given by slug.
    signatories: Option<Vec<String>>,
    /// Of one of these years: a decree of the year it was signed in, an article of that of its date.
    years: Option<Vec<i32>>,
    /// In one of these languages; hits are in the reader's or in one of its fallbacks.
    languages: Option<Vec<Locale>>,
    /// Published in this span of time.
    published_at: Option<DateTimeRange>,
}

impl SearchFilter {
    /// The same with ids in the place of names. A name that nothing has stands for the nil id, which nothing has, either.
    pub(super) fn resolve(self, ctx: &Context<'_>) -> Result<Filter, Error> {
        fn some<T>(values: Vec<T>) -> Option<Vec<T>> {
            Some(values).filter(|values| !values.is_empty())
        }
        let names = Names { ctx };
        let categories = names.categories(self.categories)?;
        let categories = match self.include_descendants {
            true => categories.into_iter().flat_map(|category| with_descendants(ctx, category)).collect(),
            false => categories.into_iter().map(CategoryId::uuid).collect(),
        };
        let (from, before) = self.published_at.map_or((None, None), DateTimeRange::bounds);
        let kinds = values("kinds", self.kinds)?.into_iter().map(|kind| EntryKind::from(kind).as_str().to_owned());
        let years = values("years", self.years)?.into_iter().map(|year| i16::try_from(year).unwrap_or(i16::MIN));
        Ok(Filter {
            kinds: some(kinds.collect()),
            categories: some(categories),
            tags: some(names.tags("tags", self.tags)?.into_iter().map(TagId::uuid).collect()),
            signatories: some(
                names.persons("signatories", self.signatories)?.into_iter().map(PersonId::uuid).collect(),
            ),
            years: some(years.collect()),
            locales: some(
                values("languages", self.languages)?.into_iter().map(|locale| locale.0.to_string()).collect(),
            ),
            from: from.map(Timestamp::as_microsecond),
            before: before.map(Timestamp::as_microsecond),
        })
    }
}

/// A category and all below it.
fn with_descendants(ctx: &Context<'_>, category: CategoryId) -> Vec<Uuid> {
    let tree = request(ctx).known().categories();
    let (mut found, mut open) = (Vec::new(), vec![category]);
    while let Some(next) = open.pop() {
        found.push(next.uuid());
        if next.uuid() != Uuid::nil() {
            open.extend(tree.children(Some(next)).map(|child| child.id));
        }
    }
    found
}

/// What a field word of a query stands for; none where its value is nothing here.
pub(super) fn narrow(ctx: &Context<'_>, field: FieldWord, value: &str) -> Option<Narrowed> {
    let known = request(ctx).known();
    let slug = || Slug::parse(&value.to_lowercase()).ok();
    match field {
        FieldWord::Kind => {
            let kind = match value.to_lowercase().as_str() {
                "article" | "news" | "статья" | "новость" | "makala" | "habar" => EntryKind::Article,
                "decree" | "act" | "указ" | "акт" | "karar" | "resminama" => EntryKind::Decree,
                _ => return None,
            };
            Some(Narrowed::Kinds(vec![kind.as_str().to_owned()]))
        }
        FieldWord::Category => {
            let category = known.categories().by_path(&value.to_lowercase())?;
            Some(Narrowed::Categories(with_descendants(ctx, category.id)))
        }
        FieldWord::Tag => Some(Narrowed::Tags(vec![known.live_tag_by_slug(&slug()?)?.id.uuid()])),
        FieldWord::Signatory => Some(Narrowed::Signatories(vec![known.live_person_by_slug(&slug()?)?.id.uuid()])),
        FieldWord::Year => Some(Narrowed::Years(vec![value.parse().ok()?])),
        FieldWord::Language => {
            let locale = LocaleTag::parse(value).ok().filter(|locale| request(ctx).site().has(*locale))?;
            Some(Narrowed::Locales(vec![locale.to_string()]))
        }
    }
}
