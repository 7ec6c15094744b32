//! What became of an imported file, in words.

use std::{collections::BTreeMap, fmt};

use courant_domain::workflow::State;
use courant_import::{Note, Problem, ProblemKind, Report, problem_kinds};

/// So many lines of one sort are shown one by one; of more, each kind with its count.
const MOST: usize = 20;

/// A report as it is shown; in full, or with kinds and counts where there is much of one sort.
pub(super) struct Shown<'a, N> {
    pub(super) report: &'a Report,
    /// What its file is called.
    pub(super) name: N,
    /// The types of post that went in.
    pub(super) post_types: &'a [String],
    pub(super) in_full: bool,
}

impl<N: fmt::Display> fmt::Display for Shown<'_, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { report, name, .. } = self;
        if report.has_lost() {
            let lost: Vec<String> = by_count(&report.lost).map(|(name, count)| format!("{count} {name}")).collect();
            writeln!(f, "{name}: content was lost: {}", shortened(&lost, self.in_full))?;
        }
        let title = report.title.as_deref().map(|title| format!(" of {title:?}")).unwrap_or_default();
        writeln!(f, "{name}: {}{title}", report.format)?;
        let refused = report.refused.len();
        let Report { created, updated, unchanged, .. } = report;
        write!(f, "  {created} created, {updated} updated, {unchanged} unchanged, {refused} refused")?;
        match report.kept.len() {
            0 => writeln!(f)?,
            kept => writeln!(f, ", {kept} kept as changed here")?,
        }
        if !report.unpublished.is_empty() {
            let mut states: Vec<(&str, u64)> =
                report.unpublished.iter().map(|(state, count)| (in_words(*state), *count)).collect();
            states.sort_unstable();
            let states: Vec<String> = states.into_iter().map(|(state, count)| format!("{count} {state}")).collect();
            writeln!(f, "  of these not published: {}", states.join(", "))?;
        }
        self.post_types(f)?;
        for note in &report.notes {
            match note {
                Note::OtherLanguage { language, default } => writeln!(
                    f,
                    "  it is in {language}, which the site is not; its articles went in as {default}, the site's \
                     default. To change that, add the language with `courant site set --locales` before"
                ),
                Note::NoLanguage { default } => {
                    writeln!(f, "  it names no language; its articles went in as {default}, the site's default")
                }
            }?;
        }
        if !report.languages.is_empty() {
            let languages: Vec<String> =
                report.languages.iter().map(|(language, count)| format!("{count} in {language}")).collect();
            writeln!(f, "  by their own language: {}", languages.join(", "))?;
        }
        if report.old_paths > 0 {
            writeln!(f, "  {} old addresses lead to them", report.old_paths)?;
        }
        if report.term_paths > 0 {
            writeln!(f, "  {} old addresses of categories, tags, authors and feeds lead to theirs", report.term_paths)?;
        }
        if report.waiting_paths > 0 {
            let waiting = report.waiting_paths;
            writeln!(f, "  {waiting} old addresses are kept for what is not live, and lead to it once it is")?;
        }
        if report.further_categories > 0 {
            writeln!(f, "  {} further categories of articles went in as tags", report.further_categories)?;
        }
        if !report.renamed.is_empty() {
            let renamed: Vec<String> = report.renamed.iter().map(ToString::to_string).collect();
            let renamed = shortened(&renamed, self.in_full);
            writeln!(f, "  numbered, because their addresses were taken: {renamed}")?;
        }
        if !report.kept.is_empty() {
            writeln!(f, "  changed here since, so that what their source has changed is left out:")?;
        }
        for place in report.kept.iter().take(self.most()) {
            writeln!(f, "    {place}")?;
        }
        self.rest(f, report.kept.len())?;
        self.problems(f, "refused", &report.refused)?;
        self.problems(f, "problems", &report.problems)?;
        if !report.unmapped.is_empty() {
            writeln!(f, "  not taken in, because nothing here corresponds to it:")?;
        }
        for (name, count) in by_count(&report.unmapped).take(self.most()) {
            writeln!(f, "    {count:>6}  {name}")?;
        }
        self.rest(f, report.unmapped.len())
    }
}

impl<N> Shown<'_, N> {
    /// Says which types of post were left out, and how they are taken in.
    fn post_types(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let left_out = &self.report.post_types;
        if left_out.is_empty() {
            return Ok(());
        }
        let all: Vec<&str> = self.post_types.iter().chain(left_out.keys()).map(String::as_str).collect();
        let left_out: Vec<String> = left_out.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        writeln!(
            f,
            "  types of post that were not taken in: {}; with --post-types {} they are",
            left_out.join(", "),
            all.join(",")
        )
    }

    fn most(&self) -> usize {
        if self.in_full { usize::MAX } else { MOST }
    }

    /// Says how many lines are not shown.
    fn rest(&self, f: &mut fmt::Formatter<'_>, lines: usize) -> fmt::Result {
        match lines.saturating_sub(self.most()) {
            0 => Ok(()),
            more => writeln!(f, "    and {more} more, which --verbose or --report shows"),
        }
    }

    /// Problems, one by one while they are few; else the kinds there are of them, each with its count and first place.
    fn problems(&self, f: &mut fmt::Formatter<'_>, what: &str, problems: &[Problem]) -> fmt::Result {
        if problems.is_empty() {
            return Ok(());
        }
        if problems.len() > MOST {
            writeln!(f, "  {what}: {}, by kind", problems.len())?;
            let kinds = problem_kinds(problems);
            for ProblemKind { kind, count, first } in kinds.iter().take(self.most()) {
                writeln!(f, "    {count:>6}  {kind} (first: {first})")?;
            }
            self.rest(f, kinds.len())?;
            if !self.in_full {
                return writeln!(f, "    --verbose shows each with its place, --report writes them to a file");
            }
        }
        writeln!(f, "  {what}:")?;
        for Problem { place, message } in problems {
            writeln!(f, "    {place}: {message}")?;
        }
        Ok(())
    }
}

fn in_words(state: State) -> &'static str {
    match state {
        State::Published | State::Withdrawn => "live",
        State::Draft => "drafts",
        State::InReview => "waiting for review",
        State::Scheduled => "scheduled",
        State::Archived => "archived",
    }
}

/// Names with their counts, the greatest first.
fn by_count(counts: &BTreeMap<String, u64>) -> impl Iterator<Item = (&String, u64)> {
    let mut counts: Vec<(&String, u64)> = counts.iter().map(|(name, count)| (name, *count)).collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.into_iter()
}

fn shortened(names: &[String], in_full: bool) -> String {
    match names.len().checked_sub(MOST) {
        Some(more) if more > 0 && !in_full => format!("{} and {more} more", names[..MOST].join(", ")),
        _ => names.join(", "),
    }
}
