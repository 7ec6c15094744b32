//! The program as it runs in production: a process of its own.

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use courant_tests::TestDatabase;
use tempfile::TempDir;

use crate::common::{courant, succeeds};

/// `courant serve` over a database.
pub(crate) struct Server {
    child: Child,
    /// Where it listens: `http://127.0.0.1:…`.
    pub(crate) url: String,
    _folder: TempDir,
}

impl Server {
    /// Starts it on a free port, and waits until it is ready.
    pub(crate) fn start(database: &TestDatabase) -> Self {
        Self::start_with(database, |_| {})
    }

    /// Starts it on the database that options name.
    pub(crate) fn on(database: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::wait_for(courant(folder.path()), database, folder)
    }

    /// Starts it with something seen to before.
    pub(crate) fn start_with(database: &TestDatabase, prepare: impl FnOnce(&mut Command)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = courant(folder.path());
        prepare(&mut command);
        Self::wait_for(command, &["--database-url", &database.options.url], folder)
    }

    /// Starts it by way of another program, which is given ours and what it is to do.
    pub(crate) fn start_by(database: &TestDatabase, by: impl FnOnce(&OsStr) -> Command) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let command = by(courant(folder.path()).get_program());
        Self::wait_for(command, &["--database-url", &database.options.url], folder)
    }

    fn wait_for(mut command: Command, database: &[&str], folder: TempDir) -> Self {
        command.args(["serve", "--log", "warn", "--listen", "127.0.0.1:0"]).args(database);
        let mut child = command.current_dir(folder.path()).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let endpoint = lines.map(Result::unwrap).find(|line| line.contains("Endpoint")).unwrap();
        let url = format!("http://{}", endpoint.split("http://").nth(1).unwrap().trim_end_matches("/graphql"));
        Self { child, url, _folder: folder }
    }

    /// Tells it to stop, and waits until it has.
    pub(crate) fn terminate(mut self) {
        assert!(Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success());
    }

    /// Ends it as a loss of power would.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has ended already, unless the test failed or is at its end.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Sees that `courant verify` finds nothing, and gives what it says.
pub(crate) fn verified(database: &TestDatabase) -> String {
    let folder = tempfile::tempdir().unwrap();
    succeeds(courant(folder.path()).args(["verify", "--database-url", &database.options.url]))
}
