//! What the newsroom's lists of entries show: to whom, page by page, by which filter.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use courant_domain::{
    access::{ActorId, Grant, Permission, Role, Target, Viewer},
    article::ArticleContent,
    content::Content,
    entry::EntryKind,
    locale::Locale,
    workflow::State,
};
use courant_persistence::{Command, Dialect, EntrySave, dump::EntryRecord};
use courant_tests::{
    Person, Portal, apply, both_databases,
    desk::{self, category, locales},
};
use serde_json::{Value, json};

/// Puts so many entries of these authors on the desk.
async fn fill(portal: &Portal, authors: &[&Person<'_>], number: usize) -> Vec<EntryRecord> {
    let actors: Vec<ActorId> = authors.iter().map(|person| ActorId::user(person.id)).collect();
    let records = desk::entries(&portal.store.reference(), &actors, number);
    portal.store.admin().entries_create(&records).await.unwrap();
    records
}

fn limited(role: Role, categories: Vec<courant_domain::id::CategoryId>, locales: Vec<Locale>) -> Grant {
    Grant { role, categories, locales }
}

fn nodes(answer: &Value) -> &Vec<Value> {
    answer["nodes"].as_array().unwrap()
}

#[apply(both_databases)]
#[tokio::test]
async fn each_role_sees_its_own_part_and_nothing_of_the_rest(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let reference = portal.store.reference();
    let [_, ru, tk] = locales();
    let politics = category(&reference, "politics");
    let (ana, bo) = (portal.as_role(Role::Author).await, portal.as_role(Role::Author).await);
    fill(&portal, &[&ana, &bo], 30).await;
    let records = portal.store.admin().snapshot().await.unwrap().entries(None, 10_000).await.unwrap();
    let mut people = vec![
        (portal.as_role(Role::Reader).await, vec![Grant::everywhere(Role::Reader)]),
        (portal.as_role(Role::Editor).await, vec![Grant::everywhere(Role::Editor)]),
        (portal.as_role(Role::Publisher).await, vec![Grant::everywhere(Role::Publisher)]),
        (portal.as_role(Role::Admin).await, vec![Grant::everywhere(Role::Admin)]),
        (ana, vec![Grant::everywhere(Role::Author)]),
        (bo, vec![Grant::everywhere(Role::Author)]),
    ];
    for grants in [
        vec![limited(Role::Editor, vec![politics], vec![])],
        vec![limited(Role::Editor, vec![], vec![tk])],
        vec![limited(Role::Publisher, vec![politics], vec![ru])],
    ] {
        people.push((portal.as_user(grants.clone()).await, grants));
    }
    let mut sizes = Vec::new();
    for (person, grants) in &people {
        let viewer = Viewer { actor: ActorId::user(person.id), name: String::new(), grants: grants.clone() };
        let sees = |record: &EntryRecord, locales: &[Locale]| {
            let own = record.entry.created_by.as_ref() == Some(&viewer.actor);
            let target = Target { category: Some(record.entry.category), locales, own };
            viewer.may(Permission::ReadDrafts, &target, &reference.categories)
        };
        let mut seen = std::collections::BTreeMap::new();
        let mut after = Value::Null;
        loop {
            let query = "query ($after: String) { editorial { entries(first: 100, after: $after) {
                    nodes { id versions { locale } } totalCount pageInfo { hasNextPage endCursor } } } }";
            let answer = person.post(&json!({ "query": query, "variables": { "after": after } })).await;
            let list = &answer.data()["editorial"]["entries"];
            for node in nodes(list) {
                seen.insert(node["id"].as_str().unwrap().to_owned(), node["versions"].clone());
            }
            if list["pageInfo"]["hasNextPage"] == json!(false) {
                assert_eq!(list["totalCount"], json!(seen.len()), "{dialect:?} {grants:?}");
                break;
            }
            after = list["pageInfo"]["endCursor"].clone();
        }
        sizes.push(seen.len());
        for record in &records {
            let id = record.entry.id.to_string();
            let visible: Vec<Locale> =
                record.standings.iter().map(|it| it.locale).filter(|locale| sees(record, &[*locale])).collect();
            let is_live = !record.editions.is_empty();
            let works_here = grants.iter().flat_map(|grant| &grant.locales).any(|locale| sees(record, &[*locale]));
            let there = !visible.is_empty() || sees(record, &[]) || is_live && works_here;
            assert_eq!(seen.contains_key(&id), there, "{dialect:?} {grants:?} {record:?}");
            if let Some(versions) = seen.get(&id) {
                let shown: Vec<&str> =
                    versions.as_array().unwrap().iter().map(|it| it["locale"].as_str().unwrap()).collect();
                let mut expected: Vec<&str> = visible.iter().map(Locale::as_str).collect();
                let place = |tag: &&str| reference.site.locales.iter().position(|it| it.tag.as_str() == *tag);
                expected.sort_by_key(place);
                assert_eq!(shown, expected, "{dialect:?} {grants:?}");
            }
        }
        // One by one: what is not seen is as if it did not exist.
        for chunk in records[records.len() - 40..].chunks(10) {
            let fields: String = chunk
                .iter()
                .enumerate()
                .map(|(n, record)| {
                    format!(
                        "e{n}: entry(id: \"{}\") {{ id en: version(locale: \"en\") {{ state }} }} ",
                        record.entry.id
                    )
                })
                .collect();
            let answer = person.query(&format!("{{ editorial {{ {fields} }} }}")).await;
            for (n, record) in chunk.iter().enumerate() {
                let found = &answer.data()["editorial"][format!("e{n}")];
                assert_eq!(!found.is_null(), seen.contains_key(&record.entry.id.to_string()), "{dialect:?}");
                let english = record.standings.iter().any(|it| it.locale == Locale::ENGLISH);
                if !found.is_null() {
                    let readable = english && sees(record, &[Locale::ENGLISH]);
                    assert_eq!(found["en"].is_null(), !readable, "{dialect:?} {grants:?}");
                }
            }
        }
    }
    assert_eq!(sizes[0], 0, "a reader sees none");
    assert_eq!(sizes[1], records.len(), "an editor sees all");
    assert!(sizes[4] >= 10 && sizes[4] < 30 && sizes[6] > 5 && sizes[6] < sizes[1] && sizes[8] < sizes[6], "{sizes:?}");
    let nobody = portal.query("{ editorial { entries { totalCount } } }").await;
    assert_eq!(nobody.code(), "UNAUTHENTICATED");
}

