//! The categories, tags and persons of an import: found, or made.

use std::collections::{HashMap, HashSet};

use courant_domain::{
    address::{self, Address, Place},
    category::CategoryTree,
    id::{CategoryId, PersonId, TagId},
    locale::Locale,
    person::Person,
    slug::Slug,
    tag::Tag,
    text::Localized,
};
use courant_persistence::{Reference, ReferenceData, Store, StoreError};
use courant_syndication::{Import, ImportedCategory};

use crate::{
    categories::Categories,
    error::ImportError,
    names::{Names, Resolution},
    report::Report,
};

/// The ids behind the slugs of an import.
pub(crate) struct Terms {
    pub(crate) categories: HashMap<Slug, CategoryId>,
    pub(crate) tags: HashMap<Slug, TagId>,
    pub(crate) persons: HashMap<Slug, PersonId>,
    /// The tag that stands for a category on articles that have several: an article is filed in one.
    pub(crate) further: HashMap<Slug, TagId>,
    pub(crate) default: CategoryId,
    /// The slug of the category above each.
    parents: HashMap<Slug, Slug>,
}

impl Terms {
    /// Whether one category lies somewhere below another, so that what is filed in it is found there, too.
    pub(crate) fn below(&self, category: &Slug, other: &Slug) -> bool {
        // Parents stand before their children in an import, so that there are no circles.
        std::iter::successors(self.parents.get(category), |parent| self.parents.get(*parent))
            .any(|parent| parent == other)
    }
}

/// How often others may be faster with something of the same name.
const MAX_RACES: usize = 5;

/// Finds the terms of an import, or makes them. It was filed in these categories before.
pub(crate) async fn put(
    store: &Store,
    import: &Import,
    filed_before: HashSet<CategoryId>,
    default: &Slug,
    locale: Locale,
    report: &mut Report,
) -> Result<Terms, ImportError> {
    let mut races = 0;
    let (terms, Noticed { lifted, renamed }) = loop {
        match find_or_make(store, import, &filed_before, default, locale).await {
            Err(error) if races < MAX_RACES && is_taken(&error) => {
                races += 1;
                store.refresh().await?;
            }
            put => break put?,
        }
    };
    for slug in lifted {
        let deepest = CategoryTree::MAX_DEPTH;
        let message = format!("it is nested deeper than {deepest} and goes beside the category above it");
        report.problem(&format!("category {slug}"), message);
    }
    for (slug, other) in renamed {
        let message = format!("its slug is a word of the site's own pages, so that it is {other} here");
        report.problem(&format!("category {slug}"), message);
    }
    Ok(terms)
}

/// What is to be said of categories.
struct Noticed {
    /// Those that are nested too deep.
    lifted: Vec<Slug>,
    /// Those that may not be called as they are, and what they are called here.
    renamed: Vec<(Slug, Slug)>,
}

fn is_taken(error: &ImportError) -> bool {
    matches!(error, ImportError::Terms(StoreError::AlreadyExists(_)))
}

/// Makes what is not there as far as this process knows.
async fn find_or_make(
    store: &Store,
    import: &Import,
    filed_before: &HashSet<CategoryId>,
    default: &Slug,
    locale: Locale,
) -> Result<(Terms, Noticed), ImportError> {
    let reference = store.reference();
    let mut new = ReferenceData::default();

    let above = filed_before.iter().flat_map(|id| reference.categories.ancestors(*id)).map(|category| category.id);
    let filed_before = above.chain(filed_before.iter().copied()).collect();
    let mut categories = Categories::of(&reference.categories, &import.categories, filed_before, locale);
    let default = ImportedCategory { slug: default.clone(), parent: None, title: title_of(default), description: None };
    for level in levels(&import.categories).into_iter().chain([vec![&default]]) {
        let paths = level.iter().flat_map(|category| categories.paths(category)).collect();
        categories.moved = moved(store, &reference, paths).await?;
        for category in level {
            categories.file(category);
        }
    }
    let default = categories.file(&default);
    let Categories { ids: categories, parents, new: made, lifted, renamed, .. } = categories;
    new.categories = made;

    let known = reference.tags().iter().map(|tag| (tag.id, &tag.slug, &tag.name));
    let mut names = Names::of(locale, known);
    let mut tag_of = |slug: &Slug, name: &str| match names.find(slug, name) {
        Resolution::Known(id) => id,
        Resolution::New(slug) => {
            let tag = Tag { id: TagId::generate(), slug, name: Localized::single(locale, name) };
            names.made(tag.id, &tag.slug, &tag.name);
            let id = tag.id;
            new.tags.push(tag);
            id
        }
    };
    let mut tags = HashMap::new();
    for tag in &import.tags {
        tags.insert(tag.slug.clone(), tag_of(&tag.slug, &tag.name));
    }
    let titles: HashMap<&Slug, &str> =
        import.categories.iter().map(|category| (&category.slug, category.title.as_str())).collect();
    let mut further = HashMap::new();
    for slug in &import.further {
        if let Some(title) = titles.get(slug).filter(|_| !further.contains_key(slug)) {
            further.insert(slug.clone(), tag_of(slug, title));
        }
    }

    let known = reference.persons().iter().map(|person| (person.id, &person.slug, &person.name));
    let mut names = Names::of(locale, known);
    let mut persons = HashMap::new();
    for person in &import.persons {
        let id = match names.find(&person.slug, &person.name) {
            Resolution::Known(id) => id,
            Resolution::New(slug) => {
                let (id, name) = (PersonId::generate(), Localized::single(locale, person.name.as_str()));
                names.made(id, &slug, &name);
                new.persons.push(Person { id, slug, name, role: Localized::default() });
                id
            }
        };
        persons.insert(person.slug.clone(), id);
    }
    let new = new.with_category_feeds(&reference)?;
    store.newsroom().reference_put(&new).await.map_err(ImportError::Terms)?;
    Ok((Terms { categories, tags, persons, further, default, parents }, Noticed { lifted, renamed }))
}

