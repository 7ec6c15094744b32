//! Entries: what they hold, where they stand, where they are filed.

mod content;
mod desk;
mod manage;
mod payload;
mod preview;
mod save;
mod warning;
mod workflow;

use async_graphql::{Context, ID};
use courant_domain::id::EntryId;
use courant_persistence::{Command, VersionKey, Written};

pub(in crate::schema) use self::content::{RelationKind, RichTextInput};
use self::payload::VersionPayload;
pub(super) use self::{
    desk::DeskMutations, manage::EntryMutations, preview::PreviewMutations, save::ContentMutations,
    workflow::WorkflowMutations,
};
use super::{input::Reader, perform};
use crate::{
    error::Error,
    schema::{id::NodeKind, scalar::Locale},
};

/// What an entry can be named by, beside its own id.
pub(super) const ENTRY: [NodeKind; 2] = [NodeKind::Article, NodeKind::Decree];

fn entry_id(reader: &mut Reader, id: &ID) -> EntryId {
    reader.id("entryId", id, &ENTRY)
}

fn version_key(reader: &mut Reader, id: &ID, locale: Locale) -> VersionKey {
    VersionKey { entry: entry_id(reader, id), locale: locale.0 }
}

/// Makes a change to one language of an entry, which the payload then shows, whether it was made or not.
async fn change_version(
    ctx: &Context<'_>,
    version: VersionKey,
    key: Option<&str>,
    reader: Reader,
    change: impl AsyncFnOnce(Command<'_>) -> Written<VersionKey>,
) -> Option<Result<VersionPayload, Error>> {
    let changed = perform(ctx, key, reader, change).await;
    Some(changed.map(|payload: VersionPayload| payload.about(version)))
}
