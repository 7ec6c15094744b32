//! Taking over what a source has changed of what it brought before, and nothing that was changed here meanwhile.

use std::collections::{HashMap, HashSet};

use courant_domain::{content::Content, delivered::{Delivered, same}, workflow::{LocaleStanding, Standing, State}, edition::Edition, entry::Entry, id::{CategoryId, EntryId}, locale::Locale, revision::Revision};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{Address, Incoming, IncomingVersion, Outcome, free_slug, live, live_slugs, new_revision, standing_of};
use crate::{
    convert::to_document,
    entity::{entry, revision, standing},
    entries::{self, edition_rows, read_entry, read_revision, read_standing, revision_row, standing_row},
    error::{Result, StoreError},
    newsroom::VersionKey,
    publish::{self, Put},
    store::Store,
    transaction::{Transaction, chunks},
};

/// What was imported before, as it is now.
pub(super) struct Known {
    entry: Entry,
    standings: Vec<LocaleStanding>,
    editions: Vec<Edition>,
    /// Of each language, the revision that its source brought last.
    delivered: Vec<Revision>,
}

/// What will become of one language.
struct Change {
    revision: Revision,
    /// Whether the revision is still to be written.
    is_new: bool,
    standing: Standing,
    live: Option<Edition>,
    /// Whether what is live is taken back.
    taken_back: bool,
}

/// What is here of these origins.
pub(super) async fn known(tx: &Transaction, incoming: &[Incoming]) -> Result<HashMap<String, Known>> {
    let mut found: HashMap<EntryId, Known> = HashMap::new();
    for origins in chunks(incoming.iter().map(|item| item.origin.clone()).collect()) {
        for row in entry::Entity::find().filter(entry::Column::Origin.is_in(origins)).all(tx.connection()).await? {
            let entry = read_entry(row)?;
            let known = Known { entry, standings: Vec::new(), editions: Vec::new(), delivered: Vec::new() };
            found.insert(known.entry.id, known);
        }
    }
    for ids in chunks(found.keys().map(|id| id.uuid()).collect()) {
        for live in edition_rows(tx.connection(), &ids).await? {
            if let Some(known) = found.get_mut(&live.entry) {
                known.editions.push(live);
            }
        }
        let rows = standing::Entity::find().filter(standing::Column::EntryId.is_in(ids)).all(tx.connection()).await?;
        for row in rows {
            if let Some(known) = found.get_mut(&row.entry_id.into()) {
                known.standings.push(read_standing(&row)?);
            }
        }
    }
    for revision in delivered(tx, found.values()).await? {
        if let Some(known) = found.get_mut(&revision.entry) {
            known.delivered.push(revision);
        }
    }
    Ok(found.into_values().filter_map(|known| Some((known.entry.origin.clone()?, known))).collect())
}

/// The categories in which imports last filed what has these origins.
pub(super) async fn filed(store: &Store, origins: Vec<String>) -> Result<HashSet<CategoryId>> {
    let mut filed = HashSet::new();
    for origins in chunks(origins) {
        let ids =
            entry::Entity::find().filter(entry::Column::Origin.is_in(origins)).select_only().column(entry::Column::Id);
        let ids: Vec<Uuid> = ids.into_tuple().all(store.reader()).await?;
        for row in standing::Entity::find().filter(standing::Column::EntryId.is_in(ids)).all(store.reader()).await? {
            filed.extend(read_standing(&row)?.standing.delivered.map(|delivered| delivered.category));
        }
    }
    Ok(filed)
}

/// The revisions that imports brought last.
async fn delivered(tx: &Transaction, known: impl Iterator<Item = &Known>) -> Result<Vec<Revision>> {
    /// Each is a condition of its own, and SQLite bounds how many there can be.
    const AT_ONCE: usize = 200;
    use revision::Column::{EntryId, Locale as Language, Number};
    let mut revisions = Vec::new();
    let mut noted: Vec<(Uuid, Locale, u32)> = Vec::new();
    for known in known {
        let id = known.entry.id.uuid();
        for LocaleStanding { locale, standing } in &known.standings {
            match &standing.delivered {
                Some(delivery) => noted.push((id, *locale, delivery.revision)),
                None => revisions.extend(last_of_the_first(tx, id, *locale).await?),
            }
        }
    }
    for some in noted.chunks(AT_ONCE) {
        let any = some.iter().fold(Condition::any(), |any, (id, locale, number)| {
            any.add(EntryId.eq(*id).and(Language.eq(locale.as_str())).and(Number.eq(i64::from(*number))))
        });
        for row in revision::Entity::find().filter(any).all(tx.connection()).await? {
            revisions.push(read_revision(row)?);
        }
    }
    Ok(revisions)
}

