//! Two nodes on one database, the second of which has not looked at the change log yet.

use courant_domain::access::Role;
use courant_persistence::Dialect;
use courant_tests::{Portal, TestDatabase, apply, both_databases};
use serde_json::json;

#[apply(both_databases)]
#[tokio::test]
async fn what_one_node_makes_the_other_shows_at_once_and_whole(dialect: Dialect) {
    let first = Portal::with_samples(dialect).await;
    let other = TestDatabase::of_the_same(&first.database);
    let store = other.open().await;
    let second = Portal::over(other, store).await;

    let admin = first.as_role(Role::Admin).await;
    let texts = |text: &str| json!([{ "locale": "en", "text": text }]);
    let made =
        admin.mutate("createCategory", json!({ "title": texts("Ports") }), "category { id } userErrors { code }");
    let category = made.await.done()["category"]["id"].clone();
    let made = admin.mutate("createTag", json!({ "name": texts("Cranes") }), "tag { id } userErrors { code }").await;
    let tag = made.done()["tag"]["id"].clone();
    let made =
        admin.mutate("createPerson", json!({ "name": texts("Cora") }), "person { id } userErrors { code }").await;
    let person = made.done()["person"]["id"].clone();
    let content = json!({ "title": "A new crane", "authors": [person], "body": { "source": "It lifts." } });
    let input = json!({ "categoryId": category, "tags": [tag], "locale": "en", "content": content });
    let made = admin.mutate("createArticle", input, "entry { id } userErrors { code field message }").await;
    let entry = made.done()["entry"]["id"].clone();
    let input = json!({ "entryId": entry, "locale": "en" });
    admin.mutate("publishEntry", input, "userErrors { code field message }").await.done();

    let query = "{ article(by: { slug: \"a-new-crane\" }, locale: \"en\") {
            category { path title } breadcrumbs { path } tags { name } authors { name } } }";
    let article = second.query(query).await.data()["article"].clone();
    assert_eq!(article["category"], json!({ "path": "/en/categories/ports", "title": "Ports" }), "{dialect:?}");
    assert_eq!(article["breadcrumbs"][1]["path"], "/en/categories/ports");
    assert_eq!((&article["tags"], &article["authors"]), (&json!([{ "name": "Cranes" }]), &json!([{ "name": "Cora" }])));

    let made =
        admin.mutate("createCategory", json!({ "title": texts("Quays") }), "category { id } userErrors { code }");
    let category = made.await.done()["category"]["id"].clone();
    let input = json!({ "categoryId": category, "locale": "en", "content": { "title": "A quay" } });
    admin.mutate("createArticle", input, "userErrors { code field message }").await.done();
    let query = json!({ "query": "{ editorial { entries(first: 1) { nodes { category: filedUnder { path } } } } }" });
    let answer = second.post_as(&admin.token, &query).await;
    assert_eq!(answer.data()["editorial"]["entries"]["nodes"], json!([{ "category": { "path": "quays" } }]));
}
