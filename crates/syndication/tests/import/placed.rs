//! Words that sources keep under names of newsrooms, and what they tell search engines: each stands in its place, or is counted as lost.

use super::{
    feeds::{atom, json, rss},
    wordpress::post,
    *,
};

fn lost(import: &Import) -> Vec<&str> {
    import.lost.keys().map(String::as_str).collect()
}

fn fields(fields: &[(&str, &str)]) -> String {
    let field = |(key, value): &(&str, &str)| {
        format!(
            "<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"
        )
    };
    fields.iter().map(field).collect()
}

/// Kicker, summary, dateline and terms of use.
fn lines(import: &Import) -> [Option<&str>; 4] {
    let content = &import.items[0].content;
    [&content.kicker, &content.summary, &content.dateline, &content.rights].map(Option::as_deref)
}

#[test]
fn names_of_newsrooms_have_their_places_in_every_format() {
    let elements = "<kicker>Tides</kicker><n:standfirst xmlns:n='urn:n'>&lt;b>Low&lt;/b> water</n:standfirst><dateline>Oslo</dateline>\
                    <dc:rights>© Hill</dc:rights><cc:license xmlns:cc='http://web.resource.org/cc/'>https://terms.example/by</cc:license>";
    let said = [Some("Tides"), Some("Low water"), Some("Oslo"), Some("© Hill; https://terms.example/by")];
    let feed = import(&rss(&format!(
        "<item><title>A</title><guid>1</guid><description>Words.</description>{elements}</item>"
    )));
    assert_eq!((lines(&feed), html(&feed.items[0]), lost(&feed)), (said, "Words.", vec![]));
    let entry = elements.replace("dc:rights", "rights");
    let feed = import(&atom(&format!(
        "<content type='text'>Words.</content>{entry}<link rel='license' href='https://terms.example/by'/>"
    )));
    assert_eq!((lines(&feed), lost(&feed)), (said, vec![]));
    let feed = import(&json(
        r#"{"id": "1", "title": "A", "content_text": "Words.", "standfirst": "Low water", "rights": "© Hill",
            "_ours": {"kicker": "Tides", "dateline": "Oslo", "license": "CC BY", "note": 1}}"#,
    ));
    let said = [Some("Tides"), Some("Low water"), Some("Oslo"), Some("CC BY; © Hill")];
    assert_eq!((lines(&feed), lost(&feed)), (said, vec![]));
    let export = import(&post(
        &fields(&[
            ("kicker", "Tides"),
            ("_kicker", "field_5f"),
            ("_subtitle", "Low water"),
            ("dateline", "Oslo"),
            ("copyright", "© Hill"),
        ]),
        "Words.",
    ));
    let said = [Some("Tides"), Some("Low water"), Some("Oslo"), Some("© Hill")];
    assert_eq!((lines(&export), lost(&export)), (said, vec![]));
}

#[test]
fn a_place_that_is_taken_takes_nothing_else() {
    let elements =
        "<kicker>Tides</kicker><kicker>Ebb</kicker><subtitle>Low water</subtitle><subtitle>High water</subtitle>";
    let feed = import(&rss(&format!(
        "<item><title>A</title><guid>1</guid><description>Words.</description>{elements}</item>"
    )));
    assert_eq!(lines(&feed)[..2], [Some("Tides"), Some("Low water")]);
    assert_eq!((html(&feed.items[0]), lost(&feed)), ("Words.\n<p>High water</p>", vec!["kicker"]));
    let same = import(&post(
        &fields(&[("subtitle", "Ebb at six."), ("_lede", "the quay")]),
        "Ebb at six at the quay. Ebb at six.",
    ));
    assert_eq!((lines(&same)[1], lost(&same)), (None, vec![]));
    let more = import(&post(&fields(&[("subtitle", "Low water"), ("dek", "High water")]), "Words."));
    assert_eq!((lines(&more)[1], lost(&more)), (Some("Low water"), vec!["custom field dek"]));
}

