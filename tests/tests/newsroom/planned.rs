//! What is planned binds: every act on an entry of which something is scheduled, against the table.

use courant_domain::{
    access::{Permission, Role, Viewer, WhilePlanned, while_planned},
    audit::Act,
    content::Content,
    decree::{DecreeContent, Relation, RelationKind},
    edition::Ending,
    feed::FeedOrder,
    id::EntryId,
    patch::Patch,
    problem::ProblemCode,
    rich_text::{Format, RichText},
    slug::Slug,
    text::Localized,
    workflow::State,
};
use courant_persistence::{
    CategoryMerge, CategoryMove, CategoryReorder, CategoryUpdate, Command, DecreeRelate, DecreeUnrelate, Dialect,
    EntryCreate, EntryDuplicate, EntryFile, EntrySave, EntrySchedule, EntrySendBack, EntryUnpublish, EntryUnschedule,
    FeedCreate, FeedPin, FeedPinsReorder, FeedUnpin, FeedUpdate, NewParent, PreviewCreate, PreviewsRevoke,
    RevisionRestore, Scheduled, TagUpdate, VersionKey, WriteError, Written,
};
use courant_tests::{apply, both_databases};
use jiff::{SignedDuration, Timestamp};

use crate::support::{Newsroom, approve, locale, publish};

/// Every act that could be about an entry.
const ACTS: [Act; 26] = [
    Act::FileEntry,
    Act::DeleteEntry,
    Act::PublishEntry,
    Act::ScheduleEntry,
    Act::UnscheduleEntry,
    Act::UnpublishEntry,
    Act::MoveCategory,
    Act::MergeCategories,
    Act::SaveEntry,
    Act::RestoreRevision,
    Act::RelateDecree,
    Act::UnrelateDecree,
    Act::SubmitEntry,
    Act::SendBackEntry,
    Act::ApproveEntry,
    Act::ArchiveEntry,
    Act::DuplicateEntry,
    Act::CreatePreview,
    Act::RevokePreview,
    Act::PinEntry,
    Act::UnpinEntry,
    Act::ReorderPins,
    Act::UpdateCategory,
    Act::ReorderCategories,
    Act::UpdateFeed,
    Act::UpdateTag,
];

fn later(hours: i64) -> Timestamp {
    Timestamp::from_second(Timestamp::now().as_second()).unwrap() + SignedDuration::from_hours(hours)
}

fn relation(target: EntryId) -> Relation {
    Relation { kind: RelationKind::Amends, target, on: None, partial: false, note: None }
}

fn decree(number: usize, relations: Vec<Relation>) -> Content {
    Content::Decree(DecreeContent {
        slug: Some(Slug::parse(&format!("act-{number}")).unwrap()),
        title: Some("On bridges".into()),
        body: Some(RichText::new(Format::Markdown, "All of them.")),
        number: Some(number.to_string()),
        signed_on: Some(jiff::civil::date(2026, 1, 1)),
        relations,
        ..DecreeContent::default()
    })
}

struct Planned<'a> {
    room: &'a Newsroom,
    key: VersionKey,
    other: EntryId,
}

impl<'a> Planned<'a> {
    /// A decree in a category of its own, of the author's, that the publisher has scheduled.
    async fn new(room: &'a Newsroom, number: usize) -> Self {
        let by = Command::of(&room.author);
        let create = |content| EntryCreate {
            category: room.category("politics/parliament"),
            ..room.create_input("en", content)
        };
        let other = room
            .portal
            .store
            .newsroom()
            .entry_create(by, &create(decree(1000 + number, Vec::new())))
            .await
            .unwrap()
            .entry;
        let content = decree(number, vec![relation(other)]);
        let key = room.portal.store.newsroom().entry_create(by, &create(content)).await.unwrap();
        let VersionKey { entry, locale } = key;
        let schedule = EntrySchedule { entry, locale, at: later(1), revision: None, change_note: Patch::Keep };
        room.portal.store.newsroom().entry_schedule(Command::of(&room.publisher), &schedule).await.unwrap();
        Self { room, key, other }
    }

