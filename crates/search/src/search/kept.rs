//! What was found, for whoever asks the same again while the index is the same.

use std::mem::size_of;

use quick_cache::{Weighter, sync::Cache};
use uuid::Uuid;

use super::{Found, Hit, Request};
use crate::error::SearchError;

/// How much is kept, in bytes.
const BYTES: u64 = 8 << 20;
/// What most of it takes for one search, facets included.
const USUAL: u64 = 8 << 10;
/// What a value with its count takes in a facet.
const VALUE: usize = 96;
/// What the words of a search take, and its other parts that are bounded.
const ASK: usize = 2 << 10;

/// What was found in which state of the index. A search says what is gone that the index still has, so what is kept is as new as what it says.
pub(crate) struct Kept(Option<Cache<(u32, Request), Found, Weight>>);

#[derive(Clone)]
struct Weight;

impl Weighter<(u32, Request), Found> for Weight {
    fn weight(&self, (_, request): &(u32, Request), found: &Found) -> u64 {
        let of_facets: usize = found.facets.values().map(|counts| counts.len() * VALUE).sum();
        let filter = &request.filter;
        let named = [&filter.categories, &filter.tags, &filter.signatories].into_iter().flatten().map(Vec::len);
        let of_request = ASK + size_of_val(&*request.gone) + named.sum::<usize>() * size_of::<Uuid>();
        (of_request + found.hits.len() * size_of::<Hit>() + of_facets) as u64
    }
}

impl Kept {
    pub(crate) fn new() -> Self {
        Self(Some(Cache::with_weighter((BYTES / USUAL) as usize, BYTES, Weight)))
    }

    /// Keeps nothing.
    pub(crate) const fn nothing() -> Self {
        Self(None)
    }

    /// What is kept, or else is found now. Who asks the same at the same time waits for it.
    pub(super) fn or_found(
        &self,
        state: u32,
        request: &Request,
        find: impl FnOnce() -> Result<Found, SearchError>,
    ) -> Result<Found, SearchError> {
        match &self.0 {
            Some(cache) => cache.get_or_insert_with(&(state, request.clone()), find),
            None => find(),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        facet::Facets,
        query::{Ask, Filter},
        rank::Order,
    };

    use super::*;

    fn request(typed: &str) -> Request {
        Request {
            ask: Ask::read(typed, |_, _| None),
            reader: "en".to_owned(),
            languages: vec!["en".to_owned()],
            filter: Filter::default(),
            order: Order::Relevance,
            first: 10,
            after: None,
            gone: Vec::new(),
            facets: Vec::new(),
            fallbacks: 0,
        }
    }

    /// How often something had to be found.
    fn found(kept: &Kept, asked: &[(u32, Request)]) -> u64 {
        let mut times = 0;
        for (state, request) in asked {
            let nothing =
                Found { hits: Vec::new(), total: 0, strict: 0, has_next: false, facets: Facets::new(), seq: 1 };
            kept.or_found(*state, request, || {
                times += 1;
                Ok(nothing)
            })
            .unwrap();
        }
        times
    }

    #[test]
    fn what_is_asked_again_is_found_once_in_a_state_of_the_index() {
        let mut without = request("harbour");
        without.gone = vec![(Uuid::from_u128(7), "en".to_owned())];
        let asked = [(1, request("harbour")), (1, request("ferry")), (1, without), (2, request("harbour"))];
        let twice = [asked.clone(), asked.clone()].concat();
        assert_eq!(found(&Kept::new(), &twice), 4);
        assert_eq!(found(&Kept::nothing(), &twice), 8);
    }

    #[test]
    fn what_failed_is_tried_again() {
        let kept = Kept::new();
        let failed = kept.or_found(1, &request("harbour"), || Err(SearchError::Rebuilding(None)));
        assert!(matches!(failed, Err(SearchError::Rebuilding(None))));
        assert_eq!(found(&kept, &[(1, request("harbour")), (1, request("harbour"))]), 1);
    }
}
