//! Categories that are merged, and what names them.

use courant_domain::{
    change::{Action, ChangeKey, Subject},
    id::CategoryId,
    problem::ProblemCode,
    text::Localized,
};
use courant_persistence::{CategoryCreate, CategoryMerge, Command, Dialect};
use courant_tests::{Portal, apply, both_databases, dump::dump};

use super::support::{
    accounts, as_if_built_so, at, changed, create, grants, leads, literal, merge, numbers, one_hop, problem, publisher,
    slug, text,
};

#[apply(both_databases)]
#[tokio::test]
async fn merged_categories_are_one_for_entries_feeds_paths_and_limits(dialect: Dialect) {
    let portal = Portal::with_samples_at_any_cost(dialect).await;
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
    let feed = store.newsroom().feed_create(Command::of(&by), &feed).await.unwrap();
    let limited = [vec![society, energy], vec![energy], vec![at(store, "economy")]];
    let account = accounts(&portal.database, &limited).await;
    // A child with its parent's name comes to where its parent was.
    let twin = CategoryCreate { slug: slug("society"), ..create(Some(society), "Twin") };
    let twin = store.newsroom().category_create(Command::of(&by), &twin).await.unwrap();

    let editions = |category: CategoryId| {
        let sql = format!("SELECT id, version FROM edition WHERE category_id = {}", literal(store, category));
        numbers(&portal.database, sql)
    };
    let (moving, staying) = (editions(society).await, editions(politics).await);
    assert!(!moving.is_empty());
    let since = store.reference().seq;
    store
        .newsroom()
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
        changes.contains(&(ChangeKey::Category(society), Action::Removed))
            && changes.contains(&(ChangeKey::Category(politics), Action::Put))
    );
    assert!(changed(store, since, Subject::Feed).await.contains(&(ChangeKey::Feed(feed), Action::Put)));

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
        assert!(log.iter().any(|change| change.seq == *now && change.key.subject() == Subject::Edition));
    }
    assert_eq!(grants(&portal.database, account).await, [vec![politics], vec![politics], vec![at(store, "economy")]]);
    one_hop(&portal).await;
    as_if_built_so(&portal).await;
}

#[apply(both_databases)]
#[tokio::test]
async fn what_cannot_be_merged_is_refused_whole(dialect: Dialect) {
    let portal = Portal::with_samples_at_any_cost(dialect).await;
    let (store, by) = (&portal.store, publisher(&[]));
    let before = (dump(store).await, store.reference().seq);
    let refuse = async |input: CategoryMerge| problem(store.newsroom().category_merge(Command::of(&by), &input).await);
    let into_below = merge(store, &["economy", "politics"], "politics/parliament");
    assert_eq!(refuse(into_below).await, (ProblemCode::Invalid, "targetId".to_owned()));
    let into_itself = merge(store, &["politics"], "politics");
    assert_eq!(refuse(into_itself).await, (ProblemCode::Invalid, "targetId".to_owned()));
    let nothing = merge(store, &[], "politics");
    assert_eq!(refuse(nothing).await, (ProblemCode::Required, "sourceIds".to_owned()));
    let unknown = CategoryMerge { sources: vec![CategoryId::generate()], target: at(store, "politics") };
    assert_eq!(refuse(unknown).await, (ProblemCode::NotFound, "sourceIds.0".to_owned()));
    let unknown = CategoryMerge { sources: vec![at(store, "politics")], target: CategoryId::generate() };
    assert_eq!(refuse(unknown).await, (ProblemCode::NotFound, "targetId".to_owned()));
    assert_eq!((dump(store).await, store.reference().seq), before, "{dialect:?}");

    let same = CategoryCreate { slug: slug("parliament"), ..create(Some(at(store, "economy")), "Of trade") };
    store.newsroom().category_create(Command::of(&by), &same).await.unwrap();
    let before = (dump(store).await, store.reference().seq);
    // The first of the two could be merged; it is not, either.
    let clash = merge(store, &["society", "economy"], "politics");
    assert_eq!(refuse(clash).await, (ProblemCode::Taken, "sourceIds.1".to_owned()));
    assert_eq!((dump(store).await, store.reference().seq), before, "{dialect:?}");
}
