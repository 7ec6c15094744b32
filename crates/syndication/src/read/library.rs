//! What the files of one import hold for each other: WordPress cuts large exports into parts, and the picture of a post may
//! be in another part than the post.

use std::collections::{HashMap, HashSet};

/// The files of the media libraries of WordPress sites, and what posts show of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Library {
    /// By the site's address.
    sites: HashMap<String, SiteLibrary>,
}

/// Those of one site, by their numbers there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SiteLibrary {
    /// The numbers of the files that posts name, and of the posts that show whatever came with one. No other file is kept:
    /// a library may be larger than all texts.
    shown: HashSet<Box<str>>,
    galleries: HashSet<Box<str>>,
    files: HashMap<Box<str>, MediaFile>,
    /// The numbers of the files that came with each post.
    of_posts: HashMap<Box<str>, Vec<Box<str>>>,
    /// Texts that stand in several posts (reusable blocks).
    blocks: HashMap<Box<str>, Box<str>>,
    /// The numbers of those, and of posts, that are not for everybody.
    withheld: HashSet<Box<str>>,
    /// How many bytes these texts have.
    length: usize,
}

/// A file of a media library.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct MediaFile {
    pub(crate) url: Box<str>,
    pub(crate) title: Option<Box<str>>,
    pub(crate) alt: Option<Box<str>>,
    pub(crate) caption: Option<Box<str>>,
    pub(crate) order: i64,
}

impl MediaFile {
    pub(crate) fn is_picture(&self) -> bool {
        crate::read::media::is_picture_address(&self.url)
    }
}

/// No site has more in its reusable blocks; what is beyond stands in no text.
const MOST_IN_BLOCKS: usize = 16 * 1024 * 1024;

impl Library {
    /// What is known of a site.
    pub(crate) fn site(&self, address: &str) -> Option<&SiteLibrary> {
        self.sites.get(address)
    }

    /// Takes over what another part of the same export holds, to go on with.
    pub(crate) fn take(&mut self, address: &str) -> SiteLibrary {
        self.sites.remove(address).unwrap_or_default()
    }

    /// Gives back what was taken over, with what there is more.
    pub(crate) fn give(&mut self, address: &str, site: SiteLibrary) {
        self.sites.insert(address.to_owned(), site);
    }
}

impl SiteLibrary {
    /// Whether any post shows any file.
    pub(crate) fn is_asked(&self) -> bool {
        !self.shown.is_empty() || !self.galleries.is_empty()
    }

    /// Whether a post shows a file, by its number or by that of the post it came with.
    pub(crate) fn asks_for(&self, number: &str, parent: Option<&str>) -> bool {
        self.shown.contains(number) || parent.is_some_and(|parent| self.galleries.contains(parent))
    }

    /// Puts in a file that came with a post.
    pub(crate) fn put(&mut self, number: &str, parent: Option<&str>, file: MediaFile) {
        if let Some(parent) = parent.filter(|parent| self.galleries.contains(*parent)) {
            self.of_posts.entry(parent.into()).or_default().push(number.into());
        }
        self.files.insert(number.into(), file);
    }

    /// Adds what another library of the same site asks for.
    pub(crate) fn ask(&mut self, other: Self) {
        self.shown.extend(other.shown);
        self.galleries.extend(other.galleries);
        self.withheld.extend(other.withheld);
        for (number, text) in other.blocks {
            self.put_block(&number, &text);
        }
    }

    pub(crate) fn get(&self, number: &str) -> Option<&MediaFile> {
        self.files.get(number)
    }

    /// The pictures that came with a post, in their order.
    pub(crate) fn of_post(&self, post: &str) -> Vec<(&str, &MediaFile)> {
        let numbers = self.of_posts.get(post);
        let files = numbers.into_iter().flatten().filter_map(|number| Some((&**number, self.get(number)?)));
        let mut files: Vec<_> = files.filter(|(_, file)| file.is_picture()).collect();
        files.sort_by_key(|(number, file)| (file.order, number.parse::<u64>().unwrap_or_default()));
        files.dedup_by_key(|(number, _)| *number);
        files
    }

    pub(crate) fn put_block(&mut self, number: &str, text: &str) {
        if self.length + text.len() <= MOST_IN_BLOCKS {
            self.length += text.len();
            self.blocks.insert(number.into(), text.into());
        }
    }

    pub(crate) fn block(&self, number: &str) -> Option<&str> {
        self.blocks.get(number).map(|text| &**text)
    }

    /// Notes that a post, or a text that may stand in several, is not for everybody.
    pub(crate) fn withhold(&mut self, number: &str) {
        self.withheld.insert(number.into());
    }

    pub(crate) fn withholds(&self, number: &str) -> bool {
        self.withheld.contains(number)
    }

    pub(crate) fn show_all_of(&mut self, post: &str) {
        self.galleries.insert(post.into());
    }

    pub(crate) fn show(&mut self, number: &str) {
        self.shown.insert(number.into());
    }

    pub(crate) fn is_shown(&self, number: &str) -> bool {
        self.shown.contains(number)
    }
}
