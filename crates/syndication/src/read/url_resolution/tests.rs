use super::*;

fn at_page(html: &str) -> Resolved {
    resolve_urls(html, Url::parse("https://hill.example/news/6").ok().as_ref())
}

#[test]
fn what_is_relative_is_resolved_against_the_page() {
    for (html, whole) in [
        ("<a href=\"/about\">x</a>", "<a href=\"https://hill.example/about\">x</a>"),
        ("<img src=p.png alt=x>", "<img src=\"https://hill.example/news/p.png\" alt=x>"),
        ("<img src='//cdn.example/p.png'>", "<img src=\"https://cdn.example/p.png\">"),
        (
            "<img src='a.png' srcset='a.png 1x, b,c.png 2x,d.png'>",
            "<img src=\"https://hill.example/news/a.png\" srcset=\"https://hill.example/news/a.png 1x, \
             https://hill.example/news/b,c.png 2x, https://hill.example/news/d.png\">",
        ),
        ("<a href='#n1'>1</a>", "<a href='#n1'>1</a>"),
        ("<a href='mailto:a@b'>m</a>", "<a href='mailto:a@b'>m</a>"),
    ] {
        assert_eq!(at_page(html).html, whole);
    }
}

#[test]
fn what_is_not_ended_takes_nothing_with_it() {
    for (html, whole) in [
        ("a<iframe src='/f'/>b<p>c", "a<iframe src=\"https://hill.example/f\"/></iframe>b<p>c"),
        ("<video>a</video><video>b", "<video>a</video><video></video>b"),
        ("a<noscript>b<img src='/a.jpg'>", "ab<img src=\"https://hill.example/a.jpg\">"),
    ] {
        assert_eq!(at_page(html).html, whole);
    }
}

#[test]
fn an_element_may_have_a_base_for_what_is_in_it() {
    for (html, whole) in [
        (
            "<div xml:base='/a/'><div><a href='1'>x</a></div><a href='2'>x</a></div><a href='3'>x</a>",
            ["https://hill.example/a/1", "https://hill.example/a/2", "https://hill.example/news/3"],
        ),
        (
            "<p xml:base='https://b.example/'><a xml:base='c/' href='1'>x</a><a href='2'>x</a></p><a href='3'>x</a>",
            ["https://b.example/c/1", "https://b.example/2", "https://hill.example/news/3"],
        ),
        (
            "<img xml:base='/a/' src='1'><img src='2'><p xml:base='javascript:1'><a href='3'>x</a></p>",
            ["https://hill.example/a/1", "https://hill.example/news/2", "https://hill.example/news/3"],
        ),
    ] {
        let resolved = at_page(html);
        let addresses: Vec<_> = resolved.html.split('"').filter(|part| part.starts_with("https")).collect();
        assert_eq!(addresses, whole, "{html}");
    }
}

#[test]
fn bases_bound_what_they_make() {
    let long = Url::parse(&format!("https://hill.example/{}/", "a".repeat(MOST_BASE))).ok();
    assert_eq!(resolve_urls("<a href='b'>", long.as_ref()).html, "<a href='b'>");
    let links = at_page(&"<p xml:base='abcdefgh/'><a href='b'>".repeat(10_000));
    assert!(links.html.len() < 10_000 * (40 + MOST_BASE));
}

#[test]
fn what_cannot_be_resolved_is_counted() {
    let resolved = resolve_urls("<a href='/a'>a</a><img src='//cdn.example/x'><a href='https://b.example'>b</a>", None);
    assert_eq!(resolved.unresolved, 1);
    assert!(resolved.html.starts_with("<a href='/a'>a</a><img src=\"https://cdn.example/x\">"));
}

