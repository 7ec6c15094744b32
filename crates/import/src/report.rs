//! What became of a source.

use std::collections::{BTreeMap, HashMap};

use courant_domain::{locale::Locale, slug::Slug, workflow::State};
use courant_syndication::{Import, Problem, SourceFormat};

use crate::merge::Outcome;

/// What became of a source.
#[derive(Debug)]
pub struct Report {
    /// What it was recognised as.
    pub format: SourceFormat,
    /// The name of its site or feed.
    pub title: Option<String>,
    /// What is to be said of it as a whole.
    pub notes: Vec<Note>,
    /// How many items are new.
    pub created: u64,
    /// How many have changed.
    pub updated: u64,
    /// How many are as they were.
    pub unchanged: u64,
    /// Those that did not go in, and why.
    pub refused: Vec<Problem>,
    /// Those whose source has changed what was changed here, too, so that it stays as it is here: place and title.
    pub kept: Vec<String>,
    /// The slugs that were numbered because theirs were taken.
    pub renamed: Vec<Slug>,
    /// Of those that are new or updated, how many are not live, by state.
    pub unpublished: HashMap<State, u64>,
    /// What could not be read or taken in as it stands.
    pub problems: Vec<Problem>,
    /// Content that has no home here, by name.
    pub lost: BTreeMap<String, u64>,
    /// What else has none, by name.
    pub unmapped: BTreeMap<String, u64>,
    /// How many items there are of each type of post that is no article.
    pub post_types: BTreeMap<String, u64>,
    /// How many old addresses lead to what went in.
    pub old_paths: u64,
    /// How many old addresses of categories, tags, authors and feeds lead to theirs.
    pub term_paths: u64,
    /// How many are kept for what is not live yet, to lead to it once it is.
    pub waiting_paths: u64,
    /// How many items are in another language than the rest, by the one of the site's that they went in in.
    pub languages: BTreeMap<Locale, u64>,
    /// How many further categories of articles went in as tags: an article is filed in one.
    pub further_categories: u64,
    /// How many items there were.
    pub items: u64,
    /// Whether the import was stopped before all of them were in.
    pub is_stopped: bool,
}

/// Something to be said of a source as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// It is in a language which the site is not; its articles went in in the site's default one.
    OtherLanguage {
        /// The one it is in.
        language: Locale,
        /// The one its articles went in in.
        default: Locale,
    },
    /// It names no language; its articles went in in the site's default one.
    NoLanguage {
        /// The one its articles went in in.
        default: Locale,
    },
}

impl Report {
    /// That of a source of which nothing is in yet.
    pub(crate) fn of(import: &Import, items: u64) -> Self {
        Self {
            format: import.format,
            title: import.title.clone(),
            notes: Vec::new(),
            created: 0,
            updated: 0,
            unchanged: 0,
            refused: Vec::new(),
            kept: Vec::new(),
            renamed: Vec::new(),
            unpublished: HashMap::new(),
            problems: Vec::new(),
            lost: BTreeMap::new(),
            unmapped: BTreeMap::new(),
            post_types: BTreeMap::new(),
            old_paths: 0,
            term_paths: 0,
            waiting_paths: 0,
            languages: BTreeMap::new(),
            further_categories: 0,
            items,
            is_stopped: false,
        }
    }

    /// Takes in what is said of the source when all of it was read.
    pub(crate) fn read(&mut self, import: Import) {
        self.problems.extend(import.problems);
        for (name, count) in import.lost {
            *self.lost.entry(name).or_default() += count;
        }
        self.unmapped = import.unmapped;
        self.post_types = import.post_types;
    }

    pub(crate) fn problem(&mut self, place: &str, message: String) {
        self.problems.push(Problem { place: place.to_owned(), message });
    }

    pub(crate) fn outcome(&mut self, place: String, title: &str, state: State, outcome: Outcome) {
        match outcome {
            Outcome::Created { renamed } => {
                self.created += 1;
                self.renamed.extend(renamed);
            }
            Outcome::Updated => self.updated += 1,
            Outcome::Unchanged => {
                self.unchanged += 1;
                return;
            }
            Outcome::Older => {
                self.unchanged += 1;
                self.problem(&place, "it is older than what was brought before, which stays".to_owned());
                return;
            }
            Outcome::Kept { updated } => {
                self.updated += u64::from(updated);
                self.kept.push(format!("{place}: {title}"));
                return;
            }
            Outcome::Refused(error) => {
                self.refused.push(Problem { place, message: error.to_string() });
                return;
            }
        }
        if !matches!(state, State::Published | State::Withdrawn) {
            *self.unpublished.entry(state).or_default() += 1;
        }
    }

    /// Whether everything that was to go in is in.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        // The readers say so of what is broken, and of nothing else.
        let left_out = |problem: &Problem| problem.message.contains("left out");
        // There was something in the source, and nothing of it was to go in.
        let is_empty_handed = self.items == 0 && !self.post_types.is_empty();
        !self.is_stopped && self.refused.is_empty() && !is_empty_handed && !self.problems.iter().any(left_out)
    }

    /// Whether content was lost.
    #[must_use]
    pub fn has_lost(&self) -> bool {
        !self.lost.is_empty()
    }
}
