//! Filters and orders, in the words of the fields they are about.

use async_graphql::{Context, Enum, InputObject};
use courant_domain::{
    id::{CategoryId, PersonId, TagId},
    list::{Filter, Order},
    reading::ReadingWindow,
    slug::Slug,
};
use uuid::Uuid;

use super::{
    article::Genre,
    context::{request, today},
    decree::{DocumentType, LegalStatus},
    scalar::{Date, DateTime},
};
use crate::error::{Error, ErrorCode};

/// How many values one condition of a filter may have.
const MAX_VALUES: usize = 50;

/// A span of time, open where an end is not given.
#[derive(InputObject)]
pub(crate) struct DateTimeRange {
    /// At this time or later.
    from: Option<DateTime>,
    /// Before this time.
    before: Option<DateTime>,
}

impl DateTimeRange {
    /// From when, and before when.
    pub(super) fn bounds(self) -> (Option<jiff::Timestamp>, Option<jiff::Timestamp>) {
        (self.from.map(|at| at.0), self.before.map(|at| at.0))
    }
}

/// A span of days, open where an end is not given.
#[derive(InputObject)]
pub(crate) struct DateRange {
    /// On this day or later.
    from: Option<Date>,
    /// Before this day.
    before: Option<Date>,
}

/// Which articles a list holds. What is not given does not matter; what is given must all be true.
#[derive(InputObject)]
pub(crate) struct ArticleFilter {
    /// Filed in one of these categories, given by path: `politics/parliament`.
    categories: Option<Vec<String>>,
    /// Whether what is filed below those categories counts, too.
    #[graphql(default = true)]
    include_descendants: bool,
    /// With at least one of these tags, given by slug.
    tags: Option<Vec<String>>,
    /// With each of these tags, given by slug.
    all_tags: Option<Vec<String>>,
    /// By at least one of these persons, given by slug.
    authors: Option<Vec<String>>,
    /// Of one of these sorts.
    genres: Option<Vec<Genre>>,
    /// Published in this span of time.
    published_at: Option<DateTimeRange>,
    /// Only those live in the list's own locale: without fallback.
    #[graphql(default)]
    exact_locale: bool,
    /// What was taken back, and can still be read with a notice, too.
    #[graphql(default)]
    include_withdrawn: bool,
}

/// Which decrees a list holds. What is not given does not matter; what is given must all be true.
#[derive(InputObject)]
pub(crate) struct DecreeFilter {
    /// Filed in one of these categories, given by path: `politics/government`.
    categories: Option<Vec<String>>,
    /// Whether what is filed below those categories counts, too.
    #[graphql(default = true)]
    include_descendants: bool,
    /// With at least one of these tags, given by slug.
    tags: Option<Vec<String>>,
    /// With each of these tags, given by slug.
    all_tags: Option<Vec<String>>,
    /// Signed by at least one of these persons, given by slug.
    signatories: Option<Vec<String>>,
    /// Of one of these sorts.
    document_types: Option<Vec<DocumentType>>,
    /// With this number, as printed.
    number: Option<String>,
    /// Published in this span of time.
    published_at: Option<DateTimeRange>,
    /// Signed in this span of days.
    signed_on: Option<DateRange>,
    /// With one of these statuses on the day `statusAsOf`.
    status: Option<Vec<LegalStatus>>,
    /// The day `status` is about; today (UTC) when none is given.
    status_as_of: Option<Date>,
    /// Only those live in the list's own locale: without fallback.
    #[graphql(default)]
    exact_locale: bool,
    /// What was taken back, and can still be read with a notice, too.
    #[graphql(default)]
    include_withdrawn: bool,
}

/// Which articles and decrees a list holds. What is not given does not matter; what is given must all be true.
#[derive(InputObject)]
pub(crate) struct PublicationFilter {
    /// Filed in one of these categories, given by path: `politics/parliament`.
    categories: Option<Vec<String>>,
    /// Whether what is filed below those categories counts, too.
    #[graphql(default = true)]
    include_descendants: bool,
    /// With at least one of these tags, given by slug.
    tags: Option<Vec<String>>,
    /// With each of these tags, given by slug.
    all_tags: Option<Vec<String>>,
    /// Published in this span of time.
    published_at: Option<DateTimeRange>,
    /// Only those live in the list's own locale: without fallback.
    #[graphql(default)]
    exact_locale: bool,
    /// What was taken back, and can still be read with a notice, too.
    #[graphql(default)]
    include_withdrawn: bool,
}

