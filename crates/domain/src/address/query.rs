//! Old addresses whose query says which page they are: `/blog?p=12`, `/index.php?id=7`.

use url::form_urlencoded;

use super::{decoded, normalise};

/// Nobody's permalinks are longer; what is, is no old address.
const LONGEST: usize = 500;

/// Parameters that say where a reader comes from, not what is read. What begins with `utm_` is one, too.
const TRACKING: [&str; 14] = [
    "_ga",
    "_gl",
    "_openstat",
    "at_campaign",
    "at_medium",
    "dclid",
    "fbclid",
    "gclid",
    "igshid",
    "mc_cid",
    "mc_eid",
    "msclkid",
    "yclid",
    "ysclid",
];

/// What WordPress says beside the number of a post, which is enough without.
const BESIDE_NUMBER: [&str; 5] = ["post_type", "preview", "preview_id", "preview_nonce", "replytocom"];

/// The address that a redirect is kept under: a path without trailing slash, percent-encoding and fragment, and of its query the
/// parameters that may tell pages apart, in the order of their names. `None` when it is no path of the site, or the query is longer
/// than any that says which page it is.
///
/// ```
/// use courant_domain::address::kept;
///
/// assert_eq!(kept("/caf%C3%A9/?utm_source=feed#top").as_deref(), Some("/café"));
/// assert_eq!(kept("/blog/?post_type=story&p=12").as_deref(), Some("/blog?p=12"));
/// ```
#[must_use]
pub fn kept(address: &str) -> Option<String> {
    let (path, parameters) = parts(address)?;
    Some(joined(&path, &parameters))
}

/// Whether a redirect may be kept under exactly this.
#[must_use]
pub fn is_kept(address: &str) -> bool {
    match address.split_once('?') {
        // Percent-encoding may have been written down as it was sent.
        None => normalise(address) == Some(address),
        Some((path, _)) => normalise(path) == Some(path) && kept(address).as_deref() == Some(address),
    }
}

/// The addresses with a query that lead a reader on who asks for this one: the whole of it, then the number of a post alone, as
/// WordPress finds it by that. None where the query tells nothing apart.
pub(super) fn queried(address: &str) -> Vec<String> {
    let Some((path, parameters)) = parts(address).filter(|(_, parameters)| !parameters.is_empty()) else {
        return Vec::new();
    };
    let mut all = vec![joined(&path, &parameters)];
    let numbers = parameters.iter().filter(|parameter| is_number(parameter));
    for number in numbers.take(2).map(|number| joined(&path, std::slice::from_ref(number))) {
        if !all.contains(&number) {
            all.push(number);
        }
    }
    all
}

/// A query without what says which form of a page is asked for, where it names a page as WordPress does.
pub(super) fn without_form(query: &str) -> Option<String> {
    let query = query.split('#').next().unwrap_or_default();
    let parameters: Vec<Parameter> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    if !parameters.iter().any(|(name, _)| NAMES.contains(&name.as_str())) {
        return None;
    }
    let left: Vec<&Parameter> = parameters.iter().filter(|(name, _)| !FORMS.contains(&name.as_str())).collect();
    let is_form = left.len() < parameters.len();
    is_form.then(|| form_urlencoded::Serializer::new(String::new()).extend_pairs(left).finish())
}

/// The parameters by which WordPress names a page.
const NAMES: [&str; 8] = ["p", "page_id", "attachment_id", "author", "cat", "tag", "author_name", "category_name"];

/// Those that say which form or part of it.
const FORMS: [&str; 4] = ["amp", "cpage", "page", "paged"];

/// Whether a front page is asked for by a parameter with which WordPress names another page: a post, a category, a tag, an author, a month,
/// a feed. Where nothing is known of it, that page is not there; any other query leaves a front page what it is.
///
/// ```
/// use courant_domain::address::names_old_page;
///
/// assert!(names_old_page("/?cat=4&paged=2"));
/// assert!(!names_old_page("/?ref=letter"));
/// ```
#[must_use]
pub fn names_old_page(address: &str) -> bool {
    let address = address.split('#').next().unwrap_or_default();
    let query = address.split_once('?').map_or("", |(_, query)| query);
    form_urlencoded::parse(query.as_bytes()).any(|(name, value)| {
        let is_digits = |most: usize| (1..=most).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_digit());
        match &*name {
            "p" | "page_id" | "attachment_id" | "author" | "cat" => is_digits(18),
            // Blogger's `m=1` is a front page for small screens.
            "m" => is_digits(14) && value.len() >= 4,
            "tag" | "author_name" | "category_name" | "feed" => !value.is_empty(),
            _ => false,
        }
    })
}

type Parameter = (String, String);

