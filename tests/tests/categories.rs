//! Categories: made, renamed, moved, merged and ordered.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, HashSet};

use courant_domain::{
    access::{ActorId, Grant, Permission, Role, Viewer},
    change::{Action, Subject},
    id::{CategoryId, UserId},
    locale::Locale,
    problem::{Problem, ProblemCode},
    slug::Slug,
    text::Localized,
};
use courant_persistence::{
    CategoryCreate, CategoryMerge, CategoryMove, CategoryReorder, CategoryUpdate, Command, NewParent, Store,
    WriteError, Written,
};
use courant_tests::{
    BOTH, Portal, TestDatabase,
    dump::{dump, restore},
    timelines::timelines,
};
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use serde_json::{Value, json};

const LOCALES: [&str; 3] = ["en", "ru", "tk"];

fn at(store: &Store, path: &str) -> CategoryId {
    store.reference().categories.by_path(path).unwrap_or_else(|| panic!("no category {path}")).id
}

fn slug(text: &str) -> Option<Slug> {
    Some(Slug::parse(text).unwrap())
}

fn text(text: &str) -> Localized {
    Localized::single(Locale::ENGLISH, text)
}

fn rename(store: &Store, path: &str, to: &str) -> CategoryUpdate {
    CategoryUpdate { id: at(store, path), slug: slug(to), title: None, description: None }
}

fn put(store: &Store, path: &str, under: &str) -> CategoryMove {
    let parent = if under.is_empty() { NewParent::Top } else { NewParent::Under(at(store, under)) };
    CategoryMove { id: at(store, path), parent, position: None }
}

fn merge(store: &Store, sources: &[&str], target: &str) -> CategoryMerge {
    CategoryMerge { sources: sources.iter().map(|path| at(store, path)).collect(), target: at(store, target) }
}

fn create(parent: Option<CategoryId>, name: &str) -> CategoryCreate {
    CategoryCreate { parent, slug: None, title: text(name), description: Localized::default(), position: None }
}

fn publisher(categories: &[CategoryId]) -> Viewer {
    let grant = Grant { categories: categories.to_vec(), ..Grant::everywhere(Role::Publisher) };
    Viewer { actor: ActorId::user(UserId::generate()), name: "Pub".to_owned(), grants: vec![grant] }
}

/// The code and the field of the one problem a change was refused for.
fn problem<T: std::fmt::Debug>(outcome: Written<T>) -> (ProblemCode, String) {
    match outcome {
        Err(WriteError::Refused(problems)) => match &problems[..] {
            [Problem { code, field, .. }] => (*code, field.join(".")),
            _ => panic!("{problems:?}"),
        },
        other => panic!("{other:?}"),
    }
}

/// What is at a path of the site, in a word: the category's path, or where it leads.
async fn route(portal: &Portal, path: &str) -> String {
    let query = format!(
        "{{ route(path: \"{path}\") {{ __typename ... on Category {{ path }} ... on Redirect {{ target }} }} }}"
    );
    let answer = portal.query(&query).await;
    let route = &answer.data()["route"];
    match route["__typename"].as_str() {
        Some("Category") => format!("at {}", route["path"].as_str().unwrap()),
        Some("Redirect") => format!("to {}", route["target"].as_str().unwrap()),
        other => format!("{other:?}"),
    }
}

/// Says of each path, in every language, where it leads; written without the language.
async fn leads(portal: &Portal, paths: &[(&str, &str)]) {
    for locale in LOCALES {
        for (from, to) in paths {
            let expected = if from == to {
                format!("at /{locale}/categories/{to}")
            } else {
                format!("to /{locale}/categories/{to}")
            };
            assert_eq!(route(portal, &format!("/{locale}/categories/{from}")).await, expected, "{from} in {locale}");
        }
    }
}

/// Every list that hangs on the tree, in every language.
async fn lists(portal: &Portal) -> BTreeMap<&'static str, Value> {
    let mut all = BTreeMap::new();
    for locale in LOCALES {
        let query = format!(
            "{{
            site {{ name }}
            categories(locale: \"{locale}\") {{ ...C children {{ ...C children {{ ...C children {{ ...C }} }} }} }}
            feeds(locale: \"{locale}\") {{ slug items(first: 30) {{ totalCount nodes {{ entryId path }} }} }}
            articles(locale: \"{locale}\", first: 100) {{ nodes {{ entryId category {{ path }} breadcrumbs {{ path title }} }} }}
            }}
            fragment C on Category {{ path position breadcrumbs {{ path }}
                all: publications(first: 1) {{ totalCount nodes {{ entryId }} }}
                own: publications(first: 1, includeDescendants: false) {{ totalCount nodes {{ entryId }} }}
                decrees(last: 1) {{ totalCount nodes {{ entryId }} }}
                related(first: 2) {{ entryId }} }}"
        );
        all.insert(locale, portal.query(&query).await.data().clone());
    }
    all
}