/// In which order articles and publications come.
#[derive(Enum, Copy, Clone, Default, PartialEq, Eq)]
pub(crate) enum PublicationOrder {
    /// Newest first.
    #[default]
    PublishedAtDesc,
    /// Oldest first.
    PublishedAtAsc,
    /// Most viewed first.
    ViewCountDesc,
    /// Most read of the last 24 hours first; what was read longer ago weighs less, half as much after six hours.
    MostReadDay,
    /// Most read of the last 7 days first; a read weighs half as much after 42 hours.
    MostReadWeek,
    /// Most read of the last 30 days first; a read weighs half as much after a week and twelve hours.
    MostReadMonth,
    /// Most read of all time first, whenever it was: the same as VIEW_COUNT_DESC.
    MostReadEver,
}

impl From<PublicationOrder> for Order {
    fn from(order: PublicationOrder) -> Self {
        match order {
            PublicationOrder::PublishedAtDesc => Self::PublishedAtDesc,
            PublicationOrder::PublishedAtAsc => Self::PublishedAtAsc,
            PublicationOrder::ViewCountDesc | PublicationOrder::MostReadEver => Self::ViewsDesc,
            PublicationOrder::MostReadDay => Self::MostReadDesc(ReadingWindow::Day),
            PublicationOrder::MostReadWeek => Self::MostReadDesc(ReadingWindow::Week),
            PublicationOrder::MostReadMonth => Self::MostReadDesc(ReadingWindow::Month),
        }
    }
}

/// In which order decrees come.
#[derive(Enum, Copy, Clone, Default, PartialEq, Eq)]
pub(crate) enum DecreeOrder {
    /// Newest first.
    #[default]
    PublishedAtDesc,
    /// Oldest first.
    PublishedAtAsc,
    /// Last signed first.
    SignedOnDesc,
    /// First signed first.
    SignedOnAsc,
    /// Most viewed first.
    ViewCountDesc,
    /// Most read of the last 24 hours first; what was read longer ago weighs less, half as much after six hours.
    MostReadDay,
    /// Most read of the last 7 days first; a read weighs half as much after 42 hours.
    MostReadWeek,
    /// Most read of the last 30 days first; a read weighs half as much after a week and twelve hours.
    MostReadMonth,
    /// Most read of all time first, whenever it was: the same as VIEW_COUNT_DESC.
    MostReadEver,
}

impl From<DecreeOrder> for Order {
    fn from(order: DecreeOrder) -> Self {
        match order {
            DecreeOrder::PublishedAtDesc => Self::PublishedAtDesc,
            DecreeOrder::PublishedAtAsc => Self::PublishedAtAsc,
            DecreeOrder::SignedOnDesc => Self::SignedOnDesc,
            DecreeOrder::SignedOnAsc => Self::SignedOnAsc,
            DecreeOrder::ViewCountDesc | DecreeOrder::MostReadEver => Self::ViewsDesc,
            DecreeOrder::MostReadDay => Self::MostReadDesc(ReadingWindow::Day),
            DecreeOrder::MostReadWeek => Self::MostReadDesc(ReadingWindow::Week),
            DecreeOrder::MostReadMonth => Self::MostReadDesc(ReadingWindow::Month),
        }
    }
}

