//! `courant serve`, from its start to its end.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use common::{courant, fails, succeeds};

struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// Starts it on a free port, and waits until it says where.
    fn start(folder: &Path, args: &[&str]) -> Self {
        let mut command = courant(folder);
        command.args(["serve", "--log", "off", "--listen", "127.0.0.1:0"]).args(args).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let endpoint = lines.map(Result::unwrap).find(|line| line.contains("Endpoint")).unwrap();
        let address = endpoint.split("http://").nth(1).unwrap().trim_end_matches("/graphql").to_owned();
        Self { child, address }
    }

    fn signal(&self, name: &str) {
        let status = Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has ended already, unless the test failed.
        drop(self.child.kill());
    }
}

/// Waits for something to happen; what has not happened after a minute never will.
fn wait_until(happened: impl Fn() -> bool) {
    let began = Instant::now();
    while !happened() {
        assert!(began.elapsed() < Duration::from_secs(60), "waited in vain");
        std::thread::yield_now();
    }
}

#[test]
fn a_request_under_way_is_answered_before_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path(), &["--seed-if-empty"]);
    let body = r#"{"query":"{ __typename }"}"#;
    let mut connection = TcpStream::connect(&server.address).unwrap();
    // The head, and half of the body: the request has begun.
    write!(
        connection,
        "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nexpect: 100-continue\r\ncontent-length: {}\r\n\r\n",
        body.len()
    )
    .unwrap();
    let mut connection = BufReader::new(connection);
    let mut line = String::new();
    connection.read_line(&mut line).unwrap();
    assert!(line.starts_with("HTTP/1.1 100"), "{line}");
    server.signal("-TERM");
    // No new connections: that is when it has begun to stop.
    wait_until(|| TcpStream::connect(&server.address).is_err());
    connection.get_mut().write_all(body.as_bytes()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("HTTP/1.1 200") && answer.contains(r#""__typename":"Query""#), "{answer}");
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_second_signal_does_not_wait() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path(), &["--drain-seconds", "3600"]);
    let mut connection = TcpStream::connect(&server.address).unwrap();
    connection
        .write_all(b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nexpect: 100-continue\r\ncontent-length: 9\r\n\r\n")
        .unwrap();
    assert!(connection.read(&mut [0; 64]).unwrap() > 0);
    server.signal("-INT");
    wait_until(|| TcpStream::connect(&server.address).is_err());
    server.signal("-INT");
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
}

/// What is answered to a request, and whether the connection is closed after it.
fn ask(connection: &mut TcpStream, path: &str) -> String {
    write!(connection, "GET {path} HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
    let mut answer = String::new();
    let mut lines = BufReader::new(connection);
    // All of the head, and a body that is one line without an end.
    while !answer.ends_with("\r\n\r\n") {
        assert!(lines.read_line(&mut answer).unwrap() > 0, "{answer}");
    }
    let length = answer.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap().parse().unwrap();
    let mut body = vec![0; length];
    lines.read_exact(&mut body).unwrap();
    answer + &String::from_utf8(body).unwrap()
}

#[test]
fn whoever_comes_while_it_stops_is_answered_and_sent_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path(), &["--drain-seconds", "3600", "--parting-seconds", "3600"]);
    let connect = || TcpStream::connect(&server.address).unwrap();
    let mut kept = connect();
    assert!(!ask(&mut kept, "/healthz").contains("connection: close"));
    server.signal("-TERM");
    wait_until(|| {
        let answer = ask(&mut connect(), "/readyz");
        answer.starts_with("HTTP/1.1 503 ") && answer.contains("stopping")
    });
    // A connection that a client keeps for its next request, and new ones.
    for connection in [&mut kept, &mut connect(), &mut connect()] {
        let answer = ask(connection, "/graphql?query=%7B__typename%7D");
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("connection: close"), "{answer}");
        assert_eq!(connection.read(&mut [0]).unwrap(), 0);
    }
    server.signal("-TERM");
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
}

#[test]
fn half_a_request_does_not_keep_it_from_stopping() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path(), &["--drain-seconds", "1"]);
    let mut connection = TcpStream::connect(&server.address).unwrap();
    let head = "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nexpect: 100-continue\r\n";
    write!(connection, "{head}content-length: 9\r\n\r\n").unwrap();
    assert!(connection.read(&mut [0; 64]).unwrap() > 0);
    server.signal("-TERM");
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
}

