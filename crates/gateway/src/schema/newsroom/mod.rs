//! What the newsroom sees: entries in work, and reference data with all its languages at once.

mod actor;
mod audit;
mod category;
mod connection;
mod draft;
mod entry;
mod feed;
mod filter;
mod live;
mod person;
mod preview;
mod revision;
mod tag;
mod text;
mod user;
mod version;
mod visibility;
mod words;

use async_graphql::{Context, ID, Object};
use courant_domain::{access::Permission, page::PageRequest};
use courant_persistence::{AuditRequest, EntryListRequest};
use uuid::Uuid;

pub(crate) use self::version::EditorialVersion;
use self::{
    audit::{AuditLogFilter, AuditRecord},
    connection::{AuditRecordConnection, EditorialEntryConnection, connected, page_request},
    draft::DraftText,
    filter::EditorialEntryFilter,
    user::Viewer,
};
pub(crate) use self::{
    category::EditorialCategory,
    entry::EditorialEntry,
    feed::EditorialFeed,
    person::EditorialPerson,
    tag::EditorialTag,
    user::{ApiToken, User},
    words::{EntryKind, Role},
};
use super::{
    connection::Paging,
    context::request,
    id::{NodeId, NodeKind},
    mutation::RichTextInput,
};
use crate::{
    error::Error,
    loader::{AuditOf, EntriesOf, NumberOf},
};

/// What the newsroom sees. Everything in it asks for a viewer who has shown who they are.
pub(crate) struct Editorial;

/// What the newsroom sees. Everything in it asks for a viewer who has shown who they are.
#[Object]
impl Editorial {
    /// Who is asking.
    async fn viewer(&self) -> Viewer {
        Viewer
    }

    /// Whether the site wants four eyes on each text: that somebody else than who wrote it agrees before it goes live, by
    /// approving it, or by publishing or scheduling it themselves.
    async fn four_eyes(&self, ctx: &Context<'_>) -> bool {
        request(ctx).site().four_eyes
    }

    /// What readers would get of a text, without anything being kept.
    async fn render_text(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The text; up to 1 MiB.")] text: RichTextInput,
    ) -> Option<Result<DraftText, Error>> {
        if let Err(error) = request(ctx).viewer() {
            return Some(Err(error));
        }
        Some(text.rendered().map(DraftText::Sent))
    }

    /// The entries in work that the viewer may read, the last touched first.
    async fn entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: Option<EditorialEntryFilter>,
        #[graphql(desc = "How many from the beginning, up to 100; 20 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, up to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
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
        let load = context.newsroom.load_one(EntriesOf(wanted));
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
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, up to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<AuditRecordConnection, Error> {
        audit::require(ctx)?;
        let filter = filter.unwrap_or_default().resolve()?;
        let print = filter.fingerprint();
        let page = page_request(&Paging { first, after, last, before }, print)?;
        let number = NumberOf::Audit(filter.clone());
        let load = request(ctx).newsroom.load_one(AuditOf(AuditRequest { filter, page }));
        let node = |record| AuditRecord::of(record, true);
        connected(ctx, print, number, load, node).await.map(AuditRecordConnection)
    }

    /// All tags, by slug.
    async fn tags(&self, ctx: &Context<'_>) -> Result<Vec<EditorialTag>, Error> {
        Ok(request(ctx).reference().tags().iter().map(|tag| EditorialTag(tag.id)).collect())
    }

    /// One tag; null when there is none with this id.
    async fn tag(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id: this schema's own, or the global one that readers' types show.")] id: ID,
    ) -> Option<EditorialTag> {
        let id = uuid_of(&id, NodeKind::Tag)?;
        request(ctx).reference().tag(id.into()).map(|tag| EditorialTag(tag.id))
    }

    /// All categories, each before those below it, in the order readers see them.
    async fn categories(&self, ctx: &Context<'_>) -> Vec<EditorialCategory> {
        request(ctx).reference().categories.iter().map(EditorialCategory::of).collect()
    }

    /// One category; null when there is none with this id.
    async fn category(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id: this schema's own, or the global one that readers' types show.")] id: ID,
    ) -> Option<EditorialCategory> {
        EditorialCategory::find(ctx, uuid_of(&id, NodeKind::Category)?.into())
    }

    /// All feeds, by slug.
    async fn feeds(&self, ctx: &Context<'_>) -> Vec<EditorialFeed> {
        request(ctx).reference().feeds().iter().map(|feed| EditorialFeed(feed.id)).collect()
    }

    /// One feed; null when there is none with this id.
    async fn feed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id: this schema's own, or the global one that readers' types show.")] id: ID,
    ) -> Option<EditorialFeed> {
        let id = uuid_of(&id, NodeKind::Feed)?;
        request(ctx).reference().feed(id.into()).map(|feed| EditorialFeed(feed.id))
    }

    /// All persons, by slug.
    async fn persons(&self, ctx: &Context<'_>) -> Vec<EditorialPerson> {
        request(ctx).reference().persons().iter().map(|person| EditorialPerson(person.id)).collect()
    }

    /// One person; null when there is none with this id.
    async fn person(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id: this schema's own, or the global one that readers' types show.")] id: ID,
    ) -> Option<EditorialPerson> {
        let id = uuid_of(&id, NodeKind::Person)?;
        request(ctx).reference().person(id.into()).map(|person| EditorialPerson(person.id))
    }

    /// All users, by email address. Needs the permission `MANAGE_USERS`.
    async fn users(&self, ctx: &Context<'_>) -> Option<Result<Vec<User>, Error>> {
        if let Err(error) = user::require(ctx, Permission::ManageUsers) {
            return Some(Err(error));
        }
        let users = request(ctx).store.accounts().users().await.map_err(|error| Error::of_store(&error));
        Some(users.map(|users| users.into_iter().map(User).collect()))
    }

    /// One user; null when there is none with this id. Needs the permission `MANAGE_USERS`.
    async fn user(&self, ctx: &Context<'_>, #[graphql(desc = "Its id.")] id: ID) -> Option<Result<User, Error>> {
        if let Err(error) = user::require(ctx, Permission::ManageUsers) {
            return Some(Err(error));
        }
        let id = Uuid::parse_str(&id).ok()?;
        let user = request(ctx).store.accounts().user(id.into()).await.map_err(|error| Error::of_store(&error));
        user.transpose().map(|user| user.map(User))
    }

    /// All machines' tokens, the newest first, those that have ended among them. Needs the permission `MANAGE_TOKENS`.
    async fn api_tokens(&self, ctx: &Context<'_>) -> Option<Result<Vec<ApiToken>, Error>> {
        if let Err(error) = user::require(ctx, Permission::ManageTokens) {
            return Some(Err(error));
        }
        let tokens = request(ctx).store.accounts().api_tokens().await.map_err(|error| Error::of_store(&error));
        Some(tokens.map(|tokens| tokens.into_iter().map(ApiToken).collect()))
    }
}

/// What an id names: the id that editorial types show, or the global one of this kind.
fn uuid_of(id: &ID, kind: NodeKind) -> Option<Uuid> {
    let global = || NodeId::decode(id).filter(|node| node.kind == kind).map(|node| node.id);
    Uuid::parse_str(id).ok().or_else(global)
}

/// The newsroom, for a viewer who has shown who they are.
pub(super) fn editorial(ctx: &Context<'_>) -> Result<Editorial, Error> {
    request(ctx).viewer().map(|_| Editorial)
}
