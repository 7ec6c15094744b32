//! What readers find in lists: names that something live has, and nothing that was taken back unless they ask for it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use courant_domain::access::Role;
use courant_persistence::{Dialect, dump::Extent};
use courant_tests::{Person, Portal, apply, both_databases, write_by_hand};
use serde_json::{Value, json};

const TAG: &str = "{ tag(by: { slug: \"merger\" }) { name path } tags(first: 100) { nodes { slug } totalCount } \
    route(path: \"/en/tags/merger\") { __typename } articles(filter: { tags: [\"merger\"] }) { totalCount } }";
const PERSON: &str = "{ person(by: { slug: \"unnamed-source\" }) { name path } persons(first: 100) { nodes { slug } totalCount } \
    route(path: \"/en/people/unnamed-source\") { __typename } articles(filter: { authors: [\"unnamed-source\"] }) { totalCount } }";

/// An article with a tag and an author of its own.
struct Article<'a> {
    editor: &'a Person<'a>,
    id: Value,
    tag: Value,
    person: Value,
}

impl<'a> Article<'a> {
    async fn draft(portal: &Portal, editor: &'a Person<'a>) -> Self {
        let name = |name: &str| json!([{ "locale": "en", "text": name }]);
        let tag = editor.mutate("createTag", json!({ "slug": "merger", "name": name("Merger") }), "tag { id }").await;
        let tag = tag.done()["tag"]["id"].clone();
        let input = json!({ "slug": "unnamed-source", "name": name("Unnamed Source") });
        let person = editor.mutate("createPerson", input, "person { id }").await.done()["person"]["id"].clone();
        let category = portal.store.reference().categories.by_path("politics").unwrap().id.to_string();
        let content = json!({ "title": "Two lines become one", "body": { "source": "Words." }, "authors": [person] });
        let input = json!({ "categoryId": category, "locale": "en", "tags": [tag], "content": content });
        let made = editor.mutate("createArticle", input, "entry { id } userErrors { code field }").await;
        let id = made.done()["entry"]["id"].clone();
        Self { editor, id, tag, person }
    }

    async fn publish(&self) {
        let input = json!({ "entryId": self.id, "locale": "en" });
        self.editor.mutate("publishEntry", input, "entry { id } userErrors { code }").await.done();
    }

    async fn unpublish(&self, ending: Value) {
        let input = json!({ "entryId": self.id, "locale": "en", "ending": ending });
        self.editor.mutate("unpublishEntry", input, "entry { id } userErrors { code }").await.done();
    }
}

async fn is_there(portal: &Portal, query: &str) -> bool {
    let answer = portal.query(query).await;
    let data = answer.data();
    let (one, all) = if data.get("tag").is_some() { ("tag", "tags") } else { ("person", "persons") };
    let is_listed = data[all]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .any(|it| it["slug"] == "merger" || it["slug"] == "unnamed-source");
    assert_eq!(data[all]["totalCount"], data[all]["nodes"].as_array().unwrap().len());
    let found = [!data[one].is_null(), is_listed, !data["route"].is_null()];
    assert!(found == [true; 3] || found == [false; 3], "{data}");
    found[0]
}

#[apply(both_databases)]
#[tokio::test]
async fn a_name_that_only_drafts_have_is_there_for_nobody(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let editor = portal.as_role(Role::Admin).await;
    let article = Article::draft(&portal, &editor).await;
    for query in [TAG, PERSON] {
        assert!(!is_there(&portal, query).await, "a draft's");
    }
    let query = format!(
        "{{ editorial {{ tag(id: {}) {{ slug readerTag {{ slug }} }} person(id: {}) {{ slug readerPerson {{ slug }} }} }} }}",
        article.tag, article.person
    );
    let (tag, person) = (json!({ "slug": "merger" }), json!({ "slug": "unnamed-source" }));
    let seen = async || editor.query(&query).await.data()["editorial"].clone();
    let editors = seen().await;
    assert_eq!((&editors["tag"]["slug"], &editors["person"]["slug"]), (&tag["slug"], &person["slug"]));
    assert_eq!([&editors["tag"]["readerTag"], &editors["person"]["readerPerson"]], [&Value::Null; 2]);

    let before = portal.store.changes(0, 10_000).await.unwrap().len();
    article.publish().await;
    for query in [TAG, PERSON] {
        assert!(is_there(&portal, query).await, "live");
    }
    let editors = seen().await;
    assert_eq!([&editors["tag"]["readerTag"], &editors["person"]["readerPerson"]], [&tag, &person]);
    let after = portal.store.changes(0, 10_000).await.unwrap();
    let subjects: Vec<&str> = after[before..].iter().map(|change| change.key.subject().as_str()).collect();
    assert!(subjects.contains(&"TAG") && subjects.contains(&"PERSON"), "{subjects:?}");

    article.unpublish(json!({ "notice": "It was not so." })).await;
    for query in [TAG, PERSON] {
        assert!(is_there(&portal, query).await, "still read, with a notice");
    }
    article.unpublish(json!({ "vanish": true })).await;
    for query in [TAG, PERSON] {
        assert!(!is_there(&portal, query).await, "gone");
    }
    assert_eq!(portal.database.broken().await, [""; 0]);
}

