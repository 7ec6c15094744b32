//! The page at an address: made of what its two operations answer, or kept from the last time.

use std::convert::Infallible;

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use courant_gateway::Caller;
use serde_json::Value as Json;

use super::{
    SiteState, as_page, away,
    bundle::Fill,
    caller,
    first::first_answer,
    frame, location, message_head,
    place::{Asked, Standing},
    plain::{Content, Page},
    redirect,
    summary::{self, Found},
};
use crate::{
    cache::{Answer, CacheStatus, Kept, Key, Made, MadeOf},
    middleware::{
        flow::{Charge, Ticket, hold},
        request_log,
    },
};

/// A page that was made.
struct Rendered {
    status: StatusCode,
    /// Where it leads, in the place of a page.
    location: Option<String>,
    html: Vec<u8>,
    standing: Standing,
    /// What the log calls it.
    operation: Option<Box<str>>,
    made_of: Option<MadeOf>,
    ticket: Option<Ticket>,
}

/// Answers with the page at an address.
pub(super) async fn answer(state: &SiteState, parts: &Parts, asked: Asked<'_>) -> Response {
    let origin = state.origin.of(parts, &state.trusted_proxies);
    let caller = caller(state, parts);
    let answers = &state.graphql.answers;
    // What was not found by its query may be there later, and nothing of the page says so.
    let is_kept = answers.is_on() && asked.standing() != Standing::Preview && !asked.may_be_old();
    // Of a search nothing is known to hold.
    if !is_kept || asked.standing() == Standing::Results {
        return render(state, parts, &asked, &origin, caller, is_kept).await.respond();
    }
    let address = parts.uri.path_and_query().map_or(asked.path, |whole| whole.as_str());
    let key = Key::Page { origin: origin.as_str().into(), address: address.into() };
    let (client, begun) = (caller.address, state.store.now());
    let make = async {
        let mut rendered = render(state, parts, &asked, &origin, caller, true).await;
        let made_of = rendered.made_of.take();
        let kept = made_of.and_then(|(stamp, reads)| rendered.kept((stamp, answers.reads(begun, reads))));
        Ok::<_, Infallible>(Made { answer: rendered, kept })
    };
    match answers.answer(key, Box::pin(make)).await {
        Ok(Answer::Made(rendered)) => rendered.respond(),
        Ok(Answer::Kept(kept, found)) => match state.graphql.flow.charge(client, kept.len()).await {
            Ok(charge) => given(state, parts, (&kept, found), charge),
            Err(_) => away(&state.reader, parts),
        },
        Err(never) => match never {},
    }
}

/// A page that is kept.
fn given(state: &SiteState, parts: &Parts, (kept, found): (&Kept, CacheStatus), charge: Charge) -> Response {
    request_log::note_operation(kept.operation.as_deref());
    let leads_elsewhere = kept.leads_elsewhere();
    let mut response = kept.respond(found, &parts.headers, !leads_elsewhere, charge);
    if !leads_elsewhere {
        let status = response.status();
        response = as_page(response, status, Standing::Own);
    }
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    state.graphql.answers.tell(headers, kept);
    response
}