/// The lists are those of a portal built anew from what this one holds, and the timelines are what a full rebuild
/// makes of them.
async fn as_if_built_so(portal: &Portal) {
    let before = timelines(&portal.database).await;
    let site = portal.store.reference().site.clone();
    let mut other = site.clone();
    other.locales[0].fallbacks.clear();
    portal.store.site_put(&other).await.unwrap();
    portal.store.site_put(&site).await.unwrap();
    let rebuilt = timelines(&portal.database).await;
    let (missing, wrong) = (rebuilt.difference(&before).next(), before.difference(&rebuilt).next());
    assert!(before == rebuilt, "not filed: {missing:?}; wrongly filed: {wrong:?}");

    let database = TestDatabase::migrated(portal.store.dialect()).await;
    let store = database.open().await;
    restore(&store, &dump(&portal.store).await).await;
    let anew = Portal::over(database, store).await;
    assert_eq!(lists(portal).await, lists(&anew).await);
}

/// Which things of a kind changed since, and how.
async fn changed(store: &Store, since: i64, subject: Subject) -> HashSet<(uuid::Uuid, Action)> {
    let changes = store.changes(since, 10_000).await.unwrap();
    assert_eq!(changes.last().map_or(since, |change| change.seq), store.reference().seq);
    changes.iter().filter(|change| change.subject == subject).map(|change| (change.id, change.action)).collect()
}

fn puts(ids: &[CategoryId]) -> HashSet<(uuid::Uuid, Action)> {
    ids.iter().map(|id| (id.uuid(), Action::Put)).collect()
}

#[tokio::test]
async fn a_new_category_takes_its_place_and_its_path() {
    for dialect in BOTH {
        let portal = Portal::with_samples(dialect).await;
        let (store, by) = (&portal.store, publisher(&[]));
        let politics = at(store, "politics");
        let since = store.reference().seq;
        let id = store.category_create(Command::of(&by), &create(Some(politics), "Local Councils")).await.unwrap();
        assert_eq!(store.reference().categories.path(id), Some("politics/local-councils"));
        assert_eq!(store.reference().categories.get(id).unwrap().position, 4, "the last");
        assert_eq!(changed(store, since, Subject::Category).await, puts(&[politics, id]));
        leads(&portal, &[("politics/local-councils", "politics/local-councils")]).await;

        let again = store.category_create(Command::of(&by), &create(Some(politics), "Local councils")).await.unwrap();
        assert_eq!(store.reference().categories.path(again), Some("politics/local-councils-2"));
        let first = CategoryCreate { position: Some(1), ..create(None, "Top") };
        let top = store.category_create(Command::of(&by), &first).await.unwrap();
        assert_eq!(store.reference().categories.iter().next().unwrap().id, top);

        let taken = CategoryCreate { slug: slug("parliament"), ..create(Some(politics), "Another") };
        let refused = store.category_create(Command::of(&by), &taken).await;
        assert_eq!(problem(refused), (ProblemCode::Taken, "slug".to_owned()));
        let nowhere = create(Some(CategoryId::generate()), "Lost");
        let refused = store.category_create(Command::of(&by), &nowhere).await;
        assert_eq!(problem(refused), (ProblemCode::NotFound, "parentId".to_owned()));
        let refused = store.category_create(Command::of(&by), &create(None, " ")).await;
        assert_eq!(problem(refused), (ProblemCode::Required, "title".to_owned()));
        let zeroth = CategoryCreate { position: Some(0), ..create(None, "Zero") };
        let refused = store.category_create(Command::of(&by), &zeroth).await;
        assert_eq!(problem(refused), (ProblemCode::Invalid, "position".to_owned()));
        as_if_built_so(&portal).await;
    }
}

