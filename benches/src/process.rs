//! Servers as processes, and what they use.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, ChildStderr, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

/// Linux counts a process's time in these, whatever the kernel's own tick is.
const TICKS_PER_SECOND: u32 = 100;

/// A server under test. It is killed when this is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Server {
    /// Starts a program and waits until it says on its standard output where it listens.
    ///
    /// # Errors
    /// When it cannot be started, or ends.
    pub fn start(program: &Path, arguments: &[&str], log: Stdio) -> Result<Self> {
        Self::with(program, arguments, &[], log)
    }

    /// The same with settings in its environment. Whatever it derives from its content has been derived by then, so that nothing of
    /// that is measured by the way.
    ///
    /// # Errors
    /// When it cannot be started, or ends.
    pub fn with(program: &Path, arguments: &[&str], settings: &[(&str, &str)], log: Stdio) -> Result<Self> {
        let mut command = Command::new(program);
        command.env("COURANT_SEARCH_DIR", index_folder(arguments, settings)).envs(settings.iter().copied());
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().with_context(|| format!("cannot start {}", program.display()))?;
        let mut lines = BufReader::new(child.stdout.take().context("no output")?).lines();
        while let Some(line) = lines.next().transpose()? {
            if let Some(url) = line.trim().strip_prefix("Endpoint").map(str::trim) {
                let host = url.trim_start_matches("http://").split('/').next().unwrap_or_default();
                let address = host.parse().with_context(|| format!("no address: {line}"))?;
                // Whatever else it prints is read, so that it never waits for us.
                std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
                let server = Self { child, address };
                server.wait_for_followers()?;
                return Ok(server);
            }
        }
        bail!("{} ended before it listened", program.display())
    }

    /// Waits until its followers of the change log have come up with it; other servers have none.
    fn wait_for_followers(&self) -> Result<()> {
        const LOOK: Duration = Duration::from_millis(100);
        const LONGEST: Duration = Duration::from_secs(1200);
        let began = Instant::now();
        while self.followers_behind()? {
            ensure!(began.elapsed() < LONGEST, "its followers do not come up with the change log");
            std::thread::sleep(LOOK);
        }
        Ok(())
    }

    fn followers_behind(&self) -> Result<bool> {
        let mut connection = TcpStream::connect(self.address)?;
        connection.set_read_timeout(Some(Duration::from_secs(10)))?;
        connection.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer)?;
        let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        let Ok(state) = serde_json::from_str::<Value>(body) else { return Ok(false) };
        let followers = state["followers"].as_array().into_iter().flatten();
        Ok(followers.into_iter().any(|follower| follower["lag"] != 0))
    }

    /// Its standard error, if it was piped and nobody has it yet.
    pub fn log(&mut self) -> Option<ChildStderr> {
        self.child.stderr.take()
    }

    /// Its process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where a server keeps its search index: what is started with the same settings again finds it there.
fn index_folder(arguments: &[&str], settings: &[(&str, &str)]) -> PathBuf {
    let mut hasher = DefaultHasher::new();
    (arguments, settings).hash(&mut hasher);
    std::env::temp_dir().join("courant-bench").join(format!("search-{:x}", hasher.finish()))
}

/// The processor time that a process has used so far; none when it has ended.
#[must_use]
pub fn cpu(process: u32) -> Option<Duration> {
    ticks(&std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?)
}

/// User and system time from a line of `/proc/<pid>/stat` (proc_pid_stat(5): fields 14 and 15; the name in field 2
/// is in parentheses and may hold anything).
fn ticks(stat: &str) -> Option<Duration> {
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    let (user, system): (u32, u32) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(Duration::from_secs((user + system).into()) / TICKS_PER_SECOND)
}

/// The memory that a process has in RAM, in megabytes.
///
/// # Errors
/// When it has ended.
pub fn resident(process: u32) -> Result<f64> {
    megabytes(&process.to_string(), "VmRSS:")
}

/// The memory that this process has in RAM, in megabytes, without pages of files.
///
/// # Errors
/// When the system does not say.
pub fn own() -> Result<f64> {
    megabytes("self", "RssAnon:")
}

fn megabytes(process: &str, field: &str) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).context("a server has ended")?;
    let line = status.lines().find_map(|line| line.strip_prefix(field)).with_context(|| format!("no {field}"))?;
    let kilobytes: u32 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(f64::from(kilobytes) / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_found_behind_any_name() {
        let stat = "42 (a) b) S 1 42 42 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 3 0 5 6 7";
        assert_eq!(ticks(stat), Some(Duration::from_secs(3)));
        assert_eq!(ticks("42"), None);
    }
}
