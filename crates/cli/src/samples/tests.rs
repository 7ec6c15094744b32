//! The sample content is what the documentation says it is.

use std::collections::{BTreeMap, HashMap, HashSet};

use courant_domain::{
    address::entry_path,
    content::Content,
    decree::{Effect, Force, LegalStatus, RelationKind},
    entry::EntryKind,
    feed::FeedOrder,
    id::EntryId,
    locale::Locale,
};
use courant_persistence::Incoming;

use super::load::{Samples, entry, load};
use crate::samples::file::{Article, ArticleVersion};

fn samples() -> Samples {
    load().unwrap_or_else(|error| panic!("{error:#}"))
}

fn locale(tag: &str) -> Locale {
    Locale::parse(tag).unwrap()
}

fn published(entry: &Incoming) -> jiff::Timestamp {
    entry.versions.iter().filter_map(|version| version.published_at).max().unwrap()
}

fn by_key<'a>(samples: &'a Samples, key: &str) -> &'a Incoming {
    samples.entries.iter().find(|entry| entry.origin == format!("sample:{key}")).unwrap()
}

#[test]
fn there_is_as_much_of_everything_as_promised() {
    let samples = samples();
    let count = |kind| samples.entries.iter().filter(|entry| entry.kind == kind).count();
    assert!(count(EntryKind::Article) >= 80, "{} articles", count(EntryKind::Article));
    assert!(count(EntryKind::Decree) >= 24, "{} decrees", count(EntryKind::Decree));
    assert!(samples.reference.categories.len() >= 12);
    assert!(samples.reference.feeds.len() >= 4);
    let tops: HashSet<_> = samples.reference.categories.iter().filter(|c| c.parent.is_none()).map(|c| c.id).collect();
    let below = samples.reference.categories.iter().filter_map(|category| category.parent);
    assert!(below.clone().count() >= 6 && below.clone().all(|parent| tops.contains(&parent)), "two levels");
    let orders: HashSet<_> = samples.reference.feeds.iter().map(|feed| feed.order).collect();
    assert_eq!(orders, HashSet::from([FeedOrder::Latest, FeedOrder::MostRead, FeedOrder::Editorial]));
    assert!(samples.entries.iter().all(|entry| entry.views > 0));
    let withdrawn =
        samples.entries.iter().flat_map(|entry| &entry.versions).filter(|version| version.withdrawal.is_some());
    assert!(withdrawn.count() >= 1);
    assert!(samples.redirects.iter().any(|(_, target)| target.is_some()));
    assert!(samples.redirects.iter().any(|(_, target)| target.is_none()));
}

#[test]
fn most_entries_are_in_all_languages_and_some_in_one() {
    let samples = samples();
    let languages = |count| samples.entries.iter().filter(|entry| entry.versions.len() == count).count();
    assert_eq!(samples.site.locales.len(), 3);
    assert!(languages(3) * 2 > samples.entries.len(), "{} in three languages", languages(3));
    assert!(languages(1) > 0);
}

#[test]
fn five_of_the_ten_newest_publications_are_decrees() {
    let samples = samples();
    let mut entries: Vec<_> = samples.entries.iter().collect();
    entries.sort_by_key(|entry| std::cmp::Reverse(published(entry)));
    let decrees = entries.iter().take(10).filter(|entry| entry.kind == EntryKind::Decree).count();
    assert_eq!(decrees, 5);
}

#[test]
fn the_portal_page_is_there() {
    let samples = samples();
    let entry = by_key(&samples, "future-dialogue-with-migration-organisation");
    let politics = samples.reference.categories.iter().find(|category| category.slug.as_str() == "politics").unwrap();
    assert_eq!((entry.category, entry.views, entry.versions.len()), (politics.id, 3739, 3));
    assert!(published(entry).to_string().starts_with("2021-03-02T"));
}

