//! What can be followed.
//!
//! The executor's own streams are not used to wait for anything: it is asked once, to open a subscription, and then once for each event
//! and each group of subscribers who would be told the same ([`Stage`]). So a field here gives one item at the most.

mod stage;

use async_graphql::{Context, ID, SimpleObject, Subscription as Follows};
use courant_domain::{
    change::{ChangeCursor, ChangeKey},
    slug::Slug,
};
use courant_persistence::{ChangeFilter as AllChanges, ChangesAfter, ChangesRequest};
use futures_util::stream::{Iter, iter};

pub use self::stage::{Event, Followed, Opened, Topic};
pub(crate) use self::stage::{Opening, Stage};
use super::{
    change::{Change, ChangeFilter, ChangeSubject},
    connection::{Paging, PublicationConnection},
    context::request,
    feed::{Feed, ItemsFilter},
    id::{NodeId, NodeKind},
    newsroom::{AuditLogFilter, AuditRecord, EntryKind, Told, told},
    projection,
    publication::Publication,
    scalar::{ChangeCursor as CursorScalar, Locale},
};
use crate::{
    error::{Error, ErrorCode},
    executor::Eager,
    loader::EditionOf,
};

pub(crate) struct Subscription;

/// At the most one item: see above.
type Once<T> = Iter<std::option::IntoIter<T>>;

