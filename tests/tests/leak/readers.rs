//! What an anonymous reader finds: the same as where nothing is hidden.

use std::collections::BTreeSet;

use courant_persistence::{Dialect, dump::Extent};
use courant_tests::dump;

use crate::{
    base::{self, Base},
    empty_portal,
    hidden::{Hidden, People, in_public},
    pages,
    pools::Pools,
    portal,
    twins::{Caller, Twins},
    walk::{self, Scope},
    words::{HIDDEN, PUBLIC, Words, words_in},
};

async fn walk_as_a_reader(dialect: Dialect) {
    let people = People::strangers();
    let base = Base::new(Words::new(PUBLIC), &people.author);
    let (full, twin) = (portal(dialect).await, empty_portal(dialect).await);
    base::found_without_the_unnamed(&twin.store).await;
    base.publish_in(&full.store).await;
    base.publish_in(&twin.store).await;
    in_public(&twin.store, &people, &base).await;
    let hidden = Hidden::plant(&full.store, &people, &base, Words::new(HIDDEN)).await;

    // What readers may have of it, in a third one.
    let mut export = Vec::new();
    full.store.admin().write_dump(Extent::Published, &mut export, |_, _| ()).await.unwrap();
    let export = String::from_utf8(export).unwrap();
    assert_eq!(words_in(HIDDEN, &export), gone_addresses(), "the export for readers");
    assert_eq!(&words_in(PUBLIC, &export) & &base.overtaken(), BTreeSet::new(), "the export for readers");
    for person in [&people.author, &people.colleague, &people.editor, &people.publisher] {
        assert!(!export.contains(person.actor.as_str()), "the export for readers names {}", person.name);
    }
    let restored = empty_portal(dialect).await;
    let lines: Vec<String> = export.lines().map(str::to_owned).collect();
    dump::restore(&restored.store, &lines).await;

    let pools = Pools::new(&base, &hidden, &people);
    let callers = [("", &full), ("where nothing is hidden", &twin), ("from the export", &restored)];
    let mut twins = Twins::new(callers.map(|(name, portal)| Caller::anonymous(name, portal)).to_vec()).await;
    twins.overtaken = base.overtaken();
    let scope = Scope::delivery(&twins.schema);
    walk::every_field(&mut twins, &scope).await;
    walk::withdrawn(&mut twins).await;
    walk::searched(&mut twins, &pools).await;
    walk::every_argument(&mut twins, &pools, &scope).await;
    walk::every_page(&mut twins, &pools, &scope).await;
    walk::every_mistake(&mut twins, &pools).await;
    pages::every_page(&mut twins, &hidden).await;
    pages::every_search(&mut twins, &pools).await;

    let missed = &base.shown() - &twins.found;
    assert!(missed.is_empty(), "the walk did not come past {missed:?}");
    assert_eq!(twins.unanswered(&scope), [""; 0], "fields the walk had no answer of");
}

/// Addresses that readers are told are gone, or lead elsewhere: they were the hidden texts' once, and stay public.
fn gone_addresses() -> BTreeSet<String> {
    ["gone", "away"].map(|label| format!("{HIDDEN}{label}slugen")).into()
}

#[tokio::test]
async fn readers_find_nothing_on_sqlite() {
    walk_as_a_reader(Dialect::Sqlite).await;
}

#[tokio::test]
async fn readers_find_nothing_on_postgres() {
    walk_as_a_reader(Dialect::Postgres).await;
}
