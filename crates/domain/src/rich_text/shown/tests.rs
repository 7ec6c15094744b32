use super::*;

/// What stands of it, and what was told.
fn of(html: &str) -> (String, Vec<String>, Vec<String>) {
    let shown = shown(html, Removals::default());
    let removed = shown.removed.iter().map(|removed| {
        let parts = [Some(&removed.element), removed.text.as_ref(), removed.url.as_ref()];
        parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join("|")
    });
    let embeds = shown.embeds.iter().map(|embed| format!("{:?} {}", embed.kind, embed.url));
    (shown.html, removed.collect(), embeds.collect())
}

#[test]
fn what_is_embedded_becomes_a_link_in_a_figure() {
    for (html, stands, embeds) in [
        (
            "<p><iframe src='https://www.youtube.com/embed/a' title='The  film'></iframe></p>",
            "<figure class=\"embed\"><a href=\"https://www.youtube.com/watch?v=a\">The film</a></figure>",
            "Video https://www.youtube.com/watch?v=a",
        ),
        ("<p>See <audio src=a.mp3></audio>.</p>", "<p>See <a href=\"a.mp3\">a.mp3</a>.</p>", "Audio a.mp3"),
        (
            "<figure><video><source src=a.mp4><source src=a.webm></video><figcaption>b</figcaption></figure>",
            "<figure><a href=\"a.mp4\">a.mp4</a><figcaption>b</figcaption></figure>",
            "Video a.mp4",
        ),
        (
            "<object><param name=movie value='/m.swf'><embed src='/e.swf'></object>",
            "<figure class=\"embed\"><a href=\"/m.swf\">/m.swf</a></figure>",
            "Page /m.swf",
        ),
        (
            "<iframe src='about:blank' data-src='//maps.google.com/x'></iframe>",
            "<figure class=\"embed\"><a href=\"https://maps.google.com/x\">https://maps.google.com/x</a></figure>",
            "Map https://maps.google.com/x",
        ),
        (
            "<blockquote class=\"twitter-tweet\"><p>Rain. <a href='https://t.co/1'>x</a></p><a href='https://twitter.com/a/status/1'>May 6</a></blockquote>",
            "<blockquote><p>Rain. <a href=\"https://t.co/1\">x</a></p><a href=\"https://twitter.com/a/status/1\">May 6</a></blockquote>",
            "Post https://twitter.com/a/status/1",
        ),
        (
            "<blockquote class='instagram-media' data-instgrm-permalink='https://www.instagram.com/p/a/'> </blockquote>",
            "<blockquote><a href=\"https://www.instagram.com/p/a/\">https://www.instagram.com/p/a/</a> </blockquote>",
            "Post https://www.instagram.com/p/a/",
        ),
        (
            "<div class='fb-post x' data-href='https://www.facebook.com/a/posts/1'></div>",
            "<figure class=\"embed\"><a href=\"https://www.facebook.com/a/posts/1\">https://www.facebook.com/a/posts/1</a></figure>",
            "Post https://www.facebook.com/a/posts/1",
        ),
        (
            "<p>a</p><script src='https://telegram.org/js/telegram-widget.js' data-telegram-post='port_news/7'>b</script>",
            "<p>a</p><figure class=\"embed\"><a href=\"https://t.me/port_news/7\">https://t.me/port_news/7</a></figure>",
            "Post https://t.me/port_news/7",
        ),
        (
            "<script src='https://gist.github.com/a/b.js'></script>",
            "<figure class=\"embed\"><a href=\"https://gist.github.com/a/b\">https://gist.github.com/a/b</a></figure>",
            "Page https://gist.github.com/a/b",
        ),
    ] {
        let (is, removed, embedded) = of(html);
        assert_eq!((is.as_str(), embedded.as_slice()), (stands, [embeds.to_owned()].as_slice()), "{html}");
        assert!(removed.is_empty(), "{html}: {removed:?}");
    }
}

