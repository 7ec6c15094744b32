//! What is published from the start: a small portal that has everything a reader can meet.

use std::collections::BTreeSet;

use courant_domain::{
    access::Viewer,
    category::Category,
    content::Content,
    decree::{DecreeContent, Relation, RelationKind},
    edition::{ChangeNote, Edition, Withdrawal},
    entry::{Entry, EntryKind},
    feed::{Feed, FeedOrder},
    id::{CategoryId, EntryId, FeedId, PersonId, TagId},
    locale::Locale,
    person::Person,
    revision::Revision,
    rich_text::Format,
    site::{Site, SiteLocale},
    tag::Tag,
    text::Localized,
    workflow::{LocaleStanding, Standing, State},
};
use courant_persistence::{
    ReferenceData, Store,
    dump::{DeskRecord, EntryRecord},
};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::words::{PUBLIC, Words, article, decree, slug};

/// The languages: Russian readers fall back to English, Turkmen ones to Russian and then to English.
pub(crate) const LOCALES: [&str; 3] = ["en", "ru", "tk"];
const LANGUAGES: [(&str, &[&str]); 3] = [("en", &[]), ("ru", &["en"]), ("tk", &["ru", "en"])];

/// An id that is the same in every portal.
fn fixed(number: u128) -> Uuid {
    Uuid::from_u128(0x0197_0000_0000_7000_8000_0000_0000_0000 + number)
}

pub(crate) fn locale(tag: &str) -> Locale {
    Locale::parse(tag).unwrap()
}

pub(crate) fn category(number: u128) -> CategoryId {
    fixed(100 + number).into()
}

pub(crate) fn tag(number: u128) -> TagId {
    fixed(200 + number).into()
}

pub(crate) fn person(number: u128) -> PersonId {
    fixed(300 + number).into()
}

pub(crate) fn feed(number: u128) -> FeedId {
    fixed(400 + number).into()
}

pub(crate) fn entry(number: u128) -> EntryId {
    fixed(500 + number).into()
}

/// A decree that published ones name and that is a draft itself.
pub(crate) const NAMED: u128 = 90;

/// The published portal.
pub(crate) struct Base {
    pub(crate) words: Words,
    pub(crate) entries: Vec<EntryRecord>,
    /// What the article that is corrected says afterwards.
    pub(crate) corrected: Content,
    /// When the correction goes live.
    pub(crate) corrected_at: Timestamp,
}

/// The entries of it that something happens to.
pub(crate) const ARTICLE: u128 = 1;
pub(crate) const EXPIRING: u128 = 4;
pub(crate) const FILED: u128 = 5;
pub(crate) const CORRECTED: u128 = 6;
pub(crate) const DECREE: u128 = 11;
pub(crate) const REPEALABLE: u128 = 13;

impl Base {
    pub(crate) fn new(words: Words, owner: &Viewer) -> Self {
        let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap();
        let mut base = Self {
            words,
            entries: Vec::new(),
            corrected: Content::Decree(DecreeContent::default()),
            corrected_at: now + SignedDuration::from_hours(1),
        };
        base.articles(owner);
        base.decrees(owner);
        base.corrected = base.article("corrected", "en", &[person(1)], &[]);
        base
    }

    fn article(&mut self, label: &str, tag: &str, authors: &[PersonId], covers: &[EntryId]) -> Content {
        Content::Article(article(&mut self.words, label, tag, authors, covers))
    }

    fn articles(&mut self, owner: &Viewer) {
        let covers = [entry(DECREE), entry(NAMED)];
        let authors = [person(1), person(2)];
        let whole = LOCALES.map(|tag| (tag, self.article("whole", tag, &authors, &covers)));
        self.publish(owner, ARTICLE, 1, &[1, 2], whole.to_vec());
        let one = |base: &mut Self, label: &str, tag| vec![(tag, base.article(label, tag, &[person(1)], &[]))];
        let mut withdrawn = one(self, "withdrawn", "en");
        withdrawn.extend(one(self, "withdrawn", "tk"));
        self.publish(owner, 2, 2, &[1], withdrawn);
        self.withdraw("withdrawn");
        let russian = one(self, "russian", "ru");
        self.publish(owner, 3, 3, &[2], russian);
        let mut two = one(self, "expiring", "en");
        two.extend(one(self, "expiring", "ru"));
        self.publish(owner, EXPIRING, 3, &[], two);
        let filed = one(self, "filed", "en");
        self.publish(owner, FILED, 1, &[1], filed);
        let corrected = one(self, "mistaken", "en");
        self.publish(owner, CORRECTED, 2, &[2], corrected);
    }

