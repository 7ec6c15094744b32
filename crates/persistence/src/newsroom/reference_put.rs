//! Writing reference data: categories, tags, persons, feeds.

use std::collections::{BTreeSet, HashMap, HashSet};

use courant_domain::{
    address,
    bounds::Bound,
    category::{Category, CategoryTree},
    change::{Action, ChangeKey, Told},
    feed::Feed,
    id::CategoryId,
    person::Person,
    slug::Slug,
    tag::Tag,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    EntityTrait,
    sea_query::OnConflict,
};

use crate::{
    db::{
        convert::to_document,
        entity::{category, feed, person, tag},
        transaction::Transaction,
    },
    error::{Result, StoreError, invalid},
    live::{publish, redirect},
    newsroom::{
        Newsroom,
        category::tree::{told, touched},
    },
    reference::Reference,
};

/// Reference data to be written in one transaction; what has an id that is there already is overwritten.
#[derive(Debug, Clone, Default)]
pub struct ReferenceData {
    /// Categories, parents before their children.
    pub categories: Vec<Category>,
    /// Tags.
    pub tags: Vec<Tag>,
    /// Persons.
    pub persons: Vec<Person>,
    /// Feeds.
    pub feeds: Vec<Feed>,
}

impl ReferenceData {
    /// The same with the feeds that those of its categories have from the start which are new to a site.
    ///
    /// # Errors
    /// When the categories would be no tree.
    pub fn with_category_feeds(mut self, known: &Reference) -> Result<Self> {
        let is_new = |category: &&Category| known.categories.get(category.id).is_none();
        let new: Vec<&Category> = self.categories.iter().filter(is_new).collect();
        let tree = known.categories.iter().chain(new.iter().copied()).cloned().collect();
        let tree = CategoryTree::build(tree).map_err(invalid)?;
        let mut feeds: HashSet<Slug> = self.feeds.iter().map(|feed| feed.slug.clone()).collect();
        for category in new {
            let taken = |slug: &Slug| known.feed_by_slug(slug).is_some() || feeds.contains(slug);
            let path = tree.path(category.id).unwrap_or_default();
            if let Some(feed) = Feed::of_category(category, path, taken) {
                feeds.insert(feed.slug.clone());
                self.feeds.push(feed);
            }
        }
        Ok(self)
    }
}

impl Newsroom {
    /// Writes reference data.
    ///
    /// # Errors
    /// When the categories would be no tree, a slug is taken, something referred to does not exist, or the
    /// database fails; nothing is changed then.
    pub async fn reference_put(&self, data: &ReferenceData) -> Result<()> {
        let mut tx = Transaction::begin(&self.store).await?;
        put_in_tx(&mut tx, data).await?;
        tx.commit(&self.store).await
    }
}

/// Sees that names and descriptions can be kept.
fn check_texts(data: &ReferenceData) -> Result<()> {
    let ReferenceData { categories, tags, persons, feeds } = data;
    let names = categories
        .iter()
        .map(|category| (&category.slug, &category.title, Bound::NAME))
        .chain(tags.iter().map(|tag| (&tag.slug, &tag.name, Bound::NAME)))
        .chain(persons.iter().map(|person| (&person.slug, &person.name, Bound::NAME)))
        .chain(persons.iter().map(|person| (&person.slug, &person.role, Bound::NAME)))
        .chain(feeds.iter().map(|feed| (&feed.slug, &feed.title, Bound::NAME)))
        .chain(categories.iter().map(|category| (&category.slug, &category.description, Bound::DESCRIPTION)))
        .chain(feeds.iter().map(|feed| (&feed.slug, &feed.description, Bound::DESCRIPTION)));
    for (slug, text, bound) in names {
        bound.check_each(text).map_err(|error| invalid(format!("{slug}: {error}")))?;
    }
    Ok(())
}