/// A filter as clients give it.
pub(super) trait ListFilter {
    /// The filter in the domain's terms, with ids in the place of names.
    fn resolve(self, ctx: &Context<'_>) -> Result<Filter, Error>;
}

/// The filter that was given; when none was, the one that all entries meet.
pub(super) fn resolved(filter: Option<impl ListFilter>, ctx: &Context<'_>) -> Result<Filter, Error> {
    match filter {
        Some(filter) => filter.resolve(ctx),
        None => Ok(Filter { include_descendants: true, ..Filter::default() }),
    }
}

impl ListFilter for ArticleFilter {
    fn resolve(self, ctx: &Context<'_>) -> Result<Filter, Error> {
        let names = Names { ctx };
        Ok(Filter {
            categories: names.categories(self.categories)?,
            include_descendants: self.include_descendants,
            tags_any: names.tags("tags", self.tags)?,
            tags_all: names.tags("allTags", self.all_tags)?,
            persons: names.persons("authors", self.authors)?,
            genres: values("genres", self.genres)?.into_iter().map(Into::into).collect(),
            exact_locale: self.exact_locale,
            include_withdrawn: self.include_withdrawn,
            ..published(self.published_at)
        })
    }
}

impl ListFilter for DecreeFilter {
    fn resolve(self, ctx: &Context<'_>) -> Result<Filter, Error> {
        let names = Names { ctx };
        let signed_on = self.signed_on.unwrap_or(DateRange { from: None, before: None });
        let status = match self.status {
            None => None,
            Some(statuses) => {
                let on = self.status_as_of.map_or_else(|| today(ctx), |date| date.0);
                Some((values("status", Some(statuses))?.into_iter().map(Into::into).collect(), on))
            }
        };
        Ok(Filter {
            categories: names.categories(self.categories)?,
            include_descendants: self.include_descendants,
            tags_any: names.tags("tags", self.tags)?,
            tags_all: names.tags("allTags", self.all_tags)?,
            persons: names.persons("signatories", self.signatories)?,
            document_types: values("documentTypes", self.document_types)?.into_iter().map(Into::into).collect(),
            number: self.number,
            signed_from: signed_on.from.map(|date| date.0),
            signed_before: signed_on.before.map(|date| date.0),
            status,
            exact_locale: self.exact_locale,
            include_withdrawn: self.include_withdrawn,
            ..published(self.published_at)
        })
    }
}

impl ListFilter for PublicationFilter {
    fn resolve(self, ctx: &Context<'_>) -> Result<Filter, Error> {
        let names = Names { ctx };
        Ok(Filter {
            categories: names.categories(self.categories)?,
            include_descendants: self.include_descendants,
            tags_any: names.tags("tags", self.tags)?,
            tags_all: names.tags("allTags", self.all_tags)?,
            exact_locale: self.exact_locale,
            include_withdrawn: self.include_withdrawn,
            ..published(self.published_at)
        })
    }
}

fn published(range: Option<DateTimeRange>) -> Filter {
    let range = range.unwrap_or(DateTimeRange { from: None, before: None });
    Filter {
        published_from: range.from.map(|at| at.0),
        published_before: range.before.map(|at| at.0),
        ..Filter::default()
    }
}

/// The values of a condition; an empty list is refused, because it could be meant as "none" or as "any".
pub(super) fn values<T>(field: &str, given: Option<Vec<T>>) -> Result<Vec<T>, Error> {
    let Some(given) = given else { return Ok(Vec::new()) };
    if given.is_empty() {
        return Err(Error::new(ErrorCode::BadUserInput, format!("{field} is empty: leave it out, or give a value")));
    }
    if given.len() > MAX_VALUES {
        return Err(Error::new(
            ErrorCode::BadUserInput,
            format!("{field} has {} values; at most {MAX_VALUES} can be given", given.len()),
        ));
    }
    Ok(given)
}

/// Names of reference data in a filter. A name that nothing has, or only what readers cannot see, stands for the nil id, which nothing is filed
/// under: the condition holds for no entry.
pub(super) struct Names<'a, 'b> {
    pub(super) ctx: &'a Context<'b>,
}

impl Names<'_, '_> {
    pub(super) fn categories(&self, paths: Option<Vec<String>>) -> Result<Vec<CategoryId>, Error> {
        let tree = request(self.ctx).known().categories();
        let id = |path: String| tree.by_path(&path).map_or(CategoryId::from(Uuid::nil()), |category| category.id);
        Ok(values("categories", paths)?.into_iter().map(id).collect())
    }

    pub(super) fn tags(&self, field: &str, slugs: Option<Vec<String>>) -> Result<Vec<TagId>, Error> {
        let known = request(self.ctx).known();
        let id = |slug: String| {
            let tag = Slug::parse(&slug).ok().and_then(|slug| known.live_tag_by_slug(&slug));
            tag.map_or(TagId::from(Uuid::nil()), |tag| tag.id)
        };
        Ok(values(field, slugs)?.into_iter().map(id).collect())
    }

    pub(super) fn persons(&self, field: &str, slugs: Option<Vec<String>>) -> Result<Vec<PersonId>, Error> {
        let known = request(self.ctx).known();
        let id = |slug: String| {
            let person = Slug::parse(&slug).ok().and_then(|slug| known.live_person_by_slug(&slug));
            person.map_or(PersonId::from(Uuid::nil()), |person| person.id)
        };
        Ok(values(field, slugs)?.into_iter().map(id).collect())
    }
}
