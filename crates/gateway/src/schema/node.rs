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
}

eager_by_object!(Node: Article, Decree, Category, Tag, Feed, Person);

/// The object with an id; none when there is none, or no longer.
pub(super) async fn node(ctx: &Context<'_>, id: &ID) -> Result<Option<Node>, Error> {
    let context = request(ctx);
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
    let reference = &context.reference();
    match kind {
        NodeKind::Article | NodeKind::Decree => None,
        NodeKind::Category => {
            reference.categories.get(id.into()).map(|found| Node::Category(Category::of(found, locale)))
        }
        NodeKind::Tag => reference.tag(id.into()).map(|found| Node::Tag(Tag { id: found.id, locale })),
        NodeKind::Feed => reference.feed(id.into()).map(|found| Node::Feed(Feed { id: found.id, locale })),
        NodeKind::Person => reference.person(id.into()).map(|found| Node::Person(Person { id: found.id, locale })),
    }
}
