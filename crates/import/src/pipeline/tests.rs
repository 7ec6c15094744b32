mod languages;
mod old_paths;
mod taken_back;

use courant_persistence::{Options, migrate};

use super::*;
use crate::read::BATCH;

async fn store(folder: &tempfile::TempDir) -> Store {
    let options = Options::sqlite(&folder.path().join("courant.db"));
    migrate(&options).await.unwrap();
    Store::open(&options).await.unwrap()
}

fn feed(items: usize) -> Vec<u8> {
    let item = |number| format!("<item><title>Ferry {number}</title><guid>{number}</guid></item>");
    let items: String = (0..items).map(item).collect();
    format!("<rss version=\"2.0\"><channel><title>News</title><link>https://example.org/</link>{items}</channel></rss>")
        .into_bytes()
}

fn request(source: Vec<u8>, cancellation: &CancellationToken) -> ImportRequest {
    let options = ImportOptions::new(Slug::parse("news").unwrap(), "test");
    ImportRequest { source: source.into(), options, cancellation: cancellation.clone() }
}

#[tokio::test]
async fn what_is_in_when_it_is_stopped_stays_and_the_next_import_takes_up_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder).await;
    let token = CancellationToken::new();
    let mut steps = Vec::new();
    let stopped = import(&store, request(feed(2 * BATCH + 1), &token), |progress| {
        steps.push((progress.done, progress.of));
        if progress.done > 0 {
            token.cancel();
        }
    });
    let stopped = stopped.await.unwrap();
    assert_eq!(steps, [(0, 201), (100, 201)]);
    assert_eq!((stopped.created, stopped.is_stopped, stopped.is_complete()), (100, true, false));

    let rest = import(&store, request(feed(2 * BATCH + 1), &CancellationToken::new()), |_| ()).await.unwrap();
    assert_eq!((rest.created, rest.unchanged, rest.is_complete()), (101, 100, true));
}

#[tokio::test]
async fn an_import_can_run_on_another_thread() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder).await;
    let running =
        tokio::spawn(async move { import(&store, request(feed(1), &CancellationToken::new()), |_| ()).await });
    assert_eq!(running.await.unwrap().unwrap().created, 1);
}

#[tokio::test]
async fn a_language_the_site_is_not_in_is_refused_before_anything_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder).await;
    let mut request = request(feed(1), &CancellationToken::new());
    request.options.locale = Some(Locale::parse("tk").unwrap());
    let refused = import(&store, request, |_| ()).await;
    assert!(matches!(refused, Err(ImportError::NotInLocale(_))), "{refused:?}");
    assert!(store.is_empty().await.unwrap() && store.reference().categories.iter().next().is_none());
}

#[tokio::test]
async fn what_its_source_does_not_show_now_is_a_draft_and_no_longer_live() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder).await;
    let feed = |more: &str| {
        let item = format!(
            "<item><title>Ferry</title><guid>1</guid><pubDate>Wed, 04 Mar 2020 06:00:00 GMT</pubDate>\
             <description>Words.</description>{more}</item>"
        );
        format!(
            "<rss version=\"2.0\"><channel><title>News</title><link>https://example.org/</link>{item}</channel></rss>"
        )
        .into_bytes()
    };
    for (more, live) in [
        ("", 1),
        ("<expires>2021-01-01</expires>", 0),
        ("<expires>9000-01-01</expires>", 1),
        ("<dcterms:available>9000-01-01</dcterms:available>", 0),
        ("<dcterms:available>2020-01-01</dcterms:available>", 1),
    ] {
        let report = import(&store, request(feed(more), &CancellationToken::new()), |_| ()).await.unwrap();
        assert_eq!(report.problems.len(), 1 - live, "{:?}", report.problems);
        let entries = store.admin().snapshot().await.unwrap().entries(None, 10).await.unwrap();
        assert_eq!(entries.iter().map(|record| record.editions.len()).sum::<usize>(), live, "{more}");
    }
}

#[tokio::test]
async fn a_date_without_a_time_is_a_day_of_the_site_and_stays_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder).await;
    let mut site = store.reference().site.clone();
    site.time_zone = ZoneName::parse("America/New_York").unwrap();
    store.newsroom().site_put(&site).await.unwrap();
    let feed = String::from_utf8(feed(1))
        .unwrap()
        .replace("</guid>", "</guid><description>Words.</description><pubDate>March 5, 2024</pubDate>");
    let take_in =
        async || import(&store, request(feed.clone().into_bytes(), &CancellationToken::new()), |_| ()).await.unwrap();
    assert_eq!(take_in().await.created, 1);
    let entries = store.admin().snapshot().await.unwrap().entries(None, 10).await.unwrap();
    let at = entries[0].editions[0].published_at;
    assert_eq!(
        (site.time_zone.day(at).to_string(), at.to_string()),
        ("2024-03-05".into(), "2024-03-05T05:00:00Z".into())
    );
    let again = take_in().await;
    assert_eq!((again.updated, again.unchanged), (0, 1), "{again:?}");
}

#[tokio::test]
async fn what_is_cut_is_whole_below_the_text_or_told_as_lost() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder).await;
    let long = "Low water at the quay. ".repeat(100);
    let source = format!(
        "<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>News</title><item><title>Ebb</title>\
         <guid>1</guid><category>{}</category><description>{long}</description><content:encoded>At six.</content:encoded></item></channel></rss>",
        &long[..250]
    );
    let report = import(&store, request(source.into_bytes(), &CancellationToken::new()), |_| ()).await.unwrap();
    assert_eq!((report.created, report.lost.get("ends of long names")), (1, Some(&1)), "{:?}", report.lost);
    let messages: Vec<_> = report.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert!(
        messages.iter().any(|message| message.contains("summary") && message.contains("whole below its text")),
        "{messages:?}"
    );
}
