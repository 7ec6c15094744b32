use std::collections::{HashMap, HashSet};

use courant_persistence::{Options, Store, migrate};

use super::*;

/// A generator beside an empty database, and what its articles need there.
fn generator(articles: u64, seed: u64) -> (Generator, ReferenceData) {
    let folder = tempfile::tempdir().unwrap();
    let options = Options::sqlite(&folder.path().join("courant.db"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let store = runtime.block_on(async {
        migrate(&options).await.unwrap();
        Store::open(&options).await.unwrap()
    });
    Generator::new(DataSet { articles, seed, locales: vec![Locale::ENGLISH] }, &store.reference())
}

fn articles(generator: &Generator, places: std::ops::Range<u64>) -> Vec<EntryRecord> {
    generator.articles(places).unwrap()
}

#[test]
fn the_same_seed_gives_the_same_articles_in_whatever_portions() {
    let whole = articles(&generator(100, 42).0, 0..100);
    let (again, _) = generator(100, 42);
    assert_eq!(whole[60..], articles(&again, 60..100));
    assert_eq!(whole[..60], articles(&again, 0..60));
    let (other, _) = generator(100, 43);
    assert!(articles(&other, 0..100).iter().all(|record| whole.iter().all(|known| known.entry.id != record.entry.id)));
}

#[test]
fn articles_are_complete_unique_and_in_the_order_of_their_dates() {
    let records = articles(&generator(2000, 7).0, 0..2000);
    let mut slugs = HashSet::new();
    for record in &records {
        record.validate().unwrap();
        let content = &record.revisions[0].content;
        assert!(slugs.insert(content.slug().unwrap().clone()), "{:?}", content.slug());
        let body = content.body().unwrap();
        assert!((400..1400).contains(&body.source().len()), "{}", body.source());
        assert!(!content.title().unwrap().contains(['{', '}']) && !body.source().contains(['{', '}']));
    }
    let dates: Vec<_> = records.iter().map(|record| record.editions[0].published_at).collect();
    assert!(dates.is_sorted());
    assert!(records.iter().map(|record| record.entry.id.uuid()).is_sorted());
    let length: usize = records.iter().map(|record| record.revisions[0].content.body().unwrap().source().len()).sum();
    assert!((600..=900).contains(&(length / records.len())), "{} on average", length / records.len());
}

#[test]
fn every_category_has_its_share() {
    let records = articles(&generator(2000, 1).0, 0..2000);
    let mut counts: HashMap<_, u32> = HashMap::new();
    for record in &records {
        *counts.entry(record.entry.category).or_default() += 1;
    }
    assert!((12..=24).contains(&counts.len()), "{} categories", counts.len());
    let share = 2000 / u32::try_from(counts.len()).unwrap();
    assert!(counts.values().all(|count| count.abs_diff(share) <= 1), "{counts:?}");
}

#[test]
fn what_the_articles_need_is_made_once() {
    let (_, new) = generator(1, 1);
    assert_eq!((new.tags.len(), new.persons.len()), (60, 40));
    let slugs: HashSet<_> = new.tags.iter().map(|tag| &tag.slug).collect();
    assert_eq!(slugs.len(), 60);
    let slugs: HashSet<_> = new.persons.iter().map(|person| &person.slug).collect();
    assert_eq!(slugs.len(), 40);
    let tops = new.categories.iter().filter(|category| category.parent.is_none()).count();
    assert!(tops >= 4 && new.categories.len() > 2 * tops, "two levels");
}
