//! The change log outside: what has happened to what readers see.

mod connection;
mod departures;
mod filter;

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object};
use courant_domain::{
    change::{self as domain, ChangeKey},
    locale::Locale as LocaleTag,
};
use uuid::Uuid;

pub(crate) use self::{connection::ChangeConnection, filter::ChangeFilter};
pub(super) use self::{connection::changes, departures::departures};
use super::{
    context::request,
    id::{NodeId, NodeKind},
    newsroom::EntryKind,
    node::{Node, in_memory},
    projection,
    publication::Publication,
    scalar::{ChangeCursor, Date, DateTime, Locale},
};
use crate::{
    error::Error,
    executor::{Eager, ResolveEagerly},
    loader::{EditionOf, RedirectOf},
};

/// Something that has happened to what readers see.
pub(crate) struct Change {
    change: Arc<domain::Change>,
    /// In which language things are told of that are in all of them.
    locale: LocaleTag,
}

impl ResolveEagerly for Change {}

impl Change {
    /// A change, told in its own language or the site's.
    pub(super) fn of(ctx: &Context<'_>, change: &Arc<domain::Change>) -> Self {
        Self { change: Arc::clone(change), locale: request(ctx).site().default_locale }
    }

    fn node_of(&self, locale: LocaleTag) -> Option<NodeId> {
        let (kind, id): (NodeKind, Uuid) = match &self.change.key {
            ChangeKey::Edition { entry, locale, kind } => {
                return Some(NodeId { kind: NodeKind::of(*kind), id: entry.uuid(), locale: *locale });
            }
            ChangeKey::Category(id) => (NodeKind::Category, id.uuid()),
            ChangeKey::Feed(id) => (NodeKind::Feed, id.uuid()),
            ChangeKey::Tag(id) => (NodeKind::Tag, id.uuid()),
            ChangeKey::Person(id) => (NodeKind::Person, id.uuid()),
            ChangeKey::Site | ChangeKey::Redirect { .. } => return None,
        };
        Some(NodeId { kind, id, locale })
    }

    /// The language it is told in.
    fn told_in(&self) -> LocaleTag {
        self.change.locale().unwrap_or(self.locale)
    }

    /// What the rules say of the path that was left: where it leads, or that it is gone.
    async fn rule(&self, ctx: &Context<'_>) -> Result<Option<Option<String>>, Error> {
        let Some(path) = self.change.path_left(self.told_in()) else { return Ok(None) };
        let rule = request(ctx).live.load_one(RedirectOf(path)).await?.map(|rule| rule.target);
        Ok(rule.filter(|target| target.as_deref().is_none_or(|target| request(ctx).known().leads_to(target))))
    }
}

/// Something that has happened to what readers see. What is said of it is as of the change, where nothing else is said.
#[Object]
impl Change {
    /// Its place in the log, to go on from.
    async fn cursor(&self) -> ChangeCursor {
        ChangeCursor(domain::ChangeCursor::of(&self.change))
    }

    /// When it was made. Later changes are never earlier than this.
    async fn at(&self) -> DateTime {
        DateTime(self.change.at)
    }

    /// What happened.
    async fn action(&self) -> ChangeAction {
        self.change.action.into()
    }

    /// What sort of thing it happened to.
    async fn subject(&self) -> ChangeSubject {
        self.change.key.subject().into()
    }

    /// The global id of the thing, to ask `node` for: of an article or a decree the one of the language that was changed. Categories,
    /// feeds, tags and persons are in all languages; this is the id in `locale`. Null for the site and for redirects.
    async fn node_id(&self) -> Option<ID> {
        self.node_of(self.told_in()).map(NodeId::encode)
    }

    /// The global ids of all objects that it happened to: `nodeId`, and of what is in all of the site's languages the others.
    async fn node_ids(&self, ctx: &Context<'_>) -> Vec<ID> {
        if matches!(self.change.key, ChangeKey::Edition { .. }) {
            return self.node_of(self.locale).map(NodeId::encode).into_iter().collect();
        }
        let locales = request(ctx).site().locales.iter().map(|locale| locale.tag);
        locales.filter_map(|locale| self.node_of(locale)).map(NodeId::encode).collect()
    }