pub(crate) async fn put_in_tx(tx: &mut Transaction, data: &ReferenceData) -> Result<()> {
    check_texts(data)?;
    let moved = categories_put(tx, &data.categories).await?;
    for item in &data.tags {
        tag_put(tx, item).await?;
    }
    for item in &data.persons {
        person_put(tx, item).await?;
    }
    tx.reload_reference().await?;
    feeds_put(tx, &data.feeds).await?;
    if moved {
        publish::rebuild_timelines(tx).await?;
    }
    let paths = paths_of(tx, data);
    redirect::remove_in_tx(tx, paths).await
}

/// Where these things are: what led away from there is overtaken.
fn paths_of(tx: &Transaction, data: &ReferenceData) -> Vec<String> {
    let tree = &tx.reference.categories;
    let below = data.categories.iter().flat_map(|item| tree.subtree(item.id)).filter_map(|item| tree.path(item.id));
    let below: BTreeSet<&str> = below.collect();
    let mut paths = Vec::new();
    for locale in tx.locales() {
        paths.extend(below.iter().map(|path| address::category_path(locale, path)));
        paths.extend(data.tags.iter().map(|item| address::tag_path(locale, &item.slug)));
        paths.extend(data.persons.iter().map(|item| address::person_path(locale, &item.slug)));
        paths.extend(data.feeds.iter().map(|item| address::feed_path(locale, &item.slug)));
    }
    paths
}

pub(crate) async fn tag_put(tx: &mut Transaction, item: &Tag) -> Result<()> {
    let old = tx.reference.tag(item.id);
    if old == Some(item) {
        return Ok(());
    }
    let told = Told::named(old.map(|old| old.slug.as_str()), Some(item.slug.as_str()))
        .if_seen(tx.reference.live_tags().get(&item.id).is_some());
    let row = tag::ActiveModel {
        id: Set(item.id.uuid()),
        slug: Set(item.slug.to_string()),
        name: Set(to_document(&item.name)?),
        live: NotSet,
        was_live: NotSet,
    };
    tag::Entity::insert(row)
        .on_conflict(overwrite(tag::Column::Id, [tag::Column::Slug, tag::Column::Name]))
        .exec_without_returning(tx.connection())
        .await?;
    tx.log_told(ChangeKey::Tag(item.id), Action::Put, told);
    Ok(())
}

pub(crate) async fn person_put(tx: &mut Transaction, item: &Person) -> Result<()> {
    let old = tx.reference.person(item.id);
    if old == Some(item) {
        return Ok(());
    }
    let told = Told::named(old.map(|old| old.slug.as_str()), Some(item.slug.as_str()))
        .if_seen(tx.reference.live_persons().get(&item.id).is_some());
    let row = person::ActiveModel {
        id: Set(item.id.uuid()),
        slug: Set(item.slug.to_string()),
        name: Set(to_document(&item.name)?),
        role: Set(to_document(&item.role)?),
        live: NotSet,
        was_live: NotSet,
    };
    person::Entity::insert(row)
        .on_conflict(overwrite(person::Column::Id, [person::Column::Slug, person::Column::Name, person::Column::Role]))
        .exec_without_returning(tx.connection())
        .await?;
    tx.log_told(ChangeKey::Person(item.id), Action::Put, told);
    Ok(())
}

/// Writes categories, and says whether one that was there already has moved.
async fn categories_put(tx: &mut Transaction, categories: &[Category]) -> Result<bool> {
    let mut all: Vec<Category> = tx.reference.categories.iter().cloned().collect();
    let mut places: HashMap<CategoryId, usize> = all.iter().enumerate().map(|(index, item)| (item.id, index)).collect();
    let mut moved = false;
    for item in categories {
        match places.get(&item.id).and_then(|index| all.get_mut(*index)) {
            Some(known) if known == item => continue,
            Some(known) => {
                moved |= known.parent != item.parent;
                *known = item.clone();
            }
            None => {
                places.insert(item.id, all.len());
                all.push(item.clone());
            }
        }
        category_write(tx, item).await?;
    }
    let after = CategoryTree::build(all).map_err(invalid)?;
    let before = tx.reference.categories.clone();
    for id in touched(&before, &after) {
        tx.log_told(ChangeKey::Category(id), Action::Put, told(&before, &after, id));
    }
    Ok(moved)
}

