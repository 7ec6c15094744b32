//! A source is gone through for its items twice: what becomes of one depends on all others.

use std::collections::HashSet;

use courant_domain::{locale::Locale, slug::Slug, zone::ZoneName};

use super::Collector;
use crate::read::{
    identity::{Identities, Outlines, UnidentifiedItem, origin},
    import::{Item, OldTerm, Problem},
    moving::{OldSite, OwnSite, with_moved_media},
    own_links::Kept,
};

/// How far it is gone through.
pub(super) enum Pass {
    /// Before any of them is read.
    Head,
    /// It is seen which there are. Nothing is reported, and texts are left aside where nothing hangs on them.
    Outline {
        outlines: Box<Outlines>,
        /// What items are known by everywhere, if somebody wants to know.
        origins: Option<Vec<String>>,
        /// The addresses they had, if the site is one's own.
        kept: Option<Kept>,
    },
    /// Each is read.
    Items {
        identities: Box<Identities>,
        /// One's own old site, if it is.
        site: OldSite,
        /// The item that was read last.
        read: Option<Box<Item>>,
    },
}

impl Collector {
    /// The language everything goes in in, as far as the options or the source say.
    pub(crate) fn locale(&self) -> Option<Locale> {
        self.wanted.or(self.import.language)
    }

    /// Where a date without a time is a day.
    pub(crate) const fn time_zone(&self) -> &ZoneName {
        &self.time_zone
    }

    /// Goes on to see which items there are, and keeps what each is known by if somebody wants to know.
    pub(crate) fn outline(&mut self, wants_origins: bool) {
        let kept = (self.own_site != OwnSite::No).then(Kept::default);
        self.pass = Pass::Outline { outlines: Box::default(), origins: wants_origins.then(Vec::new), kept };
    }

    /// What the items are known by that were met since this was asked before.
    pub(crate) fn take_origins(&mut self) -> Vec<String> {
        match &mut self.pass {
            Pass::Outline { origins: Some(origins), .. } => std::mem::take(origins),
            _ => Vec::new(),
        }
    }

    /// Goes on to read the items, and says how many there will be, and which further categories they are in.
    pub(crate) fn items(&mut self) -> (u64, Vec<Slug>) {
        let Pass::Outline { mut outlines, kept, .. } = std::mem::replace(&mut self.pass, Pass::Head) else {
            return (0, Vec::new());
        };
        let further = std::mem::take(&mut outlines.further);
        self.import.language = self.import.language.or(outlines.language());
        let identities = outlines.decide();
        let count = identities.count;
        self.pass = Pass::Items {
            identities: Box::new(identities),
            site: OldSite::of(
                &self.own_site,
                self.import.base_url.as_deref(),
                self.import.title.as_deref(),
                kept.unwrap_or_default(),
            ),
            read: None,
        };
        (count, further)
    }

    /// Keeps the addresses of what has one beside the items, of those that are on one's own site.
    pub(crate) fn old_terms(&mut self, addresses: impl Iterator<Item = (String, OldTerm)>) {
        let Pass::Items { site, .. } = &mut self.pass else { return };
        let mut known = HashSet::new();
        if let Some(folder) = site.folder() {
            self.import.old_terms.push((folder.to_owned(), OldTerm::Front));
        }
        for (address, term) in addresses {
            match site.term(&address) {
                Some(Ok(path)) if known.insert(path.clone()) => self.import.old_terms.push((path, term)),
                Some(Err(reason)) => {
                    let message = format!("its old address {address} leads nowhere new: {reason}");
                    self.import.problems.push(Problem { place: term.to_string(), message });
                }
                _ => {}
            }
        }
    }

    /// Whether the source is of one's own old site.
    pub(crate) const fn is_own_site(&self) -> bool {
        matches!(&self.pass, Pass::Items { site, .. } if site.is_own())
    }

    /// A text in which files are where they are now, and links within one's own site lead to what is here.
    pub(super) fn with_what_moved(&self, html: String) -> String {
        let html = if self.media.is_empty() { html } else { with_moved_media(&html, &self.media) };
        match &self.pass {
            Pass::Items { site, .. } => site.with_links_here(html),
            _ => html,
        }
    }

    /// The item that was read last, if there is one.
    pub(crate) fn take_item(&mut self) -> Option<Item> {
        match &mut self.pass {
            Pass::Items { read, .. } => read.take().map(|item| *item),
            _ => None,
        }
    }

    /// Whether the text of an item is asked for now: while it is only seen which items there are, it matters where a title
    /// is made of it.
    pub(crate) fn wants_text(&self, title: Option<&str>) -> bool {
        title.is_none() || !self.is_outlining()
    }

    pub(super) fn is_outlining(&self) -> bool {
        matches!(self.pass, Pass::Outline { .. })
    }

    /// Takes in an item that was found.
    pub(super) fn found(&mut self, found: UnidentifiedItem) {
        let format = self.import.format;
        match &mut self.pass {
            Pass::Head => {}
            Pass::Outline { outlines, origins, kept } => {
                if let Some(kept) = kept {
                    found.item.old_paths.iter().for_each(|address| kept.note(address));
                }
                outlines.add(&found, format);
                if let Some(origins) = origins {
                    origins.push(origin(&found.id, &found.id, self.identity.as_deref(), format));
                }
            }
            Pass::Items { identities, site, read } => {
                let about = (self.identity.as_deref(), format);
                let mut item = identities.identify(found, about, &mut self.import.problems);
                if let Some(item) = &mut item {
                    let left_out = site.settle(&mut item.content, &mut item.old_paths);
                    self.import.problems.extend(left_out.into_iter().map(|(address, reason)| {
                        let message = format!("its old address {address} leads nowhere new: {reason}");
                        Problem { place: item.place.clone(), message }
                    }));
                }
                *read = item.map(Box::new);
            }
        }
    }
}
