//! A PostgreSQL server of a test's own, to be frozen, stopped and started again.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use courant_persistence::{Options, Patience};

/// A server on a port of its own, gone with the value.
pub struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    port: u16,
}

impl Cluster {
    /// Starts one.
    #[must_use]
    pub fn start() -> Self {
        let cluster = Self::stopped();
        cluster.go();
        cluster
    }

    /// One that is set up and not started.
    #[must_use]
    pub fn stopped() -> Self {
        let programs = programs();
        let made = run(as_other_user("mktemp").args(["-d", "/tmp/courant-postgres.XXXXXX"]));
        let folder = PathBuf::from(String::from_utf8(made.stdout).unwrap().trim());
        let mut make = as_other_user(programs.join("initdb"));
        make.arg("--pgdata").arg(folder.join("data"));
        run(make.args(["--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8"]));
        // Whatever the system gives; nobody else is told of it before the server has it.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self { folder, programs, port }
    }

    /// Starts it, and waits until it takes connections.
    pub fn go(&self) {
        let settings = format!(
            "-p {} -c fsync=off -c full_page_writes=off -c listen_addresses=127.0.0.1 \
             -c unix_socket_directories={}",
            self.port,
            self.folder.display()
        );
        let mut go = self.control("start");
        go.arg("--wait").arg("--log").arg(self.folder.join("log")).arg("--options").arg(settings);
        // Its output would be held open by the server.
        assert!(go.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().success());
    }

    /// Stops it as a crash would.
    pub fn stop(&self) {
        run(self.control("stop").args(["--mode", "immediate"]));
    }

    /// Freezes it: it is there, and answers nobody.
    pub fn freeze(&self) {
        self.signal("-STOP");
    }

    /// Lets it go on as if nothing had been.
    pub fn thaw(&self) {
        self.signal("-CONT");
    }

    /// The URL of a database of its.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// How to open a database of its with little patience: what is waited for in seconds is waited for in parts of one.
    #[must_use]
    pub fn options(&self) -> Options {
        Options { patience: IMPATIENT, ..Options::parse(&self.url("postgres")).unwrap() }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    fn signal(&self, signal: &str) {
        let file = std::fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap();
        let server = file.lines().next().unwrap().to_owned();
        // The one that makes the others comes first, so that none is made meanwhile.
        run(Command::new("kill").args([signal, &server]));
        let children = run(Command::new("ps").args(["-o", "pid=", "--ppid", &server]));
        for child in String::from_utf8(children.stdout).unwrap().split_whitespace() {
            // One may have ended by itself.
            drop(Command::new("kill").args([signal, child]).stderr(Stdio::null()).status());
        }
    }

    fn control(&self, what: &str) -> Command {
        let mut command = as_other_user(self.programs.join("pg_ctl"));
        command.args([what, "--silent", "--pgdata"]).arg(self.folder.join("data"));
        command
    }
}

/// The patience of tests.
pub const IMPATIENT: Patience = Patience {
    read: std::time::Duration::from_millis(1000),
    write: std::time::Duration::from_millis(2000),
    lock: std::time::Duration::from_millis(1000),
    statement: std::time::Duration::from_millis(2000),
    idle: std::time::Duration::from_millis(1500),
    silence: std::time::Duration::from_millis(500),
};

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.folder.join("data/postmaster.pid").exists() {
            self.thaw();
            self.stop();
        }
        drop(as_other_user("rm").arg("-rf").arg(&self.folder).status());
    }
}

/// PostgreSQL refuses to run as root; then some other user runs it.
fn as_other_user(program: impl AsRef<Path>) -> Command {
    let id = run(Command::new("id").arg("-u"));
    let mut command = if String::from_utf8(id.stdout).unwrap().trim() == "0" {
        let has_one = Command::new("id").arg("postgres").stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        let mut command = Command::new("runuser");
        command.args(["-u", if has_one.success() { "postgres" } else { "nobody" }, "--"]).arg(program.as_ref());
        command
    } else {
        Command::new(program.as_ref())
    };
    command.current_dir("/");
    command
}

/// Where the server's programs are: Debian keeps them out of PATH, a folder per version.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let found = versions.map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").exists()).max();
    found.unwrap_or_else(|| {
        let found = run(Command::new("sh").args(["-c", "command -v initdb"]));
        let file = PathBuf::from(String::from_utf8(found.stdout).unwrap().trim());
        file.parent().unwrap().to_owned()
    })
}

fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}
