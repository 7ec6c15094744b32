//! Restoring our own dump.

use std::{io::BufRead, ops::RangeInclusive};

use anyhow::{Context, Result, anyhow, bail};
use courant_domain::{redirect::Redirect, reserved::{self, is_reserved}, site::Site};
use courant_persistence::{ReferenceData, dump::{Restoration, EntryRecord, Header, Order, Record}, Store};
use tokio::sync::mpsc;

use crate::progress;

/// A batch holds this many entries, or this many bytes of lines, whichever is reached first.
const ENTRIES: usize = 500;
const BYTES: usize = 4 * 1024 * 1024;

/// Records that are written together, and the lines they stand in.
struct Batch {
    lines: RangeInclusive<u64>,
    bytes: usize,
    records: Records,
}

enum Records {
    Site(Site),
    Reference(ReferenceData),
    Entries(Vec<EntryRecord>),
    Redirects(Vec<Redirect>),
}

/// Restores a dump, all of it or nothing, and says how many entries it had.
pub(super) async fn restore(store: &Store, lines: Box<dyn BufRead + Send>, length: Option<u64>) -> Result<usize> {
    if !store.is_empty().await? {
        bail!("the database has entries already, and a dump can be restored into an empty one only");
    }
    let bar = progress::bytes(length);
    // Lines are read and parsed on a thread of their own, a little ahead of what is written.
    let (batches, incoming) = mpsc::channel(2);
    let reader = tokio::task::spawn_blocking(move || {
        if let Err(error) = read(lines, &batches) {
            drop(batches.blocking_send(Err(error)));
        }
    });
    let mut restoration = store.restore().await?;
    let entries = match write(&mut restoration, &bar, incoming).await {
        Ok(entries) => entries,
        Err(error) => {
            restoration.abandon().await?;
            return Err(error);
        }
    };
    reader.await?;
    restoration.finish().await?;
    bar.finish_and_clear();
    Ok(entries)
}

async fn write(
    restoration: &mut Restoration<'_>,
    bar: &indicatif::ProgressBar,
    mut incoming: mpsc::Receiver<Result<Batch>>,
) -> Result<usize> {
    let mut entries = 0;
    while let Some(batch) = incoming.recv().await {
        let batch = batch?;
        let put = match batch.records {
            Records::Site(site) => restoration.site(&site).await,
            Records::Reference(reference) => restoration.reference(&reference).await,
            Records::Redirects(redirects) => restoration.redirects(redirects).await,
            Records::Entries(records) => {
                entries += records.len();
                restoration.entries(&records).await
            }
        };
        put.with_context(|| match (batch.lines.start(), batch.lines.end()) {
            (first, last) if first == last => format!("line {first}"),
            (first, last) => format!("lines {first} to {last}"),
        })?;
        bar.inc(batch.bytes as u64);
    }
    Ok(entries)
}

/// Reads lines into batches, until the end or the first that cannot be read.
fn read(mut lines: impl BufRead, batches: &mpsc::Sender<Result<Batch>>) -> Result<()> {
    let mut line = String::new();
    let mut number = 0;
    let mut records = 0;
    let mut begun = false;
    let mut ended = false;
    let mut order = Order::default();
    let mut batch: Option<Batch> = None;
    loop {
        line.clear();
        number += 1;
        let bytes = lines.read_line(&mut line).with_context(|| format!("line {number}"))?;
        if line.starts_with('\u{feff}') {
            line.drain(..'\u{feff}'.len_utf8());
        }
        if bytes == 0 {
            break;
        }
        if line.trim().is_empty() {
            continue;
        }
        let at = || format!("line {number}");
        if ended {
            return Err(anyhow!("something stands behind the last record")).with_context(at);
        }
        let record = parse(&line, begun).with_context(at)?;
        begun = true;
        let Some(record) = record else { continue };
        order.take(&record).with_context(at)?;
        if let Record::End(end) = record {
            if end.records != records {
                return Err(anyhow!("the dump says it has {} records, but there are {records}", end.records))
                    .with_context(at);
            }
            ended = true;
            continue;
        }
        records += 1;
        let rest = match &mut batch {
            Some(batch) => batch.add(record, number, bytes),
            None => Some(record),
        };
        if let Some(record) = rest {
            let full = batch.replace(Batch { lines: number..=number, bytes, records: Records::of(record) });
            if let Some(full) = full
                && batches.blocking_send(Ok(full)).is_err()
            {
                return Ok(());
            }
        }
    }
    if let Some(last) = batch {
        // When nobody takes it, the reason was told already.
        drop(batches.blocking_send(Ok(last)));
    }
    if !ended {
        bail!("the dump is cut short: its last line, which says how many records it has, is missing");
    }
    Ok(())
}

