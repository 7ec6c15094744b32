//! Texts that programs for building pages keep beside a post, as JSON or as PHP writes its values. Some leave the post's own text empty.

mod elementor;
mod parts;

use std::collections::HashSet;

use self::elementor::Page;
use super::blocks::ShownWords;
use crate::read::{
    collect::{Collector, content_of_field},
    html::{Piece, pieces},
    media::address_of_picture,
    text::{escape, plain},
};

/// Fields in which they are: of Elementor, Beaver Builder, Bricks, SiteOrigin, Themify, Oxygen and Breakdance.
const FIELDS: [&str; 9] = [
    ELEMENTOR,
    "_fl_builder_data",
    "_bricks_page_content_2",
    "_bricks_page_content",
    "panels_data",
    "_themify_builder_settings_json",
    "ct_builder_json",
    "_ct_builder_json",
    "_breakdance_data",
];

const ELEMENTOR: &str = "_elementor_data";

/// Whether a field is one of these.
pub(super) fn is_field(key: &str) -> bool {
    FIELDS.contains(&key)
}

/// The text of a post: its own, or, where that says nothing, the one that such a field holds.
pub(super) fn text(own: String, fields: &[(&str, &str)]) -> String {
    if plain(&own).is_some() || own.contains("<!-- wp:") {
        return own;
    }
    let built = fields.iter().find_map(|(key, value)| page(key, value));
    built.map(|page| page.html).filter(|html| !html.is_empty()).unwrap_or(own)
}

fn page(key: &str, value: &str) -> Option<Page> {
    (key == ELEMENTOR).then(|| serde_json::from_str(value).ok()).flatten().map(|value| Page::read(&value))
}

/// Counts the words and pictures in these fields that a text does not show.
pub(super) fn count(html: &str, title: Option<&str>, fields: &[(&str, &str)], collector: &mut Collector) {
    if fields.is_empty() {
        return;
    }
    let shown = ShownWords::of(&format!("{html}<p>{}</p>", escape(title.unwrap_or_default())));
    for (key, value) in fields {
        let page = page(key, value);
        let words = page.as_ref().map_or_else(|| content_of_field("", value), |page| page.words.clone());
        collector.lost_times(&format!("texts in the field {key}"), shown.lacks(&words).count() as u64);
        if let Some(page) = page {
            count_further(html, key, &page, collector);
        }
    }
}

fn count_further(html: &str, key: &str, page: &Page, collector: &mut Collector) {
    let shown: HashSet<String> = pieces(html)
        .filter_map(|piece| match piece {
            Piece::Tag(tag) if tag.is("img") => tag.attribute("src").map(|url| address_of_picture(&url)),
            _ => None,
        })
        .collect();
    let lost = page.pictures.iter().filter(|url| !shown.contains(&address_of_picture(url))).count();
    collector.lost_times(&format!("pictures in the field {key}"), lost as u64);
    for kind in &page.elsewhere {
        collector.lost(&format!("Elementor widget {kind}"));
    }
    for kind in &page.furniture {
        collector.unmapped(&format!("Elementor widget {kind}"));
    }
    for _ in page.backgrounds.iter().filter(|url| !shown.contains(&address_of_picture(url))) {
        collector.unmapped(&format!("picture behind a part of the page in the field {key}"));
    }
}
