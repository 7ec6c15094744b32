//! What is said of the addresses that items had on an old site.

use std::collections::{HashMap, HashSet};

use courant_domain::id::EntryId;
use courant_persistence::{LedPaths, Overtaken};

use crate::report::Report;

/// The items of an import for which old addresses are kept. Something live that comes later may have one of them: then what is said of
/// both is the same as if they had come at once.
#[derive(Default)]
pub(super) struct Waiting {
    places: HashMap<EntryId, String>,
    shared: HashSet<(EntryId, String)>,
}

impl Waiting {
    /// Says what became of an item's old addresses.
    pub(super) fn note(&mut self, report: &mut Report, place: &str, entry: EntryId, led: LedPaths) {
        report.old_paths += led.led;
        report.waiting_paths += led.waiting;
        for (path, why) in led.taken {
            report.problem(place, leads_nowhere(&path, &why));
        }
        if led.waiting > 0 || !led.shared.is_empty() {
            self.places.insert(entry, place.to_owned());
        }
        for path in led.shared {
            report.problem(place, is_shared(&path));
            self.shared.insert((entry, path));
        }
        for Overtaken { path, entry, by } in led.overtaken {
            // What came by another import was counted there.
            let Some(place) = self.places.get(&entry) else { continue };
            let why = leads_nowhere(&path, &format!("it leads to {by} already"));
            if self.shared.remove(&(entry, path.clone())) {
                let said = is_shared(&path);
                report.problems.retain(|problem| problem.place != *place || problem.message != said);
            } else {
                report.waiting_paths = report.waiting_paths.saturating_sub(1);
            }
            report.problem(place, why);
        }
    }
}

fn leads_nowhere(path: &str, why: &str) -> String {
    format!("its old address {path} leads nowhere new: {why}")
}

fn is_shared(path: &str) -> String {
    format!(
        "its old address {path} is kept for another text that is not live, too: it leads to the first that goes live"
    )
}
