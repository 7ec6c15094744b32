//! What a source has beside a text: teasers with pictures and links, and lines that are longer than their place.

use super::{
    feeds::{atom, json, rss},
    wordpress::export,
    *,
};

const TEASER: &str = "&lt;img src='https://hill.example/t.jpg' alt='A heron'>&lt;p>It &lt;a href='https://quay.example/o'>stands&lt;/a>.&lt;/p>";

fn post(content: &str, excerpt: &str) -> String {
    export(&format!(
        "<item><title>A</title><guid>1</guid><wp:post_date_gmt>2026-03-02 08:30:00</wp:post_date_gmt><wp:status>publish</wp:status>\
         <content:encoded>{content}</content:encoded><excerpt:encoded>{excerpt}</excerpt:encoded></item>"
    ))
}

#[test]
fn pictures_and_links_of_a_teaser_are_kept() {
    let link = "<p><a href=\"https://quay.example/o\" rel=\"noopener noreferrer\">stands</a></p>";
    for (text, source) in [
        (
            "<p>Owls.</p>",
            rss(&format!(
                "<item><title>A</title><description>{TEASER}</description><content:encoded>&lt;p>Owls.&lt;/p></content:encoded></item>"
            )),
        ),
        (
            "<p>Owls.</p>",
            atom(&format!("<summary type='html'>{TEASER}</summary><content type='html'>&lt;p>Owls.&lt;/p></content>")),
        ),
        ("<p>Owls.</p>\n", post("&lt;p>Owls.&lt;/p>", TEASER)),
    ] {
        let import = import(&source);
        let item = &import.items[0];
        let Some(lead) = item.content.lead_image.as_ref() else { unreachable!("{source}: {}", html(item)) };
        assert!(lead.url.ends_with("example/t.jpg"), "{source}");
        assert_eq!(
            (lead.alt.as_deref(), item.content.summary.as_deref()),
            (Some("A heron"), Some("It stands.")),
            "{source}"
        );
        assert_eq!(
            html(item).split_whitespace().collect::<String>(),
            format!("{text}{link}").split_whitespace().collect::<String>(),
            "{source}"
        );
        assert!(import.lost.is_empty());
    }
}

#[test]
fn what_the_text_shows_too_comes_once() {
    let text = "&lt;p>Owls &lt;img src='/t.jpg'> &lt;a href='https://quay.example/o'>stand&lt;/a>.&lt;/p>";
    let with_teaser = rss(&format!(
        "<item><title>A</title><description>{TEASER}</description><content:encoded>{text}</content:encoded></item>"
    ));
    let without = rss(&format!("<item><title>A</title><content:encoded>{text}</content:encoded></item>"));
    assert_eq!(html(&one(&with_teaser)), html(&one(&without)));
}

#[test]
fn what_is_longer_than_its_place_is_whole_below_the_text() {
    let long = "Low water at the quay. ".repeat(100);
    let long = long.trim();
    let item = |title: &str, summary: &str| {
        one(&rss(&format!(
            "<item><title>{title}</title><description>{summary}</description><content:encoded>&lt;p>Owls.&lt;/p></content:encoded></item>"
        )))
    };
    assert_eq!(html(&item("A", long)), format!("<p>Owls.</p>\n<p>{long}</p>"));
    let title = &long[..330];
    let titled = item(title, "Tides.");
    assert_eq!(html(&titled), format!("<p>Owls.</p>\n<p>{title}</p>"));
    // There is room in the summary.
    let text = one(&rss(&format!("<item><title>{title}</title><description>&lt;p>Owls.&lt;/p></description></item>")));
    assert_eq!(html(&text), "<p>Owls.</p>");
    // It is said already.
    let twice = one(&rss(&format!(
        "<item><title>A</title><description>{long}</description><content:encoded>&lt;p>{long} Owls.&lt;/p></content:encoded></item>"
    )));
    assert_eq!(html(&twice), format!("<p>{long} Owls.</p>"));
}

#[test]
fn other_words_of_a_plain_form_stand_below_the_text() {
    let item = |html: &str, text: &str| {
        one(&json(&format!(
            "{{\"id\": \"1\", \"title\": \"A\", \"content_html\": \"{html}\", \"content_text\": \"{text}\"}}"
        )))
    };
    assert_eq!(html(&item("<p>Owls.</p>", "Ring twice at the door.")), "<p>Owls.</p>\n<p>Ring twice at the door.</p>");
    let text = "<p>The <b>owls</b> stand at the <a href='https://quay.example/o'>quay</a>.</p><p>All night.</p>";
    let plain = "The *owls* stand at the [quay](https://quay.example/o).\\n\\nAll night.";
    assert_eq!(html(&item(text, plain)), html(&item(text, "")));
}
