//! The addresses that what comes in had on an old site of one's own.

use courant_domain::{edition::Ending, locale::Locale, redirect::Redirect, site::SiteLocale, workflow::State};
use courant_import::Incoming;
use courant_persistence::{
    Command, Dialect, EntryPublish, EntrySave, EntryUnpublish, LedPaths, Overtaken, RedirectPut, RedirectsRequest,
    Store, VersionKey,
};
use courant_tests::{apply, both_databases, incoming::article};

use crate::{Desk, retitle};

/// The old addresses of an article: two of other forms than any here, and one of this site's form, in a language it is not in.
const OLD: [&str; 3] = ["/2019/05/ferry", "/?p=12", "/ru/articles/parom"];

fn nothing() -> Vec<Option<String>> {
    vec![None; 3]
}

pub(crate) fn all_to(slug: &str) -> Vec<Option<String>> {
    vec![Some(format!("/en/articles/{slug}")); 3]
}

/// Where readers of the old addresses are led.
pub(crate) async fn led(store: &Store) -> Vec<Option<String>> {
    let rules = store.live().redirects_of(&OLD.map(str::to_owned)).await.unwrap();
    let published = store.admin().snapshot().await.unwrap().published_redirects().await.unwrap();
    let told = published.iter().filter(|rule| OLD.contains(&rule.path.as_str())).count();
    assert_eq!(told, rules.len(), "the export for readers has the same: {published:?}");
    OLD.iter().map(|path| rules.get(*path)?.target.clone()).collect()
}

/// The addresses that the newsroom sees waiting.
pub(crate) async fn waiting(store: &Store) -> Vec<Redirect> {
    let wanted = RedirectsRequest { text: None, after: None, size: 100 };
    let mut rules = store.newsroom().redirects_list(&wanted).await.unwrap();
    rules.retain(|rule| OLD.contains(&rule.path.as_str()) && rule.hidden);
    rules
}

/// The entry that came in from here, in English.
async fn key(store: &Store, origin: &str) -> VersionKey {
    let all = store.admin().snapshot().await.unwrap().entries(None, 100).await.unwrap();
    let found = all.into_iter().find(|record| record.entry.origin.as_deref() == Some(origin));
    VersionKey { entry: found.unwrap().entry.id, locale: Locale::ENGLISH }
}

impl Desk {
    pub(crate) fn moving(&self, origin: &str, slug: &str, state: State) -> Incoming {
        Incoming { old_paths: OLD.map(str::to_owned).to_vec(), ..article(origin, self.news, slug, state) }
    }

    pub(crate) async fn bring(&self, items: Vec<Incoming>) -> Vec<LedPaths> {
        let merged = courant_import::merge(&self.store, items, "test").await.unwrap();
        self.holds().await;
        merged.into_iter().map(|merged| merged.old_paths).collect()
    }

    async fn old_paths(&self, item: Incoming) -> LedPaths {
        self.bring(vec![item]).await.remove(0)
    }

    /// Drafts that had the same addresses, each brought by an import of its own.
    pub(crate) async fn drafts(&self, drafts: &[(&str, &str)]) {
        for (origin, slug) in drafts {
            self.old_paths(self.moving(origin, slug, State::Draft)).await;
        }
        assert_eq!(led(&self.store).await, nothing());
    }

    pub(crate) async fn holds(&self) {
        assert_eq!(self.database.broken().await, [""; 0]);
    }

    async fn publish_in(&self, origin: &str, locale: Locale) {
        let VersionKey { entry, .. } = key(&self.store, origin).await;
        let publish = EntryPublish { entry, locale, revision: None, change_note: None, published_at: None };
        self.store.newsroom().entry_publish(Command::of(&self.editor), &publish).await.unwrap();
        self.holds().await;
    }

    pub(crate) async fn go_live(&self, origin: &str) {
        self.publish_in(origin, Locale::ENGLISH).await;
    }

