//! Feeds and what is pinned to them, and persons: made and changed.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use courant_domain::{
    access::{ActorId, Grant, Permission, Role, Viewer},
    entry::EntryKind,
    feed::{Feed, FeedOrder},
    id::{CategoryId, EntryId, FeedId, PersonId, TagId, UserId},
    locale::Locale,
    problem::{Problem, ProblemCode},
    slug::Slug,
    text::Localized,
    workflow::State,
};
use courant_import::Incoming;
use courant_persistence::{
    Command, Dialect, FeedCreate, FeedPin, FeedPinsReorder, FeedUnpin, FeedUpdate, PersonCreate, PersonUpdate, Store,
    WriteError, Written,
};
use courant_tests::{Portal, apply, both_databases, timelines::timelines};
use serde_json::Value;

fn at(store: &Store, path: &str) -> CategoryId {
    store.reference().categories.by_path(path).unwrap().id
}

fn slug(text: &str) -> Option<Slug> {
    Some(Slug::parse(text).unwrap())
}

fn text(text: &str) -> Localized {
    Localized::single(Locale::ENGLISH, text)
}

fn viewer(role: Role, categories: &[CategoryId]) -> Viewer {
    let grant = Grant { categories: categories.to_vec(), ..Grant::everywhere(role) };
    Viewer { actor: ActorId::user(UserId::generate()), name: "V".to_owned(), grants: vec![grant] }
}

fn create(title: &str, categories: Vec<CategoryId>) -> FeedCreate {
    FeedCreate {
        slug: None,
        title: text(title),
        description: Localized::default(),
        kinds: vec![EntryKind::Article, EntryKind::Article],
        categories,
        include_descendants: true,
        tags: Vec::new(),
        order: FeedOrder::Latest,
    }
}

fn unchanged(id: FeedId) -> FeedUpdate {
    FeedUpdate {
        id,
        slug: None,
        title: None,
        description: None,
        kinds: None,
        categories: None,
        include_descendants: None,
        tags: None,
        order: None,
    }
}

fn problem<T: std::fmt::Debug>(outcome: Written<T>) -> (ProblemCode, String) {
    match outcome {
        Err(WriteError::Refused(problems)) => match &problems[..] {
            [Problem { code, field, .. }] => (*code, field.join(".")),
            _ => panic!("{problems:?}"),
        },
        other => panic!("{other:?}"),
    }
}

fn forbidden<T: std::fmt::Debug>(outcome: &Written<T>, permission: Permission) {
    assert!(matches!(outcome, Err(WriteError::Forbidden(needed)) if *needed == permission), "{outcome:?}");
}

/// The entries of a feed in order, and how many it says there are.
async fn items(portal: &Portal, slug: &str, locale: &str) -> (Vec<String>, i64) {
    let query = format!(
        "{{ feed(slug: \"{slug}\", locale: \"{locale}\") {{ items(first: 100) {{ totalCount nodes {{ entryId }} }} }} }}"
    );
    let answer = portal.query(&query).await;
    let items = &answer.data()["feed"]["items"];
    let ids = items["nodes"].as_array().unwrap().iter().map(|node| node["entryId"].as_str().unwrap().to_owned());
    (ids.collect(), items["totalCount"].as_i64().unwrap())
}

async fn route(portal: &Portal, path: &str) -> Value {
    let query =
        format!("{{ route(path: \"{path}\") {{ __typename ... on Feed {{ slug }} ... on Redirect {{ target }} }} }}");
    portal.query(&query).await.data()["route"].clone()
}

