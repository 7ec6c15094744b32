//! How browsers and other programs search the site: a description in the form of OpenSearch 1.1, one for each language.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use courant_domain::locale::Locale;

use super::{SiteState, html::push};
use crate::middleware::etag;

/// The last part of its path.
const FILE: &str = "opensearch.xml";
const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/opensearchdescription+xml; charset=utf-8");

/// The most letters of what it says (OpenSearch 1.1, "OpenSearch description elements").
const SHORT_NAME: usize = 16;
const LONG_NAME: usize = 48;
const DESCRIPTION: usize = 1024;

/// Where it is.
pub(super) fn path(locale: &str) -> String {
    format!("/{locale}/{FILE}")
}

/// The description at an address. None where none is.
pub(super) fn at(state: &SiteState, parts: &Parts) -> Option<Response> {
    let tag = parts.uri.path().strip_suffix(FILE)?.strip_suffix('/')?.strip_prefix('/')?;
    let reference = state.store.reference();
    let locale = Locale::parse(tag).ok().filter(|locale| state.reader.has_search() && reference.site.has(*locale))?;
    let origin = state.origin.of(parts, &state.trusted_proxies);
    let site = &reference.site;
    let (name, about) = (site.name.resolve(site, locale), site.description.resolve(site, locale));
    let text = describe(&origin, locale, name.unwrap_or_default(), about.unwrap_or_default());
    let tag = etag::of(text.as_bytes());
    let mut response = if etag::is_known(&parts.headers, &tag) {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    } else {
        Response::new(Body::from(text))
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, MEDIA_TYPE);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::ETAG, tag);
    Some(response)
}

fn describe(origin: &str, locale: Locale, name: &str, about: &str) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\n",
    );
    let about = if about.is_empty() { name } else { about };
    for (element, text, most) in
        [("ShortName", name, SHORT_NAME), ("LongName", name, LONG_NAME), ("Description", about, DESCRIPTION)]
    {
        push(&mut xml, &format!("  <{element}>"), &shortened(text, most), &format!("</{element}>\n"));
    }
    push(&mut xml, "  <Language>", locale.as_str(), "</Language>\n");
    xml.push_str("  <InputEncoding>UTF-8</InputEncoding>\n  <OutputEncoding>UTF-8</OutputEncoding>\n");
    let image = format!("{origin}/favicon.ico");
    push(&mut xml, "  <Image height=\"16\" width=\"16\" type=\"image/x-icon\">", &image, "</Image>\n");
    let template = format!("{origin}/{locale}/search?q={{searchTerms}}");
    push(&mut xml, "  <Url type=\"text/html\" method=\"get\" template=\"", &template, "\"/>\n");
    let own = format!("{origin}{}", path(locale.as_str()));
    let before = "  <Url type=\"application/opensearchdescription+xml\" rel=\"self\" template=\"";
    push(&mut xml, before, &own, "\"/>\n</OpenSearchDescription>\n");
    xml
}

/// A text of so many letters at the most, ending with a whole word where one fits; XML has no form for what is controlled by others.
fn shortened(text: &str, most: usize) -> String {
    let text: String = text.chars().filter(|c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}')).collect();
    let Some((end, _)) = text.char_indices().nth(most) else { return text };
    let (kept, rest) = text.split_at(end);
    let whole = if rest.starts_with(' ') { kept } else { kept.rsplit_once(' ').map_or(kept, |(whole, _)| whole) };
    whole.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_as_short_as_it_has_to_be() {
        assert_eq!(shortened("Portal", SHORT_NAME), "Portal");
        assert_eq!(shortened("The State News Portal", SHORT_NAME), "The State News");
        assert_eq!(shortened("Sixteen letters! and more", SHORT_NAME), "Sixteen letters!");
        assert_eq!(shortened("Донаупортальныйвестник", SHORT_NAME).chars().count(), SHORT_NAME);
        assert_eq!(shortened("a\u{0}b\u{ffff}", SHORT_NAME), "ab");
    }

    #[test]
    fn names_are_text_in_it() {
        let xml = describe("https://news.example.org", Locale::ENGLISH, "A <b> & \"C\"", "");
        assert!(xml.contains("<ShortName>A &lt;b&gt; &amp; &quot;C&quot;</ShortName>"), "{xml}");
        assert!(xml.contains("template=\"https://news.example.org/en/search?q={searchTerms}\"/>"), "{xml}");
        assert!(xml.contains("<Description>A &lt;b&gt; &amp; &quot;C&quot;</Description>"), "{xml}");
    }
}
