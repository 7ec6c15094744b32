//! What becomes of what real feeds do, whatever the standards say.

use courant_syndication::{ItemStatus, SourceFormat};

use super::{
    feeds::{atom, json, rss},
    *,
};

#[test]
fn an_item_with_the_status_of_a_draft_is_not_published() {
    let item = |status: &str| {
        let date = "<pubDate>Wed, 04 Mar 2026 06:00:00 GMT</pubDate>";
        rss(&format!("<item><title>A</title>{date}<wp:status>{status}</wp:status></item>"))
    };
    let import = import(&item("draft"));
    assert_eq!((import.format, import.items[0].status), (SourceFormat::Rss, ItemStatus::Draft));
    assert_eq!(messages(&import)[0], "item 1: it has the sign wp:status \"draft\"; it is taken as a draft");
    assert_eq!(one(&item("publish")).status, ItemStatus::Published);
}

#[test]
fn addresses_in_a_text_are_read_against_what_is_nearest() {
    let text = "<content type='html'>&lt;img src='p.png'></content>";
    let link = "<link href='https://hill.example/news/6'/>";
    let feed = |attributes: &str, head: &str, entry: &str| {
        format!(
            "<feed xmlns='http://www.w3.org/2005/Atom' {attributes}><link rel='self' href='https://f.example/feed/a.xml'/>\
             {head}<entry><title>A</title>{entry}</entry></feed>"
        )
    };
    let home = "<link href='https://hill.example/home/'/>";
    for (source, address) in [
        (feed("", "", text), "https://f.example/feed/p.png"),
        (feed("", home, text), "https://hill.example/home/p.png"),
        (feed("", home, &format!("{text}{link}")), "https://hill.example/news/p.png"),
        (feed("xml:base='https://b.example/c/'", home, &format!("{text}{link}")), "https://b.example/c/p.png"),
        (
            feed("xml:base='https://b.example/c/'", "", &text.replace(" type", " xml:base='d/' type")),
            "https://b.example/c/d/p.png",
        ),
        (
            rss("<item><title>A</title><link>/news/7</link><description>&lt;img src='p.png'></description></item>"),
            "https://hill.example/news/p.png",
        ),
        (
            json(r#"{"id": "1", "title": "A", "url": "/n/8", "content_html": "<img src='p.png'>"}"#),
            "https://hill.example/n/p.png",
        ),
    ] {
        assert_eq!(html(&one(&source)), format!("<img src=\"{address}\">"), "{source}");
    }
}

#[test]
fn xhtml_may_name_a_base_anywhere_in_it() {
    let item = one(&atom(
        "<content type='xhtml' xml:base='https://b.example/'><div xmlns='http://www.w3.org/1999/xhtml' xml:base='c/'>\
         <a href='1'>x</a><p xml:base='d/'><img src='2'/><br/></p><img src='3'/></div></content>",
    ));
    let addresses: Vec<_> = html(&item).split('"').filter(|part| part.starts_with("https")).collect();
    assert_eq!(addresses, ["https://b.example/c/1", "https://b.example/c/d/2", "https://b.example/c/3"]);
}

#[test]
fn addresses_that_lead_nowhere_and_pictures_without_one_are_counted() {
    let import = import(
        "<rss version='2.0'><channel><item><title>A</title><description>&lt;a href='/a'>a&lt;/a>&lt;img></description>\
         </item></channel></rss>",
    );
    assert_eq!(html(&import.items[0]), "<a href=\"/a\" rel=\"noopener noreferrer\">a</a>");
    assert_eq!((count(&import, "relative address"), count(&import, "picture without an address")), (1, 1));
}

#[test]
fn an_id_that_another_feed_has_is_the_feeds_own() {
    let moved = |source: &str| source.replace("hill.example", "vale.example");
    for (source, apart) in [
        (rss("<item><guid isPermaLink=\"false\">101</guid><title>A</title></item>"), true),
        (json(r#"{"id": "1", "title": "A"}"#), true),
        (
            atom("")
                .replace("tag:hill.example,2026:1", "7")
                .replace("<title>Hill", "<id>urn:f:hill.example</id><title>Hill"),
            true,
        ),
        (rss("<item><guid>https://wire.example/1</guid><title>A</title></item>"), false),
        (rss("<item><guid>urn:wire:1</guid><title>A</title></item>"), false),
    ] {
        assert_eq!(one(&source).origin != one(&moved(&source)).origin, apart, "{source}");
        assert_eq!(one(&source).origin, one(&source.replace("<title>A", "<title>B")).origin, "{source}");
    }
}

#[test]
fn entries_of_atom_with_one_id_are_states_of_one() {
    let entry = |title: &str, day: u8| {
        format!(
            "<entry><id>urn:act:5</id><title>{title}</title><updated>2026-03-0{day}T00:00:00Z</updated><content>x</content></entry>"
        )
    };
    let feed = |entries: [String; 3]| format!("<feed xmlns='http://www.w3.org/2005/Atom'>{}</feed>", entries.concat());
    let states = [entry("Act", 1), entry("Act, corrected", 3), entry("Act, as printed", 2)];
    let import = import(&feed(states));
    assert_eq!(import.items.len(), 1);
    assert_eq!(import.items[0].content.title.as_deref(), Some("Act, corrected"));
    assert_eq!(import.items[0].content.slug.as_ref().unwrap().as_str(), "act-corrected");
    let line = |entry: u8| {
        format!("entry {entry}: entry 2 has the same id (urn:act:5) and changed last; only that one is taken")
    };
    assert_eq!(messages(&import), [line(1), line(3)]);
}

#[test]
fn items_of_one_id_are_known_by_more_wherever_they_stand() {
    let item = |id: &str, title: &str| format!("<item><guid>{id}</guid><title>{title}</title></item>");
    let origins = |items: [String; 3]| -> Vec<String> {
        let mut origins: Vec<String> =
            import(&rss(&items.concat())).items.into_iter().map(|item| item.origin).collect();
        origins.sort();
        origins
    };
    let [one, two, three] = [item("x", "One"), item("x", "Two"), item("x#Two", "Three")];
    let known = origins([one.clone(), two.clone(), three.clone()]);
    assert_eq!(known, ["x#One", "x#Two", "x#Two#2"].map(|id| format!("rss:https://hill.example/ {id}")));
    assert_eq!(origins([three, two, one]), known);
}

#[test]
fn media_have_a_text_and_an_author_where_the_item_has_none() {
    let podcast = "<itunes:author>Lia Moss</itunes:author><itunes:summary>Owls call.\n\nOnce.</itunes:summary>";
    for (elements, html_of_it, author) in [
        (
            "<media:group><media:title>A</media:title><media:description>Two owls &lt;3</media:description>\
             <media:credit>Lia Moss</media:credit></media:group>",
            "<p>Two owls &lt;3</p>\n",
            Some("lia-moss"),
        ),
        (
            "<media:content url='/a.mp4' type='video/mp4'><media:description type='html'>&lt;p>Two.&lt;/p></media:description>\
             </media:content>",
            "<p>Two.</p>\n<figure class=\"embed\"><a href=\"https://hill.example/a.mp4\" rel=\"noopener noreferrer\">video/mp4</a></figure>\n",
            None,
        ),
        (podcast, "<p>Owls call.</p>\n<p>Once.</p>\n", Some("lia-moss")),
        ("<media:content url='/a.jpg'><media:credit>Lia Moss</media:credit></media:content>", "", None),
        ("<media:content url='/a.jpg'/><media:credit>Lia Moss</media:credit>", "", None),
        (
            "<media:content url='/a.mp4' type='v'/><media:credit>Lia Moss</media:credit>",
            "<figure class=\"embed\"><a href=\"https://hill.example/a.mp4\" rel=\"noopener noreferrer\">v</a></figure>\n",
            Some("lia-moss"),
        ),
        ("<media:content url='/a.jpg'/><media:credit role='writer'>Lia Moss</media:credit>", "", Some("lia-moss")),
        ("<media:credit role='composer'>Lia Moss</media:credit>", "", None),
        ("<media:thumbnail url='/a.jpg'/><media:credit>Lia Moss</media:credit>", "", None),
        ("<enclosure url='/a.jpg' type='image/jpeg'/><media:credit>Lia Moss</media:credit>", "", None),
    ] {
        let item = one(&rss(&format!("<item><title>A</title>{elements}</item>")));
        assert_eq!((html(&item), texts(&item.authors)), (html_of_it, author.into_iter().collect()), "{elements}");
    }
    let import = import(&rss(&format!(
        "<item><title>A</title><description>Own words.</description><author>Jo Ferreira</author>{podcast}</item>"
    )));
    assert_eq!((html(&import.items[0]), texts(&import.items[0].authors)), ("Own words.", vec!["jo-ferreira"]));
    assert_eq!(import.items[0].content.summary.as_deref(), Some("Owls call. Once."));
    assert_eq!((count(&import, "itunes:summary"), count(&import, "itunes:author")), (0, 1));
}

#[test]
fn the_words_of_a_picture_go_with_it_and_so_does_its_credit() {
    for name in ["content", "thumbnail"] {
        let import = import(&rss(&format!(
            "<item><title>A</title><author>Jo Ferreira</author><media:{name} url='/a.jpg'><media:title>An owl</media:title>\
             <media:description>An owl at dusk</media:description><media:credit>Lia Moss</media:credit></media:{name}></item>"
        )));
        let lead = import.items[0].content.lead_image.clone().unwrap();
        assert_eq!(
            (lead.alt.as_deref(), lead.caption.as_deref()),
            (Some("An owl"), Some("An owl at dusk (Lia Moss)")),
            "{name}"
        );
        assert!(
            import.unmapped.is_empty() && import.lost.is_empty(),
            "{name}: {:?} {:?}",
            import.unmapped,
            import.lost
        );
        assert_eq!(texts(&import.items[0].authors), ["jo-ferreira"]);
    }
}

#[test]
fn a_film_of_atom_has_its_description_for_a_text() {
    let film = "<media:group xmlns:media='http://search.yahoo.com/mrss/'><media:thumbnail url='/t.jpg'/>\
                <media:description>Nine owls, filmed.</media:description></media:group>";
    let item = one(&atom(film));
    assert_eq!(html(&item), "<p>Nine owls, filmed.</p>\n");
    assert_eq!(item.content.lead_image.unwrap().url, "https://hill.example/t.jpg");
}

#[test]
fn what_rss_has_of_atom_is_read() {
    let item =
        one(&rss("<item xmlns:a10='http://www.w3.org/2005/Atom'><guid isPermaLink='false'>7</guid><title>A</title>\
         <description>In short.</description><a10:link rel='self' href='/7.atom'/><a10:link href='/seven'/>\
         <a10:category term='birds'/><a10:published>2026-03-04T06:00:00Z</a10:published>\
         <a10:content type='html'>&lt;p>At length.&lt;/p></a10:content></item>"));
    assert_eq!(item.content.canonical_url.as_deref(), Some("https://hill.example/seven"));
    assert_eq!((html(&item), item.content.summary.as_deref()), ("<p>At length.</p>", Some("In short.")));
    assert_eq!((texts(&item.tags), item.published_at.unwrap().as_second()), (vec!["birds"], 1_772_604_000));
}

#[test]
fn a_category_of_atom_may_be_a_text() {
    assert_eq!(texts(&one(&atom("<category>Birds</category>")).tags), ["birds"]);
}

#[test]
fn rss_is_read_whatever_namespace_it_gives_itself() {
    for namespace in ["http://backend.userland.com/rss", "http://backend.userland.com/rss2.1", "http://hill.example/"] {
        let source =
            rss("<item><title>A</title></item>").replace("version=", &format!("xmlns=\"{namespace}\" version="));
        assert_eq!(one(&source).content.title.as_deref(), Some("A"), "{namespace}");
    }
}

#[test]
fn an_address_is_only_what_leads_to_the_item() {
    for (elements, address) in [
        ("<guid>1</guid>", None),
        ("<guid>https://hill.example/1</guid>", Some("https://hill.example/1")),
        ("<guid isPermaLink='false'>https://hill.example/1</guid>", None),
        (
            "<link>https://count.example/9</link><feedburner:origLink>https://hill.example/1</feedburner:origLink>",
            Some("https://hill.example/1"),
        ),
    ] {
        let item = one(&rss(&format!("<item><title>A</title>{elements}</item>")));
        assert_eq!(item.content.canonical_url.as_deref(), address, "{elements}");
    }
    let counted =
        "<link href='https://count.example/9'/><f:origLink xmlns:f='urn:f'>https://hill.example/1</f:origLink>";
    assert_eq!(one(&atom(counted)).content.canonical_url.as_deref(), Some("https://hill.example/1"));
}

#[test]
fn atom_0_3_may_have_its_text_in_base64() {
    let entry = |kind: &str| {
        format!(
            "<feed xmlns='http://purl.org/atom/ns#'><entry><title>A</title>\
             <content mode='base64' type='{kind}'>PHA+T3du\nIHdvcmRzPC9wPg==</content></entry></feed>"
        )
    };
    assert_eq!(html(&one(&entry("text/html"))), "<p>Own words</p>");
    assert_eq!(html(&one(&entry("text/plain"))), "<p>&lt;p&gt;Own words&lt;/p&gt;</p>\n");
    assert_eq!(count(&import(&entry("image/png")), "content of type image/png in base64"), 1);
}

#[test]
fn the_language_of_a_feed_is_what_it_says_else_that_of_all_items() {
    let feed = |language: &str, first: &str, second: &str| {
        format!(
            "<feed xmlns='http://www.w3.org/2005/Atom' {language}><updated>2026-03-04T00:00:00Z</updated>\
             <entry {first}><title>A</title><content>a</content></entry>\
             <entry {second}><title>B</title><content>b</content></entry></feed>"
        )
    };
    let (ru, en, us) = ("xml:lang='ru'", "xml:lang='en'", "xml:lang='en-US'");
    for (source, language, message) in [
        (feed(en, us, ""), Some("en"), vec![]),
        (feed(en, "", ru), Some("en"), vec![]),
        (feed("", ru, ru), Some("ru"), vec![]),
        (feed("", ru, ""), None, vec![]),
        (feed(en, "xml:lang='hill dialect'", ""), Some("en"), vec!["its language \"hill dialect\" is none"]),
    ] {
        let import = import(&source);
        assert_eq!(import.language.map(|language| language.to_string()).as_deref(), language, "{source}");
        let said: Vec<String> = messages(&import).into_iter().filter(|line| line.contains("language")).collect();
        assert_eq!(said.len(), message.len(), "{said:?}");
        assert!(said.iter().zip(&message).all(|(said, message)| said.contains(message)), "{said:?}");
    }
}

#[test]
fn the_whole_text_is_taken_where_news_services_want_it() {
    for (elements, text) in [
        (
            "<yandex:full-text xmlns:yandex='http://news.yandex.ru'>Fog, &lt;b>all day&lt;/b>.</yandex:full-text>",
            "<b>all day",
        ),
        ("<rambler:fulltext><![CDATA[Fog, all day.]]></rambler:fulltext>", "Fog, all day."),
        ("<turbo:content><![CDATA[<p>Fog, all day.</p>]]></turbo:content>", "<p>Fog, all day.</p>"),
        ("<body xmlns='http://www.w3.org/1999/xhtml'><p>Fog, all day.</p></body>", "<p>Fog, all day.</p>"),
        ("<yandex:full-text> </yandex:full-text><turbo:content>Fog, all day.</turbo:content>", "Fog, all day."),
    ] {
        let import = import(&rss(&format!("<item><title>A</title><description>Fog.</description>{elements}</item>")));
        let item = &import.items[0];
        assert!(html(item).contains(text), "{elements}: {}", html(item));
        assert_eq!(item.content.summary.as_deref(), Some("Fog."), "{elements}");
    }
    let both = "<content:encoded>Own.</content:encoded><yandex:full-text>Theirs.</yandex:full-text>";
    let import = import(&rss(&format!("<item><title>A</title>{both}</item>")));
    assert_eq!((html(&import.items[0]), count(&import, "yandex:full-text")), ("Own.", 1));
}

#[test]
fn dublin_core_has_more_names_for_a_date_and_an_author() {
    let item =
        one(&rss("<item xmlns:dcterms='http://purl.org/dc/terms/'><title>A</title><description>a</description>\
         <dcterms:issued>2026-03-04T06:00:00Z</dcterms:issued><dc:author>Lia Moss</dc:author></item>"));
    assert_eq!((item.published_at.unwrap().as_second(), texts(&item.authors)), (1_772_604_000, vec!["lia-moss"]));
}

#[test]
fn signs_of_windows_are_read_where_they_stand_for_themselves() {
    let item = one(&rss(
        "<item><title>Don&#146;t \u{96} &amp;#x85;</title><description>&amp;#147;No&#148;</description></item>",
    ));
    assert_eq!((item.content.title.as_deref(), html(&item)), (Some("Don’t – …"), "“No”"));
}

#[test]
fn a_description_of_plain_text_keeps_its_paragraphs() {
    let item = one(&rss("<item><title>A</title><description>Fog.\n\nThen &lt;i>rain&lt;/i>.</description></item>"));
    assert_eq!(html(&item), "<p>Fog.</p>\n<p>Then <i>rain</i>.</p>\n");
}

#[test]
fn what_one_format_borrows_of_another_is_read() {
    let item = one("<rss version='2.0'><channel><item><title>Lantern</title><link href='https://cape.example/1'/>\
         <summary>It burns again.</summary><updated>2026-03-04T06:00:00Z</updated></item></channel></rss>");
    assert_eq!(item.content.canonical_url.as_deref(), Some("https://cape.example/1"));
    assert_eq!(html(&item), "It burns again.");
    let import = import(
        "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:dc='http://purl.org/dc/elements/1.1/'><title>Cape</title>\
         <entry><id>urn:cape:1</id><title>Lantern</title><updated>2026-03-04T06:00:00Z</updated>\
         <dc:subject>Lights</dc:subject><dc:creator>Ida Moor</dc:creator></entry>\
         <entry><id>urn:cape:2</id><title>Foghorn</title><updated>2026-03-04T06:00:00Z</updated>\
         <author><name>Ole Berg</name></author><dc:creator>ole</dc:creator></entry></feed>",
    );
    assert_eq!(import.tags[0].name, "Lights");
    let names: Vec<_> = import.persons.iter().map(|person| person.name.as_str()).collect();
    assert_eq!(names, ["Ida Moor", "Ole Berg"]);
}