    fn decrees(&mut self, owner: &Viewer) {
        let first = ["en", "ru"].map(|tag| {
            let relations = vec![self.relation("decree", tag, RelationKind::Cites, entry(NAMED))];
            (tag, Content::Decree(decree(&mut self.words, "decree", tag, person(2), relations)))
        });
        self.publish(owner, DECREE, 1, &[1], first.to_vec());
        let relations = vec![
            self.relation("amending", "en", RelationKind::Amends, entry(DECREE)),
            self.relation("amending", "enb", RelationKind::Repeals, entry(14)),
        ];
        let amending = Content::Decree(decree(&mut self.words, "amending", "en", person(2), relations));
        self.publish(owner, 12, 2, &[], vec![("en", amending)]);
        for (number, label) in [(REPEALABLE, "repealable"), (14, "repealed")] {
            let mut plain = decree(&mut self.words, label, "en", person(2), Vec::new());
            plain.repealed_on = (number == 14).then(|| jiff::civil::date(2030, 1, 1));
            self.publish(owner, number, 3, &[1], vec![("en", Content::Decree(plain))]);
        }
        self.withdraw("repealed");
    }

    fn relation(&mut self, label: &str, tag: &str, kind: RelationKind, target: EntryId) -> Relation {
        // What names a draft is not shown, and neither is what it says of it.
        let note = if target == entry(NAMED) { "a note".to_owned() } else { self.words.word(label, "note", tag) };
        Relation { kind, target, on: Some(jiff::civil::date(2026, 3, 1)), partial: true, note: Some(note) }
    }

    fn publish(&mut self, owner: &Viewer, number: u128, filed: u128, tags: &[u128], languages: Vec<(&str, Content)>) {
        let at = Timestamp::constant(1_700_000_000, 0) + SignedDuration::from_hours(i64::try_from(number).unwrap());
        let kind = languages[0].1.kind();
        let label = self.words_label(&languages[0].1);
        let entry = Entry {
            id: entry(number),
            kind,
            category: category(filed),
            tags: tags.iter().map(|number| tag(*number)).collect(),
            created_at: at,
            created_by: Some(owner.actor.clone()),
            was_published: true,
            origin: None,
        };
        let views = i64::try_from(number * 7 % 11).unwrap();
        let mut record = EntryRecord {
            entry,
            views,
            standings: Vec::new(),
            revisions: Vec::new(),
            editions: Vec::new(),
            desk: DeskRecord::default(),
            waiting_paths: Vec::new(),
        };
        for (tag, content) in languages {
            let note = self.words.word(&label, "changenote", tag);
            let revision = Revision {
                entry: record.entry.id,
                locale: locale(tag),
                number: 1,
                based_on: None,
                created_at: at,
                created_by: owner.actor.to_string(),
                comment: None,
                content,
            };
            let mut live = Edition::publish(&record.entry, None, &revision, at, Some(at), None).unwrap();
            live.change_notes.push(ChangeNote { at, note });
            let standing = Standing::new(State::Published, 1);
            record.standings.push(LocaleStanding { locale: revision.locale, standing });
            record.revisions.push(revision);
            record.editions.push(live);
        }
        self.entries.push(record);
    }

    /// Withdraws what was published last, with a notice.
    fn withdraw(&mut self, label: &str) {
        let notice = self.words.word(label, "notice", "en");
        let record = self.entries.last_mut().unwrap();
        let live = &mut record.editions[0];
        live.withdrawal = Some(Withdrawal { at: live.updated_at, notice, format: Format::Markdown });
        record.standings[0].standing.state = State::Withdrawn;
    }

    fn words_label(&self, content: &Content) -> String {
        let slug = content.slug().unwrap().as_str();
        self.words.iter().find(|(word, _)| *word == slug).unwrap().1.label.clone()
    }

