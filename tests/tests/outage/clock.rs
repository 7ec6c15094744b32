//! Nodes whose clocks are five minutes off.

use courant_domain::access::Role;
use courant_persistence::{Dialect, Options};
use courant_tests::TestDatabase;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::support::{node, portal};

const OFF: SignedDuration = SignedDuration::from_mins(5);

/// What the database's clock says.
async fn database_time(options: &Options) -> Timestamp {
    use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
    let connection = Database::connect(&options.url).await.unwrap();
    let sql = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)";
    let row = connection.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap().unwrap();
    Timestamp::from_microsecond(row.try_get_by_index(0).unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_whose_clock_is_off_changes_nothing_that_readers_see() {
    let database = TestDatabase::bare(Dialect::Postgres).await;
    let right = portal(database.options.clone()).await;
    for off in [OFF, -OFF] {
        let wrong = node(Options { clock_off_by: off, ..database.options.clone() }).await;
        let before = database_time(&database.options).await;
        let admin = wrong.as_role(Role::Admin).await;
        let category = wrong.store.reference().categories.iter().next().unwrap().id.to_string();
        let slug = format!("off-by-{}", off.as_secs().unsigned_abs() * 2 + u64::from(off.is_negative()));
        let content = json!({ "title": "A clock", "slug": slug, "body": { "source": "It is off." } });
        let input = json!({ "categoryId": category, "locale": "en", "content": content });
        let made = admin.mutate("createArticle", input, "entry { id } userErrors { code field message }").await;
        let entry = made.done()["entry"]["id"].clone();
        let input = json!({ "entryId": entry, "locale": "en" });
        admin.mutate("publishEntry", input, "userErrors { code field message }").await.done();
        let after = database_time(&database.options).await;
        let of_database = |value: &Value| {
            let time: Timestamp = value.as_str().unwrap().parse().unwrap();
            // What is shown counts whole seconds at the coarsest.
            assert!(before - SignedDuration::from_secs(1) <= time && time <= after, "{before} {time} {after}");
        };
        let query = format!("{{ article(by: {{ slug: \"{slug}\" }}, locale: \"en\") {{ publishedAt updatedAt }} }}");
        let article = right.query(&query).await.data()["article"].clone();
        of_database(&article["publishedAt"]);
        of_database(&article["updatedAt"]);
        let audit = "{ editorial { auditLog(first: 5) { nodes { at } } } }";
        for record in admin.query(audit).await.data()["editorial"]["auditLog"]["nodes"].as_array().unwrap() {
            of_database(&record["at"]);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_and_tokens_end_by_the_databases_clock() {
    let database = TestDatabase::bare(Dialect::Postgres).await;
    let right = portal(database.options.clone()).await;
    for (begins, shows) in [(OFF, -OFF), (-OFF, OFF)] {
        let begins = node(Options { clock_off_by: begins, ..database.options.clone() }).await;
        let shows = node(Options { clock_off_by: shows, ..database.options.clone() }).await;
        let admin = begins.as_role(Role::Admin).await;
        // Less than the clocks are off: by the wrong one it has ended, or ends too late.
        let ends = database_time(&database.options).await + SignedDuration::from_mins(2);
        let input = json!({ "name": "Short", "grants": [{ "role": "EDITOR" }], "expiresAt": ends.to_string() });
        let made = admin.mutate("createApiToken", input, "secret userErrors { code field message }").await;
        let token = made.done()["secret"].as_str().unwrap().to_owned();
        let query = json!({ "query": "{ editorial { viewer { name } } }" });
        for node in [&right, &begins, &shows] {
            node.post_as(&token, &query).await.data();
            node.post_as(&admin.token, &query).await.data();
        }
        let sign_in = shows
            .mutate(
                "refreshSession",
                json!({ "refreshToken": admin.refresh }),
                "accessToken accessTokenExpiresAt userErrors { code }",
            )
            .await;
        let payload = sign_in.done();
        let end: Timestamp = payload["accessTokenExpiresAt"].as_str().unwrap().parse().unwrap();
        let lasts = end.duration_since(database_time(&database.options).await);
        assert!((9..=10).contains(&lasts.as_mins()), "{lasts}");
        let access = payload["accessToken"].as_str().unwrap();
        right.post_as(access, &query).await.data();
        begins.post_as(access, &query).await.data();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn times_follow_one_another_as_changes_do() {
    use sea_orm::{ConnectionTrait, Database};
    let database = TestDatabase::bare(Dialect::Postgres).await;
    let node = portal(database.options.clone()).await;
    // Somebody holds the lock, changes nothing, and lets go: who waited for it has begun to wait before, and writes after.
    let somebody = Database::connect(&database.options.url).await.unwrap();
    let admin = node.as_role(Role::Admin).await;
    let held = somebody.execute_unprepared(
        "DO $$ BEGIN PERFORM seq FROM change_head WHERE id = 1 FOR UPDATE; PERFORM pg_sleep(1); END $$",
    );
    let begun = database_time(&database.options).await;
    let (held, answer) = tokio::join!(held, async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        crate::support::write(&node, &admin.token, "Late").await
    });
    held.unwrap();
    answer.done();
    let audit = admin.query("{ editorial { auditLog(first: 1) { nodes { at } } } }").await;
    let at = audit.data()["editorial"]["auditLog"]["nodes"][0]["at"].as_str().unwrap().parse::<Timestamp>().unwrap();
    assert!(at.duration_since(begun) >= SignedDuration::from_millis(900), "{begun} {at}");
}
