//! Plausible articles in any number, for trying out and for measuring.
//!
//! The same seed and number give the same articles, with the same ids, on every machine. Each article is a pure
//! function of the data set and its place in it, so that they can be made on several threads at once.

mod random;
mod text;
mod topics;
mod words;

use courant_domain::{article::{ArticleContent, ArticleKind, LeadImage, Source}, category::Category, content::Content, workflow::{LocaleStanding, Standing, State}, edition::{Edition, PublishError}, entry::{Entry, EntryKind}, id::{CategoryId, EntryId, PersonId, TagId}, locale::Locale, person::Person, revision::Revision, rich_text::{Format, RichText}, slug::Slug, tag::Tag, text::Localized};
use courant_persistence::{Reference, ReferenceData, dump::EntryRecord};
use jiff::Timestamp;
use uuid::Uuid;

use self::{
    random::Random,
    text::Writer,
    topics::{CATEGORIES, TAGS, Topic},
    words::{FIRST_NAMES, LAST_NAMES},
};

/// From when to when the articles are dated, in seconds since 1970: 2015 to September 2026, so that the newest
/// entries of the sample content stay the newest.
const FROM: i64 = 1_420_070_400;
const UNTIL: i64 = 1_790_640_000;

const PERSONS: usize = 40;

/// Which articles.
#[derive(Debug, Clone)]
pub struct DataSet {
    /// How many.
    pub articles: u64,
    /// Another seed, other articles.
    pub seed: u64,
    /// The languages each of them has. The words are English in every one.
    pub locales: Vec<Locale>,
}

/// Makes the articles of a data set.
#[derive(Debug)]
pub struct Generator {
    set: DataSet,
    /// Stands in slugs and ids, so that data sets do not get into each other's way.
    stamp: u64,
    categories: Vec<(CategoryId, &'static Topic)>,
    tags: Vec<TagId>,
    persons: Vec<PersonId>,
}

impl Generator {
    /// A generator, and the categories, tags and persons its articles need that are not in `known` yet.
    #[must_use]
    pub fn new(set: DataSet, known: &Reference) -> (Self, ReferenceData) {
        let mut new = ReferenceData::default();
        let categories = categories(known, &mut new, &set.locales);
        let tags = TAGS
            .iter()
            .map(|name| {
                let slug = slug(name);
                if let Some(tag) = known.tag_by_slug(&slug) {
                    return tag.id;
                }
                let tag = Tag { id: id("tag", &slug), slug, name: localized(&set.locales, name) };
                new.tags.push(tag);
                id("tag", &new.tags[new.tags.len() - 1].slug)
            })
            .collect();
        let persons = (0..PERSONS)
            .map(|number| {
                let first = FIRST_NAMES[number % FIRST_NAMES.len()];
                let last = LAST_NAMES[(number * 7 + number / FIRST_NAMES.len()) % LAST_NAMES.len()];
                let name = format!("{first} {last}");
                let slug = slug(&name);
                if let Some(person) = known.person_by_slug(&slug) {
                    return person.id;
                }
                let id = id("person", &slug);
                let role = localized(&set.locales, "Correspondent");
                new.persons.push(Person { id, slug, name: localized(&set.locales, &name), role });
                id
            })
            .collect();
        let stamp = Random::new(set.seed, set.articles).next();
        (Self { set, stamp, categories, tags, persons }, new)
    }

    /// The articles at these places, counted from 0 for the oldest.
    ///
    /// # Errors
    /// Never in practice: what is made here is complete.
    pub fn articles(&self, places: std::ops::Range<u64>) -> Result<Vec<EntryRecord>, PublishError> {
        places.map(|place| self.article(place)).collect()
    }

    fn article(&self, place: u64) -> Result<EntryRecord, PublishError> {
        let mut random = Random::new(self.stamp, place);
        let at = self.time(place);
        let published_at = Timestamp::from_second(at).unwrap_or_default();
        let (category, topic) = self.categories[self.category(place)];
        let entry = Entry {
            id: self.id(place, at),
            kind: EntryKind::Article,
            category,
            tags: random.some_of(&self.tags, 2, 4),
            created_at: published_at,
            created_by: None,
            was_published: true,
            origin: None,
        };
        let content = self.content(place, topic, &mut random);
        // Few are read often, most are read now and then.
        let views = 5 << random.below(12);
        let mut record = EntryRecord {
            entry,
            views: views + i64::try_from(random.below(100)).unwrap_or_default(),
            standings: Vec::new(),
            revisions: Vec::new(),
            editions: Vec::new(),
        };
        for locale in &self.set.locales {
            let revision = Revision {
                entry: record.entry.id,
                locale: *locale,
                number: 1,
                based_on: None,
                created_at: published_at,
                created_by: "courant seed".to_owned(),
                comment: None,
                content: Content::Article(content.clone()),
            };
            let live = Edition::publish(&record.entry, None, &revision, published_at, Some(published_at), None)?;
            let standing = Standing::new(State::Published, 1);
            record.standings.push(LocaleStanding { locale: *locale, standing });
            record.revisions.push(revision);
            record.editions.push(live);
        }
        Ok(record)
    }