/// Reads a line and checks what can be checked without the database; none for the first one, which is a header.
fn parse(line: &str, begun: bool) -> Result<Option<Record>> {
    let record: Record = serde_json::from_str(line).map_err(|error| {
        // The line of the error is always 1, the one of the file is told around it.
        let reason = error.to_string();
        let reason = reason.split(" at line ").next().unwrap_or_default();
        anyhow!("no record of a dump: {reason}, at column {}", error.column())
    })?;
    if holds_nul(line) {
        bail!("a text in it holds the character U+0000, which no text needs and PostgreSQL refuses");
    }
    match record {
        Record::Courant(header) if header == Header::CURRENT && !begun => Ok(None),
        Record::Courant(header) if !begun => {
            bail!("a dump of form {}, but this version reads form {} only", header.dump, Header::CURRENT.dump)
        }
        Record::Courant(_) => bail!("another dump begins here"),
        _ if !begun => bail!("the line that says that this is a dump is missing"),
        Record::Entry(record) => {
            record.validate().with_context(|| format!("entry {}", record.entry.id))?;
            Ok(Some(Record::Entry(record)))
        }
        Record::Redirect(redirect) => {
            redirect.validate().with_context(|| format!("redirect {:?}", redirect.path))?;
            Ok(Some(Record::Redirect(redirect)))
        }
        Record::Category(category) if category.parent.is_none() && is_reserved(&category.slug) => {
            bail!("{}; give it another one", reserved::reason(&category.slug))
        }
        record => {
            record.check_texts()?;
            Ok(Some(record))
        }
    }
}

/// Whether a text in a line of JSON holds U+0000; a backslash in front of its escape makes it another text.
fn holds_nul(line: &str) -> bool {
    line.match_indices("\\u0000").any(|(at, _)| {
        let backslashes = line[..at].bytes().rev().take_while(|byte| *byte == b'\\').count();
        backslashes % 2 == 0
    })
}

impl Records {
    fn of(record: Record) -> Self {
        let mut reference = ReferenceData::default();
        match record {
            Record::Entry(entry) => return Self::Entries(vec![entry]),
            Record::Redirect(redirect) => return Self::Redirects(vec![redirect]),
            Record::Site(site) => return Self::Site(site),
            Record::Category(category) => reference.categories.push(category),
            Record::Tag(tag) => reference.tags.push(tag),
            Record::Person(person) => reference.persons.push(person),
            Record::Feed(feed) => reference.feeds.push(feed),
            // The first line and the last are taken out before.
            Record::Courant(_) | Record::End(_) => {}
        }
        Self::Reference(reference)
    }
}