#[test]
fn what_another_process_imports_is_served() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]);
    let categories = || {
        let mut connection = TcpStream::connect(&server.address).unwrap();
        let query = "%7Bcategories%7Bslug%7D%7D";
        write!(connection, "GET /graphql?query={query} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        answer
    };
    assert!(categories().contains(r#""categories":[]"#), "{}", categories());
    succeeds(courant(folder.path()).args(["seed", "--articles", "1"]));
    wait_until(|| categories().contains("politics"));
}

#[test]
fn a_new_database_is_its_owners_alone() {
    let folder = tempfile::tempdir().unwrap();
    let at = |path: &str| folder.path().join(path);
    let mode = |path: &str| fs::metadata(at(path)).unwrap().permissions().mode() & 0o777;
    let migrate = |options: &str| {
        let script = format!("umask 022; {} migrate {options}", env!("CARGO_BIN_EXE_courant"));
        succeeds(Command::new("sh").args(["-c", &script]).current_dir(folder.path()).env_clear());
    };
    migrate("--data-dir above/data");
    let server = Server::start(folder.path(), &["--data-dir", "above/data"]);
    assert_eq!([mode("above"), mode("above/data")], [0o755, 0o700]);
    for file in ["courant.db", "courant.db-wal", "courant.db-shm"] {
        assert_eq!(mode(&format!("above/data/{file}")), 0o600, "{file}");
    }
    drop(server);
    migrate("--database-url sqlite:other.db");
    assert_eq!(mode("other.db"), 0o600);
    // What is there is as its owner wants it.
    for (path, mode) in [("above/data", 0o750), ("above/data/courant.db", 0o640)] {
        fs::set_permissions(at(path), fs::Permissions::from_mode(mode)).unwrap();
    }
    migrate("--data-dir above/data");
    assert_eq!([mode("above/data"), mode("above/data/courant.db")], [0o750, 0o640]);
}

#[test]
fn the_schema_is_compared_with_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let error = fails(courant(folder.path()).args(["schema", "--check"]), 1);
    assert!(error.contains("cannot read schema.graphql"), "{error}");
    let schema = succeeds(courant(folder.path()).arg("schema"));
    for file in ["schema.graphql", "other.graphql"] {
        std::fs::write(folder.path().join(file), &schema).unwrap();
    }
    succeeds(courant(folder.path()).args(["schema", "--check"]));
    std::fs::write(folder.path().join("schema.graphql"), format!("{schema}\n# more\n")).unwrap();
    let error = fails(courant(folder.path()).args(["schema", "--check"]), 1);
    assert!(error.contains("schema.graphql is not the schema"), "{error}");
    succeeds(courant(folder.path()).args(["schema", "--check", "other.graphql"]));
}

#[test]
fn a_wrong_start_says_what_to_change() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]);
    std::fs::write(folder.path().join("file"), "").unwrap();
    for (args, code, says) in [
        (
            &["serve", "--listen", &server.address][..],
            1,
            "is taken by another program; name another port with --listen",
        ),
        (&["serve", "--listen", "127.0.0.1:0", "--data-dir", "file/data"], 1, "name another one with --data-dir"),
        (&["export", "--data-dir", "none"], 1, "make one with `courant migrate`"),
        (&["serve", "--listen", "8080"], 2, "such as 127.0.0.1:8080"),
        (&["serve", "--database-url", "mysql://localhost/a"], 2, "a database URL starts with postgres:// or sqlite:"),
        (
            &["serve", "--database-url", "sqlite::memory:"],
            2,
            "databases in memory are not supported: behind sqlite: goes",
        ),
        (&["migrate", "--database-url", "sqlite://"], 2, "databases in memory are not supported: behind sqlite: goes"),
        (&["seed", "--database-url", "sqlite:a?mode=memory"], 2, "databases in memory are not supported"),
        (&["migrate", "--database-url", "postgres://127.0.0.1:1/a"], 1, "cannot be reached: Connection refused"),
        (&["serve", "--log", "=loud="], 2, "--log"),
        (&["serve", "--max-depth", "0"], 2, "'--max-depth <NUMBER>': wanted is a whole number from 1 up"),
        (&["serve", "--max-cost", "0"], 2, "'--max-cost <NUMBER>': wanted is a whole number from 1 up"),
        (&["serve", "--max-answer-bytes", "0"], 2, "--max-answer-bytes <NUMBER>': wanted is a whole number from 1 up"),
        (&["serve", "--max-operations", "0"], 2, "--max-operations <NUMBER>': wanted is a whole number from 1 up"),
        (&["serve", "--header-seconds", "0"], 2, "--header-seconds <SECONDS>'"),
        (&["serve", "--max-tokens", "0"], 2, "'--max-tokens <NUMBER>': wanted is a whole number from 1 up"),
        (&["serve", "--max-body-bytes", "0"], 2, "'--max-body-bytes <NUMBER>': wanted is a whole number from 1 up"),
        (&["serve", "--max-root-fields", "0"], 2, "'--max-root-fields <NUMBER>': wanted is a whole number from 1 up"),
        (&["serve", "--max-expansion=-1"], 2, "--max-expansion <NUMBER>': wanted is a whole number from 1 up"),
        (&["seed", "--locales", "en"], 2, "--articles"),
    ] {
        let error = fails(courant(folder.path()).args(args), code);
        assert!(error.contains(says), "{args:?}: {error}");
    }
    // What the command line says can be said in the environment, too.
    let error = fails(courant(folder.path()).arg("serve").env("COURANT_LISTEN", &server.address), 1);
    assert!(error.contains("is taken"), "{error}");
}

