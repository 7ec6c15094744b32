use uuid::Uuid;

use super::*;
use crate::{category::Category, slug::Slug, text::Localized};

fn entry(number: u128) -> EntryId {
    Uuid::from_u128(number).into()
}

fn category(number: u128) -> CategoryId {
    Uuid::from_u128(number).into()
}

fn tag(number: u128) -> TagId {
    Uuid::from_u128(number).into()
}

/// 1 is above 2 and 3; 4 is at the top, too.
fn categories() -> CategoryTree {
    let rows = [(1, None), (2, Some(1)), (3, Some(1)), (4, None)].map(|(number, parent)| Category {
        id: category(number),
        parent: parent.map(category),
        position: 1,
        slug: Slug::parse(&format!("c{number}")).unwrap(),
        title: Localized::default(),
        description: Localized::default(),
    });
    CategoryTree::build(rows.into()).unwrap()
}

fn gist(words: &[u32], runs: std::ops::Range<u64>) -> Gist {
    let print = Print::new(runs.start + 1_000 * runs.end, &runs.collect::<Vec<_>>());
    Gist::new(words.iter().map(|word| (Word(*word), 1.0)), print)
}

/// Of a category of its own and a text like no other's.
fn profile(number: u64) -> Profile {
    Profile {
        category: category(u128::from(100 + number)),
        tags: Vec::new(),
        published_at: 0,
        texts: vec![(Locale::ENGLISH, gist(&[], 1_000 * number..1_000 * number + 50))],
        chosen: Vec::new(),
    }
}

fn rarity() -> Rarity {
    Rarity {
        entries: 1_000,
        tags: [(tag(1), 2), (tag(2), 900)].into(),
        words: [(Word(1), 2), (Word(2), 3), (Word(3), 2), (Word(9), 900)].into(),
    }
}

fn like(one: &Profile, other: &Profile) -> Option<i32> {
    let there = likeness(one, other, &rarity(), &categories());
    assert_eq!(there, likeness(other, one, &rarity(), &categories()), "it is the same the other way round");
    there
}

const DAY: i64 = 86_400_000_000;

#[test]
fn each_signal_counts_and_time_does_not_by_itself() {
    assert_eq!(like(&profile(1), &profile(2)), None);
    let with = |change: &dyn Fn(&mut Profile)| {
        let mut profiles = [profile(1), profile(2)];
        profiles.iter_mut().for_each(change);
        like(&profiles[0], &profiles[1]).unwrap()
    };
    let rare = with(&|it| it.tags = vec![tag(1)]);
    let common = with(&|it| it.tags = vec![tag(2)]);
    let both = with(&|it| it.tags = vec![tag(2), tag(1), tag(2)]);
    assert!(rare > common && both > rare && common > 0, "{rare} {common} {both}");
    let text = with(&|it| it.texts[0].1 = Gist::new([1, 2, 3].map(|word| (Word(word), 1.0)), it.texts[0].1.print));
    let common = with(&|it| it.texts[0].1 = Gist::new([(Word(9), 1.0)], it.texts[0].1.print));
    assert!(text > rare && common < 400, "{text} {rare} {common}");
    let same = with(&|it| it.category = category(2));
    assert!(same < rare && same > common, "{same}");
}

#[test]
fn neighbours_count_half_of_the_same_category() {
    let of = |one: u128, other: u128| {
        let [mut a, mut b] = [profile(1), profile(2)];
        (a.category, b.category) = (category(one), category(other));
        like(&a, &b)
    };
    let [same, above, beside] = [of(2, 2), of(2, 1), of(2, 3)].map(Option::unwrap);
    assert!(same > above && above == beside, "{same} {above} {beside}");
    // At the top, everything would be beside everything.
    assert_eq!([of(1, 4), of(2, 4)], [None, None]);
}

#[test]
fn what_is_closer_in_time_is_more_alike() {
    let after = |days: i64| {
        let [mut a, mut b] = [profile(1), profile(2)];
        (a.tags, b.tags, b.published_at) = (vec![tag(1)], vec![tag(1)], days * DAY);
        like(&a, &b).unwrap()
    };
    assert!(after(0) > after(30) && after(30) > after(365) && after(-30) == after(30));
    assert_eq!(after(0) - after(30), 150, "half of it after thirty days");
}

