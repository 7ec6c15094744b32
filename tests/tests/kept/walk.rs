//! The walk: something is changed, something is asked, of servers that keep answers and of one that does not.

use std::collections::HashMap;

use courant_domain::access::Role;
use courant_persistence::Dialect;
use courant_server::{AnswerCache, Config};
use courant_tests::{Portal, TestDatabase, apply, both_databases};
use courant_workers::{Follower, followers::RelatedLists};
use serde_json::{Value, json};

use crate::{chance::Chance, changes::World, questions::question};

/// How many steps are walked; `COURANT_TEST_WALK_STEPS` asks for more, and `COURANT_TEST_WALK_SEED` for another way.
const STEPS: u64 = 4_000;

/// How many questions are asked again and again.
const USUAL: usize = 60;

fn keeping(bytes: u64, object_bytes: u64) -> Config {
    let mut config = Portal::config();
    config.answers = AnswerCache { bytes, object_bytes, ..AnswerCache::default() };
    config.limits.cost = u64::MAX;
    config
}

#[expect(clippy::disallowed_methods, reason = "how long `just soak` walks")]
pub(crate) fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(usual)
}

#[apply(both_databases)]
#[tokio::test]
async fn no_answer_is_older_than_what_was_changed(dialect: Dialect) {
    let (steps, seed) = (setting("COURANT_TEST_WALK_STEPS", STEPS), setting("COURANT_TEST_WALK_SEED", 1));
    let first = Portal::with_samples(dialect).await;
    let open = async |bytes, object_bytes| {
        // An embedded database is one process', which knows of all changes.
        let store = match dialect {
            Dialect::Sqlite => first.store.clone(),
            Dialect::Postgres => first.database.open().await,
        };
        Portal::configured(TestDatabase::of_the_same(&first.database), store, keeping(bytes, object_bytes)).await
    };
    // One keeps answers and what they are made of, one only the latter.
    let (plain, nodes) = (open(0, 0).await, [open(8 << 20, 4 << 20).await, open(0, 8 << 20).await]);
    let admin = first.as_role(Role::Admin).await;
    let mut world = World::of(&plain, &admin.token).await;
    let mut lists = RelatedLists::new(plain.store.clone());
    let mut listed = lists.rebuild().await.unwrap();
    for node in &nodes {
        node.store.related().refresh().await.unwrap();
    }
    let mut chance = Chance::of(seed);
    let mut done: Vec<String> = Vec::new();
    let mut seen: HashMap<(usize, String), (String, usize)> = HashMap::new();
    let mut usual = Vec::new();
    let (mut asked, mut changed, mut hits, mut needless, mut stale) = ([0; 2], 0, 0, 0, 0);
    let mut without_statements = 0;
    for _ in 0..steps {
        if chance.happens(6) {
            let at = chance.below(3);
            let done_now = world.change([&plain, &nodes[0], &nodes[1]][at], &mut chance).await;
            changed += 1;
            done.push(format!("{changed} on {at}: {done_now}"));
            // The others are told by the database.
            for portal in [&plain, &nodes[0], &nodes[1]] {
                portal.store.refresh().await.unwrap();
            }
            // What goes with entries follows, now and then.
            if changed % 4 == 0 {
                let changes = plain.store.changes(listed, 1000).await.unwrap();
                lists.apply(&changes).await.unwrap();
                listed = changes.last().map_or(listed, |change| change.seq);
                for node in &nodes {
                    node.store.related().refresh().await.unwrap();
                }
            }
        } else {
            // The same is asked again and again, as readers do.
            let query = if usual.len() < USUAL || chance.happens(30) {
                question(&mut chance, &world)
            } else {
                chance.one(&usual).cloned().unwrap_or_default()
            };
            if usual.len() < USUAL {
                usual.push(query.clone());
            } else if chance.happens(10) {
                let at = chance.below(USUAL);
                usual[at].clone_from(&query);
            }
            let node = chance.below(2);
            let body = json!({ "query": query });
            let (kept, made) = (nodes[node].post(&body).await, plain.post(&body).await);
            asked[node] += 1;
            without_statements += usize::from(node == 1 && kept.statements.is_empty() && !made.statements.is_empty());
            let how = kept.header("cache-status");
            let is_stale = how.contains("fwd=stale");
            hits += usize::from(how.ends_with("; hit"));
            let last = seen.insert((node, query.clone()), (kept.text.clone(), done.len()));
            if is_stale {
                stale += 1;
                if let Some((_, at)) = last.filter(|(text, _)| *text == kept.text) {
                    needless += 1;
                    if setting("COURANT_TEST_WALK_TELL", 0) > 0 {
                        println!("needless: {query}\n  {}", done[at..].join("\n  "));
                    }
                }
            }
            assert_eq!(
                kept.text,
                made.text,
                "seed {seed}, node {node}: {query}\nlast changes:\n{}",
                done[done.len().saturating_sub(12)..].join("\n")
            );
            note_cursor(&mut world, &made.body);
        }
    }
    println!(
        "{dialect:?}: {asked:?} asked, {changed} changed, {hits} kept, {stale} stale, of which {needless} needlessly; \
         {without_statements} made without a statement"
    );
    assert!(hits * 10 > asked[0], "hardly anything was kept: {hits} of {asked:?}");
    assert!(without_statements * 10 > asked[1], "hardly anything was in memory: {without_statements} of {asked:?}");
    assert_eq!(plain.database.broken().await, Vec::<String>::new());
}

fn note_cursor(world: &mut World, body: &Value) {
    let page = &body["data"]["articles"]["pageInfo"]["endCursor"];
    if let (Some(cursor), true) = (page.as_str(), world.cursors.len() < 30) {
        world.cursors.extend(crate::questions::LOCALES.map(|locale| (locale.to_owned(), cursor.to_owned())));
    }
}
