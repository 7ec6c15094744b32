//! Searching: hits with the parts of them that fit, how many there are of which sort, and what was meant.

mod facet;
mod filter;
mod hit;

use std::sync::Arc;

use async_graphql::{Context, Object};
use courant_domain::{
    id::EntryId,
    locale::Locale as LocaleTag,
    page::{PageArguments, PageRequest},
    site::SiteLocale,
};
use courant_persistence::publication::{Parts, Publication as Edition};
use courant_search::{Ask, Cursor, Dimension, Facets, Found, Matcher, Request, SearchError, SearchIndex};

pub(super) use self::filter::{SearchFilter, SearchOrder};
use self::{
    facet::SearchFacets,
    hit::{Hit, SearchEdge},
};
use super::{
    connection::{MAX_PAGE, PageInfo, page_error},
    context::request,
    projection,
    publication::Publication,
    scalar::Locale,
};
use crate::{
    error::{Error, ErrorCode},
    executor::{Eager, EagerList, ResolveEagerly},
    loader::{GoneSince, ReaderEditionOf},
};

/// The most completions that are given at once.
const MAX_SUGGESTED: i32 = 20;

/// What hits are counted by.
const DIMENSIONS: [Dimension; 6] =
    [Dimension::Kind, Dimension::Category, Dimension::Tag, Dimension::Year, Dimension::Signatory, Dimension::Language];

/// The arguments of a search.
pub(super) struct Arguments {
    pub(super) query: String,
    pub(super) locale: Option<Locale>,
    pub(super) filter: Option<SearchFilter>,
    pub(super) order: SearchOrder,
    pub(super) first: Option<i32>,
    pub(super) after: Option<String>,
}

/// What was found: a page of hits.
pub(crate) struct SearchConnection {
    hits: Arc<[Hit]>,
    total: u64,
    has_next: bool,
    has_previous: bool,
    facets: Facets,
    did_you_mean: Option<String>,
    locale: LocaleTag,
}

impl ResolveEagerly for SearchConnection {}

/// Searches what readers of a locale get.
pub(super) async fn search(ctx: &Context<'_>, arguments: Arguments) -> Result<SearchConnection, Error> {
    let context = request(ctx);
    // The index lags behind the change log, so no answer of it is known to hold.
    context.recorder.give_up();
    let Arguments { query, locale, filter, order, first, after } = arguments;
    let locale = context.locale(locale.map(|locale| locale.0))?;
    let sizes = PageArguments { first: first.map(i64::from), ..PageArguments::default() };
    let page = PageRequest::parse(&sizes, MAX_PAGE, || 0).map_err(page_error)?;
    let after = after.map(|after| after.parse::<Cursor>()).transpose().map_err(|error| of_search(&error))?;
    let mut asked = asked(ctx, &query, locale, after).await?;
    asked.filter = filter.map(|filter| filter.resolve(ctx)).transpose()?.unwrap_or_default();
    asked.order = order.into();
    asked.first = page.size as usize;
    let selected = |name: &str| ctx.field().selection_set().any(|field| field.name() == name);
    if selected("facets") {
        asked.facets = DIMENSIONS.to_vec();
    }
    let (index, wants_meant) = (context.search.clone(), selected("didYouMean"));
    let (asked, found, did_you_mean) = apart(&context.search, move || {
        let found = index.search(&asked)?;
        let meant = if wants_meant { index.did_you_mean(&query, &asked, found.strict)? } else { None };
        Ok((asked, found, meant))
    })
    .await?;
    let hits = hits(ctx, &found, &asked, locale).await?;
    let Found { total, has_next, facets, .. } = found;
    Ok(SearchConnection { hits, total, has_next, has_previous: after.is_some(), facets, did_you_mean, locale })
}

/// How what is being typed may go on.
pub(super) async fn suggest(
    ctx: &Context<'_>,
    query: String,
    locale: Option<Locale>,
    first: i32,
) -> Result<Vec<String>, Error> {
    let context = request(ctx);
    context.recorder.give_up();
    if !(0..=MAX_SUGGESTED).contains(&first) {
        return Err(Error::new(ErrorCode::PageTooLarge, format!("first is to be from 0 to {MAX_SUGGESTED}")));
    }
    let locale = context.locale(locale.map(|locale| locale.0))?;
    let mut asked = asked(ctx, &query, locale, None).await?;
    asked.first = usize::try_from(first).unwrap_or_default();
    let index = context.search.clone();
    apart(&context.search, move || index.suggest(&query, &asked)).await
}

/// A search for what was typed, by readers of a locale.
async fn asked(ctx: &Context<'_>, query: &str, locale: LocaleTag, after: Option<Cursor>) -> Result<Request, Error> {
    let context = request(ctx);
    let ask = Ask::read(query, |field, value| filter::narrow(ctx, field, value));
    let site = context.site();
    let chain = |locale: &SiteLocale| site.chain(locale.tag).map(|locale| locale.to_string()).collect::<Vec<_>>();
    Ok(Request {
        ask,
        reader: locale.to_string(),
        languages: site.chain(locale).map(|locale| locale.to_string()).collect(),
        filter: courant_search::Filter::default(),
        order: courant_search::Order::default(),
        first: 0,
        after,
        gone: gone(ctx, &context.search, after).await?,
        facets: Vec::new(),
        fallbacks: courant_search::fallbacks(site.locales.iter().map(chain)),
    })
}

