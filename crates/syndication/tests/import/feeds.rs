//! What becomes of a feed.

use courant_syndication::{ItemStatus, SourceFormat};

use super::*;

/// RSS 2.0 with these items.
pub(super) fn rss(items: &str) -> String {
    format!(
        "<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:media=\"http://search.yahoo.com/mrss/\"><channel>\
         <title>Hill Radio</title><link>https://hill.example/</link>\
         <lastBuildDate>Wed, 04 Mar 2026 12:00:00 GMT</lastBuildDate>{items}</channel></rss>"
    )
}

/// Atom 1.0 with these elements in its only entry.
pub(super) fn atom(entry: &str) -> String {
    format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"tk\"><title>Hill Radio</title>\
         <link href=\"https://hill.example/\"/><author><name>The desk</name></author>\
         <entry><id>tag:hill.example,2026:1</id><title>Owls counted</title>{entry}</entry></feed>"
    )
}

/// JSON Feed 1.1 with these items.
pub(super) fn json(items: &str) -> String {
    format!(
        "{{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"Hill Radio\", \
         \"home_page_url\": \"https://hill.example/\", \"items\": [{items}]}}"
    )
}

#[test]
fn an_item_of_rss_2_0_becomes_an_article() {
    let import = import(include_str!("../samples/hill.rss.xml"));
    assert_eq!(import.format, SourceFormat::Rss);
    assert_eq!(import.title.as_deref(), Some("Hill Radio: mornings"));
    assert_eq!(import.language.map(|locale| locale.to_string()).as_deref(), Some("pt-BR"));
    assert_eq!(import.base_url.as_deref(), Some("https://hill.example/radio/"));
    assert_eq!(messages(&import), Vec::<String>::new());
    let item = &import.items[0];
    assert_eq!(item.origin, "rss:https://hill.example/radio/ hill-41");
    assert_eq!(item.status, ItemStatus::Published);
    assert_eq!(item.published_at.unwrap().to_string(), "2026-03-04T05:00:00Z");
    assert_eq!(item.content.slug.as_ref().unwrap().as_str(), "owls-return-to-the-quarry");
    assert_eq!(item.content.title.as_deref(), Some("Owls return to the quarry"));
    assert_eq!(item.content.summary.as_deref(), Some("Three pairs & a chick."));
    let sound = "<figure class=\"embed\"><a href=\"https://hill.example/owls.mp3\" rel=\"noopener noreferrer\">audio/mpeg</a></figure>\n";
    assert_eq!(html(item), format!("<p>They came at <em>dusk</em>.</p>\n{sound}"));
    assert_eq!(item.content.canonical_url.as_deref(), Some("https://hill.example/radio/owls"));
    assert_eq!(item.content.rights.as_deref(), Some("CC BY 4.0"));
    let source = item.content.source.as_ref().unwrap();
    assert_eq!(
        (source.name.as_str(), source.url.as_deref()),
        ("Hill Radio: mornings", Some("https://hill.example/radio/owls"))
    );
    let image = item.content.lead_image.as_ref().unwrap();
    assert_eq!((image.url.as_str(), image.width), ("https://hill.example/owl.jpg", Some(1200)));
    assert_eq!(texts(&item.categories), ["imported"]);
    assert_eq!(texts(&item.tags), ["birds", "quarry-life"]);
    assert_eq!(texts(&item.authors), ["jo-ferreira"]);
    let counts: Vec<(&str, u64)> = import.unmapped.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    assert_eq!(
        counts,
        [
            ("author email", 1),
            ("comments page", 1),
            ("embedded audio (a link is in its place)", 1),
            ("feed description", 1),
            ("feed itunes:owner", 1),
            ("itunes:duration", 1),
        ]
    );
    assert!(import.lost.is_empty(), "{:?}", import.lost);
}

