//! What goes in in which language.

use courant_domain::{site::SiteLocale, workflow::State};
use courant_persistence::dump::EntryRecord;

use super::*;

async fn site(folder: &tempfile::TempDir) -> Store {
    let store = store(folder).await;
    let mut site = store.reference().site.clone();
    let locale =
        |tag: &str| SiteLocale { tag: Locale::parse(tag).unwrap(), name: tag.to_owned(), fallbacks: Vec::new() };
    site.locales = ["en", "ru", "pt-PT"].map(locale).to_vec();
    store.newsroom().site_put(&site).await.unwrap();
    store
}

fn feed(items: &[(u8, &str)], more: &str) -> Vec<u8> {
    let item = |(number, language): &(u8, &str)| {
        let language =
            if language.is_empty() { String::new() } else { format!("<dc:language>{language}</dc:language>") };
        format!(
            "<item><title>Ferry {number}</title><guid isPermaLink='false'>urn:ferry:{number}</guid>{language}\
             <pubDate>Wed, 04 Mar 2020 06:00:00 GMT</pubDate><description>Words.</description>{more}</item>"
        )
    };
    let items: String = items.iter().map(item).collect();
    format!(
        "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>News</title>\
         <language>en</language><link>https://example.org/</link>{items}</channel></rss>"
    )
    .into_bytes()
}

/// Each entry: its languages, and those in which it is live.
async fn languages(store: &Store) -> Vec<(String, String)> {
    let entries = store.admin().snapshot().await.unwrap().entries(None, 20).await.unwrap();
    let joined = |locales: Vec<Locale>| locales.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let of = |record: &EntryRecord| {
        let all = record.standings.iter().map(|standing| standing.locale).collect();
        (joined(all), joined(record.editions.iter().map(|live| live.locale).collect()))
    };
    let mut found: Vec<_> = entries.iter().map(of).collect();
    found.sort();
    found
}

#[tokio::test]
async fn an_item_goes_in_in_its_own_language() {
    let items = [(1, ""), (2, "ru-RU"), (3, "pt-BR"), (4, "en-GB"), (5, "fr"), (6, "hill dialect")];
    for wanted in [None, Some("en")] {
        let folder = tempfile::tempdir().unwrap();
        let store = site(&folder).await;
        let take_in = async || {
            let mut request = request(feed(&items, ""), &CancellationToken::new());
            request.options.locale = wanted.map(|tag| Locale::parse(tag).unwrap());
            import(&store, request, |_| ()).await.unwrap()
        };
        let report = take_in().await;
        assert_eq!((report.created, report.is_complete()), (6, true));
        let said: Vec<&str> =
            report.problems.iter().map(|problem| &*problem.message).filter(|line| line.contains("language")).collect();
        assert_eq!(
            said,
            [
                "its language \"hill dialect\" is none that is known; that is passed over",
                "it is in the language fr, which the site has not; it goes in as a draft in en",
            ]
        );
        let known: Vec<String> = report.languages.iter().map(|(locale, count)| format!("{locale} {count}")).collect();
        assert_eq!(known, ["pt-PT 1", "ru 1"]);
        let is = |of: &str, live: &str| (of.to_owned(), live.to_owned());
        let en = is("en", "en");
        let found = languages(&store).await;
        assert_eq!(found, [is("en", ""), en.clone(), en.clone(), en, is("pt-PT", "pt-PT"), is("ru", "ru")]);
        let again = take_in().await;
        assert_eq!((again.created, again.updated, again.unchanged), (0, 0, 6));
        assert_eq!(languages(&store).await, found);
    }
}

fn atom(entries: &str) -> Vec<u8> {
    format!(
        "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:at='http://purl.org/atompub/tombstones/1.0' \
         xmlns:app='http://www.w3.org/2007/app' xml:lang='en'><id>urn:feed</id><title>News</title>{entries}</feed>"
    )
    .into_bytes()
}

