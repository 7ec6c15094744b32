//! A server of one bucket that speaks as much of S3's language as keeping things needs, well or badly.

use std::{
    collections::{BTreeMap, HashMap},
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Query, State},
    http::{HeaderMap, Method, Response, StatusCode, Uri, header},
};
use jiff::Timestamp;

/// How many names a page of a list has.
const PAGE: usize = 2;
/// Who may ask.
const KEY: &str = "AKIDCOURANT";

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// Nothing.
    Nothing,
    /// Everything is forbidden.
    Forbidden,
    /// What is put there fails, after this many.
    Puts(usize),
    /// What is had from there breaks off halfway, other than lists.
    Reads,
}

#[derive(Debug)]
struct Inner {
    things: BTreeMap<String, Bytes>,
    parts: HashMap<String, BTreeMap<usize, Bytes>>,
    wrong: Wrong,
    puts: usize,
    reads: usize,
}

/// A bucket, called `bucket`.
#[derive(Debug, Clone)]
pub struct Bucket {
    address: SocketAddr,
    inner: Arc<Mutex<Inner>>,
}

impl Bucket {
    /// One that is empty.
    pub async fn start() -> Self {
        let (things, parts) = (BTreeMap::new(), HashMap::new());
        let inner = Arc::new(Mutex::new(Inner { things, parts, wrong: Wrong::Nothing, puts: 0, reads: 0 }));
        let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(answer).with_state(inner.clone());
        let router = router.layer(axum::extract::DefaultBodyLimit::disable());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, inner }
    }

    /// How it is reached, as S3's clients are told by their environment.
    #[must_use]
    pub fn settings(&self) -> Vec<(String, String)> {
        let setting = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let endpoint = format!("http://{}", self.address);
        let settings = [
            ("AWS_ENDPOINT_URL", endpoint.as_str()),
            ("AWS_ALLOW_HTTP", "true"),
            ("AWS_ACCESS_KEY_ID", KEY),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("AWS_SOMETHING_ELSE", "passed over"),
        ];
        settings.map(setting).to_vec()
    }

    /// Has something go wrong from now on.
    pub fn goes_wrong(&self, wrong: Wrong) {
        let mut inner = self.lock();
        (inner.wrong, inner.puts) = (wrong, 0);
    }

    /// The names of all that is there.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.lock().things.keys().cloned().collect()
    }

    /// How often something was read that is there.
    #[must_use]
    pub fn reads(&self) -> usize {
        self.lock().reads
    }

    /// Changes a thing.
    pub fn change(&self, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
        let mut inner = self.lock();
        let mut bytes = inner.things[name].to_vec();
        change(&mut bytes);
        inner.things.insert(name.to_owned(), bytes.into());
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }
}

type Asked = HashMap<String, String>;

