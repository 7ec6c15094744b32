//! A mirror of what readers see, kept from nothing but the log of changes, and followers of single lists: whatever is changed, and in
//! whatever order.

use std::collections::{BTreeMap, BTreeSet};

use courant_domain::access::Role;
use courant_persistence::{Dialect, dump::Extent};
use courant_tests::{Portal, apply, both_databases};
use serde_json::{Value, json};

use crate::{chance::Chance, changes::World, walk::setting};

/// How much is changed; `COURANT_TEST_WALK_STEPS` asks for more, and `COURANT_TEST_WALK_SEED` for another way.
const STEPS: u64 = 100;

/// What the mirror keeps of each object: what is its own.
const KEPT: &str = "__typename id
    ... on Publication { slug path title summary publishedAt updatedAt category { id } tags { id } changeNotes { note } withdrawal { notice } }
    ... on Article { body { html } authors { id } genre }
    ... on Decree { decreeBody: body { html } number status effectiveOn signatory { person { id } } }
    ... on Category { categoryPath: path title position parent { id } children { id } }
    ... on Feed { feedPath: path title order }
    ... on Tag { tagPath: path name }
    ... on Person { personPath: path name role }";

/// What a follower outside knows.
#[derive(Default)]
struct Mirror {
    after: Option<String>,
    objects: BTreeMap<String, Value>,
    /// Where readers of these paths are sent; none where what was there is gone.
    rules: BTreeMap<String, Option<String>>,
}

impl Mirror {
    /// Takes in all that has happened since.
    async fn follow(&mut self, portal: &Portal) {
        loop {
            let query = "query ($after: ChangeCursor) { changes(after: $after, first: 37) {
                nodes { subject action nodeIds path replacedBy isGone } pageInfo { hasNextPage endCursor } } }";
            let answer = portal.post(&json!({ "query": query, "variables": { "after": self.after } })).await;
            let page = answer.data()["changes"].clone();
            let mut ids = BTreeSet::new();
            for change in page["nodes"].as_array().unwrap() {
                ids.extend(change["nodeIds"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()));
                if change["subject"] == "REDIRECT" {
                    let path = change["path"].as_str().unwrap().to_owned();
                    match (change["replacedBy"].as_str(), change["isGone"] == true) {
                        (None, false) => drop(self.rules.remove(&path)),
                        (target, _) => drop(self.rules.insert(path, target.map(str::to_owned))),
                    }
                }
            }
            for (id, object) in objects(portal, &ids).await {
                match object.is_null() {
                    true => drop(self.objects.remove(&id)),
                    false => drop(self.objects.insert(id, object)),
                }
            }
            self.after = page["pageInfo"]["endCursor"].as_str().map(str::to_owned);
            if page["pageInfo"]["hasNextPage"] != true {
                return;
            }
        }
    }
}

/// The objects with these ids, as they are now.
async fn objects(portal: &Portal, ids: &BTreeSet<String>) -> Vec<(String, Value)> {
    let ids: Vec<&String> = ids.iter().collect();
    let mut found = Vec::new();
    for ids in ids.chunks(100) {
        let query = format!("query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ {KEPT} }} }}");
        let answer = portal.post(&json!({ "query": query, "variables": { "ids": ids } })).await;
        let objects = answer.data()["nodes"].as_array().unwrap().clone();
        found.extend(ids.iter().map(|id| (*id).clone()).zip(objects));
    }
    found
}

/// What there is, by the export for readers.
async fn truth(portal: &Portal) -> Mirror {
    let mut export = Vec::new();
    portal.store.admin().write_dump(Extent::Published, &mut export, |_, _| ()).await.unwrap();
    let reference = portal.store.reference();
    let (mut ids, mut rules) = (BTreeSet::new(), BTreeMap::new());
    let id_in = |letter: u8, id: &str, locale: &str| {
        use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
        let mut bytes = vec![letter];
        bytes.extend_from_slice(id.parse::<uuid::Uuid>().unwrap().as_bytes());
        bytes.extend_from_slice(locale.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    };
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    for line in String::from_utf8(export).unwrap().lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        let (kind, record) = record.as_object().unwrap().iter().next().unwrap();
        let letter = match kind.as_str() {
            "category" => b'C',
            "feed" => b'F',
            "tag"
                if reference.live_tags().get(&text(&record["id"]).parse::<uuid::Uuid>().unwrap().into()).is_some() =>
            {
                b'T'
            }
            "person" => b'P',
            "entry" => {
                let letter = if record["kind"] == "DECREE" { b'D' } else { b'A' };
                let editions = record["editions"].as_array().unwrap();
                ids.extend(editions.iter().map(|live| id_in(letter, &text(&live["entry"]), &text(&live["locale"]))));
                continue;
            }
            "redirect" => {
                rules.insert(text(&record["path"]), record["target"].as_str().map(str::to_owned));
                continue;
            }
            _ => continue,
        };
        let locales = reference.site.locales.iter();
        ids.extend(locales.map(|locale| id_in(letter, &text(&record["id"]), locale.tag.as_str())));
    }
    let objects = objects(portal, &ids).await.into_iter().collect();
    Mirror { after: None, objects, rules }
}