#[apply(both_databases)]
#[tokio::test]
async fn what_was_taken_back_is_in_lists_for_those_who_ask(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let editor = portal.as_role(Role::Admin).await;
    let article = Article::draft(&portal, &editor).await;
    article.publish().await;
    let list = |filter: &str| {
        format!(
            "{{ articles(locale: \"en\", first: 100, filter: {{ {filter} }}) {{ totalCount nodes {{ title withdrawal {{ notice }} }} }} \
             byViews: articles(locale: \"en\", first: 100, orderBy: VIEW_COUNT_DESC, filter: {{ {filter} }}) {{ nodes {{ title }} }} \
             category(by: {{ path: \"politics\" }}) {{ publications(first: 100, filter: {{ {filter} }}) {{ nodes {{ title }} totalCount }} }} \
             feed(slug: \"last-news\") {{ items(first: 100) {{ nodes {{ title }} }} }} \
             article(by: {{ slug: \"two-lines-become-one\" }}) {{ title withdrawal {{ notice }} }} }}"
        )
    };
    let holds = async |filter: &str| {
        let answer = portal.query(&list(filter)).await;
        let data = answer.data().clone();
        let has =
            |list: &Value| list["nodes"].as_array().unwrap().iter().any(|it| it["title"] == "Two lines become one");
        assert_eq!(data["article"]["title"], "Two lines become one", "it can still be read");
        assert_eq!(data["articles"]["totalCount"], data["articles"]["nodes"].as_array().unwrap().len());
        let category = &data["category"]["publications"];
        assert_eq!(category["totalCount"], category["nodes"].as_array().unwrap().len());
        [&data["articles"], &data["byViews"], category, &data["feed"]["items"]].map(has)
    };
    let content = json!({ "title": "Chosen", "body": { "source": "Words." }, "related": [article.id] });
    let category = portal.store.reference().categories.by_path("sport").unwrap().id.to_string();
    let input = json!({ "categoryId": category, "locale": "en", "content": content });
    let made = editor.mutate("createArticle", input, "entry { id } userErrors { code field }").await;
    let input = json!({ "entryId": made.done()["entry"]["id"], "locale": "en" });
    editor.mutate("publishEntry", input, "userErrors { code }").await.done();
    let first_related = async || {
        let query = "{ article(by: { slug: \"chosen\" }) { related(first: 1) { title } } }";
        portal.query(query).await.data()["article"]["related"][0]["title"] == "Two lines become one"
    };
    assert!(first_related().await, "{dialect:?}");
    assert_eq!(holds("includeWithdrawn: false").await, [true; 4]);
    article.unpublish(json!({ "notice": "It was not so." })).await;
    assert!(!first_related().await, "not what was taken back, though editors chose it");
    assert_eq!(holds("includeWithdrawn: false").await, [false; 4]);
    assert_eq!(holds("includeWithdrawn: true").await, [true, true, true, false]);
    assert_eq!(holds("includeWithdrawn: true, tags: [\"merger\"]").await, [true, true, true, false]);
    article.publish().await;
    assert_eq!(holds("includeWithdrawn: false").await, [true; 4]);
    assert_eq!(portal.database.broken().await, [""; 0]);
}

