//! Hits are counted by what the texts that are there now have, whatever came, went and changed before.

mod library;

use std::collections::{BTreeMap, HashMap};

use courant_search::{Dimension, Document};
use library::{Library, article, id, request};
use proptest::prelude::*;

const ALL: [Dimension; 6] =
    [Dimension::Kind, Dimension::Category, Dimension::Tag, Dimension::Year, Dimension::Signatory, Dimension::Language];

/// By each dimension, how many of the texts have each value.
fn counted<'a>(texts: impl Iterator<Item = &'a Document>) -> BTreeMap<String, BTreeMap<String, u64>> {
    let mut all: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    for text in texts {
        let mut count = |dimension: Dimension, value: String| {
            *all.entry(format!("{dimension:?}")).or_default().entry(value).or_default() += 1;
        };
        count(Dimension::Kind, text.kind.clone());
        count(Dimension::Category, text.category.simple().to_string());
        count(Dimension::Year, text.year.to_string());
        count(Dimension::Language, text.locale.clone());
        text.tags.iter().for_each(|tag| count(Dimension::Tag, tag.simple().to_string()));
        text.signatory.iter().for_each(|person| count(Dimension::Signatory, person.simple().to_string()));
    }
    all
}

prop_compose! {
    fn text()(
        number in 1..40_u16,
        is_decree: bool,
        category in 80..84_u16,
        tags in proptest::collection::hash_set(100..130_u16, 0..4),
        signatory in proptest::option::of(200..210_u16),
        year in 2020..2025_i16,
        is_found: bool,
    ) -> Document {
        Document {
            kind: if is_decree { "DECREE" } else { "ARTICLE" }.to_owned(),
            category: id(category),
            tags: tags.into_iter().map(id).collect(),
            signatory: signatory.map(id),
            year,
            ..article(number, "en", "Town", if is_found { "harbour" } else { "bridge" })
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn counts_are_those_of_what_is_there(steps in proptest::collection::vec(proptest::collection::vec(text(), 1..6), 1..20)) {
        let mut library = Library::of(&[]);
        let mut there: HashMap<_, Document> = HashMap::new();
        for step in steps {
            // The same entry twice in one step is two editions of it: the last one holds.
            let step: HashMap<_, Document> = step.into_iter().map(|text| (text.entry, text)).collect();
            library.put(&step.values().cloned().collect::<Vec<_>>());
            there.extend(step);
            let mut request = request("en", "harbour");
            request.facets = ALL.to_vec();
            let found = library.index.search(&request).unwrap();
            let of_found: BTreeMap<_, BTreeMap<_, _>> = found
                .facets
                .iter()
                .filter(|(_, counts)| !counts.is_empty())
                .map(|(dimension, counts)| {
                    let counts = counts.iter().map(|(value, count)| (value.to_string(), *count));
                    (format!("{dimension:?}"), counts.collect())
                })
                .collect();
            prop_assert_eq!(of_found, counted(there.values().filter(|text| text.text == "harbour")));
        }
    }
}
