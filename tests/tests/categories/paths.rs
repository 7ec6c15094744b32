//! Categories that are made, renamed and moved: their places, paths and lists.

use std::collections::HashSet;

use courant_domain::{change::Subject, id::CategoryId, problem::ProblemCode};
use courant_persistence::{
    CategoryCreate, CategoryMove, CategoryReorder, CategoryUpdate, Command, Dialect, FeedUpdate, NewParent,
};
use courant_tests::{Portal, apply, both_databases, timelines::timelines};

use super::support::{
    as_if_built_so, at, changed, create, leads, literal, numbers, one_hop, problem, publisher, put, puts, rename,
    route, slug,
};

#[apply(both_databases)]
#[tokio::test]
async fn a_new_category_takes_its_place_and_its_path(dialect: Dialect) {
    let portal = Portal::with_samples_at_any_cost(dialect).await;
    let (store, by) = (&portal.store, publisher(&[]));
    let politics = at(store, "politics");
    let since = store.reference().seq;
    let id =
        store.newsroom().category_create(Command::of(&by), &create(Some(politics), "Local Councils")).await.unwrap();
    assert_eq!(store.reference().categories.path(id), Some("politics/local-councils"));
    assert_eq!(store.reference().categories.get(id).unwrap().position, 4, "the last");
    assert_eq!(changed(store, since, Subject::Category).await, puts(&[politics, id]));
    leads(&portal, &[("politics/local-councils", "politics/local-councils")]).await;

    let again =
        store.newsroom().category_create(Command::of(&by), &create(Some(politics), "Local councils")).await.unwrap();
    assert_eq!(store.reference().categories.path(again), Some("politics/local-councils-2"));
    let first = CategoryCreate { position: Some(1), ..create(None, "Top") };
    let top = store.newsroom().category_create(Command::of(&by), &first).await.unwrap();
    assert_eq!(store.reference().categories.iter().next().unwrap().id, top);

    let taken = CategoryCreate { slug: slug("parliament"), ..create(Some(politics), "Another") };
    let refused = store.newsroom().category_create(Command::of(&by), &taken).await;
    assert_eq!(problem(refused), (ProblemCode::Taken, "slug".to_owned()));
    let nowhere = create(Some(CategoryId::generate()), "Lost");
    let refused = store.newsroom().category_create(Command::of(&by), &nowhere).await;
    assert_eq!(problem(refused), (ProblemCode::NotFound, "parentId".to_owned()));
    let refused = store.newsroom().category_create(Command::of(&by), &create(None, " ")).await;
    assert_eq!(problem(refused), (ProblemCode::Required, "title".to_owned()));
    let zeroth = CategoryCreate { position: Some(0), ..create(None, "Zero") };
    let refused = store.newsroom().category_create(Command::of(&by), &zeroth).await;
    assert_eq!(problem(refused), (ProblemCode::Invalid, "position".to_owned()));
    as_if_built_so(&portal).await;
}

#[apply(both_databases)]
#[tokio::test]
async fn a_renamed_category_redirects_with_all_below_it_in_every_language_and_back(dialect: Dialect) {
    let portal = Portal::with_samples_at_any_cost(dialect).await;
    let (store, by) = (&portal.store, publisher(&[]));
    let since = store.reference().seq;
    store.newsroom().category_update(Command::of(&by), &rename(store, "politics", "state")).await.unwrap();
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

    store.newsroom().category_update(Command::of(&by), &rename(store, "state", "nation")).await.unwrap();
    leads(&portal, &[("politics", "nation"), ("state", "nation"), ("politics/parliament", "nation/parliament")]).await;
    store.newsroom().category_update(Command::of(&by), &rename(store, "nation", "politics")).await.unwrap();
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
    let taken = store.newsroom().category_update(Command::of(&by), &rename(store, "politics", "economy")).await;
    assert_eq!(problem(taken), (ProblemCode::Taken, "slug".to_owned()));
    let unknown = CategoryUpdate { id: CategoryId::generate(), ..rename(store, "politics", "x") };
    let unknown = store.newsroom().category_update(Command::of(&by), &unknown).await;
    assert_eq!(problem(unknown), (ProblemCode::NotFound, "id".to_owned()));
    as_if_built_so(&portal).await;
}

#[apply(both_databases)]
#[tokio::test]
async fn a_category_made_where_another_one_was_takes_the_path_from_the_redirect(dialect: Dialect) {
    let portal = Portal::with_samples_at_any_cost(dialect).await;
    let (store, by) = (&portal.store, publisher(&[]));
    store.newsroom().category_update(Command::of(&by), &rename(store, "politics", "state")).await.unwrap();
    store.newsroom().category_create(Command::of(&by), &create(None, "Politics")).await.unwrap();
    one_hop(&portal).await;
    leads(&portal, &[("politics", "politics"), ("politics/parliament", "state/parliament")]).await;
    // What now becomes of the new one is its own affair.
    store.newsroom().category_update(Command::of(&by), &rename(store, "politics", "parties")).await.unwrap();
    leads(&portal, &[("politics", "parties"), ("politics/parliament", "state/parliament")]).await;
    one_hop(&portal).await;
}

