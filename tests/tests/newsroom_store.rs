//! What the newsroom reads from the store, against a plain walk through all there is.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use courant_domain::{
    access::{ActorId, Grant, Permission, Role, Target, Viewer},
    entry::{Entry, EntryKind},
    fold::fold_unmarked,
    id::{CategoryId, EntryId, TagId, UserId},
    locale::Locale,
    newsroom::{EntryFilter, EntryOrder, Span},
    page::{Direction, PageRequest, Position},
    revision::Revision,
    workflow::{LocaleStanding, State, WaitingFor},
};
use courant_persistence::{
    Dialect, EntryListRequest, Reference, RevisionParts, RevisionsRequest, Store, dump::EntryRecord,
};
use courant_tests::{
    Portal, Statements, apply, both_databases,
    desk::{self, START, category, locales},
};
use jiff::{SignedDuration, Timestamp};

struct Desk {
    portal: Portal,
    records: Vec<EntryRecord>,
    ana: ActorId,
}

async fn desk(dialect: courant_persistence::Dialect) -> Desk {
    let portal = Portal::with_samples(dialect).await;
    let (ana, bo) = (ActorId::user(UserId::generate()), ActorId::user(UserId::generate()));
    let records = desk::entries(&portal.store.reference(), &[ana.clone(), bo], 48);
    portal.store.admin().entries_create(&records).await.unwrap();
    let records = portal.store.admin().snapshot().await.unwrap().entries(None, 10_000).await.unwrap();
    Desk { portal, records, ana }
}

fn viewers(reference: &Reference, ana: &ActorId) -> Vec<Viewer> {
    let [_, ru, tk] = locales();
    let (politics, energy) = (category(reference, "politics"), category(reference, "economy/energy"));
    let grant = |role, categories: &[_], locales: &[_]| Grant {
        role,
        categories: categories.to_vec(),
        locales: locales.to_vec(),
    };
    let of = |actor: &ActorId, grants| Viewer { actor: actor.clone(), name: "somebody".into(), grants };
    let other = ActorId::user(UserId::generate());
    vec![
        of(&other, vec![grant(Role::Admin, &[], &[])]),
        of(ana, vec![grant(Role::Reader, &[], &[])]),
        of(ana, vec![]),
        of(ana, vec![grant(Role::Author, &[], &[])]),
        of(&other, vec![grant(Role::Author, &[], &[])]),
        of(ana, vec![grant(Role::Author, &[politics], &[tk])]),
        of(&other, vec![grant(Role::Editor, &[politics], &[])]),
        of(&other, vec![grant(Role::Publisher, &[], &[ru])]),
        of(&other, vec![grant(Role::Editor, &[politics, energy], &[ru, tk])]),
        of(ana, vec![grant(Role::Author, &[], &[]), grant(Role::Editor, &[energy], &[ru])]),
    ]
}

