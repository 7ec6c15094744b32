//! What its source took back.

use courant_domain::article::ArticleContent;
use jiff::Timestamp;

use super::Collector;
use crate::read::{
    identity::UnidentifiedItem,
    import::{Item, ItemStatus, Shown},
    slugs::slug_of,
};

impl Collector {
    /// Takes in that its source took back what is known by this id.
    pub(crate) fn gone(&mut self, place: String, id: &str, at: Option<Timestamp>) {
        let id = id.trim().to_owned();
        let Some(slug) = slug_of([id.as_str(), &place]).filter(|_| !id.is_empty()) else {
            self.problem(&place, "it says that something was taken back, and not what");
            return;
        };
        let item = Item {
            origin: String::new(),
            place,
            language: None,
            content: ArticleContent::default(),
            status: ItemStatus::Gone,
            published_at: None,
            updated_at: at,
            shown: Shown::default(),
            categories: vec![self.default_category.clone()],
            tags: Vec::new(),
            authors: Vec::new(),
            old_paths: Vec::new(),
        };
        self.found(UnidentifiedItem { item, id, has_id: true, slug, is_given: false });
    }
}