    async fn attempt(&self, by: &Viewer, act: Act) -> Written<()> {
        let (room, store, command) = (self.room, &self.room.portal.store, Command::of(by));
        let VersionKey { entry, locale } = self.key;
        let (politics, parliament) = (room.category("politics"), room.category("politics/parliament"));
        let reference = store.reference();
        let number = Timestamp::now().as_microsecond();
        match act {
            Act::FileEntry => {
                let file = EntryFile { entry, category: Some(politics), tags: None };
                store.newsroom().entry_file(command, &file).await.map(drop)
            }
            Act::DeleteEntry => store.newsroom().entry_delete(command, entry).await.map(drop),
            Act::PublishEntry => store.newsroom().entry_publish(command, &publish(self.key, None)).await.map(drop),
            Act::ScheduleEntry => {
                // Another time: it has to be taken away first.
                self.attempt_box(by, Act::UnscheduleEntry).await?;
                let schedule = EntrySchedule { entry, locale, at: later(2), revision: None, change_note: Patch::Keep };
                store.newsroom().entry_schedule(command, &schedule).await.map(drop)
            }
            Act::UnscheduleEntry => {
                let input = EntryUnschedule { entry, locale, scheduled: Scheduled::Publishing };
                store.newsroom().entry_unschedule(command, &input).await.map(drop)
            }
            Act::UnpublishEntry => {
                let input = EntryUnpublish { entry, locale, ending: Ending::Gone, at: Some(later(3)) };
                store.newsroom().entry_unpublish(command, &input).await.map(drop)
            }
            Act::MoveCategory => {
                let input = CategoryMove { id: parliament, parent: NewParent::Under(politics), position: Some(1) };
                store.newsroom().category_move(command, &input).await.map(drop)
            }
            Act::MergeCategories => {
                let input = CategoryMerge { sources: vec![room.category("politics/government")], target: parliament };
                store.newsroom().category_merge(command, &input).await.map(drop)
            }
            Act::SaveEntry => {
                let content = decree(7, Vec::new());
                let save = EntrySave {
                    entry,
                    locale,
                    based_on: Some(1),
                    content: content.into(),
                    comment: None,
                    translated_from: None,
                };
                store.newsroom().entry_save(command, &save).await.map(drop)
            }
            Act::RestoreRevision => {
                let restore = RevisionRestore { entry, locale, revision: 1, based_on: 1 };
                store.newsroom().revision_restore(command, &restore).await.map(drop)
            }
            Act::RelateDecree => {
                let relation = Relation { kind: RelationKind::Cites, ..relation(self.other) };
                let relate = DecreeRelate { entry, locale, based_on: 1, relation };
                store.newsroom().decree_relate(command, &relate).await.map(drop)
            }
            Act::UnrelateDecree => {
                let unrelate =
                    DecreeUnrelate { entry, locale, based_on: 1, kind: RelationKind::Amends, target: self.other };
                store.newsroom().decree_unrelate(command, &unrelate).await.map(drop)
            }
            Act::SubmitEntry => store.newsroom().entry_submit(command, self.key).await.map(drop),
            Act::SendBackEntry => {
                let back = EntrySendBack { entry, locale, comment: "Again.".into() };
                store.newsroom().entry_send_back(command, &back).await.map(drop)
            }
            Act::ApproveEntry => store.newsroom().entry_approve(command, &approve(self.key)).await.map(drop),
            Act::ArchiveEntry => store.newsroom().entry_archive(command, self.key).await.map(drop),
            Act::DuplicateEntry => {
                store.newsroom().entry_duplicate(command, &EntryDuplicate { entry, locales: None }).await.map(drop)
            }
            Act::CreatePreview => {
                let preview = PreviewCreate { entry, locale, revision: None, minutes: 5 };
                store.newsroom().preview_create(command, &preview).await.map(drop)
            }
            Act::RevokePreview => store
                .newsroom()
                .previews_revoke(command, &PreviewsRevoke { entry, link: None, locale: None })
                .await
                .map(drop),
            Act::PinEntry | Act::UnpinEntry | Act::ReorderPins => {
                let feed = reference.feeds()[0].id;
                store.newsroom().feed_pin(command, &FeedPin { feed, entry, position: None }).await?;
                match act {
                    Act::UnpinEntry => store.newsroom().feed_unpin(command, &FeedUnpin { feed, entry }).await.map(drop),
                    Act::ReorderPins => {
                        let order = store.reference().feed(feed).unwrap().pinned.clone();
                        store.newsroom().feed_pins_reorder(command, &FeedPinsReorder { feed, order }).await.map(drop)
                    }
                    _ => Ok(()),
                }
            }
            Act::UpdateCategory => {
                let title = Some(Localized::single(locale, "The house"));
                let update = CategoryUpdate { id: parliament, slug: None, title, description: None };
                store.newsroom().category_update(command, &update).await.map(drop)
            }
            Act::ReorderCategories => {
                let order = reference.categories.children(Some(politics)).map(|below| below.id).collect();
                store
                    .newsroom()
                    .category_reorder(command, &CategoryReorder { parent: Some(politics), order })
                    .await
                    .map(drop)
            }
            Act::UpdateFeed => {
                let create = FeedCreate {
                    slug: Some(Slug::parse(&format!("feed-{number}")).unwrap()),
                    title: Localized::single(locale, "A feed"),
                    description: Localized::default(),
                    kinds: Vec::new(),
                    categories: vec![parliament],
                    include_descendants: true,
                    tags: Vec::new(),
                    order: FeedOrder::Latest,
                };
                let id = store.newsroom().feed_create(command, &create).await?;
                let update = FeedUpdate {
                    id,
                    slug: None,
                    title: None,
                    description: None,
                    kinds: None,
                    categories: Some(vec![politics]),
                    include_descendants: None,
                    tags: None,
                    order: None,
                };
                store.newsroom().feed_update(command, &update).await.map(drop)
            }
            Act::UpdateTag => {
                let name = Some(Localized::single(locale, "A subject"));
                store
                    .newsroom()
                    .tag_update(command, &TagUpdate { id: reference.tags()[0].id, slug: None, name })
                    .await
                    .map(drop)
            }
            other => panic!("{other:?} is about no entry"),
        }
    }

