//! The addresses that things have on a site of WordPress.

use std::collections::BTreeSet;

use jiff::civil::Date;
use url::Url;

use super::{post::kind, terms::key};
use crate::read::{
    collect::Collector,
    import::{FeedForm, OldTerm},
    xml::{Element, Namespace},
};

/// The addresses under which WordPress finds a post, whichever its site's permalinks are: the ones the export has, those made of its
/// slugs and its day, and those of its number.
pub(super) fn of_post<'a>(
    item: &Element<'_>,
    id: Option<&str>,
    named: impl Iterator<Item = &'a str>,
    (old_slugs, old_days): (&[&str], &[&str]),
    site: Option<&Url>,
) -> Vec<String> {
    let mut addresses: Vec<String> = named.map(str::to_owned).collect();
    let Some(home) = site.map(|site| site.as_str().trim_end_matches('/')) else { return addresses };
    let wp = |name| item.child_text(Namespace::Wordpress, name);
    // A post that was never dated has zeros there. A page has no day in its address.
    let days = wp("post_date").into_iter().chain(old_days.iter().take(MOST_OLD_DAYS).copied());
    let days = days.filter_map(|date| date.get(..10)).filter(|day| day.parse::<Date>().is_ok_and(|day| day.year() > 0));
    let days: Vec<String> = days.filter(|_| kind(item) != "page").map(|day| day.replace('-', "/")).collect();
    for slug in wp("post_name").into_iter().chain(old_slugs.iter().copied()).filter(|slug| !slug.is_empty()) {
        addresses.push(format!("{home}/{slug}"));
        for (month, day) in days.iter().filter_map(|day| Some((day.get(..7)?, day))) {
            addresses.extend([format!("{home}/{month}/{slug}"), format!("{home}/{day}/{slug}")]);
        }
    }
    if let Some(id) = id.filter(|id| id.bytes().all(|byte| byte.is_ascii_digit())) {
        addresses.extend([format!("{home}/?p={id}"), format!("{home}/archives/{id}")]);
        if kind(item) == "page" {
            addresses.push(format!("{home}/?page_id={id}"));
        }
    }
    addresses
}

/// Nobody changes the day of a post more often.
const MOST_OLD_DAYS: usize = 20;

/// What an export says of things that have an address beside its posts.
#[derive(Default)]
pub(super) struct Listed {
    /// The authors: by which name they sign in, and their number.
    authors: Vec<(String, Option<String>)>,
    /// The names of tags in addresses.
    tags: BTreeSet<String>,
}

impl Listed {
    /// Notes an author.
    pub(super) fn author(&mut self, login: &str, number: Option<&str>) {
        self.authors.push((login.to_owned(), number.map(str::to_owned)));
    }

    /// Notes a tag that the site declares, or one of its posts names.
    pub(super) fn tag(&mut self, name: &str) {
        if !self.tags.contains(name) {
            self.tags.insert(name.to_owned());
        }
    }

    /// The addresses of tags and authors, where WordPress has them unless told otherwise.
    pub(super) fn addresses(&self, home: &str, collector: &Collector) -> Vec<(String, OldTerm)> {
        let mut addresses = Vec::new();
        for name in &self.tags {
            if let Some(slug) = collector.known_tag(&key(name)) {
                addresses.push((format!("{home}/tag/{name}"), OldTerm::Tag(slug.clone())));
                addresses.push((format!("{home}/?tag={name}"), OldTerm::Tag(slug)));
            }
        }
        for (login, number) in &self.authors {
            if let Some(slug) = collector.known_person(login) {
                addresses.push((format!("{home}/author/{}", nicename(login)), OldTerm::Person(slug.clone())));
                addresses.extend(
                    number.iter().map(|number| (format!("{home}/?author={number}"), OldTerm::Person(slug.clone()))),
                );
            }
        }
        addresses
    }
}

/// Adds the addresses of the feeds of a site, and of what has these addresses on it. Says how many authors had feeds, of which there are
/// none here.
pub(super) fn feeds(home: &str, addresses: &mut Vec<(String, OldTerm)>) -> usize {
    use FeedForm::{Atom, Rss};
    let feeds = |address: &str, of: Option<&OldTerm>| {
        let of = of.cloned().map(Box::new);
        let forms: &[(&str, FeedForm)] = match address.split_once("/?") {
            Some(_) => &[("&feed=rss2", Rss), ("&feed=atom", Atom)],
            None => &[("/feed", Rss), ("/feed/rss2", Rss), ("/feed/atom", Atom)],
        };
        let feed = |(end, form): &(&str, FeedForm)| (format!("{address}{end}"), OldTerm::Feed(of.clone(), *form));
        forms.iter().map(feed).collect::<Vec<_>>()
    };
    let of_terms = addresses.iter().filter(|(_, term)| matches!(term, OldTerm::Category(_) | OldTerm::Tag(_)));
    let of_terms: Vec<_> = of_terms.flat_map(|(address, term)| feeds(address, Some(term))).collect();
    let is_author =
        |(address, term): &&(String, OldTerm)| matches!(term, OldTerm::Person(_)) && !address.contains("/?");
    let authors = addresses.iter().filter(is_author).count();
    addresses.extend(feeds(home, None));
    for (end, form) in [
        ("feed/rss", Rss),
        ("feed/rdf", Rss),
        ("?feed=rss2", Rss),
        ("?feed=rss", Rss),
        ("?feed=rdf", Rss),
        ("?feed=atom", Atom),
    ] {
        addresses.push((format!("{home}/{end}"), OldTerm::Feed(None, form)));
    }
    addresses.extend(of_terms);
    authors
}

/// What WordPress makes of the name by which somebody signs in.
fn nicename(login: &str) -> String {
    let mut name = String::with_capacity(login.len());
    for c in login.to_lowercase().chars() {
        match c {
            ' ' | '.' | '-' if !name.ends_with('-') => name.push('-'),
            c if c.is_alphanumeric() || c == '_' => name.push(c),
            _ => {}
        }
    }
    name.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::nicename;

    #[test]
    fn authors_are_called_in_addresses_as_wordpress_does() {
        for (login, name) in
            [("lia", "lia"), ("Lia Moss", "lia-moss"), ("l.moss", "l-moss"), ("lia@quay.example", "liaquay-example")]
        {
            assert_eq!(nicename(login), name);
        }
    }
}