async fn answer(
    State(inner): State<Arc<Mutex<Inner>>>,
    method: Method,
    uri: Uri,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let mut inner = inner.lock().unwrap();
    let signature = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !signature.starts_with(&format!("AWS4-HMAC-SHA256 Credential={KEY}/")) || inner.wrong == Wrong::Forbidden {
        return error(StatusCode::FORBIDDEN, "AccessDenied");
    }
    let Some(name) = uri.path().strip_prefix("/bucket") else { return error(StatusCode::NOT_FOUND, "NoSuchBucket") };
    let name = decoded(name.trim_start_matches('/'));
    match method {
        Method::GET if name.is_empty() => inner.list(&asked),
        Method::GET => inner.get(&name),
        Method::PUT => inner.put(&name, &asked, body),
        Method::POST => inner.post(&name, &asked),
        Method::DELETE => {
            inner.things.remove(&name);
            Response::builder().status(StatusCode::NO_CONTENT).body(Body::empty()).unwrap()
        }
        _ => error(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed"),
    }
}

impl Inner {
    fn list(&self, asked: &Asked) -> Response<Body> {
        let of = |name: &str| asked.get(name).map(String::as_str).unwrap_or_default();
        let (prefix, after) = (of("prefix"), of("continuation-token"));
        let all = self.things.iter().filter(|(name, _)| name.starts_with(prefix) && name.as_str() > after);
        let page: Vec<_> = all.take(PAGE + 1).collect();
        let is_cut = page.len() > PAGE;
        let mut xml = format!("<ListBucketResult><IsTruncated>{is_cut}</IsTruncated>");
        for (name, bytes) in page.iter().take(PAGE) {
            let (at, length) = (Timestamp::now(), bytes.len());
            xml.push_str(&format!(
                "<Contents><Key>{name}</Key><LastModified>{at}</LastModified><ETag>\"e\"</ETag><Size>{length}</Size></Contents>"
            ));
        }
        if is_cut {
            xml.push_str(&format!("<NextContinuationToken>{}</NextContinuationToken>", page[PAGE - 1].0));
        }
        xml_of(xml + "</ListBucketResult>")
    }

    fn get(&mut self, name: &str) -> Response<Body> {
        let Some(bytes) = self.things.get(name) else { return error(StatusCode::NOT_FOUND, "NoSuchKey") };
        self.reads += 1;
        let answer = Response::builder().header(header::ETAG, "\"e\"").header(header::CONTENT_LENGTH, bytes.len());
        let is_list = name.ends_with(".json");
        let body = if self.wrong == Wrong::Reads && !is_list {
            // Less than was announced, and then the connection breaks.
            let half = Ok::<_, std::io::Error>(bytes.slice(..bytes.len() / 2));
            let breaks = Err(std::io::Error::other("cut off"));
            Body::from_stream(futures_util::stream::iter([half, breaks]))
        } else {
            Body::from(bytes.clone())
        };
        answer.body(body).unwrap()
    }

    fn put(&mut self, name: &str, asked: &Asked, body: Bytes) -> Response<Body> {
        self.puts += 1;
        if let Wrong::Puts(after) = self.wrong
            && self.puts > after
        {
            return error(StatusCode::INSUFFICIENT_STORAGE, "XMinioStorageFull");
        }
        match asked.get("partNumber").zip(asked.get("uploadId")) {
            Some((number, id)) => {
                self.parts.get_mut(id).unwrap().insert(number.parse().unwrap(), body);
            }
            None => {
                self.things.insert(name.to_owned(), body);
            }
        }
        Response::builder().header(header::ETAG, "\"e\"").body(Body::empty()).unwrap()
    }

    /// Begins or ends an upload in parts.
    fn post(&mut self, name: &str, asked: &Asked) -> Response<Body> {
        if let Some(id) = asked.get("uploadId") {
            let whole = self.parts.remove(id).unwrap().into_values().flatten().collect::<Vec<u8>>();
            self.things.insert(name.to_owned(), whole.into());
            return xml_of(
                "<CompleteMultipartUploadResult><ETag>\"e\"</ETag></CompleteMultipartUploadResult>".to_owned(),
            );
        }
        let id = format!("upload-{}", self.parts.len());
        self.parts.insert(id.clone(), BTreeMap::new());
        let result = "InitiateMultipartUploadResult";
        xml_of(format!("<{result}><UploadId>{id}</UploadId></{result}>"))
    }
}

/// A path as it is meant (RFC 3986, section 2.1).
fn decoded(path: &str) -> String {
    let mut found = Vec::new();
    let mut bytes = path.bytes();
    while let Some(byte) = bytes.next() {
        found.push(if byte == b'%' {
            let digits: Vec<u8> = bytes.by_ref().take(2).collect();
            u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
        } else {
            byte
        });
    }
    String::from_utf8(found).unwrap()
}

fn xml_of(xml: String) -> Response<Body> {
    Response::builder().header(header::CONTENT_TYPE, "application/xml").body(Body::from(xml)).unwrap()
}

fn error(status: StatusCode, code: &str) -> Response<Body> {
    let xml = format!("<Error><Code>{code}</Code><Message>{code}</Message></Error>");
    Response::builder().status(status).body(Body::from(xml)).unwrap()
}
