//! What no reader shall find: words in everything that is not published, no more, or not yet.

mod steps;

use std::collections::{BTreeMap, BTreeSet};

use courant_domain::{
    access::{ActorId, Grant, Permission, Role, Target, Viewer},
    decree::RelationKind,
    edition::Ending,
    entry::EntryKind,
    id::{CategoryId, EntryId, TagId, UserId},
    patch::Patch,
};
use courant_persistence::{
    Command, EntryApprove, EntryDuplicate, EntryFile, EntrySave, EntrySchedule, EntrySendBack, OldPaths, PreviewCreate,
    ReferenceData, Store, VersionKey,
};
use jiff::{SignedDuration, Timestamp};

use crate::{
    base::{ARTICLE, Base, CORRECTED, DECREE, EXPIRING, FILED, NAMED, REPEALABLE, category, entry, feed, locale, tag},
    words::{HIDDEN, Place, Words, slug},
};

/// Who works on the portal.
pub(crate) struct People {
    pub(crate) author: Viewer,
    pub(crate) colleague: Viewer,
    pub(crate) editor: Viewer,
    pub(crate) publisher: Viewer,
}

impl People {
    /// People whom no portal knows.
    pub(crate) fn strangers() -> Self {
        let one = |name: &str, role| {
            let actor = ActorId::user(UserId::generate());
            Viewer { actor, name: name.to_owned(), grants: vec![Grant::everywhere(role)] }
        };
        Self {
            author: one("Ana", Role::Author),
            colleague: one("Col", Role::Author),
            editor: one("Ed", Role::Editor),
            publisher: one("Pia", Role::Publisher),
        }
    }
}

/// Fields that the API shows nobody, and why.
const UNSHOWN: [(&str, &str); 1] = [("origin", "importing again needs it, and nothing else does")];

/// What was planted, and where.
pub(crate) struct Hidden<'a> {
    pub(crate) store: &'a Store,
    pub(crate) people: &'a People,
    pub(crate) words: Words,
    /// The entries and languages that each label stands for.
    pub(crate) places: BTreeMap<String, Vec<VersionKey>>,
}

impl<'a> Hidden<'a> {
    /// Plants everything. Readers are left with two rules more than before: see [`in_public`].
    pub(crate) async fn plant(store: &'a Store, people: &'a People, base: &Base, words: Words) -> Self {
        let mut hidden = Self { store, people, words, places: BTreeMap::new() };
        hidden.corrected(base).await;
        hidden.drafts().await;
        hidden.in_review().await;
        hidden.scheduled().await;
        hidden.behind_what_is_live().await;
        hidden.taken_back().await;
        hidden.put_away().await;
        hidden.imported().await;
        hidden.filed().await;
        hidden
    }

    /// The words that somebody may read, by the table of permissions: those of the languages of entries whose drafts
    /// they may read, as these are filed now.
    pub(crate) async fn readable(&self, base: &Base, viewer: &Viewer) -> BTreeSet<String> {
        let entries = self.store.newsroom().entries_in_work(&self.entries()).await.unwrap();
        let reference = self.store.reference();
        let may = |key: &VersionKey| {
            // What was deleted is nobody's.
            let Some(entry) = entries.get(&key.entry).map(|found| &found.entry) else { return false };
            let own = entry.created_by.as_ref() == Some(&viewer.actor);
            let target = Target { category: Some(entry.category), locales: &[key.locale], own };
            viewer.may(Permission::ReadDrafts, &target, &reference.categories)
        };
        // A redirect that waits for an entry is shown where redirects are.
        let manages = viewer.may(Permission::ManageRedirects, &Target::default(), &reference.categories);
        let readable = |place: &Place| {
            if place.field == "oldslug" {
                return manages;
            }
            let keys = self.places.get(&place.label).into_iter().flatten();
            // A working copy is its owner's alone.
            (place.label != "mine" || viewer.actor == self.people.author.actor)
                && UNSHOWN.iter().all(|(field, _)| *field != place.field)
                && keys.filter(|key| key.locale.as_str() == place.locale).any(may)
        };
        let words = self.words.iter().filter(|(_, place)| readable(place));
        let mut words: BTreeSet<String> = words.map(|(word, _)| word.to_owned()).collect();
        if may(&VersionKey { entry: entry(CORRECTED), locale: locale("en") }) {
            words.extend(base.overtaken());
        }
        words
    }

    /// Something of each sort that only those who may read drafts know of.
    pub(crate) fn unseen(&self) -> Vec<VersionKey> {
        let labels = ["draft", "draftdecree", "waiting", "scheduled", "ontop", "ontopdecree", "vanished", "archived"];
        labels.iter().map(|label| self.places[*label][0]).collect()
    }

    /// The words in titles of newest revisions, which lists can be searched for.
    pub(crate) fn titles(&self) -> Vec<String> {
        let newest = |place: &&Place| !["halfway", "called", "mine"].contains(&place.label.as_str());
        let titles = self.words.iter().filter(|(_, place)| place.field == "title" && newest(place));
        titles.map(|(word, _)| word.to_owned()).collect()
    }

