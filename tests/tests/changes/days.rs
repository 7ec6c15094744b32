//! Acts that come into force and end by their days.

use courant_persistence::{ChangeFilter, Departed, Dialect, Store};
use courant_tests::{apply, both_databases};
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date};
use serde_json::json;

use crate::desk::Desk;

const DAY: SignedDuration = SignedDuration::from_hours(24);

#[apply(both_databases)]
#[tokio::test]
async fn a_day_that_comes_is_told_once_for_each_act_whose_status_it_changes(dialect: Dialect) {
    let portal = Desk::portal(dialect).await;
    let desk = Desk::of(&portal).await;
    let store = &portal.store;
    let now = store.now();
    let today = store.newsroom().day(now).0;
    let told = store.newsroom().days_tell(now).await.unwrap();
    assert_eq!((told.until, told.changes), (today, 0), "{dialect:?}: from here on it is told");

    let on = |days: i64| -> Date { today.checked_add(days.days()).unwrap() };
    let text = |days: i64| Some(on(days).to_string());
    desk.decree("begins", text(1), None).await;
    desk.decree("begins-and-ends", text(1), text(3)).await;
    desk.decree("begins-later", text(2), None).await;
    desk.decree("far-away", text(400), None).await;
    let before = desk.head().await;
    let versions = versions(store).await;
    assert_eq!(store.newsroom().days_tell(now).await.unwrap().changes, 0);
    assert_eq!(desk.head().await, before, "{dialect:?}: nothing is told of a day that was told");

    // The first day comes on two nodes at once.
    let other = Store::open(&portal.database.options).await.unwrap();
    let (here, there) = (store.newsroom(), other.newsroom());
    let (one, two) = tokio::join!(here.days_tell(now + DAY), there.days_tell(now + DAY));
    assert_eq!(one.unwrap().changes + two.unwrap().changes, 2, "{dialect:?}");
    store.refresh().await.unwrap();
    let changes = desk.since(&before, "{}").await;
    let told: Vec<_> = changes.iter().map(|change| (&change["action"], &change["path"], &change["day"])).collect();
    let (forced, day) = (json!("FORCE_CHANGED"), json!(text(1)));
    let (begins, both) = (json!("/en/decrees/begins"), json!("/en/decrees/begins-and-ends"));
    assert_eq!(told, [(&forced, &begins, &day), (&forced, &both, &day)], "{dialect:?}");
    assert_eq!(changes[0]["node"]["__typename"], "Decree");

    // Two days on which nothing ran come together, in order, each with what it brings.
    let before = desk.head().await;
    assert_eq!(store.newsroom().days_tell(now + DAY * 3).await.unwrap().changes, 2, "{dialect:?}");
    let told: Vec<_> = desk.since(&before, "{ kinds: [DECREE], categories: [\"politics\"] }").await;
    let told: Vec<_> = told.iter().map(|change| (change["path"].clone(), change["day"].clone())).collect();
    let later = json!("/en/decrees/begins-later");
    assert_eq!(told, [(later, json!(text(2))), (both, json!(text(3)))], "{dialect:?}");

    // Nothing of what they are has changed.
    assert_eq!(self::versions(store).await, versions, "{dialect:?}");
    // The days were told before they came: that is all there is to say against it.
    let mut broken = portal.database.broken().await;
    broken.retain(|finding| !finding.starts_with("change-log-days"));
    assert_eq!(broken, [""; 0], "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn notices_are_those_of_when_they_were_given_on_every_server(dialect: Dialect) {
    let portal = Desk::portal(dialect).await;
    let desk = Desk::of(&portal).await;
    let store = &portal.store;
    let (now, today) = (store.now(), store.newsroom().day(store.now()).0);
    store.newsroom().days_tell(now).await.unwrap();
    let told = async |store: &Store| {
        let reference = store.reference();
        let all =
            store.live().departures(Departed::Withdrawn, &ChangeFilter::default(), now - DAY, 10, &reference).await;
        all.unwrap().0.iter().map(|change| (change.seq, change.action, change.at)).collect::<Vec<_>>()
    };
    let other = async || Store::open(&portal.database.options).await.unwrap();
    let act = desk.decree("begins", Some(today.checked_add(1.days()).unwrap().to_string()), None).await;
    let begun = told(store).await;
    desk.end(&act, json!({ "notice": "Not yet." })).await;
    let given = told(store).await;
    assert_eq!(given.len(), begun.len() + 1, "{dialect:?}");

    // The day comes on which it would have begun.
    assert_eq!(store.newsroom().days_tell(now + DAY).await.unwrap().changes, 1, "{dialect:?}");
    store.refresh().await.unwrap();
    assert_eq!(told(store).await, given, "{dialect:?}");
    assert_eq!(told(&other().await).await, given, "{dialect:?}");

    // What is filed elsewhere has its notice since when it got it.
    let [from, into] = [desk.category("politics").await, desk.category("economy").await];
    desk.mutate("mergeCategories", json!({ "sourceIds": [from], "targetId": into })).await;
    let filed = told(store).await;
    assert!(filed[0].0 > given[0].0 && filed[0].2 == given[0].2, "{dialect:?} {given:?} {filed:?}");
    assert_eq!(told(&other().await).await, filed, "{dialect:?}");
}

/// The numbers of the changes that made what is live what it is: what has an edition's `ETag` go by.
async fn versions(store: &Store) -> Vec<String> {
    let mut export = Vec::new();
    let extent = courant_persistence::dump::Extent::Published;
    store.admin().write_dump(extent, &mut export, |_, _| ()).await.unwrap();
    String::from_utf8(export).unwrap().lines().map(str::to_owned).collect()
}

#[apply(both_databases)]
#[tokio::test]
async fn the_site_s_time_zone_says_when_a_day_comes(dialect: Dialect) {
    let portal = Desk::portal(dialect).await;
    let desk = Desk::of(&portal).await;
    let store = &portal.store;
    let zone = async |name: &str| {
        desk.mutate("updateSite", json!({ "timeZone": name })).await;
    };
    zone("UTC").await;
    // Noon of a day in UTC: fourteen hours further east it is the next one already.
    let noon: Timestamp = format!("{}T12:00:00Z", store.newsroom().day(store.now()).0).parse().unwrap();
    let tomorrow = store.newsroom().day(noon + DAY).0;
    store.newsroom().days_tell(noon).await.unwrap();
    desk.decree("tomorrow", Some(tomorrow.to_string()), None).await;
    assert_eq!(store.newsroom().days_tell(noon).await.unwrap().changes, 0, "{dialect:?}");
    zone("Pacific/Kiritimati").await;
    let told = store.newsroom().days_tell(noon).await.unwrap();
    assert_eq!((told.until, told.changes), (tomorrow, 1), "{dialect:?}");

    // Back again, it is yesterday, and the day comes once more.
    zone("UTC").await;
    let told = store.newsroom().days_tell(noon).await.unwrap();
    assert_eq!((told.until, told.changes), (tomorrow.yesterday().unwrap(), 0), "{dialect:?}");
    assert_eq!(store.newsroom().days_tell(noon + DAY).await.unwrap().changes, 1, "{dialect:?}");
    // By the clock of whoever runs this, the day may still be to come.
    let mut broken = portal.database.broken().await;
    broken.retain(|finding| !finding.starts_with("change-log-days"));
    assert_eq!(broken, [""; 0], "{dialect:?}");
}