#[test]
fn what_stands_in_the_place_of_something_embedded_stands_behind_it() {
    let link = |url: &str| format!("<a href=\"{url}\">{url}</a>");
    let figure = |url: &str, words: &str| {
        format!("<figure class=\"embed\">{}<figcaption>{words}</figcaption></figure>", link(url))
    };
    for (html, stands, embeds) in [
        (
            "<audio src=a.mp3>Bells, <a href=a.txt>as words</a></audio>",
            figure("a.mp3", "Bells, <a href=\"a.txt\">as words</a>"),
            1,
        ),
        ("<p>See <audio src=a.mp3>bells</audio>.</p>", format!("<p>See {} bells .</p>", link("a.mp3")), 1),
        ("<iframe src=/f><p>No &amp; <b>frames</b></p></iframe>", figure("/f", "<p>No &amp; <b>frames</b></p>"), 1),
        ("<iframe srcdoc='<p>In it</p>'>or so</iframe>", " <p>In it</p>or so ".to_owned(), 0),
        ("<iframe src=/f width=1 height=1>seen</iframe>", " seen ".to_owned(), 0),
        ("<object data=/o.svg><img src=/o.png></object>", figure("/o.svg", "<img src=\"/o.png\">"), 1),
        ("<object data=/o><iframe src=/f>words</iframe></object>", figure("/o", " words "), 1),
        (
            "<object>a<iframe src=/f></iframe>b<iframe src=/g></iframe></object>",
            format!(
                " a<figure class=\"embed\">{}</figure>b<figure class=\"embed\">{}</figure> ",
                link("/f"),
                link("/g")
            ),
            2,
        ),
        (
            "<video src=/v><a href=/v>/v</a><!-- x --> </video>",
            format!("<figure class=\"embed\">{}</figure>", link("/v")),
            1,
        ),
        (
            "<embed src=/e><noembed>a <i>b</i></noembed>",
            format!("<figure class=\"embed\">{}</figure> a <i>b</i> ", link("/e")),
            1,
        ),
        ("<p>a<noframes>b</noframes></p>", "<p>a b </p>".to_owned(), 0),
    ] {
        let (is, _, embedded) = of(html);
        assert_eq!((is, embedded.len()), (stands, embeds), "{html}");
    }
}

#[test]
fn what_is_left_out_is_told() {
    for (html, stands, told) in [
        ("a<script src='//x/y.js'>z()</script>", "a", vec!["script|//x/y.js"]),
        ("<style>p{}</style>b", "b", vec!["style"]),
        ("<math><script>x</script><mi>b</mi></math>", "<math><mi>b</mi></math>", vec!["script"]),
        ("<iframe src='/count' width=1 height=1></iframe>d", "d", vec!["iframe|/count"]),
        ("<video>No film <b>here</b></video>", " No film <b>here</b> ", vec!["video"]),
        ("<svg><metadata>Drawn</metadata></svg>", "  ", vec!["svg|Drawn", "metadata|Drawn"]),
        ("<a href='javascript:x()'>b</a>", "<a>b</a>", vec!["a|javascript:x()"]),
        ("<img src='data:image/png;base64,AA' alt=c>", "<img alt=\"c\">", vec!["img|data:image/png;base64,AA"]),
        ("<template><p>Later</p></template>", "", vec!["template|Later"]),
        ("<input value=Send><input type=hidden value=x>", "", vec!["input|Send"]),
        ("<script></script><script></script>", "", vec!["script"]),
    ] {
        let (is, removed, _) = of(html);
        assert_eq!((is.as_str(), removed), (stands, told.into_iter().map(str::to_owned).collect()), "{html}");
    }
}