#[apply(both_databases)]
#[tokio::test]
async fn a_moved_category_takes_its_entries_and_its_paths_along(dialect: Dialect) {
    let portal = Portal::with_samples_at_any_cost(dialect).await;
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
    store
        .newsroom()
        .category_move(Command::of(&by), &put(&store, "economy/energy", "politics/parliament"))
        .await
        .unwrap();
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
    store.newsroom().category_move(Command::of(&by), &put(&store, "politics/parliament/energy", "")).await.unwrap();
    leads(&portal, &[("economy/energy", "energy"), ("politics/parliament/energy", "energy")]).await;
    as_if_built_so(&portal).await;
    store.newsroom().category_move(Command::of(&by), &put(&store, "energy", "economy")).await.unwrap();
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

    let first = CategoryMove { position: Some(1), parent: NewParent::Unchanged, ..put(&store, "economy/energy", "") };
    store.newsroom().category_move(Command::of(&by), &first).await.unwrap();
    assert_eq!(store.reference().categories.children(Some(economy)).next().unwrap().id, energy);
    let below_itself =
        store.newsroom().category_move(Command::of(&by), &put(&store, "economy", "economy/energy")).await;
    assert_eq!(problem(below_itself), (ProblemCode::Invalid, "parentId".to_owned()));
    let lost = CategoryMove { parent: NewParent::Under(CategoryId::generate()), ..first };
    let lost = store.newsroom().category_move(Command::of(&by), &lost).await;
    assert_eq!(problem(lost), (ProblemCode::NotFound, "parentId".to_owned()));
}

#[apply(both_databases)]
#[tokio::test]
async fn siblings_come_in_the_order_they_are_given(dialect: Dialect) {
    let portal = Portal::with_samples_at_any_cost(dialect).await;
    let (store, by) = (&portal.store, publisher(&[]));
    for parent in [None, Some(at(store, "politics"))] {
        let mut order: Vec<_> = store.reference().categories.children(parent).map(|child| child.id).collect();
        order.reverse();
        let input = CategoryReorder { parent, order: order.clone() };
        store.newsroom().category_reorder(Command::of(&by), &input).await.unwrap();
        let seen: Vec<_> = store.reference().categories.children(parent).map(|child| child.id).collect();
        assert_eq!(seen, order, "{dialect:?}");
        let short = CategoryReorder { parent, order: order[1..].to_vec() };
        let short = store.newsroom().category_reorder(Command::of(&by), &short).await;
        assert_eq!(problem(short), (ProblemCode::Invalid, "categoryIds".to_owned()));
    }
    as_if_built_so(&portal).await;
}

#[tokio::test]
async fn a_move_touches_nothing_but_what_lies_below_the_category() {
    // PostgreSQL tells of each row which transaction wrote it.
    let portal = Portal::with_samples_at_any_cost(courant_persistence::Dialect::Postgres).await;
    let (store, by) = (&portal.store, publisher(&[]));
    let energy = at(store, "economy/energy");
    let sql = |touched: &str| {
        format!(
            "SELECT 1::bigint, count(*) FROM timeline_entry e JOIN timeline t ON t.id = e.timeline_id WHERE {touched} \
             (e.entry_id NOT IN (SELECT entry_id FROM edition WHERE category_id = {id}) OR t.scope NOT LIKE '%SUBTREE:%')",
            id = literal(store, energy)
        )
    };
    let xmin = numbers(&portal.database, "SELECT 1::bigint, txid_current()".to_owned()).await[0].1;
    let all = numbers(&portal.database, sql("")).await[0].1;
    store.newsroom().category_move(Command::of(&by), &put(store, "economy/energy", "politics")).await.unwrap();
    let rewritten = numbers(&portal.database, sql(&format!("e.xmin::text::bigint > {xmin} AND"))).await[0].1;
    assert!(all > 500 && rewritten == 0, "{rewritten} of {all}");
}

#[apply(both_databases)]
#[tokio::test]
async fn the_feed_of_a_new_category_takes_its_path_from_what_leads_away_from_there(dialect: Dialect) {
    let portal = Portal::with_samples_at_any_cost(dialect).await;
    let (store, by) = (&portal.store, publisher(&[]));
    store.newsroom().category_create(Command::of(&by), &create(None, "Chess")).await.unwrap();
    let reference = store.reference();
    let old = reference.feeds().iter().find(|feed| feed.slug.as_str() == "chess").unwrap();
    let renamed = FeedUpdate {
        id: old.id,
        slug: slug("board-games"),
        title: None,
        description: None,
        kinds: None,
        categories: None,
        include_descendants: None,
        tags: None,
        order: None,
    };
    store.newsroom().feed_update(Command::of(&by), &renamed).await.unwrap();
    assert_eq!(route(&portal, "/en/feeds/chess").await, "to /en/feeds/board-games");
    store.newsroom().category_update(Command::of(&by), &rename(store, "chess", "games")).await.unwrap();
    store.newsroom().category_create(Command::of(&by), &create(None, "Chess")).await.unwrap();
    assert_eq!(portal.database.broken().await, [""; 0], "{dialect:?}");
}