#[tokio::test]
async fn a_renamed_category_redirects_with_all_below_it_in_every_language_and_back() {
    for dialect in BOTH {
        let portal = Portal::with_samples(dialect).await;
        let (store, by) = (&portal.store, publisher(&[]));
        let since = store.reference().seq;
        store.category_update(Command::of(&by), &rename(store, "politics", "state")).await.unwrap();
        leads(
            &portal,
            &[
                ("politics", "state"),
                ("politics/parliament", "state/parliament"),
                ("politics/foreign-policy", "state/foreign-policy"),
                ("state/parliament", "state/parliament"),
            ],
        )
        .await;
        let state = at(store, "state");
        let below: Vec<_> = store.reference().categories.subtree(state).map(|category| category.id).collect();
        assert_eq!(changed(store, since, Subject::Category).await, puts(&below), "their paths changed, too");
        assert!(!changed(store, since, Subject::Redirect).await.is_empty());

        store.category_update(Command::of(&by), &rename(store, "state", "nation")).await.unwrap();
        leads(&portal, &[("politics", "nation"), ("state", "nation"), ("politics/parliament", "nation/parliament")])
            .await;
        store.category_update(Command::of(&by), &rename(store, "nation", "politics")).await.unwrap();
        leads(
            &portal,
            &[
                ("politics", "politics"),
                ("politics/parliament", "politics/parliament"),
                ("state", "politics"),
                ("nation/parliament", "politics/parliament"),
            ],
        )
        .await;
        one_hop(&portal).await;
        let taken = store.category_update(Command::of(&by), &rename(store, "politics", "economy")).await;
        assert_eq!(problem(taken), (ProblemCode::Taken, "slug".to_owned()));
        let unknown = CategoryUpdate { id: CategoryId::generate(), ..rename(store, "politics", "x") };
        let unknown = store.category_update(Command::of(&by), &unknown).await;
        assert_eq!(problem(unknown), (ProblemCode::NotFound, "id".to_owned()));
        as_if_built_so(&portal).await;
    }
}

#[tokio::test]
async fn a_category_made_where_another_one_was_takes_the_path_from_the_redirect() {
    for dialect in BOTH {
        let portal = Portal::with_samples(dialect).await;
        let (store, by) = (&portal.store, publisher(&[]));
        store.category_update(Command::of(&by), &rename(store, "politics", "state")).await.unwrap();
        store.category_create(Command::of(&by), &create(None, "Politics")).await.unwrap();
        one_hop(&portal).await;
        leads(&portal, &[("politics", "politics"), ("politics/parliament", "state/parliament")]).await;
        // What now becomes of the new one is its own affair.
        store.category_update(Command::of(&by), &rename(store, "politics", "parties")).await.unwrap();
        leads(&portal, &[("politics", "parties"), ("politics/parliament", "state/parliament")]).await;
        one_hop(&portal).await;
    }
}

#[tokio::test]
async fn a_moved_category_takes_its_entries_and_its_paths_along() {
    for dialect in BOTH {
        let portal = Portal::with_samples(dialect).await;
        let (store, by) = (&portal.store, publisher(&[]));
        let (politics, economy, energy) = (at(store, "politics"), at(store, "economy"), at(store, "economy/energy"));
        let counts = |portal: Portal| async move {
            let query = "{ politics: category(by: {path: \"politics\"}) { ...N } economy: category(by: {path: \"economy\"}) { ...N } }
                         fragment N on Category { publications { totalCount } articles(includeDescendants: false) { totalCount } }";
            let data = portal.query(query).await.data().clone();
            let count = |name: &str| data[name]["publications"]["totalCount"].as_i64().unwrap();
            ((count("politics"), count("economy")), portal)
        };
        let (before, portal) = counts(portal).await;
        let store = portal.store.clone();
        let filed = timelines(&portal.database).await.len();
        let since = store.reference().seq;
        store.category_move(Command::of(&by), &put(&store, "economy/energy", "politics/parliament")).await.unwrap();
        assert_eq!(store.reference().categories.path(energy), Some("politics/parliament/energy"));
        assert_eq!(
            changed(&store, since, Subject::Category).await,
            puts(&[energy, economy, politics, at(&store, "politics/parliament")]),
            "the lists above both ends are others now"
        );
        assert_eq!(changed(&store, since, Subject::Edition).await, HashSet::new(), "no edition changed by itself");
        leads(&portal, &[("economy/energy", "politics/parliament/energy")]).await;
        let (after, portal) = counts(portal).await;
        assert!(after.0 > before.0 && after.0 - before.0 == before.1 - after.1, "{before:?} {after:?}");
        as_if_built_so(&portal).await;

        // On to the top, and home again.
        store.category_move(Command::of(&by), &put(&store, "politics/parliament/energy", "")).await.unwrap();
        leads(&portal, &[("economy/energy", "energy"), ("politics/parliament/energy", "energy")]).await;
        as_if_built_so(&portal).await;
        store.category_move(Command::of(&by), &put(&store, "energy", "economy")).await.unwrap();
        leads(
            &portal,
            &[
                ("economy/energy", "economy/energy"),
                ("energy", "economy/energy"),
                ("politics/parliament/energy", "economy/energy"),
            ],
        )
        .await;
        one_hop(&portal).await;
        assert_eq!(timelines(&portal.database).await.len(), filed);
        as_if_built_so(&portal).await;

        let first =
            CategoryMove { position: Some(1), parent: NewParent::Unchanged, ..put(&store, "economy/energy", "") };
        store.category_move(Command::of(&by), &first).await.unwrap();
        assert_eq!(store.reference().categories.children(Some(economy)).next().unwrap().id, energy);
        let below_itself = store.category_move(Command::of(&by), &put(&store, "economy", "economy/energy")).await;
        assert_eq!(problem(below_itself), (ProblemCode::Invalid, "parentId".to_owned()));
        let lost = CategoryMove { parent: NewParent::Under(CategoryId::generate()), ..first };
        let lost = store.category_move(Command::of(&by), &lost).await;
        assert_eq!(problem(lost), (ProblemCode::NotFound, "parentId".to_owned()));
    }
}