#[test]
fn words_stand_whatever_they_are_in() {
    for (html, stands) in [
        ("a<section>b</section><main>c</main>d", "a<div>b</div><div>c</div>d"),
        ("<p>a<button>b</button>c<select><option>d<option>e</select></p>", "<p>a b c  d  e  </p>"),
        ("<textarea>a &lt;b</textarea>", " a &lt;b "),
        ("<xmp>a <b></xmp>", "<pre>\na &lt;b&gt;</pre>"),
        (
            "<p>a <math><mi>E</mi><mo>=</mo><mi>m</mi></math></p>",
            "<p>a <math><mi>E</mi><mo>=</mo><mi>m</mi></math></p>",
        ),
        ("<math><mtext>a<b>b</b><script>x</script></mtext></math>", "<math><mtext>a b </mtext></math>"),
        ("<p>a<svg><title>b</title><text>c</text></svg>d</p>", "<p>a  b  c  d</p>"),
        ("<img src=a data-src=b><noscript><img src=a>c</noscript>", "<img src=\"a\"><div>c</div>"),
        ("<p>a<noscript>b</noscript>c</p>", "<p>a b c</p>"),
        ("<pre>\n\na</pre>", "<pre>\n\n\na</pre>"),
        ("<menu><li>a</menu>", "<ul><li>a</li></ul>"),
        (
            "<p><amp-img src=/a.png alt=b width=3 layout=fixed><noscript><img src=/a.png></noscript></amp-img></p>",
            "<p><img src=\"/a.png\" alt=\"b\" width=\"3\"></p>",
        ),
        (
            "<amp-img src=/a.png><amp-img fallback src=/b.png></amp-img></amp-img><amp-anim src=/c.gif><p>d</p></amp-anim>",
            "<img src=\"/a.png\"><img src=\"/c.gif\"> <p>d</p> ",
        ),
        ("<font color=red>a</font><x-b>c</x-b>", "ac"),
        ("a <![CDATA[b & c]]> d<!--e--><?f?>", "a b &amp; c d"),
        ("<select><optgroup label=a><option label=b><option label=c>d</select>", " <div> a  b    d </div> "),
        ("<details open><summary>a</summary>b</details>", "<details open=\"\"><summary>a</summary>b</details>"),
    ] {
        assert_eq!(of(html).0, stands, "{html}");
    }
}

#[test]
fn a_picture_is_where_browsers_find_it() {
    for (html, stands) in [
        ("<img srcset='a.png, b.png 2x' alt=c>", "<img alt=\"c\" src=\"b.png\">"),
        ("<img src='data:image/gif;base64,R0' srcset='/a.png 300w,/b.png 900w'>", "<img src=\"/b.png\">"),
        (
            "<picture><source srcset=a.webp type=image/webp><source srcset=b.png><img alt=c></picture>",
            "<img alt=\"c\" src=\"a.webp\">",
        ),
        ("<picture><source srcset=a.webp><img src=b.png></picture>", "<img src=\"b.png\">"),
        ("<amp-img srcset='a.png 1x'></amp-img>", "<img src=\"a.png\">"),
        ("<img srcset='javascript:x 1x'>", "<img>"),
    ] {
        let (shown, removed, _) = of(html);
        assert_eq!(shown, stands, "{html}");
        assert!(removed.is_empty(), "{removed:?}");
    }
}

#[test]
fn words_that_only_attributes_have_are_told() {
    for (html, told) in [
        ("<input placeholder='Your name'>", "input|Your name"),
        ("<input value=' ' placeholder=a><input value=a placeholder=b>", "input|a"),
        ("<textarea placeholder=a></textarea><textarea placeholder=b>c</textarea>", "textarea|a"),
        ("<p style='text-align:end'>a</p>", "p|text-align: end"),
        ("Dear <Name of the applicant>, you owe", "name|name of the applicant"),
        ("you owe <amount> manat", "amount|amount"),
    ] {
        assert_eq!(of(html).1, [told], "{html}");
    }
}

#[test]
fn markup_that_nobody_knows_is_told_of_by_its_words_alone() {
    for html in ["<hl2>a</hl2>", "<o:p>a", "<x-b>a", "<item id=3>a", "<nobr>a", "<PICTURE>a", "<st1>a</ST1 >"] {
        assert_eq!(of(html).1, [""; 0], "{html}");
    }
}

#[test]
fn styles_that_mean_something_become_attributes() {
    for (html, stands) in [
        ("<p style='color:red; Text-Align : RIGHT' class=x>a</p>", "<p align=\"right\">a</p>"),
        ("<ol style='list-style: lower-alpha inside' type=1><li>a</ol>", "<ol type=\"a\"><li>a</li></ol>"),
        ("<div style='direction:rtl;direction:ltr'>a</div>", "<div dir=\"ltr\">a</div>"),
        ("<b style='text-align:right'>a</b>", "<b>a</b>"),
    ] {
        assert_eq!(of(html).0, stands, "{html}");
    }
}