#[test]
fn words_of_another_language_are_other_words() {
    let [mut a, mut b] = [profile(1), profile(2)];
    a.texts[0].1 = gist(&[1, 2, 3], 0..50);
    b.texts = vec![(Locale::parse("ru").unwrap(), gist(&[1, 2, 3], 0..50))];
    assert_eq!(like(&a, &b), None);
    assert!(!a.repeats(&b));
}

#[test]
fn texts_that_share_most_of_their_runs_say_the_same() {
    let of = |from: u64, to: u64| Profile { texts: vec![(Locale::ENGLISH, gist(&[], from..to))], ..profile(1) };
    assert!(of(0, 200).repeats(&of(0, 200)));
    assert!(of(0, 200).repeats(&of(10, 210)));
    assert!(!of(0, 200).repeats(&of(100, 300)));
    // A few words say little: they are the same only as a whole.
    assert!(of(0, 3).repeats(&of(0, 3)) && !of(0, 3).repeats(&of(0, 4)));
}

#[test]
fn the_best_are_kept_without_doubles_and_enough_for_each_language() {
    let ru = Locale::parse("ru").unwrap();
    let own = profile(0);
    let mut others: Vec<Profile> = (1..=60).map(profile).collect();
    // The first says the same as the second, and the third the same as the entry itself.
    others[0].texts = others[1].texts.clone();
    others[2].texts = own.texts.clone();
    // Two are only read in Russian, and one is not in lists.
    for at in [55, 56] {
        others[at].texts[0].0 = ru;
    }
    others[4].texts.clear();
    let ranked = |others: &'static [Profile]| {
        let ranked = others.iter().enumerate().map(|(at, profile)| Ranked {
            entry: entry(at as u128),
            likeness: 1_000 - i32::try_from(at).unwrap(),
            profile,
        });
        ranked.rev().collect::<Vec<_>>()
    };
    let others: &'static [Profile] = Vec::leak(others);
    let readers = |profile: &Profile| profile.texts.iter().map(|(locale, _)| *locale).collect();
    let kept = |chosen: &[(EntryId, &Profile)]| -> Vec<EntryId> {
        choose(&own, chosen, ranked(others), readers).into_iter().map(|kept| kept.entry).collect()
    };
    let all = kept(&[]);
    assert_eq!(all[..3], [0, 3, 5].map(entry));
    assert_eq!(all.len(), KEPT + 2);
    assert_eq!(all[KEPT..], [55, 56].map(entry), "those of whom readers of Russian get something");
    let chosen = kept(&[(entry(1), &others[1])]);
    assert_eq!(chosen[..3], [1, 3, 5].map(entry), "what says the same as what was chosen is not shown");
}

#[test]
fn of_those_alike_the_newest_come_first() {
    let [own, mut old, mut new] = [profile(0), profile(1), profile(2)];
    (old.published_at, new.published_at) = (1, 2);
    let ranked = [(1, &old), (2, &new)].map(|(number, profile)| Ranked { entry: entry(number), likeness: 7, profile });
    let kept = choose(&own, &[], ranked.into(), |_| vec![Locale::ENGLISH]);
    assert_eq!(kept.iter().map(|kept| kept.entry).collect::<Vec<_>>(), [entry(2), entry(1)]);
}

#[test]
fn a_gist_holds_the_heaviest_words_and_comes_back() {
    let words = (0..30).map(|number| (Word(number * 7_777_777), f64::from(number)));
    let gist = Gist::new(words, Print::new(42, &(0..100).collect::<Vec<_>>()));
    let mut kept: Vec<u32> = gist.words().map(|word| word.0 / 7_777_777).collect();
    kept.sort_unstable();
    assert_eq!(kept, (18..30).collect::<Vec<_>>());
    for gist in [gist, Gist::new([], Print::new(1, &[])), Gist::new([(Word(1), 2.0)], Print::new(1, &[2]))] {
        let profile = Profile { texts: vec![(Locale::ENGLISH, gist)], tags: vec![tag(1)], ..profile(3) };
        let written = serde_json::to_string(&profile).unwrap();
        assert!(written.len() < 500, "{written}");
        assert_eq!(serde_json::from_str::<Profile>(&written).unwrap(), profile);
    }
}

#[test]
fn what_is_no_gist_is_refused() {
    for text in ["", "!", "AA", "BQAA", "/w", "AAAAAAA=", "AAAAAAAB", "AgAAAAL/AAAAAf8AAAAA"] {
        assert_eq!(Gist::try_from(text.to_owned()), Err(GistError), "{text}");
    }
    assert!(Gist::try_from("AAAAAAA".to_owned()).is_ok(), "one without words");
}