    /// Every entry that is not, or not only, what readers see of it.
    pub(crate) fn entries(&self) -> Vec<EntryId> {
        let mut ids: Vec<EntryId> = self.places.values().flatten().map(|key| key.entry).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// An article that was corrected in two steps: readers got the second.
    async fn corrected(&mut self, base: &Base) {
        let key = VersionKey { entry: entry(CORRECTED), locale: locale("en") };
        let content = self.article("halfway", "en");
        self.save("halfway", (key, 1), content).await;
        correct(self.store, self.people, base, 2).await;
    }

    async fn drafts(&mut self) {
        let by = &self.people.author;
        let (key, _) = self.new_article(by, "draft", "en").await;
        for tag in ["ru", "tk"] {
            let content = self.article("draft", tag);
            self.save("draft", (VersionKey { locale: locale(tag), ..key }, 0), content).await;
        }
        let preview = PreviewCreate { entry: key.entry, locale: key.locale, revision: None, minutes: 600 };
        self.store.newsroom().preview_create(Command::of(by), &preview).await.unwrap();

        let does = [(RelationKind::Repeals, REPEALABLE), (RelationKind::Amends, DECREE)];
        let content = self.decree("draftdecree", "en", &does);
        let (key, _) = self.create(&self.people.colleague, "draftdecree", "en", content).await;
        let content = self.decree("draftdecree", "ru", &does);
        self.save("draftdecree", (VersionKey { locale: locale("ru"), ..key }, 0), content).await;

        let copy = EntryDuplicate { entry: entry(3), locales: None };
        let copy = self.store.newsroom().entry_duplicate(Command::of(&self.people.editor), &copy).await.unwrap();
        self.places.insert("copy".into(), vec![VersionKey { entry: copy, locale: locale("ru") }]);

        let (doomed, _) = self.new_article(by, "deleted", "en").await;
        self.store.newsroom().entry_delete(Command::of(by), doomed.entry).await.unwrap();
    }

    async fn in_review(&mut self) {
        let (author, editor) = (Command::of(&self.people.author), Command::of(&self.people.editor));
        let (waiting, _) = self.new_article(&self.people.author, "waiting", "en").await;
        self.store.newsroom().entry_submit(author, waiting).await.unwrap();
        let (approved, _) = self.new_article(&self.people.author, "approved", "ru").await;
        self.store.newsroom().entry_submit(author, approved).await.unwrap();
        self.store
            .newsroom()
            .entry_approve(editor, &EntryApprove { entry: approved.entry, locale: approved.locale, revision: None })
            .await
            .unwrap();
        let (back, _) = self.new_article(&self.people.author, "sentback", "en").await;
        self.store.newsroom().entry_submit(author, back).await.unwrap();
        let comment = self.words.word("sentback", "why", "en");
        let send_back = EntrySendBack { entry: back.entry, locale: back.locale, comment };
        self.store.newsroom().entry_send_back(editor, &send_back).await.unwrap();
    }

    async fn scheduled(&mut self) {
        let made = self.new_article(&self.people.colleague, "scheduled", "en").await;
        self.schedule("scheduled", made).await;
        let notice = self.words.word("scheduled", "notice", "en");
        self.take_back(made.0, Ending::Notice(notice), Some(tomorrow() + SignedDuration::from_hours(1))).await;
        let content = self.decree("scheduleddecree", "en", &[(RelationKind::Repeals, REPEALABLE)]);
        let made = self.create(&self.people.author, "scheduleddecree", "en", content).await;
        self.schedule("scheduleddecree", made).await;
    }

    async fn behind_what_is_live(&mut self) {
        let key = |number, tag| VersionKey { entry: entry(number), locale: locale(tag) };
        for tag in ["en", "ru"] {
            let content = self.article("ontop", tag);
            self.save("ontop", (key(ARTICLE, tag), 1), content).await;
            let content = self.decree("ontopdecree", tag, &[(RelationKind::Repeals, REPEALABLE)]);
            self.save("ontopdecree", (key(DECREE, tag), 1), content).await;
        }
        let content = self.article("translation", "tk");
        self.save("translation", (key(FILED, "tk"), 0), content).await;
        let content = self.article("tocome", "en");
        let made = self.save("tocome", (key(FILED, "en"), 1), content).await;
        self.schedule("tocome", made).await;
        let notice = self.words.word("expiry", "notice", "en");
        self.places.insert("expiry".into(), vec![key(EXPIRING, "en")]);
        self.take_back(key(EXPIRING, "en"), Ending::Notice(notice), Some(tomorrow())).await;
        let target = format!("https://example.org/{}", self.words.word("expiry", "target", "ru"));
        self.places.get_mut("expiry").unwrap().push(key(EXPIRING, "ru"));
        self.take_back(key(EXPIRING, "ru"), Ending::Redirect(target), Some(tomorrow())).await;
    }

    /// What was live: as if it had never been, gone, elsewhere.
    async fn taken_back(&mut self) {
        let endings = [("vanished", Ending::Vanish), ("gone", Ending::Gone), ("away", Ending::Redirect("/en".into()))];
        for (label, ending) in endings {
            let made = self.new_article(&self.people.author, label, "en").await;
            self.publish(label, made).await;
            self.take_back(made.0, ending, None).await;
        }
        let made = (VersionKey { entry: entry(EXPIRING), locale: locale("tk") }, 0);
        let content = self.article("vanishedtranslation", "tk");
        let made = self.save("vanishedtranslation", made, content).await;
        self.publish("vanishedtranslation", made).await;
        self.take_back(made.0, Ending::Vanish, None).await;

        let does = [(RelationKind::Repeals, REPEALABLE), (RelationKind::Amends, DECREE)];
        let content = self.decree("vanisheddecree", "en", &does);
        let made = self.create(&self.people.author, "vanisheddecree", "en", content).await;
        self.publish("vanisheddecree", made).await;
        self.take_back(made.0, Ending::Vanish, None).await;

        // The path it had first leads to the one it had last, for as long as it is there.
        let made = self.new_article(&self.people.colleague, "called", "en").await;
        self.publish("called", made).await;
        let content = self.article("renamed", "en");
        let made = self.save("renamed", made, content).await;
        self.publish("renamed", made).await;
        self.take_back(made.0, Ending::Vanish, None).await;
    }

    async fn put_away(&mut self) {
        let editor = Command::of(&self.people.editor);
        let (key, _) = self.new_article(&self.people.author, "archived", "en").await;
        self.store.newsroom().entry_archive(editor, key).await.unwrap();
        let made = self.new_article(&self.people.author, "archivedonce", "ru").await;
        self.publish("archivedonce", made).await;
        self.take_back(made.0, Ending::Vanish, None).await;
        self.store.newsroom().entry_archive(editor, made.0).await.unwrap();
    }

    /// Drafts that came from elsewhere, one of them read a great deal there, one named by what is published.
    async fn imported(&mut self) {
        let content = self.article("imported", "en");
        self.import("imported", 91, 987_654_321, content).await;
        let paths = vec![format!("/old/{}", self.words.word("imported", "oldslug", "en"))];
        let content = self.decree("named", "en", &[(RelationKind::Amends, DECREE)]);
        self.import("named", NAMED, 5, content).await;
        // Both had the same address elsewhere.
        let old =
            [91, NAMED].map(|number| OldPaths { entry: entry(number), locale: locale("en"), paths: paths.clone() });
        let mut tx = self.store.newsroom().import_begin().await.unwrap();
        let led = tx.lead_old_paths(&old).await.unwrap();
        let mut found: Vec<_> = led.values().map(|led| (led.waiting, led.shared.len())).collect();
        found.sort_unstable();
        assert_eq!(found, [(0, 1), (1, 0)]);
        tx.finish().await.unwrap();
    }

    /// Where entries will be filed, and what will be on top of a feed, once they are published.
    async fn filed(&mut self) {
        let to: (CategoryId, Vec<TagId>) = (category(4), vec![tag(3)]);
        let file = EntryFile { entry: entry(ARTICLE), category: Some(to.0), tags: Some(to.1) };
        self.store.newsroom().entry_file(Command::of(&self.people.editor), &file).await.unwrap();
        let mut picks = self.store.reference().feed(feed(1)).unwrap().clone();
        picks.pinned.splice(0..0, self.entries().into_iter().filter(|id| *id != entry(DECREE) && *id != entry(FILED)));
        picks.pinned.retain(|id| ![ARTICLE, CORRECTED, EXPIRING].map(entry).contains(id));
        let feeds = vec![picks];
        self.store.newsroom().reference_put(&ReferenceData { feeds, ..Default::default() }).await.unwrap();
    }
}

pub(crate) fn tomorrow() -> Timestamp {
    Timestamp::from_second(Timestamp::now().as_second()).unwrap() + SignedDuration::from_hours(24)
}

/// Publishes the correction, at the time set for it.
async fn correct(store: &Store, people: &People, base: &Base, newest: u32) {
    let (entry, locale, by) = (entry(CORRECTED), locale("en"), Command::of(&people.publisher));
    let content = base.corrected.clone();
    let save = EntrySave {
        entry,
        locale,
        based_on: Some(newest),
        content: content.into(),
        comment: None,
        translated_from: None,
    };
    store.newsroom().entry_save(by, &save).await.unwrap();
    let schedule = EntrySchedule { entry, locale, at: base.corrected_at, revision: None, change_note: Patch::Keep };
    store.newsroom().entry_schedule(by, &schedule).await.unwrap();
    store.newsroom().due_run(base.corrected_at).await.unwrap();
}

/// What readers notice of all that [`Hidden::plant`] does, done without it.
pub(crate) async fn in_public(store: &Store, people: &People, base: &Base) {
    correct(store, people, base, 1).await;
    let path = |label: &str| courant_domain::address::entry_path(locale("en"), EntryKind::Article, label);
    let slug = |label: &str| slug(&format!("{HIDDEN}{label}slugen")).to_string();
    store.newsroom().redirect_put(&path(&slug("gone")), None).await.unwrap();
    store.newsroom().redirect_put(&path(&slug("away")), Some("/en")).await.unwrap();
}
