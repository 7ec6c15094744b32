//! The parameters of a GraphQL request, from the query of a GET or the body of a POST.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use courant_gateway::error::ErrorCode;
use serde_json::{Map, Value as Json};

use super::{
    accept::is_utf8,
    json_in::{self, Unread},
    persisted::Named,
};
use crate::middleware::refusal::Refusal;

/// What a request asks for.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Params {
    /// The document, if it is sent.
    pub(crate) query: Option<String>,
    /// By what it is named.
    pub(crate) named: Named,
    pub(crate) operation_name: Option<String>,
    pub(crate) variables: Map<String, Json>,
    /// What the client calls the operation among those of its one stream (GraphQL over SSE, single connection).
    pub(crate) operation_id: Option<String>,
}

/// Reads the query component of a URL. An empty optional parameter is one that is not there.
pub(crate) fn from_query(query: &str) -> Result<Params, Refusal> {
    let mut found: Map<String, Json> = Map::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let value = match &*name {
            "query" => Json::String(value.into_owned()),
            "documentId" => Json::String(value.into_owned()),
            "operationName" | "variables" | "extensions" if value.is_empty() => continue,
            "operationName" => Json::String(value.into_owned()),
            "variables" | "extensions" => {
                let what = format!("the parameter {name}");
                json_in::read(value.as_bytes()).map_err(|unread| refuse(unread, &what, ""))?
            }
            _ => continue,
        };
        if found.insert(name.to_string(), value).is_some() {
            return Err(Refusal::bad_request(format!("the parameter {name} is given more than once")));
        }
    }
    params(found)
}

/// Reads the body of a POST, once its media type is known to be JSON.
pub(crate) fn from_json(body: &[u8]) -> Result<Params, Refusal> {
    match json_in::read(body) {
        Ok(Json::Object(found)) => params(found),
        Ok(Json::Array(_)) => {
            let message = "the body is a list; send one request at a time";
            Err(Refusal::http(StatusCode::BAD_REQUEST, ErrorCode::BatchingNotSupported, message))
        }
        Ok(_) => Err(Refusal::bad_request("the body must be a JSON object with the field query")),
        Err(unread) => {
            let place = match unread {
                Unread::NotJson(line, column) => format!(" (line {line}, column {column})"),
                _ => String::new(),
            };
            Err(refuse(unread, "the body", &place))
        }
    }
}

/// What is told of JSON that cannot be read. The depth keeps the reader's own nesting within bounds.
fn refuse(unread: Unread, what: &str, place: &str) -> Refusal {
    match unread {
        Unread::Twice(key) => {
            Refusal::bad_request(format!("{what} has the key \"{key}\" more than once in one object"))
        }
        Unread::TooDeep => {
            let message = format!("{what} has more than 127 lists and objects within one another");
            Refusal::limit(ErrorCode::TooDeep, message)
        }
        Unread::NotJson(..) => Refusal::bad_request(format!("{what} is not JSON{place}")),
    }
}

/// How a body is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    None,
    Gzip,
}

/// How the body is packed, if it is JSON in UTF-8 by the request's own account.
pub(crate) fn check_content_type(headers: &HeaderMap) -> Result<Packing, Refusal> {
    let refuse = |message: &str| {
        let refusal = Refusal::http(StatusCode::UNSUPPORTED_MEDIA_TYPE, ErrorCode::UnsupportedMediaType, message);
        Err(refusal
            .with_header(header::HeaderName::from_static("accept-post"), HeaderValue::from_static("application/json")))
    };
    if headers.get_all(header::CONTENT_TYPE).iter().nth(1).is_some() {
        return refuse("there are two Content-Type headers");
    }
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return refuse("the Content-Type of the body must be given, and be application/json");
    };
    let mut parts = value.split(';').map(str::trim);
    if !parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/json")) {
        return refuse("the Content-Type of the body must be application/json");
    }
    let charset = parts.filter_map(|part| part.split_once('=')).find(|(name, _)| name.eq_ignore_ascii_case("charset"));
    if charset.is_some_and(|(_, charset)| !is_utf8(charset)) {
        return refuse("the body must be in UTF-8");
    }
    // Names of codings are the same in any case, and `x-gzip` is one of gzip (RFC 9110, §8.4.1).
    let mut codings = headers.get_all(header::CONTENT_ENCODING).iter().map(HeaderValue::as_bytes);
    match (codings.next(), codings.next()) {
        (None, _) => Ok(Packing::None),
        (Some(coding), None) if coding.eq_ignore_ascii_case(b"identity") => Ok(Packing::None),
        (Some(coding), None) if [&b"gzip"[..], b"x-gzip"].iter().any(|gzip| coding.eq_ignore_ascii_case(gzip)) => {
            Ok(Packing::Gzip)
        }
        _ => refuse("the Content-Encoding of the body must be gzip, or none"),
    }
}

