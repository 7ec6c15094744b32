//! Names that are given to the program and mean nothing to it, with what is meant, perhaps.

use std::collections::BTreeSet;

/// What all of our variables begin with.
const OURS: &str = "COURANT_";

/// What the project's own scripts and tests read.
const OF_SCRIPTS: [&str; 3] = ["COURANT_CACHE_DIR", "COURANT_UPDATE_GOLDEN", "COURANT_URL"];
const OF_TESTS: [&str; 2] = ["COURANT_TEST_", "COURANT_FAULT_"];

/// What is to be said of variables of the environment that look like ours and are none of the known ones.
#[must_use]
pub fn unknown_variables(known: &BTreeSet<String>, given: impl Iterator<Item = String>) -> Vec<String> {
    let is_unknown = |name: &String| {
        name.starts_with(OURS)
            && !known.contains(name)
            && !OF_SCRIPTS.contains(&name.as_str())
            && !OF_TESTS.iter().any(|tests| name.starts_with(tests))
    };
    let unknown: BTreeSet<String> = given.filter(is_unknown).collect();
    let said = |name: &String| {
        let meant = nearest(name, known.iter().map(String::as_str));
        format!("nothing reads the environment variable {name:?}{}", perhaps(meant))
    };
    unknown.iter().map(said).collect()
}

/// What is to be said of the parts of a log's filter that name nothing that writes to the log.
pub(crate) fn unknown_targets(filter: &str) -> Vec<String> {
    let named = filter.split(',').filter_map(target);
    named.filter(|named| !is_target(named)).map(said_of).collect()
}

/// The targets of our own lines: our crates, and the statements that are run.
const TARGETS: [&str; 17] = [
    "courant",
    "courant::sql",
    "courant_domain",
    "courant_fixtures",
    "courant_gateway",
    "courant_graphql",
    "courant_identity",
    "courant_import",
    "courant_migrations",
    "courant_options",
    "courant_outbound",
    "courant_persistence",
    "courant_reads",
    "courant_search",
    "courant_server",
    "courant_syndication",
    "courant_workers",
];

/// Those of libraries that one might want to hear.
const LIBRARIES: [&str; 8] = ["h2", "html5ever", "hyper", "hyper_util", "rustls", "sea_orm", "sqlx", "tower_http"];

/// The target that one part of a filter is for; none when it is a level for all, or a span's.
fn target(directive: &str) -> Option<&str> {
    let name = directive.split(['=', '[']).next()?.trim();
    let is_level = || name.parse::<tracing::level_filters::LevelFilter>().is_ok();
    let has_level = directive.contains('=') || directive.contains('[');
    (!name.is_empty() && (has_level || !is_level())).then_some(name)
}

fn is_target(named: &str) -> bool {
    let krate = named.split("::").next().unwrap_or(named);
    // A filter takes the beginning of a target for all of them.
    TARGETS.iter().any(|target| target.starts_with(named) || *target == krate) || LIBRARIES.contains(&krate)
}

fn said_of(named: &str) -> String {
    format!("--log names {named:?}, which writes nothing to the log{}", perhaps(nearest(named, TARGETS)))
}

/// The name most like one that is none, if one is like it.
fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let alike = names.into_iter().map(|known| (strsim::jaro_winkler(name, known), known));
    let alike = alike.filter(|(likeness, _)| *likeness > 0.9);
    alike.max_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, known)| known)
}

fn perhaps(meant: Option<&str>) -> String {
    meant.map(|meant| format!("; {meant} is meant, perhaps")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said_of_variables(names: &[&str]) -> Vec<String> {
        let known = ["COURANT_LISTEN", "COURANT_LOG", "COURANT_PUBLIC_URL"].map(str::to_owned).into();
        unknown_variables(&known, names.iter().map(|name| (*name).to_owned()))
    }

    #[test]
    fn what_is_read_is_passed_over() {
        let read = ["COURANT_LISTEN", "COURANT_LOG", "COURANT_TEST_POSTGRES_URL", "PATH", "COURANT"];
        assert_eq!(said_of_variables(&read), Vec::<String>::new());
    }

    #[test]
    fn what_is_not_read_is_told_with_what_is_meant() {
        let all =
            said_of_variables(&["COURANT_PUBLIC_URI", "COURANT_LISTEN_ADDRESS", "COURANT_XYZZY", "COURANT_XYZZY"]);
        let [listen, public, other] = &all[..] else { panic!("{all:?}") };
        assert!(listen.contains("COURANT_LISTEN is meant"), "{listen}");
        assert!(public.contains("COURANT_PUBLIC_URL is meant"), "{public}");
        assert!(other.ends_with("\"COURANT_XYZZY\""), "{other}");
    }

    #[test]
    fn what_writes_to_the_log_is_passed_over() {
        for filter in
            ["info", "off", "", "courant::sql=debug", "courant=info,sqlx::query=debug", "warn,courant_server=debug"]
        {
            assert_eq!(unknown_targets(filter), Vec::<String>::new(), "{filter}");
        }
        assert!(unknown_targets("courant_server::middleware=trace,courant_server[request]=debug,2").is_empty());
    }

    #[test]
    fn every_crate_of_ours_is_known_by_its_name() {
        let crates = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).unwrap();
        let names = crates.map(|entry| entry.unwrap().file_name().into_string().unwrap()).filter(|name| name != "cli");
        for name in names {
            assert!(TARGETS.contains(&&*format!("courant_{name}")), "{name}");
        }
    }

    #[test]
    fn what_names_nothing_is_told_with_what_is_meant() {
        let [one] = &unknown_targets("warn,courant_sever=debug")[..] else { panic!() };
        assert!(one.contains("courant_sever") && one.contains("courant_server is meant"), "{one}");
        let [one] = &unknown_targets("newspaper=info")[..] else { panic!() };
        assert!(one.contains("newspaper") && !one.contains("meant"), "{one}");
        assert_eq!(unknown_targets("courantt").len(), 1);
    }
}
