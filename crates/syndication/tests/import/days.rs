//! Dates without a time are days where the site is.

use courant_domain::zone::ZoneName;

use super::{wordpress::export, *};

#[test]
fn a_date_without_a_time_is_that_day_where_the_site_is() {
    let rss = |date: &str| {
        format!(
            "<rss version='2.0'><channel><title>X</title><item><title>A</title><guid>a</guid>\
             <description>Words.</description><pubDate>{date}</pubDate></item></channel></rss>"
        )
    };
    let atom = |date: &str| {
        format!(
            "<feed xmlns='http://www.w3.org/2005/Atom'><title>X</title><id>tag:x,2024:f</id><entry><id>tag:x,2024:1</id>\
             <title>A</title><content>Words.</content><published>{date}</published></entry></feed>"
        )
    };
    let json = |date: &str| {
        format!(
            r#"{{"version":"https://jsonfeed.org/version/1.1","title":"X","items":[{{"id":"1","title":"A","content_text":"W","date_published":"{date}"}}]}}"#
        )
    };
    let wordpress = |date: &str| {
        export(&format!(
            "<item><title>A</title><wp:status>publish</wp:status><wp:post_date>{date}</wp:post_date></item>"
        ))
    };
    for zone in ["America/New_York", "UTC", "Asia/Ashgabat"].map(|zone| ZoneName::parse(zone).unwrap()) {
        let options = ReadOptions { time_zone: zone.clone(), ..options() };
        let read = |source: &str| {
            let import = read(source.as_bytes(), &options).unwrap();
            import.items[0].published_at.unwrap_or_else(|| panic!("{source} {:?}", messages(&import)))
        };
        for source in [
            rss("March 5, 2024"),
            rss("Tue, 05 Mar 2024"),
            rss("2024-03-05"),
            atom("2024-03-05"),
            json("2024-03-05"),
            wordpress("2024-03-05"),
        ] {
            let begins = zone.day_begins(jiff::civil::date(2024, 3, 5));
            assert_eq!(
                (zone.day(read(&source)).to_string().as_str(), read(&source)),
                ("2024-03-05", begins),
                "{source}"
            );
        }
        for source in [rss("Tue, 05 Mar 2024 00:00:00 GMT"), json("2024-03-05T00:00:00Z")] {
            assert_eq!(read(&source).to_string(), "2024-03-05T00:00:00Z", "{source} {zone}");
        }
    }
}