#[test]
fn a_picture_loaded_late_is_found() {
    let lazy = "<img src=\"data:image/gif;base64,R0\">";
    let copy = "<noscript><p><img src=\"/a.jpg\" alt=\"A\"></p></noscript>";
    for (html, shown) in [
        (format!("{lazy}{copy}b"), "<img src=\"https://hill.example/a.jpg\" alt=\"A\">b"),
        (format!("<img src='data:,' data-src='/a.jpg'>{copy}b"), "<img src=\"https://hill.example/a.jpg\" alt=\"A\">b"),
        (format!("<a>{lazy}</a>\n{copy}b"), "<a><img src=\"https://hill.example/a.jpg\" alt=\"A\"></a>\nb"),
        ("<img data-src='/a.jpg' alt=A>b".to_owned(), "<img src=\"https://hill.example/a.jpg\" alt=\"A\">b"),
        (format!("<img src='https://x.example/1'>{copy}b"), "<img src='https://x.example/1'>b"),
        (format!("{lazy}b"), "b"),
        (format!("{lazy}b{copy}c"), "b<img src=\"https://hill.example/a.jpg\" alt=\"A\">c"),
        ("<img>a".to_owned(), "a"),
        (
            "a<noscript>Get <a href='/b'>b</a></noscript>c".to_owned(),
            "a<noscript>Get <a href=\"https://hill.example/b\">b</a></noscript>c",
        ),
        ("a<noscript>This needs JavaScript.</noscript>c".to_owned(), "ac"),
        ("a<noscript><iframe src='/n'></iframe> </noscript>c".to_owned(), "ac"),
    ] {
        assert_eq!(at_page(&html).html, shown, "{html}");
    }
    assert_eq!((at_page(lazy).pictures, at_page(&format!("{lazy}{copy}")).pictures), (1, 0));
}

#[test]
fn what_stands_for_a_picture_until_it_is_loaded_is_not_the_picture() {
    const SHOWN: &str = "<img src=\"https://hill.example/a.jpg\">";
    for html in [
        "<img src='/blank.gif' data-lazy-src='/a.jpg'>",
        "<img src='/grey.png' data-original='/a.jpg'>",
        "<img src='/grey.png' data-src='/a.jpg'>",
        "<img src='/1x1.trans.gif' data-srcset='/s.jpg 300w, /a.jpg 900w'>",
        "<img srcset='/s.jpg 300w, /a.jpg 900w'>",
        "<img data-srcset='/a.jpg 900w'>",
        "<img src='/spacer.gif'><noscript><img src='/a.jpg'></noscript>",
        "<noscript><img src='/a.jpg'></noscript>",
        "<v:imagedata src='/a.jpg'/>",
    ] {
        let resolved = at_page(html);
        assert_eq!((resolved.html.as_str(), resolved.pictures), (SHOWN, 0), "{html}");
    }
    for (html, shown) in [
        (
            "<picture><source srcset='/a.jpg'></picture>",
            "<picture><source srcset=\"https://hill.example/a.jpg\"><img src=\"https://hill.example/a.jpg\"></picture>",
        ),
        (
            "<picture><source data-srcset='/a.jpg'><img alt='A'></picture>",
            "<picture><source data-srcset='/a.jpg'><img src=\"https://hill.example/a.jpg\" alt=\"A\"></picture>",
        ),
        ("<div><noscript><img src='/a.jpg'></noscript></div>", "<div><img src=\"https://hill.example/a.jpg\"></div>"),
        ("<div><noscript><img src='/n.gif' width='1' height='1'></noscript></div>", "<div></div>"),
        ("<img src='/a.jpg'>b<noscript><img src='/a.jpg'></noscript>", "<img src=\"https://hill.example/a.jpg\">b"),
        (
            "<img src='/a-300x200.jpg' data-large-file='/a-900x600.jpg'>",
            "<img src=\"https://hill.example/a-300x200.jpg\" data-large-file='/a-900x600.jpg'>",
        ),
    ] {
        assert_eq!(at_page(html).html, shown, "{html}");
    }
}

#[test]
fn what_only_a_script_shows_is_a_link_or_counted() {
    for (html, link) in [
        ("<div class='flourish-embed' data-src='visualisation/20'></div>", "https://flo.uri.sh/visualisation/20/embed"),
        ("<div class='infogram-embed' data-id='ab-2' data-title='Ebb'></div>", "https://infogram.com/ab-2"),
        ("<model-viewer src='/a.glb' alt='A'></model-viewer>", "https://hill.example/a.glb"),
    ] {
        let resolved = at_page(html);
        assert!(resolved.html.starts_with(&format!("<iframe src=\"{link}\"")), "{}", resolved.html);
        assert!(resolved.lost.is_empty());
    }
    for (html, kind) in [
        ("<video-js data-video-id='2'></video-js>", "video-js"),
        ("<div class='flourish-embed'></div>", "flourish-embed"),
        ("<v:imagedata src='file:///a.png'/>", "picture of Word (v:imagedata)"),
        ("<p style=\"background-image:url('/a.jpg')\">a</p>", "picture in a style"),
    ] {
        assert_eq!(at_page(html).lost.get(kind), Some(&1), "{html}");
    }
    let shown = at_page(
        "<div style='background: url(https://hill.example/a.jpg)'><img src='https://hill.example/a.jpg'></div>",
    );
    assert!(shown.lost.is_empty(), "{:?}", shown.lost);
}
