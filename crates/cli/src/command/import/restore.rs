//! Restoring a dump.

use std::{io::BufRead, ops::ControlFlow};

use anyhow::{Context, Result};
use courant_options::DatabaseOptions;
use courant_persistence::{FileError, Refill, Store, dump::RestoreError};

use super::say;
use crate::{interrupt::interrupted, progress};

/// Restores a dump. An embedded database that nobody else has open is refilled beside itself, for which it is closed and opened
/// again; into all others a dump goes in one transaction.
pub(super) async fn restore(
    store: &mut Store,
    database: &DatabaseOptions,
    lines: Box<dyn BufRead + Send>,
    length: u64,
) -> Result<bool> {
    let bar = progress::bytes(length);
    let progress = |bytes| {
        bar.inc(bytes);
        ControlFlow::Continue(())
    };
    let restored = match database.file()? {
        Some(file) if store.is_empty().await? => {
            store.close().await?;
            match Refill::begin(&file) {
                Ok(refill) => {
                    let restored = tokio::select! {
                        restored = refill.restore(lines, progress) => restored,
                        () = interrupted() => Err(RestoreError::Stopped),
                    };
                    drop(refill);
                    *store = database.open_existing().await?;
                    restored
                }
                // Others see nothing of it before it is whole, either; it takes a log as long as the dump.
                Err(FileError::InUse(_) | FileError::Io { .. }) => {
                    *store = database.open_existing().await?;
                    store.admin().restore_dump(lines, progress).await
                }
                Err(error) => {
                    *store = database.open_existing().await?;
                    Err(error.into())
                }
            }
        }
        _ => store.admin().restore_dump(lines, progress).await,
    };
    let entries = restored.context("is not restored")?;
    bar.finish_and_clear();
    say(&format_args!("{entries} entries restored\n"));
    Ok(true)
}
