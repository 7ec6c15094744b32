//! The categories and tags of an export.

use std::collections::{BTreeMap, HashMap};

use courant_domain::slug::Slug;

use crate::read::{
    collect::{Collector, MOST_TERMS},
    import::{ImportedCategory, OldTerm},
    slugs::{Slugs, percent_decoded, slug_of},
    text::{self, plain},
    xml::{Element, Namespace},
};

/// What is known of categories and tags before the posts are read.
#[derive(Default)]
pub(super) struct Terms {
    categories: Vec<Category>,
    slugs: Slugs,
    by_nicename: HashMap<String, usize>,
    by_name: HashMap<String, usize>,
    by_id: HashMap<String, usize>,
    /// How many terms there are of each taxonomy that is not taken in.
    others: BTreeMap<String, u64>,
    /// The tags of languages, where a plugin that has a taxonomy of them calls them otherwise.
    languages: HashMap<String, String>,
}

struct Category {
    slug: Slug,
    title: String,
    description: Option<String>,
    /// The parent as it is written: by nicename, and in some exports by name or number.
    parent: Option<String>,
    /// Its name in addresses, and its number.
    nicename: Option<String>,
    id: Option<String>,
}

impl Terms {
    /// Takes a `wp:category`, `wp:tag` or `wp:term`, which holds either or a term of another taxonomy.
    pub(super) fn declared(&mut self, element: &Element<'_>, collector: &mut Collector) {
        let part = |names: [&str; 3]| names.into_iter().find_map(|name| element.child_text(Namespace::Wordpress, name));
        let nicename = part(["category_nicename", "tag_slug", "term_slug"]);
        let name = part(["cat_name", "tag_name", "term_name"]).or(nicename).and_then(text::name);
        let description = part(["category_description", "tag_description", "term_description"]).and_then(plain);
        let taxonomy = match element.name() {
            "category" => "category",
            "tag" => "post_tag",
            _ => element.child_text(Namespace::Wordpress, "term_taxonomy").unwrap_or("without a name"),
        };
        for child in &element.children {
            if child.name() == "termmeta" {
                let key = child.child_text(Namespace::Wordpress, "meta_key").unwrap_or_default();
                collector.unmapped(&format!("term field {key}"));
            }
        }
        let Some(name) = name else {
            collector.problem("site", format!("a term of the taxonomy {taxonomy} has no name and is left out"));
            return;
        };
        match taxonomy {
            "category" => {
                let index = self.category(nicename, &name);
                let parent = part(["category_parent", "term_parent", "parent"]).filter(|parent| *parent != "0");
                if let Some(category) = index.and_then(|index| self.categories.get_mut(index)) {
                    category.parent = parent.map(str::to_owned);
                    category.description = description;
                }
                if let (Some(index), Some(id)) = (index, element.child_text(Namespace::Wordpress, "term_id")) {
                    self.by_id.insert(id.to_owned(), index);
                    self.categories[index].id = Some(id.to_owned());
                }
            }
            "post_tag" => {
                collector.tag(&key(nicename.unwrap_or(&name)), nicename, &name);
                if description.is_some() {
                    collector.lost("tag description");
                }
            }
            // They are named on their posts.
            "author" => {}
            "language" => {
                // As PHP writes it: `s:6:"locale";s:5:"ru_RU";`.
                let settings =
                    part(["category_description", "tag_description", "term_description"]).unwrap_or_default();
                let tag = settings.split("\"locale\";s:").nth(1).and_then(|value| value.split('"').nth(1));
                if let Some(tag) = tag {
                    self.languages.insert(key(nicename.unwrap_or(&name)), tag.to_owned());
                }
            }
            "term_language" | "term_translations" | "post_translations" => {
                collector.unmapped(&format!("taxonomy {taxonomy}"));
            }
            taxonomy => {
                collector.unmapped(&format!("taxonomy {taxonomy}"));
                *self.others.entry(taxonomy.to_owned()).or_default() += 1;
            }
        }
    }

    /// The tag of the language that a term of a plugin's taxonomy stands for.
    pub(super) fn language<'a>(&'a self, nicename: &'a str) -> &'a str {
        // A region is what such a plugin adds of itself.
        match self.languages.get(&key(nicename)) {
            Some(tag) if crate::read::language::known(nicename).is_none() => tag,
            _ => nicename,
        }
    }

    /// Takes a category a post is in, which the channel may not declare.
    pub(super) fn named(&mut self, (nicename, name): &NamedCategory) {
        self.category(nicename.as_deref(), name);
    }

    /// Whether any category is below another.
    pub(super) fn are_nested(&self) -> bool {
        self.categories.iter().any(|category| category.parent.is_some())
    }

    /// The slug of a category a post names.
    pub(super) fn of(&self, element: &Element<'_>) -> Option<Slug> {
        let nicename = element.attribute("nicename");
        let name = element.value().or(nicename).and_then(text::name)?;
        self.find(nicename, &name).and_then(|index| self.slug(index))
    }

    /// The slug of the category with a number.
    pub(super) fn by_number(&self, id: &str) -> Option<Slug> {
        self.by_id.get(id.trim()).and_then(|index| self.slug(*index))
    }

