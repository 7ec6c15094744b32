//! Stories to be alike.

use courant_domain::{
    article::ArticleContent,
    category::Category,
    content::Content,
    id::{CategoryId, EntryId, TagId},
    locale::Locale,
    rich_text::{Format, RichText},
    site::{Site, SiteLocale},
    slug::Slug,
    tag::Tag,
    text::Localized,
    workflow::State,
};
use courant_import::{Incoming, IncomingVersion};
use courant_persistence::{Dialect, ReferenceData, Store};
use courant_tests::{TestDatabase, incoming};

pub(crate) fn locale(tag: &str) -> Locale {
    Locale::parse(tag).unwrap()
}

/// A site, and what its stories can be filed under.
pub(crate) struct Room {
    pub(crate) database: TestDatabase,
    pub(crate) store: Store,
    /// At the top: news, far, and so on to f9, which has nothing in common with any other.
    pub(crate) news: CategoryId,
    /// Both below news.
    pub(crate) city: CategoryId,
    pub(crate) land: CategoryId,
    pub(crate) tags: Vec<TagId>,
    far: Vec<CategoryId>,
}

impl Room {
    /// One whose Russian readers get English where there is no Russian.
    pub(crate) async fn new(dialect: Dialect) -> Self {
        let database = TestDatabase::migrated(dialect).await;
        let store = database.open().await;
        let mut site = Site::new(Locale::ENGLISH, "Portal");
        site.locales.push(SiteLocale { tag: locale("ru"), name: "ru".to_owned(), fallbacks: vec![Locale::ENGLISH] });
        store.newsroom().site_put(&site).await.unwrap();
        let news = incoming::category("news");
        let below = |slug: &str| Category { parent: Some(news.id), ..incoming::category(slug) };
        let (city, land) = (below("city"), below("land"));
        let far: Vec<Category> = (0..10).map(|number| incoming::category(&format!("far{number}"))).collect();
        let tags: Vec<Tag> = (0..3).map(|number| tag(&format!("tag{number}"))).collect();
        let room = Self {
            news: news.id,
            city: city.id,
            land: land.id,
            tags: tags.iter().map(|tag| tag.id).collect(),
            far: far.iter().map(|category| category.id).collect(),
            database,
            store,
        };
        let categories = [news, city, land].into_iter().chain(far).collect();
        room.store.newsroom().reference_put(&ReferenceData { categories, tags, ..Default::default() }).await.unwrap();
        room
    }

    /// A category that is near no other.
    pub(crate) fn far(&self, number: usize) -> CategoryId {
        self.far[number]
    }

    pub(crate) async fn publish(&self, stories: Vec<Incoming>) {
        let report = courant_import::merge(&self.store, stories, "test").await;
        report.unwrap();
    }
}

pub(crate) fn tag(slug: &str) -> Tag {
    Tag { id: TagId::generate(), slug: Slug::parse(slug).unwrap(), name: Localized::single(Locale::ENGLISH, slug) }
}

/// An English story of its name, whose text is like no other's: published on a day of 2026.
pub(crate) fn story(name: &str, category: CategoryId, day: i16) -> Incoming {
    let mut story = incoming::article(name, category, name, State::Published);
    story.versions[0].content = Content::Article(text(name, name, &format!("{name}one {name}two {name}three.")));
    story.versions[0].published_at = Some(at(day));
    story
}

fn at(day: i16) -> jiff::Timestamp {
    const NEW_YEAR: i64 = 1_767_225_600;
    jiff::Timestamp::from_second(NEW_YEAR + i64::from(day) * 24 * 3600).unwrap()
}

pub(crate) fn text(slug: &str, title: &str, body: &str) -> ArticleContent {
    ArticleContent {
        slug: Some(Slug::parse(slug).unwrap()),
        title: Some(title.to_owned()),
        body: Some(RichText::new(Format::Markdown, body)),
        ..ArticleContent::default()
    }
}

/// What can be said of a story besides.
pub(crate) trait Story: Sized {
    fn tagged(self, tags: &[TagId]) -> Self;
    fn saying(self, body: &str) -> Self;
    fn choosing(self, entries: &[EntryId]) -> Self;
    /// The same in Russian as well, under this title.
    fn in_russian(self, title: &str) -> Self;
    /// In Russian alone.
    fn only_in_russian(self) -> Self;
}

impl Story for Incoming {
    fn tagged(mut self, tags: &[TagId]) -> Self {
        self.tags = tags.to_vec();
        self
    }

    fn saying(mut self, body: &str) -> Self {
        article(&mut self.versions[0]).body = Some(RichText::new(Format::Markdown, body));
        self
    }

    fn choosing(mut self, entries: &[EntryId]) -> Self {
        article(&mut self.versions[0]).related = entries.to_vec();
        self
    }

    fn in_russian(mut self, title: &str) -> Self {
        let mut russian = self.versions[0].clone();
        russian.locale = locale("ru");
        article(&mut russian).title = Some(title.to_owned());
        self.versions.push(russian);
        self
    }

    fn only_in_russian(mut self) -> Self {
        self.versions[0].locale = locale("ru");
        self
    }
}

fn article(version: &mut IncomingVersion) -> &mut ArticleContent {
    match &mut version.content {
        Content::Article(article) => article,
        Content::Decree(_) => panic!("no article"),
    }
}
