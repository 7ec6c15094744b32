//! Kept answers end when a list does that they were made of, and not when another one does.

use courant_persistence::Dialect;
use courant_tests::{Portal, TestDatabase, alike::Alike, apply, both_databases};
use courant_workers::{Periodic, periodic::RelatedNews};

use crate::support::{Room, Story, story};

const QUERY: &str = "{ article(by: { slug: \"own\" }) { related(first: 20) { title } } }";

async fn asked(portal: &Portal) -> (Vec<String>, bool) {
    let answer = portal.query(QUERY).await;
    let related = answer.data()["article"]["related"].as_array().unwrap();
    let titles = related.iter().map(|it| it["title"].as_str().unwrap().to_owned()).collect();
    (titles, answer.header("cache-status").ends_with("; hit"))
}

#[apply(both_databases)]
#[tokio::test]
async fn an_answer_ends_with_its_list(dialect: Dialect) {
    let room = Room::new(dialect).await;
    let other = story("other", room.news, 4);
    room.publish(vec![story("own", room.news, 5), other, story("apart", room.far(1), 5)]).await;
    let (news, far) = (room.news, room.far(1));
    let mut alike = Alike::over(room.database, room.store).await;
    // A server beside it, which learns of lists by the database alone. An embedded database has one process.
    let beside = match dialect {
        Dialect::Sqlite => alike.portal.store.clone(),
        Dialect::Postgres => alike.portal.database.open().await,
    };
    let beside = Portal::over(TestDatabase::of_the_same(&alike.portal.database), beside).await;
    let mut news_beside = RelatedNews::new(beside.store.clone());
    let titles = |titles: &[&str]| titles.iter().map(|title| (*title).to_owned()).collect::<Vec<_>>();
    for portal in [&alike.portal, &beside] {
        assert_eq!(asked(portal).await, (titles(&["other"]), false), "{dialect:?}");
        assert_eq!(asked(portal).await, (titles(&["other"]), true));
    }
    // Another list gets something: whatever was made of this one holds.
    courant_import::merge(&alike.portal.store, vec![story("farther", far, 6)], "test").await.unwrap();
    alike.follow().await;
    news_beside.run().await.unwrap();
    beside.store.refresh().await.unwrap();
    for portal in [&alike.portal, &beside] {
        assert_eq!(asked(portal).await, (titles(&["other"]), true), "{dialect:?}");
    }
    // This one does: what was not yet followed is not known, and then it is.
    courant_import::merge(&alike.portal.store, vec![story("fresh", news, 5)], "test").await.unwrap();
    beside.store.refresh().await.unwrap();
    assert_eq!(asked(&alike.portal).await.0, titles(&["other"]));
    alike.follow().await;
    assert_eq!(asked(&alike.portal).await, (titles(&["fresh", "other"]), false), "{dialect:?}");
    assert_eq!(asked(&alike.portal).await, (titles(&["fresh", "other"]), true));
    news_beside.run().await.unwrap();
    assert_eq!(asked(&beside).await.0, titles(&["fresh", "other"]), "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn the_first_lists_end_what_was_answered_without(dialect: Dialect) {
    let room = Room::new(dialect).await;
    let rare = [room.tags[0]];
    room.publish(vec![
        story("own", room.news, 5).tagged(&rare),
        story("newest", room.news, 9),
        story("tagged", room.news, 1).tagged(&rare),
    ])
    .await;
    let portal = Portal::over(TestDatabase::of_the_same(&room.database), room.store.clone()).await;
    assert_eq!(asked(&portal).await.0, ["newest", "tagged"], "{dialect:?}");
    assert!(asked(&portal).await.1);
    let alike = Alike::over(room.database, room.store).await;
    assert_eq!(asked(&portal).await, (vec!["tagged".to_owned(), "newest".to_owned()], false), "{dialect:?}");
    drop(alike);
}

#[apply(both_databases)]
#[tokio::test]
async fn what_goes_live_in_a_language_shows_at_once_where_it_is_in_the_list(dialect: Dialect) {
    let room = Room::new(dialect).await;
    let russian = story("russian", room.news, 5).only_in_russian();
    let english = { story("russian", room.news, 5).in_russian("russian") };
    let english = courant_import::Incoming { id: russian.id, origin: russian.origin.clone(), ..english };
    room.publish(vec![story("own", room.news, 5), russian, story("other", room.news, 1)]).await;
    let alike = Alike::over(room.database, room.store).await;
    assert_eq!(asked(&alike.portal).await.0, ["other"], "{dialect:?}: it is not there in English");
    assert!(asked(&alike.portal).await.1);
    courant_import::merge(&alike.portal.store, vec![english], "test").await.unwrap();
    assert_eq!(asked(&alike.portal).await, (vec!["russian".to_owned(), "other".to_owned()], false), "{dialect:?}");
}
