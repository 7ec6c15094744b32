//! What becomes of the languages in which a source brought a text before. It has a text in one language at a time: what it says of it
//! now, it says of what it called it then, too.

use courant_domain::{locale::Locale, workflow::State};
use courant_persistence::ImportedEntry;

use crate::incoming::{Incoming, IncomingText, IncomingVersion};

/// Adds to what comes in what it says of the languages that were brought before.
///
/// What its source took back, readers get in none of them, whatever language a notice or a tombstone names. What its source has
/// in another language now, and says so, is put away in the one it was in. The same text from two sources that each are in one language
/// is there in both.
pub(super) fn settle(item: &mut Incoming, known: &ImportedEntry) {
    let is_live = |locale: &Locale| known.editions.iter().any(|live| live.locale == *locale);
    let is_put_away =
        |locale: &Locale| known.standings.iter().any(|it| it.locale == *locale && it.standing.state == State::Archived);
    // What an import brought is noted since there are baselines: beside one that is, a language without was made here.
    let noted =
        |locale: Locale| known.standings.iter().any(|it| it.locale == locale && it.standing.import_baseline.is_some());
    let is_noted = known.standings.iter().any(|it| it.standing.import_baseline.is_some());
    let brought = known.brought.iter().map(|revision| revision.locale);
    let brought: Vec<Locale> = brought.filter(|locale| !is_noted || noted(*locale)).collect();
    let Some(first) = item.versions.first().cloned() else { return };
    if item.versions.iter().all(|version| version.text != IncomingText::Whole) {
        let live: Vec<Locale> = brought.iter().copied().filter(is_live).collect();
        let of = if live.is_empty() { brought } else { live };
        if !of.is_empty() {
            let versions = std::mem::take(&mut item.versions);
            let own = |locale| versions.iter().find(|version| version.locale == locale).unwrap_or(&first).clone();
            item.versions = of.into_iter().map(|locale| IncomingVersion { locale, ..own(locale) }).collect();
        }
        return;
    }
    // What is held back here takes nothing's place.
    if item.versions.iter().any(|version| version.held) {
        return;
    }
    let is_public =
        |version: &IncomingVersion| matches!(version.state, State::Published | State::Scheduled | State::Withdrawn);
    let state = match item.versions.iter().any(is_public) {
        false => first.state,
        true if item.names_language => State::Archived,
        true => return,
    };
    let given: Vec<Locale> = item.versions.iter().map(|version| version.locale).collect();
    let others = brought.into_iter().filter(|locale| !given.contains(locale) && !is_put_away(locale));
    item.versions.extend(others.map(|locale| IncomingVersion {
        locale,
        state,
        text: IncomingText::Gone,
        withdrawal: None,
        ..first.clone()
    }));
}
