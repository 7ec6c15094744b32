//! How good the lists are, by a set of stories whose threads are known, against "the newest of the same category".
//!
//! The stories are written for this (`judged/stories.rs`): threads of four in three languages, each thread told over months, in more than one
//! category, with and without tags. Around them are generated articles of the same categories. Of what is shown with a story, another one
//! of its thread is worth 3, one of a thread on the same subject 1, and everything else nothing. `docs/related.md` has the figures.

#[path = "judged/stories.rs"]
mod stories;

use std::collections::HashMap;

use courant_domain::{id::CategoryId, locale::Locale};
use courant_fixtures::generate::{DataSet, Generator};
use courant_persistence::{Dialect, ReferenceData, Store};
use courant_tests::{Portal, TestDatabase, alike::Alike, apply, both_databases};

use self::stories::{STORIES, Telling};
use crate::support::{locale, story, tag, text};

/// How many are looked at.
const AT: usize = 10;
/// How many generated articles stand around the stories.
const AROUND: u64 = 400;

async fn library(dialect: Dialect) -> (TestDatabase, Store) {
    let database = TestDatabase::migrated(dialect).await;
    let store = database.open().await;
    let mut site = courant_domain::site::Site::new(Locale::ENGLISH, "Portal");
    site.locales.extend(["ru", "tk"].map(|tag| courant_domain::site::SiteLocale {
        tag: locale(tag),
        name: tag.to_owned(),
        fallbacks: Vec::new(),
    }));
    store.newsroom().site_put(&site).await.unwrap();
    let locales = vec![Locale::ENGLISH, locale("ru"), locale("tk")];
    let (generator, reference) = Generator::new(DataSet { articles: AROUND, seed: 3, locales }, &store.reference());
    store.newsroom().reference_put(&reference).await.unwrap();
    store.admin().entries_create(&generator.articles(0..AROUND).unwrap()).await.unwrap();
    let mut names: Vec<&str> = STORIES.iter().flat_map(|it| it.tags).copied().collect();
    names.sort_unstable();
    names.dedup();
    // Some of them generated articles have, too.
    let known = store.reference();
    let is_known = |name: &&str| known.tags().iter().any(|tag| tag.slug.as_str() == *name);
    let tags: Vec<_> = names.iter().filter(|name| !is_known(name)).map(|name| tag(name)).collect();
    let all = known.tags().iter().chain(&tags);
    let ids: HashMap<String, _> = all.map(|tag| (tag.slug.to_string(), tag.id)).collect();
    store.newsroom().reference_put(&ReferenceData { tags: tags.clone(), ..Default::default() }).await.unwrap();
    let reference = store.reference();
    let category = |path: &str| -> CategoryId {
        reference.categories.by_path(path).unwrap_or_else(|| panic!("no category {path}")).id
    };
    let incoming = STORIES.iter().enumerate().map(|(number, it)| {
        let slug = slug_of(number);
        // Generated articles are of the years up to 2026. These are the newest, which is the best for whoever shows the newest.
        let mut made = story(&slug, category(it.category), 110 + it.day);
        made.tags = it.tags.iter().map(|tag| ids[*tag]).collect();
        made.versions[0].locale = locale(it.locale);
        made.versions[0].content = courant_domain::content::Content::Article(text(&slug, it.title, it.text));
        made
    });
    courant_import::merge(&store, incoming.collect(), "test").await.unwrap();
    (database, store)
}

fn slug_of(number: usize) -> String {
    format!("judged{number}")
}

/// The slugs of what is shown with a story.
async fn shown(portal: &Portal, number: usize, field: &str) -> Vec<String> {
    let (slug, locale) = (slug_of(number), STORIES[number].locale);
    let query = format!("{{ article(by: {{ slug: \"{slug}\" }}, locale: \"{locale}\") {{ {field} }} }}");
    let answer = portal.query(&query).await;
    let article = &answer.data()["article"];
    let list = article["related"].as_array().or_else(|| article["category"]["articles"]["nodes"].as_array());
    let slugs = list.unwrap().iter().map(|it| it["slug"].as_str().unwrap().to_owned());
    slugs.filter(|other| *other != slug).take(AT).collect()
}

/// What an article is worth beside a story.
fn worth(of: &Telling, slug: &str) -> u32 {
    let number = slug.strip_prefix("judged").and_then(|number| number.parse::<usize>().ok());
    match number.and_then(|number| STORIES.get(number)) {
        Some(other) if other.locale == of.locale && other.thread == of.thread => 3,
        Some(other) if other.locale == of.locale && other.subject == of.subject => 1,
        _ => 0,
    }
}

/// The normalised discounted cumulative gain of what is shown, by what the best order would give.
fn ndcg(number: usize, shown: &[String]) -> f64 {
    let of = &STORIES[number];
    let gain = |worths: &mut dyn Iterator<Item = u32>| -> f64 {
        let discounted = |(place, worth): (usize, u32)| (f64::from(1_u32 << worth) - 1.0) / (place as f64 + 2.0).log2();
        worths.take(AT).enumerate().map(discounted).sum()
    };
    let mut best: Vec<u32> =
        (0..STORIES.len()).filter(|other| *other != number).map(|it| worth(of, &slug_of(it))).collect();
    best.sort_unstable_by(|one, other| other.cmp(one));
    gain(&mut shown.iter().map(|slug| worth(of, slug))) / gain(&mut best.into_iter())
}

#[apply(both_databases)]
#[tokio::test]
async fn threads_are_found_that_the_newest_of_the_category_do_not_show(dialect: Dialect) {
    let (database, store) = library(dialect).await;
    let portal = Portal::over(TestDatabase::of_the_same(&database), store.clone()).await;
    let related = "related(first: 10) { slug }";
    let newest = "category { articles(first: 11, orderBy: PUBLISHED_AT_DESC) { nodes { slug } } }";
    // Until there are lists, it is the newest of the category or of a tag.
    let (newest, or_tagged) = (measured(&portal, newest).await, measured(&portal, related).await);
    let Alike { portal, .. } = Alike::over(database, store).await;
    let ours = measured(&portal, related).await;
    println!("{dialect:?}: nDCG@{AT} over {} stories among {AROUND} others", STORIES.len());
    for of in ["en", "ru", "tk", "all"] {
        let (ours, newest, or_tagged) = (ours[of], newest[of], or_tagged[of]);
        println!(
            "  {of:>3}: related {ours:.3}, newest of the category {newest:.3}, of the category or a tag {or_tagged:.3}"
        );
        assert!(ours > 1.2 * newest && ours > or_tagged, "{dialect:?}: {of}");
    }
}

/// The mean of what is shown by a field, for the stories of each language and for all.
async fn measured(portal: &Portal, field: &str) -> HashMap<&'static str, f64> {
    let mut sums: HashMap<&str, (f64, u32)> = HashMap::new();
    for (number, story) in STORIES.iter().enumerate() {
        let found = ndcg(number, &shown(portal, number, field).await);
        for of in [story.locale, "all"] {
            let (sum, count) = sums.entry(of).or_default();
            (*sum, *count) = (*sum + found, *count + 1);
        }
    }
    sums.into_iter().map(|(of, (sum, count))| (of, sum / f64::from(count))).collect()
}