#[tokio::test]
async fn merged_categories_are_one_for_entries_feeds_paths_and_limits() {
    for dialect in BOTH {
        let portal = Portal::with_samples(dialect).await;
        let (store, by) = (&portal.store, publisher(&[]));
        let (politics, energy) = (at(store, "politics"), at(store, "economy/energy"));
        let society = at(store, "society");
        let feed = courant_persistence::FeedCreate {
            slug: slug("people-and-power"),
            title: text("People and power"),
            description: Localized::default(),
            kinds: Vec::new(),
            categories: vec![society, politics],
            include_descendants: true,
            tags: Vec::new(),
            order: courant_domain::feed::FeedOrder::Latest,
        };
        let feed = store.feed_create(Command::of(&by), &feed).await.unwrap();
        let limited = [vec![society, energy], vec![energy], vec![at(store, "economy")]];
        let account = accounts(&portal.database, &limited).await;
        // A child with its parent's name comes to where its parent was.
        let twin = CategoryCreate { slug: slug("society"), ..create(Some(society), "Twin") };
        let twin = store.category_create(Command::of(&by), &twin).await.unwrap();

        let editions = |category: CategoryId| {
            let sql = format!("SELECT id, version FROM edition WHERE category_id = {}", literal(store, category));
            numbers(&portal.database, sql)
        };
        let (moving, staying) = (editions(society).await, editions(politics).await);
        assert!(!moving.is_empty());
        let since = store.reference().seq;
        store
            .category_merge(Command::of(&by), &merge(store, &["society", "economy/energy"], "politics"))
            .await
            .unwrap();
        let reference = store.reference();
        assert!(reference.categories.get(society).is_none() && reference.categories.get(energy).is_none());
        assert_eq!(reference.categories.path(twin), Some("politics/society"));
        leads(
            &portal,
            &[
                ("society", "politics"),
                ("society/education", "politics/education"),
                ("society/society", "politics/society"),
                ("economy/energy", "politics"),
                ("politics/society", "politics/society"),
            ],
        )
        .await;
        assert_eq!(reference.feed(feed).unwrap().categories, [politics]);
        let changes = changed(store, since, Subject::Category).await;
        assert!(
            changes.contains(&(society.uuid(), Action::Removed)) && changes.contains(&(politics.uuid(), Action::Put))
        );
        assert!(changed(store, since, Subject::Feed).await.contains(&(feed.uuid(), Action::Put)));

        // What was live in the sources is another version in the target, and the log names it.
        let after = editions(politics).await;
        assert!(editions(society).await.is_empty() && editions(energy).await.is_empty());
        for edition in &staying {
            assert!(after.contains(edition), "what was there already is untouched");
        }
        let log = store.changes(since, 10_000).await.unwrap();
        for (id, version) in &moving {
            let (_, now) = after.iter().find(|(other, _)| other == id).unwrap();
            assert!(*now > since && now != version);
            assert!(log.iter().any(|change| change.seq == *now && change.subject == Subject::Edition));
        }
        assert_eq!(
            grants(&portal.database, account).await,
            [vec![politics], vec![politics], vec![at(store, "economy")]]
        );
        one_hop(&portal).await;
        as_if_built_so(&portal).await;
    }
}