impl Batch {
    /// Takes the record in, or gives it back when it begins another batch.
    fn add(&mut self, record: Record, number: u64, bytes: usize) -> Option<Record> {
        match (&mut self.records, record) {
            (Records::Entries(entries), Record::Entry(entry)) if entries.len() < ENTRIES && self.bytes < BYTES => {
                entries.push(entry);
            }
            (Records::Redirects(redirects), Record::Redirect(redirect)) if redirects.len() < 10 * ENTRIES => {
                redirects.push(redirect);
            }
            (Records::Reference(reference), Record::Category(category)) => reference.categories.push(category),
            (Records::Reference(reference), Record::Tag(tag)) => reference.tags.push(tag),
            (Records::Reference(reference), Record::Person(person)) => reference.persons.push(person),
            (Records::Reference(reference), Record::Feed(feed)) => reference.feeds.push(feed),
            (_, record) => return Some(record),
        }
        self.lines = *self.lines.start()..=number;
        self.bytes += bytes;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = r#"{"courant":{"dump":1}}"#;
    const TAG: &str = r#"{"tag":{"id":"019acd00-0000-7000-8000-000000000001","slug":"water","name":{"en":"Water"}}}"#;
    const MORE: &str = r#"{"tag":{"id":"019acd00-0000-7000-8000-000000000002","slug":"salt","name":{"en":"Salt"}}}"#;
    const TOP: &str = r#"{"category":{"id":"019acd00-0000-7000-8000-000000000003","parent":null,"position":1,"slug":"top","title":{"en":"Top"}}}"#;
    const GONE: &str = r#"{"redirect":{"path":"/en/articles/a","target":null,"created_at":"2026-01-01T00:00:00Z"}}"#;

    const END: &str = r#"{"end":{"records":4}}"#;

    /// The lines of each batch, and the error in the end.
    fn batches(lines: &[&str]) -> (Vec<RangeInclusive<u64>>, Option<String>) {
        let text = lines.join("\n");
        let (sender, mut receiver) = mpsc::channel(100);
        let error = read(text.as_bytes(), &sender).err().map(|error| format!("{error:#}"));
        drop(sender);
        let mut ranges = Vec::new();
        while let Some(batch) = receiver.blocking_recv() {
            ranges.push(batch.unwrap().lines);
        }
        (ranges, error)
    }

    #[test]
    fn records_of_a_kind_go_in_together() {
        assert_eq!(batches(&[HEAD, TAG, MORE, "", GONE, GONE, END]), (vec![2..=3, 5..=6], None));
    }

    #[test]
    fn a_dump_that_was_cut_short_or_has_something_behind_it_is_noticed() {
        for (lines, says) in [
            (&[HEAD, TAG, MORE, GONE, GONE][..], "the dump is cut short"),
            (&[HEAD, TAG, GONE, END][..], "line 4: the dump says it has 4 records, but there are 2"),
            (&[HEAD, TAG, MORE, GONE, GONE, END, GONE][..], "line 7: something stands behind the last record"),
        ] {
            let error = batches(lines).1.unwrap();
            assert!(error.starts_with(says), "{error}");
        }
    }

    #[test]
    fn the_line_that_cannot_be_read_is_named() {
        for (line, says) in [
            (r#"{"nonsense":{}}"#, "line 3: no record of a dump: unknown variant `nonsense`"),
            (r#"{"tag":{"id":"#, "line 3: no record of a dump: EOF"),
            (HEAD, "line 3: another dump begins here"),
            (TAG, "line 3: a tag with this id stands twice"),
            (&MORE.replace("\"Salt", "\"\\u0000Salt"), "line 3: a text in it holds the character U+0000"),
            (&MORE.replace("019acd", "x"), "line 3: no record of a dump: UUID parsing failed"),
            (&TOP.replace("top", "search"), "line 3: search is a word of the site's own pages"),
            (
                &GONE.replace("null", "\"/en/articles/a\""),
                "line 3: redirect \"/en/articles/a\": the redirect leads from",
            ),
            (&GONE.replace("null", "\"javascript:1\""), "line 3: redirect \"/en/articles/a\": the redirect leads from"),
        ] {
            let error = batches(&[HEAD, TAG, line]).1.unwrap();
            assert!(error.starts_with(says), "{error}");
        }
        let error = batches(&[r#"{"courant":{"dump":9}}"#]).1.unwrap();
        assert!(error.starts_with("line 1: a dump of form 9"), "{error}");
        let error = batches(&[TAG]).1.unwrap();
        assert!(error.starts_with("line 1: the line that says that this is a dump"), "{error}");
    }

    #[test]
    fn an_escaped_backslash_in_front_of_four_noughts_is_no_character() {
        let record = MORE.replace("\"Salt", r#""\\u0000"#);
        assert_eq!(batches(&[HEAD, TAG, &record, GONE, GONE, END]).1, None);
    }

    #[test]
    fn what_an_editor_program_put_in_front_is_passed_over() {
        let marked = format!("\u{feff}{HEAD}");
        assert_eq!(batches(&["", " ", &marked, TAG, MORE, GONE, GONE, END]), (vec![4..=5, 6..=7], None));
    }

    #[test]
    fn a_field_that_no_record_has_is_refused_by_its_line() {
        let misspelt = TAG.replace("slug", "slugg");
        let more = TAG.replace(r#""slug""#, r#""colour":"red","slug""#);
        for (line, says) in [(misspelt, "unknown field `slugg`"), (more, "unknown field `colour`")] {
            let error = batches(&[HEAD, TAG, &line]).1.unwrap();
            assert!(error.starts_with("line 3: no record of a dump") && error.contains(says), "{error}");
        }
    }
}