#[apply(both_databases)]
#[tokio::test]
async fn a_feed_carries_what_its_definition_says(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let (store, by) = (&portal.store, viewer(Role::Publisher, &[]));
    let command = Command::of(&by);
    let economy = at(store, "economy");
    let id = store.newsroom().feed_create(command, &create("Business news", vec![economy, economy])).await.unwrap();
    let feed = store.reference().feed(id).unwrap().clone();
    assert_eq!((feed.slug.as_str(), &feed.categories[..], feed.kinds.len()), ("business-news", &[economy][..], 1));
    let query = "{ category(by: {path: \"economy\"}, locale: \"ru\") { articles(first: 100) { nodes { entryId } } } }";
    let articles = portal.query(query).await.data()["category"]["articles"]["nodes"].clone();
    let expected: Vec<_> =
        articles.as_array().unwrap().iter().map(|node| node["entryId"].as_str().unwrap().to_owned()).collect();
    let (seen, count) = items(&portal, "business-news", "ru").await;
    assert!(seen == expected && count > 3, "{dialect:?}");

    let narrow = FeedUpdate {
        include_descendants: Some(false),
        kinds: Some(Vec::new()),
        slug: slug("business"),
        description: Some(text("What is earned")),
        ..unchanged(id)
    };
    store.newsroom().feed_update(command, &narrow).await.unwrap();
    assert!(items(&portal, "business", "ru").await.1 < count);
    let all = FeedUpdate { categories: Some(Vec::new()), order: Some(FeedOrder::MostRead), ..unchanged(id) };
    store.newsroom().feed_update(command, &all).await.unwrap();
    assert!(items(&portal, "business", "ru").await.1 > count, "no categories are all categories");
    let feed = store.reference().feed(id).unwrap().clone();
    assert_eq!(
        (feed.title, feed.description, feed.order),
        (text("Business news"), text("What is earned"), FeedOrder::MostRead)
    );

    let second = store.newsroom().feed_create(command, &create("Business", Vec::new())).await.unwrap();
    assert_eq!(store.reference().feed(second).unwrap().slug.as_str(), "business-2");
    let taken = FeedCreate { slug: slug("business"), ..create("Other", Vec::new()) };
    assert_eq!(problem(store.newsroom().feed_create(command, &taken).await), (ProblemCode::Taken, "slug".to_owned()));
    let taken = FeedUpdate { slug: slug("last-news"), ..unchanged(id) };
    assert_eq!(problem(store.newsroom().feed_update(command, &taken).await), (ProblemCode::Taken, "slug".to_owned()));
    let lost = create("Lost", vec![CategoryId::generate()]);
    assert_eq!(
        problem(store.newsroom().feed_create(command, &lost).await),
        (ProblemCode::NotFound, "categoryIds.0".to_owned())
    );
    let lost = FeedUpdate { tags: Some(vec![TagId::generate()]), ..unchanged(id) };
    assert_eq!(
        problem(store.newsroom().feed_update(command, &lost).await),
        (ProblemCode::NotFound, "tagIds.0".to_owned())
    );
    let lost = store.newsroom().feed_update(command, &unchanged(FeedId::generate())).await;
    assert_eq!(problem(lost), (ProblemCode::NotFound, "id".to_owned()));
    let nameless = FeedUpdate { title: Some(text(" ")), ..unchanged(id) };
    assert_eq!(
        problem(store.newsroom().feed_update(command, &nameless).await),
        (ProblemCode::Required, "title".to_owned())
    );
}

#[apply(both_databases)]
#[tokio::test]
async fn a_feeds_old_path_leads_to_the_new_one_in_every_language(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let (store, by) = (&portal.store, viewer(Role::Publisher, &[]));
    let command = Command::of(&by);
    let id = store.newsroom().feed_create(command, &create("One", Vec::new())).await.unwrap();
    for name in ["two", "three", "one", "three"] {
        store.newsroom().feed_update(command, &FeedUpdate { slug: slug(name), ..unchanged(id) }).await.unwrap();
    }
    for locale in ["en", "ru", "tk"] {
        for old in ["one", "two"] {
            let target = route(&portal, &format!("/{locale}/feeds/{old}")).await["target"].clone();
            assert_eq!(target, format!("/{locale}/feeds/three"), "{dialect:?}");
        }
        assert_eq!(route(&portal, &format!("/{locale}/feeds/three")).await["__typename"], "Feed");
    }
    store.newsroom().feed_create(command, &create("Two", Vec::new())).await.unwrap();
    let rules = store.admin().snapshot().await.unwrap().redirects().await.unwrap();
    let rules: Vec<_> = rules.iter().filter(|rule| rule.path.contains("/feeds/")).map(|rule| &rule.path).collect();
    assert_eq!(rules, ["/en/feeds/one", "/ru/feeds/one", "/tk/feeds/one"], "two is a feed again");
}