    /// The entry that one language of was changed; null for what is neither an article nor a decree.
    async fn entry_id(&self) -> Option<ID> {
        match &self.change.key {
            ChangeKey::Edition { entry, .. } => Some(ID(entry.to_string())),
            _ => None,
        }
    }

    /// What the entry is; null for what is neither an article nor a decree.
    async fn kind(&self) -> Option<EntryKind> {
        match &self.change.key {
            ChangeKey::Edition { kind, .. } => Some((*kind).into()),
            _ => None,
        }
    }

    /// The language: of an article or a decree the one that was changed, of other things the one that `nodeId` and the paths are in. That
    /// is the filter's `locale`, or the site's default.
    async fn locale(&self) -> Locale {
        Locale(self.told_in())
    }

    /// The path on the site that it has by the change; of what is gone, the one that it had. Null for the site, and for changes from
    /// before this was written down.
    async fn path(&self) -> Option<String> {
        let locale = self.told_in();
        self.change.path(locale).or_else(|| self.change.path_before(locale))
    }

    /// The path that it had before, where it has another one by the change.
    async fn previous_path(&self) -> Option<String> {
        self.change.name().and_then(|_| self.change.path_before(self.told_in()))
    }

    /// Where readers of the path that was left are sent *as of now*: a path of the site, or an absolute URL (HTTP 301). The path that
    /// was left is `previousPath`, or `path` of what is gone; of a redirect it is the path it is for. Null when they are sent nowhere,
    /// or something is there again.
    async fn replaced_by(&self, ctx: &Context<'_>) -> Option<Result<String, Error>> {
        self.rule(ctx).await.map(Option::flatten).transpose()
    }

    /// Whether readers of the path that was left are told, *as of now*, that what was there is gone for good (HTTP 410).
    async fn is_gone(&self, ctx: &Context<'_>) -> Result<bool, Error> {
        Ok(self.rule(ctx).await?.is_some_and(|target| target.is_none()))
    }

    /// Of a decree whose status has changed by its day: that day, in the site's time zone.
    async fn day(&self) -> Option<Date> {
        self.change.told.as_ref()?.day.map(Date)
    }

    /// The thing *as of now*: null when it is gone by this change or by a later one. Things that come with one page are read at once.
    async fn node(&self, ctx: &Context<'_>) -> Option<Result<Eager<Node>, Error>> {
        let id = self.node_of(self.told_in())?;
        let context = request(ctx);
        let ChangeKey::Edition { entry, locale, .. } = self.change.key else {
            return in_memory(ctx, id).map(|node| Ok(Eager(node)));
        };
        if !context.site().has(locale) {
            return None;
        }
        let key = EditionOf { entry, locale, parts: projection::below(ctx) };
        let found = context.live.load_one(key).await.transpose()?;
        Some(found.map(|edition| {
            Eager(match Publication::of(edition) {
                Publication::Article(article) => Node::Article(article),
                Publication::Decree(decree) => Node::Decree(decree),
            })
        }))
    }
}

/// What has happened to something.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::Action")]
pub(crate) enum ChangeAction {
    /// It has become readable, or is another one than before: it was published, corrected, renamed, moved, or withdrawn with a notice.
    Put,
    /// It can no longer be read: it was withdrawn, deleted, or merged into another. Of a tag or a person: nothing that can be read
    /// names it any more.
    Removed,
    /// A decree has come into force or has ended, as a whole or in part, because its day has come: its `status` is another one. Told at
    /// the site's midnight; nothing was published.
    ForceChanged,
}

/// What sort of thing something has happened to.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::Subject")]
pub(crate) enum ChangeSubject {
    /// The site: its name, its time zone or its languages. Everything may look different, and in a language that is new there may be
    /// more than was told of before: read the state anew.
    Site,
    /// An article or a decree, in one language.
    #[graphql(name = "PUBLICATION")]
    Edition,
    /// A category: its words, its place in the tree, or its path.
    Category,
    /// A feed: its words, what it draws from, or what it pins.
    Feed,
    /// A tag.
    Tag,
    /// An author or signatory.
    Person,
    /// What readers are told at a path where nothing is any more: see `replacedBy` and `isGone`.
    Redirect,
}
