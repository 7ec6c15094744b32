//! The feed at an address.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use courant_domain::global_id::{GlobalId, NodeKind};
use courant_gateway::{Caller, error::ErrorCode};
use courant_syndication::write;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json, json};
use url::Url;

use super::{
    FeedsState,
    address::{Asked, Format, Of},
    build::{self, Surroundings},
    found::{self, Found, One, Route},
    given::{self, Shape, Written, give},
    page, words,
};
use crate::{
    cache::MadeOf,
    graphql::{
        handler::{self, Ran},
        response::look,
    },
    middleware::flow::Ticket,
};

const DOCUMENT: &str = include_str!("feeds.graphql");

/// How much of a feed is given at once.
#[derive(Clone, Copy)]
struct Extent {
    /// How many items a page of it has.
    items: u32,
    /// How many texts that were taken back are told of, and as many that have a notice.
    told: u32,
    /// Whether texts are given whole.
    full: bool,
}

/// From what is given as a rule to what is given where that is longer than an answer may be: rather the summaries of all than the
/// whole of some, and rather few than none.
const EXTENTS: [Extent; 5] = [
    Extent { items: 30, told: 50, full: true },
    Extent { items: 30, told: 50, full: false },
    Extent { items: 10, told: 20, full: false },
    Extent { items: 3, told: 5, full: false },
    Extent { items: 1, told: 1, full: false },
];

/// Codes of errors by which the address means nothing.
const MEANINGLESS: [ErrorCode; 3] = [ErrorCode::UnknownLocale, ErrorCode::BadCursor, ErrorCode::BadUserInput];

/// Codes of errors by which the texts are too long to be given together.
const TOO_LONG: [ErrorCode; 2] = [ErrorCode::AnswerTooLarge, ErrorCode::TooCostly];

/// Answers with the feed at an address.
pub(super) async fn answer(state: &FeedsState, parts: &Parts, asked: &Asked) -> Response {
    let Some(origin) = state.origin(parts) else {
        return given::unplaced(&parts.extensions);
    };
    let is_page = asked.of != Of::Text && wants_page(&parts.headers, asked.format);
    let mut more = Vec::new();
    if is_page {
        more.extend(HeaderValue::from_str(&page::POLICY).map(|policy| (header::CONTENT_SECURITY_POLICY, policy)));
    } else if asked.of != Of::Text {
        more.extend(links(state, asked, &origin).map(|links| (header::LINK, links)));
    }
    let shape = Shape {
        key: format!("{} {}", if is_page { "page" } else { "feed" }, asked.own()),
        name: match asked.of {
            Of::Site => "FeedOfSite",
            Of::Feed(_) => "FeedOfFeed",
            Of::Category(_) => "FeedOfCategory",
            Of::Tag(_) => "FeedOfTag",
            Of::Text => "OneText",
        },
        media_type: if is_page { "text/html; charset=utf-8" } else { asked.format.media_type() },
        more,
        vary: "accept, accept-encoding",
    };
    let name = shape.name;
    let make = async {
        let mut written = Err(Failed::TooLong);
        for extent in EXTENTS {
            written = write(state, parts, asked, &origin, (name, is_page), extent).await;
            if !matches!(&written, Err(Failed::TooLong)) {
                break;
            }
        }
        written.unwrap_or_else(|failed| Written::nothing(failed.status(), None))
    };
    give(state, parts, origin.as_str(), shape, make).await
}

/// Why there is no feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Failed {
    Meaningless,
    TooLong,
    Unavailable,
}

