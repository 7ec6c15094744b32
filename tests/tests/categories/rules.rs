//! Who may, what is done once, and what is remembered of it.

use courant_domain::{
    access::{Grant, Permission, Role, Viewer},
    id::CategoryId,
    problem::ProblemCode,
};
use courant_persistence::{CategoryCreate, CategoryReorder, CategoryUpdate, Command, Dialect, WriteError, Written};
use courant_tests::{Portal, apply, both_databases, dump::dump};
use sea_orm::{ConnectionTrait, Database, Statement};
use serde_json::{Value, json};

use super::support::{at, create, merge, problem, publisher, put, rename, slug, text};

#[apply(both_databases)]
#[tokio::test]
async fn whoever_is_limited_to_categories_changes_nothing_outside_of_them(dialect: Dialect) {
    let portal = Portal::with_samples_at_any_cost(dialect).await;
    let store = &portal.store;
    let politics = at(store, "politics");
    let by = publisher(&[politics]);
    let before = (dump(store).await, store.reference().seq);
    let forbidden = |outcome: Result<(), WriteError>, what: &str| {
        assert!(matches!(outcome, Err(WriteError::Forbidden(Permission::ManageCategories))), "{what}: {outcome:?}");
    };
    let done = |outcome: Written<CategoryId>| outcome.map(drop);
    let command = || Command::of(&by);
    forbidden(done(store.newsroom().category_create(command(), &create(None, "Top")).await), "at the top");
    forbidden(
        done(store.newsroom().category_create(command(), &create(Some(at(store, "economy")), "A")).await),
        "elsewhere",
    );
    forbidden(done(store.newsroom().category_update(command(), &rename(store, "economy/energy", "a")).await), "rename");
    forbidden(
        done(store.newsroom().category_move(command(), &put(store, "politics/parliament", "")).await),
        "to the top",
    );
    forbidden(
        done(store.newsroom().category_move(command(), &put(store, "politics/parliament", "economy")).await),
        "away",
    );
    forbidden(done(store.newsroom().category_move(command(), &put(store, "economy/energy", "politics")).await), "in");
    forbidden(
        done(store.newsroom().category_merge(command(), &merge(store, &["economy"], "politics")).await),
        "merge in",
    );
    let away = merge(store, &["politics/parliament"], "economy");
    forbidden(done(store.newsroom().category_merge(command(), &away).await), "merge away");
    let order = store.reference().categories.children(None).map(|child| child.id).collect();
    forbidden(
        store.newsroom().category_reorder(command(), &CategoryReorder { parent: None, order }).await.map(drop),
        "order of the top",
    );
    let editor = Viewer { grants: vec![Grant::everywhere(Role::Editor)], ..by.clone() };
    forbidden(done(store.newsroom().category_create(Command::of(&editor), &create(None, "Top")).await), "an editor");
    assert_eq!((dump(store).await, store.reference().seq), before, "{dialect:?}");

    store.newsroom().category_create(command(), &create(Some(politics), "Councils")).await.unwrap();
    store.newsroom().category_update(command(), &rename(store, "politics", "state")).await.unwrap();
    store.newsroom().category_move(command(), &put(store, "state/councils", "state/parliament")).await.unwrap();
    store.newsroom().category_merge(command(), &merge(store, &["state/government"], "state/parliament")).await.unwrap();
    assert!(store.reference().categories.by_path("state/parliament/councils").is_some());
}

