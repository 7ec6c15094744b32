//! A Varnish of a test's own, set up as the examples say.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use reqwest::{Client, redirect::Policy};
use tempfile::TempDir;

use crate::node::PATIENCE;

/// A Varnish in front of a server, gone with the value.
pub(crate) struct Varnish {
    pub(crate) url: String,
    client: Client,
    child: Child,
    _folder: TempDir,
}

/// What came from it.
#[derive(Debug)]
pub(crate) struct Given {
    pub(crate) status: u16,
    pub(crate) text: String,
    pub(crate) location: String,
    /// The number under which it was fetched, and whether that was for another request than this one.
    pub(crate) fetched: String,
    pub(crate) is_hit: bool,
}

impl Varnish {
    /// Starts one with a configuration of the examples, in front of a server at a port.
    pub(crate) async fn start(configuration: &str, server: u16) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/varnish");
        for name in ["courant.vcl", "xkey.vcl"] {
            let text = std::fs::read_to_string(examples.join(name)).unwrap();
            // But for the port, it is tried as it stands.
            let here = text.replace(".port = \"8080\"", &format!(".port = \"{server}\""));
            std::fs::write(folder.path().join(name), here).unwrap();
        }
        let name = folder.path().join("work");
        let file = folder.path().join(configuration);
        let path = format!("vcl_path={}", folder.path().display());
        // Where it is on Debian, which is not where everybody looks for programs.
        let there = Path::new("/usr/sbin/varnishd");
        let mut start = Command::new(if there.exists() { there } else { Path::new("varnishd") });
        start.args(["-F", "-j", "none", "-a", "127.0.0.1:0", "-s", "malloc,32m", "-p", &path]);
        start.arg("-n").arg(&name).arg("-f").arg(&file);
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        start.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let child = start
            .spawn()
            .unwrap_or_else(|error| panic!("varnishd (Debian: varnish): {error}; script/test installs it"));
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        let mut varnish = Self { url: String::new(), client, child, _folder: folder };
        varnish.url = varnish.address(&name).await;
        varnish
    }

    async fn address(&mut self, name: &Path) -> String {
        let begun = Instant::now();
        loop {
            let asked = Command::new("varnishadm").arg("-n").arg(name).arg("debug.listen_address").output().unwrap();
            let text = String::from_utf8_lossy(&asked.stdout).into_owned();
            // "a0 127.0.0.1 41234"
            let mut words = text.split_whitespace().skip(1);
            if let (Some(host), Some(port)) = (words.next(), words.next())
                && port.parse::<u16>().is_ok()
            {
                return format!("http://{host}:{port}");
            }
            let log = self._folder.path().join("log");
            let ended = self.child.try_wait().unwrap().is_some();
            assert!(!ended && begun.elapsed() < PATIENCE * 3, "{}", std::fs::read_to_string(log).unwrap());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Asks for a path.
    pub(crate) async fn get(&self, path: &str) -> Given {
        let request = self.client.get(format!("{}{path}", self.url));
        let response = request.header("accept", "text/html, application/json").send().await.unwrap();
        let header = |name: &str| {
            response.headers().get(name).map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
        };
        assert_eq!((header("surrogate-key"), header("cache-tag"), header("xkey")), Default::default(), "{path}");
        // Its own number, and behind that the one that what it gives was fetched under.
        let numbers = header("x-varnish");
        let fetched = numbers.split(' ').next_back().unwrap().to_owned();
        let (status, location, is_hit) = (response.status().as_u16(), header("location"), numbers.contains(' '));
        Given { status, text: response.text().await.unwrap(), location, fetched, is_hit }
    }

    /// Has it keep a path, and gives what it keeps.
    pub(crate) async fn keep(&self, path: &str) -> Given {
        let mut first = self.get(path).await;
        // A purge of what was changed before may come between the two.
        for _ in 0..3 {
            let kept = self.get(path).await;
            if kept.is_hit {
                return kept;
            }
            first = kept;
        }
        panic!("{path} is not kept: {first:?}");
    }

    /// Waits until what it gives is something else.
    pub(crate) async fn gives(&self, path: &str, wanted: impl Fn(&Given) -> bool) -> Given {
        let begun = Instant::now();
        loop {
            let given = self.get(path).await;
            if wanted(&given) {
                return given;
            }
            assert!(begun.elapsed() < PATIENCE, "{path} stays {given:?}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Sends it a request of a method.
    pub(crate) async fn tell(&self, method: &str, header: (&str, &str)) -> u16 {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let request = self.client.request(method, &self.url).header(header.0, header.1);
        request.send().await.unwrap().status().as_u16()
    }
}

impl Drop for Varnish {
    fn drop(&mut self) {
        // The one that serves ends with the one that watches it, if that one is asked; killed, it may stay.
        drop(Command::new("kill").arg(self.child.id().to_string()).status());
        drop(self.child.wait());
    }
}