#[apply(both_databases)]
#[tokio::test]
async fn pins_stand_on_top_in_the_order_their_editors_give_them(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let (store, by) = (&portal.store, viewer(Role::Editor, &[]));
    let command = Command::of(&by);
    let feed = store.reference().feed_by_slug(&Slug::literal("last-news")).unwrap().id;
    let (all, count) = items(&portal, "last-news", "en").await;
    let entry = |index: usize| EntryId::from(uuid::Uuid::parse_str(&all[index]).unwrap());
    let (a, b, c) = (entry(90), entry(50), entry(70));
    let top = async || {
        let (now, total) = items(&portal, "last-news", "en").await;
        assert_eq!(total, count, "nothing is shown twice");
        let pinned = portal.store.reference().feed(feed).unwrap().pinned.clone();
        let ids: Vec<String> = pinned.iter().map(ToString::to_string).collect();
        assert_eq!(now[..ids.len()], ids, "readers see what the feed says");
        pinned
    };
    let pin = |entry, position| FeedPin { feed, entry, position };
    store.newsroom().feed_pin(command, &pin(a, None)).await.unwrap();
    store.newsroom().feed_pin(command, &pin(b, None)).await.unwrap();
    assert_eq!(top().await, [b, a], "the newest pin is the first");
    store.newsroom().feed_pin(command, &pin(c, Some(2))).await.unwrap();
    assert_eq!(top().await, [b, c, a]);
    store.newsroom().feed_pin(command, &pin(b, Some(99))).await.unwrap();
    assert_eq!(top().await, [c, a, b], "who is pinned already goes to the new place");
    let order = FeedPinsReorder { feed, order: vec![a, b, c] };
    store.newsroom().feed_pins_reorder(command, &order).await.unwrap();
    assert_eq!(top().await, [a, b, c]);
    store.newsroom().feed_unpin(command, &FeedUnpin { feed, entry: b }).await.unwrap();
    assert_eq!(top().await, [a, c], "{dialect:?}");

    let refused = store.newsroom().feed_unpin(command, &FeedUnpin { feed, entry: b }).await;
    assert_eq!(problem(refused), (ProblemCode::NotFound, "entryId".to_owned()));
    for wrong in [vec![a], vec![a, b], vec![a, a], vec![a, c, b]] {
        let refused = store.newsroom().feed_pins_reorder(command, &FeedPinsReorder { feed, order: wrong }).await;
        assert_eq!(problem(refused), (ProblemCode::Invalid, "entryIds".to_owned()));
    }
    let refused = store.newsroom().feed_pin(command, &pin(EntryId::generate(), None)).await;
    assert_eq!(problem(refused), (ProblemCode::NotFound, "entryId".to_owned()));
    let refused = store.newsroom().feed_pin(command, &pin(b, Some(0))).await;
    assert_eq!(problem(refused), (ProblemCode::Invalid, "position".to_owned()));
    let refused = store.newsroom().feed_pin(command, &FeedPin { feed: FeedId::generate(), ..pin(b, None) }).await;
    assert_eq!(problem(refused), (ProblemCode::NotFound, "feedId".to_owned()));

    let keyed = Command { key: Some("k"), ..command };
    store.newsroom().feed_pin(keyed, &pin(b, None)).await.unwrap();
    store.newsroom().feed_unpin(command, &FeedUnpin { feed, entry: b }).await.unwrap();
    store.newsroom().feed_pin(keyed, &pin(b, None)).await.unwrap();
    assert_eq!(top().await, [a, c], "asked again under its key, it is not done again");
    assert_eq!(problem(store.newsroom().feed_pin(keyed, &pin(b, Some(1))).await).0, ProblemCode::KeyReused);
}

/// An article that nobody but the newsroom sees.
async fn draft(store: &Store, category: CategoryId) -> Incoming {
    let incoming = courant_tests::incoming::article("draft", category, "in-work", State::Draft);
    courant_import::merge(store, vec![incoming.clone()], "test").await.unwrap();
    incoming
}

