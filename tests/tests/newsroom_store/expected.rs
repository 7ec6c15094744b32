//! What lists are to hold: who asks, for what, and what the rules alone say of that.

use courant_domain::{
    access::{ActorId, Grant, Permission, Role, Target, Viewer},
    entry::{Entry, EntryKind},
    fold::fold_unmarked,
    id::{CategoryId, EntryId, TagId, UserId},
    locale::Locale,
    newsroom::{EntryFilter, EntryOrder, Span},
    revision::Revision,
    workflow::{LocaleStanding, State, WaitingFor},
};
use courant_persistence::{Reference, dump::EntryRecord};
use courant_tests::desk::{START, category, locales};
use jiff::{SignedDuration, Timestamp};

/// People with grants of many sorts.
pub(crate) fn viewers(reference: &Reference, ana: &ActorId) -> Vec<Viewer> {
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

/// Filters of each sort, and some together.
pub(crate) fn filters(reference: &Reference, ana: &ActorId) -> Vec<EntryFilter> {
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
pub(crate) fn expected(
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