/// The categories by how deep they lie in their source, the highest first.
fn levels(categories: &[ImportedCategory]) -> Vec<Vec<&ImportedCategory>> {
    let mut depths: HashMap<&Slug, usize> = HashMap::new();
    let mut levels: Vec<Vec<&ImportedCategory>> = Vec::new();
    for category in categories {
        let above = category.parent.as_ref().and_then(|above| depths.get(above));
        let depth = above.map_or(0, |above| above + 1);
        depths.insert(&category.slug, depth);
        match levels.get_mut(depth) {
            Some(level) => level.push(category),
            None => levels.push(vec![category]),
        }
    }
    levels
}

/// The categories to which these paths of slugs lead that were categories' once. What an editor renames, moves or
/// merges leaves that behind, so that a source may go on calling it what it did.
async fn moved(
    store: &Store,
    reference: &Reference,
    paths: Vec<String>,
) -> Result<HashMap<String, CategoryId>, StoreError> {
    /// Databases bound how many values a statement may have.
    const AT_ONCE: usize = 1_000;
    let locale = reference.site.default_locale;
    let mut moved = HashMap::new();
    for paths in paths.chunks(AT_ONCE) {
        let addresses: Vec<String> = paths.iter().map(|path| address::category_path(locale, path)).collect();
        let rules = store.live().redirects_of(&addresses).await?;
        for (path, rule) in paths.iter().zip(&addresses).filter_map(|(path, address)| Some((path, rules.get(address)?)))
        {
            let place = rule.target.as_deref().and_then(Address::parse).map(|address| address.place);
            if let Some(Place::Category(slugs)) = place
                && let Some(category) = reference.categories.by_path(&slugs)
            {
                moved.insert(path.clone(), category.id);
            }
        }
    }
    Ok(moved)
}

/// `city-news` as `City news`.
fn title_of(slug: &Slug) -> String {
    let words = slug.as_str().replace('-', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use courant_persistence::{Options, migrate};
    use courant_syndication::ReadOptions;

    use super::*;

    const FEED: &[u8] = b"<rss version=\"2.0\"><channel><title>News</title><link>https://example.org/</link>\
        <item><title>Ferry</title><guid>1</guid><author>a@example.org (Ann Reed)</author>\
        <category>Ships</category><category>Harbour</category></item></channel></rss>";

    #[tokio::test]
    async fn what_another_process_made_meanwhile_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let options = Options::sqlite(&folder.path().join("courant.db"));
        migrate(&options).await.unwrap();
        let default = Slug::parse("news").unwrap();
        let import = courant_syndication::read(FEED, &ReadOptions::new(default.clone())).unwrap();
        // Both know of nothing when they begin.
        let stores = [Store::open(&options).await.unwrap(), Store::open(&options).await.unwrap()];
        let mut made = Vec::new();
        for store in stores {
            let mut report = Report::of(&import, 1);
            let terms = put(&store, &import, HashSet::new(), &default, Locale::ENGLISH, &mut report).await.unwrap();
            assert!(terms.categories.len() + terms.tags.len() > 2, "{:?} {:?}", terms.categories, terms.tags);
            made.push((terms.default, terms.categories, terms.tags, terms.further, terms.persons));
        }
        assert_eq!(made[0], made[1]);
    }
}