#[test]
fn what_search_engines_are_told_is_the_summary_or_counted() {
    for key in [
        "_yoast_wpseo_metadesc",
        "_aioseo_description",
        "rank_math_description",
        "_seopress_titles_desc",
        "_genesis_description",
        "advanced_seo_description",
    ] {
        let alone = import(&post(&fields(&[(key, "When the quay is dry")]), "Words."));
        assert_eq!((lines(&alone)[1], lost(&alone)), (Some("When the quay is dry"), vec![]), "{key}");
        let beside = import(&post(&fields(&[("subtitle", "Low water"), (key, "When the quay is dry")]), "Words."));
        assert_eq!((lines(&beside)[1], lost(&beside)), (Some("Low water"), vec![&*format!("custom field {key}")]));
        let said = import(&post(&fields(&[(key, "when the quay is dry…")]), "See when the quay is dry: now."));
        assert_eq!((lines(&said)[1], lost(&said)), (None, vec![]), "{key}");
    }
    for (key, value, is_lost) in [
        ("_yoast_wpseo_title", "Is the quay dry?", true),
        ("_yoast_wpseo_opengraph-description", "Come and see", true),
        ("_yoast_wpseo_title", "%%title%% at the quay %%sep%% %%sitename%%", false),
        ("_aioseo_title", "#post_title | All of it", false),
        ("_yoast_wpseo_focuskw", "dry quay", false),
        ("rank_math_robots", "a:1:{i:0;s:5:\"index\";}", false),
        ("_yoast_wpseo_schema_article_type", "NewsArticle", false),
    ] {
        let name = format!("custom field {key}");
        let export = import(&post(&fields(&[("subtitle", "Low water"), (key, value)]), "Words."));
        assert_eq!(lost(&export), is_lost.then_some(&*name).into_iter().collect::<Vec<_>>(), "{value}");
    }
}

#[test]
fn hidden_fields_with_words_are_counted_and_settings_are_not() {
    for (key, value) in [
        ("_byline", "Lia Moss"),
        ("_EventVenue", "The old quay"),
        ("_VenueCity", "oslo"),
        ("_notes", "a:1:{i:0;s:14:\"It ebbs at six\";}"),
        ("_purchase_note", "Ring twice at the door"),
    ] {
        let name = format!("custom field {key}");
        assert_eq!(lost(&import(&post(&fields(&[(key, value)]), "x"))), [&*name], "{value}");
    }
    for (key, value) in [
        ("_edit_lock", "1772604000:1"),
        ("_wp_page_template", "Full Width"),
        ("_wp_old_date", "2026-03-04"),
        ("_elementor_page_settings", "a:1:{s:5:\"title\";s:14:\"It ebbs at six\";}"),
        ("_et_pb_old_content", "<p>It was at six then.</p>"),
        ("_fl_builder_draft", "a:1:{s:4:\"text\";s:14:\"It ebbs at six\";}"),
        ("_kad_post_title", "default"),
        ("_place", "field_5f3a"),
        ("_last_editor_used_jetpack", "block-editor"),
        ("_genesis_layout", "Full Width Content"),
        ("_oembed_0a1b", "<p>It ebbs at six today.</p>"),
    ] {
        assert_eq!(lost(&import(&post(&fields(&[(key, value)]), "x"))), [""; 0], "{key}");
    }
}

#[test]
fn media_without_a_picture_says_terms_of_use_and_tags() {
    let item = |inner: &str| {
        import(&rss(&format!(
            "<item><title>A</title><guid>1</guid><author>Jo Ferreira</author><description>Words.</description>{inner}</item>"
        )))
    };
    let said = item(
        "<dc:rights>Hill News</dc:rights><media:copyright url='https://hill.example/terms'>2026 Hill</media:copyright>\
                     <media:license href='https://terms.example/by'>CC BY</media:license>",
    );
    assert_eq!((lines(&said)[3], lost(&said)), (Some("Hill News; © 2026 Hill; CC BY"), vec![]));
    let said = item("<media:license href='https://terms.example/by'/>");
    assert_eq!(lines(&said)[3], Some("https://terms.example/by"));
    let tags = item(
        "<media:group><media:category label='Tides'>a/b</media:category><media:category>Quays</media:category>\
                     <media:category>news/sea</media:category></media:group><media:restriction>au us</media:restriction>",
    );
    assert_eq!((texts(&tags.items[0].tags), lost(&tags)), (vec!["tides", "quays"], vec![]));
}
