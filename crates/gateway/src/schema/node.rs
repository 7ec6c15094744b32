//! Fetching objects by their global ids.

use async_graphql::{Context, ID, Interface};
use courant_domain::id::EntryId;

use super::{
    article::Article,
    category::Category,
    context::request,
    decree::Decree,
    feed::Feed,
    id::{NodeId, NodeKind},
    newsroom::{
        self, ApiToken, AuditRecord, Comment, EditorialCategory, EditorialEntry, EditorialFeed, EditorialPerson,
        EditorialTag, EditorialVersion, PreviewLink, User, Webhook, WebhookDelivery,
    },
    person::Person,
    projection,
    publication::Publication,
    tag::Tag,
};
use crate::executor::eager_by_object;
use crate::{error::Error, loader::EditionOf};

/// An object with a global id, by which it can be fetched again.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "The global id."))]
pub(crate) enum Node {
    /// An article.
    Article(Article),
    /// A decree.
    Decree(Decree),
    /// A category.
    Category(Category),
    /// A tag.
    Tag(Tag),
    /// A feed.
    Feed(Feed),
    /// A person.
    Person(Person),
    /// An entry in work; for viewers who may read it.
    EditorialEntry(EditorialEntry),
    /// One language of an entry in work; for viewers who may read it.
    EditorialVersion(EditorialVersion),
    /// What somebody says of a revision; for viewers who may read that language.
    Comment(Comment),
    /// A preview link that holds; for viewers who may read what it shows.
    PreviewLink(PreviewLink),
    /// A category as the newsroom keeps it; for viewers who have signed in.
    EditorialCategory(EditorialCategory),
    /// A feed as the newsroom keeps it; for viewers who have signed in.
    EditorialFeed(EditorialFeed),
    /// A tag as the newsroom keeps it; for viewers who are told of it.
    EditorialTag(EditorialTag),
    /// A person as the newsroom keeps them; for viewers who are told of them.
    EditorialPerson(EditorialPerson),
    /// A record of what was done; for viewers who may read it.
    AuditRecord(AuditRecord),
    /// A user; for viewers who manage them.
    User(User),
    /// A machine's token; for viewers who manage them.
    ApiToken(ApiToken),
    /// A webhook; for viewers who manage them.
    Webhook(Webhook),
    /// A message to a webhook; for viewers who manage them.
    WebhookDelivery(WebhookDelivery),
}

eager_by_object!(
    Node: Article, Decree, Category, Tag, Feed, Person, EditorialEntry, EditorialVersion, Comment, PreviewLink,
    EditorialCategory, EditorialFeed, EditorialTag, EditorialPerson, AuditRecord, User, ApiToken, Webhook, WebhookDelivery
);

/// The object with an id; none when there is none, or no longer.
pub(super) async fn node(ctx: &Context<'_>, id: &ID) -> Result<Option<Node>, Error> {
    let context = request(ctx);
    if let Some(found) = newsroom::node(ctx, id).await? {
        return Ok(Some(found));
    }
    let Some(id) = NodeId::decode(id).filter(|id| context.site().has(id.locale)) else { return Ok(None) };
    if !matches!(id.kind, NodeKind::Article | NodeKind::Decree) {
        return Ok(in_memory(ctx, id));
    }
    let key = EditionOf { entry: EntryId::from(id.id), locale: id.locale, parts: projection::below(ctx) };
    let edition = context.live.load_one(key).await?.map(Publication::of);
    Ok(match (id.kind, edition) {
        (NodeKind::Article, Some(Publication::Article(article))) => Some(Node::Article(article)),
        (NodeKind::Decree, Some(Publication::Decree(decree))) => Some(Node::Decree(decree)),
        _ => None,
    })
}

/// The object with an id of reference data, in one of the site's locales.
pub(super) fn in_memory(ctx: &Context<'_>, id: NodeId) -> Option<Node> {
    let context = request(ctx);
    let NodeId { kind, id, locale } = id;
    if !context.site().has(locale) {
        return None;
    }
    let known = context.known();
    match kind {
        NodeKind::Article | NodeKind::Decree => None,
        NodeKind::Category => {
            known.categories().get(id.into()).map(|found| Node::Category(Category::of(found, locale)))
        }
        NodeKind::Tag => known.live_tag(id.into()).map(|found| Node::Tag(Tag { id: found.id, locale })),
        NodeKind::Feed => known.feed(id.into()).map(|found| Node::Feed(Feed { id: found.id, locale })),
        NodeKind::Person => known.live_person(id.into()).map(|found| Node::Person(Person { id: found.id, locale })),
    }
}
