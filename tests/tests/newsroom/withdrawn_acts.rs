//! What was taken back with a notice can still be read, and has no effect on other acts any more.

use courant_domain::{
    content::Content,
    decree::{DecreeContent, Relation, RelationKind},
    edition::Ending,
    id::EntryId,
    rich_text::{Format, RichText},
    slug::Slug,
};
use courant_persistence::{Command, Dialect, Store, VersionKey};
use courant_tests::{
    TestDatabase, apply, both_databases,
    dump::{dump, restore},
    write_by_hand,
};
use serde_json::{Value, json};

use crate::support::{Newsroom, locale};

fn act(number: &str, day: Option<&str>, does: &[(RelationKind, EntryId)]) -> Content {
    let relation = |(kind, target): &(RelationKind, EntryId)| Relation {
        kind: *kind,
        target: *target,
        on: None,
        partial: false,
        note: None,
    };
    Content::Decree(DecreeContent {
        slug: Some(Slug::parse(&format!("act-{number}")).unwrap()),
        number: Some(number.to_owned()),
        title: Some(format!("Act {number}")),
        signed_on: Some("2026-01-02".parse().unwrap()),
        effective_on: day.map(|day| day.parse().unwrap()),
        body: Some(RichText::new(Format::Markdown, "So be it.")),
        relations: does.iter().map(relation).collect(),
        ..Default::default()
    })
}

async fn publish(room: &Newsroom, content: Content) -> VersionKey {
    let input = room.create_input("en", content);
    let key = room.portal.store.newsroom().entry_create(Command::of(&room.editor), &input).await.unwrap();
    room.publish(key, None).await.unwrap()
}

/// Each act's first day in force, and its first day no longer in force.
async fn days(room: &Newsroom) -> Value {
    let one = |number: &str| {
        format!(
            "_{number}: decree(by: {{ slug: \"act-{number}\" }}) {{ inForceFrom inForceUntil status(asOf: \"2026-11-01\") }}"
        )
    };
    let answer = room.portal.query(&format!("{{ {} {} }}", one("1"), one("2"))).await;
    json!([answer.data()["_1"], answer.data()["_2"]])
}

fn say(from: Option<&str>, until: Option<&str>, status: &str) -> Value {
    json!({ "inForceFrom": from, "inForceUntil": until, "status": status })
}

#[apply(both_databases)]
#[tokio::test]
async fn what_was_taken_back_neither_repeals_nor_commences(dialect: Dialect) {
    let room = Newsroom::new(dialect).await;
    let old = publish(&room, act("1", Some("2026-02-01"), &[])).await;
    let new = publish(&room, act("2", None, &[])).await;
    let does = [(RelationKind::Repeals, old.entry), (RelationKind::Commences, new.entry)];
    let acting = publish(&room, act("3", Some("2026-06-01"), &does)).await;
    let with =
        json!([say(Some("2026-02-01"), Some("2026-06-01"), "REPEALED"), say(Some("2026-06-01"), None, "IN_FORCE"),]);
    let without = json!([say(Some("2026-02-01"), None, "IN_FORCE"), say(None, None, "NOT_YET_IN_FORCE")]);
    assert_eq!(days(&room).await, with, "{dialect:?}");

    let head = room.portal.store.reference().seq;
    room.unpublish(acting, Ending::Notice("It was printed by mistake.".into())).await.unwrap();
    assert_eq!(days(&room).await, without, "{dialect:?}: readers' caches hear of it");
    assert!(room.portal.store.reference().seq >= head + 3, "{dialect:?}: the acts themselves have changed");
    assert_eq!(room.portal.database.broken().await, [""; 0], "{dialect:?}");

    // As a dump says it, and as a version before this one has left it.
    let copy = TestDatabase::migrated(dialect).await;
    let elsewhere: Store = copy.open().await;
    restore(&elsewhere, &dump(&room.portal.store).await).await;
    assert_eq!(copy.broken().await, [""; 0], "{dialect:?}");
    assert_eq!(dump(&elsewhere).await, dump(&room.portal.store).await, "{dialect:?}");
    let before = format!(
        "UPDATE edition SET until_day = 20605, derivation = 0 WHERE slug = 'act-1' AND locale = '{}'",
        locale("en")
    );
    write_by_hand(&room.portal.database.options.url, &before).await;
    assert!(!room.portal.database.broken().await.is_empty(), "{dialect:?}: it is seen");
    room.portal.store.admin().rederive().await.unwrap();
    assert_eq!(days(&room).await, without, "{dialect:?}");

    // In one language of two, the other still says so.
    room.publish(acting, None).await.unwrap();
    assert_eq!(days(&room).await, with, "{dialect:?}");
    let turkmen = VersionKey { locale: locale("tk"), ..acting };
    room.save(&room.editor, turkmen, None, act("3", Some("2026-06-01"), &does)).await.unwrap();
    room.publish(turkmen, None).await.unwrap();
    room.unpublish(acting, Ending::Notice("It was printed by mistake.".into())).await.unwrap();
    assert_eq!(days(&room).await, with, "{dialect:?}");
    room.unpublish(turkmen, Ending::Notice("Here, too.".into())).await.unwrap();
    assert_eq!(days(&room).await, without, "{dialect:?}");
    assert_eq!(room.portal.database.broken().await, [""; 0], "{dialect:?}");
}