fn filters(reference: &Reference, ana: &ActorId) -> Vec<EntryFilter> {
    let [en, ru, tk] = locales();
    let politics = category(reference, "politics");
    let text = |text: &str| EntryFilter { text: Some(text.into()), ..EntryFilter::default() };
    let any = EntryFilter::default;
    vec![
        any(),
        EntryFilter { states: vec![State::Draft], ..any() },
        EntryFilter { states: vec![State::Published, State::Withdrawn], ..any() },
        EntryFilter { states: vec![State::Scheduled], locale: Some(ru), ..any() },
        EntryFilter { waiting_for: vec![WaitingFor::Review], ..any() },
        EntryFilter { waiting_for: vec![WaitingFor::Publication, WaitingFor::Time], locale: Some(tk), ..any() },
        EntryFilter { author: Some(ana.clone()), ..any() },
        EntryFilter { categories: vec![politics], include_descendants: true, ..any() },
        EntryFilter { categories: vec![politics], include_descendants: false, states: vec![State::Draft], ..any() },
        EntryFilter { categories: vec![uuid()], include_descendants: true, ..any() },
        EntryFilter { locale: Some(en), ..any() },
        EntryFilter { untranslated: Some(ru), ..any() },
        EntryFilter { untranslated: Some(tk), states: vec![State::Published], ..any() },
        EntryFilter { kinds: vec![EntryKind::Decree], ..any() },
        EntryFilter { tags: vec![reference.tags()[1].id, reference.tags()[2].id], ..any() },
        text("water"),
        text("100%"),
        text("n_u"),
        text(r"k\S"),
        text("вода И"),
        text("ýagty çörek"),
        text("%"),
        text("wa\u{ad}te\u{200d}r"),
        text("ｗａｔｅｒ"),
        text("YAGTY\u{301}"),
        EntryFilter { number: Some("4/4".into()), ..any() },
        EntryFilter { number: Some("9/１0".into()), locale: Some(ru), ..any() },
        EntryFilter { slug: Some("desk-3-4".into()), ..any() },
        EntryFilter { slug: Some("no slug".into()), ..any() },
        EntryFilter { scheduled: from(START + SignedDuration::from_hours(1)), ..any() },
        EntryFilter { scheduled: from(START + SignedDuration::from_hours(24 * 365 * 21)), ..any() },
        EntryFilter { published: from(START), ..any() },
        EntryFilter { published: Span { from: None, before: Some(START) }, locale: Some(ru), ..any() },
        EntryFilter {
            changed: Span { from: Some(START), before: Some(START + SignedDuration::from_secs(5)) },
            ..any()
        },
        EntryFilter { locale: Some(ru), states: vec![State::Draft], ..text("o") },
        EntryFilter { author: Some(ana.clone()), kinds: vec![EntryKind::Article], locale: Some(tk), ..text("a") },
    ]
}

fn from(at: Timestamp) -> Span {
    Span { from: Some(at), before: None }
}

fn is_within(span: &Span, at: Option<Timestamp>) -> bool {
    let within =
        |at: Timestamp| span.from.is_none_or(|from| from <= at) && span.before.is_none_or(|before| at < before);
    span.is_open() || at.is_some_and(within)
}

fn uuid() -> courant_domain::id::CategoryId {
    courant_domain::id::CategoryId::generate()
}

