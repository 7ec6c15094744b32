//! What the custom fields of a post say to its readers: those of newsrooms (`kicker`, `_subtitle`), and what plugins for search engines
//! keep.

use crate::read::{
    collect::{Collector, content_of_field},
    places::{Place, placed},
    text::plain,
};

/// The words that the fields of a post have for it.
#[derive(Default)]
pub(super) struct Said<'a> {
    pub(super) kicker: Option<String>,
    pub(super) dateline: Option<String>,
    pub(super) rights: Option<String>,
    /// Standfirsts, and what search engines are told, by their fields.
    standfirsts: Vec<(&'a str, String)>,
    descriptions: Vec<(&'a str, String)>,
    titles: Vec<(&'a str, String)>,
}

/// Nobody has more to say of one post.
const MOST: usize = 100;

/// What the names of fields begin with in which programs keep no words for readers: settings of pages, older states of them, and notes
/// to themselves. What such a program shows is in other fields.
const OF_PROGRAMS: [&str; 15] = [
    "_bricks_",
    "_breakdance_",
    "_customize_",
    "_edit_",
    "_elementor_",
    "_et_",
    "_fl_builder_",
    "_menu_item_",
    "_oembed_",
    "_vc_",
    "_wp_old_",
    "_wp_trash_",
    "_wpb_",
    "_wpml_",
    "_wxr_import_",
];

/// Whether a field is one of a program that keeps no words for readers, or one for search engines.
pub(super) fn is_of_program(key: &str) -> bool {
    OF_PROGRAMS.iter().chain(&OF_SEARCH).any(|prefix| key.starts_with(prefix))
}

/// What the names of fields of plugins for search engines begin with.
const OF_SEARCH: [&str; 9] = [
    "_aioseo_",
    "_aioseop_",
    "_genesis_",
    "_seopress_",
    "_wds_",
    "_yoast_wpseo_",
    "advanced_seo_",
    "rank_math_",
    "_su_",
];

impl<'a> Said<'a> {
    /// Takes a field that nobody else knows: words that have a place, or else are counted.
    pub(super) fn take(&mut self, key: &'a str, value: &'a str, collector: &mut Collector) {
        let count = |collector: &mut Collector, is_content: bool| {
            let label = format!("custom field {key}");
            if is_content { collector.lost(&label) } else { collector.unmapped(&label) }
        };
        let has_room = self.standfirsts.len() + self.descriptions.len() + self.titles.len() < MOST;
        if let Some(name) = OF_SEARCH.iter().find_map(|prefix| key.strip_prefix(prefix)) {
            let words = plain(value).filter(|words| words.contains(char::is_alphabetic) && !has_variables(words));
            return match (words, kind(name)) {
                (Some(words), Some(kind)) if has_room => match kind {
                    Kind::Description => self.descriptions.push((key, words)),
                    Kind::Title => self.titles.push((key, words)),
                },
                _ => count(collector, false),
            };
        }
        if OF_PROGRAMS.iter().any(|prefix| key.starts_with(prefix)) {
            return count(collector, false);
        }
        let Some((place, words)) = placed(key, value) else {
            return count(collector, !content_of_field(key, value).is_empty());
        };
        let line = match place {
            Place::Summary if has_room => return self.standfirsts.push((key, words)),
            Place::Summary => return count(collector, true),
            Place::Kicker => &mut self.kicker,
            Place::Dateline => &mut self.dateline,
            Place::Rights => &mut self.rights,
        };
        match line {
            Some(known) if *known != words => count(collector, true),
            line => *line = Some(words),
        }
    }

    /// The summary of a post: its own, else the first of these that its text does not say. What nothing says of the others is counted.
    pub(super) fn summary(
        self,
        own: Option<String>,
        title: Option<&str>,
        body: &str,
        collector: &mut Collector,
    ) -> Option<String> {
        let mut summary = own;
        if self.standfirsts.is_empty() && self.descriptions.is_empty() && self.titles.is_empty() {
            return summary;
        }
        let mut known: Vec<String> = [plain(body), title.map(str::to_owned), summary.clone(), self.kicker]
            .into_iter()
            .flatten()
            .map(|words| comparable(&words))
            .collect();
        let texts = self.standfirsts.into_iter().chain(self.descriptions).map(|text| (text, true));
        for ((key, words), may_stand) in texts.chain(self.titles.into_iter().map(|title| (title, false))) {
            let compared = comparable(words.trim_end_matches(['…', '.']));
            if known.iter().any(|known| known.contains(&compared)) {
                continue;
            }
            known.push(compared);
            if may_stand && summary.is_none() {
                summary = Some(words);
            } else {
                collector.lost(&format!("custom field {key}"));
            }
        }
        summary
    }
}

enum Kind {
    Title,
    Description,
}

/// What a field of a plugin for search engines holds that people read: what they, and social networks, call a page, and say of it.
fn kind(name: &str) -> Option<Kind> {
    match name.rsplit(['_', '-']).next()? {
        "title" => Some(Kind::Title),
        "desc" | "description" | "metadesc" => Some(Kind::Description),
        _ => None,
    }
}

/// Whether words are a template, in which others stand: `%%title%%`, `%title%`, `#post_title`.
fn has_variables(words: &str) -> bool {
    words.split_whitespace().any(|word| {
        let is_name =
            |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let between = word.split('%').skip(1).any(is_name) && word.matches('%').count() > 1;
        between || word.strip_prefix('#').is_some_and(|name| name.contains('_') && is_name(name))
    })
}

/// Words without what differs where they are said twice.
fn comparable(words: &str) -> String {
    let words = words.replace(['’', '‘'], "'").replace(['“', '”'], "\"").to_lowercase();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_told_from_words() {
        for words in
            ["%%title%% %%sep%% %%sitename%%", "%title% in Oslo", "#post_title | #site_title", "Buy %product_name%."]
        {
            assert!(has_variables(words), "{words}");
        }
        for words in ["Ebb at 5% and 6%", "#ebb at the quay", "All of it"] {
            assert!(!has_variables(words), "{words}");
        }
    }
}
