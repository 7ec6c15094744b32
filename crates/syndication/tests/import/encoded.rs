//! What programs for building pages keep in Base64.

use super::{wordpress::post, *};

#[test]
fn what_shortcodes_enclose_in_base64_is_read() {
    for (content, shown) in [
        // <p>Ебб в шесть</p>, written as addresses are; <p>Ebb</p>; <b>Ebb &amp; flow</b>.
        (
            "[vc_row][vc_raw_html]JTNDcCUzRSVEMCU5NSVEMCVCMSVEMCVCMSUyMCVEMCVCMiUyMCVEMSU4OCVEMCVCNSVEMSU4MSVEMSU4MiVEMSU4QyUzQyUyRnAlM0U=[/vc_raw_html][/vc_row]",
            "<p>Ебб в шесть</p>",
        ),
        ("[fusion_code]PHA+RWJiPC9wPg==[/fusion_code]", "<p>Ebb</p>"),
        ("[fusion_code]<p>PHA+RWJi\nPC9wPg==</p>[/fusion_code]", "<p>Ebb</p>"),
        ("[acme_raw id=\"4\"]PGI+RWJiICZhbXA7IGZsb3c8L2I+[/acme_raw]", "<p><b>Ebb &amp; flow</b></p>"),
        // Plain words, where nothing else is.
        ("[fusion_code]RWJiIGF0IHNpeA==[/fusion_code]", "<p>Ebb at six</p>"),
        // a[0] < 1, which is shown.
        (
            "[fusion_syntax_highlighter language=\"x\"]YVswXSA8IDE=[/fusion_syntax_highlighter]",
            "<p><code>a[0] &lt; 1</code></p>",
        ),
        // What is written for scripts is for nobody.
        ("Ebb.[vc_raw_js]JTNDc2NyaXB0JTNFYSgpJTNDJTJGc2NyaXB0JTNF[/vc_raw_js]", "<p>Ebb.</p>"),
        // Words.
        ("[box]Announcements[/box]", "<p>Announcements</p>"),
        ("[box]RWJiIGF0IHNpeA==[/box]", "<p>RWJiIGF0IHNpeA==</p>"),
        ("[[fusion_code]]PHA+RWJiPC9wPg==[[/fusion_code]]", "<p>[fusion_code]PHA+RWJiPC9wPg==[[/fusion_code]]</p>"),
        ("[fusion_code]<i>Ebb</i> at six[/fusion_code]", "<p><i>Ebb</i> at six</p>"),
    ] {
        let import = import(&post("", content));
        assert_eq!(html(&import.items[0]).trim_end(), shown, "{content}");
        assert!(import.lost.is_empty(), "{content}: {:?}", import.lost);
    }
}

#[test]
fn what_cannot_be_read_is_not_shown_as_words() {
    let import = import(&post("", "Ebb.[vc_raw_html]wMHCw8TFxsfIycrLzM3Oz9DR0tM=[/vc_raw_html]"));
    assert_eq!(html(&import.items[0]).trim_end(), "<p>Ebb.</p>");
    assert_eq!(import.lost["content of the shortcode vc_raw_html"], 1);
}
