//! More of the kinds of things that imports used to lose or get wrong.

use courant_domain::rich_text::RichText;
use courant_syndication::ItemStatus;

use super::{wordpress::post, *};

#[test]
fn a_film_is_found_whichever_way_it_is_embedded() {
    let urls = |text: &str, fields: &str| -> Vec<String> {
        let item = one(&post(fields, text));
        item.content.body.iter().flat_map(RichText::embeds).map(|embed| embed.url.clone()).collect()
    };
    for (text, url) in [
        ("one\n[embed width=\"3\"]https://vimeo.com/76[/embed]\ntwo", "https://vimeo.com/76"),
        ("[youtube]https://youtu.be/quay[/youtube]", "https://youtu.be/quay"),
        ("seen [video]https://cdn.example/tide.mp4[/video] again", "https://cdn.example/tide.mp4"),
        ("<figure class=\"media\"><oembed url=\"https://youtu.be/pier\"></oembed></figure>", "https://youtu.be/pier"),
    ] {
        assert_eq!(urls(text, ""), [url], "{text}");
    }
    let field = "<wp:postmeta><wp:meta_key>enclosure</wp:meta_key><wp:meta_value>https://cdn.example/1.mp3\n\
                 4711\naudio/mpeg\n</wp:meta_value></wp:postmeta>";
    assert_eq!(urls("Episode one.", field), ["https://cdn.example/1.mp3"]);
    assert_eq!(urls("<audio src=\"https://cdn.example/1.mp3\"></audio>", field), ["https://cdn.example/1.mp3"]);
}

#[test]
fn pages_of_a_post_are_parted() {
    assert_eq!(html(&one(&post("", "Ebb.<!--nextpage-->Flow."))), "<p>Ebb.</p>\n<p>Flow.</p>\n");
}

#[test]
fn what_is_for_some_alone_is_a_draft() {
    for sign in [
        "<x:premium>yes</x:premium>",
        "<x:paywalled>1</x:paywalled>",
        "<x:isAccessibleForFree>False</x:isAccessibleForFree>",
    ] {
        let item = one(&format!(
            "<rss version='2.0' xmlns:x='urn:x'><channel><item><title>T</title><guid>1</guid>\
             <pubDate>Wed, 04 Mar 2026 06:00:00 GMT</pubDate>{sign}</item></channel></rss>"
        ));
        assert_eq!(item.status, ItemStatus::Draft, "{sign}");
    }
}

#[test]
fn a_title_nobody_sees_is_none() {
    let import = import(
        "<rss version='2.0'><channel><item><title>\u{200b}\u{2060}</title><guid>1</guid><description>Low water.</description></item></channel></rss>",
    );
    assert_eq!(import.items[0].content.title.as_deref(), Some("Low water."));
}

#[test]
fn what_may_be_another_day_is_a_draft() {
    let status = |language: &str, date: &str| {
        let item = one(&format!(
            "<rss version='2.0'><channel>{language}<item><title>T</title><guid>1</guid><pubDate>{date}</pubDate>\
             <description>Low water.</description></item></channel></rss>"
        ));
        (item.status, item.published_at.map(|at| at.to_string()))
    };
    let english = "<language>en</language>";
    for date in [
        "03-05-2024",
        "03/05/2024",
        "03.05.2024 10:00",
        "03-05-24",
        "03.05.24",
        "2024",
        "2024-05",
        "2024-05-03T10:00:00-13:00",
        "Fri, 03 May 2024 10:00:00 -1300",
        "Fri, 03 May 2024 10:00:00 +0210",
    ] {
        assert_eq!(status(english, date), (ItemStatus::Draft, None), "{date}");
        assert_eq!(status("", date), (ItemStatus::Draft, None), "{date}");
    }
    let certain = (ItemStatus::Published, Some("2024-05-03T00:00:00Z".to_owned()));
    assert_eq!(status("<language>de</language>", "03-05-2024"), certain);
    assert_eq!(status("<language>en-us</language>", "05-03-2024"), certain);
    assert_eq!(status(english, "2024-05-03"), certain);
    let item = one(r#"{"version": "https://jsonfeed.org/version/1.1", "title": "t", "language": "en",
            "items": [{"id": "1", "content_text": "Low water.", "date_published": "2024-05"}]}"#);
    assert_eq!((item.status, item.published_at), (ItemStatus::Draft, None));
}