    async fn attempt_box(&self, by: &Viewer, act: Act) -> Written<()> {
        Box::pin(self.attempt(by, act)).await
    }

    /// Where it goes live, and who answers for that.
    async fn plan(&self) -> (State, Option<Timestamp>, courant_domain::id::CategoryId) {
        let standing = self.room.whole_standing(self.key).await;
        let entries = self.room.portal.store.newsroom().entries_in_work(&[self.key.entry]).await.unwrap();
        (standing.state, standing.scheduled_at, entries[&self.key.entry].entry.category)
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn every_act_asks_what_the_table_says_while_something_is_scheduled(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    for (number, act) in ACTS.into_iter().enumerate() {
        let planned = Planned::new(&room, number).await;
        let before = planned.plan().await;
        // The author and the editor may edit it; neither may publish it.
        for by in [&room.author, &room.editor] {
            let done = planned.attempt(by, act).await;
            match while_planned(act) {
                WhilePlanned::Publishers => assert!(
                    matches!(done, Err(WriteError::Forbidden(Permission::PublishEntry))),
                    "{dialect:?}: {act:?} as {}: {done:?}",
                    by.name
                ),
                WhilePlanned::AsEver => {
                    assert!(matches!(done, Err(WriteError::Forbidden(_))), "{act:?} as {}: {done:?}", by.name);
                }
                WhilePlanned::NotYet => match done {
                    Err(WriteError::Refused(problems)) => assert_eq!(problems[0].code, ProblemCode::WrongState),
                    Err(WriteError::Forbidden(_)) => assert_eq!(by.name, "Ana", "{act:?}"),
                    other => panic!("{act:?} as {}: {other:?}", by.name),
                },
                WhilePlanned::Free => {
                    let is_forbidden = matches!(done, Err(WriteError::Forbidden(_)));
                    assert!(done.is_ok() || is_forbidden, "{act:?} as {}: {done:?}", by.name);
                }
            }
            assert_eq!(planned.plan().await, before, "{dialect:?}: {act:?} as {}", by.name);
        }
        let done = planned.attempt(&room.publisher, act).await;
        match while_planned(act) {
            WhilePlanned::NotYet => match done {
                Err(WriteError::Refused(problems)) => assert_eq!(problems[0].code, ProblemCode::WrongState),
                other => panic!("{act:?}: {other:?}"),
            },
            _ => assert!(done.is_ok(), "{dialect:?}: {act:?} as a publisher: {done:?}"),
        }
    }
    assert_eq!(room.portal.database.broken().await, Vec::<String>::new());
}

#[apply(both_databases)]
#[tokio::test]
async fn what_is_planned_goes_only_where_who_moves_it_may_publish(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let store = &room.portal.store;
    let (politics, economy) = (room.category("politics"), room.category("economy"));
    let here = room.grant_in(Role::Publisher, "politics");
    let there = room.grant_in(Role::Publisher, "economy");
    let edits_there = room.grant_in(Role::Editor, "economy");
    let local = room.user("Pol", vec![here.clone(), edits_there.clone()]).await;
    let foreign = room.user("Eco", vec![there.clone(), room.grant_in(Role::Editor, "politics")]).await;
    let both = room.user("Both", vec![here, there]).await;

    let key = room.draft("moving").await;
    let VersionKey { entry, locale: en } = key;
    let schedule = EntrySchedule { entry, locale: en, at: later(1), revision: None, change_note: Patch::Keep };
    store.newsroom().entry_schedule(Command::of(&local), &schedule).await.unwrap();
    let to = |category| EntryFile { entry, category: Some(category), tags: None };
    for by in [&room.author, &room.editor, &local, &foreign] {
        let done = store.newsroom().entry_file(Command::of(by), &to(economy)).await;
        assert!(
            matches!(done, Err(WriteError::Forbidden(Permission::PublishEntry))),
            "{dialect:?}: {}: {done:?}",
            by.name
        );
    }
    // Tags decide which feeds it goes to.
    let tags = Some(vec![store.reference().tags()[0].id]);
    let tagged = EntryFile { entry, category: None, tags };
    let done = store.newsroom().entry_file(Command::of(&room.author), &tagged).await;
    assert!(matches!(done, Err(WriteError::Forbidden(Permission::PublishEntry))), "{dialect:?}: {done:?}");
    store.newsroom().entry_file(Command::of(&local), &tagged).await.unwrap();
    // Nothing moves: nobody is asked.
    store.newsroom().entry_file(Command::of(&room.author), &to(politics)).await.unwrap();
    // Another language, of which nothing is planned, is as much the entry's.
    let ru = VersionKey { locale: locale("ru"), ..key };
    room.save(&room.author, ru, None, crate::support::article(None, "Мост", "Откроется.")).await.unwrap();
    let done = store.newsroom().entry_file(Command::of(&room.author), &to(economy)).await;
    assert!(matches!(done, Err(WriteError::Forbidden(Permission::PublishEntry))));
    store.newsroom().entry_file(Command::of(&both), &to(economy)).await.unwrap();
    assert_eq!(room.whole_standing(key).await.scheduled_by.as_ref(), Some(&both.actor), "who moved it answers for it");
}

#[apply(both_databases)]
#[tokio::test]
async fn a_set_end_binds_as_well(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let store = &room.portal.store;
    let key = room.draft("ending").await;
    room.publish(key, None).await.unwrap();
    let VersionKey { entry, locale } = key;
    let end = EntryUnpublish { entry, locale, ending: Ending::Gone, at: Some(later(1)) };
    store.newsroom().entry_unpublish(Command::of(&room.publisher), &end).await.unwrap();
    let file = EntryFile { entry, category: Some(room.category("economy")), tags: None };
    let done = store.newsroom().entry_file(Command::of(&room.editor), &file).await;
    assert!(matches!(done, Err(WriteError::Forbidden(Permission::PublishEntry))), "{dialect:?}: {done:?}");
    let off = EntryUnschedule { entry, locale, scheduled: Scheduled::Expiry };
    store.newsroom().entry_unschedule(Command::of(&room.publisher), &off).await.unwrap();
    store.newsroom().entry_file(Command::of(&room.editor), &file).await.unwrap();
}
