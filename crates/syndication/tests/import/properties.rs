//! Whatever comes in, the readers answer.

use std::collections::HashSet;

use courant_syndication::{Import, detect};
use proptest::prelude::*;

use super::*;

const SAMPLES: [&str; 3] = [
    include_str!("../samples/harbour.wxr.xml"),
    include_str!("../samples/hill.rss.xml"),
    r#"{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "A", "content_text": "b",
        "date_published": "2026-03-04T06:00:00Z", "tags": ["c"], "authors": [{"name": "d"}]}]}"#,
];

/// A sample with some of its bytes gone, changed or doubled.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<prop::sample::Index>(), 0_usize..40, prop::collection::vec(any::<u8>(), 0..6));
    (0..SAMPLES.len(), prop::collection::vec(change, 1..6)).prop_map(|(sample, changes)| {
        let mut bytes = SAMPLES[sample].as_bytes().to_vec();
        for (at, length, new) in changes {
            let from = at.index(bytes.len().max(1)).min(bytes.len());
            let to = (from + length).min(bytes.len());
            bytes.splice(from..to, new);
        }
        bytes
    })
}

/// What holds for every import.
fn check(import: &Import) -> Result<(), TestCaseError> {
    let unique = |texts: Vec<&str>| texts.iter().collect::<HashSet<_>>().len() == texts.len();
    prop_assert!(unique(import.items.iter().map(|item| item.origin.as_str()).collect()));
    prop_assert!(unique(import.items.iter().filter_map(|item| item.content.slug.as_ref()).map(Slug::as_str).collect()));
    prop_assert!(unique(import.categories.iter().map(|category| category.slug.as_str()).collect()));
    let mut above = HashSet::new();
    for category in &import.categories {
        prop_assert!(category.parent.as_ref().is_none_or(|parent| above.contains(parent)));
        above.insert(category.slug.clone());
    }
    let tags: HashSet<_> = import.tags.iter().map(|tag| &tag.slug).collect();
    let persons: HashSet<_> = import.persons.iter().map(|person| &person.slug).collect();
    above.extend(Slug::parse("imported"));
    for item in &import.items {
        prop_assert!(item.content.title.as_ref().is_some_and(|title| !title.trim().is_empty()));
        prop_assert!(!item.categories.is_empty());
        prop_assert!(item.categories.iter().all(|slug| above.contains(slug)));
        prop_assert!(item.tags.iter().all(|slug| tags.contains(slug)));
        prop_assert!(item.authors.iter().all(|slug| persons.contains(slug)));
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = detect(&bytes);
        let _ = read(&bytes, &options());
    }

    #[test]
    fn broken_samples_are_answered_and_what_is_read_holds_together(bytes in mutated()) {
        if let Ok(import) = read(&bytes, &options()) {
            check(&import)?;
        }
    }

    #[test]
    fn any_text_in_any_field_is_taken(text in "\\PC{0,60}", markup in "[\\[\\]<>/!\"'= a-z\n-]{0,80}") {
        let text = text.replace("]]>", "");
        let markup = markup.replace("]]>", "");
        let wxr = format!(
            "<rss version='2.0' xmlns:wp='http://wordpress.org/export/1.2/' xmlns:dc='http://purl.org/dc/elements/1.1/' \
             xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><item><title><![CDATA[{text}]]></title>\
             <wp:post_name><![CDATA[{text}]]></wp:post_name><dc:creator><![CDATA[{text}]]></dc:creator>\
             <wp:post_date_gmt><![CDATA[{text}]]></wp:post_date_gmt><link><![CDATA[{text}]]></link>\
             <category><![CDATA[{text}]]></category><content:encoded><![CDATA[{markup}]]></content:encoded></item></channel></rss>"
        );
        check(&import(&wxr))?;
        check(&import(&wxr.replace(" xmlns:wp='http://wordpress.org/export/1.2/'", "")))?;
    }
}
