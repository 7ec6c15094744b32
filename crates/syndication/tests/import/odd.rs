//! What feeds write in other ways than everybody, and what of it is one value alone.

use courant_domain::rich_text::RichText;

use super::{
    feeds::{atom, json, rss},
    *,
};

#[test]
fn a_page_in_another_language_is_another_text() {
    let link = |language: &str| {
        format!("<link rel='alternate' hreflang='{language}' type='text/html' href='https://h.example/{language}'/>")
    };
    let links = |languages: &[&str]| languages.iter().map(|language| link(language)).collect::<String>();
    for (languages, of_entry, found) in [
        (&["fr", "en-GB"][..], "en", Some("en-GB")),
        (&["en-US", "en-GB"], "en-GB", Some("en-GB")),
        (&["fr", "en"], "", Some("en")),
        (&["de"], "en", None),
        (&["de"], "", None),
    ] {
        let own = if of_entry.is_empty() { String::new() } else { format!(" xml:lang='{of_entry}'") };
        let source = format!(
            "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'><entry{own}><id>1</id><title>A</title>{}</entry></feed>",
            links(languages)
        );
        let found = found.map(|language| format!("https://h.example/{language}"));
        assert_eq!(one(&source).content.canonical_url, found, "{source}");
        let item = format!(
            "<rss version='2.0' xmlns:a='http://www.w3.org/2005/Atom'><channel><language>en</language>\
             <item{own}><title>A</title>{}</item></channel></rss>",
            links(languages).replace("<link", "<a:link")
        );
        assert_eq!(one(&item).content.canonical_url, found, "{item}");
    }
}

#[test]
fn a_content_of_atom_that_is_html_need_not_say_so() {
    for (content, shown) in [
        ("The &lt;b&gt;quay&lt;/b&gt; is &lt;i&gt;dry&lt;/i&gt;.", "The <b>quay</b> is <i>dry</i>."),
        ("&lt;p&gt;Ebb.&lt;p&gt;Flow.", "<p>Ebb.</p><p>Flow.</p>"),
        ("a &lt;b&gt; tag", "<p>a &lt;b&gt; tag</p>\n"),
        ("Vec&lt;T&gt; and &lt;b&gt;x&lt;/b&gt;", "<p>Vec&lt;T&gt; and &lt;b&gt;x&lt;/b&gt;</p>\n"),
    ] {
        let item = one(&atom(&format!("<content>{content}</content>")));
        assert_eq!(html(&item), shown, "{content}");
    }
}

#[test]
fn one_odd_value_of_json_costs_itself() {
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    for value in ["1e999", "NaN", "-Infinity", "undefined", deep.as_str()] {
        let source = json(&format!(
            r#"{{"id": "1", "title": "A", "content_text": "Ebb.", "_x": {{"v": {value}}}}}, {{"id": "2", "title": "B"}}"#
        ));
        let import = import(&source);
        assert_eq!((import.items.len(), html(&import.items[0])), (2, "<p>Ebb.</p>\n"), "{value}");
        assert!(messages(&import).iter().any(|line| line.contains("left out")), "{value} {:?}", messages(&import));
    }
}

#[test]
fn a_summary_of_json_alone_is_read_as_its_writer_meant_it() {
    let item = one(&json(r#"{"id": "1", "title": "A", "summary": "Ebb &amp; flow &#8217;s"}"#));
    assert_eq!(item.content.body.as_ref().map(RichText::text), Some("Ebb & flow ’s"));
}

#[test]
fn a_name_on_a_social_network_is_an_author() {
    for (creator, slug) in [("@annlee", "annlee"), ("@annlee@social.example", "annlee")] {
        let item = one(&rss(&format!("<item><title>A</title><dc:creator>{creator}</dc:creator></item>")));
        assert_eq!(texts(&item.authors), [slug], "{creator}");
    }
    assert!(one(&rss("<item><title>A</title><dc:creator>ann@hill.example</dc:creator></item>")).authors.is_empty());
}

#[test]
fn films_and_sounds_of_rss_are_led_to_whichever_module_names_them() {
    for more in [
        "<a:link xmlns:a='http://www.w3.org/2005/Atom' rel='enclosure' href='https://hill.example/1' type='audio/mpeg'/>",
        "<media:embed url='https://hill.example/1'><media:param name='loop'>no</media:param></media:embed>",
    ] {
        let item = one(&rss(&format!("<item><title>A</title><description>Ebb.</description>{more}</item>")));
        let urls: Vec<_> = item.content.body.iter().flat_map(RichText::embeds).map(|embed| &*embed.url).collect();
        assert_eq!(urls, ["https://hill.example/1"], "{more}");
    }
}