#[test]
fn rss_1_0_and_0_9x_are_read() {
    let source = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' \
                  xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>Tower</title><dc:language>ru</dc:language>\
                  <items><rdf:Seq/></items></channel><item rdf:about='https://tower.example/1'><title>Звонница</title>\
                  <dc:date>2026-03-04</dc:date><dc:creator>Ян</dc:creator><dc:subject>Bells</dc:subject>\
                  <description>Rung again.</description></item></rdf:RDF>";
    let item = one(source);
    assert_eq!(item.origin, "rss:https://tower.example/1");
    assert_eq!(item.content.slug.as_ref().unwrap().as_str(), "zvonnitsa");
    assert_eq!((texts(&item.tags), texts(&item.authors)), (vec!["bells"], vec!["ian"]));
    assert_eq!(item.published_at.unwrap().to_string(), "2026-03-04T00:00:00Z");

    for version in ["0.91", "0.92", "0.93"] {
        let source = format!(
            "<!DOCTYPE rss PUBLIC '-//Netscape Communications//DTD RSS 0.91//EN' 'http://my.netscape.com/rss-0.91.dtd'>\
             <rss version='{version}'><channel><title>Old</title><item><title>Caf&eacute;</title>\
             <link>https://old.example/1</link></item></channel></rss>"
        );
        assert_eq!(one(&source).content.title.as_deref(), Some("Café"), "{version}");
    }
}

#[test]
fn a_description_alone_is_the_text() {
    let item = one(&rss("<item><title>A</title><description>&lt;p&gt;All there is.&lt;/p&gt;</description></item>"));
    assert_eq!((html(&item), item.content.summary.as_deref()), ("<p>All there is.</p>", None));
}

#[test]
fn an_item_without_an_id_is_known_by_its_address_else_its_words() {
    for (item, origin) in [
        ("<title>A</title><link>/a</link>", "rss:https://hill.example/a"),
        ("<title>A</title>", "rss:https://hill.example/ A"),
        ("<description>Rain, then more rain.</description>", "rss:https://hill.example/ Rain, then more rain."),
    ] {
        assert_eq!(one(&rss(&format!("<item>{item}</item>"))).origin, origin);
    }
}

#[test]
fn a_bad_date_is_said_and_makes_a_draft() {
    let import =
        import(&rss("<item><title>A</title><description>B</description><pubDate>after lunch</pubDate></item>"));
    assert_eq!((import.items[0].published_at, import.items[0].status), (None, ItemStatus::Draft));
    assert_eq!(messages(&import), ["item 1: its publication date is none: \"after lunch\"; it is taken as a draft"]);
}

#[test]
fn a_date_that_is_taken_for_another_is_said() {
    let item = |dates: &str| rss(&format!("<item><title>A</title>{dates}</item>"));
    for (source, message) in [
        (item("<pubDate>Wed, 04 Mar 2026 06:00:00 GMT</pubDate>"), None),
        (item(""), Some("item 1: it has no date; it is taken as a draft")),
        (
            item("<pubDate>soon</pubDate><updated>2026-03-05T06:00:00Z</updated>"),
            Some("item 1: its publication date is none: \"soon\"; that of its change, 2026-03-05T06:00:00Z, is taken"),
        ),
        (atom("<updated>2026-03-05T06:00:00Z</updated>"), None),
        (
            item("<pubDate>Wed, 04 Mar 2026 06:00:00 HILL</pubDate>"),
            Some(
                "item 1: the zone \"HILL\" of its publication date is not known: \"Wed, 04 Mar 2026 06:00:00 HILL\"; it \
                 is taken as a draft",
            ),
        ),
    ] {
        let import = import(&source);
        let said: Vec<String> = messages(&import).into_iter().filter(|line| !line.contains("without a text")).collect();
        assert_eq!(said, message.into_iter().collect::<Vec<_>>(), "{source}");
    }
}

#[test]
fn bylines_give_names_and_never_addresses_of_mail() {
    for (byline, authors) in [
        ("jo@hill.example (Jo Ferreira)", vec!["jo-ferreira"]),
        ("Jo Ferreira &lt;jo@hill.example&gt;", vec!["jo-ferreira"]),
        ("jo@hill.example", vec![]),
        ("Jo Ferreira “jo@hill.example", vec!["jo-ferreira"]),
        ("Jo Ferreira (mailto:jo@hill.example)", vec!["jo-ferreira"]),
        ("jo@hill.example(Jo Ferreira)", vec!["jo-ferreira"]),
        ("jo@hill.example (Jo Ferreira), lia@hill.example (Lia Moss)", vec!["jo-ferreira", "lia-moss"]),
        ("Jo Ferreira", vec!["jo-ferreira"]),
    ] {
        let source = rss(&format!("<item><title>A</title><author>{byline}</author></item>"));
        assert_eq!(texts(&one(&source).authors), authors, "{byline}");
    }
}