    /// The addresses of the categories, where WordPress has them unless told otherwise.
    pub(super) fn addresses(&self, home: &str) -> Vec<(String, OldTerm)> {
        /// Nobody's are deeper, and one may be above itself.
        const DEEPEST: usize = 50;
        let mut addresses = Vec::new();
        for category in &self.categories {
            let Some(name) = category.nicename.as_ref() else { continue };
            let above = |category: &&Category| self.categories.get(self.parent(category.parent.as_deref()?)?);
            let names =
                std::iter::successors(Some(category), above).take(DEEPEST).filter_map(|one| one.nicename.as_deref());
            let mut names: Vec<&str> = names.collect();
            names.reverse();
            let term = || OldTerm::Category(category.slug.clone());
            addresses.push((format!("{home}/category/{}", names.join("/")), term()));
            addresses.push((format!("{home}/category/{name}"), term()));
            addresses.extend(category.id.iter().map(|id| (format!("{home}/?cat={id}"), term())));
        }
        addresses
    }

    /// How many terms there are of each taxonomy that is not taken in.
    pub(super) const fn others(&self) -> &BTreeMap<String, u64> {
        &self.others
    }

    /// The categories, each behind its parent.
    pub(super) fn tree(&self, collector: &mut Collector) -> Vec<ImportedCategory> {
        let mut parents: Vec<Option<usize>> = Vec::with_capacity(self.categories.len());
        for category in &self.categories {
            let parent = category.parent.as_deref().map(|parent| (parent, self.parent(parent)));
            if let Some((parent, None)) = parent {
                let message = format!("its parent {parent:?} is not in the export; it goes to the top");
                collector.problem(&format!("category {}", category.slug), message);
            }
            parents.push(parent.and_then(|(_, index)| index));
        }
        self.ordered(parents, collector)
    }

    /// Walks up from each category to one that has its place already; a walk that meets itself is cut there.
    fn ordered(&self, mut parents: Vec<Option<usize>>, collector: &mut Collector) -> Vec<ImportedCategory> {
        const WALKED: u8 = 1;
        const PLACED: u8 = 2;
        let mut state = vec![0_u8; self.categories.len()];
        let mut order = Vec::with_capacity(self.categories.len());
        for start in 0..self.categories.len() {
            let mut walk: Vec<usize> = Vec::new();
            let mut next = Some(start);
            while let Some(index) = next.filter(|index| state[*index] != PLACED) {
                if state[index] == WALKED {
                    if let Some(top) = walk.last().copied() {
                        parents[top] = None;
                        collector.problem(
                            &format!("category {}", self.categories[top].slug),
                            "it is above and below itself; it goes to the top",
                        );
                    }
                    break;
                }
                state[index] = WALKED;
                walk.push(index);
                next = parents[index];
            }
            for index in walk.into_iter().rev() {
                state[index] = PLACED;
                order.push(index);
            }
        }
        let imported = |index: usize| {
            let category = self.categories.get(index)?;
            let parent = parents.get(index)?.and_then(|parent| self.slug(parent));
            Some(ImportedCategory {
                slug: category.slug.clone(),
                parent,
                title: category.title.clone(),
                description: category.description.clone(),
            })
        };
        order.into_iter().filter_map(imported).collect()
    }

    fn slug(&self, index: usize) -> Option<Slug> {
        self.categories.get(index).map(|category| category.slug.clone())
    }

    fn parent(&self, text: &str) -> Option<usize> {
        let key = key(text);
        self.by_nicename.get(&key).or_else(|| self.by_name.get(&key)).or_else(|| self.by_id.get(&key)).copied()
    }

    fn find(&self, nicename: Option<&str>, name: &str) -> Option<usize> {
        match nicename {
            Some(nicename) => self.by_nicename.get(&key(nicename)).copied(),
            None => self.by_name.get(&key(name)).copied(),
        }
    }

    /// The category of a nicename, or of a name where there is none, made when it is new.
    fn category(&mut self, nicename: Option<&str>, name: &str) -> Option<usize> {
        if let Some(index) = self.find(nicename, name) {
            return Some(index);
        }
        let slug = self.slugs.unique(&slug_of(nicename.into_iter().chain([name, "category"]))?);
        let index = self.categories.len();
        let nicename = nicename.map(str::to_owned);
        let title = name.to_owned();
        self.categories.push(Category {
            slug,
            title,
            description: None,
            parent: None,
            nicename: nicename.clone(),
            id: None,
        });
        let nicename = nicename.as_deref();
        self.by_nicename.insert(key(nicename.unwrap_or(name)), index);
        self.by_name.entry(key(name)).or_insert(index);
        Some(index)
    }
}

/// A category as a post names it: by its name in addresses, if it says that, and its name.
pub(super) type NamedCategory = (Option<String>, String);

/// The categories an item names.
pub(super) fn named_on(item: &Element<'_>) -> impl Iterator<Item = NamedCategory> {
    item.children.iter().filter(|child| is_category(child)).take(MOST_TERMS).filter_map(|element| {
        let nicename = element.attribute("nicename");
        Some((nicename.map(str::to_owned), element.value().or(nicename).and_then(text::name)?))
    })
}

/// Whether an element of an item names a category; version 1.0 of the format leaves the domain out.
pub(super) fn is_category(element: &Element<'_>) -> bool {
    element.namespace == Namespace::Rss
        && element.name() == "category"
        && matches!(element.attribute("domain"), None | Some("category"))
}

/// What a nicename is compared by: some exports have it percent-encoded in one place and not in another.
pub(super) fn key(text: &str) -> String {
    percent_decoded(text.trim()).to_lowercase()
}
