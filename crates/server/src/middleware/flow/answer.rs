//! Answers that are charged for as long as they are in memory.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    http::{HeaderValue, header},
    response::Response,
};

use super::Charge;

/// What an encoder of an answer takes: Brotli's tables and window, and gzip's.
const BROTLI_BYTES: usize = 1024 * 1024;
const GZIP_BYTES: usize = 256 * 1024;

/// An answer that takes up what it was charged until the last piece of it is gone, wherever the server has put it.
pub(crate) fn hold(body: Bytes, charge: Charge) -> Response {
    let beside = Account(Arc::new(charge.beside()));
    let mut response = Response::new(Body::from(held(body, charge)));
    response.extensions_mut().insert(beside);
    response
}

/// A piece of an answer that takes up what it was charged until it is gone.
pub(crate) fn held(body: impl Into<Bytes>, charge: Charge) -> Bytes {
    struct Held {
        body: Bytes,
        _charge: Charge,
    }
    impl AsRef<[u8]> for Held {
        fn as_ref(&self) -> &[u8] {
            &self.body
        }
    }
    Bytes::from_owner(Held { body: body.into(), _charge: charge })
}

/// Who is charged for an answer, for the layers around it.
#[derive(Clone)]
struct Account(Arc<Charge>);

/// Charges what packing takes.
pub(crate) fn encoded(mut response: Response) -> Response {
    let Some(Account(account)) = response.extensions_mut().remove() else { return response };
    let bytes = match response.headers().get(header::CONTENT_ENCODING).map(HeaderValue::as_bytes) {
        Some(b"br") => BROTLI_BYTES,
        Some(_) => GZIP_BYTES,
        None => return response,
    };
    let mut charge = account.beside();
    charge.set(bytes);
    response.map(|body| Body::new(Encoded { body, _charge: charge }))
}

struct Encoded {
    body: Body,
    _charge: Charge,
}

impl HttpBody for Encoded {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(task)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.body.size_hint()
    }
}