/// Reads an object with the parameters.
pub(crate) fn params(mut found: Map<String, Json>) -> Result<Params, Refusal> {
    let query = match found.remove("query") {
        Some(Json::String(query)) => Some(query),
        None => None,
        Some(_) => return wrong_type("query", "a string"),
    };
    let mut text = |name: &str| match found.remove(name) {
        Some(Json::String(text)) => Ok(Some(text).filter(|text| !text.is_empty())),
        Some(Json::Null) | None => Ok(None),
        Some(_) => wrong_type(name, "a string"),
    };
    let (operation_name, id) = (text("operationName")?, text("documentId")?);
    let mut map = |name: &str| match found.remove(name) {
        Some(Json::Object(map)) => Ok(map),
        Some(Json::Null) | None => Ok(Map::new()),
        Some(_) => wrong_type(name, "an object"),
    };
    let (variables, mut extensions) = (map("variables")?, map("extensions")?);
    let hash = match extensions.remove("persistedQuery") {
        None | Some(Json::Null) => None,
        Some(persisted) => match (&persisted["version"], &persisted["sha256Hash"]) {
            (Json::Number(version), Json::String(hash)) if version.as_u64() == Some(1) => Some(hash.clone()),
            _ => return wrong_type("extensions.persistedQuery", "an object with version 1 and sha256Hash"),
        },
    };
    let operation_id = match extensions.remove("operationId") {
        Some(Json::String(id)) => Some(id),
        _ => None,
    };
    if query.is_none() && id.is_none() && hash.is_none() {
        return Err(Refusal::bad_request("the parameter query is missing"));
    }
    Ok(Params { query, named: Named { id, hash }, operation_name, variables, operation_id })
}

