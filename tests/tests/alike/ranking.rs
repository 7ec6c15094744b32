//! What makes stories alike, one thing at a time.

use courant_persistence::Dialect;
use courant_tests::{alike::Alike, apply, both_databases};

use crate::support::{Room, Story, story};

async fn over(room: Room) -> Alike {
    Alike::over(room.database, room.store).await
}

#[apply(both_databases)]
#[tokio::test]
async fn a_rare_tag_counts_more_than_a_common_one(dialect: Dialect) {
    let room = Room::new(dialect).await;
    let [rare, common, _] = room.tags[..] else { panic!("three tags") };
    let mut stories = vec![
        story("own", room.far(0), 10).tagged(&[rare, common]),
        story("both", room.far(1), 1).tagged(&[common, rare]),
        story("rare", room.far(2), 2).tagged(&[rare]),
        story("nothing", room.far(8), 10),
    ];
    stories.extend((0..6).map(|number| story(&format!("common{number}"), room.far(3), number).tagged(&[common])));
    room.publish(stories).await;
    let alike = over(room).await;
    let titles = alike.titles("own", "en", 20).await;
    assert_eq!(titles[..3], ["both", "rare", "common5"], "{dialect:?}");
    assert_eq!(titles.len(), 8, "what has nothing in common is not there: {titles:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn the_same_category_counts_more_than_one_beside_or_above_it(dialect: Dialect) {
    let room = Room::new(dialect).await;
    room.publish(vec![
        story("own", room.city, 10),
        story("beside", room.land, 9),
        story("above", room.news, 8),
        story("same", room.city, 1),
        story("elsewhere", room.far(0), 10),
    ])
    .await;
    let alike = over(room).await;
    assert_eq!(alike.titles("own", "en", 20).await, ["same", "beside", "above"], "{dialect:?}");
    assert_eq!(alike.titles("above", "en", 20).await, ["beside", "own", "same"], "the children, by time");
}

#[apply(both_databases)]
#[tokio::test]
async fn texts_about_the_same_are_found_wherever_they_are_filed(dialect: Dialect) {
    let room = Room::new(dialect).await;
    room.publish(vec![
        story("own", room.news, 200)
            .saying("A glacier in the mountains feeds the reservoir. The glacier melts, the reservoir fills."),
        story("glaciers", room.far(0), 1).saying("How glaciers melt, and which reservoirs they fill in the mountains."),
        story("one-word", room.far(1), 1).saying("A mountain hut was opened for walkers, with bunks and a stove."),
        story("filed-alike", room.news, 1).saying("The theatre plays a comedy of errors."),
        story("neither", room.far(2), 200).saying("A chess champion lost to a pupil in a simultaneous display."),
    ])
    .await;
    let alike = over(room).await;
    assert_eq!(alike.titles("own", "en", 20).await, ["glaciers", "filed-alike", "one-word"], "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn of_those_otherwise_alike_the_closest_in_time_come_first(dialect: Dialect) {
    let room = Room::new(dialect).await;
    let days = [("before", 95), ("own", 100), ("after", 110), ("long-before", 10), ("long-after", 300)];
    room.publish(days.map(|(name, day)| story(name, room.news, day)).into()).await;
    let alike = over(room).await;
    let titles = alike.titles("own", "en", 20).await;
    assert_eq!(titles, ["before", "after", "long-before", "long-after"], "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn what_editors_chose_comes_first_and_nothing_that_repeats_it(dialect: Dialect) {
    let room = Room::new(dialect).await;
    let words = "The harbour basin was dredged by two ships from the north, which lifted silt, an anchor, and forty barrels \
                 that nobody had missed since the flood of the last century took the old pier and its crane away.";
    let chosen = story("chosen", room.far(0), 1).saying(words);
    let draft =
        story("twice", room.far(1), 2).saying("A comedy about two clockmakers opened the season at the theatre.");
    let ids = [draft.id, chosen.id, draft.id];
    room.publish(vec![
        chosen,
        draft,
        story("repeats", room.news, 10).saying(&words.replace("forty barrels", "fifty barrels")),
        story("filed-alike", room.news, 9),
        story("own", room.news, 10).choosing(&ids),
    ])
    .await;
    let alike = over(room).await;
    assert_eq!(alike.titles("own", "en", 20).await, ["twice", "chosen", "filed-alike"], "{dialect:?}");
    assert_eq!(alike.titles("own", "en", 1).await, ["twice"]);
    assert_eq!(alike.titles("filed-alike", "en", 20).await.len(), 2, "for others, it is as good as another one");
}

/// Long enough to be told apart by its runs of words.
const NEWS: &str = "The new bridge over the river was opened by the mayor in the morning. It is four hundred metres long and took \
                    three years to build. Trams will cross it from next spring on, the works committee said. The old bridge stays \
                    open to walkers, and its piers are to be mended before the ice comes.";

#[apply(both_databases)]
#[tokio::test]
async fn what_says_the_same_is_shown_once(dialect: Dialect) {
    let room = Room::new(dialect).await;
    let other = "The tram line to the harbour gets new tracks, and the works committee asks for patience: for three weeks buses run \
                 from the market to the river, where walkers take the old bridge.";
    room.publish(vec![
        story("own", room.news, 10).saying(other),
        story("bridge", room.news, 0).saying(NEWS),
        story("bridge-again", room.news, -5).saying(&NEWS.replace("in the morning", "this morning")),
        story("bridge-elsewhere", room.far(0), -6).saying(&NEWS.replace("three years", "four years")),
        story("own-again", room.news, 10).saying(&other.replace("three weeks", "four weeks")),
    ])
    .await;
    let mut alike = over(room).await;
    assert_eq!(alike.titles("own", "en", 20).await, ["bridge"], "{dialect:?}: nor is the story itself told again");
    // One that comes later, and is closer, takes its place.
    let news = alike.portal.store.reference().categories.by_path("news").unwrap().id;
    let newest = story("bridge-newest", news, 10).saying(&NEWS.replace("spring", "summer"));
    courant_import::merge(&alike.portal.store, vec![newest], "test").await.unwrap();
    alike.follow().await;
    assert_eq!(alike.titles("own", "en", 20).await, ["bridge-newest"], "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn a_story_is_one_in_all_its_languages(dialect: Dialect) {
    let room = Room::new(dialect).await;
    room.publish(vec![
        story("own", room.news, 10).in_russian("own по-русски"),
        story("both", room.news, 9).in_russian("both по-русски"),
        story("english", room.news, 8),
        story("russian", room.news, 7).only_in_russian(),
    ])
    .await;
    let alike = over(room).await;
    assert_eq!(alike.titles("own", "en", 20).await, ["both", "english"], "{dialect:?}");
    assert_eq!(
        alike.titles("own", "ru", 20).await,
        ["both по-русски", "english", "russian"],
        "with what they fall back to"
    );
    assert_eq!(alike.titles("russian", "ru", 1).await, ["english"]);
}
