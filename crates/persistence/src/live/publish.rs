//! Publishing: revisions become live rows, and the change log says so, in one transaction.

mod canonical;
mod days;
mod filing;
mod force;
mod named;
mod pins;
mod refile;
mod sitemaps;
mod touched;

use std::collections::BTreeSet;

use courant_domain::{
    address::{self, Address},
    change::{Action, ChangeKey},
    content::Content,
    decree::Relation,
    edition::Edition,
    entry::EntryKind,
    fold::{FOLDING, fold_unmarked},
    id::EntryId,
    list::Scope,
    locale::Locale,
    publication::Details,
    rich_text::RichText,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use self::touched::Changed;
pub(crate) use self::{
    canonical::{led as canonical_led, settle_all as canonical_settle_all},
    days::days_pass,
    filing::{Filings, LiveRow, TimelineRow, rebuild_timelines},
    force::{effects_on, force_of, update as force_update},
    named::{Kind as Named, miscounted, was_live},
    pins::{LATEST_TIME, pinned_refile, pins_follow, pins_of, pins_shown},
    refile::{category_refile, subtree_refile},
    sitemaps::{SitemapPlace, month_of},
};
use crate::{
    db::{
        convert::{day, from_document, from_word, locale, micros, to_document, to_word},
        entity::{decree_relation, edition, view_count},
        transaction::{Transaction, chunks},
    },
    error::{Result, StoreError, invalid},
    live::redirect::{Moves, claims_arrived, left_by, put_moves},
    reference::Reference,
};

/// A live edition to be, with the content of the revision it is made from.
pub(crate) struct Put<'a> {
    pub(crate) edition: &'a Edition,
    pub(crate) content: &'a Content,
}

impl Put<'_> {
    fn key(&self) -> ChangeKey {
        let Edition { entry, locale, .. } = *self.edition;
        ChangeKey::Edition { entry, locale, kind: self.content.kind() }
    }
}

