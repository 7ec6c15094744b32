//! Sitemaps (sitemaps.org, version 0.9), with the alternates and the news of Google.

use courant_domain::locale::Locale;
use jiff::Timestamp;
use url::Url;

use super::xml::Xml;

/// How many addresses a sitemap has at the most.
pub const MOST_ADDRESSES: usize = 50_000;
/// How many sitemaps an index has at the most.
pub const MOST_SITEMAPS: usize = 50_000;
/// How many addresses a sitemap of news has at the most.
pub const MOST_NEWS: usize = 1_000;

const SITEMAP: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// A page of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SitemapPage {
    /// Where it is.
    pub url: Url,
    /// When it last changed.
    pub modified_at: Option<Timestamp>,
    /// The same in each language, its own included; empty where it is in one alone.
    pub alternates: Vec<(Locale, Url)>,
    /// The alternate for readers of no other language.
    pub standard: Option<Url>,
}

/// A sitemap that an index names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SitemapPart {
    /// Where it is.
    pub url: Url,
    /// When anything in it last changed.
    pub modified_at: Option<Timestamp>,
}

/// A news article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewsPage {
    /// Where it is.
    pub url: Url,
    /// Its language.
    pub locale: Locale,
    /// The headline.
    pub title: String,
    /// The date it carries.
    pub published_at: Timestamp,
}

/// Writes a sitemap of pages; there are to be some, [`MOST_ADDRESSES`] at the most. Those beyond are left out.
#[must_use]
pub fn sitemap(pages: &[SitemapPage]) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.open("urlset", &[("xmlns", SITEMAP), ("xmlns:xhtml", "http://www.w3.org/1999/xhtml")]);
    for page in &pages[..pages.len().min(MOST_ADDRESSES)] {
        xml.open("url", &[]);
        xml.text("loc", page.url.as_str());
        xml.text_if("lastmod", page.modified_at.map(date).as_deref());
        let alternates = page.alternates.iter().map(|(locale, url)| (locale.as_str(), url));
        for (language, url) in alternates.chain(page.standard.iter().map(|url| ("x-default", url))) {
            let attributes = [("rel", "alternate"), ("hreflang", language), ("href", url.as_str())];
            xml.empty("xhtml:link", &attributes);
        }
        xml.close();
    }
    xml.end()
}

/// Writes an index of sitemaps; there are to be some, [`MOST_SITEMAPS`] at the most. Those beyond are left out.
#[must_use]
pub fn sitemap_index(parts: &[SitemapPart]) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.open("sitemapindex", &[("xmlns", SITEMAP)]);
    for part in &parts[..parts.len().min(MOST_SITEMAPS)] {
        xml.open("sitemap", &[]);
        xml.text("loc", part.url.as_str());
        xml.text_if("lastmod", part.modified_at.map(date).as_deref());
        xml.close();
    }
    xml.end()
}

/// Writes a sitemap of news of a publication of this name, [`MOST_NEWS`] at the most. Those beyond are left out.
#[must_use]
pub fn news_sitemap(name: &str, pages: &[NewsPage]) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.open("urlset", &[("xmlns", SITEMAP), ("xmlns:news", "http://www.google.com/schemas/sitemap-news/0.9")]);
    for page in &pages[..pages.len().min(MOST_NEWS)] {
        xml.open("url", &[]);
        xml.text("loc", page.url.as_str());
        xml.open("news:news", &[]);
        xml.open("news:publication", &[]);
        xml.text("news:name", name);
        xml.text("news:language", &language(page.locale));
        xml.close();
        xml.text("news:publication_date", &date(page.published_at));
        xml.text("news:title", &page.title);
        xml.close();
        xml.close();
    }
    xml.end()
}

/// A time to the second: more than that Google takes for no date.
fn date(at: Timestamp) -> String {
    Timestamp::from_second(at.as_second()).unwrap_or(at).to_string()
}

/// A language as the sitemaps of news name it: two or three letters, but for Chinese in its two scripts.
fn language(locale: Locale) -> String {
    let tag = locale.as_str().to_ascii_lowercase();
    match tag.as_str() {
        "zh-cn" | "zh-hans" | "zh-hans-cn" => "zh-cn".to_owned(),
        "zh-tw" | "zh-hant" | "zh-hant-tw" => "zh-tw".to_owned(),
        tag => tag.split('-').next().unwrap_or_default().to_owned(),
    }
}