#[test]
fn a_picture_is_told_from_other_media() {
    for (media, image) in [
        (
            "<media:content url='/a.mp4' type='video/mp4'/><media:thumbnail url='/t.jpg'/>",
            Some("https://hill.example/t.jpg"),
        ),
        ("<media:thumbnail url='/t.jpg'/><media:content url='/big' medium='image'/>", Some("https://hill.example/big")),
        ("<media:group><media:content url='/g.webp?w=1'/></media:group>", Some("https://hill.example/g.webp?w=1")),
        ("<enclosure url='/e.png' type='image/png' length='1'/>", Some("https://hill.example/e.png")),
        ("<media:content url='/a.mp3' type='audio/mpeg'/>", None),
        ("<media:content url='javascript:x()' medium='image'/>", None),
    ] {
        let item = one(&rss(&format!("<item><title>A</title>{media}</item>")));
        assert_eq!(item.content.lead_image.map(|image| image.url).as_deref(), image, "{media}");
    }
}

#[test]
fn an_entry_of_atom_becomes_an_article() {
    let item = one(&atom(
        "<link rel='self' href='/1.atom'/><link rel='alternate' href='/owls'/><link rel='alternate' href='/owls.pdf'/>\
         <published>2026-03-04T06:00:00+05:00</published><updated>2026-03-05T06:00:00Z</updated>\
         <category term='birds' label='Birds of prey'/><rights>CC0</rights><author><name>Jo Ferreira</name></author>\
         <summary>Nine.</summary><content type='html'>&lt;p&gt;Nine owls.&lt;/p&gt;</content>",
    ));
    assert_eq!(item.origin, "atom:tag:hill.example,2026:1");
    assert_eq!(item.place, "entry 1");
    assert_eq!(item.content.canonical_url.as_deref(), Some("https://hill.example/owls"));
    assert_eq!(item.published_at.unwrap().to_string(), "2026-03-04T01:00:00Z");
    assert_eq!(item.updated_at.unwrap().to_string(), "2026-03-05T06:00:00Z");
    assert_eq!((texts(&item.tags), texts(&item.authors)), (vec!["birds-of-prey"], vec!["jo-ferreira"]));
    assert_eq!((item.content.summary.as_deref(), item.content.rights.as_deref()), (Some("Nine."), Some("CC0")));
    assert_eq!(html(&item), "<p>Nine owls.</p>");
}

#[test]
fn each_type_of_atom_text_is_read_as_what_it_is() {
    for (content, html_of_it) in [
        ("<content>1 &lt; 2 &amp;amp; 3\n\nnext</content>", "<p>1 &lt; 2 &amp;amp; 3</p>\n<p>next</p>\n"),
        ("<content type='html'>a &lt;b&gt;c&lt;/b&gt;</content>", "a <b>c</b>"),
        (
            "<content type='xhtml'><x:div xmlns:x='http://www.w3.org/1999/xhtml'><x:p>a<x:br/>b &amp; <![CDATA[<c>]]></x:p></x:div></content>",
            "<p>a<br>b &amp; &lt;c&gt;</p>",
        ),
        (
            "<content type='xhtml'><div><p>a</p><iframe src='https://film.example/1'/><h2><a id='x'/>b</h2><p>c</p></div></content>",
            "<p>a</p><figure class=\"embed\"><a href=\"https://film.example/1\" rel=\"noopener noreferrer\">https://film.example/1</a></figure><h2 id=\"user-content-b\"><a rel=\"noopener noreferrer\" id=\"user-content-x\"></a>b</h2><p>c</p>",
        ),
        ("<content type='xhtml'><div>1 &lt;b> 2</div></content>", "1 &lt;b&gt; 2"),
        ("<content type='image/png'>aGk=</content>", ""),
        (
            "<content src='https://hill.example/film' type='text/html'/>",
            "<figure class=\"embed\"><a href=\"https://hill.example/film\" rel=\"noopener noreferrer\">https://hill.example/film</a></figure>\n",
        ),
        (
            "<content src='https://hill.example/film'>Words.</content>",
            "<p>Words.</p>\n<figure class=\"embed\"><a href=\"https://hill.example/film\" rel=\"noopener noreferrer\">https://hill.example/film</a></figure>\n",
        ),
    ] {
        assert_eq!(html(&one(&atom(content))), html_of_it, "{content}");
    }
}

