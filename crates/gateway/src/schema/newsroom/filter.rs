//! Which entries in work a list holds.

use async_graphql::{Context, ID, InputObject};
use courant_domain::{
    access::ActorId,
    id::{CategoryId, TagId, UserId},
    newsroom::EntryFilter,
    slug::Slug,
};
use uuid::Uuid;

use super::words::{EntryKind, State, WaitingFor};
use crate::{
    error::{Error, ErrorCode},
    schema::{
        context::request,
        filter,
        id::{NodeId, NodeKind},
        scalar::Locale,
    },
};

/// The most characters a text to search for has.
const MAX_TEXT: usize = 200;

/// Which entries in work a list holds. What is not given does not matter; what is given must all be true, and of
/// `states`, `waitingFor`, `locale` and `text` of one and the same language.
#[derive(InputObject, Default)]
pub(crate) struct EditorialEntryFilter {
    /// In one of these states.
    states: Option<Vec<State>>,
    /// Waiting for one of these.
    waiting_for: Option<Vec<WaitingFor>>,
    /// Made by this actor: `Actor.id`, or a user's id alone.
    author: Option<ID>,
    /// Filed in one of these categories, given by id or by path: `politics/parliament`.
    categories: Option<Vec<String>>,
    /// Whether what is filed below those categories counts, too.
    #[graphql(default = true)]
    include_descendants: bool,
    /// In this language.
    locale: Option<Locale>,
    /// Entries that are not in this language yet and could be translated into it. Empty for viewers who do not work in that language.
    untranslated: Option<Locale>,
    /// Of one of these kinds.
    kinds: Option<Vec<EntryKind>>,
    /// The title of the newest revision contains this, in upper or lower case; at most 200 characters.
    text: Option<String>,
    /// With at least one of these tags, given by id or by slug.
    tags: Option<Vec<String>>,
}

impl EditorialEntryFilter {
    pub(super) fn resolve(self, ctx: &Context<'_>) -> Result<EntryFilter, Error> {
        let reference = request(ctx).reference();
        let category = |name: String| {
            let id = id(&name, NodeKind::Category).map(CategoryId::from);
            id.or_else(|| reference.categories.by_path(&name).map(|category| category.id)).unwrap_or(Uuid::nil().into())
        };
        let tag = |name: String| {
            let slug = || Slug::parse(&name).ok().and_then(|slug| reference.tag_by_slug(&slug)).map(|tag| tag.id);
            id(&name, NodeKind::Tag).map(TagId::from).or_else(slug).unwrap_or(Uuid::nil().into())
        };
        Ok(EntryFilter {
            states: values("states", self.states)?,
            waiting_for: values("waitingFor", self.waiting_for)?,
            author: self.author.map(|author| actor(&author)),
            categories: filter::values("categories", self.categories)?.into_iter().map(category).collect(),
            include_descendants: self.include_descendants,
            locale: self.locale.map(|locale| locale.0),
            untranslated: self.untranslated.map(|locale| locale.0),
            kinds: values("kinds", self.kinds)?,
            text: self.text.map(text).transpose()?,
            tags: filter::values("tags", self.tags)?.into_iter().map(tag).collect(),
        })
    }
}

/// The id that a name of reference data is, as editorial types or readers' types show it.
fn id(name: &str, kind: NodeKind) -> Option<Uuid> {
    let global = || NodeId::decode(name).filter(|node| node.kind == kind).map(|node| node.id);
    Uuid::parse_str(name).ok().or_else(global)
}

/// The actor that an id names.
pub(super) fn actor(id: &str) -> ActorId {
    Uuid::parse_str(id).map_or_else(|_| ActorId::from(id.to_owned()), |user| ActorId::user(UserId::from(user)))
}

fn text(text: String) -> Result<String, Error> {
    if text.chars().count() > MAX_TEXT {
        return Err(Error::new(ErrorCode::BadUserInput, format!("text has more than {MAX_TEXT} characters")));
    }
    Ok(text)
}

/// The values of a condition, as the domain has them.
pub(super) fn values<T: Into<D>, D>(field: &str, given: Option<Vec<T>>) -> Result<Vec<D>, Error> {
    Ok(filter::values(field, given)?.into_iter().map(Into::into).collect())
}
