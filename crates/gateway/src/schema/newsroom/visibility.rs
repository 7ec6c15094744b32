//! What the viewer sees of the entries in work, and may do to them: the table of permissions, asked.

use std::sync::Arc;

use async_graphql::Context;
use courant_domain::{
    access::{Permission, Target, Viewer},
    entry::Entry,
    id::{EntryId, PersonId, TagId},
    locale::Locale,
};

use courant_persistence::{EntryInWork, StandingInWork};

use crate::{
    error::{Error, ErrorCode},
    loader::StandingsOf,
    schema::context::request,
};

/// What can be done to an entry, in the order of the table.
const OF_ENTRIES: [Permission; 12] = [
    Permission::ReadDrafts,
    Permission::CreateEntry,
    Permission::EditEntry,
    Permission::SubmitEntry,
    Permission::DeleteEntry,
    Permission::ReviewEntry,
    Permission::CommentEntry,
    Permission::AssignEntry,
    Permission::ArchiveEntry,
    Permission::PublishEntry,
    Permission::Backdate,
    Permission::UnpublishEntry,
];

/// What is answered where an entry is not there, or not for this viewer: the same in both cases.
pub(super) fn no_such_entry() -> Error {
    Error::new(ErrorCode::NotFound, "there is no such entry")
}

/// Whether the viewer may do something to these languages of an entry; no language means all of them.
pub(super) fn may(ctx: &Context<'_>, permission: Permission, entry: &Entry, locales: &[Locale]) -> Result<bool, Error> {
    let viewer = request(ctx).viewer()?;
    let own = entry.created_by.as_ref() == Some(&viewer.actor);
    let target = Target { category: Some(entry.category), locales, own };
    Ok(viewer.may(permission, &target, &request(ctx).reference().categories))
}

/// All that the viewer may do to these languages of an entry; no language means all of them.
pub(super) fn permissions(ctx: &Context<'_>, entry: &Entry, locales: &[Locale]) -> Result<Vec<Permission>, Error> {
    let mut permissions = Vec::new();
    for permission in OF_ENTRIES {
        if may(ctx, permission, entry, locales)? {
            permissions.push(permission);
        }
    }
    Ok(permissions)
}

/// Whether the viewer is told of a tag.
pub(super) fn knows_tag(ctx: &Context<'_>, id: TagId) -> bool {
    knows_all_names(ctx) || request(ctx).reference().live_tags().get(&id).is_some()
}

/// Whether the viewer is told of a person.
pub(super) fn knows_person(ctx: &Context<'_>, id: PersonId) -> bool {
    knows_all_names(ctx) || request(ctx).reference().live_persons().get(&id).is_some()
}

fn knows_all_names(ctx: &Context<'_>) -> bool {
    request(ctx).viewer().is_ok_and(Viewer::knows_all_names)
}

/// Whether the viewer sees an entry at all.
pub(super) async fn sees(ctx: &Context<'_>, found: &EntryInWork) -> Result<bool, Error> {
    let (viewer, entry) = (request(ctx).viewer()?, &found.entry);
    let locales: Vec<Locale> = all_standings(ctx, entry.id).await?.iter().map(|it| it.locale).collect();
    let own = entry.created_by.as_ref() == Some(&viewer.actor);
    let target = Target { category: Some(entry.category), locales: &locales, own };
    Ok(viewer.sees(&target, found.is_live, &request(ctx).reference().categories))
}

/// Where the languages of an entry stand that the viewer sees.
pub(super) async fn standings(ctx: &Context<'_>, entry: &Entry) -> Result<Vec<StandingInWork>, Error> {
    let standings = all_standings(ctx, entry.id).await?;
    let mut seen = Vec::with_capacity(standings.len());
    for standing in standings.iter() {
        if may(ctx, Permission::ReadDrafts, entry, &[standing.locale])? {
            seen.push(standing.clone());
        }
    }
    Ok(seen)
}

async fn all_standings(ctx: &Context<'_>, entry: EntryId) -> Result<Arc<Vec<StandingInWork>>, Error> {
    Ok(request(ctx).newsroom.load_one(StandingsOf(entry)).await?.unwrap_or_default())
}
