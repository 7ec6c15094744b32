//! Sitemaps and robots.txt.
//!
//! | address | is |
//! |---|---|
//! | `/sitemap.xml` | the index of all others |
//! | `/sitemap/<language>/<year>-<month>.xml`, `…-<month>-<number>.xml` | the texts of a month, and of its further parts |
//! | `/sitemap/<language>/pages.xml`, `…/pages-<number>.xml` | front page, register, feeds, categories, tags, persons |
//! | `/sitemap/<language>/news.xml` | the articles of the last 48 hours |

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use courant_domain::locale::Locale;
use courant_gateway::sitemap::{self as found, Address, MadeOf, Part};
use courant_persistence::StoreError;
use courant_syndication::write::{NewsPage, SitemapPage, SitemapPart, news_sitemap, sitemap, sitemap_index};
use jiff::{Timestamp, civil::Date};
use url::Url;

use super::{
    FeedsState,
    given::{Shape, Written, give},
};
use crate::{middleware::flow::Ticket, pages};

/// About what a sitemap takes, for there to be room for it.
const BYTES: usize = 2 * 1024 * 1024;

/// A sitemap that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Index,
    Texts(Part),
    Pages(Locale, u32),
    News(Locale),
}

impl Asked {
    fn parse(path: &str) -> Option<Self> {
        if path == "/sitemap.xml" {
            return Some(Self::Index);
        }
        let (locale, name) = path.strip_prefix("/sitemap/")?.strip_suffix(".xml")?.split_once('/')?;
        let locale = Locale::parse(locale).ok().filter(|known| known.as_str() == locale)?;
        // One sitemap, one address.
        let number = |text: &str| text.parse::<u32>().ok().filter(|number| *number > 1 && number.to_string() == text);
        if name == "news" {
            return Some(Self::News(locale));
        }
        if let Some(rest) = name.strip_prefix("pages") {
            let number = if rest.is_empty() { 1 } else { number(rest.strip_prefix('-')?)? };
            return Some(Self::Pages(locale, number));
        }
        let (month, rest) = name.split_at_checked(7)?;
        let (year, of_year) = month.split_once('-')?;
        let is_written = year.len() == 4 && month.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let month = Date::new(year.parse().ok()?, of_year.parse().ok()?, 1).ok().filter(|_| is_written)?;
        let number = if rest.is_empty() { 1 } else { number(rest.strip_prefix('-')?)? };
        Some(Self::Texts(Part { locale, month, number }))
    }

    fn path(self) -> String {
        let numbered = |number: u32| if number > 1 { format!("-{number}") } else { String::new() };
        match self {
            Self::Index => "/sitemap.xml".to_owned(),
            Self::News(locale) => format!("/sitemap/{locale}/news.xml"),
            Self::Pages(locale, number) => format!("/sitemap/{locale}/pages{}.xml", numbered(number)),
            Self::Texts(Part { locale, month, number }) => {
                let (year, of_year) = (month.year(), month.month());
                format!("/sitemap/{locale}/{year:04}-{of_year:02}{}.xml", numbered(number))
            }
        }
    }
}

/// `GET /robots.txt`: who comes past by themselves may read everything that is live, and is told where it all is.
pub(crate) async fn robots(State(state): State<Arc<FeedsState>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let sitemap = state.origin(&parts).and_then(|origin| origin.join("/sitemap.xml").ok());
    let sitemap = sitemap.map(|sitemap| format!("\nSitemap: {sitemap}\n")).unwrap_or_default();
    let text = format!("User-agent: *\nDisallow: /*?preview=\nDisallow: /*&preview=\nAllow: /\n{sitemap}");
    let mut response = Response::new(text.into());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    response
}

/// `GET /sitemap.xml` and `GET /sitemap/…`.
pub(crate) async fn sitemaps(State(state): State<Arc<FeedsState>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let reference = state.store.reference();
    let asked = Asked::parse(parts.uri.path()).filter(|asked| match asked {
        Asked::Index => true,
        Asked::Texts(Part { locale, .. }) | Asked::Pages(locale, _) | Asked::News(locale) => {
            reference.site.has(*locale)
        }
    });
    let (Some(asked), Some(origin)) = (asked, state.origin(&parts)) else {
        return pages::not_found(Request::from_parts(parts, body)).await;
    };
    let shape = Shape {
        key: format!("sitemap {}", asked.path()),
        name: "Sitemap",
        media_type: "application/xml; charset=utf-8",
        more: Vec::new(),
        vary: "accept-encoding",
    };
    let make = async {
        let admitted = admitted(&state, &parts).await;
        let Some(ticket) = admitted else { return Written::nothing(StatusCode::SERVICE_UNAVAILABLE, None) };
        match write(&state, asked, &origin).await {
            Ok((Some(body), made_of)) => Written::whole(body, Some(made_of), Some(ticket)),
            Ok((None, made_of)) => Written::nothing(StatusCode::NOT_FOUND, Some(made_of)),
            Err(error) => {
                tracing::warn!(%error, "a sitemap cannot be made");
                Written::nothing(StatusCode::SERVICE_UNAVAILABLE, None)
            }
        }
    };
    give(&state, &parts, origin.as_str(), shape, make).await
}

