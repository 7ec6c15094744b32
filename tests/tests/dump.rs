//! Dumps move between the databases, and come back byte for byte.

use courant_domain::{
    access::{ActorId, Role},
    locale::Locale,
};
use courant_persistence::{Dialect, dump::Record};
use courant_tests::{
    Portal, TestDatabase, apply, both_databases,
    dump::{dump, restore},
};
use serde_json::{Value, json};

#[tokio::test]
async fn from_one_database_to_the_other_and_back_nothing_changes() {
    let samples = Portal::with_samples(Dialect::Sqlite).await;
    let first = dump(&samples.store).await;
    assert!(first.len() > 150, "{} lines", first.len());
    for dialect in [Dialect::Postgres, Dialect::Sqlite] {
        let database = TestDatabase::migrated(dialect).await;
        let store = database.open().await;
        restore(&store, &first).await;
        let second = dump(&store).await;
        for (a, b) in first.iter().zip(&second) {
            assert_eq!(a, b, "{dialect:?}");
        }
        assert_eq!(first.len(), second.len());
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn a_restored_portal_answers_like_the_first(dialect: Dialect) {
    let query = "{
        articles(locale: \"tk\", first: 100) { nodes { title locale related(first: 2) { title } category { title } } totalCount }
        decrees(locale: \"ru\", first: 100) { nodes { number status(asOf: \"2027-01-01\") relations { kind decree { number } } } }
        feeds(locale: \"en\") { items(first: 10) { nodes { title viewCount } totalCount } }
        route(path: \"/en/articles/migration-talks-2021\") { ... on Redirect { target } }
    }";
    let samples = Portal::with_samples(Dialect::Postgres).await;
    let lines = dump(&samples.store).await;
    let expected = samples.query(query).await;
    expected.data();
    let database = TestDatabase::migrated(dialect).await;
    let store = database.open().await;
    restore(&store, &lines).await;
    let portal = Portal::over(database, store).await;
    assert_eq!(portal.query(query).await.body, expected.body, "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn what_lies_on_the_desk_comes_back(dialect: Dialect) {
    let samples = Portal::with_samples(Dialect::Sqlite).await;
    let (author, editor) = (samples.as_role(Role::Author).await, samples.as_role(Role::Editor).await);
    let category = samples.store.reference().categories.by_path("politics").unwrap().id.to_string();
    let input = json!({ "categoryId": category, "locale": "en", "content": { "title": "Wool", "body": { "source": "White." } } });
    let made = author.mutate("createArticle", input, "entry { id } userErrors { code }").await;
    let entry = made.done()["entry"]["id"].clone();
    let selection = "version { comments { id } } userErrors { code }";
    let of = |change: Value| {
        let mut input = json!({ "entryId": entry, "locale": "en" });
        input.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        input
    };
    author
        .mutate(
            "keepDraft",
            of(json!({ "basedOn": 1, "content": { "article": { "title": "Whiter wool" } } })),
            selection,
        )
        .await
        .done();
    let first = json!({ "entryId": entry, "locale": "tk", "content": { "article": { "title": "Ýüň" } } });
    author.mutate("keepDraft", first, selection).await.done();
    let passage = json!({ "field": "BODY", "quote": "White" });
    let mentions = [author.id.to_string()];
    let comment = of(json!({ "text": "How white?", "passage": passage, "mentions": mentions }));
    let made = editor.mutate("addComment", comment, selection).await;
    editor.mutate("addComment", of(json!({ "text": "Settled." })), selection).await.done();
    let settle = json!({ "commentId": made.done()["version"]["comments"][0]["id"], "resolved": true });
    editor.mutate("resolveComment", settle, selection).await.done();
    let claim = of(json!({ "minutes": 10 }));
    editor.mutate("claimEntry", claim, "userErrors { code }").await.done();

    let lines = dump(&samples.store).await;
    let database = TestDatabase::migrated(dialect).await;
    let store = database.open().await;
    restore(&store, &lines).await;
    assert_eq!(dump(&store).await, lines, "{dialect:?}");
    assert_eq!(database.broken().await, [""; 0], "{dialect:?}");
    let id: uuid::Uuid = entry.as_str().unwrap().parse().unwrap();
    let owner = ActorId::user(author.id);
    for tag in ["en", "tk"] {
        let key = (id.into(), Locale::parse(tag).unwrap());
        for read in ["copies", "comments"] {
            match read {
                "copies" => {
                    let there = samples.store.newsroom().working_copies(&[key], &owner).await.unwrap();
                    assert_eq!(there.len(), 1);
                    assert_eq!(store.newsroom().working_copies(&[key], &owner).await.unwrap(), there, "{dialect:?}");
                }
                _ => {
                    let said = samples.store.newsroom().comments(&[key]).await.unwrap();
                    assert_eq!(store.newsroom().comments(&[key]).await.unwrap(), said, "{dialect:?}");
                    assert_eq!(said.values().map(Vec::len).sum::<usize>(), if tag == "en" { 2 } else { 0 });
                }
            }
        }
        assert!(
            store.newsroom().claims(&[key]).await.unwrap().is_empty(),
            "{dialect:?}: who has it open, ends by itself"
        );
    }

    // A dump of a version before this one has none of it, and a published one never has.
    let line = lines.iter().find(|line| line.contains("working_copies")).unwrap();
    let mut record: Value = serde_json::from_str(line).unwrap();
    let with = record.clone();
    record["entry"].as_object_mut().unwrap().remove("desk").unwrap();
    let read = |record: &Value| serde_json::from_value::<Record>(record.clone());
    let Record::Entry(old) = read(&record).unwrap() else { panic!("{record}") };
    assert!(old.desk.is_empty() && old.validate().is_ok());
    for entries in samples.store.admin().snapshot().await.unwrap().published(None, 1_000).await.unwrap() {
        assert!(entries.desk.is_empty());
    }
    // What does not fit is refused.
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut record = with.clone();
        change(&mut record["entry"]["desk"]);
        let Record::Entry(read) = read(&record).unwrap() else { panic!("{record}") };
        read.validate().unwrap_err().to_string()
    };
    let unfit = "what lies on the desk in en does not fit what there is of it";
    assert_eq!(refused(&|desk| desk["comments"][0]["revision"] = json!(9)), unfit);
    assert_eq!(refused(&|desk| desk["comments"][0]["text"] = json!(" ")), unfit);
    assert_eq!(refused(&|desk| desk["working_copies"][0]["based_on"] = json!(9)), unfit);
    assert_eq!(refused(&|desk| desk["comments"][1] = desk["comments"][0].clone()), "a comment stands twice");
    assert_eq!(
        refused(&|desk| desk["working_copies"][1] = desk["working_copies"][0].clone()),
        "a working copy stands twice"
    );
    assert_eq!(
        refused(&|desk| desk["comments"][0]["entry"] = json!(uuid::Uuid::nil())),
        "it holds something of another entry"
    );
}
