//! Making several tags, or several persons, one.

use courant_domain::{
    access::{Permission, Target},
    address,
    audit::{Act, AuditSubject},
    change::{Action, ChangeKey, Told},
    content::Content,
    edition::Edition,
    feed::Feed,
    id::{PersonId, TagId},
    problem::ProblemCode,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use crate::{
    command::{Command, Done, WriteError, Written},
    db::{
        convert::{from_document, to_document},
        entity::{edition, entry, person, revision, standing, tag, working_copy},
        entries::{edition_rows, read_revision},
        transaction::{Transaction, chunks},
    },
    error::{Result, corrupt},
    live::{
        publish::{self, Named, Put, was_live},
        redirect::{Moves, put_moves},
    },
    newsroom::{Newsroom, input::place_in, reference_put},
};

/// How many editions are written at once.
const AT_ONCE: usize = 50;

/// Tags that shall be one.
#[derive(Debug, Clone, Serialize)]
pub struct TagMerge {
    /// Those that end.
    pub sources: Vec<TagId>,
    /// The one that stays.
    pub target: TagId,
}

/// Persons that shall be one.
#[derive(Debug, Clone, Serialize)]
pub struct PersonMerge {
    /// Those that end.
    pub sources: Vec<PersonId>,
    /// The one that stays.
    pub target: PersonId,
}

impl Newsroom {
    /// Makes several tags one. What has one of the sources has the target from then on, in work and live; feeds draw from it, and the
    /// sources' paths lead to it.
    ///
    /// # Errors
    /// When one of them does not exist, the target is among the sources, the viewer may not, or the database fails.
    pub async fn tag_merge(&self, command: Command<'_>, input: &TagMerge) -> Written<TagId> {
        self.store
            .change(command, Act::MergeTags, input, async |work| {
                let allowed = work.require(Permission::ManageTags, &Target::default())?;
                let sources = distinct(&input.sources, input.target)?;
                let known = |id| work.tx.reference.tag(id).cloned();
                let target = known(input.target).ok_or_else(|| WriteError::not_found("targetId", "tag"))?;
                let mut ended = Vec::with_capacity(sources.len());
                for source in &sources {
                    ended.push(
                        known(*source).ok_or_else(|| WriteError::not_found(&place(&input.sources, source), "tag"))?,
                    );
                }
                work.tx.is_bulky().await?;
                for source in &ended {
                    tag_end(&mut work.tx, source.id, target.id).await?;
                    let mut moves = Moves::between(&work.tx.locales(), [&source.slug, &target.slug], address::tag_path);
                    moves.unknown = !was_live(&work.tx, Named::Tag, source.id.uuid()).await?;
                    tag::Entity::delete_by_id(source.id.uuid()).exec(work.tx.connection()).await?;
                    work.tx.log_told(ChangeKey::Tag(source.id), Action::Removed, Told::default().if_seen(false));
                    work.tx.reload_reference().await?;
                    put_moves(&mut work.tx, &moves).await?;
                }
                let told = Told::named(None, Some(target.slug.as_str()));
                let seen = work.tx.reference.live_tags().get(&target.id).is_some();
                work.tx.log_told(ChangeKey::Tag(target.id), Action::Put, told.if_seen(seen));
                let ended: Vec<_> = ended.iter().map(|tag| json!({ "id": tag.id, "slug": tag.slug })).collect();
                let detail = json!({ "slug": target.slug, "ended": ended });
                Ok(Done::new(&allowed, (AuditSubject::Tag, target.id.uuid()), detail, target.id))
            })
            .await
    }

    /// Makes several persons one. What is by, or signed by, one of the sources is the target's from then on, in work and live, in all
    /// revisions: who wrote them has another id, and nothing else of them is changed.
    ///
    /// # Errors
    /// As for [`Newsroom::tag_merge`].
    pub async fn person_merge(&self, command: Command<'_>, input: &PersonMerge) -> Written<PersonId> {
        self.store
            .change(command, Act::MergePersons, input, async |work| {
                let allowed = work.require(Permission::ManagePersons, &Target::default())?;
                let sources = distinct(&input.sources, input.target)?;
                let known = |id| work.tx.reference.person(id).cloned();
                let target = known(input.target).ok_or_else(|| WriteError::not_found("targetId", "person"))?;
                let mut ended = Vec::with_capacity(sources.len());
                for source in &sources {
                    ended.push(
                        known(*source)
                            .ok_or_else(|| WriteError::not_found(&place(&input.sources, source), "person"))?,
                    );
                }
                work.tx.is_bulky().await?;
                for source in &ended {
                    person_end(&mut work.tx, source.id, target.id).await?;
                    let slugs = [&source.slug, &target.slug];
                    let mut moves = Moves::between(&work.tx.locales(), slugs, address::person_path);
                    moves.unknown = !was_live(&work.tx, Named::Person, source.id.uuid()).await?;
                    person::Entity::delete_by_id(source.id.uuid()).exec(work.tx.connection()).await?;
                    work.tx.log_told(ChangeKey::Person(source.id), Action::Removed, Told::default().if_seen(false));
                    work.tx.reload_reference().await?;
                    put_moves(&mut work.tx, &moves).await?;
                }
                let told = Told::named(None, Some(target.slug.as_str()));
                let seen = work.tx.reference.live_persons().get(&target.id).is_some();
                work.tx.log_told(ChangeKey::Person(target.id), Action::Put, told.if_seen(seen));
                let ended: Vec<_> =
                    ended.iter().map(|person| json!({ "id": person.id, "slug": person.slug })).collect();
                let detail = json!({ "slug": target.slug, "ended": ended });
                Ok(Done::new(&allowed, (AuditSubject::Person, target.id.uuid()), detail, target.id))
            })
            .await
    }
}

/// Where a source of a merge was given.
pub(super) fn place<T: PartialEq>(sources: &[T], source: &T) -> String {
    place_in("sourceIds", sources, source)
}

/// The sources of a merge, each once.
fn distinct<T: Copy + Ord>(sources: &[T], target: T) -> Written<Vec<T>> {
    let mut sources = sources.to_vec();
    sources.sort_unstable();
    sources.dedup();
    if sources.is_empty() {
        return Err(WriteError::refused(ProblemCode::Required, "sourceIds", "name what to merge"));
    }
    if sources.contains(&target) {
        let message = "it cannot be merged into itself";
        return Err(WriteError::refused(ProblemCode::Invalid, "targetId", message));
    }
    Ok(sources)
}

/// Puts one id in the place of another, and keeps it once.
fn renamed<T: Copy + PartialEq>(ids: &mut Vec<T>, source: T, target: T) {
    if let Some(place) = ids.iter().position(|id| *id == source) {
        if ids.contains(&target) {
            ids.remove(place);
        } else {
            ids[place] = target;
        }
    }
}

/// Lets entries, live editions and feeds that have one tag have the other.
async fn tag_end(tx: &mut Transaction, source: TagId, target: TagId) -> Result<()> {
    let named = format!("%\"{source}\"%");
    let rows: Vec<(Uuid, String)> = entry::Entity::find()
        .filter(entry::Column::Tags.like(&named))
        .select_only()
        .columns([entry::Column::Id, entry::Column::Tags])
        .into_tuple()
        .all(tx.connection())
        .await?;
    for (id, tags) in rows {
        let mut tags: Vec<TagId> = from_document(&tags)?;
        renamed(&mut tags, source, target);
        let row = entry::ActiveModel { id: Set(id), tags: Set(to_document(&tags)?), ..Default::default() };
        entry::Entity::update(row).exec_without_returning(tx.connection()).await?;
    }
    put_again(tx, &named, |live| renamed(&mut live.tags, source, target)).await?;
    let feeds: Vec<Feed> = tx.reference.feeds().iter().filter(|feed| feed.tags.contains(&source)).cloned().collect();
    for mut feed in feeds {
        renamed(&mut feed.tags, source, target);
        reference_put::feed_put(tx, &feed).await?;
    }
    Ok(())
}

/// Lets revisions, working copies and live editions that name one person name the other.
async fn person_end(tx: &mut Transaction, source: PersonId, target: PersonId) -> Result<()> {
    let named = format!("%\"{source}\"%");
    let keys: Vec<(Uuid, String, i32)> = revision::Entity::find()
        .filter(revision::Column::Content.like(&named))
        .select_only()
        .columns([revision::Column::EntryId, revision::Column::Locale, revision::Column::Number])
        .into_tuple()
        .all(tx.connection())
        .await?;
    for key in keys {
        let Some(row) = revision::Entity::find_by_id(key.clone()).one(tx.connection()).await? else { continue };
        let row = revision::ActiveModel {
            entry_id: Set(key.0),
            locale: Set(key.1),
            number: Set(key.2),
            content: Set(with_person(&row.content, source, target)?),
            ..Default::default()
        };
        revision::Entity::update(row).exec_without_returning(tx.connection()).await?;
    }
    for copy in
        working_copy::Entity::find().filter(working_copy::Column::Content.like(&named)).all(tx.connection()).await?
    {
        let row = working_copy::ActiveModel {
            entry_id: Set(copy.entry_id),
            locale: Set(copy.locale),
            owner: Set(copy.owner),
            content: Set(with_person(&copy.content, source, target)?),
            ..Default::default()
        };
        working_copy::Entity::update(row).exec_without_returning(tx.connection()).await?;
    }
    let rows: Vec<(Uuid, String, String)> = standing::Entity::find()
        .filter(standing::Column::Persons.like(&named))
        .select_only()
        .columns([standing::Column::EntryId, standing::Column::Locale, standing::Column::Persons])
        .into_tuple()
        .all(tx.connection())
        .await?;
    for (entry, locale, persons) in rows {
        let mut persons: Vec<PersonId> = from_document(&persons)?;
        renamed(&mut persons, source, target);
        let row = standing::ActiveModel {
            entry_id: Set(entry),
            locale: Set(locale),
            persons: Set(to_document(&persons)?),
            ..Default::default()
        };
        standing::Entity::update(row).exec_without_returning(tx.connection()).await?;
    }
    put_again(tx, &named, |_| ()).await
}

/// A content with one person in the place of another.
fn with_person(document: &str, source: PersonId, target: PersonId) -> Result<String> {
    let mut content: Content = from_document(document)?;
    match &mut content {
        Content::Article(article) => renamed(&mut article.authors, source, target),
        Content::Decree(decree) => {
            if let Some(signatory) = decree.signatory.as_mut().filter(|signatory| signatory.person == source) {
                signatory.person = target;
            }
        }
    }
    to_document(&content)
}

/// Writes live editions again whose details hold something, with what is different about them.
async fn put_again(tx: &mut Transaction, named: &str, change: impl Fn(&mut Edition)) -> Result<()> {
    let live: Vec<(Uuid, String)> = edition::Entity::find()
        .filter(edition::Column::Details.like(named))
        .select_only()
        .columns([edition::Column::EntryId, edition::Column::Locale])
        .into_tuple()
        .all(tx.connection())
        .await?;
    for portion in live.chunks(AT_ONCE) {
        let mut entries: Vec<Uuid> = portion.iter().map(|(entry, _)| *entry).collect();
        entries.sort_unstable();
        entries.dedup();
        let mut again = Vec::with_capacity(portion.len());
        for entries in chunks(entries) {
            for mut live in edition_rows(tx.connection(), &entries).await? {
                if !portion.contains(&(live.entry.uuid(), live.locale.to_string())) {
                    continue;
                }
                let number = i32::try_from(live.revision).map_err(corrupt)?;
                let key = (live.entry.uuid(), live.locale.to_string(), number);
                let row = revision::Entity::find_by_id(key).one(tx.connection()).await?;
                let row = row.ok_or_else(|| corrupt("a live edition without its revision"))?;
                change(&mut live);
                again.push((live, read_revision(row)?.content));
            }
        }
        let puts: Vec<Put<'_>> = again.iter().map(|(edition, content)| Put { edition, content }).collect();
        publish::put_editions(tx, &puts, false).await?;
    }
    Ok(())
}
