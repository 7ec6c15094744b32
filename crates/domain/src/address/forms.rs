//! Forms of one page that WordPress has under addresses of their own: its further parts, its comments, its feed of comments, the same for
//! small screens. No rule is kept for them: who asks for one is led by the rule of the page.

use super::{decoded, normalise, query};

/// How many forms of forms are looked through: a page of comments, of a part of a text, for small screens.
const MOST: usize = 4;

/// The addresses whose rules lead a reader on who asks for this one, the nearest first: as it is asked for, in other spellings, and those of
/// the page of which this is a form.
///
/// ```
/// use courant_domain::address::leading;
///
/// assert_eq!(leading("/2020/05/Rain/2/amp/"), ["/2020/05/Rain/2/amp", "/2020/05/rain/2/amp", "/2020/05/Rain/2", "/2020/05/rain/2", "/2020/05/Rain", "/2020/05/rain"]);
/// assert_eq!(leading("/?cat=4&paged=2"), ["/?cat=4&paged=2", "/?cat=4", "/"]);
/// ```
#[must_use]
pub fn leading(address: &str) -> Vec<String> {
    let mut all = queried(address);
    let Some(path) = normalise(address) else { return all };
    let mut add = |path: String| {
        if !all.contains(&path) {
            all.push(path);
        }
    };
    for page in pages(path) {
        spellings(&page).into_iter().for_each(&mut add);
    }
    all
}

/// Those of them that have a query: what is asked for by it is the same on `/index.php`, and on each page of a list.
#[must_use]
pub fn queried(address: &str) -> Vec<String> {
    let mut all = query::queried(address);
    let Some((path, query)) = address.split_once('?').filter(|_| !all.is_empty()) else { return all };
    let home = path.strip_suffix("index.php").filter(|home| home.ends_with('/'));
    for path in [Some(path), home].into_iter().flatten() {
        for query in [Some(query.to_owned()), query::without_form(query)].into_iter().flatten() {
            for one in query::queried(&format!("{path}?{query}")) {
                if !all.contains(&one) {
                    all.push(one);
                }
            }
        }
    }
    all
}

/// Whether a path is that of a further page of an old site's front page, `/page/2`, which has none here.
#[must_use]
pub fn is_further_front(path: &str) -> bool {
    normalise(path).is_some_and(|path| {
        let path = path.strip_prefix(INDEX).unwrap_or(path);
        path.strip_prefix("/page/").is_some_and(is_number)
    })
}

const INDEX: &str = "/index.php";

/// A path and those of the pages of which it is a form.
fn pages(path: &str) -> Vec<String> {
    let mut pages = Vec::new();
    for page in std::iter::successors(Some(path), |form| page_of_form(form)).take(1 + MOST) {
        pages.push(page.to_owned());
        let without_index = page.replacen("/index.php/", "/", 1);
        if let Some(page) = without_index.strip_prefix("/amp").filter(|page| page.starts_with('/')) {
            pages.push(page.to_owned());
        }
        if without_index != page {
            pages.push(without_index);
        }
    }
    pages
}

/// The path of the page whose form is at a path.
fn page_of_form(path: &str) -> Option<&str> {
    let (above, last) = path.rsplit_once('/')?;
    let (page, before) = above.rsplit_once('/').unwrap_or(("", above));
    let page = match last {
        "amp" | "embed" | "feed" => above,
        "atom" | "rdf" | "rss" | "rss2" if before == "feed" => page,
        last if last.strip_prefix("comment-page-").is_some_and(is_number) => above,
        last if is_number(last) && before == "page" => page,
        // A part of a text; `/2020` is a year.
        last if is_number(last) && last.len() <= 3 => above,
        _ => return None,
    };
    (!page.is_empty()).then_some(page)
}

fn is_number(text: &str) -> bool {
    (1..=6).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A path as it is asked for, and in the other spellings in which a rule for it may have been written down.
fn spellings(path: &str) -> Vec<String> {
    let mut all = vec![path.to_owned()];
    let mut add = |spelled: String| {
        if !all.contains(&spelled) {
            all.push(spelled);
        }
    };
    let plain = decoded(path);
    add(plain.to_string());
    if path.contains('%') {
        add(encoded_in(path, str::to_ascii_uppercase));
        add(encoded_in(path, str::to_ascii_lowercase));
    }
    // To WordPress, large and small letters are one.
    add(plain.to_lowercase());
    all
}

/// A path with the digits of its percent-encoding in one case.
fn encoded_in(path: &str, case: fn(&str) -> String) -> String {
    let mut parts = path.split('%');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |mut spelled, part| {
        let (digits, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        spelled.push('%');
        spelled.push_str(&case(digits));
        spelled.push_str(rest);
        spelled
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_page_are_led_by_its_rule() {
        for form in [
            "/2020/05/rain/2/",
            "/2020/05/rain/amp/",
            "/amp/2020/05/rain/",
            "/2020/05/rain/feed/",
            "/2020/05/rain/feed/atom",
            "/2020/05/rain/comment-page-12#comment-7",
            "/2020/05/rain/embed/",
            "/2020/05/rain/page/3/?utm_source=x",
            "/index.php/2020/05/rain/2/amp/",
            "/index.php/2020/05/rain",
            "/2020/05/RAIN/",
            "/2020/05/%52ain/amp",
            "/2020/05/rain/3/comment-page-2/amp",
        ] {
            let all = leading(form);
            assert!(all.contains(&"/2020/05/rain".to_owned()), "{form}: {all:?}");
            assert!(all.len() < 40, "{form}");
        }
        assert_eq!(leading("/blog/index.php/rain"), ["/blog/index.php/rain", "/blog/rain"]);
        assert_eq!(leading("/%d0%BD/")[..2], ["/%d0%BD", "/н"]);
        assert!(leading("/%E9t%e9").contains(&"/%e9t%e9".to_owned()) && leading("/%e9").contains(&"/%E9".to_owned()));
    }

    #[test]
    fn other_addresses_are_asked_for_alone() {
        for path in
            ["/", "/a", "/a/b", "/2020/05", "/feed", "/page/2", "/a/feed/b", "/a/2020", "/a/page", "/a/comment-page-"]
        {
            let all = leading(path);
            assert!(all.iter().all(|one| one == path || one == "/2020"), "{path}: {all:?}");
        }
        assert_eq!(leading("nowhere/amp"), [""; 0]);
        assert_eq!(leading(&"/2".repeat(900)).len(), 1 + MOST);
    }

    #[test]
    fn pages_of_what_a_query_names_are_led_by_its_rule() {
        for (form, page) in [
            ("/index.php?p=12", "/?p=12"),
            ("/blog/index.php?p=12&utm_source=x", "/blog?p=12"),
            ("/?cat=5&paged=2", "/?cat=5"),
            ("/index.php?paged=3&tag=rain", "/?tag=rain"),
            ("/?author=3&paged=2#top", "/?author=3"),
            ("/?p=13&page=2", "/?p=13"),
        ] {
            assert!(queried(form).contains(&page.to_owned()), "{form}: {:?}", queried(form));
        }
        assert_eq!(queried("/index.php?id=4"), ["/index.php?id=4", "/?id=4"]);
        assert_eq!(queried("/list?page=2"), ["/list?page=2"]);
        assert_eq!(queried("/rain/amp"), [""; 0]);
    }

    #[test]
    fn further_pages_of_a_front_page_are_known() {
        assert!(is_further_front("/page/2/") && is_further_front("/index.php/page/14"));
        for path in ["/page", "/page/x", "/en/page/2", "/page/2/amp", "/"] {
            assert!(!is_further_front(path), "{path}");
        }
    }
}
