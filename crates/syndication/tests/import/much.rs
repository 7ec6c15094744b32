//! Sources that say far more of something than anybody does: what is beyond a bound is told, and takes no time.

use courant_syndication::{ReadError, read};

use super::{
    feeds::{json, rss},
    wordpress::post,
    *,
};

fn many(count: usize, of: impl Fn(usize) -> String) -> String {
    (0..count).map(of).collect()
}

#[test]
fn of_ten_thousand_terms_of_an_item_a_thousand_are_kept() {
    for (source, what) in [
        (
            post(&many(10_000, |n| format!("<category domain='category' nicename='c{n}'>C{n}</category>")), "x"),
            "categories",
        ),
        (post(&many(10_000, |n| format!("<category domain='post_tag' nicename='c{n}'>C{n}</category>")), "x"), "tags"),
        (post(&many(10_000, |n| format!("<category domain='author' nicename='c{n}'>C{n}</category>")), "x"), "authors"),
        (
            rss(&format!("<item><title>A</title>{}</item>", many(10_000, |n| format!("<category>C{n}</category>")))),
            "tags",
        ),
        (
            rss(&format!("<item><title>A</title>{}</item>", many(10_000, |n| format!("<author>C{n}</author>")))),
            "authors",
        ),
    ] {
        let import = import(&source);
        assert_eq!(count(&import, &format!("{what} beyond the first 1000 of an item")), 9_000, "{what}");
        let made = import.categories.len() + import.tags.len() + import.persons.len();
        assert_eq!(made, 1_000, "{what}");
    }
}

#[test]
fn namespaces_and_tags_without_end_are_refused() {
    let names = many(300, |n| format!(" xmlns:n{n}='urn:{n}'"));
    for source in [
        format!("<rss{names}><channel><item><title>A</title></item></channel></rss>"),
        format!("<rss><channel><item{names}><title>A</title></item></channel></rss>"),
        format!("<rss><channel><item><title>A</title><a{names}/></item></channel></rss>"),
        format!("<rss a='{}'><channel><item><title>A</title></item></channel></rss>", "x".repeat(70_000)),
    ] {
        assert!(matches!(read(source.as_bytes(), &options()), Err(ReadError::Malformed { .. })), "{}", &source[..60]);
    }
}

#[test]
fn enclosures_without_end_are_counted() {
    let field = |n: usize| {
        format!(
            "<wp:postmeta><wp:meta_key>enclosure</wp:meta_key><wp:meta_value>https://harbour.example/{n}.mp3</wp:meta_value></wp:postmeta>"
        )
    };
    let import = import(&post(&many(300, field), "x"));
    assert_eq!(import.items[0].content.body.as_ref().unwrap().embeds().len(), 100);
    assert_eq!(count(&import, "further enclosures"), 200);
}

#[test]
fn files_without_end_are_counted() {
    let file = |n: usize| format!("<enclosure url='https://hill.example/{n}.mp3' type='audio/mpeg'/>");
    let import = import(&rss(&format!("<item><title>A</title>{}</item>", many(300, file))));
    assert_eq!(import.items[0].content.body.as_ref().unwrap().embeds().len(), 100);
    assert_eq!(count(&import, "files beyond the first 100 of an item"), 200);
    assert_eq!(import.lost.len(), 1);
}

#[test]
fn lists_of_json_have_an_end() {
    let tags = many(5_000, |n| format!("\"t{n}\","));
    let source = json(&format!("{{\"id\": \"1\", \"title\": \"A\", \"tags\": [{tags}\"z\"]}}"));
    let import = import(&source);
    assert_eq!((import.tags.len(), count(&import, "values beyond the first 1000 of a list")), (1_000, 4_001));
    // What is left out has to be JSON all the same.
    assert!(read(source.replace("\"t4999\"", "\"a\" \"b\"").as_bytes(), &options()).is_err());
}

#[test]
fn shortcodes_without_end_are_read_once() {
    for unit in
        ["[gallery ids=1,2 ", "[gallery ids=\"1,2\"] [caption]", "<!-- wp:gallery {\"ids\":[1]} -->x", "[caption] "]
    {
        // Looking through all that is before or behind each would take hours.
        let import = import(&post("", &unit.repeat(20_000)));
        assert_eq!(import.items.len(), 1, "{unit}");
    }
}