#[test]
fn what_is_shown_stays_what_it_is_when_it_comes_back() {
    use crate::rich_text::{Format, RichText};
    for html in [
        "<iframe src='https://www.youtube.com/embed/quay' title='The quay'></iframe><p>and</p><audio src='/bell.mp3'></audio>",
        "<p><video src='https://cdn.example/tide.mp4'></video></p>",
        "<video src='/tide.mp4'>The <b>tide</b><iframe src='/f'>and more</iframe></video>",
        "<object data='/o'><p>a</p><ul><li>b</ul></object><p>c</p>",
        "<a name='?' title='t' lang='tk' onclick='x()' href='/a' class='b'>a</a>",
        "<ol type=a start=3 onclick=x style='x'><li value=4 id='<'>x</ol>",
        "<figure class='embed'><a href='/a'>b</a> and more</figure><figure class='embed'>c</figure>",
        "<pre>\n\n one\n</pre><pre>\nb</pre><pre>c</pre>",
        "<figure class='embed'><a href='#a'>b</a></figure><figure class='other'><a href='/a'>b</a></figure>",
    ] {
        let first = RichText::new(Format::Html, html);
        let again = RichText::new(Format::Html, first.html());
        assert_eq!(again.html(), first.html(), "{html}");
        assert_eq!(again.embeds(), first.embeds(), "{html}");
    }
}

#[test]
fn a_link_leads_to_what_does_not_stand() {
    use crate::rich_text::{Format, RichText};
    let to = "<span id=\"user-content-quay\"></span>";
    for html in [
        "<font id=quay>Quay</font>",
        "<x-note id=quay>Quay</x-note>",
        "<button id=quay>Quay</button>",
        "<svg id=quay><text>Quay</text></svg>",
        "<iframe id=quay src='https://maps.example/quay'></iframe>",
        "<p id=quay><video src='/quay.mp4'></video></p>",
    ] {
        let html = format!("<p><a href='#quay'>Quay</a></p>{html}");
        let text = RichText::new(Format::Html, html.as_str());
        assert!(text.html().contains(to) && text.html().contains("href=\"#user-content-quay\""), "{}", text.html());
        // What nobody leads to leaves nothing behind.
        let text = RichText::new(Format::Html, html.replace("#quay", "#pier"));
        assert!(!text.html().contains("<span"), "{}", text.html());
    }
    let html = "<a href='#The%20quay%20(%C2%A7%205)'>a</a><h2 id='The quay (§ 5)'>The quay</h2>";
    let text = RichText::new(Format::Html, html);
    let id = "user-content-The_20quay_20_28_a7_205_29";
    assert_eq!(text.outline()[0].id, id);
    assert!(text.html().contains(&format!("href=\"#{id}\"")), "{}", text.html());
}

#[test]
fn players_that_scripts_make_are_led_to() {
    for (html, url) in [
        ("<lite-youtube videoid=qu-ay_1></lite-youtube>", "https://www.youtube.com/watch?v=qu-ay_1"),
        ("<amp-vimeo data-videoid=76></amp-vimeo>", "https://vimeo.com/76"),
        ("<amp-twitter data-tweetid=12></amp-twitter>", "https://twitter.com/i/status/12"),
        ("<figure class=media><oembed url='https://youtu.be/quay'></oembed></figure>", "https://youtu.be/quay"),
        ("<div data-oembed-url='https://maps.example/quay'></div>", "https://maps.example/quay"),
    ] {
        let shown = shown(html, Removals::default());
        assert_eq!(shown.embeds.iter().map(|embed| embed.url.as_str()).collect::<Vec<_>>(), [url], "{html}");
        assert!(shown.html.contains(&format!("href=\"{}\"", url.replace('&', "&amp;"))), "{}", shown.html);
    }
    assert!(shown("<lite-youtube videoid='a\"b'>words</lite-youtube>", Removals::default()).embeds.is_empty());
}

#[test]
fn of_a_selected_option_the_copy_alone_is_left_out() {
    let text = |inner: &str| {
        of(&format!(
            "<select><button><selectedcontent>{inner}</selectedcontent></button><option><b>one</b> two<option>three</select>"
        ))
    };
    for copy in ["", "<b>one</b> two", "<b>one</b>\n two"] {
        assert_eq!(text(copy).0.matches("one").count(), 1, "{copy}");
    }
    for own in ["chosen", "one", "three two"] {
        let (html, removed, _) = text(own);
        assert!(html.contains(&format!("{own} ")), "{html}");
        assert!(removed.is_empty());
    }
}