fn parts(address: &str) -> Option<(String, Vec<Parameter>)> {
    let address = address.split('#').next().unwrap_or_default();
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let path = decoded(normalise(path)?).into_owned();
    if query.len() > LONGEST {
        return None;
    }
    let mut parameters: Vec<Parameter> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    parameters.retain(|parameter| !parameter.0.is_empty() && !is_tracking(parameter));
    if parameters.iter().any(is_number) {
        parameters.retain(|(name, _)| !BESIDE_NUMBER.contains(&name.as_str()));
    }
    parameters.sort();
    parameters.dedup();
    // What is written otherwise may have become longer.
    (joined("", &parameters).len() <= LONGEST).then_some((path, parameters))
}

fn joined(path: &str, parameters: &[Parameter]) -> String {
    if parameters.is_empty() {
        return path.to_owned();
    }
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    format!("{path}?{query}")
}

/// Whether a parameter says only from where a reader comes. Feeds mark their links with their own name, too: `?from=rss`; not so
/// `?feed=rss`, which is a feed of WordPress.
fn is_tracking((name, value): &Parameter) -> bool {
    let name = name.to_ascii_lowercase();
    let is_feed = name != "feed" && ["rss", "atom", "feed"].iter().any(|feed| value.eq_ignore_ascii_case(feed));
    name.starts_with("utm_") || TRACKING.contains(&name.as_str()) || is_feed
}

/// Whether a parameter is the number of a post or page of WordPress.
fn is_number((name, value): &Parameter) -> bool {
    let is_digits = (1..=18).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit());
    matches!(name.as_str(), "p" | "page_id") && is_digits
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_tells_pages_apart_is_kept() {
        for (address, path) in [
            ("/?p=12", "/?p=12"),
            ("/blog/?p=12#more", "/blog?p=12"),
            ("/?post_type=story&p=301", "/?p=301"),
            ("/index.php?lang=en&id=4", "/index.php?id=4&lang=en"),
            ("/index.php?id=4&lang=en&fbclid=x&UTM_source=y", "/index.php?id=4&lang=en"),
            ("/news.asp?ID=4", "/news.asp?ID=4"),
            ("/?story=%D0%B0%20b", "/?story=%D0%B0+b"),
            ("/a/?from=rss", "/a"),
            ("/?feed=rss&from=rss", "/?feed=rss"),
            ("/%D0%B0", "/а"),
            ("/?&", "/"),
        ] {
            assert_eq!(kept(address).as_deref(), Some(path), "{address}");
            assert!(is_kept(path), "{path}");
        }
        for address in ["a?p=1", "//evil?p=1"] {
            assert_eq!(kept(address), None, "{address}");
        }
        for address in ["/a/?p=1", "/a?b=2&a=1", "/a?p=1#b", "/a?", "/a?utm_source=x"] {
            assert!(!is_kept(address), "{address}");
        }
    }

    #[test]
    fn a_reader_is_led_by_the_whole_query_or_by_the_number_of_a_post() {
        assert_eq!(queried("/blog/?x=1&p=12"), ["/blog?p=12&x=1", "/blog?p=12"]);
        assert_eq!(queried("/index.php?id=1"), ["/index.php?id=1"]);
        // Another parameter may make it another page.
        assert_eq!(queried("/index.php?id=1&lang=en"), ["/index.php?id=1&lang=en"]);
        for address in ["/a", "/a?utm_source=x", "/a?", "nowhere?id=1", "/a#?id=1"] {
            assert_eq!(queried(address), [""; 0], "{address}");
        }
        for long in ["1".repeat(2 * LONGEST), "а".repeat(LONGEST / 4)] {
            let address = format!("/a?id={long}");
            assert_eq!((kept(&address), queried(&address)), (None, Vec::new()), "{address}");
        }
    }

    #[test]
    fn pages_of_wordpress_are_named_by_some_parameters_alone() {
        for named in
            ["p=1", "x=1&page_id=2", "author=3", "tag=%D0%B0", "cat=4", "feed=rss2", "m=202403", "attachment_id=5"]
        {
            assert!(names_old_page(&format!("/?{named}")), "{named}");
        }
        for other in
            ["", "p=", "p=12x", "p=-1", "tag=", "m=1", "m=", "story=p", "s=fog", "utm_source=p", "P=1", "#?p=1"]
        {
            assert!(!names_old_page(&format!("/?{other}")), "{other}");
        }
        assert!(!names_old_page("/p=1") && !names_old_page("/#?p=1"));
    }

    proptest! {
        #[test]
        fn what_is_kept_is_found_again(path in "(/[a-z]{1,5}){1,3}/?", query in "\\PC{0,40}") {
            let address = kept(&format!("{path}?{query}")).unwrap();
            prop_assert!(is_kept(&address), "{}", address);
            prop_assert!(!address.contains('?') || queried(&address).first() == Some(&address), "{}", address);
        }
    }
}
