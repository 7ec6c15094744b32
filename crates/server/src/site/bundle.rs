//! The built app, as `npm run build` of `web/reader` leaves it in its folder.

use std::{
    collections::{BTreeMap, HashMap},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use courant_domain::locale::Locale;
use serde::Deserialize;

use super::plain::{Pages, PlainError};
use crate::middleware::etag;

/// The places to fill in, in their order.
const PLACES: [&str; 5] =
    ["{{courant:lang}}", "{{courant:dir}}", "<!--courant:head-->", "<!--courant:body-->", "<!--courant:data-->"];

/// The reader app.
#[derive(Debug, Clone)]
pub struct Reader(Arc<Built>);

#[derive(Debug)]
struct Built {
    /// The page, cut at the places.
    page: [String; PLACES.len() + 1],
    operations: Vec<PageOperation>,
    pages: Pages,
    files: HashMap<String, File>,
}

/// Why a folder holds no reader app.
#[derive(Debug, thiserror::Error)]
pub enum ReaderError {
    /// A file cannot be read.
    #[error("cannot read {0}")]
    Read(PathBuf, #[source] io::Error),
    /// The page has not exactly one of each place to fill in, in their order.
    #[error("index.html has no place {0}, or not in its order")]
    Place(&'static str),
    /// The list of operations is not one.
    #[error("operations.json cannot be read")]
    Operations(#[from] serde_json::Error),
    /// There is no operation for all the addresses that no other is for.
    #[error("operations.json has no operation for the address /*")]
    NoRoute,
    /// The pages for those who run no script cannot be filled in.
    #[error(transparent)]
    Plain(#[from] PlainError),
}

/// The operation that a page asks first.
#[derive(Debug, Deserialize)]
pub(super) struct PageOperation {
    pub(super) kind: Kind,
    /// `/{locale}`, `/{locale}/decrees` and the like; `/*` for all the rest.
    pub(super) address: String,
    pub(super) operation: String,
    pub(super) variables: BTreeMap<String, Source>,
    pub(super) document: String,
}

impl PageOperation {
    /// The values that its variables can have, where they are some of a few.
    pub(super) fn choices<'a>(&'a self) -> BTreeMap<&'a str, &'a [String]> {
        let choice = |(name, source): (&'a String, &'a Source)| match source {
            Source::Query { accept: Accept::Values(values), .. } => Some((name.as_str(), values.as_slice())),
            _ => None,
        };
        self.variables.iter().filter_map(choice).collect()
    }
}

/// What sort of page it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    /// A front page.
    Front,
    /// The register of decrees.
    Register,
    /// The list of feeds.
    Feeds,
    /// What was looked for.
    Search,
    /// Whatever `route` finds.
    Route,
}

/// Where a variable comes from.
#[derive(Debug, Deserialize)]
#[serde(tag = "from", rename_all = "lowercase")]
pub(super) enum Source {
    Locale,
    Path,
    Query {
        parameter: String,
        accept: Accept,
        #[serde(default)]
        list: bool,
    },
}

/// Which values of a parameter count.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Accept {
    Form(Form),
    Values(Vec<String>),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Form {
    /// 1 to 500 UTF-16 code units, as scripts count them, once trimmed.
    Text,
    /// A calendar day.
    Date,
    /// What somebody has typed, however long: what is more than 1,000 characters is cut off, and U+0000 left out.
    Words,
    /// A year of four digits, as a number.
    Year,
}

/// What is filled in.
pub(super) struct Fill<'a> {
    pub(super) locale: Locale,
    pub(super) head: &'a str,
    pub(super) body: &'a str,
    pub(super) data: &'a str,
}

impl Reader {
    /// Reads the app from the folder it was built into.
    ///
    /// # Errors
    /// [`ReaderError`] when there is none, or it is not one that this server can fill in.
    pub fn load(folder: &Path) -> Result<Self, ReaderError> {
        let mut files = HashMap::new();
        collect(folder, "", &mut files)?;
        let missing = |name: &str| ReaderError::Read(folder.join(name), io::ErrorKind::NotFound.into());
        let page = files.remove("index.html").ok_or_else(|| missing("index.html"))?;
        let page = cut(&String::from_utf8_lossy(&page.body))?;
        let operations = files.remove("operations.json").ok_or_else(|| missing("operations.json"))?;
        let Manifest { pages: operations } = serde_json::from_slice(&operations.body)?;
        if !operations.iter().any(|operation| operation.address == "/*") {
            return Err(ReaderError::NoRoute);
        }
        let words = files.remove("words.json").ok_or_else(|| missing("words.json"))?;
        let mut templates = BTreeMap::new();
        files.retain(|name, file| {
            let Some(name) = name.strip_prefix("plain/") else { return true };
            templates.insert(name.to_owned(), String::from_utf8_lossy(&file.body).into_owned());
            false
        });
        let pages = Pages::new(&words.body, &templates)?;
        Ok(Self(Arc::new(Built { page, operations, pages, files })))
    }

    /// A file of the app, by its path in the folder.
    pub(super) fn file(&self, path: &str) -> Option<&File> {
        self.0.files.get(path)
    }

    /// The pages for those who run no script.
    pub(super) fn pages(&self) -> &Pages {
        &self.0.pages
    }

    pub(super) fn operations(&self) -> &[PageOperation] {
        &self.0.operations
    }

    /// Whether it has a page for what is looked for.
    pub(super) fn has_search(&self) -> bool {
        self.operations().iter().any(|operation| operation.kind == Kind::Search)
    }

    /// The documents of its operations.
    pub(crate) fn documents(&self) -> impl Iterator<Item = &str> {
        self.operations().iter().map(|operation| operation.document.as_str())
    }

    /// The page with all places filled in.
    pub(super) fn fill(&self, fill: &Fill<'_>) -> String {
        let Fill { locale, head, body, data } = *fill;
        let mut page = String::with_capacity(8192 + head.len() + body.len() + data.len());
        for (piece, filled) in
            self.0.page.iter().zip([locale.as_str(), locale.direction().as_str(), head, body, data, ""])
        {
            page.push_str(piece);
            page.push_str(filled);
        }
        page
    }
}

#[derive(Deserialize)]
struct Manifest {
    pages: Vec<PageOperation>,
}

fn cut(page: &str) -> Result<[String; PLACES.len() + 1], ReaderError> {
    let mut pieces: [String; PLACES.len() + 1] = Default::default();
    let mut rest = page;
    for (piece, place) in pieces.iter_mut().zip(PLACES) {
        let (before, after) = rest.split_once(place).ok_or(ReaderError::Place(place))?;
        before.clone_into(piece);
        rest = after;
    }
    rest.clone_into(&mut pieces[PLACES.len()]);
    Ok(pieces)
}

fn collect(folder: &Path, prefix: &str, files: &mut HashMap<String, File>) -> Result<(), ReaderError> {
    let failed = |error| ReaderError::Read(folder.to_path_buf(), error);
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let (path, name) = (entry.path(), format!("{prefix}{name}"));
        if path.is_dir() {
            collect(&path, &format!("{name}/"), files)?;
        } else {
            let body = std::fs::read(&path).map_err(|error| ReaderError::Read(path, error))?;
            files.insert(name.clone(), File::new(&name, body));
        }
    }
    Ok(())
}

/// A file, as it is sent.
#[derive(Debug)]
pub(super) struct File {
    body: Bytes,
    content_type: &'static str,
    tag: HeaderValue,
}

impl File {
    fn new(name: &str, body: Vec<u8>) -> Self {
        Self { tag: etag::of(&body), content_type: content_type(name), body: body.into() }
    }

    pub(super) fn answer(&self, asked: &HeaderMap, cache: &'static str) -> Response {
        let mut response = if etag::is_known(asked, &self.tag) {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response
        } else {
            let mut response = Response::new(Body::from(self.body.clone()));
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
            response
        };
        response.headers_mut().insert(header::ETAG, self.tag.clone());
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        response
    }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("md" | "txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{super::plain::tests as plain, *};

    const PAGE: &str = "<html lang=\"{{courant:lang}}\" dir=\"{{courant:dir}}\"><head><!--courant:head--></head><body><div id=\"root\">\
                        <!--courant:body--></div><!--courant:data--></body></html>";
    const OPERATIONS: &str = r#"{"pages":[{"kind":"route","address":"/*","operation":"Page","document":"query Page",
        "variables":{"path":{"from":"path"},"on":{"from":"query","parameter":"on","accept":"date"},
        "kinds":{"from":"query","parameter":"kind","accept":["LAW"],"list":true}}}]}"#;

    /// An app that shows of a page its own name alone.
    pub(crate) fn small() -> Reader {
        load(&[("index.html", PAGE), ("operations.json", OPERATIONS)]).unwrap()
    }

    fn load(files: &[(&str, &str)]) -> Result<Reader, ReaderError> {
        let folder = tempfile::tempdir().unwrap();
        for inner in ["assets", "plain"] {
            std::fs::create_dir(folder.path().join(inner)).unwrap();
        }
        for name in plain::TEMPLATES {
            std::fs::write(folder.path().join("plain").join(name), format!("{name} {{{{ path }}}}")).unwrap();
        }
        std::fs::write(folder.path().join("words.json"), plain::WORDS).unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        Reader::load(folder.path())
    }

    #[test]
    fn the_places_of_the_page_are_filled_in() {
        let reader = load(&[("index.html", PAGE), ("operations.json", OPERATIONS), ("assets/a.js", "1")]).unwrap();
        for (tag, dir) in [("tk", "ltr"), ("ar", "rtl"), ("az-Arab", "rtl"), ("ku-Latn", "ltr")] {
            let locale = Locale::parse(tag).unwrap();
            let page = reader.fill(&Fill { locale, head: "<title>A</title>", body: "B", data: "C" });
            let expected = format!(
                "<html lang=\"{tag}\" dir=\"{dir}\"><head><title>A</title></head><body><div id=\"root\">B</div>C</body></html>"
            );
            assert_eq!(page, expected);
        }
        assert_eq!(reader.file("assets/a.js").unwrap().content_type, "text/javascript; charset=utf-8");
        for file in ["index.html", "operations.json", "words.json", "plain/front.html"] {
            assert!(reader.file(file).is_none(), "{file}");
        }
    }

    #[test]
    fn a_folder_that_holds_something_else_is_refused_with_the_reason() {
        let said = |files: &[(&str, &str)]| load(files).unwrap_err().to_string();
        assert!(said(&[("operations.json", OPERATIONS)]).contains("index.html"));
        let without = PAGE.replace("<!--courant:data-->", "");
        assert!(said(&[("index.html", &without), ("operations.json", OPERATIONS)]).contains("courant:data"));
        assert!(said(&[("index.html", PAGE), ("operations.json", "{}")]).contains("operations.json"));
        assert!(said(&[("index.html", PAGE), ("operations.json", r#"{"pages":[]}"#)]).contains("/*"));
        let with = |name, text| [("index.html", PAGE), ("operations.json", OPERATIONS), (name, text)];
        assert!(said(&with("words.json", "{}")).contains("English"));
        assert!(said(&with("plain/tag.html", "{% if %}")).contains("plain/tag.html"));
    }
}