#[tokio::test]
async fn what_cannot_be_merged_is_refused_whole() {
    for dialect in BOTH {
        let portal = Portal::with_samples(dialect).await;
        let (store, by) = (&portal.store, publisher(&[]));
        let before = (dump(store).await, store.reference().seq);
        let refuse = async |input: CategoryMerge| problem(store.category_merge(Command::of(&by), &input).await);
        let into_below = merge(store, &["economy", "politics"], "politics/parliament");
        assert_eq!(refuse(into_below).await, (ProblemCode::Invalid, "targetId".to_owned()));
        let into_itself = merge(store, &["politics"], "politics");
        assert_eq!(refuse(into_itself).await, (ProblemCode::Invalid, "targetId".to_owned()));
        let nothing = merge(store, &[], "politics");
        assert_eq!(refuse(nothing).await, (ProblemCode::Required, "sourceIds".to_owned()));
        let unknown = CategoryMerge { sources: vec![CategoryId::generate()], target: at(store, "politics") };
        assert_eq!(refuse(unknown).await, (ProblemCode::NotFound, "sourceIds".to_owned()));
        let unknown = CategoryMerge { sources: vec![at(store, "politics")], target: CategoryId::generate() };
        assert_eq!(refuse(unknown).await, (ProblemCode::NotFound, "targetId".to_owned()));
        assert_eq!((dump(store).await, store.reference().seq), before, "{dialect:?}");

        let same = CategoryCreate { slug: slug("parliament"), ..create(Some(at(store, "economy")), "Of trade") };
        store.category_create(Command::of(&by), &same).await.unwrap();
        let before = (dump(store).await, store.reference().seq);
        // The first of the two could be merged; it is not, either.
        let clash = merge(store, &["society", "economy"], "politics");
        assert_eq!(refuse(clash).await, (ProblemCode::Taken, "sourceIds".to_owned()));
        assert_eq!((dump(store).await, store.reference().seq), before, "{dialect:?}");
    }
}

#[tokio::test]
async fn siblings_come_in_the_order_they_are_given() {
    for dialect in BOTH {
        let portal = Portal::with_samples(dialect).await;
        let (store, by) = (&portal.store, publisher(&[]));
        for parent in [None, Some(at(store, "politics"))] {
            let mut order: Vec<_> = store.reference().categories.children(parent).map(|child| child.id).collect();
            order.reverse();
            let input = CategoryReorder { parent, order: order.clone() };
            store.category_reorder(Command::of(&by), &input).await.unwrap();
            let seen: Vec<_> = store.reference().categories.children(parent).map(|child| child.id).collect();
            assert_eq!(seen, order, "{dialect:?}");
            let short = CategoryReorder { parent, order: order[1..].to_vec() };
            let short = store.category_reorder(Command::of(&by), &short).await;
            assert_eq!(problem(short), (ProblemCode::Invalid, "categoryIds".to_owned()));
        }
        as_if_built_so(&portal).await;
    }
}

