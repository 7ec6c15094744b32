//! Slugs for things whose source names them in its own way.

use std::collections::HashMap;

use courant_domain::slug::Slug;

/// The slugs given so far to things of one kind.
#[derive(Debug, Default)]
pub(crate) struct Slugs {
    /// Each slug given, with the last number tried behind it.
    given: HashMap<Slug, u32>,
}

impl Slugs {
    /// The slug itself when it is still free, else the first number behind it that is.
    pub(crate) fn unique(&mut self, slug: &Slug) -> Slug {
        let Some(mut number) = self.given.get(slug).copied() else {
            self.given.insert(slug.clone(), 1);
            return slug.clone();
        };
        loop {
            number = number.saturating_add(1);
            let numbered = slug.numbered(number);
            if !self.given.contains_key(&numbered) {
                self.given.insert(slug.clone(), number);
                self.given.insert(numbered.clone(), 1);
                return numbered;
            }
        }
    }
}

/// The slug of the first of these texts that gives one: taken as it is where it is one (percent-encoded or not), else
/// made from its words.
pub(crate) fn slug_of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Option<Slug> {
    texts.into_iter().find_map(|text| {
        let text = percent_decoded(text.trim());
        Slug::parse(&text).ok().or_else(|| Slug::from_title(&text))
    })
}

/// The text with its `%D0%B0` read as UTF-8; what is no such text stays as it is.
pub(crate) fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let digit = |index: usize| bytes.get(index).and_then(|b| char::from(*b).to_digit(16));
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or_default());
                at += 3;
            }
            _ => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_of_two_equal_slugs_is_numbered() {
        let mut slugs = Slugs::default();
        let given = ["news", "news-2", "news", "news"].map(|text| slugs.unique(&Slug::parse(text).unwrap()));
        assert_eq!(given.map(String::from), ["news", "news-2", "news-3", "news-4"]);
    }

    #[test]
    fn a_numbered_slug_is_nobody_elses() {
        let mut slugs = Slugs::default();
        let [news, second] = ["news", "news-2"].map(|text| Slug::parse(text).unwrap());
        let given = [&news, &second, &news, &second].map(|slug| slugs.unique(slug));
        assert_eq!(given.map(String::from), ["news", "news-2", "news-3", "news-2-2"]);
    }

    #[test]
    fn slugs_of_a_source_are_kept_decoded_or_made() {
        for (text, slug) in [
            ("opening-day", "opening-day"),
            ("%d0%b4%d0%be%d0%bc", "dom"),
            ("Дом у реки", "dom-u-reki"),
            ("under_score", "under-score"),
            ("100%", "100"),
            ("%ff%fe", "ff-fe"),
        ] {
            assert_eq!(slug_of([text]).unwrap().as_str(), slug);
        }
        assert_eq!(slug_of(["", "…", "third"]).unwrap().as_str(), "third");
        assert_eq!(slug_of(["", "…"]), None);
    }
}