/// What can be followed, over a WebSocket (`graphql-transport-ws`), Server-Sent Events or `multipart/mixed`. Whoever resumes with
/// `after` is given what has happened since, each change once and in order; or, when that cannot be told, one event that says that what
/// there is has to be read anew.
#[Follows]
impl Subscription {
    /// Changes of publications: each that was published, updated, moved or taken back, as it happens. What leaves what is followed is told,
    /// too. All that is given must be true of a publication, before or after the change.
    #[expect(clippy::too_many_arguments, reason = "they are the field's arguments")]
    async fn publication_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The slug of a feed that it is or was in, as the feed is now.")] feed: Option<String>,
        #[graphql(desc = "The path of slugs of a category that it is or was filed in.")] category: Option<String>,
        #[graphql(default = true, desc = "Whether that may be in a category below, too.")] include_descendants: bool,
        #[graphql(desc = "The slugs of tags of which it has or had one; up to 50.")] tags: Option<Vec<String>>,
        #[graphql(desc = "What it is.")] kinds: Option<Vec<EntryKind>>,
        #[graphql(
            desc = "The language of readers who get it, be it as a fallback; those of all languages when none is given."
        )]
        locale: Option<Locale>,
        #[graphql(desc = "After which change; from now on when none is given.")] after: Option<CursorScalar>,
    ) -> Result<Once<PublicationEvent>, Error> {
        let Some(opening) = opening(ctx) else { return PublicationEvent::of(ctx).await };
        let filter = ChangeFilter {
            subjects: Some(vec![ChangeSubject::Edition]),
            kinds,
            locale,
            categories: category.map(|category| vec![category]),
            include_descendants,
            tags,
            feed,
        };
        // Whoever is there follows what is renamed; who comes with a name that means nothing any more is told so.
        filter.names_what_is_there(ctx)?;
        let filter = filter.resolve(ctx)?;
        let after = resumed(ctx, opening, after).await?;
        opening.set(Opened { topic: Topic::Changes(Followed::Filtered(filter)), after });
        Ok(nothing())
    }

    /// Changes of one publication in one language, as they happen.
    async fn publication(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its global id, which names the language.")] id: ID,
        #[graphql(desc = "After which change; from now on when none is given.")] after: Option<CursorScalar>,
    ) -> Result<Once<PublicationEvent>, Error> {
        let Some(opening) = opening(ctx) else { return PublicationEvent::of(ctx).await };
        let id = NodeId::decode(&id)
            .filter(|id| matches!(id.kind, NodeKind::Article | NodeKind::Decree) && request(ctx).site().has(id.locale))
            .ok_or_else(|| Error::new(ErrorCode::BadUserInput, "this is not the id of an article or a decree"))?;
        let after = resumed(ctx, opening, after).await?;
        opening.set(Opened { topic: Topic::Changes(Followed::Edition(id.id.into(), id.locale)), after });
        Ok(nothing())
    }

    /// What is on top of a feed: as it is at the beginning, and again whenever it is something else.
    async fn feed_items(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The feed's slug.")] slug: String,
        #[graphql(default = 10, desc = "How many, up to 100.")] first: i32,
        #[graphql(desc = "The reader's locale; the site's default when none is given.")] locale: Option<Locale>,
    ) -> Result<Once<Eager<PublicationConnection>>, Error> {
        let context = request(ctx);
        let locale = context.locale(locale.map(|locale| locale.0))?;
        let feed = Slug::parse(&slug).ok().and_then(|slug| context.known().feed_by_slug(&slug));
        let feed = feed.ok_or_else(|| Error::new(ErrorCode::BadUserInput, format!("there is no feed {slug:?}")))?;
        let paging = Paging { first: Some(first), ..Paging::default() };
        let Some(opening) = opening(ctx) else {
            let items = Feed { id: feed.id, locale }.page(ctx, ItemsFilter::default(), &paging).await?;
            return Ok(one(Eager(PublicationConnection(items))));
        };
        paging.check()?;
        opening.set(Opened { topic: Topic::Now, after: None });
        Ok(nothing())
    }

    /// What is done in the newsroom, as it is done: to viewers who may read the audit log all of it, and to others what is done to entries
    /// that they may read, and which of those are gone that they could read. It comes within a second. For viewers who have shown who they
    /// are.
    async fn editorial_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of it.")] filter: Option<AuditLogFilter>,
        #[graphql(desc = "After which record; from now on when none is given.")] after: Option<CursorScalar>,
    ) -> Result<Once<EditorialEvent>, Error> {
        request(ctx).viewer()?;
        let filter = filter.unwrap_or_default();
        let Some(opening) = opening(ctx) else { return EditorialEvent::of(ctx, &filter).await };
        let filter = filter.resolve()?;
        let after = match cursor(opening, after)? {
            None => None,
            Some(cursor) if cursor.is_beginning() => Some(cursor),
            Some(cursor) => {
                let record = request(ctx).store.newsroom().audit_record(cursor.seq).await;
                let record = record.map_err(|error| Error::of_store(&error))?;
                let is_it = record.is_some_and(|record| ChangeCursor::at(record.seq, record.at) == cursor);
                Some(cursor).filter(|_| is_it).map(Some).ok_or_else(lost)?
            }
        };
        opening.set(Opened { topic: Topic::Audit(filter), after });
        Ok(nothing())
    }
}

/// Something that has happened to a publication.
#[derive(SimpleObject)]
pub(crate) struct PublicationEvent {
    /// Where to go on from: give it as `after`.
    cursor: CursorScalar,
    /// Whether events are missing before this one, which could not be told one by one: then there is no change here, and what is shown
    /// has to be read anew. What happens after `cursor` follows.
    must_reread: bool,
    /// The change.
    change: Option<Change>,
    /// The publication as it is now; null when it is no longer live.
    publication: Option<Eager<Publication>>,
}

impl PublicationEvent {
    async fn of(ctx: &Context<'_>) -> Result<Once<Self>, Error> {
        match event(ctx) {
            Some(Event::Changed(change)) => {
                let publication = match &change.key {
                    ChangeKey::Edition { entry, locale, .. } if ctx.look_ahead().field("publication").exists() => {
                        let parts = projection::of_child(ctx, "publication");
                        let key = EditionOf { entry: *entry, locale: *locale, parts };
                        request(ctx).live.load_one(key).await?.map(Publication::of).map(Eager)
                    }
                    _ => None,
                };
                let cursor = CursorScalar(ChangeCursor::of(change));
                Ok(one(Self { cursor, must_reread: false, change: Some(Change::of(ctx, change)), publication }))
            }
            Some(Event::Missed(cursor)) => {
                let cursor = CursorScalar(*cursor);
                Ok(one(Self { cursor, must_reread: true, change: None, publication: None }))
            }
            _ => Ok(nothing()),
        }
    }
}