/// What a server says in its log, from its start to its end; meanwhile it is asked something.
fn log_of(folder: &Path, args: &[&str], variables: &[(&str, &str)], ask: impl Fn(&str)) -> String {
    let mut command = courant(folder);
    command.arg("serve").args(args).envs(variables.iter().copied());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let endpoint = lines.map(Result::unwrap).find(|line| line.contains("Endpoint")).unwrap();
    let mut server = Server { address: endpoint.split("http://").nth(1).unwrap().replace("/graphql", ""), child };
    let port = server.address.rsplit(':').next().unwrap();
    ask(&format!("127.0.0.1:{port}"));
    let mut errors = server.child.stderr.take().unwrap();
    server.signal("-TERM");
    let mut log = String::new();
    errors.read_to_string(&mut log).unwrap();
    assert_eq!(server.child.wait().unwrap().code(), Some(0), "{log}");
    log
}

/// A request of a client of its own, and what it is answered.
fn request(address: &str, head: &str, body: &str) -> String {
    let mut connection = TcpStream::connect(address).unwrap();
    write!(connection, "{head} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\nx-forwarded-for: 198.51.100.7\r\n\r\n{body}", body.len()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn what_was_overlooked_is_said_once() {
    let folder = tempfile::tempdir().unwrap();
    let oversights = [
        "there is no administrator yet",
        "--public-url does not say where the site is",
        "COURANT_PUBLIC_URL is meant",
        "courant_server is meant",
        "its sender is not among --trusted-proxies",
    ];
    let log = "warn,courant_sever=info";
    let said = log_of(
        folder.path(),
        &["--listen", "0.0.0.0:0", "--log", log],
        &[("COURANT_PUBLIC_URI", "https://news.example.org")],
        |address| (0..3).for_each(|_| drop(request(address, "GET /healthz", ""))),
    );
    for oversight in oversights {
        assert_eq!(said.matches(oversight).count(), 1, "{oversight}: {said}");
    }
    assert_eq!(said.lines().count(), oversights.len(), "{said}");

    let mut create = courant(folder.path());
    create.args(["user", "create", "--email", "first@example.org", "--name", "The first", "--password-stdin"]);
    let mut child = create.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"a password of nine words, more or less\n").unwrap();
    assert!(child.wait().unwrap().success());
    let args =
        ["--listen", "0.0.0.0:0", "--public-url", "https://news.example.org", "--log", "warn,courant_server=warn"];
    let said = log_of(folder.path(), &[&args[..], &["--trusted-proxies", "127.0.0.0/8"]].concat(), &[], |address| {
        request(address, "GET /healthz", "");
    });
    assert_eq!(said, "");
}

#[test]
fn a_line_of_the_log_says_who_asked_for_what_and_what_it_took() {
    let folder = tempfile::tempdir().unwrap();
    let args = ["--listen", "127.0.0.1:0", "--seed-if-empty", "--trusted-proxies", "127.0.0.0/8"];
    let json = [&args[..], &["--log-format", "json", "--log", "off,courant_server=info"]].concat();
    let long = "n".repeat(300);
    let said = log_of(folder.path(), &json, &[], |address| {
        let answer = request(
            address,
            "POST /graphql",
            r#"{"query":"query Sections { categories { title } feeds { items { totalCount } } }"}"#,
        );
        assert!(answer.contains("totalCount"), "{answer}");
        request(address, "POST /graphql", &format!(r#"{{"query":"{{","operationName":"a\nb\u001b[31m{long}"}}"#));
    });
    let lines: Vec<serde_json::Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let answered: Vec<_> = lines.iter().filter(|line| line["message"] == "answered").collect();
    let [first, second] = &answered[..] else { panic!("{said}") };
    let span = &first["span"];
    assert_eq!(
        (&span["operation"], &span["client"], &span["method"]),
        (&"Sections".into(), &"198.51.100.7".into(), &"POST".into())
    );
    assert!(span["id"].is_string() && span["path"] == "/graphql" && first["status"] == 200, "{first}");
    assert!(first["cost"].as_u64().unwrap() > 1 && first["statements"].as_u64().unwrap() >= 1, "{first}");
    assert!(first.get("spans").is_none(), "{first}");
    // Whatever a client calls its operation, it breaks no line and is no longer than others.
    let name = second["span"]["operation"].as_str().unwrap();
    assert!(name.starts_with("a b [31mnn") && name.chars().count() == 100, "{name}");
    assert_eq!((&second["status"], &second["statements"]), (&400.into(), &0.into()));
}
