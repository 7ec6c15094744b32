//! What stands below posts of WordPress.

use super::{
    feeds::{atom, json, rss},
    wordpress::export,
    *,
};

fn comment(label: &str, approved: &str, kind: &str) -> String {
    format!(
        "<{label}><wp:comment_id>1</wp:comment_id><wp:comment_content>Well <b>said</b>.</wp:comment_content>\
         <wp:comment_approved>{approved}</wp:comment_approved><wp:comment_type>{kind}</wp:comment_type>\
         <wp:commentmeta><wp:comment_approved>1</wp:comment_approved></wp:commentmeta></{label}>"
    )
}

fn counts(comments: &str, kind: &str) -> [u64; 3] {
    let item = format!("<item><title>A</title><wp:post_type>{kind}</wp:post_type>{comments}</item>");
    let import = import(&export(&item));
    let of = |counts: &std::collections::BTreeMap<String, u64>, name: &str| counts.get(name).copied().unwrap_or(0);
    [of(&import.lost, "comments"), of(&import.unmapped, "comments in spam or trash"), of(&import.unmapped, "pingbacks")]
}

#[test]
fn what_nobody_showed_as_a_comment_is_not_lost() {
    for kind in ["post", "page"] {
        for (approved, type_of, expected) in [
            ("1", "", [1, 0, 0]),
            ("1", "comment", [1, 0, 0]),
            ("0", "", [1, 0, 0]),
            ("1", "review", [1, 0, 0]),
            ("spam", "", [0, 1, 0]),
            ("<![CDATA[spam]]>", "<![CDATA[comment]]>", [0, 1, 0]),
            (" trash\n", "comment", [0, 1, 0]),
            ("post-trashed", "", [0, 1, 0]),
            ("1", "pingback", [0, 0, 1]),
            ("<![CDATA[1]]>", "<![CDATA[trackback]]>", [0, 0, 1]),
            ("spam", "pingback", [0, 0, 1]),
        ] {
            let one = comment("wp:comment", approved, type_of);
            assert_eq!(counts(&one, kind), expected, "{kind} {approved} {type_of}");
            let more = [one, comment("wp:comment", "1", "")].concat();
            assert_eq!(counts(&more, kind), [expected[0] + 1, expected[1], expected[2]], "{approved} {type_of}");
        }
        assert_eq!(counts("<wp:comment></wp:comment><wp:comment/>", kind), [2, 0, 0]);
        assert_eq!(counts("<wp:comment><wp:comment_approved/></wp:comment>", kind), [1, 0, 0]);
    }
}

#[test]
fn a_prefix_of_its_own_changes_nothing() {
    let named = |text: &str| text.replace("<wp:", "<w:").replace("</wp:", "</w:").replace("xmlns:wp=", "xmlns:w=");
    let item = ["1", "spam", "spam"].map(|approved| comment("wp:comment", approved, "")).concat();
    let import = import(&named(&export(&format!("<item><title>A</title>{item}</item>"))));
    assert_eq!((import.lost.get("comments"), import.unmapped.get("comments in spam or trash")), (Some(&1), Some(&2)));
}

#[test]
fn comments_of_feeds_are_no_articles() {
    let reply = "<thr:in-reply-to xmlns:thr='http://purl.org/syndication/thread/1.0' ref='urn:a' href='https://hill.example/a'/>";
    let at = "https://hill.example/a#comment-12";
    for source in [
        atom(&format!("<author><name>Jo</name></author><summary>Well said.</summary>{reply}")),
        atom(&format!("<summary>Well said.</summary><link href='{at}'/>")),
        rss(&format!("<item><title>By Jo</title><link>{at}</link><description>Well said.</description></item>")),
        rss(&format!("<item><title>By Jo</title><guid>{at}</guid><dc:creator>Jo</dc:creator></item>")),
        rss(&format!("<item><title>By Jo</title>{reply}</item>")),
        json(&format!("{{\"id\": \"1\", \"url\": \"{at}\", \"content_text\": \"Well said.\"}}")),
    ] {
        let import = import(&source);
        let names: Vec<_> = import.persons.iter().map(|person| person.name.as_str()).collect();
        assert_eq!((import.items.len(), import.lost["comments"]), (0, 1), "{source}");
        assert!(!names.contains(&"Jo"), "{source}");
    }
    for source in [
        atom("<summary>Owls.</summary><link rel='replies' href='https://hill.example/a#comment-12'/>"),
        rss("<item><title>Owls</title><link>https://hill.example/a#comment-on-owls</link></item>"),
    ] {
        assert_eq!(import(&source).items.len(), 1, "{source}");
    }
}
