//! What the tests of categories ask and compare.

use std::collections::{BTreeMap, HashSet};

use courant_domain::{
    access::{ActorId, Grant, Role, Viewer},
    change::{Action, ChangeKey, Subject},
    id::{CategoryId, UserId},
    locale::Locale,
    problem::{Problem, ProblemCode},
    slug::Slug,
    text::Localized,
};
use courant_persistence::{
    CategoryCreate, CategoryMerge, CategoryMove, CategoryUpdate, NewParent, Store, WriteError, Written,
};
use courant_tests::{
    Portal, TestDatabase,
    dump::{dump, restore},
    timelines::timelines,
};
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use serde_json::Value;

pub(crate) const LOCALES: [&str; 3] = ["en", "ru", "tk"];

pub(crate) fn at(store: &Store, path: &str) -> CategoryId {
    store.reference().categories.by_path(path).unwrap_or_else(|| panic!("no category {path}")).id
}

pub(crate) fn slug(text: &str) -> Option<Slug> {
    Some(Slug::parse(text).unwrap())
}

pub(crate) fn text(text: &str) -> Localized {
    Localized::single(Locale::ENGLISH, text)
}

pub(crate) fn rename(store: &Store, path: &str, to: &str) -> CategoryUpdate {
    CategoryUpdate { id: at(store, path), slug: slug(to), title: None, description: None }
}

pub(crate) fn put(store: &Store, path: &str, under: &str) -> CategoryMove {
    let parent = if under.is_empty() { NewParent::Top } else { NewParent::Under(at(store, under)) };
    CategoryMove { id: at(store, path), parent, position: None }
}

pub(crate) fn merge(store: &Store, sources: &[&str], target: &str) -> CategoryMerge {
    CategoryMerge { sources: sources.iter().map(|path| at(store, path)).collect(), target: at(store, target) }
}

pub(crate) fn create(parent: Option<CategoryId>, name: &str) -> CategoryCreate {
    CategoryCreate { parent, slug: None, title: text(name), description: Localized::default(), position: None }
}

pub(crate) fn publisher(categories: &[CategoryId]) -> Viewer {
    let grant = Grant { categories: categories.to_vec(), ..Grant::everywhere(Role::Publisher) };
    Viewer { actor: ActorId::user(UserId::generate()), name: "Pub".to_owned(), grants: vec![grant] }
}

/// The code and the field of the one problem a change was refused for.
pub(crate) fn problem<T: std::fmt::Debug>(outcome: Written<T>) -> (ProblemCode, String) {
    match outcome {
        Err(WriteError::Refused(problems)) => match &problems[..] {
            [Problem { code, field, .. }] => (*code, field.join(".")),
            _ => panic!("{problems:?}"),
        },
        other => panic!("{other:?}"),
    }
}

/// What is at a path of the site, in a word: the category's path, or where it leads.
pub(crate) async fn route(portal: &Portal, path: &str) -> String {
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
pub(crate) async fn leads(portal: &Portal, paths: &[(&str, &str)]) {
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
pub(crate) async fn lists(portal: &Portal) -> BTreeMap<&'static str, Value> {
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
pub(crate) async fn as_if_built_so(portal: &Portal) {
    let before = timelines(&portal.database).await;
    let site = portal.store.reference().site.clone();
    let mut other = site.clone();
    other.locales[0].fallbacks.clear();
    portal.store.newsroom().site_put(&other).await.unwrap();
    portal.store.newsroom().site_put(&site).await.unwrap();
    let rebuilt = timelines(&portal.database).await;
    let (missing, wrong) = (rebuilt.difference(&before).next(), before.difference(&rebuilt).next());
    assert!(before == rebuilt, "not filed: {missing:?}; wrongly filed: {wrong:?}");

    let database = TestDatabase::migrated(portal.store.dialect()).await;
    let store = database.open().await;
    restore(&store, &dump(&portal.store).await).await;
    let anew = Portal::at_any_cost(database, store).await;
    assert_eq!(lists(portal).await, lists(&anew).await);
}

/// Which things of a kind changed since, and how.
pub(crate) async fn changed(store: &Store, since: i64, subject: Subject) -> HashSet<(ChangeKey, Action)> {
    let changes = store.changes(since, 10_000).await.unwrap();
    assert_eq!(changes.last().map_or(since, |change| change.seq), store.reference().seq);
    let of_kind = changes.into_iter().filter(|change| change.key.subject() == subject);
    of_kind.map(|change| (change.key, change.action)).collect()
}

pub(crate) fn puts(ids: &[CategoryId]) -> HashSet<(ChangeKey, Action)> {
    ids.iter().map(|id| (ChangeKey::Category(*id), Action::Put)).collect()
}

/// A small generator of numbers: the same for a seed on every machine.
pub(crate) struct Dice(pub u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % u64::try_from(sides).unwrap()).unwrap()
    }
}

/// There is no rule at a path that is live, none that leads to another one's path, and none to a category's path
/// where there is no category.
pub(crate) async fn one_hop(portal: &Portal) {
    let rules = portal.store.admin().snapshot().await.unwrap().redirects().await.unwrap();
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
pub(crate) fn literal(store: &Store, id: CategoryId) -> String {
    match store.dialect() {
        courant_persistence::Dialect::Sqlite => format!("x'{}'", id.uuid().simple()),
        courant_persistence::Dialect::Postgres => format!("'{id}'"),
    }
}

pub(crate) async fn numbers(database: &TestDatabase, sql: String) -> Vec<(i64, i64)> {
    let connection = Database::connect(&database.options.url).await.unwrap();
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await.unwrap();
    let rows = rows.iter().map(|row| (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap())).collect();
    connection.close().await.unwrap();
    rows
}

/// Users with these limits, and one machine's token with each; the ids they have.
pub(crate) async fn accounts(database: &TestDatabase, limits: &[Vec<CategoryId>]) -> Vec<UserId> {
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
pub(crate) async fn grants(database: &TestDatabase, ids: Vec<UserId>) -> Vec<Vec<CategoryId>> {
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
