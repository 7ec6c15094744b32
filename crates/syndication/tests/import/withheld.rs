//! What is drawn into a public post from where it is not public.

use courant_syndication::ItemStatus;

use super::{wordpress::export, *};

/// A public post with this text, and what else is in its export.
fn with(text: &str, others: &str) -> Import {
    import(&export(&format!(
        "<item><title>A</title><wp:post_id>7</wp:post_id><wp:post_date_gmt>2026-03-02 08:30:00</wp:post_date_gmt>\
         <wp:status>publish</wp:status><content:encoded><![CDATA[{text}]]></content:encoded></item>{others}"
    )))
}

fn block(inner: &str) -> String {
    format!(
        "<item><title>Box</title><wp:post_id>9</wp:post_id><wp:post_type>wp_block</wp:post_type>{inner}\
         <content:encoded><![CDATA[<p>Sealed.</p>]]></content:encoded></item>"
    )
}

#[test]
fn a_reusable_block_that_is_not_public_is_left_out_and_said() {
    for inner in [
        "<wp:status>draft</wp:status>",
        "<wp:status>private</wp:status>",
        "<wp:status>trash</wp:status>",
        "<wp:status>pending</wp:status>",
        "<wp:status>future</wp:status>",
        "<wp:status>sealed</wp:status>",
        "<wp:status>publish</wp:status><wp:post_password>ebb</wp:post_password>",
        "",
    ] {
        for text in [
            "<p>Quay.</p><!-- wp:block {\"ref\":9} /-->",
            "<!-- wp:block {\"ref\":9,\"content\":{}} /--><p>Quay.</p>",
            "<p>Quay.</p><!-- wp:block {\"ref\":8} /-->",
        ] {
            let outer = "<item><title>Outer</title><wp:post_id>8</wp:post_id><wp:post_type>wp_block</wp:post_type>\
                         <wp:status>publish</wp:status><content:encoded><![CDATA[<!-- wp:block {\"ref\":9} /-->]]></content:encoded></item>";
            let import = with(text, &format!("{outer}{}", block(inner)));
            assert_eq!(html(&import.items[0]), "<p>Quay.</p>", "{inner} {text}");
            assert_eq!(import.items[0].status, ItemStatus::Published, "{inner}");
            assert_eq!(import.lost.get("reusable blocks that are not public"), Some(&1), "{inner} {:?}", import.lost);
            assert!(messages(&import).iter().any(|line| line.contains("block 9 is not public")), "{inner}");
        }
    }
    let shown = with("<!-- wp:block {\"ref\":9} /-->", &block("<wp:status>publish</wp:status>"));
    assert_eq!((html(&shown.items[0]), shown.lost.len()), ("<p>Sealed.</p>", 0));
}

#[test]
fn pictures_of_what_is_not_public_are_left_out() {
    let picture = |status: &str| {
        format!(
            "<item><title>P</title><wp:post_id>5</wp:post_id><wp:post_parent>9</wp:post_parent><wp:post_type>attachment</wp:post_type>\
             <wp:status>{status}</wp:status><wp:attachment_url>https://quay.example/5.jpg</wp:attachment_url></item>"
        )
    };
    let other = |status: &str| {
        format!(
            "<item><title>B</title><wp:post_id>9</wp:post_id><wp:post_date_gmt>2026-03-02 08:30:00</wp:post_date_gmt>\
             <wp:status>{status}</wp:status></item>"
        )
    };
    for (text, file, post, is_shown) in [
        ("[gallery ids=\"5\"]", "inherit", "publish", true),
        ("[gallery ids=\"5\"]", "trash", "publish", false),
        ("[gallery ids=\"5\"]", "private", "publish", false),
        ("[gallery id=\"9\"]", "inherit", "publish", true),
        ("[gallery id=\"9\"]", "inherit", "draft", false),
    ] {
        let import = with(&format!("<p>Quay.</p>{text}"), &format!("{}{}", other(post), picture(file)));
        assert_eq!(html(&import.items[0]).contains("5.jpg"), is_shown, "{text} {file} {post}");
        assert_eq!(import.lost.is_empty(), is_shown, "{text} {file} {post} {:?}", import.lost);
    }
}
