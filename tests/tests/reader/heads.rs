//! What tells pages apart for those who run no script: titles and descriptions.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::Site;

/// The title and the description of a page.
async fn head(site: &Site, path: &str) -> (String, String) {
    let page = site.get(path).await;
    assert_eq!(page.status, 200, "{path}");
    let between = |before: &str, after: &str| {
        let found: Vec<&str> = page.text.split(before).skip(1).filter_map(|rest| rest.split(after).next()).collect();
        assert_eq!(found.len(), 1, "{path}: {before}");
        found[0].to_owned()
    };
    (between("<title data-courant>", "</title>"), between("name=\"description\" content=\"", "\""))
}

#[tokio::test]
async fn no_page_has_the_title_or_the_description_of_another() {
    let site = Site::new().await;
    site.portal.index().await;
    for locale in ["en", "ru", "tk"] {
        let lists = format!(
            "{{ tags(locale: \"{locale}\", first: 100) {{ nodes {{ path }} }} \
                persons(locale: \"{locale}\", first: 100) {{ nodes {{ path }} }} \
                categories(locale: \"{locale}\") {{ path children {{ path }} }} feeds(locale: \"{locale}\") {{ path }} }}"
        );
        let lists = site.portal.query(&lists).await.data().clone();
        let mut paths: Vec<String> = Vec::new();
        let mut rest = vec![&lists];
        while let Some(value) = rest.pop() {
            match value {
                Value::Object(object) => {
                    paths.extend(object.get("path").and_then(Value::as_str).map(str::to_owned));
                    rest.extend(object.values());
                }
                Value::Array(values) => rest.extend(values),
                _ => {}
            }
        }
        assert!(paths.len() > 20, "{locale}: {paths:?}");
        paths.extend(
            ["", "/decrees", "/feeds", "/search", "/search?q=gas", "/search?q=water"]
                .map(|path| format!("/{locale}{path}")),
        );
        let mut seen: [BTreeMap<String, String>; 2] = Default::default();
        for path in paths {
            let (title, description) = head(&site, &path).await;
            assert!(title.len() > 3 && description.len() > 5, "{path}: {title:?} {description:?}");
            for (seen, said) in seen.iter_mut().zip([title, description]) {
                let before = seen.insert(said.clone(), path.clone());
                assert_eq!(before, None, "{path} has {said:?}, too");
            }
        }
    }
}

#[tokio::test]
async fn a_further_page_of_a_list_is_not_called_as_the_first() {
    let site = Site::new().await;
    let ends = "{ tag(by: { slug: \"gas\" }) { one: publications(first: 1) { pageInfo { endCursor } } \
                two: publications(first: 2) { nodes { title } pageInfo { endCursor } } } \
                decrees(first: 2, locale: \"en\") { pageInfo { endCursor } } }";
    let ends = site.portal.query(ends).await.data().clone();
    let end = |pointer: &str| ends.pointer(pointer).and_then(Value::as_str).unwrap().to_owned();
    let first = head(&site, "/en/tags/gas").await;
    let one = head(&site, &format!("/en/tags/gas?after={}", end("/tag/one/pageInfo/endCursor"))).await;
    let two = head(&site, &format!("/en/tags/gas?after={}", end("/tag/two/pageInfo/endCursor"))).await;
    assert!(one.0.contains(", continued · ") && two.0 == one.0 && one.0 != first.0, "{first:?} {one:?}");
    let next = end("/tag/two/nodes/1/title");
    assert_eq!(one.1, format!("{} From {next} on.", first.1));
    assert!(two.1 != one.1 && two.1 != first.1, "{two:?}");
    let register = head(&site, "/en/decrees").await;
    let further = head(&site, &format!("/en/decrees?after={}", end("/decrees/pageInfo/endCursor"))).await;
    assert!(further.0 != register.0 && further.1.starts_with(&format!("{} From ", register.1)), "{further:?}");
}

#[tokio::test]
async fn what_has_no_words_of_its_own_is_described_all_the_same() {
    let site = Site::new().await;
    site.portal.index().await;
    let mut silent = site.portal.store.reference().site.clone();
    silent.description = courant_domain::text::Localized::default();
    site.portal.store.newsroom().site_put(&silent).await.unwrap();
    let (title, description) = head(&site, "/en").await;
    assert_eq!(description, format!("News of {title}."));
    assert_eq!(head(&site, "/en/search?q=gas").await.1, "Found for gas.");
}
