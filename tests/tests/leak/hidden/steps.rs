//! The steps by which something is planted: each notes the words it uses and where they are.

use courant_domain::{
    access::Viewer,
    content::Content,
    decree::{Relation, RelationKind},
    edition::Ending,
    entry::Entry,
    patch::Patch,
    revision::Revision,
    workflow::{LocaleStanding, Standing, State},
};
use courant_persistence::{
    Command, EntryCreate, EntryPublish, EntrySave, EntrySchedule, EntryUnpublish, VersionKey,
    dump::{DeskRecord, EntryRecord},
};
use jiff::Timestamp;

use super::{Hidden, tomorrow};
use crate::{
    base::{DECREE, category, entry, locale, person, tag},
    words::{article, decree},
};

/// A language of an entry, and its newest revision.
pub(super) type Made = (VersionKey, u32);

impl Hidden<'_> {
    pub(super) fn article(&mut self, label: &str, tag: &str) -> Content {
        Content::Article(article(&mut self.words, label, tag, &[person(3)], &[entry(DECREE)]))
    }

    pub(super) fn decree(&mut self, label: &str, tag: &str, does: &[(RelationKind, u128)]) -> Content {
        let relations = does
            .iter()
            .map(|(kind, target)| Relation {
                kind: *kind,
                target: entry(*target),
                on: Some(jiff::civil::date(2026, 1, 1)),
                partial: false,
                note: Some(self.words.word(label, &format!("note{target}"), tag)),
            })
            .collect();
        Content::Decree(decree(&mut self.words, label, tag, person(3), relations))
    }

    pub(super) async fn create(&mut self, by: &Viewer, label: &str, tag: &str, content: Content) -> Made {
        let comment = Some(self.words.word(label, "comment", tag));
        let tags = vec![crate::base::tag(1), crate::base::tag(3)];
        let input = EntryCreate { category: category(1), tags, locale: locale(tag), content, comment };
        let key = self.store.newsroom().entry_create(Command::of(by), &input).await.unwrap();
        self.places.entry(label.to_owned()).or_default().push(key);
        (key, 1)
    }

    pub(super) async fn new_article(&mut self, by: &Viewer, label: &str, tag: &str) -> Made {
        let content = self.article(label, tag);
        self.create(by, label, tag, content).await
    }

    pub(super) async fn save(&mut self, label: &str, (key, newest): Made, content: Content) -> Made {
        let comment = Some(self.words.word(label, "comment", key.locale.as_str()));
        let based_on = (newest > 0).then_some(newest);
        let save = EntrySave {
            entry: key.entry,
            locale: key.locale,
            based_on,
            content: content.into(),
            comment,
            translated_from: None,
        };
        self.store.newsroom().entry_save(Command::of(&self.people.editor), &save).await.unwrap();
        let places = self.places.entry(label.to_owned()).or_default();
        if !places.contains(&key) {
            places.push(key);
        }
        (key, newest + 1)
    }

    pub(super) async fn publish(&mut self, label: &str, (key, _): Made) {
        let change_note = Some(self.words.word(label, "changenote", key.locale.as_str()));
        let VersionKey { entry, locale } = key;
        let publish = EntryPublish { entry, locale, revision: None, change_note, published_at: None };
        self.store.newsroom().entry_publish(Command::of(&self.people.publisher), &publish).await.unwrap();
    }

    pub(super) async fn take_back(&self, key: VersionKey, ending: Ending, at: Option<Timestamp>) {
        let input = EntryUnpublish { entry: key.entry, locale: key.locale, ending, at };
        self.store.newsroom().entry_unpublish(Command::of(&self.people.publisher), &input).await.unwrap();
    }

    pub(super) async fn schedule(&mut self, label: &str, (key, _): Made) {
        let change_note = Some(self.words.word(label, "schedulednote", key.locale.as_str()));
        let schedule = EntrySchedule {
            entry: key.entry,
            locale: key.locale,
            at: tomorrow(),
            revision: None,
            change_note: Patch::Set(change_note),
        };
        self.store.newsroom().entry_schedule(Command::of(&self.people.publisher), &schedule).await.unwrap();
    }

    pub(super) async fn import(&mut self, label: &str, number: u128, views: i64, content: Content) {
        let key = VersionKey { entry: entry(number), locale: locale("en") };
        let at = Timestamp::now();
        let record = EntryRecord {
            entry: Entry {
                id: key.entry,
                kind: content.kind(),
                category: category(2),
                tags: vec![tag(3)],
                created_at: at,
                created_by: Some(self.people.colleague.actor.clone()),
                was_published: false,
                origin: Some(self.words.word(label, "origin", "en")),
            },
            views,
            standings: vec![LocaleStanding { locale: key.locale, standing: Standing::new(State::Draft, 1) }],
            revisions: vec![Revision {
                entry: key.entry,
                locale: key.locale,
                number: 1,
                based_on: None,
                created_at: at,
                created_by: "import".into(),
                comment: None,
                content,
            }],
            editions: Vec::new(),
            desk: DeskRecord::default(),
            waiting_paths: Vec::new(),
        };
        self.store.admin().entries_create(&[record]).await.unwrap();
        self.places.insert(label.to_owned(), vec![key]);
    }
}
