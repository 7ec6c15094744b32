//! The program started before its database.

use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
    time::Duration,
};

use courant_tests::cluster::Cluster;

use crate::common::{courant, fails};

/// A program that may not be ready.
struct Waiting {
    child: Child,
    url: String,
    _folder: tempfile::TempDir,
}

impl Waiting {
    fn start(database: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut command = courant(folder.path());
        command.args(["serve", "--log", "off", "--seed-if-empty", "--database-url", database]);
        command.args(["--listen", &address.to_string()]).stdout(Stdio::null());
        Self { child: command.spawn().unwrap(), url: format!("http://{address}"), _folder: folder }
    }

    /// What is answered once anything is.
    async fn ask(&self, path: &str) -> reqwest::Response {
        loop {
            match reqwest::get(format!("{}{path}", self.url)).await {
                Ok(answer) => return answer,
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    }

    fn terminate(&mut self) -> Option<i32> {
        assert!(Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        // It has ended already, unless the test failed.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_lives_until_its_database_is_there_and_then_serves() {
    let cluster = Cluster::stopped();
    let mut waiting = Waiting::start(&cluster.url("postgres"));
    assert_eq!(waiting.ask("/healthz").await.status(), 200);
    for path in ["/readyz", "/graphql?query={__typename}", "/", "/en/news"] {
        let answer = waiting.ask(path).await;
        assert_eq!(answer.status(), 503, "{path}");
        assert!(answer.headers().contains_key("retry-after"), "{path}");
        let text = answer.text().await.unwrap();
        assert_eq!(text.contains(r#""code":"UNAVAILABLE""#), path.starts_with("/graphql"), "{text}");
    }
    cluster.go();
    while waiting.ask("/readyz").await.status() != 200 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let answer = waiting.ask("/graphql?query={site{name}articles(first:1){nodes{title}}}").await;
    let text = answer.text().await.unwrap();
    assert!(text.contains(r#""title":"#), "{text}");
    assert_eq!(waiting.terminate(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_can_be_stopped_while_it_waits() {
    let cluster = Cluster::start();
    cluster.freeze();
    let mut waiting = Waiting::start(&cluster.url("postgres"));
    assert_eq!(waiting.ask("/healthz").await.status(), 200);
    assert_eq!(waiting.terminate(), Some(0));
}

#[test]
fn what_waiting_does_not_mend_ends_it_at_once() {
    let cluster = Cluster::start();
    let folder = tempfile::tempdir().unwrap();
    let serve = |database: &str, option: &[&str]| {
        let mut command = courant(folder.path());
        command.args(["serve", "--listen", "127.0.0.1:0", "--database-url", database]).args(option);
        fails(&mut command, 1)
    };
    let error = serve(&cluster.url("nowhere"), &[]);
    assert!(error.contains("does not exist"), "{error}");
    let error = serve(&cluster.url("postgres").replace("postgres@", "nobody@"), &[]);
    assert!(error.contains("does not let us in"), "{error}");
    cluster.stop();
    let error = serve(&cluster.url("postgres"), &["--fail-fast"]);
    assert!(error.contains("cannot be reached"), "{error}");
}