/// What the list should hold, by the rules alone.
fn expected(
    records: &[EntryRecord],
    viewer: &Viewer,
    (filter, order): (&EntryFilter, EntryOrder),
    reference: &Reference,
) -> Vec<EntryId> {
    let tree = &reference.categories;
    let below = |category: CategoryId| {
        filter.categories.is_empty()
            || filter.categories.contains(&category)
            || (filter.include_descendants
                && tree.ancestors(category).any(|above| filter.categories.contains(&above.id)))
    };
    let of_language = !(filter.states.is_empty()
        && filter.waiting_for.is_empty()
        && filter.locale.is_none()
        && filter.text.is_none()
        && filter.number.is_none()
        && filter.slug.is_none()
        && filter.scheduled.is_open()
        && filter.published.is_open());
    let sees_in = |entry: &Entry, locales: &[Locale]| {
        let own = entry.created_by.as_ref() == Some(&viewer.actor);
        let target = Target { category: Some(entry.category), locales, own };
        viewer.may(Permission::ReadDrafts, &target, tree)
    };
    let in_language = |record: &EntryRecord, it: &LocaleStanding| {
        let newest = |r: &&Revision| r.locale == it.locale && r.number == it.standing.newest;
        let content = &record.revisions.iter().find(newest).unwrap().content;
        let published = record.editions.iter().find(|live| live.locale == it.locale).map(|live| live.published_at);
        sees_in(&record.entry, &[it.locale])
            && (filter.states.is_empty() || filter.states.contains(&it.standing.state))
            && (filter.waiting_for.is_empty()
                || it.standing.waiting_for().is_some_and(|waits| filter.waiting_for.contains(&waits)))
            && filter.locale.is_none_or(|locale| locale == it.locale)
            && filter
                .text
                .as_ref()
                .is_none_or(|text| fold_unmarked(content.title().unwrap_or_default()).contains(&fold_unmarked(text)))
            && filter
                .number
                .as_ref()
                .is_none_or(|number| content.number().map(fold_unmarked) == Some(fold_unmarked(number)))
            && filter.slug.as_ref().is_none_or(|slug| content.slug().is_some_and(|own| own.as_str() == slug))
            && is_within(&filter.scheduled, it.standing.scheduled_at)
            && is_within(&filter.published, published)
    };
    let seen_languages = |record: &EntryRecord| -> Vec<Locale> {
        record.standings.iter().map(|it| it.locale).filter(|locale| sees_in(&record.entry, &[*locale])).collect()
    };
    // Of what is only live they are told what its readers are.
    let touched_as_seen = |record: &EntryRecord| {
        let seen = seen_languages(record);
        let saved = record.revisions.iter().filter(|revision| seen.contains(&revision.locale));
        let live = record.editions.iter().map(|live| live.updated_at);
        saved.map(|revision| revision.created_at).max().or(live.max()).unwrap_or(Timestamp::UNIX_EPOCH)
    };
    let filed = |record: &EntryRecord| {
        let tagged = |tags: &[TagId]| filter.tags.is_empty() || filter.tags.iter().any(|tag| tags.contains(tag));
        if seen_languages(record).is_empty() && !sees_in(&record.entry, &[]) {
            record.editions.iter().any(|live| below(live.category) && tagged(&live.tags))
        } else {
            below(record.entry.category) && tagged(&record.entry.tags)
        }
    };
    let mut found: Vec<(Timestamp, EntryId)> = records
        .iter()
        .filter(|record| {
            let entry = &record.entry;
            let sees = |locales: &[Locale]| sees_in(entry, locales);
            let is_live = !record.editions.is_empty();
            let works_here = viewer.grants.iter().flat_map(|grant| &grant.locales).any(|locale| sees(&[*locale]));
            let language = record.standings.iter().any(|it| in_language(record, it));
            filter.author.as_ref().is_none_or(|author| entry.created_by.as_ref() == Some(author))
                && (filter.kinds.is_empty() || filter.kinds.contains(&entry.kind))
                && filed(record)
                && (language || (!of_language && (sees(&[]) || is_live && works_here)))
                && filter
                    .untranslated
                    .is_none_or(|asked| sees(&[asked]) && record.standings.iter().all(|it| it.locale != asked))
        })
        .filter(|record| is_within(&filter.changed, Some(touched_as_seen(record))))
        .map(|record| {
            let seen = record.standings.iter().filter(|it| in_language(record, it));
            let live = record.editions.iter().filter(|live| filter.locale.is_none_or(|locale| locale == live.locale));
            let last = if order.is_descending() { Timestamp::MIN } else { Timestamp::MAX };
            let key = match order {
                EntryOrder::ChangedDesc | EntryOrder::ChangedAsc => touched_as_seen(record),
                EntryOrder::CreatedDesc | EntryOrder::CreatedAsc => record.entry.created_at,
                EntryOrder::DueAsc => last,
                EntryOrder::ScheduledAsc | EntryOrder::ScheduledDesc => {
                    seen.filter_map(|it| it.standing.scheduled_at).min().unwrap_or(last)
                }
                EntryOrder::PublishedDesc | EntryOrder::PublishedAsc => {
                    live.map(|live| live.published_at).max().unwrap_or(last)
                }
            };
            (key, record.entry.id)
        })
        .collect();
    found.sort();
    if order.is_descending() {
        found.reverse();
    }
    found.into_iter().map(|(_, id)| id).collect()
}

/// The whole list, page by page.
async fn walk(store: &Store, wanted: &EntryListRequest, size: u32, direction: Direction) -> Vec<EntryId> {
    let mut found: Vec<EntryId> = Vec::new();
    let mut at: Option<Position> = None;
    for _ in 0..500 {
        let (after, before) = match direction {
            Direction::Forward => (at, None),
            Direction::Backward => (None, at),
        };
        let page = PageRequest { size, direction, after, before };
        let page = store.newsroom().entries_list(&EntryListRequest { page, ..wanted.clone() }).await.unwrap();
        let mut ids: Vec<EntryId> = page.items.iter().map(|(_, entry)| entry.entry.id).collect();
        let more = match direction {
            Direction::Forward => {
                at = page.items.last().map(|(place, _)| *place);
                page.has_next
            }
            Direction::Backward => {
                ids.reverse();
                at = page.items.first().map(|(place, _)| *place);
                page.has_previous
            }
        };
        found.extend(ids);
        if !more {
            if direction == Direction::Backward {
                found.reverse();
            }
            return found;
        }
    }
    panic!("the list has no end");
}

