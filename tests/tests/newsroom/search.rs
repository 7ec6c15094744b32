//! Finding entries in work, and what is live, by what somebody knows of it.

use courant_domain::{access::Role, locale::Locale};
use courant_tests::{Dialect, Portal, apply, both_databases, desk::category};
use serde_json::{Value, json};

#[apply(both_databases)]
#[tokio::test]
async fn titles_are_found_however_they_are_spelled(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let editor = portal.as_role(Role::Editor).await;
    let category = portal.store.reference().categories.by_path("politics").unwrap().id.to_string();
    let titles = [
        "Cafe\u{301} au lait",
        "İpek ÝOLY",
        "IŞIKLY ýyldyz",
        "Große Straße",
        "Ｗｉｄｅ words",
        "An eﬃgy ﬁnch",
        "Co\u{ad}opera\u{200b}tion",
        "Vie\u{302}\u{323}t",
        "People’s  day",
    ];
    let person = portal.store.reference().persons()[0].clone();
    for title in titles {
        let content = json!({ "title": title, "authors": [person.id.to_string()] });
        let input = json!({ "categoryId": category, "locale": "en", "content": content });
        editor.mutate("createArticle", input, "entry { id } userErrors { code }").await.done();
    }
    let count = async |filter: Value| {
        let query = "query ($f: EditorialEntryFilter) { editorial { entries(filter: $f) { totalCount nodes { versions { newestTitle } } } } }";
        let answer = editor.post(&json!({ "query": query, "variables": { "f": filter } })).await;
        answer.data()["editorial"]["entries"]["totalCount"].as_i64().unwrap()
    };
    for text in [
        "Café AU",
        "CAFE\u{301}",
        "ipek ýoly",
        "IPEK",
        "ıpek",
        "i\u{307}pek",
        "ışıkly",
        "IŞIKLY",
        "işikly",
        "STRASSE",
        "grosse",
        "wide",
        "effigy",
        "FINCH",
        "cooperation",
        "co\u{ad}op",
        "việt",
        "VIỆT",
        "people's day",
    ] {
        assert_eq!(count(json!({ "text": text })).await, 1, "{dialect:?} {text}");
    }
    for text in ["cafe au", "ipek yoly", "viet", "Cáfe au", "people's dày"] {
        assert_eq!(count(json!({ "text": text })).await, 1, "{dialect:?} {text}: marks do not count");
    }
    assert_eq!(count(json!({ "text": "caffe au" })).await, 0, "{dialect:?}");
    for name in [person.id.to_string(), person.slug.to_string()] {
        assert!(count(json!({ "person": name })).await >= 9, "{dialect:?}");
        assert_eq!(count(json!({ "person": name, "text": "wide" })).await, 1, "{dialect:?}");
    }
    assert_eq!(count(json!({ "person": "nobody" })).await, 0);

    // What another version has folded is folded anew, once.
    let before = "UPDATE standing SET folded = '', folding = 0, slug = NULL, persons = '[]'";
    courant_tests::write_by_hand(&portal.database.options.url, before).await;
    courant_tests::write_by_hand(&portal.database.options.url, "UPDATE edition SET folded = '', folding = 0").await;
    assert_eq!(count(json!({ "text": "wide" })).await, 0);
    portal.store.admin().rederive().await.unwrap();
    assert_eq!(count(json!({ "text": "wide", "person": person.slug.to_string() })).await, 1, "{dialect:?}");
    assert_eq!(portal.database.broken().await, [""; 0], "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn what_is_live_is_looked_up_by_what_somebody_knows_of_it(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let (author, reader) = (portal.as_role(Role::Author).await, portal.as_role(Role::Reader).await);
    let admin = portal.as_role(Role::Admin).await;
    let reference = portal.store.reference();
    let category = category(&reference, "politics").to_string();
    let person = &reference.persons()[0];
    let name = person.name.resolve(&reference.site, Locale::ENGLISH).unwrap().to_owned();
    let make = async |noun: &str, content: Value, live: bool| {
        let input = json!({ "categoryId": category, "locale": "en", "content": content });
        let made =
            admin.mutate(&format!("create{noun}"), input, "entry { id } userErrors { code field message }").await;
        let entry = made.done()["entry"]["id"].clone();
        if live {
            let publish = json!({ "entryId": entry, "locale": "en" });
            admin.mutate("publishEntry", publish, "userErrors { code field message }").await.done();
        }
        entry
    };
    let body = json!({ "source": "Text." });
    let act = json!({ "title": "On quinces", "number": "7-Q", "signedOn": "2026-01-01", "body": body });
    let act = make("Decree", act, true).await;
    let begins =
        make("Article", json!({ "title": "Quince season", "slug": "quinces-are-ripe", "body": body }), true).await;
    let within = make("Article", json!({ "title": "A basket of quinceberries", "body": body }), true).await;
    let written = json!({ "title": "Unrelated", "body": body, "authors": [person.id.to_string()] });
    let by = make("Article", written, true).await;
    make("Article", json!({ "title": "Quince draft", "slug": "quince-draft", "body": body }), false).await;
    let look = async |arguments: &str| {
        let query = format!(
            "{{ editorial {{ lookup({arguments}) {{ kind targetId title path number matched locale publication {{ title entryId }} }} }} }}"
        );
        let answer = author.query(&query).await;
        assert!(answer.statements.len() <= 6, "{:#?}", answer.statements);
        answer.data()["editorial"]["lookup"].as_array().unwrap().clone()
    };
    let found = |hits: &[Value]| -> Vec<(Value, String)> {
        let of = |hit: &Value| (hit["targetId"].clone(), hit["matched"].as_str().unwrap().to_owned());
        hits.iter().map(of).collect()
    };
    let way = |id: &Value, matched: &str| (id.clone(), matched.to_owned());
    let hits = look("text: \"QUINCE\"").await;
    let expected = [way(&begins, "TITLE_BEGINS"), way(&within, "WORD_BEGINS"), way(&act, "WORD_BEGINS")];
    let mut sorted = found(&hits);
    sorted[1..].sort_by_key(|(id, _)| *id == act);
    assert_eq!(sorted, expected, "{dialect:?}");
    assert_eq!(hits[0]["publication"], json!({ "title": "Quince season", "entryId": begins }));
    assert_eq!(found(&look("text: \"on quinces\"").await)[0], way(&act, "TITLE"), "{dialect:?}");
    assert_eq!(found(&look("text: \" 7-q\"").await)[0], way(&act, "NUMBER"), "{dialect:?}");
    assert_eq!(found(&look("text: \"quinces-are-ripe\"").await), [way(&begins, "SLUG")], "{dialect:?}");
    for text in ["/en/articles/quinces-are-ripe/", "https://www.example.org/en/articles/quinces-are-ripe?x=1#top"] {
        assert_eq!(found(&look(&format!("text: \"{text}\"")).await), [way(&begins, "PATH")], "{dialect:?}");
    }
    let hits = look(&format!("text: \"{name}\", locale: \"en\", first: 50")).await;
    assert_eq!(found(&hits)[0], way(&json!(person.id.to_string()), "TITLE"), "{dialect:?}");
    assert!(found(&hits).contains(&way(&by, "PERSON")), "{dialect:?} {hits:?}");
    let hits = look("text: \"politics\", kinds: [CATEGORY]").await;
    assert_eq!(found(&hits)[0], way(&json!(category), "SLUG"), "{dialect:?}");
    assert!(hits.iter().all(|hit| hit["kind"] == "CATEGORY"));
    for (text, kinds) in
        [("/en/categories/politics", "CATEGORY"), ("/en/tags/water", "TAG"), ("/en/feeds/last-news", "FEED")]
    {
        let hits = look(&format!("text: \"{text}\", kinds: [{kinds}, ARTICLE]")).await;
        let all: Vec<&Value> = hits.iter().map(|hit| &hit["path"]).collect();
        assert!(all.is_empty() || all == [&json!(text)], "{dialect:?} {hits:?}");
        assert!(text.contains("water") || !all.is_empty(), "{dialect:?} {text}");
    }
    for nothing in ["quince draft", "quince-draft", "/en/articles/quince-draft", " ", "%", "/xx/articles/a"] {
        let hits = look(&format!("text: \"{nothing}\", kinds: [ARTICLE, DECREE]")).await;
        assert!(hits.iter().all(|hit| hit["title"].as_str().unwrap().contains('%')), "{nothing}: {hits:?}");
    }
    assert_eq!(look("text: \"quince\", kinds: [DECREE]").await.len(), 1);
    assert_eq!(look("text: \"quince\", locale: \"tk\"").await.len(), 0);
    assert_eq!(look("text: \"quince\", first: 1").await.len(), 1);
    let ask = "{ editorial { lookup(text: \"quince\") { title } } }";
    assert_eq!(reader.query(ask).await.code(), "FORBIDDEN");
    assert_eq!(portal.query(ask).await.code(), "UNAUTHENTICATED");
    let many = author.query("{ editorial { lookup(text: \"a\", first: 51) { title } } }").await;
    assert_eq!(many.code(), "PAGE_TOO_LARGE");
}

#[apply(both_databases)]
#[tokio::test]
async fn what_is_typed_without_marks_is_found_with_them_and_the_other_way_round(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let admin = portal.as_role(Role::Admin).await;
    let category = category(&portal.store.reference(), "politics").to_string();
    let named = |text: &str| json!([{ "locale": "en", "text": text }]);
    let person =
        admin.mutate("createPerson", json!({ "name": named("Ärzýuw Öwezowa") }), "person { id } userErrors { code }");
    let person = person.await.done()["person"]["id"].clone();
    admin.mutate("createTag", json!({ "name": named("Çärýek") }), "userErrors { code }").await.done();
    admin.mutate("createCategory", json!({ "title": named("Söwda Ýagdaýy") }), "userErrors { code }").await.done();
    let body = json!({ "source": "Text." });
    for (slug, title) in [
        ("garassyzlyk", "Garaşsyzlygyň ýyl dönümi"),
        ("chertyozh", "Чертёж и чай"),
        ("plain", "Gok deniz, Zelenyy chertezh"),
        ("muhammad", "مُحَمَّد الفاتح"),
        ("by-her", "Something else"),
    ] {
        let mut content = json!({ "title": title, "slug": slug, "body": body });
        if slug == "by-her" {
            content["authors"] = json!([person]);
        }
        let input = json!({ "categoryId": category, "locale": "en", "content": content });
        let made = admin.mutate("createArticle", input, "entry { id } userErrors { code field message }").await;
        let publish = json!({ "entryId": made.done()["entry"]["id"], "locale": "en" });
        admin.mutate("publishEntry", publish, "userErrors { code field message }").await.done();
    }
    let act = json!({ "title": "On seals", "number": "7-Ё", "signedOn": "2026-01-01", "body": body });
    let input = json!({ "categoryId": category, "locale": "en", "content": act });
    let made = admin.mutate("createDecree", input, "entry { id } userErrors { code field message }").await;
    let publish = json!({ "entryId": made.done()["entry"]["id"], "locale": "en" });
    admin.mutate("publishEntry", publish, "userErrors { code field message }").await.done();

    for (text, title) in [
        ("garassyzlygyn", "Garaşsyzlygyň ýyl dönümi"),
        ("YYL DONUMI", "Garaşsyzlygyň ýyl dönümi"),
        ("ýyl donümi", "Garaşsyzlygyň ýyl dönümi"),
        ("чертеж", "Чертёж и чай"),
        ("ЧЕРТЁЖ", "Чертёж и чай"),
        ("gök deňiz", "Gok deniz, Zelenyy chertezh"),
        ("محمد", "مُحَمَّد الفاتح"),
        ("7-е", "On seals"),
        ("7-Ё", "On seals"),
        ("arzyuw", "Something else"),
        ("ÖWEZOWA", "Something else"),
        ("owezowa", "Ärzýuw Öwezowa"),
        ("caryek", "Çärýek"),
        ("CÄRYEK", "Çärýek"),
        ("sowda yagdayy", "Söwda Ýagdaýy"),
    ] {
        let query = "query ($text: String!) { editorial { lookup(text: $text, locale: \"en\") { title } } }";
        let answer = admin.post(&json!({ "query": query, "variables": { "text": text } })).await;
        let hits = answer.data()["editorial"]["lookup"].as_array().unwrap();
        assert!(hits.iter().any(|hit| hit["title"] == title), "{dialect:?} {text}: {hits:?}");
    }
    let count = async |filter: Value| {
        let query = "query ($f: EditorialEntryFilter) { editorial { entries(filter: $f) { totalCount } } }";
        let answer = admin.post(&json!({ "query": query, "variables": { "f": filter } })).await;
        answer.data()["editorial"]["entries"]["totalCount"].as_i64().unwrap()
    };
    for text in ["garassyzlygyn yyl", "чертеж", "чертёж", "gök deňiz", "محمد"] {
        assert_eq!(count(json!({ "text": text })).await, 1, "{dialect:?} {text}");
    }
    assert_eq!(count(json!({ "text": "чертеж и чаи" })).await, 0, "{dialect:?}: й is another letter");
    for number in ["7-ё", "7-Е"] {
        assert_eq!(count(json!({ "number": number })).await, 1, "{dialect:?} {number}");
    }
    // What a version before this one has folded, marks and all, is folded anew.
    let url = &portal.database.options.url;
    courant_tests::write_by_hand(
        url,
        "UPDATE standing SET folded = 'чертёж и чай', folding = 1 WHERE folded LIKE '%чай'",
    )
    .await;
    courant_tests::write_by_hand(
        url,
        "UPDATE edition SET folded = 'чертёж и чай', folding = 1 WHERE folded LIKE '%чай'",
    )
    .await;
    assert_eq!(count(json!({ "text": "чертеж" })).await, 0, "{dialect:?}");
    portal.store.admin().rederive().await.unwrap();
    assert_eq!(count(json!({ "text": "чертеж" })).await, 1, "{dialect:?}");
    assert_eq!(portal.database.broken().await, [""; 0], "{dialect:?}");
}
