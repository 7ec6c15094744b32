//! What the newsroom sees: entries in work, and reference data with all its languages at once.

mod actor;
mod audit;
mod category;
mod connection;
mod desk;
mod draft;
mod entry;
mod feed;
mod filter;
mod live;
mod lookup;
mod node;
mod person;
mod preview;
mod reach;
mod redirect;
mod revision;
mod tag;
mod text;
mod told;
mod user;
mod version;
mod visibility;
mod webhook;
mod words;

use async_graphql::{Context, ID, Object};
use courant_domain::{access::Permission, page::PageRequest};
use courant_persistence::{AuditRequest, EntryListRequest};
use uuid::Uuid;

pub use self::reach::{CacheReached, OutsideReached, Reached};
pub(crate) use self::version::EditorialVersion;
pub(crate) use self::{
    audit::{AuditLogFilter, AuditRecord},
    category::EditorialCategory,
    desk::{Comment, PassageField},
    entry::EditorialEntry,
    feed::EditorialFeed,
    person::EditorialPerson,
    preview::PreviewLink,
    tag::EditorialTag,
    user::{ApiToken, User},
    webhook::{Webhook, WebhookDelivery, WebhookEvent, may_manage as may_manage_webhooks},
    words::{EntryKind, Role},
};
use self::{
    connection::{
        AuditRecordConnection, EditorialEntryConnection, WebhookAttemptConnection, WebhookDeliveryConnection,
        connected, page_request,
    },
    draft::DraftText,
    filter::{EditorialEntryFilter, EditorialEntryOrder},
    lookup::{LookupHit, LookupKind, lookup},
    redirect::{RedirectRule, redirects},
    user::Viewer,
    webhook::{DeliveriesWanted, WebhookDeliveryState},
};
pub(super) use self::{
    node::node,
    told::{Told, told},
};
use super::{
    connection::Paging,
    context::request,
    id::{NodeId, NodeKind},
    mutation::RichTextInput,
    scalar::Locale,
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

    /// The entries in work that the viewer may read.
    #[expect(clippy::too_many_arguments, reason = "they are the field's arguments")]
    async fn entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: Option<EditorialEntryFilter>,
        #[graphql(default_with = "EditorialEntryOrder::ChangedAtDesc", desc = "In which order.")]
        order_by: EditorialEntryOrder,
        #[graphql(desc = "How many from the beginning, up to 100; 20 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, up to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Option<Result<EditorialEntryConnection, Error>> {
        let page = async {
            let context = request(ctx);
            let viewer = context.viewer()?;
            let filter = filter.unwrap_or_default().resolve(ctx)?;
            let order = order_by.into();
            let print = filter.fingerprint(order);
            let page = page_request(&Paging { first, after, last, before }, print)?;
            let sights = viewer.sights(&context.reference().categories);
            let wanted = EntryListRequest { filter, viewer: viewer.actor.clone(), sights, order, page };
            // The count is the same for every page.
            let number =
                NumberOf::Entries(Box::new(EntryListRequest { page: PageRequest::first(0), ..wanted.clone() }));
            let load = context.newsroom.load_one(EntriesOf(wanted));
            connected(ctx, print, number, load, EditorialEntry::from).await.map(EditorialEntryConnection)
        };
        Some(page.await)
    }

    /// What is found by a text, the best first, for links, relations and covers: articles and decrees that readers see by title,
    /// number, slug, path or the names of their authors and signatories, and what can be filed under or named, by name, slug or path.
    /// Needs the permission `CREATE_ENTRY` somewhere.
    async fn lookup(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Some words, a number, a slug, a path or a URL; up to 2,000 characters.")] text: String,
        #[graphql(desc = "Of which kinds; all when none are given.")] kinds: Option<Vec<LookupKind>>,
        #[graphql(desc = "Only in this language.")] locale: Option<Locale>,
        #[graphql(default = 10, desc = "How much at most; up to 50.")] first: i32,
    ) -> Option<Result<Vec<LookupHit>, Error>> {
        Some(lookup(ctx, text, kinds, locale, first).await)
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
    ) -> Option<Result<AuditRecordConnection, Error>> {
        let page = async {
            audit::require(ctx)?;
            let filter = filter.unwrap_or_default().resolve()?;
            let print = filter.fingerprint();
            let page = page_request(&Paging { first, after, last, before }, print)?;
            let number = NumberOf::Audit(filter.clone());
            let load = request(ctx).newsroom.load_one(AuditOf(AuditRequest { filter, page }));
            let node = |record| AuditRecord::of(record, true);
            connected(ctx, print, number, load, node).await.map(AuditRecordConnection)
        };
        Some(page.await)
    }

    /// All tags, by slug. Viewers without the permission `CREATE_ENTRY` anywhere are told of those alone that readers see.
    async fn tags(&self, ctx: &Context<'_>) -> Result<Vec<EditorialTag>, Error> {
        let tags = request(ctx).reference().tags().iter().map(|tag| tag.id);
        Ok(tags.filter(|id| visibility::knows_tag(ctx, *id)).map(EditorialTag).collect())
    }

    /// One tag; null when there is none with this id, or the viewer is not told of it.
    async fn tag(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id: this schema's own, or the global one that readers' types show.")] id: ID,
    ) -> Option<EditorialTag> {
        let id = uuid_of(&id, NodeKind::Tag)?;
        EditorialTag::find(ctx, id.into())
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
        EditorialFeed::find(ctx, id.into())
    }

    /// All persons, by slug. Viewers without the permission `CREATE_ENTRY` anywhere are told of those alone that readers see.
    async fn persons(&self, ctx: &Context<'_>) -> Vec<EditorialPerson> {
        let persons = request(ctx).reference().persons().iter().map(|person| person.id);
        persons.filter(|id| visibility::knows_person(ctx, *id)).map(EditorialPerson).collect()
    }

    /// One person; null when there is none with this id, or the viewer is not told of them.
    async fn person(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id: this schema's own, or the global one that readers' types show.")] id: ID,
    ) -> Option<EditorialPerson> {
        let id = uuid_of(&id, NodeKind::Person)?;
        EditorialPerson::find(ctx, id.into())
    }

    /// The redirects, and the paths that are gone, by path. Needs the permission `MANAGE_REDIRECTS`.
    async fn redirects(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those whose path contains this.")] text: Option<String>,
        #[graphql(default = 100, desc = "How many at most; up to 100.")] first: i32,
        #[graphql(desc = "Only those that come after this path.")] after: Option<String>,
    ) -> Option<Result<Vec<RedirectRule>, Error>> {
        Some(redirects(ctx, text, first, after).await)
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

    /// All webhooks, by their names. Needs the permission `MANAGE_WEBHOOKS`.
    async fn webhooks(&self, ctx: &Context<'_>) -> Option<Result<Vec<Webhook>, Error>> {
        Some(webhook::all(ctx).await)
    }

    /// One webhook; null when there is none with this id. Needs the permission `MANAGE_WEBHOOKS`.
    async fn webhook(&self, ctx: &Context<'_>, #[graphql(desc = "Its id.")] id: ID) -> Option<Result<Webhook, Error>> {
        webhook::one(ctx, &id).await.transpose()
    }

    /// The messages to a webhook, the newest first. Needs the permission `MANAGE_WEBHOOKS`.
    #[expect(clippy::too_many_arguments, reason = "they are the field's arguments")]
    async fn webhook_deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webhook's id.")] webhook: ID,
        #[graphql(desc = "Only those of which this became.")] state: Option<WebhookDeliveryState>,
        #[graphql(desc = "Only those that tell of one of these.")] events: Option<Vec<WebhookEvent>>,
        #[graphql(desc = "How many from the beginning, up to 100; 20 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, up to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Option<Result<WebhookDeliveryConnection, Error>> {
        Some(
            webhook::deliveries(
                ctx,
                DeliveriesWanted { webhook, state, events },
                Paging { first, after, last, before },
            )
            .await,
        )
    }

    /// The tries to deliver messages to a webhook, the newest first. Needs the permission `MANAGE_WEBHOOKS`.
    #[expect(clippy::too_many_arguments, reason = "they are the field's arguments")]
    async fn webhook_attempts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webhook's id.")] webhook: ID,
        #[graphql(default, desc = "Whether only those are wanted that failed.")] failed: bool,
        #[graphql(desc = "How many from the beginning, up to 100; 20 when neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, up to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Option<Result<WebhookAttemptConnection, Error>> {
        Some(webhook::tries(ctx, webhook, failed, Paging { first, after, last, before }).await)
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
