//! Tags and persons by their names, so that two whose slugs look alike stay two.

use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
};

use courant_domain::{locale::Locale, slug::Slug, text::Localized};

/// What there is of one kind, by name and by slug.
pub(crate) struct Names<Id> {
    locale: Locale,
    by_slug: HashMap<Slug, (Id, Option<String>)>,
    by_name: HashMap<String, Vec<(Slug, Id)>>,
    /// What something of this import is already.
    used: HashSet<Id>,
}

/// What becomes of a name.
pub(crate) enum Resolution<Id> {
    /// It is there.
    Known(Id),
    /// It is to be made, with this slug.
    New(Slug),
}

impl<Id: Copy + Eq + Hash> Names<Id> {
    pub(crate) fn of<'a>(locale: Locale, known: impl Iterator<Item = (Id, &'a Slug, &'a Localized)>) -> Self {
        let mut names = Self { locale, by_slug: HashMap::new(), by_name: HashMap::new(), used: HashSet::new() };
        for (id, slug, name) in known {
            names.add(id, slug, name.get(locale));
        }
        names
    }

    fn add(&mut self, id: Id, slug: &Slug, name: Option<&str>) {
        let name = name.map(folded);
        if let Some(name) = &name {
            self.by_name.entry(name.clone()).or_default().push((slug.clone(), id));
        }
        self.by_slug.insert(slug.clone(), (id, name));
    }

    /// What has this name in the language of the import, the same slug first; else what has the slug, unless its name
    /// is another one that the slug was made of as well. Namesakes of one import stay apart.
    pub(crate) fn find(&mut self, slug: &Slug, name: &str) -> Resolution<Id> {
        let wanted = folded(name);
        let namesakes = self.by_name.get(&wanted).map(Vec::as_slice).unwrap_or_default();
        let same = namesakes.iter().find(|(other, _)| other == slug);
        let same = same.or_else(|| namesakes.iter().find(|(_, id)| !self.used.contains(id))).map(|(_, id)| *id);
        let same = same.or_else(|| match self.by_slug.get(slug) {
            Some((_, Some(other))) if *other != wanted && is_made_of(slug, other) && is_made_of(slug, &wanted) => None,
            Some((id, _)) => Some(*id),
            None => None,
        });
        if let Some(id) = same {
            self.used.insert(id);
            return Resolution::Known(id);
        }
        let made = Slug::from_title(name).filter(|_| is_made_of(slug, name)).unwrap_or_else(|| slug.clone());
        let numbered = (2..).map(|number| made.numbered(number));
        let free = std::iter::once(slug.clone()).chain(numbered).find(|slug| !self.by_slug.contains_key(slug));
        Resolution::New(free.unwrap_or_else(|| slug.clone()))
    }

    /// Takes in what was made for a name.
    pub(crate) fn made(&mut self, id: Id, slug: &Slug, name: &Localized) {
        self.add(id, slug, name.get(self.locale));
        self.used.insert(id);
    }
}

fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

/// Whether a slug is what a name gives, with or without a number.
fn is_made_of(slug: &Slug, name: &str) -> bool {
    let Some(made) = Slug::from_title(name) else { return false };
    let rest = slug.as_str().strip_prefix(made.as_str());
    rest.is_some_and(|rest| {
        rest.is_empty() || rest.strip_prefix('-').is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes in slugs and names in turn, and says which slug each has.
    fn slugs(known: &[(&str, &str)], met: &[(&str, &str)]) -> Vec<String> {
        let parsed = |(slug, name): &(&str, &str)| {
            (Slug::parse(slug).unwrap(), Localized::single(Locale::ENGLISH, (*name).to_owned()))
        };
        let mut all: Vec<(Slug, Localized)> = known.iter().map(parsed).collect();
        let known = all.clone();
        let known = known.iter().enumerate().map(|(id, (slug, name))| (id, slug, name));
        let mut names = Names::of(Locale::ENGLISH, known);
        let mut given = Vec::new();
        for (slug, text) in met {
            match names.find(&Slug::parse(slug).unwrap(), text) {
                Resolution::Known(id) => given.push(all[id].0.to_string()),
                Resolution::New(slug) => {
                    let name = Localized::single(Locale::ENGLISH, *text);
                    names.made(all.len(), &slug, &name);
                    given.push(slug.to_string());
                    all.push((slug, name));
                }
            }
        }
        given
    }

    #[test]
    fn names_that_give_one_slug_stay_apart_across_imports() {
        assert_eq!(slugs(&[("c", "C#")], &[("c", "C++"), ("c-2", "c#")]), ["c-2", "c"]);
        assert_eq!(slugs(&[("c", "C#"), ("c-2", "C++")], &[("c", "C++"), ("c-2", "C--")]), ["c-2", "c-3"]);
        assert_eq!(slugs(&[("ugol", "Угол")], &[("ugol", "Уголь")]), ["ugol-2"]);
    }

    #[test]
    fn what_was_renamed_is_still_the_same() {
        assert_eq!(slugs(&[("urgent", "Breaking")], &[("urgent", "Urgent")]), ["urgent"]);
        assert_eq!(slugs(&[("urgent", "Urgent")], &[("urgent", "Breaking")]), ["urgent"]);
    }

    #[test]
    fn namesakes_of_one_import_are_two_persons_every_time() {
        let met = [("ann-lee", "Ann Lee"), ("ann-lee-2", "Ann Lee")];
        assert_eq!(slugs(&[], &met), ["ann-lee", "ann-lee-2"]);
        assert_eq!(slugs(&met, &met), ["ann-lee", "ann-lee-2"]);
    }
}
