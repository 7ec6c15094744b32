//! How buckets are connected to: by the same TLS as everything else that is sent to others, and by no other client.

use std::{io, time::Duration};

use async_trait::async_trait;
use http_body_util::BodyExt;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use object_store::{
    ClientConfigKey, ClientOptions,
    client::{
        HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpRequestBody, HttpResponse,
        HttpResponseBody, HttpService,
    },
};

use crate::{
    Destinations,
    client::client,
    connector::Connector,
    roots::{roots, tls},
};

/// How long it may take to connect.
const CONNECT: Duration = Duration::from_secs(5);
/// How long it may take until an answer begins, what is sent included.
const ANSWER: Duration = Duration::from_secs(120);

/// Makes clients for buckets.
#[derive(Debug)]
pub(super) struct Connecting;

impl HttpConnector for Connecting {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let failed = |source| object_store::Error::Generic { store: "S3", source };
        let tls = tls(roots()).map_err(|error| failed(Box::new(error)))?;
        // A bucket is where whoever runs the server has set it.
        let client = client(tls, Connector::new(Destinations::All, CONNECT));
        let is_http_allowed =
            options.get_config_value(&ClientConfigKey::AllowHttp).is_some_and(|value| value == "true");
        Ok(HttpClient::new(Service { client, is_http_allowed }))
    }
}

#[derive(Debug)]
struct Service {
    client: Client<HttpsConnector<Connector>, HttpRequestBody>,
    is_http_allowed: bool,
}

#[async_trait]
impl HttpService for Service {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        if !self.is_http_allowed && request.uri().scheme_str() != Some("https") {
            let error = io::Error::other("the bucket is reached by plain HTTP, which AWS_ALLOW_HTTP does not allow");
            return Err(HttpError::new(HttpErrorKind::Unknown, error));
        }
        let answer = tokio::time::timeout(ANSWER, self.client.request(request)).await;
        let answer = answer.map_err(|error| HttpError::new(HttpErrorKind::Timeout, error))?;
        let answer = answer.map_err(|error| {
            let kind = if error.is_connect() { HttpErrorKind::Connect } else { HttpErrorKind::Request };
            HttpError::new(kind, error)
        })?;
        let (head, body) = answer.into_parts();
        let body = body.map_err(|error| HttpError::new(HttpErrorKind::Interrupted, error));
        Ok(HttpResponse::from_parts(head, HttpResponseBody::new(body)))
    }
}
