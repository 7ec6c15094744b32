//! Writes feeds and sitemaps of texts that break writers into a folder, for other makers' programs to read: `fuzzed FOLDER`.

#![expect(clippy::unwrap_used, reason = "it fails by panicking")]

#[path = "../tests/written/support.rs"]
mod support;

use std::{fs, path::PathBuf};

use courant_syndication::write::{NewsPage, atom, json_feed, news_sitemap, ninjs_feed, rss};
use support::{at, feed, item, url, withdrawn};

/// What texts are put together of.
const PIECES: [&str; 24] = [
    "]]>",
    "<![CDATA[",
    "&",
    "&amp;",
    "&#0;",
    "&nbsp;",
    "</title>",
    "<!--",
    "-->",
    "<b>",
    "\u{0}",
    "\u{b}",
    "\u{1b}[1m",
    "\u{fffe}",
    "\u{10ffff}",
    "\u{fdd0}",
    "\u{202e}אבג",
    "👩‍🚀",
    "\r\n",
    "\"'",
    "rain",
    " ",
    "Ýagty",
    "\u{85}",
];

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap());
    fs::create_dir_all(&folder).unwrap();
    // Numbers that look random and are the same each time (splitmix64).
    let mut state = 7_u64;
    let mut next = |most: usize| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % most as u64).unwrap()
    };
    let mut text = || (0..next(7)).map(|_| PIECES[next(PIECES.len())]).collect::<String>();
    for number in 0..100 {
        let items =
            vec![item(1, &text()), withdrawn(item(2, &text()), &text().replace(['<', '&'], " ")), item(3, &text())];
        let feed = feed(&text(), items);
        let page = NewsPage { url: url("/en/articles/a"), locale: feed.locale, title: text(), published_at: at(0) };
        for (end, written) in [
            ("rss", rss(&feed)),
            ("atom", atom(&feed)),
            ("json", json_feed(&feed)),
            ("ninjs", ninjs_feed(&feed)),
            ("xml", news_sitemap(&text(), &[page])),
        ] {
            fs::write(folder.join(format!("{number:03}.{end}")), written).unwrap();
        }
    }
}
