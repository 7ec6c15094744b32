//! Writing a dump.

use std::io::{self, Write};

use courant_domain::tag::Tag;

use super::{
    error::WriteError,
    record::{End, Header, Record},
    snapshot::Snapshot,
};
use crate::admin::Admin;

/// How many entries are held in memory at once.
const BATCH: u64 = 200;

/// What of a database a dump holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Everything, for those who keep the database.
    All,
    /// What readers can see, for anybody.
    Published,
}

impl Admin {
    /// Writes a dump, as of one moment. `progress` is told how many entries of how many are written.
    ///
    /// # Errors
    /// [`WriteError`] when the database cannot be read, or `out` not be written.
    pub async fn write_dump(
        &self,
        extent: Extent,
        out: &mut impl Write,
        mut progress: impl FnMut(u64, u64),
    ) -> Result<(), WriteError> {
        let snapshot = self.snapshot().await?;
        let out = &mut Lines { out, records: 0 };
        out.write(&Record::Courant(Header::CURRENT))?;
        out.records = 0;
        reference(&snapshot, extent, out).await?;
        let count = match extent {
            Extent::All => snapshot.count().await?,
            Extent::Published => snapshot.published_count().await?,
        };
        let (mut written, mut after) = (0, None);
        loop {
            let entries = match extent {
                Extent::All => snapshot.entries(after, BATCH).await?,
                Extent::Published => snapshot.published(after, BATCH).await?,
            };
            let Some(last) = entries.last() else { break };
            after = Some(last.entry.id);
            written += entries.len() as u64;
            progress(written, count);
            for entry in entries {
                out.write(&Record::Entry(entry))?;
            }
        }
        let redirects = match extent {
            Extent::All => snapshot.redirects().await?,
            Extent::Published => snapshot.published_redirects().await?,
        };
        for redirect in redirects {
            out.write(&Record::Redirect(redirect))?;
        }
        if extent == Extent::All {
            for hook in snapshot.webhooks().await? {
                out.write(&Record::Webhook(hook))?;
            }
            let mut after = None;
            loop {
                let reads = snapshot.reads(after, BATCH).await?;
                let Some(last) = reads.last() else { break };
                after = Some(last.entry);
                for reads in reads {
                    out.write(&Record::Reads(reads))?;
                }
            }
        }
        out.write(&Record::End(End { records: out.records }))?;
        out.out.flush().map_err(WriteError::Output)
    }
}

async fn reference<W: Write>(snapshot: &Snapshot, extent: Extent, out: &mut Lines<'_, W>) -> Result<(), WriteError> {
    let reference = snapshot.reference();
    let mut site = reference.site.clone();
    // How the newsroom works is nothing that readers see.
    site.four_eyes &= extent == Extent::All;
    out.write(&Record::Site(site))?;
    for category in reference.categories.iter() {
        out.write(&Record::Category(category.clone()))?;
    }
    let feeds = match extent {
        Extent::All => reference.feeds().to_vec(),
        // What is pinned and not live yet would tell that it is to come.
        Extent::Published => snapshot.published_feeds().await?,
    };
    // So would tags and persons that nothing live names. What a feed goes by has to be there with it.
    let is_all = extent == Extent::All;
    let is_tag_wanted = |tag: &Tag| {
        is_all || reference.live_tags().get(&tag.id).is_some() || feeds.iter().any(|feed| feed.tags.contains(&tag.id))
    };
    for tag in reference.tags().iter().filter(|tag| is_tag_wanted(tag)) {
        out.write(&Record::Tag(tag.clone()))?;
    }
    let persons = if is_all { reference.persons() } else { reference.live_persons().rows() };
    for person in persons {
        out.write(&Record::Person(person.clone()))?;
    }
    for feed in feeds {
        out.write(&Record::Feed(feed))?;
    }
    Ok(())
}

/// Writes records, and counts them.
struct Lines<'a, W> {
    out: &'a mut W,
    records: u64,
}

impl<W: Write> Lines<'_, W> {
    fn write(&mut self, record: &Record) -> Result<(), WriteError> {
        serde_json::to_writer(&mut *self.out, record).map_err(|error| WriteError::Output(io::Error::from(error)))?;
        self.records += 1;
        self.out.write_all(b"\n").map_err(WriteError::Output)
    }
}