#[apply(both_databases)]
#[tokio::test]
async fn what_was_taken_back_keeps_its_place_among_the_pins_for_those_who_ask(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let editor = portal.as_role(Role::Admin).await;
    let article = Article::draft(&portal, &editor).await;
    article.publish().await;
    let others = portal.query("{ articles(locale: \"en\", first: 100) { nodes { entryId title } } }").await;
    let others = others.data()["articles"]["nodes"].as_array().unwrap().clone();
    let others: Vec<&Value> = others.iter().filter(|it| it["entryId"] != article.id).take(2).collect();
    let name = json!([{ "locale": "en", "text": "Chosen" }]);
    let feeds = [("of-now", "LATEST"), ("by-hand", "EDITORIAL")];
    for (slug, order) in feeds {
        let input = json!({ "slug": slug, "title": name, "order": order });
        let made = editor.mutate("createFeed", input, "feed { id } userErrors { code }").await;
        let feed = made.done()["feed"]["id"].clone();
        // Each on top of the one before.
        for entry in [&others[1]["entryId"], &article.id, &others[0]["entryId"]] {
            editor.mutate("pinEntry", json!({ "feedId": feed, "entryId": entry }), "userErrors { code }").await.done();
        }
    }
    let items = async |slug: &str, with: bool, paging: &str| {
        let query = format!(
            "{{ feed(slug: \"{slug}\") {{ items({paging}, filter: {{ includeWithdrawn: {with} }}) {{ totalCount \
             nodes {{ title withdrawal {{ at }} }} pageInfo {{ hasNextPage endCursor startCursor }} }} }} }}"
        );
        portal.query(&query).await.data()["feed"]["items"].clone()
    };
    let titles = |page: &Value| -> Vec<Value> {
        page["nodes"].as_array().unwrap().iter().map(|it| it["title"].clone()).collect()
    };
    let all = [others[0]["title"].clone(), json!("Two lines become one"), others[1]["title"].clone()];
    let listed = [all[0].clone(), all[2].clone()];
    for notice in [None, Some("It was not so."), None] {
        match notice {
            Some(notice) => article.unpublish(json!({ "notice": notice })).await,
            None => article.publish().await,
        }
        for (slug, _) in feeds {
            let asked = items(slug, true, "first: 100").await;
            assert_eq!(titles(&asked)[..3], all, "{dialect:?} {slug} {notice:?}");
            assert_eq!(asked["totalCount"], titles(&asked).len(), "{dialect:?} {slug}: each once");
            let at = asked["nodes"][1]["withdrawal"]["at"].as_str();
            assert_eq!(at.is_some(), notice.is_some());
            assert!(at.is_none_or(|at| at.len() <= "2026-11-30T22:55:00.123456Z".len()), "{at:?}");
            let unasked = titles(&items(slug, false, "first: 100").await);
            match notice {
                Some(_) => assert_eq!(unasked[..2], listed, "{dialect:?} {slug}"),
                None => assert_eq!(unasked[..3], all, "{dialect:?} {slug}"),
            }
            // Page by page, forth.
            let mut paged = Vec::new();
            let mut after = "null".to_owned();
            for _ in 0..3 {
                let page = items(slug, true, &format!("first: 1, after: {after}")).await;
                paged.extend(titles(&page));
                after = page["pageInfo"]["endCursor"].to_string();
            }
            assert_eq!(paged, all, "{dialect:?} {slug} {notice:?}");
        }
        if notice.is_some() {
            // Versions before this one had no such places: whoever comes from them has them filed at the first start.
            let pins = "DELETE FROM timeline_entry WHERE timeline_id IN (SELECT id FROM timeline WHERE scope LIKE 'WITHDRAWN:PINNED:%')";
            write_by_hand(&portal.database.options.url, pins).await;
            assert_ne!(portal.database.broken().await, [""; 0], "{dialect:?}");
            write_by_hand(&portal.database.options.url, "UPDATE edition SET derivation = 0").await;
            portal.store.admin().rederive().await.unwrap();
            assert_eq!(portal.database.broken().await, [""; 0], "{dialect:?}");
        }
    }
    article.unpublish(json!({ "vanish": true })).await;
    for (slug, _) in feeds {
        assert_eq!(titles(&items(slug, true, "first: 2").await), listed, "{dialect:?} {slug}");
    }
    assert_eq!(portal.database.broken().await, [""; 0]);
}

#[apply(both_databases)]
#[tokio::test]
async fn nothing_leads_to_names_that_readers_do_not_know_or_from_those_they_never_knew(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let admin = portal.as_role(Role::Admin).await;
    let article = Article::draft(&portal, &admin).await;
    let led = async |path: &str| {
        let query = format!("{{ route(path: \"{path}\") {{ ... on Redirect {{ target }} }} }}");
        portal.query(&query).await.data()["route"]["target"].clone()
    };
    let rename = async |noun: &str, id: &Value, slug: &str| {
        admin.mutate(&format!("update{noun}"), json!({ "id": id, "slug": slug }), "userErrors { code }").await.done();
    };
    // Never seen: nothing is left where it was.
    rename("Tag", &article.tag, "takeover").await;
    rename("Person", &article.person, "whistle-blower").await;
    assert_eq!([led("/en/tags/merger").await, led("/en/people/unnamed-source").await], [Value::Null, Value::Null]);
    let none = json!({ "path": "/en/old", "target": "/en/tags/takeover" });
    assert_eq!(
        admin.mutate("putRedirect", none, "userErrors { code }").await.user_errors(),
        ["INVALID"],
        "{dialect:?}"
    );
    // Seen once: it leads on while there is something to see, and tells nothing meanwhile.
    article.publish().await;
    rename("Tag", &article.tag, "fusion").await;
    assert_eq!(led("/en/tags/takeover").await, "/en/tags/fusion");
    article.unpublish(json!({ "vanish": true })).await;
    assert_eq!(led("/en/tags/takeover").await, Value::Null, "{dialect:?}");
    let published = async || {
        let mut dump = Vec::new();
        portal.store.admin().write_dump(Extent::Published, &mut dump, |_, _| ()).await.unwrap();
        String::from_utf8(dump).unwrap().contains("fusion")
    };
    assert!(!published().await, "{dialect:?}");
    let name = json!([{ "locale": "en", "text": "Hidden" }]);
    let made = admin.mutate("createTag", json!({ "slug": "hidden", "name": name }), "tag { id }").await;
    let merge = json!({ "sourceIds": [made.done()["tag"]["id"]], "targetId": article.tag });
    admin.mutate("mergeTags", merge, "userErrors { code }").await.done();
    article.publish().await;
    assert_eq!([led("/en/tags/takeover").await, led("/en/tags/hidden").await], [json!("/en/tags/fusion"), Value::Null]);
    assert!(published().await, "{dialect:?}");
    assert_eq!(portal.database.broken().await, [""; 0]);
}
