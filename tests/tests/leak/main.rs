//! Nobody finds what they shall not read: every draft, every withdrawn text and every plan holds words that stand
//! nowhere else, and a walk through all that the server answers finds none of them.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod base;
mod hidden;
mod pages;
mod pools;
mod schema;
mod selection;
mod twins;
mod walk;
mod words;

use std::collections::BTreeSet;

use courant_persistence::Dialect;
use courant_tests::{Portal, TestDatabase, dump};

use self::{
    base::Base,
    hidden::{Hidden, People, in_public},
    pools::Pools,
    twins::{Twins, generous},
    words::{HIDDEN, PUBLIC, Words, words_in},
};

/// Fields of the delivery schema that an anonymous reader never has an answer to, or never one but null.
const NEVER: [(&str, &str, &str); 1] = [("Query", "editorial", "for viewers who have shown who they are")];

/// A portal with nothing in it, which answers what no other would: the walk asks for everything at once.
async fn portal(dialect: Dialect) -> Portal {
    let database = TestDatabase::migrated(dialect).await;
    let store = database.open().await;
    Portal::configured(database, store, generous()).await
}

async fn walk(dialect: Dialect) {
    let people = People::new();
    let base = Base::new(Words::new(PUBLIC), &people.author);
    let (full, twin) = (portal(dialect).await, portal(dialect).await);
    base.load(&full.store).await;
    base.load(&twin.store).await;
    in_public(&twin.store, &people, &base).await;
    let hidden = Hidden::plant(&full.store, &people, &base, Words::new(HIDDEN)).await;

    // What readers may have of it, in a third one.
    let mut export = Vec::new();
    courant::export_published(&full.store, &mut export).await.unwrap();
    let export = String::from_utf8(export).unwrap();
    assert_eq!(words_in(HIDDEN, &export), gone_addresses(), "the export for readers");
    assert_eq!(&words_in(PUBLIC, &export) & &base.overtaken(), BTreeSet::new(), "the export for readers");
    for person in [&people.author, &people.colleague, &people.editor, &people.publisher] {
        assert!(!export.contains(person.actor.as_str()), "the export for readers names {}", person.name);
    }
    let restored = portal(dialect).await;
    let lines: Vec<String> = export.lines().map(str::to_owned).collect();
    dump::restore(&restored.store, &lines).await;

    let pools = Pools::new(&base, &hidden);
    let portals = vec![("with everything", &full), ("without what is hidden", &twin), ("of the export", &restored)];
    let mut twins = Twins::new(portals).await;
    twins.overtaken = base.overtaken();
    let without = ["editorial"];
    walk::every_field(&mut twins, &without).await;
    walk::every_argument(&mut twins, &pools, &without).await;
    walk::every_page(&mut twins, &pools, &without).await;
    walk::every_mistake(&mut twins, &pools).await;
    pages::every_page(&mut twins, &hidden).await;

    let missed: BTreeSet<_> = &(&base.words.all() - &twins.found) - &twins.overtaken;
    assert!(missed.is_empty(), "the walk did not come past {missed:?}");
    let fields: Vec<(String, String)> = twins
        .schema
        .reachable(&without)
        .keys()
        .flat_map(|ty| twins.schema.get(ty).fields.iter().map(move |field| (ty.clone(), field.name.clone())))
        .collect();
    let answered = |field: &&(String, String)| twins.coverage.0.get(*field).is_some_and(|(_, some)| *some > 0);
    let unanswered: Vec<_> = fields.iter().filter(|field| !answered(field)).collect();
    let expected: Vec<_> = NEVER.iter().map(|(ty, field, _)| ((*ty).to_owned(), (*field).to_owned())).collect();
    assert_eq!(unanswered, expected.iter().collect::<Vec<_>>(), "fields that the walk had no answer of");
    eprintln!("{dialect:?}: {} fields, {} requests", fields.len(), twins.requests);
}

/// Addresses that readers are told are gone, or lead elsewhere: they were the hidden texts' once, and stay public.
fn gone_addresses() -> BTreeSet<String> {
    ["gone", "away"].map(|label| format!("{HIDDEN}{label}slugen")).into()
}

#[tokio::test]
async fn readers_find_nothing_on_sqlite() {
    walk(Dialect::Sqlite).await;
}

#[tokio::test]
async fn readers_find_nothing_on_postgres() {
    walk(Dialect::Postgres).await;
}
