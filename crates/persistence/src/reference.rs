//! Reference data: what is small, read on every request, and therefore kept in memory.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use courant_domain::{
    address::{self, Address, Place},
    category::{Category, CategoryTree},
    change::ChangeSeq,
    feed::Feed,
    id::{FeedId, PersonId, TagId},
    locale::Locale,
    person::Person,
    site::Site,
    slug::Slug,
    tag::Tag,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    db::{
        convert::{from_document, from_word, locale},
        entity,
    },
    error::{Result, StoreError, corrupt},
    live::scope::TimelineKey,
};

/// The site, its categories, tags, persons and feeds, and which timelines there are, as of one change.
#[derive(Debug, Clone)]
pub struct Reference {
    /// The change it is as of.
    pub seq: ChangeSeq,
    /// The site.
    pub site: Site,
    /// The categories.
    pub categories: CategoryTree,
    tags: Table<TagId, Tag>,
    live_tags: Table<TagId, Tag>,
    persons: Table<PersonId, Person>,
    live_persons: Table<PersonId, Person>,
    feeds: Table<FeedId, Feed>,
    timelines: HashMap<TimelineKey, i32>,
    last_timeline: i32,
}

/// Things by id and by slug, in the order of their slugs.
#[derive(Debug, Clone)]
pub struct Table<K, V> {
    rows: Vec<V>,
    by_id: HashMap<K, usize>,
    by_slug: HashMap<Slug, usize>,
}

impl<K: std::hash::Hash + Eq, V> Table<K, V> {
    fn new(mut rows: Vec<V>, key: impl Fn(&V) -> K, slug: impl Fn(&V) -> &Slug) -> Self {
        rows.sort_by(|a, b| slug(a).cmp(slug(b)));
        let by_id = rows.iter().enumerate().map(|(index, row)| (key(row), index)).collect();
        let by_slug = rows.iter().enumerate().map(|(index, row)| (slug(row).clone(), index)).collect();
        Self { rows, by_id, by_slug }
    }

    /// The one with this id.
    #[must_use]
    pub fn get(&self, id: &K) -> Option<&V> {
        self.rows.get(*self.by_id.get(id)?)
    }

    /// The one with this slug.
    #[must_use]
    pub fn by_slug(&self, slug: &Slug) -> Option<&V> {
        self.rows.get(*self.by_slug.get(slug)?)
    }

    /// All of them, by slug.
    #[must_use]
    pub fn rows(&self) -> &[V] {
        &self.rows
    }
}

impl Reference {
    /// The tag with this id.
    #[must_use]
    pub fn tag(&self, id: TagId) -> Option<&Tag> {
        self.tags.get(&id)
    }

    /// The tag with this slug.
    #[must_use]
    pub fn tag_by_slug(&self, slug: &Slug) -> Option<&Tag> {
        self.tags.by_slug(slug)
    }

    /// All tags, by slug.
    #[must_use]
    pub fn tags(&self) -> &[Tag] {
        &self.tags.rows
    }

    /// The tags that something live has: those that readers know of.
    #[must_use]
    pub const fn live_tags(&self) -> &Table<TagId, Tag> {
        &self.live_tags
    }

    /// The persons who wrote or signed something live: those that readers know of.
    #[must_use]
    pub const fn live_persons(&self) -> &Table<PersonId, Person> {
        &self.live_persons
    }

    /// The person with this id.
    #[must_use]
    pub fn person(&self, id: PersonId) -> Option<&Person> {
        self.persons.get(&id)
    }

    /// The person with this slug.
    #[must_use]
    pub fn person_by_slug(&self, slug: &Slug) -> Option<&Person> {
        self.persons.by_slug(slug)
    }

    /// All persons, by slug.
    #[must_use]
    pub fn persons(&self) -> &[Person] {
        &self.persons.rows
    }

    /// The feed with this id.
    #[must_use]
    pub fn feed(&self, id: FeedId) -> Option<&Feed> {
        self.feeds.get(&id)
    }

    /// The feed with this slug.
    #[must_use]
    pub fn feed_by_slug(&self, slug: &Slug) -> Option<&Feed> {
        self.feeds.by_slug(slug)
    }

    /// All feeds, by slug.
    #[must_use]
    pub fn feeds(&self) -> &[Feed] {
        &self.feeds.rows
    }

    /// Whether readers find such a category, tag, person or feed. Entries are not reference data.
    #[must_use]
    pub fn shows(&self, locale: Locale, place: &Place) -> bool {
        match place {
            Place::Tag(slug) => self.site.has(locale) && self.live_tags.by_slug(slug).is_some(),
            Place::Person(slug) => self.site.has(locale) && self.live_persons.by_slug(slug).is_some(),
            place => self.has(locale, place),
        }
    }

    /// Whether readers are told that a redirect leads there: not of names that they do not know of.
    #[must_use]
    pub fn leads_to(&self, target: &str) -> bool {
        match Address::parse(address::followed(target).unwrap_or(target)) {
            Some(Address { locale, place: place @ (Place::Tag(_) | Place::Person(_)) }) => self.shows(locale, &place),
            _ => true,
        }
    }

    /// Whether such a category, tag, person or feed is there. Entries are not reference data.
    pub(crate) fn has(&self, locale: Locale, place: &Place) -> bool {
        self.site.has(locale)
            && match place {
                Place::Entry(..) => false,
                Place::Category(path) => self.categories.by_path(path).is_some(),
                Place::Tag(slug) => self.tag_by_slug(slug).is_some(),
                Place::Person(slug) => self.person_by_slug(slug).is_some(),
                Place::Feed(slug) => self.feed_by_slug(slug).is_some(),
            }
    }