/// A list that somebody follows: a filter of changes, and what gives the list.
async fn lists(portal: &Portal, world: &World, chance: &mut Chance) -> Vec<(String, String)> {
    let mut lists = Vec::new();
    for locale in ["en", "tk"] {
        let below = chance.happens(50);
        let (category, tag) = (chance.one(&world.categories), chance.one(&world.tags));
        if let Some((_, path)) = category {
            lists.push((
                format!("{{ locale: \"{locale}\", categories: [\"{path}\"], includeDescendants: {below}, subjects: [PUBLICATION, CATEGORY, SITE] }}"),
                format!("{{ category(by: {{ path: \"{path}\" }}, locale: \"{locale}\") {{ id publications(first: 100, includeDescendants: {below}) {{ nodes {{ id title path }} }} }} }}"),
            ));
        }
        if let Some((_, slug)) = tag {
            lists.push((
                format!("{{ locale: \"{locale}\", tags: [\"{slug}\"] }}"),
                format!("{{ tag(by: {{ slug: \"{slug}\" }}, locale: \"{locale}\") {{ id publications(first: 100) {{ nodes {{ id title path }} }} }} }}"),
            ));
        }
        if let Some((_, slug)) = chance.one(&world.feeds) {
            lists.push((
                format!("{{ locale: \"{locale}\", feed: \"{slug}\" }}"),
                format!("{{ feed(slug: \"{slug}\", locale: \"{locale}\") {{ id items(first: 100) {{ nodes {{ id title path }} }} }} }}"),
            ));
        }
    }
    let mut with_answers = Vec::new();
    for (filter, list) in lists {
        with_answers.push((filter, portal.query(&list).await.text, list));
    }
    with_answers.into_iter().map(|(filter, answer, list)| (format!("{filter}\n{list}"), answer)).collect()
}

#[apply(both_databases)]
#[tokio::test]
async fn a_mirror_is_kept_from_changes_alone_and_no_list_changes_untold(dialect: Dialect) {
    let (steps, seed) = (setting("COURANT_TEST_WALK_STEPS", STEPS), setting("COURANT_TEST_WALK_SEED", 1));
    let portal = Portal::with_samples_at_any_cost(dialect).await;
    let admin = portal.as_role(Role::Admin).await;
    let mut world = World::of(&portal, &admin.token).await;
    let mut chance = Chance::of(seed);
    let mut mirror = Mirror::default();
    let mut done: Vec<String> = Vec::new();
    let mut told = 0;
    for step in 0..steps {
        let head = portal.query("{ changes(first: 0) { head } }").await.data()["changes"]["head"].clone();
        let followed = lists(&portal, &world, &mut chance).await;
        done.push(world.change(&portal, &mut chance).await);
        let last = || done[done.len().saturating_sub(6)..].join("\n");
        for (followed, before) in followed {
            let (filter, list) = followed.split_once('\n').unwrap();
            let after = portal.query(list).await.text;
            let query = format!(
                "query ($after: ChangeCursor) {{ changes(after: $after, filter: {filter}) {{ nodes {{ subject }} }} }}"
            );
            let changes = portal.post(&json!({ "query": query, "variables": { "after": head } })).await;
            let is_told = !changes.data()["changes"]["nodes"].as_array().unwrap().is_empty();
            told += usize::from(is_told);
            assert!(before == after || is_told, "seed {seed}, {filter}: {before}\n{after}\n{}", last());
        }
        if chance.happens(20) || step + 1 == steps {
            mirror.follow(&portal).await;
            let truth = truth(&portal).await;
            assert_eq!(mirror.rules, truth.rules, "seed {seed}, step {step}: {}", last());
            for (id, object) in &truth.objects {
                assert_eq!(mirror.objects.get(id), Some(object), "seed {seed}, step {step}: {}", last());
            }
            let more: Vec<_> = mirror.objects.iter().filter(|(id, _)| !truth.objects.contains_key(*id)).collect();
            assert!(more.is_empty(), "seed {seed}, step {step}: {more:?}\n{}", last());
        }
    }
    assert!(told > 5, "{told}");
    assert_eq!(portal.database.broken().await, Vec::<String>::new());
}
