//! What the newsroom sees: entries in work, and reference data with all its languages at once.

mod actor;
mod audit;
mod connection;
mod draft;
mod entry;
mod filter;
mod live;
mod revision;
mod sight;
mod tag;
mod text;
mod version;
mod words;

use async_graphql::{Context, ID, Object};
use courant_domain::page::PageRequest;
use courant_persistence::{AuditRequest, EntryListRequest};
use uuid::Uuid;

pub(crate) use self::version::EditorialVersion;
use self::{
    audit::{AuditLogFilter, AuditRecord},
    connection::{AuditRecordConnection, EditorialEntryConnection, connected, page_request},
    filter::EditorialEntryFilter,
};
pub(crate) use self::{entry::EditorialEntry, tag::EditorialTag};
use super::{connection::Paging, context::request};
use crate::{
    error::Error,
    loader::{AuditOf, EntriesOf, NumberOf},
};

/// What the newsroom sees. Everything in it asks for a viewer who has shown who they are.
pub(crate) struct Editorial;

/// What the newsroom sees. Everything in it asks for a viewer who has shown who they are.
#[Object]
impl Editorial {
    /// The entries in work that the viewer may read, the last touched first.
    async fn entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: Option<EditorialEntryFilter>,
        #[graphql(desc = "How many from the beginning, up to 100; 20 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what lies behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, up to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what lies before this cursor.")] before: Option<String>,
    ) -> Result<EditorialEntryConnection, Error> {
        let context = request(ctx);
        let viewer = context.viewer()?;
        let filter = filter.unwrap_or_default().resolve(ctx)?;
        let print = filter.fingerprint();
        let page = page_request(&Paging { first, after, last, before }, print)?;
        let sights = viewer.sights(&context.reference().categories);
        let wanted = EntryListRequest { filter, viewer: viewer.actor.clone(), sights, page };
        // The count is the same for every page.
        let number = NumberOf::Entries(EntryListRequest { page: PageRequest::first(0), ..wanted.clone() });
        let load = context.loaders.load_one(EntriesOf(wanted));
        connected(ctx, print, number, load, EditorialEntry::from).await.map(EditorialEntryConnection)
    }

    /// One entry; null when there is none with this id, or the viewer may not read its drafts.
    async fn entry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id, the same in all languages: `entryId` of the types readers see.")] id: ID,
    ) -> Option<Result<EditorialEntry, Error>> {
        let id = Uuid::parse_str(&id).ok()?;
        EditorialEntry::find(ctx, id.into()).await.transpose()
    }

    /// What was done, the newest first. Needs the permission `READ_AUDIT_LOG`.
    async fn audit_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which records.")] filter: Option<AuditLogFilter>,
        #[graphql(desc = "How many from the beginning, up to 100; 20 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what lies behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, up to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what lies before this cursor.")] before: Option<String>,
    ) -> Result<AuditRecordConnection, Error> {
        audit::require(ctx)?;
        let filter = filter.unwrap_or_default().resolve()?;
        let print = filter.fingerprint();
        let page = page_request(&Paging { first, after, last, before }, print)?;
        let number = NumberOf::Audit(filter.clone());
        let load = request(ctx).loaders.load_one(AuditOf(AuditRequest { filter, page }));
        let node = |record| AuditRecord::of(record, true);
        connected(ctx, print, number, load, node).await.map(AuditRecordConnection)
    }

    /// All tags, by slug.
    async fn tags(&self, ctx: &Context<'_>) -> Result<Vec<EditorialTag>, Error> {
        Ok(request(ctx).reference().tags().iter().map(|tag| EditorialTag(tag.id)).collect())
    }
}

/// The newsroom, for a viewer who has shown who they are.
pub(super) fn editorial(ctx: &Context<'_>) -> Result<Editorial, Error> {
    request(ctx).viewer().map(|_| Editorial)
}
