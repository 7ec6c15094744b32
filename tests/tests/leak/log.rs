//! What the log of changes tells anybody: of what could be read once, where it was; of drafts and plans nothing.

use courant_domain::{entry::EntryKind, id::EntryId};
use courant_persistence::Dialect;
use courant_tests::{apply, both_databases};
use serde_json::Value;

use crate::{
    base::Base,
    hidden::{Hidden, People},
    pools::node_id,
    portal,
    selection::{Below, Selection, fields},
    twins::{Caller, Twins},
    words::{HIDDEN, PUBLIC, Words},
};

/// What was live and is not. That it was, and where, is told; the words of its text are not.
const ONCE_LIVE: [(&str, &str); 8] = [
    ("vanished", "en"),
    ("gone", "en"),
    ("away", "en"),
    ("vanishedtranslation", "tk"),
    ("vanisheddecree", "en"),
    ("called", "en"),
    ("renamed", "en"),
    ("archivedonce", "ru"),
];

#[apply(both_databases)]
#[tokio::test]
async fn the_log_tells_of_what_could_be_read_and_of_nothing_else(dialect: Dialect) {
    let people = People::strangers();
    let base = Base::new(Words::new(PUBLIC), &people.author);
    let full = portal(dialect).await;
    base.publish_in(&full.store).await;
    let hidden = Hidden::plant(&full.store, &people, &base, Words::new(HIDDEN)).await;

    let mut twins = Twins::new(vec![Caller::anonymous("", &full)]).await;
    twins.overtaken = base.overtaken();
    let slugs: Vec<String> = ONCE_LIVE.iter().map(|(label, locale)| format!("{HIDDEN}{label}slug{locale}")).collect();
    twins.readable = slugs.iter().cloned().collect();

    let mut after = String::new();
    let mut texts = String::new();
    loop {
        let node = fields(&twins.schema, "Change", Below { depth: 3, items: 3 });
        let page = fields(&twins.schema, "PageInfo", Below { depth: 0, items: 0 });
        let selection = vec![
            Selection::new("ChangeConnection", "nodes", "", node),
            Selection::new("ChangeConnection", "pageInfo", "", page),
        ];
        let query = twins.schema.query.clone();
        let answer = twins.ask(&[Selection::new(&query, "changes", &format!("(first: 20{after})"), selection)]).await;
        let changes = &answer["data"]["changes"];
        texts.push_str(&changes["nodes"].to_string());
        after = format!(", after: {}", changes["pageInfo"]["endCursor"]);
        if changes["pageInfo"]["hasNextPage"] != true {
            break;
        }
    }
    for tag in crate::base::LOCALES {
        let departed = fields(&twins.schema, "Change", Below { depth: 3, items: 3 });
        let query = twins.schema.query.clone();
        let asked = format!("(first: 100, filter: {{ locale: \"{tag}\" }})");
        let answer = twins.ask(&[Selection::new(&query, "departures", &asked, departed)]).await;
        texts.push_str(&answer["data"]["departures"].to_string());
    }
    for slug in slugs {
        assert!(texts.contains(&slug), "{dialect:?}: {slug} was live");
    }

    // Nothing that was never live is told of, in whatever way.
    let unseen = hidden.unseen();
    let never = unseen.iter().filter(|key| !ONCE_LIVE.iter().any(|(label, _)| hidden.places[*label].contains(key)));
    for key in never {
        let locale = key.locale.as_str();
        assert!(!texts.contains(&key.entry.to_string()) || was_published(&base, key.entry), "{dialect:?}: {key:?}");
        for kind in EntryKind::ALL {
            let letter = if kind == EntryKind::Article { b'A' } else { b'D' };
            let id = node_id(letter, key.entry.uuid(), locale);
            assert!(!texts.contains(&id) || was_published(&base, key.entry), "{dialect:?}: {key:?}");
        }
    }

    let told =
        |field: &str| twins.coverage.0.get(&("Change".to_owned(), field.to_owned())).is_some_and(|(_, some)| *some > 0);
    let untold = twins.schema.get("Change").fields.iter().filter(|field| !told(&field.name));
    assert_eq!(untold.map(|field| field.name.as_str()).collect::<Vec<_>>(), ["day"], "{dialect:?}: no day has come");

    // What a hidden feed's pin, tag or person does is none of the readers' business: with and without it the log tells the same.
    let count = twins.log_head().await;
    let mut picks = full.store.reference().feed(crate::base::feed(1)).unwrap().clone();
    picks.pinned.extend(unseen.iter().map(|key| key.entry).filter(|id| !was_published(&base, *id)).take(1));
    picks.pinned.dedup();
    let feeds = vec![picks];
    let data = courant_persistence::ReferenceData { feeds, ..Default::default() };
    full.store.newsroom().reference_put(&data).await.unwrap();
    assert_eq!(twins.log_head().await, count, "{dialect:?}: a pin of a draft is not told");
}

fn was_published(base: &Base, entry: EntryId) -> bool {
    base.entries.iter().any(|record| record.entry.id == entry)
}

impl Twins<'_> {
    /// The last place of the log.
    async fn log_head(&mut self) -> Value {
        self.post(&serde_json::json!({ "query": "{ changes(first: 0) { head } }" })).await["data"]["changes"].clone()
    }
}
