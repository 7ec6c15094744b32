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

#[test]
fn a_film_that_a_theme_keeps_beside_a_text_is_led_to() {
    for (key, value) in [
        ("_format_video_embed", "https://film.example/1"),
        ("_format_video_embed", "&lt;iframe src=\"https://film.example/1\"&gt;&lt;/iframe&gt;"),
        ("video_url", "https://film.example/1"),
        ("td_post_video", "a:1:{s:8:\"td_video\";s:22:\"https://film.example/1\";}"),
    ] {
        let field = format!(
            "<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value>{value}</wp:meta_value></wp:postmeta>"
        );
        let item = one(&post(&field, "Ebb."));
        let urls: Vec<_> = item.content.body.iter().flat_map(RichText::embeds).map(|embed| &*embed.url).collect();
        assert_eq!(urls, ["https://film.example/1"], "{key} {value}");
    }
}

#[test]
fn a_film_is_not_the_one_of_which_the_address_begins_as_its_own_does() {
    let field = |key: &str, value: &str| {
        format!("<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value>{value}</wp:meta_value></wp:postmeta>")
    };
    let both = field("video_url", "https://film.example/12") + &field("video_embed", "https://film.example/1");
    let item = one(&post(&both, "Ebb."));
    assert_eq!(item.content.body.as_ref().map(|body| body.embeds().len()), Some(2));
}

#[test]
fn pictures_by_number_are_those_of_the_export() {
    let file = "<item><title>P</title><wp:post_id>8</wp:post_id><wp:post_type>attachment</wp:post_type><wp:status>inherit</wp:status>\
                <wp:attachment_url>https://quay.example/8.jpg</wp:attachment_url></item></channel>";
    for text in [
        "[vc_gallery images=\"8\"]",
        "[fusion_gallery image_ids=\"8\"][/fusion_gallery]",
        "[et_pb_gallery gallery_ids=\"8,8\"][/et_pb_gallery]",
        "[ux_gallery ids=\"8\"]",
        "[av_gallery ids='8']",
        "[ux_image id=\"8\"]",
        "[image id=\"8\"]",
        "[su_image_carousel source=\"media: 8\"]",
        "[person name=\"Lia Moss\" image=\"8\"]She steers.[/person]",
    ] {
        let import = import(&post("", &format!("<p>x</p>{text}")).replace("</channel>", file));
        assert!(
            html(&import.items[0]).contains("<img src=\"https://quay.example/8.jpg\""),
            "{text} {}",
            html(&import.items[0])
        );
        assert!(import.lost.is_empty(), "{text} {:?}", import.lost);
    }
    let widget = r#"[{"elType":"widget","widgetType":"shortcode","settings":{"shortcode":"[gallery ids=\"8\"]"}}]"#;
    let field = format!(
        "<wp:postmeta><wp:meta_key>_elementor_data</wp:meta_key><wp:meta_value><![CDATA[{widget}]]></wp:meta_value></wp:postmeta>"
    );
    let built = import(&post(&field, "").replace("</channel>", file));
    assert!(html(&built.items[0]).contains("8.jpg"), "{}", html(&built.items[0]));
}
