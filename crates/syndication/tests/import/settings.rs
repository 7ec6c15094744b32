//! Words, pictures and links in the settings of shortcodes.

use super::{wordpress::post, *};

const A: &str = "https://harbour.example/a.jpg";

/// The HTML of a post with this text, of which nothing is lost.
#[track_caller]
fn shown(content: &str) -> String {
    let import = import(&post("", content));
    assert!(import.lost.is_empty(), "{content}: {:?}", import.lost);
    html(&import.items[0]).replace(" rel=\"noopener noreferrer\"", "").replace("  ", " ").trim_end().to_owned()
}

#[test]
fn what_encloses_words_shows_those_in_its_settings() {
    for (content, html) in [
        (
            "[vc_cta h2=\"Low water\" h4=\"until noon\" css=\".a{color:red}\"]At six.[/vc_cta]",
            "<p><strong>Low water</strong></p>\n<p><strong>until noon</strong></p>\n<p>At six.</p>",
        ),
        (
            "[testimonial job_title=\"pilot\" name=\"Lia Moss\"]At six.[/testimonial]",
            "<p><strong>Lia Moss</strong></p>\n<p><strong>pilot</strong></p>\n<p>At six.</p>",
        ),
        (
            "[infobox footer=\"Ring twice\" subheading=\"and flow\" heading=\"Ebb\"]At six.[/infobox]",
            "<p><strong>Ebb</strong></p>\n<p><strong>and flow</strong></p>\n<p><strong>Ring twice</strong></p>\n<p>At six.</p>",
        ),
        ("[note title=\"Ebb\"][/note]", "<p><strong>Ebb</strong></p>"),
        ("[card name=\"At six\"]At six.[/card]", "<p><strong>At six</strong></p>\n<p>At six.</p>"),
        ("[vc_custom_heading text=\"Low water\" font_container=\"tag:h2\"]", "<p><strong>Low water</strong></p>"),
        // Divi's quotes, and what WPBakery has as a list.
        ("[et_pb_toggle title=\"So %22low%22\"]x[/et_pb_toggle]", "<p><strong>So \"low\"</strong></p>\n<p>x</p>"),
        (
            "[bars values=\"%5B%7B%22label%22%3A%22Ebb%20and%20flow%22%7D%5D\"]x[/bars]",
            "<p><strong>Ebb and flow</strong></p>\n<p>x</p>",
        ),
        (
            "[et_pb_text admin_label=\"Text at the top\" _builder_version=\"4.9\" text_font=\"Open Sans||\" align=\"left\" title=\"on\"]x[/et_pb_text]",
            "<p>x</p>",
        ),
    ] {
        assert_eq!(shown(content), html, "{content}");
    }
}

#[test]
fn pictures_links_and_buttons_each_go_to_their_place() {
    let figure = format!("<figure><img src=\"{A}\" alt=\"\"></figure>");
    for (content, html) in [
        (
            format!("[et_pb_blurb title=\"Ebb\" image=\"{A}\" url=\"https://quay.example/p\"]At six.[/et_pb_blurb]"),
            format!("{figure}\n<p><strong><a href=\"https://quay.example/p\">Ebb</a></strong></p>\n<p>At six.</p>"),
        ),
        (
            format!(
                "[et_pb_team_member name=\"Lia Moss\" position=\"Pilot of boats\" image_url=\"{A}\"]She steers.[/et_pb_team_member]"
            ),
            format!(
                "{figure}\n<p><strong>Lia Moss</strong></p>\n<p><strong>Pilot of boats</strong></p>\n<p>She steers.</p>"
            ),
        ),
        (
            "[et_pb_cta title=\"Ebb\" button_text=\"Read on\" button_url=\"/p\"]At six.[/et_pb_cta]".to_owned(),
            "<p><strong>Ebb</strong></p>\n<p>At six. <a href=\"https://harbour.example/p\">Read on</a></p>".to_owned(),
        ),
        (
            "[su_box title=\"Ebb\" link=\"https://quay.example/t\"]At six.[/su_box]".to_owned(),
            "<p><strong><a href=\"https://quay.example/t\">Ebb</a></strong></p>\n<p>At six.</p>".to_owned(),
        ),
        (
            "[button link=\"https://quay.example/t\" tooltip=\"All of them\"]Tides[/button]".to_owned(),
            "<p><a href=\"https://quay.example/t\">Tides</a> <strong>All of them</strong></p>".to_owned(),
        ),
        (
            "[button link=\"https://quay.example/t\" text=\"All the tides\"]".to_owned(),
            "<p><a href=\"https://quay.example/t\">All the tides</a></p>".to_owned(),
        ),
        (
            "[vc_btn title=\"Tides\" link=\"url:https%3A%2F%2Fquay.example%2Ft|title:All%20of%20them\"]".to_owned(),
            "<p><strong>Tides</strong></p>\n<p><a href=\"https://quay.example/t\">All of them</a></p>".to_owned(),
        ),
        (
            format!("[fusion_imageframe alt=\"A gull\"]{A}[/fusion_imageframe]"),
            figure.replace("alt=\"\"", "alt=\"A gull\""),
        ),
        (
            format!("[et_pb_image src=\"{A}\" url=\"https://quay.example/p\" alt=\"A gull\"][/et_pb_image]"),
            format!("<figure><a href=\"https://quay.example/p\"><img src=\"{A}\" alt=\"A gull\"></a></figure>"),
        ),
        (format!("[et_pb_section background_image=\"{A}\"]At six.[/et_pb_section]"), "<p>At six.</p>".to_owned()),
    ] {
        assert_eq!(shown(&content), html, "{content}");
    }
}

#[test]
fn films_and_buttons_are_called_what_they_are_called() {
    for (content, called) in [
        ("[et_pb_button button_text=\"Read on\" button_url=\"https://quay.example/b\" /]", "Read on"),
        ("[button text=\"Tides &amp; more\" url=\"https://quay.example/b\"]", "Tides &amp; more"),
        ("[vc_video title=\"Ebb\" link=\"https://film.example/9\"]", "Ebb"),
        ("[audio src=\"https://film.example/9.mp3\" title=\"Ebb\"]", "Ebb"),
    ] {
        let html = shown(content);
        assert!(html.contains(&format!(">{called}</a>")), "{html}");
    }
    let html = shown(&format!("[et_pb_video image_src=\"{A}\" src=\"https://film.example/9.mp4\"]x[/et_pb_video]"));
    assert!(html.contains("href=\"https://film.example/9.mp4\"") && !html.contains(A), "{html}");
    let html = shown("[et_pb_audio audio=\"https://film.example/9.mp3\" title=\"Ebb\" artist_name=\"Lia Moss\"]");
    assert!(html.contains(">Ebb</a>") && html.ends_with("<strong>Lia Moss</strong></p>"), "{html}");
}

#[test]
fn what_forms_ask_is_counted() {
    let import = import(&post("", "[contact-form subject=\"What you have seen\"]x[/contact-form]"));
    assert_eq!(import.lost.keys().collect::<Vec<_>>(), ["words of the shortcode contact-form"]);
}
