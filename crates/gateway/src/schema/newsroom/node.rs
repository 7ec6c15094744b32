//! The newsroom's objects by their ids.

use std::sync::Arc;

use async_graphql::{Context, ID};
use courant_domain::{access::Permission, id::EntryId, locale::Locale};
use uuid::Uuid;

use super::{
    ApiToken, Comment, EditorialCategory, EditorialEntry, EditorialFeed, EditorialPerson, EditorialTag,
    EditorialVersion, PreviewLink, User, Webhook, WebhookDelivery, audit::AuditRecord, told::record_shown, user,
    webhook,
};
use crate::{
    error::Error,
    executor::ResolveEagerly,
    schema::{context::request, node::Node},
};

impl ResolveEagerly for EditorialEntry {}
impl ResolveEagerly for EditorialVersion {}
impl ResolveEagerly for AuditRecord {}
impl ResolveEagerly for User {}
impl ResolveEagerly for ApiToken {}
impl ResolveEagerly for Webhook {}
impl ResolveEagerly for WebhookDelivery {}
impl ResolveEagerly for Comment {}
impl ResolveEagerly for PreviewLink {}
impl ResolveEagerly for EditorialCategory {}
impl ResolveEagerly for EditorialFeed {}
impl ResolveEagerly for EditorialTag {}
impl ResolveEagerly for EditorialPerson {}

/// What of the newsroom has an id; none when nothing has, or the viewer may not read it: nobody finds out which.
pub(in crate::schema) async fn node(ctx: &Context<'_>, id: &ID) -> Result<Option<Node>, Error> {
    if request(ctx).viewer().is_err() {
        return Ok(None);
    }
    if let Ok(seq) = id.parse::<i64>() {
        return Ok(record(ctx, seq).await?.map(Node::AuditRecord));
    }
    if let Some((entry, locale)) = id.split_once(':') {
        let (Ok(entry), Ok(locale)) = (Uuid::parse_str(entry), locale.parse()) else { return Ok(None) };
        return Ok(version(ctx, entry.into(), locale).await?.map(Node::EditorialVersion));
    }
    let Ok(id) = Uuid::parse_str(id) else { return Ok(None) };
    if let Some(found) = in_memory(ctx, id) {
        return Ok(Some(found));
    }
    if let Some(entry) = EditorialEntry::find(ctx, id.into()).await? {
        return Ok(Some(Node::EditorialEntry(entry)));
    }
    let newsroom = request(ctx).store.newsroom();
    let link = newsroom.preview_link(id.into()).await.map_err(|error| Error::of_store(&error))?;
    if let Some((entry, link)) = link {
        let seen = version(ctx, entry, link.locale).await?.is_some();
        return Ok(seen.then(|| Node::PreviewLink(PreviewLink(Arc::new(link)))));
    }
    let comment = newsroom.comment(id.into()).await.map_err(|error| Error::of_store(&error))?;
    if let Some(comment) = comment {
        let seen = version(ctx, comment.entry, comment.locale).await?.is_some();
        return Ok(seen.then(|| Node::Comment(Comment(Arc::new(comment)))));
    }
    let accounts = request(ctx).store.accounts();
    if user::require(ctx, Permission::ManageUsers).is_ok() {
        let found = accounts.user(id.into()).await.map_err(|error| Error::of_store(&error))?;
        if let Some(found) = found {
            return Ok(Some(Node::User(User(found))));
        }
    }
    if user::require(ctx, Permission::ManageTokens).is_ok() {
        let found = accounts.api_token(id.into()).await.map_err(|error| Error::of_store(&error))?;
        if let Some(found) = found {
            return Ok(Some(Node::ApiToken(ApiToken(found))));
        }
    }
    if webhook::require(ctx).is_ok() {
        let webhooks = request(ctx).store.webhooks();
        let found = webhooks.one(id.into()).await.map_err(|error| Error::of_store(&error))?;
        if let Some(found) = found {
            return Ok(Some(Node::Webhook(Webhook(found))));
        }
        let found = webhooks.deliveries_by_id(&[id.into()]).await.map_err(|error| Error::of_store(&error))?;
        let found = found.into_values().next();
        return Ok(found.map(|found| Node::WebhookDelivery(WebhookDelivery(Arc::new(found)))));
    }
    Ok(None)
}

/// One language of an entry, if the viewer may read it.
async fn version(ctx: &Context<'_>, entry: EntryId, locale: Locale) -> Result<Option<EditorialVersion>, Error> {
    match EditorialEntry::find(ctx, entry).await? {
        Some(entry) => entry.in_locale(ctx, locale).await,
        None => Ok(None),
    }
}

/// Reference data as the newsroom keeps it, as far as the viewer is told of it.
fn in_memory(ctx: &Context<'_>, id: Uuid) -> Option<Node> {
    let category = || EditorialCategory::find(ctx, id.into()).map(Node::EditorialCategory);
    let feed = || EditorialFeed::find(ctx, id.into()).map(Node::EditorialFeed);
    let tag = || EditorialTag::find(ctx, id.into()).map(Node::EditorialTag);
    let person = || EditorialPerson::find(ctx, id.into()).map(Node::EditorialPerson);
    category().or_else(feed).or_else(tag).or_else(person)
}

async fn record(ctx: &Context<'_>, seq: i64) -> Result<Option<AuditRecord>, Error> {
    let found = request(ctx).store.newsroom().audit_record(seq).await.map_err(|error| Error::of_store(&error))?;
    match found {
        Some(found) => record_shown(ctx, found).await,
        None => Ok(None),
    }
}