/// The last revision by whoever saved the first, which for what came by an import is the import.
async fn last_of_the_first(tx: &Transaction, entry: Uuid, locale: Locale) -> Result<Option<Revision>> {
    use revision::Column::{CreatedBy, EntryId, Locale as Language, Number};
    let all = revision::Entity::find().filter(EntryId.eq(entry)).filter(Language.eq(locale.as_str()));
    let Some(first) = all.clone().order_by_asc(Number).one(tx.connection()).await? else { return Ok(None) };
    let last = all.filter(CreatedBy.eq(first.created_by)).order_by_desc(Number).one(tx.connection()).await?;
    last.map(read_revision).transpose()
}

/// Takes in what is different from what its source brought last. What was changed here since then stays as it is.
pub(super) async fn update(
    tx: &mut Transaction,
    known: Known,
    item: &Incoming,
    by: &str,
    taken: &mut HashSet<Address>,
) -> Result<Outcome> {
    if tx.reference.categories.get(item.category).is_none() {
        return Err(StoreError::NotFound(format!("category {}", item.category)));
    }
    let mut entry = known.entry.clone();
    let mut changes = Vec::new();
    let mut kept = false;
    for version in &item.versions {
        let change = change(tx, &known, &mut entry, (item, version), by, taken).await?;
        kept |= change.kept;
        changes.extend(change.made);
    }
    if !changes.is_empty() {
        write(tx, &known.entry, &entry, &changes).await?;
    }
    Ok(match (kept, changes.is_empty()) {
        (true, unchanged) => Outcome::Kept { updated: !unchanged },
        (false, true) => Outcome::Unchanged,
        (false, false) => Outcome::Updated,
    })
}

/// What will become of one language, and whether something of it is kept that its source has otherwise.
struct Decided {
    made: Option<Change>,
    kept: bool,
}