#[apply(both_databases)]
#[tokio::test]
async fn what_is_not_live_can_be_pinned_by_whoever_sees_it_and_shows_when_it_is_live(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let store = &portal.store;
    let (politics, economy) = (at(store, "politics"), at(store, "economy"));
    let mut incoming = draft(store, politics).await;
    let publisher = viewer(Role::Publisher, &[]);
    let feed = store.newsroom().feed_create(Command::of(&publisher), &create("Trade", vec![economy])).await.unwrap();
    let pin = FeedPin { feed, entry: incoming.id, position: None };
    let elsewhere = viewer(Role::Editor, &[economy]);
    let refused = store.newsroom().feed_pin(Command::of(&elsewhere), &pin).await;
    assert_eq!(problem(refused), (ProblemCode::NotFound, "entryId".to_owned()), "as if it did not exist");

    let editor = viewer(Role::Editor, &[]);
    store.newsroom().feed_pin(Command::of(&editor), &pin).await.unwrap();
    let (before, count) = items(&portal, "trade", "en").await;
    assert!(!before.contains(&incoming.id.to_string()));
    incoming.versions[0].state = State::Published;
    let courant_domain::content::Content::Article(article) = &mut incoming.versions[0].content else { panic!() };
    article.title = Some("Live now".to_owned());
    courant_import::merge(store, vec![incoming.clone()], "test").await.unwrap();
    let (after, now) = items(&portal, "trade", "en").await;
    assert_eq!((&after[0], now), (&incoming.id.to_string(), count + 1), "{dialect:?}");
    store.newsroom().feed_pin(Command::of(&elsewhere), &pin).await.unwrap();
}

#[apply(both_databases)]
#[tokio::test]
async fn whoever_is_limited_to_categories_has_feeds_of_these_alone(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let store = &portal.store;
    let (politics, economy) = (at(store, "politics"), at(store, "economy"));
    let (publisher, editor) = (viewer(Role::Publisher, &[politics]), viewer(Role::Editor, &[politics]));
    let command = Command::of(&publisher);
    let manage = Permission::ManageFeeds;
    forbidden(&store.newsroom().feed_create(command, &create("All", Vec::new())).await, manage);
    forbidden(&store.newsroom().feed_create(command, &create("Both", vec![politics, economy])).await, manage);
    forbidden(&store.newsroom().feed_create(Command::of(&editor), &create("Mine", vec![politics])).await, manage);
    let inner = vec![at(store, "politics/parliament"), politics];
    let own = store.newsroom().feed_create(command, &create("Mine", inner)).await.unwrap();
    let wider = FeedUpdate { categories: Some(vec![politics, economy]), ..unchanged(own) };
    forbidden(&store.newsroom().feed_update(command, &wider).await, manage);
    forbidden(
        &store.newsroom().feed_update(command, &FeedUpdate { categories: Some(Vec::new()), ..wider }).await,
        manage,
    );
    let renamed = FeedUpdate { slug: slug("ours"), ..unchanged(own) };
    store.newsroom().feed_update(command, &renamed).await.unwrap();
    let last_news = store.reference().feed_by_slug(&Slug::literal("last-news")).unwrap().id;
    forbidden(&store.newsroom().feed_update(command, &unchanged(last_news)).await, manage);
    forbidden(&store.newsroom().feed_update(Command::of(&editor), &unchanged(FeedId::generate())).await, manage);
    let lost = store.newsroom().feed_update(command, &unchanged(FeedId::generate())).await;
    assert_eq!(problem(lost), (ProblemCode::NotFound, "id".to_owned()));

    let entry = EntryId::from(uuid::Uuid::parse_str(&items(&portal, "last-news", "en").await.0[3]).unwrap());
    let filed = timelines(&portal.database).await;
    let pins = Permission::PinEntries;
    let command = Command::of(&editor);
    forbidden(&store.newsroom().feed_pin(command, &FeedPin { feed: last_news, entry, position: None }).await, pins);
    forbidden(&store.newsroom().feed_unpin(command, &FeedUnpin { feed: last_news, entry }).await, pins);
    forbidden(
        &store.newsroom().feed_pins_reorder(command, &FeedPinsReorder { feed: last_news, order: vec![] }).await,
        pins,
    );
    assert_eq!(timelines(&portal.database).await, filed, "{dialect:?}");
    store.newsroom().feed_pin(command, &FeedPin { feed: own, entry, position: None }).await.unwrap();
    assert!(timelines(&portal.database).await.len() > filed.len());
}

