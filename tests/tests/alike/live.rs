//! What is not live is not shown, whatever the lists say; and however many parents there are, one statement brings what goes with them.

use courant_domain::{access::Viewer, edition::Ending, id::EntryId, locale::Locale};
use courant_persistence::{Command, Dialect, EntryUnpublish};
use courant_server::{AnswerCache, Config};
use courant_tests::{Portal, alike::Alike, apply, both_databases};
use courant_workers::{Follower, followers::RelatedLists};

use crate::support::{Room, Story, locale, story};

async fn unpublish(alike: &Alike, entry: EntryId, locale: Locale, ending: Ending) {
    let input = EntryUnpublish { entry, locale, ending, at: None };
    alike.portal.store.newsroom().entry_unpublish(Command::of(&Viewer::program()), &input).await.unwrap();
}

#[apply(both_databases)]
#[tokio::test]
async fn whatever_is_taken_back_is_gone_at_once(dialect: Dialect) {
    let room = Room::new(dialect).await;
    let names = ["noticed", "redirected", "gone", "vanished", "stays"];
    let stories = names.map(|name| story(name, room.news, 5).in_russian(&format!("{name} ru")));
    let ids = stories.each_ref().map(|story| story.id);
    room.publish(stories.into_iter().chain([story("own", room.news, 5).in_russian("own ru")]).collect()).await;
    let mut alike = Alike::over(room.database, room.store).await;
    let sorted = async |alike: &Alike, locale: &str| {
        let mut titles = alike.titles("own", locale, 20).await;
        titles.sort();
        titles
    };
    assert_eq!(sorted(&alike, "en").await, ["gone", "noticed", "redirected", "stays", "vanished"], "{dialect:?}");
    let endings = [
        Ending::Notice("It was wrong.".to_owned()),
        Ending::Redirect("/en/articles/stays".to_owned()),
        Ending::Gone,
        Ending::Vanish,
    ];
    for (at, ending) in endings.into_iter().enumerate() {
        unpublish(&alike, ids[at], Locale::ENGLISH, ending).await;
        // Nobody has followed.
        let left: Vec<&str> = ["gone", "noticed", "redirected", "stays", "vanished"]
            .into_iter()
            .filter(|name| !names[..=at].contains(name))
            .collect();
        assert_eq!(sorted(&alike, "en").await, left, "{dialect:?}");
    }
    let in_russian = ["gone ru", "noticed ru", "redirected ru", "stays ru", "vanished ru"];
    assert_eq!(sorted(&alike, "ru").await, in_russian, "in the other language, they are live");
    alike.follow().await;
    assert_eq!(sorted(&alike, "en").await, ["stays"]);
    assert_eq!(sorted(&alike, "ru").await, in_russian);
    for entry in ids {
        unpublish(&alike, entry, locale("ru"), Ending::Vanish).await;
    }
    assert_eq!(sorted(&alike, "ru").await, ["stays"], "{dialect:?}: in Russian, the English one");
    alike.follow().await;
    assert_eq!(sorted(&alike, "ru").await, ["stays"]);
    // The one that can be read with a notice has what goes with it, and is in nobody's list.
    assert_eq!(alike.titles("noticed", "en", 1).await.len(), 1);
    assert_eq!(alike.portal.database.broken().await, Vec::<String>::new());
}

#[apply(both_databases)]
#[tokio::test]
async fn a_draft_that_was_chosen_is_not_shown(dialect: Dialect) {
    let room = Room::new(dialect).await;
    let mut draft = story("draft", room.news, 5);
    draft.versions[0].state = courant_domain::workflow::State::Draft;
    draft.versions[0].published_at = None;
    let own = story("own", room.news, 5).choosing(&[draft.id]);
    room.publish(vec![draft, own, story("other", room.news, 5)]).await;
    let alike = Alike::over(room.database, room.store).await;
    assert_eq!(alike.titles("own", "en", 20).await, ["other"], "{dialect:?}");
    assert_eq!(alike.titles("other", "en", 20).await, ["own"]);
}

#[apply(both_databases)]
#[tokio::test]
async fn it_is_one_statement_for_1_parent_and_for_100(dialect: Dialect) {
    let room = Room::new(dialect).await;
    room.publish((0..100).map(|number| story(&format!("story{number}"), room.news, number)).collect()).await;
    RelatedLists::new(room.store.clone()).rebuild().await.unwrap();
    let config = Config { answers: AnswerCache::off(), ..Portal::config() };
    let portal = Portal::configured(room.database, room.store, config).await;
    for (first, parents) in [(1, 1), (100, 100)] {
        let query =
            format!("{{ articles(first: {first}) {{ nodes {{ title related(first: 4) {{ title locale }} }} }} }}");
        let answer = portal.query(&query).await;
        let nodes = answer.data()["articles"]["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), parents);
        for node in nodes {
            let related = node["related"].as_array().unwrap();
            assert!(related.len() == 4 && related.iter().all(|other| other["title"] != node["title"]), "{node}");
        }
        assert_eq!(answer.statements.len(), 2, "{dialect:?}: {:#?}", answer.statements);
    }
    // Different numbers, and other fields, of the same parents are one as well.
    let query =
        "{ articles(first: 50) { nodes { a: related(first: 2) { title } b: related(first: 7) { summary path } } } }";
    let answer = portal.query(query).await;
    let node = &answer.data()["articles"]["nodes"][0];
    assert_eq!([&node["a"], &node["b"]].map(|list| list.as_array().unwrap().len()), [2, 7]);
    assert_eq!(answer.statements.len(), 2, "{dialect:?}: {:#?}", answer.statements);
}

#[apply(both_databases)]
#[tokio::test]
async fn until_a_list_is_made_the_newest_of_the_category_stand_for_it(dialect: Dialect) {
    let room = Room::new(dialect).await;
    room.publish(vec![story("own", room.news, 5), story("older", room.news, 4), story("newer", room.news, 9)]).await;
    let mut alike = Alike::over(room.database, room.store).await;
    assert_eq!(alike.titles("own", "en", 20).await, ["older", "newer"], "{dialect:?}");
    courant_import::merge(&alike.portal.store, vec![story("fresh", room.news, 6)], "test").await.unwrap();
    assert_eq!(alike.titles("fresh", "en", 20).await, ["newer", "own", "older"], "{dialect:?}");
    assert_eq!(alike.titles("own", "en", 20).await, ["older", "newer"], "it is in no list yet");
    alike.follow().await;
    assert_eq!(alike.titles("fresh", "en", 20).await, ["own", "older", "newer"], "{dialect:?}");
    assert_eq!(alike.titles("own", "en", 20).await, ["fresh", "older", "newer"], "{dialect:?}");
}