#[tokio::test]
async fn whoever_is_limited_to_categories_changes_nothing_outside_of_them() {
    for dialect in BOTH {
        let portal = Portal::with_samples(dialect).await;
        let store = &portal.store;
        let politics = at(store, "politics");
        let by = publisher(&[politics]);
        let before = (dump(store).await, store.reference().seq);
        let forbidden = |outcome: Result<(), WriteError>, what: &str| {
            assert!(matches!(outcome, Err(WriteError::Forbidden(Permission::ManageCategories))), "{what}: {outcome:?}");
        };
        let done = |outcome: Written<CategoryId>| outcome.map(drop);
        let command = || Command::of(&by);
        forbidden(done(store.category_create(command(), &create(None, "Top")).await), "at the top");
        forbidden(done(store.category_create(command(), &create(Some(at(store, "economy")), "A")).await), "elsewhere");
        forbidden(done(store.category_update(command(), &rename(store, "economy/energy", "a")).await), "rename");
        forbidden(done(store.category_move(command(), &put(store, "politics/parliament", "")).await), "to the top");
        forbidden(done(store.category_move(command(), &put(store, "politics/parliament", "economy")).await), "away");
        forbidden(done(store.category_move(command(), &put(store, "economy/energy", "politics")).await), "in");
        forbidden(done(store.category_merge(command(), &merge(store, &["economy"], "politics")).await), "merge in");
        let away = merge(store, &["politics/parliament"], "economy");
        forbidden(done(store.category_merge(command(), &away).await), "merge away");
        let order = store.reference().categories.children(None).map(|child| child.id).collect();
        forbidden(
            store.category_reorder(command(), &CategoryReorder { parent: None, order }).await.map(drop),
            "order of the top",
        );
        let editor = Viewer { grants: vec![Grant::everywhere(Role::Editor)], ..by.clone() };
        forbidden(done(store.category_create(Command::of(&editor), &create(None, "Top")).await), "an editor");
        assert_eq!((dump(store).await, store.reference().seq), before, "{dialect:?}");

        store.category_create(command(), &create(Some(politics), "Councils")).await.unwrap();
        store.category_update(command(), &rename(store, "politics", "state")).await.unwrap();
        store.category_move(command(), &put(store, "state/councils", "state/parliament")).await.unwrap();
        store.category_merge(command(), &merge(store, &["state/government"], "state/parliament")).await.unwrap();
        assert!(store.reference().categories.by_path("state/parliament/councils").is_some());
    }
}

#[tokio::test]
async fn a_key_does_a_thing_once() {
    for dialect in BOTH {
        let portal = Portal::with_samples(dialect).await;
        let (store, by) = (&portal.store, publisher(&[]));
        let command = Command { key: Some("k"), ..Command::of(&by) };
        let input = create(None, "Sport");
        let id = store.category_create(command, &input).await.unwrap();
        let head = store.reference().seq;
        assert_eq!(store.category_create(command, &input).await.unwrap(), id);
        assert_eq!(store.reference().seq, head, "{dialect:?}: nothing was written");
        let other = store.category_create(command, &create(None, "Weather")).await;
        assert_eq!(problem(other), (ProblemCode::KeyReused, "idempotencyKey".to_owned()));
        let other = store.category_update(command, &rename(store, "sport", "games")).await;
        assert_eq!(problem(other), (ProblemCode::KeyReused, "idempotencyKey".to_owned()));

        let keyed = Command { key: Some("merge"), ..Command::of(&by) };
        let input = merge(store, &["society"], "politics");
        store.category_merge(keyed, &input).await.unwrap();
        let head = store.reference().seq;
        store.category_merge(keyed, &input).await.unwrap();
        let order = store.reference().categories.children(None).map(|child| child.id).collect();
        let order = CategoryReorder { parent: None, order };
        let keyed = Command { key: Some("order"), ..Command::of(&by) };
        store.category_reorder(keyed, &order).await.unwrap();
        store.category_reorder(keyed, &order).await.unwrap();
        assert_eq!(store.reference().seq, head, "an order that is the old one changes nothing");
        // What a refused change was asked under can be used again.
        let keyed = Command { key: Some("refused"), ..Command::of(&by) };
        let taken = CategoryCreate { slug: slug("sport"), ..create(None, "Sport") };
        assert_eq!(problem(store.category_create(keyed, &taken).await).0, ProblemCode::Taken);
        store.category_create(keyed, &create(None, "Science")).await.unwrap();
    }
}

/// A small generator of numbers: the same for a seed on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % u64::try_from(sides).unwrap()).unwrap()
    }
}

