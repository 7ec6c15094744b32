//! A feed for people who have opened it in a browser.

use std::{fmt::Write, sync::LazyLock};

use base64::{Engine, engine::general_purpose::STANDARD};
use courant_domain::{locale::Locale, zone::ZoneName};
use courant_syndication::write::{Content, Feed, Item, Rel, clean};
use sha2::{Digest, Sha256};

use super::{
    address::{Asked, Format},
    words,
};

const STYLE: &str = include_str!("page.css");

/// Nothing runs on it, and its style is this one.
pub(super) static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; img-src 'self' https: data:; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    )
});

/// Writes it.
pub(super) fn html(feed: &Feed, asked: &Asked, zone: &ZoneName) -> Vec<u8> {
    let words = words::of(asked.locale);
    let mut page = String::with_capacity(8 * 1024);
    let language = asked.locale.as_str();
    let ours = words.attributes(asked.locale);
    let title = text(&feed.title);
    let description = feed.description.as_deref().unwrap_or(words.about);
    let about = text(&format!("{} ({}): {description}", feed.title, asked.format.name()));
    // Writing to a String cannot fail.
    _ = write!(
        page,
        "<!doctype html>\n<html lang=\"{language}\" dir=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title} ({})</title>\n\
         <meta name=\"description\" content=\"{about}\">\n<meta name=\"robots\" content=\"noindex\">\n<link rel=\"canonical\" href=\"{}\">\n",
        asked.locale.direction().as_str(),
        asked.format.name(),
        text(feed.page.as_str()),
    );
    for format in Format::ALL {
        let media_type = format.media_type().split(';').next().unwrap_or_default();
        _ = writeln!(
            page,
            "<link rel=\"alternate\" type=\"{media_type}\" title=\"{}\" href=\"{}\">",
            format.name(),
            text(&asked.at(format, None, None)),
        );
    }
    _ = write!(
        page,
        "<style>{STYLE}</style>\n</head>\n<body>\n<header>\n<p class=\"site\"><a href=\"/{language}\">{}</a></p>\n\
         <h1>{title}</h1>\n",
        text(&feed.site),
    );
    if let Some(description) = &feed.description {
        _ = writeln!(page, "<p class=\"lead\">{}</p>", text(description));
    }
    _ = write!(
        page,
        "</header>\n<aside>\n<p{ours}>{}</p>\n<p class=\"address\"><code dir=\"ltr\">{}</code></p>\n<p{ours}>{}: ",
        text(words.about),
        text(feed.own.as_str()),
        text(words.formats),
    );
    let formats = Format::ALL.into_iter().filter(|format| *format != asked.format);
    let formats =
        formats.map(|format| format!("<a href=\"{}\">{}</a>", text(&asked.at(format, None, None)), format.name()));
    page.push_str(&formats.collect::<Vec<_>>().join(" · "));
    _ = write!(
        page,
        "</p>\n<p{ours}><a href=\"{}\">{}</a></p>\n</aside>\n<main>\n",
        text(feed.page.as_str()),
        text(words.page)
    );
    for item in &feed.items {
        self::item(&mut page, item, asked.locale, zone);
    }
    if feed.items.is_empty() {
        _ = writeln!(page, "<p{ours}>{}</p>", text(words.empty));
    }
    if let Some(next) = feed.link(Rel::Next).or(feed.link(Rel::PrevArchive)) {
        _ = writeln!(
            page,
            "<p class=\"more\"{ours}><a rel=\"next\" href=\"{}\">{}</a></p>",
            text(next.as_str()),
            text(words.older)
        );
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page.into_bytes()
}

fn item(page: &mut String, item: &Item, locale: Locale, zone: &ZoneName) {
    let language = if item.locale == locale {
        String::new()
    } else {
        format!(" lang=\"{}\" dir=\"{}\"", item.locale, item.locale.direction().as_str())
    };
    let words = words::of(locale);
    let ours = words.attributes(item.locale);
    let (at, day) = (item.published_at, zone.day(item.published_at));
    _ = write!(
        page,
        "<article{language}>\n<h2><a href=\"{}\">{}</a></h2>\n<p class=\"meta\"><time datetime=\"{at}\">{day}</time>",
        text(item.url.as_str()),
        text(&item.title),
    );
    for author in &item.authors {
        _ = write!(page, " · <bdi>{}</bdi>", text(&author.name));
    }
    page.push_str("</p>\n");
    if let Some(notice) = &item.withdrawn {
        _ = writeln!(
            page,
            "<p class=\"withdrawn\"><strong{ours}>{}</strong> {}</p>",
            text(words.withdrawn),
            text(&notice.text)
        );
    } else if let Some(summary) = &item.summary {
        _ = writeln!(page, "<p>{}</p>", text(summary));
    }
    if let (Some(change), Content::Full(_) | Content::Summary) = (item.changes.last(), &item.content)
        && item.withdrawn.is_none()
    {
        _ = writeln!(
            page,
            "<p class=\"changed\"><strong{ours}>{}</strong> {}</p>",
            text(words.changed),
            text(&change.note)
        );
    }
    page.push_str("</article>\n");
}

/// A text in HTML.
fn text(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    crate::site::push_text(&mut html, "", &clean(text), "");
    html
}