    /// The timeline with a key; none when nothing was ever filed under it.
    pub(crate) fn timeline(&self, key: &TimelineKey) -> Option<i32> {
        self.timelines.get(key).copied()
    }

    /// What a timeline is of.
    pub(crate) fn timeline_key(&self, id: i32) -> Option<&TimelineKey> {
        self.timelines.iter().find_map(|(key, known)| (*known == id).then_some(key))
    }

    /// What these timelines are of.
    pub(crate) fn timeline_keys(&self, ids: &BTreeSet<i32>) -> BTreeMap<i32, TimelineKey> {
        self.timelines.iter().filter(|(_, id)| ids.contains(id)).map(|(key, id)| (*id, *key)).collect()
    }

    /// The timelines of what was taken back with a notice.
    pub(crate) fn withdrawn_timelines(&self) -> BTreeSet<i32> {
        self.timelines.iter().filter(|(key, _)| key.is_withdrawn).map(|(_, id)| *id).collect()
    }

    /// The timelines that were made after the one with this number.
    pub(crate) fn timelines_after(&self, last: i32) -> Vec<TimelineKey> {
        if self.last_timeline <= last {
            return Vec::new();
        }
        self.timelines.iter().filter(|(_, id)| **id > last).map(|(key, _)| *key).collect()
    }

    /// The highest timeline number in use.
    pub(crate) const fn last_timeline(&self) -> i32 {
        self.last_timeline
    }

    pub(crate) fn timelines_add(&mut self, timelines: impl IntoIterator<Item = (TimelineKey, i32)>) {
        for (key, id) in timelines {
            self.last_timeline = self.last_timeline.max(id);
            self.timelines.insert(key, id);
        }
    }
}

/// Reads all of it. Timelines that `known` has are taken over: they are many, and never change.
pub(crate) async fn load<C: ConnectionTrait>(connection: &C, known: Option<&Reference>) -> Result<Reference> {
    let (seq, _) = crate::change_log::head(connection).await?;
    let site = entity::site::Entity::find_by_id(1i16)
        .one(connection)
        .await?
        .ok_or_else(|| StoreError::NotFound("the site".into()))?;
    let categories = categories(connection).await?;
    let tags = entity::tag::Entity::find().all(connection).await?;
    let persons = entity::person::Entity::find().all(connection).await?;
    let feeds = entity::feed::Entity::find().all(connection).await?;
    let (mut live_tags, mut live_persons) = (Vec::new(), Vec::new());
    let tags = tags
        .into_iter()
        .map(|row| {
            let tag = Tag {
                id: row.id.into(),
                slug: Slug::parse(&row.slug).map_err(corrupt)?,
                name: from_document(&row.name)?,
            };
            live_tags.extend(row.live.then(|| tag.clone()));
            Ok(tag)
        })
        .collect::<Result<Vec<_>>>()?;
    let persons = persons
        .into_iter()
        .map(|row| {
            let person = Person {
                id: row.id.into(),
                slug: Slug::parse(&row.slug).map_err(corrupt)?,
                name: from_document(&row.name)?,
                role: from_document(&row.role)?,
            };
            live_persons.extend(row.live.then(|| person.clone()));
            Ok(person)
        })
        .collect::<Result<Vec<_>>>()?;
    let feeds = feeds.into_iter().map(|row| from_document(&row.document)).collect::<Result<Vec<Feed>>>()?;
    let (timelines, last_timeline) =
        known.map_or_else(Default::default, |known| (known.timelines.clone(), known.last_timeline));
    let mut reference = Reference {
        seq,
        site: from_document(&site.document)?,
        categories: CategoryTree::build(categories).map_err(corrupt)?,
        tags: Table::new(tags, |tag| tag.id, |tag| &tag.slug),
        live_tags: Table::new(live_tags, |tag| tag.id, |tag| &tag.slug),
        persons: Table::new(persons, |person| person.id, |person| &person.slug),
        live_persons: Table::new(live_persons, |person| person.id, |person| &person.slug),
        feeds: Table::new(feeds, |feed| feed.id, |feed| &feed.slug),
        timelines,
        last_timeline,
    };
    reference.timelines_add(new_timelines(connection, last_timeline).await?);
    Ok(reference)
}

/// All categories, which may be no tree.
pub(crate) async fn categories<C: ConnectionTrait>(connection: &C) -> Result<Vec<Category>> {
    entity::category::Entity::find()
        .all(connection)
        .await?
        .into_iter()
        .map(|row| {
            Ok(Category {
                id: row.id.into(),
                parent: row.parent_id.map(Into::into),
                position: row.position,
                slug: Slug::parse(&row.slug).map_err(corrupt)?,
                title: from_document(&row.title)?,
                description: from_document(&row.description)?,
            })
        })
        .collect()
}

/// The timelines made after the one with this number.
pub(crate) async fn new_timelines<C: ConnectionTrait>(connection: &C, after: i32) -> Result<Vec<(TimelineKey, i32)>> {
    entity::timeline::Entity::find()
        .filter(entity::timeline::Column::Id.gt(after))
        .order_by_asc(entity::timeline::Column::Id)
        .all(connection)
        .await?
        .into_iter()
        .map(|row| {
            let key = TimelineKey::read(locale(&row.locale)?, from_word(&row.kind)?, &row.scope)?;
            Ok((key, row.id))
        })
        .collect()
}
