//! The categories, tags and persons of an import: found by their slugs, or made.

use std::collections::HashMap;

use anyhow::{Context, Result};
use courant_domain::{
    category::{Category, CategoryTree},
    id::{CategoryId, PersonId, TagId},
    locale::Locale,
    person::Person,
    slug::Slug,
    tag::Tag,
    text::Localized,
};
use courant_persistence::{Reference, ReferenceData, Store};
use courant_syndication::{Import, ImportedCategory};

/// The ids behind the slugs of an import.
pub(super) struct Terms {
    pub(super) categories: HashMap<Slug, CategoryId>,
    pub(super) tags: HashMap<Slug, TagId>,
    pub(super) persons: HashMap<Slug, PersonId>,
    /// The tag that stands for a category on articles that have several: an article is filed in one.
    pub(super) further: HashMap<Slug, TagId>,
    pub(super) default: CategoryId,
    /// The slug of the category above each.
    parents: HashMap<Slug, Slug>,
}

impl Terms {
    /// Whether one category lies somewhere below another, so that what is filed in it is found there, too.
    pub(super) fn below(&self, category: &Slug, other: &Slug) -> bool {
        // Parents stand before their children in an import, so that there are no circles.
        std::iter::successors(self.parents.get(category), |parent| self.parents.get(*parent))
            .any(|parent| parent == other)
    }
}

pub(super) async fn put(store: &Store, import: &Import, default: &Slug, locale: Locale) -> Result<Terms> {
    let reference = store.reference();
    let mut new = ReferenceData::default();

    let mut categories =
        Categories { known: reference.categories.clone(), ids: HashMap::new(), new: Vec::new(), locale };
    for category in &import.categories {
        categories.file(category);
    }
    let default_title = title_of(default);
    let default = categories.file(&ImportedCategory {
        slug: default.clone(),
        parent: None,
        title: default_title,
        description: None,
    });
    let Categories { ids: categories, new: made, .. } = categories;
    new.categories = made;

    let mut tags = HashMap::new();
    for tag in &import.tags {
        tags.insert(tag.slug.clone(), tag_id(&reference, &mut new.tags, &tag.slug, &tag.name, locale));
    }
    let mut further = HashMap::new();
    for slug in import.items.iter().flat_map(|item| item.categories.iter().skip(1)) {
        if let Some(category) = import.categories.iter().find(|category| category.slug == *slug) {
            further.insert(slug.clone(), tag_id(&reference, &mut new.tags, slug, &category.title, locale));
        }
    }
    let mut persons = HashMap::new();
    for person in &import.persons {
        let known = reference.person_by_slug(&person.slug).map(|known| known.id);
        let id = known.unwrap_or_else(|| {
            let id = PersonId::generate();
            let name = Localized::single(locale, person.name.as_str());
            new.persons.push(Person { id, slug: person.slug.clone(), name, role: Localized::default() });
            id
        });
        persons.insert(person.slug.clone(), id);
    }
    let new = new.with_category_feeds(&reference)?;
    store.reference_put(&new).await.context("cannot make its categories, tags and authors")?;
    let parent = |category: &ImportedCategory| Some((category.slug.clone(), category.parent.clone()?));
    let parents = import.categories.iter().filter_map(parent).collect();
    Ok(Terms { categories, tags, persons, further, default, parents })
}

fn tag_id(reference: &Reference, new: &mut Vec<Tag>, slug: &Slug, name: &str, locale: Locale) -> TagId {
    let known = reference.tag_by_slug(slug).or_else(|| new.iter().find(|tag| tag.slug == *slug));
    known.map(|tag| tag.id).unwrap_or_else(|| {
        let id = TagId::generate();
        new.push(Tag { id, slug: slug.clone(), name: Localized::single(locale, name) });
        id
    })
}

struct Categories {
    known: CategoryTree,
    ids: HashMap<Slug, CategoryId>,
    new: Vec<Category>,
    locale: Locale,
}

impl Categories {
    /// The category of this slug: below the same parent, else, for one without a parent, wherever it is.
    fn file(&mut self, category: &ImportedCategory) -> CategoryId {
        if let Some(id) = self.ids.get(&category.slug) {
            return *id;
        }
        let parent = category.parent.as_ref().and_then(|parent| self.ids.get(parent)).copied();
        let same = |known: &&Category| known.slug == category.slug;
        let known = self.known.children(parent).find(same);
        let known = known.or_else(|| self.known.iter().find(same).filter(|_| parent.is_none())).map(|known| known.id);
        let id = known.unwrap_or_else(|| {
            let id = CategoryId::generate();
            self.new.push(Category {
                id,
                parent,
                position: self.last_position(parent).saturating_add(1),
                slug: category.slug.clone(),
                title: Localized::single(self.locale, category.title.as_str()),
                description: category
                    .description
                    .as_deref()
                    .map(|text| Localized::single(self.locale, text))
                    .unwrap_or_default(),
            });
            id
        });
        self.ids.insert(category.slug.clone(), id);
        id
    }

    fn last_position(&self, parent: Option<CategoryId>) -> i32 {
        let new = self.new.iter().filter(|category| category.parent == parent);
        self.known.children(parent).chain(new).map(|category| category.position).max().unwrap_or(0)
    }
}

/// `city-news` as `City news`.
fn title_of(slug: &Slug) -> String {
    let words = slug.as_str().replace('-', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
