//! Which changes touch what.

use std::{collections::BTreeMap, sync::Arc};

use courant_domain::{
    change::{Action, Change, ChangeKey, Places, Touched},
    entry::EntryKind,
    id::EntryId,
    locale::Locale,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::{ListReads, Reads, surrogate::surrogate_keys_of};

fn entry(number: u128) -> EntryId {
    Uuid::from_u128(number).into()
}

/// A change of entry 1 in English.
fn change(touched: Touched) -> Change {
    let key = ChangeKey::Edition { entry: entry(1), locale: Locale::ENGLISH, kind: EntryKind::Article };
    Change { seq: 1, at: Timestamp::UNIX_EPOCH, key, action: Action::Put, touched: Some(Arc::new(touched)), told: None }
}

fn moved(timelines: &[i32], before: Option<i64>, after: Option<i64>) -> Touched {
    let places = vec![Places { timelines: timelines.to_vec(), before, after }];
    Touched { places, ..Touched::default() }
}

/// The first page of timeline 7, whose last row has the key 50.
fn page() -> ListReads {
    ListReads {
        timelines: [7].into(),
        probes: [].into(),
        unmade: [].into(),
        from: Some(50),
        to: None,
        by_day: false,
        number: None,
        counted: false,
    }
}

fn is_touched(list: ListReads, touched: Touched) -> bool {
    let reads = Reads { lists: vec![list], ..Reads::default() };
    let change = change(touched);
    let is_touched = reads.is_touched_by(&change);
    // Whoever throws away by name throws away at least that.
    assert!(!is_touched || is_named(&reads, &change));
    is_touched
}

/// Whether whoever throws away by name throws it away.
fn is_named(reads: &Reads, change: &Change) -> bool {
    let keys = reads.surrogate_keys();
    surrogate_keys_of(change, &BTreeMap::new()).iter().any(|key| keys.contains(key))
}

#[test]
fn a_page_is_touched_by_what_comes_goes_or_changes_on_it() {
    for (before, after, touches) in [
        (None, Some(60), true),
        (Some(60), None, true),
        (Some(50), Some(50), true),
        (Some(40), Some(60), true),
        (Some(60), Some(40), true),
        (None, Some(49), false),
        (Some(49), None, false),
        (Some(10), Some(20), false),
    ] {
        assert_eq!(is_touched(page(), moved(&[7], before, after)), touches, "{before:?} {after:?}");
        assert!(!is_touched(page(), moved(&[8], before, after)), "of another timeline");
    }
    assert!(is_touched(page(), Touched { throughout: vec![7], ..Touched::default() }));
}

#[test]
fn a_count_is_touched_by_what_comes_and_goes_alone() {
    let count = || ListReads { from: None, counted: true, ..page() };
    assert!(is_touched(count(), moved(&[7], None, Some(1))));
    assert!(is_touched(count(), moved(&[7], Some(1), None)));
    assert!(!is_touched(count(), moved(&[7], Some(1), Some(9))));
    let reads = Reads { lists: vec![count()], ..Reads::default() };
    assert!(!is_named(&reads, &change(moved(&[7], Some(1), Some(1)))), "nothing but a text has changed");
    assert!(is_named(&reads, &change(moved(&[7], None, Some(1)))));
    // Of a span of time, what moves into it or out of it.
    let span = || ListReads { to: Some(100), ..ListReads { from: Some(50), counted: true, ..page() } };
    assert!(is_touched(span(), moved(&[7], Some(40), Some(60))));
    assert!(!is_touched(span(), moved(&[7], Some(60), Some(70))));
    assert!(!is_touched(span(), moved(&[7], Some(40), Some(30))));
}

#[test]
fn what_is_in_none_of_a_set_is_not_in_the_list() {
    let probed = || ListReads { probes: [vec![9].into()].into(), ..page() };
    assert!(!is_touched(probed(), moved(&[7], None, Some(60))));
    assert!(is_touched(probed(), moved(&[7, 9], None, Some(60))));
    // It stays where it is in the one, and joins the other.
    let joins = || Touched {
        places: vec![
            Places { timelines: vec![7], before: Some(60), after: Some(60) },
            Places { timelines: vec![9], before: None, after: Some(60) },
        ],
        ..Touched::default()
    };
    assert!(is_touched(probed(), joins()));
    assert!(is_touched(ListReads { counted: true, ..probed() }, joins()));
}

#[test]
fn lists_of_acts_go_by_their_numbers_and_days() {
    let act = |numbers: &[&str], signed: &[i32]| Touched {
        numbers: numbers.iter().map(ToString::to_string).collect(),
        signed: signed.to_vec(),
        ..moved(&[7], Some(1), Some(1))
    };
    let numbered = || ListReads { number: Some("7".to_owned()), from: None, ..page() };
    assert!(is_touched(numbered(), act(&["5", "7"], &[])));
    assert!(!is_touched(numbered(), act(&["5"], &[])));
    let by_day = || ListReads { by_day: true, ..page() };
    assert!(is_touched(by_day(), act(&[], &[40, 60])));
    assert!(!is_touched(by_day(), act(&[], &[40])));
}

#[test]
fn editions_are_touched_by_their_own_language_and_entries_by_all() {
    let reads = |note: &dyn Fn(&mut Reads)| {
        let mut reads = Reads::default();
        note(&mut reads);
        reads.is_touched_by(&change(Touched {
            slug: Some("a".to_owned()),
            relations: vec![entry(2)],
            ..Touched::default()
        }))
    };
    assert!(reads(&|reads| reads.edition(entry(1), Locale::ENGLISH)));
    assert!(!reads(&|reads| reads.edition(entry(1), Locale::parse("ru").unwrap())));
    assert!(reads(&|reads| reads.entry(entry(1))));
    assert!(!reads(&|reads| reads.entry(entry(2))));
    assert!(reads(&|reads| reads.relations(entry(2))));
    assert!(!reads(&|reads| reads.relations(entry(3))));
    let missing = |kind, slug: &str| {
        let slug = slug.to_owned();
        reads(&move |reads| reads.missing(kind, Locale::ENGLISH, slug.clone()))
    };
    assert!(missing(EntryKind::Article, "a"));
    assert!(!missing(EntryKind::Article, "b"));
    assert!(!missing(EntryKind::Decree, "a"));
    // A change that does not say where it shows may show anywhere.
    let unknown = Change { touched: None, ..change(Touched::default()) };
    assert!(Reads::default().is_touched_by(&unknown));
}
