//! What a source took back, readers here no longer get: Courant's own feeds in all their formats, and others' tombstones.

use courant_domain::content::Content;
use courant_persistence::dump::EntryRecord;
use courant_syndication::write::{
    Content as Text, Departure, Feed, Instead, Item as Written, Notice, Words, atom, json_feed, rss,
};
use jiff::Timestamp;
use url::Url;

use super::*;

type Write = fn(&Feed) -> Vec<u8>;

const FORMATS: [(&str, Write); 3] = [("RSS", rss), ("Atom", atom), ("JSON Feed", json_feed)];

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn url(path: &str) -> Url {
    Url::parse("https://news.example/").unwrap().join(path).unwrap()
}

fn id() -> String {
    "urn:uuid:00000000-0000-5000-8000-000000000001".to_owned()
}

fn ferry() -> Written {
    Written {
        id: id(),
        entry: "urn:uuid:00000000-0000-5000-8000-000000000002".to_owned(),
        url: url("/en/articles/ferry"),
        slug: "ferry".to_owned(),
        locale: Locale::ENGLISH,
        kicker: None,
        title: "Ferry back".to_owned(),
        summary: Some("She sails.".to_owned()),
        content: Text::Full("<p>She sails at eleven.</p>".to_owned()),
        word_count: None,
        authors: Vec::new(),
        terms: Vec::new(),
        picture: None,
        dateline: None,
        genre: None,
        source: None,
        rights: None,
        act: None,
        published_at: at("2026-03-02T08:00:00Z"),
        first_published_at: at("2026-03-02T08:00:00Z"),
        updated_at: at("2026-03-02T08:00:00Z"),
        changes: Vec::new(),
        withdrawn: None,
    }
}

fn withdrawn() -> Written {
    let notice = Notice {
        at: at("2026-03-03T08:00:00Z"),
        html: "<p>She does <em>not</em> sail.</p>".to_owned(),
        text: "She does not sail.".to_owned(),
    };
    Written { updated_at: notice.at, withdrawn: Some(notice), ..ferry() }
}

fn feed(items: Vec<Written>, departed: Vec<Instead>) -> Feed {
    let departed = departed.into_iter().map(|instead| Departure { id: id(), at: at("2026-03-03T08:00:00Z"), instead });
    Feed {
        id: "urn:uuid:00000000-0000-5000-8000-000000000003".to_owned(),
        title: "News".to_owned(),
        description: None,
        locale: Locale::ENGLISH,
        site: "News".to_owned(),
        site_url: url("/"),
        page: url("/en"),
        own: url("/en/feed"),
        links: Vec::new(),
        icon: None,
        is_archive: false,
        items,
        departed: departed.collect(),
        words: Words {
            changed: "What changed".to_owned(),
            withdrawn: "Withdrawn".to_owned(),
            gone: "This text has been taken down.".to_owned(),
            moved: "It is elsewhere now.".to_owned(),
        },
    }
}

async fn brought(store: &Store, source: Vec<u8>) -> Report {
    import(store, request(source, &CancellationToken::new()), |_| ()).await.unwrap()
}

async fn entries(store: &Store) -> Vec<EntryRecord> {
    store.admin().snapshot().await.unwrap().entries(None, 10).await.unwrap()
}

/// The last text there is of an entry.
fn words(record: &EntryRecord) -> String {
    match &record.revisions.last().unwrap().content {
        Content::Article(article) => {
            article.body.as_ref().map(|body| body.text().trim().to_owned()).unwrap_or_default()
        }
        Content::Decree(_) => String::new(),
    }
}

#[tokio::test]
async fn what_is_gone_from_a_feed_of_courants_is_unpublished_and_comes_back_when_that_does() {
    for (name, write) in FORMATS {
        for instead in [Instead::Nothing, Instead::Gone(url("/en/articles/ferry")), Instead::At(url("/en/articles/x"))]
        {
            let folder = tempfile::tempdir().unwrap();
            let store = store(&folder).await;
            let gone = write(&feed(Vec::new(), vec![instead]));
            let never_here = brought(&store, gone.clone()).await;
            assert_eq!((never_here.created, never_here.unchanged), (0, 1), "{name}");
            assert!(entries(&store).await.is_empty(), "{name}");

            brought(&store, write(&feed(vec![ferry()], Vec::new()))).await;
            assert_eq!(entries(&store).await[0].editions.len(), 1, "{name}");
            let report = brought(&store, gone.clone()).await;
            assert_eq!((report.created, report.updated), (0, 1), "{name}");
            assert!(report.problems.iter().any(|line| line.message.contains("taken it back")), "{name} {report:?}");
            let taken_back = entries(&store).await.remove(0);
            assert_eq!((taken_back.editions.len(), words(&taken_back).as_str()), (0, "She sails at eleven."), "{name}");
            assert_eq!(brought(&store, gone).await.unchanged, 1, "{name}");

            brought(&store, write(&feed(vec![ferry()], Vec::new()))).await;
            assert_eq!(entries(&store).await[0].editions.len(), 1, "{name}");
        }
    }
}