/// Makes editions live, over whatever was live of the same entries and locales. `first` says that nothing of
/// these entries was live before, which saves looking.
pub(crate) async fn put_editions(tx: &mut Transaction, puts: &[Put<'_>], first: bool) -> Result<()> {
    let mut entries: Vec<EntryId> = puts.iter().map(|put| put.edition.entry).collect();
    entries.sort_unstable();
    entries.dedup();
    let before = if first { Vec::new() } else { live_rows(tx, &entries).await? };
    let mut after = before.clone();
    let mut rows = Vec::with_capacity(puts.len());
    let mut relations = Vec::new();
    let mut changed = Changed::default();
    let named = canonical::Named::by(tx, puts).await?;
    for put in puts {
        let old = after.iter().position(|row| row.entry == put.edition.entry && row.locale == put.edition.locale);
        let version = tx.log(put.key(), Action::Put);
        let id = old.map_or(version, |index| after[index].id);
        changed.add(put.edition.entry, id, version);
        let mut row = LiveRow::of(id, put, &tx.reference)?;
        named.settle(tx, &mut row, old.map(|index| &after[index]));
        rows.push(edition_row(id, version, put, &row.details)?);
        relations.extend(relation_rows(put)?);
        match old {
            Some(index) => after[index] = row,
            None => after.push(row),
        }
    }

    if !first {
        for ids in
            chunks(before.iter().filter(|old| rows.iter().any(|row| row.id == Set(old.id))).map(|old| old.id).collect())
        {
            edition::Entity::delete_many().filter(edition::Column::Id.is_in(ids)).exec(tx.connection()).await?;
        }
    }
    for rows in chunks(rows) {
        edition::Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }

    let Arrival { moves, entries: arrived, dead } = arrival(tx, &before, &after).await?;
    put_moves(tx, &moves).await?;

    let old = Filings::of(&before, &tx.reference);
    let new = Filings::of(&after, &tx.reference);
    filing::replace(tx, old, new).await?;
    pins_follow(tx, &entries).await?;
    named::follow(tx, &before, &after).await?;
    sitemaps::follow(tx, &before, &after, &changed).await?;

    let decrees: Vec<EntryId> =
        puts.iter().filter(|put| put.content.kind() == EntryKind::Decree).map(|put| put.edition.entry).collect();
    if !decrees.is_empty() {
        replace_relations(tx, puts, &before, relations).await?;
    }
    changed.show(tx, &before, &after).await?;
    // What is new here waits for nothing yet.
    if first || arrived.is_empty() { Ok(()) } else { claims_arrived(tx, arrived, dead).await }
}

/// Takes editions out of the live tables. What readers get instead is for the caller to say.
pub(crate) async fn remove_editions(tx: &mut Transaction, keys: &[(EntryId, Locale)]) -> Result<()> {
    let mut entries: Vec<EntryId> = keys.iter().map(|(entry, _)| *entry).collect();
    entries.sort_unstable();
    entries.dedup();
    let before = live_rows(tx, &entries).await?;
    let (gone, after): (Vec<LiveRow>, Vec<LiveRow>) =
        before.iter().cloned().partition(|row| keys.contains(&(row.entry, row.locale)));
    let mut changed = Changed::default();
    for row in &gone {
        let key = ChangeKey::Edition { entry: row.entry, locale: row.locale, kind: row.kind };
        changed.add(row.entry, row.id, tx.log(key, Action::Removed));
        if row.kind == EntryKind::Decree {
            relations_remove(tx, row.entry, row.locale).await?;
        }
    }
    for ids in chunks(gone.iter().map(|row| row.id).collect()) {
        edition::Entity::delete_many().filter(edition::Column::Id.is_in(ids)).exec(tx.connection()).await?;
    }
    let (old, new) = (Filings::of(&before, &tx.reference), Filings::of(&after, &tx.reference));
    filing::replace(tx, old, new).await?;
    pins_follow(tx, &entries).await?;
    named::follow(tx, &before, &after).await?;
    sitemaps::follow(tx, &before, &after, &changed).await?;
    // The other languages' targets, too: when the act comes into force may have been this language's word.
    let targets = before.iter().flat_map(|row| row.details.relations.iter().map(|relation| relation.target)).collect();
    force::update(tx, targets, &[]).await?;
    changed.show(tx, &before, &after).await
}

async fn relations_remove(tx: &Transaction, act: EntryId, locale: Locale) -> Result<()> {
    decree_relation::Entity::delete_many()
        .filter(decree_relation::Column::SourceId.eq(act.uuid()))
        .filter(decree_relation::Column::Locale.eq(locale.as_str()))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Starts the counts of new entries.
pub(crate) async fn put_views(tx: &Transaction, views: Vec<(EntryId, i64)>) -> Result<()> {
    for rows in chunks(views) {
        let rows =
            rows.into_iter().map(|(id, views)| view_count::ActiveModel { entry_id: Set(id.uuid()), views: Set(views) });
        view_count::Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    Ok(())
}

/// What is live of these entries, in all languages.
async fn live_rows(tx: &Transaction, entries: &[EntryId]) -> Result<Vec<LiveRow>> {
    let mut live = Vec::new();
    for ids in chunks(entries.iter().map(|id| id.uuid()).collect::<Vec<Uuid>>()) {
        live.extend(
            select_live(
                tx.connection(),
                edition::Entity::find().filter(edition::Column::EntryId.is_in(ids)),
                &tx.reference,
            )
            .await?,
        );
    }
    Ok(live)
}

/// The columns of a live edition that filing needs.
pub(crate) type LiveColumns = (i64, Uuid, String, String, Uuid, String, i64, Option<String>, Option<i32>, String);

/// What filing needs to know of these live editions.
pub(crate) async fn select_live<C: ConnectionTrait>(
    connection: &C,
    query: sea_orm::Select<edition::Entity>,
    reference: &Reference,
) -> Result<Vec<LiveRow>> {
    use edition::Column::{
        CategoryId, Details as Document, EntryId, Id, Kind, Locale as Language, Number, PublishedAt, SignedDay, Slug,
    };
    let rows: Vec<LiveColumns> = query
        .select_only()
        .columns([Id, EntryId, Language, Kind, CategoryId, Slug, PublishedAt, Number, SignedDay, Document])
        .order_by_asc(Id)
        .into_tuple()
        .all(connection)
        .await?;
    rows.into_iter().map(|row| LiveRow::read(row, reference)).collect()
}

/// The row of a live edition, with the dates of force that its own words alone give it.
pub(crate) fn edition_row(id: i64, version: i64, put: &Put<'_>, details: &Details) -> Result<edition::ActiveModel> {
    let Put { edition: live, content } = put;
    let missing = |what| invalid(format!("{} in {} has no {what}", live.entry, live.locale));
    let body = content.body().ok_or_else(|| missing("body"))?;
    let decree = match content {
        Content::Decree(decree) => Some(decree),
        Content::Article(_) => None,
    };
    let count = i32::try_from(body.word_count()).unwrap_or(i32::MAX);
    Ok(edition::ActiveModel {
        id: Set(id),
        entry_id: Set(live.entry.uuid()),
        locale: Set(live.locale.to_string()),
        kind: Set(content.kind().as_str().to_owned()),
        category_id: Set(live.category.uuid()),
        slug: Set(content.slug().ok_or_else(|| missing("slug"))?.to_string()),
        title: Set(content.title().ok_or_else(|| missing("title"))?.to_owned()),
        summary: Set(content.summary().map(str::to_owned)),
        published_at: Set(micros(live.published_at)),
        first_published_at: Set(micros(live.first_published_at)),
        updated_at: Set(micros(live.updated_at)),
        version: Set(version),
        revision: Set(i32::try_from(live.revision).map_err(invalid)?),
        number: Set(decree.and_then(|decree| decree.number.clone())),
        signed_day: Set(decree.and_then(|decree| decree.signed_on).map(day)),
        partly_from_day: Set(None),
        from_day: Set(decree.and_then(|decree| decree.effective_on).map(day)),
        partly_until_day: Set(None),
        until_day: Set(decree.and_then(|decree| decree.repealed_on).map(day)),
        details: Set(to_document(details)?),
        format: Set(to_word(&body.format())?),
        word_count: Set(count),
        outline: Set(to_document(&body.outline())?),
        html: Set(body.html().to_owned()),
        plain: Set(body.text().to_owned()),
        source: Set(body.source().to_owned()),
        derivation: Set(i32::from(RichText::DERIVATION)),
        embeds: Set(to_document(&body.embeds())?),
        folded: Set(folded_title(content.title().unwrap_or_default())),
        folded_number: Set(content.number().map(fold_unmarked)),
        folding: Set(i32::from(FOLDING)),
    })
}

/// So many characters of a title are looked up: more would not fit into an index.
const LOOKED_UP: usize = 500;

/// A title as it is looked up.
pub(crate) fn folded_title(title: &str) -> String {
    fold_unmarked(title).chars().take(LOOKED_UP).collect()
}

impl LiveRow {
    /// Where readers find it.
    fn path(&self) -> String {
        address::entry_path(self.locale, self.kind, &self.slug)
    }

    pub(crate) fn read(row: LiveColumns, reference: &Reference) -> Result<Self> {
        let (id, entry, language, kind, category, slug, published_at, number, signed_day, document) = row;
        let details: Details = from_document(&document)?;
        Ok(Self {
            id,
            entry: entry.into(),
            locale: locale(&language)?,
            kind: from_word(&kind)?,
            slug,
            published_at,
            number,
            signed_day,
            scopes: Scope::of(category.into(), &details, &reference.categories),
            details,
        })
    }

    fn of(id: i64, put: &Put<'_>, reference: &Reference) -> Result<Self> {
        let Put { edition: live, content } = put;
        let details = Details::of(live, content);
        if reference.categories.get(live.category).is_none() {
            return Err(StoreError::NotFound(format!("category {}", live.category)));
        }
        Ok(Self {
            id,
            entry: live.entry,
            locale: live.locale,
            kind: content.kind(),
            slug: content.slug().map(ToString::to_string).unwrap_or_default(),
            published_at: micros(live.published_at),
            number: content.number().map(str::to_owned),
            signed_day: content.signed_on().map(day),
            scopes: Scope::of(live.category, &details, &reference.categories),
            details,
        })
    }
}

/// What a live edition does to other acts, as rows.
pub(crate) fn relation_rows(put: &Put<'_>) -> Result<Vec<decree_relation::ActiveModel>> {
    let Content::Decree(decree) = put.content else { return Ok(Vec::new()) };
    decree
        .relations
        .iter()
        .enumerate()
        .map(|(position, relation): (usize, &Relation)| {
            Ok(decree_relation::ActiveModel {
                source_id: Set(put.edition.entry.uuid()),
                locale: Set(put.edition.locale.to_string()),
                position: Set(i32::try_from(position).map_err(invalid)?),
                kind: Set(to_word(&relation.kind)?),
                target_id: Set(relation.target.uuid()),
                on_day: Set(relation.on.map(day)),
                partial: Set(relation.partial),
                note: Set(relation.note.clone()),
            })
        })
        .collect()
}

/// Writes what the decrees of a publish do to others, and lets their dates of force follow.
async fn replace_relations(
    tx: &mut Transaction,
    puts: &[Put<'_>],
    before: &[LiveRow],
    relations: Vec<decree_relation::ActiveModel>,
) -> Result<()> {
    let mut affected: Vec<EntryId> = Vec::new();
    for put in puts.iter().filter(|put| put.content.kind() == EntryKind::Decree) {
        affected.push(put.edition.entry);
        relations_remove(tx, put.edition.entry, put.edition.locale).await?;
    }
    affected.extend(before.iter().flat_map(|row| row.details.relations.iter().map(|relation| relation.target)));
    affected.extend(relations.iter().filter_map(|row| row.target_id.try_as_ref().copied().map(EntryId::from)));
    for rows in chunks(relations) {
        decree_relation::Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    let published: Vec<EntryId> = puts.iter().map(|put| put.edition.entry).collect();
    force::update(tx, affected, &published).await
}

/// Editions that are where they were not before.
struct Arrival {
    /// Where they are, and the paths that their entries ever left in their language: those lead here, whatever they have led to meanwhile.
    moves: Moves,
    /// Their entries.
    entries: Vec<Uuid>,
    /// Other paths that their entries had and that lead nowhere.
    dead: BTreeSet<String>,
}

async fn arrival(tx: &Transaction, before: &[LiveRow], after: &[LiveRow]) -> Result<Arrival> {
    let mut moves = Moves::default();
    let new_here = |row: &&LiveRow| !before.iter().any(|old| old.id == row.id && old.slug == row.slug);
    let arrived: Vec<&LiveRow> = after.iter().filter(new_here).collect();
    moves.taken = arrived.iter().map(|row| row.path()).collect();
    for old in before {
        if let Some(new) = arrived.iter().find(|row| row.id == old.id) {
            moves.moved.insert(old.path(), new.path());
            moves.entries.insert(old.path(), old.entry);
        }
    }
    let entries: Vec<Uuid> = arrived.iter().map(|row| row.entry.uuid()).collect();
    let mut dead = BTreeSet::new();
    for left in left_by(tx, entries.clone()).await? {
        let locale = Address::parse(&left.path).map(|address| address.locale);
        let is_for = |row: &LiveRow| Some(row.entry.uuid()) == left.entry_id && Some(row.locale) == locale;
        match arrived.iter().find(|row| is_for(row)) {
            Some(new) => {
                moves.entries.insert(left.path.clone(), new.entry);
                moves.moved.insert(left.path, new.path());
            }
            None if left.target.is_none() => drop(dead.insert(left.path)),
            None => {}
        }
    }
    Ok(Arrival { moves, entries, dead })
}
