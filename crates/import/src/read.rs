//! Reading a source on a thread of its own, a little ahead of what is written.

use courant_syndication::{Import, Item, Problem, ReadError, ReadOptions, Reading};
use tokio::{sync::mpsc, task::JoinHandle};

use crate::source::Content;

/// How many items go in in one transaction.
pub(crate) const BATCH: usize = 100;

/// So many bytes of text are enough for one, however few items they are in.
const BATCH_BYTES: usize = 512 * 1024;

/// So much may be said between two batches.
const MOST_PROBLEMS: usize = 1_000;

/// What comes of a source, in this order.
pub(crate) enum Part {
    /// What some of its items are known by.
    Origins(Vec<String>),
    /// What is said of it as a whole, and how many items there are. It was gone through to its end then.
    About(Box<Import>, u64),
    /// Some of its items.
    Batch(Batch),
}

/// Items that go in together.
#[derive(Default)]
pub(crate) struct Batch {
    pub(crate) items: Vec<Item>,
    /// What is to be said of them, and of those that are left out.
    pub(crate) problems: Vec<Problem>,
    bytes: usize,
}

impl Batch {
    fn is_full(&self) -> bool {
        self.items.len() >= BATCH || self.bytes >= BATCH_BYTES || self.problems.len() >= MOST_PROBLEMS
    }
}

/// Begins to read a source. It ends when nobody wants more of it; what is left to report is what the thread returns.
pub(crate) fn read(
    source: Content,
    options: ReadOptions,
) -> (mpsc::Receiver<Part>, JoinHandle<Result<Import, ReadError>>) {
    let (parts, receiver) = mpsc::channel(1);
    (receiver, tokio::task::spawn_blocking(move || send(&source, &options, &parts)))
}

fn send(source: &Content, options: &ReadOptions, parts: &mpsc::Sender<Part>) -> Result<Import, ReadError> {
    use std::ops::ControlFlow::{Break, Continue};
    // Whoever wants no more says so when items come.
    let send = |part| if parts.blocking_send(part).is_ok() { Continue(()) } else { Break(()) };
    let mut origins = Vec::new();
    let reading = Reading::begin(source, options, |origin| {
        origins.push(origin);
        if origins.len() == 10 * BATCH {
            let _ = send(Part::Origins(std::mem::take(&mut origins)));
        }
    })?;
    let _ = send(Part::Origins(origins));
    let _ = send(Part::About(Box::new(reading.about().clone()), reading.count()));
    let mut batch = Batch::default();
    let import = reading.items(|item, mut problems| {
        batch.problems.append(&mut problems);
        batch.bytes += item.as_ref().map_or(0, |item| item.content.body.as_ref().map_or(0, |body| body.source().len()));
        batch.items.extend(item);
        if batch.is_full() { send(Part::Batch(std::mem::take(&mut batch))) } else { Continue(()) }
    })?;
    let _ = send(Part::Batch(batch));
    Ok(import)
}
