//! The reference data as readers' fields ask for them, each question noted.

use courant_domain::{
    address::{self, Address, Place},
    category::{Category, CategoryTree},
    feed::Feed,
    id::{CategoryId, FeedId, PersonId, TagId},
    person::Person,
    slug::Slug,
    tag::Tag,
};
use courant_persistence::{Reads, Reference};

use crate::recorder::Recorder;

/// What is known of the site's names, for one request.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    reference: &'a Reference,
    recorder: &'a Recorder,
}

impl<'a> Known<'a> {
    pub(super) const fn new(reference: &'a Reference, recorder: &'a Recorder) -> Self {
        Self { reference, recorder }
    }

    /// The categories.
    pub(crate) fn categories(self) -> Categories<'a> {
        Categories { tree: &self.reference.categories, recorder: self.recorder }
    }

    /// The feed with this id.
    pub(crate) fn feed(self, id: FeedId) -> Option<&'a Feed> {
        self.recorder.note(|reads| reads.feed(id));
        self.reference.feed(id)
    }

    /// The feed with this slug.
    pub(crate) fn feed_by_slug(self, slug: &Slug) -> Option<&'a Feed> {
        let found = self.reference.feed_by_slug(slug);
        self.recorder.note(|reads| match found {
            Some(feed) => reads.feed(feed.id),
            None => reads.feeds(),
        });
        found
    }

    /// All feeds, by slug.
    pub(crate) fn feeds(self) -> &'a [Feed] {
        self.recorder.note(Reads::feeds);
        self.reference.feeds()
    }

    /// The tag that something live names.
    pub(crate) fn tag(self, id: TagId) -> Option<&'a Tag> {
        self.recorder.note(|reads| reads.tag(id));
        self.reference.tag(id)
    }

    /// The tag with this id, if readers know of it.
    pub(crate) fn live_tag(self, id: TagId) -> Option<&'a Tag> {
        self.recorder.note(|reads| reads.tag(id));
        self.reference.live_tags().get(&id)
    }

    /// The tag with this slug, if readers know of it.
    pub(crate) fn live_tag_by_slug(self, slug: &Slug) -> Option<&'a Tag> {
        let found = self.reference.live_tags().by_slug(slug);
        self.recorder.note(|reads| match found {
            Some(tag) => reads.tag(tag.id),
            None => reads.tags(),
        });
        found
    }

    /// All tags that readers know of, by slug.
    pub(crate) fn live_tags(self) -> &'a [Tag] {
        self.recorder.note(Reads::tags);
        self.reference.live_tags().rows()
    }

    /// The person whom something live names.
    pub(crate) fn person(self, id: PersonId) -> Option<&'a Person> {
        self.recorder.note(|reads| reads.person(id));
        self.reference.person(id)
    }

    /// The person with this id, if readers know of them.
    pub(crate) fn live_person(self, id: PersonId) -> Option<&'a Person> {
        self.recorder.note(|reads| reads.person(id));
        self.reference.live_persons().get(&id)
    }

    /// The person with this slug, if readers know of them.
    pub(crate) fn live_person_by_slug(self, slug: &Slug) -> Option<&'a Person> {
        let found = self.reference.live_persons().by_slug(slug);
        self.recorder.note(|reads| match found {
            Some(person) => reads.person(person.id),
            None => reads.persons(),
        });
        found
    }

    /// All persons whom readers know of, by slug.
    pub(crate) fn live_persons(self) -> &'a [Person] {
        self.recorder.note(Reads::persons);
        self.reference.live_persons().rows()
    }

    /// Whether readers are told that a redirect leads there.
    pub(crate) fn leads_to(self, target: &str) -> bool {
        self.recorder.note(|reads| {
            match Address::parse(address::followed(target).unwrap_or(target)).map(|address| address.place) {
                Some(Place::Tag(_)) => reads.tags(),
                Some(Place::Person(_)) => reads.persons(),
                _ => {}
            }
        });
        self.reference.leads_to(target)
    }
}

/// The tree of categories.
#[derive(Clone, Copy)]
pub(crate) struct Categories<'a> {
    tree: &'a CategoryTree,
    recorder: &'a Recorder,
}

impl<'a> Categories<'a> {
    /// The category with this id.
    pub(crate) fn get(self, id: CategoryId) -> Option<&'a Category> {
        self.recorder.note(|reads| reads.category(id));
        self.tree.get(id)
    }

    /// The category at a path of slugs from the top.
    pub(crate) fn by_path(self, path: &str) -> Option<&'a Category> {
        let found = self.tree.by_path(path);
        self.recorder.note(|reads| match found {
            Some(category) => reads.category(category.id),
            None => reads.categories(),
        });
        found
    }

    /// The path of slugs from the top.
    pub(crate) fn path(self, id: CategoryId) -> Option<&'a str> {
        self.recorder.note(|reads| reads.category(id));
        self.tree.path(id)
    }

    /// The categories above one, from the top down.
    pub(crate) fn ancestors(self, id: CategoryId) -> impl Iterator<Item = &'a Category> {
        self.recorder.note(|reads| {
            reads.category(id);
            self.tree.ancestors(id).for_each(|above| reads.category(above.id));
        });
        self.tree.ancestors(id)
    }

    /// The categories directly below one, or at the top for none.
    pub(crate) fn children(self, parent: Option<CategoryId>) -> impl Iterator<Item = &'a Category> {
        self.recorder.note(|reads| match parent {
            Some(parent) => reads.category(parent),
            None => reads.roots(),
        });
        self.tree.children(parent)
    }
}