/// What the index has still, and readers have not.
async fn gone(
    ctx: &Context<'_>,
    index: &SearchIndex,
    after: Option<Cursor>,
) -> Result<Vec<(uuid::Uuid, String)>, Error> {
    let context = request(ctx);
    let Some(seq) = index.seq(after).filter(|seq| *seq < *context.store.head().borrow()) else {
        return Ok(Vec::new());
    };
    let gone = context.live.load_one(GoneSince(seq)).await?.unwrap_or_default();
    Ok(gone.iter().map(|(entry, locale)| (entry.uuid(), locale.to_string())).collect())
}

/// Searches where that holds nobody up.
async fn apart<T: Send + 'static>(
    index: &SearchIndex,
    search: impl FnOnce() -> Result<T, SearchError> + Send + 'static,
) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(search).await;
    // What reads a damaged file may panic.
    let done = done.unwrap_or_else(|error| Err(SearchError::Damaged(error.to_string())));
    if matches!(done, Err(SearchError::Damaged(_))) {
        index.lose();
    }
    done.map_err(|error| of_search(&error))
}

fn of_search(error: &SearchError) -> Error {
    match error {
        SearchError::Rebuilding(progress) => {
            let progress = progress.filter(|progress| progress.total > 0);
            let progress = progress.map(|progress| format!(": {progress} texts are in it")).unwrap_or_default();
            let message = format!("the search is being made ready{progress}; try again in a moment");
            Error::new(ErrorCode::SearchRebuilding, message)
        }
        SearchError::BadCursor => Error::new(ErrorCode::BadCursor, "this is no cursor of this search"),
        other => {
            tracing::error!(error = %other, "cannot search");
            Error::new(ErrorCode::Unavailable, "the search is unavailable; try again in a moment")
        }
    }
}

/// The hits as readers see them now: what was taken back meanwhile is left out.
async fn hits(ctx: &Context<'_>, found: &Found, asked: &Request, locale: LocaleTag) -> Result<Arc<[Hit]>, Error> {
    let wants = |name: &str| {
        let field = ctx.field();
        let mut edges = field.selection_set().filter(|field| field.name() == "edges");
        edges.any(|edges| edges.selection_set().any(|field| field.name() == name))
    };
    let mut parts = projection::of_connection(ctx).parts;
    if wants("highlightedTitle") {
        parts = parts.union(Parts::TITLE);
    }
    if wants("fragments") {
        parts = parts.union(Parts::SUMMARY).union(Parts::TEXT);
    }
    let key = |entry: uuid::Uuid| ReaderEditionOf { entry: EntryId::from(entry), reader: locale, parts };
    let keys: Vec<ReaderEditionOf> = found.hits.iter().map(|hit| key(hit.entry)).collect();
    let mut editions = request(ctx).live.load_many(keys.iter().cloned()).await?;
    let matcher = Arc::new(asked.matcher());
    let hits = found.hits.iter().zip(keys).filter_map(|(hit, key)| {
        let edition: Arc<Edition> = editions.remove(&key)?;
        Some(Hit { edition, cursor: hit.cursor, matcher: Arc::clone(&matcher) })
    });
    Ok(hits.collect())
}

/// What was found: a page of hits.
#[Object]
impl SearchConnection {
    /// The page's edges: each hit with its cursor, and with what fits in it.
    async fn edges(&self) -> EagerList<SearchEdge> {
        self.hits.iter().cloned().map(SearchEdge).collect()
    }

    /// The page's hits, for clients that need nothing else of them.
    async fn nodes(&self) -> EagerList<Publication> {
        self.hits.iter().map(|hit| Publication::of(hit.edition.clone())).collect()
    }

    /// Where the page lies among the hits.
    async fn page_info(&self) -> PageInfo {
        let cursor = |hit: Option<&Hit>| hit.map(|hit| hit.cursor.to_string());
        PageInfo {
            has_next_page: self.has_next,
            has_previous_page: self.has_previous,
            start_cursor: cursor(self.hits.first()),
            end_cursor: cursor(self.hits.last()),
        }
    }

    /// How many hits there are on all pages, as the index has them: exact, but for what was published within the last second. While the index is
    /// built anew for other languages or fallbacks of the site, only what is in the reader's own language is a hit, so that there are at least so many.
    async fn total_count(&self) -> u64 {
        self.total
    }

    /// How many hits there are of each sort.
    async fn facets(&self) -> Eager<SearchFacets> {
        Eager(SearchFacets::new(self.facets.clone(), self.locale))
    }

    /// Where few or none have all that was asked for, the same query with words that are in the texts, which finds more; null when there is none.
    async fn did_you_mean(&self) -> Option<&str> {
        self.did_you_mean.as_deref()
    }
}

/// Shares what knows where a text fits.
type Matches = Arc<Matcher>;
