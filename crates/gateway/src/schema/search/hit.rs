//! A hit, and what fits in it.

use std::sync::Arc;

use async_graphql::{Object, SimpleObject};
use courant_persistence::publication::Publication as Edition;
use courant_search::{Cursor, Fragment};

use super::Matches;
use crate::{
    error::{Error, ErrorCode},
    executor::{Eager, EagerList, ResolveEagerly},
    schema::publication::Publication,
};

/// The most fragments of one hit.
const MAX_FRAGMENTS: i32 = 5;
/// About how many letters a fragment has.
const LETTERS: usize = 200;

/// What was found, as readers see it now.
#[derive(Clone)]
pub(super) struct Hit {
    pub(super) edition: Arc<Edition>,
    pub(super) cursor: Cursor,
    pub(super) matcher: Matches,
}

/// A hit, with what fits in it.
pub(crate) struct SearchEdge(pub(super) Hit);

impl ResolveEagerly for SearchEdge {}

/// A hit, with what fits in it.
#[Object]
impl SearchEdge {
    /// The hit's place, to give to `after`.
    async fn cursor(&self) -> String {
        self.0.cursor.to_string()
    }

    /// The hit.
    async fn node(&self) -> Eager<Publication> {
        Eager(Publication::of(self.0.edition.clone()))
    }

    /// Its title, with what was looked for.
    async fn highlighted_title(&self) -> Eager<Highlighted> {
        let title = self.0.edition.title.as_deref().unwrap_or_default();
        Eager(self.0.matcher.whole(title, self.0.edition.locale.as_str()).into())
    }

    /// The parts of its text that fit best, in the order of the text; of its standfirst where nothing in the text does. None where only
    /// its title fits.
    async fn fragments(
        &self,
        #[graphql(default = 2, desc = "How many at the most; up to 5.")] first: i32,
    ) -> Option<Result<EagerList<Highlighted>, Error>> {
        if !(0..=MAX_FRAGMENTS).contains(&first) {
            let message = format!("first is to be from 0 to {MAX_FRAGMENTS}");
            return Some(Err(Error::new(ErrorCode::PageTooLarge, message)));
        }
        let most = usize::try_from(first).unwrap_or_default();
        let (edition, matcher) = (&self.0.edition, &self.0.matcher);
        let of = |text: &str| matcher.fragments(text, edition.locale.as_str(), most, LETTERS);
        let text = edition.body.as_deref().and_then(|body| body.text.as_deref());
        let mut found = text.map(of).unwrap_or_default();
        if found.is_empty() {
            found = edition.summary.as_deref().map(of).unwrap_or_default();
        }
        Some(Ok(found.into_iter().map(Highlighted::from).collect()))
    }
}

/// A text in which something was looked for.
#[derive(SimpleObject)]
pub(crate) struct Highlighted {
    /// The text.
    text: String,
    /// The text as HTML that is safe to put into a page: what was found is in `mark` elements, and all else is text.
    html: String,
    /// What was found in `text`.
    marks: Vec<TextRange>,
    /// Whether there is more of the text before it.
    cut_before: bool,
    /// Whether there is more of the text after it.
    cut_after: bool,
}

impl ResolveEagerly for Highlighted {}

/// A part of a text.
#[derive(SimpleObject)]
pub(crate) struct TextRange {
    /// Where it begins, in UTF-16 code units from the beginning of the text: what `slice` takes in JavaScript.
    start: u32,
    /// Where it ends: the place after its last code unit.
    end: u32,
}

impl From<Fragment> for Highlighted {
    fn from(fragment: Fragment) -> Self {
        let Fragment { text, marks, html, cut_before, cut_after } = fragment;
        let marks = marks.into_iter().map(|(start, end)| TextRange { start, end }).collect();
        Self { text, html, marks, cut_before, cut_after }
    }
}
