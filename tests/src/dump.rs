//! A store as lines, and a store from lines.

use courant_persistence::{
    ReferenceData, Store,
    dump::{EntryRecord, Record, Snapshot},
};

/// Everything a store holds, as the lines of a dump.
pub async fn dump(store: &Store) -> Vec<String> {
    let snapshot = store.admin().snapshot().await.unwrap();
    let reference = snapshot.reference();
    let mut records = vec![Record::Site(reference.site.clone())];
    records.extend(reference.categories.iter().cloned().map(Record::Category));
    records.extend(reference.tags().iter().cloned().map(Record::Tag));
    records.extend(reference.persons().iter().cloned().map(Record::Person));
    records.extend(reference.feeds().iter().cloned().map(Record::Feed));
    records.extend(entries(&snapshot).await.into_iter().map(Record::Entry));
    records.extend(snapshot.redirects().await.unwrap().into_iter().map(Record::Redirect));
    records.extend(snapshot.reads(None, u64::from(u32::MAX)).await.unwrap().into_iter().map(Record::Reads));
    records.iter().map(|record| serde_json::to_string(record).unwrap()).collect()
}

async fn entries(snapshot: &Snapshot) -> Vec<EntryRecord> {
    let mut all: Vec<EntryRecord> = Vec::new();
    loop {
        let page = snapshot.entries(all.last().map(|record| record.entry.id), 17).await.unwrap();
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

/// Puts the lines of a dump into an empty store.
pub async fn restore(store: &Store, lines: &[String]) {
    let mut data = ReferenceData::default();
    let mut entries = Vec::new();
    let mut redirects = Vec::new();
    let mut reads = Vec::new();
    for line in lines {
        match serde_json::from_str(line).unwrap() {
            Record::Courant(_) | Record::End(_) => {}
            Record::Site(site) => store.newsroom().site_put(&site).await.unwrap(),
            Record::Category(category) => data.categories.push(category),
            Record::Tag(tag) => data.tags.push(tag),
            Record::Person(person) => data.persons.push(person),
            Record::Feed(feed) => data.feeds.push(feed),
            Record::Entry(entry) => entries.push(entry),
            Record::Redirect(redirect) => redirects.push(redirect),
            Record::Webhook(_) => {}
            Record::Reads(record) => reads.push(record),
        }
    }
    store.newsroom().reference_put(&data).await.unwrap();
    for batch in entries.chunks(13) {
        store.admin().entries_create(batch).await.unwrap();
    }
    store.admin().redirects_restore(redirects).await.unwrap();
    store.admin().reads_restore(&reads).await.unwrap();
}