#[tokio::test]
async fn what_is_withdrawn_with_a_notice_is_so_here_and_its_text_stays_in_the_newsroom() {
    for (name, write) in FORMATS {
        let folder = tempfile::tempdir().unwrap();
        let store = store(&folder).await;
        brought(&store, write(&feed(vec![ferry()], Vec::new()))).await;
        assert_eq!(brought(&store, write(&feed(vec![withdrawn()], Vec::new()))).await.updated, 1, "{name}");
        let record = entries(&store).await.remove(0);
        let withdrawal = record.editions[0].withdrawal.as_ref().unwrap();
        assert_eq!(withdrawal.text().text().trim(), "She does not sail.", "{name}");
        assert_eq!(withdrawal.at, at("2026-03-03T08:00:00Z"), "{name}");
        assert_eq!(
            (record.editions[0].published_at, words(&record)),
            (ferry().published_at, "She sails at eleven.".to_owned())
        );
        assert_eq!(brought(&store, write(&feed(vec![withdrawn()], Vec::new()))).await.unchanged, 1, "{name}");

        brought(&store, write(&feed(vec![ferry()], Vec::new()))).await;
        assert_eq!(entries(&store).await[0].editions[0].withdrawal, None, "{name}");
    }
}

#[tokio::test]
async fn a_notice_without_its_text_is_a_draft_and_stays_one() {
    for (name, write) in FORMATS {
        let folder = tempfile::tempdir().unwrap();
        let store = store(&folder).await;
        let report = brought(&store, write(&feed(vec![withdrawn()], Vec::new()))).await;
        assert_eq!(report.unpublished.get(&State::Draft), Some(&1), "{name}");
        assert!(report.problems.iter().any(|line| line.message.contains("withdrawn")), "{name} {report:?}");
        for _ in 0..2 {
            let record = entries(&store).await.remove(0);
            assert_eq!((record.editions.len(), words(&record).as_str()), (0, "She does not sail."), "{name}");
            assert_eq!(brought(&store, write(&feed(vec![withdrawn()], Vec::new()))).await.unchanged, 1, "{name}");
        }
    }
}

#[tokio::test]
async fn a_tombstone_of_anybodys_counts_unless_the_entry_changed_after_it() {
    let entry = |updated: &str| {
        format!(
            "<entry><id>tag:x,2026:1</id><title>Ferry</title><updated>{updated}</updated><content>Words.</content></entry>"
        )
    };
    let tombstone = "<del:deleted-entry xmlns:del='http://purl.org/atompub/tombstones/1.0' ref='tag:x,2026:1' \
                     when='2026-03-03T08:00:00Z'><del:by><name>Jo</name></del:by></del:deleted-entry>";
    let feed = |parts: &[&str]| {
        let parts = parts.concat();
        format!("<feed xmlns='http://www.w3.org/2005/Atom'><title>X</title><id>tag:x,2026:f</id>{parts}</feed>")
            .into_bytes()
    };
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder).await;
    let (older, newer) = (entry("2026-03-02T08:00:00Z"), entry("2026-03-04T08:00:00Z"));
    for (parts, live) in [
        (vec![older.as_str()], 1),
        (vec![tombstone], 0),
        (vec![older.as_str()], 1),
        (vec![older.as_str(), tombstone], 0),
        (vec![tombstone, newer.as_str()], 1),
    ] {
        brought(&store, feed(&parts)).await;
        assert_eq!(entries(&store).await[0].editions.len(), live, "{parts:?}");
    }
}

#[tokio::test]
async fn of_a_draft_that_is_held_here_nothing_is_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder).await;
    let mut options = request(json_feed(&feed(vec![ferry()], Vec::new())), &CancellationToken::new());
    options.options.drafts = true;
    import(&store, options, |_| ()).await.unwrap();
    // It is a draft here for a reason of ours: there is nothing to take back, and the draft stays as it is.
    let before = entries(&store).await;
    assert_eq!(before[0].standings[0].standing.state, State::Draft);
    brought(&store, json_feed(&feed(Vec::new(), vec![Instead::Nothing]))).await;
    assert_eq!(entries(&store).await, before);
}
