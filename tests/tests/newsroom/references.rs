//! What entries name: it is there, it is seen, and it stands there once.

use courant_domain::{
    access::Viewer,
    article::ArticleContent,
    content::{Content, MOST_TAGS},
    decree::{DecreeContent, Relation, RelationKind, Signatory},
    id::{EntryId, PersonId, TagId},
    patch::Patch,
    problem::ProblemCode::{InUse, Invalid, NotFound, Taken},
    rich_text::{Format, RichText},
    slug::Slug,
    workflow::State,
};
use courant_persistence::{
    Command, DecreeRelate, Dialect, DueDone, EntryDuplicate, EntryFile, EntrySchedule, RevisionRestore, VersionKey,
};
use courant_tests::{apply, both_databases};
use jiff::Timestamp;

use crate::support::{Newsroom, article, refused};

fn repeals(target: EntryId) -> Relation {
    Relation { kind: RelationKind::Repeals, target, on: None, partial: false, note: None }
}

fn decree(number: &str, relations: Vec<Relation>) -> Content {
    Content::Decree(DecreeContent {
        slug: Some(Slug::parse(&format!("decree-{number}")).unwrap()),
        number: Some(number.to_owned()),
        title: Some(format!("Decree {number}")),
        signed_on: Some("2026-01-02".parse().unwrap()),
        body: Some(RichText::new(Format::Markdown, "It is decreed.")),
        relations,
        ..Default::default()
    })
}

/// An article that names decrees, and what goes with it.
fn reporting(slug: &str, covers: Vec<EntryId>, related: Vec<EntryId>) -> Content {
    let Content::Article(content) = article(Some(slug), "A report", "It reports.") else { panic!("no article") };
    Content::Article(ArticleContent { covers, related, ..content })
}

async fn create(room: &Newsroom, by: &Viewer, content: Content) -> VersionKey {
    room.portal.store.newsroom().entry_create(Command::of(by), &room.create_input("en", content)).await.unwrap()
}

async fn sound(room: &Newsroom) {
    assert_eq!(room.portal.database.broken().await, [""; 0]);
}

fn at(field: &str) -> Vec<(courant_domain::problem::ProblemCode, String)> {
    vec![(NotFound, field.to_owned())]
}

#[apply(both_databases)]
#[tokio::test]
async fn whatever_keeps_or_publishes_a_content_says_what_is_no_longer_there(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let store = &room.portal.store;
    let (editor, publisher) = (Command::of(&room.editor), Command::of(&room.publisher));
    let kept = create(&room, &room.editor, decree("1", Vec::new())).await;
    let lost = create(&room, &room.editor, decree("2", Vec::new())).await;
    let content = decree("3", vec![repeals(kept.entry), repeals(lost.entry)]);
    let key = create(&room, &room.editor, content.clone()).await;
    let planned = create(&room, &room.editor, reporting("planned", vec![lost.entry], Vec::new())).await;
    let soon = Timestamp::from_second(Timestamp::now().as_second() + 60).unwrap();
    let schedule = |key: VersionKey| EntrySchedule {
        entry: key.entry,
        locale: key.locale,
        at: soon,
        revision: None,
        change_note: Patch::Keep,
    };
    store.newsroom().entry_schedule(publisher, &schedule(planned)).await.unwrap();
    store.newsroom().entry_delete(editor, lost.entry).await.unwrap();

    let second = "content.relations.1.targetId";
    assert_eq!(refused(room.publish(key, None).await), at(second), "{dialect:?}");
    assert_eq!(refused(store.newsroom().entry_schedule(publisher, &schedule(key)).await), at(second));
    assert_eq!(refused(room.save(&room.editor, key, Some(1), content).await), at(second));
    let restore = RevisionRestore { entry: key.entry, locale: key.locale, revision: 1, based_on: 1 };
    assert_eq!(refused(store.newsroom().revision_restore(editor, &restore).await), at(second));
    let copy = EntryDuplicate { entry: key.entry, locales: None };
    assert_eq!(refused(store.newsroom().entry_duplicate(editor, &copy).await), at(second));
    let done = store.newsroom().due_run(soon).await.unwrap();
    assert!(matches!(&done[..], [(_, DueDone::Refused(_))]), "{dialect:?}: {done:?}");
    assert_eq!(room.standing(planned).await, (State::Draft, 1));
    room.save(&room.editor, key, Some(1), decree("3", vec![repeals(kept.entry)])).await.unwrap();
    room.publish(key, None).await.unwrap();
    sound(&room).await;
}

#[apply(both_databases)]
#[tokio::test]
async fn what_readers_see_named_is_not_deleted(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let store = &room.portal.store;
    let by = Command::of(&room.editor);
    let draft = create(&room, &room.editor, decree("1", Vec::new())).await.entry;
    let contents = |draft: Option<EntryId>| {
        let one = || draft.into_iter().collect::<Vec<_>>();
        [
            decree("2", draft.map(repeals).into_iter().collect()),
            reporting("covers", one(), Vec::new()),
            reporting("related", Vec::new(), one()),
        ]
    };
    for (with, without) in contents(Some(draft)).into_iter().zip(contents(None)) {
        let key = create(&room, &room.editor, with).await;
        room.publish(key, None).await.unwrap();
        assert_eq!(
            refused(store.newsroom().entry_delete(by, draft).await),
            [(InUse, "entryId".to_owned())],
            "{dialect:?}"
        );
        room.save(&room.editor, key, Some(1), without).await.unwrap();
        assert_eq!(refused(store.newsroom().entry_delete(by, draft).await)[0].0, InUse, "what is live counts");
        room.publish(key, None).await.unwrap();
    }
    store.newsroom().entry_delete(by, draft).await.unwrap();
    sound(&room).await;
}

