//! In which language an item says it is.

use super::{wordpress::export, *};

/// The languages of the items.
fn languages(import: &Import) -> Vec<Option<String>> {
    import.items.iter().map(|item| item.language.map(|language| language.to_string())).collect()
}

fn said(import: &Import) -> Vec<String> {
    messages(import).into_iter().filter(|line| line.contains("language")).collect()
}

#[test]
fn each_format_has_its_own_way_to_say_it() {
    let rss = |item: &str, more: &str| {
        format!(
            "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>N</title>\
             <item {item}><title>A</title><description>a</description>{more}</item></channel></rss>"
        )
    };
    let atom = |entry: &str, content: &str, more: &str| {
        format!(
            "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:dc='http://purl.org/dc/elements/1.1/' xml:lang='en'>\
             <entry {entry}><title>A</title><content {content}>a</content>{more}</entry></feed>"
        )
    };
    let json = |feed: &str, item: &str| {
        format!(
            "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"N\"{feed},\"items\":[\
             {{\"id\":\"1\",\"title\":\"A\",\"content_text\":\"a\"{item}}}]}}"
        )
    };
    let post = |more: &str| {
        export(&format!(
            "<language>en-US</language><wp:term><wp:term_taxonomy>language</wp:term_taxonomy>\
             <wp:term_slug>russkiy</wp:term_slug><wp:term_name>Русский</wp:term_name><wp:term_description>\
             a:2:{{s:6:\"locale\";s:5:\"ru_RU\";s:3:\"rtl\";i:0;}}</wp:term_description></wp:term>\
             <item><title>A</title><wp:post_id>7</wp:post_id><wp:status>publish</wp:status>{more}</item>"
        ))
    };
    let field = |key: &str, value: &str| {
        format!("<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value>{value}</wp:meta_value></wp:postmeta>")
    };
    let term = |slug: &str| format!("<category domain='language' nicename='{slug}'>a name</category>");
    for (source, language) in [
        (rss("", ""), None),
        (rss("xml:lang='ru'", ""), Some("ru")),
        (rss("", "<dc:language>ru_RU</dc:language>"), Some("ru-RU")),
        (rss("", "<language>tuk</language>"), Some("tk")),
        (rss("xml:lang='und'", ""), None),
        (atom("", "", ""), None),
        (atom("xml:lang='ru'", "", ""), Some("ru")),
        (atom("", "xml:lang='ru'", ""), Some("ru")),
        (atom("xml:lang='en'", "xml:lang='ru'", ""), Some("ru")),
        (atom("", "", "<dc:language>ru</dc:language>"), Some("ru")),
        (json(",\"language\":\"en\"", ""), None),
        (json("", ",\"language\":\"de-CH-1996\""), Some("de-CH")),
        (post(""), None),
        (post(&term("tk")), Some("tk")),
        (post(&term("russkiy")), Some("ru-RU")),
        (post(&field("_wpml_import_language_code", "ru")), Some("ru")),
        (post(&field("_icl_lang_code", "ru")), Some("ru")),
        (post(&field("_icl_lang_duplicate_of", "12")), None),
        (post(&field("_locale", "ru_RU")), Some("ru-RU")),
        (post("<dc:language>ru</dc:language>"), Some("ru")),
    ] {
        let import = import(&source);
        assert_eq!(languages(&import), [language.map(str::to_owned)], "{source}");
        assert_eq!(said(&import), [""; 0], "{source}");
        assert!(import.lost.is_empty(), "{:?}", import.lost);
    }
}

#[test]
fn a_name_of_no_language_is_said_and_passed_over() {
    for name in ["hill dialect", "xx", "x-klingon", "english"] {
        let source = format!(
            "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'><entry xml:lang='{name}'><title>A</title>\
             <content>a</content></entry></feed>"
        );
        let import = import(&source);
        assert_eq!(languages(&import), [None], "{name}");
        let message = format!("entry 1: its language {name:?} is none that is known; that is passed over");
        assert_eq!(said(&import), [message]);
    }
}

#[test]
fn translations_of_one_name_each_keep_their_address() {
    let item = |id: u8, language: &str| {
        format!(
            "<item><title>Fog</title><wp:post_id>{id}</wp:post_id><wp:post_name>fog</wp:post_name>\
             <wp:status>publish</wp:status><wp:post_date_gmt>2026-03-02 08:30:00</wp:post_date_gmt>{language}</item>"
        )
    };
    let language = |tag: &str| format!("<category domain='language' nicename='{tag}'>x</category>");
    let items = [item(1, &language("en")), item(2, &language("ru")), item(3, &language("ru")), item(4, "")];
    let slugs: Vec<String> = import(&export(&items.concat()))
        .items
        .iter()
        .map(|item| item.content.slug.as_ref().unwrap().to_string())
        .collect();
    assert_eq!(slugs, ["fog", "fog", "fog-2", "fog"]);
}