/// Something that was done in the newsroom.
#[derive(SimpleObject)]
pub(crate) struct EditorialEvent {
    /// Where to go on from: give it as `after`.
    cursor: CursorScalar,
    /// Whether events are missing before this one, which could not be told one by one, or the viewer may read other entries since categories
    /// were moved or merged: then there is no record here, and what is shown has to be read anew. What happens after `cursor` follows.
    must_reread: bool,
    /// What was done.
    record: Option<AuditRecord>,
    /// The id of an entry that the viewer could read until then and cannot any more: it was deleted, filed elsewhere or taken back. There is
    /// no record of it then. It is not told to those who ask for what one actor does.
    gone: Option<ID>,
}

impl EditorialEvent {
    /// Nothing, of what the viewer may not see.
    async fn of(ctx: &Context<'_>, filter: &AuditLogFilter) -> Result<Once<Self>, Error> {
        let at = |cursor| Self { cursor: CursorScalar(cursor), must_reread: false, record: None, gone: None };
        Ok(match event(ctx) {
            Some(Event::Audited(record)) => {
                let here = at(ChangeCursor::at(record.seq, record.at));
                iter(match told(ctx, record.clone()).await? {
                    Some(Told::Record(record)) => Some(Self { record: Some(record), ..here }),
                    // That it was this actor who did it is not theirs to know.
                    Some(Told::Gone(_)) if filter.names_actor() => None,
                    Some(Told::Gone(id)) => Some(Self { gone: Some(ID(id.to_string())), ..here }),
                    Some(Told::Otherwise) => Some(Self { must_reread: true, ..here }),
                    None => None,
                })
            }
            Some(Event::Missed(cursor)) => one(Self { must_reread: true, ..at(*cursor) }),
            _ => nothing(),
        })
    }
}

fn one<T>(item: T) -> Once<T> {
    iter(Some(item))
}

fn nothing<T>() -> Once<T> {
    iter(None)
}

fn opening<'a>(ctx: &Context<'a>) -> Option<&'a Opening> {
    match &*request(ctx).stage {
        Stage::Opening(opening) => Some(opening),
        _ => None,
    }
}

fn event<'a>(ctx: &Context<'a>) -> Option<&'a Event> {
    match &*request(ctx).stage {
        Stage::Telling(event) => Some(event),
        _ => None,
    }
}

/// Where a client goes on: after the last event that came to it, as its browser says, or else where it began.
fn cursor(opening: &Opening, after: Option<CursorScalar>) -> Result<Option<ChangeCursor>, Error> {
    match &opening.resume {
        Some(resume) => {
            let message = "the Last-Event-ID is no cursor of this subscription";
            resume.parse().map(Some).map_err(|_| Error::new(ErrorCode::BadCursor, message))
        }
        None => after.map(CursorScalar::place).transpose(),
    }
}

/// The same of changes, once it is seen that the log has it.
async fn resumed(
    ctx: &Context<'_>,
    opening: &Opening,
    after: Option<CursorScalar>,
) -> Result<Option<ChangeCursor>, Error> {
    let Some(after) = cursor(opening, after)? else { return Ok(None) };
    let context = request(ctx);
    let wanted = ChangesRequest { after, size: 0, filter: AllChanges::default() };
    match *context.changes(wanted).await? {
        ChangesAfter::Lost => Err(lost()),
        ChangesAfter::Behind | ChangesAfter::Page(_) => Ok(Some(after)),
    }
}

fn lost() -> Error {
    Error::new(ErrorCode::StaleCursor, "the log has no such place: read what there is anew, and follow from now on")
}