async fn change(
    tx: &Transaction,
    known: &Known,
    entry: &mut Entry,
    (item, version): (&Incoming, &IncomingVersion),
    by: &str,
    taken: &mut HashSet<Address>,
) -> Result<Decided> {
    let locale = version.locale;
    let mut version = version.clone();
    let standing = known.standings.iter().find(|it| it.locale == locale).map(|it| &it.standing);
    let delivered = known.delivered.iter().find(|revision| revision.locale == locale);
    let (Some(standing), Some(delivered)) = (standing, delivered) else {
        free_slug(tx, entry.kind, &mut version, taken).await?;
        let revision = new_revision(entry, &version, None, tx.now, by)?;
        let live = live(entry, None, &revision, &version, tx.now)?;
        let standing = standing_of(item, &version, revision.number, live.is_some());
        return Ok(Decided {
            made: Some(Change { revision, is_new: true, standing, live, taken_back: false }),
            kept: false,
        });
    };
    let before = known.editions.iter().find(|live| live.locale == locale);
    let now = standing_of(item, &version, delivered.number, false).delivered;
    let base = match (&standing.delivered, now) {
        (Some(noted), _) => noted.clone(),
        (None, Some(now)) => Delivered::assumed(delivered.number, standing, before, now),
        (None, None) => return Ok(Decided { made: None, kept: false }),
    };
    keep_slug(&mut version.content, &delivered.content);

    let new_text = version.content != delivered.content;
    let went_live = base.state == State::Scheduled && standing.state == State::Published;
    let new_state = !version.held && version.state != base.state && !(went_live && version.state == State::Published);
    let new_date = !version.held && !same(version.published_at, base.published_at);
    let new_category = item.category != base.category;
    let new_tags = item.tags != base.tags;
    if !(new_text || new_state || new_date || new_category || new_tags) {
        return Ok(Decided { made: None, kept: false });
    }
    if !base.is_untouched(standing, before) {
        return Ok(Decided { made: None, kept: true });
    }

    let mut kept = false;
    if new_category && entry.category == base.category {
        entry.category = item.category;
    } else {
        kept |= new_category && entry.category != item.category;
    }
    if new_tags && entry.tags == base.tags {
        entry.tags.clone_from(&item.tags);
    } else {
        kept |= new_tags && entry.tags != item.tags;
    }
    if version.held && !new_text {
        version.state = standing.state;
    }
    // The date of what is live stays, unless its source has another one and nobody has set one here.
    let goes_live = matches!(version.state, State::Published | State::Withdrawn);
    if let Some(before) = before.filter(|_| goes_live) {
        let shown = Some(before.published_at);
        let set_here = base.published_at.is_some() && !same(base.published_at, shown);
        kept |= new_date && set_here && !same(version.published_at, shown);
        if set_here || version.published_at.is_none() {
            version.published_at = shown;
        }
    }
    if before.is_none() && goes_live {
        let slug = version.content.slug().map(ToString::to_string);
        taken.extend(live_slugs(tx, slug.into_iter().collect()).await?);
        free_slug(tx, entry.kind, &mut version, taken).await?;
    }
    let is_new = version.content != delivered.content;
    let revision =
        if is_new { new_revision(entry, &version, Some(standing.newest), tx.now, by)? } else { delivered.clone() };
    let live = live(entry, before, &revision, &version, tx.now)?;
    let taken_back = live.is_none() && before.is_some() && !version.held;
    let is_live = live.is_some() || before.is_some() && !taken_back;
    let mut next = standing_of(item, &version, revision.number, is_live);
    if is_live || next.state == State::Scheduled {
        next.expiry.clone_from(&standing.expiry);
    }
    if let Some(noted) = next.delivered.as_mut() {
        noted.published_at = item.versions.iter().find(|it| it.locale == locale).and_then(|it| it.published_at);
    }
    Ok(Decided { made: Some(Change { revision, is_new, standing: next, live, taken_back }), kept })
}

async fn write(tx: &mut Transaction, before: &Entry, entry: &Entry, changes: &[Change]) -> Result<()> {
    // What its source no longer shows, readers no longer get.
    let away = changes.iter().filter(|change| change.taken_back);
    let away: Vec<_> = away.map(|change| (entry.id, change.revision.locale)).collect();
    if !away.is_empty() {
        publish::remove_editions(tx, &away).await?;
    }
    if (before.category, &before.tags) != (entry.category, &entry.tags) {
        let row = entry::ActiveModel {
            id: Set(entry.id.uuid()),
            category_id: Set(entry.category.uuid()),
            tags: Set(to_document(&entry.tags)?),
            ..Default::default()
        };
        entry::Entity::update(row).exec(tx.connection()).await?;
    }
    for Change { revision, is_new, standing, .. } in changes {
        if *is_new {
            revision::Entity::insert(revision_row(revision)?).exec_without_returning(tx.connection()).await?;
        }
        standing::Entity::insert(standing_row(standing, revision)?)
            .on_conflict(entries::overwrite_standing())
            .exec_without_returning(tx.connection())
            .await?;
    }
    let puts: Vec<Put<'_>> = changes
        .iter()
        .filter_map(|change| Some(Put { edition: change.live.as_ref()?, content: &change.revision.content }))
        .collect();
    if !puts.is_empty() {
        publish::put_editions(tx, &puts, false).await?;
    }
    for Change { revision, live, taken_back, .. } in changes {
        if live.is_some() || *taken_back {
            tx.previews_end(VersionKey { entry: entry.id, locale: revision.locale }, revision.number).await?;
        }
    }
    entries::touch(tx, entry.id, !puts.is_empty()).await
}

/// An import never moves what it brought before: the address stays, even where it had to be numbered then.
fn keep_slug(content: &mut Content, before: &Content) {
    match (content, before) {
        (Content::Article(article), Content::Article(before)) => article.slug.clone_from(&before.slug),
        (Content::Decree(decree), Content::Decree(before)) => decree.slug.clone_from(&before.slug),
        _ => {}
    }
}