#[apply(both_databases)]
#[tokio::test]
async fn pages_are_stable_while_entries_are_touched_and_cursors_cannot_be_made_up(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let ana = portal.as_role(Role::Author).await;
    fill(&portal, &[&ana], 12).await;
    let page = |arguments: &str| {
        format!(
            "{{ editorial {{ entries({arguments}) {{ edges {{ cursor node {{ id versions {{ locale state newest {{ number }} }} }} }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }} }}"
        )
    };
    let ids = |answer: &Value| -> Vec<String> {
        let edges = answer["editorial"]["entries"]["edges"].as_array().unwrap();
        edges.iter().map(|edge| edge["node"]["id"].as_str().unwrap().to_owned()).collect()
    };
    let whole = ana.query(&page("first: 100")).await;
    let whole = ids(whole.data());
    assert!(whole.len() > 8);
    let one = ana.query(&page("first: 4")).await;
    let cursor = one.data()["editorial"]["entries"]["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
    assert_eq!(ids(one.data()), whole[..4]);

    // Somebody saves an entry of the first page: it moves to the top, and the next page is what it was.
    let first: &str = &whole[2];
    let viewer =
        Viewer { actor: ActorId::user(ana.id), name: "Ana".into(), grants: vec![Grant::everywhere(Role::Author)] };
    let entry = portal.store.admin().snapshot().await.unwrap().entries(None, 10_000).await.unwrap();
    let entry = entry.into_iter().find(|record| record.entry.id.to_string() == first).unwrap();
    let fresh = locales().into_iter().find(|locale| !entry.standings.iter().any(|it| it.locale == *locale));
    let standing = entry.standings.iter().find(|it| it.standing.state != State::Scheduled);
    let (locale, based_on) = fresh
        .map_or_else(|| (standing.unwrap().locale, Some(standing.unwrap().standing.newest)), |locale| (locale, None));
    let content = match entry.entry.kind {
        EntryKind::Article => Content::Article(ArticleContent::default()),
        EntryKind::Decree => Content::Decree(courant_domain::decree::DecreeContent::default()),
    };
    let save = EntrySave {
        entry: entry.entry.id,
        locale,
        based_on,
        content: content.into(),
        comment: None,
        translated_from: None,
    };
    portal.store.newsroom().entry_save(Command::of(&viewer), &save).await.unwrap();
    let two = ana.query(&page(&format!("first: 4, after: \"{cursor}\""))).await;
    assert_eq!(ids(two.data()), whole[4..8], "{dialect:?}");
    let top = ana.query(&page("first: 1")).await;
    assert_eq!(ids(top.data()), [first.to_owned()]);
    let start = two.data()["editorial"]["entries"]["pageInfo"]["startCursor"].as_str().unwrap();
    let back = ana.query(&page(&format!("last: 2, before: \"{start}\""))).await;
    assert_eq!(ids(back.data()), [whole[1].clone(), whole[3].clone()], "{dialect:?}");
    let end = ana.query(&page("last: 3")).await;
    assert_eq!(ids(end.data()), whole[whole.len() - 3..]);

    for (arguments, code) in [
        ("after: \"nonsense\"".to_owned(), "BAD_CURSOR"),
        (format!("filter: {{ kinds: [DECREE] }}, after: \"{cursor}\""), "BAD_CURSOR"),
        ("first: 1, last: 1".to_owned(), "BAD_USER_INPUT"),
        ("first: -1".to_owned(), "BAD_USER_INPUT"),
        ("first: 101".to_owned(), "PAGE_TOO_LARGE"),
        ("filter: { states: [] }".to_owned(), "BAD_USER_INPUT"),
        ("filter: { text: \"a\\u0000b\" }".to_owned(), "BAD_USER_INPUT"),
        ("filter: { author: \"a\\u0000b\" }".to_owned(), "BAD_USER_INPUT"),
        (format!("filter: {{ text: \"{}\" }}", "x".repeat(201)), "BAD_USER_INPUT"),
    ] {
        assert_eq!(ana.query(&page(&arguments)).await.code(), code, "{dialect:?} {arguments}");
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn filters_are_in_the_fields_own_words(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let (ana, editor) = (portal.as_role(Role::Author).await, portal.as_role(Role::Editor).await);
    let records = fill(&portal, &[&ana], 40).await;
    let reference = portal.store.reference();
    let politics = reference.categories.by_path("politics").unwrap();
    let tag = &reference.tags()[2];
    let ids = async |filter: &str| -> Vec<String> {
        let query = format!("{{ editorial {{ entries(first: 100, filter: {filter}) {{ nodes {{ id }} }} }} }}");
        let answer = editor.query(&query).await;
        let mut ids: Vec<String> = nodes(&answer.data()["editorial"]["entries"])
            .iter()
            .map(|it| it["id"].as_str().unwrap().to_owned())
            .collect();
        ids.sort();
        ids
    };
    let of = |wanted: &dyn Fn(&EntryRecord) -> bool| -> Vec<String> {
        let mut ids: Vec<String> = records
            .iter()
            .filter(|it| it.entry.created_by.is_some() && wanted(it))
            .map(|it| it.entry.id.to_string())
            .collect();
        ids.sort();
        ids
    };
    let author = format!("author: \"{}\"", ana.id);
    let all = ids(&format!("{{ {author} }}")).await;
    assert_eq!(all, of(&|_| true), "{dialect:?}");
    assert_eq!(ids(&format!("{{ author: \"user:{}\" }}", ana.id)).await, all);
    assert_eq!(ids("{ author: \"somebody\" }").await, Vec::<String>::new());
    let drafts = ids(&format!("{{ {author}, states: [DRAFT], locale: \"tk\" }}")).await;
    let tk = locales()[2];
    let is_draft =
        |it: &EntryRecord| it.standings.iter().any(|it| it.locale == tk && it.standing.state == State::Draft);
    assert_eq!(drafts, of(&is_draft), "{dialect:?}");
    assert!(!drafts.is_empty());
    let below = |it: &EntryRecord| {
        it.entry.category == politics.id
            || reference.categories.ancestors(it.entry.category).any(|above| above.id == politics.id)
    };
    for name in ["politics".to_owned(), politics.id.to_string()] {
        assert_eq!(ids(&format!("{{ {author}, categories: [\"{name}\"] }}")).await, of(&below), "{dialect:?}");
        let exactly = format!("{{ {author}, categories: [\"{name}\"], includeDescendants: false }}");
        assert_eq!(ids(&exactly).await, of(&|it| it.entry.category == politics.id), "{dialect:?}");
    }
    for name in [tag.slug.to_string(), tag.id.to_string()] {
        let tagged = of(&|it| it.entry.tags.contains(&tag.id));
        assert!(!tagged.is_empty());
        assert_eq!(ids(&format!("{{ {author}, tags: [\"{name}\"] }}")).await, tagged, "{dialect:?}");
    }
    let waiting = ids(&format!("{{ {author}, waitingFor: [TIME] }}")).await;
    assert_eq!(waiting, of(&|it| it.standings.iter().any(|it| it.standing.state == State::Scheduled)));
    assert_eq!(ids(&format!("{{ {author}, text: \"100%\", kinds: [DECREE] }}")).await.len(), {
        let newest = |it: &EntryRecord, locale, number| {
            it.revisions
                .iter()
                .find(|r| r.locale == locale && r.number == number)
                .unwrap()
                .content
                .title()
                .unwrap_or_default()
                .to_owned()
        };
        of(&|it| {
            it.entry.kind == EntryKind::Decree
                && it.standings.iter().any(|s| newest(it, s.locale, s.standing.newest).contains("100%"))
        })
        .len()
    });
}

#[apply(both_databases)]
#[tokio::test]
async fn a_translator_finds_what_is_live_and_begins_its_translation(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let [_, _, tk] = locales();
    let translator = portal.as_user(vec![limited(Role::Editor, vec![], vec![tk])]).await;
    let list = async |filter: &str| {
        let query = format!(
            "{{ editorial {{ entries(first: 100, filter: {{ {filter} }}) {{ totalCount nodes {{ id versions {{ locale }} }} }} }} }}"
        );
        translator.query(&query).await.data()["editorial"]["entries"].clone()
    };
    let before = list("kinds: [ARTICLE], untranslated: \"tk\"").await;
    let to_do = before["totalCount"].as_i64().unwrap();
    assert!(to_do > 3, "{before}");
    assert!(nodes(&before).iter().all(|entry| entry["versions"] == json!([])), "nothing of other languages");
    assert_eq!(list("untranslated: \"ru\"").await["totalCount"], 0, "not this one's work");

    let content = json!({ "title": "Köpri", "body": { "source": "Täze köpri açyldy." } });
    let entry = &before["nodes"][0]["id"];
    let input = json!({ "entryId": entry, "locale": "tk", "basedOn": null, "content": content });
    let selection = "version { state newest { number } } userErrors { code field message }";
    let saved = translator.mutate("saveArticle", input.clone(), selection).await;
    assert_eq!(saved.done()["version"], json!({ "state": "DRAFT", "newest": { "number": 1 } }));
    assert_eq!(list("kinds: [ARTICLE], untranslated: \"tk\"").await["totalCount"], to_do - 1);
    let mut english = input;
    english["locale"] = json!("en");
    assert_eq!(translator.mutate("saveArticle", english, selection).await.code(), "FORBIDDEN");
    assert_eq!(portal.database.broken().await, [""; 0]);
}