#[tokio::test]
async fn whatever_is_done_to_the_tree_in_whatever_order_nothing_comes_apart() {
    const SLUGS: [&str; 5] = ["a", "b", "c", "politics", "energy"];
    for dialect in BOTH {
        let mut counts = [0; 3];
        for seed in 0..3 {
            let mut dice = Dice(seed);
            let portal = Portal::with_samples(dialect).await;
            let (store, by) = (&portal.store, publisher(&[]));
            let mut history = Vec::new();
            let mut old_paths = BTreeMap::new();
            for step in 0..40 {
                let tree = store.reference().categories.clone();
                let all: Vec<_> = tree.iter().map(|category| category.id).collect();
                for id in &all {
                    old_paths.insert(tree.path(*id).unwrap().to_owned(), *id);
                }
                let id = all[dice.roll(all.len())];
                let other = all[dice.roll(all.len())];
                let position = [None, Some(1), Some(2), Some(9)][dice.roll(4)];
                let name = slug(SLUGS[dice.roll(SLUGS.len())]);
                let path = |id| tree.path(id).unwrap().to_owned();
                let action = dice.roll(8);
                history.push(format!("{step}: {action} {} {} {name:?} {position:?}", path(id), path(other)));
                let command = Command::of(&by);
                let outcome = match action {
                    0 => {
                        let parent = (dice.roll(4) > 0).then_some(id);
                        let input = CategoryCreate { slug: name, position, ..create(parent, "New") };
                        store.category_create(command, &input).await.map(drop)
                    }
                    1 | 2 => {
                        let input = CategoryUpdate { id, slug: name, title: None, description: None };
                        store.category_update(command, &input).await.map(drop)
                    }
                    3..=5 => {
                        let parent =
                            [NewParent::Under(other), NewParent::Under(other), NewParent::Top, NewParent::Unchanged];
                        let input = CategoryMove { id, parent: parent[dice.roll(4)], position };
                        store.category_move(command, &input).await.map(drop)
                    }
                    6 if all.len() > 8 => {
                        let input = CategoryMerge { sources: vec![id], target: other };
                        store.category_merge(command, &input).await.map(|_| {
                            // What was at a merged category's paths is now in the target.
                            old_paths.values_mut().filter(|known| **known == id).for_each(|known| *known = other);
                        })
                    }
                    _ => {
                        let parent = tree.get(id).unwrap().parent;
                        let mut order: Vec<_> = tree.children(parent).map(|child| child.id).collect();
                        let by = dice.roll(order.len());
                        order.rotate_left(by);
                        store.category_reorder(command, &CategoryReorder { parent, order }).await.map(drop)
                    }
                };
                match outcome {
                    Ok(()) if action == 6 => counts[2] += 1,
                    Ok(()) => counts[0] += 1,
                    Err(WriteError::Refused(_)) => counts[1] += 1,
                    Err(error) => panic!("{error}: {history:#?}"),
                }
                one_hop(&portal).await;
                if step % 13 == 12 {
                    as_if_built_so(&portal).await;
                }
            }
            // Every path there ever was still leads, at once, to where what was there last is now.
            let tree = store.reference().categories.clone();
            for (path, id) in old_paths {
                let now = tree.by_path(&path).map_or_else(|| tree.path(id).unwrap().to_owned(), |_| path.clone());
                let locale = LOCALES[dice.roll(3)];
                let seen = route(&portal, &format!("/{locale}/categories/{path}")).await;
                let expected = format!("{} /{locale}/categories/{now}", if now == path { "at" } else { "to" });
                assert_eq!(seen, expected, "seed {seed}, {dialect:?}: {history:#?}");
            }
            as_if_built_so(&portal).await;
        }
        assert!(counts.iter().all(|count| *count >= 5), "done, refused, merged: {counts:?}");
    }
}

#[tokio::test]
async fn a_move_touches_nothing_but_what_lies_below_the_category() {
    // PostgreSQL tells of each row which transaction wrote it.
    let portal = Portal::with_samples(courant_persistence::Dialect::Postgres).await;
    let (store, by) = (&portal.store, publisher(&[]));
    let energy = at(store, "economy/energy");
    let sql = |touched: &str| {
        format!(
            "SELECT 1::bigint, count(*) FROM timeline_entry e JOIN timeline t ON t.id = e.timeline_id WHERE {touched} \
             (e.entry_id NOT IN (SELECT entry_id FROM edition WHERE category_id = {id}) OR t.scope NOT LIKE 'SUBTREE:%')",
            id = literal(store, energy)
        )
    };
    let xmin = numbers(&portal.database, "SELECT 1::bigint, txid_current()".to_owned()).await[0].1;
    let all = numbers(&portal.database, sql("")).await[0].1;
    store.category_move(Command::of(&by), &put(store, "economy/energy", "politics")).await.unwrap();
    let rewritten = numbers(&portal.database, sql(&format!("e.xmin::text::bigint > {xmin} AND"))).await[0].1;
    assert!(all > 500 && rewritten == 0, "{rewritten} of {all}");
}