    /// The words of the text that is corrected. Its address leads to the new one, and its note stays.
    pub(crate) fn overtaken(&self) -> BTreeSet<String> {
        let stays = ["slug", "changenote"].map(|field| format!("{PUBLIC}mistaken{field}en"));
        self.words.of("mistaken").filter(|word| !stays.iter().any(|stays| stays == word)).map(str::to_owned).collect()
    }

    /// The words that are published in the end, and stand in answers.
    pub(crate) fn shown(&self) -> BTreeSet<String> {
        &self.words.all() - &self.words.of("mistaken").map(str::to_owned).collect()
    }

    /// Publishes it all in a portal that [`found`] was called for.
    pub(crate) async fn publish_in(&self, store: &Store) {
        store.admin().entries_create(&self.entries).await.unwrap();
        let [old, gone] = ["/en/articles/old-name", "/en/articles/long-gone"];
        store.newsroom().redirect_put(old, Some(&format!("/en/articles/{PUBLIC}wholeslugen"))).await.unwrap();
        store.newsroom().redirect_put(gone, None).await.unwrap();
    }
}

/// Gives a portal its languages, categories and all else that is there before the first entry.
pub(crate) async fn found(store: &Store) {
    store.newsroom().site_put(&site()).await.unwrap();
    store.newsroom().reference_put(&reference()).await.unwrap();
}

/// The same without the tag and the person that nothing published names.
pub(crate) async fn found_without_the_unnamed(store: &Store) {
    store.newsroom().site_put(&site()).await.unwrap();
    let mut reference = reference();
    reference.tags.retain(|known| known.id != tag(3));
    reference.persons.retain(|known| known.id != person(3));
    store.newsroom().reference_put(&reference).await.unwrap();
}

fn texts(text: &str) -> Localized {
    LOCALES.iter().map(|tag| (locale(tag), format!("{text} ({tag})"))).collect()
}

fn site() -> Site {
    let locales = LANGUAGES.map(|(tag, fallbacks)| SiteLocale {
        tag: locale(tag),
        name: tag.to_owned(),
        fallbacks: fallbacks.iter().map(|tag| locale(tag)).collect(),
    });
    let mut site = Site::new(locale("en"), "The walked portal");
    site.description = texts("It has one of everything");
    site.locales = locales.to_vec();
    site
}

fn reference() -> ReferenceData {
    let one = |number: u128, parent: Option<u128>, name: &str| Category {
        id: category(number),
        parent: parent.map(category),
        position: i32::try_from(number).unwrap(),
        slug: slug(name),
        title: texts(name),
        description: texts(name),
    };
    let feed = |number: u128, name: &str, order, kinds: &[EntryKind], filed: &[u128], pinned: &[u128]| Feed {
        id: feed(number),
        slug: slug(name),
        title: texts(name),
        description: texts(name),
        kinds: kinds.to_vec(),
        categories: filed.iter().map(|number| category(*number)).collect(),
        include_descendants: true,
        tags: Vec::new(),
        order,
        pinned: pinned.iter().map(|number| entry(*number)).collect(),
    };
    let person = |number: u128, name: &str| Person {
        id: person(number),
        slug: slug(name),
        name: texts(name),
        role: texts("somebody"),
    };
    ReferenceData {
        // Nothing is published in the fourth.
        categories: vec![
            one(1, None, "politics"),
            one(2, Some(1), "parliament"),
            one(3, None, "economy"),
            one(4, None, "quiet"),
        ],
        // Nor with the third.
        tags: [(1, "water"), (2, "budget"), (3, "hush")]
            .map(|(number, name)| Tag { id: tag(number), slug: slug(name), name: texts(name) })
            .to_vec(),
        // Nor by the third.
        persons: vec![person(1, "ana"), person(2, "boris"), person(3, "cora")],
        feeds: vec![
            feed(1, "picks", FeedOrder::Editorial, &[], &[], &[DECREE, FILED]),
            feed(2, "most-read", FeedOrder::MostRead, &[EntryKind::Article], &[], &[]),
            feed(3, "quiet-ones", FeedOrder::Latest, &[], &[4], &[]),
            feed(4, "pinned", FeedOrder::Latest, &[], &[1], &[EXPIRING]),
        ],
    }
}