#[apply(both_databases)]
#[tokio::test]
async fn a_hidden_draft_is_named_as_if_it_were_not_there(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let hidden = create(&room, &room.editor, decree("1", Vec::new())).await;
    for id in [hidden.entry, EntryId::generate()] {
        let input = room.create_input("en", reporting("probe", vec![id], vec![id]));
        let said = room.portal.store.newsroom().entry_create(Command::of(&room.author), &input).await;
        let fields = ["content.covers.0", "content.related.0"].map(|field| (NotFound, field.to_owned()));
        assert_eq!(refused(said), fields, "{dialect:?}");
    }
    // What an editor has put in, its author keeps.
    let key = create(&room, &room.author, reporting("own", Vec::new(), Vec::new())).await;
    let content = reporting("own", vec![hidden.entry], Vec::new());
    assert_eq!(refused(room.save(&room.author, key, Some(1), content.clone()).await), at("content.covers.0"));
    room.save(&room.editor, key, Some(1), content.clone()).await.unwrap();
    room.save(&room.author, key, Some(2), content).await.unwrap();
    // And what is live, everybody sees.
    room.publish(hidden, None).await.unwrap();
    create(&room, &room.author, reporting("live", vec![hidden.entry], Vec::new())).await;
    sound(&room).await;
}

#[apply(both_databases)]
#[tokio::test]
async fn everything_is_named_once_and_within_bounds(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let store = &room.portal.store;
    let by = Command::of(&room.editor);
    let other = create(&room, &room.editor, decree("1", Vec::new())).await.entry;
    let key = create(&room, &room.editor, decree("2", vec![repeals(other)])).await;
    let own = decree("2", vec![repeals(other), repeals(other), repeals(key.entry)]);
    let target = |place: usize| format!("content.relations.{place}.targetId");
    assert_eq!(
        refused(room.save(&room.editor, key, Some(1), own).await),
        [(Invalid, target(2)), (Taken, target(1))],
        "{dialect:?}"
    );
    let relate = |target| DecreeRelate { entry: key.entry, locale: key.locale, based_on: 1, relation: repeals(target) };
    for (target, code) in [(key.entry, Invalid), (other, Taken), (EntryId::generate(), NotFound)] {
        let said = refused(store.newsroom().decree_relate(by, &relate(target)).await);
        assert_eq!(said, [(code, "relation.targetId".to_owned())], "{dialect:?}");
    }
    let reference = store.reference();
    let (tag, person) = (reference.tags()[0].id, reference.persons()[0].id);
    let Content::Article(text) = article(Some("byline"), "Byline", "Text.") else { panic!("no article") };
    for (authors, fields) in [
        (vec![person, person], vec![(Invalid, "content.authors.1")]),
        (vec![person, PersonId::generate()], vec![(NotFound, "content.authors.1")]),
    ] {
        let content = Content::Article(ArticleContent { authors, ..text.clone() });
        let said = refused(store.newsroom().entry_create(by, &room.create_input("en", content)).await);
        let said: Vec<_> = said.iter().map(|(code, field)| (*code, field.as_str())).collect();
        assert_eq!(said, fields, "{dialect:?}");
    }
    let signatory = Signatory { person: PersonId::generate(), office: None };
    let signed = Content::Decree(DecreeContent { signatory: Some(signatory), ..Default::default() });
    assert_eq!(refused(room.save(&room.editor, key, Some(1), signed).await), at("content.signatory.personId"));
    for (tags, problem) in [
        (vec![tag, tag], (Invalid, "tags.1")),
        (vec![tag; 3000], (Invalid, "tags")),
        (vec![tag, TagId::generate()], (NotFound, "tags.1")),
        ((0..=MOST_TAGS).map(|_| TagId::generate()).collect(), (Invalid, "tags")),
    ] {
        let input = EntryFile { entry: key.entry, category: None, tags: Some(tags) };
        let problem = [(problem.0, problem.1.to_owned())];
        assert_eq!(refused(store.newsroom().entry_file(by, &input).await), problem, "{dialect:?}");
        let mut input = room.create_input("en", article(None, "Tagged", "Text."));
        input.tags = vec![tag; 2];
        assert_eq!(refused(store.newsroom().entry_create(by, &input).await), [(Invalid, "tags.1".to_owned())]);
    }
    assert_eq!(room.standing(key).await, (State::Draft, 1), "{dialect:?}: nothing was changed");
    sound(&room).await;
}

#[apply(both_databases)]
#[tokio::test]
async fn an_act_is_live_once_and_numbers_are_used_again(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let act = |slug: &str, signed: &str| {
        let Content::Decree(content) = decree("7", Vec::new()) else { panic!("no decree") };
        let signed_on = Some(signed.parse().unwrap());
        Content::Decree(DecreeContent { slug: Some(Slug::parse(slug).unwrap()), signed_on, ..content })
    };
    let first = create(&room, &room.editor, act("first", "2026-01-02")).await;
    let twin = create(&room, &room.editor, act("twin", "2026-01-02")).await;
    let next = create(&room, &room.editor, act("next", "2027-01-02")).await;
    room.publish(first, None).await.unwrap();
    room.publish(first, None).await.unwrap();
    assert_eq!(refused(room.publish(twin, None).await), [(Taken, "content.number".to_owned())], "{dialect:?}");
    room.publish(next, None).await.unwrap();
    sound(&room).await;
}
