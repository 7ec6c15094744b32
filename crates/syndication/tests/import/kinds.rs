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