fn wrong_type<T>(name: &str, expected: &str) -> Result<T, Refusal> {
    Err(Refusal::bad_request(format!("the parameter {name} must be {expected}")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refusal(result: Result<Params, Refusal>) -> (ErrorCode, String) {
        let refusal = result.unwrap_err();
        assert_eq!(refusal.status, StatusCode::BAD_REQUEST);
        (refusal.problems[0].code, refusal.problems[0].message.clone())
    }

    #[test]
    fn a_url_carries_all_four() {
        let params =
            from_query("query=%7Ba%7D&operationName=A&variables=%7B%22x%22%3A1%7D&extensions={}&other=1").unwrap();
        assert_eq!(params.query.as_deref(), Some("{a}"));
        assert_eq!(params.operation_name.as_deref(), Some("A"));
        assert_eq!(Json::Object(params.variables), json!({"x": 1}));
    }

    #[test]
    fn an_empty_parameter_of_a_url_is_none() {
        let params = from_query("query=a+b&operationName=&variables=&extensions=").unwrap();
        assert_eq!(params, Params { query: Some("a b".into()), ..Params::default() });
    }

    #[test]
    fn what_a_url_lacks_or_doubles_is_named() {
        let check = |query: &str, message: &str| {
            assert_eq!(refusal(from_query(query)), (ErrorCode::BadRequest, message.to_owned()));
        };
        check("", "the parameter query is missing");
        check("query=a&query=b", "the parameter query is given more than once");
        check("query=a&variables=x", "the parameter variables is not JSON");
        check("query=a&variables=[1]", "the parameter variables must be an object");
        check("query=a&extensions=1", "the parameter extensions must be an object");
    }

    #[test]
    fn null_in_a_body_is_none() {
        let body = br#"{"query":"{a}","operationName":null,"variables":null,"extensions":null,"more":1}"#;
        assert_eq!(from_json(body).unwrap(), Params { query: Some("{a}".into()), ..Params::default() });
    }

    #[test]
    fn what_is_wrong_with_a_body_is_named() {
        let check = |body: &str, code: ErrorCode, message: &str| {
            assert_eq!(refusal(from_json(body.as_bytes())), (code, message.to_owned()));
        };
        check("", ErrorCode::BadRequest, "the body is not JSON (line 1, column 0)");
        check("{\"query\":", ErrorCode::BadRequest, "the body is not JSON (line 1, column 9)");
        check("1", ErrorCode::BadRequest, "the body must be a JSON object with the field query");
        check("[]", ErrorCode::BatchingNotSupported, "the body is a list; send one request at a time");
        check("{}", ErrorCode::BadRequest, "the parameter query is missing");
        check(r#"{"query":1}"#, ErrorCode::BadRequest, "the parameter query must be a string");
        check(
            r#"{"query":"","operationName":1}"#,
            ErrorCode::BadRequest,
            "the parameter operationName must be a string",
        );
        check(r#"{"query":"","variables":[]}"#, ErrorCode::BadRequest, "the parameter variables must be an object");
        check(r#"{"query":"","extensions":""}"#, ErrorCode::BadRequest, "the parameter extensions must be an object");
    }

    #[test]
    fn a_document_is_named_by_its_hash_or_its_id() {
        let by_hash = Named { hash: Some("ab".into()), ..Named::default() };
        let named = r#"{"operationName":"A","extensions":{"persistedQuery":{"version":1,"sha256Hash":"ab"}}}"#;
        assert_eq!(from_json(named.as_bytes()).unwrap().named, by_hash);
        let url = "extensions={%22persistedQuery%22:{%22version%22:1,%22sha256Hash%22:%22ab%22}}";
        assert_eq!(from_query(url).unwrap().named, by_hash);
        let by_id = Named { id: Some("sha256:ab".into()), ..Named::default() };
        assert_eq!(from_query("documentId=sha256:ab&variables={}").unwrap().named, by_id);
        assert_eq!(from_json(br#"{"documentId":"sha256:ab"}"#).unwrap().named, by_id);
        for wrong in ["{}", "1", r#"{"version":2,"sha256Hash":"ab"}"#, r#"{"version":1,"sha256Hash":1}"#] {
            let body = format!(r#"{{"query":"{{a}}","extensions":{{"persistedQuery":{wrong}}}}}"#);
            assert_eq!(refusal(from_json(body.as_bytes())).0, ErrorCode::BadRequest, "{wrong}");
        }
    }

    #[test]
    fn no_key_is_there_twice() {
        let check = |refused: Result<Params, Refusal>, message: &str| {
            assert_eq!(refusal(refused), (ErrorCode::BadRequest, message.to_owned()));
        };
        check(
            from_json(br#"{"query":"{a}","query":"{b}"}"#),
            r#"the body has the key "query" more than once in one object"#,
        );
        check(
            from_json(br#"{"query":"{a}","variables":{"x":{"y":1,"y":2}}}"#),
            r#"the body has the key "y" more than once in one object"#,
        );
        check(
            from_query("query={a}&variables={%22x%22:1,%22x%22:2}"),
            r#"the parameter variables has the key "x" more than once in one object"#,
        );
    }

    #[test]
    fn lists_within_lists_are_read_to_a_depth() {
        let nested = |times: usize| format!(r#"{{"a":{}1{}}}"#, "[".repeat(times), "]".repeat(times));
        let body = |times: usize| format!(r#"{{"query":"","variables":{}}}"#, nested(times));
        assert!(from_json(body(125).as_bytes()).is_ok());
        for times in [126, 1_000] {
            let message = "the body has more than 127 lists and objects within one another".to_owned();
            assert_eq!(refusal(from_json(body(times).as_bytes())), (ErrorCode::TooDeep, message));
        }
        let message = "the parameter variables has more than 127 lists and objects within one another".to_owned();
        assert_eq!(refusal(from_query(&format!("query=a&variables={}", nested(127)))), (ErrorCode::TooDeep, message));
    }

    #[test]
    fn a_body_is_json_in_utf_8() {
        let check = |value: &str, good: bool| {
            let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_str(value).unwrap())]);
            assert_eq!(check_content_type(&headers).is_ok(), good, "{value}");
        };
        check("application/json", true);
        check("Application/JSON;charset=\"UTF-8\"", true);
        check("application/json; charset=iso-8859-1", false);
        check("application/graphql", false);
        check("text/plain", false);
        check("multipart/form-data; boundary=x", false);
        check("", false);
        assert!(check_content_type(&HeaderMap::new()).is_err());
        let mut twice = HeaderMap::new();
        twice.append(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        twice.append(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
        assert!(check_content_type(&twice).is_err());
    }

    #[test]
    fn a_body_is_packed_with_gzip_or_not_at_all() {
        let check = |codings: &[&'static str]| {
            let mut headers =
                HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
            for coding in codings {
                headers.append(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
            }
            check_content_type(&headers).ok()
        };
        assert_eq!(check(&[]), Some(Packing::None));
        assert_eq!(check(&["Identity"]), Some(Packing::None));
        for coding in ["gzip", "GZIP", "x-gzip", "X-Gzip"] {
            assert_eq!(check(&[coding]), Some(Packing::Gzip), "{coding}");
        }
        for codings in [&["br"][..], &["gzip, gzip"], &["gzip", "gzip"], &[""]] {
            assert_eq!(check(codings), None, "{codings:?}");
        }
    }
}
