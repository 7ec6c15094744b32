//! What became of an imported file.

use std::{collections::BTreeMap, fmt};

use courant_domain::workflow::State;
use courant_persistence::Outcome;
use courant_syndication::{Import, Problem};

#[derive(Debug)]
pub(super) struct Report {
    what: String,
    notes: Vec<String>,
    created: u64,
    updated: u64,
    unchanged: u64,
    refused: Vec<Problem>,
    /// Where its source has changed what was changed here, too.
    kept: Vec<String>,
    renamed: Vec<String>,
    /// Of those that are new or updated, how many are not published.
    unpublished: BTreeMap<&'static str, u64>,
    problems: Vec<Problem>,
    unmapped: BTreeMap<String, u64>,
    further_categories: u64,
}

impl Report {
    pub(super) fn of(import: &Import) -> Self {
        let title = import.title.as_deref().map(|title| format!(" of {title:?}")).unwrap_or_default();
        Self {
            what: format!("{}{title}", import.format),
            notes: Vec::new(),
            created: 0,
            updated: 0,
            unchanged: 0,
            refused: Vec::new(),
            kept: Vec::new(),
            renamed: Vec::new(),
            unpublished: BTreeMap::new(),
            problems: import.problems.clone(),
            unmapped: import.unmapped.clone(),
            further_categories: 0,
        }
    }

    pub(super) fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    pub(super) fn problem(&mut self, place: &str, message: String) {
        self.problems.push(Problem { place: place.to_owned(), message });
    }

    pub(super) fn further_category(&mut self) {
        self.further_categories += 1;
    }

    /// Whether everything that was to go in is in.
    pub(super) fn is_complete(&self) -> bool {
        // The readers say so of what is broken, and of nothing else.
        let left_out = |problem: &Problem| problem.message.contains("left out");
        self.refused.is_empty() && !self.problems.iter().any(left_out)
    }

    pub(super) fn outcome(&mut self, place: String, title: &str, state: State, outcome: Outcome) {
        match outcome {
            Outcome::Created { renamed } => {
                self.created += 1;
                self.renamed.extend(renamed.into_iter().map(String::from));
            }
            Outcome::Updated => self.updated += 1,
            Outcome::Unchanged => {
                self.unchanged += 1;
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
        let state = match state {
            State::Published | State::Withdrawn => return,
            State::Draft => "drafts",
            State::InReview => "waiting for review",
            State::Scheduled => "scheduled",
            State::Archived => "archived",
        };
        *self.unpublished.entry(state).or_default() += 1;
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.what)?;
        let refused = self.refused.len();
        write!(
            f,
            "  {} created, {} updated, {} unchanged, {refused} refused",
            self.created, self.updated, self.unchanged
        )?;
        match self.kept.len() {
            0 => writeln!(f)?,
            kept => writeln!(f, ", {kept} kept as changed here")?,
        }
        if !self.unpublished.is_empty() {
            let states: Vec<String> =
                self.unpublished.iter().map(|(state, count)| format!("{count} {state}")).collect();
            writeln!(f, "  of these not published: {}", states.join(", "))?;
        }
        for note in &self.notes {
            writeln!(f, "  {note}")?;
        }
        if self.further_categories > 0 {
            writeln!(f, "  {} further categories of articles went in as tags", self.further_categories)?;
        }
        if !self.renamed.is_empty() {
            writeln!(f, "  numbered, because their addresses were taken: {}", self.renamed.join(", "))?;
        }
        if !self.kept.is_empty() {
            writeln!(f, "  changed here since, so that what their source has changed is left out:")?;
        }
        for place in &self.kept {
            writeln!(f, "    {place}")?;
        }
        for (what, problems) in [("refused", &self.refused), ("problems", &self.problems)] {
            if !problems.is_empty() {
                writeln!(f, "  {what}:")?;
            }
            for Problem { place, message } in problems {
                writeln!(f, "    {place}: {message}")?;
            }
        }
        if !self.unmapped.is_empty() {
            writeln!(f, "  not taken in, because nothing here corresponds to it:")?;
        }
        for (name, count) in &self.unmapped {
            writeln!(f, "    {count:>6}  {name}")?;
        }
        Ok(())
    }
}
