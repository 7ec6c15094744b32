//! The pages, from a portal with the sample content.

use std::collections::HashSet;

use courant_example::{category_titles, front_page, portal_page};
use courant_persistence::Dialect;
use courant_tests::Portal;

#[tokio::test]
async fn three_pages_of_a_portal() {
    let portal = Portal::with_samples(Dialect::Sqlite).await;
    let (client, url) = (reqwest::Client::new(), format!("{}/graphql", portal.url));
    let page = portal_page(&client, &url).await.unwrap();
    assert!(page.contains(" \\ Politics"), "{page}");
    assert!(page.contains("Published 2 March 2021, read 3739 times"), "{page}");
    assert!(page.contains("[ru] ") && page.contains("[tk] "), "{page}");
    assert_eq!(page.lines().rev().take_while(|line| line.starts_with("  ")).count(), 10, "{page}");

    let page = front_page(&client, &url, "ru").await.unwrap();
    assert_eq!(page.lines().count(), 40, "{page}");

    let pages = category_titles(&client, &url, "politics", "en").await.unwrap();
    assert!(pages.len() > 1 && pages[..pages.len() - 1].iter().all(|titles| titles.len() == 5), "{pages:?}");
    let all: HashSet<&String> = pages.iter().flatten().collect();
    assert_eq!(all.len(), pages.iter().map(Vec::len).sum::<usize>(), "no article twice");

    assert!(category_titles(&client, &url, "no-such-thing", "en").await.unwrap().is_empty());
    let error = category_titles(&client, &url, "politics", "xx").await.unwrap_err();
    assert!(error.to_string().starts_with("UNKNOWN_LOCALE: "), "{error}");
    assert!(portal_page(&client, &format!("{}/nothing", portal.url)).await.is_err());
}
