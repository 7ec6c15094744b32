//! What becomes of a source that is broken, or meant to break us.

use courant_syndication::{ItemStatus, ReadError};

use super::*;

fn error(bytes: &[u8]) -> String {
    match read(bytes, &options()) {
        Ok(import) => format!("read as {}", import.format),
        Err(error) => error.to_string(),
    }
}

#[test]
fn nothing_is_an_error_of_its_own() {
    for bytes in ["".as_bytes(), b" \n\t", b"\xEF\xBB\xBF"] {
        assert_eq!(read(bytes, &options()), Err(ReadError::Empty));
    }
}

#[test]
fn what_is_no_feed_is_refused() {
    let text = "not a format that can be read: wanted is a WordPress export, RSS, Atom or JSON Feed";
    for bytes in [b"{\"a\": 1}".as_slice(), b"id,title\n1,x"] {
        assert_eq!(error(bytes), text);
    }
    let page = "it is an HTML page, not a feed: the address of the feed is another";
    for bytes in
        ["<html><body>hi</body></html>", "\n<!DOCTYPE HTML><p>hi", "<?xml version='1.0'?><!doctype html><html/>"]
    {
        assert_eq!(error(bytes.as_bytes()), page);
    }
}

#[test]
fn a_document_behind_another_is_refused_and_a_notice_is_not() {
    let feed = "<rss version='2.0'><channel><title>Tide</title></channel></rss>";
    let behind = error(format!("{feed}\n<!-- more -->{feed}").as_bytes());
    assert!(behind.contains("a document <rss> begins behind the end of another"), "{behind}");
    for rest in ["", "\n", "<!-- served by 12 -->", "<script>count()</script>", "\u{0}<<<"] {
        assert_eq!(error(format!("{feed}{rest}").as_bytes()), "read as rss", "{rest:?}");
    }
}

#[test]
fn binary_is_refused() {
    let png = [0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 0, 0, 13, 0xFF, 0xD8];
    assert_eq!(error(&png), "it is not text");
    assert_eq!(error(b"\x7FELF\x02\x01\0\0\0"), "it is not text");
    assert_eq!(error(&[0x1F, 0x8B, 8, 0, 0]), "it is compressed (gzip): unpack it first");
    assert_eq!(error(b"PK\x03\x04\x00\x00"), "it is compressed (zip): unpack it first");
}

#[test]
fn a_byte_that_is_no_utf_8_is_a_letter() {
    let item = "<item><title>Tide</title><description>High at noon.</description></item>";
    let source =
        [b"<rss version='2.0'><channel>\n".as_slice(), b"<title>Caf\xE9</title>", item.as_bytes(), b"</channel></rss>"];
    let import = read(&source.concat(), &options()).unwrap();
    assert_eq!(import.title.as_deref(), Some("Café"));
    assert!(messages(&import)[0].starts_with("line 1: it is not in UTF-8 and names no other encoding"));
}

#[test]
fn a_title_that_cannot_be_read_goes_before_no_reader() {
    let item = |title: &[u8]| {
        let start =
            b"<item><pubDate>Wed, 04 Mar 2026 06:00:00 GMT</pubDate><description>High water at noon, low water at \
                      six, and a swell from the west.</description><title>";
        [start.as_slice(), title, b"</title></item>"].concat()
    };
    let start = b"<?xml version='1.0' encoding='gbk'?><rss version='2.0'><channel>".to_vec();
    let source = [start, item(b"Ti\xFFde"), item(b"Ebb"), b"</channel></rss>".to_vec()].concat();
    let import = read(&source, &options()).unwrap();
    let statuses: Vec<_> = import.items.iter().map(|item| item.status).collect();
    assert_eq!(statuses, [ItemStatus::Draft, ItemStatus::Published]);
    assert_eq!(count(&import, "unreadable signs"), 1);
}

#[test]
fn our_own_dump_is_sent_to_its_reader() {
    assert_eq!(read(b"{\"courant\": 1}\n{}\n", &options()), Err(ReadError::Dump));
}

#[test]
fn a_document_that_breaks_off_says_where() {
    assert_eq!(
        error(b"<rss version='2.0'>\n <channel>\n  <title>A</title>\n"),
        "malformed rss at line 4, column 1: the document ends inside <channel>, which begins at line 2, column 2"
    );
    assert_eq!(
        error(b"<feed xmlns='http://www.w3.org/2005/Atom'>\n<title>A</titel></feed>"),
        "malformed atom at line 2, column 9: ill-formed document: expected `</title>`, but `</titel>` was found"
    );
    assert_eq!(
        error(b"{\"version\": \"https://jsonfeed.org/version/1\",\n\"items\": [{\"id\": "),
        "malformed json feed at line 2, column 17: EOF while parsing a value"
    );
}

