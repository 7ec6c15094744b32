//! A database in which there is something of everything.

use std::collections::HashSet;

use courant_domain::{
    access::Viewer,
    article::ArticleContent,
    content::Content,
    edition::Ending,
    id::AttemptId,
    locale::Locale,
    patch::Patch,
    rich_text::{Format, RichText},
    slug::Slug,
    webhook::{Attempt, AttemptResult, WebhookFilter},
};
use courant_persistence::{
    Command, Dialect, EntryCreate, EntryPublish, EntrySave, EntrySchedule, EntryUnpublish, NodeId, Store, VersionKey,
    WebhookCreate, Webhooks,
};
use courant_tests::TestDatabase;
use courant_workers::{Follower, followers::RelatedLists};
use jiff::{SignedDuration, Timestamp};

/// The samples, and a few articles in each state that an editor left behind.
pub(crate) async fn portal(dialect: Dialect) -> TestDatabase {
    let database = TestDatabase::migrated(dialect).await;
    let store = database.open().await;
    courant_fixtures::samples::seed(&store).await.unwrap();
    edit(&store).await;
    RelatedLists::new(store.clone()).rebuild().await.unwrap();
    store.close().await.unwrap();
    database
}

pub(crate) async fn edit(store: &Store) {
    let program = Viewer::program();
    let by = || Command::of(&program);
    let draft = article(store, "draft", 1).await;
    let save = EntrySave {
        entry: draft.entry,
        locale: draft.locale,
        based_on: Some(1),
        content: content("draft", 2).into(),
        comment: None,
        translated_from: None,
    };
    store.newsroom().entry_save(by(), &save).await.unwrap();
    let live = article(store, "live", 1).await;
    publish(store, live).await;
    let moved = EntrySave { entry: live.entry, content: content("moved", 2).into(), ..save.clone() };
    store.newsroom().entry_save(by(), &moved).await.unwrap();
    publish(store, live).await;
    let russian = EntrySave { locale: Locale::parse("ru").unwrap(), based_on: None, ..moved };
    let russian = store.newsroom().entry_save(by(), &russian).await.unwrap();
    publish(store, russian).await;
    for (slug, ending) in [
        ("noticed", Ending::Notice("A hoax.".to_owned())),
        ("redirected", Ending::Redirect("/en/articles/live".to_owned())),
        ("gone", Ending::Gone),
        ("vanished", Ending::Vanish),
    ] {
        let key = article(store, slug, 1).await;
        publish(store, key).await;
        let input = EntryUnpublish { entry: key.entry, locale: key.locale, ending, at: None };
        store.newsroom().entry_unpublish(by(), &input).await.unwrap();
    }
    let scheduled = article(store, "scheduled", 1).await;
    let at = Timestamp::from_second(Timestamp::now().as_second()).unwrap() + SignedDuration::from_hours(1);
    let (entry, locale) = (scheduled.entry, scheduled.locale);
    let input = EntrySchedule { entry, locale, at, revision: None, change_note: Patch::Keep };
    store.newsroom().entry_schedule(by(), &input).await.unwrap();
    let end = at + SignedDuration::from_hours(1);
    let input = EntryUnpublish { entry, locale, ending: Ending::Gone, at: Some(end) };
    store.newsroom().entry_unpublish(by(), &input).await.unwrap();
    store.newsroom().entry_archive(by(), article(store, "archived", 1).await).await.unwrap();
    store.newsroom().entry_delete(by(), article(store, "deleted", 1).await.entry).await.unwrap();
    tell(store).await;
}

/// Tells a webhook of two changes, of which one gets through and the other waits.
async fn tell(store: &Store) {
    let webhooks = store.webhooks();
    let create = WebhookCreate {
        url: "https://hooks.example.org/".to_owned(),
        name: "A mirror".to_owned(),
        filter: WebhookFilter::default(),
    };
    let hook = webhooks.create(Command::of(&Viewer::program()), &create).await.unwrap().id;
    let head = *store.head().borrow();
    for path in ["/en/articles/told", "/en/articles/waits"] {
        store.newsroom().redirect_put(path, Some("https://example.org/")).await.unwrap();
    }
    assert_eq!(webhooks.tell(&store.changes(head, 10).await.unwrap()).await.unwrap(), 2);
    let node = NodeId::new();
    store.node_seen(node, 0).await.unwrap();
    let claim = store.follower_claim(Webhooks::SENDER, node).await.unwrap().unwrap();
    let due = webhooks.due(hook, store.now(), &HashSet::new(), 1).await.unwrap();
    let attempt = Attempt {
        id: AttemptId::generate(),
        delivery: due[0].id,
        webhook: hook,
        at: store.now(),
        took: SignedDuration::from_millis(1),
        result: AttemptResult::of_answer(204, b"", None),
    };
    webhooks.settle((Webhooks::SENDER, &claim), &due[0], &attempt, 0.5).await.unwrap();
    store.node_gone(node).await.unwrap();
}

fn content(slug: &str, revision: u32) -> Content {
    Content::Article(ArticleContent {
        slug: Some(Slug::parse(slug).unwrap()),
        title: Some(format!("Of {slug}, {revision}")),
        body: Some(RichText::new(Format::Markdown, format!("# One\n\nText *{revision}* of {slug}."))),
        ..Default::default()
    })
}

pub(crate) async fn article(store: &Store, slug: &str, revision: u32) -> VersionKey {
    let category = store.reference().categories.by_path("politics").unwrap().id;
    let content = content(slug, revision);
    let input = EntryCreate { category, tags: Vec::new(), locale: Locale::ENGLISH, content, comment: None };
    store.newsroom().entry_create(Command::of(&Viewer::program()), &input).await.unwrap()
}

async fn publish(store: &Store, key: VersionKey) {
    let (entry, locale) = (key.entry, key.locale);
    let input = EntryPublish { entry, locale, revision: None, change_note: None, published_at: None };
    store.newsroom().entry_publish(Command::of(&Viewer::program()), &input).await.unwrap();
}
