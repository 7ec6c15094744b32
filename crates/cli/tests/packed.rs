//! Files that come packed, through a pipe, or larger than anybody writes them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use common::{courant, fails, succeeds};
use flate2::{Compression, write::GzEncoder};

fn feed(items: &str) -> String {
    format!(
        "<rss version='2.0'><channel><title>Lighthouse</title><link>https://light.example/</link><language>en</language>\
         {items}</channel></rss>"
    )
}

fn item(number: u32) -> String {
    format!(
        "<item><title>Lamp {number}</title><guid>https://light.example/{number}</guid><description>Lit.</description>\
         <pubDate>Wed, 04 Mar 2026 06:00:00 GMT</pubDate></item>"
    )
}

fn gzipped(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// Gives the program something to read, and waits for its end.
fn import_from_input(folder: &Path, bytes: &[u8]) -> Output {
    let mut command: Command = courant(folder);
    let command = command.args(["import", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = command.spawn().unwrap();
    running.stdin.take().unwrap().write_all(bytes).unwrap();
    running.wait_with_output().unwrap()
}

#[test]
fn what_is_packed_goes_in_as_if_it_were_not() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("feed.xml"), gzipped(feed(&item(1)).as_bytes())).unwrap();
    let report = succeeds(courant(folder.path()).args(["import", "feed.xml"]));
    assert!(report.contains("feed.xml: rss") && report.contains("1 created"), "{report}");
    let output = import_from_input(folder.path(), &gzipped(feed(&(item(1) + &item(2))).as_bytes()));
    let report = String::from_utf8(output.stdout).unwrap();
    assert!(report.contains("1 created, 0 updated, 1 unchanged"), "{report}");

    // A dump, too.
    let dump = succeeds(courant(folder.path()).arg("export"));
    fs::write(folder.path().join("dump.gz"), gzipped(dump.as_bytes())).unwrap();
    succeeds(courant(folder.path()).args(["import", "dump.gz", "--data-dir", "copy"]));
    assert!(succeeds(courant(folder.path()).args(["export", "--data-dir", "copy"])) == dump);
}

#[test]
fn nothing_goes_in_of_what_is_broken_at_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let items: String = (1..=300).map(item).collect();
    let whole = feed(&items);
    for (bytes, says) in [
        (whole.trim_end_matches("</rss>").as_bytes().to_vec(), "the document ends inside <rss>"),
        (whole.replace("</channel>", "</chanel>").into_bytes(), "expected `</channel>`"),
        (gzipped(whole.as_bytes())[..400].to_vec(), "it is damaged"),
        (gzipped(&gzipped(whole.as_bytes())), "it holds another archive (gzip)"),
    ] {
        fs::write(folder.path().join("broken.xml"), bytes).unwrap();
        let error = fails(courant(folder.path()).args(["import", "broken.xml"]), 1);
        assert!(error.contains(says), "{says}: {error}");
    }
    let dump = succeeds(courant(folder.path()).arg("export"));
    assert!(!dump.contains("{\"entry\"") && !dump.contains("{\"category\""), "{dump}");
}

#[test]
fn an_item_without_end_is_refused_and_not_held() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("long.xml");
    let endless = "The sea was calm. ".repeat(2_500_000);
    fs::write(&file, feed(&format!("{}<item><description>{endless}", item(1)))).unwrap();
    let error = fails(courant(folder.path()).args(["import", "long.xml"]), 1);
    assert!(error.contains("expected `</description>`, but `</channel>` was found"), "{error}");
    // One that ends costs itself and no other.
    let long = format!("<item><title>Long</title><guid>long</guid><description>{endless}</description></item>");
    fs::write(&file, feed(&[item(1), long, item(2)].concat())).unwrap();
    let report = courant(folder.path()).args(["import", "long.xml"]).output().unwrap();
    let report = String::from_utf8(report.stdout).unwrap();
    assert!(report.contains("2 created") && report.contains("content was lost: 1 items left out"), "{report}");
    assert!(report.contains("item 2: it is longer than any text, and is left out"), "{report}");
    // Comments of readers are counted, however many there are.
    let comments = "<wp:comment><wp:comment_content>Calm.</wp:comment_content></wp:comment>".repeat(100_000);
    fs::write(&file, feed(&item(3).replace("</item>", &format!("{comments}</item>")))).unwrap();
    let report = succeeds(courant(folder.path()).args(["import", "long.xml"]));
    assert!(report.contains("1 created"), "{report}");
}

#[test]
fn an_item_of_json_without_end_costs_itself() {
    let folder = tempfile::tempdir().unwrap();
    let item = |number: u32, text: &str| {
        format!("{{\"id\": \"{number}\", \"title\": \"Tide {number}\", \"content_text\": \"{text}\"}}")
    };
    let feed = |items: &[String]| {
        let version = "https://jsonfeed.org/version/1.1";
        format!("{{\"version\": \"{version}\", \"items\": [{}], \"title\": \"Tides\"}}", items.join(",\n"))
    };
    let endless = "The sea \\\"was\\\" calm, ]}. ".repeat(1_500_000);
    let deep = format!("{{\"id\": \"4\", \"_ours\": [{}1]}}", "{\"a\": [1, 2]}, ".repeat(400_000));
    let file = folder.path().join("long.json");
    let items = [item(1, "Calm."), item(2, &endless), item(3, "Rough."), deep, "null".to_owned(), item(5, "Calm.")];
    fs::write(&file, feed(&items)).unwrap();
    let report = courant(folder.path()).args(["import", "long.json"]).output().unwrap();
    let report = String::from_utf8(report.stdout).unwrap();
    assert!(report.contains("3 created") && report.contains("content was lost: 3 items left out"), "{report}");
    for number in [2, 4] {
        assert!(report.contains(&format!("item {number}: it is longer than any text, and is left out")), "{report}");
    }
    assert!(report.contains("item 5: it is no object and is left out"), "{report}");

    // What is wrong behind it is found where it is, and one that never ends is no item.
    let (long, broken) = (format!("{{\n\"content_text\": \"{endless}\"\n}}"), "{\"id\": 1 2}".to_owned());
    fs::write(&file, feed(&[item(1, "Calm."), long, broken])).unwrap();
    let error = fails(courant(folder.path()).args(["import", "long.json"]), 1);
    assert!(error.contains("at line 5,"), "{error}");
    fs::write(&file, feed(&[item(6, "Calm."), format!("{{\"content_text\": \"{endless}")])).unwrap();
    let error = fails(courant(folder.path()).args(["import", "long.json"]), 1);
    assert!(error.contains("EOF while parsing"), "{error}");
    let about = "x".repeat(17 * 1024 * 1024);
    let version = "https://jsonfeed.org/version/1.1";
    let text =
        format!("{{\"version\": \"{version}\", \"description\": \"{about}\", \"items\": [{}]}}", item(6, "Calm."));
    fs::write(&file, text).unwrap();
    let error = fails(courant(folder.path()).args(["import", "long.json"]), 1);
    assert!(error.contains("it says more of itself than any site does"), "{error}");
}