/// Writes one category's row, and nothing of what follows from it.
pub(crate) async fn category_write(tx: &Transaction, item: &Category) -> Result<()> {
    let row = category::ActiveModel {
        id: Set(item.id.uuid()),
        parent_id: Set(item.parent.map(Into::into)),
        position: Set(item.position),
        slug: Set(item.slug.to_string()),
        title: Set(to_document(&item.title)?),
        description: Set(to_document(&item.description)?),
    };
    use category::Column::{Description, Id, ParentId, Position, Slug, Title};
    category::Entity::insert(row)
        .on_conflict(overwrite(Id, [ParentId, Position, Slug, Title, Description]))
        .exec_without_returning(tx.connection())
        .await?;
    Ok(())
}

pub(crate) async fn feed_put(tx: &mut Transaction, item: &Feed) -> Result<()> {
    feeds_put(tx, std::slice::from_ref(item)).await
}

/// Writes feeds. The reference data is read again once, however many they are.
async fn feeds_put(tx: &mut Transaction, feeds: &[Feed]) -> Result<()> {
    let mut repinned = Vec::new();
    let mut changed = false;
    for item in feeds {
        let old = tx.reference.feed(item.id);
        if old == Some(item) {
            continue;
        }
        let pinned = old.map(|old| old.pinned.as_slice()).unwrap_or_default();
        if pinned != item.pinned {
            repinned.push(item);
        }
        feed_write(tx, item).await?;
        changed = true;
    }
    if changed {
        tx.reload_reference().await?;
    }
    for item in repinned {
        publish::pinned_refile(tx, item).await?;
    }
    Ok(())
}

async fn feed_write(tx: &mut Transaction, item: &Feed) -> Result<()> {
    if let Some(category) = item.categories.iter().find(|id| tx.reference.categories.get(**id).is_none()) {
        return Err(StoreError::NotFound(format!("category {category} of feed {}", item.slug)));
    }
    if let Some(tag) = item.tags.iter().find(|id| tx.reference.tag(**id).is_none()) {
        return Err(StoreError::NotFound(format!("tag {tag} of feed {}", item.slug)));
    }
    let row = feed::ActiveModel {
        id: Set(item.id.uuid()),
        slug: Set(item.slug.to_string()),
        document: Set(to_document(item)?),
    };
    feed::Entity::insert(row)
        .on_conflict(overwrite(feed::Column::Id, [feed::Column::Slug, feed::Column::Document]))
        .exec_without_returning(tx.connection())
        .await?;
    let old = tx.reference.feed(item.id).cloned();
    let told = Told::named(old.as_ref().map(|old| old.slug.as_str()), Some(item.slug.as_str()));
    let seen = is_seen(tx, old.as_ref(), item).await?;
    tx.log_told(ChangeKey::Feed(item.id), Action::Put, told.if_seen(seen));
    Ok(())
}

/// Whether readers see that a feed has become another one. They do not if nothing but pins of what is not live has changed.
async fn is_seen(tx: &Transaction, old: Option<&Feed>, new: &Feed) -> Result<bool> {
    let Some(old) = old else { return Ok(true) };
    if *old != (Feed { pinned: old.pinned.clone(), ..new.clone() }) {
        return Ok(true);
    }
    Ok(publish::pins_shown(tx, old).await? != publish::pins_shown(tx, new).await?)
}

fn overwrite<C: sea_orm::sea_query::IntoIden>(key: C, columns: impl IntoIterator<Item = C>) -> OnConflict {
    OnConflict::column(key).update_columns(columns).to_owned()
}