#[apply(both_databases)]
#[tokio::test]
async fn a_key_does_a_thing_once(dialect: Dialect) {
    let portal = Portal::with_samples_at_any_cost(dialect).await;
    let (store, by) = (&portal.store, publisher(&[]));
    let command = Command { key: Some("k"), ..Command::of(&by) };
    let input = create(None, "Sport");
    let id = store.newsroom().category_create(command, &input).await.unwrap();
    let head = store.reference().seq;
    assert_eq!(store.newsroom().category_create(command, &input).await.unwrap(), id);
    assert_eq!(store.reference().seq, head, "{dialect:?}: nothing was written");
    let other = store.newsroom().category_create(command, &create(None, "Weather")).await;
    assert_eq!(problem(other), (ProblemCode::KeyReused, "idempotencyKey".to_owned()));
    let other = store.newsroom().category_update(command, &rename(store, "sport", "games")).await;
    assert_eq!(problem(other), (ProblemCode::KeyReused, "idempotencyKey".to_owned()));

    let keyed = Command { key: Some("merge"), ..Command::of(&by) };
    let input = merge(store, &["society"], "politics");
    store.newsroom().category_merge(keyed, &input).await.unwrap();
    let head = store.reference().seq;
    store.newsroom().category_merge(keyed, &input).await.unwrap();
    let order = store.reference().categories.children(None).map(|child| child.id).collect();
    let order = CategoryReorder { parent: None, order };
    let keyed = Command { key: Some("order"), ..Command::of(&by) };
    store.newsroom().category_reorder(keyed, &order).await.unwrap();
    store.newsroom().category_reorder(keyed, &order).await.unwrap();
    assert_eq!(store.reference().seq, head, "an order that is the old one changes nothing");
    // What a refused change was asked under can be used again.
    let keyed = Command { key: Some("refused"), ..Command::of(&by) };
    let taken = CategoryCreate { slug: slug("sport"), ..create(None, "Sport") };
    assert_eq!(problem(store.newsroom().category_create(keyed, &taken).await).0, ProblemCode::Taken);
    store.newsroom().category_create(keyed, &create(None, "Science")).await.unwrap();
}

#[apply(both_databases)]
#[tokio::test]
async fn what_is_at_the_top_is_not_called_like_a_page_of_the_sites_own(dialect: Dialect) {
    let portal = Portal::with_samples_at_any_cost(dialect).await;
    let (store, by) = (&portal.store, publisher(&[]));
    let command = || Command::of(&by);
    let invalid = |field: &str| (ProblemCode::Invalid, field.to_owned());
    for word in ["decrees", "feeds", "tags", "people", "search", "sitemap", "assets", "studio", "articles", "api"] {
        let named = CategoryCreate { slug: slug(word), ..create(None, "Words") };
        assert_eq!(
            problem(store.newsroom().category_create(command(), &named).await),
            invalid("slug"),
            "{dialect:?}: {word}"
        );
        let renamed = store.newsroom().category_update(command(), &rename(store, "sport", word)).await;
        assert_eq!(problem(renamed), invalid("slug"), "{dialect:?}: {word}");
    }
    // Of a title, another slug is made.
    let id = store.newsroom().category_create(command(), &create(None, "Search")).await.unwrap();
    assert_eq!(store.reference().categories.path(id), Some("search-2"), "{dialect:?}");
    // Further down it stands in nobody's way, until it is to be at the top.
    let below = CategoryCreate { slug: slug("people"), ..create(Some(at(store, "culture")), "People") };
    store.newsroom().category_create(command(), &below).await.unwrap();
    let moved = store.newsroom().category_move(command(), &put(store, "culture/people", "")).await;
    assert_eq!(problem(moved), invalid("parentId"), "{dialect:?}");
    // What is there from before stays, and may be changed.
    courant_tests::write_by_hand(
        &portal.database.options.url,
        "UPDATE category SET slug = 'tags' WHERE slug = 'sport'",
    )
    .await;
    let store = portal.database.open().await;
    let title = CategoryUpdate { title: Some(text("Labels")), slug: None, ..rename(&store, "tags", "x") };
    store.newsroom().category_update(command(), &title).await.unwrap();
    store.newsroom().category_update(command(), &rename(&store, "tags", "labels")).await.unwrap();
    store.close().await.unwrap();
}

#[apply(both_databases)]
#[tokio::test]
async fn what_was_done_is_in_the_audit_log(dialect: Dialect) {
    let portal = Portal::with_samples_at_any_cost(dialect).await;
    let (store, by) = (&portal.store, publisher(&[]));
    store.newsroom().category_update(Command::of(&by), &rename(store, "politics", "state")).await.unwrap();
    let taken = store.newsroom().category_update(Command::of(&by), &rename(store, "state", "economy")).await;
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
