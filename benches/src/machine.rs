//! The page that is published: the tables, on which machine and how they were made, and how to read them.

use std::{fs, process::Command};

use anyhow::{Context, Result};

use crate::run::Run;

/// The whole of `docs/performance.md`.
///
/// # Errors
/// When Courant's program cannot be asked for its version.
pub fn page(run: &Run, command: &str, tables: &str) -> Result<String> {
    let courant = output(Command::new(&run.courant).arg("--version")).context("cannot run Courant's program")?;
    let rust = output(Command::new("rustc").arg("--version")).unwrap_or_else(|| "an unknown rustc".into());
    let on = jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date();
    Ok(format!(
        "# Performance

Written by `{command} --publish` on {on}; not edited by hand.

Measured are five requests against Courant and, in the same run and on the same database, against two hand-written
axum handlers for the same answer ([`benches/src/handwritten`](../benches/src/handwritten)):

- **A** has the database build the whole answer as JSON in one statement;
- **B** fetches rows in the fewest statements (one; two for SQLite's front page) and serialises them with serde.

| request | what it asks for |
|---|---|
| article page | by slug: title, summary, date, views, HTML, tags, breadcrumbs, category with 5 related articles, and ten of \"last news\" |
| front page | 20 articles, each with its category and 5 related articles |
| deep page | 20 articles behind a cursor anywhere in a category, with their cursors |
| 100 titles | the newest 100 |
| category tree | categories and their children |

## How

| | |
|---|---|
| machine | {machine} |
| programs | {courant}, {rust}, release build as in Cargo.toml, jemalloc in all of them |
| content | `courant seed --articles`, one language, seed 1, and a decree to every twenty articles |
| load | {connections} connections of one thread in a closed loop, each request one of {sample} slugs or cursors drawn with seed {seed} |
| time | per server and request {rounds} rounds of {seconds} s after {warm_up} s of warm-up; the servers take turns, shown are medians |
| caches | neither answers nor objects are cached; documents are parsed once; reference data is in memory, in the handlers, too |
| handlers | SQLx alone, prepared statements, no ping, as many connections as Courant (16 on PostgreSQL, 2 on SQLite), the same pragmas; Courant reads SQLite without SQLx's threads (ADR 10) |

Load generator, server and database share the machine's processors, so requests per second are what the machine
can do for all three together; the ratio of two servers is therefore nearer to 1 than that of the servers' own work.
CPU per request has the load generator's share left out. Before anything is timed, answers of all three to the same
requests are compared, field by field.

\"of A\" and \"of B\" are Courant's requests per second by the handler's: the median of the rounds' ratios.

{tables}",
        machine = machine(),
        connections = run.load.connections,
        sample = crate::sample::SIZE,
        seed = run.seed,
        rounds = run.rounds,
        seconds = run.load.measured.as_secs_f64(),
        warm_up = run.load.warm_up.as_secs_f64(),
    ))
}

fn output(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn machine() -> String {
    let field = |file: &str, name: &str| {
        let text = fs::read_to_string(file).ok()?;
        let line = text.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned)?;
        Some(line.trim_start_matches([' ', '\t', ':']).trim().to_owned())
    };
    let model = field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".into());
    let threads = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let kilobytes = field("/proc/meminfo", "MemTotal")
        .and_then(|text| text.trim_end_matches("kB").trim().parse::<u64>().ok())
        .unwrap_or_default();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let kernel = kernel.split('-').next().unwrap_or_default().trim();
    format!("{threads} threads of {model}, {} GB, Linux {kernel}", kilobytes >> 20)
}