#[test]
fn addresses_are_unique_and_links_lead_somewhere() {
    let samples = samples();
    let mut addresses = HashSet::new();
    for (entry, version) in samples.entries.iter().flat_map(|entry| entry.versions.iter().map(move |v| (entry, v))) {
        assert!(version.content.missing().is_empty(), "{}", entry.origin);
        let path = entry_path(version.locale, entry.kind, version.content.slug().unwrap().as_str());
        assert!(addresses.insert(path.clone()), "{path} stands twice");
    }
    let leads_somewhere = |path: &str| addresses.contains(path);
    for (entry, version) in samples.entries.iter().flat_map(|entry| entry.versions.iter().map(move |v| (entry, v))) {
        for link in version.content.body().unwrap().html().split("href=\"").skip(1) {
            let link = link.split('"').next().unwrap();
            assert!(!link.starts_with('/') || leads_somewhere(link), "{} links to {link}", entry.origin);
        }
    }
    for (path, target) in &samples.redirects {
        assert!(!leads_somewhere(path), "{path} is an article's");
        assert!(target.as_deref().is_none_or(leads_somewhere), "{path} leads to {target:?}");
    }
}

#[test]
fn the_decrees_show_every_status() {
    let samples = samples();
    let mut effects: HashMap<EntryId, Vec<Effect>> = HashMap::new();
    let mut acts: BTreeMap<&str, _> = BTreeMap::new();
    let mut kinds = HashSet::new();
    for entry in &samples.entries {
        let Content::Decree(decree) = &entry.versions[0].content else { continue };
        for relation in &decree.relations {
            kinds.insert(relation.kind);
            let on = relation.on.or(decree.effective_on);
            let effect = Effect { kind: relation.kind, on, partial: relation.partial };
            effects.entry(relation.target).or_default().push(effect);
        }
        acts.insert(entry.origin.strip_prefix("sample:").unwrap(), (entry.id, decree.effective_on, decree.repealed_on));
    }
    use RelationKind::{Amends, BasedOn, Cites, Commences, Corrects, Repeals};
    assert_eq!(kinds, HashSet::from([Amends, Repeals, Corrects, Commences, Cites, BasedOn]));
    let status = |key: &str, on: &str| {
        let (id, from, until) = acts[key];
        Force::derive(from, until, effects.get(&id).map_or(&[][..], Vec::as_slice)).status(on.parse().unwrap())
    };
    assert_eq!(status("law-on-climate-reporting", "2026-11-01"), LegalStatus::NotYetInForce);
    assert_eq!(status("decree-railway-concession", "2026-11-01"), LegalStatus::InForce);
    assert_eq!(status("decree-gas-export-tariff-2021", "2026-11-01"), LegalStatus::Repealed);
    assert_eq!(status("resolution-migration-register", "2026-11-01"), LegalStatus::Repealed);
    assert_eq!(status("law-on-pensions", "2026-11-01"), LegalStatus::InForce);
    assert_eq!(status("law-on-pensions", "2027-01-01"), LegalStatus::PartiallyInForce);
}

#[test]
fn ids_are_the_same_everywhere() {
    let id = by_key(&samples(), "law-on-pensions").id;
    assert_eq!(id.to_string(), "eaf5efd1-8397-5ec6-98b3-7d2215394fda");
}

#[test]
fn what_the_documentation_does_not_name_is_refused() {
    let good = r#"
        category = "water"
        kind = "NEWS"
        tags = []
        published_at = "2026-09-14T08:00:00Z"
        views = 0
        [en]
        slug = "well"
        title = "Well"
        body = "It gives water."
    "#;
    let read = |text: &str| entry::<Article, ArticleVersion>(text, &[locale("en"), locale("ru")]).map(drop);
    read(good).unwrap();
    for (from, to) in [
        ("views = 0", "views = 0\nauthor = \"anna\""),
        ("title =", "subtitle = \"Deep\"\ntitle ="),
        ("[en]", "[fr]"),
        ("NEWS", "GOSSIP"),
        ("\"well\"", "\"The well\""),
        ("2026-09-14T08:00:00Z", "yesterday"),
    ] {
        assert!(read(&good.replace(from, to)).is_err(), "{to}");
    }
}
