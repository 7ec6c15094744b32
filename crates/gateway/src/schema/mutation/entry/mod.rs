//! Entries: what they hold, where they stand, where they are filed.

mod content;
mod manage;
mod payload;
mod preview;
mod save;
mod workflow;

use async_graphql::ID;
use courant_domain::id::EntryId;
use courant_persistence::VersionKey;

pub(in crate::schema) use self::content::RelationKind;
pub(super) use self::{
    manage::EntryMutations, preview::PreviewMutations, save::ContentMutations, workflow::WorkflowMutations,
};
use super::input::Reader;
use crate::schema::{id::NodeKind, scalar::Locale};

const ENTRIES: [NodeKind; 2] = [NodeKind::Article, NodeKind::Decree];

fn entry_id(reader: &mut Reader, id: &ID) -> EntryId {
    reader.id("entryId", id, &ENTRIES)
}

fn version_key(reader: &mut Reader, id: &ID, locale: Locale) -> VersionKey {
    VersionKey { entry: entry_id(reader, id), locale: locale.0 }
}