async fn render(
    state: &SiteState,
    parts: &Parts,
    asked: &Asked<'_>,
    origin: &str,
    caller: Caller,
    is_kept: bool,
) -> Rendered {
    let (summary, first) = tokio::join!(
        summary::read(state, asked, caller.clone(), is_kept),
        first_answer(&state.graphql, asked, caller, is_kept)
    );
    let standing = asked.standing();
    let begun = state.store.now();
    let (summary, made_of) = summary.map_or_else(|failed| (Err(failed), None), |(found, of)| (Ok(found), of));
    let (status, page, summary) = match summary {
        Ok(Found::Elsewhere(target)) => {
            let location = Some(target);
            let status = StatusCode::MOVED_PERMANENTLY;
            return Rendered { status, location, html: Vec::new(), standing, operation: None, made_of, ticket: None };
        }
        Ok(Found::Page(summary)) => match first.failed {
            None => (StatusCode::OK, summary.page, Some(summary)),
            Some(failed) => (failed.status(), failed.page(), None),
        },
        Ok(Found::Gone) => (StatusCode::GONE, Page::Gone, None),
        Ok(Found::Nothing) => (StatusCode::NOT_FOUND, Page::NotFound, None),
        Err(failed) => (failed.status(), failed.page(), None),
    };
    let reference = state.store.reference();
    let locale = asked.locale.filter(|locale| reference.site.has(*locale)).unwrap_or(reference.site.default_locale);
    let is_away = status == StatusCode::SERVICE_UNAVAILABLE;
    let frame = frame::of(&reference, locale);
    let head = match &summary {
        Some(summary) => summary.head(origin, standing),
        None => message_head(&state.reader, page, locale, frame["site"]["name"].as_str().unwrap_or_default()),
    };
    let alternates = summary.iter().flat_map(|summary| &summary.alternates);
    let content = Content {
        data: if is_away { &Json::Null } else { &first.data },
        frame: &frame,
        locale: locale.as_str(),
        time_zone: frame["site"]["timeZone"].as_str().unwrap_or("UTC"),
        path: asked.path,
        address: parts.uri.path_and_query().map_or(asked.path, |whole| whole.as_str()),
        query: parts.uri.query().unwrap_or_default(),
        variables: &asked.variables,
        alternates: alternates.map(|link| (link.locale.as_str(), link.path.as_str())).collect(),
        choices: asked.operation.choices(),
        filtered: asked.is_filtered(),
    };
    let fill = Fill {
        locale,
        head: &head,
        body: &state.reader.pages().fill(page, locale, &content),
        // No half page: the app asks itself.
        data: if is_away { "" } else { &first.element },
    };
    let html = state.reader.fill(&fill).into_bytes();
    let made_of = both(made_of, first.made_of).filter(|_| !is_away).map(|(stamp, mut reads)| {
        // What stands around all pages.
        reads.roots();
        // Who is called as another is told from that one.
        match page {
            Page::Tag => reads.tags(),
            Page::Person => reads.persons(),
            Page::Feed => reads.feeds(),
            _ => {}
        }
        reference.categories.children(None).for_each(|section| reads.category(section.id));
        // Dates of this year are written without it.
        if let Some(end) = reference.site.time_zone.day_ends(begun) {
            reads.ends(end);
        }
        (stamp, reads)
    });
    let operation = Some(asked.operation.operation.as_str().into());
    Rendered { status, location: None, html, standing, operation, made_of, ticket: first.ticket }
}

/// What two answers together were made of.
fn both(one: Option<MadeOf>, other: Option<MadeOf>) -> Option<MadeOf> {
    let ((stamp, mut reads), (other, more)) = (one?, other?);
    reads.add(&more);
    Some((stamp.with(other)?, reads))
}

impl Rendered {
    fn respond(self) -> Response {
        if let Some(location) = &self.location {
            return redirect(self.status, location);
        }
        let body = match self.ticket {
            Some(ticket) => {
                let bytes = self.html.capacity();
                hold(self.html.into(), ticket.answered(bytes))
            }
            None => Response::new(Body::from(self.html)),
        };
        as_page(body, self.status, self.standing)
    }

    /// The same to be kept, if it is a page, leads to one, or says that there is none.
    fn kept(&self, made_of: MadeOf) -> Option<Kept> {
        if let Some(target) = &self.location {
            let location = location(target)?;
            return Some(Kept::new(made_of, Vec::new()).with_status(self.status).leading_to(Some(location)));
        }
        if !matches!(self.status, StatusCode::OK | StatusCode::NOT_FOUND | StatusCode::GONE) {
            return None;
        }
        let kept = Kept::new(made_of, self.html.clone());
        Some(kept.of(self.operation.clone(), 0).with_status(self.status))
    }
}