#[test]
fn a_feed_without_a_channel_or_items_is_malformed() {
    assert_eq!(error(b"<rss version='2.0'/>"), "malformed rss at line 1, column 1: it has no channel");
    assert_eq!(
        error(b"{\"version\": \"https://jsonfeed.org/version/1\"}"),
        "malformed json feed at line 1, column 1: it has no list of items"
    );
}

#[test]
fn windows_1251_is_read_where_it_is_declared() {
    // "Дом" in windows-1251.
    let title = [0xC4, 0xEE, 0xEC];
    let feed = |declaration: &str| {
        [
            declaration.as_bytes(),
            b"<rss version='2.0'><channel><item><title>",
            &title,
            b"</title></item></channel></rss>",
        ]
        .concat()
    };
    let import = read(&feed("<?xml version='1.0' encoding='windows-1251'?>"), &options()).unwrap();
    assert_eq!(import.items[0].content.title.as_deref(), Some("Дом"));
}

#[test]
fn an_entity_bomb_is_refused() {
    let mut entities = "<!ENTITY a0 'lol'>".to_owned();
    for level in 1..10 {
        let below = format!("&a{};", level - 1).repeat(10);
        entities.push_str(&format!("<!ENTITY a{level} \"{below}\">"));
    }
    for root in ["<rss version='2.0'>", "<rss version='2.0' xmlns:wp='http://wordpress.org/export/1.2/'>"] {
        let source = format!(
            "<!DOCTYPE rss [{entities}]>{root}<channel><item><title>Laughs &a9;</title></item></channel></rss>"
        );
        let refused = read(source.as_bytes(), &options()).unwrap_err();
        assert!(matches!(&refused, ReadError::Malformed { reason, .. } if reason.contains("entities")), "{refused}");
    }
}

#[test]
fn files_of_the_machine_are_not_read() {
    let source = "<!DOCTYPE rss [<!ENTITY f SYSTEM 'file:///etc/hostname'>]>\
                  <rss version='2.0'><channel><item><title>F &f;</title></item></channel></rss>";
    assert_eq!(one(source).content.title.as_deref(), Some("F &f;"));
}

#[test]
fn elements_and_values_that_nest_without_end_are_refused() {
    let xml = format!("<rss version='2.0'><channel>{}", "<a>".repeat(100_000));
    assert!(error(xml.as_bytes()).ends_with("more than 200 elements in one another"));
    let json = format!("{{\"version\": \"https://jsonfeed.org/version/1\", \"items\": {}", "[".repeat(100_000));
    assert!(error(json.as_bytes()).ends_with("EOF while parsing a list"));
}

#[test]
fn characters_no_database_takes_do_not_get_in() {
    let source = "<rss version='2.0'><channel><item><title>A\u{0}&#0;&#x1f;B\u{8}C</title></item></channel></rss>";
    assert_eq!(one(source).content.title.as_deref(), Some("A B C"));
}

#[test]
fn ten_megabytes_are_read() {
    let item = "<item><title>Bells & whistles</title><description>&lt;p&gt;One more.&lt;/p&gt;</description></item>";
    let source = format!("<rss version='2.0'><channel>{}</channel></rss>", item.repeat(10_000_000 / item.len()));
    let import = import(&source);
    assert_eq!(import.items.len(), 10_000_000 / item.len());
    let last = import.items.last().unwrap();
    assert_eq!(last.content.slug.as_ref().unwrap().as_str(), format!("bells-whistles-{}", import.items.len()));
}

#[test]
fn a_megabyte_of_brackets_and_tags_is_read_in_one_pass() {
    // What looks like the beginning of something at every place is where a reader that looks ahead takes for ever.
    for part in [
        "[a ",
        "[code ",
        "[code]",
        "<a b",
        "<a b=",
        "&",
        "<li><td></div>",
        "\n ",
        "[caption]",
        "[[a=",
        "<!--",
        "< b",
        "<x ",
        "<!-- wp:a ",
        "[a='",
    ] {
        let text = part.repeat(1_000_000 / part.len());
        let source = format!(
            "<rss version='2.0' xmlns:wp='http://wordpress.org/export/1.2/' \
             xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><item><title>T</title>\
             <content:encoded><![CDATA[{text}]]></content:encoded></item></channel></rss>"
        );
        assert_eq!(import(&source).items.len(), 1, "{part}");
    }
}

#[test]
fn of_html_that_nests_without_end_the_words_go_in() {
    let deep = "<div>".repeat(100_000);
    let source = format!(
        "<rss version='2.0'><channel><item><title>Deep</title><description><![CDATA[{deep}Still <b>here</b>]]></description>\
         </item><item><title>Shallow</title></item></channel></rss>"
    );
    let import = import(&source);
    assert_eq!((import.items.len(), html(&import.items[0])), (2, "<p>Still here</p>"));
    let message = "item 1: its text has elements too deep in one another; its words alone are shown";
    assert!(messages(&import).contains(&message.to_owned()));
}
