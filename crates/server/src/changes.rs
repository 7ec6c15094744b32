//! The log of changes as lines of JSON, for those who follow all of it: `GET /changes.ndjson?after=…`.
//!
//! Each page of it is an operation of nobody's, which waits for its place and is charged for as any client's. The next one is run when
//! the connection has taken the one before: so it is never more than a page in memory, however slowly it is read.

use std::{io, sync::Arc, time::Duration};

use async_graphql::ServerError;
use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use courant_domain::change::ChangeCursor;
use courant_gateway::{Caller, error::ErrorCode};
use futures_util::stream;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use crate::{
    graphql::{
        accept,
        handler::{self, GraphqlState, Ran},
        response,
    },
    middleware::{
        etag,
        flow::{Charge, held},
        refusal::Refusal,
        request_id::id_of,
        request_log,
    },
};

const PAGE: &str = include_str!("changes.graphql");

/// A page that finds no place is asked for again so often, once a second, before what was begun is cut off.
const PATIENCE: u32 = 30;

/// `GET /changes.ndjson`: a change a line, up to the last one there was at the beginning, and a line that says where to go on.
pub(crate) async fn ndjson(State(state): State<Arc<GraphqlState>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let id = id_of(&parts.extensions);
    match answer(&state, &parts).await {
        Ok(response) => response,
        Err(refusal) => response::refused(refusal, accept::Media::JSON, &id),
    }
}