#[apply(both_databases)]
#[tokio::test]
async fn lists_hold_what_the_filter_and_the_table_of_permissions_say(dialect: Dialect) {
    let Desk { portal, records, ana } = desk(dialect).await;
    let reference = portal.store.reference();
    let (mut some, mut none) = (0, 0);
    for viewer in viewers(&reference, &ana) {
        for filter in filters(&reference, &ana) {
            let orders = [
                EntryOrder::ChangedAsc,
                EntryOrder::CreatedAsc,
                EntryOrder::CreatedDesc,
                EntryOrder::ScheduledAsc,
                EntryOrder::ScheduledDesc,
                EntryOrder::PublishedAsc,
                EntryOrder::PublishedDesc,
            ];
            for (turn, order) in orders.into_iter().enumerate() {
                let expected = expected(&records, &viewer, (&filter, order), &reference);
                let (viewer, sights) = (viewer.actor.clone(), viewer.sights(&reference.categories));
                let wanted =
                    EntryListRequest { filter: filter.clone(), viewer, sights, order, page: PageRequest::first(0) };
                let direction = if turn % 2 == 0 { Direction::Forward } else { Direction::Backward };
                let found = walk(&portal.store, &wanted, 9, direction).await;
                assert_eq!(found, expected, "{dialect:?} {sights:?} {filter:?} {order:?}", sights = wanted.sights);
            }
            let expected = expected(&records, &viewer, (&filter, EntryOrder::default()), &reference);
            *(if expected.is_empty() { &mut none } else { &mut some }) += 1;
            let wanted = EntryListRequest {
                order: EntryOrder::default(),
                filter: filter.clone(),
                viewer: viewer.actor.clone(),
                sights: viewer.sights(&reference.categories),
                page: PageRequest::first(0),
            };
            let what = format!("{dialect:?} {:?} {filter:?}", viewer.grants);
            for (size, direction) in [(100, Direction::Forward), (5, Direction::Forward), (7, Direction::Backward)] {
                let found = walk(&portal.store, &wanted, size, direction).await;
                assert_eq!(found, expected, "{what} by {size}, {direction:?}");
            }
            let count = portal.store.newsroom().entries_count(&wanted, 1_000).await.unwrap();
            assert_eq!(count, expected.len() as u64, "{what}");
            let bound = portal.store.newsroom().entries_count(&wanted, 3).await.unwrap();
            assert_eq!(bound, 3.min(expected.len() as u64), "{what}");
        }
    }
    assert!(some > 100 && none > 60, "{some} lists with entries, {none} without");
}

