//! Reading the lines of a dump.

use std::{io::BufRead, ops::RangeInclusive};

use courant_domain::{
    redirect::Redirect,
    reserved::{self, is_reserved},
    site::Site,
};
use tokio::sync::mpsc;

use super::{
    error::{LineError, RestoreError},
    order::Order,
    reads::ReadsRecord,
    record::{EntryRecord, Header, Record},
    webhook::WebhookRecord,
};
use crate::newsroom::reference_put::ReferenceData;

/// A batch holds this many entries, or this many bytes of lines, whichever is reached first.
const ENTRIES: usize = 500;
const BYTES: u64 = 4 * 1024 * 1024;

/// Records that are written together, and the lines they stand in.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) lines: RangeInclusive<u64>,
    pub(super) bytes: u64,
    pub(super) records: Records,
}

#[derive(Debug)]
pub(super) enum Records {
    Site(Site),
    Reference(ReferenceData),
    Entries(Vec<EntryRecord>),
    Redirects(Vec<Redirect>),
    Webhooks(Vec<WebhookRecord>),
    Reads(Vec<ReadsRecord>),
}

/// Reads lines into batches, until the end or the first that cannot be read.
pub(super) fn read(
    mut lines: impl BufRead,
    batches: &mpsc::Sender<Result<Batch, RestoreError>>,
) -> Result<(), RestoreError> {
    let mut text = String::new();
    let mut line = 0;
    let mut records = 0;
    let mut begun = false;
    let mut ended = false;
    let mut order = Order::default();
    let mut batch: Option<Batch> = None;
    loop {
        text.clear();
        line += 1;
        let at = |source| RestoreError::Line { line, source };
        let bytes = lines.read_line(&mut text).map_err(|error| at(error.into()))?;
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        if bytes == 0 {
            break;
        }
        if text.trim().is_empty() {
            continue;
        }
        if ended {
            return Err(at(LineError::AfterEnd));
        }
        let record = parse(&text, begun).map_err(at)?;
        begun = true;
        let Some(record) = record else { continue };
        order.take(&record).map_err(|error| at(error.into()))?;
        if let Record::End(end) = record {
            if end.records != records {
                return Err(at(LineError::Count { said: end.records, found: records }));
            }
            ended = true;
            continue;
        }
        records += 1;
        let bytes = bytes as u64;
        let rest = match &mut batch {
            Some(batch) => batch.add(record, line, bytes),
            None => Some(record),
        };
        if let Some(record) = rest {
            let full = batch.replace(Batch { lines: line..=line, bytes, records: Records::of(record) });
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
    if ended { Ok(()) } else { Err(RestoreError::CutShort) }
}

/// Reads a line and checks what can be checked without the database; none for the first one, which is a header.
fn parse(line: &str, begun: bool) -> Result<Option<Record>, LineError> {
    let record: Record = serde_json::from_str(line).map_err(|error| {
        // The line of the error is always 1, the one of the file is told around it.
        let reason = error.to_string();
        let reason = reason.split(" at line ").next().unwrap_or_default().to_owned();
        LineError::NoRecord { reason, column: error.column() }
    })?;
    if holds_nul(line) {
        return Err(LineError::Nul);
    }
    match record {
        Record::Courant(header) if header == Header::CURRENT && !begun => Ok(None),
        Record::Courant(header) if !begun => Err(LineError::Form(header.dump)),
        Record::Courant(_) => Err(LineError::SecondHeader),
        _ if !begun => Err(LineError::NoHeader),
        Record::Entry(record) => match record.validate() {
            Ok(()) => Ok(Some(Record::Entry(record))),
            Err(source) => Err(LineError::Entry { id: record.entry.id, source }),
        },
        Record::Redirect(redirect) => match redirect.validate() {
            Ok(()) => Ok(Some(Record::Redirect(redirect))),
            Err(source) => Err(LineError::Redirect { path: redirect.path, source }),
        },
        Record::Category(category) if category.parent.is_none() && is_reserved(&category.slug) => {
            Err(LineError::Reserved(reserved::reason(&category.slug)))
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
            Record::Webhook(hook) => return Self::Webhooks(vec![hook]),
            Record::Reads(reads) => return Self::Reads(vec![reads]),
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
    fn add(&mut self, record: Record, line: u64, bytes: u64) -> Option<Record> {
        match (&mut self.records, record) {
            (Records::Entries(entries), Record::Entry(entry)) if entries.len() < ENTRIES && self.bytes < BYTES => {
                entries.push(entry);
            }
            (Records::Redirects(redirects), Record::Redirect(redirect)) if redirects.len() < 10 * ENTRIES => {
                redirects.push(redirect);
            }
            (Records::Webhooks(webhooks), Record::Webhook(hook)) => webhooks.push(hook),
            (Records::Reads(all), Record::Reads(reads)) if all.len() < ENTRIES => all.push(reads),
            (Records::Reference(reference), Record::Category(category)) => reference.categories.push(category),
            (Records::Reference(reference), Record::Tag(tag)) => reference.tags.push(tag),
            (Records::Reference(reference), Record::Person(person)) => reference.persons.push(person),
            (Records::Reference(reference), Record::Feed(feed)) => reference.feeds.push(feed),
            (_, record) => return Some(record),
        }
        self.lines = *self.lines.start()..=line;
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

    fn in_full(error: &dyn std::error::Error) -> String {
        let causes = std::iter::successors(error.source(), |cause| cause.source());
        causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
    }

    /// The lines of each batch, and the error in the end.
    fn batches(lines: &[&str]) -> (Vec<RangeInclusive<u64>>, Option<String>) {
        let text = lines.join("\n");
        let (sender, mut receiver) = mpsc::channel(100);
        let error = read(text.as_bytes(), &sender).err().map(|error| in_full(&error));
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
