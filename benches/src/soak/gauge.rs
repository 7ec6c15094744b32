//! What the server's process takes, over time.

use std::{
    fs::{self, File},
    io::Write,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};

use super::{ask::Tally, site::Site};

/// How often it is looked at.
const EVERY: Duration = Duration::from_secs(30);

/// Looked at at least so often, however short the load is.
const AT_LEAST: u32 = 24;

/// How long a load grows: idle connections come one by one, and are closed after 75 seconds. What is seen before is not judged.
const WARM_UP: Duration = Duration::from_secs(90);

/// Memory is flat when the median of the last quarter is no more than this share of the second quarter's…
const MOST_PERCENT: u64 = 110;

/// …and this much, for what few large answers leave behind.
const MOST_MORE_KB: u64 = 16 * 1024;

/// Open files are as many when there are no more than so many more.
const MOST_MORE_FILES: u64 = 16;

/// One look.
#[derive(Debug, Clone, Copy)]
struct Look {
    process: u32,
    resident_kb: u64,
    files: u64,
}

pub(super) struct Gauge {
    csv: File,
    begun: Instant,
    pause: Duration,
    looks: Vec<Look>,
}

impl Gauge {
    pub(super) fn begin(csv: &Path, lasts: Duration) -> Result<Self> {
        let mut csv = File::create(csv).with_context(|| format!("cannot write {}", csv.display()))?;
        writeln!(csv, "seconds,process,resident_kb,open_files,answers,errors,writes,sign_ins,imports")?;
        Ok(Self { csv, begun: Instant::now(), pause: EVERY.min(lasts / AT_LEAST), looks: Vec::new() })
    }

    pub(super) const fn pause(&self) -> Duration {
        self.pause
    }

    pub(super) fn measure(&mut self, site: &Site, tally: &Tally) -> Result<()> {
        let process = site.process();
        let look = Look { process, resident_kb: resident_kb(process)?, files: files(process)? };
        let [answers, errors, writes, sign_ins, imports] =
            [&tally.answers, &tally.errors, &tally.writes, &tally.sign_ins, &tally.imports].map(Tally::of);
        writeln!(
            self.csv,
            "{},{},{},{},{answers},{errors},{writes},{sign_ins},{imports}",
            self.begun.elapsed().as_secs(),
            look.process,
            look.resident_kb,
            look.files
        )?;
        if self.begun.elapsed() >= WARM_UP {
            self.looks.push(look);
        }
        Ok(())
    }

    /// What is not as it should be.
    pub(super) fn judge(&self) -> Result<Vec<String>> {
        Ok(self.compare()?.judge())
    }

    /// What was compared, in words.
    pub(super) fn said(&self) -> Result<String> {
        let Compared { memory, files } = self.compare()?;
        Ok(format!(
            "{} MB in the second quarter and {} MB in the last, {} and {} open files",
            memory.0 / 1024,
            memory.1 / 1024,
            files.0,
            files.1
        ))
    }

    fn compare(&self) -> Result<Compared> {
        let quarter = self.looks.len() / 4;
        ensure!(quarter > 0, "it was too short: the first {} seconds are not judged", WARM_UP.as_secs());
        let (second, last) = (&self.looks[quarter..2 * quarter], &self.looks[self.looks.len() - quarter..]);
        ensure!(second[0].process == last[quarter - 1].process, "it is another process in the last quarter");
        let of = |looks: &[Look], what: fn(&Look) -> u64| median(looks.iter().map(what).collect());
        let both = |what: fn(&Look) -> u64| (of(second, what), of(last, what));
        Ok(Compared { memory: both(|look| look.resident_kb), files: both(|look| look.files) })
    }
}

/// The medians of the second quarter and of the last.
struct Compared {
    memory: (u64, u64),
    files: (u64, u64),
}

impl Compared {
    fn judge(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let (second, last) = self.memory;
        if last > second * MOST_PERCENT / 100 + MOST_MORE_KB {
            wrong.push(format!("memory grows: {second} kB in the second quarter, {last} kB in the last"));
        }
        let (second, last) = self.files;
        if last > second + MOST_MORE_FILES {
            wrong.push(format!("open files grow: {second} in the second quarter, {last} in the last"));
        }
        wrong
    }
}

fn median(mut values: Vec<u64>) -> u64 {
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}

fn resident_kb(process: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).context("the server has ended by itself")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse()?)
}

fn files(process: u32) -> Result<u64> {
    let files = fs::read_dir(format!("/proc/{process}/fd")).context("the server has ended by itself")?;
    Ok(files.count() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_that_grows_is_not_flat() {
        let judged = |second: u64, last: u64| Compared { memory: (second, last), files: (50, 60) }.judge().len();
        assert_eq!(judged(100_000, 100_000), 0);
        assert_eq!(judged(100_000, 126_000), 0);
        assert_eq!(judged(100_000, 127_000), 1);
        assert_eq!(Compared { memory: (1, 1), files: (50, 67) }.judge().len(), 1);
    }

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(vec![9, 1, 5]), 5);
        assert_eq!(median(Vec::new()), 0);
    }
}