    pub(crate) async fn end(&self, origin: &str, ending: Ending) {
        let VersionKey { entry, locale } = key(&self.store, origin).await;
        let unpublish = EntryUnpublish { entry, locale, ending, at: None };
        self.store.newsroom().entry_unpublish(Command::of(&self.editor), &unpublish).await.unwrap();
        self.holds().await;
    }

    async fn delete(&self, origin: &str) {
        let VersionKey { entry, .. } = key(&self.store, origin).await;
        self.store.newsroom().entry_delete(Command::of(&self.editor), entry).await.unwrap();
        self.holds().await;
    }

    /// Makes the site Russian, too, and translates an entry.
    async fn translate(&self, origin: &str) -> Locale {
        let russian = Locale::parse("ru").unwrap();
        let mut site = self.store.reference().site.clone();
        site.locales.push(SiteLocale { tag: russian, name: "Русский".to_owned(), fallbacks: Vec::new() });
        self.store.newsroom().site_put(&site).await.unwrap();
        let VersionKey { entry, .. } = key(&self.store, origin).await;
        let all = self.store.admin().snapshot().await.unwrap().entries(None, 100).await.unwrap();
        let mut content = all.into_iter().find(|it| it.entry.id == entry).unwrap().revisions.remove(0).content;
        retitle(&mut content, "Паром");
        let save = EntrySave {
            entry,
            locale: russian,
            based_on: None,
            content: content.into(),
            comment: None,
            translated_from: None,
        };
        self.store.newsroom().entry_save(Command::of(&self.editor), &save).await.unwrap();
        russian
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn old_addresses_of_a_draft_lead_to_it_once_it_is_published(dialect: Dialect) {
    let desk = Desk::new(dialect).await;
    let before = desk.store.reference().seq;
    for again in 0..2 {
        let kept = desk.old_paths(desk.moving("a", "ferry", State::Draft)).await;
        assert_eq!(kept, LedPaths { waiting: 3, ..LedPaths::default() }, "{again}");
        assert_eq!(led(&desk.store).await, nothing(), "{again}");
    }
    assert_eq!(desk.store.changes(before, 10).await.unwrap(), [], "nobody is told of what nobody sees");
    assert_eq!(desk.store.admin().snapshot().await.unwrap().redirects().await.unwrap(), [], "none is a rule yet");
    let entry = Some(key(&desk.store, "a").await.entry);
    let listed = waiting(&desk.store).await;
    assert!(listed.iter().all(|rule| rule.target.is_none() && rule.entry == entry) && listed.len() == 3, "{listed:?}");

    // A translation is another text.
    let russian = desk.translate("a").await;
    desk.publish_in("a", russian).await;
    assert_eq!(led(&desk.store).await[..2], nothing()[..2]);

    desk.go_live("a").await;
    let there = led(&desk.store).await;
    assert_eq!(there[..2], all_to("ferry")[..2]);
    assert_eq!(waiting(&desk.store).await, []);
    desk.end("a", Ending::Vanish).await;
    assert_eq!(led(&desk.store).await[..2], nothing()[..2]);
    desk.go_live("a").await;
    assert_eq!(led(&desk.store).await, there);
    let again = desk.old_paths(desk.moving("a", "ferry", State::Draft)).await;
    // The third leads to the translation, which was made here, and which no import takes back.
    assert_eq!(again, LedPaths { led: 3, ..LedPaths::default() });
    assert_eq!(led(&desk.store).await, there);
}

#[apply(both_databases)]
#[tokio::test]
async fn an_old_address_is_given_to_what_is_live_and_what_an_editor_says_of_it_holds(dialect: Dialect) {
    let desk = Desk::new(dialect).await;
    let first = desk.old_paths(desk.moving("a", "ferry", State::Draft)).await;
    assert_eq!((first.led, first.waiting, first.shared.len()), (0, 3, 0));
    let second = desk.old_paths(desk.moving("b", "barge", State::Draft)).await;
    assert_eq!((second.led, second.waiting, second.taken.len()), (0, 0, 0), "{:?}", second.taken);
    assert_eq!(second.shared, OLD);
    let live = desk.old_paths(desk.moving("c", "tug", State::Published)).await;
    assert_eq!((live.led, live.waiting), (3, 0), "{:?}", live.taken);
    let mut overtaken = Vec::new();
    for path in ["/2019/05/ferry", "/?p=12", "/ru/articles/parom"] {
        for origin in ["a", "b"] {
            let entry = key(&desk.store, origin).await.entry;
            overtaken.push(Overtaken { path: path.to_owned(), entry, by: "/en/articles/tug".to_owned() });
        }
    }
    assert_eq!(live.overtaken, overtaken);
    assert_eq!(led(&desk.store).await, all_to("tug"));
    // What an editor says of an address holds.
    desk.store.newsroom().redirect_put(OLD[1], None).await.unwrap();
    let again = desk.old_paths(desk.moving("a", "ferry", State::Draft)).await;
    assert_eq!((again.waiting, again.shared.len(), again.taken.len()), (0, 0, 3), "{:?}", again.taken);
    desk.go_live("a").await;
    assert_eq!(led(&desk.store).await[1], None, "it is gone, whoever had it");
    // Something live comes before what is gone.
    let live = desk.old_paths(desk.moving("c", "tug", State::Published)).await;
    assert_eq!(live.led, 3, "{:?}", live.taken);
    assert_eq!(led(&desk.store).await, all_to("tug"));
}

#[apply(both_databases)]
#[tokio::test]
async fn of_two_drafts_the_one_that_goes_live_first_has_the_address_and_then_the_other(dialect: Dialect) {
    for order in [["a", "b"], ["b", "a"]] {
        let desk = Desk::new(dialect).await;
        desk.drafts(&[("a", "ferry"), ("b", "barge")]).await;
        let slug = |origin| if origin == "a" { "ferry" } else { "barge" };
        let [first, second] = order;
        desk.go_live(first).await;
        assert_eq!(led(&desk.store).await, all_to(slug(first)), "{order:?}");
        desk.go_live(second).await;
        assert_eq!(led(&desk.store).await, all_to(slug(first)), "{order:?}: what leads somewhere stays");
        // Whoever had it last waits like the others.
        for ending in [Ending::Vanish, Ending::Gone] {
            desk.end(first, ending.clone()).await;
            assert_eq!(led(&desk.store).await, all_to(slug(second)), "{order:?} {ending:?}");
            desk.go_live(first).await;
            assert_eq!(led(&desk.store).await, all_to(slug(second)), "{order:?} {ending:?}");
            desk.end(second, ending.clone()).await;
            assert_eq!(led(&desk.store).await, all_to(slug(first)), "{order:?} {ending:?}");
            desk.go_live(second).await;
        }
        // Where an editor says what readers get instead, they do.
        desk.end(first, Ending::Redirect("https://example.org/".to_owned())).await;
        assert_eq!(led(&desk.store).await, vec![Some("https://example.org/".to_owned()); 3], "{order:?}");
        desk.go_live(first).await;
        assert_eq!(led(&desk.store).await, all_to(slug(first)), "{order:?}");
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn a_draft_gets_the_address_that_another_one_will_never_take(dialect: Dialect) {
    for end in ["deleted", "archived", "published elsewhere", "taken back"] {
        let desk = Desk::new(dialect).await;
        desk.drafts(&[("a", "ferry"), ("b", "barge")]).await;
        match end {
            "deleted" => desk.delete("a").await,
            "archived" => {
                let key = key(&desk.store, "a").await;
                desk.store.newsroom().entry_archive(Command::of(&desk.editor), key).await.unwrap();
            }
            "published elsewhere" => {
                let russian = desk.translate("a").await;
                desk.publish_in("a", russian).await;
            }
            _ => {
                desk.go_live("a").await;
                desk.end("a", Ending::Vanish).await;
            }
        }
        desk.go_live("b").await;
        // What has the form of a page in Russian is that of the text in Russian.
        let of = if end == "published elsewhere" { 2 } else { 3 };
        assert_eq!(led(&desk.store).await[..of], all_to("barge")[..of], "{end}");
        desk.holds().await;
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn what_is_said_is_the_same_whichever_comes_first_and_however_often(dialect: Dialect) {
    let items = |desk: &Desk| {
        vec![
            desk.moving("a", "ferry", State::Draft),
            desk.moving("b", "barge", State::Draft),
            desk.moving("c", "tug", State::Published),
        ]
    };
    let taken: Vec<_> =
        OLD.iter().map(|path| ((*path).to_owned(), "it leads to /en/articles/tug already".to_owned())).collect();
    let expected = || {
        let draft = || LedPaths { taken: taken.clone(), ..LedPaths::default() };
        vec![draft(), draft(), LedPaths { led: 3, ..LedPaths::default() }]
    };
    let desk = Desk::new(dialect).await;
    for again in 0..3 {
        assert_eq!(desk.bring(items(&desk)).await, expected(), "{again}");
        assert_eq!(led(&desk.store).await, all_to("tug"), "{again}");
    }
    // One after the other, they are said to wait until the last has come.
    let desk = Desk::new(dialect).await;
    for (again, item) in items(&desk).into_iter().chain(items(&desk)).enumerate() {
        let said = desk.old_paths(item).await;
        if again > 2 {
            assert_eq!(said, expected()[again % 3], "{again}");
        }
    }
    assert_eq!(led(&desk.store).await, all_to("tug"));
    // None of them waits in vain.
    desk.go_live("b").await;
    desk.end("c", Ending::Vanish).await;
    assert_eq!(led(&desk.store).await, all_to("barge"));
    desk.delete("a").await;
    desk.end("b", Ending::Gone).await;
    desk.go_live("c").await;
    assert_eq!(led(&desk.store).await, all_to("tug"));
}

#[apply(both_databases)]
#[tokio::test]
async fn an_address_that_a_page_here_has_leads_on_when_that_is_gone(dialect: Dialect) {
    let desk = Desk::new(dialect).await;
    desk.bring(vec![article("p", desk.news, "pier", State::Published)]).await;
    let pier = || Incoming {
        old_paths: vec!["/en/articles/pier".to_owned(), "/graphql".to_owned()],
        ..article("a", desk.news, "ferry", State::Published)
    };
    let there = |path: &str| (path.to_owned(), "there is a page of this site".to_owned());
    for _ in 0..2 {
        let said = desk.old_paths(pier()).await;
        assert_eq!(said.taken, [there("/en/articles/pier"), there("/graphql")]);
    }
    let target = async || {
        let rules = desk.store.live().redirects_of(&["/en/articles/pier".to_owned()]).await.unwrap();
        rules.get("/en/articles/pier").and_then(|rule| rule.target.clone())
    };
    desk.end("p", Ending::Vanish).await;
    assert_eq!(target().await.as_deref(), Some("/en/articles/ferry"));
    desk.go_live("p").await;
    assert_eq!(target().await, None, "whoever is live at a path has it");
}

#[apply(both_databases)]
#[tokio::test]
async fn who_waits_for_an_address_goes_with_it_when_an_editor_says_where_it_leads(dialect: Dialect) {
    let desk = Desk::new(dialect).await;
    desk.drafts(&[("a", "ferry"), ("b", "barge")]).await;
    let by = || Command::of(&desk.editor);
    let put = RedirectPut { path: OLD[0].to_owned(), target: Some("https://example.org/".to_owned()) };
    desk.store.newsroom().redirect_make(by(), &put).await.unwrap();
    desk.store.newsroom().redirect_remove(by(), OLD[1]).await.unwrap();
    assert!(desk.store.newsroom().redirect_remove(by(), OLD[1]).await.is_err(), "nothing is left of it");
    assert_eq!(waiting(&desk.store).await.len(), 1);
    desk.store.newsroom().redirect_remove(by(), OLD[0]).await.unwrap();
    desk.go_live("b").await;
    assert_eq!(led(&desk.store).await, [None, None, Some("/en/articles/barge".to_owned())]);
}
