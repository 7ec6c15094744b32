//! Importing again what the newsroom or the source has worked on meanwhile.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod kept;
mod old_paths;
mod older;

use courant_domain::{
    access::{ActorId, Grant, Role, Viewer},
    content::Content,
    edition::{Ending, Withdrawal},
    id::{CategoryId, TagId, UserId},
    locale::Locale,
    rich_text::Format,
    slug::Slug,
    tag::Tag,
    text::Localized,
    workflow::State,
};
use courant_import::{Incoming, IncomingText, Outcome};
use courant_persistence::{
    Command, Dialect, EntryFile, EntryPublish, EntrySave, EntryUnpublish, ReferenceData, Store, VersionKey,
    dump::EntryRecord,
};
use courant_tests::{
    TestDatabase, apply, both_databases,
    incoming::{article, category},
};
use jiff::Timestamp;

struct Desk {
    database: TestDatabase,
    store: Store,
    editor: Viewer,
    news: CategoryId,
    sport: CategoryId,
    tag: TagId,
}

fn at(text: &str) -> Option<Timestamp> {
    Some(text.parse().unwrap())
}

impl Desk {
    async fn new(dialect: Dialect) -> Self {
        let database = TestDatabase::migrated(dialect).await;
        let store = database.open().await;
        let [news, sport] = ["news", "sport"].map(category);
        let tag = Tag {
            id: TagId::generate(),
            slug: Slug::parse("harbour").unwrap(),
            name: Localized::single(Locale::ENGLISH, "Harbour"),
        };
        let (ids, tag_id) = ((news.id, sport.id), tag.id);
        let data = ReferenceData { categories: vec![news, sport], tags: vec![tag], ..Default::default() };
        store.newsroom().reference_put(&data).await.unwrap();
        let editor = Viewer {
            actor: ActorId::user(UserId::generate()),
            name: "Pia".to_owned(),
            grants: vec![Grant::everywhere(Role::Admin)],
        };
        Self { database, store, editor, news: ids.0, sport: ids.1, tag: tag_id }
    }

    fn source(&self, state: State) -> Incoming {
        article("a", self.news, "ferry", state)
    }

    async fn import(&self, item: Incoming) -> Outcome {
        let outcome = courant_import::merge(&self.store, vec![item], "test").await.unwrap().remove(0).outcome;
        assert_eq!(self.database.broken().await, [""; 0]);
        outcome
    }

    async fn entry(&self) -> EntryRecord {
        self.store.admin().snapshot().await.unwrap().entries(None, 10).await.unwrap().remove(0)
    }

    async fn key(&self) -> VersionKey {
        VersionKey { entry: self.entry().await.entry.id, locale: Locale::ENGLISH }
    }

    async fn save(&self, text: &str) {
        let key = self.key().await;
        let newest = self.entry().await.revisions.last().unwrap().clone();
        let mut content = newest.content;
        retitle(&mut content, text);
        let save = EntrySave {
            entry: key.entry,
            locale: key.locale,
            based_on: Some(newest.number),
            content: content.into(),
            comment: None,
            translated_from: None,
        };
        self.store.newsroom().entry_save(Command::of(&self.editor), &save).await.unwrap();
    }

    async fn publish(&self) {
        let VersionKey { entry, locale } = self.key().await;
        let publish = EntryPublish { entry, locale, revision: None, change_note: None, published_at: None };
        self.store.newsroom().entry_publish(Command::of(&self.editor), &publish).await.unwrap();
    }

    async fn unpublish(&self, ending: Ending) {
        let VersionKey { entry, locale } = self.key().await;
        let unpublish = EntryUnpublish { entry, locale, ending, at: None };
        self.store.newsroom().entry_unpublish(Command::of(&self.editor), &unpublish).await.unwrap();
    }
}

fn retitle(content: &mut Content, title: &str) {
    match content {
        Content::Article(article) => article.title = Some(title.to_owned()),
        Content::Decree(decree) => decree.title = Some(title.to_owned()),
    }
}

fn retitled(mut item: Incoming, title: &str) -> Incoming {
    retitle(&mut item.versions[0].content, title);
    item
}