#[apply(both_databases)]
#[tokio::test]
async fn pages_of_many_languages_revisions_are_one_statement_each_way(dialect: Dialect) {
    let Desk { portal, records, .. } = desk(dialect).await;
    let place = |number| Some(Position { key: number, entry: EntryId::generate() });
    let forward = PageRequest { size: 2, direction: Direction::Forward, after: None, before: None };
    let requests: Vec<RevisionsRequest> = records
        .iter()
        .flat_map(|record| record.standings.iter().map(move |it| (record.entry.id, it.locale)))
        .enumerate()
        .map(|(n, (entry, locale))| {
            let page = match n % 4 {
                0 => forward,
                1 => PageRequest { after: place(3), ..forward },
                2 => PageRequest { direction: Direction::Backward, before: place(1), size: 3, ..forward },
                _ => PageRequest { direction: Direction::Backward, size: 1, ..forward },
            };
            RevisionsRequest { entry, locale, page }
        })
        .collect();
    let requests: Vec<&RevisionsRequest> = requests.iter().collect();
    let parts = RevisionParts { title: true, content: false };
    let log = Statements::begin().await;
    let pages = portal.store.newsroom().revisions_pages(&requests, parts).await.unwrap();
    // Other tests of this process run statements, too.
    let statements = log.end().into_iter().filter(|it| it.contains("FROM p CROSS JOIN revision")).count();
    assert_eq!(statements, 2, "{dialect:?}");
    let mut seen = 0;
    for (request, page) in requests.iter().zip(&pages) {
        let record = records.iter().find(|record| record.entry.id == request.entry).unwrap();
        let mut all: Vec<_> = record.revisions.iter().filter(|it| it.locale == request.locale).collect();
        all.sort_by_key(|revision| std::cmp::Reverse(revision.number));
        let PageRequest { size, direction, after, before } = request.page;
        all.retain(|it| after.is_none_or(|place| i64::from(it.number) < place.key));
        all.retain(|it| before.is_none_or(|place| i64::from(it.number) > place.key));
        let (size, len) = (size as usize, all.len());
        let cut = match direction {
            Direction::Forward => &all[..size.min(len)],
            Direction::Backward => &all[len - size.min(len)..],
        };
        let numbers: Vec<u32> = cut.iter().map(|it| it.number).collect();
        assert_eq!(page.items.iter().map(|(_, row)| row.number).collect::<Vec<_>>(), numbers, "{dialect:?}");
        let more = match direction {
            Direction::Forward => page.has_next,
            Direction::Backward => page.has_previous,
        };
        assert_eq!(more, len > size, "{dialect:?} {request:?}");
        for ((_, row), revision) in page.items.iter().zip(cut) {
            assert_eq!(row.title.as_deref(), revision.content.title());
            assert!(row.content.is_none());
            assert_eq!((row.entry, row.locale, row.based_on), (revision.entry, revision.locale, revision.based_on));
            seen += 1;
        }
    }
    assert!(seen > 100, "{seen}");
    let keys: Vec<_> = requests.iter().map(|request| (request.entry, request.locale)).collect();
    let counts = portal.store.newsroom().revisions_counts(&keys, 3).await.unwrap();
    for ((entry, locale), count) in keys.into_iter().zip(counts) {
        let all = records.iter().flat_map(|record| &record.revisions);
        let all = all.filter(|it| it.entry == entry && it.locale == locale).count() as u64;
        assert_eq!(count, all.min(3), "{dialect:?}");
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn titles_are_read_without_texts_and_contents_with_them(dialect: Dialect) {
    let Desk { portal, records, .. } = desk(dialect).await;
    let keys: Vec<_> = records
        .iter()
        .flat_map(|record| record.revisions.iter().map(|it| (it.entry, it.locale, it.number)))
        .chain([(EntryId::generate(), Locale::ENGLISH, 1), (records[0].entry.id, Locale::ENGLISH, u32::MAX)])
        .collect();
    for parts in [
        RevisionParts::default(),
        RevisionParts { title: true, content: false },
        RevisionParts { title: false, content: true },
    ] {
        let log = Statements::begin().await;
        let found = portal.store.newsroom().revisions_by_number(&keys, parts).await.unwrap();
        let statements = log.end().into_iter().filter(|it| it.contains("FROM revision t WHERE (t.entry_id")).count();
        assert_eq!(statements, 1, "{dialect:?}");
        assert_eq!(found.len(), keys.len() - 2, "{dialect:?}");
        for revision in records.iter().flat_map(|record| &record.revisions) {
            let row = &found[&(revision.entry, revision.locale, revision.number)];
            let title = revision.content.title().filter(|_| parts != RevisionParts::default());
            assert_eq!(row.title.as_deref(), title, "{dialect:?}");
            assert_eq!(row.content.as_ref(), parts.content.then_some(&revision.content));
            assert_eq!(row.created_by.as_str(), revision.created_by);
        }
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn live_editions_are_as_they_were_put(dialect: Dialect) {
    let Desk { portal, records, .. } = desk(dialect).await;
    let keys: Vec<_> =
        records.iter().flat_map(|record| record.standings.iter().map(|it| (record.entry.id, it.locale))).collect();
    let found = portal.store.newsroom().live_editions(&keys).await.unwrap();
    let editions: Vec<_> = records.iter().flat_map(|record| &record.editions).collect();
    assert_eq!(found.len(), editions.len(), "{dialect:?}");
    for edition in editions {
        assert_eq!(found[&(edition.entry, edition.locale)].edition, *edition, "{dialect:?}");
    }
}