#[test]
fn an_entry_without_an_author_has_the_feeds() {
    assert_eq!(texts(&one(&atom("")).authors), ["the-desk"]);
}

#[test]
fn atom_0_3_and_a_single_entry_are_read() {
    let old = "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><title>Old</title><modified>2004-01-02T03:04:05Z</modified>\
               <entry><title>Kite</title><issued>2004-01-01T00:00:00Z</issued><content mode='escaped'>&lt;i&gt;Up&lt;/i&gt;</content></entry></feed>";
    assert_eq!(
        (html(&one(old)), one(old).published_at.unwrap().to_string().as_str()),
        ("<i>Up</i>", "2004-01-01T00:00:00Z")
    );
    let single = "<entry xmlns='http://www.w3.org/2005/Atom'><id>e</id><title>Alone</title></entry>";
    assert_eq!(one(single).origin, "atom:e");
}

#[test]
fn an_item_of_json_feed_becomes_an_article() {
    let import = import(&json(
        r#"{"id": 17, "url": "https://hill.example/17", "title": "Moss <3", "content_html": "<p>Soft.</p>",
            "content_text": "Soft.", "summary": "On moss", "image": "/moss.avif", "date_published": "2026-03-04T06:00:00Z",
            "date_modified": "2026-03-04T07:00:00Z", "tags": ["Moss", "moss"], "authors": [{"name": "Jo Ferreira"}],
            "attachments": [{"url": "https://hill.example/a.mp3", "mime_type": "audio/mpeg"}], "_ours": {"a": 1}}"#,
    ));
    let item = &import.items[0];
    assert_eq!(item.origin, "json:https://hill.example/ 17");
    assert_eq!(item.content.title.as_deref(), Some("Moss <3"));
    assert_eq!(item.content.summary.as_deref(), Some("On moss"));
    let sound = "<figure class=\"embed\"><a href=\"https://hill.example/a.mp3\" rel=\"noopener noreferrer\">audio/mpeg</a></figure>\n";
    assert_eq!(html(item), format!("<p>Soft.</p>\n{sound}"));
    assert_eq!(item.content.lead_image.as_ref().unwrap().url, "https://hill.example/moss.avif");
    assert_eq!((texts(&item.tags), texts(&item.authors)), (vec!["moss"], vec!["jo-ferreira"]));
    assert_eq!(count(&import, "_ours"), 1);
}

#[test]
fn plain_text_of_json_feed_gets_paragraphs() {
    let item = one(&json(
        r#"{"id": "1", "title": "A", "content_text": "a <b>\n\nc\u0000d", "tags": ["Ow\u0000ls"], "author": "Li\u0000a"}"#,
    ));
    assert_eq!((texts(&item.tags), texts(&item.authors)), (vec!["owls"], vec!["lia"]));
    assert_eq!(html(&item), "<p>a &lt;b&gt;</p>\n<p>cd</p>\n");
}

#[test]
fn an_item_of_json_feed_that_is_none_is_a_problem_and_the_others_go_in() {
    let import = import(&json(r#"7, {"id": "1", "title": ["?"], "content_text": "Still here"}"#));
    assert_eq!(import.items[0].content.title.as_deref(), Some("Still here"));
    assert_eq!(messages(&import)[0], "item 1: it is no object and is left out");
}

#[test]
fn a_language_no_portal_is_in_gives_way_to_the_options() {
    let source = rss("<language>hill dialect</language>");
    let options = ReadOptions { locale: "tk".parse().ok(), ..options() };
    let import = read(source.as_bytes(), &options).unwrap();
    assert_eq!(import.language, options.locale);
    assert_eq!(import.problems.len(), 1);
}
