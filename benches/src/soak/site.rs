//! The server as a process of its own, over its database.

use std::{
    fs::File,
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use tokio::{
    sync::{Mutex, watch},
    task::spawn_blocking,
};

use super::Soak;

/// Who writes.
pub(super) const EMAIL: &str = "soak@example.org";
pub(super) const PASSWORD: &str = "lanterns over the harbour";

/// How long it may take to stop: as long as requests under way may, and some more.
const PATIENCE: Duration = Duration::from_secs(60);

/// How a server ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// As a loss of power ends it.
    Kill,
    /// As whoever runs it stops it.
    Term,
}

/// The database, and the server over it.
pub(super) struct Site {
    program: PathBuf,
    database_url: String,
    log: PathBuf,
    folder: PathBuf,
    running: Mutex<Option<Child>>,
    /// Where it listens; none while it does not.
    address: watch::Sender<Option<SocketAddr>>,
    process: watch::Sender<u32>,
}

impl Site {
    /// Fills the database and starts the server.
    pub(super) async fn make(soak: &Soak) -> Result<Self> {
        let site = Self {
            program: soak.program.clone(),
            database_url: soak.database_url.clone(),
            log: soak.log.clone(),
            folder: soak.folder.clone(),
            running: Mutex::new(None),
            address: watch::Sender::new(None),
            process: watch::Sender::new(0),
        };
        let articles = soak.articles.to_string();
        site.command(&["seed", "--articles", &articles, "--seed", "1", "--locales", "en"], "").await?;
        let user = ["user", "create", "--email", EMAIL, "--name", "Soak", "--role", "ADMIN", "--password-stdin"];
        site.command(&user, PASSWORD).await?;
        site.start().await?;
        Ok(site)
    }

    /// Runs one of the program's commands, and gives what it printed.
    pub(super) async fn command(&self, arguments: &[&str], input: &str) -> Result<String> {
        let (status, said) = self.try_command(arguments, input).await?;
        ensure!(status.success(), "courant {}: {said}", arguments.join(" "));
        Ok(said)
    }

    async fn try_command(&self, arguments: &[&str], input: &str) -> Result<(ExitStatus, String)> {
        let mut child = self.program().args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let input = format!("{input}\n");
        spawn_blocking(move || {
            let mut stdin = child.stdin.take().context("no input")?;
            // Who asks for no input has ended, perhaps, before it came.
            drop(stdin.write_all(input.as_bytes()));
            drop(stdin);
            let output = child.wait_with_output()?;
            Ok((output.status, String::from_utf8_lossy(&output.stdout).into_owned()))
        })
        .await?
    }

    fn program(&self) -> Command {
        let mut command = Command::new(&self.program);
        // Nothing of this environment, and in a folder without a reader app.
        command.current_dir(&self.folder).env_clear().env("COURANT_DATABASE_URL", &self.database_url);
        command
    }

    async fn start(&self) -> Result<()> {
        let log = File::options().create(true).append(true).open(&self.log).context("cannot write the log")?;
        let mut command = self.program();
        command.args(["serve", "--listen", "127.0.0.1:0", "--log", "warn"]);
        // One person signs in all the time, from one address.
        command.args(["--sign-ins-per-account", "10000/1", "--sign-ins-per-address", "10000/1"]);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).spawn()?;
        let mut lines = BufReader::new(child.stdout.take().context("no output")?).lines();
        self.process.send_replace(child.id());
        *self.running.lock().await = Some(child);
        let said = spawn_blocking(move || {
            let said = lines.find_map(|line| Some(line.ok()?.trim().strip_prefix("Endpoint")?.trim().to_owned()));
            // Whatever else it prints is read, so that it never waits for us.
            std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
            said
        });
        let Some(url) = said.await? else {
            bail!("the server ended before it listened; {} may say why", self.log.display())
        };
        let host = url.trim_start_matches("http://").split('/').next().unwrap_or_default();
        let address = host.parse().with_context(|| format!("no address: {url}"))?;
        self.address.send_replace(Some(address));
        Ok(())
    }

    /// Where it listens, once it does.
    pub(super) async fn address(&self) -> Result<SocketAddr> {
        let mut address = self.address.subscribe();
        address.wait_for(Option::is_some).await?.context("no address")
    }

    /// Whether it is there, or is about to end.
    pub(super) fn is_up(&self) -> bool {
        self.address.borrow().is_some()
    }

    pub(super) fn process(&self) -> u32 {
        *self.process.borrow()
    }

    pub(super) async fn restart(&self, end: End) -> Result<()> {
        self.end(end).await?;
        self.start().await
    }

    pub(super) async fn stop(&self) -> Result<()> {
        self.end(End::Term).await
    }

    async fn end(&self, end: End) -> Result<()> {
        let mut child = self.running.lock().await.take().context("it does not run")?;
        self.address.send_replace(None);
        if end == End::Kill {
            child.kill()?;
            child.wait()?;
            return Ok(());
        }
        let signal = Command::new("kill").args(["-TERM", &child.id().to_string()]).status()?;
        ensure!(signal.success(), "it cannot be told to stop");
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if let Some(status) = child.try_wait()? {
                ensure!(status.success(), "it stopped with {status}");
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        child.kill()?;
        child.wait()?;
        bail!("it does not stop")
    }

    /// What `courant verify` finds; nothing when the database holds together.
    pub(super) async fn verify(&self) -> Result<Option<String>> {
        let (status, said) = self.try_command(&["verify"], "").await?;
        print!("{said}");
        Ok((!status.success()).then(|| format!("courant verify: {said}")))
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        // It has ended already, unless something went wrong.
        if let Some(child) = self.running.get_mut() {
            drop(child.kill());
            drop(child.wait());
        }
    }
}