/// There is no rule at a path that is live, none that leads to another one's path, and none to a category's path
/// where there is no category.
async fn one_hop(portal: &Portal) {
    let rules = portal.store.snapshot().await.unwrap().redirects().await.unwrap();
    let tree = portal.store.reference().categories.clone();
    let category = |path: &str| {
        let (_, slugs) = path.split_once("/categories/")?;
        Some(tree.by_path(slugs).is_some())
    };
    for rule in &rules {
        assert_ne!(category(&rule.path), Some(true), "{} is live", rule.path);
        let Some(target) = &rule.target else { continue };
        assert!(!rules.iter().any(|other| other.path == *target), "{} leads to {target}, which leads on", rule.path);
        assert_ne!(category(target), Some(false), "{} leads nowhere", rule.path);
    }
}

/// An id as the database's SQL writes it.
fn literal(store: &Store, id: CategoryId) -> String {
    match store.dialect() {
        courant_persistence::Dialect::Sqlite => format!("x'{}'", id.uuid().simple()),
        courant_persistence::Dialect::Postgres => format!("'{id}'"),
    }
}

async fn numbers(database: &TestDatabase, sql: String) -> Vec<(i64, i64)> {
    let connection = Database::connect(&database.options.url).await.unwrap();
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await.unwrap();
    let rows = rows.iter().map(|row| (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap())).collect();
    connection.close().await.unwrap();
    rows
}

/// Users with these limits, and one machine's token with each; the ids they have.
async fn accounts(database: &TestDatabase, limits: &[Vec<CategoryId>]) -> Vec<UserId> {
    let connection = Database::connect(&database.options.url).await.unwrap();
    let mut ids = Vec::new();
    for limits in limits {
        let id = UserId::generate();
        let grant = Grant { categories: limits.clone(), ..Grant::everywhere(Role::Editor) };
        let grants = serde_json::to_string(&[grant]).unwrap();
        let sql = [
            "INSERT INTO account (id, email, name, grants, created_at) VALUES ($1, $2, 'x', $3, 1)",
            "INSERT INTO api_token (id, name, hash, grants, created_by, created_at) VALUES ($1, 'x', $2, $3, 'x', 1)",
        ];
        for sql in sql {
            let values = [id.uuid().into(), format!("{id}@example.org").into(), grants.clone().into()];
            let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
            connection.execute_raw(statement).await.unwrap();
        }
        ids.push(id);
    }
    connection.close().await.unwrap();
    ids
}

/// The limits of these users, after seeing that their tokens have the same.
async fn grants(database: &TestDatabase, ids: Vec<UserId>) -> Vec<Vec<CategoryId>> {
    let connection = Database::connect(&database.options.url).await.unwrap();
    let backend: DbBackend = connection.get_database_backend();
    let mut limits = Vec::new();
    for id in ids {
        let sql = "SELECT a.grants, t.grants FROM account a JOIN api_token t ON t.id = a.id WHERE a.id = $1";
        let statement = Statement::from_sql_and_values(backend, sql, [id.uuid().into()]);
        let row = connection.query_one_raw(statement).await.unwrap().unwrap();
        let (user, token): (String, String) = (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap());
        assert_eq!(user, token);
        let grants: Vec<Grant> = serde_json::from_str(&user).unwrap();
        limits.push(grants[0].categories.clone());
    }
    connection.close().await.unwrap();
    limits
}

#[tokio::test]
async fn what_was_done_is_in_the_audit_log() {
    for dialect in BOTH {
        let portal = Portal::with_samples(dialect).await;
        let (store, by) = (&portal.store, publisher(&[]));
        store.category_update(Command::of(&by), &rename(store, "politics", "state")).await.unwrap();
        let taken = store.category_update(Command::of(&by), &rename(store, "state", "economy")).await;
        assert_eq!(problem(taken).0, ProblemCode::Taken);
        let connection = Database::connect(&portal.database.options.url).await.unwrap();
        let sql = "SELECT actor, act, subject, detail FROM audit_log ORDER BY seq";
        let statement = Statement::from_string(connection.get_database_backend(), sql);
        let rows = connection.query_all_raw(statement).await.unwrap();
        assert_eq!(rows.len(), 1, "{dialect:?}: what was refused was not done");
        let column = |index| rows[0].try_get_by_index::<String>(index).unwrap();
        assert_eq!(
            (column(0), column(1).as_str(), column(2).as_str()),
            (by.actor.to_string(), "UPDATE_CATEGORY", "CATEGORY")
        );
        let detail: Value = serde_json::from_str(&column(3)).unwrap();
        assert_eq!(detail, json!({ "path": "state", "before": "politics" }));
    }
}
