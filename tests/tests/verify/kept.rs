//! Whatever Courant does keeps the rules.

use courant_domain::{access::Viewer, category::Category, locale::Locale, slug::Slug, text::Localized};
use courant_persistence::{
    CategoryMerge, CategoryMove, CategoryUpdate, Checked, Command, Dialect, FeedPin, NewParent, ReferenceData, verify,
};
use courant_tests::{TestDatabase, apply, both_databases};
use jiff::{SignedDuration, Timestamp};

use crate::support::{article, edit};

#[apply(both_databases)]
#[tokio::test]
async fn whatever_reorders_the_newsroom_keeps_the_rules(dialect: Dialect) {
    let database = TestDatabase::migrated(dialect).await;
    let store = database.open().await;
    courant_fixtures::samples::seed(&store).await.unwrap();
    edit(&store).await;
    let program = Viewer::program();
    let by = || Command::of(&program);
    let at = |path: &str| store.reference().categories.by_path(path).unwrap().id;
    let tops: Vec<_> = store.reference().categories.children(None).map(|top| top.id).collect();
    let politics = at("politics");
    let other = *tops.iter().find(|id| **id != politics).unwrap();
    let slug = |slug: &str| Some(Slug::parse(slug).unwrap());
    let rename = CategoryUpdate { id: politics, slug: slug("state"), title: None, description: None };
    store.newsroom().category_update(by(), &rename).await.unwrap();
    let put = CategoryMove { id: politics, parent: NewParent::Under(other), position: None };
    store.newsroom().category_move(by(), &put).await.unwrap();
    assert_eq!(database.broken().await, [""; 0], "{dialect:?}: moved");
    let put = CategoryMove { id: politics, parent: NewParent::Top, position: None };
    store.newsroom().category_move(by(), &put).await.unwrap();
    let rename = CategoryUpdate { slug: slug("politics"), ..rename };
    store.newsroom().category_update(by(), &rename).await.unwrap();
    assert_eq!(database.broken().await, [""; 0], "{dialect:?}: and back");
    let draft = article(&store, "pinned", 1).await.entry;
    let feed = store.reference().feed_by_slug(&Slug::parse("last-news").unwrap()).unwrap().id;
    store.newsroom().feed_pin(by(), &FeedPin { feed, entry: draft, position: None }).await.unwrap();
    let deleted = store.newsroom().entry_delete(by(), draft).await.unwrap();
    assert_eq!(database.broken().await, [""; 0], "{dialect:?}: deleted {deleted}, which was pinned");
    let merge = CategoryMerge { sources: vec![politics], target: other };
    store.newsroom().category_merge(by(), &merge).await.unwrap();
    assert_eq!(database.broken().await, [""; 0], "{dialect:?}: merged");
    let data = ReferenceData {
        categories: vec![Category {
            id: politics,
            parent: None,
            position: 1,
            slug: Slug::parse("politics").unwrap(),
            title: Localized::single(Locale::ENGLISH, "Politics"),
            description: Localized::default(),
        }],
        ..ReferenceData::default()
    };
    store.newsroom().reference_put(&data).await.unwrap();
    assert_eq!(database.broken().await, [""; 0], "{dialect:?}: what led away from what was imported again");
}

#[apply(both_databases)]
#[tokio::test]
async fn whatever_makes_live_rows_keeps_the_rules(dialect: Dialect) {
    let database = TestDatabase::migrated(dialect).await;
    let checked = verify(&database.options, |finding| panic!("{finding}")).await.unwrap();
    let from_the_start = Checked { feeds: 2, changes: 2, ..Checked::default() };
    assert_eq!(checked, from_the_start, "{dialect:?}: nothing else is there yet");
    let store = database.open().await;
    courant_fixtures::samples::seed(&store).await.unwrap();
    edit(&store).await;
    let site = store.reference().site.clone();
    let mut other = site.clone();
    for locale in &mut other.locales {
        locale.fallbacks.clear();
    }
    store.newsroom().site_put(&other).await.unwrap();
    assert_eq!(database.broken().await, [""; 0], "{dialect:?}: without fallbacks");
    other.locales.retain(|locale| locale.tag.as_str() != "tk");
    store.newsroom().site_put(&other).await.unwrap();
    assert_eq!(database.broken().await, [""; 0], "{dialect:?}: without a language");
    store.newsroom().site_put(&site).await.unwrap();
    assert_eq!(database.broken().await, [""; 0], "{dialect:?}: and back");
    let later = Timestamp::now() + SignedDuration::from_hours(3);
    assert_eq!(store.newsroom().due_run(later).await.unwrap().len(), 2);
    let checked = verify(&database.options, |finding| panic!("{finding}")).await.unwrap();
    assert!(checked.entries > 100 && checked.editions > 200 && checked.places > 1000, "{checked:?}");
    assert!(checked.redirects > 3 && checked.audits > 20, "{checked:?}");
}
