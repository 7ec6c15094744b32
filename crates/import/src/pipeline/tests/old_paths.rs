//! Addresses on an old site that several items had.

use super::*;

/// Items of one's own site. Those without a date go in as drafts; between the others are so many more.
fn source(items: &[(&str, &str)], between: usize) -> Vec<u8> {
    let mut all = String::new();
    let mut number = 0;
    for (title, date) in items {
        all.push_str(&format!(
            "<item><title>{title}</title><link>https://example.org/twin</link><guid isPermaLink=\"false\">{title}</guid>{date}<description>Words.</description></item>"
        ));
        for _ in 0..between {
            number += 1;
            all.push_str(&format!(
                "<item><title>Ferry {number}</title><guid isPermaLink=\"false\">{number}</guid></item>"
            ));
        }
    }
    format!("<rss version=\"2.0\"><channel><title>News</title><link>https://example.org/</link><language>en</language>{all}</channel></rss>")
        .into_bytes()
}

#[tokio::test]
async fn a_report_says_the_same_of_what_comes_at_once_and_one_after_the_other() {
    const DATE: &str = "<pubDate>Mon, 02 Mar 2026 08:30:00 GMT</pubDate>";
    let (ada, bo, cy) = (("Ada", ""), ("Bo", ""), ("Cy", DATE));
    let leads = "its old address /twin leads nowhere new: it leads to /en/articles/cy already";
    let shared =
        "its old address /twin is kept for another text that is not live, too: it leads to the first that goes live";
    for (items, led, waiting, said) in [
        (vec![ada, bo], 0, 1, vec![("Bo", shared)]),
        (vec![ada, bo, cy], 1, 0, vec![("Ada", leads), ("Bo", leads)]),
        (vec![ada, cy, bo], 1, 0, vec![("Ada", leads), ("Bo", leads)]),
        (vec![cy, ada, bo], 1, 0, vec![("Ada", leads), ("Bo", leads)]),
    ] {
        for between in [0, BATCH] {
            let folder = tempfile::tempdir().unwrap();
            let store = store(&folder).await;
            for again in [false, true] {
                let mut request = request(source(&items, between), &CancellationToken::new());
                request.options.own_site = OwnSite::Named;
                let report = import(&store, request, |_| ()).await.unwrap();
                let problems = report.problems.iter().filter(|problem| problem.message.contains("/twin"));
                let mut found: Vec<(String, &str)> =
                    problems.map(|problem| (problem.place.clone(), problem.message.as_str())).collect();
                found.sort_unstable();
                let place = |title| {
                    let index = items.iter().position(|(own, _)| *own == title).unwrap();
                    format!("item {}", 1 + index * (between + 1))
                };
                let mut expected: Vec<(String, &str)> = said.iter().map(|(title, why)| (place(*title), *why)).collect();
                expected.sort_unstable();
                let what = format!("{items:?} {between} {again}");
                assert_eq!((report.old_paths, report.waiting_paths), (led, waiting), "{what}");
                assert_eq!(found, expected, "{what}");
            }
        }
    }
}
