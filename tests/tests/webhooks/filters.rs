//! Who is told of what.

use courant_domain::{
    entry::EntryKind,
    locale::Locale,
    webhook::{EventType, WebhookFilter},
};
use courant_tests::{
    Dialect, apply, both_databases,
    receiver::{Got, Receiver},
};
use serde_json::json;

use crate::support::{Site, category, done, publish, publish_again};

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn each_is_told_what_its_filter_takes_and_of_what_leaves_it(dialect: Dialect) {
    let site = Site::new(dialect).await;
    let admin = site.admin().await;
    let (politics, parliament, economy) =
        (category(&site, "politics"), category(&site, "politics/parliament"), category(&site, "economy"));
    let english = Locale::parse("en").unwrap();
    let none = WebhookFilter::default;
    let filters = [
        ("all", none()),
        ("removals", WebhookFilter { events: vec![EventType::PublicationRemoved], ..none() }),
        ("in politics", WebhookFilter { categories: vec![politics], ..none() }),
        ("in and below politics", WebhookFilter { categories: vec![politics], include_descendants: true, ..none() }),
        ("in the economy", WebhookFilter { categories: vec![economy], ..none() }),
        ("decrees", WebhookFilter { kinds: vec![EntryKind::Decree], ..none() }),
        ("russian", WebhookFilter { locales: vec![Locale::parse("ru").unwrap()], ..none() }),
        ("english articles", WebhookFilter { locales: vec![english], kinds: vec![EntryKind::Article], ..none() }),
    ];
    let mut receivers = Vec::new();
    for (name, filter) in filters {
        let receiver = Receiver::good().await;
        site.hook_of(&receiver.url(), filter).await;
        receivers.push((name, receiver));
    }
    let entry = publish(&admin, &parliament.to_string(), "a-vote", "en").await;
    let moved = json!({ "entryId": entry, "categoryId": economy.to_string() });
    done(&admin, "fileEntry", moved, "entry { id } userErrors { code field message }").await;
    publish_again(&admin, &entry, "en").await;
    let gone = json!({ "entryId": entry, "locale": "en", "ending": { "gone": true } });
    done(&admin, "unpublishEntry", gone, "entry { id } userErrors { code field message }").await;
    // The last that all of them are told of.
    let end = json!({ "slug": "the-end", "title": [{ "locale": "en", "text": "The end" }] });
    done(&admin, "createCategory", end, "category { id } userErrors { code field message }").await;
    let mut told = Vec::new();
    for (name, receiver) in &receivers {
        if *name != "removals" {
            receiver.until(|got| got.iter().any(|got| got.path().ends_with("/the-end"))).await;
        }
        // What is of another thing may overtake it: what is of this one comes in its order, and ends with its end.
        let of_entry = |got: &Got| got.json()["data"]["entryId"] == entry.as_str();
        let hears_the_end = !["in politics", "in and below politics", "decrees", "russian"].contains(name);
        let is_over = |got: &Got| of_entry(got) && got.event() == "publication.removed";
        let got = receiver.until(|got| !hears_the_end || got.iter().any(is_over)).await;
        let events: Vec<String> = got
            .iter()
            .filter(|got| of_entry(got))
            .map(|got| got.event().trim_start_matches("publication.").to_owned())
            .collect();
        told.push((*name, events.join(" ")));
    }
    let all = "published updated removed";
    assert_eq!(
        told,
        [
            ("all", all),
            ("removals", "removed"),
            ("in politics", ""),
            ("in and below politics", "published updated"),
            ("in the economy", "updated removed"),
            ("decrees", ""),
            ("russian", ""),
            ("english articles", all),
        ]
        .map(|(name, events)| (name, events.to_owned())),
        "{dialect:?}"
    );
}