/// A place among what is under way: it takes as much as the largest operation.
async fn admitted(state: &FeedsState, parts: &Parts) -> Option<Ticket> {
    let most = state.graphql.limits.cost;
    state.graphql.flow.admit(state.caller(parts).address, most, most, BYTES).await.ok()
}

/// Writes it; nothing where there is no such sitemap, for one without an address is not valid.
async fn write(state: &FeedsState, asked: Asked, origin: &Url) -> Result<(Option<Vec<u8>>, MadeOf), StoreError> {
    let store = &state.store;
    let site = &store.reference().site;
    match asked {
        Asked::Index => {
            let (texts, (stamp, mut reads)) = found::parts(store).await?;
            let of_pages = found::pages_changed_at(store).await?;
            let mut all: Vec<(Asked, Option<Timestamp>)> = Vec::new();
            let mut stamp = Some(stamp);
            for locale in site.locales.iter().map(|locale| locale.tag) {
                let (news, (of_news, more)) = found::news(store, locale).await?;
                reads.add(&more);
                stamp = stamp.and_then(|stamp| stamp.with(of_news));
                if !news.is_empty() {
                    let (changed_at, (of_news, more)) = found::news_changed_at(store, locale).await?;
                    reads.add(&more);
                    stamp = stamp.and_then(|stamp| stamp.with(of_news));
                    all.push((Asked::News(locale), changed_at));
                }
                let mut number = 1;
                loop {
                    let (_, more_pages, (_, more)) = found::pages(store, locale, number);
                    reads.add(&more);
                    all.push((Asked::Pages(locale, number), of_pages));
                    if !more_pages {
                        break;
                    }
                    number += 1;
                }
                let of_locale = texts.iter().filter(|(part, _)| part.locale == locale);
                all.extend(of_locale.map(|(part, changed_at)| (Asked::Texts(*part), Some(*changed_at))));
            }
            let parts = all.iter().filter_map(|(part, modified_at)| {
                Some(SitemapPart { url: origin.join(&part.path()).ok()?, modified_at: *modified_at })
            });
            let body = sitemap_index(&parts.collect::<Vec<_>>());
            // Of two databases nothing is made.
            let stamp = stamp.unwrap_or_else(|| store.view().1);
            Ok((Some(body), (stamp, reads)))
        }
        Asked::Texts(part) => {
            let (addresses, made_of) = found::texts(store, part).await?;
            Ok((whole(addresses, site.default_locale, origin), made_of))
        }
        Asked::Pages(locale, number) => {
            let (addresses, _, made_of) = found::pages(store, locale, number);
            Ok((whole(addresses, site.default_locale, origin), made_of))
        }
        Asked::News(locale) => {
            let (news, made_of) = found::news(store, locale).await?;
            let pages: Vec<NewsPage> = news
                .into_iter()
                .filter_map(|news| {
                    let url = origin.join(&news.path).ok()?;
                    Some(NewsPage { url, locale, title: news.title, published_at: news.published_at })
                })
                .collect();
            let name = site.name.resolve(site, locale).unwrap_or_default();
            Ok(((!pages.is_empty()).then(|| news_sitemap(name, &pages)), made_of))
        }
    }
}

fn whole(addresses: Vec<Address>, standard: Locale, origin: &Url) -> Option<Vec<u8>> {
    let at = |path: &str| origin.join(path).ok();
    let page = |address: Address| {
        let Address { path, updated_at, languages } = address;
        let is_alone = languages.len() < 2;
        let standard = languages.iter().find(|(locale, _)| *locale == standard).or(languages.first());
        let standard = standard.filter(|_| !is_alone).and_then(|(_, path)| at(path));
        let alternates = languages.iter().filter(|_| !is_alone);
        let alternates = alternates.filter_map(|(locale, path)| Some((*locale, at(path)?))).collect();
        Some(SitemapPage { url: at(&path)?, modified_at: updated_at, alternates, standard })
    };
    let pages: Vec<SitemapPage> = addresses.into_iter().filter_map(page).collect();
    (!pages.is_empty()).then(|| sitemap(&pages))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sitemap_has_one_address() {
        for path in [
            "/sitemap.xml",
            "/sitemap/en/news.xml",
            "/sitemap/en/pages.xml",
            "/sitemap/pt-BR/pages-2.xml",
            "/sitemap/en/2026-09.xml",
            "/sitemap/tk/1925-12-3.xml",
        ] {
            assert_eq!(Asked::parse(path).unwrap().path(), path);
        }
        for path in [
            "/sitemap/en/pages-1.xml",
            "/sitemap/en/pages-02.xml",
            "/sitemap/EN/news.xml",
            "/sitemap/en/2026-13.xml",
            "/sitemap/en/2026-9.xml",
            "/sitemap/en/+026-09.xml",
            "/sitemap/en/2026-09-.xml",
            "/sitemap/en/2026-09-1.xml",
            "/sitemap/news.xml",
            "/sitemap/en/é026-09.xml",
        ] {
            assert_eq!(Asked::parse(path), None, "{path}");
        }
    }
}
