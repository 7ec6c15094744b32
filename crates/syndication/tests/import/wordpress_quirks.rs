//! What becomes of what plugins and other programs write into exports of WordPress.

use super::{
    wordpress::{export, post},
    *,
};

/// An author as an export declares one.
fn account(login: &str, name: &str) -> String {
    format!(
        "<wp:author><wp:author_login>{login}</wp:author_login><wp:author_display_name>{name}</wp:author_display_name>\
         </wp:author>"
    )
}

#[test]
fn an_address_of_mail_is_nobodys_name() {
    let by = |login: &str, accounts: &str| {
        let item = format!("<item><title>A</title><dc:creator>{login}</dc:creator></item>");
        let import = import(&export(&format!("{accounts}{item}")));
        (import.persons.iter().map(|person| person.name.clone()).collect::<Vec<_>>(), count(&import, "author email"))
    };
    assert_eq!(by("mo@hill.example", ""), (vec![], 1));
    assert_eq!(by("mo@hill.example", &account("mo@hill.example", "mo@hill.example")), (vec![], 1));
    assert_eq!(by("mo@hill.example", &account("mo@hill.example", "Mo Adeyemi")), (vec!["Mo Adeyemi".to_owned()], 0));
    assert_eq!(by("mo", &account("mo", "mo@hill.example")), (vec!["mo".to_owned()], 0));
}

#[test]
fn a_plugin_for_bylines_says_who_wrote_it() {
    let author = |nicename: &str, name: &str| {
        format!("<category domain=\"author\" nicename=\"{nicename}\"><![CDATA[{name}]]></category>")
    };
    let terms = [author("cap-mo", "mo"), author("cap-guest-lia", "guest-lia"), author("jo", "Jo Ferreira")].concat();
    let guest = "<item><title>Lia Moss</title><wp:post_type>guest-author</wp:post_type>\
                 <wp:post_name>cap-guest-lia</wp:post_name></item>";
    let item = format!("<item><title>A</title><dc:creator>admin</dc:creator>{terms}</item>");
    let import = import(&export(&format!("{}{item}{guest}", account("mo", "Mo Adeyemi"))));
    assert_eq!(texts(&import.items[0].authors), ["mo-adeyemi", "lia-moss", "jo-ferreira"]);
    assert_eq!(import.persons.len(), 3);
    assert!(import.unmapped.is_empty(), "{:?}", import.unmapped);
}

#[test]
fn an_address_may_be_relative_to_the_site() {
    let source = post("", "<p><img src='p.png'></p>").replace("https://harbour.example/ferry/", "/news/ferry/");
    let item = one(&source.replace("<channel>", "<channel><link>https://harbour.example</link>"));
    assert_eq!(item.content.canonical_url.as_deref(), Some("https://harbour.example/news/ferry/"));
    assert_eq!(html(&item), "<p><img src=\"https://harbour.example/news/ferry/p.png\"></p>\n");
}

#[test]
fn of_a_text_in_several_languages_one_is_taken() {
    let source = |title: &str| {
        post("<excerpt:encoded>[:en]In short[:]</excerpt:encoded>", "<!--:en-->Fog.<!--:--><!--:ru-->Туман.<!--:-->")
            .replace("Ferry back in service", title)
    };
    for (title, locale, taken) in [
        ("[:en]Fog[:ru]Туман[:]", "en", ("Fog", "<p>Fog.</p>\n", "ru")),
        (
            "<!--:en-->Fog &amp; ice<!--:--><!--:ru-->Туман &amp; лёд<!--:-->",
            "ru",
            ("Туман & лёд", "<p>Туман.</p>\n", "en"),
        ),
    ] {
        let options = ReadOptions { locale: locale.parse().ok(), ..options() };
        let import = read(source(title).as_bytes(), &options).unwrap();
        let item = &import.items[0];
        assert_eq!((item.content.title.as_deref(), html(item)), (Some(taken.0), taken.1));
        assert_eq!(item.content.summary.as_deref(), Some("In short"));
        let message = format!("item 1 (post 7): what is in {} of it is for an import in that language", taken.2);
        assert_eq!(messages(&import), [message]);
    }
}

#[test]
fn the_beginning_of_1970_is_no_date_of_a_post() {
    let zeros = "<pubDate>Thu, 01 Jan 1970 00:00:00 +0000</pubDate><wp:post_date>2012-02-16 15:52:55</wp:post_date>";
    let item = one(&post(zeros, "Fog.").replace("2026-03-02 08:30:00", "0000-00-00 00:00:00"));
    assert_eq!(item.published_at.unwrap().to_string(), "2012-02-16T15:52:55Z");
    let item = one(&post(zeros, "Fog.").replace("2026-03-02 08:30:00", "1970-01-01 00:00:00"));
    assert_eq!(item.published_at.unwrap().to_string(), "1970-01-01T00:00:00Z");
}

#[test]
fn paragraphs_are_aligned_as_their_blocks_say() {
    for (block, shown) in [
        (
            "<!-- wp:paragraph {\"align\":\"right\"} --><p class=\"has-text-align-right\">a</p>",
            "<p align=\"right\">a</p>",
        ),
        (
            "<!-- wp:heading {\"textAlign\":\"center\",\"level\":3} -->\n<h3 class=\"x\">a</h3>",
            "<h3 align=\"center\">a</h3>",
        ),
        ("<!-- wp:heading {\"align\":\"wide\"} --><h2>a</h2>", "<h2>a</h2>"),
        (
            "<!-- wp:table --><table><tr><td class=\"has-text-align-right\" data-align=\"right\">1</td></tr></table>",
            "<td align=\"right\">1</td>",
        ),
    ] {
        let shown_of_it = html(&import(&post("", block)).items[0]).replace(" id=\"user-content-a\"", "");
        assert!(shown_of_it.contains(shown), "{block}: {shown_of_it}");
    }
}