/// An entry in the language that it names, if it does.
fn entry(number: u8, language: &str, more: &str) -> String {
    let language = if language.is_empty() { String::new() } else { format!(" xml:lang='{language}'") };
    format!(
        "<entry{language}><id>urn:ferry:{number}</id><title>Паром</title><updated>2020-03-04T06:00:00Z</updated>\
         {more}<content>Слова.</content></entry>"
    )
}

const GONE: &str = "<at:deleted-entry ref='urn:ferry:1' when='2020-03-05T06:00:00Z'/>";
const DRAFT: &str = "<app:control><app:draft>yes</app:draft></app:control>";

/// Takes in one after the other, and says after each in which languages the text is, in which it is live, and what was said of that.
async fn taken_in(store: &Store, sources: &[String], expected: &[(&str, &str, bool)]) {
    for (source, (of, live, is_said)) in sources.iter().zip(expected) {
        for again in [false, true] {
            let report = import(store, request(atom(source), &CancellationToken::new()), |_| ()).await.unwrap();
            assert_eq!(languages(store).await, [((*of).to_owned(), (*live).to_owned())], "{source}");
            let is_told = report.problems.iter().any(|problem| problem.message.contains("readers no longer get"));
            assert_eq!(is_told, *is_said && !again, "{source}");
        }
    }
}

#[tokio::test]
async fn a_tombstone_is_of_what_was_brought_in_whatever_language() {
    let folder = tempfile::tempdir().unwrap();
    let store = site(&folder).await;
    let russian = entry(1, "ru", "");
    let sources = [russian.clone(), GONE.to_owned(), russian, entry(1, "", ""), GONE.to_owned()];
    let expected = [
        ("ru", "ru", false),
        ("ru", "", true),
        ("ru", "ru", false),
        // Who says nothing of it may be another source of the same text.
        ("en ru", "en ru", false),
        ("en ru", "", true),
    ];
    taken_in(&store, &sources, &expected).await;
}

#[tokio::test]
async fn a_text_that_is_in_another_language_now_is_not_in_the_one_it_was_in() {
    let folder = tempfile::tempdir().unwrap();
    let store = site(&folder).await;
    let sources = ["", "ru", "pt-PT", "en", "ru"].map(|language| entry(1, language, ""));
    let expected = [
        ("en", "en", false),
        ("en ru", "ru", true),
        ("en pt-PT ru", "pt-PT", true),
        ("en pt-PT ru", "en", true),
        ("en pt-PT ru", "ru", true),
    ];
    taken_in(&store, &sources, &expected).await;
}

#[tokio::test]
async fn what_is_no_longer_public_at_its_source_is_in_no_language() {
    for language in ["", "ru", "fr"] {
        let folder = tempfile::tempdir().unwrap();
        let store = site(&folder).await;
        let of = if language == "ru" { "en ru" } else { "en" };
        let sources = [entry(1, "", ""), entry(1, language, DRAFT)];
        taken_in(&store, &sources, &[("en", "en", false), (of, "", language == "ru")]).await;
    }
}

#[tokio::test]
async fn what_went_in_as_a_draft_for_its_language_is_put_away_once_the_site_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = site(&folder).await;
    let source = [entry(1, "fr", "")];
    taken_in(&store, &source, &[("en", "", false)]).await;
    let mut site = store.reference().site.clone();
    site.locales.push(SiteLocale { tag: Locale::parse("fr").unwrap(), name: "fr".to_owned(), fallbacks: Vec::new() });
    store.newsroom().site_put(&site).await.unwrap();
    taken_in(&store, &source, &[("en fr", "fr", false)]).await;
    let entries = store.admin().snapshot().await.unwrap().entries(None, 20).await.unwrap();
    let standings = &entries[0].standings;
    let english = standings.iter().find(|standing| standing.locale == Locale::ENGLISH).unwrap();
    assert_eq!(english.standing.state, State::Archived);
}