    fn content(&self, place: u64, topic: &'static Topic, random: &mut Random) -> ArticleContent {
        let authors = random.some_of(&self.persons, 1, 2);
        let writer = Writer { topic };
        let title = writer.title(random);
        ArticleContent {
            slug: Some(self.slug(&title, place)),
            kind: kind(random),
            kicker: random.chance(50).then(|| topic.kicker.to_owned()),
            summary: random.chance(95).then(|| writer.summary(random)),
            dateline: Some(writer.place(random).to_owned()),
            body: Some(RichText::new(Format::Markdown, writer.body(random))),
            authors,
            lead_image: random.chance(60).then(|| LeadImage {
                url: format!("https://example.org/images/{place}.jpg"),
                alt: Some(title.clone()),
                caption: None,
                width: Some(1600),
                height: Some(900),
            }),
            source: random.chance(15).then(|| Source { name: "Courier Agency".to_owned(), url: None }),
            title: Some(title),
            canonical_url: None,
            rights: None,
            covers: Vec::new(),
            delivery: None,
            related: Vec::new(),
        }
    }

    /// Seconds since 1970: even steps, and each article somewhere in its step.
    fn time(&self, place: u64) -> i64 {
        const PER_STEP: u64 = 1 << 20;
        let within = Random::new(self.stamp ^ place, 1).below(PER_STEP);
        let steps = u128::from(self.set.articles.max(1)) * u128::from(PER_STEP);
        let span = u128::from((UNTIL - FROM).unsigned_abs());
        let at = (u128::from(place) * u128::from(PER_STEP) + u128::from(within)) * span / steps;
        FROM + i64::try_from(at).unwrap_or_default()
    }

    /// Each category in turn, in another order each time around.
    fn category(&self, place: u64) -> usize {
        let count = self.categories.len() as u64;
        let (round, step) = (place / count, place % count);
        let mut order: Vec<usize> = (0..self.categories.len()).collect();
        let mut random = Random::new(self.stamp ^ 0xca7e, round);
        random.shuffle(&mut order);
        order[usize::try_from(step).unwrap_or_default()]
    }

    /// A UUID of version 7: like those of real articles, they sort by date.
    fn id(&self, place: u64, at: i64) -> EntryId {
        let mut random = Random::new(self.stamp ^ 0x1d, place);
        let mut bytes = [0; 10];
        bytes[..8].copy_from_slice(&random.next().to_be_bytes());
        bytes[8..].copy_from_slice(&random.next().to_be_bytes()[..2]);
        uuid::Builder::from_unix_timestamp_millis(at.unsigned_abs() * 1000, &bytes).into_uuid().into()
    }

    /// The title's words, and what makes it unique: the data set's stamp and the place.
    fn slug(&self, title: &str, place: u64) -> Slug {
        let stamp = self.stamp % (1 << 24);
        let words = slug(title);
        let words = match words.as_str().char_indices().filter(|(_, letter)| *letter == '-').nth(7) {
            Some((end, _)) => &words.as_str()[..end],
            None => words.as_str(),
        };
        Slug::parse(&format!("{words}-{stamp:x}-{place}")).unwrap_or_else(|_| slug(&format!("{stamp:x} {place}")))
    }
}

fn categories(known: &Reference, new: &mut ReferenceData, locales: &[Locale]) -> Vec<(CategoryId, &'static Topic)> {
    let mut all = Vec::new();
    let mut file = |parent: Option<CategoryId>, above: &str, position: usize, topic: &'static Topic| {
        let slug = slug(topic.title);
        let path = if above.is_empty() { slug.to_string() } else { format!("{above}/{slug}") };
        let id = known.categories.by_path(&path).map_or_else(
            || {
                let id = Uuid::new_v5(&NAMESPACE, format!("category:{path}").as_bytes()).into();
                new.categories.push(Category {
                    id,
                    parent,
                    position: i32::try_from(position).unwrap_or(i32::MAX),
                    slug,
                    title: localized(locales, topic.title),
                    description: localized(locales, topic.description),
                });
                id
            },
            |category| category.id,
        );
        all.push((id, topic));
        (id, path)
    };
    for (position, (top, below)) in CATEGORIES.iter().enumerate() {
        let (parent, path) = file(None, "", position + 1, top);
        for (position, topic) in below.iter().enumerate() {
            file(Some(parent), &path, position + 1, topic);
        }
    }
    all
}

fn kind(random: &mut Random) -> ArticleKind {
    // News, for the most part; every kind has some.
    if random.chance(65) { ArticleKind::News } else { random.one_of(&ArticleKind::ALL) }
}

/// The namespace of the generator's ids (RFC 9562, version 5).
const NAMESPACE: Uuid = Uuid::from_u128(0x2f8e_6a10_90c4_5d6e_8b1f_35e7_04d9_a6c3);

fn id<T: From<Uuid>>(kind: &str, slug: &Slug) -> T {
    Uuid::new_v5(&NAMESPACE, format!("{kind}:{slug}").as_bytes()).into()
}

fn localized(locales: &[Locale], text: &str) -> Localized {
    locales.iter().map(|locale| (*locale, text.to_owned())).collect()
}

fn slug(text: &str) -> Slug {
    Slug::from_title(text).unwrap_or_else(|| Slug::literal("article"))
}

#[cfg(test)]
mod tests;