impl Failed {
    const fn status(self) -> StatusCode {
        match self {
            Self::Meaningless => StatusCode::NOT_FOUND,
            Self::TooLong | Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

async fn write(
    state: &FeedsState,
    parts: &Parts,
    asked: &Asked,
    origin: &Url,
    (operation, is_page): (&'static str, bool),
    extent: Extent,
) -> Result<Written, Failed> {
    let reference = state.store.reference();
    let zone = &reference.site.time_zone;
    // Nobody reads whole texts on the page.
    let full = extent.full && !reference.site.short_feeds && !is_page;
    let mut variables =
        Map::from_iter([("locale".to_owned(), asked.locale.as_str().into()), ("full".to_owned(), full.into())]);
    let caller = state.caller(parts);
    if asked.of == Of::Text {
        variables.insert("path".to_owned(), asked.path.as_str().into());
        let (One { site, route }, made_of, ticket) = run(state, operation, variables, caller).await?;
        return Ok(match route {
            Some(Route::Article(text) | Route::Decree(text)) => {
                let Some(item) = build::item(*text, origin) else { return Err(Failed::Meaningless) };
                let site = site.map(|site| site.name).unwrap_or_default();
                let body = write::ninjs(&item, &words::of(item.locale).written(), &site);
                whole(state, body, made_of, ticket)?
            }
            route => instead(route, asked, made_of),
        });
    }
    if let Of::Feed(slug) | Of::Category(slug) | Of::Tag(slug) = &asked.of {
        variables.insert("slug".to_owned(), slug.as_str().into());
    }
    let begins = |day: Date| zone.day_begins(day).to_string();
    let (mut filter, mut earlier) = (json!({ "includeWithdrawn": true }), Json::Null);
    if let Some(day) = asked.day {
        let next = day.tomorrow().unwrap_or(day);
        filter["publishedAt"] = json!({ "from": begins(day), "before": begins(next) });
        earlier = json!({ "includeWithdrawn": true, "publishedAt": { "before": begins(day) } });
    }
    for (name, value) in [
        ("first", extent.items.into()),
        ("told", extent.told.into()),
        ("after", asked.after.as_deref().into()),
        ("filter", filter),
        ("earlier", earlier),
        ("isArchive", asked.day.is_some().into()),
        // Who reads on has been told already.
        ("isPage", asked.is_first().into()),
    ] {
        variables.insert(name.to_owned(), value);
    }
    let (mut found, mut made_of, mut ticket): (Found, _, _) = run(state, operation, variables, caller.clone()).await?;
    // What is in another order than that of time has no archives.
    let order = found.of.as_ref().and_then(|of| of.order.as_deref());
    if asked.day.is_some() && order.is_some_and(|order| order != "LATEST") {
        return Ok(Written::nothing(StatusCode::NOT_FOUND, made_of));
    }
    let around = Surroundings { origin, hub: state.settings.hub.as_ref(), has_icon: true };
    if found.of.is_none() && asked.of != Of::Site {
        let variables = Map::from_iter([("path".to_owned(), asked.path.as_str().into())]);
        drop(ticket);
        let (One { route, .. }, elsewhere, other) = run(state, "Elsewhere", variables, caller).await?;
        (made_of, ticket) = (both(made_of, elsewhere), other);
        found.of = if route.is_none() { vanished(state, asked, &found).await? } else { None };
        if found.of.is_none() {
            return Ok(instead(route, asked, made_of));
        }
    }
    let Some(feed) = build::feed(asked, found, &around, |at| zone.day(at)) else { return Err(Failed::Meaningless) };
    if asked.day.is_some() && feed.items.is_empty() {
        return Ok(Written::nothing(StatusCode::NOT_FOUND, made_of));
    }
    let body = match (is_page, asked.format) {
        (true, _) => page::html(&feed, asked, zone),
        (_, Format::Rss) => write::rss(&feed),
        (_, Format::Atom) => write::atom(&feed),
        (_, Format::Json) => write::json_feed(&feed),
        (_, Format::Ninjs) => write::ninjs_feed(&feed),
    };
    whole(state, body, made_of, ticket)
}

/// What was written, if it is no longer than an answer may be: signs that are escaped take more room than they had.
fn whole(state: &FeedsState, body: Vec<u8>, made_of: Option<MadeOf>, ticket: Ticket) -> Result<Written, Failed> {
    if body.len() > state.graphql.limits.answer_bytes {
        Err(Failed::TooLong)
    } else {
        Ok(Written::whole(body, made_of, Some(ticket)))
    }
}

/// A tag that nothing live has any more, for as long as its feed has something to tell of: those who follow it have what was taken back.
/// Its name is not for readers any more; the slug they know, for they ask by it.
async fn vanished(state: &FeedsState, asked: &Asked, found: &Found) -> Result<Option<found::Of>, Failed> {
    let Of::Tag(slug) = &asked.of else { return Ok(None) };
    if found.departures.is_empty() {
        return Ok(None);
    }
    let id = state.store.live().vanished_tag(slug).await.map_err(|error| {
        tracing::warn!(%error, "a feed cannot be had");
        Failed::Unavailable
    })?;
    Ok(id.map(|id| found::Of {
        id: GlobalId { kind: NodeKind::Tag, id: id.uuid(), locale: asked.locale }.encode(),
        title: slug.clone(),
        description: None,
        order: None,
        list: found::Page::default(),
        earlier: None,
    }))
}

/// What is given where there is no feed: the way to where what it is of is now, or that it is gone.
fn instead(route: Option<Route>, asked: &Asked, made_of: Option<MadeOf>) -> Written {
    match route {
        Some(Route::Redirect { target }) => {
            let target = asked.instead(&target);
            let location = HeaderValue::from_str(&target.replace('\\', "%5C")).ok();
            let status = if location.is_some() { StatusCode::MOVED_PERMANENTLY } else { StatusCode::NOT_FOUND };
            Written { location, ..Written::nothing(status, made_of) }
        }
        Some(Route::Gone) => Written::nothing(StatusCode::GONE, made_of),
        _ => Written::nothing(StatusCode::NOT_FOUND, made_of),
    }
}

fn both(one: Option<MadeOf>, other: Option<MadeOf>) -> Option<MadeOf> {
    let ((stamp, mut reads), (other, more)) = (one?, other?);
    reads.add(&more);
    Some((stamp.with(other)?, reads))
}

/// Runs an operation of ours, as nobody.
async fn run<T: DeserializeOwned>(
    state: &FeedsState,
    operation: &'static str,
    variables: Map<String, Json>,
    caller: Caller,
) -> Result<(T, Option<MadeOf>, Ticket), Failed> {
    let name = Some(operation.to_owned());
    let ran = handler::execute(&state.graphql, DOCUMENT, name, variables, caller, true).await;
    let Ran { response, kept, ticket, .. } = match ran {
        Ok(ran) => ran,
        Err(refusal) => {
            let all = |codes: &[ErrorCode]| refusal.problems.iter().all(|problem| codes.contains(&problem.code));
            if all(&MEANINGLESS) {
                return Err(Failed::Meaningless);
            }
            tracing::warn!(operation, problems = ?refusal.problems, "an operation of a feed is refused");
            return Err(if all(&TOO_LONG) { Failed::TooLong } else { Failed::Unavailable });
        }
    };
    if let Some(error) = response.errors.first() {
        let code = error.extensions.as_ref().and_then(|extensions| extensions.get("code"));
        let has = |codes: &[ErrorCode]| codes.iter().any(|known| code == Some(&known.as_str().into()));
        if has(&MEANINGLESS) {
            return Err(Failed::Meaningless);
        }
        tracing::warn!(operation, error = error.message, "a feed cannot be had");
        return Err(if has(&TOO_LONG) { Failed::TooLong } else { Failed::Unavailable });
    }
    let answer = look(&response).and_then(|mut answer| serde_json::from_value(answer["data"].take()));
    let answer = answer.map_err(|error| {
        tracing::error!(%error, operation, "what a feed is made of cannot be read");
        Failed::Unavailable
    })?;
    Ok((answer, kept, ticket))
}

/// What followers of a feed look for (WebSub §4): the hub that tells of it, and its own address.
fn links(state: &FeedsState, asked: &Asked, origin: &Url) -> Option<HeaderValue> {
    let own = origin.join(&asked.own()).ok()?;
    let hub = state.settings.hub.as_ref().filter(|_| asked.is_first());
    let hub = hub.map(|hub| format!("<{hub}>; rel=\"hub\", ")).unwrap_or_default();
    HeaderValue::from_str(&format!("{hub}<{own}>; rel=\"self\"")).ok()
}

/// Whether a client is a browser, which likes pages better than what feeds are written as (RFC 9110 §12.5.1). It has to say so.
fn wants_page(headers: &HeaderMap, format: Format) -> bool {
    let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let (mut page, mut feed) = (0.0_f32, 0.0_f32);
    for range in values.flat_map(|value| value.split(',')) {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_ascii_lowercase();
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        let weight = weight.map_or(Some(1.0), |weight| weight.parse::<f32>().ok()).unwrap_or(0.0);
        if name == "text/html" {
            page = page.max(weight);
        } else if format.accepted().contains(&name.as_str()) {
            feed = feed.max(weight);
        }
    }
    page > feed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_get_a_page_and_readers_of_feeds_get_feeds() {
        for (accepts, is_page) in [
            ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", true),
            ("text/html", true),
            ("", false),
            ("*/*", false),
            ("application/rss+xml, application/atom+xml;q=0.9, text/html;q=0.5, */*;q=0.1", false),
            ("application/xml, text/html", false),
            ("text/html;q=0", false),
            ("TEXT/HTML;Q=0.3", true),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_str(accepts).unwrap())]);
            assert_eq!(wants_page(&headers, Format::Rss), is_page, "{accepts}");
        }
    }
}
