//! What the files of one import hold for each other: WordPress cuts large exports into parts, and the picture of a post may
//! be in another part than the post.

use std::collections::{HashMap, HashSet};

/// The files of the media libraries of WordPress sites, and what posts show of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Library {
    /// By the site's address and the number there.
    files: HashMap<(String, String), MediaFile>,
    /// The numbers of the files that came with each post.
    of_posts: HashMap<(String, String), Vec<String>>,
    shown: HashSet<(String, String)>,
    /// Texts that stand in several posts (reusable blocks), by the same.
    blocks: HashMap<(String, String), String>,
}

/// A file of a media library.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct MediaFile {
    pub(crate) url: String,
    pub(crate) title: Option<String>,
    pub(crate) alt: Option<String>,
    pub(crate) caption: Option<String>,
    /// The number of the post it was sent to the library with.
    pub(crate) parent: Option<String>,
    pub(crate) order: i64,
}

impl MediaFile {
    pub(crate) fn is_picture(&self) -> bool {
        crate::read::media::is_picture_address(&self.url)
    }
}

impl Library {
    pub(crate) fn put(&mut self, site: &str, number: &str, file: MediaFile) {
        if let Some(parent) = &file.parent {
            self.of_posts.entry((site.to_owned(), parent.clone())).or_default().push(number.to_owned());
        }
        self.files.insert((site.to_owned(), number.to_owned()), file);
    }

    pub(crate) fn get(&self, site: &str, number: &str) -> Option<&MediaFile> {
        self.files.get(&(site.to_owned(), number.to_owned()))
    }

    /// The pictures that came with a post, in their order.
    pub(crate) fn of_post(&self, site: &str, post: &str) -> Vec<(&str, &MediaFile)> {
        let numbers = self.of_posts.get(&(site.to_owned(), post.to_owned()));
        let files = numbers.into_iter().flatten().filter_map(|number| Some((number.as_str(), self.get(site, number)?)));
        let mut files: Vec<_> = files.filter(|(_, file)| file.is_picture()).collect();
        files.sort_by_key(|(number, file)| (file.order, number.parse::<u64>().unwrap_or_default()));
        files.dedup_by_key(|(number, _)| *number);
        files
    }

    pub(crate) fn put_block(&mut self, site: &str, number: &str, text: String) {
        self.blocks.insert((site.to_owned(), number.to_owned()), text);
    }

    pub(crate) fn block(&self, site: &str, number: &str) -> Option<&str> {
        self.blocks.get(&(site.to_owned(), number.to_owned())).map(String::as_str)
    }

    pub(crate) fn show(&mut self, site: &str, number: &str) {
        self.shown.insert((site.to_owned(), number.to_owned()));
    }

    pub(crate) fn is_shown(&self, site: &str, number: &str) -> bool {
        self.shown.contains(&(site.to_owned(), number.to_owned()))
    }
}