#[tokio::test]
async fn a_feed_pins_so_many_and_no_more() {
    let portal = Portal::with_samples(Dialect::Sqlite).await;
    let (store, by) = (&portal.store, viewer(Role::Editor, &[]));
    let feed = store.reference().feed_by_slug(&Slug::literal("last-news")).unwrap().id;
    let politics = at(store, "politics");
    let number = |number| {
        let name = format!("number-{number}");
        courant_tests::incoming::article(&name, politics, &name, State::Published)
    };
    let incoming: Vec<Incoming> = (0..=Feed::MAX_PINNED).map(number).collect();
    let entries: Vec<EntryId> = incoming.iter().map(|item| item.id).collect();
    courant_import::merge(store, incoming, "test").await.unwrap();
    let pin = |entry| FeedPin { feed, entry, position: None };
    for entry in &entries[1..] {
        store.newsroom().feed_pin(Command::of(&by), &pin(*entry)).await.unwrap();
    }
    store.newsroom().feed_pin(Command::of(&by), &pin(entries[5])).await.unwrap();
    let refused = store.newsroom().feed_pin(Command::of(&by), &pin(entries[0])).await;
    assert_eq!(problem(refused), (ProblemCode::Invalid, "entryId".to_owned()));
}

#[apply(both_databases)]
#[tokio::test]
async fn a_person_is_called_what_the_newsroom_says(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let (store, by) = (&portal.store, viewer(Role::Editor, &[]));
    let command = Command::of(&by);
    let input = PersonCreate { slug: None, name: text("Ana Ivanova"), role: text("Reporter") };
    let id = store.newsroom().person_create(command, &input).await.unwrap();
    let second = store.newsroom().person_create(command, &input).await.unwrap();
    assert_eq!(store.reference().person(second).unwrap().slug.as_str(), "ana-ivanova-2");
    let update = PersonUpdate { id, slug: slug("ana"), name: None, role: Some(text("Editor")) };
    store.newsroom().person_update(command, &update).await.unwrap();
    let person = store.reference().person(id).unwrap().clone();
    assert_eq!((person.slug.as_str(), person.name, person.role), ("ana", text("Ana Ivanova"), text("Editor")));
    let taken = PersonUpdate { slug: slug("ana-ivanova-2"), ..update.clone() };
    assert_eq!(problem(store.newsroom().person_update(command, &taken).await), (ProblemCode::Taken, "slug".to_owned()));
    let lost = PersonUpdate { id: PersonId::generate(), ..update.clone() };
    assert_eq!(problem(store.newsroom().person_update(command, &lost).await), (ProblemCode::NotFound, "id".to_owned()));
    let nameless = PersonCreate { name: text(""), ..input.clone() };
    assert_eq!(
        problem(store.newsroom().person_create(command, &nameless).await),
        (ProblemCode::Required, "name".to_owned())
    );
    for stranger in [viewer(Role::Author, &[]), viewer(Role::Editor, &[at(store, "politics")])] {
        forbidden(&store.newsroom().person_create(Command::of(&stranger), &input).await, Permission::ManagePersons);
        forbidden(&store.newsroom().person_update(Command::of(&stranger), &update).await, Permission::ManagePersons);
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn a_feed_counts_what_is_pinned_beside_what_fits_its_conditions(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let (store, by) = (&portal.store, viewer(Role::Publisher, &[]));
    let reference = store.reference();
    let tag = reference.tags().iter().find(|tag| tag.slug.as_str() == "migration").unwrap().id;
    let both = FeedCreate { tags: vec![tag], ..create("Both", vec![at(store, "politics")]) };
    let feed = store.newsroom().feed_create(Command::of(&by), &both).await.unwrap();
    let (fitting, count) = items(&portal, "both", "en").await;
    assert!(!fitting.is_empty() && usize::try_from(count).unwrap() == fitting.len(), "{dialect:?}");

    let query = "{ category(by: {path: \"sport\"}) { articles(first: 1) { nodes { entryId } } } }";
    let sport = portal.query(query).await.data()["category"]["articles"]["nodes"][0]["entryId"].clone();
    let entry: EntryId = sport.as_str().unwrap().parse::<uuid::Uuid>().unwrap().into();
    store.newsroom().feed_pin(Command::of(&by), &FeedPin { feed, entry, position: None }).await.unwrap();
    let (seen, count) = items(&portal, "both", "en").await;
    assert_eq!(seen.len(), fitting.len() + 1, "{dialect:?}");
    assert_eq!(usize::try_from(count).unwrap(), seen.len(), "{dialect:?}");
}
