//! What lists are called in their heads: so that no page has the title or the description of another.

use courant_domain::{locale::Locale, text::Localized};
use courant_persistence::Reference;

use super::{
    Summary,
    answer::{Crumb, List},
    plain::{self, Page},
};

impl Summary {
    /// A category, tag, person or feed; the app says what it is where it does not say so itself.
    pub(super) fn list(&mut self, page: Page, list: List, locale: Locale, reference: &Reference, words: &plain::Pages) {
        let List { path, title, description, breadcrumbs, publications, .. } = list;
        let slug = path.rsplit('/').next().unwrap_or_default();
        let beside = match page {
            Page::Category => above(&breadcrumbs).map(str::to_owned),
            page => has_namesakes(page, &title, locale, reference).then(|| slug.to_owned()),
        };
        let called = beside.map_or_else(|| title.clone(), |beside| format!("{title} ({beside})"));
        let (about, sort) = match page {
            Page::Category => ("categoryAbout", None),
            Page::Tag => ("tagAbout", Some("tag")),
            Page::Person => ("personAbout", None),
            _ => ("feedAbout", Some("feed")),
        };
        self.page = page;
        let about = words.text(about, locale, "title", &called);
        // The feed that was made with a section has its words.
        self.description = match (page, description) {
            (Page::Feed, Some(description)) => Some(about.map_or_else(String::new, |about| about + " ") + &description),
            (_, description) => description.or(about),
        };
        // A subject and a feed may be called as a section is.
        let sort = sort.and_then(|sort| words.text(sort, locale, "title", &called));
        self.full_title = Some(sort.map_or_else(|| called.clone(), |sort| format!("{sort}: {called}")));
        (self.canonical, self.title, self.crumbs) = (path, title, breadcrumbs);
        self.lines = publications.nodes;
    }

    /// Says of a further page of a list that it is one, and where it goes on if its lines are of there.
    pub(super) fn further(&mut self, goes_on: bool, locale: Locale, words: &plain::Pages) {
        let title = self.full_title.as_ref().unwrap_or(&self.title);
        self.full_title = words.text("continued", locale, "title", title).or(self.full_title.take());
        let first = self.lines.first().filter(|_| goes_on);
        let from = first.and_then(|first| words.text("continuedFrom", locale, "first", &first.title));
        let description = self.description.take().into_iter().chain(from).collect::<Vec<_>>().join(" ");
        self.description = Some(description).filter(|description| !description.is_empty());
    }
}

/// The section that a section is in.
fn above(breadcrumbs: &[Crumb]) -> Option<&str> {
    let [_home, .., above, _own] = breadcrumbs else { return None };
    Some(&above.title)
}

/// Whether another tag, person or feed that readers know of is called the same in a language.
fn has_namesakes(page: Page, title: &str, locale: Locale, reference: &Reference) -> bool {
    let is_called = |name: &Localized| name.resolve(&reference.site, locale) == Some(title);
    let count = match page {
        Page::Tag => reference.live_tags().rows().iter().filter(|tag| is_called(&tag.name)).count(),
        Page::Person => reference.live_persons().rows().iter().filter(|person| is_called(&person.name)).count(),
        Page::Feed => reference.feeds().iter().filter(|feed| is_called(&feed.title)).count(),
        _ => 0,
    };
    count > 1
}