/// The title readers see.
fn shown(record: &EntryRecord) -> Option<&str> {
    record.editions.first().map(|live| record.revision_of(live).unwrap().content.title().unwrap())
}

#[apply(both_databases)]
#[tokio::test]
async fn a_correction_made_here_outlives_its_source(dialect: Dialect) {
    let desk = Desk::new(dialect).await;
    desk.import(desk.source(State::Published)).await;
    desk.save("Corrected here").await;
    desk.publish().await;
    let before = desk.entry().await;
    assert!(matches!(desk.import(desk.source(State::Published)).await, Outcome::Unchanged));
    let changed = retitled(desk.source(State::Published), "Changed there");
    assert!(matches!(desk.import(changed).await, Outcome::Kept { updated: false }));
    assert_eq!(desk.entry().await, before, "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn what_its_source_took_back_stays_where_it_was_corrected_here(dialect: Dialect) {
    for (text, state) in [(IncomingText::Gone, State::Draft), (IncomingText::Notice, State::Withdrawn)] {
        let desk = Desk::new(dialect).await;
        let taken_back = || {
            let mut item = desk.source(state);
            let at = "2026-02-01T00:00:00Z".parse().unwrap();
            let notice = Withdrawal { at, notice: "Wrong.".to_owned(), format: Format::Markdown };
            item.versions[0].withdrawal = (text == IncomingText::Notice).then_some(notice);
            item.versions[0].text = text;
            item
        };
        desk.import(desk.source(State::Published)).await;
        desk.save("Corrected here").await;
        desk.publish().await;
        let before = desk.entry().await;
        assert!(matches!(desk.import(taken_back()).await, Outcome::Kept { updated: false }), "{dialect:?} {text:?}");
        assert_eq!(desk.entry().await, before, "{dialect:?} {text:?}");
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn what_was_taken_back_here_is_not_published_by_its_source(dialect: Dialect) {
    for ending in [Ending::Notice("Wrong.".to_owned()), Ending::Gone, Ending::Vanish] {
        let desk = Desk::new(dialect).await;
        desk.import(desk.source(State::Published)).await;
        desk.unpublish(ending.clone()).await;
        let before = desk.entry().await;
        assert!(matches!(desk.import(desk.source(State::Published)).await, Outcome::Unchanged));
        let changed = retitled(desk.source(State::Published), "Changed there");
        assert!(matches!(desk.import(changed).await, Outcome::Kept { updated: false }));
        assert_eq!(desk.entry().await, before, "{dialect:?}, {ending:?}");
    }
    let desk = Desk::new(dialect).await;
    desk.import(desk.source(State::Published)).await;
    desk.unpublish(Ending::Vanish).await;
    desk.store.newsroom().entry_archive(Command::of(&desk.editor), desk.key().await).await.unwrap();
    let before = desk.entry().await;
    assert!(matches!(desk.import(desk.source(State::Published)).await, Outcome::Unchanged));
    let changed = retitled(desk.source(State::Published), "Changed there");
    assert!(matches!(desk.import(changed).await, Outcome::Kept { updated: false }));
    assert_eq!(desk.entry().await, before, "{dialect:?}, archived");
}

#[apply(both_databases)]
#[tokio::test]
async fn where_it_stands_at_its_source_is_taken_over_with_date_category_and_tags(dialect: Dialect) {
    let desk = Desk::new(dialect).await;
    desk.import(desk.source(State::Draft)).await;

    let mut planned = desk.source(State::Scheduled);
    planned.versions[0].published_at = at("2100-01-01T00:00:00Z");
    assert!(matches!(desk.import(planned.clone()).await, Outcome::Updated));
    let standing = desk.entry().await.standings.remove(0).standing;
    assert_eq!((standing.state, standing.scheduled_at), (State::Scheduled, at("2100-01-01T00:00:00Z")));
    planned.versions[0].published_at = at("2101-01-01T00:00:00Z");
    assert!(matches!(desk.import(planned).await, Outcome::Updated));
    assert_eq!(desk.entry().await.standings[0].standing.scheduled_at, at("2101-01-01T00:00:00Z"));

    let mut published = desk.source(State::Published);
    (published.category, published.tags) = (desk.sport, vec![desk.tag]);
    published.versions[0].published_at = at("2024-02-01T00:00:00Z");
    assert!(matches!(desk.import(published.clone()).await, Outcome::Updated));
    let now = desk.entry().await;
    assert_eq!((now.entry.category, &now.entry.tags), (desk.sport, &vec![desk.tag]));
    let live = &now.editions[0];
    assert_eq!((live.category, &live.tags), (desk.sport, &vec![desk.tag]), "{dialect:?}");
    assert_eq!(live.published_at, "2024-02-01T00:00:00Z".parse().unwrap());
    assert_eq!(now.revisions.len(), 1, "the text is the same");
    assert!(matches!(desk.import(published.clone()).await, Outcome::Unchanged));

    published.category = desk.news;
    assert!(matches!(desk.import(published.clone()).await, Outcome::Updated));
    assert_eq!(desk.entry().await.editions[0].category, desk.news, "{dialect:?}: filed elsewhere, with nothing else");

    published.versions[0].state = State::Draft;
    assert!(matches!(desk.import(published).await, Outcome::Updated));
    assert_eq!(desk.entry().await.editions, [], "{dialect:?}: its source shows it to nobody any more");
}

#[apply(both_databases)]
#[tokio::test]
async fn what_is_held_back_here_takes_nothing_from_readers(dialect: Dialect) {
    let desk = Desk::new(dialect).await;
    let held = |mut item: Incoming| {
        (item.versions[0].state, item.versions[0].held) = (State::Draft, true);
        item
    };
    let source = || desk.source(State::Published);
    desk.import(held(source())).await;
    assert_eq!(desk.entry().await.editions, []);
    assert!(matches!(desk.import(source()).await, Outcome::Updated));
    assert_eq!(shown(&desk.entry().await), Some("The title of ferry"), "{dialect:?}");

    assert!(matches!(desk.import(held(source())).await, Outcome::Unchanged));
    assert!(matches!(desk.import(held(retitled(source(), "New"))).await, Outcome::Updated));
    let now = desk.entry().await;
    assert_eq!((shown(&now), now.standings[0].standing.state), (Some("The title of ferry"), State::Draft));
    assert!(matches!(desk.import(retitled(source(), "New")).await, Outcome::Updated));
    assert_eq!(shown(&desk.entry().await), Some("New"), "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn a_category_chosen_here_stays_and_the_text_still_follows(dialect: Dialect) {
    let desk = Desk::new(dialect).await;
    desk.import(desk.source(State::Published)).await;
    let entry = desk.key().await.entry;
    let file = EntryFile { entry, category: Some(desk.sport), tags: None };
    desk.store.newsroom().entry_file(Command::of(&desk.editor), &file).await.unwrap();
    assert!(matches!(desk.import(desk.source(State::Published)).await, Outcome::Unchanged));
    let changed = retitled(desk.source(State::Published), "Changed there");
    assert!(matches!(desk.import(changed).await, Outcome::Updated));
    let now = desk.entry().await;
    assert_eq!((now.entry.category, shown(&now)), (desk.sport, Some("Changed there")), "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn an_address_taken_meanwhile_is_numbered_when_a_draft_goes_live(dialect: Dialect) {
    let desk = Desk::new(dialect).await;
    desk.import(desk.source(State::Draft)).await;
    let other = article("b", desk.news, "ferry", State::Published);
    assert!(matches!(&desk.import(other).await, Outcome::Created { renamed } if renamed.is_empty()));
    assert!(matches!(desk.import(desk.source(State::Published)).await, Outcome::Updated));
    let all = desk.store.admin().snapshot().await.unwrap().entries(None, 10).await.unwrap();
    let mut slugs: Vec<String> =
        all.iter().map(|entry| entry.revisions.last().unwrap().content.slug().unwrap().to_string()).collect();
    slugs.sort();
    assert_eq!(slugs, ["ferry", "ferry-2"], "{dialect:?}");
    assert!(matches!(desk.import(desk.source(State::Published)).await, Outcome::Unchanged));
}