async fn answer(state: &Arc<GraphqlState>, parts: &Parts) -> Result<Response, Refusal> {
    let after = after(parts.uri.query().unwrap_or_default())?;
    let address = state.authentication.address(parts);
    let caller = Caller { address, request_id: id_of(&parts.extensions).to_string(), ..Caller::default() };
    request_log::note_operation(Some("changes_ndjson"));
    let (page, charge) = page(state, after, caller.clone(), true).await?;
    // The log as this process knows it may end before a place that another one gave.
    let head = page.head.unwrap_or(ChangeCursor::BEGINNING).max(after);
    let tag = etag::of(format!("{after} {head}").as_bytes());
    if etag::is_known(&parts.headers, &tag) {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        describe(response.headers_mut(), &tag);
        return Ok(response);
    }
    let feed = Feed { state: Arc::clone(state), caller, head, next: Some(Next::Page(page, charge)) };
    let mut response = Response::new(Body::from_stream(stream::try_unfold(feed, Feed::next)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
    if let Ok(link) = HeaderValue::from_str(&format!("</changes.ndjson?after={head}>; rel=\"next\"")) {
        headers.insert(header::LINK, link);
    }
    describe(headers, &tag);
    Ok(response)
}

/// What it is may be another one at any time; a cache is to ask.
fn describe(headers: &mut HeaderMap, tag: &HeaderValue) {
    headers.insert(header::ETAG, tag.clone());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
}

/// Reads the one parameter there is.
fn after(query: &str) -> Result<ChangeCursor, Refusal> {
    let mut after = None;
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if name != "after" || after.is_some() {
            return Err(Refusal::bad_request("give nothing but one `after`, the cursor to go on from"));
        }
        let cursor = value.parse().map_err(|_| {
            Refusal::http(
                StatusCode::BAD_REQUEST,
                ErrorCode::BadUserInput,
                "`after` is no cursor of the log of changes",
            )
        })?;
        after = Some(cursor);
    }
    Ok(after.unwrap_or(ChangeCursor::BEGINNING))
}

/// What is to come of an answer.
struct Feed {
    state: Arc<GraphqlState>,
    caller: Caller,
    /// Where it ends.
    head: ChangeCursor,
    next: Option<Next>,
}

enum Next {
    /// A page that is there.
    Page(Page, Charge),
    /// The page after this place.
    After(ChangeCursor),
}

impl Feed {
    async fn next(mut self) -> io::Result<Option<(Bytes, Self)>> {
        let Some(next) = self.next.take() else { return Ok(None) };
        let (page, mut charge) = match next {
            Next::Page(page, charge) => (page, charge),
            Next::After(after) => self.page_in_time(after).await?,
        };
        let mut lines = Vec::new();
        let mut is_over = !page.has_next;
        for change in &page.changes {
            // What was logged since is for the next time.
            if place(&change["cursor"]).is_none_or(|place| place.seq > self.head.seq) {
                is_over = true;
                break;
            }
            serde_json::to_writer(&mut lines, change)?;
            lines.push(b'\n');
        }
        if is_over {
            serde_json::to_writer(&mut lines, &json!({ "end": self.head.to_string() }))?;
            lines.push(b'\n');
        } else {
            self.next = Some(Next::After(page.end));
        }
        charge.set(lines.len());
        Ok(Some((held(lines, charge), self)))
    }

    /// A page, once there is room for it.
    async fn page_in_time(&self, after: ChangeCursor) -> io::Result<(Page, Charge)> {
        let mut tries = 0;
        loop {
            match page(&self.state, after, self.caller.clone(), false).await {
                Ok(page) => return Ok(page),
                Err(refusal) if tries < PATIENCE && refusal.problems.iter().all(|problem| passes(problem.code)) => {
                    tries += 1;
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
                // Without its last line it is not taken for whole.
                Err(refusal) => {
                    tracing::debug!(problems = ?refusal.problems, "lines of changes are cut off");
                    return Err(io::Error::other("the log of changes cannot be read on"));
                }
            }
        }
    }
}

/// Whether it can be had a moment later.
fn passes(code: ErrorCode) -> bool {
    code.is_outage() || code == ErrorCode::TooManyRequests
}

/// A page of the log.
struct Page {
    changes: Vec<Json>,
    has_next: bool,
    end: ChangeCursor,
    /// The last change there is, if it was asked for.
    head: Option<ChangeCursor>,
}

/// Reads the page after a place; with what it is charged.
async fn page(
    state: &GraphqlState,
    after: ChangeCursor,
    caller: Caller,
    head: bool,
) -> Result<(Page, Charge), Refusal> {
    let mut variables = Map::from_iter([("head".to_owned(), json!(head))]);
    if !after.is_beginning() {
        variables.insert("after".to_owned(), json!(after.to_string()));
    }
    let Ran { response: executed, ticket, .. } = handler::execute(state, PAGE, None, variables, caller, false).await?;
    if let Some(error) = executed.errors.first() {
        return Err(refusal(error));
    }
    let failed = |_| internal();
    let mut data = response::look(&executed).map_err(failed)?;
    let Found { nodes, page_info, head } = Found::deserialize(data["data"]["changes"].take()).map_err(failed)?;
    let end = place(&page_info.end_cursor).ok_or_else(internal)?;
    let page = Page { changes: nodes, has_next: page_info.has_next_page, end, head: place(&head) };
    Ok((page, ticket.answered(0)))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    nodes: Vec<Json>,
    page_info: PageInfo,
    #[serde(default)]
    head: Json,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    has_next_page: bool,
    end_cursor: Json,
}

fn place(cursor: &Json) -> Option<ChangeCursor> {
    cursor.as_str()?.parse().ok()
}

fn refusal(error: &ServerError) -> Refusal {
    let code = error.extensions.as_ref().and_then(|extensions| extensions.get("code"));
    let code = ErrorCode::ALL.iter().copied().find(|known| code == Some(&known.as_str().into()));
    let status = match code {
        Some(ErrorCode::StaleCursor) => StatusCode::GONE,
        Some(code) if code.is_outage() => StatusCode::SERVICE_UNAVAILABLE,
        Some(_) => StatusCode::BAD_REQUEST,
        None => return internal(),
    };
    Refusal::http(status, code.unwrap_or(ErrorCode::Internal), error.message.clone())
}

fn internal() -> Refusal {
    Refusal::http(StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::Internal, "internal error")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_one_cursor_is_taken() {
        let cursor = ChangeCursor { seq: 7, micros: 8 };
        assert_eq!(after("").ok(), Some(ChangeCursor::BEGINNING));
        assert_eq!(after(&format!("after={cursor}")).ok(), Some(cursor));
        for query in [format!("after={cursor}&after={cursor}"), "after=x".to_owned(), "first=3".to_owned()] {
            assert!(after(&query).is_err(), "{query}");
        }
    }
}
