//! Who is told of a record of the audit log, and what.

use std::sync::Arc;

use async_graphql::Context;
use courant_domain::{
    access::{Sight, Viewer},
    audit::{self as domain, Act, AuditSubject},
    category::CategoryTree,
    id::EntryId,
};

use super::{
    EditorialEntry,
    audit::{self, AuditRecord},
};
use crate::{error::Error, schema::context::request};

/// What a viewer is told of something that was done.
pub(in crate::schema) enum Told {
    /// What it was.
    Record(AuditRecord),
    /// That this entry, which they saw until then, is not theirs to see any more; by whom and how is not told.
    Gone(EntryId),
    /// That they may see other entries than before, without which.
    Otherwise,
}

/// A record of the audit log: to those who may read it all, and of what was done to an entry to those who may read that.
pub(super) async fn record_shown(
    ctx: &Context<'_>,
    found: Arc<domain::AuditRecord>,
) -> Result<Option<AuditRecord>, Error> {
    if audit::may_read(ctx)? {
        return Ok(Some(AuditRecord::of(found, true)));
    }
    if found.subject != AuditSubject::Entry {
        return Ok(None);
    }
    let entry = EditorialEntry::find(ctx, found.subject_id.into()).await?;
    let tells = match &entry {
        Some(entry) => entry.tells_of(ctx, found.locale).await?,
        None => false,
    };
    Ok(tells.then(|| AuditRecord::of(found, false)))
}

/// What a viewer who follows the log is told of a record. Of what has left their sight they hear that it has, and nothing of what they
/// have never seen.
pub(in crate::schema) async fn told(ctx: &Context<'_>, found: Arc<domain::AuditRecord>) -> Result<Option<Told>, Error> {
    if let Some(record) = record_shown(ctx, Arc::clone(&found)).await? {
        return Ok(Some(Told::Record(record)));
    }
    let context = request(ctx);
    let (viewer, tree) = (context.viewer()?, &context.reference().categories);
    if matches!(found.act, Act::MoveCategory | Act::MergeCategories) {
        return Ok(is_limited(viewer, tree).then_some(Told::Otherwise));
    }
    if !found.whereabouts().is_some_and(|was| was.was_seen_by(viewer, tree)) {
        return Ok(None);
    }
    let id: EntryId = found.subject_id.into();
    if EditorialEntry::find(ctx, id).await?.is_some() {
        return Ok(None);
    }
    // Of whom it is not known what they could see then, it is not said what that was.
    let same = context.store.newsroom().rights_were_the_same(found.seq, &viewer.actor).await;
    let same = same.map_err(|error| Error::of_store(&error))?;
    Ok(Some(if same { Told::Gone(id) } else { Told::Otherwise }))
}

/// Whether what a viewer sees of entries in work depends on where categories are.
fn is_limited(viewer: &Viewer, tree: &CategoryTree) -> bool {
    let sights = viewer.sights(tree);
    let sees_all = |sight: &Sight| !sight.own && sight.categories.is_none() && sight.locales.is_none();
    sights.iter().any(|sight| sight.categories.is_some()) && !sights.iter().any(sees_all)
}
